"""Nothing appears or vanishes: visitors, buyers, units, stock, orders and chats, every day of every replication."""

from __future__ import annotations

import dataclasses
from typing import TypeAlias

import numpy as np
import pytest

from ecomsim.calendar import Horizon
from ecomsim.store import BaseStock, Fulfilment, MinMax, Store
from ecomsim.study import Study
from tests.engine.kit import Floats, Witness, daily, horizon_of, lone, run
from tests.engine_shop import shop

World: TypeAlias = tuple[Store, Study, Witness]

SEEN = (
    "visitors_by_channel", "buyers_by_channel", "gmv_by_channel", "stock", "sold_by_sku", "demand_by_sku",
    "on_order_by_sku", "phantom", "message_backlog", "fulfilment_queue", "cancelled_units",
)  # fmt: skip


@pytest.fixture(scope="module")
def world() -> World:
    """A busy store through Double 11 with too small a packing table, losses, cancellations and stock-outs."""
    store = shop(70, uncertain=True, fulfilment=Fulfilment(capacity=520.0, promise_days=1, cancel_rate=0.2))
    witness = Witness(*SEEN)
    study = run(store, Horizon("2026-11-01", "2026-11-26"), replications=128, seed=3, stages=[witness.stage])
    return store, study, witness


def by_day(world: World, name: str) -> Floats:
    """A metric by (day, replication), as the witness sees it."""
    return daily(world[1], name).T


def test_the_world_is_eventful(world: World) -> None:
    for name in (
        "lost_sales",
        "substituted",
        "late",
        "cancelled",
        "shrinkage",
        "returned",
        "received",
        "abandoned",
    ):
        assert by_day(world, name).sum() > 100, name
    assert (by_day(world, "stockout_days") > 0).mean() > 0.3


def test_counts_are_whole_and_never_negative(world: World) -> None:
    whole = (
        "visitors", "buyers", "orders", "demand", "units", "substituted", "lost_sales", "stockout_days", "on_order",
        "received", "returned", "shrinkage", "contacts", "aftersale_contacts", "shipped", "late", "cancelled",
        "on_hand", "fulfilment_backlog",
    )  # fmt: skip
    for name in whole:
        values = by_day(world, name)
        assert (values >= 0).all() and (values == np.rint(values)).all(), name
    for name in ("stock", "sold_by_sku", "demand_by_sku", "on_order_by_sku", "phantom"):
        values = world[2][name]
        assert (values >= 0).all() and (values == np.rint(values)).all(), name


def test_channels_add_up_every_day(world: World) -> None:
    for name in ("visitors", "buyers"):
        assert (world[2][f"{name}_by_channel"].sum(axis=1) == by_day(world, name)).all(), name
    money = world[2]["gmv_by_channel"].sum(axis=1)
    assert np.allclose(money, by_day(world, "gmv"), rtol=1e-5)


def test_channel_totals_of_the_study_are_those_of_its_days(world: World) -> None:
    _, study, witness = world
    for name in ("visitors", "buyers"):
        seen = witness[f"{name}_by_channel"]  # (days, channels, n)
        assert (seen.sum(axis=0) == np.asarray(study.array(f"{name}_by_channel", "baseline")).T).all()
        means = np.asarray(study.array(f"{name}_by_channel_day", "baseline"))
        assert np.allclose(means, seen.mean(axis=2), rtol=1e-6)


def test_nobody_buys_who_did_not_come(world: World) -> None:
    witness = world[2]
    assert (witness["buyers_by_channel"] <= witness["visitors_by_channel"]).all()
    assert (by_day(world, "buyers") <= by_day(world, "orders")).all()
    assert (by_day(world, "orders") <= by_day(world, "units")).all()


def test_products_add_up_every_day(world: World) -> None:
    witness = world[2]
    assert (witness["sold_by_sku"].sum(axis=2) == by_day(world, "units")).all()
    assert (witness["demand_by_sku"].sum(axis=2) == by_day(world, "demand")).all()
    assert (witness["stock"].sum(axis=2) == by_day(world, "on_hand")).all()
    assert (witness["on_order_by_sku"].sum(axis=2) == by_day(world, "on_order")).all()
    assert ((witness["stock"] == 0).sum(axis=2) == by_day(world, "stockout_days")).all()


def test_demand_is_sold_or_lost(world: World) -> None:
    demand, units, lost = (by_day(world, name) for name in ("demand", "units", "lost_sales"))
    assert (demand == units + lost).all()
    # unmet units of a product are its demand less its own sales; some of them were sold elsewhere
    witness = world[2]
    short = np.maximum(witness["demand_by_sku"] - witness["sold_by_sku"], 0).sum(axis=2)
    extra = np.maximum(witness["sold_by_sku"] - witness["demand_by_sku"], 0).sum(axis=2)
    assert (short - extra == lost).all()
    assert (extra <= by_day(world, "substituted")).all()


def test_only_what_was_on_the_shelf_is_sold_and_the_ledger_closes(world: World) -> None:
    store, _, witness = world
    stock = witness["stock"].sum(axis=2)
    opening = np.vstack(
        [np.full(stock.shape[1], sum(x.on_hand for x in store.products.values())), stock[:-1]]
    )
    received, returned, units, gone = (
        by_day(world, n) for n in ("received", "returned", "units", "shrinkage")
    )
    assert (opening + received + returned - units - gone == stock).all()


def test_units_ordered_are_on_order_until_received(world: World) -> None:
    on_order, received = by_day(world, "on_order"), by_day(world, "received")
    ordered = np.diff(on_order, axis=0) + received[1:]
    assert (ordered >= 0).all() and ordered.sum() > 0
    # suppliers here take orders on Monday, Wednesday, Thursday and Friday: 1 November 2026 is a Sunday
    weekdays = np.array([(day + 6) % 7 for day in range(1, len(on_order))])
    assert (ordered[np.isin(weekdays, (1, 5, 6))] == 0).all()


def test_orders_are_shipped_cancelled_or_waiting(world: World) -> None:
    queue = world[2]["fulfilment_queue"]
    before = np.vstack([np.zeros(queue.shape[1]), queue[:-1]])
    orders, shipped, cancelled = (by_day(world, name) for name in ("orders", "shipped", "cancelled"))
    assert (before + orders == shipped + cancelled + queue).all()
    assert (queue == by_day(world, "fulfilment_backlog")).all()
    assert (shipped <= 520).all() and (by_day(world, "late") <= shipped).all()
    assert (shipped[queue > 0] + cancelled[queue > 0] >= 520).all()  # the table is full while orders wait


def test_chats_are_answered_abandoned_or_waiting(world: World) -> None:
    waiting = world[2]["message_backlog"]
    before = np.vstack([np.zeros(waiting.shape[1]), waiting[:-1]])
    contacts, answered, gone = (by_day(world, name) for name in ("contacts", "answered", "abandoned"))
    assert np.allclose(before + contacts, answered + gone + waiting, rtol=1e-5, atol=0.01)
    assert (by_day(world, "answered_in_time") <= answered + 1e-3).all()


def test_refunded_and_cancelled_units_come_back_and_no_others() -> None:
    lag, calm = 3, 6
    base = shop(
        12, fulfilment=Fulfilment(capacity=330.0, promise_days=1, cancel_rate=0.3, refund_lag_days=lag)
    )
    goods = {
        sku: dataclasses.replace(x, resale_share=1.0, refund_rate=0.2, on_hand=20_000.0)
        for sku, x in base.products.items()
    }
    witness = Witness("refunded_units", "cancelled_units", "returned", "sold_by_sku")
    store = dataclasses.replace(base, products=goods, promotions={})
    study = run(store, Horizon("2026-11-01", "2026-11-20"), stages=[witness.stage])
    refunded, cancelled, returned = (witness[n] for n in ("refunded_units", "cancelled_units", "returned"))
    assert cancelled.sum() > 1000 and refunded.sum() > 1000
    # before the lag is over, returns of the days before the horizon arrive too
    assert (returned[calm:] == refunded[calm - lag : -lag] + cancelled[calm - 1 : -1]).all()
    # a fifth of all units, rounded by chance product by product
    units = witness["sold_by_sku"].sum()
    assert refunded.sum() == pytest.approx(0.2 * units, rel=0.005)
    assert (study.total("returned", "baseline") > 0).all()


@pytest.mark.parametrize(
    ("policy", "product", "short"),
    [(BaseStock(60.0), {}, 0.0), (MinMax(30.0, 75.0), {}, 0.0), (MinMax(30.0, 75.0), {"pack": 6.0, "moq": 12.0}, 0.0)],
)  # fmt: skip
def test_orders_bring_the_position_to_the_policys_level(policy, product, short) -> None:  # type: ignore[no-untyped-def]
    witness = Witness("stock", "phantom", "on_order_by_sku")
    store = lone(visitors=1e6, p=9e-6, on_hand=40.0, policy=policy, lead_days=5.0, product=product)
    run(store, horizon_of(40), stages=[witness.stage], replications=128)
    position = (witness["stock"] + witness["phantom"] + witness["on_order_by_sku"])[..., 0]
    if isinstance(policy, BaseStock):
        assert (position == 60).all()
        return
    pack = product.get("pack", 1.0)
    assert position.min() > 30 and position.max() <= 75 + pack - 1
    ordered = np.diff(position, axis=0) > 0
    assert ordered.any()
    if pack == 1:
        assert (position[1:][ordered] == 75).all()
    else:
        assert ((position[1:][ordered] >= 75) & (position[1:][ordered] < 75 + pack)).all()


def test_a_unit_comes_back_once() -> None:
    store = lone(
        visitors=20_000.0, p=0.01, product={"refund_rate": 1.0, "resale_share": 1.0},
        fulfilment=Fulfilment(capacity=0.0, promise_days=0, cancel_rate=1.0, refund_lag_days=1),
    )  # fmt: skip
    study = run(store, horizon_of(12))
    units, returned = (daily(study, name) for name in ("units", "returned"))
    # the first days bring back what was sold before the horizon
    assert (returned[:, 3:].sum(axis=1) <= units[:, :-1].sum(axis=1)).all()
    assert (study.total("refunds", "baseline") <= study.total("gmv", "baseline") * 1.0001).all()
