"""Calibration of small hand-made stores: known values found again, missing tables assumed, odd data told."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from ecomsim.calibrate import calibrate
from ecomsim.checks import EcomsimError, EcomsimWarning
from ecomsim.store import Affiliate, Paid, Returning
from ecomsim.uncertain import LogNormal, mean_of
from tests.calibrate_shop import BASE, RATES, Tables, shop


@pytest.fixture(scope="module")
def tables() -> Tables:
    return shop()


def buyers_expected(store: object) -> float:
    """Buyers of an ordinary day at the mean of the store's numbers."""
    return sum(
        mean_of(c.base) * ((1 - mean_of(c.enquiry_share)) * mean_of(c.p_silent)
                           + mean_of(c.enquiry_share) * mean_of(c.p_enquiring))
        for c in store.channels.values()  # type: ignore[attr-defined]
    )  # fmt: skip


def test_known_values_are_found_again(tables: Tables) -> None:
    store = calibrate(tables).store
    for name, rate in RATES.items():
        assert mean_of(store.channels[name].p_silent) == pytest.approx(rate, rel=0.06)
        assert mean_of(store.channels[name].base) == pytest.approx(BASE[name], rel=0.06)
        week = [mean_of(x) for x in store.channels[name].weekday]
        assert week[6] / week[1] == pytest.approx(1.25, rel=0.05)
        effect = store.promotions["own_next"].traffic[name]
        assert mean_of(effect.during) == pytest.approx(1.5, rel=0.08)
    assert mean_of(store.promotions["own_next"].conversion.during) == pytest.approx(1.2, rel=0.08)
    elasticity = [mean_of(p.elasticity) for p in store.products.values()]
    assert np.mean(elasticity) == pytest.approx(2.0, rel=0.12)
    pull = np.array([mean_of(p.share) for p in store.products.values()])
    assert pull / pull.sum() == pytest.approx([0.3, 0.25, 0.2, 0.12, 0.08, 0.05], rel=0.12)
    paid = store.channels["paid_search"].driver
    assert isinstance(paid, Paid)
    assert paid.max_seen == tables["channel_day"]["spend"].max()
    # MOQ 10 is no multiple of the pack 4: the next one is.
    assert store.products["S0"].moq == 12


def test_the_same_seed_gives_the_same_store(tables: Tables) -> None:
    one, two = calibrate(tables, seed=5).store, calibrate(tables, seed=5).store
    assert one.channels["paid_search"] == two.channels["paid_search"]
    assert calibrate(tables, seed=6).store.channels["paid_search"] != one.channels["paid_search"]


def test_days_after_the_as_of_day_do_not_matter(tables: Tables) -> None:
    day = tables["store_day"]["date"].iloc[150]
    cut = {name: frame[frame["date"] <= day] if "date" in frame else frame for name, frame in tables.items()}
    cut["prices"] = tables["prices"]  # a price plan is known in advance
    late, early = calibrate(tables, as_of=day.date()), calibrate(cut)
    assert late.store.channels == early.store.channels
    assert late.store.products == early.store.products
    assert late.store.noise == early.store.noise
    assert any("89 days after" in note for note in late.notes)
    plan = late.store.products["S0"].price_plan
    assert plan
    assert min(plan) > day.date().isoformat()


def test_an_as_of_day_outside_the_data_is_refused(tables: Tables) -> None:
    with pytest.raises(EcomsimError, match="2025-01-01 to 2025-08-28"):
        calibrate(tables, as_of="2024-12-01")
    with pytest.raises(EcomsimError, match="YYYY-MM-DD"):
        calibrate(tables, as_of="1/12/2024")


def test_no_sales_at_all_is_refused() -> None:
    with pytest.raises(EcomsimError, match="store_day, channel_day, item_day or orders"):
        calibrate({"products": pd.DataFrame({"sku": ["A"], "price": [1.0]})})


@pytest.mark.parametrize(
    "kept",
    [
        ("store_day", "item_day"),
        ("item_day",),
        ("channel_day", "item_day"),
        ("store_day", "item_day", "products"),
        ("store_day", "channel_day", "item_day", "promotions"),
    ],
)
def test_a_store_comes_from_whatever_tables_exist(tables: Tables, kept: tuple[str, ...]) -> None:
    found = calibrate({name: tables[name] for name in kept})
    plain = tables["store_day"].tail(30)["buyers"].mean()
    if "channel_day" in kept or "store_day" in kept:
        assert buyers_expected(found.store) == pytest.approx(plain, rel=0.1)
    assert len(found.store.products) == 6
    assert found.missing
    assert set(found.report["how"]) <= {"estimated", "given", "assumed"}


def test_orders_alone_match_buyers_and_assume_the_traffic(tables: Tables) -> None:
    rng = np.random.default_rng(1)
    item = tables["item_day"]
    item = item[item["date"] < "2025-03-01"]
    rows = item.loc[item.index.repeat(item["units"].astype(int))]
    rows = rows.assign(order_id=[f"O{i}" for i in range(len(rows))], line=1.0, units=1.0)
    rows["gmv"] = (
        rows["sku"].map({f"S{i}": p for i, p in enumerate((20, 35, 50, 80, 120, 200))}).astype(float)
    )
    hour = pd.to_timedelta(rng.integers(0, 24, len(rows)), unit="h")
    orders = pd.DataFrame({
        "order_id": rows["order_id"], "created_at": rows["date"] + hour, "gmv": rows["gmv"],
        "customer": [f"c{i}" for i in range(len(rows))],
    })  # fmt: skip
    found = calibrate({"orders": orders, "order_lines": rows[["order_id", "line", "sku", "units", "gmv"]]})
    per_day = len(rows) / item["date"].nunique()
    assert list(found.store.channels) == ["all"]
    assert buyers_expected(found.store) == pytest.approx(per_day, rel=0.12)
    source = found.store.source_of("channels.all.base")
    assert source.how == "assumed"
    assert "store_day" in source.note
    assert any("made from orders" in note for note in found.notes)


def test_a_channel_with_buyers_and_no_visitors_is_told(tables: Tables) -> None:
    odd = tables["channel_day"][tables["channel_day"]["channel"] == "paid_search"].assign(
        channel="mystery", visitors=0.0, spend=np.nan
    )
    both = pd.concat([tables["channel_day"], odd], ignore_index=True)
    with pytest.warns(EcomsimWarning, match=r"channels\.mystery\.visitors: buyers but no visitors"):
        found = calibrate({**tables, "channel_day": both})
    assert mean_of(found.store.channels["mystery"].base) > 0
    assert found.store.source_of("channels.mystery.base").how in ("assumed", "estimated")
    assert any(gap.path == "channels.mystery.base" for gap in found.missing)


def test_a_channel_without_anything_is_left_out_and_told(tables: Tables) -> None:
    empty = tables["channel_day"][tables["channel_day"]["channel"] == "paid_search"].assign(
        channel="empty", visitors=0.0, buyers=0.0, spend=np.nan
    )
    found = calibrate({**tables, "channel_day": pd.concat([tables["channel_day"], empty])})
    assert "empty" not in found.store.channels
    assert any("channels.empty" in note for note in found.notes)


def test_less_than_four_weeks_is_a_cold_start(tables: Tables) -> None:
    short = {k: v[v["date"] < "2025-01-20"] if "date" in v else v for k, v in tables.items()}
    short["promotions"] = short["promotions"].tail(0)
    with pytest.warns(EcomsimWarning, match="only 19 days of history"):
        found = calibrate(short)
    assert any("cold start" in note for note in found.notes)
    assert buyers_expected(found.store) == pytest.approx(short["store_day"]["buyers"].mean(), rel=0.15)


def test_discontinued_and_never_sold_products_are_left_out(tables: Tables) -> None:
    item = tables["item_day"]
    gone = (item["sku"] == "S2") & (item["date"] > "2025-05-01")
    listed = pd.concat([
        tables["products"].assign(on_hand=[500.0, 500.0, 0.0, 500.0, 500.0, 500.0]),
        pd.DataFrame({"sku": ["NEVER"], "price": [9.0], "cost": [4.0], "on_hand": [0.0]}),
    ])  # fmt: skip
    found = calibrate({**tables, "item_day": item[~gone], "products": listed})
    assert "S2" not in found.store.products
    assert "NEVER" not in found.store.products
    assert "S3" in found.store.products


def test_prices_that_never_moved_leave_elasticity_assumed(tables: Tables) -> None:
    flat = tables["item_day"].drop(columns="gmv")
    still = {**tables, "item_day": flat}
    del still["prices"]
    found = calibrate(still)
    assert found.store.source_of("products.S0.elasticity").how == "assumed"
    assert any(gap.path == "products.*.elasticity" for gap in found.missing)
    low, high = found.store.products["S0"].elasticity.interval(0.9)  # type: ignore[union-attr]
    assert high / low > 2


def test_a_product_without_cost_or_price_is_told(tables: Tables) -> None:
    listed = tables["products"].copy()
    listed.loc[0, "cost"] = np.nan
    free = tables["item_day"].assign(
        gmv=np.where(tables["item_day"]["sku"] == "S5", 0.0, tables["item_day"]["gmv"])
    )
    listed.loc[5, "price"] = np.nan
    prices = tables["prices"][tables["prices"]["sku"] != "S5"]
    found = calibrate({**tables, "products": listed, "item_day": free, "prices": prices})
    assert found.store.source_of("products.S0.cost").how == "assumed"
    assert mean_of(found.store.products["S0"].cost) == pytest.approx(
        0.5 * mean_of(found.store.products["S0"].price), rel=0.01
    )
    assert "S5" not in found.store.products
    assert any("products.S5: no price" in note for note in found.notes)


def test_missing_days_are_told_and_do_not_count_as_zero(tables: Tables) -> None:
    daily = ("store_day", "channel_day", "item_day")
    holes = dict(tables)
    for name in daily:
        holes[name] = tables[name][~tables[name]["date"].between("2025-04-07", "2025-04-13")]
    found = calibrate(holes)
    assert any("7 days are missing (2025-04-07" in note for note in found.notes)
    assert mean_of(found.store.channels["free_search"].base) == pytest.approx(4000, rel=0.06)


def test_a_family_never_seen_is_assumed_with_a_warning(tables: Tables) -> None:
    planned = pd.DataFrame({
        "promotion": ["double11"], "family": ["double11"], "start": [pd.Timestamp("2025-11-01")],
        "end": [pd.Timestamp("2025-11-11")], "peaks": ["2025-11-11"], "scope": ["S0;S1"], "discount": [0.15],
    })  # fmt: skip
    with pytest.warns(EcomsimWarning, match="family 'double11': no such event in the data"):
        found = calibrate({**tables, "promotions": pd.concat([tables["promotions"], planned])})
    promotion = found.store.promotions["double11"]
    assert promotion.skus == ("S0", "S1")
    peak = promotion.traffic["free_search"].peak
    assert isinstance(peak, LogNormal)
    assert peak.sigma >= 0.4
    assert found.store.source_of("promotions.double11.traffic").how == "assumed"
    assert found.store.source_of("promotions.own_next.traffic").how == "estimated"


def test_a_scope_nobody_knows_is_told(tables: Tables) -> None:
    odd = tables["promotions"].assign(scope="garden")
    found = calibrate({**tables, "promotions": odd})
    assert any("scope 'garden'" in note for note in found.notes)


def test_names_that_paths_cannot_hold_are_renamed(tables: Tables) -> None:
    renamed = {
        k: v.assign(sku=v["sku"].replace({"S0": "S.0"})) if "sku" in v else v for k, v in tables.items()
    }
    found = calibrate(renamed)
    assert "S_0" in found.store.products
    assert any("'S.0'" in note for note in found.notes)


def test_affiliates_and_returning_customers_get_their_drivers(tables: Tables) -> None:
    free = tables["channel_day"][tables["channel_day"]["channel"] == "free_search"]
    rate = np.where(np.arange(len(free)) // 40 % 2 == 0, 0.05, 0.08)
    gmv = free["buyers"].to_numpy() * 50
    links = free.assign(
        channel="affiliate", attributed_gmv=gmv, commission=gmv * rate,
        visitors=(free["visitors"] * (rate / 0.05) ** 0.6).round(),
    )  # fmt: skip
    back = free.assign(channel="returning")
    store = calibrate({**tables, "channel_day": pd.concat([tables["channel_day"], links, back])}).store
    driver = store.channels["affiliate"].driver
    assert isinstance(driver, Affiliate)
    assert mean_of(driver.eta) == pytest.approx(0.6, abs=0.15)
    assert mean_of(driver.rate) in (pytest.approx(0.05, rel=0.02), pytest.approx(0.08, rel=0.02))
    assert isinstance(store.channels["returning"].driver, Returning)


def test_no_warnings_on_ordinary_data(tables: Tables) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        calibrate(tables)
