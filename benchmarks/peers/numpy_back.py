"""Fulfilment, reputation and economics of the plain NumPy version."""

from __future__ import annotations

import numpy as np

from benchmarks.peers.plan import Draw, Shelf
from benchmarks.peers.plan_stock import ordinary_units
from ecomsim.calendar import Horizon
from ecomsim.store import Affiliate, Store
from ecomsim.uncertain import mean_of

Array = np.ndarray


class Packing:
    """Buyers and orders from units sold; parcels leave oldest first, late ones cancel."""

    def __init__(self, store: Store, draw: Draw) -> None:
        own = store.fulfilment
        self.rng = draw.rng
        self.capacity = np.floor(draw(own.capacity))
        self.cancel = draw(own.cancel_rate)
        self.more = draw(store.basket.orders_per_buyer) - 1
        self.queue = np.zeros((own.promise_days + 2, draw.n))

    def day(self, visitors: Array, wanted: Array, units: Array, units_a_buyer: Array) -> dict[str, Array]:
        """Return buyers, buyers by channel, orders, shipped, late and cancelled."""
        rng = self.rng
        buyers = rng.binomial(units.astype(int), 1 / units_a_buyer)
        buyers = np.minimum(buyers, visitors.sum(axis=1)).astype(int)
        share = wanted / np.maximum(wanted.sum(axis=1, keepdims=True), 1e-30)
        by_channel = rng.multinomial(buyers, share / np.maximum(share.sum(axis=1, keepdims=True), 1e-30))
        orders = np.minimum(buyers + rng.poisson(buyers * self.more), units)
        self.queue[0] += orders
        room = self.capacity.copy()
        shipped, late = np.zeros_like(room), np.zeros_like(room)
        for age in range(len(self.queue) - 1, -1, -1):
            packed = np.minimum(self.queue[age], room)
            self.queue[age] -= packed
            room -= packed
            shipped += packed
            late += packed if age == len(self.queue) - 1 else 0
        cancelled = np.floor(self.queue[-1] * self.cancel + rng.random(len(room)))
        cancelled = np.minimum(cancelled, self.queue[-1])
        self.queue[-1] += self.queue[-2] - cancelled
        self.queue[1:-1] = self.queue[:-2].copy()
        self.queue[0] = 0
        return {
            "buyers": buyers.astype(float), "buyers_by": by_channel.astype(float),
            "orders": orders.astype(float), "shipped": shipped, "late": late, "cancelled": cancelled,
        }  # fmt: skip


class Score:
    """Three parts of the score, exponentially weighted; slopes 3, 1, 3 around their standards."""

    def __init__(self, store: Store, draw: Draw) -> None:
        own = store.reputation
        self.opening = [draw(x) for x in (own.product, own.service, own.logistics)]
        self.parts = [x.copy() for x in self.opening]
        self.move = 1 - 0.5 ** (1 / draw(own.half_life_days))
        value = np.array([mean_of(p.share) * mean_of(p.price) for p in store.products.values()])
        refund = np.array([mean_of(p.refund_rate) for p in store.products.values()])
        self.usual_refunds = float(value @ refund / value.sum())

    @property
    def value(self) -> Array:
        """Mean of the three parts."""
        return sum(self.parts) / 3

    def day(
        self, refunds: Array, sales: Array, chats: Array, in_time: Array, late: Array, shipped: Array
    ) -> None:
        """Move the parts by what today showed."""
        told = (
            (3.0, self.usual_refunds, refunds, sales),
            (1.0, 0.10, chats - in_time, chats),
            (3.0, 0.02, late, shipped),
        )
        for i, (slope, standard, bad, of) in enumerate(told):
            seen = self.opening[i] + slope * (standard - bad / np.maximum(of, 1e-9))
            seen = np.clip(seen, 0, 5)
            self.parts[i] = np.where(
                of > 0, self.parts[i] + self.move * (seen - self.parts[i]), self.parts[i]
            )


class Money:
    """Amounts of the day, by pay time."""

    def __init__(
        self, store: Store, horizon: Horizon, draw: Draw, shelf: Shelf, spend: Array, wages: Array
    ) -> None:
        costs = store.costs
        self.shelf, self.spend, self.wages = shelf, spend.sum(axis=2), wages
        self.cost = np.array([float(p.cost) for p in store.products.values()])
        self.fees = draw(costs.platform_rate) + draw(costs.payment_rate)
        self.freight, self.return_freight = draw(costs.freight), draw(costs.return_freight)
        self.holding = draw(costs.holding_rate) / 365
        self.rate = np.stack(
            [draw(c.driver.rate) if isinstance(c.driver, Affiliate) else np.zeros(draw.n)
             for c in store.channels.values()], axis=1
        )  # fmt: skip
        self.undercut = undercut(store, horizon, shelf)
        self.sales: list[Array] = []

    def day(
        self, d: int, moved: dict[str, Array], packed: dict[str, Array], wish: dict[str, Array]
    ) -> dict[str, Array]:
        """Return the day's money."""
        paid = self.shelf.paid(d)
        gross, back = moved["sold"] @ paid, moved["refunded"] @ paid
        keep = 1 - wish["discount_share"]
        orders = np.maximum(packed["orders"], 1)
        gmv = gross * keep
        refunds = back * keep + packed["cancelled"] * gmv / orders
        cogs = moved["sold"] @ self.cost - moved["again"] @ self.cost
        protection = sum(
            (cut * self.sales[d - 1 - j] for j, cut in enumerate(self.undercut[d]) if cut and j < d), 0 * gmv
        )
        buyers = np.maximum(packed["buyers"], 1)
        commission = (self.rate * packed["buyers_by"]).sum(axis=1) * gmv / buyers
        freight = packed["shipped"] * self.freight + moved["refunded"].sum(axis=1) * self.return_freight
        freight = freight - packed["buyers"] * wish["shipping_paid"]
        holding = (moved["stock"] @ self.cost) * self.holding
        net = gmv - refunds
        margin = net * (1 - self.fees) - cogs - protection - self.spend[:, d] - commission - freight
        self.sales.append(gmv)
        return {
            "gross": gross, "back": back, "gmv": gmv, "refunds": refunds, "cogs": cogs,
            "protection": protection, "commission": commission, "freight": freight, "holding": holding,
            "coupons": gross - gmv,
            "margin": margin - self.wages[d] - holding,
        }  # fmt: skip


def undercut(store: Store, horizon: Horizon, shelf: Shelf) -> Array:
    """Return (days, longest): share of the sales of j + 1 days ago that is refunded today."""
    products = list(store.products.values())
    value = ordinary_units(store)[2] * np.array([mean_of(p.price) for p in products])
    longest = max((q.protection_days for q in store.promotions.values()), default=0)
    out = np.zeros((horizon.days, longest))
    for promotion in store.promotions.values():
        today = (promotion.start - horizon.start).days
        if not 0 <= today < horizon.days:
            continue
        scope = np.array([not promotion.skus or p.sku in promotion.skus for p in products])
        for j in range(min(promotion.protection_days, today)):
            gap = np.maximum(1 - shelf.paid(today) / shelf.paid(today - 1 - j), 0) * scope
            out[today, j] += mean_of(promotion.protection_share) * (value @ gap) / value.sum()
    return out
