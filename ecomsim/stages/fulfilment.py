"""Fulfilment: sold units become buyers, orders and parcels; parcels leave in the order they came.

    buyers ~ Binomial(units, 1 / units a buyer), never above the visitors; by channel ~ multinomial by the wish to buy
    orders = buyers + Poisson(buyers (orders_per_buyer - 1)), never above the units

Buyers are counted on units SOLD: who finds an empty shelf does not pay. Orders wait by age in days; the oldest are
packed first up to the capacity; those packed after `promise_days` are late. A share of the late ones still waiting
cancels at the end of the day: their money is refunded today, their units are on the shelf tomorrow.
Conservation: waiting yesterday + orders = shipped + cancelled + waiting.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ecomsim.checks import EcomsimError
from ecomsim.jit import jit
from ecomsim.parameters import Parameters, Singles, pack
from ecomsim.stages.draws import LAM, OUT, PROB, SCRATCH, U1, U2, U3, UU, fill64, move64, words64
from ecomsim.stages.layout import (
    BUYERS,
    BUYERS_BY,
    CANCELLED,
    CANCELLED_UNITS,
    CANCELLED_VALUE,
    DISCOUNT_SHARE,
    FULFILMENT_QUEUE,
    GROSS_REFUNDS,
    GROSS_SALES,
    LATE,
    ORDER_UNITS,
    ORDER_VALUE,
    ORDERS,
    REFUNDED_UNITS,
    SHIPPED,
    UNITS,
    UNITS_A_BUYER,
    VISITORS,
    VISITORS_BY,
    WANTED_BY,
)  # fmt: skip
from ecomsim.stages.samplers import binomial64, poisson64
from ecomsim.stages.stage import Stage, axes
from ecomsim.stages.state import State
from ecomsim.streams import stream

__all__ = ["READS", "STAGE", "WRITES", "Prepared"]

READS = (
    "units", "units_a_buyer", "visitors", "visitors_by_channel", "wanted_by_channel", "gross_sales", "gross_refunds",
    "refunded_units", "discount_share",
)  # fmt: skip
WRITES = (
    "buyers", "buyers_by_channel", "orders", "shipped", "late", "cancelled", "cancelled_units", "cancelled_value",
    "order_value", "order_units", "fulfilment_queue",
)  # fmt: skip

F = np.float32
_BUYERS = stream("buyers")
_CAPACITY, _CANCEL, _MORE_ORDERS = map(np.int64, range(3))


@dataclass(frozen=True)
class Prepared:
    """Arrays of the fulfilment stage: capacity, cancel rate, orders a buyer beyond the first; days promised."""

    lanes: Singles = field(metadata=axes(days=True, reps=2))
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
    if _step(day, first, seed, state.M[day + 1], state.Y, state.X, state.Q, params.lanes):
        raise EcomsimError(
            f"orders on day {day}", "a rate that is negative or NaN", "rates of at least 0", ""
        )


# the kernel's own lanes in the scratch array
BUY, LEFT, REST, ROOM, SHIP, ONE, LATEST = (np.int64(SCRATCH + 64 * i) for i in range(7))


@jit
def _check_out(a: Any, ia: Any, d: Any, b: Any, record: Any, Y: Any, Q: Any, lanes: Any) -> Any:
    """Buyers and orders of the units sold; LEFT becomes the buyers to hand out to channels."""
    move64(a, UU, U1)
    for k in range(64):
        a[LAM + k] = record[UNITS, b + k]
        a[PROB + k] = F(1) / Y[UNITS_A_BUYER, b + k]
    binomial64(a, ia)
    fill64(a, ONE, lanes, d, _MORE_ORDERS, b)
    for k in range(64):
        buyers = a[OUT + k]
        most = record[VISITORS, b + k]
        buyers = buyers if buyers < most else most
        record[BUYERS, b + k] = buyers
        a[LEFT + k] = buyers
        a[BUY + k] = buyers
        a[LAM + k] = buyers * a[ONE + k]
    move64(a, UU, U2)
    bad = poisson64(a, ia)
    for k in range(64):
        orders = a[BUY + k] + a[OUT + k]
        units = record[UNITS, b + k]
        orders = orders if orders < units else units
        record[ORDERS, b + k] = orders
        Q[0, b + k] += orders
        if orders > F(0):
            # what is refunded anyway is not refunded again when its order is cancelled
            kept = Y[GROSS_SALES, b + k] - Y[GROSS_REFUNDS, b + k]
            Y[ORDER_VALUE, b + k] = kept * (F(1) - Y[DISCOUNT_SHARE, b + k]) / orders
            Y[ORDER_UNITS, b + k] = (units - Y[REFUNDED_UNITS, b + k]) / orders
    return bad


@jit
def _hand_out(a: Any, ia: Any, d: Any, first: Any, key: Any, b: Any, X: Any) -> None:
    """Split the buyers over channels by the wish to buy, one binomial after the other, none above its visitors."""
    channels = X.shape[1]
    for k in range(64):
        a[REST + k] = F(0)
    for c in range(channels):
        for k in range(64):
            a[REST + k] += X[WANTED_BY, c, b + k]
    for c in range(channels):
        words64(a, 1 + c, d, _BUYERS, key, first + b)
        move64(a, UU, U1)
        last = c == channels - 1
        for k in range(64):
            want = X[WANTED_BY, c, b + k]
            rest = a[REST + k]
            share = want / rest if rest > F(0) else F(1)
            share = share if share < F(1) else F(1)
            a[PROB + k] = F(1) if last else share
            a[LAM + k] = a[LEFT + k]
            rest = rest - want
            a[REST + k] = rest if rest > F(0) else F(0)
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


@jit
def _pack(a: Any, d: Any, b: Any, record: Any, Y: Any, Q: Any, lanes: Any) -> None:
    """Ship the oldest orders first; late ones left over cancel in part; what waits is a day older tomorrow."""
    ages = Q.shape[0]
    fill64(a, ROOM, lanes, d, _CAPACITY, b)
    fill64(a, ONE, lanes, d, _CANCEL, b)
    for k in range(64):
        a[ROOM + k] = np.floor(a[ROOM + k])
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
            move64(a, LATEST, SHIP)
    for k in range(64):
        waiting = Q[ages - 1, b + k]
        gone = np.floor(waiting * a[ONE + k] + a[U3 + k])
        gone = gone if gone < waiting else waiting
        Q[ages - 1, b + k] = waiting - gone
        record[CANCELLED, b + k] = gone
        Y[CANCELLED_VALUE, b + k] = gone * Y[ORDER_VALUE, b + k]
        Y[CANCELLED_UNITS, b + k] = np.floor(gone * Y[ORDER_UNITS, b + k] + F(0.5))
        record[SHIPPED, b + k] = a[SHIP + k]
        record[LATE, b + k] = a[LATEST + k]
        a[REST + k] = F(0)
    for age in range(ages):
        for k in range(64):
            a[REST + k] += Q[age, b + k]
    for k in range(64):
        Y[FULFILMENT_QUEUE, b + k] = a[REST + k]
        Q[ages - 1, b + k] += Q[ages - 2, b + k]
    for back in range(ages - 2):
        age = ages - 2 - back
        for k in range(64):
            Q[age, b + k] = Q[age - 1, b + k]
    for k in range(64):
        Q[0, b + k] = F(0)


@jit
def _step(d: Any, first: Any, key: Any, record: Any, Y: Any, X: Any, Q: Any, lanes: Any) -> Any:
    a = np.zeros(SCRATCH + 448, np.float32)
    ia = a.view(np.int32)
    bad = 0
    for b in range(0, X.shape[2], 64):
        words64(a, 0, d, _BUYERS, key, first + b)
        bad |= _check_out(a, ia, d, b, record, Y, Q, lanes)
        _pack(a, d, b, record, Y, Q, lanes)
        _hand_out(a, ia, d, first, key, b, X)
    return bad


STAGE = Stage("fulfilment", READS, WRITES, step, prepare)
