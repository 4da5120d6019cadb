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

from ecomsim.jit import borrowed, jit
from ecomsim.stages import shelf
from ecomsim.stages.draws import (
    OUT,
    U1,
    U2,
    U3,
    XX,
    add64,
    any64,
    clear64,
    fill64,
    row64,
    words64,
)  # fmt: skip
from ecomsim.stages.layout import (
    CANCELLED_UNITS,
    GROSS_REFUNDS,
    GROSS_SALES,
    ON_ORDER,
    RECEIVED,
    REFUNDED_UNITS,
    RETURNED,
    RETURNED_COST,
    SHRINKAGE,
    SOLD_COST,
    STOCK_VALUE,
    STOCKOUT_DAYS,
    SUBSTITUTED,
    UNITS,
)  # fmt: skip
from ecomsim.stages.stage import Stage
from ecomsim.stages.state import State
from ecomsim.stages.supply import (
    MOQ,
    PACK,
    RANK_KEEP,
    RANK_LOSS,
    SHORT,
    SHRINK,
    SUBSTITUTION,
    SUPPLIER,
    Prepared,
    prepare,
)  # fmt: skip
from ecomsim.streams import stream

__all__ = ["READS", "STAGE", "WRITES"]

READS = (
    "demand_by_sku", "luck", "shown@yesterday", "on_order@yesterday", "cancelled_units@yesterday", "units@yesterday",
)  # fmt: skip
WRITES = (
    "units", "substituted", "stockout_days", "on_order", "received", "returned", "shrinkage", "stock", "phantom",
    "on_order_by_sku", "sku_rank", "shown", "sold_by_sku", "gross_sales", "gross_refunds",
    "refunded_units", "sold_cost", "returned_cost", "stock_value",
)  # fmt: skip

F = np.float32
_SHARE = stream("substitution")


def open_(state: State, params: Prepared, first: int, seed: int) -> None:
    """Fill the shelves: opening stock, receipts on the way, returns on the way."""
    products, days = state.size.products, len(params.arriving)

    def flat(tiles: Any) -> Any:
        return tiles.reshape(len(tiles), -1)[:, :products]

    arriving, back = flat(params.arriving), flat(params.back)
    stock, later = flat(params.stock), flat(params.later[None])[0]
    state.DUE[...] = arriving[:, None, :, None]
    state.BACK[...] = back[:, None, :, None]
    state.stock = stock
    state.sku_rank = 1.0
    state.on_order_by_sku = arriving.sum(axis=0) + later
    state.shown = (stock + arriving[0] + back[0]) > 0
    state.M[0, ON_ORDER] = arriving.sum() + later.sum()
    assert days == state.size.receipt_ring and len(back) == state.size.return_ring


def step(day: int, state: State, params: Prepared, first: int, seed: int) -> None:
    """Move today's units."""
    weekday = params.weekday[day]
    g = params.regime[day]
    due, back = state.DUE, state.BACK
    later = day + max(params.lag, 1)
    _step(
        day, first, seed, state.M[day], state.M[day + 1], state.Y, state.Z, state.W, state.PAY, due,
        due[day % len(due)], due[(day + 1) % len(due)], back[day % len(back)], back[(day + 1) % len(back)], back[later %
        len(back)], params.refund, params.resale, params.cost, params.goods,
        params.policy[day if len(params.policy) > 1 else 0], params.review[weekday], params.lanes,
        params.lead_table, params.lead_level, params.paid[g], day %
        params.count_every == 0, params.terms, params.terms_days, bool(params.open_days[weekday]),
    )  # fmt: skip
    if len(state.T):
        _count(state.Z, state.T)


@jit
def _count(Z: Any, T: Any) -> None:
    for b in range(Z.shape[0]):
        for k in range(Z.shape[1]):
            shelf.count(Z[b, k], T[0, b, k], T[1, b, k])


@jit
def _morning(
    a: Any,
    ia: Any,
    b: Any,
    some_back: Any,
    Z: Any,
    W: Any,
    due: Any,
    back: Any,
    cost: Any,
    terms: Any,
    owed: Any,
) -> None:
    """Receive and sell, product by product."""
    a, ia, Z, W, due, back = (
        borrowed(a),
        borrowed(ia),
        borrowed(Z),
        borrowed(W),
        borrowed(due),
        borrowed(back),
    )
    cost, owed = borrowed(cost), borrowed(owed)
    for t in range(cost.shape[0]):
        clear64(a, shelf.A_VALUE, shelf.AMOUNTS)
        for i in range(min(64, Z.shape[1] - 64 * t)):
            k = 64 * t + i
            z = Z[b, k]
            row64(a, shelf.COST1, cost[t, i], b)
            row64(a, OUT, due[b, k], 0)
            row64(a, XX, back[b, k], 0)
            if some_back:
                shelf.unsell(a, z)
            shelf.sell(a, z, W[b if W.shape[0] > 1 else 0, k])
            if any64(ia, OUT):
                kind = 0
                while terms[t, kind, i] <= F(0):
                    kind += 1
                shelf.receive(a, z, due[b, k], owed[kind])
        # sums of sums over 64 products: many products lose no digits
        add64(a, shelf.T_VALUE, shelf.A_VALUE, shelf.AMOUNTS)


@jit
def _evening(
    a: Any, ia: Any, b: Any, Z: Any, W: Any, due: Any, due_next: Any, back_next: Any, later: Any, refund: Any,
    resale: Any, cost: Any, goods: Any, policy: Any, review: Any, paid: Any, slots: Any, who: Any, count: Any,
    reviewing: Any,
) -> None:  # fmt: skip
    """Substitute, lose, refund and order, product by product."""
    a, ia, Z, W = borrowed(a), borrowed(ia), borrowed(Z), borrowed(W)
    due_next, back_next, later = borrowed(due_next), borrowed(back_next), borrowed(later)
    refund, resale, cost = borrowed(refund), borrowed(resale), borrowed(cost)
    goods, paid, slots = borrowed(goods), borrowed(paid), borrowed(slots)
    swapping = any64(ia, shelf.GOALS)
    losing = any64(ia, shelf.GONE_RATE)
    for t in range(goods.shape[0]):
        clear64(a, shelf.A_VALUE, shelf.AMOUNTS)
        for i in range(min(64, Z.shape[1] - 64 * t)):
            k = 64 * t + i
            z = Z[b, k]
            if swapping:
                shelf.substitute(a, z, W[b if W.shape[0] > 1 else 0, k])
            if losing:
                shelf.lose(a, z, count)
            row64(a, shelf.COST1, cost[t, i], b)
            row64(a, shelf.REFUND1, refund[t, i], b)
            row64(a, shelf.RESALE1, resale[t, i], b)
            row64(a, shelf.PRICE, paid[t, i], b)
            shelf.settle(a, z, later[b, k])
            if reviewing and review[t, i] > F(0):
                shelf.order(
                    a, ia, z, policy[t, i], policy[t, 64 + i], goods[t, MOQ + i], goods[t, PACK + i],
                    goods[t, SHORT + i], slots[int(goods[t, SUPPLIER + i])], who, due, b, k,
                )  # fmt: skip
            row64(a, shelf.NEXT, due_next[b, k], 0)
            row64(a, shelf.AGAIN, back_next[b, k], 0)
            shelf.close(a, z)
        add64(a, shelf.T_VALUE, shelf.A_VALUE, shelf.AMOUNTS)


@jit
def _step(
    d: Any, first: Any, key: Any, yesterday: Any, record: Any, Y: Any, Z: Any, W: Any, PAY: Any, rings: Any, due: Any,
    due_next: Any, back: Any, back_next: Any, later: Any, refund: Any, resale: Any, cost: Any, goods: Any,
    policy: Any, review: Any, lanes: Any, lead_table: Any, lead_level: Any, paid: Any, count: Any, terms: Any,
    days: Any, reviewing: Any,
) -> None:  # fmt: skip
    a = np.zeros(shelf.ROOM, np.float32)
    ia = a.view(np.int32)
    owed = np.zeros((days.shape[0], 64), np.float32)
    slots = np.ones((lead_table.shape[0], 64), np.int64)
    who = np.zeros(65, np.int64)
    for b in range(Z.shape[0]):
        o = 64 * b
        words64(a, 0, d, _SHARE, key, first + o)
        row64(a, shelf.BACK_GOALS, Y[CANCELLED_UNITS], b)
        row64(a, shelf.BACK_PACE, yesterday[UNITS], b)
        row64(a, shelf.BACK_TOTAL, yesterday[UNITS], b)
        shelf.goals(a, shelf.BACK_SHARE, U1)
        clear64(a, shelf.A_UNMET, shelf.COUNTS)
        clear64(a, shelf.T_VALUE, shelf.AMOUNTS)
        _morning(a, ia, b, any64(ia, shelf.BACK_GOALS), Z, W, due, back, cost, terms, owed)
        for i in range(owed.shape[0]):
            pay = PAY[(d + days[i]) % PAY.shape[0]]
            for k in range(64):
                pay[o + k] += owed[i, k]
                owed[i, k] = F(0)
        fill64(a, XX, lanes, d, SUBSTITUTION, o)
        for k in range(64):
            unmet = a[shelf.A_UNMET + k]
            swap = np.floor(unmet * a[XX + k] + a[U2 + k])
            swap = swap if swap < unmet else unmet
            a[shelf.GOALS + k] = swap
            a[shelf.PACE + k] = a[shelf.A_PULL + k]
        shelf.goals(a, shelf.SHARE, U3)
        fill64(a, shelf.LOSS, lanes, d, RANK_LOSS, o)
        fill64(a, shelf.KEEP, lanes, d, RANK_KEEP, o)
        fill64(a, shelf.GONE_RATE, lanes, d, SHRINK, o)
        if reviewing:
            shelf.arrivals(d, key, first, o, lanes, lead_table, lead_level, rings.shape[0], slots)
        _evening(
            a,
            ia,
            b,
            Z,
            W,
            rings,
            due_next,
            back_next,
            later,
            refund,
            resale,
            cost,
            goods,
            policy,
            review,
            paid,
            slots,
            who,
            count,
            reviewing,
        )
        for k in range(64):
            r = o + k
            record[UNITS, r] = a[shelf.A_SOLD + k]
            record[SUBSTITUTED, r] = a[shelf.A_MOVED + k]
            record[STOCKOUT_DAYS, r] = a[shelf.A_OUT + k]
            record[RECEIVED, r] = a[shelf.A_CAME + k]
            record[ON_ORDER, r] = (yesterday[ON_ORDER, r] - a[shelf.A_CAME + k]) + a[shelf.A_ORDERED + k]
            record[RETURNED, r] = a[shelf.A_BACK + k]
            record[SHRINKAGE, r] = a[shelf.A_GONE + k]
            Y[GROSS_SALES, r] = a[shelf.T_VALUE + k]
            Y[GROSS_REFUNDS, r] = a[shelf.T_REFUND_VALUE + k]
            Y[REFUNDED_UNITS, r] = a[shelf.A_REFUNDED + k]
            Y[SOLD_COST, r] = a[shelf.T_COST + k]
            Y[RETURNED_COST, r] = a[shelf.T_BACK_COST + k]
            Y[STOCK_VALUE, r] = a[shelf.T_STOCK + k]


STAGE = Stage("inventory", READS, WRITES, step, prepare, open_)
