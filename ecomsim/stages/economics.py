"""Economics: every amount of the day.

    gmv = Σ units · price after item discounts · (1 - basket discount share)
    refunds = refunded units' amounts + cancelled orders' amounts, booked on the day of the sale (cancellation)
    cogs = cost of units sold - cost of units back on the shelf
    platform fees = (commission + payment rate) · (gmv - refunds);   commission = Σ_c affiliate rate · gmv[c]
    freight = shipped · freight + refunded units · return freight - freight buyers paid
    holding = stock at cost · holding rate / 365
    margin = gmv - refunds - cogs - platform fees - protection - ad spend - commission - freight - wages - holding
    protection = claims · Σ_j gmv[d - j] · what the promotion starting today undercuts day d - j by (in the horizon)
    cash = payout of the sales of `payout_days` ago - suppliers due - ad spend - freight - wages - protection - fixed

GMV of a channel is its share of the buyers. Payouts and payments of the days before the first are those of an ordinary
day. Margin is a contribution margin: fixed costs are in cash only. What is a sum of other amounts and of the plan
(net sales, fees, ad spend, wages, margin, ...) is not stored but derived, in float32 and always in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ecomsim.jit import jit
from ecomsim.parameters import Floats, Parameters, Singles, pack
from ecomsim.stages.duty import wages
from ecomsim.stages.events import active_days
from ecomsim.stages.expected import ordinary_day
from ecomsim.stages.layout import (
    BUYERS,
    BUYERS_BY,
    CANCELLED_VALUE,
    CASH,
    COGS,
    COMMISSION,
    COUPONS,
    DISCOUNT_SHARE,
    FREIGHT,
    GMV,
    GMV_BY,
    GROSS_REFUNDS,
    GROSS_SALES,
    HOLDING,
    PROTECTION,
    REFUNDED_UNITS,
    REFUNDS,
    RETURNED_COST,
    SHIPPED,
    SHIPPING_PAID,
    SOLD_COST,
    STOCK_VALUE,
)  # fmt: skip
from ecomsim.stages.prices import prices
from ecomsim.stages.rates import spend_of
from ecomsim.stages.stage import Stage, axes
from ecomsim.stages.state import State
from ecomsim.stages.supply import payment_terms
from ecomsim.store import Affiliate

__all__ = ["READS", "STAGE", "WRITES", "Prepared"]

READS = (
    "buyers", "buyers_by_channel", "gross_sales", "gross_refunds", "discount_share", "shipping_paid", "sold_cost",
    "returned_cost", "refunded_units", "cancelled_value", "shipped", "stock_value",
)  # fmt: skip
WRITES = (
    "gmv", "gmv_by_channel", "refunds", "cogs", "coupons", "protection", "commission", "freight", "holding", "cash",
)  # fmt: skip

F = np.float32
_FEES, _FREIGHT, _RETURN_FREIGHT, _HOLDING, _FIXED, _SPEND, _WAGES, _PAYOUT, _RATE0 = map(np.int64, range(9))


@dataclass(frozen=True)
class Prepared:
    """Arrays of the economics stage.

    `lanes` rows are fees, freight, return freight, holding a day, fixed, ad spend, wages, an ordinary day's
    payout, then the commission rate by channel. `spend`, `hours`, `pay` are the plan's own amounts.
    """

    lanes: Singles = field(metadata=axes(days=True, reps=2))
    undercut: Singles = field(metadata=axes(days=True))
    spend: Singles = field(metadata=axes(days=True, reps=2))
    hours: Singles = field(metadata=axes(days=True, reps=1))
    payables: Singles = field(metadata=axes())
    payout_days: int = 10


def prepare(p: Parameters) -> Prepared:
    """Return rates and planned amounts by day."""
    spend = [spend_of(p, channel) for channel in p.store.channels.values()]
    pay = _duty(p)[1]
    ad_spend: Any = 0.0
    for one in spend:
        ad_spend = ad_spend + one
    before, after = p.once("lanes of economics", lambda: _lanes(p))
    return Prepared(
        lanes=pack([*before, ad_spend, pay, *after], p.days),
        undercut=p.once("undercut", lambda: _undercut(p)),
        spend=_by_channel(spend, p.days),
        hours=p.once("agent hours", lambda: _duty(p)[0].astype(np.float32)),
        payables=p.once("payables", lambda: _payables(p)),
        payout_days=p.store.costs.payout_days,
    )


def _duty(p: Parameters) -> tuple[Floats, Floats]:
    return p.once("wages", lambda: wages(p))


def _shares(p: Parameters) -> Floats:
    """Return the products' shares of an ordinary day's units."""
    share = p.mean_column("products", "share")
    return np.asarray(share / max(float(share.sum()), 1e-300))


def _lanes(p: Parameters) -> tuple[list[Any], list[Any]]:
    """Return the rows of the packed lanes before ad spend and wages, and after them."""
    store, costs = p.store, p.store.costs
    usual, share, price = ordinary_day(p), _shares(p), p.mean_column("products", "price")
    fees = p.daily("costs.platform_rate", costs.platform_rate) + p.daily(
        "costs.payment_rate", costs.payment_rate
    )
    payout = (
        usual.units * float((share * price).sum()) * (1 - usual.refund_rate) * (1 - float(np.mean(fees[0])))
    )
    rows: list[Any] = [
        fees,
        p.daily("costs.freight", costs.freight),
        p.daily("costs.return_freight", costs.return_freight),
        p.daily("costs.holding_rate", costs.holding_rate) / 365.0,
        p.daily("costs.fixed_per_day", costs.fixed_per_day),
    ]
    rates: list[Any] = [payout]
    for name, channel in store.channels.items():
        driver = channel.driver
        given = isinstance(driver, Affiliate)
        rates.append(p.daily(f"channels.{name}.driver.rate", driver.rate) if given else 0.0)  # type: ignore[attr-defined]
    return rows, rates


def _payables(p: Parameters) -> Singles:
    """Return what is owed to suppliers for goods received before the first day, by ring day."""
    names = list(p.store.suppliers)
    owed = np.zeros(len(names))
    bought = ordinary_day(p).units * _shares(p) * p.mean_column("products", "cost")
    for name, amount in zip(p.values("products", "supplier"), bought, strict=True):
        owed[names.index(name)] += amount
    return _due(owed, payment_terms(p))


def _by_channel(rows: list[Floats], days: int) -> Singles:
    wide = max(row.shape[1] for row in rows)
    out = np.empty((days, len(rows), wide), np.float32)
    for i, row in enumerate(rows):
        out[:, i] = row
    return out


def _due(payables: Floats, terms: Any) -> Singles:
    """Return payments by ring day for goods received before the first day."""
    ring = int(terms.max()) + 1
    out = np.zeros(ring, np.float32)
    for amount, days in zip(payables, terms, strict=True):
        out[: int(days)] += amount
    return out


def _undercut(p: Parameters) -> Singles:
    """Return (D, longest protection): share of the GMV of j + 1 days ago refunded as price protection today."""
    value = _shares(p) * p.mean_column("products", "price")
    promotions = [q for q in p.store.promotions.values() if q.protection_days > 0]
    longest = max((q.protection_days for q in promotions), default=0)
    out = np.zeros((p.days, longest), np.float32)
    page = prices(p)
    for q in promotions:
        days = active_days(q, p)
        if not days or p.horizon.dates[days[0]] != q.start:
            continue
        today = days[0]
        scope = np.array([1.0 if not q.skus or sku in q.skus else 0.0 for sku in p.store.skus])
        claims = float(np.mean(p.daily(f"promotions.{q.name}.protection_share", q.protection_share)[today]))
        now = page.paid[page.regime[today]].mean(axis=0).ravel()[: len(scope)].astype(np.float64)
        for j in range(min(q.protection_days, today)):
            then = page.paid[page.regime[today - 1 - j]].mean(axis=0).ravel()[: len(scope)].astype(np.float64)
            gap = np.maximum(1 - now / then, 0) * scope
            out[today, j] += claims * float((value * gap).sum() / max(float(value.sum()), 1e-300))
    return out


def open_(state: State, params: Prepared, first: int, seed: int) -> None:
    """Suppliers are owed for goods received before the first day."""
    state.PAY[: len(params.payables)] = params.payables[:, None]


def step(day: int, state: State, params: Prepared, first: int, seed: int) -> None:
    """Count today's money."""
    _step(day, state.M, state.Y, state.X, state.PAY, params.lanes, params.undercut[day], params.payout_days)


@jit
def _step(d: Any, M: Any, Y: Any, X: Any, PAY: Any, lanes: Any, undercut: Any, payout_days: Any) -> None:
    e = d if lanes.shape[0] > 1 else 0
    s = 1 if lanes.shape[2] > 1 else 0
    paid_day = d - payout_days
    ep = paid_day if lanes.shape[0] > 1 else 0
    due = d % PAY.shape[0]
    channels = X.shape[1]
    record = M[d + 1]
    for r in range(Y.shape[1]):
        at = r * s
        off = Y[DISCOUNT_SHARE, r]
        gmv = Y[GROSS_SALES, r] * (F(1) - off)
        refunds = Y[GROSS_REFUNDS, r] * (F(1) - off) + Y[CANCELLED_VALUE, r]
        record[GMV, r] = gmv
        record[REFUNDS, r] = refunds
        record[COGS, r] = Y[SOLD_COST, r] - Y[RETURNED_COST, r]
        record[COUPONS, r] = Y[GROSS_SALES, r] * off
        protection = F(0)
        for j in range(undercut.shape[0]):
            if undercut[j] > F(0):
                protection += undercut[j] * M[d - j, GMV, r]
        record[PROTECTION, r] = protection
        buyers = record[BUYERS, r]
        each = gmv / buyers if buyers > F(0) else F(0)
        commission = F(0)
        for c in range(channels):
            own = each * X[BUYERS_BY, c, r]
            X[GMV_BY, c, r] = own
            commission += lanes[e, _RATE0 + c, at] * own
        record[COMMISSION, r] = commission
        freight = (
            record[SHIPPED, r] * lanes[e, _FREIGHT, at] + Y[REFUNDED_UNITS, r] * lanes[e, _RETURN_FREIGHT, at]
        ) - buyers * Y[SHIPPING_PAID, r]
        record[FREIGHT, r] = freight
        record[HOLDING, r] = Y[STOCK_VALUE, r] * lanes[e, _HOLDING, at]
        if paid_day >= 0:
            net = M[paid_day + 1, GMV, r] - M[paid_day + 1, REFUNDS, r]
            payout = net - net * lanes[ep, _FEES, at] - M[paid_day + 1, COMMISSION, r]
        else:
            payout = lanes[e, _PAYOUT, at]
        cash = payout - PAY[due, r]
        PAY[due, r] = F(0)
        cash = ((cash - lanes[e, _SPEND, at]) - lanes[e, _WAGES, at]) - lanes[e, _FIXED, at]
        record[CASH, r] = (cash - freight) - protection


STAGE = Stage("economics", READS, WRITES, step, prepare, open_)
