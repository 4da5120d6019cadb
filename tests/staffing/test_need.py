"""The need: opening hours, slots past midnight, and every bad way of writing it."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from ecomsim.checks import EcomsimError
from ecomsim.staffing import Need, Window, need_from_rows

MONDAY = dt.date(2026, 11, 9)
DAY = Window.of("08:30-21:00")


@pytest.mark.parametrize(
    ("text", "slots", "first", "last"),
    [
        ("08:30-21:00", 25, "08:30", "20:30"),
        ("8:00–24:00", 32, "08:00", "23:30"),
        ("20:00-04:00", 16, "20:00", "03:30"),
        ("00:00-24:00", 48, "00:00", "23:30"),
        ("21:00-00:00", 6, "21:00", "23:30"),
    ],
)
def test_windows(text: str, slots: int, first: str, last: str) -> None:
    window = Window.of(text)
    assert window.slots(30) == slots and window.slots(15) == 2 * slots
    assert (window.labels(30)[0], window.labels(30)[-1]) == (first, last)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("8.30-21", "window opening: got '8.30'.*08:30"),
        ("08:30", "HH:MM-HH:MM"),
        ("08:30-25:00", "window closing: got '25:00'"),
        ("08:70-09:00", "window opening"),
    ],
)
def test_bad_windows(text: str, says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        Window.of(text)


def test_slots_are_minutes_and_fit_the_window() -> None:
    with pytest.raises(EcomsimError, match=r"slot_minutes: got 1800.*never seconds"):
        DAY.slots(1800)
    with pytest.raises(EcomsimError, match="30-minute grid"):
        Window.of("08:15-21:00").slots(30)
    with pytest.raises(EcomsimError, match="round the clock"):
        Window(0, 2000)


def test_slots_past_midnight_carry_the_next_date() -> None:
    need = Need((MONDAY,), Window.of("23:00-01:00"), 30, [[1, 2, 3, 4]])
    assert need.starts[0].astype(str).tolist() == [
        "2026-11-09T23:00",
        "2026-11-09T23:30",
        "2026-11-10T00:00",
        "2026-11-10T00:30",
    ]
    assert need.slot_name(0, 2) == "Tue 2026-11-10 00:00"
    rows = list(zip(need.frame()["start"], need.frame()["agents"], strict=True))
    np.testing.assert_array_equal(need_from_rows(rows[::-1], need.window).agents, need.agents)


def test_zero_need_is_valid_and_shortfall_never_negative() -> None:
    need = Need((MONDAY, MONDAY + dt.timedelta(1)), Window.of("09:00-10:00"), 30, np.zeros((2, 2)))
    assert need.hours == 0 and need.peak == 0
    lacking = need.with_agents([[3, 1], [0, 2]]).shortfall([[1, 5], [0, 0]])
    assert lacking.tolist() == [[2, 0], [0, 2]]
    with pytest.raises(ValueError, match="read-only"):
        need.agents[0, 0] = 1


@pytest.mark.parametrize(
    ("agents", "says"),
    [
        ([[1, -1]], r"need.agents\[0, 1\]: got -1"),
        ([[1.5, 1]], r"need.agents\[0, 0\]: got 1.5.*whole"),
        ([[float("nan"), 1]], r"need.agents\[0, 0\]: got nan"),
        ([[1, 2, 3]], r"shape \(1, 3\).*shape \(1, 2\)"),
        ([["two", 1]], "whole numbers of people"),
    ],
)
def test_bad_agents(agents: list[list[object]], says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        Need((MONDAY,), Window.of("09:00-10:00"), 30, agents)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"share": 90}, "need.share: got 90.*did you mean 0.9"),
        ({"confidence": float("nan")}, "need.confidence: got NaN"),
        ({"within_s": -1}, "need.within_s.*seconds"),
    ],
)
def test_bad_promise(options: dict[str, float], says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        Need((MONDAY,), Window.of("09:00-10:00"), 30, [[1, 1]], **options)


def test_bad_days() -> None:
    with pytest.raises(EcomsimError, match="2026-11-09 twice"):
        Need((MONDAY, MONDAY), Window.of("09:00-10:00"), 30, [[1, 1], [1, 1]])
    with pytest.raises(EcomsimError, match="no day"):
        Need((), Window.of("09:00-10:00"), 30, np.zeros((0, 2)))


@pytest.mark.parametrize(
    ("starts", "says"),
    [
        (["09:00", "09:30", "09:30", "10:00"], "2026-11-09 09:30 a second time"),
        (["09:00", "10:00"], "2026-11-09 09:30: no row|2026-11-09 09:30.*every slot"),
        (["09:00", "09:20", "10:00"], "starts every 30 minutes"),
        (["09:00", "12:00"], "desk is closed"),
    ],
)
def test_duplicate_and_missing_slots_are_named(starts: list[str], says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        need_from_rows([(f"2026-11-09 {s}", 1) for s in starts], Window.of("09:00-10:30"))
