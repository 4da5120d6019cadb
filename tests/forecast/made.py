"""Series made by rules written apart from the forecaster: known weekday, growth and event effects."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from ecomsim.calendar import Event, Phase
from ecomsim.forecast.panel import Panel

WEEK = np.array([0.9, 0.85, 0.95, 1.0, 1.1, 1.25, 0.95])
BURST = {-2: 1.3, -1: 1.6, 0: 4.0, 1: 1.8, 2: 1.2, 3: 0.8, 4: 0.85, 5: 0.9}


def days_from(start: str, count: int) -> tuple[dt.date, ...]:
    first = dt.date.fromisoformat(start)
    return tuple(first + dt.timedelta(days=i) for i in range(count))


def fair(year: int, month: int, day: int, family: str = "fair") -> Event:
    """A one-day event of our own."""
    start = dt.datetime(year, month, day)
    phase = Phase("spot", start, start + dt.timedelta(days=1))
    return Event(f"{family} {year}", f"{family} {year}", family, year, (phase,), (start.date(),))


def shape(dates: tuple[dt.date, ...], peaks: tuple[dt.date, ...] = ()) -> NDArray[np.float64]:
    """Expected value over the base: weekday times burst."""
    out = WEEK[[d.weekday() for d in dates]].copy()
    for peak in peaks:
        for k, factor in BURST.items():
            place = (peak - dates[0]).days + k
            if 0 <= place < len(dates):
                out[place] *= factor
    return out


def panel(values: NDArray[np.float64], dates: tuple[dt.date, ...], **levels: tuple[int, ...]) -> Panel:
    """Panel of plainly numbered series."""
    groups = {name: np.array(group) for name, group in levels.items()}
    names = {name: tuple(f"{name}{g}" for g in range(max(group) + 1)) for name, group in levels.items()}
    return Panel("gmv", dates, tuple(f"s{i}" for i in range(len(values))), values, groups, names)
