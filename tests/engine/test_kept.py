"""What a session keeps between scenarios is what it would have computed anew, whatever changed and in any order."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import warnings
from typing import Any

import numpy as np
import pytest

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError
from ecomsim.counters import opening_uniforms
from ecomsim.drawn import Draws
from ecomsim.parameters import Parameters
from ecomsim.scenario import Add, Change, Remove, Scale, Scenario, Set
from ecomsim.simulate.plan import Plan, prepare, street
from ecomsim.stages import STREET, Stage
from ecomsim.store import Promotion, Store, Team
from ecomsim.store.changed import changed_paths, same
from ecomsim.store.paths import replace_all, walk
from ecomsim.streams import uniforms
from ecomsim.uncertain import Beta, LogNormal, Triangular
from tests.engine_shop import shop

DAYS = Horizon("2026-11-03", "2026-11-16")
MIDDLE = dt.date(2026, 11, 9)


@pytest.fixture(scope="module")
def store() -> Store:
    """A store that uses nearly everything there is, some of it uncertain."""
    own = Promotion("own", dt.date(2026, 11, 5), dt.date(2026, 11, 6), discount=0.05, skus=("S001", "S002"))
    busy = Team("night", 3.0, roster={"2026-11-05": (1.0,) * 48}, ref_headcount=2.0)
    plain = shop(9, uncertain=True)
    return replace_all(
        plain,
        {
            "promotions": {**plain.promotions, "own": own},
            "teams": {**plain.teams, "night": busy},
            "products.S003.price_plan": {"2026-11-07": 55.0},
            "products.S001.season": (0.9,) * 10 + (1.2, 1.1),
            "products.S002.refund_rate": Beta(30, 470),
            "channels.paid.plan": {"2026-11-06": 9000.0},
            "channels.paid.base": LogNormal(3000, 0.05),
            "channels.paid.displaces": {"search": 0.1},
            "channels.search.growth": 0.1,
            "service.work_s": Triangular(20, 25, 31),
        },
    )


def made(store: Store, draws: Draws) -> Plan:
    return prepare(store, DAYS, 7, 0, 64, street(), draws)


def assert_same(one: Plan, two: Plan, told: object) -> None:
    """Every prepared number of both plans has the same bits."""
    assert (one.size, one.ages) == (two.size, two.ages), told
    for stage, mine, theirs in zip(one.stages, one.params, two.params, strict=True):
        for item in dataclasses.fields(mine):
            a, b = (np.asarray(getattr(x, item.name)) for x in (mine, theirs))
            assert a.shape == b.shape, (told, stage.name, item.name)
            assert a.tobytes() == b.tobytes(), (told, stage.name, item.name)


def changed(store: Store, change: Change) -> Store | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Scenario("one", [change]).apply(store)
    except EcomsimError:  # past a limit, or read once and dated
        return None


def every_number(store: Store) -> list[str]:
    """One path of each kind of number: one product, one channel, one month, ..."""
    kinds: dict[str, str] = {}
    for path, _ in walk(store):
        kind = re.sub(r"^(products|suppliers)\.\w+|\.\d+(-\d+-\d+)?", r"\1", path)
        kinds.setdefault(kind, path)
    return list(kinds.values())


def test_a_lever_on_any_number_finds_what_a_new_session_would_compute(store: Store) -> None:
    kept, tried, differing = Draws(), 0, 0
    before = made(store, kept)
    assert_same(before, made(store, Draws()), "baseline")
    for path in every_number(store):
        for change in (Scale(path, 0.9), Scale(path, 0.8, start=MIDDLE)):
            other = changed(store, change)
            if other is not None:
                tried += 1
                try:
                    fresh = made(other, Draws())
                except EcomsimError as error:  # read once, and dated
                    with pytest.raises(type(error)):
                        made(other, kept)
                    continue
                after = made(other, kept)
                assert_same(after, fresh, change)
                differing += after.first_difference(before) < DAYS.days
    assert tried > 150
    assert differing > 100
    assert_same(before, made(store, kept), "baseline again")


@pytest.mark.parametrize(
    "change",
    [
        Remove("promotions.own"),
        Add("promotions", name="more", like="own", changes={"start": "2026-11-12", "discount": 0.2}),
        Set("promotions.own.end", dt.date(2026, 11, 8)),
        Set("promotions.own.skus", ["S001"]),
        Set("promotions.double11.peaks", [dt.date(2026, 11, 10)]),
        Set("products.S001.policy", {"kind": "BaseStock", "level": 90}),
        Set("products.S000.policy.up_to_days", 30),
        Set("products.S002.supplier", "near"),
        Set("products.S002.elasticity", LogNormal(2.5, 0.2)),
        Set("channels.event.driver", {"kind": "Live", "weekdays": [0, 5]}),
        Set("channels.live.driver.weekdays", [0, 6]),
        Set("suppliers.far.review_weekdays", [1]),
        Set("teams.night.roster", {"2026-11-08": [2.0] * 48}),
        Scale("products.*.price", 0.9, start=MIDDLE),
        Scale("products.*.share", 1.1, start=MIDDLE),
    ],
    ids=str,
)
def test_so_does_a_change_of_what_there_is(store: Store, change: Change) -> None:
    kept = Draws()
    before = made(store, kept)
    other = changed(store, change)
    assert other is not None
    assert_same(made(other, kept), made(other, Draws()), change)
    assert_same(made(store, kept), before, "baseline again")


def test_correlations_are_part_of_the_world(store: Store) -> None:
    kept = Draws()
    made(store, kept)
    tied = store.replace(correlations={("channels.paid.base", "products.S002.refund_rate"): 0.8})
    assert changed_paths(store, tied) == {"correlations"}
    assert_same(made(tied, kept), made(tied, Draws()), "correlations")


def test_a_lever_shares_what_it_does_not_move(store: Store) -> None:
    kept = Draws()
    before = made(store, kept)
    other = changed(store, Scale("channels.paid.spend", 1.2))
    assert other is not None
    after = made(other, kept)
    for name in ("service", "conversion", "demand", "fulfilment", "reputation"):
        assert after.of(name) is before.of(name)
    assert after.of("traffic").lanes is before.of("traffic").lanes
    assert after.of("inventory").goods is before.of("inventory").goods
    assert after.of("traffic").rate is not before.of("traffic").rate


def test_results_that_read_nothing_are_not_kept(store: Store) -> None:
    draws, calls = Draws(), []
    for _ in range(2):
        Parameters(store, DAYS, 7, 0, 64, draws=draws).once("handed over", lambda: calls.append(1))
    assert len(calls) == 2


def test_a_failed_computation_leaves_no_trace(store: Store) -> None:
    draws = Draws()
    p = Parameters(store, DAYS, 7, 0, 64, draws=draws)

    def broken() -> float:
        raise ValueError(p.store.channels["paid"].base)

    with pytest.raises(ValueError):
        p.once("broken", broken)
    assert p.once("broken", lambda: mean(p)) == mean(p)


def mean(p: Parameters) -> float:
    return float(np.mean(p.at("channels.paid.base")))


def test_an_own_stage_is_prepared_for_every_scenario_with_the_plain_store(store: Store) -> None:
    seen: list[Any] = []

    def look(p: Parameters) -> None:
        seen.append(p.store)

    def idle(*_: object) -> None:
        return None

    stages = street((Stage("own", (), (), idle, look),))
    draws = Draws()
    for _ in range(2):
        prepare(store, DAYS, 7, 0, 64, stages, draws)
    assert len(seen) == 2
    assert all(one is store for one in seen)
    assert len(stages) == len(STREET) + 1


def test_stores_are_the_same_world_whatever_their_provenance(store: Store) -> None:
    change = Scale("channels.search.p_silent", 1.1)  # of an uncertain number: a new object every time
    one, two = changed(store, change), changed(store, change)
    assert one is not None and two is not None
    assert same(one, two)
    assert not same(one, store)
    assert same(store, store.replace(provenance={}))
    third = changed(store, Scale("channels.search.p_silent", 1.2))
    assert third is not None and not same(one, third)
    assert changed_paths(store, third) == {"channels.search.p_silent"}


def test_the_compiled_uniforms_are_the_published_ones() -> None:
    for first, count in ((0, 64), (64, 1000), (2**32 - 64, 64)):
        expected = uniforms(11, first, count, "parameter:x")
        np.testing.assert_array_equal(opening_uniforms(11, first, count, "parameter:x"), expected)
