"""How demand answers to money and reputation: carry-over, saturation, commission, score; curves as tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ecomsim.checks import EcomsimError, require_number
from ecomsim.formulas.arrays import Floats, checked

__all__ = [
    "Table",
    "adstock",
    "commission_response",
    "hill",
    "paid_response",
    "score_effect",
    "tabulate",
]


def adstock(spend: ArrayLike, alpha: float, *, before: ArrayLike = 0.0) -> Floats:
    """Return spend with carry-over, ``a[d] = x[d] + alpha a[d-1]``; last axis = day.

    Parameters
    ----------
    spend : array_like
        Money a day, at least 0.
    alpha : float
        Share carried to the next day, 0 up to but not 1. Zero gives back `spend` itself.
    before : array_like
        Carried-over spend of the day before the first; shape without the day axis.

    Examples
    --------
    >>> adstock([100, 0, 0], 0.5)
    array([100.,  50.,  25.])
    """
    x = checked(spend, "spend", low=0, unit="yuan")
    keep = require_number(alpha, "alpha", low=0, high=1)
    if keep == 1.0:
        raise EcomsimError("alpha", "1", "a fraction below 1", "Nothing would ever fade")
    carried = np.broadcast_to(checked(before, "before", low=0, unit="yuan"), x.shape[:-1])
    out = np.empty(x.shape)
    for d in range(x.shape[-1]):
        carried = x[..., d] + keep * carried
        out[..., d] = carried
    return out


def hill(x: ArrayLike, kappa: ArrayLike, n: ArrayLike = 1.0) -> Floats:
    """Return ``x^n / (x^n + kappa^n)``: 0 at 0 exactly, one half at kappa, 1 far above.

    Parameters
    ----------
    x : array_like
        Carried-over spend, at least 0.
    kappa : array_like
        Half-saturation point in the unit of x, above 0.
    n : array_like
        Steepness, above 0.

    Examples
    --------
    >>> hill([0, 50, 150], 50)
    array([0.  , 0.5 , 0.75])
    """
    value = checked(x, "x", low=0)
    half = checked(kappa, "kappa", low=0, open_low=True)
    power = checked(n, "n", low=0, open_low=True)
    with np.errstate(divide="ignore", over="ignore"):
        return np.asarray(1.0 / (1.0 + (half / value) ** power))


def paid_response(
    spend: ArrayLike,
    *,
    observed_spend: float,
    observed_visitors: float,
    alpha: float = 0.0,
    saturation: float = 1.0,
    n: float = 1.0,
    before: ArrayLike | None = None,
) -> Floats:
    """Return paid visitors a day: saturating, carried over, through the observed point.

    Parameters
    ----------
    spend : array_like
        Yuan a day; last axis = day. Zero spend with nothing carried over gives exactly 0.
    observed_spend, observed_visitors : float
        Spend and visitors of a usual day, where the curve passes when that spend is kept up.
    alpha : float
        Carry-over a day.
    saturation : float
        Half-saturation point as a multiple of the observed carried-over spend.
    n : float
        Steepness.
    before : array_like, optional
        Carried-over spend of the day before; default: the observed spend kept up, ``spend / (1 - alpha)``.

    Examples
    --------
    >>> paid_response([0, 500, 1000], observed_spend=500, observed_visitors=300, before=0)
    array([  0., 300., 400.])
    """
    usual = require_number(observed_spend, "observed_spend", low=0, open_low=True, unit="yuan a day")
    visitors = require_number(observed_visitors, "observed_visitors", low=0, unit="visitors a day")
    ratio = require_number(saturation, "saturation", low=0, open_low=True)
    steady = usual / (1 - require_number(alpha, "alpha", low=0, high=0.999))
    carried = adstock(spend, alpha, before=steady if before is None else before)
    return visitors * hill(carried, ratio * steady, n) / hill(steady, ratio * steady, n)


def commission_response(rate: ArrayLike, reference: float, elasticity: ArrayLike) -> Floats:
    """Return the multiplier of affiliate traffic, ``(rate / reference)^elasticity``.

    Parameters
    ----------
    rate : array_like
        Commission as a fraction, 0 to 1; zero brings nobody while the elasticity is above 0.
    reference : float
        Commission at which the multiplier is 1.
    elasticity : array_like
        At least 0; zero means the rate does not matter.

    Examples
    --------
    >>> commission_response([0, 0.05, 0.10], 0.05, 0.5).round(3)
    array([0.   , 1.   , 1.414])
    """
    paid = checked(rate, "rate", low=0, high=1)
    ref = require_number(reference, "reference", low=0, high=1, open_low=True)
    return np.asarray((paid / ref) ** checked(elasticity, "elasticity", low=0))


def score_effect(
    score: ArrayLike, reference: float, beta: float, *, low: float = 0.5, high: float = 2.0
) -> Floats:
    """Return the multiplier of tomorrow's traffic or conversion: ``exp(beta (score - ref))``, clipped.

    Examples
    --------
    >>> score_effect([4.8, 4.9, 0.0], 4.8, 2.0).round(4)
    array([1.    , 1.2214, 0.5   ])
    """
    value = checked(score, "score")
    least = require_number(low, "low", low=0, high=1)
    most = require_number(high, "high", low=1)
    exponent = require_number(beta, "beta") * (value - require_number(reference, "reference"))
    return np.asarray(np.clip(np.exp(np.minimum(exponent, 700.0)), least, most))


@dataclass(frozen=True)
class Table:
    """A curve sampled once, looked up by linear interpolation; outside [low, high] the end's value.

    `values` has one entry more than points, a copy of the last, so that a kernel may read entry i + 1.
    """

    low: float
    high: float
    values: Floats

    @property
    def scale(self) -> float:
        """Cells per unit of x: the position of x is ``(x - low) * scale``."""
        return (self.values.size - 2) / (self.high - self.low)

    def __call__(self, x: ArrayLike) -> Floats:
        """Return the curve at x, any shape."""
        position = np.clip(
            (np.asarray(x, dtype=np.float64) - self.low) * self.scale, 0.0, self.values.size - 2
        )
        i = position.astype(np.int64)
        part = position - i
        return np.asarray(self.values[i] * (1 - part) + self.values[i + 1] * part)


def tabulate(curve: Callable[[Floats], ArrayLike], low: float, high: float, n: int = 4097) -> Table:
    """Sample a curve of one variable at n even points, so that kernels need no Python of the user's.

    Parameters
    ----------
    curve : callable
        Takes an array, returns one of the same shape.
    low, high : float
        Range sampled.

    Raises
    ------
    EcomsimError
        When the curve fails, changes the shape or is not finite, naming the first x.

    Examples
    --------
    >>> float(tabulate(np.sqrt, 0.0, 4.0)(1.0))
    1.0
    """
    require_number(low, "tabulate.low")
    require_number(high, "tabulate.high", low=low, open_low=True)
    if n < 2:
        raise EcomsimError("tabulate.n", str(n), "at least 2 points", "Leave it at 4097")
    x = np.linspace(low, high, n)
    name = getattr(curve, "__name__", type(curve).__name__)
    values = np.asarray(curve(x), dtype=np.float64)
    if values.shape != x.shape:
        raise EcomsimError(
            f"curve '{name}'", f"shape {values.shape}", f"shape {x.shape}", "Return one value a point"
        )
    bad = ~np.isfinite(values)
    if bad.any():
        at = float(x[bad][0])
        raise EcomsimError(
            f"curve '{name}'",
            f"{values[bad][0]} at {at:g}",
            "finite values",
            "Mend the curve or narrow the range",
        )
    padded = np.append(values, values[-1])
    padded.setflags(write=False)
    return Table(float(low), float(high), padded)
