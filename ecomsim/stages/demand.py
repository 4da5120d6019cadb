"""Demand: which products, how many units, whatever the stock says.

    units[k] ~ Poisson(wanted · (1 + extra_units) · top_up · weight[k] rank[k] available[k] / I)

One draw a product, independent given the rates: Poisson splitting, so units, buyers and channels conserve by
construction. A basket's mean value is units a buyer times the pull-weighted price; thresholds and coupons lift the
units (top-up) and cut what is paid, by the tables of `baskets.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ecomsim.checks import EcomsimError
from ecomsim.jit import borrowed, jit
from ecomsim.parameters import Parameters, Singles, pack
from ecomsim.stages.baskets import baskets
from ecomsim.stages.draws import (
    LAM,
    OUT,
    SCRATCH,
    U1,
    U2,
    U3,
    U4,
    UU,
    XX,
    add64,
    clear64,
    fill64,
    log64,
    philox4,
    row64,
    save64,
    u23,
)
from ecomsim.stages.layout import (
    DEMAND,
    DEMAND_BY,
    DISCOUNT_SHARE,
    LUCK,
    PULL,
    PULL_VALUE,
    SHIPPING_PAID,
    SHOWN,
    UNIT_RATE,
    UNITS_A_BUYER,
    WANTED,
)  # fmt: skip
from ecomsim.stages.samplers import poisson64
from ecomsim.stages.stage import Stage, axes
from ecomsim.stages.state import State
from ecomsim.streams import stream

__all__ = ["READS", "STAGE", "WRITES", "Prepared"]

READS = ("wanted", "pull", "pull_value", "shown@yesterday")
WRITES = ("demand", "demand_by_sku", "luck", "unit_rate", "units_a_buyer", "discount_share", "shipping_paid")

F = np.float32
U32 = np.uint32
_UNITS = stream("demand")
_GOLDEN = U32(0x9E3779B1)


@dataclass(frozen=True)
class Prepared:
    """Arrays of the demand stage: extra units a buyer, and the basket table of every day."""

    extra: Singles = field(metadata=axes(days=True, reps=2))
    row: Any = field(metadata=axes(index=True))
    table: Singles = field(metadata=axes(by="row"))
    log_low: float = 0.0
    per_log: float = 1.0


def prepare(p: Parameters) -> Prepared:
    """Return basket tables and units a buyer."""
    found = baskets(p)
    return Prepared(
        extra=pack([p.daily("basket.extra_units", p.store.basket.extra_units)], p.days),
        row=found.row,
        table=found.table,
        log_low=found.log_low,
        per_log=found.per_log,
    )


def step(day: int, state: State, params: Prepared, first: int, seed: int) -> None:
    """Look up today's basket, then draw the units of every product."""
    row = int(params.row[day])
    _basket(day, state.Y, params.extra, params.table[row], F(params.log_low), F(params.per_log))
    if _units(day, first, seed, state.M[day + 1], state.Y, state.Z, state.W):
        raise EcomsimError(
            f"demand on day {day}", "a rate that is negative, NaN or above 1e15", "rates up to 1e15 units a day",
            "Check shares, elasticities and conversion",
        )  # fmt: skip


@jit
def _basket(d: Any, Y: Any, extra: Any, table: Any, log_low: Any, per_log: Any) -> None:
    a = np.zeros(SCRATCH + 128, np.float32)
    ia = a.view(np.int32)
    MEAN = SCRATCH
    MORE = SCRATCH + 64
    last = table.shape[1] - 1
    for b in range(0, Y.shape[1], 64):
        fill64(a, MORE, extra, d, 0, b)
        for k in range(64):
            pull = Y[PULL, b + k]
            mean = (F(1) + a[MORE + k]) * (Y[PULL_VALUE, b + k] / (pull if pull > F(0) else F(1)))
            a[MEAN + k] = mean
            a[XX + k] = mean
        log64(a, ia)
        for k in range(64):
            x = (a[XX + k] - log_low) * per_log
            x = x if x > F(0) else F(0)
            x = x if x < F(last) else F(last)
            j = min(int(x), last - 1)
            f = x - F(j)
            off = table[0, j] + (table[0, j + 1] - table[0, j]) * f
            up = table[1, j] + (table[1, j + 1] - table[1, j]) * f
            ship = table[2, j] + (table[2, j + 1] - table[2, j]) * f
            units = (F(1) + a[MORE + k]) * up
            pull = Y[PULL, b + k]
            Y[DISCOUNT_SHARE, b + k] = off
            Y[SHIPPING_PAID, b + k] = ship * a[MEAN + k]
            Y[UNITS_A_BUYER, b + k] = units
            Y[UNIT_RATE, b + k] = Y[WANTED, b + k] * units / pull if pull > F(0) else F(0)


# the kernel's own lanes in the scratch array
RATE, SUM, LUCK1 = (np.int64(SCRATCH + 64 * i) for i in range(3))
_ROOM = SCRATCH + 64 * 6


@jit
def _uniforms(a: Any, index: Any, d: Any, key: Any, first: Any) -> None:
    """Set U1 to U4 for four products, and from LUCK1 on a second uniform from the same word each.

    The 9 bits a uniform leaves unused lead the second one, the others fill it up.
    """
    for k in range(64):
        x, y, z, w = philox4(U32(index), U32(d), U32(_UNITS), U32(key), U32(first + k))
        a[U1 + k] = u23(x)
        a[U2 + k] = u23(y)
        a[U3 + k] = u23(z)
        a[U4 + k] = u23(w)
        a[LUCK1 + k] = u23(U32(x * _GOLDEN))
        a[LUCK1 + 64 + k] = u23(U32(y * _GOLDEN))
        a[LUCK1 + 128 + k] = u23(U32(z * _GOLDEN))
        a[LUCK1 + 192 + k] = u23(U32(w * _GOLDEN))


@jit
def _units(d: Any, first: Any, key: Any, record: Any, Y: Any, Z: Any, W: Any) -> Any:
    a = np.zeros(_ROOM, np.float32)
    bad = _draw_units(a, a.view(np.int32), d, first, key, record, Y, Z, W)
    return bad


@jit
def _draw_units(a: Any, ia: Any, d: Any, first: Any, key: Any, record: Any, Y: Any, Z: Any, W: Any) -> Any:
    sw = 1 if W.shape[0] > 1 else 0
    a, ia, Z, W = borrowed(a), borrowed(ia), borrowed(Z), borrowed(W)
    bad = 0
    for b in range(Z.shape[0]):
        row64(a, RATE, Y[UNIT_RATE], b)
        clear64(a, SUM, 1)
        for k in range(Z.shape[1]):
            word = 64 * (k % 4)
            if word == 0:
                _uniforms(a, k // 4, d, key, first + 64 * b)
            z = Z[b, k]
            w = W[b * sw, k]
            for lane in range(64):
                a[LAM + lane] = (a[RATE + lane] * w[lane]) * z[SHOWN + lane]
            row64(a, UU, a[U1 + word : U1 + word + 64], 0)
            bad |= poisson64(a, ia)
            save64(z[DEMAND_BY : DEMAND_BY + 64], a, OUT)
            save64(z[LUCK : LUCK + 64], a, LUCK1 + word)
            add64(a, SUM, OUT, 1)
        for lane in range(64):
            record[DEMAND, 64 * b + lane] = a[SUM + lane]
    return bad


STAGE = Stage("demand", READS, WRITES, step, prepare)
