"""What slow answers cost: relative conversion of enquirers by first response time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from ecomsim.checks import EcomsimError, require_number
from ecomsim.formulas.arrays import Floats, checked

__all__ = ["AnswerCurve", "AnswerPoints", "ExponentialAnswer"]


class AnswerCurve(Protocol):
    """Relative conversion of enquirers by first response time: 1 at zero seconds, never rising."""

    @property
    def unanswered(self) -> float:
        """Relative conversion of enquirers nobody answers, g(infinity)."""

    def __call__(self, first_response_s: ArrayLike) -> Floats:
        """Return g at these seconds."""


@dataclass(frozen=True)
class ExponentialAnswer:
    """``g = floor + (1 - floor) 2^(-(t - grace) / half_life)``, 1 within the grace time.

    Attributes
    ----------
    half_life_s : seconds in which what can be lost halves.
    floor : relative conversion of those never answered, 0 to 1.
    grace_s : seconds nobody minds.

    Examples
    --------
    >>> ExponentialAnswer(60, floor=0.2, grace_s=10)([0, 10, 70, 1e9])
    array([1. , 1. , 0.6, 0.2])
    """

    half_life_s: float
    floor: float = 0.0
    grace_s: float = 0.0

    def __post_init__(self) -> None:
        require_number(self.half_life_s, "answer.half_life_s", low=0, open_low=True, unit="seconds")
        require_number(self.floor, "answer.floor", low=0, high=1)
        require_number(self.grace_s, "answer.grace_s", low=0, unit="seconds")

    @property
    def unanswered(self) -> float:
        """The floor."""
        return self.floor

    def __call__(self, first_response_s: ArrayLike) -> Floats:
        """Return g at these seconds."""
        late = np.maximum(
            checked(first_response_s, "first_response_s", low=0, unit="seconds") - self.grace_s, 0.0
        )
        return np.asarray(self.floor + (1 - self.floor) * np.exp2(-late / self.half_life_s))


@dataclass(frozen=True)
class AnswerPoints:
    """A store's own points (seconds, relative conversion), straight lines between, scaled to 1 at the first.

    Attributes
    ----------
    points : pairs, seconds rising from 0, conversion never rising.

    Examples
    --------
    >>> AnswerPoints(((0, 0.30), (60, 0.24), (300, 0.15)))([0, 30, 300, 9999])
    array([1. , 0.9, 0.5, 0.5])
    """

    points: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        seconds = checked([p[0] for p in self.points], "answer.points.seconds", low=0, unit="seconds")
        rates = checked([p[1] for p in self.points], "answer.points.conversion", low=0)
        if seconds.size == 0 or seconds[0] != 0 or (np.diff(seconds) <= 0).any():
            raise EcomsimError(
                "answer.points", str(seconds.tolist()), "seconds rising from 0", "Sort the points"
            )
        if rates[0] <= 0 or (np.diff(rates) > 0).any():
            raise EcomsimError(
                "answer.points",
                str(rates.tolist()),
                "conversion above 0 that never rises",
                "Pool noisy neighbours",
            )

    @property
    def unanswered(self) -> float:
        """The last point's conversion."""
        return float(self.points[-1][1] / self.points[0][1])

    def __call__(self, first_response_s: ArrayLike) -> Floats:
        """Return g at these seconds; beyond the last point it stays."""
        t = checked(first_response_s, "first_response_s", low=0, unit="seconds")
        return np.asarray(
            np.interp(t, [p[0] for p in self.points], [p[1] / self.points[0][1] for p in self.points])
        )
