"""Contacts expected from those counted, proven sizing, and the staffing command's bad input."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ecomsim.checks import EcomsimError
from ecomsim.cli.staffing import Desk, staff_one_week
from ecomsim.staffing import Workload, counted, workload_from_counts

START = dt.date(2026, 6, 1)  # a Monday


def rows(slots: list[str], contacts: list[float] | None = None, date: str = "2026-06-01") -> pd.DataFrame:
    return pd.DataFrame({"date": date, "slot": slots, "contacts": contacts or [1.0] * len(slots)})


def history(weeks: int = 20, cv: float = 0.0, closed: tuple[int, ...] = ()) -> Workload:
    rng = np.random.default_rng(2)
    shape = np.r_[np.zeros(16), np.ones(32)]
    days = np.arange(7 * weeks)
    rate = np.where(days % 7 < 5, 30.0, 12.0) * (rng.gamma(1 / cv**2, cv**2, days.size) if cv else 1.0)
    counts = rng.poisson(rate[:, None] * shape)
    counts[list(closed)] = 0
    return Workload(tuple(START + dt.timedelta(days=int(i)) for i in days), counts)


def test_counts_become_days_of_slots() -> None:
    table = pd.concat([rows(["09:00", "09:30"], [3, 4]), rows(["09:00"], [5], "2026-06-03")])
    got = counted(table)
    assert len(got.days) == 3 and got.daily.tolist() == [7, 0, 5] and got.slot_minutes == 30
    assert counted(rows(["09:15"])).slot_minutes == 15


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (rows(["09:00", "09:00"]), r"2026-06-01 09:00: got 2 rows.*one row a slot"),
        (rows(["09:10"]), r"row 0: got 09:10.*quarter"),
        (rows(["9 am"]), r"contacts.slot: got '9 am'"),
        (rows(["09:00"], [-1.0]), r"contacts.contacts\[0\]: got -1"),
        (rows(["09:00"], [float("nan")]), r"contacts.contacts\[0\]: got NaN"),
        (rows([]), "no rows"),
        (pd.DataFrame({"date": ["2026-06-01"]}), "contacts.slot: no such column"),
    ],
)
def test_bad_counts(table: pd.DataFrame, says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        counted(table)


def test_weekdays_are_known_and_chance_is_no_spread() -> None:
    past = history()
    week = [past.days[-1] + dt.timedelta(days=i) for i in range(1, 8)]
    ahead = workload_from_counts(past, week)
    np.testing.assert_allclose(ahead.daily[:5], 960, rtol=0.04)
    np.testing.assert_allclose(ahead.daily[5:], 384, rtol=0.06)
    assert (ahead.spread < 0.03).all() and not ahead.contacts[:, :16].any()


def test_spread_between_days_is_found_and_closed_days_are_none() -> None:
    past = history(cv=0.2)
    week = [past.days[-1] + dt.timedelta(days=1)]
    assert float(workload_from_counts(past, week).spread[0]) == pytest.approx(0.22, abs=0.08)
    shut = history(cv=0.2, closed=(100, 115))
    assert float(workload_from_counts(shut, week).spread[0]) == pytest.approx(0.22, abs=0.08)


def test_only_days_before_are_used() -> None:
    past = history()
    later = past.contacts.copy()
    later[70:] *= 5
    day = [past.days[70]]
    changed = workload_from_counts(Workload(past.days, later), day)
    np.testing.assert_array_equal(changed.contacts, workload_from_counts(past, day).contacts)


def test_too_little_history_says_what_there_is() -> None:
    with pytest.raises(EcomsimError, match=r"two weeks of counts.*2026-06-01"):
        workload_from_counts(history(), [START + dt.timedelta(days=5)])
    with pytest.raises(EcomsimError, match="two weeks of counts"):
        workload_from_counts(history(), ["2027-06-05"])


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"share": 80}, r"--share: got 80.*did you mean 0\.8"),
        ({"within": "30"}, "--within: got '30'.*unit"),
        ({"week": "next"}, "--week: got 'next'"),
        ({"window": "9-18"}, "window opening"),
        ({"confidence": 1.5}, "--confidence"),
        ({"window": "09:00-18:00", "slot_minutes": 20}, "15 or 30"),
    ],
)
def test_bad_command(given: dict[str, object], says: str) -> None:
    good = {
        "week": "2026-11-09", "month": "", "within": "60s", "share": 0.8, "confidence": 0.0,
        "window": "", "slot_minutes": 30, "shrinkage": 0.0, "replications": 20, "seed": 7,
        "language": "en", "as_json": False,
    }  # fmt: skip
    with pytest.raises(EcomsimError, match=says):
        staff_one_week(Path("nowhere"), Desk(**{**good, **given}))
