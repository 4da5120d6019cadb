"""The planner's levers and state: what a browser may send, and a scenario there and back."""

from __future__ import annotations

import datetime as dt
import math
import warnings

import pytest

from ecomsim.checks import EcomsimError, EcomsimWarning
from ecomsim.scenario import Add, Remove, Scale, Scenario, Set, Shift, diff
from ecomsim.ui.amount import amount_words
from ecomsim.ui.catalogue import catalogue
from ecomsim.ui.levers import Group, Kind
from ecomsim.ui.model import NewPromotion, Order, PlannerState
from ecomsim.ui.translate import loaded, scenario_of
from tests.ui.planner_shop import NOVEMBER, shop

STORE = shop()
LEVERS = catalogue(STORE, NOVEMBER)
START = PlannerState("2026-11")


def test_levers_come_from_the_store_in_the_groups_of_a_planner() -> None:
    ids = {group: [lever.id for lever in LEVERS.of_group(group)] for group in Group}
    assert ids[Group.TRAFFIC] == ["visitors:free_search", "spend:paid_search", "rate:affiliate"]
    assert "start:d11" in ids[Group.PROMOTIONS] and "discount:d11" in ids[Group.PROMOTIONS]
    assert not any(id.endswith(":old") for id in ids[Group.PROMOTIONS]), (
        "a promotion of June moves nothing in November"
    )
    assert ids[Group.PRICES] == ["prices:*", "prices:mugs", "prices:pans"]
    assert ids[Group.SERVICE][:2] == ["headcount:presale", "morning:presale"]
    assert ids[Group.STOCK] == ["reorder_days", "up_to_days", "lead_days"]
    assert LEVERS["prices:mugs"].paths == ("products.A*.price",)


def test_every_lever_stands_inside_its_bounds_on_its_own_grid() -> None:
    for lever in LEVERS.levers.values():
        assert lever.low <= lever.today <= lever.high, lever.id
        assert lever.step > 0
        steps = (lever.today - lever.low) / lever.step
        assert math.isclose(steps, round(steps), abs_tol=1e-6), (
            f"{lever.id}: a slider would move it by itself"
        )


def test_what_was_never_estimated_says_so() -> None:
    assert LEVERS["spend:paid_search"].how == "estimated"
    assert LEVERS["concurrency"].how == "assumed"


@pytest.mark.parametrize("raw", [1e9, 1e308, 10**400])
def test_too_much_is_taken_to_the_bound_or_refused(raw: float) -> None:
    lever = LEVERS["spend:paid_search"]
    try:
        assert START.moved(LEVERS, lever.id, raw).values[lever.id] == lever.high
    except EcomsimError as fault:
        assert raw > 1e308 and "spend:paid_search" in str(fault)


@pytest.mark.parametrize("raw", [math.nan, math.inf, -math.inf, "1000", None, [1], {}, True])
def test_what_is_no_number_is_refused_with_the_range(raw: object) -> None:
    with pytest.raises(EcomsimError, match="spend:paid_search"):
        START.moved(LEVERS, "spend:paid_search", raw)


@pytest.mark.parametrize("id", ["spend:paid_serch", "__class__", "", None, 3, "channels.paid_search.spend"])
def test_an_unknown_lever_is_refused(id: object) -> None:
    with pytest.raises(EcomsimError, match="lever"):
        START.moved(LEVERS, id, 1.0)


def test_whole_things_stay_whole() -> None:
    assert START.moved(LEVERS, "concurrency", 4.4).values["concurrency"] == 4.0
    assert START.moved(LEVERS, "on:d11", 0.2).values["on:d11"] == 0.0
    day = dt.date(2026, 11, 20)
    assert START.moved(LEVERS, "start:d11", day).values["start:d11"] == day.toordinal()


def test_a_lever_put_back_leaves_no_trace() -> None:
    lever = LEVERS["spend:paid_search"]
    moved = START.moved(LEVERS, lever.id, 1500.0)
    assert moved.changed and not moved.moved(LEVERS, lever.id, lever.today).changed
    assert not moved.reset(lever.id).changed and not moved.reset().changed
    assert not START.changed, "a state is never changed in place"


def test_amounts_scale_so_that_plans_by_day_move_along() -> None:
    (change,) = scenario_of(START.moved(LEVERS, "spend:paid_search", 1500.0), LEVERS, STORE, "x").changes
    assert change == Scale("channels.paid_search.driver.spend", 1.5)


def test_a_moved_start_takes_the_promotion_and_its_peak_along() -> None:
    state = START.moved(LEVERS, "start:d11", dt.date(2026, 11, 16))
    made = scenario_of(state, LEVERS, STORE, "later").apply(STORE).promotions["d11"]
    assert (made.start, made.end) == (dt.date(2026, 11, 16), dt.date(2026, 11, 19))
    assert made.peaks == (dt.date(2026, 11, 18),)


def test_a_shortened_promotion_keeps_its_peaks_inside() -> None:
    state = START.moved(LEVERS, "end:d11", dt.date(2026, 11, 10))
    made = scenario_of(state, LEVERS, STORE, "short").apply(STORE).promotions["d11"]
    assert made.peaks == (dt.date(2026, 11, 9),)


def test_dates_out_of_order_are_told() -> None:
    state = START.moved(LEVERS, "start:d11", dt.date(2026, 11, 20)).moved(
        LEVERS, "end:d11", dt.date(2026, 11, 18)
    )
    with pytest.raises(EcomsimError, match=r"d11\.end"):
        scenario_of(state, LEVERS, STORE, "x")


def test_a_promotion_switched_off_takes_its_other_changes_with_it() -> None:
    state = START.moved(LEVERS, "on:d11", 0).moved(LEVERS, "discount:d11", 0.3)
    made = scenario_of(state, LEVERS, STORE, "without")
    assert made.changes == (Remove("promotions.d11"),)
    assert "d11" not in made.apply(STORE).promotions


def everything() -> PlannerState:
    state = START.noted("for the team")
    for lever in LEVERS.levers.values():
        if lever.kind not in (Kind.DATE, Kind.SWITCH):
            state = state.moved(LEVERS, lever.id, 0.7 * lever.today + 0.3 * lever.high)
    state = state.moved(LEVERS, "start:d11", dt.date(2026, 11, 16))
    state = state.ordered(Order.checked(STORE, "A1", 120, "2026-11-05"))
    return state.announced(NewPromotion.checked(STORE, "mine", "d11", "2026-11-24", "2026-11-26", 0.05))


def test_a_state_with_everything_moved_comes_back_from_its_scenario() -> None:
    state = everything()
    back = loaded(scenario_of(state, LEVERS, STORE, "all"), START, LEVERS, STORE)
    assert back.extra == ()
    assert back.values.keys() == state.values.keys()
    assert all(math.isclose(back.values[id], value, rel_tol=1e-6) for id, value in state.values.items())
    assert (back.orders, back.promotions, back.note) == (state.orders, state.promotions, state.note)


@pytest.mark.parametrize(
    "changes",
    [
        [Shift("promotions.d11.discount", 0.05), Scale("channels.paid_search.spend", 1.5)],
        [Scale("channels.paid_search.spend", 1.5, start="2026-11-05", end="2026-11-11")],
        [Set("promotions.d11.discount", 0.2, start="2026-11-10"), Scale("products.*.price", 0.9, end="2026-11-03")],
        [Shift("products.A1.price", 9.0, end="2026-11-09"), Scale("products.A1.price", 1.2, start="2026-11-05")],
        [Scale("products.*.price", 0.9, end="2026-11-05"), Add("products", {"sku": "C1", "price": 5.0, "cost": 2.0})],
        [Add("products", {"sku": "C1", "price": 5.0, "cost": 2.0}), Scale("products.*.price", 0.9, end="2026-11-05")],
        [Scale("channels.paid_search.spend", 9.0)],
        [Scale("products.*.price", 0.95), Set("products.A1.price", 60.0)],
        [Scale("channels.paid_search.spend", 1.2), Scale("channels.paid_search.spend", 1.1)],
        [Set("costs.freight", 7.0), Remove("promotions.old")],
        [Set("promotions.d11.start", "2026-11-10"), Set("promotions.d11.peaks", ["2026-11-12"])],
        [Add("products.A1.on_order", {"due": "2026-11-07", "units": 50})],
        [Add("promotions", name="b", like="old", changes={"start": "2026-11-20", "badge": 1.2})],
        [Scale("teams.presale.roster.*.30", 1.5)],
    ],
)  # fmt: skip
def test_a_loaded_scenario_means_the_same_whatever_levers_can_show_of_it(changes: list) -> None:
    given = Scenario("given", changes)
    back = scenario_of(loaded(given, START, LEVERS, STORE), LEVERS, STORE, "given")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EcomsimWarning)
        assert diff(given, back, STORE).empty


@pytest.mark.parametrize(
    ("sku", "units", "due", "says"),
    [
        ("A9", 10, "2026-11-05", "no such product"),
        ("../A1", 10, "2026-11-05", "no such product"),
        ("A1", math.nan, "2026-11-05", "order.units"),
        ("A1", 1e12, "2026-11-05", "order.units"),
        ("A1", "ten", "2026-11-05", "order.units"),
        ("A1", 10, "2026-10-31", "a day after 2026-10-31"),
        ("A1", 10, None, "order.due"),
        ("A1", 10, "tomorrow", "order.due"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(sku: object, units: object, due: object, says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        Order.checked(STORE, sku, units, due)


@pytest.mark.parametrize(
    ("name", "like", "start", "end", "depth", "says"),
    [
        ("../x", "d11", "2026-11-20", "2026-11-21", 0.1, "promotion.name"),
        ("d11", "d11", "2026-11-20", "2026-11-21", 0.1, "a new name"),
        ("a.b", "d11", "2026-11-20", "2026-11-21", 0.1, "a new name"),
        ("x", "d12", "2026-11-20", "2026-11-21", 0.1, "d11"),
        ("x", "d11", "2026-11-20", "2026-11-19", 0.1, "promotion.end"),
        ("x", "d11", "2026-10-20", "2026-11-19", 0.1, "promotion.start"),
        ("x", "d11", "2026-11-20", "2026-11-21", 7, "promotion.discount"),
    ],
)
def test_a_promotion_that_makes_no_sense_is_refused(
    name: str, like: str, start: str, end: str, depth: float, says: str
) -> None:
    with pytest.raises(EcomsimError, match=says):
        NewPromotion.checked(STORE, name, like, start, end, depth)


def test_four_scenarios_side_by_side_and_no_more() -> None:
    shelf = dict.fromkeys("abcde")
    assert START.comparing(["a", "b", "a"], shelf).compared == ("a", "b")
    with pytest.raises(EcomsimError, match="4 at most"):
        START.comparing(list("abcde"), shelf)
    with pytest.raises(EcomsimError, match="no such scenario"):
        START.comparing(["z"], shelf)


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("4600000", 4.6e6), ("4,600,000", 4.6e6), ("4.6m", 4.6e6), (" 4.6 M ", 4.6e6), ("460万", 4.6e6),
        ("460 万元", 4.6e6), ("￥４６０万", 4.6e6), ("1.2亿", 1.2e8), ("950k", 9.5e5), ("12345.67", 12345.67),
    ],
)  # fmt: skip
def test_a_target_is_understood_as_people_type_it(typed: str, means: float) -> None:
    assert START.aimed(typed).goal == means
    for code in ("en", "zh"):
        assert START.aimed(amount_words(means, code)).goal == means, "what is shown can be typed in again"


def test_language_note_target_and_positions_are_checked() -> None:
    with pytest.raises(EcomsimError, match="language"):
        START.spoken("fr")
    with pytest.raises(EcomsimError, match="note"):
        START.noted(3)
    assert len(START.noted("x" * 99_999).note) == 2000
    assert START.aimed(2e6).goal == 2e6 and START.aimed(0).goal is None
    assert START.aimed(2e6).aimed("").goal is None
    for bad in (
        math.nan,
        -1,
        "1e6",
        1e300,
        "-5",
        "4,60",
        "4.6x",
        "NaN",
        "<b>4</b>",
        "four",
        "4.6mm",
        None,
        [1],
        "9" * 99,
    ):
        with pytest.raises(EcomsimError, match="target"):
            START.aimed(bad)
    for kind, position in (("orders", 0), ("orders", True), ("orders", "0"), ("values", 0)):
        with pytest.raises(EcomsimError):
            START.without(kind, position)
