"""Offers from YAML: what a file may say, checked all at once, turned into `Offers`. Amounts in yuan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol, TypeVar

from ecomsim.checks import EcomsimError
from ecomsim.formulas.file_parts import Amount, Part, parsed, raise_all
from ecomsim.formulas.money import NEVER, fen, ppm
from ecomsim.formulas.price_offers import Coupon, ItemDiscount, MemberPrice, Offers, Shipping, Threshold

__all__ = ["OffersFile", "offers_from"]

Made = TypeVar("Made")
Built = TypeVar("Built", covariant=True)

_SINGLE = ("member", "shipping")


class _Buildable(Protocol[Built]):
    def build(self, where: str) -> Built: ...


class ItemPart(Part):
    """An item discount: `rate` or `amount` in yuan, on `skus` or everything."""

    name: str = ""
    rate: float = 0.0
    amount: Amount = 0
    skus: tuple[str, ...] | None = None

    def build(self, where: str) -> ItemDiscount:
        """Return the discount."""
        ppm(self.rate, f"{where}.rate")
        skus = None if self.skus is None else frozenset(self.skus)
        return ItemDiscount(self.rate, fen(self.amount, f"{where}.amount"), skus, self.name or where)


class ThresholdPart(Part):
    """满减: `every` T `amount` V, or `at` T `amount` V, or `steps` [[T, V], ...]; yuan."""

    name: str = ""
    every: Amount | None = None
    at: Amount | None = None
    amount: Amount | None = None
    steps: tuple[tuple[Amount, Amount], ...] | None = None
    cap: Amount | None = None

    def build(self, where: str) -> Threshold:
        """Return the threshold, or say which of the three forms is missing or doubled."""
        cap = None if self.cap is None else fen(self.cap, f"{where}.cap")
        given = [n for n in ("every", "at", "steps") if getattr(self, n) is not None]
        if len(given) != 1 or (self.amount is None) == (given != ["steps"]):
            raise EcomsimError(
                where,
                " and ".join(given) or "no form",
                "every + amount, at + amount, or steps",
                "Give one of the three forms",
            )
        if self.steps is not None:
            tiers = tuple((fen(a, where, endless=True), fen(v, where)) for a, v in self.steps)
            return Threshold(tiers, cap=cap, name=self.name or where)
        at = self.every if self.every is not None else self.at
        tier = (fen(at or 0, where, endless=True), fen(self.amount or 0, where))
        return Threshold((tier,), repeat=self.every is not None, cap=cap, name=self.name or where)


class CouponPart(Part):
    """A coupon: from `at` yuan, `amount` yuan off or a `rate` with a `cap`."""

    name: str = ""
    owner: Literal["shop", "platform"]
    at: Amount = 0
    amount: Amount = 0
    rate: float = 0.0
    cap: Amount | None = None
    member_only: bool = False

    def build(self, where: str) -> Coupon:
        """Return the coupon."""
        ppm(self.rate, f"{where}.rate")
        return Coupon(
            owner=self.owner,
            at=fen(self.at, f"{where}.at", endless=True),
            amount=fen(self.amount, f"{where}.amount"),
            rate=self.rate,
            cap=None if self.cap is None else fen(self.cap, f"{where}.cap"),
            member_only=self.member_only,
            name=self.name or where,
        )


class MemberPart(Part):
    """Member price: a fraction off and the most it gives, in yuan."""

    rate: float
    cap: Amount | None = None

    def build(self, where: str) -> MemberPrice:
        """Return the member price."""
        ppm(self.rate, f"{where}.rate")
        return MemberPrice(self.rate, None if self.cap is None else fen(self.cap, f"{where}.cap"))


class ShippingPart(Part):
    """Freight in yuan and the value it is free from."""

    fee: Amount = 0
    free_from: Amount | None = None

    def build(self, where: str) -> Shipping:
        """Return the freight."""
        free = NEVER if self.free_from is None else fen(self.free_from, f"{where}.free_from", endless=True)
        return Shipping(fen(self.fee, f"{where}.fee"), free)


class OffersFile(Part):
    """Everything on offer, amounts in yuan; see `Offers`."""

    items: tuple[ItemPart, ...] = ()
    thresholds: tuple[ThresholdPart, ...] = ()
    coupons: tuple[CouponPart, ...] = ()
    member: MemberPart | None = None
    shipping: ShippingPart = ShippingPart()

    def build(self, where: str = "offers") -> Offers:
        """Return the offers; every fault is told, not the first only."""
        faults: list[EcomsimError] = []

        def made(parts: Sequence[_Buildable[Made]], name: str) -> tuple[Made, ...]:
            out = []
            for i, part in enumerate(parts):
                try:
                    out.append(part.build(f"{where}.{name}" if name in _SINGLE else f"{where}.{name}[{i}]"))
                except EcomsimError as fault:
                    faults.append(fault)
            return tuple(out)

        items = made(self.items, "items")
        thresholds = made(self.thresholds, "thresholds")
        coupons = made(self.coupons, "coupons")
        member = made([self.member] if self.member else [], "member")
        shipping = made([self.shipping], "shipping")
        raise_all(where, faults)
        return Offers(items, thresholds, coupons, member[0] if member else None, shipping[0])


def offers_from(content: Mapping[str, Any], where: str = "offers") -> Offers:
    """Return offers from the mapping a YAML file holds; amounts in yuan, rates as fractions.

    Examples
    --------
    >>> offers_from({"thresholds": [{"every": 300, "amount": 50}]}).thresholds[0].off(60000)
    10000
    """
    return parsed(OffersFile, content, where).build(where)
