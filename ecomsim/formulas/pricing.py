"""Price one basket exactly: rules say in which order offers combine, offers say what is on. All in fen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ecomsim.checks import EcomsimError
from ecomsim.formulas.money import MILLION, Rounding, allocate, ppm, share_of
from ecomsim.formulas.price_offers import Coupon, Line, Offers

__all__ = ["STAGES", "PriceRules", "PricedBasket", "PricedLine", "price_basket", "price_protection"]

STAGES = ("item", "threshold", "shop_coupon", "platform_coupon", "member")

Combine = Literal["add", "multiply", "best"]
Basis = Literal["list", "after_items", "running"]


@dataclass(frozen=True)
class PriceRules:
    """How offers combine on a platform in a period; loaded from versioned files by `load_rules`.

    Attributes
    ----------
    version : name of the file.
    order : stages in order of application; "item" comes first.
    combine : item discounts add (rates on the list price), multiply, or only the best counts.
    item_cap : most of an item's price that item discounts take together, a fraction.
    basis : per order-level stage, which value its threshold is tested on: list, after item discounts, or what
        is left as it is applied ("running").
    rounding : of fractions of a fen in a discount.
    least_paid : fen that remain to pay whatever is off.
    coupons_per_order : per owner, how many coupons an order takes.
    shipping_basis : value the free-shipping threshold is tested on, "running" means the goods as paid.
    protection_days : days in which a lower price is refunded, the last one included.
    protection_on : "paid" compares what was paid, "after_items" the price on the page.
    platform_pays : per stage, fraction of the discount the platform refunds to the shop.
    """

    version: str
    order: tuple[str, ...] = STAGES
    combine: Combine = "add"
    item_cap: float = 1.0
    basis: tuple[tuple[str, Basis], ...] = ()
    rounding: Rounding = "half_up"
    least_paid: int = 0
    coupons_per_order: tuple[tuple[str, int], ...] = (("shop", 1), ("platform", 1))
    shipping_basis: Basis = "running"
    protection_days: int = 0
    protection_on: Literal["paid", "after_items"] = "paid"
    platform_pays: tuple[tuple[str, float], ...] = ()

    def basis_of(self, stage: str) -> Basis:
        """Return the value the stage's thresholds are tested on."""
        return dict(self.basis).get(stage, "running")

    def coupons_of(self, owner: str) -> int:
        """Return how many coupons of that owner an order takes."""
        return dict(self.coupons_per_order).get(owner, 1)


@dataclass(frozen=True)
class PricedLine:
    """One line after all discounts, fen: `list_total - item_discount - order_discount = paid`."""

    sku: str
    quantity: int
    list_total: int
    item_discount: int
    order_discount: int
    paid: int


@dataclass(frozen=True)
class PricedBasket:
    """A basket after all discounts, fen.

    ``list_total - item_discount - threshold_discount - coupon - member = paid`` and the lines' `paid` sum to
    it; the buyer also pays `shipping`.
    """

    list_total: int
    item_discount: int
    threshold_discount: int
    shop_coupon: int
    platform_coupon: int
    member: int
    paid: int
    shipping: int
    platform_pays: int
    per_line: tuple[PricedLine, ...]

    @property
    def coupon(self) -> int:
        """Shop and platform coupons together."""
        return self.shop_coupon + self.platform_coupon


def price_basket(
    lines: Sequence[Line], rules: PriceRules, offers: Offers, *, member: bool = False
) -> PricedBasket:
    """Return what a basket costs, to the fen.

    Parameters
    ----------
    lines : sequence of Line
        At least one.
    rules : PriceRules
        Order and manner of combination.
    offers : Offers
        What is on.
    member : bool
        Whether the buyer is a member.

    Notes
    -----
    Item discounts are worked out on the unit price and rounded there (the page shows that price).
    Order-level discounts are rounded once and shared over the eligible lines by largest remainder of
    what is left of them. Of the coupons at hand the one worth most is taken.

    Examples
    --------
    >>> from ecomsim.formulas.price_offers import ItemDiscount, Threshold
    >>> offers = Offers((ItemDiscount(0.15),), (Threshold(((30000, 5000),), repeat=True),))
    >>> price_basket([Line("A", 40000)], PriceRules("x"), offers).paid  # 400 - 60 - 50
    29000
    """
    if not lines:
        raise EcomsimError("basket", "no line", "at least one line", "Leave empty baskets out")
    after_items = [(ln.price - _unit_off(ln, rules, offers)) * ln.quantity for ln in lines]
    values = {"list": [ln.price * ln.quantity for ln in lines], "after_items": after_items}
    left = list(after_items)
    off = dict.fromkeys(STAGES, 0)
    off["item"] = sum(values["list"]) - sum(left)

    def base(stage: str) -> int:
        value = values.get(rules.basis_of(stage), left)
        return sum(v for v, ln in zip(value, lines, strict=True) if stage not in ln.excluded)

    def open_part(stage: str) -> list[int]:
        return [0 if stage in ln.excluded else v for v, ln in zip(left, lines, strict=True)]

    def take(stage: str, wanted: int) -> None:
        part = open_part(stage)
        amount = max(min(wanted, sum(part), sum(left) - rules.least_paid), 0)
        for i, share in enumerate(allocate(amount, part)):
            left[i] -= share
        off[stage] += amount

    for stage in rules.order[1:]:
        if stage == "threshold":
            for threshold in offers.thresholds:
                take(stage, threshold.off(base(stage)))
        elif stage == "member":
            if member and offers.member is not None:
                wanted = share_of(sum(open_part(stage)), ppm(offers.member.rate), rules.rounding)
                take(stage, wanted if offers.member.cap is None else min(wanted, offers.member.cap))
        else:
            owner = stage.removesuffix("_coupon")
            hand = [c for c in offers.coupons if c.owner == owner and (member or not c.member_only)]
            for _ in range(rules.coupons_of(owner)):
                usable = [c for c in hand if base(stage) >= c.at]
                if not usable:
                    break
                part = sum(open_part(stage))
                best = max(usable, key=lambda c: _worth(c, part, rules.rounding))
                take(stage, _worth(best, part, rules.rounding))
                hand.remove(best)

    paid = sum(left)
    freight_base = paid if rules.shipping_basis == "running" else sum(values[rules.shipping_basis])
    pays = dict(rules.platform_pays)
    return PricedBasket(
        list_total=sum(values["list"]),
        item_discount=off["item"],
        threshold_discount=off["threshold"],
        shop_coupon=off["shop_coupon"],
        platform_coupon=off["platform_coupon"],
        member=off["member"],
        paid=paid,
        shipping=0 if freight_base >= offers.shipping.free_from else offers.shipping.fee,
        platform_pays=sum(share_of(off[s], ppm(pays.get(s, 0.0)), "half_up") for s in STAGES),
        per_line=tuple(
            PricedLine(ln.sku, ln.quantity, full, full - page, page - rest, rest)
            for ln, full, page, rest in zip(lines, values["list"], after_items, left, strict=True)
        ),
    )


def price_protection(
    bought: PricedBasket, now: PricedBasket, days_since: int, rules: PriceRules
) -> tuple[int, ...]:
    """Return the refund of each line, fen, when the same basket costs less within the protected days.

    Parameters
    ----------
    bought, now : PricedBasket
        The same lines (product and quantity, in order) priced under the offers of then and of now.
    days_since : int
        Days since the purchase; the last protected day counts.

    Examples
    --------
    >>> rules = PriceRules("x", protection_days=7)
    >>> from ecomsim.formulas.price_offers import ItemDiscount
    >>> then = price_basket([Line("A", 10000)], rules, Offers())
    >>> later = price_basket([Line("A", 10000)], rules, Offers((ItemDiscount(0.1),)))
    >>> price_protection(then, later, 7, rules), price_protection(then, later, 8, rules)
    ((1000,), (0,))
    """
    if days_since < 0:
        raise EcomsimError("days_since", str(days_since), "at least 0", "Count from the purchase")
    same = [(a.sku, a.quantity) for a in bought.per_line] == [(b.sku, b.quantity) for b in now.per_line]
    if not same:
        raise EcomsimError("price_protection.now", "other lines", "the lines bought", "Price those again")
    if days_since > rules.protection_days:
        return (0,) * len(bought.per_line)
    if rules.protection_on == "paid":
        return tuple(max(a.paid - b.paid, 0) for a, b in zip(bought.per_line, now.per_line, strict=True))
    # Refunding a page price never gives back more than was paid.
    return tuple(
        min(max((a.list_total - a.item_discount) - (b.list_total - b.item_discount), 0), a.paid)
        for a, b in zip(bought.per_line, now.per_line, strict=True)
    )


def _unit_off(line: Line, rules: PriceRules, offers: Offers) -> int:
    mine = [d for d in offers.items if d.holds_for(line.sku)]
    if rules.combine == "add":
        rates = min(sum(ppm(d.rate) for d in mine), MILLION)
        off = share_of(line.price, rates, rules.rounding) + sum(d.amount for d in mine)
    elif rules.combine == "multiply":
        left = line.price
        for d in mine:
            left = max(left - share_of(left, ppm(d.rate), rules.rounding) - d.amount, 0)
        off = line.price - left
    else:
        off = max((share_of(line.price, ppm(d.rate), rules.rounding) + d.amount for d in mine), default=0)
    return min(off, share_of(line.price, ppm(rules.item_cap), "down"))


def _worth(coupon: Coupon, value: int, rounding: Rounding) -> int:
    if coupon.amount:
        return min(coupon.amount, value)
    off = share_of(value, ppm(coupon.rate), rounding)
    return off if coupon.cap is None else min(off, coupon.cap)
