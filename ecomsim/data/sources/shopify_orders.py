"""Shopify orders: one line a product; the order's own fields stand on its first line only."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecomsim.data.cells import MISSING, numbers
from ecomsim.data.source import Note, Piece, Sheet, Source
from ecomsim.data.sources._headers import listed
from ecomsim.data.sources._money import one_currency
from ecomsim.data.sources._products import products, sku_or

__all__ = ["SHOPIFY_ORDERS"]

_ORDER = {
    "created_at": "Created at",
    "paid_at": "Paid at",
    "status": "Financial Status",
    "goods_value": "Subtotal",
    "shipping": "Shipping",
    "discount": "Discount Amount",
    "refunded": "Refunded Amount",
}
_PAID = frozenset({"paid", "partially_paid", "partially_refunded", "refunded"})
_BASIS = Note(
    "by pay time; gmv is Total less what is still outstanding, with shipping and taxes, before refunds; 0 "
    "for orders never paid. goods_value is after discounts. The clock is the file's, its zone is not shifted"
)
_LINE = ("Lineitem name", "Lineitem sku", "Lineitem quantity", "Lineitem price")
_NAMELESS = Note("no order lines: the file has neither Lineitem sku nor Lineitem name")
_LINES = Note("an order's discounts are shared out over its lines so that they add up to its Subtotal")


def _parse(sheet: Sheet) -> list[Piece]:
    currency = one_currency(sheet, "Currency")
    order = _filled(sheet, "Name").ffill()
    places = order.fillna("").groupby(order.fillna(""), sort=False).ngroup().to_numpy()
    heads = np.unique(places, return_index=True)[1]
    first = _heads(sheet, places)
    paid = first["Financial Status"].str.casefold().isin(_PAID) | first["Paid at"].notna()
    line = pd.Series(False, index=sheet.cells.index)
    for header in _LINE:
        line |= _filled(sheet, header).notna()
    frame = pd.DataFrame({"order_id": order.iloc[heads].to_numpy()}, dtype="str")
    for name, header in _ORDER.items():
        frame[name] = first[header].to_numpy()
    frame["gmv"] = _amount(first, paid)
    quantity = numbers(sheet.get("Lineitem quantity"))
    units = pd.Series(quantity.values).where(line.to_numpy()).groupby(places).sum(min_count=1)
    units[np.unique(places[list(quantity.faults)])] = np.nan
    frame["units"] = units.to_numpy()
    notes = [_BASIS, *currency]
    named = any(h in sheet.cells.columns for h in ("Lineitem sku", "Lineitem name"))
    if not named:
        notes.append(Note(_NAMELESS.what, tuple(sheet.rows.tolist())))
    extra = ~line.to_numpy()
    extra[heads] = False
    if extra.any():
        notes.append(Note("further rows of an order without a product", tuple(sheet.rows[extra].tolist())))
    orders = Piece("orders", frame, sheet.rows[heads], tuple(notes))
    lines = sheet.take(line.to_numpy())
    if not named or not len(lines):
        return [orders]
    at = places[line.to_numpy()]
    sku, codes = sku_or(lines, "Lineitem sku", "Lineitem name")
    table = _line_table(lines, at, numbers(first["Subtotal"]).values, paid.to_numpy())
    table.insert(0, "order_id", order[line].to_numpy())
    table.insert(1, "sku", sku.to_numpy())
    known = products(lines, sku, {"name": "Lineitem name"})
    return [orders, Piece("order_lines", table, lines.rows, (_LINES, *codes)), known]


def _filled(sheet: Sheet, header: str) -> pd.Series[Any]:
    cells = sheet.get(header).astype("str").str.strip()
    return cells.where(~cells.isin(MISSING))


def _heads(sheet: Sheet, places: NDArray[Any]) -> pd.DataFrame:
    """Return each order's own fields: the first filled cell of its lines."""
    headers = [*_ORDER.values(), "Total", "Outstanding Balance"]
    cells = pd.DataFrame({h: _filled(sheet, h) for h in headers})
    return cells.groupby(places).first().astype("str")


def _amount(first: pd.DataFrame, paid: pd.Series[Any]) -> pd.Series[Any]:
    """Return what was paid, as text so that a bad Total is refused in its own words."""
    total, open_ = numbers(first["Total"]), numbers(first["Outstanding Balance"])
    left = np.maximum(total.values - np.nan_to_num(open_.values), 0.0)
    value = np.where(paid, left, 0.0)
    text = [repr(float(round(v, 2))) if np.isfinite(v) else "" for v in value]
    for place in total.faults:
        text[place] = str(first["Total"].iloc[place])
    return pd.Series(text, dtype="str")


def _line_table(
    lines: Sheet, at: NDArray[Any], subtotal: NDArray[np.float64], paid: NDArray[np.bool_]
) -> pd.DataFrame:
    """Return line number, units, price, discount and amount paid; `at` is each line's order."""
    units = numbers(lines.get("Lineitem quantity"))
    price = numbers(lines.get("Lineitem price"))
    own = np.nan_to_num(numbers(lines.get("Lineitem discount")).values)
    net = units.values * price.values - own
    sums = pd.Series(net).groupby(at).transform("sum").to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(np.isfinite(subtotal[at]) & (sums > 0), subtotal[at] / sums, 1.0)
    share = np.where(share > 1.0, 1.0, share)
    gmv = net * share
    frame = pd.DataFrame(
        {
            "line": pd.Series(at).groupby(at).cumcount().to_numpy() + 1.0,
            "units": lines.get("Lineitem quantity").to_numpy(),
            "price": lines.get("Lineitem price").to_numpy(),
            "discount": np.where(np.isfinite(gmv), units.values * price.values - gmv, np.nan).round(4),
            "gmv": np.where(paid[at], gmv, 0.0).round(4),
        }
    )
    return frame.astype({"units": "str", "price": "str"})


SHOPIFY_ORDERS = Source(
    name="shopify_orders",
    title="Shopify orders",
    platform="Shopify",
    tables=("orders", "order_lines", "products"),
    required=("Name", "Created at", "Lineitem quantity"),
    optional=listed(
        "Email, Financial Status, Paid at, Fulfillment Status, Fulfilled at, Accepts Marketing, "
        "Currency, Subtotal, Shipping, Taxes, Total, Discount Code, Discount Amount, Shipping Method, "
        "Lineitem name, Lineitem price, Lineitem compare at price, Lineitem sku, "
        "Lineitem requires shipping, Lineitem taxable, Lineitem fulfillment status, Billing Name, "
        "Billing Street, Billing Address1, Billing Address2, Billing Company, Billing City, Billing Zip, "
        "Billing Province, Billing Country, Billing Phone, Shipping Name, Shipping Street, "
        "Shipping Address1, Shipping Address2, Shipping Company, Shipping City, Shipping Zip, "
        "Shipping Province, Shipping Country, Shipping Phone, Notes, Note Attributes, Cancelled at, "
        "Payment Method, Payment Reference, Refunded Amount, Vendor, Outstanding Balance, Employee, "
        "Location, Device ID, Id, Tags, Risk Level, Source, Lineitem discount, Tax 1 Name, Tax 1 Value, "
        "Tax 2 Name, Tax 2 Value, Tax 3 Name, Tax 3 Value, Tax 4 Name, Tax 4 Value, Tax 5 Name, "
        "Tax 5 Value"
    ),
    parse=_parse,
    keep=("Name", "Lineitem name"),
    personal=listed(
        "Email, Notes, Note Attributes, Employee, Device ID, Payment Reference, Tags, Billing Name, "
        "Billing Street, Billing Address1, Billing Address2, Billing Company, Billing City, Billing Zip, "
        "Billing Province, Billing Country, Billing Phone, Shipping Name, Shipping Street, "
        "Shipping Address1, Shipping Address2, Shipping Company, Shipping City, Shipping Zip, "
        "Shipping Province, Shipping Country, Shipping Phone"
    ),
    uses=(
        *("Name", *_ORDER.values(), "Total", "Outstanding Balance", "Currency"),
        *("Lineitem quantity", "Lineitem name", "Lineitem sku", "Lineitem price", "Lineitem discount"),
    ),
)
