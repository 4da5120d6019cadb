"""A penalised log-link regression of daily counts with a drifting level and autocorrelated noise.

    y[d] ~ mean m[d], variance m[d] + s2 m[d]^2,     log m = offset + X b + r(theta),     b ~ N(prior,
    1/precision)

Fitted by reweighted least squares (McCullagh & Nelder, Generalized Linear Models, 2nd ed., section 2.5)
with two additions: rows are whitened for an autocorrelation phi (Cochrane-Orcutt), and far outliers get
Huber's weight, so that one viral evening does not bend the whole year. The posterior is the Laplace
approximation at the optimum.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, solve_triangular

__all__ = ["Curve", "Design", "Fit", "fit", "gram", "knots", "random_walk"]

Floats: TypeAlias = NDArray[np.float64]
_HUBER = 3.5


@dataclass(frozen=True)
class Design:
    """Columns with their normal prior.

    Attributes
    ----------
    matrix : (n, p)
    mean : (p,) prior mean
    precision : (p, p) prior precision
    """

    matrix: Floats
    mean: Floats
    precision: Floats


@dataclass(frozen=True)
class Curve:
    """A log-response with a few parameters of its own, e.g. visitors against spend.

    Attributes
    ----------
    at : theta (q,) -> (n,) log-response
    mean : (q,) prior mean, also the starting point
    sd : (q,) prior standard deviation
    """

    at: Callable[[Floats], Floats]
    mean: Floats
    sd: Floats


@dataclass(frozen=True)
class Fit:
    """Optimum and Laplace posterior; parameters are the design's columns, then the curve's.

    Attributes
    ----------
    beta : (p + q,)
    root : (p + q, p + q) upper Cholesky factor of the posterior precision
    eta : (n,) fitted log mean, offset included
    residual : (n,) log(y / mean), NaN where y is missing
    extra : variance of the noise beyond Poisson, on the log scale
    phi : its autocorrelation
    memory : autocorrelation of the residuals as they are, Poisson noise included
    evidence : log marginal likelihood up to a constant
    """

    beta: Floats
    root: Floats
    eta: Floats
    residual: Floats
    extra: float
    phi: float
    memory: float
    evidence: float

    @cached_property
    def cov(self) -> Floats:
        """Posterior covariance, (p + q, p + q)."""
        return np.asarray(cho_solve((self.root, False), np.eye(len(self.beta))))

    def draws(self, count: int, generator: np.random.Generator) -> Floats:
        """Return (count, p + q) draws whose mean is exactly beta: antithetic pairs."""
        half = solve_triangular(self.root, generator.standard_normal((len(self.beta), (count + 1) // 2))).T
        return np.asarray(self.beta + np.concatenate([half, -half])[:count])


def gram(a: Floats, b: Floats) -> Floats:
    """Return a.T @ b, summed over blocks of rows.

    Blocks this small stay on one core: linear algebra libraries otherwise wake all cores for a
    millisecond's work and spend twice the CPU waiting.
    """
    rows = max(8, int(250_000 / max(a.shape[1] * b.shape[1], 1)))
    full = len(a) // rows * rows
    if full == 0:
        return np.asarray(a.T @ b)
    left = a[:full].reshape(-1, rows, a.shape[1]).transpose(0, 2, 1)
    right = b[:full].reshape(-1, rows, b.shape[1])
    return np.asarray((left @ right).sum(axis=0) + a[full:].T @ b[full:])


def knots(n: int, spacing: int) -> Floats:
    """Return the (n, m) piecewise-linear basis whose last knot is the last day."""
    count = max(2, -(-(n - 1) // spacing) + 1)
    place = (np.arange(n) - (n - 1)) / spacing + (count - 1)
    return np.asarray(np.maximum(0.0, 1.0 - np.abs(place[:, None] - np.arange(count)[None, :])))


def random_walk(count: int, step_sd: float, last_sd: float) -> Floats:
    """Return the prior precision of a random walk over `count` knots whose last one has sd `last_sd`."""
    difference = np.diff(np.eye(count), axis=0)
    out = difference.T @ difference / step_sd**2
    out[-1, -1] += 1 / last_sd**2
    return np.asarray(out)


def fit(
    y: Floats,
    design: Design,
    *,
    offset: Floats | None = None,
    curve: Curve | None = None,
    extra: float = 0.01,
    memory: float = 0.2,
    iterations: int = 12,
    learn_noise: bool = True,
    start: Floats | None = None,
) -> Fit:
    """Fit the regression.

    Parameters
    ----------
    y : (n,) counts, NaN for a missing day
    design : columns and prior
    offset : (n,) added to the log mean
    curve : non-linear part, linearised again at every step (Gauss-Newton)
    extra, memory : noise beyond Poisson, autocorrelation of residuals; starting values when `learn_noise`
    start : (n,) log mean to start from, e.g. that of a neighbouring fit
    """
    n, p = design.matrix.shape
    base = np.zeros(n) if offset is None else offset
    seen = ~np.isnan(y) & np.isfinite(base)
    clean = np.where(seen, y, 1.0)
    base = np.where(seen, base, 0.0)
    theta = np.zeros(0) if curve is None else curve.mean.copy()
    prior, precision = _joint_prior(design, curve)
    beta = np.concatenate([design.mean, theta])
    eta = np.log(np.maximum(clean, 0.5)) if start is None else start
    columns, shift, phi = design.matrix, base, memory
    trust = np.ones(n)
    for step in range(iterations):
        if curve is not None:
            columns, shift, ok = _linearise(design.matrix, base, curve, beta[p:])
            seen = seen & ok
        mean = np.exp(np.clip(eta, -15, 20))
        work = eta + np.clip(clean / mean - 1, -0.95, 4.0) - shift
        if step == 0 and start is None:
            work = eta - shift
        weight = np.where(seen, 1 / (1 / mean + extra), 0.0)
        gap = np.where(seen, clean / mean - 1, 0.0) * np.sqrt(weight)
        if step > 1 or start is not None:
            trust = np.minimum(1.0, _HUBER / np.maximum(np.abs(gap), 1e-9))
            weight = weight * trust
        white, target, linked = _whiten(columns, work, weight, memory, trust > 0.7)
        factor = cho_factor(gram(white, white) + precision)
        new = cho_solve(factor, white.T @ target + precision @ prior)
        if curve is not None:
            new[p:] = beta[p:] + np.clip(new[p:] - beta[p:], -0.7, 0.7)
        moved = float(np.max(np.abs(new - beta)))
        beta = new
        eta = _eta(design.matrix, base, curve, beta, p)
        residual = np.where(seen, np.log(np.maximum(clean, 0.5)) - eta, np.nan)
        if learn_noise and step >= 1:
            extra, memory, phi = _noise(residual, np.exp(np.clip(eta, -15, 20)), seen, len(beta))
        if moved < 1e-4 and step > 2:
            break
    left = target - white @ beta
    evidence = float(
        -0.5 * left @ left
        - 0.5 * (beta - prior) @ precision @ (beta - prior)
        + 0.5 * np.sum(np.log(np.maximum(weight[seen], 1e-12)))
        + 0.5 * np.linalg.slogdet(precision)[1]
        - np.sum(np.log(np.diag(factor[0])))
        - 0.5 * linked * np.log(1 - memory**2)
    )
    return Fit(beta, factor[0], eta, residual, extra, phi, memory, evidence)


def _joint_prior(design: Design, curve: Curve | None) -> tuple[Floats, Floats]:
    if curve is None:
        return design.mean, design.precision
    p, q = len(design.mean), len(curve.mean)
    precision = np.zeros((p + q, p + q))
    precision[:p, :p] = design.precision
    precision[p:, p:] = np.diag(1 / curve.sd**2)
    return np.concatenate([design.mean, curve.mean]), precision


def _eta(matrix: Floats, base: Floats, curve: Curve | None, beta: Floats, p: int) -> Floats:
    eta = base + matrix @ beta[:p]
    return eta if curve is None else np.asarray(eta + np.maximum(curve.at(beta[p:]), -15.0))


def _linearise(
    matrix: Floats, base: Floats, curve: Curve, theta: Floats
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    here = curve.at(theta)
    ok = np.isfinite(here) & (here > -12)
    slopes = np.empty((len(here), len(theta)))
    for j in range(len(theta)):
        step = np.zeros(len(theta))
        step[j] = 1e-4
        with np.errstate(invalid="ignore"):
            slopes[:, j] = (curve.at(theta + step) - curve.at(theta - step)) / 2e-4
    here, slopes = np.where(ok, here, 0.0), np.where(ok[:, None], slopes, 0.0)
    return np.concatenate([matrix, slopes], axis=1), base + here - slopes @ theta, ok


def _whiten(
    columns: Floats, work: Floats, weight: Floats, phi: float, usual: NDArray[np.bool_]
) -> tuple[Floats, Floats, int]:
    """Scale rows to unit variance and take off what yesterday foretells; an outlier foretells nothing."""
    root = np.sqrt(weight)
    x, z = columns * root[:, None], work * root
    if phi <= 0:
        return x, z, 0
    linked = np.zeros(len(z), bool)
    linked[1:] = (weight[1:] > 0) & (weight[:-1] > 0) & usual[1:] & usual[:-1]
    scale = 1 / np.sqrt(1 - phi**2)
    white, target = x.copy(), z.copy()
    white[1:][linked[1:]] = (x[1:] - phi * x[:-1])[linked[1:]] * scale
    target[1:][linked[1:]] = (z[1:] - phi * z[:-1])[linked[1:]] * scale
    return white, target, int(linked.sum())


def _noise(
    residual: Floats, mean: Floats, seen: NDArray[np.bool_], parameters: int
) -> tuple[float, float, float]:
    """Return variance beyond Poisson, autocorrelation of residuals, and that of the part beyond Poisson."""
    r = residual[seen]
    spread = 1.4826 * np.median(np.abs(r - np.median(r))) + 1e-9
    free = max(len(r) - 0.5 * parameters, 0.3 * len(r), 1.0)
    poisson = float(np.mean(1 / np.maximum(mean[seen], 0.5)))
    clipped = np.where(seen, np.clip(np.nan_to_num(residual), -4 * spread, 4 * spread), 0.0)
    variance = float(clipped @ clipped) / free
    extra = min(max(variance - poisson, 1e-5), 1.0)
    pairs = seen[1:] & seen[:-1]
    product = float(np.sum(clipped[1:][pairs] * clipped[:-1][pairs])) / max(int(pairs.sum()), 1)
    memory = float(np.clip(product / max(variance, 1e-12), 0.0, 0.8))
    phi = float(np.clip(product / max(variance - poisson, 0.2 * variance, 1e-12), 0.0, 0.8))
    return extra, memory, phi
