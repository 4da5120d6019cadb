"""What forecasts cost: CPU a series beside peers, series a second, memory while 30,000 stream by, exact sums."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np

from benchmarks.forecast.cases import journey_order
from benchmarks.forecast.journey import MONTHS
from benchmarks.forecast.own import journey_seconds
from benchmarks.forecast.peers import ask
from benchmarks.harness import Figure, cpu, figure, fresh
from ecomsim.calendar import Horizon
from ecomsim.forecast.model import sample
from ecomsim.forecast.panel import Panel

_DAYS = 942
_STREAM = """
import datetime as dt
import numpy as np
from ecomsim.calendar import Horizon
from ecomsim.forecast.model import stream
from ecomsim.forecast.panel import Panel
days = tuple(dt.date(2024, 6, 1) + dt.timedelta(days=i) for i in range(730))
week = 1 + 0.3 * np.sin(2 * np.pi * np.arange(730) / 7)
def part(number):
    rng = np.random.default_rng(number)
    values = rng.poisson(rng.lognormal(1, 1, (500, 1)) * week).astype(float)
    return Panel("units", days, tuple(f"{number}-{i}" for i in range(500)), values)
total = np.zeros(730)
for number in range(60):
    total += part(number).values.sum(axis=0)
ahead = Horizon(days[-1] + dt.timedelta(days=1), days[-1] + dt.timedelta(days=30))
summed = 0.0
for drawn in stream((part(number) for number in range(60)), ahead, total=total, paths=400):
    summed = summed + drawn.at("total")[1]
print(summed.shape)
"""


def cost_figures() -> Iterator[Figure]:
    """Yield cost and exactness."""
    own = journey_seconds(MONTHS)
    for name, reach in (("Prophet", "<= 0.01"), ("AutoETS", "")):
        answer = ask(name, *journey_order()[:4])
        each = answer.cpu_seconds / answer.totals[:, :, 0].size
        yield figure(
            "CPU a series, 400 paths", own * 1000, "ms", reach, peer=name, ratio=own / each, n=300,
            note=f"peer {each * 1000:.0f} ms on the same series",
        )  # fmt: skip
    panel, ahead = _store()
    for events, said in (((), "without events"), (None, "with the calendar's events")):
        seconds = cpu(lambda events=events: sample(panel, ahead, events=events, paths=400), 3)
        rate = len(panel.ids) / seconds
        yield figure(
            f"series a second a core, {said}", rate, "series/s", ">= 1000", n=len(panel.ids),
            note=f"{_DAYS} days, 400 paths",
        )  # fmt: skip
    _, peak = fresh(_STREAM, 1, {"OMP_NUM_THREADS": "1"})
    yield figure("30,000 series streamed, peak memory", peak, "MB", "<= 500", note="730 days, 400 paths")
    drawn = sample(panel, ahead, events=(), paths=100)
    leaves = drawn.paths.astype(np.float64)
    apart = 0.0
    for level, group in panel.levels.items():
        for g in range(len(panel.level_names[level])):
            by_hand = np.zeros(leaves.shape[1:])
            for leaf in np.flatnonzero(group == g):
                by_hand += leaves[leaf]
            apart = max(apart, float(np.abs(drawn.at(level)[1][g] - by_hand).max()))
    yield figure("children less parent, largest on any path and day", apart, "units", "= 0", n=len(panel.ids))


def _store() -> tuple[Panel, Horizon]:
    rng = np.random.default_rng(1)
    days = tuple(dt.date(2024, 4, 1) + dt.timedelta(days=i) for i in range(_DAYS))
    week = 1 + 0.3 * np.sin(2 * np.pi * np.arange(_DAYS) / 7)
    values = rng.poisson(rng.lognormal(2, 1, (1000, 1)) * week).astype(float)
    channel = np.arange(1000) % 7
    panel = Panel(
        "units", days, tuple(f"s{i}" for i in range(1000)), values,
        {"channel": channel}, {"channel": tuple(f"c{i}" for i in range(7))},
    )  # fmt: skip
    return panel, Horizon(panel.end + dt.timedelta(days=1), panel.end + dt.timedelta(days=30))
