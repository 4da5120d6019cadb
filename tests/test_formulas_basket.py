"""What thresholds do to baskets, against dense quadrature over scipy's distributions and closed forms."""

from __future__ import annotations

import time

import numpy as np
import pytest
from scipy.stats import gamma, lognorm

from ecomsim.checks import EcomsimError
from ecomsim.formulas.basket import basket_effect, basket_quantiles, basket_table
from ecomsim.formulas.basket_values import TopUp, threshold_cuts
from ecomsim.formulas.money import NEVER
from ecomsim.formulas.price_arrays import Mechanics, price_baskets, priced_parts
from ecomsim.formulas.price_files import load_rules
from ecomsim.formulas.price_offers import Coupon, ItemDiscount, MemberPrice, Offers, Threshold
from ecomsim.formulas.pricing import PriceRules

RULES = load_rules("tmall-2025")
EVERY = Threshold(((30_000, 5_000),), repeat=True)
FULL = Mechanics(
    RULES,
    Offers(
        (ItemDiscount(0.15),),
        (EVERY,),
        (Coupon("shop", 19_900, 2_000), Coupon("platform", 0, rate=0.05, cap=3_000)),
        MemberPrice(0.05),
    ),
)


def spread(mean: float, cv: float, family: str, n: int = 400_000) -> np.ndarray:
    """Values at n midpoint quantiles, by scipy."""
    u = (np.arange(n) + 0.5) / n
    if family == "gamma":
        return gamma.ppf(u, 1 / cv**2, scale=mean * cv**2)
    sigma = np.sqrt(np.log1p(cv**2))
    return lognorm.ppf(u, sigma, scale=mean * np.exp(-(sigma**2) / 2))


@pytest.mark.parametrize("family", ["lognormal", "gamma"])
@pytest.mark.parametrize(("mean", "cv"), [(12_000, 0.5), (29_000, 0.8), (90_000, 1.2)])
def test_paid_without_top_up(family: str, mean: float, cv: float) -> None:
    values = np.rint(spread(mean, cv, family)).astype(np.int64)
    got = basket_effect(mean, FULL, cv, family=family)  # type: ignore[arg-type]
    paid = price_baskets(values, FULL)
    assert got.paid[0] == pytest.approx(paid.mean(), rel=1.5e-3)
    assert got.discount[0] == pytest.approx((values - paid).mean(), rel=4e-3)
    assert got.gross[0] == pytest.approx(mean, rel=1e-12)
    assert got.threshold_share[0] == pytest.approx((values * 0.85 >= 30_000).mean(), abs=3e-3)
    assert got.uplift[0] == 0 and got.topped_share[0] == 0


def test_members_pay_their_price() -> None:
    values = np.rint(spread(25_000, 0.6, "lognormal")).astype(np.int64)
    got = basket_effect(25_000, FULL, 0.6, member_share=0.4)
    expected = (
        0.6 * price_baskets(values, FULL).mean() + 0.4 * price_baskets(values, FULL, member=True).mean()
    )
    assert got.paid[0] == pytest.approx(expected, rel=1.5e-3)


def test_top_up_by_hand() -> None:
    """300 minus 50 once, reach 20 %: a share .3 of the values in [240, 300) goes to 300."""
    once = Mechanics(RULES, Offers(thresholds=(Threshold(((30_000, 5_000),)),)))
    values = spread(26_000, 0.5, "lognormal")
    near = (values >= 24_000) & (values < 30_000)
    got = basket_effect(26_000, once, 0.5, TopUp(0.3, 0.2))
    assert got.topped_share[0] == pytest.approx(0.3 * near.mean(), abs=1.5e-3)
    assert got.uplift[0] == pytest.approx(0.3 * (near * (30_000 - values)).mean(), rel=0.02)
    reached = (values >= 30_000).mean() + 0.3 * near.mean()
    assert got.discount[0] == pytest.approx(5_000 * reached, rel=5e-3)
    assert got.threshold_share[0] == pytest.approx(reached, abs=2e-3)


def test_top_up_aims_at_the_list_value_that_reaches_it() -> None:
    """15 % off first: the list value reaching 300 is 352.94 (352.94 - 52.94 = 300.00)."""
    after = Mechanics(RULES, Offers((ItemDiscount(0.15),), (Threshold(((30_000, 5_000),)),)))
    assert price_baskets([35_293, 35_294], after).tolist() == [35_293 - 5_294, 25_000]
    values = spread(30_000, 0.5, "lognormal")
    near = (values >= 35_294 - 6_000) & (values < 35_294)
    got = basket_effect(30_000, after, 0.5, TopUp(0.5, 0.2))
    assert got.uplift[0] == pytest.approx(0.5 * (near * (35_294 - values)).mean(), rel=0.02)


def test_repeated_thresholds_pull_to_the_next_multiple() -> None:
    every = Mechanics(RULES, Offers(thresholds=(EVERY,)))
    values = spread(80_000, 0.6, "lognormal")
    missing = 30_000 - values % 30_000
    near = missing <= 6_000
    got = basket_effect(80_000, every, 0.6, TopUp(0.3, 0.2))
    assert got.topped_share[0] == pytest.approx(0.3 * near.mean(), abs=2e-3)
    assert got.uplift[0] == pytest.approx(0.3 * (near * missing).mean(), rel=0.02)


def test_identities() -> None:
    nothing = basket_table(Mechanics(RULES, Offers()), 0.7, TopUp(0.5))
    np.testing.assert_array_equal(nothing.effect.discount, 0)
    np.testing.assert_array_equal(nothing.effect.uplift, 0)
    never = basket_table(
        Mechanics(RULES, Offers(thresholds=(Threshold(((NEVER, 5_000),)),))), 0.7, TopUp(0.5)
    )
    np.testing.assert_array_equal(never.effect.paid, nothing.effect.paid)
    flat = basket_effect(
        50_000, Mechanics(RULES, Offers(thresholds=(Threshold(((0, 500),)),))), 0.4, TopUp(0.5)
    )
    assert flat.discount[0] == pytest.approx(500, rel=1e-5)
    rate = basket_effect(50_000, Mechanics(RULES, Offers((ItemDiscount(0.25),))), 0.4)
    assert rate.paid_ratio[0] == pytest.approx(0.75, abs=1e-5)


def test_table_equals_the_single_effect_and_adds_up() -> None:
    table = basket_table(FULL, 0.6, TopUp(0.3), member_share=0.2)
    for mean in (1_500.0, 19_321.0, 33_333.0, 250_000.0):
        one, many = basket_effect(mean, FULL, 0.6, TopUp(0.3), member_share=0.2), table.at(mean)
        assert float(many.paid) == pytest.approx(one.paid[0], rel=2e-3)
        assert float(many.gross) == pytest.approx(one.gross[0], rel=2e-3)
        assert float(many.coupon_share) == pytest.approx(one.coupon_share[0], abs=0.01)
    e = table.effect
    np.testing.assert_allclose(e.gross, e.mean + e.uplift, rtol=1e-12)
    np.testing.assert_allclose(e.gross, e.paid + e.discount, rtol=1e-12)
    assert e.mean.size == 128
    outside = table.at([1.0, 1e9])
    np.testing.assert_allclose(outside.paid_ratio, e.paid_ratio[[0, -1]])


def test_table_is_quick() -> None:
    plain = Mechanics(RULES, Offers((ItemDiscount(0.15),), (EVERY,)))
    basket_table(plain, 0.6, TopUp(0.3))
    best = np.inf
    for _ in range(10):
        start = time.process_time()
        basket_table(plain, 0.6, TopUp(0.3))
        best = min(best, time.process_time() - start)
    assert best < 0.01  # 1 to 2 ms on an idle core


@pytest.mark.parametrize("family", ["lognormal", "gamma"])
def test_quantiles(family: str) -> None:
    got = basket_quantiles(30_000, 0.6, 500, family)  # type: ignore[arg-type]
    assert got.dtype == np.int64 and (np.diff(got) >= 0).all()
    assert got.mean() == pytest.approx(30_000, abs=0.5)
    exact = spread(30_000, 0.6, family, 500)
    np.testing.assert_allclose(got, exact * 30_000 / exact.mean(), atol=1.5)


def test_refusals() -> None:
    with pytest.raises(EcomsimError, match=r"top_up.share: got 30.*0\.3"):
        TopUp(30)
    with pytest.raises(EcomsimError, match="cv"):
        basket_table(FULL, 0)
    with pytest.raises(EcomsimError, match="family"):
        basket_effect(100, FULL, 0.5, family="normal")  # type: ignore[arg-type]
    with pytest.raises(EcomsimError, match="high"):
        basket_table(FULL, 0.5, low=100, high=100)
    with pytest.raises(EcomsimError, match="member_share"):
        basket_effect(100, FULL, 0.5, member_share=20)


def test_cuts_are_the_least_values_that_reach() -> None:
    """Every list value from 0 on priced one by one, under random rules."""
    rng = np.random.default_rng(0)
    bases = ["list", "after_items", "running"]
    for _ in range(60):
        rates = rng.choice([0, 0.15, 0.333333, 0.05], rng.integers(0, 3))
        items = tuple(ItemDiscount(float(r), int(rng.integers(0, 300))) for r in rates)
        at = int(rng.integers(3000, 6000))
        threshold = Threshold(((at, int(rng.integers(0, 2900))),), repeat=bool(rng.integers(0, 2)))
        coupon = Coupon("shop", int(rng.integers(3000, 9000)), int(rng.integers(1, 2900)))
        rules = PriceRules(
            "drawn",
            combine=str(rng.choice(["add", "multiply", "best"])),  # type: ignore[arg-type]
            item_cap=float(rng.choice([0.2, 0.9, 1.0])),
            rounding=str(rng.choice(["half_up", "down"])),  # type: ignore[arg-type]
            basis=(("threshold", rng.choice(bases)), ("shop_coupon", rng.choice(bases))),
        )
        mechanics = Mechanics(rules, Offers(items, (threshold,), (coupon,)))
        most, expected = 12_000, set()
        for goal, step, value in priced_parts(np.arange(2 * most + 1), mechanics).bases:
            for one in range(goal, most + 1, step) if step else [goal]:
                reached = np.flatnonzero(value >= one)
                expected |= {int(reached[0])} if reached.size else set()
        found, _ = threshold_cuts(most, mechanics, False)
        assert set(found.tolist()) == expected
