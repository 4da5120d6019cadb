"""A session keeps what it has computed: a lever recomputes from the day it acts, replications add to the old."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError
from ecomsim.drawn import Draws
from ecomsim.parameters import BLOCK, Floats
from ecomsim.scenario import Scenario
from ecomsim.simulate.loop import Record, chunk_size, copy_chunk, run_chunk
from ecomsim.simulate.options import Options, scenario_stores
from ecomsim.simulate.plan import Plan, prepare, street
from ecomsim.simulate.results import arrays_of, day_sums
from ecomsim.stages import Stage
from ecomsim.store import Store
from ecomsim.store.changed import same
from ecomsim.study import Study

__all__ = ["SEGMENT", "Session"]

SEGMENT = 1024
"""Replications prepared at a time: bounds memory whatever the number asked for."""
_CHECKPOINT_BYTES = 64e6


@dataclass(eq=False)
class _Run:
    """A scenario's plans and records, segment by segment."""

    store: Store
    plan: Plan
    record: Record


@dataclass(eq=False)
class Session:
    """Simulations of one store over one horizon that reuse each other.

    Reused are, between calls and between the scenarios of one call:

    - the draws of every uncertain number no scenario has replaced (a scaled one scales the old draws);
    - everything prepared that read nothing a scenario changed: readings are noted as they are made;
    - the baseline, and the latest scenarios: asked for again, or changed in nothing, they cost nothing;
    - the days before a dated lever acts, from the last checkpoint (every 15 days) before it;
    - the replications there are, when more are asked for: 200, then 500, then 1000 cost little more than 1000.

    Parameters
    ----------
    store, horizon : what is simulated, and when
    seed : the same seed gives the same replications in every scenario (common random numbers)
    options : stages, curves, detail and threads; see `simulate`
    every : days between checkpoints, 0 for none
    kept : how many scenarios' runs are kept, beside as many baselines of other replications

    Attributes
    ----------
    computed_days : replication-days simulated by the last call, for judging what a change cost

    Examples
    --------
    >>> session = Session(shop, Horizon.month("2026-11"))                   # doctest: +SKIP
    >>> study = session.run([push], replications=500)                       # doctest: +SKIP
    """

    store: Store
    horizon: Horizon
    seed: int = 7
    options: Options = field(default_factory=Options)
    every: int = 15
    kept: int = 4
    computed_days: int = field(default=0, init=False)
    _draws: Draws = field(default_factory=Draws, init=False)
    _runs: dict[int, list[_Run]] = field(default_factory=dict, init=False)
    _street: tuple[Stage, ...] = field(default=(), init=False)

    def __post_init__(self) -> None:
        self._street = street(self.options.stages, dict(self.options.curves))

    def run(
        self,
        scenarios: Sequence[Scenario] = (),
        *,
        replications: int = 1000,
        first: int = 0,
        progress: Callable[[int, int], None] | None = None,
    ) -> Study:
        """Return the study of the baseline and `scenarios`, computing only what is not known yet.

        Parameters
        ----------
        replications : how many; those computed before are reused
        first : number of the first replication
        progress : called with (done, total) chunks
        """
        return self.run_with_sums(scenarios, replications, first, progress)[0]

    def run_with_sums(
        self,
        scenarios: Sequence[Scenario],
        replications: int,
        first: int,
        progress: Callable[[int, int], None] | None = None,
    ) -> tuple[Study, dict[str, Floats]]:
        """Return the study, and by scenario the sums its means over replications are made of (`day_sums`)."""
        from ecomsim.simulate.options import check_replications

        check_replications(replications, first)
        stores = scenario_stores(self.store, scenarios, self.horizon)
        self.computed_days = 0
        ranges = _segments(first, replications)
        meter = _Meter(progress, len(stores), ranges, chunk_size(len(self.store.products)))
        parts: dict[str, list[_Run]] = {name: [] for name in stores}
        for start, count in ranges:
            for name, (changed, _) in stores.items():
                parts[name].append(self._segment(changed, start, count, meter))
            if not self.every:
                self._draws = Draws()  # nobody will ask for these replications again
        arrays, sums = {}, {}
        for name, runs in parts.items():
            sums[name] = day_sums([run.record for run in runs])
            arrays[name] = arrays_of([(run.plan, run.record) for run in runs], self.horizon, replications)
        study = Study.build(
            arrays,
            dates=self.horizon,
            store=self.store,
            seed=self.seed,
            scenarios={name: text for name, (_, text) in stores.items()},
            channels=self.store.channels,
            skus=self.store.skus if self.options.detail else (),
            first=first,
        )
        return study, sums

    def growing(
        self, scenarios: Sequence[Scenario] = (), counts: Sequence[int] = (200, 500, 1000)
    ) -> Iterator[Study]:
        """Yield a rough study at once and finer ones after it; each adds replications to those before it."""
        for count in counts:
            yield self.run(scenarios, replications=count)

    def _segment(self, store: Store, first: int, count: int, meter: _Meter) -> _Run:
        known = self._runs.setdefault(first, [])
        twin = None
        for run in known:
            if same(run.store, store):
                twin = run
                if run.record.live == count:
                    meter.skip(run.plan.count)
                    return run
        plan = prepare(store, self.horizon, self.seed, first, count, self._street, self._draws)
        best, day = None, 0
        for run in known:
            agree = plan.first_difference(run.plan)
            if agree == plan.size.days:
                if run.record.live == count:
                    meter.skip(plan.count)
                    return run
                twin = twin or run
            elif run.record.live == count and (best is None or agree > day):
                best, day = run, agree
        record = Record.empty(plan, self.options.detail, count)
        self._compute(plan, record, twin.record if twin else None, best.record if best else None, day, meter)
        fresh = _Run(store, plan, record)
        if self.every:
            self._keep(known, fresh)
        return fresh

    def _keep(self, known: list[_Run], run: _Run) -> None:
        """Keep a run, and of the others the latest few, of the baseline and of scenarios."""
        alike = [one for one in known if (one.store is self.store) == (run.store is self.store)]
        if len(alike) >= self.kept:
            known.remove(alike[0])
        known.append(run)

    def _compute(
        self, plan: Plan, record: Record, twin: Record | None, base: Record | None, day: int, meter: _Meter
    ) -> None:
        """Fill `record`: chunks the twin has are taken over, others restart from the base's checkpoint before `day`."""
        size = chunk_size(plan.size.products)
        starts = range(0, plan.count, size)
        every = self._spacing(plan)
        cut = record.live // BLOCK * BLOCK if record.live % BLOCK else -1  # its sums stop short of the block

        def one(start: int) -> int:
            stop = min(start + size, plan.count)
            if twin and start in twin.checkpoints and stop <= twin.daily.shape[2] and not start <= cut < stop:
                copy_chunk(record, twin, start, stop)
                return 0
            return run_chunk(plan, record, start, stop, every=every, base=base, day=day)

        if self.options.threads == 1 or len(starts) == 1:
            for start in starts:
                self.computed_days += one(start)
                meter.add()
            return
        with ThreadPoolExecutor(self.options.threads) as pool:
            for days in pool.map(one, starts):
                self.computed_days += days
                meter.add()

    def _spacing(self, plan: Plan) -> int:
        """Days between checkpoints so that a run's checkpoints stay within their share of memory."""
        if not self.every:
            return 0
        size = plan.size
        one = 4.0 * plan.count * size.products * (8 + size.receipt_ring + size.return_ring)
        most = int(_CHECKPOINT_BYTES // one)
        if most < 1:
            return 0
        return max(self.every, -(-size.days // (most + 1)))


def _segments(first: int, count: int) -> list[tuple[int, int]]:
    """Cut a range of replications at multiples of the segment, so that asking for more reuses the old ones."""
    if first % BLOCK:
        raise EcomsimError("first", str(first), f"a multiple of {BLOCK}", f"Use {first - first % BLOCK}")
    ends = sorted({first + count, *range((first // SEGMENT + 1) * SEGMENT, first + count, SEGMENT)})
    starts = [first, *ends[:-1]]
    return [(start, end - start) for start, end in zip(starts, ends, strict=True)]


class _Meter:
    """Counts chunks for a progress bar."""

    def __init__(
        self,
        progress: Callable[[int, int], None] | None,
        scenarios: int,
        ranges: list[tuple[int, int]],
        size: int,
    ) -> None:
        self._progress, self._size = progress, size
        self._total = scenarios * sum(-(-count // size) for _, count in ranges)
        self._done = 0

    def add(self, chunks: int = 1) -> None:
        self._done += chunks
        if self._progress:
            self._progress(min(self._done, self._total), self._total)

    def skip(self, count: int) -> None:
        self.add(-(-count // self._size))
