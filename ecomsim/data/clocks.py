"""Reading durations and times of day."""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ecomsim.data.cells import PLAIN, Parsed, fold_odd, gaps, matches, number, trimmed

__all__ = ["durations", "times"]

_SPOKEN = re.compile(
    r"(?:(?P<h>\d+(?:\.\d+)?)(?:小时|时|h|hr|hrs|hours?))?(?:(?P<m>\d+(?:\.\d+)?)(?:分钟|分|m|min|mins|minutes?))?"
    r"(?:(?P<s>\d+(?:\.\d+)?)(?:秒钟|秒|s|sec|secs|seconds?))?(?:(?P<ms>\d+(?:\.\d+)?)(?:毫秒|ms))?",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,3}):(\d{1,2}(?:\.\d+)?)")
_SLOT = re.compile(r"(\d{1,2})(?:[:点时](\d{1,2})?分?)?(?::00)?(?:[-~至到].*)?")


def durations(cells: pd.Series[Any]) -> Parsed:
    """Read durations to seconds: ``2分30秒``, ``00:02:30``, ``02:30``, ``150秒``, ``150``.

    Examples
    --------
    >>> import pandas as pd
    >>> durations(pd.Series(["2分30秒", "00:02:30", "150秒", "150", "-"])).values.tolist()
    [150.0, 150.0, 150.0, 150.0, nan]
    """
    array = trimmed(cells)
    left = ~gaps(array)
    values = np.full(len(array), np.nan)
    plain = matches(array, PLAIN) & left
    if plain.any():
        found = pc.replace_substring_regex(array.filter(pa.array(plain)), r"^\+", "")
        values[plain] = found.cast(pa.float64()).to_numpy()
    odd, faults = fold_odd(array, left & ~plain, _duration)
    values[left & ~plain] = odd
    return Parsed(values, MappingProxyType(faults))


def _duration(text: str) -> float | str:
    word = unicodedata.normalize("NFKC", text).replace(" ", "").replace(",", "")
    clock = _CLOCK.fullmatch(word)
    if clock:
        hours, minutes, seconds = clock.groups()
        if float(seconds) >= 60 or (hours is not None and int(minutes) >= 60):
            return "not a duration: minutes and seconds go to 59"
        return int(hours or 0) * 3600.0 + int(minutes) * 60.0 + float(seconds)
    spoken = _SPOKEN.fullmatch(word)
    if word and spoken:
        part = dict.fromkeys(("h", "m", "s", "ms"), 0.0)
        part |= {k: float(v) for k, v in spoken.groupdict().items() if v}
        return part["h"] * 3600 + part["m"] * 60 + part["s"] + part["ms"] / 1000
    value = number(word)
    if isinstance(value, float) and "%" not in word and "万" not in word:
        return value
    return "not a duration"


def times(cells: pd.Series[Any]) -> Parsed:
    """Read the start of a half-hour to ``HH:MM``: ``9:00``, ``09:30-10:00``, ``9点30分``.

    Examples
    --------
    >>> import pandas as pd
    >>> times(pd.Series(["9:00", "09:30-10:00", "21点", "9:10"])).values.tolist()
    ['09:00', '09:30', '21:00', None]
    """
    array = trimmed(cells)
    left = ~gaps(array)
    minutes = np.full(len(array), np.nan)
    minutes[left], faults = fold_odd(array, left, _slot)
    values = np.full(len(array), None, dtype=object)
    known = ~np.isnan(minutes)
    clock = np.array([f"{h:02d}:{m:02d}" for h in range(24) for m in (0, 30)], dtype=object)
    values[known] = clock[(minutes[known] // 30).astype(int)]
    return Parsed(values, MappingProxyType(faults))


def _slot(text: str) -> float | str:
    word = unicodedata.normalize("NFKC", text).replace(" ", "").replace("—", "-")
    found = _SLOT.fullmatch(word)
    if found is None:
        value = number(word)
        if isinstance(value, str) or not 0.0 <= value < 1.0:
            return "not a time of day"
        total = round(value * 1440)  # what Excel keeps is a fraction of the day
    else:
        total = int(found[1]) * 60 + int(found[2] or 0)
        if int(found[1]) > 23 or int(found[2] or 0) > 59:
            return "not a time of day"
    return float(total) if total % 30 == 0 and total < 1440 else "not the start of a half-hour"
