"""Arrival rates that vary from day to day: a gamma factor on the rate, and what that does to an average."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ecomsim.checks import require_number
from ecomsim.formulas.arrays import Floats, checked
from ecomsim.formulas.gammas import legendre

__all__ = ["day_factors", "day_to_day_cv", "factor_at"]

_TAIL = 1e-9


def day_factors(cv: float, nodes: int = 48) -> tuple[Floats, Floats]:
    """Return factors on the rate and the share of days at each, for a gamma factor of mean 1.

    Parameters
    ----------
    cv : float
        Standard deviation of the factor, 0 for none.
    nodes : int
        Points; the average of a smooth function over days is ``(weights * f(rate * factors)).sum()``, over
        contacts ``(weights * factors * f(...)).sum()``, since a busy day has more of them.

    Examples
    --------
    >>> factor, share = day_factors(0.2)
    >>> round(float((share * factor).sum()), 6), round(float((share * (factor - 1) ** 2).sum()), 6)
    (1.0, 0.04)
    """
    from scipy.special import gammaincinv, gammaln

    cv = require_number(cv, "cv", low=0, high=2)
    if cv < 1e-6:
        return np.ones(1), np.ones(1)
    shape = 1 / cv**2
    low, high = gammaincinv(shape, _TAIL), gammaincinv(shape, 1 - _TAIL)
    node, weight = legendre(nodes)
    x = low + (high - low) * (node + 1) / 2
    log_density = (shape - 1) * np.log(x) - x - gammaln(shape)
    share = np.exp(log_density) * weight
    return np.asarray(x / shape), np.asarray(share / share.sum())


def factor_at(cv: ArrayLike, confidence: float) -> Floats:
    """Return the factor on the rate not exceeded on a share `confidence` of days.

    Examples
    --------
    >>> round(float(factor_at(0.0, 0.9)), 3), round(float(factor_at(0.2, 0.9)), 3)
    (1.0, 1.263)
    """
    from scipy.special import gammaincinv

    spread = checked(cv, "cv", low=0, high=2)
    p = require_number(confidence, "confidence", low=0, high=1)
    shape = 1 / np.maximum(spread, 1e-6) ** 2
    return np.asarray(np.where(spread < 1e-6, 1.0, gammaincinv(shape, min(max(p, _TAIL), 1 - _TAIL)) / shape))


def day_to_day_cv(counts: ArrayLike) -> Floats:
    """Return the spread of the rate behind counts of several days (axis 0), what chance alone brings taken off.

    Notes
    -----
    ``cv^2 = max(0, variance / mean^2 - 1 / mean)``: counts of a day at a given rate are Poisson.

    Examples
    --------
    >>> float(day_to_day_cv([100, 100, 100]))
    0.0
    """
    n = checked(counts, "counts", low=0)
    mean = n.mean(axis=0)
    safe = np.where(mean > 0, mean, 1.0)
    variance = n.var(axis=0, ddof=1) if n.shape[0] > 1 else np.zeros_like(mean)
    return np.asarray(np.sqrt(np.maximum(variance / safe**2 - 1 / safe, 0.0)) * (mean > 0))
