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
from ecomsim.jit import jit
from ecomsim.parameters import Parameters, Singles, pack
from ecomsim.stages.baskets import baskets
from ecomsim.stages.draws import LAM, OUT, SCRATCH, UU, XX, fill64, log64, philox4, tree64, u23
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
I = np.int32  # noqa: E741
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
    if _units(day, first, U32(seed), state.M[day + 1], state.Y, state.Z, state.W):
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


@jit
def _units(d: Any, first: Any, k0: Any, record: Any, Y: Any, Z: Any, W: Any) -> Any:
    sw = 1 if W.shape[0] > 1 else 0
    a = np.zeros(SCRATCH + 64, np.float32)
    ia = a.view(np.int32)
    bad = 0
    for r in range(Z.shape[0]):
        k1 = U32(first + r)
        rate = Y[UNIT_RATE, r]
        for k in range(64):
            a[SCRATCH + k] = F(0)
        for t in range(Z.shape[1]):
            z = Z[r, t]
            w = W[r * sw, t]
            for i in range(16):
                x, y, v, q = philox4(U32(t * 16 + i), U32(d), U32(_UNITS), k0, k1)
                ia[OUT + i] = I(x)
                ia[OUT + 16 + i] = I(y)
                ia[OUT + 32 + i] = I(v)
                ia[OUT + 48 + i] = I(q)
            for k in range(64):
                # a second uniform from the same word: its 9 unused bits lead, the others fill up
                z[LUCK + k] = u23(U32(U32(ia[OUT + k]) * _GOLDEN))
            for k in range(64):
                a[UU + k] = u23(U32(ia[OUT + k]))
            for k in range(64):
                a[LAM + k] = (rate * w[k]) * z[SHOWN + k]
            bad |= poisson64(a, ia)
            for k in range(64):
                x1 = a[OUT + k]
                z[DEMAND_BY + k] = x1
                a[SCRATCH + k] += x1
        record[DEMAND, r] = tree64(a, SCRATCH)
    return bad


STAGE = Stage("demand", READS, WRITES, step, prepare)
