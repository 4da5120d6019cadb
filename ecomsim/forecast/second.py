"""An optional second member: boosted trees over all series, weighed by how much they would have helped before.

The trees know no calendar model; they learn from all series at once how a level returns to its mean. What they
say of a series' total moves its paths by a share that past origins chose. Needs the extra 'ml' (LightGBM).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.calendar import Event, Horizon
from ecomsim.checks import EcomsimError
from ecomsim.forecast.drawn import Sample
from ecomsim.forecast.model import sample
from ecomsim.forecast.panel import Panel
from ecomsim.forecast.treetable import LEAST_KNOWN, fed_back, learning_rows

__all__ = ["Share", "learned_mean", "second_share", "with_second_member"]

Floats: TypeAlias = NDArray[np.float64]

_LEAST_SERIES, _LEAST_DAYS = 8, 150
_TRIAL_STEP_DAYS = 28
_TRIALS = 3
# Before any trial the trees get a third of the say; that belief is worth as much as one series' usual gap.
_PRIOR_SHARE, _PRIOR_WORTH = 0.35, 1.0
_MOST_SHARE, _MOST_MOVE = 0.8, 0.7


@dataclass(frozen=True)
class Share:
    """How much of the trees' word is taken, from 0 to 0.8, and the past origins that chose it."""

    value: float
    origins: int


def learned_mean(values: Floats, dates: Sequence[dt.date], events: Sequence[Event], seed: int) -> Floats:
    """Return (S, H) expected values of the days ahead from boosted trees over all series.

    Parameters
    ----------
    values : (S, T) history
    dates : T + H consecutive days
    events : dated events, past and future

    Raises
    ------
    EcomsimError
        If LightGBM is not installed.
    """
    booster = _lightgbm()
    scale = np.maximum(values.mean(axis=1, keepdims=True), 1e-9)
    table, target = learning_rows(values / scale, dates, events)
    data = booster.Dataset(table, target, params={"verbosity": -1})
    settings = {
        "objective": "l2", "learning_rate": 0.04, "num_leaves": 24, "min_data_in_leaf": 20, "seed": seed,
        "deterministic": True, "force_row_wise": True, "num_threads": 1, "verbosity": -1,
    }  # fmt: skip
    model = booster.train(settings, data, num_boost_round=300)

    def predict(rows: Floats) -> Floats:
        return np.asarray(model.predict(rows, num_threads=1))

    return np.asarray(fed_back(values / scale, dates, events, predict) * scale)


def second_share(panel: Panel, ahead_days: int, *, events: Sequence[Event], seed: int = 7) -> Share:
    """Return how much of the trees' word would have served best at past origins; 0 where history is too short."""
    if len(panel.ids) < _LEAST_SERIES or panel.days < _LEAST_DAYS:
        return Share(0.0, 0)
    product, square, origins = _PRIOR_SHARE * _PRIOR_WORTH, _PRIOR_WORTH, 0
    for turn in range(_TRIALS):
        known = panel.days - ahead_days - turn * _TRIAL_STEP_DAYS
        if known < LEAST_KNOWN + ahead_days:
            break
        start = panel.start + dt.timedelta(days=known)
        horizon = Horizon(start, start + dt.timedelta(days=ahead_days - 1))
        held = panel.until(start - dt.timedelta(days=1))
        drawn = sample(held, horizon, events=events, paths=2, seed=seed)
        gap = _gap(drawn, events, seed)
        actual = panel.values[:, known : known + ahead_days].sum(axis=1)
        told = drawn.mean.sum(axis=1)
        error = np.clip(np.log(np.maximum(actual, 0.05 * told + 1e-9) / np.maximum(told, 1e-9)), -1.0, 1.0)
        product += float(error @ gap)
        square += float(gap @ gap)
        origins += 1
    return Share(float(np.clip(product / square, 0.0, _MOST_SHARE)), origins) if origins else Share(0.0, 0)


def with_second_member(drawn: Sample, share: Share, *, events: Sequence[Event]) -> Sample:
    """Return the paths with each series' total moved towards what the trees say of it, by the share."""
    if share.value <= 0:
        return drawn
    factor = np.exp(share.value * _gap(drawn, events, drawn.basis.seed))
    own = replace(drawn.own, unit=drawn.own.unit * factor)
    paths = drawn.paths * factor[:, None, None].astype(np.float32)
    return replace(drawn, paths=paths, mean=drawn.mean * factor[:, None], own=own)


def _gap(drawn: Sample, events: Sequence[Event], seed: int) -> Floats:
    """Return (S,) log ratios of the trees' total over the regression's."""
    panel, horizon = drawn.panel, drawn.horizon
    days = (horizon.end - panel.start).days + 1
    dates = [panel.start + dt.timedelta(days=i) for i in range(days)]
    trees = learned_mean(panel.values, dates, events, seed)[:, -horizon.days :].sum(axis=1)
    told = drawn.mean.sum(axis=1)
    known = (told > 0) & (trees > 0)
    ratio = np.where(known, trees, 1.0) / np.where(known, told, 1.0)
    return np.asarray(np.clip(np.log(ratio), -_MOST_MOVE, _MOST_MOVE))


def _lightgbm() -> Any:
    try:
        import lightgbm
    except ImportError:
        raise EcomsimError(
            "forecast.second member", "not installed: the package lightgbm", "the extra 'ml'",
            "Run: pip install 'ecomsim[ml]'",
        ) from None  # fmt: skip
    return lightgbm
