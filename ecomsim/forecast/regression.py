"""Many penalised log-link regressions at once: Poisson quasi-likelihood with shared columns.

    E y[s, t] = exp(offset[s, t] + X[t] b[s]),   Var y = scale[s] E y,   b[s] ~ N(0, P^-1)

Every series has the same columns, so the products of columns are formed once and all normal equations of a
step are ONE matrix product: weights (S, T) @ products (T, p (p + 1) / 2). McCullagh & Nelder, Generalized
Linear Models, 2nd ed., sections 2.5 and 9.2 (quasi-likelihood).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Fitted", "fit_many"]

Floats: TypeAlias = NDArray[np.float64]

_LOW, _HIGH = -9.0, 7.0
_LEAST_SCALE = 1e-4
_SETTLED = 1e-3
_FEW = 8


@dataclass(frozen=True)
class Fitted:
    """Optimum of every regression.

    Attributes
    ----------
    beta : (S, p)
    eta : (S, N) log mean of every row given, future ones too
    scale : (S,) variance over mean of a value, in units of the series' own mean
    covariance : (S, p, p) of beta, by the curvature at the optimum
    """

    beta: Floats
    eta: Floats
    scale: Floats
    covariance: Floats


def fit_many(
    values: Floats,
    columns: Floats,
    precision: Floats,
    weights: Floats,
    *,
    offset: Floats,
    steps: int = 8,
) -> Fitted:
    """Fit all series.

    Parameters
    ----------
    values : (S, T) at least 0, each in units of its own mean
    columns : (N, p), N >= T; the rows from T on are the future
    precision : (p, p) prior precision
    weights : (S, T) or (T,), zero for days that do not count
    offset : (S, N) or (1, N) added to the log mean
    steps : most Newton steps
    """
    series, days = values.shape
    p = columns.shape[1]
    past = columns[:days]
    gram = _Gram(past, series)
    weight = np.broadcast_to(weights, values.shape)
    count = np.maximum(weight.sum(axis=1), 1e-9)
    beta = np.zeros((series, p))
    scale = np.ones(series)
    normal = np.broadcast_to(precision, (series, p, p))
    base = np.broadcast_to(offset, (series, len(columns)))
    eta = np.clip(base[:, :days], _LOW, _HIGH)
    for step in range(steps):
        mean = np.exp(eta)
        gap = values - mean
        scale = np.maximum((weight * gap * gap / np.maximum(mean, 0.05)).sum(axis=1) / count, _LEAST_SCALE)
        if step == 0:
            # before the first step the misfit of the calendar would pass for noise
            scale = np.minimum(scale, 1.0)
        trust = weight * mean / scale[:, None]
        normal = gram.of(trust) + precision
        right = (weight * gap / scale[:, None]) @ past - beta @ precision
        change = np.linalg.solve(normal, right[:, :, None])[:, :, 0]
        largest = np.abs(change).max(axis=1, initial=0.0)
        change *= np.minimum(1.0, 2.0 / np.maximum(largest, 1e-12))[:, None]
        beta += change
        eta = np.clip(base[:, :days] + beta @ past.T, _LOW, _HIGH)
        if largest.max(initial=0.0) < _SETTLED:
            break
    full = np.clip(base + beta @ columns.T, _LOW, _HIGH)
    return Fitted(beta, full, scale, np.asarray(np.linalg.inv(normal), np.float64))


class _Gram:
    """X' W X for the weights of every series."""

    def __init__(self, columns: Floats, series: int) -> None:
        self.columns = columns
        self.products: Floats | None = None
        if series > _FEW:
            self.row, self.col = np.triu_indices(columns.shape[1])
            self.products = columns[:, self.row] * columns[:, self.col]

    def of(self, weights: Floats) -> Floats:
        """Return (S, p, p) for weights (S, T)."""
        p = self.columns.shape[1]
        out = np.empty((len(weights), p, p))
        if self.products is None:  # forming every product of columns costs more than a few plain products
            for one, into in zip(weights, out, strict=True):
                np.matmul((self.columns * one[:, None]).T, self.columns, out=into)
            return out
        half = weights @ self.products
        out[:, self.row, self.col] = half
        out[:, self.col, self.row] = half
        return out
