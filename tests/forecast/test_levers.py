"""Levers act on the same paths: each effect against a factor worked out by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from ecomsim.checks import EcomsimError
from ecomsim.forecast import forecast
from ecomsim.forecast.levers import Conversion, Price, Promote, Spend, Traffic, Unpromote
from ecomsim.store import Channel, Choice, Paid, Product, Promotion, Provenance, Store
from ecomsim.uncertain import Normal
from tests.forecast.made import days_from, fair, panel, shape

DAYS = days_from("2025-09-01", 425)  # to 2026-10-30
FAIRS = (fair(2025, 11, 11), fair(2026, 3, 8), fair(2026, 6, 18))
AHEAD = fair(2026, 11, 20)
RNG = np.random.default_rng(5)
SIZE = np.array([600.0, 400.0])[:, None]
VALUES = SIZE * shape(DAYS, tuple(f.peaks[0] for f in FAIRS)) * RNG.gamma(80, 1 / 80, (2, len(DAYS)))
PANEL = replace(
    panel(VALUES, DAYS, channel=(0, 1)), ids=("search", "live"), level_names={"channel": ("search", "live")}
)
PLAIN = forecast(PANEL, "2026-11", events=(*FAIRS, AHEAD), paths=100)
UNITS = forecast(replace(PANEL, metric="units"), "2026-11", metric="units", events=(*FAIRS, AHEAD), paths=100)


def factor(moved, plain=PLAIN):
    return moved.daily("leaf") / plain.daily("leaf")


def test_traffic_moves_its_channel_on_its_days() -> None:
    moved = PLAIN.under(Traffic("push", "2026-11-10", "2026-11-12", factor=1.2, channels=("live",)))
    wanted = np.ones((2, 31))
    wanted[1, 10:13] = 1.2  # the days ahead begin on 31 October
    np.testing.assert_allclose(factor(moved), np.broadcast_to(wanted[:, None], (2, 100, 31)), rtol=1e-6)
    assert [(c.name, c.basis) for c in moved.changes] == [("push", "assumed")]
    assert "lever push" in moved.explain("2026-11").index


def test_price_moves_units_and_money_by_their_own_powers() -> None:
    cut = Price("ten off", factor=0.9, elasticity=2.0)
    np.testing.assert_allclose(factor(UNITS.under(cut), UNITS), 0.9**-2, rtol=1e-6)
    np.testing.assert_allclose(factor(PLAIN.under(cut)), 0.9**-1, rtol=1e-6)
    known = PLAIN.under(replace(cut, estimated=True))
    assert known.changes[0].basis == "estimated"


def goods(theta: float, told: bool = True, elasticity=2.0) -> Store:
    """A store of three products in two categories whose elasticity is known to the digit."""
    products = {
        "A": Product("A", 10.0, 5.0, share=2.0, elasticity=elasticity, category="tea"),
        "B": Product("B", 20.0, 9.0, share=1.0, elasticity=elasticity, category="tea"),
        "C": Product("C", 40.0, 9.0, share=1.0, elasticity=elasticity, category="cups"),
    }
    how = {"products": Provenance("estimated")} if told else {}
    return Store(
        "shop", {"a": Channel("a", 10.0, 0.02, 0.1)}, products, choice=Choice(theta=theta), provenance=how
    )


def test_a_price_of_the_whole_store_answers_as_calibrated() -> None:
    # theta = 1 and one price for all: the elasticity itself; theta = 0: buyers stay, only money moves
    for theta, units, money in ((1.0, 0.9**-2.0, 0.9**-1.0), (0.0, 1.0, 0.9), (0.5, 0.9**-1.0, 1.0)):
        cut = Price("ten off", factor=0.9, store=goods(theta))
        np.testing.assert_allclose(factor(UNITS.under(cut), UNITS), units, rtol=1e-6)
        np.testing.assert_allclose(factor(PLAIN.under(cut)), money, rtol=1e-6)
    known = PLAIN.under(Price("ten off", factor=0.9, store=goods(0.5)))
    assert known.changes[0].basis == "estimated"
    assert (
        "ten off: estimated; elasticities of 3 of 3 products estimated (100% of their sales)." in known.notes
    )
    assert (
        PLAIN.under(Price("ten off", factor=0.9, store=goods(0.5, told=False))).changes[0].basis == "assumed"
    )


def test_a_cheaper_product_takes_from_its_neighbours() -> None:
    by_sku = replace(
        panel(np.stack([VALUES[0], VALUES[0], VALUES[1]]), DAYS), ids=("A", "B", "C"), metric="units"
    )
    plain = forecast(by_sku, "2026-11", metric="units", events=(), paths=50, calibrate=False)
    moved = factor(plain.under(Price("A", factor=0.8, store=goods(0.0), skus=("A",))), plain)[:, 0, 0]
    weight = 0.8**-2.0
    inclusive = (2 * weight + 1 + 1) / 4
    np.testing.assert_allclose(moved, [weight / inclusive, 1 / inclusive, 1 / inclusive], rtol=1e-6)
    assert moved @ [2, 1, 1] == pytest.approx(4)  # theta = 0 only moves buyers between products
    wider = factor(plain.under(Price("A", factor=0.8, store=goods(1.0), skus=("A",))), plain)[:, 0, 0]
    np.testing.assert_allclose(wider, [weight, 1.0, 1.0], rtol=1e-6)
    parts = plain.under(Price("A", factor=0.8, store=goods(0.0), skus=("A",))).explain("2026-11", "leaf")
    assert parts.loc["lever A", "A"] > 0 > parts.loc["lever A", "C"]


def test_categories_answer_with_their_own_products() -> None:
    two = replace(PANEL, ids=("tea", "cups"), levels={"category": np.array([0, 1])},
                  level_names={"category": ("tea", "cups")}, metric="units")  # fmt: skip
    plain = forecast(two, "2026-11", metric="units", events=(), paths=50, calibrate=False)
    moved = factor(plain.under(Price("A", factor=0.8, store=goods(1.0), skus=("A",))), plain)[:, 0, 0]
    np.testing.assert_allclose(moved, [(2 * 0.8**-2.0 + 1) / 3, 1.0], rtol=1e-6)


def test_levers_on_one_uncertain_parameter_meet_one_luck() -> None:
    unsure = goods(1.0, elasticity=Normal(2.0, 0.3))
    one = factor(PLAIN.under(Price("x", factor=0.9, store=unsure)))[0, :, 0]
    other = factor(PLAIN.under(Price("y", factor=0.9, store=unsure)))[0, :, 0]
    assert one.std() > 0.003
    np.testing.assert_allclose(one, other, rtol=1e-6)


def test_a_promotion_of_a_new_kind_follows_elasticities_and_badge() -> None:
    debut = fair(2026, 11, 25, family="debut")
    store = goods(1.0).replace(promotions={"p": Promotion(
        "p", dt.date(2026, 6, 1), dt.date(2026, 6, 5), badge=1.1, discount=0.1
    )})  # fmt: skip
    moved = factor(PLAIN.under(Promote("new", event=debut, discount=0.2, store=store)))
    wanted = np.ones(31)
    wanted[25] = 0.8**-2.0 * 1.1 * 0.8  # units by elasticity and badge, money by the price
    np.testing.assert_allclose(moved, np.broadcast_to(wanted, moved.shape), rtol=1e-6)


def test_an_uncertain_elasticity_is_drawn_once_a_path_and_the_same_each_time() -> None:
    cut = Price("ten off", factor=0.9, elasticity=Normal(2.0, 0.3))
    ratio = factor(PLAIN.under(cut))
    assert ratio.std(axis=1).min() > 0.005
    np.testing.assert_allclose(ratio, ratio[:1, :, :1] * np.ones_like(ratio), rtol=1e-5)
    again = factor(PLAIN.under(Traffic("other", factor=1.5), cut)) / 1.5
    np.testing.assert_allclose(again, ratio, rtol=1e-5)
    drawn = 1 - np.log(ratio[0, :, 0]) / np.log(0.9)  # factor^(1 - elasticity)
    assert drawn.mean() == pytest.approx(2.0, abs=0.1)


def test_conversion_moves_buyers_but_not_visitors() -> None:
    np.testing.assert_allclose(factor(PLAIN.under(Conversion("faster chat", factor=1.05))), 1.05, rtol=1e-6)
    visitors = forecast(replace(PANEL, metric="visitors"), "2026-11", metric="visitors", events=(), paths=50)
    with pytest.raises(EcomsimError, match="does not move this metric"):
        visitors.under(Conversion("faster chat", factor=1.05))


def shop(**parts) -> Store:
    paid = Paid(spend=100.0, ref_spend=100.0, kappa=1.0, slope=1.0, **parts)
    channels = {
        "search": Channel("search", 10.0, 0.02, 0.1, driver=paid),
        "live": Channel("live", 10.0, 0.02, 0.1),
    }
    return Store("shop", channels, {"A": Product("A", 9.0, 5.0)})


def test_spend_follows_the_channels_own_response() -> None:
    twice = Spend("double search", channel="search", factor=2.0, store=shop())
    # s / (s + 1) goes from 1/2 to 2/3
    np.testing.assert_allclose(factor(PLAIN.under(twice))[0], 4 / 3, rtol=1e-6)
    np.testing.assert_allclose(factor(PLAIN.under(twice))[1], 1.0, rtol=1e-6)
    taken = Spend("double search", channel="search", factor=2.0, store=shop(displaces={"live": 0.25}))
    np.testing.assert_allclose(factor(PLAIN.under(taken))[0], 1 + 0.75 / 3, rtol=1e-6)
    assert PLAIN.under(twice).changes[0].basis == "assumed"
    told = shop().replace(provenance={"channels.search.driver.kappa": Provenance("estimated")})
    assert PLAIN.under(replace(twice, store=told)).changes[0].basis == "estimated"


def test_an_event_more_or_less_is_estimated_from_its_family() -> None:
    fewer = PLAIN.under(Unpromote("no fair", family="fair"))
    assert factor(fewer)[:, :, 20].mean() == pytest.approx(1 / 4, rel=0.2)  # 20 November, made four times
    back = fewer.under(Promote("fair", event=AHEAD))
    np.testing.assert_array_equal(back.daily("leaf"), PLAIN.daily("leaf"))


@pytest.mark.parametrize(
    ("lever", "says"),
    [
        (Traffic("x", factor=0.0), "above 0"),
        (Traffic("x", factor=1.1, channels=("serch",)), "Did you mean 'search'"),
        (Traffic("x", "2026-12-05", factor=1.1), "only days ahead"),
        (Traffic("x", "soon", factor=1.1), "YYYY-MM-DD"),
        (Spend("x", channel="live", store=shop()), "no such paid channel 'live'"),
        (Spend("x", channel="search"), "Give store="),
        (Promote("x", event=fair(2026, 11, 25, family="debut")), "family seen in history"),
        (Promote("x", event=fair(2026, 11, 25, family="debut")), "Or give discount= and store="),
        (Promote("x", event=fair(2026, 11, 25, family="debut"), discount=0.2), "Give store="),
        (Promote("x", event=AHEAD, discount=0.2, store=goods(0.5)), "its usual one is in its estimate"),
        (Price("x", factor=0.9, skus=("A",)), "Give store="),
        (Price("x", factor=0.9, skus=("D",), store=goods(0.5)), "no such product 'D'"),
        (Price("x", factor=0.9, elasticity=2.0, store=goods(0.5)), "one of the two"),
        (Promote("x"), "Give its dates"),
        (Unpromote("x", family="fare"), "Did you mean 'fair'"),
        ("more ads", "Traffic, Conversion"),
    ],
)
def test_levers_that_cannot_be_are_explained(lever, says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        PLAIN.under(lever)


def test_a_channel_lever_needs_a_forecast_by_channel() -> None:
    whole = forecast(panel(VALUES.sum(axis=0)[None], DAYS), "2026-11", events=(), paths=50)
    with pytest.raises(EcomsimError, match="by='channel'"):
        whole.under(Traffic("x", factor=1.1, channels=("live",)))
    assert PLAIN.as_of == dt.date(2026, 10, 30)
