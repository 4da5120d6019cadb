"""Axes: round ticks that enclose the data, days that fit the width, and numbers as people say them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

__all__ = ["compact", "date_ticks", "magnitude", "spread", "ticks"]

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Return round tick values enclosing [low, high], about `count` of them.

    Examples
    --------
    >>> ticks(0, 11.6)
    [0.0, 2.5, 5.0, 7.5, 10.0, 12.5]
    """
    if not high > low:
        high = low + (abs(low) or 1.0)
    raw = (high - low) / max(count, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(s * power for s in _STEPS if s * power >= raw * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 10) + 0.0 for i in range(first, last + 1)]


def date_ticks(dates: Sequence[dt.date], count: int = 8) -> list[int]:
    """Return indices of dates to label: month firsts over long spans, else evenly spaced days."""
    n = len(dates)
    firsts = [i for i, d in enumerate(dates) if d.day == 1]
    if n > 120 and firsts:
        every = max(1, math.ceil(len(firsts) / count))
        return firsts[::every]
    step = next((s for s in (1, 2, 3, 5, 7, 10, 14, 15) if n / s <= count), max(1, math.ceil(n / count)))
    return list(range(0, n, step))


def compact(value: float, language: str = "en", digits: int = 3) -> str:
    """Write a number as people say it: 1.24 M, 12.3 k; 124 万 in Chinese.

    Examples
    --------
    >>> compact(11_640_000), compact(11_640_000, "zh"), compact(-1234), compact(0.5)
    ('11.6 M', '1,160 万', '−1,230', '0.5')
    """
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "–"
    scales = ((1e8, " 亿"), (1e4, " 万")) if language == "zh" else ((1e9, " bn"), (1e6, " M"), (1e4, " k"))
    for size, suffix in scales:
        if abs(value) >= size * 0.9995:
            if suffix == " k":
                return _plain(value / 1e3, digits) + " k"
            return _plain(value / size, digits) + suffix
    return _plain(value, digits)


def _plain(value: float, digits: int) -> str:
    places = digits - 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, places)
    text = f"{rounded:,.{max(places, 0)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−")


def magnitude(largest: float, language: str = "en") -> tuple[float, str]:
    """Return what to divide an axis by so that its ticks are short, and the word that goes with the unit.

    Examples
    --------
    >>> magnitude(4_600_000), magnitude(4_600_000, "zh"), magnitude(320)
    ((1000000.0, 'M'), (10000.0, '万'), (1.0, ''))
    """
    english = ((1e9, 1e9, "bn"), (1e6, 1e6, "M"), (1e4, 1e3, "k"))
    chinese = ((1e8, 1e8, "亿"), (1e4, 1e4, "万"))
    for least, size, word in chinese if language == "zh" else english:
        if abs(largest) >= least:
            return size, word
    return 1.0, ""


def spread(places: Sequence[float], gap: float) -> list[float]:
    """Return places moved apart so that neighbours are at least `gap` apart, each given its own, in the given order.

    Examples
    --------
    >>> spread([10.0, 12.0, 50.0], 15.0), spread([12.0, 10.0], 15.0)
    ([10.0, 25.0, 50.0], [25.0, 10.0])
    """
    moved = list(places)
    last = -math.inf
    for i in sorted(range(len(places)), key=lambda at: places[at]):
        moved[i] = last = max(places[i], last + gap)
    return moved
