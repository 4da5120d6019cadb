"""Targets of years, quarters and parts: what does not add up is refused with the difference."""

from __future__ import annotations

import pickle

import pytest

from ecomsim.checks import EcomsimError
from ecomsim.target import Target, period_days, period_months

MONTHS = {"2026-10": 30.0, "2026-11": 60.0, "2026-12": 40.0}


def test_periods_are_months_quarters_and_years() -> None:
    target = Target("gmv", {**MONTHS, "2026-Q4": 130, "2026": 400})
    assert dict(target.months) == MONTHS
    assert target.periods["2026-Q4"] == 130
    assert [str(day) for day in period_days("2028-Q1")] == ["2028-01-01", "2028-03-31"]
    assert len(period_months("2026")) == 12


def test_parts_are_targets_of_their_own() -> None:
    parts = {"search": {"2026-11": 40.0}, "live": {"2026-11": 20.0}}
    target = Target("gmv", MONTHS, by="channel", parts=parts)
    assert target.part("live") == Target("gmv", {"2026-11": 20})
    assert pickle.loads(pickle.dumps(target)) == target
    with pytest.raises(EcomsimError, match="Did you mean 'search'"):
        target.part("serch")


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: Target("gmv", {**MONTHS, "2026-Q4": 140}), "2026-Q4: got months that add up to 130, 10 less than 140"),
        (lambda: Target("gmv", {**MONTHS, "2026": 120}), "2026: got 3 of its months that already.* 130.*most 120"),
        (lambda: Target("gmv", {f"2026-Q{q}": 10 for q in (1, 2, 3, 4)} | {"2026": 50}), "quarters that .*10 less"),
        (lambda: Target("gmv", {"2026-11": 90}, by="channel", parts={"a": {"2026-11": 50}, "b": {"2026-11": 60}}),
         "2026-11 by channel: got parts that add up to 110, 20 more than 90"),
        (lambda: Target("gmv", {"2026-11": 90}, by="channel", parts={"a": {"2026-12": 90}}), "which the whole lacks"),
        (lambda: Target("gmv", {"2026-11": 90}, by="channel"), "both or neither"),
        (lambda: Target("gmv", {"2026-11": 90}, parts={"a": {"2026-11": 90}}), "both or neither"),
        (lambda: Target("gmv", {"2026-Q5": 90}), "a month as YYYY-MM"),
        (lambda: Target("gmv", {"2026-11": 90}, by="channel", parts={"a": {"2026-11": -1}}), "above 0"),
    ],
)  # fmt: skip
def test_what_does_not_add_up_is_refused(ask, says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        ask()


def test_rounding_of_typed_totals_is_no_fault() -> None:
    thirds = {m: 33.0 for m in MONTHS}
    assert (
        Target("gmv", {**{m: 1000 * v for m, v in thirds.items()}, "2026-Q4": 99_001}).periods["2026-Q4"]
        == 99_001
    )
