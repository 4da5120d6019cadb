"""What merged tables should make a person ask: missing days, claims above the whole, promotions twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["LOOKED_AT", "questions"]

LOOKED_AT = ("store_day", "channel_day", "item_day", "service_day", "contacts", "products", "promotions")
"""Tables `questions` reads."""

_DAILY = {
    "store_day": "gmv",
    "channel_day": "gmv",
    "item_day": "gmv",
    "service_day": "enquirers",
    "contacts": "contacts",
}


def questions(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return what is odd about the tables as a whole, one sentence each."""
    found = []
    for name, measure in _DAILY.items():
        frame = tables.get(name)
        if frame is None or not len(frame):
            continue
        found += _missing_days(name, frame)
        if measure in frame.columns:
            found += _short_last_day(name, frame, measure)
    found += _claims(tables)
    found += _impossible(tables)
    found += _twice_promoted(tables)
    found += _without_money(tables)
    return found


def _missing_days(name: str, frame: pd.DataFrame) -> list[str]:
    days = np.unique(frame["date"].to_numpy().astype("datetime64[D]"))
    lacking = np.setdiff1d(np.arange(days[0], days[-1] + 1), days)
    if not len(lacking):
        return []
    starts = np.flatnonzero(np.diff(lacking, prepend=lacking[0] - 2) > np.timedelta64(1, "D"))
    spans = []
    for at, start in enumerate(starts):
        end = (starts[at + 1] if at + 1 < len(starts) else len(lacking)) - 1
        spans.append(str(lacking[start]) if start == end else f"{lacking[start]} to {lacking[end]}")
    shown = ", ".join(spans[:5]) + (f" and {len(spans) - 5} more spans" if len(spans) > 5 else "")
    return [
        f"{name}: {len(lacking)} days are missing from {days[0]} to {days[-1]} ({shown}): closed, "
        "zero or unknown? Export them, or import them with 0 where nothing was sold; unknown until then"
    ]


def _short_last_day(name: str, frame: pd.DataFrame, measure: str) -> list[str]:
    by_day = frame.groupby("date")[measure].sum(min_count=1).dropna()
    if len(by_day) < 29:
        return []
    last = by_day.iloc[-1]
    usual = float(by_day.iloc[-29:-1].iloc[-7::-7].median())
    if usual > 0 and last < 0.4 * usual:
        day = by_day.index[-1].date()
        return [
            f"{name}: {day} has {measure} {last:,.0f} where its weekday usually has {usual:,.0f}: "
            "if the day was not over when it was exported, export it again"
        ]
    return []


def _claims(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    store, channel = tables.get("store_day"), tables.get("channel_day")
    if store is None or channel is None or not len(store) or not len(channel):
        return []
    found = []
    whole = store.set_index("date")
    pairs = (("visitors", "visitors"), ("gmv", "gmv"), ("orders", "orders"), ("attributed_gmv", "gmv"))
    for mine, theirs in pairs:
        if mine not in channel or theirs not in whole:
            continue
        total = channel.groupby("date")[mine].sum(min_count=1)
        both = pd.DataFrame({"sum": total, "store": whole[theirs]}).dropna()
        over = both[both["sum"] > both["store"] * 1.001 + 0.5]
        if len(over):
            ratio = float(over["sum"].sum() / max(over["store"].sum(), 1e-9))
            found.append(
                f"channel_day: the channels' {mine} add up to {ratio:.2f} times the store's {theirs} "
                f"on {len(over)} days: more than one channel claims the same; kept as claimed"
            )
    return found


def _impossible(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    found = []
    for name in ("store_day", "channel_day", "item_day"):
        frame = tables.get(name)
        if frame is None or "visitors" not in frame:
            continue
        if "orders" in frame:
            bare = frame[(frame["visitors"] == 0) & (frame["orders"] > 0)]
            if len(bare):
                day, who = (
                    bare["date"].iloc[0].date(),
                    f" ({bare['channel'].iloc[0]})" if "channel" in bare else "",
                )
                found.append(
                    f"{name}: orders without a visitor in {len(bare)} rows, first on {day}{who}: "
                    "leave visitors empty where they were not counted"
                )
        if "buyers" not in frame:
            continue
        odd: Any = frame["buyers"] > frame["visitors"]
        if odd.any():
            first = frame.loc[odd, "date"].iloc[0].date()
            found.append(f"{name}: more buyers than visitors in {int(odd.sum())} rows, first on {first}")
    return found


def _twice_promoted(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    frame = tables.get("promotions")
    if frame is None or not len(frame):
        return []
    rows: list[dict[Any, Any]] = frame.sort_values("start").to_dict("records")
    found = []
    whole = [one for one in rows if one["scope"] == "all"]
    for i, one in enumerate(whole):
        for other in whole[i + 1 :]:
            siblings = one["promotion"] != other["promotion"] and one["family"] == other["family"]
            if siblings and other["start"] <= one["end"]:
                found.append(
                    f"promotions: {_when(one)} and {_when(other)} of family '{one['family']}' overlap: "
                    "both act. Remove one, or move it"
                )
    return found


def _when(row: Mapping[Any, Any]) -> str:
    return f"'{row['promotion']}' ({row['start']:%Y-%m-%d} to {row['end']:%Y-%m-%d})"


def _without_money(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    products, sold = tables.get("products"), tables.get("item_day")
    if products is None or sold is None or not len(products) or not len(sold):
        return []
    units = sold.groupby("sku")["units"].sum()
    known = products.set_index("sku")["cost"]
    lacking = [str(sku) for sku in units[units > 0].index if np.isnan(known.get(sku, np.nan))]
    if not lacking:
        return []
    shown = ", ".join(lacking[:5]) + (f" and {len(lacking) - 5} more" if len(lacking) > 5 else "")
    return [
        f"products: {len(lacking)} products are sold without a known cost ({shown}): add it, or it is assumed"
    ]
