"""What may not be simulated, what may, and what is said about it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import warnings

import numpy as np
import pytest

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError, EcomsimWarning
from ecomsim.drawn import Draws
from ecomsim.scenario import Add, Scale, Scenario, baseline
from ecomsim.simulate import simulate
from ecomsim.simulate.plan import prepare, street
from ecomsim.store import (
    Channel,
    Effect,
    Fulfilment,
    FullReduction,
    Product,
    Promotion,
    Service,
    Store,
    Supplier,
    Team,
)
from ecomsim.store.paths import replace_at, walk

D = dt.date
DAYS = Horizon("2026-11-01", "2026-11-10")


def run(store: Store, scenarios=(), horizon: Horizon = DAYS, **asked):
    return simulate(store, horizon, scenarios, **{"replications": 20, "threads": 1, **asked})


@pytest.fixture(scope="module")
def usual(shop):
    return run(shop)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        *[({"seed": s}, f"seed: got {s!r}. Allowed: a whole number from 0 to 4294967295.")
          for s in (-1, 2**32, None, 1.5, "7", True)],
        *[({"replications": r}, f"replications: got {r!r}. Allowed: a whole number from 1 to 10,000,000.")
          for r in (0, -3, 10**12, 1.5, "20", None, True)],
        ({"threads": 0}, "threads: got 0."),
        ({"detail": ("skus",)}, "detail: got 'skus'. Allowed: 'sku'."),
        ({"horizon": "2026-11"}, "horizon: got '2026-11'. Allowed: a Horizon."),
        ({"scenarios": ["push"]}, "scenarios: got 'push'. Allowed: Scenario objects."),
        ({"scenarios": [baseline, baseline]}, "scenarios: got 'baseline' twice."),
        ({"scenarios": [Scenario("x", [Scale("channels.serch.base", 2)])]}, "Did you mean 'search'?"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_told(shop, asked, says: str) -> None:
    with pytest.raises(EcomsimError) as caught:
        run(shop, **asked)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (
            lambda: Horizon("2026-11-02", "2026-11-01"),
            "horizon.end: got 2026-11-01. Allowed: 2026-11-02 or later.",
        ),
        (
            lambda: Horizon("2026-11-01", "2046-11-01"),
            "horizon: got 7,306 days. Allowed: at most 3,660 days.",
        ),
        (lambda: Horizon("2026-02-30", "2026-11-01"), "horizon.start: got '2026-02-30'."),
        (lambda: Horizon("2026/11/1", "2026-11-02"), "Write 2026-11-01"),
        (lambda: Horizon.month("November"), "horizon.month: got 'November'. Allowed: a month as YYYY-MM."),
    ],
)
def test_a_horizon_that_cannot_be_is_told(make, says: str) -> None:
    with pytest.raises(EcomsimError) as caught:
        make()
    assert says in str(caught.value)


def test_seed_nought_is_a_seed_like_any_other(shop, usual) -> None:
    zero, again, one = run(shop, seed=0), run(shop, seed=0), run(shop, seed=1)
    assert zero.origin.seed == 0
    gmv = [s.daily("gmv", "baseline") for s in (zero, again, one, usual)]
    assert (gmv[0] == gmv[1]).all()
    assert (gmv[0] != gmv[2]).any()
    assert (gmv[0] != gmv[3]).any(), "0 must not be taken for 'no seed given', which is 7"


def test_ten_years_are_simulated(store_of) -> None:
    plain = store_of(
        channels={"search": Channel("search", 50.0, 0.02, 0.1)}, products={"A": Product("A", 9.0, 5.0)}
    )
    study = run(plain, horizon=Horizon("2026-11-01", "2036-11-07"), replications=1)
    assert len(study.dates) == 3660
    assert np.isfinite(study.daily("gmv", "baseline")).all()


@pytest.mark.parametrize(
    ("parts", "zero"),
    [
        ({"teams": {}}, ["wages"]),
        ({"teams": {"desk": Team("desk", 0.0)}}, ["wages"]),
        ({"promotions": {}}, ["protection"]),
        ({"products": {"A": Product("A", 10.0, 5.0, on_hand=50.0)}, "promotions": {}}, []),
        ({"channels": {"search": Channel("search", 1000.0, 0.02, 0.1)}}, ["ad_spend"]),
        ({"channels": {"search": Channel("search", 0.0, 0.02, 0.1)}}, ["visitors", "gmv", "units"]),
        ({"products": {"A": Product("A", 10.0, 5.0, 0.0, on_hand=50.0)}, "promotions": {}}, ["units", "gmv"]),
        ({"fulfilment": Fulfilment(capacity=0.0)}, ["shipped"]),
    ],
)
def test_a_store_at_the_edge_runs(store_of, parts, zero) -> None:
    study = run(store_of(**parts))
    for name in study.variables:
        assert np.isfinite(study.array(name, "baseline")).all(), name
    for name in zero:
        if name in study.metrics:
            assert (study.daily(name, "baseline") == 0).all(), name
    assert (study.daily("units", "baseline") >= 0).all()


def test_empty_shelves_sell_nothing_until_something_arrives(store_of) -> None:
    goods = {s: Product(s, 10.0, 5.0, refund_rate=0.0) for s in "AB"}
    far = {"default": Supplier("default", 200.0, 0.0)}
    with pytest.warns(
        EcomsimWarning, match=r"suppliers\.default\.lead_days: about 200 days, longer than the horizon"
    ):
        study = run(store_of(products=goods, suppliers=far, promotions={}))
    assert (study.daily("units", "baseline") == 0).all()
    assert (study.daily("gmv", "baseline") == 0).all()
    assert (study.daily("on_order", "baseline")[:, -1] > 0).all(), "what was ordered is still on its way"


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        (
            {"channels": {"search": Channel("search", 1e16, 0.02, 0.1)}},
            "visitors on day 0: got a rate that is negative",
        ),
        ({"service": Service(aftersale_per_parcel=1e30)}, "rates up to 1e15 chats a day"),
    ],
)
def test_a_rate_that_explodes_is_told_with_its_day(store_of, parts, says: str) -> None:
    with pytest.raises(EcomsimError) as caught:
        run(store_of(**parts))
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("other", "word"),
    [
        ({"seed": 8}, "seed: got 7 and 8"),
        ({"replications": 21}, "replications: got 0 to 19 and 0 to 20"),
        (
            {"horizon": Horizon("2026-11-01", "2026-11-09")},
            "horizon: got 2026-11-01 to 2026-11-10 and 2026-11-01 to",
        ),
        ({"version": "0.0"}, "version: got "),
    ],
)
def test_unlike_runs_are_not_paired(shop, usual, other, word: str) -> None:
    if "version" in other:
        second = type(usual)(dataclasses.replace(usual.origin, version="0.0"), usual.arrays)
    else:
        second = run(shop, **other)
    with pytest.raises(EcomsimError) as caught:
        usual.against("baseline", "gmv", other=second)
    assert f"pairing by replication: {word}" in str(caught.value)
    assert "Simulate both scenarios in one call" in str(caught.value)


def test_too_few_runs_for_a_quantile_say_how_many_are_needed(usual) -> None:
    with pytest.raises(EcomsimError, match=r"P99 of 20 replications\. Allowed: at least 200 replications"):
        usual.quantiles("gmv", [0.99])
    with pytest.warns(EcomsimWarning, match="at least 40 replications"):
        table = usual.summary("gmv", share=0.9)
    assert table[["p5", "p95"]].isna().all(axis=None), "no number rather than a guess"


def one_of_each(path: str) -> str:
    """Fold names and positions, so that of many paths alike one is tried."""
    path = re.sub(r"\.(?:\d{4}-\d\d-\d\d|\d+)(?=\.|$)", ".#", path)
    return re.sub(r"^(products|suppliers|teams|promotions)\.\w+", r"\1.*", path)


def test_a_dated_change_of_any_number_acts_or_is_refused(store_of) -> None:
    d11 = Promotion(
        "d11", D(2026, 11, 4), D(2026, 11, 7), peaks=(D(2026, 11, 6),), discount=0.1, depth={"A": 0.05}, badge=1.2,
        before_days=2, after_days=3, protection_days=5, reduction=FullReduction(30.0, 4.0, 2),
        coupon=FullReduction(20.0, 2.0), traffic={"search": Effect(0.9, 1.3, 2.0, 0.8)},
        conversion=Effect(0.9, 1.2, 1.5, 0.9),
    )  # fmt: skip
    busy = Team("desk", 12.0, ref_headcount=6.0, roster={"2026-11-05": (1.0,) * 48})
    pushed = replace_at(store_of(promotions={"d11": d11}, teams={"desk": busy}), "channels.paid.spend", 150.0)
    store = replace_at(pushed, "basket.member_share", 0.1)
    empty = Draws()
    before = prepare(store, DAYS, 7, 0, 64, street(), empty)
    silent, tried, acted = [], set(), 0
    for path, value in walk(store):
        in_season = not re.search(r"season\.", path) or path.endswith(".10")  # November
        if one_of_each(path) in tried or not value or not in_season:
            continue
        tried.add(one_of_each(path))
        factor = 2 if isinstance(value, int) or path.endswith(".pack") else 0.9
        change = Scale(path, factor, start="2026-11-03", end="2026-11-09")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", EcomsimWarning)
                changed = Scenario("dated", [change]).apply(store)
            after = prepare(changed, DAYS, 7, 0, 64, street(), empty)
        except EcomsimError as error:
            assert path.split(".")[0] in str(error), (path, str(error))
            continue
        acted += 1
        if before.first_difference(after) >= DAYS.days:
            silent.append(path)
    assert acted > 25
    assert silent == [], "these dated changes are taken and do nothing"


def test_days_before_the_opening_state_are_refused(shop) -> None:
    with pytest.raises(EcomsimError, match=r"2026-10-31"):
        run(shop, horizon=Horizon("2026-10-01", "2026-10-05"))


@pytest.mark.parametrize(
    "change",
    [
        Add("promotions", name="late", like="d11", changes={"start": "2027-03-01"}),
        Scale("channels.search.base", 2, start="2027-03-01"),
    ],
)
def test_a_scenario_that_acts_outside_the_horizon_only_warns(shop, change) -> None:
    with pytest.warns(EcomsimWarning, match="horizon"):
        run(shop, [Scenario("late", [change])])


def test_a_trend_carried_too_far_is_told(store_of) -> None:
    growing = store_of(channels={"search": Channel("search", 1000.0, 0.02, 0.1, growth=4.0)}, promotions={})
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        with pytest.raises(EcomsimError, match="growth"):
            run(growing, horizon=Horizon("2999-12-01", "2999-12-05"))
