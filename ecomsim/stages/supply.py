"""What inventory prepares: products, suppliers, lead times and the opening state, as arrays."""

from __future__ import annotations

import dataclasses
import math
import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ecomsim.checks import EcomsimWarning
from ecomsim.parameters import Floats, Parameters, Singles, pack
from ecomsim.stages.expected import ordinary_day
from ecomsim.stages.layout import TILE
from ecomsim.stages.policies import levels, packs
from ecomsim.stages.prices import prices, rows_first, tiled
from ecomsim.stages.shocks import gamma_rows
from ecomsim.stages.stage import axes

__all__ = [
    "LEAD_MEAN", "MOQ", "PACK", "RANK_KEEP", "RANK_LOSS", "SHORT", "SHRINK", "SUBSTITUTION", "SUPPLIER", "Prepared",
    "payment_terms", "prepare", "rings",
]  # fmt: skip

MOQ, PACK, SHORT, SUPPLIER = (np.int64(TILE * i) for i in range(4))
SUBSTITUTION, RANK_LOSS, RANK_KEEP, SHRINK, LEAD_MEAN = map(np.int64, range(5))
"""Rows of the packed lane parameters; the gamma scale of each supplier's lead time follows from LEAD_MEAN on."""


@dataclass(frozen=True)
class Prepared:
    """Arrays of the inventory stage.

    Attributes
    ----------
    refund, resale, cost : (1 or n, tiles, 64) refund rate, share fit for sale again, unit cost: apart, since most
        stores draw the refund rate alone
    goods : (tiles, 4·64) MOQ, pack, short rate, supplier, which are never drawn
    policy : (D or 1, tiles, 128) order when at or below, up to
    review : (7, tiles, 64) whether the product's supplier takes orders on a weekday
    open_days : (7,) whether any supplier takes orders on a weekday
    weekday : (D,) weekday of each day
    lanes : (D or 1, 4 + suppliers, 1 or n) substitution, rank loss, rank kept, shrinkage, lead scale
    lead_table, lead_level : gamma rows of every supplier
    regime, paid : prices by day
    terms, terms_days : products paid for so many days after receipt, (tiles, kinds, 64) and (kinds,)
    stock : (1 or n, tiles, 64) opening stock; arriving, later, back : receipts by day, beyond the ring, and returns due
    lag, count_every : days until a refunded unit is back; days between stock counts
    """

    refund: Singles = field(metadata=axes(reps=0, lanes=True))
    resale: Singles = field(metadata=axes(reps=0, lanes=True))
    cost: Singles = field(metadata=axes(reps=0, lanes=True))
    goods: Singles = field(metadata=axes())
    policy: Singles = field(metadata=axes(days=True))
    review: Singles = field(metadata=axes())
    open_days: Any = field(metadata=axes())
    weekday: Any = field(metadata=axes())
    lanes: Singles = field(metadata=axes(days=True, reps=2))
    lead_table: Singles = field(metadata=axes())
    lead_level: Singles = field(metadata=axes(reps=1))
    regime: Any = field(metadata=axes(index=True))
    paid: Singles = field(metadata=axes(by="regime", reps=1, lanes=True))
    stock: Singles = field(metadata=axes(reps=0))
    arriving: Singles = field(metadata=axes())
    later: Singles = field(metadata=axes())
    terms: Singles = field(metadata=axes())
    terms_days: Any = field(metadata=axes())
    back: Singles = field(metadata=axes())
    lag: int = 8
    count_every: int = 2


def prepare(p: Parameters) -> Prepared:
    """Return products, policies, suppliers and the opening stock."""
    low, high = levels(p)
    policy = np.concatenate([tiled(low), tiled(high)], axis=-1)
    page = prices(p)
    return dataclasses.replace(
        p.once("goods and suppliers", lambda: _goods_and_suppliers(p)),
        policy=policy[:1] if (policy == policy[:1]).all() else np.ascontiguousarray(policy),
        regime=page.regime,
        paid=page.paid,
    )


def _goods_and_suppliers(p: Parameters) -> Prepared:
    """Return everything but the replenishment levels and the page, which levers move most."""
    store = p.store
    own = p.values("products", "supplier")
    names = list(store.suppliers)
    suppliers = np.array([float(names.index(name)) for name in own])
    short = np.array(
        [float(np.mean(p.at(f"suppliers.{n}.short_rate", s.short_rate))) for n, s in store.suppliers.items()]
    )
    certain = [p.column("products", "moq"), packs(p), short[suppliers.astype(int)], suppliers]
    days = {name: supplier.review_weekdays for name, supplier in store.suppliers.items()}
    review = np.array([[float(d in days[name]) for name in own] for d in range(7)])
    lanes: list[Any] = [
        p.daily("choice.substitution", store.choice.substitution),
        p.daily("choice.rank_loss", store.choice.rank_loss),
        0.5 ** (1 / p.daily("choice.rank_half_life_days", store.choice.rank_half_life_days)),
        p.daily("choice.shrinkage", store.choice.shrinkage),
    ]
    tables, table_levels = [], []
    for name, supplier in store.suppliers.items():
        shape, scale = _gamma(
            p.at(f"suppliers.{name}.lead_days", supplier.lead_days),
            p.at(f"suppliers.{name}.lead_sd_days", supplier.lead_sd_days),
        )
        lanes.append(np.broadcast_to(shape * scale, (p.days, *np.shape(shape * scale))))
        one, level = gamma_rows(shape)
        tables.append(one)
        table_levels.append(level)
    rows, wide = max(len(t) for t in tables), max(len(x) for x in table_levels)
    receipts, back_ring = rings(p)
    arriving, later = _on_order(p, receipts)
    nothing = np.zeros(0, np.float32)

    def by_lane(name: str) -> Singles:
        return tiled(rows_first(p.column("products", name)))

    kinds = np.unique(payment_terms(p))
    return Prepared(
        refund=by_lane("refund_rate"),
        resale=by_lane("resale_share"),
        cost=by_lane("cost"),
        goods=np.concatenate([tiled(column) for column in certain], axis=-1),
        policy=nothing,
        review=tiled(review),
        open_days=review.any(axis=1),
        weekday=np.array(p.horizon.weekdays, np.int64),
        lanes=pack(lanes, p.days),
        lead_table=np.stack([np.broadcast_to(t, (rows, t.shape[1])) for t in tables]),
        lead_level=np.stack([np.broadcast_to(x, (wide,)) for x in table_levels]),
        regime=nothing,
        paid=nothing,
        stock=tiled(np.rint(rows_first(p.column("products", "on_hand")))),
        arriving=arriving,
        later=later,
        terms=_by_terms(p, suppliers, kinds),
        terms_days=kinds,
        back=_returning(p, back_ring),
        lag=store.fulfilment.refund_lag_days,
    )


def rings(p: Parameters) -> tuple[int, int]:
    """Return the days the rings of receipts and of returns must hold."""
    return p.once("rings", lambda: _rings(p))


def _rings(p: Parameters) -> tuple[int, int]:
    longest = 1.0
    for name, supplier in p.store.suppliers.items():
        shape, scale = _gamma(
            p.at(f"suppliers.{name}.lead_days", supplier.lead_days),
            p.at(f"suppliers.{name}.lead_sd_days", supplier.lead_sd_days),
        )
        table, level = gamma_rows(shape)
        ends = table[np.minimum(np.ceil(level).astype(int), len(table) - 1), -1]
        longest = max(longest, float(np.max(ends * shape * scale)))
        usual = float(np.mean(shape * scale))
        if usual > p.days:
            warnings.warn(
                f"suppliers.{name}.lead_days: about {usual:.0f} days, longer than the horizon of {p.days} days. "
                "Orders placed in it arrive after it.", EcomsimWarning, stacklevel=2,
            )  # fmt: skip
    on_order = p.values("products", "on_order")
    due = [(receipt.due - p.horizon.start).days for receipts in on_order for receipt in receipts]
    longest = max([longest, *(float(d) for d in due if d < p.days)])
    return int(min(math.ceil(longest) + 2, p.days + 1)), max(p.store.fulfilment.refund_lag_days, 1) + 1


def payment_terms(p: Parameters) -> Any:
    """Return days from receipt to payment by supplier, whole days at the mean of the terms."""
    terms = [np.mean(p.at(f"suppliers.{n}.terms_days", s.terms_days)) for n, s in p.store.suppliers.items()]
    return np.rint(np.array(terms)).astype(np.int64)


def _gamma(mode: Any, sd: Any) -> tuple[Any, Any]:
    """Return shape and scale of the gamma with this mode and standard deviation; nearly certain for an sd of 0."""
    mode, sd = np.asarray(mode, np.float64), np.maximum(np.asarray(sd, np.float64), 1e-3)
    scale = (np.sqrt(mode * mode + 4 * sd * sd) - mode) / 2
    return 1 + mode / scale, scale


def _by_terms(p: Parameters, suppliers: Floats, kinds: Any) -> Singles:
    own = payment_terms(p)[suppliers.astype(int)]
    rows = tiled(np.array([own == days for days in kinds], np.float64))
    return np.ascontiguousarray(rows.transpose(1, 0, 2))


def _on_order(p: Parameters, ring: int) -> tuple[Singles, Singles]:
    """Return receipts due by day of the ring, (ring, tiles, 64), and units due after it, (tiles, 64)."""
    on_order = p.values("products", "on_order")
    due, later = np.zeros((ring, len(on_order))), np.zeros(len(on_order))
    for i, receipts in enumerate(on_order):
        for receipt in receipts:
            day = max((receipt.due - p.horizon.start).days, 0)
            if day < min(ring, p.days):
                due[day, i] += round(receipt.units)
            else:
                later[i] += round(receipt.units)
    return tiled(due), tiled(later)


def _returning(p: Parameters, ring: int) -> Singles:
    """Return units fit for sale coming back from sales before the first day, (ring, tiles, 64)."""
    share = p.mean_column("products", "share")
    good = p.mean_column("products", "refund_rate") * p.mean_column("products", "resale_share")
    pace = ordinary_day(p).units * share / max(float(share.sum()), 1e-300) * good
    due = np.zeros((ring, len(share)))
    for day in range(min(ring - 1, p.days)):
        due[day] = np.floor(pace * (day + 1)) - np.floor(pace * day)
    return tiled(due)
