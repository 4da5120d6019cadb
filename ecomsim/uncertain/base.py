"""What an uncertain number is, the two plainest ones, and how a plain number joins in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecomsim.checks import require_number

__all__ = ["Fixed", "Floats", "Linear", "Number", "Uncertain", "mean_of", "ppf_of"]

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
