"""Inventory: what arrives, what stock allows, what is lost, what is ordered.

    sales = min(demand, stock);  a share of the unmet units goes to others in stock, by their pull;  the rest is lost
    refunded = sales · refund rate, rounded by chance;  resaleable ones are back after the refund lag
    order when the position (ledger + on order) is at or below `low` on the supplier's day: packs up to `high`,
    at least the MOQ

- Receipts and returns due today come before the sales. Lead times are drawn per supplier and day from a gamma with
  the given mode and standard deviation; a lead longer than the horizon arrives after it. Short units are known at once.
- Shrinkage hides in the ledger until the count, every other day: the policy believes the phantom stock.
- A product that ends the day without stock loses a share of its search rank; with stock it recovers by half-life.
- Units of orders cancelled yesterday go back on the shelf, over the products in proportion to yesterday's sales.
Everything counted is a whole number: opening + received + returned - units - shrinkage = closing, exactly.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ecomsim.jit import jit
from ecomsim.stages import shelf
from ecomsim.stages.draws import SCRATCH, U1, UU, XX, fill64, move64, normal64, philox4, tree64, u23, words64
from ecomsim.stages.layout import (
    CANCELLED_UNITS,
    GROSS_REFUNDS,
    GROSS_SALES,
    ON_ORDER,
    PIPELINE,
    RECEIVED,
    REFUNDED_UNITS,
    RETURNED,
    RETURNED_COST,
    SHOWN,
    SHRINKAGE,
    SKU_RANK,
    SOLD_COST,
    STOCK,
    STOCK_VALUE,
    STOCKOUT_DAYS,
    SUBSTITUTED,
    UNITS,
)  # fmt: skip
from ecomsim.stages.samplers import gamma64
from ecomsim.stages.stage import Stage
from ecomsim.stages.state import State
from ecomsim.stages.supply import LEAD_MEAN, RANK_KEEP, RANK_LOSS, SHRINK, SUBSTITUTION, Prepared, prepare
from ecomsim.streams import stream

__all__ = ["READS", "STAGE", "WRITES"]

READS = ("demand_by_sku", "luck", "shown@yesterday", "on_order@yesterday", "cancelled_units@yesterday")
WRITES = (
    "units", "substituted", "stockout_days", "on_order", "received", "returned", "shrinkage", "stock", "phantom",
    "on_order_by_sku", "sku_rank", "shown", "sold_by_sku", "gross_sales", "gross_refunds",
    "refunded_units", "sold_cost", "returned_cost", "stock_value",
)  # fmt: skip

F = np.float32
U32 = np.uint32
_LEAD = stream("lead time")
_SHARE = stream("substitution")


def open_(state: State, params: Prepared, first: int, seed: int) -> None:
    """Fill the shelves: opening stock, receipts on the way, returns on the way."""
    z, size = state.Z, state.size
    z[:, :, STOCK : STOCK + 64] = params.stock
    z[:, :, SKU_RANK : SKU_RANK + 64] = 1.0
    ring, back = size.receipt_ring, size.return_ring
    state.DUE[...] = params.arriving[:, None]
    state.BACK[...] = params.back[:, None]
    z[:, :, PIPELINE : PIPELINE + 64] = params.arriving.sum(axis=0) + params.later
    z[:, :, SHOWN : SHOWN + 64] = (params.stock + params.arriving[0] + params.back[0]) > 0
    state.M[0, ON_ORDER] = params.arriving.sum() + params.later.sum()
    assert len(params.arriving) == ring and len(params.back) == back


def step(day: int, state: State, params: Prepared, first: int, seed: int) -> None:
    """Move today's units."""
    weekday = params.weekday[day]
    g = params.regime[day]
    due, back = state.DUE, state.BACK
    later = day + max(params.lag, 1)
    _step(
        day, first, seed, state.M[day], state.M[day + 1], state.Y, state.Z, state.W, state.PAY, due,
        due[day % len(due)], due[(day + 1) % len(due)], back[day % len(back)], back[(day + 1) % len(back)], back[later %
        len(back)], params.goods, params.policy[day if len(params.policy) > 1 else 0],
        params.review[weekday], params.lanes, params.lead_table, params.lead_level, params.paid[g], day %
        params.count_every == 0, params.terms, params.terms_days, params.real,
        bool(params.open_days[weekday]),
    )  # fmt: skip
    if len(state.T):
        _count(state.Z, state.T)


@jit
def _count(Z: Any, T: Any) -> None:
    for r in range(Z.shape[0]):
        for t in range(Z.shape[1]):
            shelf.count(Z[r, t], T[0, r, t], T[1, r, t])


@jit
def _leads(d: Any, key: Any, first: Any, b: Any, lanes: Any, table: Any, level: Any, out: Any) -> None:
    """out[supplier, k] = days until an order of today arrives, at least 1, for the chunk's replications from b."""
    a = np.zeros(shelf.ROOM, np.float32)
    ia = a.view(np.int32)
    for v in range(table.shape[0]):
        words64(a, v, d, _LEAD, key, first + b)
        move64(a, UU, U1)
        normal64(a, ia)
        gamma64(a, table[v], level[v], b)
        fill64(a, shelf.SPARE, lanes, d, LEAD_MEAN + v, b)
        for k in range(64):
            days = int(a[XX + k] * a[shelf.SPARE + k] + F(0.5))
            out[v, k] = max(days, 1)


@jit
def _step(
    d: Any, first: Any, key: Any, yesterday: Any, record: Any, Y: Any, Z: Any, W: Any, PAY: Any, rings: Any, due: Any,
    due_next: Any, back: Any, back_next: Any, later: Any, goods: Any, policy: Any, review: Any, lanes: Any,
    lead_table: Any, lead_level: Any, paid: Any, count: Any, terms: Any, days: Any, real: Any, reviewing: Any,
) -> None:  # fmt: skip
    a = np.zeros(shelf.ROOM, np.float32)
    ia = a.view(np.int32)
    owed = np.zeros((days.shape[0], 64), np.float32)
    leads = np.ones((lead_table.shape[0], 64), np.int64)
    sg = 1 if goods.shape[0] > 1 else 0
    sp = 1 if paid.shape[0] > 1 else 0
    sw = 1 if W.shape[0] > 1 else 0
    s = 1 if lanes.shape[2] > 1 else 0
    e = d if lanes.shape[0] > 1 else 0
    tiles = Z.shape[1]
    pulls = np.zeros((tiles, 64), np.float32)
    blocks = np.zeros(8 * tiles, np.float32)
    for r in range(Z.shape[0]):
        if r % 64 == 0 and reviewing:
            _leads(d, key, first, r, lanes, lead_table, lead_level, leads)
        zr = Z[r]
        x, y, v, _ = philox4(U32(0), U32(d), U32(_SHARE), U32(key), U32(first + r))
        for k in range(64 * shelf.ACCUMULATORS):
            a[SCRATCH + k] = F(0)
        if Y[CANCELLED_UNITS, r] > F(0):
            shelf.unsell(zr, back[r], int(Y[CANCELLED_UNITS, r]), u23(x))
        some = False
        for t in range(tiles):
            g = goods[r * sg, t]
            if shelf.sell(a, ia, zr[t], g, due[r, t], back[r, t]):
                shelf.receive(a, zr[t], g, due[r, t], owed, terms[t])
                some = True
        if some:
            for i in range(owed.shape[0]):
                for k in range(64):
                    a[shelf.SPARE + k] = owed[i, k]
                    owed[i, k] = F(0)
                PAY[(d + days[i]) % PAY.shape[0], r] += tree64(a, shelf.SPARE)
        moved = 0
        unmet = int(tree64(a, shelf.A_UNMET))
        if unmet > 0:
            swap = min(int(F(unmet) * lanes[e, SUBSTITUTION, r * s] + u23(y)), unmet)
            if swap > 0:
                moved = shelf.substitute(pulls, blocks, zr, W[r * sw], swap, u23(v))
        loss = lanes[e, RANK_LOSS, r * s]
        keep = lanes[e, RANK_KEEP, r * s]
        ordered = F(0)
        shrink = lanes[e, SHRINK, r * s]
        for t in range(tiles):
            z = zr[t]
            g = goods[r * sg, t]
            if shrink > F(0):
                shelf.lose(a, z, shrink, count)
            shelf.settle(a, z, g, paid[r * sp, t], later[r, t])
            if reviewing:
                ordered += shelf.order(a, ia, z, g, policy[t], review[t], d, rings, r, t, leads)
            shelf.close(a, z, g, real[t], loss, keep, due_next[r, t], back_next[r, t])
        record[UNITS, r] = tree64(a, shelf.A_SOLD)
        record[SUBSTITUTED, r] = F(moved)
        record[STOCKOUT_DAYS, r] = tree64(a, shelf.A_OUT)
        came = tree64(a, shelf.A_CAME)
        record[RECEIVED, r] = came
        record[ON_ORDER, r] = (yesterday[ON_ORDER, r] - came) + ordered
        record[RETURNED, r] = tree64(a, shelf.A_BACK)
        record[SHRINKAGE, r] = tree64(a, shelf.A_GONE)
        Y[GROSS_SALES, r] = tree64(a, shelf.A_VALUE)
        Y[GROSS_REFUNDS, r] = tree64(a, shelf.A_REFUND_VALUE)
        Y[REFUNDED_UNITS, r] = tree64(a, shelf.A_REFUNDED)
        Y[SOLD_COST, r] = tree64(a, shelf.A_COST)
        Y[RETURNED_COST, r] = tree64(a, shelf.A_BACK_COST)
        Y[STOCK_VALUE, r] = tree64(a, shelf.A_STOCK)


STAGE = Stage("inventory", READS, WRITES, step, prepare, open_)
