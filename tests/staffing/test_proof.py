"""What the event simulation settles: the last agent of a steady desk and of every slot of a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from ecomsim.checks import EcomsimError
from ecomsim.cli.staffing import Desk
from ecomsim.formulas.chat import ChatDesk
from ecomsim.formulas.chat_levels import SpeedUps, counted_when_taken
from ecomsim.staffing import Promise, Proven, Window, Workload, check_roster, proven_agents, requirement
from ecomsim.staffing.proof import steady_sample
from ecomsim.staffing.week import size_days
from tests.engine_shop import shop

MONDAY = dt.date(2026, 11, 9)
DESK = ChatDesk(3, 25, 45, 6, 180)
PHONE = SpeedUps(240, (1.0,), 180)
PROMISE = Promise(0.8, dt.timedelta(minutes=1))


def load(contacts: float | np.ndarray = 30.0, cv: float = 0.0) -> Workload:
    return Workload((MONDAY,), np.broadcast_to(contacts, (1, 48)), cv)


def test_the_simulation_decides_the_last_agent() -> None:
    desk, promise = ChatDesk(2, 25, 45, 6, 180), Promise(0.8, dt.timedelta(minutes=1))
    need = proven_agents(120, desk, promise, contacts=8_000)
    assert steady_sample(120, need, desk, promise, 30_000, 5)[0] > 0.8
    assert steady_sample(120, need - 1, desk, promise, 30_000, 5)[0] < 0.8
    assert counted_when_taken(desk).capacity_per_s == pytest.approx(desk.capacity_per_s)


def test_the_simulation_settles_the_last_agent_of_every_slot() -> None:
    contacts = np.zeros(48)
    contacts[20:26] = [30, 45, 70, 40, 60, 35]
    work, window = load(contacts), Window.of("10:00-13:00")
    chain = requirement(work, DESK, PROMISE, window)
    proven = requirement(work, DESK, PROMISE, window, method=Proven(2500))
    assert (proven.in_time >= 0.8).all() and np.abs(proven.at_desk - chain.at_desk).max() <= 1
    assert proven.need.agents.dtype == chain.need.agents.dtype

    # other customers, and each slot in turn with one fewer
    def passes(agents: np.ndarray, slot: int) -> float:
        need = proven.need.with_agents(agents)
        seen = check_roster(agents, need, work, DESK, PROMISE, message_share=0, replications=80, seed=31)
        return float(seen.in_time[0, slot])

    for slot in range(6):
        fewer = proven.at_desk.copy()
        fewer[0, slot] -= 1
        assert passes(proven.at_desk, slot) > 0.78
        assert min(passes(fewer, k) for k in range(slot, min(slot + 2, 6))) < 0.82


def test_what_the_simulation_settles_keeps_to_the_bounds_and_to_busy_days() -> None:
    window = Window.of("10:00-11:30")
    for promise, cv in ((replace(PROMISE, confidence=0.9), 0.2), (PROMISE, 0.2)):
        chain, proven = (
            requirement(load(cv=cv), DESK, promise, window, method=m, agents_min=2, message_share=0.1)
            for m in (None, Proven(800))
        )
        assert np.abs(proven.at_desk - chain.at_desk).max() <= 1 and (proven.at_desk >= 2).all()
    calm = requirement(load(), DESK, PROMISE, window, message_share=0, occupancy_max=0.45, method=Proven(800))
    assert (calm.occupancy <= 0.45 + 1e-9).all()
    # one chat at a time is exactly the chain: nothing to settle
    alone = [requirement(load(), PHONE, PROMISE, window, method=m).at_desk for m in (None, Proven())]
    np.testing.assert_array_equal(*alone)
    with pytest.raises(EcomsimError, match="contacts: got 0"):
        Proven(0)
    nobody = requirement(load(0.0), DESK, PROMISE, window, agents_min=0, method=Proven())
    assert (nobody.at_desk == 0).all()


def test_a_stores_day_is_sized_and_checked_with_all_that_waits() -> None:
    store = shop(5)
    first = store.as_of + dt.timedelta(days=1)
    sized = size_days(
        store, first, first, PROMISE, window=Window.of("10:00-12:00"), method=Proven(400), replications=20
    )
    seen = sized.check(sized.need.at_desk, PROMISE, replications=20)
    assert set(seen.deferred_in_time) == {"aftersale", "messages"}
    assert seen.tasks[..., 0].sum() > 0 and seen.field("messages").sum() == 0
    typed = Desk("", "", "30s", 0.8, 0.9, "", 30, 0.0, 20, 7, "en", False)
    assert typed.method() is None and replace(typed, proven=True).method() == Proven()
