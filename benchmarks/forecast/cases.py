"""What is asked of everyone: which days are known at each origin, and how many lie ahead."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from benchmarks.forecast.eventset import MONTHS as EVENT_MONTHS
from benchmarks.forecast.eventset import EventSet, event_set
from benchmarks.forecast.journey import MONTHS, Journey, journey
from ecomsim.calendar import Event, Horizon

__all__ = ["STORES", "event_order", "journey_order", "the_journey", "the_store"]

STORES = (1, 2)
Order = tuple[NDArray[np.float64], str, list[int], list[int], str]


@lru_cache(maxsize=1)
def the_journey() -> Journey:
    """Return the fifty series, read once."""
    return journey()


@lru_cache(maxsize=4)
def the_store(seed: int) -> EventSet:
    """Return one synthetic store, made once."""
    return event_set(seed)


def journey_order() -> Order:
    """Return values, first day, known days and days ahead of the six months of the Complete Journey."""
    data = the_journey()
    known, ahead = _origins(data.dates, MONTHS)
    return data.values, str(data.dates[0]), known, ahead, ""


def event_order(seed: int) -> Order:
    """Return the same for the event months of a synthetic store, with Prophet's holidays."""
    data = the_store(seed)
    known, ahead = _origins(data.dates, EVENT_MONTHS)
    return data.values, str(data.dates[0]), known, ahead, prophet_holidays(data.events)


def _origins(dates: Sequence[dt.date], months: Sequence[str]) -> tuple[list[int], list[int]]:
    horizons = [Horizon.month(month) for month in months]
    return [(h.start - dates[0]).days for h in horizons], [h.days for h in horizons]


def prophet_holidays(events: Sequence[Event]) -> str:
    """Return the same windows as Prophet takes them: every offset around a peak, every phase, before and after."""
    rows: list[dict[str, object]] = []

    def add(name: str, day: dt.date, low: int, high: int) -> None:
        rows.append({"holiday": name, "ds": str(day), "lower_window": low, "upper_window": high})

    for event in events:
        for peak in event.peaks:
            wide = (-21, 21) if event.family == "spring_festival" else (-7, 7)
            add(f"{event.family} peak", peak, *wide)
        if event.family == "spring_festival":
            continue  # its window around the day covers the days off
        for phase in event.phases:
            add(f"{event.family} {phase.phase} opening", phase.start.date(), 0, 1)
            for i in range((phase.last_day - phase.start.date()).days + 1):
                add(f"{event.family} {phase.phase}", phase.start.date() + dt.timedelta(days=i), 0, 0)
        # Prophet wants windows that hold their own day
        add(f"{event.family} before", event.start - dt.timedelta(days=1), -9, 0)
        add(f"{event.family} after", event.end + dt.timedelta(days=1), 0, 13)
    return json.dumps(rows)
