"""Money, recomputed from units, prices and rates by hand, day by day; and a change of currency."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any, TypeAlias

import numpy as np
import pytest

from ecomsim.calendar import Horizon
from ecomsim.metrics import METRICS
from ecomsim.store import BaseStock, Basket, Costs, Fulfilment, FullReduction, Store, Supplier
from ecomsim.study import Study
from tests.engine.kit import Floats, Witness, daily, differing, horizon_of, lone, run
from tests.engine_shop import shop

World: TypeAlias = tuple[Store, Study, Witness]
DATES = Horizon("2026-11-01", "2026-11-24")
COSTS = Costs(0.04, 0.01, 5.0, 7.0, holding_rate=0.3, fixed_per_day=900.0)
SEEN = (
    "sold_by_sku", "stock", "refunded_units", "cancelled_value", "gross_refunds", "returned_cost", "buyers_by_channel",
)  # fmt: skip


@pytest.fixture(scope="module")
def world() -> World:
    """Double 11 with item discounts only, so that money is units times prices."""
    table = Fulfilment(capacity=430.0, promise_days=1, cancel_rate=0.2)
    base = shop(30, fulfilment=table, basket=Basket(), costs=COSTS)
    own = dataclasses.replace(base.promotions["double11"], reduction=None)
    store = dataclasses.replace(base, promotions={"double11": own})
    witness = Witness(*SEEN)
    return store, run(store, DATES, replications=128, stages=[witness.stage]), witness


def paid(store: Store, day: dt.date) -> Floats:
    """Price of every product on a day, by hand: 12 % off from 8 to 12 November."""
    cut = 0.88 if dt.date(2026, 11, 8) <= day <= dt.date(2026, 11, 12) else 1.0
    return np.array([float(x.price) * cut for x in store.products.values()])  # type: ignore[arg-type]


def close(one: Any, two: Any, to: float = 2e-6) -> bool:
    """Equal within float32 of sums of a few dozen positive terms."""
    return bool(np.allclose(one, two, rtol=to, atol=0.02))


def test_gmv_is_units_times_the_price_paid(world: World) -> None:
    store, study, witness = world
    price = np.stack([paid(store, day) for day in DATES.dates])
    assert close(daily(study, "gmv").T, (witness["sold_by_sku"] * price[:, None, :]).sum(axis=2))
    assert (daily(study, "coupons") == 0).all()


def test_cost_of_goods_is_units_at_cost_less_what_came_back(world: World) -> None:
    store, study, witness = world
    cost = np.array([float(x.cost) for x in store.products.values()])  # type: ignore[arg-type]
    assert close(
        daily(study, "cogs").T, (witness["sold_by_sku"] * cost).sum(axis=2) - witness["returned_cost"]
    )
    holding = (witness["stock"] * cost).sum(axis=2) * 0.3 / 365
    assert close(daily(study, "holding").T, holding)


def test_refunds_are_refunded_and_cancelled_amounts(world: World) -> None:
    _, study, witness = world
    assert close(daily(study, "refunds").T, witness["gross_refunds"] + witness["cancelled_value"])
    assert witness["cancelled_value"].sum() > 0


def test_freight_is_by_parcel_and_by_returned_unit(world: World) -> None:
    _, study, witness = world
    assert close(daily(study, "freight").T, daily(study, "shipped").T * 5.0 + witness["refunded_units"] * 7.0)


def test_commission_is_the_affiliates_share_of_gmv(world: World) -> None:
    store, study, witness = world
    at = list(store.channels).index("affiliate")
    buyers = witness["buyers_by_channel"]
    share = buyers[:, at] / buyers.sum(axis=1)
    assert close(daily(study, "commission").T, 0.06 * daily(study, "gmv").T * share, 1e-5)


def test_fees_spend_and_wages_follow_the_plan(world: World) -> None:
    store, study, _ = world
    assert close(daily(study, "platform_fees"), 0.05 * (daily(study, "gmv") - daily(study, "refunds")))
    assert (daily(study, "ad_spend") == 5500).all()
    desk = store.teams["desk"]
    hours = sum(desk.shape) * float(desk.headcount) / 2  # type: ignore[arg-type]
    assert close(daily(study, "agent_hours"), hours) and close(daily(study, "wages"), hours * 30.0)


def test_net_sales_and_margin_are_their_parts(world: World) -> None:
    _, study, _ = world
    part = {name: daily(study, name) for name in METRICS if name in study.metrics}
    assert close(part["net_sales"], part["gmv"] - part["refunds"], 1e-6)
    margin = (
        part["gmv"] - part["refunds"] - part["cogs"] - part["platform_fees"] - part["protection"] - part["ad_spend"]
        - part["commission"] - part["freight"] - part["wages"] - part["holding"]
    )  # fmt: skip
    assert np.allclose(part["margin"], margin, rtol=1e-5, atol=0.1)
    totals = {name: study.total(name, "baseline") for name in ("margin", "net_sales", "gmv", "refunds")}
    assert close(totals["net_sales"], totals["gmv"] - totals["refunds"])
    assert close(totals["margin"], part["margin"].sum(axis=1), 1e-5)


def test_buyers_who_paid_too_much_claim_the_difference(world: World) -> None:
    store, study, _ = world
    protection, gmv = daily(study, "protection"), daily(study, "gmv")
    # on the first day of the promotion a tenth of the buyers of the 7 days before claim the 12 % cut
    assert close(protection[:, 7], 0.1 * 0.12 * gmv[:, :7].sum(axis=1), 1e-5)
    assert (np.delete(protection, 7, axis=1) == 0).all()
    assert len(store.promotions) == 1


def test_cash_is_payouts_less_payments() -> None:
    store = lone(
        visitors=20_000.0, p=0.02, on_hand=900.0, policy=BaseStock(2500.0),
        costs=dataclasses.replace(COSTS, payout_days=4), product={"cost": 40.0, "refund_rate": 0.1},
        suppliers={"s": Supplier("s", 2.0, 0.0, review_weekdays=tuple(range(7)), terms_days=3.0)},
    )  # fmt: skip
    study = run(store, horizon_of(20))
    part = {n: daily(study, n) for n in ("cash", "gmv", "refunds", "platform_fees", "received", "freight")}
    net = part["gmv"] - part["refunds"] - part["platform_fees"]
    bought = part["received"] * 40.0
    expected = net[:, :-4][:, 4:] - bought[:, 5:-3] - part["freight"][:, 8:] - 900.0
    assert bought[:, 5:-3].sum() > 0
    assert np.allclose(part["cash"][:, 8:], expected, rtol=1e-5, atol=0.5)


def doubled(part: Any) -> Any:
    """A store, or a part of one, with every number whose unit is money doubled."""
    if not dataclasses.is_dataclass(part) or isinstance(part, type):
        return part
    new: dict[str, Any] = {}
    for item in dataclasses.fields(part):
        value, domain = getattr(part, item.name), item.metadata.get("domain")
        if domain is not None:
            if domain.unit.split("/")[0] == "money" and value is not None:
                new[item.name] = (
                    {k: 2 * v for k, v in value.items()} if hasattr(value, "items") else 2 * value
                )
        elif hasattr(value, "items"):
            new[item.name] = {key: doubled(one) for key, one in value.items()}
        elif dataclasses.is_dataclass(value):
            new[item.name] = doubled(value)
    return dataclasses.replace(part, **new)


def test_doubling_finds_every_price() -> None:
    twice = doubled(shop(2, basket=Basket(free_shipping_from=99.0, shipping_fee=8.0)))
    paid_search, offer = twice.channels["paid"].driver, twice.promotions["double11"].reduction
    assert (paid_search.spend, paid_search.ref_spend) == (8000.0, 8000.0)
    assert (offer.threshold, offer.off, offer.times) == (600.0, 80.0, 3)
    assert (twice.basket.free_shipping_from, twice.teams["desk"].wage_hour, twice.costs.freight) == (
        198.0,
        60.0,
        12.0,
    )
    assert (twice.products["S000"].price, twice.channels["search"].base) == (
        80.0,
        shop(2).channels["search"].base,
    )


@pytest.mark.parametrize(
    "mechanics", [False, True], ids=["item discounts", "thresholds, coupons and members"]
)
def test_doubling_all_money_doubles_money_and_changes_no_count(mechanics: bool) -> None:
    store = shop(30, fulfilment=Fulfilment(capacity=600.0), basket=Basket(), costs=COSTS)
    own = dataclasses.replace(store.promotions["double11"], reduction=None)
    if mechanics:
        basket = Basket(member_share=0.2, free_shipping_from=99.0, shipping_fee=8.0)
        own = dataclasses.replace(
            own, reduction=FullReduction(300.0, 40.0, 3), coupon=FullReduction(200.0, 10.0)
        )
        store = dataclasses.replace(store, basket=basket)
    store = dataclasses.replace(store, promotions={"double11": own})
    one, two = (run(x, DATES, seed=5) for x in (store, doubled(store)))
    changed = differing(one.arrays["baseline"], two.arrays["baseline"])
    money = {name for name in one.arrays["baseline"] if name in METRICS and METRICS[name].unit == "money"}
    assert changed - {"gmv_by_channel", "gmv_by_channel_day", "spend_by_channel"} <= money
    for name in [*sorted(money), "gmv_by_channel", "spend_by_channel"]:
        was, now = (np.asarray(x.array(name, "baseline"), np.float64) for x in (one, two))
        size = np.abs(was).max()
        assert np.allclose(now, 2 * was, rtol=1e-5, atol=1e-5 * size), name
        assert (was != 0).any() or name == "coupons", name
