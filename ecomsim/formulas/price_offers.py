"""What is on offer: item discounts, thresholds (满减), coupons, member price, shipping. Whole fen."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from ecomsim.checks import EcomsimError
from ecomsim.formulas.money import NEVER, ppm, yuan

__all__ = ["Coupon", "ItemDiscount", "Line", "MemberPrice", "Offers", "Shipping", "Threshold"]

Owner = Literal["shop", "platform"]


@dataclass(frozen=True)
class Line:
    """One line of a basket.

    Attributes
    ----------
    sku : product.
    price : list price of one unit, fen.
    quantity : units, at least 1.
    excluded : stages that leave this line alone and do not count it: "threshold", "shop_coupon",
        "platform_coupon", "member".
    """

    sku: str
    price: int
    quantity: int = 1
    excluded: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        _count(self.price, f"line '{self.sku}'.price", "fen")
        if not isinstance(self.quantity, int) or self.quantity < 1:
            where = f"line '{self.sku}'.quantity"
            raise EcomsimError(where, repr(self.quantity), "a whole number of at least 1", "Drop the line")


@dataclass(frozen=True)
class ItemDiscount:
    """A discount on the price of an item: a fraction of it or fen a unit.

    Attributes
    ----------
    rate : fraction off the list price, 0 to 1.
    amount : fen off each unit.
    skus : products it holds for; None means all.
    name : what the sellers call it (官方立减, 单品直降).
    """

    rate: float = 0.0
    amount: int = 0
    skus: frozenset[str] | None = None
    name: str = ""

    def __post_init__(self) -> None:
        ppm(self.rate, f"item discount '{self.name}'.rate")
        _count(self.amount, f"item discount '{self.name}'.amount", "fen")

    def holds_for(self, sku: str) -> bool:
        """Return whether this discount is on that product."""
        return self.skus is None or sku in self.skus


@dataclass(frozen=True)
class Threshold:
    """满减: at or above T the basket gets V off.

    Attributes
    ----------
    tiers : pairs (T, V) in fen, T rising; the highest one reached counts.
    repeat : with one tier, V for every full T (每满300减50).
    cap : most it gives, fen; None means no cap.
    name : what the sellers call it.

    Examples
    --------
    >>> Threshold(((30000, 5000),), repeat=True).off(65000)
    10000
    >>> Threshold(((20000, 2000), (50000, 6000))).off(65000)
    6000
    """

    tiers: tuple[tuple[int, int], ...]
    repeat: bool = False
    cap: int | None = None
    name: str = ""

    def __post_init__(self) -> None:
        where = f"threshold '{self.name}'"
        if not self.tiers:
            raise EcomsimError(where, "no tier", "at least one pair (T, V)", "Give amount and value")
        for at, off in self.tiers:
            _count(at, f"{where}.at", "fen")
            _count(off, f"{where}.off", "fen")
            _below_its_threshold(at, off, where)
        for (low, less), (high, more) in pairwise(self.tiers):
            if high <= low or more < less:
                raise EcomsimError(
                    where,
                    f"{yuan(high)} off {yuan(more)} after {yuan(low)} off {yuan(less)}",
                    "tiers with rising amounts and no smaller discount",
                    "Sort the tiers",
                )
        if self.repeat and (len(self.tiers) != 1 or self.tiers[0][0] == 0):
            raise EcomsimError(
                where, "repeat", "one tier with an amount above 0", "Use steps, or drop `repeat`"
            )
        if self.cap is not None:
            _count(self.cap, f"{where}.cap", "fen")

    def off(self, base: int) -> int:
        """Return the fen off for an eligible value of `base` fen."""
        if self.repeat:
            at, each = self.tiers[0]
            off = base // at * each
        else:
            off = max((v for at, v in self.tiers if base >= at), default=0)
        return off if self.cap is None else min(off, self.cap)


@dataclass(frozen=True)
class Coupon:
    """A shop or platform coupon: from `at` fen on, an amount or a fraction off.

    Attributes
    ----------
    owner : "shop" or "platform"; decides the stage and who pays.
    at : threshold in fen; 0 means none.
    amount : fen off; or
    rate : fraction off, with
    cap : most a fraction gives, fen.
    member_only : only members hold it.
    """

    owner: Owner
    at: int = 0
    amount: int = 0
    rate: float = 0.0
    cap: int | None = None
    member_only: bool = False
    name: str = ""

    def __post_init__(self) -> None:
        where = f"coupon '{self.name}'"
        if self.owner not in ("shop", "platform"):
            raise EcomsimError(f"{where}.owner", repr(self.owner), "'shop' or 'platform'", "Say who pays")
        _count(self.at, f"{where}.at", "fen")
        _count(self.amount, f"{where}.amount", "fen")
        rate = ppm(self.rate, f"{where}.rate")
        if (self.amount > 0) == (rate > 0):
            given = f"amount {self.amount} and rate {self.rate:g}"
            raise EcomsimError(where, given, "one of the two above 0", "Give either")
        _below_its_threshold(self.at, self.amount, where)
        if self.cap is not None:
            _count(self.cap, f"{where}.cap", "fen")


@dataclass(frozen=True)
class MemberPrice:
    """A fraction off for members (88VIP 95 % means a rate of .05), at most `cap` fen an order."""

    rate: float
    cap: int | None = None

    def __post_init__(self) -> None:
        ppm(self.rate, "member.rate")
        if self.cap is not None:
            _count(self.cap, "member.cap", "fen")


@dataclass(frozen=True)
class Shipping:
    """Freight the buyer pays, `fee` fen, free from `free_from` fen on."""

    fee: int = 0
    free_from: int = NEVER

    def __post_init__(self) -> None:
        _count(self.fee, "shipping.fee", "fen")
        _count(self.free_from, "shipping.free_from", "fen")


@dataclass(frozen=True)
class Offers:
    """Everything on offer at one time; an empty one changes no price."""

    items: tuple[ItemDiscount, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    coupons: tuple[Coupon, ...] = ()
    member: MemberPrice | None = None
    shipping: Shipping = field(default_factory=Shipping)


def _count(value: object, where: str, unit: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise EcomsimError(where, repr(value), f"a whole number of at least 0 ({unit})", "Use fen() on yuan")


def _below_its_threshold(at: int, off: int, where: str) -> None:
    if 0 < at <= off:
        raise EcomsimError(
            where,
            f"{yuan(off)} off from {yuan(at)}",
            "a value below its threshold",
            "Goods would be free: raise the threshold or lower the value",
        )
