"""From a history and a question to a forecast."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from ecomsim.calendar import Event, Horizon
from ecomsim.forecast.cleaning import panel_of
from ecomsim.forecast.lifts import Lift
from ecomsim.forecast.model import Model
from ecomsim.forecast.occasions import occasions
from ecomsim.forecast.outlook import Forecast, ask
from ecomsim.forecast.panel import Panel
from ecomsim.forecast.question import Question
from ecomsim.forecast.regressors import drivers_of
from ecomsim.forecast.second import BoostedTrees

__all__ = ["forecast"]


def forecast(
    history: Panel | pd.DataFrame | pd.Series[Any] | Mapping[str, pd.DataFrame],
    horizon: Horizon | str,
    *,
    metric: str = "gmv",
    by: str = "",
    levels: Sequence[str] = (),
    events: Sequence[Event] | None = None,
    regressors: pd.DataFrame | Mapping[str, pd.Series[float]] | None = None,
    lifts: Mapping[str, Lift] | None = None,
    overlaps: str = "multiply",
    as_of: dt.date | str | None = None,
    missing: str | Mapping[dt.date | str, str] | None = None,
    paths: int = 400,
    seed: int = 7,
    model: Model | None = None,
    second: BoostedTrees | None = None,
    calibrate: bool = True,
    strict: bool = True,
) -> Forecast:
    """Forecast a metric's days with joint paths.

    Parameters
    ----------
    history : canonical tables by name, a long table, a Series by day, or a Panel: see `panel_of`
    horizon : days, or a month as YYYY-MM; days of it that are known are taken as they were
    metric : a metric that adds up over days
    by, levels, missing : as in `panel_of`
    events : dated events; None takes the calendar's and the shop's own promotion calendar, () none
    regressors : known drivers by date on every day of history and horizon, e.g. planned ad spend; with a column 'id'
        (or one called like a level, 'channel') each series has its own
    lifts : assumed factors for events history never saw: {'double11': 1.8} is exact; (1.5, 2.2), which holds it 8 times
        in 10, or an uncertain number such as `LogNormal(1.8, 0.15)` is drawn once a path
    overlaps : what is done on days that events of two families share: 'multiply' their effects, count the 'strongest'
        alone, or 'refuse' and name them; whichever, the notes tell
    as_of : last day that counts
    paths : joint paths
    seed : same seed, same bits
    model : settings of the forecaster
    second : boosted trees as second member (extra 'ml'), weighted by past origins and calibrated together
    calibrate : forecast past origins again to calibrate the totals; without it every chance is uncalibrated
    strict : refuse an event never seen without an assumed lift; else its days count as ordinary ones, which is told

    Raises
    ------
    EcomsimError
        For a faulty history, a horizon that is over, an event never seen without a lift, a driver without a future.
    """
    notes: list[str] = []
    panel = panel_of(history, metric, by=by, levels=levels, as_of=as_of, missing=missing)
    days = Horizon.month(horizon) if isinstance(horizon, str) else horizon
    tables = history if isinstance(history, Mapping) else {}
    found = occasions(panel.start, max(days.end, panel.end), events, tables.get("promotions"), notes)
    question = Question(
        panel=panel,
        horizon=days,
        events=found,
        drivers=drivers_of(regressors, panel, max(days.end, panel.end)),
        lifts=dict(lifts or {}),
        overlaps=overlaps,
        model=model or Model(),
        paths=paths,
        seed=seed,
        strict=strict,
    )
    if second is not None:
        question, told = question.with_second(second)
        notes.append(told)
    answered = ask(question.tried() if calibrate else question)
    return replace(answered, notes=(*panel.notes, *notes, *answered.notes))
