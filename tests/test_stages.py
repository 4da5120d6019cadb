"""The street: who writes what, stages and curves of one's own, and each stage against its closed form."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError
from ecomsim.metrics import METRICS, Adds
from ecomsim.simulate import simulate
from ecomsim.simulate.plan import street
from ecomsim.stages import STREET, Stage, check_street, layout
from ecomsim.stages.layout import CARRIED, CHANNEL, DERIVED, RECORDED, SKU
from ecomsim.store import (
    Affiliate,
    AnswerCurve,
    BaseStock,
    Basket,
    Channel,
    Choice,
    Costs,
    Effect,
    Fulfilment,
    MinMax,
    Noise,
    Paid,
    Product,
    Promotion,
    Reputation,
    Service,
    Store,
    Supplier,
    Team,
)  # fmt: skip
from tests.engine_shop import PROFILE, shop

WEEKS = Horizon("2026-03-02", "2026-03-15")
PLENTY = BaseStock(1e6)
QUIET = Noise(level_sigma=0.0, store_dispersion=1e7, phi=0.0)


def small(**parts) -> Store:
    """One channel, two products, no noise beyond Poisson, endless stock, no promotions."""
    made = {
        "name": "small",
        "channels": {"a": Channel("a", 2000.0, 0.03, 0.1, enquiry_share=0.0, dispersion=1e7)},
        "products": {
            s: Product(s, 50.0, 20.0, w, on_hand=1e6, policy=PLENTY, refund_rate=0.0)
            for s, w in (("x", 2.0), ("y", 1.0))
        },
        "noise": QUIET,
        "basket": Basket(extra_units=0.0, orders_per_buyer=1.0, member_share=0.0),
        "service": Service(profile=PROFILE),
    }
    return Store(**{**made, **parts})


def run(store: Store, horizon: Horizon = WEEKS, replications: int = 256, **options):
    return simulate(store, horizon, replications=replications, **options).arrays["baseline"]


# --- who writes what


def test_every_metric_is_recorded_or_derived_once():
    recorded = {name for name, m in METRICS.items() if m.adds is not Adds.RATIO}
    assert set(RECORDED) | set(DERIVED) == recorded and not set(RECORDED) & set(DERIVED)
    assert len(RECORDED) == 33


def test_row_numbers_are_named_after_their_variables():
    for names in (RECORDED, CARRIED):
        for i, name in enumerate(names):
            assert getattr(layout, name.upper()) == i


def test_every_variable_has_exactly_one_writer():
    writers = [name for stage in STREET for name in stage.writes]
    assert sorted(writers) == sorted({*RECORDED, *CARRIED, *CHANNEL, *SKU})


def test_the_street_is_in_order():
    check_street(STREET)
    assert [s.name for s in STREET] == [
        "traffic", "service", "conversion", "demand", "inventory", "fulfilment", "reputation", "economics",
    ]  # fmt: skip
    with pytest.raises(EcomsimError, match="reads"):
        check_street(STREET[1:] + STREET[:1])


def nothing(day, state, params, first, seed):
    return None


@pytest.mark.parametrize(
    ("stage", "message"),
    [
        (Stage("mine", ("visitorz",), (), nothing), "no such variable"),
        (Stage("mine", (), ("gmv",), nothing), "writes gmv"),
        (Stage("traffic", (), (), nothing), "second stage"),
        ("mine", "Stage objects"),
    ],
)
def test_a_stage_that_does_not_fit_is_refused(stage, message):
    with pytest.raises(EcomsimError, match=message):
        street([stage])


def test_a_stage_of_ones_own_in_plain_numpy():
    seen = {}

    def news(day, state, params, first, seed):
        if day == 5:
            state["visitors_by_channel"][...] = 0
            state["visitors"][...] = 0
        seen[day] = state["visitors@yesterday"].copy(), state.stock.copy()

    stage = Stage("news", ("visitors",), (), news, changes=("visitors", "visitors_by_channel"))
    found = run(small(), stages=[stage], threads=1)
    assert (found["visitors"][:, 5] == 0).all() and (found["buyers"][:, 5] == 0).all()
    assert (found["visitors"][:, 4] > 1000).all()
    assert seen[6][1].shape == (128, 2) and (seen[6][0] == 0).all()


def test_stock_can_be_set_but_not_written_into():
    def spoil(day, state, params, first, seed):
        with pytest.raises(ValueError, match="read-only"):
            state.stock[0, 0] = 3.0
        if day == 3:
            state.stock = np.zeros_like(state.stock)

    found = run(small(), stages=[Stage("spoil", ("units",), (), spoil, changes=("stock",))], threads=1)
    assert (found["units"][:, 2] > 0).all()
    assert (found["stockout_days"][:, 3] == 0).all()  # the day's count came before the spoiling


def test_a_curve_of_ones_own():
    asks = {"a": Channel("a", 4000.0, 0.0, 0.2, enquiry_share=0.5, dispersion=1e7)}
    store = small(channels=asks, teams={"t": Team("t", 60.0)})
    half = run(store, curves={"answer": lambda seconds: 0.5 + 0 * seconds})
    full = run(store, curves={"answer": lambda seconds: 1.0 + 0 * seconds})
    assert half["buyers"].mean() / full["buyers"].mean() == pytest.approx(0.5, rel=0.01)
    with pytest.raises(EcomsimError, match="finite"):
        run(store, curves={"answer": lambda seconds: np.nan * seconds})
    with pytest.raises(EcomsimError, match="no such curve"):
        run(store, curves={"anwser": lambda seconds: seconds})


# --- traffic


def test_visits_are_negative_binomial():
    channel = Channel("a", 500.0, 0.03, 0.1, dispersion=20.0)
    found = run(small(channels={"a": channel}), Horizon("2026-03-02", "2026-03-02"), 20_000)["visitors"]
    # gamma of shape 20: mean mu, variance mu + mu^2 / 20
    assert found.mean() == pytest.approx(500, abs=4.5 * np.sqrt(13_000 / 20_000))
    assert found.var() == pytest.approx(500 + 500**2 / 20, rel=0.05)


def test_shocks_remember():
    noise = Noise(level_sigma=0.0, store_dispersion=1e7, phi=0.6)
    channel = Channel("a", 1e5, 0.03, 0.1, dispersion=50.0)
    log = np.log(run(small(channels={"a": channel}, noise=noise), replications=2000)["visitors"])
    # at this size the counts are the shocks
    assert np.corrcoef(log[:, 6], log[:, 7])[0, 1] == pytest.approx(0.6, abs=0.04)
    assert np.corrcoef(log[:, 5], log[:, 7])[0, 1] == pytest.approx(0.36, abs=0.05)


def test_the_level_walks_without_drifting():
    noise = Noise(level_sigma=0.05, store_dispersion=1e7, phi=0.0)
    found = run(
        small(noise=noise, channels={"a": Channel("a", 1e5, 0.03, 0.1, dispersion=1e7)}), replications=4000
    )
    last = found["visitors"][:, -1]
    assert last.mean() == pytest.approx(1e5, rel=0.012)
    assert np.log(last).std() == pytest.approx(0.05 * np.sqrt(14), rel=0.05)


def paid(**driver) -> Store:
    return small(channels={"p": Channel("p", 1000.0, 0.03, 0.1, dispersion=1e7, driver=Paid(**driver))})


def test_no_spend_no_visitors():
    found = run(paid(spend=0.0, ref_spend=500.0, carry=0.5))
    assert (found["visitors"] == 0).all() and (found["units"] == 0).all() and (found["ad_spend"] == 0).all()


def test_reference_spend_gives_the_base_and_more_saturates():
    at_ref = run(paid(spend=500.0, ref_spend=500.0, carry=0.4, kappa=2.0, slope=1.5))["visitors"].mean()
    assert at_ref == pytest.approx(1000, rel=0.002)
    # Hill: x^n (1 + k^n) / (x^n + k^n) at x = 3
    tripled = run(paid(spend=1500.0, ref_spend=500.0, carry=0.4, kappa=2.0, slope=1.5))["visitors"].mean()
    assert tripled / 1000 == pytest.approx(3**1.5 * (1 + 2**1.5) / (3**1.5 + 2**1.5), rel=0.003)


def test_pressure_carries_over():
    plan = {"2026-03-05": 0.0}
    found = run(paid(spend=500.0, ref_spend=500.0, carry=0.5, kappa=1e4, plan=plan), replications=1024)
    # far below saturation visitors follow the pressure: 1, 1, 1, 0.5, 0.75, ...
    np.testing.assert_allclose(found["visitors"].mean(axis=0)[2:6] / 1000, [1, 0.5, 0.75, 0.875], rtol=0.01)
    assert (found["ad_spend"][:, 3] == 0).all()


def test_cut_spend_gives_back_what_it_displaced():
    def both(spend):
        channels = {
            "free": Channel("free", 1000.0, 0.03, 0.1, dispersion=1e7),
            "p": Channel(
                "p", 1000.0, 0.03, 0.1, dispersion=1e7,
                driver=Paid(spend=spend, ref_spend=500.0, displaces={"free": 0.3}),
            ),
        }  # fmt: skip
        return run(small(channels=channels))["visitors_by_channel"].mean(axis=0) / 14

    np.testing.assert_allclose(both(500.0), [1000, 1000], rtol=0.01)
    np.testing.assert_allclose(both(0.0), [1300, 0], rtol=0.01)


def test_commission_moves_visitors_and_is_paid_on_gmv():
    channels = {"c": Channel("c", 1000.0, 0.03, 0.1, dispersion=1e7, driver=Affiliate(0.12, 0.06, 0.5))}
    found = run(small(channels=channels))
    assert found["visitors"].mean() == pytest.approx(1000 * 2**0.5, rel=0.005)
    np.testing.assert_allclose(found["commission"], 0.12 * found["gmv"], rtol=1e-5)


# --- service


def test_nobody_on_duty_nobody_answered():
    store = small(channels={"a": Channel("a", 2000.0, 0.03, 0.2, enquiry_share=0.2, dispersion=1e7)})
    found = run(store)
    assert (
        (found["answered"] == 0).all()
        and (found["agent_hours"] == 0).all()
        and (found["occupancy"] == 0).all()
    )
    # silent ones buy at 3 %, askers at the curve's floor of 20 %
    floor = AnswerCurve().floor
    assert found["buyers"].mean() == pytest.approx(2000 * (0.8 * 0.03 + 0.2 * 0.2 * floor), rel=0.01)


def test_chats_are_conserved_and_messages_wait_for_the_morning():
    store = shop(20, teams={"desk": Team("desk", 3.0)})
    found = {
        k: v.astype(float) for k, v in run(store, Horizon.month("2026-11")).items() if v.shape == (256, 30)
    }
    assert found["abandoned"].sum() > 0
    gone = found["answered"] + found["abandoned"]
    waiting = np.cumsum(found["contacts"] - gone, axis=1)
    assert (waiting > -1e-2).all() and (waiting <= found["service_backlog"] + 1e-1).all()
    assert (found["answered_in_time"] <= found["answered"] + 1e-3).all() and (found["occupancy"] <= 1).all()


def test_plenty_of_agents_answer_at_the_desks_own_pace():
    store = small(
        channels={"a": Channel("a", 2000.0, 0.03, 0.1, enquiry_share=0.1, dispersion=1e7)},
        teams={"t": Team("t", 300.0, shape=(1.0,) * 48, shrinkage=0.0)},
    )
    found = run(store)
    # an idle agent's first reply takes the work of one reply, 25 s, exponential: in time with 1 - exp(-60 / 25)
    assert found["first_response_time_s"].mean() == pytest.approx(25, rel=0.01)
    share = found["answered_in_time"].sum() / found["contacts"].sum()
    assert share == pytest.approx(1 - np.exp(-60 / 25), rel=0.01)
    assert found["abandoned"].sum() < 1e-3 * found["contacts"].sum()
    assert (found["agent_hours"] == 24 * 300).all()


def test_more_agents_answer_more_also_by_fractions():
    shares = [
        (lambda f: f["answered_in_time"].sum() / f["contacts"].sum())(
            run(shop(20, teams={"desk": Team("desk", n)}), Horizon("2026-11-02", "2026-11-08"))
        )
        for n in (2.0, 2.5, 3.0, 6.0)
    ]
    assert shares == sorted(shares) and shares[0] < shares[1] < shares[2]


# --- conversion, demand


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
