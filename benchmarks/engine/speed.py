"""Cells (replication x day x SKU) a CPU-second, beside NumPy and SimPy; where time goes; two threads."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Callable, Iterator

from benchmarks.harness import Figure, figure
from benchmarks.peers.bench_store import bench_horizon, bench_store
from benchmarks.peers.plain_numpy import simulate_numpy
from benchmarks.peers.simpy_orders import simulate_simpy
from ecomsim.calendar import Horizon
from ecomsim.drawn import Draws
from ecomsim.simulate import simulate
from ecomsim.simulate.loop import Record, chunk_size, run_chunk
from ecomsim.simulate.plan import Plan, prepare, street
from ecomsim.store import Store

SKUS, DAYS, COUNT = 300, 90, 1000
NUMPY_COUNT, SIMPY_DAYS = 500, 10
ROUNDS = 4


def figures() -> Iterator[Figure]:
    """Yield speed and ratios of one run, peers taking turns."""
    store, horizon = bench_store(SKUS), bench_horizon(DAYS)
    short = bench_horizon(SIMPY_DAYS)
    simulate(store, horizon, replications=64, threads=1)
    simulate_numpy(store, short, 16)
    engine = plain = orders = loop = float("inf")
    for turn in range(ROUNDS):
        engine = min(engine, _cpu(lambda: simulate(store, horizon, replications=COUNT, threads=1)))
        plan = prepare(store, horizon, 7, 0, COUNT, street(), Draws())
        loop = min(loop, _cpu(lambda plan=plan: _loop(plan)))
        if turn < 2:
            plain = min(plain, _cpu(lambda: simulate_numpy(store, horizon, NUMPY_COUNT)))
            orders = min(orders, _cpu(lambda: simulate_simpy(store, short, 1)))
    rate = COUNT * DAYS * SKUS / engine / 1e6
    rate_numpy = NUMPY_COUNT * DAYS * SKUS / plain / 1e6
    rate_simpy = SIMPY_DAYS * SKUS / orders / 1e6
    what = f"{SKUS} SKUs, {DAYS} days, 7 channels, {COUNT} replications"
    yield figure(
        "cells per CPU-second, full chain", rate, "M/s", ">= 80", n=ROUNDS,
        note=f"{what}; the whole call from store to study, one thread, least of {ROUNDS}",
    )  # fmt: skip
    yield figure(
        "cells per CPU-second, day loop alone", COUNT * DAYS * SKUS / loop / 1e6, "M/s", n=ROUNDS,
        note="parameters drawn and plan prepared before",
    )  # fmt: skip
    yield figure(
        "speed over plain NumPy", rate, "M/s", ">= 8", peer="plain NumPy, same model",
        ratio=rate / rate_numpy, n=2,
        note=f"peer {rate_numpy:.3g} M/s at {NUMPY_COUNT} replications, same run",
    )  # fmt: skip
    yield figure(
        "speed over SimPy", rate, "M/s", ">= 200", peer="SimPy, order level", ratio=rate / rate_simpy, n=2,
        note=f"peer {rate_simpy:.3g} M/s at 1 replication of {SIMPY_DAYS} days, scaled; same run",
    )  # fmt: skip
    yield from _profile(store, horizon)
    yield _threads(store, horizon)


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _loop(plan: Plan) -> None:
    record = Record.empty(plan, False, COUNT)
    size = chunk_size(plan.size.products)
    for start in range(0, plan.count, size):
        run_chunk(plan, record, start, min(start + size, plan.count))


def _profile(store: Store, horizon: Horizon) -> Iterator[Figure]:
    """Yield CPU nanoseconds a replication-day of every stage, and of what comes before the loop."""
    best: dict[str, float] = {}
    for _ in range(ROUNDS):
        spent: dict[str, float] = {}
        start = time.thread_time()
        plan = prepare(store, horizon, 7, 0, COUNT, street(), Draws())
        spent["draw and prepare"] = time.thread_time() - start
        _loop(dataclasses.replace(plan, stages=tuple(_timed(stage, spent) for stage in plan.stages)))
        best = {name: min(taken, best.get(name, taken)) for name, taken in spent.items()}
    total = sum(best.values())
    for name, taken in best.items():
        yield figure(
            f"time in {name}", taken / (plan.count * DAYS) * 1e9, "ns/replication-day", n=ROUNDS,
            note=f"{taken / total:.0%} of the CPU time, {SKUS} SKUs",
        )  # fmt: skip


def _timed(stage, spent):  # type: ignore[no-untyped-def]
    def step(*given):  # type: ignore[no-untyped-def]
        start = time.thread_time()
        stage.step(*given)
        spent[stage.name] = spent.get(stage.name, 0.0) + time.thread_time() - start

    return dataclasses.replace(stage, step=step)


def _threads(store: Store, horizon: Horizon) -> Figure:
    """Return wall time on one thread over that on two, best of rounds taken in turn."""
    before = os.getloadavg()[0]
    best = {1: float("inf"), 2: float("inf")}
    for _ in range(ROUNDS + 1):
        for threads in best:
            start = time.perf_counter()
            simulate(store, horizon, replications=COUNT, threads=threads)
            best[threads] = min(best[threads], time.perf_counter() - start)
    cores = len(os.sched_getaffinity(0))
    return figure(
        "two threads over one", best[2], "s", ">= 1.7", peer="one thread", ratio=best[1] / best[2],
        n=ROUNDS + 1,
        note=f"wall, least of {ROUNDS + 1}; {cores} cores, load {before:.1f} before",
    )  # fmt: skip
