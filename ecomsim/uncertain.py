"""Numbers we are not sure of: every distribution is a frozen object with `ppf(u)`.

Inversion is the only way in, so one uniform per replication and parameter gives common random numbers across
scenarios and lets a Gaussian copula tie parameters together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecomsim.checks import EcomsimError, require_number

__all__ = [
    "Beta",
    "Empirical",
    "Fixed",
    "LogNormal",
    "Normal",
    "Number",
    "Triangular",
    "Uncertain",
    "Uniform",
    "correlate",
    "mean_of",
    "ppf_of",
]

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Uncertain:
    """A number known only as a distribution."""

    @property
    def mean(self) -> float:
        """Expected value, by the midpoint rule over 2,001 quantiles unless a closed form overrides it."""
        u = (np.arange(2001) + 0.5) / 2001
        return float(np.mean(self.ppf(u)))

    def ppf(self, u: ArrayLike) -> Floats:
        """Return the quantiles at `u` in (0, 1); same shape as `u`."""
        raise NotImplementedError

    def interval(self, share: float = 0.9) -> tuple[float, float]:
        """Return the central interval holding `share` of the probability."""
        share = require_number(share, "interval.share", low=0.0, high=1.0, open_low=True)
        low, high = self.ppf(np.array([(1 - share) / 2, (1 + share) / 2]))
        return float(low), float(high)

    def scaled(self, factor: float) -> Uncertain:
        """Return this number times `factor`."""
        return Linear(self, require_number(factor, "scaled.factor"), 0.0)

    def shifted(self, by: float) -> Uncertain:
        """Return this number plus `by`."""
        return Linear(self, 1.0, require_number(by, "shifted.by"))

    @property
    def group(self) -> str:
        """Name of the shared uniform, or '' for a stream of the parameter's own path."""
        return ""


Number: TypeAlias = float | Uncertain


@dataclass(frozen=True)
class Fixed(Uncertain):
    """A number we are sure of."""

    value: float

    def __post_init__(self) -> None:
        require_number(self.value, "Fixed.value")

    @property
    def mean(self) -> float:
        """The value."""
        return float(self.value)

    def ppf(self, u: ArrayLike) -> Floats:
        """Return the value, whatever `u`."""
        return np.full(np.shape(u), float(self.value))


@dataclass(frozen=True)
class Uniform(Uncertain):
    """Equally likely between `low` and `high`."""

    low: float
    high: float

    def __post_init__(self) -> None:
        _ordered("Uniform", low=self.low, high=self.high)

    @property
    def mean(self) -> float:
        """Midpoint."""
        return (self.low + self.high) / 2

    def ppf(self, u: ArrayLike) -> Floats:
        """Return low + u (high - low)."""
        return np.asarray(self.low + (self.high - self.low) * np.asarray(u, float))


@dataclass(frozen=True)
class Triangular(Uncertain):
    """The planner's three points: at least `low`, most likely `mode`, at most `high`.

    Examples
    --------
    >>> round(Triangular(1, 2, 6).mean, 6)
    3.0
    """

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        _ordered("Triangular", low=self.low, mode=self.mode, high=self.high)

    @property
    def mean(self) -> float:
        """(low + mode + high) / 3."""
        return (self.low + self.mode + self.high) / 3

    def ppf(self, u: ArrayLike) -> Floats:
        """Invert the two square-root branches."""
        x = np.asarray(u, float)
        width = self.high - self.low
        if width == 0:
            return np.full(x.shape, float(self.low))
        cut = (self.mode - self.low) / width
        rise = self.low + np.sqrt(np.maximum(x * width * (self.mode - self.low), 0))
        fall = self.high - np.sqrt(np.maximum((1 - x) * width * (self.high - self.mode), 0))
        return np.asarray(np.where(x < cut, rise, fall))


@dataclass(frozen=True)
class Normal(Uncertain):
    """Normal with mean `centre` and standard deviation `sd`."""

    centre: float
    sd: float

    def __post_init__(self) -> None:
        require_number(self.centre, "Normal.centre")
        require_number(self.sd, "Normal.sd", low=0.0)

    @property
    def mean(self) -> float:
        """The centre."""
        return float(self.centre)

    def ppf(self, u: ArrayLike) -> Floats:
        """Return centre + sd z(u)."""
        return np.asarray(self.centre + self.sd * _ndtri(u))


@dataclass(frozen=True)
class LogNormal(Uncertain):
    """Positive number with `median` and log standard deviation `sigma`."""

    median: float
    sigma: float

    def __post_init__(self) -> None:
        require_number(self.median, "LogNormal.median", low=0.0, open_low=True)
        require_number(self.sigma, "LogNormal.sigma", low=0.0)

    @property
    def mean(self) -> float:
        """Median times exp(sigma²/2)."""
        return self.median * math.exp(self.sigma**2 / 2)

    def ppf(self, u: ArrayLike) -> Floats:
        """Return median exp(sigma z(u))."""
        return np.asarray(self.median * np.exp(self.sigma * _ndtri(u)))


@dataclass(frozen=True)
class Beta(Uncertain):
    """A share with `a` successes and `b` failures behind it."""

    a: float
    b: float

    def __post_init__(self) -> None:
        require_number(self.a, "Beta.a", low=0.0, open_low=True)
        require_number(self.b, "Beta.b", low=0.0, open_low=True)

    @property
    def mean(self) -> float:
        """a / (a + b)."""
        return self.a / (self.a + self.b)

    def ppf(self, u: ArrayLike) -> Floats:
        """Invert the regularised incomplete beta function."""
        from scipy.special import betaincinv

        return np.asarray(betaincinv(self.a, self.b, np.asarray(u, float)))


@dataclass(frozen=True)
class Empirical(Uncertain):
    """Draws from a posterior; parameters naming the same `joint` take the same draw, so dependence survives."""

    draws: tuple[float, ...]
    joint: str = ""

    def __post_init__(self) -> None:
        if not self.draws:
            raise EcomsimError(
                "Empirical.draws", "no draws", "at least one number", "Give the posterior's draws"
            )
        array = np.asarray(self.draws, float)
        if not np.isfinite(array).all():
            raise EcomsimError(
                "Empirical.draws", "NaN or infinite draws", "finite numbers", "Drop the failed draws"
            )
        object.__setattr__(self, "draws", tuple(array.tolist()))

    @property
    def mean(self) -> float:
        """Average draw."""
        return float(np.mean(self.draws))

    @property
    def group(self) -> str:
        """The joint posterior's name."""
        return self.joint

    def ppf(self, u: ArrayLike) -> Floats:
        """Return draw number floor(u n): an index when `joint`, an ordered quantile otherwise."""
        table = np.asarray(self.draws) if self.joint else _sorted_draws(self.draws)
        index = np.minimum((np.asarray(u, float) * len(table)).astype(np.int64), len(table) - 1)
        return np.asarray(table[index])

    def interval(self, share: float = 0.9) -> tuple[float, float]:
        """Return the central interval of the draws."""
        low, high = np.quantile(self.draws, [(1 - share) / 2, (1 + share) / 2])
        return float(low), float(high)

    def __repr__(self) -> str:
        low, high = self.interval(0.9)
        return f"Empirical({self.mean:.6g}, 9 in 10 from {low:.6g} to {high:.6g}, {len(self.draws)} draws)"


@dataclass(frozen=True)
class Linear(Uncertain):
    """`factor` x + `offset` of another uncertain number: what Scale and Shift make."""

    base: Uncertain
    factor: float
    offset: float

    @property
    def mean(self) -> float:
        """Linear image of the base's mean."""
        return self.factor * self.base.mean + self.offset

    @property
    def group(self) -> str:
        """The base's shared uniform."""
        return self.base.group

    def ppf(self, u: ArrayLike) -> Floats:
        """Map the base's draw: the same uniform gives the same draw, also for a negative factor."""
        return np.asarray(self.factor * self.base.ppf(u) + self.offset)

    def interval(self, share: float = 0.9) -> tuple[float, float]:
        """Return the base's interval, mapped and ordered."""
        ends = sorted(self.factor * x + self.offset for x in self.base.interval(share))
        return ends[0], ends[1]


def mean_of(value: Number) -> float:
    """Return the expected value of a plain or uncertain number."""
    return value.mean if isinstance(value, Uncertain) else float(value)


def ppf_of(value: Number, u: ArrayLike) -> Floats:
    """Return draws of a plain or uncertain number at the uniforms `u`."""
    return value.ppf(u) if isinstance(value, Uncertain) else np.full(np.shape(u), float(value))


def correlate(uniforms: Floats, matrix: ArrayLike, names: Sequence[str]) -> Floats:
    """Tie independent uniforms together by a Gaussian copula.

    Parameters
    ----------
    uniforms : (n, p) array in (0, 1)
    matrix : (p, p) correlation matrix
    names : the p parameters, for the error message

    Returns
    -------
    (n, p) array of uniforms whose normal scores have correlation `matrix`.

    Raises
    ------
    EcomsimError
        If the matrix is not symmetric with unit diagonal, or not positive semi-definite.
    """
    corr = np.asarray(matrix, float)
    where = "correlations of " + ", ".join(names)
    if (
        corr.shape != (len(names), len(names))
        or not np.allclose(corr, corr.T)
        or not np.allclose(np.diag(corr), 1)
    ):
        raise EcomsimError(
            where, f"a {corr.shape} matrix", "a symmetric matrix with ones on its diagonal", ""
        )
    values, vectors = np.linalg.eigh(corr)
    if values.min() < -1e-9:
        worst = names[int(np.argmax(np.abs(vectors[:, 0])))]
        raise EcomsimError(
            where,
            f"not positive semi-definite (smallest eigenvalue {values.min():.3g})",
            "correlations that can hold together",
            f"Weaken the correlations of '{worst}'",
        )
    root = np.linalg.cholesky(corr) if values.min() > 1e-12 else vectors * np.sqrt(np.maximum(values, 0))
    z = _ndtri(uniforms) @ root.T
    from scipy.special import ndtr

    return np.asarray(ndtr(z))


def _ndtri(u: ArrayLike) -> Floats:
    from scipy.special import ndtri

    return np.asarray(ndtri(np.asarray(u, float)))


@lru_cache(maxsize=4096)
def _sorted_draws(draws: tuple[float, ...]) -> Floats:
    return np.sort(np.asarray(draws))


def _ordered(kind: str, **points: float) -> None:
    last_name, last = "", -math.inf
    for name, value in points.items():
        number = require_number(value, f"{kind}.{name}")
        if number < last:
            raise EcomsimError(
                f"{kind}.{name}", f"{number:g} below {last_name} {last:g}", "ascending points", "Swap"
            )
        last_name, last = name, number
