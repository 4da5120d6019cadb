"""Where nothing binds, every stage reduces to a formula."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest

from ecomsim.calendar import Horizon
from ecomsim.scenario import Scale, Scenario, Set
from ecomsim.store import Affiliate, Choice, Effect, Noise, Paid, Product, Promotion, Reputation, Store, Team
from tests.engine.kit import CALM, PLENTY, daily, differing, horizon_of, lone, run, sigmas
from tests.engine_shop import shop

DATES = Horizon("2026-11-01", "2026-11-16")
ALL_DAY = (1.0,) * 48


def stocked(store: Store, **parts: object) -> Store:
    """The same store with more of everything on the shelf than it can sell."""
    goods = {sku: dataclasses.replace(x, on_hand=PLENTY) for sku, x in store.products.items()}
    return dataclasses.replace(store, products=goods, **parts)


def test_endless_stock_sells_all_that_is_wanted() -> None:
    study = run(stocked(shop(30)), DATES)
    assert (daily(study, "units") == daily(study, "demand")).all()
    assert daily(study, "demand").min() > 0
    for name in ("lost_sales", "substituted", "stockout_days"):
        assert (daily(study, name) == 0).all(), name
    assert (daily(study, "rank") == 1).all()


def test_endless_capacity_ships_everything_today() -> None:
    study = run(shop(30), DATES)
    assert (daily(study, "shipped") == daily(study, "orders")).all()
    for name in ("late", "cancelled", "fulfilment_backlog"):
        assert (daily(study, name) == 0).all(), name


def test_endless_staff_answers_everybody_at_once() -> None:
    store = dataclasses.replace(shop(30), teams={"desk": Team("desk", 4000.0, ALL_DAY)})
    study = run(store, DATES)
    contacts = daily(study, "contacts").sum()
    assert contacts > 1e5
    # nobody waits for an agent; the reply itself takes an exponential time of mean 25 s, and 60 s are promised
    assert daily(study, "answered_in_time").sum() == pytest.approx(
        contacts * (1 - np.exp(-60 / 25)), rel=1e-3
    )
    assert daily(study, "abandoned").sum() < 1e-3 * contacts
    assert np.allclose(daily(study, "service_backlog"), 0, atol=1e-2)
    assert daily(study, "first_response_time_s") == pytest.approx(25, rel=0.01)


def test_nobody_at_the_desk_answers_nobody() -> None:
    study = run(dataclasses.replace(shop(30), teams={}), DATES)
    assert daily(study, "contacts").min() > 0
    for name in ("answered", "answered_in_time", "wages", "agent_hours"):
        assert (daily(study, name) == 0).all(), name


def test_no_spend_brings_exactly_no_paid_visitors() -> None:
    off = Scenario("off", [Set("channels.paid.spend", 0.0), Set("channels.display.spend", 0.0)])
    study = run(shop(30), DATES, [off])
    visitors = np.asarray(study.array("visitors_by_channel", "off"))
    names = list(shop(30).channels)
    assert (visitors[:, names.index("paid")] == 0).all() and (visitors[:, names.index("display")] == 0).all()
    assert (daily(study, "ad_spend", "off") == 0).all()
    # displaced free visitors come back: a tenth of the paid ones, 5000 and 9000 at the base
    search = np.asarray(study.array("visitors_by_channel_day", "off"))[0, names.index("search")]
    was = np.asarray(study.array("visitors_by_channel_day", "baseline"))[0, names.index("search")]
    assert search / was == pytest.approx((9000 + 0.1 * 5000) / 9000, rel=0.01)


def test_reference_spend_brings_the_base_and_more_brings_less_and_less() -> None:
    store = lone(visitors=1e5, p=1e-4, channel={"driver": Paid(spend=1000.0, ref_spend=1000.0, kappa=2.0)})
    levels = {1.0: 1.0, 2.0: 2 * 3 / 4, 4.0: 4 * 3 / 6}  # x (1 + kappa) / (x + kappa)
    scenarios = [Scenario(f"x{x:g}", [Scale("channels.only.spend", x)]) for x in levels if x != 1]
    study = run(store, horizon_of(4), scenarios, replications=256)
    for x, factor in levels.items():
        visits = daily(study, "visitors", f"x{x:g}" if x != 1 else "baseline")
        assert sigmas(visits, 1e5 * factor) < 3.5


def test_affiliates_follow_their_rate() -> None:
    store = lone(visitors=1e5, p=1e-4, channel={"driver": Affiliate(rate=0.06, ref_rate=0.06, eta=0.7)})
    study = run(store, horizon_of(4), [Scenario("more", [Set("channels.only.rate", 0.09)])], replications=256)
    assert sigmas(daily(study, "visitors", "more"), 1e5 * 1.5**0.7) < 3.5


def test_buyers_are_visitors_times_conversion_in_every_channel() -> None:
    store = shop(30, noise=Noise(0.0, CALM, 0.0), choice=Choice(theta=0.5))
    calm = {n: dataclasses.replace(c, dispersion=CALM, reputation=0.0) for n, c in store.channels.items()}
    quiet = stocked(
        store, channels=calm, promotions={}, teams={"desk": Team("desk", 4000.0, ALL_DAY)},
        reputation=Reputation(beta_traffic=0.0, beta_conversion=0.0),
    )  # fmt: skip
    study = run(quiet, DATES, replications=512)
    visitors, buyers = (
        np.asarray(study.array(f"{n}_by_channel", "baseline"), float) for n in ("visitors", "buyers")
    )
    found = buyers.sum(axis=0) / visitors.sum(axis=0)
    # an answer within 25 s keeps .25 + .75 exp(-25 / 300) of an asker's conversion
    kept = 0.25 + 0.75 * np.exp(-25 / 300)
    for rate, channel in zip(found, calm.values(), strict=True):
        asks = float(channel.enquiry_share)  # type: ignore[arg-type]
        expected = (1 - asks) * float(channel.p_silent) + asks * float(channel.p_enquiring) * kept  # type: ignore[arg-type]
        assert rate == pytest.approx(expected, rel=0.01), channel.name


def test_a_promotion_without_strength_changes_nothing() -> None:
    idle = Promotion(
        "idle", dt.date(2026, 11, 5), dt.date(2026, 11, 9), peaks=(dt.date(2026, 11, 7),), lift=0.0,
        traffic={"search": Effect(0.8, 1.4, 2.2, 0.9)}, conversion=Effect(0.9, 1.2, 1.5, 0.9), before_days=3,
        after_days=3,
    )  # fmt: skip
    plain = shop(30, promotions={})
    one, two = (
        run(x, DATES).arrays["baseline"]
        for x in (plain, dataclasses.replace(plain, promotions={"idle": idle}))
    )
    assert not differing(one, two)
    strong = dataclasses.replace(plain, promotions={"idle": dataclasses.replace(idle, lift=1.0)})
    assert "visitors" in differing(one, run(strong, DATES).arrays["baseline"])


def choosy(theta: float, products: int) -> Store:
    """Endless stock, no feedback, one Poisson channel."""
    goods = {
        f"S{i}": Product(f"S{i}", 100.0, 40.0, 1.0 + i, 2.0, on_hand=PLENTY, refund_rate=0.0)
        for i in range(products)
    }
    return lone(
        visitors=4e4, p=0.02, products={k: dataclasses.replace(x, supplier="s") for k, x in goods.items()},
        choice=Choice(theta=theta, substitution=0.0, rank_loss=0.0),
    )  # fmt: skip


def test_without_market_expansion_a_price_moves_products_and_not_buyers() -> None:
    cheap = Scenario("cheap", [Scale("products.S0.price", 0.7)])
    study = run(choosy(0.0, 3), horizon_of(10), [cheap], replications=256, detail=True)
    assert (daily(study, "visitors", "cheap") == daily(study, "visitors")).all()
    gap = daily(study, "buyers", "cheap") - daily(study, "buyers")
    assert sigmas(gap, 0.0) < 3.5
    units = [
        np.asarray(study.array("units_by_sku", name), float).mean(axis=0) for name in ("baseline", "cheap")
    ]
    pull = np.array([0.7**-2.0, 2.0, 3.0])
    assert units[0] / units[0].sum() == pytest.approx(np.array([1, 2, 3]) / 6, rel=0.005)
    assert units[1] / units[1].sum() == pytest.approx(pull / pull.sum(), rel=0.005)


@pytest.mark.parametrize("ratio", [0.8, 0.95, 1.25])
def test_with_one_product_and_full_expansion_the_elasticity_is_exact(ratio: float) -> None:
    study = run(
        choosy(1.0, 1),
        horizon_of(10),
        [Scenario("moved", [Scale("products.S0.price", ratio)])],
        replications=512,
    )
    before, after = daily(study, "units"), daily(study, "units", "moved")
    expected = ratio**-2.0
    # under common random numbers: mean of after - expected before is 0
    assert sigmas(after - expected * before, 0.0) < 3.5
    assert after.mean() / before.mean() == pytest.approx(expected, rel=0.002)


def test_between_the_two_the_market_grows_by_theta() -> None:
    study = run(
        choosy(0.5, 3),
        horizon_of(10),
        [Scenario("moved", [Scale("products.S2.price", 0.8)])],
        replications=512,
    )
    pull = (1 + 2 + 3 * 0.8**-2.0) / 6
    before, after = daily(study, "buyers"), daily(study, "buyers", "moved")
    assert sigmas(after - pull**0.5 * before, 0.0) < 3.5


def test_conversion_never_exceeds_one() -> None:
    study = run(
        choosy(1.0, 1), horizon_of(3), [Scenario("free", [Set("products.S0.price", 41.0)])], replications=64
    )
    sure = run(
        dataclasses.replace(lone(visitors=500.0, p=0.9), choice=Choice(theta=1.0)), horizon_of(3),
        [Scenario("free", [Set("products.A.price", 50.0)])],
    )  # fmt: skip
    for one, name in ((study, "free"), (sure, "free")):
        assert (daily(one, "buyers", name) <= daily(one, "visitors", name)).all()
