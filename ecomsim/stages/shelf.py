"""What happens to one product in a day, in 64 replications at once: the kernels of the inventory stage.

`z` is the product's block (layout.py), `a` the scratch array with the lanes and accumulators named here. Nothing but
the rare order branches on a replication, so every loop vectorises.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ecomsim.jit import jit
from ecomsim.stages.draws import OUT, SCRATCH, U1, UU, XX, any64, fill64, move64, normal64, save64, words64
from ecomsim.stages.layout import (
    DEMAND_BY,
    LUCK,
    PHANTOM,
    PIPELINE,
    SHOWN,
    SKU_RANK,
    SOLD_BY,
    STOCK,
)
from ecomsim.stages.samplers import gamma64
from ecomsim.stages.supply import LEAD_MEAN
from ecomsim.streams import stream

F = np.float32
_LEAD = stream("lead time")

# Lanes of the day's numbers by replication, then of the product's; then the accumulators, those of amounts at the end.
LOSS, KEEP, GONE_RATE, COST1, REFUND1, RESALE1, PRICE, AGAIN, NEXT = (
    np.int64(SCRATCH + 64 * i) for i in range(9)
)
# systematic sampling: running sum, goals a unit of it, start, goals in all, goals passed
SHARE, PACE, START, GOALS, PASSED, BACK_SHARE, BACK_PACE, BACK_START, BACK_GOALS, BACK_PASSED = (
    np.int64(SCRATCH + 64 * i) for i in range(10, 20)
)
A_UNMET, A_PULL, A_MOVED, A_SOLD, A_BACK, A_CAME, A_OUT, A_REFUNDED, A_GONE, A_ORDERED = (
    np.int64(SCRATCH + 64 * i) for i in range(20, 30)
)
COUNTS = 10
A_VALUE, A_COST, A_BACK_COST, A_STOCK, A_REFUND_VALUE = (np.int64(SCRATCH + 64 * i) for i in range(30, 35))
AMOUNTS = 5
T_VALUE, T_COST, T_BACK_COST, T_STOCK, T_REFUND_VALUE = (np.int64(SCRATCH + 64 * i) for i in range(35, 40))
BACK_TOTAL = np.int64(SCRATCH + 64 * 40)
ROOM = SCRATCH + 64 * 41


@jit
def arrivals(
    d: Any, key: Any, first: Any, b: Any, lanes: Any, table: Any, level: Any, ring: Any, out: Any
) -> None:
    """out[supplier, k] = slot of the ring in which an order of today arrives, or -1 beyond it."""
    a = np.zeros(ROOM, np.float32)
    ia = a.view(np.int32)
    for v in range(table.shape[0]):
        words64(a, v, d, _LEAD, key, first + b)
        move64(a, UU, U1)
        normal64(a, ia)
        gamma64(a, table[v], level[v], b)
        fill64(a, OUT, lanes, d, LEAD_MEAN + v, b)
        for k in range(64):
            days = max(int(a[XX + k] * a[OUT + k] + F(0.5)), 1)
            out[v, k] = (d + days) % ring if days < ring else -1


@jit
def goals(a: Any, share: Any, u: Any) -> None:
    """Begin systematic sampling of GOALS units along a running sum that ends at PACE; `share` is its first lane."""
    for k in range(64):
        total = a[share + 64 + k]
        units = a[share + 192 + k]
        a[share + k] = F(0)
        a[share + 64 + k] = units / total if total > F(0) else F(0)
        a[share + 128 + k] = F(1) - a[u + k]
        a[share + 256 + k] = F(0)


@jit
def unsell(a: Any, z: Any) -> None:
    """Add cancelled units to what comes back (XX), over products in proportion to what was sold yesterday."""
    for k in range(64):
        run = a[BACK_SHARE + k] + z[SOLD_BY + k]
        passed = np.floor(run * a[BACK_PACE + k] + a[BACK_START + k])
        passed = passed if passed < a[BACK_GOALS + k] and run < a[BACK_TOTAL + k] else a[BACK_GOALS + k]
        a[XX + k] += passed - a[BACK_PASSED + k]
        a[BACK_SHARE + k] = run
        a[BACK_PASSED + k] = passed


@jit
def sell(a: Any, z: Any, w: Any) -> None:
    """Put what came (OUT) and came back (XX) on the shelf, then sell; add up what is unmet and the pull of the rest."""
    for k in range(64):
        again = a[XX + k]
        shelf = (z[STOCK + k] + a[OUT + k]) + again
        want = z[DEMAND_BY + k]
        sold = want if want < shelf else shelf
        shelf = shelf - sold
        z[STOCK + k] = shelf
        z[SOLD_BY + k] = sold
        a[A_UNMET + k] += want - sold
        a[A_BACK + k] += again
        a[A_BACK_COST + k] += again * a[COST1 + k]
        pull = z[SHOWN + k] * w[k]
        a[A_PULL + k] += pull if shelf > F(0) else F(0)


@jit
def receive(a: Any, z: Any, due: Any, owed: Any) -> None:
    """Take what came (OUT) off the pipeline, and add its cost to what is owed."""
    for k in range(due.shape[0]):
        due[k] = F(0)
    for k in range(64):
        came = a[OUT + k]
        z[PIPELINE + k] -= came
        a[A_CAME + k] += came
    for k in range(64):
        owed[k] += a[OUT + k] * a[COST1 + k]


@jit
def substitute(a: Any, z: Any, w: Any) -> None:
    """Sell units whose own product was out, to products with stock left in proportion to their pull.

    Systematic sampling: one uniform a replication, equal steps along the running sum of pulls. A product has at most
    its stock to give.
    """
    for k in range(64):
        stock = z[STOCK + k]
        pull = z[SHOWN + k] * w[k]
        run = a[SHARE + k] + (pull if stock > F(0) else F(0))
        passed = np.floor(run * a[PACE + k] + a[START + k])
        passed = passed if passed < a[GOALS + k] else a[GOALS + k]
        more = passed - a[PASSED + k]
        more = more if more < stock else stock
        a[SHARE + k] = run
        a[PASSED + k] = passed
        z[STOCK + k] = stock - more
        z[SOLD_BY + k] += more
        a[A_MOVED + k] += more


@jit
def lose(a: Any, z: Any, count: Any) -> None:
    """Units vanish from the shelf and stay in the ledger until they are counted."""
    left = F(0) if count else F(1)
    for k in range(64):
        shelf = z[STOCK + k]
        part = z[LUCK + k] * F(32)
        part = part - np.floor(part)
        gone = np.floor(shelf * a[GONE_RATE + k] + part)
        gone = gone if gone < shelf else shelf
        z[STOCK + k] = shelf - gone
        z[PHANTOM + k] = (z[PHANTOM + k] + gone) * left
        a[A_GONE + k] += gone


@jit
def settle(a: Any, z: Any, later: Any) -> None:
    """Refunds of today's sales, their return to the shelf, and the day's values."""
    for k in range(64):
        sold = z[SOLD_BY + k]
        luck = z[LUCK + k]
        refunded = np.floor(sold * a[REFUND1 + k] + luck)
        refunded = refunded if refunded < sold else sold
        part = luck * F(512)
        part = part - np.floor(part)
        again = np.floor(refunded * a[RESALE1 + k] + part)
        a[A_SOLD + k] += sold
        a[A_VALUE + k] += sold * a[PRICE + k]
        a[A_COST + k] += sold * a[COST1 + k]
        a[A_REFUNDED + k] += refunded
        a[A_REFUND_VALUE + k] += refunded * a[PRICE + k]
        a[XX + k] = again if again < refunded else refunded
    save64(later, a, XX)


@jit
def order(
    a: Any,
    ia: Any,
    z: Any,
    low: Any,
    high: Any,
    moq: Any,
    pack: Any,
    short: Any,
    slots: Any,
    who: Any,
    rings: Any,
    b: Any,
    i: Any,
) -> None:
    """Order up to the level, in whole packs, where the position is low; units go to their slot of the ring.

    A slot below 0 is a day beyond the horizon. `who` has room for 65 numbers.
    """
    size = pack if pack > F(1) else F(1)
    comes = F(1) - short
    for k in range(64):
        position = (z[STOCK + k] + z[PHANTOM + k]) + z[PIPELINE + k]
        gap = high - position
        units = np.ceil(gap / size) * size
        units = units if units > moq else moq
        units = np.floor(units * comes + F(0.5))
        units = units if position <= low else F(0)
        units = units if gap > F(0) else F(0)
        z[PIPELINE + k] += units
        a[A_ORDERED + k] += units
        a[XX + k] = units
    if any64(ia, XX):
        # first who orders, then where it goes: the ring's lines are far away, and are fetched side by side
        some = 0
        for k in range(64):
            who[some] = k
            some += 1 if a[XX + k] > F(0) and slots[k] >= 0 else 0
        for n in range(some):
            k = who[n]
            rings[slots[k], b, i, k] += a[XX + k]


@jit
def close(a: Any, z: Any) -> None:
    """Set the rank of tomorrow and what is shown; count stock-outs and the value on the shelf.

    Shown is the rank of products with something on the shelf tomorrow morning (receipts NEXT, returns AGAIN).
    """
    for k in range(64):
        shelf = z[STOCK + k]
        rank = z[SKU_RANK + k]
        down = rank * (F(1) - a[LOSS + k])
        up = F(1) - (F(1) - rank) * a[KEEP + k]
        rank = up if shelf > F(0) else down
        z[SKU_RANK + k] = rank
        z[SHOWN + k] = rank if (shelf + a[NEXT + k]) + a[AGAIN + k] > F(0) else F(0)
        a[A_OUT + k] += F(1) if shelf <= F(0) else F(0)
        a[A_STOCK + k] += shelf * a[COST1 + k]


@jit
def count(z: Any, sold: Any, short: Any) -> None:
    """Add today's units sold and not sold to the horizon's totals by product."""
    for k in range(64):
        sold[k] += z[SOLD_BY + k]
    for k in range(64):
        gap = z[DEMAND_BY + k] - z[SOLD_BY + k]
        short[k] += gap if gap > F(0) else F(0)
