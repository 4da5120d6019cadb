"""How good a forecast was: points, quantiles, intervals, samples and probabilities."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ecomsim.checks import EcomsimError
from ecomsim.formulas.arrays import Floats, checked

__all__ = ["bias", "brier", "coverage", "crps", "interval_score", "mape", "mase", "pinball", "wape"]


def crps(samples: ArrayLike, actual: ArrayLike, *, fair: bool = True) -> Floats:
    """Return the continuous ranked probability score of samples, ``E|X - y| - E|X - X'| / 2``, per actual.

    Parameters
    ----------
    samples : array_like
        Replications on the LAST axis, at least 2.
    actual : array_like
        Shape of `samples` without the last axis.
    fair : bool
        Divide the spread by m (m - 1) instead of m^2, so that few samples are not punished (Ferro 2014).

    Notes
    -----
    Sum over pairs by sorting: ``sum |x_i - x_j| = 2 sum (2 i - m - 1) x_(i)``.

    Examples
    --------
    >>> float(crps([0.0, 1.0], 0.0, fair=False)), float(crps([0.0, 1.0], 0.0))
    (0.25, 0.0)
    """
    x = np.sort(checked(samples, "samples"), axis=-1)
    y = checked(actual, "actual")
    m = x.shape[-1] if x.ndim else 0
    if m < 2 or x.shape[:-1] != y.shape:
        raise EcomsimError(
            "samples", f"shape {x.shape}", f"{y.shape} and at least 2 samples", "Samples go last"
        )
    rank = 2 * np.arange(1, m + 1) - m - 1
    pairs = 2 * (x * rank).sum(axis=-1)
    spread = pairs / (m * (m - 1) if fair else m * m)
    return np.asarray(np.abs(x - y[..., None]).mean(axis=-1) - spread / 2)


def pinball(quantile: ArrayLike, actual: ArrayLike, level: ArrayLike) -> Floats:
    """Return the quantile loss, ``(y - q) level`` above and ``(q - y)(1 - level)`` below, element by element.

    Examples
    --------
    >>> pinball([10, 10], [14, 6], 0.9)
    array([3.6, 0.4])
    """
    q, y = checked(quantile, "quantile"), checked(actual, "actual")
    tau = checked(level, "level", low=0, high=1)
    return np.asarray(np.maximum((y - q) * tau, (q - y) * (1 - tau)))


def coverage(low: ArrayLike, high: ArrayLike, actual: ArrayLike) -> float:
    """Return the share of actual values within [low, high], ends included.

    Examples
    --------
    >>> coverage([0, 0, 0, 0], [1, 1, 1, 1], [0.5, 1, 2, -1])
    0.5
    """
    lo, hi = _ordered(low, high)
    y = checked(actual, "actual")
    return float(np.mean((y >= lo) & (y <= hi)))


def interval_score(low: ArrayLike, high: ArrayLike, actual: ArrayLike, share: float) -> Floats:
    """Return Winkler's score of intervals meant to hold `share`: width plus 2 / (1 - share) times the miss.

    Examples
    --------
    >>> interval_score([0, 0], [10, 10], [5, 12], 0.9).round(9)
    array([10., 50.])
    """
    lo, hi = _ordered(low, high)
    y = checked(actual, "actual")
    alpha = 1 - float(checked(share, "share", low=0, high=1))
    if alpha == 0:
        raise EcomsimError("share", "1", "a fraction below 1", "No interval holds everything")
    return np.asarray(hi - lo + 2 / alpha * (np.maximum(lo - y, 0) + np.maximum(y - hi, 0)))


def mape(forecast: ArrayLike, actual: ArrayLike) -> float:
    """Return the mean absolute error relative to the actual, as a fraction; actual values of 0 are refused.

    Examples
    --------
    >>> round(mape([110, 80], [100, 100]), 9)
    0.15
    """
    f, y = _paired(forecast, actual)
    if (y == 0).any():
        at = int(np.flatnonzero(y.ravel() == 0)[0])
        raise EcomsimError(f"actual[{at}]", "0", "actual values other than 0", "Use wape, which allows zeros")
    return float(np.mean(np.abs((f - y) / y)))


def wape(forecast: ArrayLike, actual: ArrayLike) -> float:
    """Return the sum of absolute errors over the sum of absolute actual values.

    Examples
    --------
    >>> wape([110, 0], [100, 100])
    0.55
    """
    f, y = _paired(forecast, actual)
    total = float(np.abs(y).sum())
    if total == 0:
        raise EcomsimError("actual", "only zeros", "some sales", "There is nothing to compare with")
    return float(np.abs(f - y).sum()) / total


def bias(forecast: ArrayLike, actual: ArrayLike) -> float:
    """Return the sum of errors over the sum of actual values; above 0 means too high.

    Examples
    --------
    >>> bias([110, 100], [100, 100])
    0.05
    """
    f, y = _paired(forecast, actual)
    total = float(y.sum())
    if total == 0:
        raise EcomsimError("actual", "a sum of 0", "some sales", "There is nothing to compare with")
    return float((f - y).sum()) / total


def mase(forecast: ArrayLike, actual: ArrayLike, history: ArrayLike, season: int = 1) -> float:
    """Return the mean absolute error over that of the seasonal naive forecast within `history`.

    Parameters
    ----------
    history : array_like
        The series before the forecast, longer than `season`.
    season : int
        7 for days of a week, 1 for the plain naive forecast.

    Examples
    --------
    >>> mase([5, 7], [6, 6], [1, 3, 2, 4])
    0.6
    """
    f, y = _paired(forecast, actual)
    past = checked(history, "history")
    if season < 1 or past.size <= season:
        raise EcomsimError("history", f"{past.size} values", f"more than {season}", "Give a longer history")
    scale = float(np.mean(np.abs(past[season:] - past[:-season])))
    if scale == 0:
        raise EcomsimError("history", "a constant series", "a history that varies", "Use wape")
    return float(np.mean(np.abs(f - y))) / scale


def brier(probability: ArrayLike, happened: ArrayLike) -> float:
    """Return the mean squared error of probabilities of yes-or-no outcomes.

    Examples
    --------
    >>> round(brier([0.9, 0.2], [True, False]), 6)
    0.025
    """
    p, y = _paired(checked(probability, "probability", low=0, high=1), happened)
    if not np.isin(y, (0.0, 1.0)).all():
        raise EcomsimError("happened", "values other than 0 and 1", "0 or 1", "Give true or false")
    return float(np.mean((p - y) ** 2))


def _ordered(low: ArrayLike, high: ArrayLike) -> tuple[Floats, Floats]:
    lo, hi = np.broadcast_arrays(checked(low, "low"), checked(high, "high"))
    if (lo > hi).any():
        at = int(np.flatnonzero((lo > hi).ravel())[0])
        raise EcomsimError(
            f"low[{at}]", f"{lo.ravel()[at]:g}", f"at most {hi.ravel()[at]:g}", "Swap the ends"
        )
    return lo, hi


def _paired(forecast: ArrayLike, actual: ArrayLike) -> tuple[Floats, Floats]:
    f, y = checked(forecast, "forecast"), checked(actual, "actual")
    if f.shape != y.shape or f.size == 0:
        raise EcomsimError(
            "forecast", f"shape {f.shape}", f"the shape of actual, {y.shape}", "Align them by date"
        )
    return f, y
