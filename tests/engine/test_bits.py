"""The same bits for every chunk size, thread count, process, range, checkpoint and number of replications."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np
import pytest

from ecomsim.calendar import Horizon
from ecomsim.scenario import Scale, Scenario, Set
from ecomsim.simulate import Options, Session, simulate
from ecomsim.simulate import session as session_module
from ecomsim.store import Fulfilment, Store
from tests.engine.kit import differing
from tests.engine_shop import shop

DATES = Horizon("2026-11-02", "2026-11-19")
COUNT = 320
PUSH = Scenario("push", [Scale("channels.paid.spend", 1.5), Set("promotions.double11.discount", 0.2)])
LATE = Scenario("late", [Scale("teams.desk.headcount", 0.6, start="2026-11-12")])

Arrays = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def store() -> Store:
    """Two tiles of products, everything uncertain, everything binding."""
    return shop(70, uncertain=True, fulfilment=Fulfilment(capacity=600.0))


@pytest.fixture(scope="module")
def whole(store: Store) -> Arrays:
    """One thread, one go."""
    return arrays(simulate(store, DATES, [PUSH, LATE], replications=COUNT, threads=1, detail=True))


def arrays(study: Any) -> Arrays:
    """Plain arrays by scenario."""
    return {name: {k: np.array(v) for k, v in one.items()} for name, one in study.arrays.items()}


def check(one: Arrays, two: Arrays) -> None:
    """No bit differs in any scenario."""
    assert one.keys() == two.keys()
    for name in one:
        assert not differing(one[name], two[name]), name


def test_scenarios_differ_at_all(whole: Arrays) -> None:
    for name in ("push", "late"):
        assert len(differing(whole["baseline"], whole[name])) > 20


@pytest.mark.parametrize("size", [64, 192, 1024])
def test_chunk_size(store: Store, whole: Arrays, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    assert session_module.chunk_size(70) != size
    monkeypatch.setattr(session_module, "chunk_size", lambda products: size)
    check(whole, arrays(simulate(store, DATES, [PUSH, LATE], replications=COUNT, threads=1, detail=True)))


def test_two_threads(store: Store, whole: Arrays) -> None:
    check(whole, arrays(simulate(store, DATES, [PUSH, LATE], replications=COUNT, threads=2, detail=True)))


@pytest.fixture(scope="module")
def pooled(store: Store) -> Arrays:
    """Computed in two other processes."""
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        return arrays(simulate(store, DATES, [PUSH, LATE], replications=COUNT, detail=True, executor=pool))


def test_a_pool_of_processes(whole: Arrays, pooled: Arrays) -> None:
    check(whole, pooled)


def test_a_pool_of_processes_with_a_last_block_cut_short(store: Store) -> None:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        found = arrays(simulate(store, DATES, [LATE], replications=300, first=64, executor=pool))
    check(arrays(simulate(store, DATES, [LATE], replications=300, first=64, threads=2)), found)


def test_ranges_of_replications(store: Store, whole: Arrays) -> None:
    for first, count in ((0, 64), (128, 192)):
        part = simulate(store, DATES, [PUSH, LATE], replications=count, first=first, threads=1, detail=True)
        for name, one in arrays(part).items():
            for variable, values in one.items():
                if not variable.endswith("_day"):  # a mean over other replications
                    assert values.tobytes() == whole[name][variable][first : first + count].tobytes(), (
                        variable
                    )


def test_more_replications_keep_the_first_ones(store: Store, whole: Arrays) -> None:
    session = Session(store, DATES, 7, Options(threads=1))
    for count in (10, 100, 200):
        few = arrays(session.run([PUSH], replications=count))
        for name in few:
            for variable, values in few[name].items():
                if not variable.endswith("_day"):
                    assert values.tobytes() == whole[name][variable][:count].tobytes(), (count, variable)


def test_means_by_day_are_those_of_the_replications_asked_for(store: Store, whole: Arrays) -> None:
    found = arrays(simulate(store, DATES, [], replications=100, threads=1))["baseline"]
    total = whole["baseline"]["visitors"][:100].astype(np.float64).mean(axis=0)
    assert np.allclose(found["visitors_by_channel_day"].sum(axis=1), total, rtol=1e-6)


@pytest.mark.parametrize("every", [3, 5])
def test_a_run_from_a_checkpoint_is_the_full_run(store: Store, whole: Arrays, every: int) -> None:
    session = Session(store, DATES, 7, Options(threads=1, detail=True), every=every)
    session.run([], replications=COUNT)
    full = session.computed_days
    assert full >= COUNT * 18
    check(whole, arrays(session.run([PUSH, LATE], replications=COUNT)))
    late = Session(store, DATES, 7, Options(threads=1, detail=True), every=every)
    late.run([], replications=COUNT)
    found = arrays(late.run([LATE], replications=COUNT))
    check({name: whole[name] for name in ("baseline", "late")}, found)
    # day 10 is the lever's: it restarts at the last checkpoint at or before it
    assert late.computed_days == full // 18 * (18 - 10 // every * every)


def test_no_change_differs_by_nothing_and_recomputes_nothing(store: Store, whole: Arrays) -> None:
    session = Session(store, DATES, 7, Options(threads=1, detail=True))
    first = session.run([], replications=COUNT)
    assert session.computed_days > 0
    same = Scenario("same", [Scale("channels.paid.spend", 1.0)])
    with pytest.warns(UserWarning, match="change"):
        found = session.run([same], replications=COUNT)
    assert session.computed_days == 0
    assert not differing(found.arrays["baseline"], found.arrays["same"])
    check({"baseline": whole["baseline"]}, arrays(first))
    table = found.against("baseline", ["gmv", "margin", "units"])
    assert (table.select_dtypes("number").filter(regex="mean|p10|p90").to_numpy() == 0).all()


def test_a_session_remembers_scenarios_and_tells_them_apart(store: Store, whole: Arrays) -> None:
    session = Session(store, DATES, 7, Options(threads=1, detail=True))
    for _ in range(2):
        check(whole, arrays(session.run([PUSH, LATE], replications=COUNT)))
    assert session.computed_days == 0


def test_another_store_in_between_leaves_no_trace(store: Store, whole: Arrays) -> None:
    simulate(shop(20), DATES, [], replications=64, threads=1, seed=99)
    found = simulate(store, DATES, [], replications=COUNT, threads=1, detail=True)
    assert not differing(whole["baseline"], found.arrays["baseline"])
