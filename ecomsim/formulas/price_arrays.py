"""Price many baskets at once: the vectorised form of `price_basket`, equal to it to the fen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ecomsim.checks import EcomsimError
from ecomsim.formulas.arrays import Ints, whole
from ecomsim.formulas.money import MILLION, ppm
from ecomsim.formulas.price_offers import Coupon, Offers, Threshold
from ecomsim.formulas.pricing import PriceRules

__all__ = ["Mechanics", "PricedBaskets", "price_baskets", "priced_parts"]


@dataclass(frozen=True)
class Mechanics:
    """Rules and offers for baskets known only by their value: every offer holds for the whole shop.

    Hashable, so tables made from it can be cached by it.
    """

    rules: PriceRules
    offers: Offers

    def __post_init__(self) -> None:
        for d in self.offers.items:
            if d.skus is not None:
                raise EcomsimError(
                    f"mechanics.items '{d.name}'",
                    f"a discount on {len(d.skus)} products",
                    "discounts on the whole shop",
                    "Put it into the products' prices, or price lines with price_basket",
                )


@dataclass(frozen=True)
class PricedBaskets:
    """The parts of each price, fen, all of the shape of the values given; see `PricedBasket`.

    `bases` holds, per offer with a threshold, (threshold in fen, step between repeats or 0, value tested).
    """

    list_total: Ints
    item_discount: Ints
    threshold_discount: Ints
    shop_coupon: Ints
    platform_coupon: Ints
    member: Ints
    paid: Ints
    shipping: Ints
    platform_pays: Ints
    bases: tuple[tuple[int, int, Ints], ...]


def price_baskets(values: ArrayLike, mechanics: Mechanics, *, member: bool = False) -> Ints:
    """Return what baskets of these list values (fen) cost: `price_basket` on one line each, at once.

    Parameters
    ----------
    values : array_like of int
        List values in fen, any shape.
    mechanics : Mechanics
        Rules and shop-wide offers.
    member : bool
        Whether the buyers are members.

    Examples
    --------
    >>> every300 = Offers(thresholds=(Threshold(((30000, 5000),), repeat=True),))
    >>> price_baskets([29999, 30000, 60000], Mechanics(PriceRules("x"), every300))
    array([29999, 25000, 50000])
    """
    return priced_parts(values, mechanics, member=member).paid


def priced_parts(
    values: ArrayLike, mechanics: Mechanics, *, member: bool = False, item_discount: ArrayLike | None = None
) -> PricedBaskets:
    """Return all parts of the prices of baskets given by list value.

    Parameters
    ----------
    values : array_like of int
        List values in fen, at least 0.
    item_discount : array_like of int, optional
        Item-level discount of each basket where it is known from its lines (their unit prices round one by
        one); otherwise the shop-wide item discounts are taken of the value.
    """
    total = whole(values, "values", low=0, unit="fen")
    rules, offers = mechanics.rules, mechanics.offers
    if item_discount is None:
        items = _item_discount(total, rules, offers)
    else:
        items = np.minimum(whole(item_discount, "item_discount", low=0, unit="fen"), total)
    after = total - items
    left = after
    zero = np.zeros_like(total)
    off = {"threshold": zero, "shop_coupon": zero, "platform_coupon": zero, "member": zero}
    bases: list[tuple[int, int, Ints]] = []

    def base(basis: str) -> Ints:
        return {"list": total, "after_items": after}.get(basis, left)

    def take(stage: str, wanted: Ints) -> None:
        nonlocal left
        amount = np.maximum(np.minimum(wanted, left - rules.least_paid), 0)
        left = left - amount
        off[stage] = off[stage] + amount

    for stage in rules.order[1:]:
        value = base(rules.basis_of(stage))
        if stage == "threshold":
            for threshold in offers.thresholds:
                value = base(rules.basis_of(stage))
                step = threshold.tiers[0][0] if threshold.repeat else 0
                bases += [(at, step, value) for at, _ in threshold.tiers]
                take(stage, _threshold_off(value, threshold))
        elif stage == "member":
            if member and offers.member is not None:
                wanted = _share(left, ppm(offers.member.rate), rules)
                take(stage, wanted if offers.member.cap is None else np.minimum(wanted, offers.member.cap))
        else:
            owner = stage.removesuffix("_coupon")
            hand = [c for c in offers.coupons if c.owner == owner and (member or not c.member_only)]
            bases += [(c.at, 0, value) for c in hand]
            picks = min(rules.coupons_of(owner), len(hand))
            held = np.ones((len(hand), *total.shape), dtype=bool)
            for pick in range(picks):
                value = base(rules.basis_of(stage))
                worth = np.stack([np.where(value >= c.at, _worth(c, left, rules), -1) for c in hand])
                worth[~held] = -1
                take(stage, worth.max(axis=0))
                if pick + 1 < picks:
                    np.put_along_axis(held, worth.argmax(axis=0)[None], False, axis=0)

    freight_base = base(rules.shipping_basis)
    shipping = np.where(freight_base >= offers.shipping.free_from, 0, offers.shipping.fee)
    if offers.shipping.fee:
        bases.append((offers.shipping.free_from, 0, freight_base))
    pays = dict(rules.platform_pays)
    platform = sum(
        (_half_up(amount, ppm(pays[s])) for s, amount in {"item": items, **off}.items() if pays.get(s)), zero
    )
    return PricedBaskets(
        list_total=total,
        item_discount=items,
        threshold_discount=off["threshold"],
        shop_coupon=off["shop_coupon"],
        platform_coupon=off["platform_coupon"],
        member=off["member"],
        paid=left,
        shipping=shipping,
        platform_pays=platform,
        bases=tuple(bases),
    )


def _item_discount(total: Ints, rules: PriceRules, offers: Offers) -> Ints:
    if not offers.items:
        return np.zeros_like(total)
    rates = [ppm(d.rate) for d in offers.items]
    amounts = [d.amount for d in offers.items]
    if rules.combine == "add":
        off = _share(total, min(sum(rates), MILLION), rules) + sum(amounts)
    elif rules.combine == "multiply":
        left = total
        for rate, amount in zip(rates, amounts, strict=True):
            left = np.maximum(left - _share(left, rate, rules) - amount, 0)
        off = total - left
    else:
        off = np.max([_share(total, r, rules) + a for r, a in zip(rates, amounts, strict=True)], axis=0)
    return np.asarray(np.minimum(off, total * ppm(rules.item_cap) // MILLION))


def _threshold_off(value: Ints, threshold: Threshold) -> Ints:
    if threshold.repeat:
        at, each = threshold.tiers[0]
        off = value // at * each
    else:
        steps = np.array([0, *(v for _, v in threshold.tiers)])
        off = steps[np.searchsorted([at for at, _ in threshold.tiers], value, side="right")]
    return off if threshold.cap is None else np.minimum(off, threshold.cap)


def _worth(coupon: Coupon, left: Ints, rules: PriceRules) -> Ints:
    if coupon.amount:
        return np.minimum(coupon.amount, left)
    off = _share(left, ppm(coupon.rate), rules)
    return off if coupon.cap is None else np.minimum(off, coupon.cap)


def _share(amount: Ints, millionths: int, rules: PriceRules) -> Ints:
    if rules.rounding == "down":
        return np.asarray(amount * millionths // MILLION)
    return _half_up(amount, millionths)


def _half_up(amount: Ints, millionths: int) -> Ints:
    return np.asarray((2 * amount * millionths + MILLION) // (2 * MILLION))
