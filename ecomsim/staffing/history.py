"""Contacts of coming days from those counted: the same weekday's recent weeks, and how far such forecasts were off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ecomsim.calendar import parse_date
from ecomsim.checks import EcomsimError, require_number
from ecomsim.formulas.arrays import Floats, checked
from ecomsim.staffing.window import DAY, SLOT_MINUTES, minutes_of
from ecomsim.staffing.workload import Workload

__all__ = ["counted", "workload_from_counts"]

_HALF_LIFE_WEEKS = 3.0
_ODD = 0.35  # a day this far off its weekday's median is no example
_JUDGED = 10  # weeks of past forecasts the spread is taken from


def counted(rows: pd.DataFrame, *, name: str = "presale") -> Workload:
    """Return counted contacts as a workload: from the first day to the last, zero where no row is.

    Parameters
    ----------
    rows : DataFrame
        Columns date, slot (HH:MM, on the quarter or half-hour) and contacts, as in the `contacts` table; other
        columns are ignored, so choose one kind first.

    Raises
    ------
    EcomsimError
        For a slot counted twice, off the grid, and counts that are negative or missing.

    Examples
    --------
    >>> rows = pd.DataFrame({"date": ["2026-11-09"] * 2, "slot": ["09:00", "09:30"], "contacts": [4, 6]})
    >>> counted(rows).contacts[0, 18:20]
    array([4., 6.])
    """
    for column in ("date", "slot", "contacts"):
        if column not in rows:
            raise EcomsimError(f"contacts.{column}", "no such column", "date, slot and contacts")
    if not len(rows):
        raise EcomsimError("contacts", "no rows", "at least one day of counts")
    slots = rows["slot"].map(lambda text: minutes_of(text, "contacts.slot")).to_numpy()
    off = np.flatnonzero(slots % min(SLOT_MINUTES))
    if off.size:
        raise EcomsimError(
            f"contacts row {int(off[0])}",
            str(rows["slot"].iloc[int(off[0])]),
            "starts on the quarter of an hour",
        )
    length = 15 if (slots % 30).any() else 30
    dates = pd.DatetimeIndex(pd.to_datetime(rows["date"]))
    first = dates.min()
    values = checked(
        rows["contacts"].to_numpy(dtype=np.float64),
        "contacts.contacts",
        low=0,
        remedy="Write 0 where none came",
    )
    days = (dates - first).days.to_numpy()
    grid = np.zeros((int(days.max()) + 1, DAY // length))
    seen = np.zeros(grid.shape, dtype=np.int64)
    np.add.at(seen, (days, slots // length), 1)
    if (seen > 1).any():
        d, s = (int(x) for x in np.argwhere(seen > 1)[0])
        at = f"{(first + pd.Timedelta(days=d)).date()} {s * length // 60:02d}:{s * length % 60:02d}"
        raise EcomsimError(
            f"contacts {at}", f"{seen[d, s]} rows", "one row a slot", "Choose one kind, or add them"
        )
    grid[days, slots // length] = values
    return Workload(tuple((first + pd.Timedelta(days=i)).date() for i in range(len(grid))), grid, name=name)


def workload_from_counts(
    past: Workload, days: Sequence[dt.date | str], *, weeks: int = 8, slot_minutes: int | None = None
) -> Workload:
    """Return the contacts expected on coming days, with the spread such forecasts have had.

    Parameters
    ----------
    past : Workload
        Counted days, ending before the first coming one; only days before it are used.
    days : sequence of date
        Consecutive days.
    weeks : int
        Past weeks used; a day is the mean of its weekday with a half-life of three weeks, odd days left out.

    Notes
    -----
    The spread is how far day totals were from what this same rule said before each of the last ten weeks, closed days
    and chance arrivals left out. Promotions are not known here: simulate the store for those.
    """
    ahead = tuple(parse_date(day, f"days[{i}]") for i, day in enumerate(days))
    span = int(require_number(weeks, "weeks", low=1, high=104))
    end = (ahead[0] - past.days[0]).days
    counts = past.contacts[: max(min(end, len(past.days)), 0)]
    if end > len(past.days) + 14 or len(counts) < 14:
        raise EcomsimError(
            "days", f"{ahead[0]}", f"a day with at least two weeks of counts just before it, "
            f"{past.days[0]} to {past.days[-1]}", "Import later counts, or choose an earlier week",
        )  # fmt: skip
    mean = np.array([_expected(counts, (day - past.days[0]).days, end, span) for day in ahead])
    said, came = [], []
    for back in range(1, _JUDGED + 1):
        start = len(counts) - 7 * back
        if start < 21:
            break
        for d in range(start, start + 7):
            expected = _expected(counts, d, start, span).sum()
            if expected >= 1 and counts[d].any():  # a day nobody came was closed, which is known beforehand
                said.append(expected)
                came.append(counts[d].sum())
    ratio = np.array(came) / np.array(said) if said else np.ones(1)
    noise = float((1 / np.array(said)).mean()) if said else 0.0
    cv = float(np.sqrt(max(np.mean((ratio - 1) ** 2) - noise, 0.0)))
    return Workload(ahead, mean, min(cv, 2.0), past.name)


def _expected(counts: Floats, day: int, end: int, weeks: int) -> Floats:
    """Return the contacts by slot expected on `day`, known up to `end` (both counted from the first)."""
    back = [d for d in range(day - 7 * ((day - end) // 7 + 1), -1, -7) if d < min(end, len(counts))][:weeks]
    if not back:
        return np.zeros(counts.shape[1])
    weight = 0.5 ** (np.arange(len(back)) / _HALF_LIFE_WEEKS)
    totals = counts[back].sum(axis=1)
    weight = weight * (np.abs(totals - np.median(totals)) <= _ODD * np.median(totals))
    return np.asarray(weight @ counts[back] / weight.sum())
