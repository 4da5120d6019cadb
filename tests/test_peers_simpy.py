"""The engine against the day lived order by order: chats queue, shelves empty, baskets meet thresholds.

The engine's formulas are approximations there, so means are compared within a stated share of their size plus
what the few replications leave open.
"""

from __future__ import annotations

import dataclasses
import warnings

import numpy as np
import pytest

from benchmarks.peers.bench_store import bench_horizon, bench_store
from benchmarks.peers.simpy_chat import Desk
from benchmarks.peers.simpy_orders import simulate_simpy
from ecomsim.formulas.chat import ChatDesk, chat_steady
from ecomsim.simulate import simulate
from ecomsim.store import Store
from ecomsim.study import Study

START, DAYS, FEW = "2026-11-05", 10, 40
SIGMAS = 3.5

Peers = tuple[Study, dict[str, np.ndarray]]


def calm_store() -> Store:
    """The small benchmark store with certain numbers, calm traffic and whole agents: few days tell much."""
    store = bench_store(30, 2500.0, START, uncertain=False)
    return store.replace(
        noise=dataclasses.replace(store.noise, level_sigma=0.0, store_dispersion=1e4),
        channels={n: dataclasses.replace(c, dispersion=1e4) for n, c in store.channels.items()},
        teams={
            n: dataclasses.replace(t, shrinkage=0.0, headcount=3.0 if n == "presale" else 1.0)
            for n, t in store.teams.items()
        },
    )


@pytest.fixture(scope="module")
def peers() -> Peers:
    """Ten days around Double 11."""
    store, horizon = calm_store(), bench_horizon(DAYS, START)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        study = simulate(store, horizon, replications=512, seed=3)
    return study, simulate_simpy(store, horizon, FEW, seed=4)


@pytest.mark.parametrize(
    ("name", "within"),
    [
        ("visitors", 0.002),
        ("contacts", 0.005),
        ("answered", 0.01),
        ("answered_in_time", 0.03),  # slots are not quite steady, messages are not answered all at once
        ("first_response_time_s", 0.05),
        ("buyers", 0.01),
        ("orders", 0.01),
        ("demand", 0.01),
        ("units", 0.01),
        ("lost_sales", 0.10),  # shelves empty within the day, substitutes too
        ("substituted", 0.15),
        ("stockout_days", 0.05),
        ("on_hand", 0.01),
        ("on_order", 0.02),
        ("shipped", 0.01),
        ("late", 0.10),
        ("gmv", 0.01),
        ("refunds", 0.02),
        ("rank", 0.005),
        ("score", 0.001),
    ],
)
def test_means_agree_within_their_tolerance(peers: Peers, name: str, within: float) -> None:
    study, orders = peers
    engine = np.asarray(study.daily(name, "baseline"), float).sum(axis=1)
    lived = orders[name].sum(axis=1)
    error = np.sqrt(lived.var(ddof=1) / FEW + engine.var() / len(engine))
    gap = abs(lived.mean() - engine.mean())
    assert gap < within * engine.mean() + SIGMAS * error, (lived.mean(), engine.mean(), error)
    assert SIGMAS * error < 0.25 * engine.mean()  # else the test could not fail


def test_shares_agree(peers: Peers) -> None:
    study, orders = peers

    def share(above: str, below: str) -> tuple[float, float]:
        return (
            float(study.total(above, "baseline").sum() / study.total(below, "baseline").sum()),
            float(orders[above].sum() / orders[below].sum()),
        )

    for above, below, within in (
        ("answered_in_time", "contacts", 0.02),
        ("abandoned", "contacts", 0.01),
        ("units", "demand", 0.005),
        ("buyers", "visitors", 0.002),
    ):
        engine, lived = share(above, below)
        assert abs(engine - lived) < within, (above, engine, lived)


def test_the_peak_of_double_11_agrees(peers: Peers) -> None:
    study, orders = peers
    for name in ("visitors", "units", "gmv"):
        engine = np.asarray(study.daily(name, "baseline"), float)[:, 6]
        lived = orders[name][:, 6]
        error = np.sqrt(lived.var(ddof=1) / FEW)
        assert abs(lived.mean() - engine.mean()) < 0.02 * engine.mean() + SIGMAS * error, name


def test_the_peers_desk_agrees_with_queueing_theory() -> None:
    simpy = pytest.importorskip("simpy")
    env, rng = simpy.Environment(), np.random.default_rng(1)
    desk, theory = Desk(env, rng, 3, 24.0, 45.0, 5.0, 200.0, 60.0), ChatDesk(3, 24, 45, 5, 200)
    desk.staff(6.0)
    rate = 0.95 * 6 * theory.capacity_per_s

    def arrive():  # type: ignore[no-untyped-def]
        while env.now < 150_000:
            yield env.timeout(rng.exponential(1 / rate))
            env.process(desk.ask(lambda waited: None))

    env.process(arrive())
    env.run()
    expected, chats = chat_steady(rate, 6, theory), rate * 150_000
    assert desk.today.in_time / chats == pytest.approx(float(expected.answered_within[0]), abs=0.03)
    assert desk.today.abandoned / chats == pytest.approx(float(expected.abandoned), abs=0.015)
    assert desk.today.response_s / desk.today.live == pytest.approx(
        float(expected.first_response_s), rel=0.06
    )
