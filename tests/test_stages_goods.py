"""Conversion, stock, parcels, score and money, each against its closed form."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError
from ecomsim.metrics import METRICS
from ecomsim.store import (
    BaseStock,
    Basket,
    Channel,
    Choice,
    Costs,
    Effect,
    Fulfilment,
    MinMax,
    Paid,
    Product,
    Promotion,
    Reputation,
    Service,
    Supplier,
)  # fmt: skip
from tests.engine_shop import PROFILE, shop
from tests.quiet_shop import PLENTY, run, small


def test_theta_0_keeps_buyers_and_theta_1_with_one_product_is_the_elasticity():
    def buyers(theta, factor, skus):
        goods = {
            s: Product(
                s, 50.0 * (factor if i == 0 else 1), 20.0, 1.0, elasticity=2.0, ref_price=50.0, on_hand=1e6,
                policy=PLENTY, refund_rate=0.0,
            )
            for i, s in enumerate(skus)
        }  # fmt: skip
        store = small(products=goods, choice=Choice(theta=theta))
        found = run(store, replications=512)
        return found["units"].mean()

    assert buyers(0.0, 0.8, "xyz") == pytest.approx(60, rel=0.01)
    assert buyers(1.0, 0.8, "x") == pytest.approx(60 * 0.8**-2.0, rel=0.01)


def test_conversion_never_passes_1():
    store = small(channels={"a": Channel("a", 500.0, 0.9, 0.9, enquiry_share=0.0, dispersion=1e7)})
    strong = small(
        channels=store.channels,
        promotions={
            "p": Promotion("p", dt.date(2026, 3, 1), dt.date(2026, 3, 31), conversion=Effect(during=50.0))
        },
    )
    found = run(strong)
    assert (found["buyers"] <= found["visitors"]).all()
    assert found["buyers"].mean() / found["visitors"].mean() > 0.97


def test_no_promotion_no_change():
    idle = Promotion("idle", dt.date(2026, 3, 5), dt.date(2026, 3, 8), before_days=3, after_days=3)
    one, two = run(small()), run(small(promotions={"idle": idle}))
    for name in one:
        np.testing.assert_array_equal(one[name], two[name], err_msg=name)


def test_discounts_add_and_no_product_can_be_free():
    dates = dt.date(2026, 3, 5), dt.date(2026, 3, 8)
    both = {n: Promotion(n, *dates, discount=0.2) for n in ("p", "q")}
    theta0 = Choice(theta=0.0)
    found = run(small(promotions=both, choice=theta0))
    price = (found["gmv"] / found["units"])[:, 4]
    np.testing.assert_allclose(price, 50 * 0.6, rtol=1e-5)
    with pytest.raises(EcomsimError, match="adding to"):
        run(small(promotions={n: Promotion(n, *dates, discount=0.5) for n in ("p", "q")}))


# --- inventory


def test_base_stock_loses_sales_as_a_plain_recursion_does():
    lam, lead, stock = 0.9, 4, 6
    channel = Channel("a", 30.0, 0.03, 0.1, enquiry_share=0.0, dispersion=1e7)
    product = Product(
        "x", 50.0, 20.0, 1.0, on_hand=stock, policy=BaseStock(stock), refund_rate=0.0, supplier="s"
    )
    daily = Supplier("s", float(lead), 0.0, review_weekdays=(0, 1, 2, 3, 4, 5, 6))
    store = small(
        channels={"a": channel}, products={"x": product}, suppliers={"s": daily},
        choice=Choice(theta=0.0, substitution=0.0, rank_loss=0.0), reputation=Reputation(beta_conversion=0.0),
    )  # fmt: skip
    found = run(store, Horizon("2026-01-01", "2026-12-31"), 512)
    ask, sold = found["demand"][:, 60:].sum(), found["units"][:, 60:].sum()
    # Independent reference: the same lost-sales pipeline, day by day, in plain Python.
    rng = np.random.default_rng(5)
    n, days = 4000, 400
    hand, pipe = np.full(n, stock), np.zeros((n, lead), int)
    want = got = 0
    for day in range(days):
        hand = hand + pipe[:, 0]
        pipe = np.roll(pipe, -1, axis=1)
        d = np.where(hand > 0, rng.poisson(lam, n), 0)
        s = np.minimum(d, hand)
        hand = hand - s
        pipe[:, -1] = 0
        pipe[:, -1] = stock - hand - pipe.sum(axis=1)
        if day >= 60:
            want, got = want + d.sum(), got + s.sum()
    assert 1 - sold / ask == pytest.approx(1 - got / want, abs=0.004)


def test_one_day_is_the_newsvendors():
    """Stock 60 against Poisson(60): expected sales are 60 - E(60 - D)+, from scipy."""
    from scipy import stats

    product = Product("x", 50.0, 20.0, 1.0, on_hand=60.0, policy=MinMax(0.0, 0.0), refund_rate=0.0)
    store = small(products={"x": product}, choice=Choice(substitution=0.0))
    found = run(store, Horizon("2026-03-02", "2026-03-02"), 20_000)
    d = np.arange(0, 200)
    expected = (np.minimum(d, 60) * stats.poisson.pmf(d, 60)).sum()
    assert found["units"].mean() == pytest.approx(expected, abs=0.12)
    assert found["lost_sales"].mean() == pytest.approx(60 - expected, abs=0.12)


def test_packs_and_minimum_orders():
    product = Product(
        "x", 50.0, 20.0, 1.0, on_hand=70.0, policy=MinMax(50.0, 155.0), refund_rate=0.0, pack=12.0, moq=24.0
    )
    found = run(small(products={"x": product}), replications=64)
    came = found["received"]
    assert came.sum() > 0 and (came % 12 == 0).all() and (came[came > 0] >= 24).all()


def test_an_empty_shelf_sends_some_buyers_next_door_and_loses_its_rank():
    goods = {
        "x": Product("x", 50.0, 20.0, 3.0, on_hand=20.0, policy=MinMax(0.0, 0.0), refund_rate=0.0),
        "y": Product("y", 50.0, 20.0, 1.0, on_hand=1e6, policy=PLENTY, refund_rate=0.0),
    }
    found = run(
        small(products=goods, choice=Choice(theta=0.0, substitution=0.4, rank_loss=0.5)), replications=2000
    )
    moved, lost = found["substituted"][:, 0].sum(), found["lost_sales"][:, 0].sum()
    assert moved / (moved + lost) == pytest.approx(0.4, abs=0.01)
    # x has 3/4 of the pull: its rank halves each day out of stock
    np.testing.assert_allclose(found["rank"][:, :4].mean(axis=0), [1, 0.625, 0.4375, 0.34375], rtol=1e-5)


# --- fulfilment, reputation


def test_orders_wait_in_line_and_some_cancel():
    store = small(fulfilment=Fulfilment(capacity=50.0, promise_days=1, cancel_rate=0.2))
    found = {k: v.astype(float) for k, v in run(store).items() if v.shape == (256, 14)}
    assert (found["shipped"] <= 50).all() and found["late"].sum() > 0 and found["cancelled"].sum() > 0
    waiting = np.cumsum(found["orders"] - found["shipped"] - found["cancelled"], axis=1)
    np.testing.assert_array_equal(waiting, found["fulfilment_backlog"])
    assert found["late"][:, :2].sum() == 0  # the first orders can be late on the third day only
    assert found["refunds"].sum() > 0
    # units of cancelled orders are back on the shelf the day after
    np.testing.assert_array_equal(found["returned"][:, 1:], found["cancelled"][:, :-1])


def test_late_parcels_cost_score_and_score_costs_visitors_tomorrow():
    channel = {"a": Channel("a", 2000.0, 0.03, 0.1, enquiry_share=0.0, dispersion=1e7, reputation=1.0)}
    slow = Fulfilment(capacity=45.0, promise_days=0, cancel_rate=0.0)
    one = run(small(channels=channel), Horizon("2026-03-02", "2026-04-30"))
    two = run(small(channels=channel, fulfilment=slow), Horizon("2026-03-02", "2026-04-30"))
    assert (two["score"][:, -1] < one["score"][:, -1] - 0.2).all()
    np.testing.assert_array_equal(two["visitors"][:, 0], one["visitors"][:, 0])
    ratio = two["visitors"][:, 1:].mean(axis=0) / one["visitors"][:, 1:].mean(axis=0)
    effect = np.exp(0.3 * (two["score"] - one["score"]).mean(axis=0))[:-1]
    np.testing.assert_allclose(ratio, effect, rtol=0.01)


# --- economics


def test_money_adds_up_every_day():
    store = shop(40, costs=Costs(fixed_per_day=300.0), service=Service(profile=PROFILE))
    found = {
        k: v.astype(float) for k, v in run(store, Horizon.month("2026-11")).items() if v.shape == (256, 30)
    }
    fees = (0.05 + 0.006) * (found["gmv"] - found["refunds"])
    np.testing.assert_allclose(found["platform_fees"], fees, rtol=1e-4)
    assert (found["gmv"] > 0).all() and (found["refunds"] < found["gmv"]).all()
    assert found["protection"][:, 7].min() > 0 and found["protection"][:, [6, 8]].max() == 0
    assert (found["coupons"][:, 8] > 0).all()


def test_everything_is_paid_once():
    """All goods bought before, nothing ordered: cash is payouts ten days later less the running costs."""
    goods = {"x": Product("x", 50.0, 20.0, 1.0, on_hand=1e6, policy=MinMax(0.0, 0.0), refund_rate=0.0)}
    own = Costs(platform_rate=0.05, payment_rate=0.0, freight=4.0, payout_days=3, fixed_per_day=100.0)
    free = Supplier("default", 5.0, 1.0, terms_days=0.0)
    found = run(small(products=goods, costs=own, suppliers={"default": free}))
    cash, gmv = found["cash"].astype(float), found["gmv"].astype(float)
    np.testing.assert_allclose(
        cash[:, 3:], 0.95 * gmv[:, :-3] - 4.0 * found["shipped"][:, 3:] - 100, rtol=1e-4
    )
    np.testing.assert_allclose(
        found["holding"][:, 0], (1e6 - found["units"][:, 0]) * 20 * 0.25 / 365, rtol=1e-4
    )


def test_doubling_all_money_doubles_money_and_changes_no_count():
    import dataclasses

    base = shop(30, basket=Basket(), promotions={})
    costs = Costs(fixed_per_day=50.0)
    twice = base.replace(
        products={
            s: dataclasses.replace(x, price=2 * x.price, cost=2 * x.cost) for s, x in base.products.items()
        },
        channels={
            n: dataclasses.replace(
                c,
                driver=dataclasses.replace(
                    c.driver, spend=2 * c.driver.spend, ref_spend=2 * c.driver.ref_spend
                )
                if isinstance(c.driver, Paid)
                else c.driver,
            )
            for n, c in base.channels.items()
        },
        teams={n: dataclasses.replace(t, wage_hour=60.0) for n, t in base.teams.items()},
        costs=Costs(freight=12.0, return_freight=12.0, fixed_per_day=100.0),
    )
    weeks = Horizon("2026-11-02", "2026-11-15")
    one, two = run(base.replace(costs=costs), weeks), run(twice, weeks)
    for name in one:
        kind = METRICS[name.split("_by_")[0]].unit if name.split("_by_")[0] in METRICS else "money"
        factor = 2 if kind == "money" else 1
        np.testing.assert_array_equal(two[name], factor * one[name], err_msg=name)


def test_thresholds_lift_units_and_cut_prices():
    from ecomsim.store import FullReduction

    dates = dt.date(2026, 3, 2), dt.date(2026, 3, 15)
    deal = Promotion("deal", *dates, reduction=FullReduction(100.0, 20.0))
    basket = Basket(extra_units=0.5, orders_per_buyer=1.0, top_up_share=0.8, reach=0.5)
    plain = run(small(basket=basket), replications=1024)
    cut = run(small(promotions={"deal": deal}, basket=basket), replications=1024)
    # theta = 0.5 and no price cut on the page: all the lift is topping up
    assert cut["units"].mean() > 1.02 * plain["units"].mean()
    np.testing.assert_allclose(cut["gmv"] + cut["coupons"], 50.0 * cut["units"], rtol=1e-5)
    assert (cut["coupons"].sum() > 0) and (plain["coupons"].sum() == 0)
