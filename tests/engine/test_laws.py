"""The equations of the docstrings, one by one, worked out by hand on a store where nothing else moves."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest

from ecomsim.scenario import Scenario, Set
from ecomsim.store import (
    Basket,
    Choice,
    Effect,
    Live,
    MinMax,
    Noise,
    Paid,
    Product,
    Promotion,
    Receipt,
    Reputation,
    Returning,
    Store,
    Supplier,
    Team,
)
from tests.engine.kit import CALM, PLENTY, Floats, Witness, daily, horizon_of, lone, run, sigmas

SIGMAS = 3.5
MONDAY = dt.date(2026, 3, 2)


def mean_by_day(values: Floats, expected: object, limit: float = 4.0) -> None:
    """Every day's mean over replications is what is expected."""
    error = values.std(axis=0, ddof=1) / np.sqrt(len(values))
    gap = np.abs(values.mean(axis=0) - np.broadcast_to(np.asarray(expected, float), error.shape))
    assert (gap <= limit * error + 1e-9).all(), np.round(gap / np.maximum(error, 1e-12), 1)


def test_the_level_walks_and_keeps_its_mean() -> None:
    sigma, span = 0.05, 40
    store = lone(visitors=1e5, p=1e-4, noise=Noise(sigma, CALM, 0.0))
    visits = daily(run(store, horizon_of(span), replications=4096), "visitors")
    mean_by_day(visits, 1e5)
    # variance of the log grows by sigma^2 a day
    spread = np.log(visits).var(axis=0)
    assert spread[[0, 9, 39]] == pytest.approx(sigma**2 * np.array([1, 10, 40]), rel=0.08)


def test_weekday_season_and_growth_multiply() -> None:
    week = (0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 0.7)
    season = tuple(1 + 0.1 * month for month in range(12))
    store = lone(visitors=1e4, p=1e-3, channel={"weekday": week, "season": season, "growth": 0.5})
    store = dataclasses.replace(store, as_of=dt.date(2026, 2, 28))
    horizon = horizon_of(40)
    visits = daily(run(store, horizon, replications=512), "visitors")
    by_hand = [
        1e4 * week[day.weekday()] * season[day.month - 1] * 1.5 ** ((day - store.as_of).days / 365)
        for day in horizon.dates
    ]
    mean_by_day(visits, by_hand)


def test_a_promotion_acts_by_phase_and_strength() -> None:
    push = Promotion(
        "push", MONDAY + dt.timedelta(5), MONDAY + dt.timedelta(8), peaks=(MONDAY + dt.timedelta(7),), lift=0.5,
        traffic={"only": Effect(0.8, 1.4, 3.0, 0.6)}, before_days=2, after_days=4,
    )  # fmt: skip
    store = lone(visitors=1e4, p=1e-3, promotions={"push": push})
    visits = daily(run(store, horizon_of(15), replications=512), "visitors")
    before, during, peak, after = 0.9, 1.2, 2.0, -0.2  # half of each effect
    fading = [1 + after * weight for weight in (1.0, 0.75, 0.5, 0.25)]
    by_hand = [1, 1, 1, before, before, during, during, peak, during, *fading, 1, 1]
    mean_by_day(visits, 1e4 * np.array(by_hand))


def test_live_sessions_are_on_their_days_and_heavy_tailed() -> None:
    store = lone(
        visitors=1e4, p=1e-3, channel={"driver": Live(weekdays=(1, 4), size_sigma=0.5, off_share=0.3)}
    )
    visits = daily(run(store, horizon_of(7), replications=4096), "visitors")
    mean_by_day(visits, 1e4 * np.array([0.3, 1, 0.3, 0.3, 1, 0.3, 0.3]))
    assert np.log(visits[:, 1]).std() == pytest.approx(0.5, rel=0.05)


def test_past_buyers_come_back_by_their_half_life() -> None:
    p, share, half_life, ref = 0.05, 0.6, 5.0, 800.0
    store = lone(
        visitors=1e4,
        p=p,
        channel={"driver": Returning(share=share, half_life_days=half_life, ref_buyers=ref)},
    )
    visits = daily(run(store, horizon_of(20), replications=1024), "visitors")
    keep, recent, bought, by_hand = 0.5 ** (1 / half_life), ref, ref, []
    for _ in range(20):
        recent = keep * recent + (1 - keep) * bought
        by_hand.append(1e4 * (1 - share + share * recent / ref))
        bought = p * by_hand[-1]
    assert by_hand[-1] < 0.8 * by_hand[0]
    mean_by_day(visits, by_hand)


def test_spend_carries_over_and_is_capped() -> None:
    plan = {(MONDAY + dt.timedelta(d)).isoformat(): 3000.0 for d in (3, 4)}
    driver = Paid(
        spend=1000.0, ref_spend=1000.0, carry=0.5, kappa=2.0, slope=1.5, daily_cap=2500.0, plan=plan
    )
    study = run(lone(visitors=1e4, p=1e-3, channel={"driver": driver}), horizon_of(9), replications=512)
    spend = np.array([1000, 1000, 1000, 2500, 2500, 1000, 1000, 1000, 1000.0])
    assert (daily(study, "ad_spend") == spend).all()
    pressure, by_hand = 2000.0, []
    for money in spend:
        pressure = money + 0.5 * pressure
        x = (pressure / 2000.0) ** 1.5
        by_hand.append(1e4 * x * (1 + 2.0**1.5) / (x + 2.0**1.5))
    mean_by_day(daily(study, "visitors"), by_hand)


def test_the_score_moves_traffic_and_conversion_of_the_day_after() -> None:
    low = Reputation(4.3, 4.3, 4.3, ref=4.8, half_life_days=365.0, beta_traffic=0.4, beta_conversion=0.2)
    store = lone(visitors=1e5, p=0.01, channel={"reputation": 0.5}, reputation=low)
    study = run(store, horizon_of(1), replications=1024)
    visits, units = daily(study, "visitors"), daily(study, "units")
    assert sigmas(visits, 1e5 * np.exp(0.4 * -0.5 * 0.5)) < SIGMAS
    assert units.mean() / visits.mean() == pytest.approx(0.01 * np.exp(0.2 * -0.5), rel=0.005)


def two(first: float, substitution: float = 0.0, **choice: float) -> Store:
    """Products A and B of equal pull, `first` units of A and endless B; never reordered."""
    goods = {
        sku: Product(sku, 100.0, 40.0, on_hand=stock, refund_rate=0.0, supplier="s", policy=MinMax(0.0, 0.0))
        for sku, stock in (("A", first), ("B", PLENTY))
    }
    settings = {"theta": 0.0, "rank_loss": 0.0, **choice}
    return lone(visitors=1e6, p=4e-5, products=goods, choice=Choice(substitution=substitution, **settings))


def test_a_share_of_those_before_an_empty_shelf_takes_another_product() -> None:
    witness = Witness("demand_by_sku", "sold_by_sku")
    study = run(two(5.0, substitution=0.4), horizon_of(1), replications=8192, stages=[witness.stage])
    demand, sold = witness["demand_by_sku"][0], witness["sold_by_sku"][0]
    unmet = np.maximum(demand[:, 0] - 5, 0)
    moved = daily(study, "substituted")[:, 0]
    assert sigmas(moved - 0.4 * unmet, 0.0) < SIGMAS
    assert (np.abs(moved - 0.4 * unmet) < 1).all()  # rounded by chance
    assert (sold[:, 1] == demand[:, 1] + moved).all() and (sold[:, 0] == np.minimum(demand[:, 0], 5)).all()


def test_an_empty_shelf_is_not_shown_and_buyers_stay_without_market_expansion() -> None:
    study = run(two(0.0), horizon_of(2), replications=2048, detail=True)
    assert (np.asarray(study.array("units_by_sku", "baseline"))[:, 0] == 0).all()
    assert sigmas(daily(study, "demand"), 40.0) < SIGMAS
    wider = run(two(0.0, theta=1.0), horizon_of(2), replications=2048)
    assert sigmas(daily(wider, "demand"), 20.0) < SIGMAS


def test_search_rank_falls_by_the_day_and_recovers_by_its_half_life() -> None:
    store = two(0.0, rank_loss=0.3, rank_half_life_days=2.0)
    back = dataclasses.replace(store.products["A"], on_order=(Receipt(MONDAY + dt.timedelta(4), 1e5),))
    store = dataclasses.replace(store, products={**store.products, "A": back})
    witness = Witness("sku_rank")
    run(store, horizon_of(9), stages=[witness.stage])
    by_hand, rank = [], 1.0
    for day in range(9):
        rank = 0.7 * rank if day < 4 else 1 - (1 - rank) * 0.5 ** (1 / 2.0)
        by_hand.append(rank)
    assert witness["sku_rank"][:, :, 0] == pytest.approx(np.array(by_hand)[:, None].repeat(64, 1), rel=1e-4)
    assert (witness["sku_rank"][:, :, 1] == 1).all()


def test_lead_times_are_gamma_around_their_mode() -> None:
    mode, sd = 8.0, 3.0
    store = lone(
        visitors=1e6, p=2e-6, on_hand=500.0, policy=MinMax(600.0, 5000.0),
        suppliers={"s": Supplier("s", mode, sd, review_weekdays=(0,))},
    )  # fmt: skip
    received = daily(run(store, horizon_of(45), replications=4096), "received")
    arrival = (received > 0).argmax(axis=1)  # of the order of Monday, day 0
    scale = (np.sqrt(mode**2 + 4 * sd**2) - mode) / 2
    assert sigmas(arrival.astype(float), mode + scale) < SIGMAS
    assert arrival.std() == pytest.approx(np.sqrt(sd**2 + 1 / 12), rel=0.05)


def test_a_supplier_that_delivers_short_leaves_its_share_out() -> None:
    store = lone(
        visitors=1e6, p=2e-6, on_hand=500.0, policy=MinMax(600.0, 5000.0),
        suppliers={"s": Supplier("s", 3.0, 0.0, review_weekdays=(0,), short_rate=0.125)},
    )  # fmt: skip
    witness = Witness("stock", "on_order_by_sku")
    study = run(store, horizon_of(7), stages=[witness.stage])
    missing = 5000 - witness["stock"][0, :, 0]
    assert (witness["on_order_by_sku"][0, :, 0] == np.floor(missing * 0.875 + 0.5)).all()
    assert (daily(study, "received")[:, 3] == daily(study, "on_order")[:, 0]).all()


def test_discounts_of_promotions_on_one_product_add() -> None:
    on = {"start": MONDAY, "end": MONDAY + dt.timedelta(2)}
    offers = {
        "one": Promotion("one", **on, discount=0.10),
        "two": Promotion("two", **on, discount=0.15, skus=("A",), depth={"A": 0.05}),
    }
    study = run(lone(visitors=1e5, p=1e-3, promotions=offers), horizon_of(5))
    price = daily(study, "gmv") / daily(study, "units")
    assert price == pytest.approx(np.array([[70, 70, 70, 100, 100.0]]).repeat(64, 0), rel=1e-5)


def test_buyers_take_units_and_orders_as_the_basket_says() -> None:
    store = lone(visitors=1e6, p=1e-3, basket=Basket(extra_units=0.6, orders_per_buyer=1.1))
    study = run(store, horizon_of(3), replications=512)
    buyers, units, orders = (daily(study, name) for name in ("buyers", "units", "orders"))
    assert sigmas(units, 1600.0) < SIGMAS
    assert sigmas(units - 1.6 * buyers, 0.0) < SIGMAS
    assert sigmas(orders - 1.1 * buyers, 0.0) < SIGMAS


def test_agents_beyond_the_calibrated_ones_are_paid_overtime() -> None:
    shape = tuple(1.0 if 18 <= h < 34 else 0.0 for h in range(48))  # eight hours
    desk = Team("desk", 10.0, shape, wage_hour=20.0, overtime_factor=1.5, ref_headcount=10.0)
    store = lone(visitors=100.0, p=0.1, teams={"desk": desk})
    study = run(store, horizon_of(2), [Scenario("more", [Set("teams.desk.headcount", 13.0)])])
    assert (daily(study, "wages") == 10 * 8 * 20).all() and (
        daily(study, "agent_hours", "more") == 13 * 8
    ).all()
    assert (daily(study, "wages", "more") == 10 * 8 * 20 + 3 * 8 * 30).all()
