"""Prices to the fen: golden baskets, identities, and the vectorised form against the single one."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ecomsim.checks import EcomsimError
from ecomsim.formulas.money import NEVER, allocate, fen
from ecomsim.formulas.offer_files import offers_from
from ecomsim.formulas.price_arrays import Mechanics, price_baskets, priced_parts
from ecomsim.formulas.price_files import load_rules, rule_versions
from ecomsim.formulas.price_offers import Coupon, ItemDiscount, Line, MemberPrice, Offers, Shipping, Threshold
from ecomsim.formulas.pricing import PriceRules, price_basket, price_protection

GOLDEN = yaml.safe_load((Path(__file__).parent / "golden" / "baskets.yaml").read_text(encoding="utf-8"))


def cents(amount: Any) -> int:
    return int(Decimal(str(amount)) * 100)


def lines_of(case: dict[str, Any]) -> list[Line]:
    return [Line(ln[0], cents(ln[1]), ln[2], frozenset(ln[3] if len(ln) > 3 else ())) for ln in case["lines"]]


@pytest.mark.parametrize("case", GOLDEN, ids=lambda c: c["name"])
def test_golden_basket(case: dict[str, Any]) -> None:
    rules, lines = load_rules(case["rules"]), lines_of(case)
    got = price_basket(lines, rules, offers_from(case.get("offers", {})), member=case.get("member", False))
    expect = {k: cents(v) for k, v in case["expect"].items() if k != "lines"}
    found = {
        "list": got.list_total,
        "item": got.item_discount,
        "threshold": got.threshold_discount,
        "shop_coupon": got.shop_coupon,
        "platform_coupon": got.platform_coupon,
        "member": got.member,
        "paid": got.paid,
        "shipping": got.shipping,
        "platform_pays": got.platform_pays,
    }
    assert found == {**dict.fromkeys(found, 0), **expect}
    if "lines" in case["expect"]:
        assert [ln.paid for ln in got.per_line] == [cents(v) for v in case["expect"]["lines"]]
    if "later" in case:
        now = price_basket(lines, rules, offers_from(case["later"]["offers"]))
        refund = price_protection(got, now, case["later"]["days"], rules)
        assert list(refund) == [cents(v) for v in case["later"]["refund"]]


def test_enough_golden_baskets() -> None:
    assert len(GOLDEN) >= 25
    assert len({c["name"] for c in GOLDEN}) == len(GOLDEN)


rates = st.sampled_from([0.0, 0.05, 0.1, 0.15, 0.333333, 0.9, 1.0])
small = st.integers(0, 20_000)
shops = st.builds(ItemDiscount, rate=rates, amount=small)


@st.composite
def thresholds(draw: st.DrawFn) -> Threshold:
    at, off = draw(st.integers(1, 60_000)), draw(small)
    cap = draw(st.none() | small)
    if off >= at:
        return Threshold(((0, off),), cap=cap)
    if draw(st.booleans()):
        return Threshold(((at, off),), repeat=True, cap=cap)
    return Threshold(((at, off), (at + draw(st.integers(1, 30_000)) + off, 2 * off)), cap=cap)


@st.composite
def coupons(draw: st.DrawFn) -> Coupon:
    owner, member_only = draw(st.sampled_from(["shop", "platform"])), draw(st.booleans())
    if draw(st.booleans()):
        return Coupon(
            owner,
            at=draw(small),
            rate=draw(st.sampled_from([0.05, 0.5, 0.123456])),
            cap=draw(st.none() | small),
        )
    amount = draw(st.integers(1, 9_000))
    return Coupon(owner, at=amount + draw(st.integers(1, 40_000)), amount=amount, member_only=member_only)


offer_sets = st.builds(
    Offers,
    items=st.lists(shops, max_size=3).map(tuple),
    thresholds=st.lists(thresholds(), max_size=2).map(tuple),
    coupons=st.lists(coupons(), max_size=4).map(tuple),
    member=st.none() | st.builds(MemberPrice, rate=rates, cap=st.none() | small),
    shipping=st.builds(Shipping, fee=st.integers(0, 2_000), free_from=small),
)
bases = st.sampled_from(["list", "after_items", "running"])
rule_sets = st.builds(
    PriceRules,
    version=st.just("drawn"),
    order=st.permutations(["threshold", "shop_coupon", "platform_coupon", "member"]).map(
        lambda o: ("item", *o)
    ),
    combine=st.sampled_from(["add", "multiply", "best"]),
    item_cap=st.sampled_from([0.5, 0.9, 1.0]),
    basis=st.tuples(bases, bases, bases).map(
        lambda b: tuple(zip(("threshold", "shop_coupon", "platform_coupon"), b, strict=True))
    ),
    rounding=st.sampled_from(["half_up", "down"]),
    least_paid=st.sampled_from([0, 1, 500]),
    coupons_per_order=st.tuples(st.integers(0, 3), st.integers(0, 2)).map(
        lambda n: (("shop", n[0]), ("platform", n[1]))
    ),
    shipping_basis=bases,
    platform_pays=st.sampled_from([(), (("platform_coupon", 1.0), ("threshold", 0.5))]),
)
PARTS = (
    "list_total",
    "item_discount",
    "threshold_discount",
    "shop_coupon",
    "platform_coupon",
    "member",
    "paid",
    "shipping",
    "platform_pays",
)


@settings(max_examples=300, deadline=None)
@given(
    rules=rule_sets,
    offers=offer_sets,
    values=st.lists(st.integers(0, 200_000), min_size=1, max_size=6),
    member=st.booleans(),
)
def test_many_at_once_equal_one_by_one(
    rules: PriceRules, offers: Offers, values: list[int], member: bool
) -> None:
    at_once = priced_parts(values, Mechanics(rules, offers), member=member)
    single = [price_basket([Line("A", v)], rules, offers, member=member) for v in values]
    for part in PARTS:
        assert getattr(at_once, part).tolist() == [getattr(s, part) for s in single], part


@settings(max_examples=150, deadline=None)
@given(
    rules=rule_sets,
    offers=offer_sets,
    lines=st.lists(
        st.builds(Line, sku=st.just("A"), price=st.integers(0, 50_000), quantity=st.integers(1, 4)),
        min_size=1,
        max_size=5,
    ),
    member=st.booleans(),
)
def test_lines_add_up_and_baskets_of_lines_agree(
    rules: PriceRules, offers: Offers, lines: list[Line], member: bool
) -> None:
    got = price_basket(lines, rules, offers, member=member)
    assert sum(ln.paid for ln in got.per_line) == got.paid >= 0
    assert got.list_total - got.item_discount - got.threshold_discount - got.coupon - got.member == got.paid
    for ln in got.per_line:
        assert ln.list_total - ln.item_discount - ln.order_discount == ln.paid >= 0
        assert ln.order_discount >= 0
    many = priced_parts(
        [got.list_total], Mechanics(rules, offers), member=member, item_discount=[got.item_discount]
    )
    assert [int(getattr(many, p)[0]) for p in PARTS] == [getattr(got, p) for p in PARTS]


@given(weights=st.lists(st.integers(0, 10**7), min_size=1, max_size=8), share=st.floats(0, 1))
def test_largest_remainder(weights: list[int], share: float) -> None:
    total = int(sum(weights) * share)
    got = allocate(total, weights)
    assert sum(got) == total
    for g, w in zip(got, weights, strict=True):
        assert 0 <= g <= w
        assert sum(weights) == 0 or abs(g * sum(weights) - total * w) < sum(weights)


def test_identities() -> None:
    rules = load_rules("tmall-2025")
    values = np.arange(1, 200_000, 173)
    flat = Mechanics(rules, Offers(thresholds=(Threshold(((0, 700),)),)))
    np.testing.assert_array_equal(
        price_baskets(values, flat), np.where(values > 700, values - 700, np.minimum(values, 1))
    )
    never = Mechanics(rules, Offers(thresholds=(Threshold(((NEVER, 700),)),)))
    np.testing.assert_array_equal(price_baskets(values, never), values)
    np.testing.assert_array_equal(price_baskets(values, Mechanics(rules, Offers())), values)
    deeper = [price_baskets(values, Mechanics(rules, Offers((ItemDiscount(r),)))) for r in (0.1, 0.2, 0.3)]
    assert (deeper[0] >= deeper[1]).all() and (deeper[1] >= deeper[2]).all()


def test_refusals_say_what_to_do() -> None:
    def refused(content: dict[str, Any]) -> str:
        with pytest.raises(EcomsimError) as caught:
            offers_from(content, "promotions.double11")
        return str(caught.value)

    assert "promotions.double11.items[0].rate: got 20" in refused({"items": [{"rate": 20}]})
    assert "did you mean 0.2?" in refused({"items": [{"rate": 20}]})
    worth_all = refused({"coupons": [{"owner": "shop", "at": 50, "amount": 50}]})
    assert "promotions.double11.coupons[0]" in worth_all and "50.00 off from 50.00" in worth_all
    assert "below its threshold" in refused({"thresholds": [{"every": 50, "amount": 60}]})
    assert "Did you mean 'thresholds'?" in refused({"treshold": [{"every": 300, "amount": 50}]})
    assert "Did you mean 'amount'?" in refused({"coupons": [{"owner": "shop", "amont": 5}]})
    assert "at most two decimals" in refused({"items": [{"amount": 0.125}]})
    assert "every and at" in refused({"thresholds": [{"every": 300, "at": 300, "amount": 50}]})
    both = refused({"items": [{"rate": 20}], "member": {"rate": 5}})
    assert "2 faults" in both and "items[0].rate" in both and "member.rate" in both
    assert "rising" in refused({"thresholds": [{"steps": [[300, 50], [200, 60]]}]})
    assert "nan" in refused({"coupons": [{"owner": "shop", "at": float("nan"), "amount": 5}]}).lower()


def test_rules_by_name_and_by_file(tmp_path: Path) -> None:
    assert {"tmall-2025", "tmall-2022", "plain-1"} <= set(rule_versions())
    with pytest.raises(EcomsimError, match="Did you mean 'tmall-2025'"):
        load_rules("tmal-2025")
    good = "version: own\nplatform: own\nvalid_from: 2026-01-01\nsource: us\nconfidence: high\n"
    own = tmp_path / "own.yaml"
    own.write_text(good, encoding="utf-8")
    assert load_rules(own).version == "own"
    for bad, words in [
        (good + "order: [item, member]\n", "own.order.*item, threshold"),
        (good + "combine: sum\n", r"own\.yaml\.combine: got 'sum'"),
        (good + "roundin: down\n", "Did you mean 'rounding'"),
        (good + "item_cap: 90\n", r"own\.item_cap: got 90.*0\.9"),
        (good + "valid_to: 2020-01-01\n", "2026-01-01 or later"),
        ("version: [", "not YAML"),
        ("- 1", "own.yaml"),
    ]:
        own.write_text(bad, encoding="utf-8")
        with pytest.raises(EcomsimError, match=words):
            load_rules(own)
    with pytest.raises(EcomsimError, match="not readable"):
        load_rules(tmp_path / "absent.yaml")


def test_every_shipped_rule_file_states_where_it_comes_from() -> None:
    for version in rule_versions():
        assert load_rules(version).version == version


def test_money() -> None:
    assert [fen(v) for v in (0, "19.9", 0.29, 1.1, Decimal("0.01"))] == [0, 1990, 29, 110, 1]
    for bad in (-1, "ten", float("inf"), True, 1e15):
        with pytest.raises(EcomsimError, match="amount"):
            fen(bad)


def test_lines_and_protection_refuse_nonsense() -> None:
    with pytest.raises(EcomsimError, match=r"line 'A'.quantity"):
        Line("A", 100, 0)
    with pytest.raises(EcomsimError, match=r"line 'A'.price: got 1\.5"):
        Line("A", 1.5)  # type: ignore[arg-type]
    rules = load_rules("tmall-2025")
    a, b = (price_basket([Line(s, 100)], rules, Offers()) for s in "AB")
    with pytest.raises(EcomsimError, match="other lines"):
        price_protection(a, b, 1, rules)
    with pytest.raises(EcomsimError, match="whole shop"):
        Mechanics(rules, Offers((ItemDiscount(0.1, skus=frozenset("A")),)))
