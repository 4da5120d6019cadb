"""Promotions of The Complete Journey: coupon campaigns, the mailer's cover, prominent displays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

__all__ = ["campaigns", "features"]

# Front page, back page and wrap of the weekly mailer; front of the shop and front end caps.
_COVER = ("D", "F", "H", "L", "Z")
_FRONT = ("1", "3")
# To hold a (week, product, shop) in one number: product numbers have 8 digits, shop numbers 5.
_PRODUCTS, _SHOPS = 100_000_000, 100_000
_MONDAY = np.datetime64("2016-12-26", "D")  # week 1 of the data set begins here
_FIRST, _LAST = np.datetime64("2017-01-01", "D"), np.datetime64("2017-12-31", "D")
MOST_SHOPS = 0.5
"""A product counts as promoted when at least this share of the shops with promotions have it there."""


def campaigns(folder: Path, sold: NDArray[np.int64]) -> pd.DataFrame:
    """Return one promotion a coupon campaign; its scope is the products it had coupons for.

    Coupons went to some households only, so no discount is given: it is not the products' price cut.
    """
    about = pq.read_table(folder / "campaign_descriptions.parquet").to_pandas()
    coupons = pq.read_table(folder / "coupons.parquet", columns=["campaign_id", "product_id"]).to_pandas()
    coupons = coupons.drop_duplicates().sort_values(["campaign_id", "product_id"])
    coupons = coupons[np.isin(coupons["product_id"].to_numpy(), sold)]
    scopes = coupons.groupby("campaign_id")["product_id"].agg(lambda ids: ";".join(map(str, ids)))
    about = about[about["campaign_id"].isin(scopes.index)].sort_values("campaign_id")
    kind = about["campaign_type"].str.casefold().str.replace(" ", "_")
    return pd.DataFrame(
        {
            "promotion": [f"campaign_{i:02d}" for i in about["campaign_id"]],
            "family": ("campaign_" + kind).to_numpy(),
            "start": about["start_date"].to_numpy().astype("datetime64[us]"),
            "end": about["end_date"].to_numpy().astype("datetime64[us]"),
            "scope": about["campaign_id"].map(scopes).astype("str").to_numpy(),
            "discount": np.nan,
        }
    )


def features(folder: Path, lines: pd.DataFrame) -> pd.DataFrame:
    """Return one promotion a week for the mailer's cover and one for prominent displays.

    The discount is measured: the shop's discounts on these products in that week over their shelf value.
    """
    covers, fronts, shops = _placements(folder / "promotions.parquet")
    weekly = lines.groupby(["week", "product_id"])[["sales_value", "discount"]].sum()
    parts = [_weeks(covers, "mailer", shops, weekly), _weeks(fronts, "display", shops, weekly)]
    return pd.concat(parts, ignore_index=True)


def _placements(path: Path) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Return the shops of each (week, product) on a cover, the same on display, and how many shops there are.

    The file has 21 million rows: read in slices, of which only the rows that count are kept.
    """
    columns = ("mailer_location", "display_location")
    file = pq.ParquetFile(path, read_dictionary=list(columns))
    kept: tuple[list[NDArray[np.int64]], ...] = ([], [])
    seen = np.zeros(_SHOPS, dtype=bool)
    for batch in file.iter_batches(2**20, columns=["week", "product_id", "store_id", *columns]):
        week, product, shop = (batch.column(i).to_numpy() for i in range(3))
        seen[shop] = True
        code = (week * _PRODUCTS + product) * _SHOPS + shop
        for found, column, places in zip(kept, (3, 4), (_COVER, _FRONT), strict=True):
            hit = pc.is_in(batch.column(column), value_set=pa.array(places)).to_numpy(zero_copy_only=False)
            found.append(code[hit])
    cover, front = (_shops(np.concatenate(found)) for found in kept)
    return cover, front, int(seen.sum())


def _shops(code: NDArray[np.int64]) -> pd.DataFrame:
    """Return how many different shops each (week, product) has; sorting beats hashing here, five to one."""
    code = np.sort(code)
    fresh = np.append(True, np.diff(code) > 0)
    pair = code[fresh] // _SHOPS
    start = np.flatnonzero(np.append(True, np.diff(pair) > 0))
    count = np.diff(np.append(start, len(pair)))
    pair = pair[start]
    return pd.DataFrame({"week": pair // _PRODUCTS, "product_id": pair % _PRODUCTS, "shops": count})


def _weeks(counts: pd.DataFrame, family: str, shops: int, weekly: pd.DataFrame) -> pd.DataFrame:
    wide = counts[counts["shops"] >= MOST_SHOPS * shops]
    # Products that did not sell in their week say nothing of a discount and would lengthen every scope.
    found = wide.merge(weekly, left_on=["week", "product_id"], right_index=True)
    found = found.sort_values(["week", "product_id"])
    grouped = found.groupby("week")
    scope: pd.Series[Any] = grouped["product_id"].agg(lambda ids: ";".join(map(str, ids)))
    sums = grouped[["sales_value", "discount"]].sum()
    start = _MONDAY + 7 * (scope.index.to_numpy() - 1)
    return pd.DataFrame(
        {
            "promotion": [f"{family}_2017w{w:02d}" for w in scope.index],
            "family": family,
            "start": np.clip(start, _FIRST, _LAST).astype("datetime64[us]"),
            "end": np.clip(start + 6, _FIRST, _LAST).astype("datetime64[us]"),
            "scope": scope.astype("str").to_numpy(),
            "discount": (sums["discount"] / (sums["sales_value"] + sums["discount"])).round(4).to_numpy(),
        }
    )
