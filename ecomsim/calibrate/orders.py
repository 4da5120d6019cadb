"""Tables made ready: days from single orders, and names that dotted paths can hold."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

__all__ = ["days_from_orders", "plain_name", "plain_names"]


def plain_name(name: str) -> str:
    """Return a name without the characters dotted paths need for themselves."""
    return name.strip().replace(".", "_").replace("*", "_")


def plain_names(frame: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """Return the table with SKUs and channels as dotted paths can name them; renamed ones are told."""
    for column in ("sku", "channel"):
        if column in frame:
            names = pd.Series(frame[column].dropna().unique(), dtype=object).astype(str)
            odd = names[names.str.contains(r"[.*]|^\s|\s$")].tolist()
            if odd:
                renamed = {name: plain_name(name) for name in odd}
                frame = frame.assign(**{column: frame[column].astype(str).replace(renamed)})
                notes.append(
                    f"{len(odd)} {column} names hold '.', '*' or blanks, e.g. '{odd[0]}': '_' stands there."
                )
    return frame


def days_from_orders(known: Mapping[str, pd.DataFrame], notes: list[str]) -> dict[str, pd.DataFrame]:
    """Return store_day and item_day made from orders and order_lines where those tables are missing.

    Parameters
    ----------
    known : canonical tables that have rows
    notes : gets a sentence for each table made here
    """
    made: dict[str, pd.DataFrame] = {}
    orders = known.get("orders")
    if orders is None:
        return made
    when = (
        orders["paid_at"] if "paid_at" in orders and orders["paid_at"].notna().any() else orders["created_at"]
    )
    paid = when.notna()
    day = when[paid].dt.normalize()
    orders = orders.loc[paid].assign(date=day)
    lines = known.get("order_lines")
    if "store_day" not in known:
        made["store_day"] = _store_day(orders, lines)
        notes.append("store_day is made from orders, by the day they were paid.")
    if "item_day" not in known and lines is not None:
        date_of = pd.Series(orders["date"].to_numpy(), index=pd.Index(orders["order_id"].astype(str)))
        dated = lines.assign(date=lines["order_id"].astype(str).map(date_of))
        dated = dated[dated["date"].notna()]
        columns = [c for c in ("units", "gmv") if c in dated]
        made["item_day"] = dated.groupby(["date", "sku"], as_index=False, sort=False)[columns].sum()
        notes.append("item_day is made from order lines, by the day their order was paid.")
    return made


def _store_day(orders: pd.DataFrame, lines: pd.DataFrame | None) -> pd.DataFrame:
    by_day = orders.groupby("date")
    out = pd.DataFrame({"orders": by_day["order_id"].count().astype(float)})
    has_customer = "customer" in orders and orders["customer"].notna().mean() > 0.5
    out["buyers"] = by_day["customer"].nunique().astype(float) if has_customer else out["orders"]
    if "gmv" in orders and orders["gmv"].notna().any():
        out["gmv"] = by_day["gmv"].sum()
    if "refunded" in orders and orders["refunded"].notna().any():
        out["refunds"] = by_day["refunded"].sum()
    if lines is not None and ("units" not in orders or orders["units"].isna().all()):
        units = lines.groupby("order_id")["units"].sum()
        orders = orders.assign(units=orders["order_id"].map(units))
    if "units" in orders:
        out["units"] = orders.groupby("date")["units"].sum()
    return out.reset_index()
