"""What happens to one tile of 64 products in a day: the kernels of the inventory stage.

`z` is the tile, `g` its constants (supply.py), `a` the scratch array with the accumulators named here.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ecomsim.jit import inlined, jit
from ecomsim.stages.draws import OUT, SCRATCH, XX, any64
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
from ecomsim.stages.supply import COST, MOQ, PACK, REFUND, RESALE, SHORT, SUPPLIER

F = np.float32

# accumulators of 64 lanes in the scratch array
A_SOLD, A_BACK, A_CAME, A_OUT, A_VALUE, A_COST = (np.int64(SCRATCH + 64 * i) for i in range(6))
A_BACK_COST, A_STOCK, A_REFUNDED, A_REFUND_VALUE, A_GONE, A_UNMET, SPARE = (
    np.int64(SCRATCH + 64 * i) for i in range(6, 13)
)
ACCUMULATORS = 12
ROOM = SCRATCH + 64 * 13


@inlined
def sell(a: Any, ia: Any, z: Any, g: Any, due: Any, back: Any) -> Any:
    """Receive, then sell what stock allows; OUT keeps the receipts. Returns whether any came."""
    for k in range(64):
        a[OUT + k] = due[k]
    for k in range(64):
        came = a[OUT + k]
        again = back[k]
        shelf = (z[STOCK + k] + came) + again
        want = z[DEMAND_BY + k]
        sold = want if want < shelf else shelf
        shelf = shelf - sold
        a[A_UNMET + k] += want - sold
        z[STOCK + k] = shelf
        z[SOLD_BY + k] = sold
        a[A_BACK + k] += again
        a[A_BACK_COST + k] += again * g[COST + k]
    return any64(ia, OUT)


@inlined
def receive(a: Any, z: Any, g: Any, due: Any, owed: Any, terms: Any) -> None:
    """Take what came (OUT) off the pipeline, and add its cost to what is owed, by kind of payment terms."""
    for k in range(64):
        due[k] = F(0)
    for k in range(64):
        came = a[OUT + k]
        z[PIPELINE + k] -= came
        a[A_CAME + k] += came
        a[XX + k] = came * g[COST + k]
    for i in range(owed.shape[0]):
        row = owed[i]
        mine = terms[i]
        for k in range(64):
            row[k] += a[XX + k] * mine[k]


@jit
def unsell(tiles: Any, back: Any, units: Any, u: Any) -> None:
    """Add `units` to what comes `back` today, over products in proportion to what was sold (systematic sampling)."""
    total = F(0)
    for t in range(tiles.shape[0]):
        z = tiles[t]
        for k in range(64):
            total += z[SOLD_BY + k]
    if total <= F(0):
        return
    width = total / F(units)
    goal = width * u
    run = F(0)
    left = units
    for t in range(tiles.shape[0]):
        z = tiles[t]
        for k in range(64):
            run += z[SOLD_BY + k]
            while left > 0 and goal < run:
                back[t, k] += F(1)
                left -= 1
                goal += width


@jit
def substitute(pulls: Any, blocks: Any, tiles: Any, weight: Any, units: Any, u: Any) -> Any:
    """Sell `units` more of products with stock left, in proportion to their pull; returns the units sold.

    Systematic sampling: one uniform, equal steps along the running sum of pulls, first by blocks of 8 products (sums in
    `blocks`), then inside the block. A product has at most its stock to give.
    """
    total = F(0)
    for t in range(tiles.shape[0]):
        z = tiles[t]
        w = weight[t]
        p = pulls[t]
        for k in range(64):
            pull = z[SHOWN + k] * w[k]
            p[k] = pull if z[STOCK + k] > F(0) else F(0)
        for b in range(8):
            o = 8 * b
            blocks[8 * t + b] = ((p[o] + p[o + 1]) + (p[o + 2] + p[o + 3])) + (
                (p[o + 4] + p[o + 5]) + (p[o + 6] + p[o + 7])
            )
    for b in range(blocks.shape[0]):
        total += blocks[b]
    if total <= F(0):
        return 0
    width = total / F(units)
    goal = width * u
    before = F(0)
    left = units
    sold = 0
    for b in range(blocks.shape[0]):
        end = before + blocks[b]
        if goal < end and left > 0:
            z = tiles[b // 8]
            p = pulls[b // 8]
            run = before
            for k in range(8 * (b % 8), 8 * (b % 8) + 8):
                run += p[k]
                while left > 0 and goal < run and p[k] > F(0):
                    left -= 1
                    goal += width
                    if z[STOCK + k] > F(0):
                        z[STOCK + k] -= F(1)
                        z[SOLD_BY + k] += F(1)
                        sold += 1
            while left > 0 and goal < end:  # between two roundings of the same sum
                left -= 1
                goal += width
        before = end
    return sold


@inlined
def lose(a: Any, z: Any, rate: Any, count: Any) -> None:
    """Units vanish from the shelf and stay in the ledger until they are counted."""
    for k in range(64):
        shelf = z[STOCK + k]
        part = z[LUCK + k] * F(32)
        part = part - np.floor(part)
        gone = np.floor(shelf * rate + part)
        gone = gone if gone < shelf else shelf
        z[STOCK + k] = shelf - gone
        z[PHANTOM + k] = F(0) if count else z[PHANTOM + k] + gone
        a[A_GONE + k] += gone


@inlined
def settle(a: Any, z: Any, g: Any, price: Any, later: Any) -> None:
    """Refunds of today's sales, their return to the shelf, and the day's values."""
    for k in range(64):
        sold = z[SOLD_BY + k]
        luck = z[LUCK + k]
        refunded = np.floor(sold * g[REFUND + k] + luck)
        refunded = refunded if refunded < sold else sold
        part = luck * F(512)
        part = part - np.floor(part)
        again = np.floor(refunded * g[RESALE + k] + part)
        a[A_SOLD + k] += sold
        a[A_VALUE + k] += sold * price[k]
        a[A_COST + k] += sold * g[COST + k]
        a[A_REFUNDED + k] += refunded
        a[A_REFUND_VALUE + k] += refunded * price[k]
        a[XX + k] = again if again < refunded else refunded
    for k in range(64):
        later[k] = a[XX + k]


@inlined
def order(
    a: Any, ia: Any, z: Any, g: Any, levels: Any, review: Any, d: Any, rings: Any, r: Any, t: Any, leads: Any
) -> Any:
    """Order up to the level, in whole packs, where the supplier takes orders today and the position is low.

    Returns the units ordered.
    """
    total = F(0)
    for k in range(64):
        position = (z[STOCK + k] + z[PHANTOM + k]) + z[PIPELINE + k]
        low = (levels[k] - position) + F(1)
        a[XX + k] = low * review[k]
    if any64(ia, XX):
        for k in range(64):
            if a[XX + k] > F(0):
                position = (z[STOCK + k] + z[PHANTOM + k]) + z[PIPELINE + k]
                gap = levels[64 + k] - position
                if gap > F(0) and position <= levels[k]:
                    size = max(g[PACK + k], F(1))
                    units = max(np.ceil(gap / size) * size, g[MOQ + k])
                    units = np.floor(units * (F(1) - g[SHORT + k]) + F(0.5))
                    z[PIPELINE + k] += units
                    total += units
                    lead = leads[int(g[SUPPLIER + k]), r % 64]
                    if lead < rings.shape[0]:
                        rings[(d + lead) % rings.shape[0], r, t, k] += units
    return total


@inlined
def close(a: Any, z: Any, g: Any, real: Any, loss: Any, keep: Any, due: Any, back: Any) -> None:
    """Set the rank of tomorrow and what is shown; count stock-outs and the value on the shelf.

    Shown is the rank of products with something on the shelf tomorrow morning (receipts `due`, returns `back`).
    """
    for k in range(64):
        shelf = z[STOCK + k]
        rank = z[SKU_RANK + k]
        down = rank * (F(1) - loss)
        up = F(1) - (F(1) - rank) * keep
        rank = up if shelf > F(0) else down
        z[SKU_RANK + k] = rank
        z[SHOWN + k] = rank if (shelf + due[k]) + back[k] > F(0) else F(0)
        one = real[k]
        a[A_OUT + k] += one if shelf <= F(0) else F(0)
        a[A_STOCK + k] += shelf * g[COST + k]


@jit
def count(z: Any, sold: Any, short: Any) -> None:
    """Add today's units sold and not sold to the horizon's totals by product."""
    for k in range(64):
        sold[k] += z[SOLD_BY + k]
        gap = z[DEMAND_BY + k] - z[SOLD_BY + k]
        short[k] += gap if gap > F(0) else F(0)
