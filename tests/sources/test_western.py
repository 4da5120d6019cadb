"""Shopify, GA4, Google Ads and Amazon."""

from __future__ import annotations

import pytest

AD = ("date", "channel", "spend", "impressions", "clicks", "orders", "attributed_gmv")

SHOPIFY = [
    "Name=#1001 | Email=a@example.com | Financial Status=paid | Paid at=2026-11-01 10:00:30 +0800 | "
    "Currency=USD | "
    "Subtotal=90.00 | Shipping=5.00 | Taxes=1.00 | Total=96.00 | Discount Amount=10.00 | "
    "Created at=2026-11-01 10:00:00 +0800 | Lineitem quantity=2 | Lineitem name=Mug | Lineitem price=30.00 | "
    "Lineitem sku=MUG-1 | Refunded Amount=0.00 | Billing Name=A Person",
    "Name=#1001 | Lineitem quantity=1 | Lineitem name=Lamp | Lineitem price=40.00",
    "Name=#1002 | Financial Status=pending | Currency=USD | Subtotal=30.00 | Total=30.00 | "
    "Created at=2026-11-01 11:00:00 +0800 | Lineitem quantity=1 | Lineitem name=Mug | Lineitem price=30.00 | "
    "Lineitem sku=MUG-1",
    "Name=#1003 | Financial Status=partially_refunded | Paid at=2026-11-02 09:00:00 +0800 | Currency=USD | "
    "Subtotal=60.00 | Total=60.00 | Refunded Amount=30.00 | Created at=2026-11-02 08:59:00 +0800 | "
    "Lineitem quantity=2 | Lineitem name=Mug | Lineitem price=30.00 | Lineitem sku=MUG-1",
]


def test_shopify_orders_and_their_lines(export) -> None:
    got = export("shopify_orders", SHOPIFY)
    columns = ("order_id", "created_at", "paid_at", "status", "goods_value", "shipping", "discount", "gmv")
    assert got.rows("orders", *columns, "refunded", "units") == [
        ("#1001", "2026-11-01 10:00:00", "2026-11-01 10:00:30", "paid", 90.0, 5.0, 10.0, 96.0, 0.0, 3.0),
        ("#1002", "2026-11-01 11:00:00", None, "pending", 30.0, None, None, 0.0, None, 1.0),
        ("#1003", "2026-11-02 08:59:00", "2026-11-02 09:00:00", "partially_refunded", 60.0, None, None, 60.0,
         30.0, 2.0),
    ]  # fmt: skip
    # 100.00 of goods were paid with 90.00: each line gives a tenth.
    assert got.rows("order_lines", "order_id", "line", "sku", "units", "price", "discount", "gmv") == [
        ("#1001", 1.0, "MUG-1", 2.0, 30.0, 6.0, 54.0),
        ("#1001", 2.0, "Lamp", 1.0, 40.0, 4.0, 36.0),
        ("#1002", 1.0, "MUG-1", 1.0, 30.0, 0.0, 0.0),
        ("#1003", 1.0, "MUG-1", 2.0, 30.0, 0.0, 60.0),
    ]
    assert got.rows("products", "sku", "name") == [("Lamp", "Lamp"), ("MUG-1", "Mug")]
    assert got.fate("Billing Name") == got.fate("Email") == "personal" and got.fate("Name") == "mapped"
    assert "USD" in got.notes


def test_amounts_of_two_currencies_are_refused(export) -> None:
    mixed = [*SHOPIFY, SHOPIFY[2].replace("USD", "EUR").replace("1002", "1004")]
    got = export("shopify_orders", mixed)
    assert got.sheet.status == "refused" and "EUR, USD" in got.sheet.why
    ads = "Campaign type=Search | Campaign=x | Day=2026-11-01 | Currency code={} | Cost=1"
    got = export("google_ads", [ads.format("USD"), ads.format("CNY")])
    assert got.sheet.status == "refused" and "CNY, USD" in got.sheet.why


def test_google_ads(export) -> None:
    rows = [
        "Campaign type=Search | Campaign=brand | Day=2026-11-01 | Currency code=USD | Cost=1,234.56 | "
        "Clicks=1,000 | "
        "Impr.=20,000 | CTR=5.00% | Conversions=12.50 | Conv. value=2,500.00",
        "Campaign type=Performance Max | Campaign=all | Day=2026-11-01 | Currency code=USD | "
        "Cost=100.00 | Clicks=10 | "
        "Impr.=100 | Conversions=-- | Conv. value=--",
        "Campaign type=Demand Gen | Campaign=new | Day=2026-11-01 | Currency code=USD | Cost=50.00",
    ]
    before = ["Campaign report", '"November 1, 2026 - November 1, 2026"']
    got = export("google_ads", rows, before=before, after=[["Total: Account", "", "", "USD", "1,384.56"]])
    assert sorted(got.rows("channel_day", *AD)) == [
        ("2026-11-01", "display", 50.0, None, None, None, None),
        ("2026-11-01", "paid_search", 1334.56, 20100.0, 1010.0, 12.5, 2500.0),
    ]
    assert "totals" in got.notes and "USD" in got.notes and not got.bad


def test_ga4_adds_pages_and_devices_up(export) -> None:
    key = "Date=20261101 | Session default channel group={} | Landing page={} | Device category={} | "
    rows = [
        key.format("Organic Search", "/a", "mobile") + "Sessions=12 | Active users=10 | Total revenue=99.50",
        key.format("Organic Search", "/b", "desktop") + "Sessions=6 | Active users=5 | Total revenue=0",
        key.format("Email", "/a", "mobile") + "Sessions=4 | Active users=3 | Total revenue=20",
        key.format("Direct", "/a", "mobile") + "Sessions=8 | Active users=7 | Total revenue=30",
        key.format("Paid Social", "/a", "mobile") + "Sessions=2 | Active users=2 | Total revenue=0",
    ]
    before = ["# ----------", "# Traffic acquisition", "# 20261101-20261101", "# ----------", ""]
    got = export("ga4_channel_daily", rows, before=before)
    expected = [("display", 2.0, 0.0), ("free_search", 15.0, 99.5), ("returning", 10.0, 50.0)]
    assert sorted(got.rows("channel_day", "channel", "visitors", "gmv")) == expected
    assert "Active users" in got.notes and "SESSIONS" not in got.notes
    header = ["Date", "Session default channel group", "Sessions"]
    short = ["Date=2026-11-01 | Session default channel group=Cross-network | Sessions=12"]
    got = export("ga4_channel_daily", short, header=header)
    assert got.rows("channel_day", "date", "channel", "visitors") == [("2026-11-01", "paid_search", 12.0)]
    assert "SESSIONS" in got.notes


def test_shopify_reports(export) -> None:
    day = "Day=2026-11-01 | Online store visitors=1,234 | Sessions=1,500"
    assert export("shopify_visitors", [day]).rows("store_day", "date", "visitors") == [("2026-11-01", 1234.0)]
    funnel = "Day=2026-11-01 | UTM campaign={} | UTM term={} | Online store visitors={} | Pageviews={} | "
    rows = [
        funnel.format("newsletter_nov", "a", "100", "300") + "Sessions that completed checkout=9",
        funnel.format("newsletter_nov", "b", "20", "50") + "Sessions that completed checkout=1",
        funnel.format("Gold Rush", "", "5", "6") + "Sessions that completed checkout=0",
        funnel.format("", "", "700", "900") + "Sessions that completed checkout=12",
    ]
    got = export("shopify_campaign_funnel", rows)
    assert sorted(got.rows("channel_day", "channel", "visitors", "page_views", "orders")) == [
        ("no_campaign", 700.0, 900.0, 12.0),
        ("returning", 120.0, 350.0, 10.0),
        ("utm_gold_rush", 5.0, 6.0, 0.0),
    ]
    sales = "Day=2026-11-01 | Product title={} | Product variant SKU={} | Net items sold={} | "
    rows = [
        sales.format("Mug", "MUG-1", "9")
        + "Gross sales=300.00 | Discounts=-30.00 | Returns=-27.00 | Net sales=243.00",
        sales.format("Lamp", "", "-1")
        + "Gross sales=0.00 | Discounts=0.00 | Returns=-40.00 | Net sales=-40.00",
    ]
    got = export("shopify_sales_by_product", rows)
    assert got.rows("item_day", "date", "sku", "units", "gmv", "refunds") == [
        ("2026-11-01", "MUG-1", 9.0, 270.0, 27.0),
        ("2026-11-01", "Lamp", None, 0.0, 40.0),
    ]
    assert "came back" in got.notes


NEW = (
    "(Parent) ASIN=B0P | (Child) ASIN=B0C1 | Title=Mug | SKU=MUG-1 | Sessions - Total=1,200 | "
    "Sessions - Total - B2B=100 | Page Views - Total=2,000 | Units Ordered=30 | Units Ordered - B2B=2 | "
    "Unit Session Percentage=2.50% | Ordered Product Sales=$1,234.50 | Ordered Product Sales - B2B=$80.00"
)
OLD = (
    "(Child) ASIN=B0C1 | Title=Mug | SKU= | Sessions=1,200 | Page Views=2,000 | Units Ordered=30 | "
    "Ordered Product Sales=US$1,234.50"
)


@pytest.mark.parametrize(
    ("name", "row", "sku"),
    [("amazon_business_report_asin", NEW, "MUG-1"), ("amazon_business_report_old", OLD, "B0C1")],
)
def test_amazon_takes_the_day_from_the_name(export, name: str, row: str, sku: str) -> None:
    got = export(name, [row], file="BusinessReport_2026-11-01.csv")
    columns = ("date", "sku", "visitors", "page_views", "units", "gmv")
    assert got.rows("item_day", *columns) == [("2026-11-01", sku, 1200.0, 2000.0, 30.0, 1234.5)]
    assert got.rows("products", "sku", "item_id", "name") == [(sku, "B0C1", "Mug")]
    assert "SESSIONS" in got.notes
    dated = export(name, [row + " | Date=2026-11-03"], header=["Date", *_headers(row)])
    assert dated.rows("item_day", *columns)[0][0] == "2026-11-03"


def _headers(row: str) -> list[str]:
    return [part.split("=")[0].strip() for part in row.split("|")]


@pytest.mark.parametrize("file", ["BusinessReport.csv", "BusinessReport-11-01-26.csv"])
def test_amazon_without_a_day_is_refused_with_the_remedy(export, file: str) -> None:
    got = export("amazon_business_report_asin", [NEW], file=file)
    assert got.sheet.status == "refused"
    assert "no day" in got.sheet.why and "'Date'" in got.sheet.remedy


def test_amazon_over_a_month_or_in_two_currencies_is_refused(export) -> None:
    got = export("amazon_business_report_asin", [NEW], file="2026-11-01_2026-11-30.csv")
    assert got.sheet.status == "refused" and "30 days" in got.sheet.why
    two = [NEW, NEW.replace("$", "€").replace("B0C1", "B0C2")]
    got = export("amazon_business_report_asin", two, file="2026-11-01.csv")
    assert got.sheet.status == "refused" and "one currency" in got.sheet.why
