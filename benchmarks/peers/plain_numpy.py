"""The simulated day in plain NumPy: eight stages, whole arrays, `numpy.random` draws.

Written from the stages' equations, sharing no kernel, stream or state with the engine: what a careful analyst
would write, vectorised over replications and products.
"""

from __future__ import annotations

import numpy as np

from benchmarks.peers.numpy_back import Money, Packing, Score
from benchmarks.peers.numpy_front import Desk, Traffic
from benchmarks.peers.numpy_stock import Warehouse
from benchmarks.peers.numpy_wish import Wishes
from benchmarks.peers.plan import Draw, shelf
from benchmarks.peers.plan_stock import Supply, ordinary_units, supply
from ecomsim.calendar import Horizon
from ecomsim.store import Store
from ecomsim.uncertain import mean_of

Array = np.ndarray


def simulate_numpy(
    store: Store, horizon: Horizon, replications: int, seed: int = 1, chunk: int = 500
) -> dict[str, Array]:
    """Return daily metrics by name, (replications, days), and channel totals `visitors_by`, `buyers_by`."""
    rng = np.random.default_rng(seed)
    plan = supply(store, horizon)
    parts = [
        _chunk(store, horizon, plan, rng, min(chunk, replications - first))
        for first in range(0, replications, chunk)
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _chunk(
    store: Store, horizon: Horizon, plan: Supply, rng: np.random.Generator, n: int
) -> dict[str, Array]:
    draw = Draw(rng, n)
    lifts = {name: draw(p.lift) for name, p in store.promotions.items()}
    page = shelf(store, horizon, draw)
    traffic = Traffic(store, horizon, draw, lifts)
    desk = Desk(store, horizon, draw)
    wishes = Wishes(store, horizon, draw, page, lifts)
    stock = Warehouse(store, horizon, draw, plan)
    packing, score = Packing(store, draw), Score(store, draw)
    money = Money(store, horizon, draw, page, traffic.spend, desk.wages)

    buyers, units, share = ordinary_units(store)
    refund = np.array([mean_of(p.refund_rate) for p in store.products.values()])
    yesterday = {
        "buyers": np.full(n, traffic.ref_buyers),
        "rank": np.ones(n),
        "shipped": np.full(n, buyers * mean_of(store.basket.orders_per_buyer)),
        "refunded": np.full(n, units * float(share @ refund)),
        "late": np.zeros(n),
        "cancelled": np.zeros(n),
    }
    kept: dict[str, list[Array]] = {}
    by_channel = {"visitors_by": 0.0, "buyers_by": 0.0}
    for d in range(horizon.days):
        visitors = traffic.day(d, score.value, yesterday["rank"], yesterday["buyers"])
        heard = desk.day(d, visitors, yesterday["shipped"], yesterday["refunded"], yesterday["late"])
        wish = wishes.day(d, visitors, desk.enquiry, heard, score.value, stock.rank, stock.opening(d))
        moved = stock.day(d, wish["demand"], wish["pull"], yesterday["cancelled"])
        moved["stock"] = stock.stock
        sold = moved["sold"].sum(axis=1)
        packed = packing.day(visitors, wish["wanted_by"], sold, wish["units_a_buyer"])
        cash = money.day(d, moved, packed, wish)
        score.day(
            cash["back"], cash["gross"], heard["contacts"], heard["answered_in_time"], packed["late"],
            packed["shipped"],
        )  # fmt: skip
        wanted = wish["demand"].sum(axis=1)
        today = {
            "visitors": visitors.sum(axis=1),
            "demand": wanted,
            "units": sold,
            "lost_sales": wanted - sold,
            "substituted": moved["moved"],
            "received": moved["came"].sum(axis=1),
            "returned": moved["again"].sum(axis=1),
            "shrinkage": moved["gone"],
            "on_hand": stock.stock.sum(axis=1),
            "on_order": stock.pipeline.sum(axis=1),
            "stockout_days": (stock.stock <= 0).sum(axis=1).astype(float),
            "rank": wish["rank"],
            "score": score.value,
            **{k: v for k, v in heard.items() if k != "answered_share"},
            **{k: packed[k] for k in ("buyers", "orders", "shipped", "late", "cancelled")},
            **{k: v for k, v in cash.items() if k not in ("gross", "back")},
        }
        for name, values in today.items():
            kept.setdefault(name, []).append(values)
        by_channel["visitors_by"] = by_channel["visitors_by"] + visitors
        by_channel["buyers_by"] = by_channel["buyers_by"] + packed["buyers_by"]
        each = np.floor(packed["cancelled"] * sold / np.maximum(packed["orders"], 1) + 0.5)
        yesterday = {
            "buyers": packed["buyers"], "rank": wish["rank"], "shipped": packed["shipped"],
            "refunded": moved["refunded"].sum(axis=1), "late": packed["late"], "cancelled": each,
        }  # fmt: skip
    out = {name: np.stack(values, axis=1) for name, values in kept.items()}
    return out | {name: np.asarray(total) for name, total in by_channel.items()}
