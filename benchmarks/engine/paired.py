"""Common random numbers: what pairing buys, and that the same world is the same to the last bit."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from benchmarks.harness import Figure, figure
from benchmarks.peers.bench_store import bench_horizon, bench_store
from ecomsim.scenario import Scale, Scenario
from ecomsim.simulate import simulate

COUNT = 1000
LIFT = Scenario("lift", [Scale("promotions.double11.lift", 1.1)])
SAME = Scenario("same", [Scale("promotions.double11.lift", 1.0)])


def figures() -> Iterator[Figure]:
    """Yield the variance ratio of a +10 % promotion lift on the month's GMV, and the exactness figures."""
    warnings.simplefilter("ignore")
    store, month = bench_store(120, start="2026-11-01"), bench_horizon(30, "2026-11-01")
    study = simulate(store, month, [LIFT, SAME], replications=COUNT, seed=7)
    other = simulate(store, month, [LIFT], replications=COUNT, seed=8)
    base, push = study.total("gmv", "baseline"), study.total("gmv", "lift")
    free = base.var(ddof=1) + other.total("gmv", "lift").var(ddof=1)
    paired = (push - base).var(ddof=1)
    yield figure(
        "variance of the difference, independent over paired", paired, "money^2", ">= 100",
        peer="independent seeds", ratio=free / paired, n=COUNT,
        note="promotions.double11.lift x 1.1 on GMV of a month, 120 SKUs, parameters uncertain",
    )  # fmt: skip
    gap = max(
        float(np.abs(study.total(m, "same") - study.total(m, "baseline")).max()) for m in ("gmv", "margin")
    )
    yield figure("difference of a scenario that changes nothing", gap, "money", "<= 0", n=COUNT)
    unequal = _unequal()
    yield figure(
        "arrays with other bits on two threads or in a process pool", len(unequal), "arrays", "<= 0",
        note=", ".join(unequal) or "every array, 320 replications, in the pool in ranges of 256",
    )  # fmt: skip


def _unequal() -> list[str]:
    """Return the arrays that are not bit for bit those of one thread, with where they were computed."""
    store, days = bench_store(70, 3000.0), bench_horizon(25)
    one = simulate(store, days, replications=320, threads=1)
    two = simulate(store, days, replications=320, threads=2)
    with ProcessPoolExecutor(2) as pool:
        three = simulate(store, days, replications=320, executor=pool)
    return [
        f"{name} ({where})"
        for where, other in (("threads", two), ("pool", three))
        for name in one.variables
        if not np.array_equal(one.array(name, "baseline"), other.array(name, "baseline"), equal_nan=True)
    ]
