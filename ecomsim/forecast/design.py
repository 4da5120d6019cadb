"""The calendar as columns: weekday, payday, trend, year, make-up workdays, regressors, events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.calendar import Event, makeup_workdays
from ecomsim.forecast.windows import Family, event_windows
from ecomsim.formulas.calendar_columns import season_columns, weekday_columns

__all__ = ["Design", "calendar_design"]

Floats: TypeAlias = NDArray[np.float64]

_PAYDAYS = ((1, 3), (4, 7), (13, 17), (26, 28), (29, 31))
# A season is told from a trend only when part of the year has been seen twice.
_SEASON_FROM = 395
_HARMONICS = 3


@dataclass(frozen=True)
class Design:
    """Columns of history and future with their prior.

    Attributes
    ----------
    matrix : (T + H, p)
    precision : (p, p)
    blocks : name -> columns: 'level', 'weekday', 'payday', 'trend', 'year', 'makeup', 'event ...', 'regressor ...'
    families : events among the columns, places counted from the first event column
    first_event : column where events begin
    unseen : families in the future that history never saw
    """

    matrix: Floats
    precision: Floats
    blocks: Mapping[str, slice]
    families: tuple[Family, ...]
    first_event: int
    unseen: tuple[str, ...]


def calendar_design(
    dates: Sequence[dt.date],
    known: int,
    events: Sequence[Event],
    regressors: Mapping[str, Floats],
    sd: Mapping[str, float],
) -> Design:
    """Return the columns for `dates`, of which the first `known` are history.

    Parameters
    ----------
    regressors : name -> (T + H,), any scale; centred and scaled by history here
    sd : prior standard deviation of a log effect by kind: weekday, payday, trend, year, makeup, regressor
    """
    day = np.array(dates, "datetime64[D]")
    weekday = (day.astype(int) + 3) % 7
    of_month = (day - day.astype("datetime64[M]")).astype(int) + 1
    of_year = (day - day.astype("datetime64[Y]")).astype(int) + 1
    blocks: dict[str, tuple[Floats, Floats]] = {
        "level": (np.ones((len(day), 1)), np.array([[1e-4]])),
        "weekday": _plain(weekday_columns(weekday), sd["weekday"]),
        "payday": _plain(
            np.stack([(of_month >= a) & (of_month <= b) for a, b in _PAYDAYS], axis=1).astype(float),
            sd["payday"],
        ),
    }
    if known >= _SEASON_FROM:
        blocks["trend"] = _plain(((np.arange(len(day)) - known + 1) / 365.25)[:, None], sd["trend"])
        waves = season_columns(of_year, _HARMONICS)
        strength = np.repeat(sd["year"] / np.arange(1, _HARMONICS + 1), 2)
        blocks["year"] = (waves, np.diag(1 / strength**2))
    if events:
        made_up = np.isin(day, np.array(makeup_workdays(dates[0], dates[-1]), "datetime64[D]"))
        if made_up[:known].any():
            blocks["makeup"] = _plain(made_up[:, None].astype(float), sd["makeup"])
    for name, values in regressors.items():
        past = values[:known]
        spread = float(past.std())
        scaled = (values - past.mean()) / spread if spread > 0 else np.zeros_like(values)
        blocks[f"regressor {name}"] = _plain(scaled[:, None], sd["regressor"])
    first_event = sum(columns.shape[1] for columns, _ in blocks.values())
    windows = event_windows(events, dates)
    unseen = []
    for family in windows.families:
        columns = windows.matrix[:, family.columns]
        if not np.abs(columns[:known]).sum() > 0:
            unseen.append(family.name)
        blocks[f"event {family.name}"] = (columns, family.precision)
    return _joined(blocks, windows.families, first_event, tuple(unseen))


def _plain(columns: Floats, sd: float) -> tuple[Floats, Floats]:
    return columns, np.eye(columns.shape[1]) / sd**2


def _joined(
    blocks: Mapping[str, tuple[Floats, Floats]],
    families: tuple[Family, ...],
    first_event: int,
    unseen: tuple[str, ...],
) -> Design:
    size = sum(columns.shape[1] for columns, _ in blocks.values())
    precision = np.zeros((size, size))
    at, place = {}, 0
    for name, (columns, prior) in blocks.items():
        at[name] = slice(place, place + columns.shape[1])
        precision[at[name], at[name]] = prior
        place = at[name].stop
    matrix = np.concatenate([columns for columns, _ in blocks.values()], axis=1)
    return Design(matrix, precision, at, families, first_event, unseen)
