"""Dotted paths: every number is found, read back, replaced alone; a wrong path names the nearest."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecomsim.checks import EcomsimError
from ecomsim.store import (
    Channel,
    CoverDays,
    Effect,
    Live,
    MinMax,
    Paid,
    Product,
    Promotion,
    Receipt,
    Store,
    Team,
)
from ecomsim.store.paths import canonical, expand, get, locate, replace_all, replace_at, walk
from ecomsim.uncertain import Triangular


def shop() -> Store:
    return Store(
        "shop",
        channels={
            "paid_search": Channel(
                "paid_search", 1000.0, 0.02, 0.1, driver=Paid(spend=100.0, plan={"2026-11-11": 300.0})
            ),
            "live": Channel("live", Triangular(5, 10, 20), 0.02, 0.1, driver=Live()),
        },
        products={
            "A": Product("A", 10.0, 5.0, on_order=(Receipt(dt.date(2026, 11, 3), 40.0),)),
            "B": Product("B", 10.0, 5.0, policy=MinMax(1.0, 5.0)),
        },
        teams={"presale": Team("presale", 3.0)},
        promotions={
            "d11": Promotion(
                "d11", dt.date(2026, 11, 1), dt.date(2026, 11, 11), traffic={"live": Effect(peak=2.0)}
            )
        },
    )


SHOP = shop()


def test_every_number_is_walked_once_and_read_back() -> None:
    found = list(walk(SHOP))
    paths = [path for path, _ in found]
    assert len(set(paths)) == len(paths)
    for path, value in found:
        assert get(SHOP, path) is value or get(SHOP, path) == value
        assert canonical(SHOP, path) == path
    expected = {
        "channels.paid_search.driver.spend",
        "channels.paid_search.driver.plan.2026-11-11",
        "channels.live.weekday.0",
        "channels.live.base",
        "products.A.on_order.0.units",
        "products.B.policy.order_up_to",
        "teams.presale.shape.47",
        "promotions.d11.traffic.live.peak",
        "service.concurrency",
        "fulfilment.promise_days",
        "noise.phi",
        "service.answer_curve.floor",
    }
    assert expected <= set(paths)
    assert not [p for p in paths if p.startswith(("overlays", "correlations", "provenance"))]
    assert "channels.live.driver.weekdays.0" not in paths  # a list of days, not a number to vary


def test_a_number_is_replaced_alone_and_the_old_store_stays() -> None:
    before = dict(walk(SHOP))
    for path in ("channels.paid_search.driver.spend", "teams.presale.headcount", "channels.live.season.11"):
        made = replace_at(SHOP, path, 7.0)
        after = dict(walk(made))
        assert {p for p in before if before[p] != after[p]} == {path}
        assert after[path] == 7.0
    assert dict(walk(SHOP)) == before
    assert shop() == SHOP


def test_untouched_parts_are_shared_not_copied() -> None:
    made = replace_at(SHOP, "products.A.price", 12.0)
    assert made.products["B"] is SHOP.products["B"]
    assert made.channels["live"] is SHOP.channels["live"]


def test_short_paths_reach_driver_and_policy() -> None:
    assert canonical(SHOP, "channels.paid_search.spend") == "channels.paid_search.driver.spend"
    assert canonical(SHOP, "products.B.order_up_to") == "products.B.policy.order_up_to"
    assert get(SHOP, "products.A.reorder_days") == CoverDays(14.0, 28.0).reorder_days
    assert replace_at(SHOP, "products.B.order_up_to", 9.0).products["B"].policy == MinMax(1.0, 9.0)


def test_a_place_knows_its_kind_and_domain() -> None:
    place = locate(SHOP, "promotions.d11.discount")
    assert place.domain is not None
    assert (place.domain.unit, place.domain.high) == ("share", 0.95)
    assert locate(SHOP, "promotions.d11.start").kind is dt.date


def test_several_changes_are_checked_when_all_are_in_place() -> None:
    moved = {"promotions.d11.start": dt.date(2027, 1, 1), "promotions.d11.end": dt.date(2027, 1, 9)}
    assert replace_all(SHOP, moved).promotions["d11"].end == dt.date(2027, 1, 9)
    with pytest.raises(EcomsimError, match=r"promotions\.d11\.end: got 2026-11-11"):
        replace_at(SHOP, "promotions.d11.start", dt.date(2027, 1, 1))
    with pytest.raises(EcomsimError, match="one of the two"):
        replace_all(SHOP, {"products.B.policy": MinMax(1.0, 2.0), "products.B.policy.order_up_to": 3.0})
    with pytest.raises(EcomsimError, match="one of the two"):
        replace_all(SHOP, {"products.B.policy.order_up_to": 3.0, "products.B.policy": MinMax(1.0, 2.0)})


def test_a_plan_takes_a_new_day_and_displacement_a_known_channel() -> None:
    made = replace_at(SHOP, "channels.paid_search.plan.2026-11-12", 500.0)
    assert made.channels["paid_search"].driver.plan == {"2026-11-11": 300.0, "2026-11-12": 500.0}
    made = replace_at(SHOP, "channels.paid_search.displaces.live", 0.2)
    assert made.channels["paid_search"].driver.displaces == {"live": 0.2}
    for path in ("channels.paid_search.plan.12 November", "channels.paid_search.displaces.lve", "products.C"):
        with pytest.raises(EcomsimError):
            replace_at(SHOP, path, 0.2)


def test_patterns_expand_in_reading_order() -> None:
    assert expand(SHOP, "products.*.price") == ["products.A.price", "products.B.price"]
    assert expand(SHOP, "products.*.policy.order_up_to") == ["products.B.policy.order_up_to"]
    assert expand(SHOP, "channels.*.spend") == ["channels.paid_search.driver.spend"]
    assert expand(SHOP, "channels.live.weekday.*") == [f"channels.live.weekday.{i}" for i in range(7)]
    assert expand(SHOP, "channels.p*.base") == ["channels.paid_search.base"]
    assert expand(SHOP, "products.A.price") == ["products.A.price"]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("channels.paid_serch.spend", r"channels\.paid_serch: no such channel.*Did you mean 'paid_search'"),
        ("channels.paid_search.spnd", "Did you mean 'spend'"),
        ("channels.live.spend", "no such field 'spend'"),
        ("paid_search.spend", r"Did you mean 'channels\.paid_search\.spend'"),
        ("chanels.live.base", "Did you mean 'channels'"),
        ("channels.live.weekday.7", "a position from 0 to 6"),
        ("channels.live.weekday.-1", "a position from 0 to 6"),
        ("channels.live.base.x", "below channels.live.base"),
        ("products.A.order_up_to", "reorder_days"),
        ("", "a dotted path"),
        ("channels..base", "a dotted path"),
        ("products.*.prise", "Did you mean 'price'"),
        ("products.Z*.price", "no match"),
        ("service.*", "in place of a key or position"),
    ],
)
def test_a_wrong_path_names_the_nearest(path: str, says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        expand(SHOP, path)


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("channels.paid_search.spend", -3.0, r"channels\.paid_search\.driver\.spend: got -3.*money/day"),
        ("channels.live.p_silent", 3.0, r"channels\.live\.p_silent: got 3.*did you mean 0.03"),
        ("products.A.price", float("nan"), r"products\.A\.price: got NaN"),
        ("products.A.price", 4.0, r"products\.A\.price: got 4.*above the cost 5"),
        ("products.A.supplier", "nobody", r"products\.A\.supplier: no such supplier"),
    ],
)
def test_a_wrong_value_names_its_dotted_path(path: str, value: object, says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        replace_at(SHOP, path, value)


WORDS = st.sampled_from(
    [
        "channels",
        "products",
        "promotions",
        "live",
        "A",
        "*",
        "0",
        "driver",
        "policy",
        "price",
        "weekday",
        "",
        "-1",
        "name",
        "²",
        "provenance",
        "overlays",
        "check",
        "__class__",
        "traffic",
        "as_of",
        "2026-11-11",
    ]
) | st.text(max_size=5)


@given(st.lists(WORDS, max_size=5).map(".".join), st.one_of(st.none(), st.floats(), st.text(max_size=3)))
def test_no_path_ends_in_a_traceback_of_another_kind(path: str, value: object) -> None:
    for act in (lambda: expand(SHOP, path), lambda: get(SHOP, path)):
        try:
            act()
        except EcomsimError as error:
            assert str(error)


@given(st.sampled_from([p for p, _ in walk(SHOP)]))
def test_replacing_a_number_by_itself_changes_nothing(path: str) -> None:
    assert replace_at(SHOP, path, get(SHOP, path)) == SHOP
    assert dataclasses.is_dataclass(SHOP)
