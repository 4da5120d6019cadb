"""How long customers wait before they give up: several shapes, each with its integral in closed form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ecomsim.checks import EcomsimError, require_number
from ecomsim.formulas.arrays import Floats, checked

__all__ = [
    "ExponentialPatience",
    "FixedPatience",
    "LogNormalPatience",
    "MixedPatience",
    "Patience",
    "PatiencePoints",
    "WeibullPatience",
]


class Patience(Protocol):
    """Patience of customers, in seconds."""

    @property
    def knots_s(self) -> tuple[float, ...]:
        """Seconds at which `stay` jumps or bends."""

    def stay(self, seconds: Floats) -> Floats:
        """Return the share still waiting after so many seconds, P(T > t); never rising, 0 in the end."""

    def stayed_s(self, seconds: Floats) -> Floats:
        """Return the mean of min(T, t), the integral of `stay`."""


@dataclass(frozen=True)
class ExponentialPatience:
    """Customers give up at a constant rate: Erlang A.

    Attributes
    ----------
    mean_s : mean patience in seconds.
    """

    mean_s: float

    def __post_init__(self) -> None:
        require_number(self.mean_s, "patience.mean_s", low=0, open_low=True, unit="seconds")

    @property
    def knots_s(self) -> tuple[float, ...]:
        """None: the shape is smooth."""
        return ()

    def stay(self, seconds: Floats) -> Floats:
        """Return exp(-t / mean)."""
        return np.asarray(np.exp(-seconds / self.mean_s))

    def stayed_s(self, seconds: Floats) -> Floats:
        """Return the integral of `stay`."""
        return np.asarray(-self.mean_s * np.expm1(-seconds / self.mean_s))


@dataclass(frozen=True)
class WeibullPatience:
    """Patience that wears out (shape above 1) or hardens (below 1).

    Attributes
    ----------
    mean_s : mean patience in seconds.
    shape : 1 is exponential.
    """

    mean_s: float
    shape: float

    def __post_init__(self) -> None:
        require_number(self.mean_s, "patience.mean_s", low=0, open_low=True, unit="seconds")
        require_number(self.shape, "patience.shape", low=0.2, high=20)

    @property
    def knots_s(self) -> tuple[float, ...]:
        """None: the shape is smooth."""
        return ()

    def _power(self, seconds: Floats) -> Floats:
        from scipy.special import gamma

        return np.asarray((seconds * gamma(1 + 1 / self.shape) / self.mean_s) ** self.shape)

    def stay(self, seconds: Floats) -> Floats:
        """Return exp(-(t / scale)^shape)."""
        return np.asarray(np.exp(-self._power(seconds)))

    def stayed_s(self, seconds: Floats) -> Floats:
        """Return mean times the incomplete gamma function of 1 / shape."""
        from scipy.special import gammainc

        return np.asarray(self.mean_s * gammainc(1 / self.shape, self._power(seconds)))


@dataclass(frozen=True)
class LogNormalPatience:
    """Patience skewed to the right, as logs of telephone queues show it.

    Attributes
    ----------
    mean_s : mean patience in seconds.
    cv : standard deviation over mean, above 0.
    """

    mean_s: float
    cv: float

    def __post_init__(self) -> None:
        require_number(self.mean_s, "patience.mean_s", low=0, open_low=True, unit="seconds")
        require_number(self.cv, "patience.cv", low=0, open_low=True, high=10)

    @property
    def knots_s(self) -> tuple[float, ...]:
        """None: the shape is smooth."""
        return ()

    def _scores(self, seconds: Floats) -> tuple[Floats, float]:
        sigma = float(np.sqrt(np.log1p(self.cv**2)))
        with np.errstate(divide="ignore"):
            return np.asarray((np.log(seconds / self.mean_s) + sigma**2 / 2) / sigma), sigma

    def stay(self, seconds: Floats) -> Floats:
        """Return the normal tail of the log."""
        from scipy.special import ndtr

        return np.asarray(ndtr(-self._scores(seconds)[0]))

    def stayed_s(self, seconds: Floats) -> Floats:
        """Return ``mean Phi(z - sigma) + t Phi(-z)``."""
        from scipy.special import ndtr

        z, sigma = self._scores(seconds)
        return np.asarray(self.mean_s * ndtr(z - sigma) + seconds * ndtr(-z))


@dataclass(frozen=True)
class FixedPatience:
    """Everybody waits exactly so long: a queue that hangs up, or a promise after which the chat is closed.

    Attributes
    ----------
    mean_s : seconds.
    """

    mean_s: float

    def __post_init__(self) -> None:
        require_number(self.mean_s, "patience.mean_s", low=0, open_low=True, unit="seconds")

    @property
    def knots_s(self) -> tuple[float, ...]:
        """The moment all give up."""
        return (self.mean_s,)

    def stay(self, seconds: Floats) -> Floats:
        """Return 1 before, 0 after."""
        return np.where(seconds < self.mean_s, 1.0, 0.0)

    def stayed_s(self, seconds: Floats) -> Floats:
        """Return min(t, patience)."""
        return np.asarray(np.minimum(seconds, self.mean_s))


@dataclass(frozen=True)
class MixedPatience:
    """Several kinds of customers, each with a patience of their own.

    Attributes
    ----------
    parts : pairs (share, patience), shares summing to 1.
    """

    parts: tuple[tuple[float, Patience], ...]

    def __post_init__(self) -> None:
        shares = checked([share for share, _ in self.parts], "patience.parts.share", low=0, high=1)
        if abs(float(shares.sum()) - 1) > 1e-9:
            raise EcomsimError(
                "patience.parts", f"shares summing to {shares.sum():g}", "shares summing to 1", "Scale them"
            )

    @property
    def knots_s(self) -> tuple[float, ...]:
        """The knots of all parts."""
        return tuple(sorted({knot for _, part in self.parts for knot in part.knots_s}))

    def stay(self, seconds: Floats) -> Floats:
        """Return the weighted share."""
        return np.asarray(sum(share * part.stay(seconds) for share, part in self.parts))

    def stayed_s(self, seconds: Floats) -> Floats:
        """Return the weighted integral."""
        return np.asarray(sum(share * part.stayed_s(seconds) for share, part in self.parts))


@dataclass(frozen=True)
class PatiencePoints:
    """A store's own survival curve, straight lines between its points.

    Attributes
    ----------
    points : pairs (seconds, share still waiting), seconds rising from 0; the first share may be below 1 (some
        leave at once), the last must be 0.

    Examples
    --------
    >>> curve = PatiencePoints(((0, 1.0), (60, 0.5), (300, 0.0)))
    >>> curve.stay(np.array([30.0, 180.0])), float(curve.stayed_s(np.array(300.0)))
    (array([0.75, 0.25]), 105.0)
    """

    points: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        seconds = checked([p[0] for p in self.points], "patience.points.seconds", low=0, unit="seconds")
        share = checked([p[1] for p in self.points], "patience.points.share", low=0, high=1)
        if seconds.size < 2 or seconds[0] != 0 or (np.diff(seconds) <= 0).any():
            raise EcomsimError("patience.points", str(seconds.tolist()), "seconds rising from 0", "Sort them")
        if (np.diff(share) > 0).any() or share[-1] != 0:
            raise EcomsimError(
                "patience.points",
                str(share.tolist()),
                "shares that never rise and end at 0",
                "Add an end point",
            )

    @property
    def knots_s(self) -> tuple[float, ...]:
        """The points."""
        return tuple(p[0] for p in self.points)

    def stay(self, seconds: Floats) -> Floats:
        """Return the share by straight lines."""
        return np.asarray(np.interp(seconds, self.knots_s, [p[1] for p in self.points]))

    def stayed_s(self, seconds: Floats) -> Floats:
        """Return the area under the lines."""
        at, share = np.array(self.knots_s), np.array([p[1] for p in self.points])
        area = np.concatenate([[0.0], np.cumsum(np.diff(at) * (share[1:] + share[:-1]) / 2)])
        t = np.minimum(seconds, at[-1])
        i = np.clip(np.searchsorted(at, t, side="right") - 1, 0, at.size - 2)
        return np.asarray(area[i] + (t - at[i]) * (share[i] + self.stay(t)) / 2)
