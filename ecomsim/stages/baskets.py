"""What thresholds, coupons and the member price do to a basket, day by day, as a table over the basket's mean value.

The exact mechanics (formulas/basket.py, to the cent, by the store's version of the price rules) are pure functions of
the offers, so days alike share one table. Item discounts are already in the prices.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from ecomsim.formulas.basket import TopUp, basket_table
from ecomsim.formulas.price_arrays import Mechanics
from ecomsim.formulas.price_files import load_rules
from ecomsim.formulas.price_offers import Coupon, MemberPrice, Offers, Shipping, Threshold
from ecomsim.parameters import Parameters, Singles
from ecomsim.stages.events import active_days
from ecomsim.store import FullReduction
from ecomsim.uncertain import mean_of

__all__ = ["POINTS", "Baskets", "baskets"]

POINTS = 64
_SPAN = 16.0
"""The table reaches from 1/16 to 16 times the reference basket."""


@dataclass(frozen=True)
class Baskets:
    """Tables by distinct day.

    Attributes
    ----------
    row : (D,) table of each day
    table : (tables, 3, POINTS): discount over gross value, gross over mean value, freight paid over mean value
    log_low, per_log : where the table begins, and points a unit of log mean value
    """

    row: Any
    table: Singles
    log_low: float
    per_log: float


def baskets(p: Parameters) -> Baskets:
    """Return the basket tables of the horizon; uncertain basket numbers are taken at their mean."""
    store = p.store
    basket = store.basket
    share = p.mean_column("products", "share")
    value, pull = (share * p.mean_column("products", "price")).sum(), share.sum()
    usual = (value / pull if pull > 0 else 1.0) * (1 + mean_of(basket.extra_units))
    # a power of two, so that a scenario's prices do not move the table's ends, and doubled money doubles them
    centre = 2.0 ** round(math.log2(max(usual, 0.01)))
    names = ("value_cv", "top_up_share", "reach", "member_share", "member_discount")
    daily = {name: _mean(p.daily(f"basket.{name}", getattr(basket, name))) for name in names}
    promotions = [(q, set(active_days(q, p))) for q in store.promotions.values() if q.reduction or q.coupon]
    uses = {q.name: _mean(p.daily(f"promotions.{q.name}.coupon_use", q.coupon_use)) for q, _ in promotions}
    keys: dict[tuple[Any, ...], int] = {}
    row = np.empty(p.days, np.int64)
    for day in range(p.days):
        on = [q for q, days in promotions if day in days]
        reductions = tuple(_fen(q.reduction) for q in on if q.reduction)
        coupons = tuple((_fen(q.coupon), float(uses[q.name][day])) for q in on if q.coupon)
        key = (reductions, coupons, *(float(daily[name][day]) for name in names))
        row[day] = keys.setdefault(key, len(keys))
    shipping = (round(basket.free_shipping_from * 100), round(basket.shipping_fee * 100))
    table = np.stack([_table(store.price_rules, *key, *shipping, centre) for key in keys])
    span = 2 * math.log(_SPAN)
    return Baskets(row, table, math.log(centre / _SPAN), (POINTS - 1) / span)


def _mean(values: Any) -> Any:
    return values if values.ndim == 1 else values.mean(axis=1)


def _fen(offer: FullReduction | None) -> tuple[int, int, int]:
    assert offer is not None
    return round(offer.threshold * 100), round(offer.off * 100), offer.times


@lru_cache(maxsize=512)
def _table(
    rules: str, reductions: Any, coupons: Any, cv: float, top_up: float, reach: float, members: float, discount: float,
    free_from: int, fee: int, centre: float,
) -> Singles:  # fmt: skip
    plain = not reductions and not coupons and not (members and discount) and not fee
    if plain:
        flat = np.zeros((3, POINTS), np.float32)
        flat[1] = 1.0
        return flat
    thresholds = tuple(Threshold(((at, off),), repeat=True, cap=off * times) for at, off, times in reductions)
    shared: dict[str, Any] = {
        "thresholds": thresholds,
        "member": MemberPrice(rate=discount) if discount else None,
    }
    if fee:
        shared["shipping"] = Shipping(fee=fee, free_from=free_from)
    total = np.zeros((3, POINTS))
    # the share of buyers who use a coupon get it; the others buy without
    use = max((share for _, share in coupons), default=0.0)
    for share, held in ((1 - use, ()), (use, coupons)):
        if share <= 0:
            continue
        offers = Offers(
            coupons=tuple(Coupon("shop", at=at, amount=off) for (at, off, _), _ in held), **shared
        )
        effect = basket_table(
            Mechanics(load_rules(rules), offers), cv, TopUp(top_up, reach), member_share=members,
            low=centre / _SPAN * 100, high=centre * _SPAN * 100, points=POINTS,
        ).effect  # fmt: skip
        total += share * np.stack(
            [effect.discount / effect.gross, effect.gross / effect.mean, effect.shipping / effect.mean]
        )
    return total.astype(np.float32)
