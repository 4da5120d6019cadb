"""Days and amounts of a user's table: read, or refused with the row and the fix."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecomsim.checks import EcomsimError, nearest, require_number
from ecomsim.data.cells import is_text, numbers
from ecomsim.data.dates import datetimes

__all__ = ["amounts_of", "days_of", "find_column"]

_DATES = ("date", "ds", "day", "日期", "统计日期")
_VALUES = ("value", "y", "amount")


def find_column(frame: pd.DataFrame, what: str, given: str = "", metric: str = "") -> str:
    """Return the column of `frame` that holds the date, the value, or is called `given`.

    Raises
    ------
    EcomsimError
        When there is none, naming the nearest.
    """
    names = [str(c) for c in frame.columns]
    wanted = [given] if given else list(_DATES) if what == "date" else [metric, *_VALUES]
    for name in wanted:
        if names.count(name) > 1:
            raise EcomsimError(f"history column '{name}'", "there twice", "each column once", "Rename one")
        if name in names:
            return name
    near = nearest(wanted[0], names)
    raise EcomsimError(
        "history", f"no column '{wanted[0]}'", ", ".join(names[:12]),
        f"Rename '{near}' to '{wanted[0]}'" if near else f"Name the column of the {what} '{wanted[0]}'",
    )  # fmt: skip


def days_of(cells: pd.Series[Any], where: str = "history") -> NDArray[np.datetime64]:
    """Return the local business days of a column as datetime64[D].

    Raises
    ------
    EcomsimError
        For time zones, hours, months, and text that is no day: with the row.
    """
    if isinstance(cells.dtype, pd.DatetimeTZDtype):
        raise EcomsimError(
            f"{where} column '{cells.name}'", f"moments in the time zone {cells.dtype.tz}",
            "local business days without a time zone",
            f"Write frame['{cells.name}'].dt.tz_convert('Asia/Shanghai').dt.date, then add up each day",
        )  # fmt: skip
    if isinstance(cells.dtype, pd.PeriodDtype):
        _only_days(str(cells.dtype).removeprefix("period[").rstrip("]"), str(cells.name), where)
        cells = cells.dt.to_timestamp()
    if pd.api.types.is_datetime64_dtype(cells.dtype):
        moments = cells.to_numpy("datetime64[us]")
        faults: dict[int, str] = {}
    elif is_text(cells):
        _no_zones(cells, where)
        parsed = datetimes(cells)
        moments, faults = parsed.values, dict(parsed.faults)
    else:
        raise EcomsimError(
            f"{where} column '{cells.name}'", f"{cells.dtype} values", "days as YYYY-MM-DD",
            "Turn the column into dates first",
        )  # fmt: skip
    for place, why in sorted(faults.items()):
        raise EcomsimError(
            f"{where} row {place + 1}, column '{cells.name}'", repr(cells.iloc[place])[:60],
            "a day as YYYY-MM-DD", f"{why[0].upper()}{why[1:]}",
        )  # fmt: skip
    gone = np.flatnonzero(np.isnat(moments))
    if len(gone):
        raise EcomsimError(
            f"{where} row {gone[0] + 1}, column '{cells.name}'", "no date", "a day as YYYY-MM-DD",
            "Fill it in, or leave the row out",
        )  # fmt: skip
    days = moments.astype("datetime64[D]")
    timed = np.flatnonzero(moments != days)
    if len(timed):
        raise EcomsimError(
            f"{where} row {timed[0] + 1}, column '{cells.name}'", str(moments[timed[0]])[:19],
            "whole days, one row a day", "Add the moments of each day up first",
        )  # fmt: skip
    firsts = np.unique(days)
    if len(firsts) > 1 and (firsts == firsts.astype("datetime64[M]")).all():
        raise EcomsimError(
            f"{where} column '{cells.name}'", "one row a month (every date is the first of a month)",
            "one row a day", "Export the daily report; a month cannot be split over its days afterwards",
        )  # fmt: skip
    return days


def _only_days(unit: str, name: str, where: str) -> None:
    if unit != "D":
        raise EcomsimError(
            f"{where} column '{name}'", f"periods of '{unit}'", "one row a day", "Export the daily report"
        )


def _no_zones(cells: pd.Series[Any], where: str) -> None:
    """Refuse clocks with a zone: which local day they fall on is not ours to guess."""
    for place, value in enumerate(cells):
        zoned = isinstance(value, dt.datetime) and value.tzinfo is not None
        if zoned or (isinstance(value, str) and _has_zone(value)):
            raise EcomsimError(
                f"{where} row {place + 1}, column '{cells.name}'", repr(str(value))[:60],
                "a local business day without a time zone",
                "Convert to the store's time zone first, then add up each day",
            )  # fmt: skip


def _has_zone(text: str) -> bool:
    clock = text.strip().upper()
    if ":" not in clock and "T" not in clock:
        return False
    return clock.endswith(("Z", "UTC")) or "+" in clock[10:] or "-" in clock[11:]


def numbers_of(cells: pd.Series[Any], where: str) -> NDArray[Any]:
    """Return a column as float64, NaN where it is empty; EcomsimError for a text that is no number, with its row."""
    if not is_text(cells):
        return cells.to_numpy(float)
    parsed = numbers(cells)
    for place, why in sorted(parsed.faults.items()):
        raise EcomsimError(
            f"{where} row {place + 1}, column '{cells.name}'", repr(cells.iloc[place])[:60], "a number",
            f"{why[0].upper()}{why[1:]}",
        )  # fmt: skip
    return np.asarray(parsed.values, float)


def amounts_of(cells: pd.Series[Any], metric: str, notes: list[str], where: str = "history") -> NDArray[Any]:
    """Return the values of a column as float64; text amounts are read and told.

    Raises
    ------
    EcomsimError
        For NaN, infinities, negative values and text that is no number: with the row and the fix.
    """
    column = f"column '{cells.name}'"
    values = numbers_of(cells, where)
    if is_text(cells):
        odd = [str(c) for c in cells if isinstance(c, str)]
        if odd:
            notes.append(f"Amounts in {column} were text, e.g. '{odd[0]}': read as numbers.")
        if any("万" in text or text.casefold().endswith("w") for text in odd):
            notes.append(
                f"Amounts in {column} are rounded to 万; export exact amounts for a sharper forecast."
            )
    for place in np.flatnonzero(~np.isfinite(values))[:1]:
        what = "NaN" if np.isnan(values[place]) else "an infinite number"
        raise EcomsimError(
            f"{where} row {place + 1}, {column}", what, "a finite number",
            "Fill it in; or leave the row out and say with missing= what such days were: 'closed', 'zero' or "
            "'unknown'",
        )  # fmt: skip
    for place in np.flatnonzero(values < 0)[:1]:
        raise EcomsimError(
            f"{where} row {place + 1}, {column}", f"{values[place]:g}", _least(metric), _refund_remedy(metric)
        )
    return values


def _least(metric: str) -> str:
    return f"{metric} of at least 0"


def _refund_remedy(metric: str) -> str:
    if metric == "net_sales":
        return (
            "A day with more refunds than sales cannot be forecast on a log scale: forecast 'gmv' and 'refunds' "
            "apart"
        )
    return (
        f"Refunds seem to be taken off; {metric} is counted before refunds. Give the amount paid, and refunds as "
        "a metric of their own"
    )


def positive(value: object, where: str, remedy: str = "") -> float:
    """Return a finite number above 0, or raise."""
    return require_number(value, where, low=0.0, open_low=True, remedy=remedy)
