"""Canonical tables as rows of one metric: the store, its channels, categories or products."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecomsim.calibrate import read_history
from ecomsim.checks import EcomsimError, require_name
from ecomsim.forecast.rows import Rows

__all__ = ["rows_from_tables"]

Floats: TypeAlias = NDArray[np.float64]

BY = ("", "channel", "category", "sku")
_HOME = {"channel": "channel_day", "category": "item_day", "sku": "item_day"}
_COLUMNS = {
    "channel_day": ("visitors", "buyers", "orders", "gmv"),
    "item_day": ("visitors", "buyers", "units", "gmv", "refunds"),
}
# Channels overlap by a few percent; beyond this the parts are not the whole in another cut.
_NEAR = (0.8, 1.25)


def rows_from_tables(tables: Mapping[str, pd.DataFrame], metric: str, by: str = "") -> Rows:
    """Return the days of `metric`; parts are scaled day by day so that they add up to the store's own total.

    Raises
    ------
    EcomsimError
        When no table holds the metric, or its parts are not parts of the store's total.
    """
    require_name(by, BY, "forecast.by", "level")
    whole, dates, notes = _whole(tables, metric)
    days = tuple(stamp.date() for stamp in dates)
    if not by:
        kept = np.isfinite(whole)
        first, last = int(np.argmax(kept)), len(kept) - int(np.argmax(kept[::-1]))
        return Rows(("total",), days[first:last], whole[None, first:last], {}, tuple(notes))
    frame = tables.get(_HOME[by])
    if metric == "net_sales" or frame is None or metric not in frame or not frame[metric].notna().any():
        known = [
            m for m in _COLUMNS[_HOME[by]] if frame is not None and m in frame and frame[m].notna().any()
        ]
        raise EcomsimError(
            f"forecast of '{metric}' by {by}", f"no '{metric}' in {_HOME[by]}", ", ".join(known) or "nothing",
            "Choose one of these, or forecast the whole store with by=''",
        )  # fmt: skip
    names, levels = _names(tables, by)
    parts = _wide(frame, metric, "channel" if by == "channel" else "sku", dates, names)
    if by == "category":
        groups = levels["category"]
        order = tuple(dict.fromkeys(groups))
        parts = np.stack([parts[np.array(groups) == g].sum(axis=0) for g in order])
        names, levels = order, {}
    sold = np.flatnonzero(np.abs(parts).sum(axis=1) > 0)
    names = tuple(names[i] for i in sold)
    levels = {level: [groups[i] for i in sold] for level, groups in levels.items()}
    parts = _to_whole(parts[sold], whole, f"{metric} by {by}", notes)
    full = np.flatnonzero(np.isfinite(parts).all(axis=0))
    first, last = int(full[0]), int(full[-1]) + 1
    if by in ("channel", "category"):
        levels[by] = list(names)
    return Rows(names, days[first:last], parts[:, first:last], levels, tuple(notes))


def _whole(tables: Mapping[str, pd.DataFrame], metric: str) -> tuple[Floats, pd.DatetimeIndex, list[str]]:
    """Return the store's own days of the metric, NaN where unknown."""
    history = read_history(tables)
    store = dict(history.store)
    notes: list[str] = []
    if metric == "net_sales":
        values = store["gmv"] - store["refunds"]
        if (values < 0).any():
            day = history.dates[int(np.flatnonzero(values < 0)[0])].date()
            raise EcomsimError(
                f"store_day on {day}", "more refunds than sales", "net sales of at least 0",
                "Forecast 'gmv' and 'refunds' apart",
            )  # fmt: skip
        notes.append("net_sales by day are GMV less refunds completed that day.")
    elif metric == "visitors" and np.nansum(history.channel["visitors"]) > 0:
        # As everywhere here visitors are summed over channels; the export's own total counts a visitor of two
        # channels once.
        parts = history.channel["visitors"]
        values = np.where(np.isfinite(parts).any(axis=1), np.nansum(parts, axis=1), np.nan)
        notes.append("visitors are the sum of channels, as in the simulation.")
        alone = np.isnan(values) & np.isfinite(store["visitors"])
        if alone.any():
            both = np.isfinite(values) & np.isfinite(store["visitors"])
            values[alone] = store["visitors"][alone] * values[both].sum() / store["visitors"][both].sum()
            notes.append(
                f"{int(alone.sum())} days have no channels; the store's own visitors, scaled, stand in."
            )
    elif metric in store:
        values = store[metric]
    elif metric in tables.get("store_day", pd.DataFrame()):
        values = tables["store_day"].set_index("date")[metric].reindex(history.dates).to_numpy(float)
    else:
        values = np.full(len(history.dates), np.nan)
    if not np.isfinite(values).any():
        have = [m for m, v in store.items() if np.isfinite(v).any()]
        raise EcomsimError(
            "forecast.metric", f"no days of '{metric}' in the tables", ", ".join(have), "Choose among these"
        )
    negative = np.flatnonzero(values < 0)
    if len(negative):
        raise EcomsimError(
            f"store_day on {history.dates[negative[0]].date()}, column '{metric}'", f"{values[negative[0]]:g}",
            f"{metric} of at least 0", "Refunds seem to be taken off: import the amount paid before refunds",
        )  # fmt: skip
    notes += [note for note in history.notes if "cold start" not in note and "are missing" not in note]
    return values, history.dates, notes


def _names(tables: Mapping[str, pd.DataFrame], by: str) -> tuple[tuple[str, ...], dict[str, list[str]]]:
    if by == "channel":
        frame = tables["channel_day"]
        return tuple(sorted(frame["channel"].astype(str).unique())), {}
    skus = tuple(sorted(tables["item_day"]["sku"].astype(str).unique()))
    products = tables.get("products")
    found: dict[str, Any] = {}
    if products is not None and "category" in products:
        listed = products.dropna(subset=["category"])
        found = dict(zip(listed["sku"].astype(str), listed["category"].astype(str), strict=True))
    if by == "category" and not found:
        raise EcomsimError(
            "products", "no column 'category'", "a category for each product",
            "Fill the products template (ecomsim template products), or forecast by='sku'",
        )  # fmt: skip
    return skus, {"category": [found.get(s, "uncategorised") for s in skus]} if found else {}


def _wide(
    frame: pd.DataFrame, metric: str, key: str, dates: pd.DatetimeIndex, names: tuple[str, ...]
) -> Floats:
    """Return (names, days); a name without a row on a day the table covers is 0 there."""
    row = pd.Index(names).get_indexer(pd.Index(frame[key].astype(str)))
    at = dates.get_indexer(pd.DatetimeIndex(frame["date"]))
    values = frame[metric].to_numpy(float)
    good = (row >= 0) & (at >= 0) & np.isfinite(values)
    out = np.zeros((len(names), len(dates)))
    np.add.at(out, (row[good], at[good]), values[good])
    return out


def _to_whole(parts: Floats, whole: Floats, what: str, notes: list[str]) -> Floats:
    """Scale each day's parts to the store's total; days without parts take the parts' usual shares."""
    total = parts.sum(axis=0)
    both = (total > 0) & (whole > 0)
    ratio = float(total[both].sum() / whole[both].sum()) if both.any() else 0.0
    if not _NEAR[0] <= ratio <= _NEAR[1]:
        raise EcomsimError(
            f"forecast of {what}", f"parts that add up to {ratio:.0%} of the store's total",
            f"{_NEAR[0]:.0%} to {_NEAR[1]:.0%}",
            "These parts are counted otherwise (a visitor of two products counts twice); forecast them as a "
            "metric of their own from a DataFrame, or the whole store with by=''",
        )  # fmt: skip
    if abs(ratio - 1) > 5e-4:
        notes.append(f"{what}: parts add up to {ratio:.1%} of the store; scaled day by day to its total.")
    lost = (total == 0) & (whole > 0)
    shares = np.divide(parts, total, out=np.zeros_like(parts), where=total > 0)
    if lost.any():
        notes.append(f"{what}: {int(lost.sum())} days have no parts; the parts' usual shares stand in.")
        usual = parts[:, both].sum(axis=1) / total[both].sum()
        shares[:, lost] = usual[:, None]
    return np.asarray(np.where(np.isfinite(whole), shares * whole, np.nan))
