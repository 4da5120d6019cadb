"""Baskets before and at the till: how values spread, who tops up to a threshold, what each value pays."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from ecomsim.checks import EcomsimError, require_number
from ecomsim.formulas.arrays import Floats, Ints
from ecomsim.formulas.money import NEVER
from ecomsim.formulas.price_arrays import Mechanics, priced_parts

__all__ = ["Family", "TopUp", "log_sd", "outcomes", "threshold_cuts", "weights"]

Family = Literal["lognormal", "gamma"]

_MOST_CUTS = 400


@dataclass(frozen=True)
class TopUp:
    """How buyers react to a threshold just out of reach (bunching).

    Attributes
    ----------
    share : fraction of the buyers within reach who add goods to get there.
    reach : how far below a threshold that is, as a fraction of it (of the step, where it repeats).
    overshoot : list value beyond the threshold they end at, fen.
    """

    share: float = 0.0
    reach: float = 0.2
    overshoot: int = 0

    def __post_init__(self) -> None:
        require_number(self.share, "top_up.share", low=0, high=1)
        require_number(self.reach, "top_up.reach", low=0, high=1)
        require_number(self.overshoot, "top_up.overshoot", low=0, unit="fen")


def outcomes(values: Ints, mechanics: Mechanics, top_up: TopUp, member: bool) -> Floats:
    """Return rows (base, gross, paid, platform pays, shipping, threshold, coupon, topped) per value."""
    stay = _rows(values, mechanics, member)
    topped = np.zeros(values.size)
    if top_up.share > 0:
        cuts, reach = threshold_cuts(int(values.max()), mechanics, member)
        if cuts.size:
            following = np.minimum(np.searchsorted(cuts, values, side="right"), cuts.size - 1)
            goal = cuts[following]
            near = (goal > values) & (goal - values <= top_up.reach * reach[following])
            topped = np.where(near, top_up.share, 0.0)
            up = _rows(cuts + top_up.overshoot, mechanics, member)[:, following]
            stay = (1 - topped) * stay + topped * up
    return np.vstack([values, stay, topped])


def _rows(values: Ints, mechanics: Mechanics, member: bool) -> Floats:
    parts = priced_parts(values, mechanics, member=member)
    return np.array(
        [
            parts.list_total,
            parts.paid,
            parts.platform_pays,
            parts.shipping,
            parts.threshold_discount > 0,
            parts.shop_coupon + parts.platform_coupon > 0,
        ],
        dtype=np.float64,
    )


def threshold_cuts(most: int, mechanics: Mechanics, member: bool) -> tuple[Ints, Floats]:
    """Return the least list values reaching each threshold up to `most`, rising, and the reach's scale.

    The value a threshold is tested on grows by at most one fen a fen, so adding what is missing to a value
    too low never oversteps the least solution.
    """
    tested = priced_parts(np.zeros(1, dtype=np.int64), mechanics, member=member).bases
    goals, scale, which = [], [], []
    for index, (at, step, _) in enumerate(tested):
        if 0 < at < NEVER:
            count = max(1, min(most // step, _MOST_CUTS)) if step else 1
            goals.append(at + np.arange(count) * step)
            scale.append(np.full(count, float(step or at)))
            which.append(np.full(count, index))
    if not goals:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    goal, reach, offer = np.concatenate(goals), np.concatenate(scale), np.concatenate(which)
    # A first guess surely not above the solution: undo the item rates alone, less what rounding may add.
    left = (
        1.0
        if "list" in (mechanics.rules.shipping_basis, *dict(mechanics.rules.basis).values())
        else _left_by_rates(mechanics)
    )
    value = np.maximum(goal, np.floor(goal / left).astype(np.int64) - 2 - 2 * len(mechanics.offers.items))
    column = np.arange(goal.size)
    for _ in range(80):
        bases = np.stack([b for _, _, b in priced_parts(value, mechanics, member=member).bases])
        missing = np.maximum(goal - bases[offer, column], 0)
        if not missing.any():
            break
        value = np.minimum(value + missing, 4 * most)  # an amount off may put a goal out of any reach
    fine = (missing == 0) & (value <= 2 * most)
    order = np.lexsort((reach[fine], value[fine]))
    cuts, last = value[fine][order], reach[fine][order]
    keep = np.append(np.diff(cuts) > 0, True) if cuts.size else np.zeros(0, dtype=bool)
    return cuts[keep], last[keep]


def _left_by_rates(mechanics: Mechanics) -> float:
    """Return the fraction of the list price that the item rates leave, amounts off not counted."""
    rules = mechanics.rules
    rates = [d.rate for d in mechanics.offers.items]
    if rules.combine == "add":
        left = 1 - sum(rates)
    elif rules.combine == "multiply":
        left = math.prod(1 - r for r in rates)
    else:
        left = 1 - max(rates, default=0.0)
    return max(left, 1 - rules.item_cap, 0.01)


@lru_cache(maxsize=64)
def weights(cv: float, family: Family, h: float) -> tuple[float, Floats]:
    """Return the log of value over mean where cells of width h start, and each cell's probability."""
    sigma = log_sd(cv, family)
    if family == "lognormal":
        centre, half = -(sigma**2) / 2, 5.5 * sigma
        lower, upper = centre - half, centre + half
    else:
        from scipy.special import gammainc, gammaincinv

        shape = 1 / cv**2
        lower = max(math.log(max(float(gammaincinv(shape, 1e-8)), 1e-300) / shape), -12.0)
        upper = math.log(float(gammaincinv(shape, 1 - 1e-9)) / shape)
    n = max(1, math.ceil((upper - lower) / h))
    edges = lower + h * np.arange(n + 1)
    if family == "lognormal":
        scaled = (edges - centre) / (sigma * math.sqrt(2))
        cdf = np.array([0.5 * math.erfc(-z) for z in scaled.tolist()])
    else:
        cdf = np.asarray(gammainc(shape, shape * np.exp(edges)))
    mass = np.diff(cdf)
    return lower, mass / mass.sum()


def log_sd(cv: float, family: Family) -> float:
    """Return the standard deviation of the log of a lognormal with this coefficient of variation."""
    require_number(cv, "cv", low=0.01, high=10, remedy="Basket values vary: .4 to 1.2 is usual")
    if family not in ("lognormal", "gamma"):
        raise EcomsimError("family", repr(family), "'lognormal' or 'gamma'", "Choose one of the two")
    return math.sqrt(math.log1p(cv * cv))
