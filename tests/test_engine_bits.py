"""The same bits whatever the chunk, the threads, the process or the order in which replications are asked for."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from ecomsim.calendar import Horizon
from ecomsim.drawn import Draws
from ecomsim.scenario import Scale, Scenario
from ecomsim.simulate import Options, Session, simulate
from ecomsim.simulate.loop import Record, run_chunk
from ecomsim.simulate.plan import prepare, street
from tests.engine_shop import shop

TWO_WEEKS = Horizon("2026-11-03", "2026-11-16")
PUSH = Scenario("push", [Scale("promotions.double11.lift", 1.1)])


def same(one, two) -> None:
    assert set(one) == set(two)
    for name in one:
        np.testing.assert_array_equal(np.asarray(one[name]), np.asarray(two[name]), err_msg=name)


@pytest.mark.parametrize("uncertain", [False, True])
def test_any_chunk_size_gives_the_same_bits(uncertain):
    plan = prepare(shop(70, uncertain=uncertain), TWO_WEEKS, 7, 0, 256, street(), Draws())
    found = []
    for chunk in (64, 128, 256):
        record = Record.empty(plan, True, 250)
        for start in range(0, 256, chunk):
            run_chunk(plan, record, start, start + chunk)
        found.append(record)
    for other in found[1:]:
        for name in ("daily", "opening", "totals", "by_day", "tail", "units", "lost"):
            np.testing.assert_array_equal(getattr(found[0], name), getattr(other, name), err_msg=name)


def test_one_or_two_threads_or_processes_give_the_same_bits():
    store = shop(40, uncertain=True)
    one = simulate(store, TWO_WEEKS, [PUSH], replications=300, threads=1)
    two = simulate(store, TWO_WEEKS, [PUSH], replications=300, threads=2)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        pieces = simulate(store, TWO_WEEKS, [PUSH], replications=300, executor=pool)
    for name in ("baseline", "push"):
        same(one.arrays[name], two.arrays[name])
        same(one.arrays[name], pieces.arrays[name])


def test_replications_asked_for_later_join_the_old_ones():
    store = shop(40, uncertain=True)
    session = Session(store, TWO_WEEKS)
    whole = simulate(store, TWO_WEEKS, replications=500).arrays["baseline"]
    for count in (200, 500):
        part = session.run(replications=count).arrays["baseline"]
        np.testing.assert_array_equal(part["gmv"], whole["gmv"][:count])
    same(part, whole)
    other = simulate(store, TWO_WEEKS, replications=100, first=320).arrays["baseline"]
    np.testing.assert_array_equal(other["gmv"], whole["gmv"][320:420])


def test_more_and_fewer_replications_take_over_those_there_are():
    store = shop(12, uncertain=True)
    late = Scenario("late", [Scale("teams.desk.headcount", 0.5, start="2026-11-12")])
    session = Session(store, TWO_WEEKS, options=Options(threads=1, detail=True), every=4)
    days = {}
    for count in (70, 200, 150, 192, 500, 480, 500):
        found = session.run([PUSH, late], replications=count)
        fresh = simulate(store, TWO_WEEKS, [PUSH, late], replications=count, threads=1, detail=True)
        for name in ("baseline", "push", "late"):
            same(found.arrays[name], fresh.arrays[name])
        days[count] = session.computed_days
    assert days[200] <= 3 * 14 * 256
    assert days[192] <= 3 * 14 * 64


def test_a_growing_study_adds_replications_to_those_before():
    store = shop(12)
    session = Session(store, TWO_WEEKS, options=Options(threads=1))
    studies = session.growing([PUSH], (128, 256, 384))
    for i, study in enumerate(studies):
        assert study.replications == 128 * (i + 1)
        assert session.computed_days == 2 * 14 * 128  # baseline and scenario, the new ones only
    same(study.arrays["push"], simulate(store, TWO_WEEKS, [PUSH], replications=384).arrays["push"])


def test_a_mean_by_day_counts_exactly_the_replications_asked_for():
    found = simulate(shop(40), TWO_WEEKS, replications=70).arrays["baseline"]
    np.testing.assert_allclose(
        found["visitors_by_channel_day"].sum(axis=1), found["visitors"].mean(axis=0), rtol=1e-6
    )


def test_another_seed_is_another_world():
    a, b = (simulate(shop(40), TWO_WEEKS, replications=64, seed=s).arrays["baseline"]["gmv"] for s in (1, 2))
    assert (a != b).all()


@pytest.fixture(scope="module")
def session() -> Session:
    made = Session(shop(70, uncertain=True), Horizon.month("2026-11"), options=Options(threads=1))
    made.run(replications=128)
    return made


def test_no_change_computes_nothing_and_differs_by_nothing(session):
    study = session.run([Scenario("same")], replications=128)
    assert session.computed_days == 0
    same(study.arrays["baseline"], study.arrays["same"])


LATE = [
    Scale("teams.desk.headcount", 0.5, start="2026-11-20"),
    Scale("channels.paid.spend", 2.0, start="2026-11-20"),
    Scale("products.S001.price", 0.8, start="2026-11-20"),
    Scale("fulfilment.capacity", 1e-7, start="2026-11-20"),
    Scale("costs.platform_rate", 2.0, start="2026-11-20"),
]


@pytest.mark.parametrize("change", LATE, ids=lambda c: c.path)
def test_a_lever_from_mid_month_restarts_there_with_the_bits_of_the_full_run(session, change):
    late = Scenario("late", [change])
    study = session.run([late], replications=128)
    # orders in days of cover look ahead at spend and prices; the others act from the 20th only: restart after 15 days
    ahead = change.path in ("channels.paid.spend", "products.S001.price")
    assert session.computed_days == 128 * (30 if ahead else 15)
    full = simulate(session.store, session.horizon, [late], replications=128)
    same(study.arrays["late"], full.arrays["late"])
    if not ahead:
        before = study.arrays["late"]["gmv"][:, :19]
        np.testing.assert_array_equal(before, study.arrays["baseline"]["gmv"][:, :19])


UPSTREAM = {
    "teams.desk.headcount": ("visitors", "contacts"),
    "fulfilment.capacity": ("visitors", "contacts", "demand", "units", "buyers"),
    "costs.platform_rate": ("visitors", "demand", "units", "buyers", "orders", "shipped", "score", "gmv"),
}


@pytest.mark.parametrize("path", UPSTREAM)
def test_a_lever_changes_nothing_upstream_on_the_day_it_acts(session, path):
    change = next(c for c in LATE if c.path == path)
    arrays = session.run([Scenario("late", [change])], replications=128).arrays
    for name in UPSTREAM[path]:
        np.testing.assert_array_equal(
            arrays["late"][name][:, 19], arrays["baseline"][name][:, 19], err_msg=name
        )
    changed = {"teams.desk.headcount": "wages", "fulfilment.capacity": "shipped"}
    name = changed.get(path, "platform_fees")
    assert (arrays["late"][name][:, 19] != arrays["baseline"][name][:, 19]).mean() > 0.9


def test_common_random_numbers_pay_a_hundredfold():
    store = shop(60)
    paired = simulate(store, TWO_WEEKS, [PUSH], replications=512).arrays
    other = simulate(store, TWO_WEEKS, [PUSH], replications=512, seed=99).arrays
    base, push, independent = (
        a["gmv"].sum(axis=1, dtype=float) for a in (paired["baseline"], paired["push"], other["push"])
    )
    assert np.var(independent - base) > 100 * np.var(push - base)
    assert (push - base).mean() > 0


def test_what_is_kept_is_small():
    plan = prepare(shop(40), Horizon("2026-09-02", "2026-11-30"), 7, 0, 64, street(), Draws())
    record = Record.empty(plan, False, 64)
    assert record.daily.nbytes / 64 <= 12_000
    assert dataclasses.is_dataclass(record)
