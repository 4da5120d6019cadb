"""The engine against plain NumPy: other code, other random numbers, the same distributions."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.stats import ks_2samp

from benchmarks.peers.bench_store import bench_horizon, bench_store
from benchmarks.peers.plain_numpy import simulate_numpy
from ecomsim.simulate import simulate
from ecomsim.study import Study

COUNT = 1024
START, DAYS = "2026-11-01", 20
METRICS = (
    "visitors", "buyers", "orders", "demand", "units", "lost_sales", "substituted", "on_hand", "on_order",
    "received", "returned", "shrinkage", "stockout_days", "rank", "score", "contacts", "aftersale_contacts",
    "answered", "answered_in_time", "abandoned", "first_response_time_s", "shipped", "late", "cancelled",
    "gmv",
    "refunds", "cogs", "coupons", "protection", "freight", "holding",
)  # fmt: skip
SHAPED = ("visitors", "buyers", "units", "lost_sales", "gmv")
# A 1 in 100,000 event for one comparison; about a thousand are made with fixed seeds.
SIGMAS = 4.5
KS_LIMIT = 2.2 * np.sqrt(2 / COUNT)  # the same rarity for two samples of COUNT

Peers = tuple[Study, dict[str, np.ndarray]]


@pytest.fixture(scope="module")
def peers() -> Peers:
    """Both peers on one small uncertain store through Double 11."""
    store, horizon = bench_store(40, 4000.0, START), bench_horizon(DAYS, START)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one supplier is nearly as slow as the horizon is long
        study = simulate(store, horizon, replications=COUNT, seed=11)
    return study, simulate_numpy(store, horizon, COUNT, seed=12)


def both(peers: Peers, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Engine and peer, (replications, days)."""
    study, plain = peers
    return np.asarray(study.daily(name, "baseline"), float), plain[name]


def sigmas(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """Difference of means over replications in standard errors; values rounded by float32 count as equal."""
    error = np.sqrt(one.var(axis=0) / len(one) + two.var(axis=0) / len(two))
    gap = np.abs(one.mean(axis=0) - two.mean(axis=0))
    return np.where(gap <= 1e-5 * (1 + np.abs(two.mean(axis=0))), 0, gap / np.maximum(error, 1e-12))


@pytest.mark.parametrize("name", METRICS)
def test_means_of_every_day_and_of_the_horizon_agree(peers: Peers, name: str) -> None:
    engine, plain = both(peers, name)
    assert sigmas(engine.sum(axis=1), plain.sum(axis=1)) < SIGMAS
    # rare counts (a late parcel in a few replications) are not normal by the day
    if np.median(plain.mean(axis=0)) > 3:
        common = (plain > 0).mean(axis=0) > 0.2
        assert sigmas(engine, plain)[common].max() < SIGMAS


@pytest.mark.parametrize("name", METRICS)
def test_spread_over_replications_agrees(peers: Peers, name: str) -> None:
    engine, plain = (x.sum(axis=1) for x in both(peers, name))
    # log of a variance ratio has standard error sqrt((kurtosis + 2) 2 / n) or so
    kurtosis = np.mean((plain - plain.mean()) ** 4) / plain.var() ** 2
    error = np.sqrt(2 * (kurtosis - 1) / COUNT)
    assert abs(np.log(engine.var() / plain.var())) < SIGMAS * error


@pytest.mark.parametrize("name", SHAPED)
def test_distributions_agree(peers: Peers, name: str) -> None:
    engine, plain = both(peers, name)
    for day in (2, 7, 10, 15):  # ordinary, Double 11 begins, its peak, after
        assert ks_2samp(engine[:, day], plain[:, day]).statistic < KS_LIMIT, day
    assert ks_2samp(engine.sum(axis=1), plain.sum(axis=1)).statistic < KS_LIMIT


def test_memory_of_days_agrees(peers: Peers) -> None:
    for name in ("visitors", "units"):
        engine, plain = both(peers, name)
        seen = [np.corrcoef(x[:, 3], x[:, 4])[0, 1] for x in (engine, plain)]
        assert abs(np.arctanh(seen[0]) - np.arctanh(seen[1])) < SIGMAS * np.sqrt(2 / COUNT), name


def test_visitors_by_channel_agree(peers: Peers) -> None:
    study, plain = peers
    engine = np.asarray(study.array("visitors_by_channel", "baseline"), float)
    assert sigmas(engine, plain["visitors_by"]).max() < SIGMAS
    assert np.allclose(engine.sum(axis=1), study.total("visitors", "baseline"))


def test_buyers_by_channel_add_up_to_the_buyers(peers: Peers) -> None:
    study, _ = peers
    engine = np.asarray(study.array("buyers_by_channel", "baseline"), float)
    assert np.allclose(engine.sum(axis=1), study.total("buyers", "baseline"))


def test_buyers_by_channel_and_the_money_they_cost_agree(peers: Peers) -> None:
    study, plain = peers
    engine = np.asarray(study.array("buyers_by_channel", "baseline"), float)
    assert sigmas(engine, plain["buyers_by"]).max() < SIGMAS
    assert sigmas(*(x.sum(axis=1) for x in both(peers, "commission"))) < SIGMAS


def test_margin_agrees(peers: Peers) -> None:
    engine, plain = both(peers, "margin")
    one, two = engine.sum(axis=1), plain.sum(axis=1)
    assert sigmas(one, two) < SIGMAS
    assert ks_2samp(one, two).statistic < KS_LIMIT


def test_the_peer_itself_conserves(peers: Peers) -> None:
    _, plain = peers
    moved = plain["received"] + plain["returned"] - plain["units"] - plain["shrinkage"]
    assert np.allclose(np.diff(plain["on_hand"], axis=1), moved[:, 1:])
    assert (plain["buyers"] <= plain["visitors"]).all()
    assert np.allclose(plain["buyers_by"].sum(axis=1), plain["buyers"].sum(axis=1))
    assert np.allclose(plain["demand"], plain["units"] + plain["lost_sales"])
