"""One call from a store and scenarios to a study, on threads or on anybody's executor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError
from ecomsim.parameters import Floats
from ecomsim.scenario import Scenario
from ecomsim.simulate.options import Options, check_replications, scenario_stores
from ecomsim.simulate.results import means_by_day
from ecomsim.simulate.session import SEGMENT, Session
from ecomsim.stages import Stage
from ecomsim.store import Store
from ecomsim.streams import check_seed
from ecomsim.study import Study
from ecomsim.study.pieces import concat

__all__ = ["Executor", "simulate", "studies"]


class Executor(Protocol):
    """Anything that maps a function over tasks, in order: a process pool, joblib behind a wrapper, a Dask client's."""

    def map(self, function: Callable[..., Any], /, *tasks: Iterable[Any]) -> Iterator[Any]:
        """Return the results of the tasks in their order."""


def simulate(
    store: Store,
    horizon: Horizon,
    scenarios: Sequence[Scenario] = (),
    *,
    replications: int = 1000,
    seed: int = 7,
    detail: Sequence[str] | bool = (),
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    executor: Executor | None = None,
    stages: Sequence[Stage] = (),
    curves: Mapping[str, Callable[[Any], Any]] | None = None,
    first: int = 0,
) -> Study:
    """Simulate the day in the store, every day of the horizon, many times, under every scenario.

    Parameters
    ----------
    store, horizon : what is simulated, and when
    scenarios : what might change; the unchanged store runs as 'baseline' before them
    replications : how many times; replication i is the same world in every scenario
    seed : of every random stream
    detail : ("sku",) keeps horizon totals by product and replication
    threads : worker threads, one a core by default; the numbers do not depend on it
    progress : called with (done, total)
    executor : runs ranges of replications elsewhere; it is sent the store, the scenarios and the range, never arrays
    stages, curves : own stages and response curves in plain Python
    first : number of the first replication, a multiple of 64

    Returns
    -------
    Study

    Raises
    ------
    EcomsimError
        For a seed, count, name, stage or curve that makes no sense, and for rates that explode.
    """
    check_seed(seed)
    check_replications(replications, first)
    if not isinstance(store, Store):
        raise EcomsimError("store", repr(store)[:80], "a Store", "Open one with open_store")
    if not isinstance(horizon, Horizon):
        raise EcomsimError(
            "horizon", repr(horizon)[:80], "a Horizon", 'Write Horizon("2026-11-01", "2026-11-30")'
        )
    options = Options(tuple(stages), dict(curves or {}), _wants_detail(detail), threads)
    if executor is not None:
        return _elsewhere(executor, store, horizon, scenarios, replications, seed, options, first)
    session = Session(store, horizon, seed, options, every=0)
    return session.run(scenarios, replications=replications, first=first, progress=progress)


def studies(
    store: Store,
    horizon: Horizon,
    scenarios: Sequence[Scenario] = (),
    *,
    replications: int,
    seed: int = 7,
    batch: int = SEGMENT,
    threads: int | None = None,
) -> Iterator[Study]:
    """Yield studies of consecutive replications, for any number of them in the memory of one batch.

    Examples
    --------
    Ten thousand replications, summarised as they come:

    >>> total = sum(study.arrays["baseline"]["gmv"].sum() for study in studies(...))   # doctest: +SKIP
    """
    check_replications(replications)
    for first in range(0, replications, batch):
        count = min(batch, replications - first)
        yield simulate(store, horizon, scenarios, replications=count, seed=seed, threads=threads, first=first)


def _wants_detail(detail: Sequence[str] | bool) -> bool:
    if isinstance(detail, bool):
        return detail
    names = (detail,) if isinstance(detail, str) else tuple(detail)
    for name in names:
        if name != "sku":
            raise EcomsimError("detail", repr(name), "'sku'", 'Write detail=("sku",)')
    return bool(names)


def _elsewhere(
    executor: Executor, store: Store, horizon: Horizon, scenarios: Sequence[Scenario], replications: int, seed: int,
    options: Options, first: int,
) -> Study:  # fmt: skip
    scenario_stores(store, scenarios, horizon)  # faults and warnings here, not in a worker
    size = 256
    tasks = [
        _Task(store, horizon, tuple(scenarios), min(size, replications - start), seed, options, first + start)
        for start in range(0, replications, size)
    ]
    pieces, sums = zip(*executor.map(_run_task, tasks), strict=True)
    whole = pieces[0] if len(pieces) == 1 else concat(pieces)
    # the sums by block again, as one process adds them: a mean of the pieces' means would differ in the last bit
    arrays = {
        name: {**own, **means_by_day(np.concatenate([one[name] for one in sums]), replications)}
        for name, own in whole.arrays.items()
    }
    return replace(whole, arrays=arrays)


class _Task:
    """What a worker is sent: the store, the scenarios and a range of replications."""

    def __init__(
        self, store: Store, horizon: Horizon, scenarios: tuple[Scenario, ...], count: int, seed: int, options: Options,
        first: int,
    ) -> None:  # fmt: skip
        self.store, self.horizon, self.scenarios = store, horizon, scenarios
        self.count, self.seed, self.options, self.first = count, seed, options, first


def _run_task(task: _Task) -> tuple[Study, dict[str, Floats]]:
    import warnings

    one_thread = replace(task.options, threads=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the caller has been told
        session = Session(task.store, task.horizon, task.seed, one_thread, every=0)
        return session.run_with_sums(task.scenarios, task.count, task.first)
