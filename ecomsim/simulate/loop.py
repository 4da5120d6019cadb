"""The day loop: chunk -> day -> stage. Everything else in this package is bookkeeping around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.simulate.plan import Plan
from ecomsim.stages.layout import RECORDED
from ecomsim.stages.state import State
from ecomsim.stages.tally import TALLIED, tally

__all__ = ["Checkpoint", "Record", "chunk_size", "copy_chunk", "run_chunk", "run_days"]

Singles: TypeAlias = NDArray[np.float32]


def run_days(
    street: list[Any], state: State, start: int, stop: int, seed: int, after: Callable[[], None]
) -> None:
    """Live the days start .. stop - 1: every stage in order, feedback only through yesterday."""
    for day in range(start, stop):
        state.day = day
        for stage, params in street:
            stage.step(day, state, params, state.first, seed)
        after()


@dataclass(frozen=True)
class Checkpoint:
    """A chunk's state before `day`."""

    day: int
    state: dict[str, Singles]
    totals: Singles


@dataclass
class Record:
    """What is kept of a run.

    Attributes
    ----------
    daily : (recorded, days, n)
    opening : (recorded, n) what the first day found as yesterday
    totals : (kinds, channels, n) horizon totals by channel
    by_day : (n / 64, kinds, days, channels) sums over each block of 64 replications
    tail, live : (kinds, days, channels) sums over the first live % 64 replications of block live // 64
    units, lost : (n, products) horizon totals, or empty
    checkpoints : by chunk start
    """

    daily: Singles
    opening: Singles
    totals: Singles
    by_day: NDArray[np.float64]
    tail: NDArray[np.float64]
    live: int
    units: Singles
    lost: Singles
    checkpoints: dict[int, list[Checkpoint]] = field(default_factory=dict)

    @classmethod
    def empty(cls, plan: Plan, detail: bool, live: int) -> Record:
        """Return room for a plan's results, of which the first `live` replications were asked for."""
        size, n = plan.size, plan.count
        return cls(
            daily=np.empty((len(RECORDED), size.days, n), np.float32),
            opening=np.empty((len(RECORDED), n), np.float32),
            totals=np.zeros((len(TALLIED), size.channels, n), np.float32),
            by_day=np.zeros((n // 64, len(TALLIED), size.days, size.channels)),
            tail=np.zeros((len(TALLIED), size.days, size.channels)),
            live=live,
            units=np.zeros((n if detail else 0, size.products), np.float32),
            lost=np.zeros((n if detail else 0, size.products), np.float32),
        )


def chunk_size(products: int) -> int:
    """Return the replications a chunk that keeps the working set in the second-level cache."""
    return 128 if products <= 512 else 64


def copy_chunk(record: Record, known: Record, start: int, stop: int) -> None:
    """Take replications start..stop from a record of the same plan for another number of replications."""
    record.opening[:, start:stop] = known.opening[:, start:stop]
    record.daily[:, :, start:stop] = known.daily[:, :, start:stop]
    record.totals[:, :, start:stop] = known.totals[:, :, start:stop]
    record.by_day[start // 64 : stop // 64] = known.by_day[start // 64 : stop // 64]
    record.units[start:stop], record.lost[start:stop] = known.units[start:stop], known.lost[start:stop]
    # a chunk at the end of the other may have been wider
    record.checkpoints[start] = [c for c in known.checkpoints[start] if c.totals.shape[-1] == stop - start]


def run_chunk(
    plan: Plan,
    record: Record,
    start: int,
    stop: int,
    *,
    every: int = 0,
    base: Record | None = None,
    day: int = 0,
) -> int:
    """Simulate replications start..stop of a plan into `record`; returns the replication-days it took.

    Parameters
    ----------
    every : days between checkpoints to keep, 0 for none
    base, day : a record of as many replications that agrees with this plan before `day`: the chunk restarts at its
        last checkpoint
    """
    state = plan.state(start, stop, bool(len(record.units)))
    params = plan.chunk(start, stop)
    street = list(zip(plan.stages, params, strict=True))
    totals = record.totals[:, :, start:stop]
    blocks = record.by_day[start // 64 : stop // 64]
    last = record.live // 64 - start // 64
    kept: list[Checkpoint] = []
    begin = 0
    found = [c for c in base.checkpoints.get(start, []) if c.day <= day] if base else []
    if base and found:
        begin = found[-1].day
        kept = list(found)
        state.restore(found[-1].state)
        state.M[0] = base.opening[:, start:stop]
        state.M[1 : begin + 1] = base.daily[:, :begin, start:stop].transpose(1, 0, 2)
        running = found[-1].totals.copy()
        if 0 <= last < len(blocks):
            record.tail[:, :begin] = base.tail[:, :begin]
        blocks[:, :, :begin] = base.by_day[start // 64 : stop // 64, :, :begin]
    else:
        for stage, own in street:
            stage.open(state, own, state.first, plan.seed)
        running = np.zeros((len(TALLIED), plan.size.channels, stop - start), np.float32)

    def after() -> None:
        tally(state.X, running, blocks, state.day, last, record.live % 64, record.tail)
        done = state.day + 1
        if every and done % every == 0 and done < plan.size.days:
            kept.append(Checkpoint(done, state.carried(), running.copy()))

    run_days(street, state, begin, plan.size.days, plan.seed, after)
    record.opening[:, start:stop] = state.M[0]
    record.daily[:, :, start:stop] = state.M[1:].transpose(1, 0, 2)
    totals[...] = running
    record.checkpoints[start] = kept
    if len(state.T):
        flat = state.T.transpose(0, 1, 3, 2).reshape(2, stop - start, plan.size.products)
        record.units[start:stop], record.lost[start:stop] = flat
    return (plan.size.days - begin) * (stop - start)
