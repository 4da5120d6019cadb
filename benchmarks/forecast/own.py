"""Our own answers to the questions the peers are asked, with the same days known."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.forecast.cases import STORES, the_journey, the_store
from ecomsim.calendar import Horizon
from ecomsim.forecast.model import sample
from ecomsim.forecast.panel import Panel
from ecomsim.forecast.rolling import backtest
from ecomsim.forecast.scoring import Record
from ecomsim.forecast.second import BoostedTrees, learn
from ecomsim.formulas.scores import crps

LEVELS = ("total", "department", "category", "store", "sku")
ELAPSED = (0, 5, 10, 15, 20)


@dataclass(frozen=True)
class EventRows:
    """Event months of the synthetic stores: actual (cases,) and drawn totals (cases, paths) with their months."""

    months: tuple[str, ...]
    actual: NDArray[np.float64]
    drawn: NDArray[np.float64]


def journey_record(months: Sequence[str]) -> Record:
    """Backtest each level of the Complete Journey as a panel of its own, as a user would have it."""
    data = the_journey()
    levels = np.array(data.levels)
    parts = []
    for level in LEVELS:
        chosen = levels == level
        names = tuple(name for name, kept in zip(data.names, chosen, strict=True) if kept)
        panel = Panel("gmv", data.dates, names, data.values[chosen])
        rows = backtest(panel, months=months, elapsed_days=ELAPSED, events=(), levels=["leaf"]).rows
        parts.append(rows.assign(level=level))
    return Record(pd.concat(parts, ignore_index=True))


def journey_with_trees(months: Sequence[str]) -> NDArray[np.float64]:
    """Return (months, series) CRPS over the actual of raw paths moved by the second member, all series together."""
    data = the_journey()
    panel = Panel("gmv", data.dates, data.names, data.values)
    scores = []
    for month in months:
        days = Horizon.month(month)
        held = panel.until(days.start - dt.timedelta(days=1))
        drawn = sample(held, days, events=(), paths=400)
        # less than a year is known here: the rule asked for in `forecast` would leave the trees out
        trees = BoostedTrees(least_days=150, least_series=8, trial_days=days.days)
        made = drawn if trees.lacks(held) else learn(held, trees, events=()).moved(drawn, ())
        actual = data.values[:, held.days : held.days + days.days].sum(axis=1)
        totals = made.paths.sum(axis=2, dtype=np.float64)
        scores.append(np.where(actual > 0, crps(totals, actual) / np.maximum(actual, 1e-9), np.nan))
    return np.array(scores)


def journey_seconds(months: Sequence[str]) -> float:
    """Return CPU seconds a series for the same forecasts the peers make: 50 series at each month's start."""
    data = the_journey()
    panel = Panel("gmv", data.dates, data.names, data.values)
    spent = 0.0
    for turn in range(3):
        begun = time.process_time()
        for month in months:
            days = Horizon.month(month)
            sample(panel.until(days.start - dt.timedelta(days=1)), days, events=(), paths=400)
        # the first turn warms up
        spent = time.process_time() - begun if turn < 2 else min(spent, time.process_time() - begun)
    return spent / (len(months) * len(data.names))


def event_rows(months: Sequence[str]) -> EventRows:
    """Forecast each event month of the synthetic stores from its first day, raw paths."""
    labels, actual, drawn = [], [], []
    for seed in STORES:
        made = the_store(seed)
        panel = Panel("gmv", made.dates, tuple(f"s{i}" for i in range(len(made.values))), made.values)
        for month in months:
            days = Horizon.month(month)
            known = (days.start - made.dates[0]).days
            found = sample(
                panel.until(days.start - dt.timedelta(days=1)), days, events=made.events, paths=400
            )
            drawn.append(found.paths.sum(axis=2, dtype=np.float64))
            actual.append(made.values[:, known : known + days.days].sum(axis=1))
            labels += [month] * len(made.values)
    return EventRows(tuple(labels), np.concatenate(actual), np.concatenate(drawn))
