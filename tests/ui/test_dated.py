"""Levers on some days only: typed in, saved and loaded, refused; and a name for every field."""

from __future__ import annotations

import dataclasses
import math

import pytest

from ecomsim.checks import EcomsimError
from ecomsim.scenario import Scale, Set
from ecomsim.store import Store
from ecomsim.store.field import Part
from ecomsim.ui.catalogue import catalogue
from ecomsim.ui.dated import Dated
from ecomsim.ui.field_words import FIELDS
from ecomsim.ui.model import PlannerState
from ecomsim.ui.translate import loaded, scenario_of
from tests.ui.planner_shop import NOVEMBER, shop

STORE = shop()
LEVERS = catalogue(STORE, NOVEMBER)
START = PlannerState("2026-11")


def dated(id: object = "spend:paid_search", raw: object = 20.0, first: object = "2026-11-05",
          last: object = "2026-11-11", **more: bool) -> Dated:  # fmt: skip
    return Dated.typed(LEVERS, NOVEMBER, id, raw, first, last, **more)


def test_a_lever_on_some_days_becomes_dated_changes_and_comes_back() -> None:
    state = START.on_days(dated()).on_days(dated("discount:d11", 15, None, "2026-11-10"))
    state = state.on_days(dated("price:A1", -10, relative=True)).on_days(dated("prices:mugs", 5))
    state = state.on_days(dated("price:B1", 45.5), 2)
    made = scenario_of(state, LEVERS, STORE, "x")
    assert set(made.changes) == {
        Scale("channels.paid_search.driver.spend", 1.2, start="2026-11-05", end="2026-11-11"),
        Set("promotions.d11.discount", 0.15, end="2026-11-10"),
        Set("products.B1.price", 45.5, start="2026-11-05", end="2026-11-11"),
        Scale("products.A*.price", 1.05, start="2026-11-05", end="2026-11-11"),
    }
    assert loaded(made, START, LEVERS, STORE).dated == state.dated
    assert [one.shown(LEVERS[one.lever]) for one in state.dated] == [20.0, 15.0, 45.5, 5.0]
    assert not state.without("dated", 0).without("dated", 0).without("dated", 0).without("dated", 0).changed


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"id": "spend:nowhere"}, "no such lever"),
        ({"id": "concurrency"}, "no such lever"),
        ({"id": None}, "no such lever"),
        ({"raw": math.nan}, r"spend:paid_search\.value: got NaN"),
        ({"raw": "20"}, "a number from -100 to 200"),
        ({"raw": 1e8}, "a number from -100 to 200"),
        ({"raw": 0.0}, "a change"),
        ({"id": "discount:d11", "raw": 61.0}, "a number from 0 to 60"),
        ({"first": "2026-11-12"}, "Move the end"),
        ({"first": "2026-12-01", "last": None}, "plan another month"),
        ({"last": "2026-10-31", "first": None}, "plan another month"),
        ({"first": None, "last": None}, "Choose a day"),
        ({"first": "soon"}, r"spend:paid_search\.start"),
        ({"first": 3}, r"spend:paid_search\.start"),
    ],
)
def test_a_change_of_some_days_that_makes_no_sense_is_refused(given: dict[str, object], says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        dated(**given)  # type: ignore[arg-type]
    for position in (0, True, "0", -1):
        with pytest.raises(EcomsimError):
            START.on_days(dated(), position)


def test_every_field_of_a_store_has_a_name_in_both_languages() -> None:
    def kinds(of: type) -> list[type]:
        return [one for sub in of.__subclasses__() for one in (sub, *kinds(sub))]

    for kind in kinds(Part):
        if kind is not Store:
            fields = {item.name for item in dataclasses.fields(kind)} - {"name", "sku"}  # type: ignore[arg-type]
            assert fields <= FIELDS.table.keys(), kind.__name__
