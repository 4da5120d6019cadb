"""Scenarios applied to a store: what changes, what stays, what is warned of, what is refused."""

from __future__ import annotations

import datetime as dt
import pickle
import subprocess
import sys
import warnings

import numpy as np
import pytest

from ecomsim.checks import EcomsimWarning
from ecomsim.scenario import Add, Remove, Scale, Scenario, Set, Shift, baseline, diff
from ecomsim.store import (
    Channel,
    Effect,
    Free,
    FullReduction,
    Live,
    MinMax,
    Overlay,
    Paid,
    Product,
    Promotion,
    Receipt,
    Role,
    Store,
    Team,
)
from ecomsim.uncertain import Triangular

D = dt.date


def shop() -> Store:
    return Store(
        "shop",
        channels={
            "paid_search": Channel(
                "paid_search", 1000.0, 0.02, 0.1,
                driver=Paid(spend=100.0, ref_spend=100.0, plan={"2026-11-11": 500.0}),
            ),
            "live": Channel("live", Triangular(5, 10, 20), 0.02, 0.1, driver=Live()),
        },
        products={
            "A": Product("A", 10.0, 5.0, price_plan={"2026-11-05": 9.0}),
            "B": Product("B", 20.0, 5.0, ref_price=18.0, policy=MinMax(1.0, 5.0)),
        },
        teams={"presale": Team("presale", 3.0, roster={"2026-11-11": (4.0,) * 48})},
        promotions={
            "d11": Promotion(
                "d11", D(2025, 11, 1), D(2025, 11, 11), peaks=(D(2025, 11, 11),), family="double11",
                discount=0.1,
                conversion=Effect(peak=2.0), reduction=FullReduction(300.0, 50.0),
            )
        },
    )  # fmt: skip


SHOP = shop()


def applied(*changes) -> Store:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return Scenario("idea", changes).apply(SHOP)


def test_set_scale_and_shift_move_one_number() -> None:
    made = applied(
        Set("promotions.d11.discount", 0.15),
        Scale("channels.paid_search.base", 1.5),
        Shift("channels.paid_search.p_silent", -0.005),
    )
    assert made.promotions["d11"].discount == 0.15
    assert made.channels["paid_search"].base == 1500.0
    assert made.channels["paid_search"].p_silent == pytest.approx(0.015)
    assert made.channels["live"] is SHOP.channels["live"]


def test_changes_follow_one_another() -> None:
    made = applied(
        Scale("products.A.cost", 2 / 3), Shift("products.A.cost", 1), Scale("products.*.cost", 0.5)
    )
    assert made.products["A"].cost == pytest.approx((5 * 2 / 3 + 1) / 2)
    assert made.products["B"].cost == 2.5


def test_the_store_is_never_touched() -> None:
    before = repr({k: repr(v) for k, v in vars(SHOP).items()})
    applied(Scale("products.*.price", 1.1), Remove("promotions.d11"), Scale("channels.paid_search.spend", 2))
    assert repr({k: repr(v) for k, v in vars(SHOP).items()}) == before
    assert shop() == SHOP


def test_an_uncertain_number_keeps_its_draws() -> None:
    made = applied(Scale("channels.live.base", 1.2), Shift("channels.live.base", 3))
    u = np.linspace(0.01, 0.99, 50)
    np.testing.assert_allclose(made.channels["live"].base.ppf(u), 1.2 * Triangular(5, 10, 20).ppf(u) + 3)


def test_a_list_is_moved_throughout() -> None:
    made = applied(Scale("channels.live.weekday", 0.5), Set("channels.live.season.*", 2))
    assert made.channels["live"].weekday == (0.5,) * 7
    assert made.channels["live"].season == (2.0,) * 12


def test_dated_changes_become_overlays_and_leave_the_value() -> None:
    made = applied(
        Scale("channels.paid_search.spend", 1.5, start="2026-11-01", end=D(2026, 11, 11)),
        Set("products.*.price", 30, start="2026-11-10"),
    )
    assert made.channels["paid_search"].driver == SHOP.channels["paid_search"].driver
    assert made.overlays == (
        Overlay("channels.paid_search.driver.spend", "scale", 1.5, D(2026, 11, 1), D(2026, 11, 11)),
        Overlay("products.A.price", "set", 30.0, D(2026, 11, 10), None),
        Overlay("products.B.price", "set", 30.0, D(2026, 11, 10), None),
    )
    assert made.source_of("products.A.price").how == "scenario"


def test_changed_paths_come_from_the_scenario_and_others_do_not() -> None:
    made = Scenario(
        "push",
        [
            Scale("products.A.price", 1.1),
            Add("promotions", name="x", like="d11", changes={"start": "2026-11-01"}),
        ],
    ).apply(SHOP)
    assert made.source_of("products.A.price").how == "scenario"
    assert "push" in made.source_of("products.A.price").note
    assert made.source_of("promotions.x.discount").how == "scenario"
    assert made.source_of("products.B.price").how == "assumed"
    assert made.source_of("promotions.d11.discount").how == "assumed"


def test_a_moved_price_or_headcount_keeps_its_reference() -> None:
    made = applied(
        Scale("products.*.price", 0.9), Shift("teams.presale.headcount", -1), Set("teams.presale.roster", {})
    )
    assert (made.products["A"].price, made.products["A"].ref_price) == (9.0, 10.0)
    assert (made.products["B"].price, made.products["B"].ref_price) == (18.0, 18.0)
    assert made.teams["presale"].ref_headcount == 3.0
    chosen = applied(Set("products.A.ref_price", 12), Scale("products.A.price", 1.1))
    assert chosen.products["A"].ref_price == 12.0


def test_single_planned_days_move_with_the_number_they_stand_for() -> None:
    made = applied(
        Scale("channels.paid_search.spend", 2),
        Scale("teams.presale.headcount", 1.5),
        Shift("products.A.price", 1),
    )
    assert made.channels["paid_search"].driver.plan == {"2026-11-11": 1000.0}
    assert made.teams["presale"].roster == {"2026-11-11": (6.0,) * 48}
    assert made.products["A"].price_plan == {"2026-11-05": 10.0}
    with pytest.warns(EcomsimWarning, match="1 days planned singly at channels.paid_search.driver.plan keep"):
        kept = Scenario("x", [Set("channels.paid_search.spend", 200)]).apply(SHOP)
    assert kept.channels["paid_search"].driver.plan == {"2026-11-11": 500.0}


def test_values_of_every_kind_are_set_from_plain_text() -> None:
    made = applied(
        Set("promotions.d11.start", "2026-10-20"),
        Set("promotions.d11.end", "2026-11-14"),
        Set("promotions.d11.peaks", ["2026-11-11"]),
        Set("promotions.d11.traffic.live", {"during": 1.3, "peak": 2}),
        Set("promotions.d11.reduction", {"threshold": 200, "off": 20}),
        Set("products.A.role", "traffic"),
        Set("products.A.clearance", True),
        Set("products.A.price", 4),
        Set("products.A.policy", {"kind": "MinMax", "reorder_point": 3, "order_up_to": 9}),
        Scale("products.A.order_up_to", 2),
        Set("channels.live.driver", {"kind": "Free"}),
        Set("channels.paid_search.carry", {"triangular": [0.1, 0.2, 0.4]}),
        Set("channels.paid_search.daily_cap", 900),
        Set("service.concurrency", 4),
        Set("products.A.price_plan", {"2026-11-09": 3.5}),
    )
    event, product = made.promotions["d11"], made.products["A"]
    assert (event.start, event.end, event.peaks) == (D(2026, 10, 20), D(2026, 11, 14), (D(2026, 11, 11),))
    assert event.traffic == {"live": Effect(during=1.3, peak=2.0)}
    assert event.reduction == FullReduction(200.0, 20.0)
    assert (product.role, product.clearance, product.policy) == (Role.TRAFFIC, True, MinMax(3.0, 18.0))
    assert product.price_plan == {"2026-11-09": 3.5}
    assert made.channels["live"].driver == Free()
    assert made.channels["paid_search"].driver.carry == Triangular(0.1, 0.2, 0.4)
    assert made.channels["paid_search"].driver.daily_cap == 900.0
    assert made.service.concurrency == 4


def test_a_promotion_like_another_moves_its_dates_together() -> None:
    made = applied(
        Add("promotions", name="d11_2026", like="d11", changes={"start": "2026-10-31", "discount": 0.2})
    )
    new = made.promotions["d11_2026"]
    assert (new.start, new.end, new.peaks) == (D(2026, 10, 31), D(2026, 11, 10), (D(2026, 11, 10),))
    assert (new.discount, new.conversion, new.family) == (0.2, Effect(peak=2.0), "double11")
    assert made.promotions["d11"] == SHOP.promotions["d11"]


def test_parts_are_added_and_removed() -> None:
    made = applied(
        Add("products", Product("C", 3.0, 1.0)),
        Add("products", name="D", like="B", changes={"price": 25}),
        Add("promotions.d11.peaks", "2025-11-01"),
        Add("products.A.on_order", Receipt(D(2026, 11, 2), 30.0)),
        Remove("products.B"),
        Remove("channels.paid_search.plan.2026-11-11"),
        Remove("promotions.d11.reduction"),
    )
    assert list(made.products) == ["A", "C", "D"]
    assert (made.products["D"].price, made.products["D"].ref_price) == (25.0, 18.0)
    assert made.promotions["d11"].peaks == (D(2025, 11, 11), D(2025, 11, 1))
    assert made.products["A"].on_order == (Receipt(D(2026, 11, 2), 30.0),)
    assert made.channels["paid_search"].driver.plan == {}
    assert made.promotions["d11"].reduction is None


@pytest.mark.parametrize(
    "changes",
    [(Scale("products.A.price", 1),), (Set("products.*.refund_rate", 0.05),), (Shift("service.turns", 0),),
     (), (Scale("products.A.price", 1.0, start="2026-11-01"),), (Remove("promotions.d11.coupon"),)],
)  # fmt: skip
def test_a_scenario_that_changes_nothing_warns(changes) -> None:
    with pytest.warns(EcomsimWarning, match="changes nothing|no changes"):
        made = Scenario("idle", changes).apply(SHOP)
    assert made.replace(provenance={}, overlays=()) == SHOP


def test_the_baseline_is_the_store_and_warns_of_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert baseline.apply(SHOP) == SHOP


def test_an_overlapping_sibling_warns() -> None:
    with pytest.warns(EcomsimWarning, match="overlaps promotions.d11 .* same family"):
        Scenario("x", [Add("promotions", name="y", like="d11", changes={"start": "2025-11-09"})]).apply(SHOP)


def test_the_hash_is_of_the_changes_alone_and_the_same_in_any_session() -> None:
    one = Scenario("a", [Scale("products.A.price", 2), Set("service.turns", 4)])
    same = Scenario("b", [Scale("products.A.price", 2.0), Set("service.turns", 4.0)], note="other words")
    assert one.hash == same.hash
    others = [
        Scenario("a", [Scale("products.A.price", 2.1), Set("service.turns", 4)]),
        Scenario("a", [Set("service.turns", 4), Scale("products.A.price", 2)]),
        Scenario("a", [Scale("products.A.price", 2, start="2026-11-01"), Set("service.turns", 4)]),
    ]
    assert len({one.hash, *(other.hash for other in others)}) == 4
    code = "from ecomsim.scenario import Scale, Scenario, Set; "
    code += "print(Scenario('a', [Scale('products.A.price', 2), Set('service.turns', 4)]).hash)"
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "77"}
    )
    assert told.stdout.strip() == one.hash


def test_a_scenario_travels_to_a_worker() -> None:
    idea = Scenario(
        "idea",
        [Add("promotions", name="y", like="d11", changes={"start": "2026-11-09"}), Remove("products.B")],
    )
    again = pickle.loads(pickle.dumps(idea))
    assert again == idea
    assert again.apply(SHOP) == idea.apply(SHOP)
    assert hash(again) == hash(idea)


def test_a_diff_of_scenarios_shows_changes_or_the_values_they_lead_to() -> None:
    one, two = (
        Scenario("one", [Scale("products.A.cost", 1.2)]),
        Scenario("two", [Set("products.A.cost", 6), Set("service.turns", 5)]),
    )
    table = diff(one, two)
    assert list(table.columns) == ["path", "one", "two"]
    assert table.values.tolist() == [
        ["products.A.cost", "scale by 1.2", "set to 6"],
        ["service.turns", "", "set to 5"],
    ]
    # Both lead to a cost of 6, so only the replies differ.
    assert diff(one, two, SHOP).values.tolist() == [["service.turns", "6", "5"]]
    assert diff(SHOP, two.apply(SHOP)).values.tolist() == [
        ["products.A.cost", "5", "6"],
        ["service.turns", "6", "5"],
    ]
    assert diff(one, one).empty
