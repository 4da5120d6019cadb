"""The store's own constants: demand noise, choice, baskets, packing, score, money."""

from __future__ import annotations

from dataclasses import dataclass

from ecomsim.store.field import Part, number
from ecomsim.uncertain import Number

__all__ = ["Basket", "Choice", "Costs", "Fulfilment", "Noise", "Reputation"]


@dataclass(frozen=True)
class Noise(Part):
    """How visitors vary: a random walk in the level, a shared gamma shock, and their memory."""

    level_sigma: Number = number(
        "log/day", "Daily step of the persistent level.", low=0.0, high=0.3, default=0.01
    )
    store_dispersion: Number = number(
        "ratio", "Gamma shape of the shock all channels share.", low=0.5, default=60.0
    )
    phi: Number = number("share", "Autocorrelation of the shocks.", low=0.0, high=0.98, default=0.4)


@dataclass(frozen=True)
class Choice(Part):
    """How the assortment's pull turns into buyers and products."""

    theta: Number = number(
        "ratio", "Market expansion: 1 new buyers, 0 pure cannibalisation.", low=0.0, high=1.0, default=0.5
    )
    substitution: Number = number(
        "share",
        "Share of buyers facing an empty shelf who take another product.",
        low=0.0,
        high=1.0,
        default=0.3,
    )
    rank_loss: Number = number(
        "share", "Share of search rank lost each day out of stock.", low=0.0, high=1.0, default=0.3
    )
    rank_half_life_days: Number = number(
        "days", "Half-life of the rank's recovery.", low=0.5, high=120.0, default=4.0
    )
    shrinkage: Number = number(
        "share/day", "Units lost in the warehouse a day.", low=0.0, high=0.1, default=0.0
    )


@dataclass(frozen=True)
class Basket(Part):
    """What a buyer puts in."""

    extra_units: Number = number("units", "Mean units beyond the first.", low=0.0, default=0.2)
    orders_per_buyer: Number = number("ratio", "Paid orders a buyer and day.", low=1.0, default=1.03)
    value_cv: Number = number(
        "ratio", "Coefficient of variation of the basket value.", low=0.05, high=5.0, default=0.8
    )
    top_up_share: Number = number(
        "share",
        "Share of baskets within reach of a threshold that top up to it.",
        low=0.0,
        high=1.0,
        default=0.25,
    )
    reach: Number = number(
        "share", "How far below the threshold is within reach.", low=0.0, high=1.0, default=0.2
    )
    member_share: Number = number(
        "share", "Share of buyers paying the member price.", low=0.0, high=1.0, default=0.0
    )
    member_discount: Number = number("share", "Member discount.", low=0.0, high=0.9, default=0.05)
    free_shipping_from: float = number(
        "money", "Basket value that ships free; below it the buyer pays.", low=0.0, default=0.0
    )
    shipping_fee: float = number("money", "Fee paid by buyers below it.", low=0.0, default=0.0)


@dataclass(frozen=True)
class Fulfilment(Part):
    """The packing table."""

    capacity: Number = number("orders/day", "Orders packed a day.", low=0.0, default=1e9)
    promise_days: int = number("days", "Days to ship within.", low=0, high=365, default=2)
    cancel_rate: Number = number("share/day", "Late orders cancelled a day.", low=0.0, high=1.0, default=0.05)
    refund_lag_days: int = number("days", "From sale to refund.", low=0, high=365, default=8)


@dataclass(frozen=True)
class Reputation(Part):
    """Score parts from 0 to 5, exponentially weighted over orders; deviation from `ref` moves tomorrow."""

    product: Number = number("score", "Description and quality score today.", low=0.0, high=5.0, default=4.8)
    service: Number = number("score", "Service score today.", low=0.0, high=5.0, default=4.8)
    logistics: Number = number("score", "Logistics score today.", low=0.0, high=5.0, default=4.8)
    ref: float = number("score", "The category's mean.", low=0.0, high=5.0, default=4.8)
    half_life_days: Number = number("days", "Memory of the score.", low=1.0, high=365.0, default=30.0)
    beta_traffic: Number = number(
        "1/score", "Log effect of a point of score on free traffic.", low=0.0, high=5.0, default=0.3
    )
    beta_conversion: Number = number(
        "1/score", "Log effect of a point of score on conversion.", low=0.0, high=5.0, default=0.2
    )


@dataclass(frozen=True)
class Costs(Part):
    """Money rates."""

    platform_rate: Number = number(
        "share", "Platform commission on net sales.", low=0.0, high=0.9, default=0.05
    )
    payment_rate: Number = number("share", "Payment fee on net sales.", low=0.0, high=0.2, default=0.006)
    freight: Number = number("money/order", "Outbound freight and packing an order.", low=0.0, default=6.0)
    return_freight: Number = number("money/unit", "Return freight a refunded unit.", low=0.0, default=6.0)
    holding_rate: Number = number(
        "share/year", "Cost of keeping stock worth 1 for a year.", low=0.0, high=2.0, default=0.25
    )
    payout_days: int = number("days", "From sale to the platform's payout.", low=0, high=365, default=10)
    fixed_per_day: Number = number("money/day", "Other costs a day.", low=0.0, default=0.0)
