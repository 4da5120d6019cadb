"""Amazon Business Report by ASIN, in the present form and the one before it: no date column."""

from __future__ import annotations

from ecomsim.data.source import Note, Piece, Sheet, Source, piece
from ecomsim.data.sources._days import one_day
from ecomsim.data.sources._headers import listed
from ecomsim.data.sources._money import one_currency
from ecomsim.data.sources._products import products, sku_or

__all__ = ["AMAZON_BUSINESS", "AMAZON_BUSINESS_OLD"]

_BASIS = Note(
    "visitors are SESSIONS, above the number of people; B2B columns are part of the totals and are not "
    "added; gmv is Ordered Product Sales by the day of the order, before returns"
)
_SYMBOL = r"^([A-Z]{0,3}[$€£¥₹]|[A-Z]{3})"


def _report(sheet: Sheet, sessions: str, views: str) -> list[Piece]:
    currency = one_currency(sheet, "Ordered Product Sales", _SYMBOL)
    day = one_day(sheet, "Date")
    sku, notes = sku_or(sheet, "SKU", "(Child) ASIN")
    columns = {
        "visitors": sessions,
        "page_views": views,
        "units": "Units Ordered",
        "gmv": "Ordered Product Sales",
    }
    made = piece(sheet, "item_day", columns, notes=(_BASIS, *currency, *notes))
    frame = made.frame.assign(date=day, sku=sku)
    known = products(sheet, sku, {"item_id": "(Child) ASIN", "name": "Title"})
    return [Piece(made.table, frame, made.rows, made.notes), known]


def _present(sheet: Sheet) -> list[Piece]:
    return _report(sheet, "Sessions - Total", "Page Views - Total")


def _old(sheet: Sheet) -> list[Piece]:
    return _report(sheet, "Sessions", "Page Views")


AMAZON_BUSINESS = Source(
    name="amazon_business_report_asin",
    title="Amazon Business Report by child ASIN",
    platform="Amazon",
    tables=("item_day", "products"),
    required=("(Child) ASIN", "Sessions - Total"),
    optional=listed(
        "Date, (Parent) ASIN, Title, SKU, Sessions - Total - B2B, Session Percentage - Total, "
        "Session Percentage - Total - B2B, Page Views - Total, Page Views - Total - B2B, "
        "Page Views Percentage - Total, Page Views Percentage - Total - B2B, "
        "Featured Offer (Buy Box) Percentage, Featured Offer (Buy Box) Percentage - B2B, Units Ordered, "
        "Units Ordered - B2B, Unit Session Percentage, Unit Session Percentage - B2B, "
        "Ordered Product Sales, Ordered Product Sales - B2B, Total Order Items, Total Order Items - B2B"
    ),
    parse=_present,
    uses=listed(
        "Date, (Child) ASIN, SKU, Title, Sessions - Total, Page Views - Total, Units Ordered, "
        "Ordered Product Sales"
    ),
)

AMAZON_BUSINESS_OLD = Source(
    name="amazon_business_report_old",
    title="Amazon Business Report by child ASIN, older form",
    platform="Amazon",
    tables=("item_day", "products"),
    required=("(Child) ASIN", "Sessions"),
    optional=listed(
        "Date, (Parent) ASIN, Title, SKU, Session Percentage, Page Views, Page Views Percentage, "
        "Buy Box Percentage, Units Ordered, Unit Session Percentage, Ordered Product Sales, "
        "Total Order Items"
    ),
    parse=_old,
    uses=listed("Date, (Child) ASIN, SKU, Title, Sessions, Page Views, Units Ordered, Ordered Product Sales"),
)
