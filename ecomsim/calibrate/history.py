"""The canonical tables as aligned arrays of days: what every department's estimate reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecomsim.calibrate.orders import days_from_orders, plain_name, plain_names
from ecomsim.checks import EcomsimError

__all__ = ["Floats", "History", "read_history"]

Floats: TypeAlias = NDArray[np.float64]

_STORE = ("visitors", "buyers", "orders", "units", "gmv", "refunds")
_CHANNEL = ("visitors", "buyers", "spend", "commission", "attributed_gmv")
_ITEM = ("units", "gmv", "refunds")
_SERVICE = (
    "enquirers", "served", "unanswered", "first_response_s", "handle_s", "share_3min", "agent_messages",
    "buyer_messages", "presale_enquirers", "presale_buyers",
)  # fmt: skip
# Beyond this many products a day of simulation costs more than the tail tells; the tail is sold by category.
MOST_PRODUCTS = 300


@dataclass(frozen=True)
class History:
    """Days by quantity, NaN where a table does not say.

    Attributes
    ----------
    dates : every day from the first to the last with sales or visitors, without gaps
    store, service : {quantity: (n,)}
    channel : {quantity: (n, channels)}
    item : {quantity: (n, products)}
    stock : (n, products) units at day end, or None
    tables : the tables themselves, for what is not a day
    notes : what was missing or odd, told to the user
    """

    dates: pd.DatetimeIndex
    channels: tuple[str, ...]
    skus: tuple[str, ...]
    store: Mapping[str, Floats]
    channel: Mapping[str, Floats]
    item: Mapping[str, Floats]
    service: Mapping[str, Floats]
    stock: Floats | None
    tables: Mapping[str, pd.DataFrame]
    notes: tuple[str, ...] = ()
    merged: Mapping[str, str] = field(default_factory=dict)

    @property
    def as_of(self) -> dt.date:
        """Last day known."""
        return self.dates[-1].date()

    @property
    def first(self) -> dt.date:
        """First day known."""
        return self.dates[0].date()

    def until(self, day: dt.date) -> History:
        """Return the history as it was known at the end of `day`; later days are dropped and told."""
        if self.dates[-1] < pd.Timestamp(day):
            raise EcomsimError(
                "calibrate.as_of",
                str(day),
                f"{self.first} to {self.as_of}",
                "Import the days up to then first",
            )
        keep = int(self.dates.searchsorted(pd.Timestamp(day), side="right"))
        if keep == len(self.dates):
            return self
        if keep == 0:
            raise EcomsimError(
                "calibrate.as_of", str(day), f"{self.first} to {self.as_of}", "Choose a day inside the data"
            )
        late = len(self.dates) - keep
        return replace(
            self,
            dates=self.dates[:keep],
            store=_cut(self.store, keep),
            channel=_cut(self.channel, keep),
            item=_cut(self.item, keep),
            service=_cut(self.service, keep),
            stock=None if self.stock is None else self.stock[:keep],
            notes=(*self.notes, f"{late} days after {day} are not used."),
        )


def _cut(group: Mapping[str, Floats], keep: int) -> Mapping[str, Floats]:
    return MappingProxyType({name: values[:keep] for name, values in group.items()})


def read_history(tables: Mapping[str, pd.DataFrame]) -> History:
    """Align the canonical tables on one run of days.

    Raises
    ------
    EcomsimError
        When no table says what was sold on which day.
    """
    notes: list[str] = []
    known = {
        name: plain_names(frame, notes) for name, frame in tables.items() if frame is not None and len(frame)
    }
    known.update(days_from_orders(known, notes))
    span = [known[t]["date"] for t in ("store_day", "channel_day", "item_day") if t in known]
    if not span:
        raise EcomsimError(
            "calibrate", "no day with sales", "store_day, channel_day, item_day or orders",
            "Import the store's daily export or its orders",
        )  # fmt: skip
    first, last = min(s.min() for s in span), max(s.max() for s in span)
    dates = pd.date_range(first.normalize(), last.normalize(), freq="D")
    channels = _names(known.get("channel_day"), "channel", by="visitors")
    merged = _tail(known)
    item = known.get("item_day")
    if item is not None and merged:
        codes, names = pd.factorize(item["sku"])
        item = item.assign(sku=np.array([merged.get(str(s), str(s)) for s in names], object)[codes])
        item = item.groupby(["date", "sku"], as_index=False)[[c for c in _ITEM if c in item]].sum(min_count=1)
        notes.append(
            f"{len(merged)} products that sell little are simulated together, by category, as "
            f"{len(set(merged.values()))} products (at most {MOST_PRODUCTS} are simulated one by one)."
        )
    skus = _skus(item, known.get("products"), merged)
    if "products" in known:
        listed = known["products"]
        known["products"] = listed[listed["sku"].isin(set(skus))].reset_index(drop=True)
    stock = _wide(known.get("stock_day"), "on_hand", dates, "sku", skus) if "stock_day" in known else None
    history = History(
        dates=dates,
        channels=channels,
        skus=skus,
        store=_long(known.get("store_day"), _STORE, dates),
        channel=MappingProxyType(
            {q: _wide(known.get("channel_day"), q, dates, "channel", channels) for q in _CHANNEL}
        ),
        item=MappingProxyType({q: _wide(item, q, dates, "sku", skus, fill=0.0) for q in _ITEM}),
        service=_long(known.get("service_day"), _SERVICE, dates),
        stock=stock,
        tables=MappingProxyType(known),
        merged=MappingProxyType(merged),
    )
    return _complete(history, notes)


def _names(frame: pd.DataFrame | None, column: str, by: str) -> tuple[str, ...]:
    if frame is None:
        return ()
    size = frame.groupby(column)[by].sum() if by in frame else frame.groupby(column).size()
    return tuple(str(x) for x in size.sort_values(ascending=False).index)


def _tail(known: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Which product goes into which merged one; empty when all can be simulated one by one."""
    item = known.get("item_day")
    if item is None or item["sku"].nunique() <= MOST_PRODUCTS:
        return {}
    sold = item.groupby("sku")["gmv" if "gmv" in item else "units"].sum().sort_values(ascending=False)
    category: dict[str, str] = {}
    products = known.get("products")
    if products is not None and "category" in products:
        category = dict(zip(products["sku"], products["category"].fillna(""), strict=True))
    room = MOST_PRODUCTS - min(len(set(category.values())), 60) - 1
    shown = set(list(dict.fromkeys(category.get(s, "") for s in sold.index))[:60])
    return {
        s: plain_name(f"other_{category[s]}") if category.get(s, "") in shown and category.get(s) else "other"
        for s in sold.index[room:]
    }  # fmt: skip


def _skus(
    item: pd.DataFrame | None, products: pd.DataFrame | None, merged: Mapping[str, str]
) -> tuple[str, ...]:
    listed = [] if products is None else [s for s in products["sku"].astype(str) if s not in merged]
    sold = [] if item is None else sorted(str(x) for x in pd.unique(item["sku"]))
    if merged:
        known = set(sold)
        listed = [s for s in listed if s in known]
    return tuple(dict.fromkeys([*listed, *sold])) or ("all",)


def _long(
    frame: pd.DataFrame | None, columns: tuple[str, ...], dates: pd.DatetimeIndex
) -> Mapping[str, Floats]:
    out = {}
    for column in columns:
        if frame is None or column not in frame:
            out[column] = np.full(len(dates), np.nan)
        else:
            out[column] = frame.set_index("date")[column].reindex(dates).to_numpy(float)
    return MappingProxyType(out)


def _wide(
    frame: pd.DataFrame | None,
    column: str,
    dates: pd.DatetimeIndex,
    key: str,
    names: tuple[str, ...],
    fill: float = np.nan,
) -> Floats:
    """Days down, names across; with `fill`, days the table has for anyone hold it where a name is absent."""
    out = np.full((len(dates), len(names)), np.nan)
    if frame is None or column not in frame:
        return out
    row = dates.get_indexer(pd.DatetimeIndex(frame["date"]))
    at = pd.Index(names).get_indexer(pd.Index(frame[key]))
    values = frame[column].to_numpy(float)
    good = (row >= 0) & (at >= 0)
    if not np.isnan(fill):
        out[np.unique(row[good])] = fill
        good &= ~np.isnan(values)
    out[row[good], at[good]] = values[good]
    return out


def _complete(history: History, notes: list[str]) -> History:
    """Fill totals the store table lacks from channels and products, and tell gaps."""
    store = {name: values.copy() for name, values in history.store.items()}
    for name, parts in (("visitors", history.channel["visitors"]), ("buyers", history.channel["buyers"]),
                        ("units", history.item["units"]), ("gmv", history.item["gmv"]),
                        ("refunds", history.item["refunds"])):  # fmt: skip
        if np.isnan(store[name]).all() and not np.isnan(parts).all():
            known = ~np.isnan(parts).all(axis=1)
            store[name][known] = np.nansum(parts[known], axis=1)
            notes.append(f"store_day.{name} is missing; the sum of its parts stands in.")
    gone = np.isnan(store["gmv"]) & np.isnan(store["orders"]) & np.isnan(store["buyers"])
    if gone.any() and not gone.all():
        days = ", ".join(str(d.date()) for d in history.dates[gone][:5])
        notes.append(
            f"{int(gone.sum())} days are missing ({days}{', ...' if gone.sum() > 5 else ''}); left out."
        )
    if len(history.dates) < 28:
        notes.append(
            f"Only {len(history.dates)} days of history: cold start. Weekday, season and events fall back on "
            "their priors and the level is the mean of these days."
        )
    return replace(history, store=MappingProxyType(store), notes=tuple(notes))
