"""What thresholds and coupons do to basket values: who reaches them, who tops up to them, what it costs."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from ecomsim.checks import EcomsimError, require_number
from ecomsim.formulas.arrays import Floats, Ints, checked
from ecomsim.formulas.basket_values import Family, TopUp, log_sd, outcomes, weights
from ecomsim.formulas.price_arrays import Mechanics

__all__ = ["BasketEffect", "BasketTable", "TopUp", "basket_effect", "basket_quantiles", "basket_table"]

_SUB = 2  # values priced in each cell of the value grid


@dataclass(frozen=True)
class BasketEffect:
    """Per buyer, at each mean basket value; money in fen as means, shares as fractions of buyers.

    ``gross = mean + uplift`` and ``paid = gross - discount``.

    Attributes
    ----------
    mean : list value of a basket before anyone tops up.
    gross : list value after topping up.
    paid : what buyers pay for the goods.
    discount : everything off.
    platform_pays : part of it the platform refunds.
    shipping : freight buyers pay.
    uplift : list value added by topping up.
    threshold_share, coupon_share, topped_share : buyers with a threshold discount, with a coupon, topping up.
    """

    mean: Floats
    gross: Floats
    paid: Floats
    discount: Floats
    platform_pays: Floats
    shipping: Floats
    uplift: Floats
    threshold_share: Floats
    coupon_share: Floats
    topped_share: Floats

    @property
    def paid_ratio(self) -> Floats:
        """Paid over gross list value."""
        return self.paid / self.gross


@dataclass(frozen=True)
class BasketTable:
    """`BasketEffect` at means evenly spaced in logs, looked up linearly in the log of the mean."""

    log_low: float
    log_step: float
    effect: BasketEffect

    def at(self, mean: ArrayLike) -> BasketEffect:
        """Return the effect at these means (fen); amounts are interpolated as ratios to the mean.

        Beyond the table's ends the ratios of its ends hold.
        """
        m = checked(mean, "mean", low=0, open_low=True, unit="fen")
        last = self.effect.mean.size - 1
        x = np.clip((np.log(m) - self.log_low) / self.log_step, 0, last)
        i = np.minimum(x.astype(np.int64), last - 1)
        f = x - i
        out: dict[str, Floats] = {}
        for item in fields(BasketEffect):
            table = getattr(self.effect, item.name)
            if item.name.endswith("_share"):
                out[item.name] = np.asarray(table[i] * (1 - f) + table[i + 1] * f)
            else:
                ratio = table / self.effect.mean
                out[item.name] = np.asarray((ratio[i] * (1 - f) + ratio[i + 1] * f) * m)
        return BasketEffect(**out)


def basket_quantiles(mean: float, cv: float, n: int, family: Family = "lognormal") -> Ints:
    """Return n equally likely basket values (midpoint quantiles), whole fen, rising.

    Parameters
    ----------
    mean : float
        Mean value in fen; the values are scaled so that theirs is it (up to rounding).
    cv : float
        Coefficient of variation, above 0.

    Examples
    --------
    >>> basket_quantiles(30000, 0.5, 5)
    array([15053, 21525, 27576, 35328, 50518])
    """
    from scipy.special import gammaincinv, ndtri

    require_number(mean, "mean", low=0, open_low=True, unit="fen")
    sigma = log_sd(cv, family)
    u = (np.arange(n) + 0.5) / n
    q = np.exp(sigma * ndtri(u)) if family == "lognormal" else gammaincinv(1 / cv**2, u)
    scaled = q * (mean / q.mean())
    edges = np.rint(np.cumsum(scaled)).astype(np.int64)
    return np.asarray(np.sort(np.diff(edges, prepend=0)))


def basket_effect(
    mean: float,
    mechanics: Mechanics,
    cv: float,
    top_up: TopUp | None = None,
    *,
    member_share: float = 0.0,
    family: Family = "lognormal",
) -> BasketEffect:
    """Return the effect at one mean basket value (fen); arrays of length 1."""
    require_number(mean, "mean", low=0, open_low=True, unit="fen")
    return _effects(math.log(mean), 0.004, 1, 1, mechanics, cv, top_up or TopUp(), member_share, family)


def basket_table(
    mechanics: Mechanics,
    cv: float,
    top_up: TopUp | None = None,
    *,
    member_share: float = 0.0,
    family: Family = "lognormal",
    low: float = 1_000.0,
    high: float = 1_000_000.0,
    points: int = 128,
) -> BasketTable:
    """Return the effect over mean basket values from `low` to `high` fen; pure, so it can be cached.

    Parameters
    ----------
    mechanics : Mechanics
        Rules and offers.
    cv : float
        Coefficient of variation of basket values.
    top_up : TopUp, optional
        Nobody tops up by default.
    member_share : float
        Fraction of buyers who are members.
    family : "lognormal" or "gamma"
        Shape of the distribution; both keep it when the mean moves, which is why one grid of values serves
        all means: means and values are evenly spaced in logs and the weights slide along.

    Examples
    --------
    >>> from ecomsim.formulas.price_offers import Offers, Threshold
    >>> from ecomsim.formulas.pricing import PriceRules
    >>> every300 = Offers(thresholds=(Threshold(((30000, 5000),), repeat=True),))
    >>> table = basket_table(Mechanics(PriceRules("x"), every300), 0.6, TopUp(0.3))
    >>> effect = table.at(20000)
    >>> bool(0.9 < effect.paid_ratio < 1), bool(effect.uplift > 0)
    (True, True)
    """
    require_number(low, "low", low=0, open_low=True, unit="fen")
    require_number(high, "high", low=low, open_low=True, unit="fen")
    if points < 2:
        raise EcomsimError("points", str(points), "a whole number of at least 2", "Leave it at 128")
    step = math.log(high / low) / (points - 1)
    stride = max(1, math.ceil(step / 0.02))
    effect = _effects(
        math.log(low), step / stride, stride, points, mechanics, cv, top_up or TopUp(), member_share, family
    )
    return BasketTable(math.log(low), step, effect)


def _effects(
    log_low: float,
    h: float,
    stride: int,
    points: int,
    mechanics: Mechanics,
    cv: float,
    top_up: TopUp,
    member_share: float,
    family: Family,
) -> BasketEffect:
    require_number(member_share, "member_share", low=0, high=1)
    start, weight = weights(cv, family, h)
    cells = (points - 1) * stride + weight.size
    sub = (np.arange(cells * _SUB) + 0.5) / _SUB * h
    values = np.rint(np.exp(log_low + start + sub)).astype(np.int64)
    rows = outcomes(values, mechanics, top_up, False)
    if member_share > 0:
        members = outcomes(values, mechanics, top_up, True)
        rows = (1 - member_share) * rows + member_share * members
    rows = rows.reshape(len(rows), cells, _SUB).mean(axis=2)
    windows = np.lib.stride_tricks.sliding_window_view(rows, weight.size, axis=1)[:, ::stride]
    base, gross, paid, platform, shipping, threshold, coupon, topped = np.ascontiguousarray(windows) @ weight
    # Whole-fen values have their own mean; what is reported is per buyer of exactly the mean asked for.
    mean = np.exp(log_low + np.arange(points) * stride * h)
    scale = mean / base
    return BasketEffect(
        mean=mean,
        gross=gross * scale,
        paid=paid * scale,
        discount=(gross - paid) * scale,
        platform_pays=platform * scale,
        shipping=shipping,
        uplift=(gross - base) * scale,
        threshold_share=threshold,
        coupon_share=coupon,
        topped_share=topped,
    )
