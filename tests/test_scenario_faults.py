"""Changes that cannot be: every fault explained, all of them at once."""

from __future__ import annotations

import datetime as dt
import pickle
import re

import pytest

from ecomsim.checks import EcomsimError
from ecomsim.scenario import Add, Remove, Scale, Scenario, ScenarioError, Set, Shift, baseline, diff
from ecomsim.store import Channel, Effect, Free, Live, MinMax, Paid, Product, Promotion, Store, Team

D = dt.date
SHOP = Store(
    "shop",
    channels={
        "paid_search": Channel("paid_search", 1000.0, 0.02, 0.1, driver=Paid(spend=100.0)),
        "live": Channel("live", 10.0, 0.02, 0.1, driver=Live()),
    },
    products={"A": Product("A", 10.0, 5.0), "B": Product("B", 20.0, 5.0, policy=MinMax(1.0, 5.0))},
    teams={"presale": Team("presale", 3.0)},
    promotions={
        "d11": Promotion(
            "d11", D(2025, 11, 1), D(2025, 11, 11), peaks=(D(2025, 11, 11),), conversion=Effect(peak=2.0)
        )
    },
)


def refusal(*changes) -> str:
    with pytest.raises(EcomsimError) as caught:
        Scenario("idea", changes).apply(SHOP)
    return str(caught.value)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (Scale("channels.paid_serch.spend", 2), "Did you mean 'paid_search'"),
        (Set("promotions.d12.discount", 0.1), "Did you mean 'd11'"),
        (Set("promotions.d11.discount", 12), "write 0.12 for 12 %"),
        (Set("promotions.d11.discount", "12"), "write 0.12 for 12 %"),
        (Set("promotions.d11.discount", "12%"), "write 0.12 for 12 %"),
        (Set("promotions.d11.discount", "0.12"), "Write 0.12 without quotes"),
        (Set("channels.live.base", "lots"), "Give a plain number"),
        (Set("channels.live.base", float("nan")), "NaN"),
        (Set("channels.live.base", True), "a number of at least 0"),
        (Set("channels.live.dispersion", 0), "dispersion: got 0"),
        (Set("channels.live.base", {"triangular": [3, 2, 1]}), "ascending"),
        (Set("channels.live.base", {"triangle": [1, 2, 3]}), "Did you mean 'triangular'"),
        (Set("products.A.on_order", 3), "a list"),
        (Set("products.A.role", "trafic"), "Did you mean 'traffic'"),
        (Set("products.A.clearance", "yes"), "true or false"),
        (Set("products.A.price", 4), "above the cost 5"),
        (Set("products.A.policy", {"kind": "MinMx"}), "Did you mean 'MinMax'"),
        (Set("products.A.policy", {"reorder_point": 1}), "no kind"),
        (Set("products.A.policy", {"kind": "MinMax", "reorder_pont": 1}), "Did you mean 'reorder_point'"),
        (Set("products.B.policy", {"kind": "MinMax", "reorder_point": 1}), "no order_up_to"),
        (Set("promotions.d11.peaks", "2025-11-11"), "Write it in brackets"),
        (Set("promotions.d11.start", "11/11"), "YYYY-MM-DD"),
        (Set("promotions.d11.start", "2026-11-11"), r"promotions\.d11\.end: got 2025-11-11"),
        (Set("service.concurrency", 2.5), "a whole number"),
        (Scale("service.concurrency", 1.5), "a whole number.*Set it to"),
        (Set("service.profile", [1.0]), "48 values"),
        (Set("name", 3), "text"),
        (Scale("products.A.refund_rate", 30), "goes too far"),
        (Scale("channels.live.base", -1), "of at least 0"),
        (Scale("channels.paid_search.daily_cap", 2), "nothing there.*Use set"),
        (Scale("promotions.d11.start", 2), "a number to scale or shift"),
        (Scale("products.A.refund_rate", 30, start="2026-11-01"), "goes too far"),
        (
            Set("channels.live.weekday", 1, start="2026-11-01"),
            r"Name its entries: channels\.live\.weekday\.\*",
        ),
        (Scale("products.A.on_hand", 2, start="2026-11-01"), "Leave the dates out"),
        (Set("promotions.d11.lift", {"fixed": 1.2}, start="2025-11-01"), "cannot be uncertain"),
        (Scale("promotions.d11.conversion.peak", 6), "conversion 0.1 of channels.*at most 1"),
        (Add("promotions", name="y", like="d13", changes={"start": "2026-01-01"}), "Did you mean 'd11'"),
        (Add("promotions", name="y", changes={"start": "2026-01-01"}), "no end"),
        (Add("promotion", name="y", like="d11"), "Did you mean 'promotions'"),
        (Add("promotions", name="d11", like="d11"), "a name that is taken"),
        (Add("promotions", Product("C", 3.0, 1.0)), "a Promotion"),
        (Add("products.A.price", 3), "a group or a list"),
        (Add("products", name="a.b", changes={"price": 3, "cost": 1}), "without '.'"),
        (Remove("products.A.price"), "not optional"),
        (Remove("products.*"), "no entries"),
        (Remove("channels.live.weekday.0"), "Set channels.live.weekday instead"),
        (Remove("promotions.d13"), "Did you mean 'd11'"),
    ],
)
def test_a_change_that_cannot_be_is_explained(change, says: str) -> None:
    assert re.search(says, refusal(change)), refusal(change)


def test_all_faults_are_told_at_once() -> None:
    text = refusal(
        Scale("products.Z.price", 2), Set("promotions.d11.discount", "12%"), Scale("channels.live.bse", 2)
    )
    assert text.count("\n") == 3
    assert "3 faults" in text
    with pytest.raises(ScenarioError) as caught:
        Scenario("x", [Scale("a", 2), Scale("b", 2)]).apply(SHOP)
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)
    assert len(again.faults) == 2


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Scale("a", float("nan")), "NaN"),
        (lambda: Scale("a", "1.5"), "without quotes"),
        (lambda: Shift("a", "12%"), "0.12"),
        (lambda: Set(3, 4), "a dotted path"),
        (lambda: Set("a", 4, start="soon"), "YYYY-MM-DD"),
        (lambda: Set("a", 4, start="2026-11-02", end="2026-11-01"), "Swap start and end"),
        (lambda: Add("promotions"), "nothing to add"),
        (lambda: Add("promotions", Free(), like="x"), "one of them"),
        (lambda: Scenario("x", [("products.A.price", 3)]), "change 1"),
        (lambda: Scenario("x", Scale("a", 2)), "a list of changes"),
        (lambda: Scenario("../x"), "Leave out '/'"),
        (lambda: Scenario(""), "a plain name"),
        (lambda: Scenario("con"), "does not reserve"),
        (lambda: baseline.apply("shop"), "a Store"),
        (lambda: diff(baseline, SHOP), "like with like"),
    ],
)
def test_a_malformed_scenario_is_refused_when_made(make, says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        make()
