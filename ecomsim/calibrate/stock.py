"""Stock as it stands, what is on its way, how suppliers deliver, and how the store reorders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecomsim.calibrate.history import Floats, History
from ecomsim.calibrate.ledger import Ledger
from ecomsim.calibrate.orders import plain_name
from ecomsim.store import CoverDays, Policy, Receipt, Supplier
from ecomsim.uncertain import LogNormal, mean_of

__all__ = ["Stock", "fit_stock"]

_STALE_DAYS = 7
# An order that is overdue is expected within this many days.
_OVERDUE_DAYS = 3


@dataclass(frozen=True)
class Stock:
    """By product: units, receipts, policy, supplier, MOQ and pack; suppliers by name."""

    on_hand: Mapping[str, float]
    on_order: Mapping[str, tuple[Receipt, ...]]
    policy: Mapping[str, Policy]
    supplier: Mapping[str, str]
    moq: Mapping[str, float]
    pack: Mapping[str, float]
    suppliers: Mapping[str, Supplier]


def fit_stock(history: History, alive: NDArray[np.bool_], ledger: Ledger) -> Stock:
    """Read and estimate everything about stock; only products `alive` are told about."""
    products = _by_sku(history.tables.get("products"))
    orders = _orders(history)
    rate = _rate(history)
    suppliers, of = _suppliers(history, products, orders, ledger)
    on_hand = _on_hand(history, products, rate, alive, ledger)
    pack = {s: max(1.0, _number(products, s, "pack", 1.0)) for s in history.skus}
    moq = {s: float(np.ceil(_number(products, s, "moq", 0.0) / pack[s]) * pack[s]) for s in history.skus}
    receipts = _receipts(
        history, orders, products, {s: mean_of(suppliers[of[s]].lead_days) for s in history.skus}
    )
    policy = _policies(
        history, orders, {s: mean_of(suppliers[of[s]].lead_days) for s in history.skus}, ledger
    )
    return Stock(on_hand, receipts, policy, of, moq, pack, suppliers)


def _by_sku(frame: pd.DataFrame | None) -> pd.DataFrame:
    if frame is None:
        return pd.DataFrame()
    out = frame.assign(sku=frame["sku"].astype(str)).drop_duplicates("sku", keep="last")
    return out.set_index("sku")


def _number(products: pd.DataFrame, sku: str, column: str, default: float) -> float:
    if column not in products or sku not in products.index:
        return default
    value: Any = products.at[sku, column]
    return default if pd.isna(value) else float(value)


def _orders(history: History) -> pd.DataFrame | None:
    """Return purchase orders placed by the as-of day; receipts after it are still open then."""
    frame = history.tables.get("purchase_orders")
    if frame is None:
        return None
    today = history.dates[-1]
    out = frame[frame["ordered_on"] <= today].copy()
    if "received_on" not in out:
        out["received_on"] = pd.NaT
    later = out["received_on"] > today
    out.loc[later, "received_on"] = pd.NaT
    if "received_units" in out:
        out.loc[later, "received_units"] = np.nan
    return out if len(out) else None


def _rate(history: History) -> Floats:
    """Return units sold a day by product, over eight weeks."""
    sold = np.nan_to_num(history.item["units"][-56:]).sum(axis=0)
    return np.asarray(sold / min(56, len(history.dates)))


def _on_hand(
    history: History, products: pd.DataFrame, rate: Floats, alive: NDArray[np.bool_], ledger: Ledger
) -> dict[str, float]:
    out: dict[str, float] = {}
    latest = np.full(len(history.skus), np.nan)
    if history.stock is not None:
        latest = pd.DataFrame(history.stock[-_STALE_DAYS:]).ffill().to_numpy()[-1]
    for k, sku in enumerate(history.skus):
        if np.isfinite(latest[k]):
            out[sku] = float(latest[k])
            continue
        listed = _number(products, sku, "on_hand", np.nan)
        if np.isfinite(listed):
            out[sku] = listed
            ledger.given(f"products.{sku}.on_hand", "products", "stock today, whatever the as-of day")
            continue
        out[sku] = float(np.ceil(30 * rate[k]))
        if alive[k]:
            ledger.note_assumed(
                f"products.{sku}.on_hand", "30 days of recent sales", "No stock is known.",
                "stock by day (stock_day)", rule="products.*.on_hand",
            )  # fmt: skip
    if history.stock is not None:
        ledger.given("products.*.on_hand", "stock_day")
    return out


def _suppliers(
    history: History, products: pd.DataFrame, orders: pd.DataFrame | None, ledger: Ledger
) -> tuple[dict[str, Supplier], dict[str, str]]:
    of = {}
    for sku in history.skus:
        name = products.at[sku, "supplier"] if "supplier" in products and sku in products.index else None
        of[sku] = plain_name(name) if isinstance(name, str) and name.strip() else "default"
    if orders is not None and "supplier" in orders:
        last = orders.drop_duplicates("sku", keep="last")
        for sku, name in zip(last["sku"].astype(str), last["supplier"], strict=True):
            if of.get(sku) == "default" and isinstance(name, str) and name.strip():
                of[sku] = plain_name(name)
    done = None if orders is None else orders[orders["received_on"].notna()]
    out = {}
    for name in dict.fromkeys([*of.values(), "default"]):
        rows = None
        if done is not None:
            mine = done["sku"].astype(str).map(of) == name
            rows = done[mine] if mine.any() else None
        out[name] = _supplier(name, rows, [s for s in history.skus if of[s] == name], products, ledger)
    return out, of


def _supplier(
    name: str, rows: pd.DataFrame | None, skus: list[str], products: pd.DataFrame, ledger: Ledger
) -> Supplier:
    path = f"suppliers.{name}"
    terms = mean_of(ledger.assume(f"{path}.terms_days", "suppliers.*.terms_days"))
    if rows is not None and len(rows) >= 5:
        days = (rows["received_on"] - rows["ordered_on"]).dt.days.to_numpy(float)
        days = days[days >= 0]
        centre = float(np.mean(days))
        sd = float(np.std(days, ddof=1))
        weekdays = rows["ordered_on"].dt.day_of_week.value_counts(normalize=True)
        reviews = tuple(sorted(int(w) for w in weekdays[weekdays > 0.05].index)) or (0, 2, 4)
        short = 0.0
        if "received_units" in rows and rows["received_units"].notna().any():
            full = rows[rows["received_units"].notna()]
            short = float(np.clip(1 - full["received_units"].sum() / max(full["units"].sum(), 1e-9), 0, 0.9))
        ledger.estimated(path, "purchase_orders", f"{len(days)} orders received")
        return Supplier(
            name, lead_days=LogNormal(max(centre, 0.5), min(0.3, sd / max(centre, 1) / np.sqrt(len(days)))),
            lead_sd_days=max(sd, 0.1), review_weekdays=reviews, short_rate=short, terms_days=terms,
        )  # fmt: skip
    listed = [_number(products, s, "lead_time_days", np.nan) for s in skus]
    listed = [x for x in listed if np.isfinite(x)]
    if listed:
        ledger.given(f"{path}.lead_days", "products")
        return Supplier(
            name, lead_days=float(np.mean(listed)), terms_days=terms,
            lead_sd_days=max(0.25 * float(np.mean(listed)), 0.5),
        )  # fmt: skip
    return Supplier(
        name, lead_days=ledger.assume(f"{path}.lead_days", "suppliers.*.lead_days"),
        lead_sd_days=ledger.assume(f"{path}.lead_sd_days", "suppliers.*.lead_sd_days"), terms_days=terms,
    )  # fmt: skip


def _receipts(
    history: History, orders: pd.DataFrame | None, products: pd.DataFrame, lead: Mapping[str, float]
) -> dict[str, tuple[Receipt, ...]]:
    today = history.as_of
    out: dict[str, list[Receipt]] = {s: [] for s in history.skus}
    if orders is None:
        for sku in history.skus:
            units = _number(products, sku, "on_order", 0.0)
            if units > 0:
                out[sku].append(Receipt(today + dt.timedelta(days=max(1, round(lead[sku] / 2))), units))
    else:
        waiting = orders[orders["received_on"].isna()]
        due = waiting["due_on"] if "due_on" in waiting else pd.Series(pd.NaT, index=waiting.index)
        for sku, ordered, promised, units in zip(
            waiting["sku"].astype(str), waiting["ordered_on"], due, waiting["units"], strict=True
        ):
            if sku not in out or not units > 0:
                continue
            expected = promised if pd.notna(promised) else ordered + pd.Timedelta(days=round(lead[sku]))
            late = expected.date() <= today
            day = today + dt.timedelta(days=_OVERDUE_DAYS) if late else expected.date()
            out[sku].append(Receipt(day, float(units)))
    return {s: tuple(sorted(r, key=lambda one: one.due)) for s, r in out.items()}


def _policies(
    history: History, orders: pd.DataFrame | None, lead: Mapping[str, float], ledger: Ledger
) -> dict[str, Policy]:
    """Return cover at ordering and after it, as past orders show; the store's median where there are few."""
    seen: dict[str, Floats] = {}
    if orders is not None and history.stock is not None:
        seen = _covers(history, orders)
    every = np.concatenate([np.zeros((0, 2)), *seen.values()])
    if len(every) < 10:
        slack = mean_of(ledger.assume("products.*.policy.reorder_days"))
        return {
            s: CoverDays(round(lead[s] + slack - 7, 1), round(lead[s] + slack + 7, 1)) for s in history.skus
        }
    ledger.estimated("products.*.policy", "purchase_orders", "cover before and after each order, median")
    common = np.median(every, axis=0)
    out: dict[str, Policy] = {}
    for sku in history.skus:
        own = seen.get(sku, np.zeros((0, 2)))
        middle = np.median(own, axis=0) if len(own) else common
        low, high = (len(own) * middle + 3 * common) / (len(own) + 3)
        out[sku] = CoverDays(round(float(low), 1), round(float(max(high, low + 1)), 1))
    return out


def _covers(history: History, orders: pd.DataFrame) -> dict[str, Floats]:
    """Return (cover before, cover after) of each past order, in days of the four weeks' sales before it."""
    assert history.stock is not None
    units = np.nan_to_num(history.item["units"])
    total = np.vstack([np.zeros((1, units.shape[1])), np.cumsum(units, axis=0)])
    place = {s: k for k, s in enumerate(history.skus)}
    out: dict[str, Floats] = {}
    # Plain numbers: pandas would spend longer on each of a hundred products than the arithmetic takes.
    frame = orders.sort_values("ordered_on", kind="stable")
    made, got = (_day_numbers(frame[c], history) for c in ("ordered_on", "received_on"))
    size = frame["units"].to_numpy(float)
    codes, names = pd.factorize(frame["sku"].astype(str))
    for code, sku in enumerate(names):
        k = place.get(str(sku))
        if k is None:
            continue
        mine = codes == code
        day, back, units_of = made[mine], got[mine], size[mine]
        d = np.clip(day.astype(int), 0, len(units) - 1)
        rate = (total[d, k] - total[np.maximum(d - 28, 0), k]) / 28
        stock = history.stock[d, k]
        waiting = (day[None, :] < day[:, None]) & (back[None, :] > day[:, None])
        good = (day >= 28) & (rate >= 0.2) & np.isfinite(stock)
        with np.errstate(divide="ignore", invalid="ignore"):
            before = (stock + waiting @ units_of) / rate
            after = before + units_of / rate
        if good.any():
            out[str(sku)] = np.stack([before[good], after[good]], axis=1)
    return out


def _day_numbers(days: pd.Series, history: History) -> Floats:
    """Return days since the history began, infinite where missing."""
    out = (days - history.dates[0]).dt.total_seconds().to_numpy(float) / 86400.0
    return np.where(np.isnan(out), np.inf, out)
