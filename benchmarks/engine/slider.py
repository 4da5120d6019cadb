"""Moving a lever: the month again, the rest of the month, and nothing at all."""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from benchmarks.harness import Figure, figure
from benchmarks.peers.bench_store import bench_store
from ecomsim.calendar import Horizon
from ecomsim.scenario import Scale, Scenario
from ecomsim.simulate import Session, simulate
from ecomsim.store import Store

COUNT, MOVES = 500, 40
GROWING = (200, 500, 1000)
MONTH = Horizon("2026-11-01", "2026-11-30")
LEVER = "channels.paid_search.spend"
STAFF = "teams.*.headcount"
MIDDLE = "2026-11-16"


def figures() -> Iterator[Figure]:
    """Yield the slider's figures; wall time as a user feels it, CPU time beside it."""
    warnings.simplefilter("ignore")
    store, called = _month_store()
    session = Session(store, MONTH, 7)
    session.run([], replications=COUNT)
    what = f"{called}, {len(store.products)} SKUs, 30 days, {COUNT} replications"
    yield from _moves("slider", "<= 45", session, lambda by: Scale(LEVER, by), what)
    yield from _moves(
        "lever from mid-month", "<= 25", session, lambda by: Scale(STAFF, by, start=MIDDLE), what
    )
    # Cover in days of expected demand orders ahead of a planned push: this one reaches back to the first day.
    yield from _moves("ad spend from mid-month", "", session, lambda by: Scale(LEVER, by, start=MIDDLE), what)
    yield from _growing(session, f"{called}, {len(store.products)} SKUs, 30 days")
    late = Scenario("late", [Scale(STAFF, 1.5, start=MIDDLE)])
    part, full = session.run([late], replications=COUNT), simulate(store, MONTH, [late], replications=COUNT)
    yield figure(
        "lever from mid-month has the bits of the full run", float(_same(part, full)),
        "1 = yes", ">= 1", note="every array of the study",
    )  # fmt: skip
    session.run([Scenario("same", [Scale(LEVER, 1.0)])], replications=COUNT)
    yield figure(
        "no change recomputes", float(session.computed_days), "replication-days", "<= 0", note="Scale by 1"
    )


def _growing(session: Session, what: str) -> Iterator[Figure]:
    """Yield how long a dashboard's first rough answer takes, and all of it up to 1,000 replications."""
    for _ in session.growing([], GROWING):
        pass
    first, all_, computed = [], [], 0
    for i in range(MOVES // 2 + 3):
        start = time.perf_counter()
        for n, _ in enumerate(session.growing([Scenario("moved", [Scale(LEVER, 2.05 + 0.01 * i)])], GROWING)):
            if n == 0:
                first.append(time.perf_counter() - start)
                computed = 0
            computed += session.computed_days
        all_.append(time.perf_counter() - start)
    for name, took in ((f"slider to {GROWING[0]} replications", first), (f"and up to {GROWING[-1]}", all_)):
        yield figure(
            f"{name}, p95", float(np.quantile(took[3:], 0.95)) * 1e3, "ms", n=MOVES // 2,
            note=f"wall, warm, all cores; {what}, grown by {GROWING}: {computed:,} replication-days in all; "
            f"median {np.median(took[3:]) * 1e3:.3g} ms, least {min(took) * 1e3:.3g} ms",
        )  # fmt: skip


def _moves(
    name: str, reach: str, session: Session, change: Callable[[float], Scale], what: str
) -> Iterator[Figure]:
    walls, cpus, days = [], [], 0
    for i in range(MOVES + 3):
        scenario = Scenario("moved", [change(1.05 + 0.01 * i)])
        wall, cpu = time.perf_counter(), time.process_time()
        session.run([scenario], replications=COUNT)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
        days = session.computed_days
    wall95, cpu95 = (float(np.quantile(x[3:], 0.95)) * 1e3 for x in (walls, cpus))
    load = f"load {os.getloadavg()[0]:.1f}"
    yield figure(
        f"{name}, p95",
        wall95,
        "ms",
        reach,
        n=MOVES,
        note=f"wall, warm, all cores; {what}; {days:,} replication-days; {load}",
    )
    yield figure(
        f"{name}, p95 of CPU time", cpu95, "ms", n=MOVES,
        note=f"all threads; median {np.median(cpus[3:]) * 1e3:.3g} ms, least wall {min(walls) * 1e3:.3g} ms",
    )  # fmt: skip


def _same(one, two) -> bool:  # type: ignore[no-untyped-def]
    return all(
        np.array_equal(one.array(name, scenario), two.array(name, scenario), equal_nan=True)
        for scenario in one.scenarios
        for name in one.variables
    )


def _month_store() -> tuple[Store, str]:
    """Return the flagship store calibrated from its exports,
    or the benchmark store where that cannot be had."""
    exports = Path(__file__).resolve().parents[2] / "datasets" / "flagship"
    try:
        import ecomsim

        store = ecomsim.open_store(exports)
        if LEVER.split(".")[1] in store.channels:
            return store, "flagship, calibrated"
    except (ImportError, AttributeError, OSError, ValueError) as error:
        return bench_store(120, start="2026-11-01"), f"benchmark store (no flagship: {type(error).__name__})"
    return bench_store(120, start="2026-11-01"), "benchmark store (the flagship has no paid search)"
