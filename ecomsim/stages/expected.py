"""What the plan expects, without chance and feedback: the ordinary day before the first, and demand by product and day.

Replenishment in days of cover reads it, so a known promotion is covered before it begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ecomsim.parameters import Floats, Parameters
from ecomsim.stages.events import effect_of, multiplier
from ecomsim.stages.prices import prices
from ecomsim.stages.rates import wide_rates
from ecomsim.uncertain import mean_of

__all__ = ["Ordinary", "conversion_effect", "expected_demand", "ordinary_day", "reference_pull"]


@dataclass(frozen=True)
class Ordinary:
    """An ordinary day at the reference state: no promotion, reference prices, full stock, instant answers."""

    buyers: float
    orders: float
    units: float
    refunded_units: float
    refund_rate: float


def ordinary_day(p: Parameters) -> Ordinary:
    """Return the ordinary day of the store at the mean of its numbers."""
    return p.once("ordinary", lambda: _ordinary(p))


def _ordinary(p: Parameters) -> Ordinary:
    store = p.store
    buyers = 0.0
    for channel in store.channels.values():
        asks = mean_of(channel.enquiry_share)
        buyers += mean_of(channel.base) * (
            (1 - asks) * mean_of(channel.p_silent) + asks * mean_of(channel.p_enquiring)
        )
    share = p.mean_column("products", "share")
    value = share * p.mean_column("products", "price")
    refund = p.mean_column("products", "refund_rate")
    total = share.sum() or 1.0
    units = buyers * (1 + mean_of(store.basket.extra_units))
    return Ordinary(
        buyers=buyers,
        orders=buyers * mean_of(store.basket.orders_per_buyer),
        units=units,
        refunded_units=float(units * (share * refund).sum() / total),
        refund_rate=float((value * refund).sum() / (value.sum() or 1.0)),
    )


def reference_pull(p: Parameters) -> Floats:
    """Return I_ref, the sum of shares: (1,) or (count,)."""
    return p.once("reference pull", lambda: _reference_pull(p))


def _reference_pull(p: Parameters) -> Floats:
    column = p.plain("products", "share", set(range(len(p.store.products))))
    return np.atleast_1d(column.sum(axis=0))


def conversion_effect(p: Parameters) -> Floats:
    """Return the promotions' effect on conversion by day, (D, 1 or count)."""
    return p.once("effect on conversion", lambda: _conversion_effect(p))


def _conversion_effect(p: Parameters) -> Floats:
    effects = [
        effect_of(p, q, q.conversion, f"promotions.{name}.conversion")
        for name, q in p.store.promotions.items()
    ]
    return multiplier(effects, p.days)


def expected_demand(p: Parameters, extra_days: int) -> Floats:
    """Return (D + extra_days, products) expected units wanted at the mean of every number, all in stock."""
    q = p.average(extra_days)
    mix, conversion = q.once("mix and conversion", lambda: _mix(q))
    buyers: Any = np.zeros(q.days)
    for rate, bought in zip(wide_rates(q), conversion, strict=True):
        buyers = buyers + rate[:, 0] * bought
    return np.asarray(
        (buyers * (1 + q.daily("basket.extra_units", p.store.basket.extra_units)))[:, None] * mix
    )


def _mix(q: Parameters) -> tuple[Floats, list[Floats]]:
    """Return each product's share of the units by day, and each channel's buyers a visitor by day."""
    store = q.store
    found = prices(q)
    k = len(store.products)
    weight = (
        found.share * found.boost[:, 0] * np.exp(-found.elasticity * found.ratio_log[:, 0].astype(np.float64))
    )
    pull = weight.reshape(len(weight), -1)[:, :k][found.regime]
    total = pull.sum(axis=1)
    attraction: Any = (total / max(float(reference_pull(q)[0]), 1e-300)) ** mean_of(store.choice.theta)
    attraction = attraction * conversion_effect(q)[:, 0]
    conversion = []
    for channel in store.channels.values():
        at = f"channels.{channel.name}"
        asks = q.daily(f"{at}.enquiry_share", channel.enquiry_share)
        silent = np.minimum(q.daily(f"{at}.p_silent", channel.p_silent) * attraction, 1)
        asking = np.minimum(q.daily(f"{at}.p_enquiring", channel.p_enquiring) * attraction, 1)
        conversion.append((1 - asks) * silent + asks * asking)
    return np.asarray(pull / np.maximum(total, 1e-300)[:, None]), conversion
