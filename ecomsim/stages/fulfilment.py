"""Fulfilment: sold units become buyers, orders and parcels; parcels leave in the order they came.

    buyers ~ Binomial(units, 1 / units a buyer), never above the visitors; by channel ~ multinomial by the wish to buy
    orders = buyers + Poisson(buyers (orders_per_buyer - 1)), never above the units

Buyers are counted on units SOLD: who finds an empty shelf does not pay. Orders wait by age in days; the oldest are packed
first up to the capacity; those packed after `promise_days` are late. A share of the late ones still waiting cancels at
the end of the day: their money is refunded today, their units are on the shelf tomorrow.
Conservation: waiting yesterday + orders = shipped + cancelled + waiting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ecomsim.checks import EcomsimError
from ecomsim.jit import jit
from ecomsim.parameters import Parameters, Singles, pack
from ecomsim.stages.draws import LAM, OUT, PROB, SCRATCH, UU, binomial64, philox4, poisson64, u23
from ecomsim.stages.layout import (
    BUYERS, BUYERS_BY, CANCELLED, CANCELLED_UNITS, CANCELLED_VALUE, DISCOUNT_SHARE, FULFILMENT_QUEUE, GROSS_SALES, LATE,
    ORDER_UNITS, ORDER_VALUE, ORDERS, SHIPPED, UNITS, UNITS_A_BUYER, VISITORS, VISITORS_BY, WANTED_BY,
)  # fmt: skip
from ecomsim.stages.stage import Stage, array
from ecomsim.stages.state import State
from ecomsim.streams import stream

__all__ = ["READS", "STAGE", "WRITES", "Prepared"]

READS = (
    "units", "units_a_buyer", "visitors", "visitors_by_channel", "wanted_by_channel", "gross_sales", "discount_share",
)  # fmt: skip
WRITES = (
    "buyers", "buyers_by_channel", "orders", "shipped", "late", "cancelled", "cancelled_units", "cancelled_value",
    "order_value", "order_units", "fulfilment_queue",
)  # fmt: skip

F = np.float32
U32 = np.uint32
_BUYERS = stream("buyers")
_CAPACITY, _CANCEL, _MORE_ORDERS = range(3)


@dataclass(frozen=True)
class Prepared:
    """Arrays of the fulfilment stage: capacity, cancel rate, orders a buyer beyond the first; days promised."""

    lanes: Singles = array(days=True, reps=2)
    promise_days: int = 2


def prepare(p: Parameters) -> Prepared:
    """Return capacity and rates by day."""
    own = p.store.fulfilment
    rows: list[Any] = [
        p.daily("fulfilment.capacity", own.capacity),
        p.daily("fulfilment.cancel_rate", own.cancel_rate),
        p.daily("basket.orders_per_buyer", p.store.basket.orders_per_buyer) - 1,
    ]
    return Prepared(lanes=pack(rows, p.days), promise_days=own.promise_days)


def step(day: int, state: State, params: Prepared, first: int, seed: int) -> None:
    """Check out what was sold, then pack."""
    lanes = params.lanes[day if len(params.lanes) > 1 else 0]
    if _step(day, first, U32(seed), state.M[day + 1], state.Y, state.X, state.Q, lanes):
        raise EcomsimError(
            f"orders on day {day}", "a rate that is negative or NaN", "rates of at least 0", ""
        )


# the kernel's own lanes in the scratch array
BUY, LEFT, SHARE, ROOM, SHIP, TIE, LATEST = (SCRATCH + 64 * i for i in range(7))


@jit
def _step(d: Any, first: Any, k0: Any, record: Any, Y: Any, X: Any, Q: Any, lanes: Any) -> Any:
    a = np.zeros(SCRATCH + 448, np.float32)
    ia = a.view(np.int32)
    channels, n = X.shape[1], X.shape[2]
    s = 1 if lanes.shape[1] > 1 else 0
    ages = Q.shape[0]
    bad = 0
    for b in range(0, n, 64):
        for k in range(64):
            x, y, w, _ = philox4(U32(0), U32(d), U32(_BUYERS), k0, U32(first + b + k))
            a[UU + k] = u23(x)
            a[TIE + k] = u23(y)
            a[ROOM + k] = u23(w)
        for k in range(64):
            a[LAM + k] = record[UNITS, b + k]
            a[PROB + k] = F(1) / Y[UNITS_A_BUYER, b + k]
        binomial64(a, ia)
        for k in range(64):
            buyers = a[OUT + k]
            most = record[VISITORS, b + k]
            buyers = buyers if buyers < most else most
            record[BUYERS, b + k] = buyers
            a[BUY + k] = buyers
            a[LEFT + k] = buyers
            a[UU + k] = a[TIE + k]
            a[LAM + k] = buyers * lanes[_MORE_ORDERS, (b + k) * s]
            a[SHARE + k] = F(0)
        bad |= poisson64(a, ia)
        for k in range(64):
            orders = a[BUY + k] + a[OUT + k]
            units = record[UNITS, b + k]
            orders = orders if orders < units else units
            record[ORDERS, b + k] = orders
            Q[0, b + k] += orders
            if orders > F(0):
                Y[ORDER_VALUE, b + k] = Y[GROSS_SALES, b + k] * (F(1) - Y[DISCOUNT_SHARE, b + k]) / orders
                Y[ORDER_UNITS, b + k] = units / orders
        for c in range(channels):
            for k in range(64):
                a[SHARE + k] += X[WANTED_BY, c, b + k]
        for c in range(channels):
            for k in range(64):
                x, _, _, _ = philox4(U32(1 + c), U32(d), U32(_BUYERS), k0, U32(first + b + k))
                a[UU + k] = u23(x)
            for k in range(64):
                want = X[WANTED_BY, c, b + k]
                rest = a[SHARE + k]
                share = want / rest if rest > F(0) else F(1)
                share = share if share < F(1) else F(1)
                a[PROB + k] = F(1) if c == channels - 1 else share
                a[LAM + k] = a[LEFT + k]
                rest = rest - want
                a[SHARE + k] = rest if rest > F(0) else F(0)
            binomial64(a, ia)
            for k in range(64):
                some = a[OUT + k]
                most = X[VISITORS_BY, c, b + k]
                some = some if some < most else most
                X[BUYERS_BY, c, b + k] = some
                a[LEFT + k] -= some
        for c in range(channels):  # those a full channel turned away, where there is room
            for k in range(64):
                room = X[VISITORS_BY, c, b + k] - X[BUYERS_BY, c, b + k]
                more = a[LEFT + k] if a[LEFT + k] < room else room
                X[BUYERS_BY, c, b + k] += more
                a[LEFT + k] -= more
        for k in range(64):
            a[TIE + k] = a[ROOM + k]
            a[ROOM + k] = np.floor(lanes[_CAPACITY, (b + k) * s])
            a[SHIP + k] = F(0)
        for back in range(ages):
            age = ages - 1 - back
            for k in range(64):
                q = Q[age, b + k]
                packed = q if q < a[ROOM + k] else a[ROOM + k]
                Q[age, b + k] = q - packed
                a[ROOM + k] -= packed
                a[SHIP + k] += packed
            if back == 0:
                for k in range(64):
                    a[LATEST + k] = a[SHIP + k]
        for k in range(64):
            waiting = Q[ages - 1, b + k]
            gone = np.floor(waiting * lanes[_CANCEL, (b + k) * s] + a[TIE + k])
            gone = gone if gone < waiting else waiting
            Q[ages - 1, b + k] = waiting - gone
            record[CANCELLED, b + k] = gone
            Y[CANCELLED_VALUE, b + k] = gone * Y[ORDER_VALUE, b + k]
            Y[CANCELLED_UNITS, b + k] = np.floor(gone * Y[ORDER_UNITS, b + k] + F(0.5))
            record[SHIPPED, b + k] = a[SHIP + k]
            record[LATE, b + k] = a[LATEST + k]
            a[LEFT + k] = F(0)
        for age in range(ages):
            for k in range(64):
                a[LEFT + k] += Q[age, b + k]
        for k in range(64):
            Y[FULFILMENT_QUEUE, b + k] = a[LEFT + k]
            Q[ages - 1, b + k] += Q[ages - 2, b + k]
        for back in range(ages - 2):
            age = ages - 2 - back
            for k in range(64):
                Q[age, b + k] = Q[age - 1, b + k]
        for k in range(64):
            Q[0, b + k] = F(0)
    return bad


STAGE = Stage("fulfilment", READS, WRITES, step, prepare)
