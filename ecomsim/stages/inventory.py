"""Inventory: what arrives, what stock allows, what is lost, what is ordered.

    sales = min(demand, stock);  a share of the unmet units goes to other products in stock, by their pull;  the rest is lost
    refunded = sales · refund rate, rounded by chance;  resaleable ones are back after the refund lag
    order when the position (ledger + on order) is at or below `low` on the supplier's day: packs up to `high`, at least the MOQ

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
from ecomsim.stages.draws import CF, OUT, PP, SCRATCH, UU, WW, XX, gamma64, normal64, philox4, tree64, u23
from ecomsim.stages.layout import (
    CANCELLED_UNITS, DEMAND_BY, GROSS_REFUNDS, GROSS_SALES, LOST_SO_FAR, LUCK, ON_ORDER, PHANTOM, PIPELINE, PULL_BY,
    RECEIVED, REFUNDED_UNITS, RETURNED, RETURNED_COST, RINGS, SHRINKAGE, SKU_RANK, SOLD_BY, SOLD_COST, STOCK, STOCK_VALUE,
    STOCKOUT_DAYS, SUBSTITUTED, UNITS, UNITS_SO_FAR,
)  # fmt: skip
from ecomsim.stages.stage import Stage
from ecomsim.stages.state import State
from ecomsim.stages.supply import (
    COST, LEAD_MEAN, MOQ, PACK, RANK_KEEP, RANK_LOSS, REFUND, RESALE, SHORT, SHRINK, SUBSTITUTION, SUPPLIER, Prepared,
    prepare,
)  # fmt: skip
from ecomsim.streams import stream

__all__ = ["READS", "STAGE", "WRITES"]

READS = ("demand_by_sku", "pull_by_sku", "luck", "weight", "cancelled_units@yesterday")
WRITES = (
    "units", "substituted", "stockout_days", "on_order", "received", "returned", "shrinkage", "stock", "phantom",
    "on_order_by_sku", "sku_rank", "sold_by_sku", "units_so_far", "lost_so_far", "gross_sales", "gross_refunds",
    "refunded_units", "sold_cost", "returned_cost", "stock_value",
)  # fmt: skip

F = np.float32
I = np.int32  # noqa: E741
U32 = np.uint32
_LEAD = stream("lead time")
_SHARE = stream("substitution")


def open_(state: State, params: Prepared, first: int, seed: int) -> None:
    """Fill the shelves: opening stock, receipts on the way, returns on the way."""
    z, size = state.Z, state.size
    z[:, :, STOCK : STOCK + 64] = params.stock
    z[:, :, SKU_RANK : SKU_RANK + 64] = 1.0
    receipts = RINGS + 64 * size.receipt_ring
    z[:, :, RINGS:receipts] = params.arriving
    z[:, :, receipts:] = params.back
    z[:, :, PIPELINE : PIPELINE + 64] = (
        params.arriving.reshape(size.tiles, size.receipt_ring, 64).sum(axis=1) + params.later
    )


def step(day: int, state: State, params: Prepared, first: int, seed: int) -> None:
    """Move today's units."""
    size = state.size
    weekday = params.weekday[day]
    g = params.regime[day]
    _step(
        day, first, U32(seed), state.M[day + 1], state.Y, state.Z, state.PAY, params.goods,
        params.policy[day if len(params.policy) > 1 else 0], params.review[weekday],
        params.lanes[day if len(params.lanes) > 1 else 0], params.lead_table, params.lead_level, params.paid[g],
        size.receipt_ring, size.return_ring, params.lag, day % params.count_every == 0, params.terms, params.real, state.totals,
    )  # fmt: skip


# the kernel's own lanes in the scratch array
A_SOLD, A_BACK, A_CAME, A_PIPE, A_OUT, A_VALUE, A_COST, A_BCOST, A_STOCK, A_REF, A_RVAL, A_GONE, A_OPEN = (
    SCRATCH + 64 * i for i in range(13)
)


@jit
def _leads(d: Any, first: Any, k0: Any, b: Any, lanes: Any, table: Any, level: Any, out: Any) -> None:
    """out[supplier, k] = days until an order of today arrives, at least 1, for replications b..b + 63 of the chunk."""
    a = np.zeros(SCRATCH, np.float32)
    ia = a.view(np.int32)
    lane_level = np.zeros(64, np.float32)
    s = 1 if lanes.shape[1] > 1 else 0
    sl = 1 if level.shape[1] > 1 else 0
    for v in range(table.shape[0]):
        for k in range(64):
            x, _, _, _ = philox4(U32(v), U32(d), U32(_LEAD), k0, U32(first + b + k))
            a[UU + k] = u23(x)
            lane_level[k] = level[v, (b + k) * sl]
        normal64(a, ia)
        gamma64(a, table[v], lane_level)
        for k in range(64):
            days = int(a[XX + k] * lanes[LEAD_MEAN + v, (b + k) * s] + F(0.5))
            out[v, k] = max(days, 1)


@jit
def _unsell(z_all: Any, target: Any, total: Any, units: Any, u: Any) -> None:
    """Add `units` whole units to field `target`, over products in proportion to what was sold (systematic sampling)."""
    width = total / F(units)
    goal = width * u
    run = F(0)
    left = units
    for t in range(z_all.shape[0]):
        z = z_all[t]
        for k in range(64):
            run += z[SOLD_BY + k]
            while left > 0 and goal < run:
                z[target + k] += F(1)
                left -= 1
                goal += width
        if left == 0:
            break


@jit
def _substitute(z_all: Any, total: Any, units: Any, u: Any) -> Any:
    """Sell `units` more of products with stock left, in proportion to their pull; returns the units sold."""
    width = total / F(units)
    goal = width * u
    run = F(0)
    left = units
    sold = 0
    for t in range(z_all.shape[0]):
        z = z_all[t]
        for k in range(64):
            shelf = z[STOCK + k]
            if shelf > F(0):
                run += z[PULL_BY + k]
                while left > 0 and goal < run:
                    left -= 1
                    goal += width
                    if shelf > F(0):
                        shelf -= F(1)
                        z[STOCK + k] = shelf
                        z[SOLD_BY + k] += F(1)
                        sold += 1
        if left == 0:
            break
    return sold


@jit
def _step(
    d: Any, first: Any, k0: Any, record: Any, Y: Any, Z: Any, PAY: Any, goods: Any, policy: Any, review: Any, lanes: Any,
    lead_table: Any, lead_level: Any, paid: Any, receipt_ring: Any, return_ring: Any, lag: Any, count: Any,
    terms: Any, real: Any, totals: Any,
) -> None:  # fmt: skip
    # accumulators of 64 lanes
    a = np.zeros(SCRATCH + 64 * 14, np.float32)
    SHELF = SCRATCH + 64 * 13
    suppliers = lead_table.shape[0]
    leads = np.ones((suppliers, 64), np.int64)
    sg = 1 if goods.shape[0] > 1 else 0
    sp = 1 if paid.shape[0] > 1 else 0
    s = 1 if lanes.shape[1] > 1 else 0
    due = RINGS + 64 * (d % receipt_ring)
    back = RINGS + 64 * (receipt_ring + d % return_ring)
    back_at = RINGS + 64 * (receipt_ring + (d + max(lag, 1)) % return_ring)
    tiles = Z.shape[1]
    reviewing = False
    for t in range(tiles):
        for k in range(64):
            reviewing = reviewing or review[t, k] > F(0)
    for r in range(Z.shape[0]):
        if r % 64 == 0 and reviewing:
            _leads(d, first, k0, r, lanes, lead_table, lead_level, leads)
        at = r * s
        for k in range(64 * 13):
            a[SCRATCH + k] = F(0)
        cancelled = int(Y[CANCELLED_UNITS, r])
        if cancelled > 0:
            # cancelled units are back on the shelf: add them to what is returned today
            whole = F(0)
            for t in range(tiles):
                z = Z[r, t]
                for k in range(64):
                    whole += z[SOLD_BY + k]
            x, _, _, _ = philox4(U32(1), U32(d), U32(_SHARE), k0, U32(first + r))
            if whole > F(0):
                _unsell(Z[r], back, whole, cancelled, u23(x))
        unmet = I(0)
        for t in range(tiles):
            z = Z[r, t]
            g = goods[r * sg, t]
            zd = z[due : due + 64]
            zb = z[back : back + 64]
            for k in range(64):
                a[OUT + k] = zd[k]
            for k in range(64):
                a[PP + k] = zb[k]
            for k in range(64):
                zd[k] = F(0)
            for k in range(64):
                zb[k] = F(0)
            for k in range(64):
                a[CF + k] = g[COST + k]
            some = I(0)
            for k in range(64):
                came = a[OUT + k]
                again = a[PP + k]
                shelf = (z[STOCK + k] + came) + again
                want = z[DEMAND_BY + k]
                sold = want if want < shelf else shelf
                shelf = shelf - sold
                unmet += I(want - sold)
                z[STOCK + k] = shelf
                z[SOLD_BY + k] = sold
                z[PIPELINE + k] -= came
                a[A_CAME + k] += came
                a[A_BACK + k] += again
                a[A_BCOST + k] += again * a[CF + k]
                a[A_OPEN + k] += z[PULL_BY + k] if shelf > F(0) else F(0)
                some += I(1) if came > F(0) else I(0)
            if some > I(0):
                for k in range(64):
                    if a[OUT + k] > F(0):
                        v = int(g[SUPPLIER + k])
                        PAY[(d + terms[v]) % PAY.shape[0], r] += a[OUT + k] * a[CF + k]
        moved = 0
        if unmet > I(0):
            x, _, _, _ = philox4(U32(0), U32(d), U32(_SHARE), k0, U32(first + r))
            swap = int(F(unmet) * lanes[SUBSTITUTION, at] + u23(x))
            swap = min(swap, int(unmet))
            if swap > 0:
                whole = F(0)
                for k in range(64):
                    a[SHELF + k] = a[A_OPEN + k]
                whole = tree64(a, SHELF)
                if whole > F(0):
                    x, _, _, _ = philox4(U32(2), U32(d), U32(_SHARE), k0, U32(first + r))
                    moved = _substitute(Z[r], whole, swap, u23(x))
        loss = lanes[RANK_LOSS, at]
        keep = lanes[RANK_KEEP, at]
        shrink = lanes[SHRINK, at]
        for t in range(tiles):
            z = Z[r, t]
            g = goods[r * sg, t]
            low_high = policy[t]
            open_today = review[t]
            price = paid[r * sp, t]
            if shrink > F(0):
                for k in range(64):
                    shelf = z[STOCK + k]
                    part = z[LUCK + k] * F(32)
                    part = part - np.floor(part)
                    gone = np.floor(shelf * shrink + part)
                    gone = gone if gone < shelf else shelf
                    z[STOCK + k] = shelf - gone
                    z[PHANTOM + k] = F(0) if count else z[PHANTOM + k] + gone
                    a[A_GONE + k] += gone
            for k in range(64):
                a[OUT + k] = g[REFUND + k]
            for k in range(64):
                a[PP + k] = g[RESALE + k]
            for k in range(64):
                a[CF + k] = g[COST + k]
            for k in range(64):
                a[WW + k] = price[k]
            for k in range(64):
                sold = z[SOLD_BY + k]
                luck = z[LUCK + k]
                refunded = np.floor(sold * a[OUT + k] + luck)
                refunded = refunded if refunded < sold else sold
                part = luck * F(512)
                part = part - np.floor(part)
                again = np.floor(refunded * a[PP + k] + part)
                a[A_SOLD + k] += sold
                a[A_VALUE + k] += sold * a[WW + k]
                a[A_COST + k] += sold * a[CF + k]
                a[A_REF + k] += refunded
                a[A_RVAL + k] += refunded * a[WW + k]
                a[XX + k] = again if again < refunded else refunded
            za = z[back_at : back_at + 64]
            for k in range(64):
                za[k] += a[XX + k]
            if reviewing:
                for k in range(64):
                    a[OUT + k] = g[MOQ + k]
                for k in range(64):
                    a[PP + k] = g[PACK + k]
                for k in range(64):
                    a[XX + k] = g[SHORT + k]
                for k in range(64):
                    a[UU + k] = low_high[k]
                for k in range(64):
                    a[WW + k] = low_high[64 + k]
                for k in range(64):
                    a[SHELF + k] = open_today[k]
                some = I(0)
                for k in range(64):
                    position = (z[STOCK + k] + z[PHANTOM + k]) + z[PIPELINE + k]
                    size = a[PP + k] if a[PP + k] > F(1) else F(1)
                    order = np.ceil((a[WW + k] - position) / size) * size
                    order = order if order > a[OUT + k] else a[OUT + k]
                    order = order if position <= a[UU + k] and a[WW + k] > position else F(0)
                    order = np.floor(order * a[SHELF + k] * (F(1) - a[XX + k]) + F(0.5))
                    a[XX + k] = order
                    z[PIPELINE + k] += order
                    some += I(1) if order > F(0) else I(0)
                if some > I(0):
                    for k in range(64):
                        if a[XX + k] > F(0):
                            lead = leads[int(g[SUPPLIER + k]), r % 64]
                            if lead < receipt_ring:
                                slot = (d + lead) % receipt_ring
                                z[RINGS + 64 * slot + k] += a[XX + k]
            for k in range(64):
                a[PP + k] = real[t, k]
            for k in range(64):
                shelf = z[STOCK + k]
                rank = z[SKU_RANK + k]
                down = rank * (F(1) - loss)
                up = F(1) - (F(1) - rank) * keep
                z[SKU_RANK + k] = up if shelf > F(0) else down
                a[A_PIPE + k] += z[PIPELINE + k]
                a[A_OUT + k] += a[PP + k] if shelf <= F(0) else F(0)
                a[A_STOCK + k] += shelf * a[CF + k]
            if totals:
                for k in range(64):
                    z[UNITS_SO_FAR + k] += z[SOLD_BY + k]
                    short = z[DEMAND_BY + k] - z[SOLD_BY + k]
                    z[LOST_SO_FAR + k] += short if short > F(0) else F(0)
        record[UNITS, r] = tree64(a, A_SOLD)
        record[SUBSTITUTED, r] = F(moved)
        record[STOCKOUT_DAYS, r] = tree64(a, A_OUT)
        record[ON_ORDER, r] = tree64(a, A_PIPE)
        record[RECEIVED, r] = tree64(a, A_CAME)
        record[RETURNED, r] = tree64(a, A_BACK)
        record[SHRINKAGE, r] = tree64(a, A_GONE)
        Y[GROSS_SALES, r] = tree64(a, A_VALUE)
        Y[GROSS_REFUNDS, r] = tree64(a, A_RVAL)
        Y[REFUNDED_UNITS, r] = tree64(a, A_REF)
        Y[SOLD_COST, r] = tree64(a, A_COST)
        Y[RETURNED_COST, r] = tree64(a, A_BCOST)
        Y[STOCK_VALUE, r] = tree64(a, A_STOCK)


STAGE = Stage("inventory", READS, WRITES, step, prepare, open_)
