"""Baskets, refunds and cost rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecomsim.calibrate.events import Event, Term
from ecomsim.calibrate.glm import Design, fit, knots, random_walk
from ecomsim.calibrate.history import Floats, History
from ecomsim.calibrate.ledger import Ledger
from ecomsim.store import Basket, Costs, Overlay
from ecomsim.uncertain import Beta, LogNormal, Uncertain

__all__ = ["basket_overlays", "fit_basket", "fit_costs", "fit_refunds"]

# Refunds are booked when they complete, so they are set against sales of about a week before.
_LAG_DAYS = 7
_POOL = 40.0
_SPACING = 56
_STRETCH_SD = 0.15


@dataclass(frozen=True)
class BasketShape:
    """The store's basket and how event days stretch it.

    Attributes
    ----------
    stretch : {(family, phase): (extra units a buyer, orders a buyer) over those of ordinary days}
    """

    basket: Basket
    stretch: Mapping[tuple[str, str], tuple[float, ...]]


def fit_basket(
    history: History, shared: Floats, terms: Mapping[tuple[str, str], Term], ledger: Ledger
) -> BasketShape:
    """Return units and orders a buyer, spread of basket values, and the stretch on event days."""
    buyers, units, orders = (history.store[x] for x in ("buyers", "units", "orders"))
    values: dict[str, object] = {}
    extra = _by_buyer(units - buyers, buyers, shared)
    if extra is not None:
        values["extra_units"] = LogNormal(max(extra[0], 1e-3), 0.02)
        ledger.estimated("basket.extra_units", "store_day", "units a buyer less one, on an ordinary day")
    else:
        ledger.note_assumed("basket.extra_units", "0.2", "Units are not known.", "store_day.units")
    per_buyer = _by_buyer(orders, buyers, shared)
    if per_buyer is not None:
        values["orders_per_buyer"] = max(per_buyer[0], 1.0)
        ledger.estimated("basket.orders_per_buyer", "store_day", "paid orders a buyer and day")
    else:
        ledger.note_assumed("basket.orders_per_buyer", "1.03", "Orders are not known.", "store_day.orders")
    values["value_cv"] = _spread(history, ledger)
    values["top_up_share"] = ledger.assume("basket.top_up_share")
    stretch = {
        key: tuple(1.0 if found is None else float(found[1][j]) for found in (extra, per_buyer))
        for j, key in enumerate(terms)
        if key[1] in ("during", "peak")
    }
    return BasketShape(Basket(**values), stretch)  # type: ignore[arg-type]


def _by_buyer(count: Floats, buyers: Floats, shared: Floats) -> tuple[float, Floats] | None:
    """Return count a buyer on an ordinary day of late, and the factor of every family and phase.

    One regression for all, since events overlap: a store in steady promotion would otherwise stretch every
    basket twice.
    """
    good = np.isfinite(count) & (count >= 0) & (buyers > 0)
    if good.sum() < 7:
        return None
    if not count[good].sum() > 0:
        return 0.0, np.ones(shared.shape[1])
    level = knots(len(count), _SPACING)
    matrix = np.concatenate([level, shared], axis=1)
    mean, precision = np.zeros(matrix.shape[1]), np.eye(matrix.shape[1]) / _STRETCH_SD**2
    m = level.shape[1]
    precision[:m, :m] = random_walk(m, 0.03, 5.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        offset = np.where(good, np.log(buyers), np.nan)
    found = fit(np.where(good, count, np.nan), Design(matrix, mean, precision), offset=offset, iterations=8)
    return float(np.exp(found.beta[m - 1])), np.exp(found.beta[m:])


def _spread(history: History, ledger: Ledger) -> Uncertain:
    orders = history.tables.get("orders")
    if orders is not None and "gmv" in orders:
        paid = orders.loc[orders["gmv"] > 0]
        if "customer" in paid and paid["customer"].notna().mean() > 0.5:
            value = paid.groupby(["customer", paid["created_at"].dt.normalize()])["gmv"].sum().to_numpy(float)
        else:
            value = paid["gmv"].to_numpy(float)
        if len(value) >= 100:
            # The top thousandth are bulk orders; one of them would set the spread alone.
            value = np.minimum(value, np.quantile(value, 0.999))
            ledger.estimated("basket.value_cv", "orders", f"{len(value)} baskets")
            return LogNormal(float(np.clip(value.std() / value.mean(), 0.06, 4.0)), 0.05)
    return ledger.assume("basket.value_cv")


def basket_overlays(
    events: Sequence[Event], stretch: Mapping[tuple[str, str], tuple[float, ...]], after: pd.Timestamp
) -> tuple[Overlay, ...]:
    """Return changes of units and orders a buyer on days of coming promotions, as siblings showed them."""
    out = []
    for event in events:
        first = max(pd.Timestamp(event.start), after + pd.Timedelta(days=1))
        if first > pd.Timestamp(event.end):
            continue
        dates = pd.date_range(first, pd.Timestamp(event.end))
        phases = ["peak" if d.date() in event.peaks else "during" for d in dates]
        begin = 0
        for i in range(1, len(dates) + 1):
            if i < len(dates) and phases[i] == phases[begin]:
                continue
            factors = stretch.get((event.family, phases[begin]), (1.0, 1.0))
            for path, factor in zip(("basket.extra_units", "basket.orders_per_buyer"), factors, strict=True):
                if abs(factor - 1) > 0.005:
                    out.append(Overlay(path, "scale", factor, dates[begin].date(), dates[i - 1].date()))
            begin = i
    return tuple(out)


def fit_refunds(history: History, ledger: Ledger) -> list[Uncertain]:
    """Return the refund rate of every product: amounts refunded over amounts sold a week before, pooled.

    Exports book refunds when they complete; the simulator refunds a share of each day's sales. Over months
    the two agree once sales are shifted by the usual lag. The latest sales, whose refunds are not complete,
    are left out.
    """
    gmv, refunds = history.item["gmv"], history.item["refunds"]
    count = gmv.shape[1]
    if not np.isfinite(refunds).any() or np.nansum(refunds) <= 0:
        return _store_refunds(history, count, ledger)
    known = np.asarray(np.isfinite(refunds).any(axis=1))
    sold = np.nansum(np.nan_to_num(gmv)[:-_LAG_DAYS] * known[_LAG_DAYS:, None], axis=0)
    back = np.nansum(np.nan_to_num(refunds)[_LAG_DAYS:], axis=0)
    units = np.nansum(np.nan_to_num(history.item["units"]), axis=0)
    overall = float(np.clip(back.sum() / max(sold.sum(), 1e-9), 1e-4, 0.9))
    ledger.estimated(
        "products.*.refund_rate",
        "item_day",
        f"completion clock, sales {_LAG_DAYS} days before, pooled over products",
    )
    out: list[Uncertain] = []
    for k in range(count):
        rate = min(back[k] / sold[k], 0.98) if sold[k] > 0 else overall
        n = float(min(units[k], 4000.0))
        out.append(
            Beta(max(n * rate + _POOL * overall, 0.05), max(n * (1 - rate) + _POOL * (1 - overall), 0.05))
        )
    return out


def _store_refunds(history: History, count: int, ledger: Ledger) -> list[Uncertain]:
    back, sold = np.nansum(history.store["refunds"][_LAG_DAYS:]), np.nansum(history.store["gmv"][:-_LAG_DAYS])
    if back > 0 and sold > 0:
        rate = float(np.clip(back / sold, 1e-4, 0.9))
        ledger.estimated("products.*.refund_rate", "store_day", "the store's rate for every product")
        return [Beta(_POOL * rate, _POOL * (1 - rate))] * count
    return [ledger.assume("products.*.refund_rate")] * count


def fit_costs(ledger: Ledger, orders_per_buyer: float) -> Costs:
    """Return the money rates: none of them is in any export, so all are assumed.

    A buyer's orders of one day travel as one parcel, and some exports count an order for every product in it: freight
    is a parcel's, shared by the orders in it.
    """
    return Costs(
        platform_rate=ledger.assume("costs.platform_rate"),
        payment_rate=ledger.assume("costs.payment_rate"),
        freight=ledger.assume("costs.freight").scaled(1 / max(orders_per_buyer, 1.0)),
        return_freight=ledger.assume("costs.return_freight"),
        holding_rate=ledger.assume("costs.holding_rate"),
    )
