"""The distributions a planner or a calibration gives a number."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from ecomsim.checks import EcomsimError, require_number
from ecomsim.uncertain.base import Floats, Uncertain
from ecomsim.uncertain.inverse import beta_quantiles, beta_series

__all__ = ["Beta", "Empirical", "LogNormal", "Normal", "Triangular", "Uniform"]


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
        """Invert the regularised incomplete beta function, by a series made once (relative error about 1e-11)."""
        return beta_quantiles(self.a, self.b, self._series, np.asarray(u, float))

    @cached_property
    def _series(self) -> Floats | None:
        return beta_series(self.a, self.b)


@dataclass(frozen=True)
class Empirical(Uncertain):
    """Draws from a posterior; parameters of the same `joint` take the same draw, so dependence survives."""

    draws: tuple[float, ...]
    joint: str = ""

    def __post_init__(self) -> None:
        try:
            array = np.asarray(self.draws, float)
        except (TypeError, ValueError):
            raise EcomsimError(
                "Empirical.draws", repr(self.draws)[:80], "finite numbers", "Give the posterior's draws"
            ) from None
        if array.ndim != 1:
            raise EcomsimError(
                "Empirical.draws", f"{array.ndim} dimensions", "one list of numbers", "Flatten it"
            )
        if array.size == 0:
            raise EcomsimError(
                "Empirical.draws", "no draws", "at least one number", "Give the posterior's draws"
            )
        if not np.isfinite(array).all():
            raise EcomsimError(
                "Empirical.draws", "NaN or infinite draws", "finite numbers", "Drop the failed draws"
            )
        object.__setattr__(self, "draws", tuple(array.tolist()))

    @cached_property
    def mean(self) -> float:
        """Average draw."""
        return float(np.mean(self.draws))

    @cached_property
    def _table(self) -> Floats:
        """The draws as an array: in their own order when `joint`, else sorted."""
        table = np.asarray(self.draws)
        return table if self.joint else np.sort(table)

    @property
    def group(self) -> str:
        """The joint posterior's name."""
        return self.joint

    def ppf(self, u: ArrayLike) -> Floats:
        """Return draw number floor(u n): an index when `joint`, an ordered quantile otherwise."""
        table = self._table
        index = np.minimum((np.asarray(u, float) * len(table)).astype(np.int64), len(table) - 1)
        return np.asarray(table[index])

    def interval(self, share: float = 0.9) -> tuple[float, float]:
        """Return the central interval of the draws."""
        low, high = np.quantile(self.draws, [(1 - share) / 2, (1 + share) / 2])
        return float(low), float(high)

    def __repr__(self) -> str:
        low, high = self.interval(0.9)
        return f"Empirical({self.mean:.6g}, 9 in 10 from {low:.6g} to {high:.6g}, {len(self.draws)} draws)"


def _ndtri(u: ArrayLike) -> Floats:
    from scipy.special import ndtri

    return np.asarray(ndtri(np.asarray(u, float)))


def _ordered(kind: str, **points: float) -> None:
    last_name, last = "", -math.inf
    for name, value in points.items():
        number = require_number(value, f"{kind}.{name}")
        if number < last:
            raise EcomsimError(
                f"{kind}.{name}", f"{number:g} below {last_name} {last:g}", "ascending points", "Swap"
            )
        last_name, last = name, number
