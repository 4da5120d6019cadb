"""Replenishment policies as two numbers a product and day: order when the position is at or below `low`, up to `high`.

    MinMax (s, S): low = s, high = S            FixedQuantity (r, Q): low = r, high = r + 1 in packs of Q
    BaseStock S:   low = S - 1, high = S        CoverDays: expected demand of the days after today, by calendar
    TimePhased:    s and S of the last date reached

With integer units (r, Q) orders the fewest multiples of Q that bring the position above r. A policy is a decision, not
a belief: an uncertain number in it is taken at its mean.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from ecomsim.checks import EcomsimError
from ecomsim.parameters import Floats, Parameters
from ecomsim.stages.expected import expected_demand
from ecomsim.store import BaseStock, CoverDays, FixedQuantity, MinMax, Policy, TimePhased
from ecomsim.uncertain import Number, mean_of

__all__ = ["levels", "packs"]


def packs(p: Parameters) -> Floats:
    """Return the order multiple of every product: its pack, or Q in packs."""
    out = []
    for pack, policy in zip(p.values("products", "pack"), p.values("products", "policy"), strict=True):
        if isinstance(policy, FixedQuantity):
            pack = math.ceil(mean_of(policy.quantity) / pack) * pack
        out.append(float(pack))
    return np.array(out)


def levels(p: Parameters) -> tuple[Floats, Floats]:
    """Return (low, high), each (D, products), whole units."""
    low, high, covered = p.once("levels without cover", lambda: _stated(p))
    if covered:
        low, high = low.copy(), high.copy()
        low[:, covered], high[:, covered] = _cover(p, covered)
    return np.floor(low), np.ceil(high)


def _stated(p: Parameters) -> tuple[Floats, Floats, list[int]]:
    """Return (low, high) of every policy that states them, and the positions of those in days of cover."""
    products = p.store.products
    low = np.full((p.days, len(products)), -1.0)
    high = np.zeros((p.days, len(products)))
    covered = [i for i, x in enumerate(products.values()) if isinstance(x.policy, CoverDays)]
    for i, (sku, product) in enumerate(products.items()):
        policy, at = product.policy, f"products.{sku}.policy"
        if isinstance(policy, MinMax):
            low[:, i], high[:, i] = _day(p, at, policy, "reorder_point"), _day(p, at, policy, "order_up_to")
        elif isinstance(policy, FixedQuantity):
            low[:, i] = _day(p, at, policy, "reorder_point")
            high[:, i] = np.floor(low[:, i]) + 1
        elif isinstance(policy, BaseStock):
            high[:, i] = np.rint(_day(p, at, policy, "level"))
            low[:, i] = high[:, i] - 1
        elif isinstance(policy, TimePhased):
            low[:, i] = _phased(p, policy.reorder_points)
            high[:, i] = _phased(p, policy.order_up_tos)
        elif not isinstance(policy, CoverDays):
            raise EcomsimError(
                at, policy.__class__.__name__, "MinMax, FixedQuantity, BaseStock, CoverDays or TimePhased",
                "Choose one of them",
            )  # fmt: skip
    return low, high, covered


def _day(p: Parameters, at: str, policy: Policy, field: str) -> Any:
    value: Number = getattr(policy, field)
    path = f"{at}.{field}"
    return p.daily(path, mean_of(value)) if p.changes(path) else mean_of(value)


def _phased(p: Parameters, steps: Mapping[str, float]) -> Floats:
    dates = sorted((dt.date.fromisoformat(day), value) for day, value in steps.items())
    out = np.full(p.days, dates[0][1] if dates else 0.0)
    for day, value in dates:
        out[max((day - p.horizon.start).days, 0) :] = value
    return out


def _limits(p: Parameters, which: list[int]) -> list[Floats]:
    """Return the days of cover at which to order, and up to which, each (D, products)."""
    products = list(p.store.products.items())
    limits = []
    for field in ("reorder_days", "up_to_days"):
        columns = np.empty((p.days, len(which)))
        for column, i in enumerate(which):
            sku, product = products[i]
            columns[:, column] = _day(p, f"products.{sku}.policy", product.policy, field)
        limits.append(columns)
    return limits


def _cover(p: Parameters, which: list[int]) -> tuple[Floats, Floats]:
    limits = p.once(("days of cover", tuple(which)), lambda: _limits(p, which))
    ahead = math.ceil(float(max(limits[0].max(), limits[1].max()))) + 1
    wanted = expected_demand(p, ahead)[:, which]
    total = np.concatenate([np.zeros((1, len(which))), np.cumsum(wanted, axis=0)])
    day = np.arange(p.days)[:, None] + 1  # stock is needed from tomorrow on
    column = np.arange(len(which))[None, :]
    found = []
    for cover in limits:
        end = day + cover
        whole = np.floor(end).astype(np.int64)
        part = end - whole
        upto = total[whole, column] + part * wanted[np.minimum(whole, len(wanted) - 1), column]
        found.append(upto - total[day, column])
    return found[0], found[1]
