"""Days without a row: what they were is asked, never guessed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.calendar import parse_date
from ecomsim.checks import EcomsimError, require_name

__all__ = ["MISSING", "fill_gaps"]

Floats: TypeAlias = NDArray[np.float64]

MISSING = ("closed", "zero", "unknown")
_NEAR_WEEKS = 4


def fill_gaps(
    values: Floats,
    dates: Sequence[dt.date],
    ids: Sequence[str],
    missing: str | Mapping[dt.date | str, str] | None,
) -> tuple[Floats, NDArray[np.bool_], list[str]]:
    """Return (S, T) values without gaps, where they were observed, and what was done.

    A series is not expected before its first row. A closed day is worth 0 and teaches nothing; a zero day is
    worth 0 and teaches; an unknown day is worth the mean of the same weekday in the four weeks around it.

    Raises
    ------
    EcomsimError
        For a gap nobody explained, naming its first days.
    """
    out = values.copy()
    observed = np.isfinite(out)
    begun: NDArray[np.bool_] = np.cumsum(observed, axis=1) > 0
    ever = begun[:, -1]
    out[~begun & ever[:, None]] = 0.0
    gap = begun & ~observed
    notes = []
    late = int((~begun[:, 0] & ever).sum())
    if late:
        notes.append(f"{late} series begin later than {dates[0]}: 0 before their first row.")
    if not gap.any():
        return out, observed | ~begun, notes
    kinds = _kinds(gap, dates, ids, missing)
    for kind in MISSING:
        where = gap & (kinds == kind)
        if not where.any():
            continue
        days = np.flatnonzero(where.any(axis=0))
        shown = ", ".join(str(dates[t]) for t in days[:4]) + (", ..." if len(days) > 4 else "")
        notes.append(f"{len(days)} days without a row taken as {kind}: {shown}.")
        if kind == "unknown":
            usual = _usual(out, observed)
            out[where] = usual[where]
        else:
            out[where] = 0.0
    return out, observed | ~begun | (gap & (kinds == "zero")), notes


def _kinds(
    gap: NDArray[np.bool_],
    dates: Sequence[dt.date],
    ids: Sequence[str],
    missing: str | Mapping[dt.date | str, str] | None,
) -> NDArray[np.str_]:
    """Return (S, T) what each gap was; raise for the first one that is not explained."""
    days = np.full(len(dates), "", dtype="U8")
    if isinstance(missing, str):
        days[:] = missing
    elif missing is not None:
        place = {day: t for t, day in enumerate(dates)}
        for day, kind in missing.items():
            at = place.get(parse_date(day, "forecast.missing"))
            require_name(kind, MISSING, f"forecast.missing {day}", "kind of day")
            if at is not None:
                days[at] = kind
    open_ = gap & (days == "")
    if open_.any():
        s, first = (int(i[0]) for i in np.nonzero(open_))
        run = first
        while run + 1 < len(dates) and open_[s, run + 1]:
            run += 1
        span = str(dates[first]) if run == first else f"{dates[first]} to {dates[run]}"
        whose = f" of '{ids[s]}'" if len(ids) > 1 else ""
        raise EcomsimError(
            f"history{whose}", f"no row for {span} ({int(open_.sum())} missing in all)", "every day once",
            "Import these days, or say what they were: missing='closed', 'zero' or 'unknown', or by day "
            f"missing={{'{dates[first]}': 'closed'}}",
        )  # fmt: skip
    return np.broadcast_to(days, gap.shape)


def _usual(values: Floats, observed: NDArray[np.bool_]) -> Floats:
    """Return the mean of the same weekday in the weeks around, else of the weeks around, else of all days."""
    known = np.where(observed, values, np.nan)
    series, days = known.shape
    steps = [7 * k for k in range(-_NEAR_WEEKS, _NEAR_WEEKS + 1) if k]
    around = np.full((len(steps), series, days), np.nan)
    for i, step in enumerate(steps):
        low, high = max(0, -step), min(days, days - step)
        if high > low:
            around[i, :, low:high] = known[:, low + step : high + step]
    count = np.isfinite(around).sum(axis=0)
    usual = np.where(count > 0, np.nansum(around, axis=0) / np.maximum(count, 1), np.nan)
    mean = np.nansum(known, axis=1) / np.maximum(np.isfinite(known).sum(axis=1), 1)
    return np.where(np.isfinite(usual), usual, mean[:, None])
