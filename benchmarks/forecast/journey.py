"""The fifty series of the Complete Journey and the months they are judged on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ecomsim.data.packages.completejourney import data_folder, local_time

MONTHS = ("2017-07", "2017-08", "2017-09", "2017-10", "2017-11", "2017-12")
UNTOUCHED = MONTHS[-2:]
# Chosen by sales of the half year before the first month judged.
_CHOSEN_ON = "2017-07-01"
_LEVELS = (
    ("department", "department", 9, ("COUPON", "MISCELLANEOUS")),
    ("category", "product_category", 15, ("COUPON/MISC ITEMS",)),
    ("store", "store_id", 10, ()),
    ("sku", "product_id", 15, ()),
)


@dataclass(frozen=True)
class Journey:
    """Daily sales (50, 365), their names, and the level of each."""

    values: NDArray[np.float64]
    dates: tuple[dt.date, ...]
    names: tuple[str, ...]
    levels: tuple[str, ...]


def journey() -> Journey:
    """Return total, departments, categories, shops and SKUs of 2017."""
    folder = data_folder()
    columns = ["store_id", "product_id", "sales_value", "transaction_timestamp"]
    lines = pq.read_table(folder / "transactions.parquet", columns=columns).to_pandas()
    about = pq.read_table(
        folder / "products.parquet", columns=["product_id", "department", "product_category"]
    ).to_pandas()
    lines["date"] = local_time(lines.pop("transaction_timestamp").to_numpy()).astype("datetime64[D]")
    lines = lines.merge(about, on="product_id", how="left")
    early = lines[lines["date"] < _CHOSEN_ON]
    days = pd.date_range("2017-01-01", "2017-12-31")
    rows, names, levels = [lines.groupby("date")["sales_value"].sum()], ["total"], ["total"]
    for level, column, count, left_out in _LEVELS:
        ranked = early.groupby(column)["sales_value"].sum().sort_values(ascending=False)
        for key in [k for k in ranked.index if k not in left_out][:count]:
            rows.append(lines[lines[column] == key].groupby("date")["sales_value"].sum())
            names.append(f"{level}:{key}")
            levels.append(level)
    values = np.stack([row.reindex(days).fillna(0.0).clip(lower=0.0).to_numpy(float) for row in rows])
    return Journey(values, tuple(d.date() for d in days), tuple(names), tuple(levels))
