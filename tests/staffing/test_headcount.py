"""The headcount plan against sums by hand, brute force and faults."""

from __future__ import annotations

import itertools
import math

import pytest

from ecomsim.checks import EcomsimError
from ecomsim.staffing.headcount import Hiring, plan_headcount, work_hours
from ecomsim.target import Target

PLAIN = Hiring(people=10, leaving=0, ramp=(), lead_months=1, hours_month=365 / 12, overtime_share=0)


def test_nobody_is_hired_where_everybody_needed_is_there() -> None:
    plan = plan_headcount({"2026-04": 300, "2026-05": 310}, PLAIN)  # ten people, one hour a day
    assert plan.table["starters"].tolist() == [0, 0]
    assert plan.cost == pytest.approx(2 * 10 * 6000)
    assert plan.shortages == ()


def test_people_start_when_the_work_does_and_are_decided_on_before() -> None:
    plan = plan_headcount({"2026-04": 300, "2026-05": 310, "2026-06": 360}, PLAIN)
    assert plan.table["starters"].tolist() == [0, 0, 2]
    assert plan.table["decide"].tolist() == [0, 2, 0]
    assert plan.cost == pytest.approx(32 * 6000 + 2 * 1500)


def test_learners_are_hired_earlier() -> None:
    slow = Hiring(
        people=10, leaving=0, ramp=(0.0, 0.0), lead_months=0, hours_month=365 / 12, overtime_share=0
    )
    plan = plan_headcount({"2026-04": 300, "2026-05": 310, "2026-06": 330}, slow)
    assert plan.table["starters"].tolist() == [1, 0, 0]


def test_the_cheapest_plan_is_that_of_brute_force() -> None:
    hiring = Hiring(
        people=3, leaving=0.1, ramp=(0.5,), lead_months=1, hours_month=100, overtime_share=0.2, overtime_hour=90,
        wage_month=4000, hire_cost=900,
    )  # fmt: skip
    hours = {"2026-04": 250, "2026-05": 320, "2026-06": 420}
    days = (30, 31, 30)
    best = math.inf
    for hires in itertools.product(range(6), repeat=2):
        starters, cost = (0, *hires), 0.0
        for m, month in enumerate(hours):
            full = 100 * days[m] * 12 / 365
            there = 3 * 0.9**m + sum(starters[s] * 0.9 ** (m - s) for s in range(m + 1))
            able = 3 * 0.9**m + sum(
                starters[s] * 0.9 ** (m - s) * (0.5 if m == s else 1) for s in range(m + 1)
            )
            extra = max(hours[month] - full * able, 0)
            over = min(extra, 0.2 * full * there)
            cost += there * 4000 + starters[m] * 900 + over * 90 + (extra - over) * 1e3
        best = min(best, cost)
    plan = plan_headcount(hours, hiring)
    assert plan.gap == 0
    assert plan.cost + 1e3 * plan.table["short"].sum() == pytest.approx(best)
    assert plan.table["cost"].sum() == pytest.approx(plan.cost)


def test_a_month_too_near_to_hire_for_is_told() -> None:
    plan = plan_headcount({"2026-04": 360}, PLAIN)
    assert plan.shortages == ("2026-04: short 60 hours, about 2 people (hiring takes effect later)",)


def test_hours_follow_sales_and_their_root() -> None:
    target = Target("gmv", {"2026-04": 3_000_000, "2026-11": 12_000_000})
    hours = work_hours(target, 1000, 3_000_000, busy_share=0.75, peaks={"2026-11": 1.1})
    assert hours["2026-04"] == pytest.approx(1000)
    assert hours["2026-11"] == pytest.approx(1000 * (0.75 * 4 + 0.25 * 2) * 1.1)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: plan_headcount({}, PLAIN), "at least one month"),
        (lambda: plan_headcount({"2026-04": -1}, PLAIN), "hours.2026-04"),
        (lambda: plan_headcount({"2026-04": float("nan")}, PLAIN), "NaN"),
        (lambda: plan_headcount({"2026-04": 1, "2026-06": 1}, PLAIN), "2026-06 after 2026-04"),
        (lambda: Hiring(people=-1), "hiring.people"),
        (lambda: Hiring(people=1, lead_months=1.5), "whole months"),  # type: ignore[arg-type]
        (lambda: Hiring(people=1, leaving=2), "did you mean 0.02"),
        (lambda: Hiring(people=1, hours_month=0), "hiring.hours_month"),
        (lambda: work_hours(Target("gmv", {"2026-04": 1}), 0, 1), "reference_hours"),
        (lambda: work_hours(Target("gmv", {"2026-04": 1}), 1, 1, peaks={"2026-11": 2}), "peaks.2026-11"),
    ],
)
def test_faults_are_named(make: object, says: str) -> None:
    with pytest.raises(EcomsimError) as caught:
        make()  # type: ignore[operator]
    assert says in str(caught.value)
