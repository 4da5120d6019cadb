"""Scenarios of a hostile or careless hand: refused with the place and the remedy, and the store is not touched."""

from __future__ import annotations

import math
import time

import pytest

from ecomsim.checks import EcomsimError, EcomsimWarning
from ecomsim.scenario import (
    Add,
    Remove,
    Scale,
    Scenario,
    Set,
    Shift,
    load_scenario,
    parse_scenario,
    save_scenario,
)
from ecomsim.study.origin import store_hash
from ecomsim.workbook import Workbook


@pytest.mark.parametrize(
    ("change", "says"),
    [
        # the size of a change
        (Scale("channels.search.base", -1), "channels.search.base: got -1000. Allowed: a number of at least 0"),
        (Scale("channels.search.base", 1e308), "channels.search.base: got inf."),
        (Set("channels.search.base", 10**400), "channels.search.base: got a number beyond 1e308."),
        (Shift("products.A.on_hand", -501), "products.A.on_hand: got -1. Allowed: a number of at least 0 (units)."),
        (Scale("fulfilment.promise_days", 0.4), "fulfilment.promise_days: got 0.8. Allowed: a whole number."),
        (Set("fulfilment.promise_days", -2), "fulfilment.promise_days: got -2. Allowed: a number from 0 to 365"),
        (Scale("promotions.d11.conversion.peak", 6), "conversion 0.1 of channels.search times lift 12 = 1.2"),
        (Set("channels.search.p_enquiring", 0.9), "Allowed: at most 1: no more buyers than visitors."),
        # mappings, whole parts, enums
        (Set("channels.paid.plan", 3), "channels.paid.driver.plan: got 3. Allowed: a mapping of names to values."),
        (Set("channels.paid.plan", {"2026-11-01": -5}), "driver.plan.2026-11-01: got -5. Allowed: a number"),
        (Set("channels.paid.plan", {"2026-02-30": 5}), "channels.paid.driver.plan: got '2026-02-30'."),
        (Set("channels.paid.plan.search", 5), "channels.paid.driver.plan: got 'search'. Allowed: a day"),
        (Set("channels.paid.displaces", {"serch": 0.1}), "no such channel 'serch'. Allowed: search, paid. Did"),
        (Set("promotions.d11.traffic", {"serch": {"peak": 2}}), "promotions.d11.traffic: no such channel 'serch'."),
        (Set("products.A", 3), "products.A: got 3. Allowed: the fields of a Product."),
        (Set("products.A", {"sku": "A", "price": 9}), "products.A: no cost."),
        (Set("products.A", {"sku": "Z", "price": 9, "cost": 4}), "products['A']: got sku 'Z'. Allowed: sku 'A'."),
        (Set("products.A", {"sku": "A", "price": 9, "cst": 4}), "products.A.cst: no such field 'cst'."),
        (Set("products", {}), "products: no entries."),
        (Set("products.A.role", "profits"), "products.A.role: no such role 'profits'. Allowed: traffic, profit,"),
        (Set("price_rules", "tmal-2025"), "price_rules: no such version of price rules 'tmal-2025'."),
        # what is there, and what others refer to
        (Add("products", name="A", like="B"), "products.A: got a name that is taken."),
        (Remove("suppliers.far"), "remove suppliers.far: got a supplier that products.B.supplier refers to."),
        (Remove("channels.search"), "a channel that channels.paid.driver.displaces refers to. Allowed: a channel"),
        (Remove("products.A"), "Allowed: a product nothing refers to. Change promotions.d11.skus first."),
        (Remove("products.C"), "products.C: no such product 'C'. Allowed: A, B."),
        # days on what has none
        (Set("products.A.on_hand", 3, start="2026-11-03"), "products.A.on_hand on some days: got dates on a number"),
        (Scale("products.A.season.10", 2, start="2026-11-03"), "Leave the dates out."),
        (Scale("service.answer_within_s", 2, end="2026-11-03"), "service.answer_within_s on some days: got dates"),
        (Set("products.A.role", "profit", start="2026-11-03"), "got Role. Allowed: a number. Set it for all days"),
        (Scale("teams.desk.shape", 2, start="2026-11-03"), "Name its entries: teams.desk.shape.*"),
        # levers that are not there
        (Scale("channels.serch.base", 2), "channels.serch: no such channel 'serch'. Allowed: search, paid. Did you"),
        (Scale("channels.paid.spnd", 2), "channels.paid.spnd: no such field 'spnd'."),
        (Scale("paid.spend", 2), "paid: no such part 'paid'."),
        (Scale("channels..base", 2), "got 'channels..base'. Allowed: a dotted path."),
        (Scale("__class__.__init__", 2), "no such field '__class__'"),
        (Scale("products.A.price.real", 2), "'real' below products.A.price, which is a float"),
    ],
)  # fmt: skip
def test_a_change_that_cannot_be_is_told_and_the_store_stays(refusal, change, says: str) -> None:
    assert says in refusal(change)


@pytest.mark.parametrize("factor", [math.inf, -math.inf, math.nan, 10**400, "2", None, True, [2]])
def test_a_factor_that_is_no_number_is_refused_when_written(factor) -> None:
    with pytest.raises(EcomsimError, match=r"^scale of channels\.search\.base: .*Allowed: a finite number"):
        Scale("channels.search.base", factor)


def test_scaling_to_nothing_is_a_change_like_any_other(shop) -> None:
    assert Scenario("shut", [Scale("channels.search.base", 0)]).apply(shop).channels["search"].base == 0


@pytest.mark.parametrize(
    "change", [Set("products.A.price", 10.0), Scale("products.A.price", 1), Shift("channels.paid.spend", 0)]
)
def test_a_change_that_changes_nothing_warns(shop, change) -> None:
    with pytest.warns(EcomsimWarning, match="scenario idle: '.*' changes nothing"):
        same = Scenario("idle", [change]).apply(shop)
    assert store_hash(same) == store_hash(shop)


def test_a_promotion_twice_at_once_warns_by_name(shop) -> None:
    twice = Add("promotions", name="again", like="d11", changes={"start": "2026-11-05"})
    with pytest.warns(
        EcomsimWarning, match=r"promotions\.again \(2026-11-05 to 2026-11-15\) overlaps promotions\.d11"
    ):
        Scenario("twice", [twice]).apply(shop)


def test_extends_unknown_misspelt_or_in_a_circle(tmp_path) -> None:
    files = {"one": "extends: two", "two": "extends: three", "three": "extends: one", "typo": "extends: tow"}
    files["out"] = "extends: ../secret"
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(f"name: {name}\n{text}\n")
    said = {}
    for name in files:
        with pytest.raises(EcomsimError) as caught:
            load_scenario(tmp_path / f"{name}.yaml")
        said[name] = str(caught.value)
    assert "three.yaml line 2: extends: got a circle: one -> two -> three -> one" in said["one"]
    assert "typo.yaml line 2: extends: no such scenario 'tow'" in said["typo"]
    assert "Did you mean 'two'?" in said["typo"]
    assert "Leave out '/'" in said["out"]


BOMB = "a: &a [x, x]\n" + "".join(
    f"{c}: &{c} [{','.join(['*' + p] * 9)}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (BOMB, "an alias (*name)"),
        ("changes: " + "[" * 100_000, "brackets within brackets"),
        ("changes:\n- {scale: a, by: 1e999}", "line 2: scale of a: got inf"),
        ("changes:\n- {scale: a, by: " + "9" * 400 + "}", "line 2: scale of a: got a number beyond 1e308"),
        ("changes:\n- {scale: a, by: " + "9" * 5000 + "}", "line 2"),
        ("changes:\n- {scale: a, by: .nan}", "line 2: scale of a: got '.nan'"),
        ("changes:\n- {scale: a, by: 12%}", "line 2: scale of a: got '12%'"),
        ("changes: !!python/object/apply:os.system [ls]", "the tag"),
        ("a: b: c", "not YAML"),
        ("x" * 300_000, "300,000 characters"),
    ],
)
def test_a_hostile_file_costs_a_sentence_and_no_time(text: str, says: str) -> None:
    began = time.process_time()
    with pytest.raises(EcomsimError) as caught:
        parse_scenario(text)
    assert says in str(caught.value)
    assert len(str(caught.value)) < 20_000
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "name",
    ["../x", "a/b", "/etc/x", "a\\b", "x\0", "a:b", "..", ".x", "-x", "", " x", "x.", "con", "COM1", "nul.txt",
     "a\nb", "\u202ex", "é" * 100, None, 3],
)  # fmt: skip
def test_no_name_leaves_its_folder(tmp_path, name) -> None:
    with pytest.raises(EcomsimError, match=r"name: got .* Allowed: "):
        Scenario(name)
    book = Workbook(tmp_path / "book")
    for act in (
        lambda: book.save_scenario(name, "x: 1"),
        lambda: book.load_scenario(name),
        lambda: book.result(name),
    ):
        with pytest.raises(EcomsimError):
            act()
    assert [p.name for p in tmp_path.rglob("*.yaml")] == []
    assert {p.name for p in tmp_path.iterdir()} <= {"book"}


def test_a_failed_save_leaves_the_file_that_was_there(tmp_path) -> None:
    kept = save_scenario(Scenario("good", [Scale("a", 2)]), tmp_path)
    before = kept.read_bytes()
    with pytest.raises(EcomsimError):
        save_scenario(Scenario("good", [Set("a", object())]), tmp_path)
    assert kept.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["good.yaml"]
