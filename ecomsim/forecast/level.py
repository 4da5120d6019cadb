"""The local level of many series: what today's sales are over what the calendar alone expects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["local_levels", "step_share"]

Floats: TypeAlias = NDArray[np.float64]

_TAME_HALF_LIFE = 60.0


def local_levels(
    values: Floats,
    mean: Floats,
    weights: Floats,
    half_lives_days: Sequence[float],
    *,
    prior_days: float,
    tame: float,
) -> Floats:
    """Return (S, T + 1) levels known BEFORE each day and after the last: the mean of logs over half-lives.

    Each half-life h gives the ratio of discounted sums, ``sum 2^(-age/h) y / sum 2^(-age/h) m``, with
    `prior_days` days of ratio 1 behind it. One short and one long half-life together follow a change of pace
    and still remember what is usual.

    Parameters
    ----------
    values, mean : (S, T) actual values and what the calendar expects
    weights : (S, T), 0 for days that do not count
    tame : a day moves the level by at most so many of its usual deviations
    """
    tamed = _tame(values, mean, weights, tame) if np.isfinite(tame) else values
    logs = np.zeros((values.shape[0], values.shape[1] + 1))
    for half_life in half_lives_days:
        logs += np.log(_ratio(tamed * weights, mean * weights, half_life, prior_days))
    return np.asarray(np.exp(logs / len(half_lives_days)))


def step_share(half_lives_days: Sequence[float]) -> float:
    """Return by which share of a day's surprise the level moves."""
    return float(np.mean([1 - 0.5 ** (1 / h) for h in half_lives_days]))


def _ratio(values: Floats, mean: Floats, half_life_days: float, prior_days: float) -> Floats:
    from scipy.signal import lfilter

    keep = 0.5 ** (1 / half_life_days)
    prior = prior_days * np.maximum(mean.mean(axis=1, keepdims=True), 1e-9)
    out = np.ones((values.shape[0], values.shape[1] + 1))
    above = lfilter([1.0], [1.0, -keep], values, axis=1)
    below = lfilter([1.0], [1.0, -keep], mean, axis=1)
    out[:, 1:] = (above + prior) / (below + prior)
    return out


def _tame(values: Floats, mean: Floats, weights: Floats, most: float) -> Floats:
    """Return values held within `most` deviations of a slow level."""
    slow = _ratio(values * weights, mean * weights, _TAME_HALF_LIFE, 7.0)[:, 1:] * mean
    count = np.maximum(weights.sum(axis=1, keepdims=True), 1.0)
    noise = (weights * (values - slow) ** 2 / np.maximum(slow, 0.05)).sum(axis=1, keepdims=True) / count
    reach = most * np.sqrt(noise * slow)
    # where most days are empty a sale is no outlier
    rare = (weights * (values == 0)).sum(axis=1, keepdims=True) / count > 0.3
    return np.asarray(np.where(rare, values, np.clip(values, slow - reach, slow + reach)))
