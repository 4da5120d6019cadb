"""Memory of a run, stored bytes a replication, and ten thousand replications in the memory of one batch."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.engine.startup import at_root
from benchmarks.harness import Figure, figure, fresh
from benchmarks.peers.bench_store import bench_horizon, bench_store
from ecomsim.simulate import simulate

RUN = """
import warnings; warnings.simplefilter("ignore")
from benchmarks.peers.bench_store import bench_horizon, bench_store
from ecomsim.simulate import simulate
simulate(bench_store(300), bench_horizon(90), replications=1000)
"""
STREAM = """
import warnings; warnings.simplefilter("ignore")
from benchmarks.peers.bench_store import bench_horizon, bench_store
from ecomsim.simulate import studies
total = 0.0
for study in studies(bench_store(120), bench_horizon(30), replications={count}):
    total += study.total("gmv", "baseline").sum()
"""


def figures() -> Iterator[Figure]:
    """Yield the memory figures, each from new processes with a warm kernel cache."""
    with at_root():
        _, peak = fresh(RUN, repeat=2)
        yield figure("peak memory", peak, "MB", "< 400", n=2, note="300 SKUs, 90 days, 1,000 replications")
        _, few = fresh(STREAM.format(count=1000), repeat=2)
        _, many = fresh(STREAM.format(count=10_000), repeat=1)
    yield figure(
        "peak memory of 10,000 streamed replications", many, "MB", "<= 1.1", peer="1,000 replications",
        ratio=many / few, note="120 SKUs, 30 days; the ratio is the figure",
    )  # fmt: skip
    count = 256
    study = simulate(bench_store(300), bench_horizon(90), replications=count)
    held = sum(study.array(name, "baseline").nbytes for name in study.variables)
    with tempfile.TemporaryDirectory() as folder:
        study.save(Path(folder) / "study")
        stored = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    note = f"300 SKUs, 90 days, no SKU detail, {count} replications"
    yield figure("stored results", stored / count / 1024, "KB/replication", "<= 12", note=f"on disk; {note}")
    yield figure(
        "results in memory", held / count / 1024, "KB/replication", note=f"with derived metrics; {note}"
    )
