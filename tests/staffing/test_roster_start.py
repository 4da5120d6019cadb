"""The roster by rule of thumb, which a search begins with and falls back on: rules counted by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from ecomsim.staffing import Person, Roster, RosterTask, Rules, plan_roster
from ecomsim.staffing.roster_start import plain_table, rule_of_thumb

from .test_roster import EARLY, LATE, hold

pytest.importorskip("ortools")


@pytest.mark.parametrize("seed", range(2))
def test_the_rule_of_thumb_keeps_every_rule(seed: int) -> None:
    """What there is when the search has no time: rules kept, all-hands days given back, most of the demand met."""
    random = np.random.default_rng(seed)
    days = tuple(dt.date(2026, 11, 1) + dt.timedelta(d) for d in range(30))
    people = tuple(
        Person(
            f"P{n}", ("presale",) if n % 3 else ("presale", "aftersale"), (5, 5, 4)[n % 3],
            leave=(days[random.integers(30)],), run_before=int(random.integers(5)), last_kind=("", "late")[n % 2],
        )
        for n in range(20)
    )  # fmt: skip
    rules = Rules(all_hands=(dt.date(2026, 11, 11),))
    demand = random.integers(3, 6, (30, 2))
    task = RosterTask(days, (EARLY, LATE), demand, people, rules, {"aftersale": np.ones((30, 2))})
    made = Roster(task, rule_of_thumb(task, plain_table(task)))
    hold(made)
    fair = made.fairness()
    assert (fair["days"] <= fair["target"]).all()
    assert fair["owed"].sum() == 0
    wanted = np.minimum(demand, made.counts().to_numpy()).sum()
    assert wanted >= 0.9 * demand.sum()
    hurried = plan_roster(task, within_s=0.01)
    hold(hurried)
    assert len(hurried.shortages) <= len(made.shortages)
