"""Plain rules that stand beside every forecast: a model that does not beat them is not worth its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.streams import uniforms

__all__ = [
    "BASELINES",
    "Baseline",
    "calibrated_by_past_errors",
    "ets",
    "four_week_mean",
    "run_rate",
    "seasonal_naive",
]

Floats: TypeAlias = NDArray[np.float64]
Baseline: TypeAlias = Callable[[Floats, int, int, int, int], Floats]
"""(values (G, T), days elapsed in the month, days ahead, paths, seed) -> totals ahead (G, R)."""

_WEEKS_OF_ERRORS = 8


def seasonal_naive(values: Floats, elapsed: int, ahead: int, paths: int, seed: int) -> Floats:
    """Return totals if the last week repeats, give or take week-on-week differences of the last eight weeks.

    Examples
    --------
    >>> seasonal_naive(np.tile([1.0, 2, 3, 4, 5, 6, 7], (1, 9)), 0, 14, 2, 7).tolist()
    [[56.0, 56.0]]
    """
    last = values[:, -7:] if values.shape[1] >= 7 else np.repeat(values[:, -1:], 7, axis=1)
    mean = last[:, np.arange(ahead) % 7]
    recent = values[:, -7 * (_WEEKS_OF_ERRORS + 1) :]
    errors = recent[:, 7:] - recent[:, :-7] if recent.shape[1] > 7 else np.zeros((len(values), 1))
    return _with_daily_errors(mean, errors, paths, seed, "forecast.seasonal naive")


def four_week_mean(values: Floats, elapsed: int, ahead: int, paths: int, seed: int) -> Floats:
    """Return totals at the mean of the last four weeks, give or take that mean's daily errors of eight weeks."""
    return _at_mean(values, values[:, -28:].mean(axis=1), ahead, paths, seed)


def run_rate(values: Floats, elapsed: int, ahead: int, paths: int, seed: int) -> Floats:
    """Return totals at the mean of the month's days so far; on its first day that of the last four weeks.

    Examples
    --------
    >>> run_rate(np.full((1, 9), 5.0), 2, 3, 1, 7).tolist()
    [[15.0]]
    """
    rate = values[:, -elapsed:].mean(axis=1) if elapsed else values[:, -28:].mean(axis=1)
    return _at_mean(values, rate, ahead, paths, seed)


def ets(values: Floats, elapsed: int, ahead: int, paths: int, seed: int) -> Floats:
    """Return totals of exponential smoothing with a weekly season (statsmodels), fitted to each series.

    A series too short or too empty for it takes the four-week mean.
    """
    import warnings

    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    out = four_week_mean(values, elapsed, ahead, paths, seed)
    for g, series in enumerate(values):
        if series.size < 28 or not (series[-28:] > 0).any():
            continue
        with warnings.catch_warnings():
            # it says when its optimiser stops early; the fit is used all the same
            warnings.simplefilter("ignore")
            found = ETSModel(series, error="add", seasonal="add", seasonal_periods=7).fit(disp=False)
            days = found.simulate(
                ahead, anchor="end", repetitions=paths, rng=np.random.default_rng([seed, g])
            )
        out[g] = np.maximum(np.asarray(days, float).reshape(ahead, paths), 0).sum(axis=0)
    return out


BASELINES: Mapping[str, Baseline] = MappingProxyType(
    {"seasonal naive": seasonal_naive, "4-week mean": four_week_mean, "run-rate": run_rate}
)
"""The rules shown beside every forecast; `ets` is slower and asked for by name."""


def calibrated_by_past_errors(point: Floats, past_ratios: Floats, paths: int) -> Floats:
    """Return draws (G, R) of a rule's total whose errors are those it made before.

    Parameters
    ----------
    point : (G,) the rule's totals
    past_ratios : (n,) actual over foretold of the same rule at the same day of earlier months
    """
    if not len(past_ratios):
        return np.repeat(point[:, None], paths, axis=1)
    even = (np.arange(paths) + 0.5) / paths
    return np.asarray(point[:, None] * np.quantile(past_ratios, even)[None])


def _at_mean(values: Floats, mean: Floats, ahead: int, paths: int, seed: int) -> Floats:
    recent = values[:, -7 * _WEEKS_OF_ERRORS :]
    errors = recent - recent.mean(axis=1, keepdims=True)
    daily = np.repeat(mean[:, None], ahead, axis=1)
    return _with_daily_errors(daily, errors, paths, seed, "forecast.mean")


def _with_daily_errors(mean: Floats, errors: Floats, paths: int, seed: int, name: str) -> Floats:
    """Return totals of the mean and one past error a day, each day by itself."""
    total = np.repeat(mean.sum(axis=1)[:, None], paths, axis=1)
    for day in range(mean.shape[1]):
        drawn = (uniforms(seed, 0, paths, name, day=day) * errors.shape[1]).astype(np.int64)
        total += errors[:, drawn]
    return np.asarray(np.maximum(total, 0.0))
