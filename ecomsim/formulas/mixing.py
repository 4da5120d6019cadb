"""Arrival rates that vary from day to day: a gamma factor on the rate, and what that does to an average."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ecomsim.checks import require_number
from ecomsim.formulas.arrays import Floats, checked

__all__ = ["day_factors", "day_to_day_cv", "factor_at"]

_TAIL = 1e-9


def day_factors(cv: float, nodes: int = 32) -> tuple[Floats, Floats]:
    """Return factors on the rate and the share of days at each, for a gamma factor of mean 1.

    Parameters
    ----------
    cv : float
        Standard deviation of the factor, 0 for none.
    nodes : int
        Points; the average of a smooth function over days is ``(weights * f(rate * factors)).sum()``, over
        contacts ``(weights * factors * f(...)).sum()``, since a busy day has more of them.

    Notes
    -----
    Gauss-Laguerre points for the shape 1 / cv^2, from the eigenvalues of their recursion (Golub and Welsch 1969):
    the usual routines overflow from a shape of 170 on, a cv of 8 %.

    Examples
    --------
    >>> factor, share = day_factors(0.2)
    >>> round(float((share * factor).sum()), 9), round(float((share * (factor - 1) ** 2).sum()), 9)
    (1.0, 0.04)
    """
    from scipy.linalg import eigh_tridiagonal

    cv = require_number(cv, "cv", low=0, high=2)
    if cv < 1e-6:
        return np.ones(1), np.ones(1)
    shape = 1 / cv**2
    k = np.arange(nodes)
    points, vectors = eigh_tridiagonal(2 * k + shape, np.sqrt(k[1:] * (k[1:] + shape - 1)))
    share = vectors[0] ** 2
    keep = share > 1e-16
    return np.asarray(points[keep] / shape), np.asarray(share[keep] / share[keep].sum())


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
