"""A lever acts from its first day on and from its stage on: what lies before it keeps every bit."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeAlias

import numpy as np
import pytest

from ecomsim.calendar import Horizon
from ecomsim.scenario import Scale, Scenario, Set
from ecomsim.simulate import Options, Session
from ecomsim.store import BaseStock, CoverDays, Fulfilment
from ecomsim.study import Study
from tests.engine.kit import daily, differing
from tests.engine_shop import shop

DATES = Horizon("2026-11-01", "2026-11-24")
DAY = 12
START = "2026-11-13"

# what each stage writes into the record, in the order of the day
STREET = {
    "traffic": {"visitors"},
    "service": {
        "contacts", "aftersale_contacts", "answered", "answered_in_time", "abandoned", "first_response_time_s",
        "occupancy", "service_backlog",
    },
    "conversion": {"rank"},
    "demand": {"demand"},
    "inventory": {
        "units", "substituted", "stockout_days", "on_order", "received", "returned", "shrinkage", "lost_sales",
        "on_hand",
    },
    "fulfilment": {"buyers", "orders", "shipped", "late", "cancelled", "fulfilment_backlog"},
    "reputation": {"score"},
    "economics": {
        "gmv", "refunds", "cogs", "coupons", "protection", "commission", "freight", "holding", "cash", "platform_fees",
        "ad_spend", "wages", "agent_hours", "net_sales", "margin",
    },
}  # fmt: skip

LEVERS: dict[str, tuple[Any, str, str]] = {
    "spend": (Scale("channels.paid.spend", 1.5, start=START), "traffic", "visitors"),
    "visitors": (Scale("channels.search.base", 1.1, start=START), "traffic", "visitors"),
    "agents": (Scale("teams.desk.headcount", 0.5, start=START), "service", "answered_in_time"),
    "conversion": (Scale("channels.search.p_silent", 1.2, start=START), "demand", "demand"),
    "price": (Scale("products.S001.price", 0.9, start=START), "conversion", "demand"),
    "basket": (Set("basket.extra_units", 0.5, start=START), "demand", "demand"),
    "substitution": (Set("choice.substitution", 0.9, start=START), "inventory", "substituted"),
    "policy": (Scale("products.S001.policy.order_up_to", 2.0, start=START), "inventory", "on_order"),
    "packing": (Set("fulfilment.capacity", 100.0, start=START), "fulfilment", "shipped"),
    "fees": (Set("costs.platform_rate", 0.2, start=START), "economics", "platform_fees"),
}

Moved: TypeAlias = tuple[Study, Session]


@pytest.fixture(scope="module")
def moved() -> Moved:
    """All levers over one baseline, in a session that restarts at checkpoints; orders look at the shelf only."""
    store = shop(40, uncertain=True, fulfilment=Fulfilment(capacity=700.0))
    goods = {
        sku: dataclasses.replace(x, policy=BaseStock(float(3 * x.on_hand)))  # type: ignore[arg-type]
        if isinstance(x.policy, CoverDays) else x
        for sku, x in store.products.items()
    }  # fmt: skip
    store = dataclasses.replace(store, products=goods)
    session = Session(store, DATES, 7, Options(threads=1), every=4)
    scenarios = [Scenario(name, [change]) for name, (change, _, _) in LEVERS.items()]
    return session.run(scenarios, replications=64), session


@pytest.mark.parametrize("name", list(LEVERS))
def test_days_before_a_lever_keep_every_bit(moved: Moved, name: str) -> None:
    before = {
        metric: [daily(moved[0], metric, one)[:, :DAY] for one in ("baseline", name)]
        for metrics in STREET.values()
        for metric in metrics
    }
    assert not [metric for metric, (one, two) in before.items() if (one != two).any()]


@pytest.mark.parametrize("name", LEVERS)
def test_on_its_day_a_lever_moves_nothing_upstream(moved: Moved, name: str) -> None:
    _, stage, effect = LEVERS[name]
    upstream = list(STREET)[: list(STREET).index(stage)]
    for metric in (metric for one in upstream for metric in STREET[one]):
        was, now = (daily(moved[0], metric, one)[:, DAY] for one in ("baseline", name))
        assert (was == now).all(), metric
    was, now = (daily(moved[0], effect, one) for one in ("baseline", name))
    first = DAY if name != "policy" else DAY + 4  # the supplier may not take orders on the day itself
    assert (was[:, DAY : first + 1] != now[:, DAY : first + 1]).any()


def test_every_recorded_metric_is_in_the_street(moved: Moved) -> None:
    study = moved[0]
    known = set().union(*STREET.values())
    by_day = {n for n in study.variables if np.asarray(study.array(n, "baseline")).shape == (64, 24)}
    assert by_day <= known


def test_what_money_costs_moves_no_count(moved: Moved) -> None:
    arrays = moved[0].arrays
    assert differing(arrays["baseline"], arrays["fees"]) <= {"platform_fees", "cash", "margin"}
    assert "platform_fees" in differing(arrays["baseline"], arrays["fees"])


def test_orders_in_days_of_cover_foresee_a_planned_lever_and_nothing_else_does() -> None:
    store = shop(40)
    lever = Scenario("visitors", [Scale("channels.search.base", 1.5, start=START)])
    study = Session(store, DATES, 7, Options(threads=1)).run([lever], replications=64)
    foreseen = {
        metric
        for metrics in STREET.values()
        for metric in metrics
        if (daily(study, metric)[:, :2] != daily(study, metric, "visitors")[:, :2]).any()
    }
    assert foreseen == {"on_order"}  # nothing ordered since has arrived after two days
    more = daily(study, "on_order", "visitors")[:, :2] - daily(study, "on_order")[:, :2]
    assert more.min() >= 0 and more.max() > 0


def test_tomorrow_reads_what_today_left(moved: Moved) -> None:
    """Feedback: agents on day 12 move the score and with it the free visitors of day 13, never of day 12."""
    was, now = (daily(moved[0], "visitors", one) for one in ("baseline", "agents"))
    assert (was[:, DAY] == now[:, DAY]).all()
    score = [daily(moved[0], "score", one)[:, DAY] for one in ("baseline", "agents")]
    assert score[1].mean() < score[0].mean()
    assert (was[:, DAY + 2 :] != now[:, DAY + 2 :]).any()
