"""Reading dates and moments in the many forms exports write them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from ecomsim.data.cells import Parsed, fold_odd, gaps, trimmed

__all__ = ["dates", "datetimes", "months", "period"]

_EPOCH = dt.datetime(1970, 1, 1)
_TIME = r"(?:[T ]*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?秒?)?\s*(am|pm)?)?"
_ZONE = r"(?:\s*(?:Z|UTC|[+-]\d{2}:?\d{2}))?"
_YMD = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?" + _TIME + _ZONE, re.IGNORECASE)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})" + _TIME + _ZONE, re.IGNORECASE)
_XDY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})" + _TIME + _ZONE, re.IGNORECASE)
_MONTH = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}月?|\d{6}")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_WORDS = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)\w*,?\s+)?(?:([a-z]{3,9})\.?\s+(\d{1,2})|(\d{1,2})\s+([a-z]{3,9})\.?),?\s+(\d{4})"
    + _TIME
    + _ZONE,
    re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMES = {name: number for number, name in enumerate(_MONTHS, start=1)}
_PERIOD = re.compile(r"(?<!\d)(\d{4}[-/.年]?\d{1,2}[-/.月]?\d{1,2})日?(?!\d)")


def dates(cells: pd.Series[Any]) -> Parsed:
    """Read local business days, as midnight ``datetime64[us]``.

    Examples
    --------
    >>> import pandas as pd
    >>> found = dates(pd.Series(["2026-11-01", "2026/11/1", "20261101", "2026年11月1日", "46327", "2026-11"]))
    >>> [str(v)[:10] for v in found.values], found.faults[5]
    (['2026-11-01', '2026-11-01', '2026-11-01', '2026-11-01', '2026-11-01', 'NaT'], 'a month, not a day')
    """
    moments = datetimes(cells)
    return Parsed(moments.values.astype("datetime64[D]").astype("datetime64[us]"), moments.faults)


def datetimes(cells: pd.Series[Any]) -> Parsed:
    """Read moments of local time as ``datetime64[us]``.

    A zone offset is passed over: the clock stands as written. Day and month of ``11/30/2026`` are told apart
    by the whole column; where it never shows which is which, each such cell is a fault.
    """
    array = trimmed(cells)
    left = ~gaps(array)
    values = np.full(len(array), np.datetime64("NaT"), dtype="datetime64[us]")
    if left.any():
        # Two common forms in one vectorised go; many moments are distinct.
        series = pd.Series(array.to_pandas(), dtype="str")
        for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d"):
            rest = series[left]
            quick = pd.to_datetime(
                rest.where(rest.str.len() == (19 if "H" in form else 10)), format=form, errors="coerce"
            )
            got = quick.notna().to_numpy()
            if got.any():
                places = np.flatnonzero(left)[got]
                values[places] = quick.to_numpy()[got].astype("datetime64[us]")
                left[places] = False
            if not left.any():
                break
    faults: dict[int, str] = {}
    if left.any():
        order = _order([w for w in pd.unique(series[left].to_numpy())])
        odd, faults = fold_odd(array, left, lambda text: _moment(text, order))
        known = ~np.isnan(odd)
        places = np.flatnonzero(left)[known]
        values[places] = (odd[known] * 1e6).round().astype("int64").astype("datetime64[us]")
    return Parsed(values, MappingProxyType(faults))


def months(cells: pd.Series[Any]) -> Parsed:
    """Read months to ``YYYY-MM``, from a month or from any day in it.

    Examples
    --------
    >>> import pandas as pd
    >>> months(pd.Series(["2026-11", "2026年3月", "202611", "2026-11-01", "Nov"])).values.tolist()
    ['2026-11', '2026-03', '2026-11', '2026-11', None]
    """
    array = trimmed(cells)
    left = ~gaps(array)
    count = np.full(len(array), np.nan)
    count[left], faults = fold_odd(array, left, _month)
    values = np.full(len(array), None, dtype=object)
    for place in np.flatnonzero(~np.isnan(count)).tolist():
        year, month = divmod(int(count[place]), 12)
        values[place] = f"{year:04d}-{month + 1:02d}"
    return Parsed(values, faults)


def _month(text: str) -> float | str:
    word = unicodedata.normalize("NFKC", text).strip().strip("'\"")
    found = re.fullmatch(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})月?", word)
    if found and 1 <= int(found[2]) <= 12:
        return int(found[1]) * 12.0 + int(found[2]) - 1
    seconds = _moment(word, "")
    if isinstance(seconds, str):
        return "not a month"
    day = _EPOCH + dt.timedelta(seconds=seconds)
    return day.year * 12.0 + day.month - 1


def _order(words: list[str]) -> str:
    """Tell ``mdy`` from ``dmy`` by the numbers above 12 in the column; empty when it stays unclear."""
    pairs = [(int(m[1]), int(m[2])) for m in map(_XDY.fullmatch, words) if m]
    first, second = any(a > 12 for a, _ in pairs), any(b > 12 for _, b in pairs)
    return "" if first == second else "dmy" if first else "mdy"


def _moment(text: str, order: str) -> float | str:
    """Read one moment to seconds since 1970, or say why not."""
    word = unicodedata.normalize("NFKC", text).strip().strip("'\"").strip()
    for pattern in (_YMD, _COMPACT):
        found = pattern.fullmatch(word)
        if found:
            return _seconds((found[1], found[2], found[3]), found.groups()[3:])
    if _MONTH.fullmatch(word):
        return "a month, not a day"
    if _SERIAL.fullmatch(word):
        days = float(word)
        if 30_000 <= days < 80_000:  # Excel serials of 1982 to 2119
            return round((days - 25_569) * 86_400)
        return "not a date"
    found = _XDY.fullmatch(word)
    if found:
        if not order:
            return "day and month cannot be told apart; write the date as 2026-11-01"
        month, day = (found[1], found[2]) if order == "mdy" else (found[2], found[1])
        return _seconds((found[3], month, day), found.groups()[3:])
    found = _WORDS.fullmatch(word)
    if found:
        month_name = (found[1] or found[4])[:3].casefold()
        if month_name in _NAMES:
            return _seconds((found[5], str(_NAMES[month_name]), found[2] or found[3]), found.groups()[5:])
    return "not a date"


def _seconds(day: tuple[str, str, str], time: tuple[str | None, ...]) -> float | str:
    hour, minute, second = (int(t or 0) for t in time[:3])
    half = (time[3] or "").casefold() if len(time) > 3 else ""
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        moment = dt.datetime(int(day[0]), int(day[1]), int(day[2]), hour, minute, second)
    except ValueError:
        return "no such day in the calendar"
    return (moment - _EPOCH).total_seconds()


def period(text: str) -> tuple[dt.date, dt.date] | None:
    """Find the days a preamble line or a file name speaks of: one day, or the first and the last.

    Examples
    --------
    >>> period("统计日期：2026-11-01 ~ 2026-11-07")
    (datetime.date(2026, 11, 1), datetime.date(2026, 11, 7))
    """
    found = []
    for word in _PERIOD.findall(unicodedata.normalize("NFKC", text)):
        moment = _moment(word, "")
        if isinstance(moment, (int, float)):
            found.append((_EPOCH + dt.timedelta(seconds=moment)).date())
    if not found or any(not 1990 <= d.year <= 2100 for d in found):
        return None
    return min(found[:2]), max(found[:2])
