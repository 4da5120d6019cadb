"""The table boosted trees learn from: the days before a day, and its calendar; the future is fed back day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.calendar import Event

__all__ = ["LEAST_KNOWN", "fed_back", "learning_rows"]

Floats: TypeAlias = NDArray[np.float64]

LEAST_KNOWN = 56
"""Days of history before anything is learnt."""

_LAGS = (1, 7, 14, 21, 28)
_MEANS = (7, 28)
_FAR = 21
_MOST_ROWS = 200_000


def learning_rows(scaled: Floats, dates: Sequence[dt.date], events: Sequence[Event]) -> tuple[Floats, Floats]:
    """Return features (n, f) and targets (n,) of every series and day from the 29th on.

    Parameters
    ----------
    scaled : (S, T) history, each series over its own mean; of very many series an even selection is learnt from
    dates : T or more days
    """
    series, known = scaled.shape
    chosen = scaled[:: max(1, -(-series * known // _MOST_ROWS))]
    calendar = _calendar(dates, events)
    tables = [_row(chosen[:, :day], calendar[day]) for day in range(_LAGS[-1], known)]
    return np.concatenate(tables), chosen[:, _LAGS[-1] :].T.ravel()


def fed_back(
    scaled: Floats, dates: Sequence[dt.date], events: Sequence[Event], predict: Callable[[Floats], Floats]
) -> Floats:
    """Return (S, H) predictions of the days after the history, each day's prediction known to the next."""
    known = scaled.shape[1]
    calendar = _calendar(dates, events)
    out = np.empty((len(scaled), len(dates)))
    out[:, :known] = scaled
    for day in range(known, len(dates)):
        out[:, day] = np.maximum(predict(_row(out[:, :day], calendar[day])), 0.0)
    return out[:, known:]


def _row(past: Floats, calendar: Floats) -> Floats:
    """Return (S, f): lags and means of the days before, and the day's calendar."""
    columns = [past[:, -lag] for lag in _LAGS] + [past[:, -span:].mean(axis=1) for span in _MEANS]
    return np.concatenate([np.stack(columns, axis=1), np.tile(calendar, (len(past), 1))], axis=1)


def _calendar(dates: Sequence[dt.date], events: Sequence[Event]) -> Floats:
    """Return (days, f): weekday and day, distance from each family's nearest peak, phases."""
    day = np.array(dates, "datetime64[D]")
    number = day.astype(int)
    columns = [
        ((number + 3) % 7).astype(float),
        (day - day.astype("datetime64[M]")).astype(int) + 1.0,
    ]
    for family in sorted({event.family for event in events}):
        own = [event for event in events if event.family == family]
        peaks = np.array([peak for event in own for peak in event.peaks], "datetime64[D]").astype(int)
        if len(peaks):
            apart = number[:, None] - peaks
            nearest = apart[np.arange(len(number)), np.abs(apart).argmin(axis=1)]
            columns.append(np.clip(nearest, -_FAR, _FAR).astype(float))
        inside = np.zeros(len(number))
        for event in own:
            for phase in event.phases:
                inside[
                    (day >= np.datetime64(phase.start.date())) & (day <= np.datetime64(phase.last_day))
                ] = 1
        columns.append(inside)
    return np.stack(columns, axis=1)
