"""Inventory of the plain NumPy version: receipts, sales, substitution, shrinkage, refunds, orders, rank."""

from __future__ import annotations

import numpy as np

from benchmarks.peers.plan import Draw
from benchmarks.peers.plan_stock import Supply
from ecomsim.calendar import Horizon
from ecomsim.store import Store

Array = np.ndarray


class Warehouse:
    """Stock, pipeline and rank, (n, products); rings of receipts and returns by day modulo their length."""

    def __init__(self, store: Store, horizon: Horizon, draw: Draw, plan: Supply) -> None:
        products = list(store.products.values())
        self.rng, self.plan, n = draw.rng, plan, draw.n
        shape = (n, len(products))
        self.stock = np.broadcast_to(np.rint([float(p.on_hand) for p in products]), shape).copy()
        self.phantom, self.rank = np.zeros(shape), np.ones(shape)
        self.days, self.lag = horizon.days, max(store.fulfilment.refund_lag_days, 1)
        longest = (
            int((plan.lead_shape * plan.lead_scale + 8 * np.sqrt(plan.lead_shape) * plan.lead_scale).max())
            + 2
        )
        first = max(np.flatnonzero(plan.receipts.any(axis=1)), default=0)
        self.due = np.zeros((min(max(longest, int(first) + 1), self.days + 1), *shape))
        self.back = np.zeros((self.lag + 1, *shape))
        for day in range(min(len(self.due), self.days)):
            self.due[day] = plan.receipts[day]
        for day in range(min(self.lag, self.days)):
            self.back[day] = plan.returns[day]
        # receipts due after the horizon never come in it, but are on order
        later = np.array([sum(round(r.units) for r in p.on_order) for p in products]) - plan.receipts.sum(
            axis=0
        )
        self.pipeline = np.broadcast_to(plan.receipts.sum(axis=0) + later, shape).copy()
        self.refund = np.stack([draw(p.refund_rate) for p in products], axis=1)
        self.resale = np.stack([draw(p.resale_share) for p in products], axis=1)
        self.substitution, self.shrink = draw(store.choice.substitution), draw(store.choice.shrinkage)
        self.loss = draw(store.choice.rank_loss)[:, None]
        self.keep = 0.5 ** (1 / draw(store.choice.rank_half_life_days))[:, None]
        self.sold = np.zeros(shape)

    def opening(self, d: int) -> Array:
        """Return which products open the day with stock, today's receipts and returns included."""
        return self.stock + self.due[d % len(self.due)] + self.back[d % len(self.back)] > 0

    def day(self, d: int, demand: Array, pull: Array, cancelled: Array) -> dict[str, Array]:
        """Move the day's units; `cancelled` units of yesterday's orders go back on the shelf."""
        rng = self.rng
        came, again = self.due[d % len(self.due)].copy(), self.back[d % len(self.back)].copy()
        self.due[d % len(self.due)] = 0
        self.back[d % len(self.back)] = 0
        again += self._spread(self.sold, cancelled)
        shelf = self.stock + came + again
        sold = np.minimum(demand, shelf)
        shelf -= sold
        unmet = (demand - sold).sum(axis=1)
        moved = np.zeros(len(unmet))
        swap = np.floor(unmet * self.substitution + rng.random(len(unmet)))
        if swap.any():
            wish = self._spread(pull * (shelf > 0), swap)
            extra = np.minimum(wish, shelf)
            sold += extra
            shelf -= extra
            moved = extra.sum(axis=1)
        gone = np.zeros(len(unmet))
        if self.shrink.any():
            lost = np.minimum(np.floor(shelf * self.shrink[:, None] + rng.random(shelf.shape)), shelf)
            shelf -= lost
            gone = lost.sum(axis=1)
            self.phantom = np.zeros_like(shelf) if d % 2 == 0 else self.phantom + lost
        refunded = np.minimum(np.floor(sold * self.refund + rng.random(sold.shape)), sold)
        good = np.minimum(np.floor(refunded * self.resale + rng.random(sold.shape)), refunded)
        self.back[(d + self.lag) % len(self.back)] += good
        self.pipeline -= came
        self.stock, self.sold = shelf, sold
        self._order(d)
        self.rank = np.where(shelf > 0, 1 - (1 - self.rank) * self.keep, self.rank * (1 - self.loss))
        return {
            "sold": sold,
            "refunded": refunded,
            "came": came,
            "again": again,
            "moved": moved,
            "gone": gone,
        }

    def _order(self, d: int) -> None:
        plan = self.plan
        if not plan.review[d].any():
            return
        position = self.stock + self.phantom + self.pipeline
        order = np.maximum(np.ceil((plan.high[d] - position) / plan.pack) * plan.pack, plan.moq)
        order *= (position <= plan.low[d]) & (plan.high[d] > position) & plan.review[d]
        order = np.floor(order * (1 - plan.short) + 0.5)
        self.pipeline += order
        n, suppliers = len(order), len(plan.lead_shape)
        lead = self.rng.gamma(plan.lead_shape, plan.lead_scale, (n, suppliers))
        lead = np.maximum(np.floor(lead + 0.5), 1).astype(int)
        row, col = np.nonzero(order)
        day = lead[row, plan.supplier[col]]
        soon = day < len(self.due)
        row, col, day = row[soon], col[soon], (d + day[soon]) % len(self.due)
        self.due[day, row, col] += order[row, col]

    def _spread(self, weight: Array, units: Array) -> Array:
        """Return whole units placed over products in proportion to `weight`, (n, products)."""
        total = weight.sum(axis=1, keepdims=True)
        some = np.flatnonzero((units > 0) & (total[:, 0] > 0))
        out = np.zeros_like(weight)
        out[some] = self.rng.multinomial(units[some].astype(int), weight[some] / total[some])
        return out
