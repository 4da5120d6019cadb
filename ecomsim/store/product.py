"""What is sold: products, how they are reordered, and who supplies them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from ecomsim.checks import EcomsimError
from ecomsim.store.field import Part, number, require_length
from ecomsim.uncertain import Number, mean_of

__all__ = [
    "BaseStock",
    "CoverDays",
    "FixedQuantity",
    "MinMax",
    "Policy",
    "Product",
    "Receipt",
    "Role",
    "Supplier",
    "TimePhased",
]


class Role(Enum):
    """Some products bring traffic, some make profit: never cut both the same way."""

    TRAFFIC = "traffic"
    PROFIT = "profit"
    PLAIN = "plain"


@dataclass(frozen=True)
class Policy(Part):
    """When and how much to reorder, on the supplier's review days."""


@dataclass(frozen=True)
class MinMax(Policy):
    """(s, S): when the inventory position is at or below s, order up to S."""

    reorder_point: Number = number("units", "s.", low=0.0)
    order_up_to: Number = number("units", "S.", low=0.0)

    def check(self, where: str) -> None:
        """Need s <= S."""
        low, high = mean_of(self.reorder_point), mean_of(self.order_up_to)
        if low > high:
            raise EcomsimError(
                f"{where}.reorder_point", f"{low:g}", f"at most order_up_to {high:g}", "Swap s and S"
            )


@dataclass(frozen=True)
class FixedQuantity(Policy):
    """(r, Q): when the inventory position is at or below r, order multiples of Q until above r."""

    reorder_point: Number = number("units", "r.", low=0.0)
    quantity: Number = number("units", "Q.", low=1.0)


@dataclass(frozen=True)
class BaseStock(Policy):
    """Order up to `level` at every review."""

    level: Number = number("units", "S.", low=0.0)


@dataclass(frozen=True)
class CoverDays(Policy):
    """s and S as days of expected demand, as planners say it.

    Expected demand follows the calendar, so a known promotion is covered before it begins.
    """

    reorder_days: Number = number("days", "Reorder when cover falls to this.", low=0.0)
    up_to_days: Number = number("days", "Order up to this cover.", low=0.0)


@dataclass(frozen=True)
class TimePhased(Policy):
    """s and S by day of the horizon, by ISO date of the first day each applies from."""

    reorder_points: Mapping[str, float] = number("units", "s from each date on.", low=0.0, days=True)
    order_up_tos: Mapping[str, float] = number("units", "S from each date on.", low=0.0, days=True)


@dataclass(frozen=True)
class Receipt(Part):
    """Units already ordered, with the day they are due."""

    due: dt.date
    units: float = number("units", "Units due.", low=0.0)


@dataclass(frozen=True)
class Supplier(Part):
    """Lead time drawn per order as `lead_days` plus a tail; orders go out on `review_weekdays` only."""

    name: str
    lead_days: Number = number("days", "Most likely lead time.", low=0.0, high=365.0, default=7.0)
    lead_sd_days: Number = number(
        "days", "Standard deviation of the lead time (gamma).", low=0.0, high=120.0, default=1.5
    )
    review_weekdays: tuple[int, ...] = (0, 2, 4)
    short_rate: Number = number(
        "share", "Share of ordered units that never arrive.", low=0.0, high=0.9, default=0.0
    )
    terms_days: Number = number(
        "days", "Days after receipt on which we pay.", low=0.0, high=365.0, default=30.0
    )

    def check(self, where: str) -> None:
        """Weekdays count from Monday 0 to Sunday 6."""
        if not self.review_weekdays or any(w not in range(7) for w in self.review_weekdays):
            raise EcomsimError(
                f"{where}.review_weekdays", str(self.review_weekdays), "at least one day from 0 (Monday) to 6"
            )


@dataclass(frozen=True)
class Product(Part):
    """One SKU; its pull is share * (price / ref_price)^(-elasticity) * season * promotion * rank."""

    sku: str
    price: Number = number("money", "Price on the page.", low=0.0, open_low=True)
    cost: Number = number("money", "Purchase cost.", low=0.0)
    share: Number = number(
        "ratio", "Pull at reference price, in stock, without promotion; any scale.", low=0.0, default=1.0
    )
    elasticity: Number = number("ratio", "Own-price elasticity, positive.", low=0.0, high=15.0, default=1.5)
    ref_price: float | None = number(
        "money",
        "Price at which `share` was observed; default the price.",
        low=0.0,
        open_low=True,
        default=None,
    )
    season: tuple[Number, ...] = number("ratio", "Pull by month.", low=0.0, default=(1.0,) * 12)
    on_hand: Number = number("units", "Units in the warehouse as the horizon opens.", low=0.0, default=0.0)
    on_order: tuple[Receipt, ...] = ()
    moq: float = number("units", "Minimum order.", low=0.0, default=0.0)
    pack: float = number("units", "Order multiple.", low=1.0, default=1.0)
    refund_rate: Number = number(
        "share", "Probability that a sold unit is refunded.", low=0.0, high=1.0, default=0.05
    )
    resale_share: Number = number(
        "share", "Share of refunded units fit to sell again.", low=0.0, high=1.0, default=0.8
    )
    policy: Policy = field(default_factory=lambda: CoverDays(14.0, 28.0))
    supplier: str = "default"
    name: str = ""
    category: str = ""
    role: Role = Role.PLAIN
    clearance: bool = False
    price_plan: Mapping[str, float] = number(
        "money", "Price from each ISO date on.", low=0.0, open_low=True, default={}, days=True
    )

    def check(self, where: str) -> None:
        """Twelve months; price above cost unless cleared; MOQ a multiple of the pack."""
        require_length(self.season, 12, f"{where}.season", "month")
        price, cost = mean_of(self.price), mean_of(self.cost)
        if price <= cost and not self.clearance:
            remedy = "Set clearance: true to sell below cost"
            raise EcomsimError(f"{where}.price", f"{price:g}", f"above the cost {cost:g}", remedy)
        if self.moq and self.moq % self.pack:
            fitting = -(-self.moq // self.pack) * self.pack
            allowed = f"a multiple of the pack {self.pack:g}"
            raise EcomsimError(f"{where}.moq", f"{self.moq:g}", allowed, f"Use {fitting:g}")
