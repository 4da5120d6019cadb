"""Regular and effective price of every product and day, from price changes, promotions and what was paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecomsim.calibrate.events import Event
from ecomsim.calibrate.history import Floats, History

__all__ = ["Prices", "read_prices"]


@dataclass(frozen=True)
class Prices:
    """Arrays (days, products) in money; NaN where nothing is known of a product.

    Attributes
    ----------
    regular : page price without promotions
    effective : regular less the promotions' cuts (cuts on one product add)
    in_scope : whether a promotion covers the product today
    reference : (products,) median regular price, the price at which shares are stated
    source : table the prices came from
    """

    regular: Floats
    effective: Floats
    in_scope: NDArray[np.bool_]
    reference: Floats
    source: str


def read_prices(history: History, events: Sequence[Event]) -> Prices:
    """Return all prices: from price changes, then what was paid outside promotions, then the page today."""
    cut, inside = _cuts(history, events)
    regular: Floats = np.full(cut.shape, np.nan)
    source = ""
    table = history.tables.get("prices")
    if table is not None:
        _from_changes(regular, table, history)
        source = "prices"
    unknown = np.asarray(np.isnan(regular).all(axis=0))
    if unknown.any():
        _from_paid(regular, unknown, history, inside)
        source = source or "item_day"
    products = history.tables.get("products")
    if products is not None and "price" in products:
        listed = pd.Series(products["price"].to_numpy(float), index=products["sku"].astype(str))
        listed = listed[~listed.index.duplicated()]
        page = listed.reindex(list(history.skus)).to_numpy(float)
        regular = np.where(np.isnan(regular), page[None, :], regular)
        source = source or "products"
    regular = np.where(regular > 0, regular, np.nan)
    count = len(history.skus)
    reference = np.full(count, np.nan)
    for k in range(count):
        known = regular[:, k][np.isfinite(regular[:, k])]
        reference[k] = np.median(known) if len(known) else np.nan
    return Prices(regular, regular * (1 - cut), inside, reference, source)


def _cuts(history: History, events: Sequence[Event]) -> tuple[Floats, NDArray[np.bool_]]:
    n, k = len(history.dates), len(history.skus)
    cut, inside = np.zeros((n, k)), np.zeros((n, k), bool)
    place = {sku: i for i, sku in enumerate(history.skus)}
    for event in events:
        first = int(history.dates.searchsorted(pd.Timestamp(event.start)))
        last = int(history.dates.searchsorted(pd.Timestamp(event.end), side="right"))
        if first >= last:
            continue
        for group in event.groups:
            at = np.arange(k) if group.everything else np.array([place[s] for s in group.skus], int)
            cut[first:last, at] += group.discount
            inside[first:last, at] |= group.discount > 0
    return np.minimum(cut, 0.95), inside


def _from_changes(regular: Floats, table: pd.DataFrame, history: History) -> None:
    """Fill forward each product's changes; days before the first change take the first price."""
    known = table[table["date"] <= history.dates[-1]].sort_values("date", kind="stable")
    row = np.clip(history.dates.searchsorted(pd.DatetimeIndex(known["date"])), 0, len(history.dates) - 1)
    at = pd.Index(history.skus).get_indexer(pd.Index(known["sku"].astype(str)))
    price = known["price"].to_numpy(float)
    good = at >= 0
    regular[row[good], at[good]] = price[good]
    regular[:] = pd.DataFrame(regular).ffill().bfill().to_numpy()


def _from_paid(
    regular: Floats, unknown: NDArray[np.bool_], history: History, inside: NDArray[np.bool_]
) -> None:
    """Take the amount paid a unit on days without promotion; a week's median, since baskets carry coupons."""
    units, gmv = history.item["units"][:, unknown], history.item["gmv"][:, unknown]
    with np.errstate(divide="ignore", invalid="ignore"):
        paid = np.where((units > 0) & (gmv > 0) & ~inside[:, unknown], gmv / units, np.nan)
    frame = pd.DataFrame(paid)
    smooth = frame.rolling(7, min_periods=1, center=True).median()
    regular[:, unknown] = smooth.ffill().bfill().to_numpy()
