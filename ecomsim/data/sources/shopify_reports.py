"""Shopify analytics: visitors by day, funnel by UTM campaign, sales by product."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecomsim.data.cells import numbers
from ecomsim.data.source import Note, Piece, Sheet, Source, piece
from ecomsim.data.sources._channels import assign
from ecomsim.data.sources._headers import listed
from ecomsim.data.sources._products import products, sku_or
from ecomsim.data.sources._sums import parts

__all__ = ["SHOPIFY_FUNNEL", "SHOPIFY_SALES", "SHOPIFY_VISITORS"]

_VISITORS = Note("visitors are unique to the day (UV), not sessions")
_FUNNEL = Note(
    "one channel for each understood UTM campaign, the others under utm_ and their name; orders are sessions "
    "that completed checkout; a visitor who came by several terms counts at each"
)
_SALES = Note(
    "gmv is Gross sales less Discounts, without tax and shipping, before returns; units are Net items sold, "
    "so returned units are already taken off; refunds are Returns"
)
_RETURNED = Note("more units came back than were sold: units left open")


def _visitors(sheet: Sheet) -> list[Piece]:
    return [
        piece(sheet, "store_day", {"date": "Day", "visitors": "Online store visitors"}, notes=(_VISITORS,))
    ]


def _funnel(sheet: Sheet) -> list[Piece]:
    channel, strange = assign("utm", [sheet.get("UTM campaign")], unnamed="no_campaign", prefix="utm_")
    sums = {
        "visitors": "Online store visitors",
        "page_views": "Pageviews",
        "orders": "Sessions that completed checkout",
    }
    keys = {"date": sheet.get("Day"), "channel": channel}
    return [parts(sheet, "channel_day", keys, sums, notes=(_FUNNEL, *strange))]


def _sales(sheet: Sheet) -> list[Piece]:
    sku, notes = sku_or(sheet, "Product variant SKU", "Product title")
    sold, gross = numbers(sheet.get("Net items sold")), numbers(sheet.get("Gross sales"))
    cut, back = numbers(sheet.get("Discounts")), numbers(sheet.get("Returns"))
    units = sheet.get("Net items sold").astype("str").fillna("").mask(sold.values < 0, "")
    # Shopify writes discounts and returns below zero; older exports write them above it.
    gmv = gross.values - np.abs(np.nan_to_num(cut.values))
    paid = [repr(float(round(v, 4))) if np.isfinite(v) else "" for v in gmv]
    for read, header in ((gross, "Gross sales"), (cut, "Discounts")):
        for place in read.faults:
            paid[place] = str(sheet.cells[header].iloc[place])
    refunds = [repr(float(abs(v))) if np.isfinite(v) else "" for v in back.values]
    for place in back.faults:
        refunds[place] = str(sheet.cells["Returns"].iloc[place])
    frame = pd.DataFrame(
        {"date": sheet.get("Day"), "sku": sku, "units": units, "gmv": paid, "refunds": refunds},
        index=sheet.cells.index,
        dtype="str",
    )
    below = tuple(sheet.rows[np.flatnonzero(sold.values < 0)].tolist())
    told = (_SALES, *notes, *((Note(_RETURNED.what, below),) if below else ()))
    return [Piece("item_day", frame, sheet.rows, told), products(sheet, sku, {"name": "Product title"})]


SHOPIFY_VISITORS = Source(
    name="shopify_visitors",
    title="Shopify visitors by day",
    platform="Shopify",
    tables=("store_day",),
    required=("Day", "Online store visitors"),
    optional=("Sessions",),
    parse=_visitors,
    uses=("Day", "Online store visitors"),
)

SHOPIFY_FUNNEL = Source(
    name="shopify_campaign_funnel",
    title="Shopify funnel by UTM campaign and day",
    platform="Shopify",
    tables=("channel_day",),
    required=("Day", "UTM campaign", "Online store visitors"),
    optional=listed(
        "UTM term, Sessions with cart additions, Sessions that reached checkout, "
        "Sessions that completed checkout, Average session duration, Pageviews"
    ),
    parse=_funnel,
    uses=listed("Day, UTM campaign, Online store visitors, Pageviews, Sessions that completed checkout"),
)

SHOPIFY_SALES = Source(
    name="shopify_sales_by_product",
    title="Shopify sales by product and day",
    platform="Shopify",
    tables=("item_day", "products"),
    required=("Day", "Product title", "Gross sales"),
    optional=listed(
        "Product variant SKU, Month, Net items sold, Discounts, Returns, Net sales, Taxes, Total sales, "
        "Orders"
    ),
    parse=_sales,
    uses=listed("Day, Product title, Product variant SKU, Net items sold, Gross sales, Discounts, Returns"),
)
