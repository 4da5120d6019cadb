"""生意参谋 reports and customer service: cells as the platform writes them, exact canonical values."""

from __future__ import annotations

import pytest


def test_store_day(export) -> None:
    rows = [
        (
            "统计日期=2026-11-01 | 访客数=12,345 | 浏览量=4.5万 | 加购人数=980 | 支付买家数=1,021 | "
            "支付件数=1,530 | 支付子订单数=1,410 | 支付金额=123,456.78 | 成功退款金额=- | "
            "支付转化率=8.27% | 支付新买家数=700 | 支付老买家数=321 | 全站推广花费=- | "
            "关键词推广花费=1,000.50 | 精准人群推广花费=500.25 | 智能场景花费=- | 淘宝客佣金=88.00 | "
            "平均停留时长=2分30秒"
        ),
        "统计日期=2026/11/2 | 访客数=0 | 支付金额=0.00 | 支付买家数=0",
    ]
    got = export("sycm_store_sales_daily", rows, encoding="gb18030", after=[["合计", "12,345"]])
    assert got.rows(
        "store_day", "date", "visitors", "page_views", "cart_buyers", "buyers", "orders", "units"
    ) == [
        ("2026-11-01", 12345.0, 45000.0, 980.0, 1021.0, 1410.0, 1530.0),
        ("2026-11-02", 0.0, None, None, 0.0, None, None),
    ]
    assert got.rows("store_day", "gmv", "refunds", "new_buyers", "old_buyers", "ad_spend", "commission") == [
        (123456.78, None, 700.0, 321.0, 1500.75, 88.0),
        (0.0, None, None, None, None, None),
    ]
    assert "UV" in got.notes and "支付子订单数" in got.notes and "totals" in got.notes
    assert (got.fate("访客数"), got.fate("跳失率"), got.fate("关键词推广花费")) == (
        "mapped",
        "ignored",
        "mapped",
    )


def test_store_day_with_few_chosen_columns(export) -> None:
    rows = [{"支付金额": "10", "统计日期": "20261101"}]
    got = export("sycm_store_sales_daily", rows, header=["支付金额", "统计日期"])
    assert got.rows("store_day", "date", "gmv") == [("2026-11-01", 10.0)]
    assert "ad_spend" not in got.tables["store_day"] and "支付子订单数" not in got.notes


def test_a_bad_part_of_a_sum_refuses_its_row_and_no_other(export) -> None:
    rows = [
        "统计日期=2026-11-01 | 支付金额=10 | 关键词推广花费=abc | 全站推广花费=5",
        "统计日期=2026-11-02 | 支付金额=20 | 关键词推广花费=-3",
        "统计日期=2026-11-03 | 支付金额=30 | 关键词推广花费=7",
    ]
    got = export("sycm_store_sales_daily", rows)
    assert got.rows("store_day", "date", "ad_spend") == [("2026-11-03", 7.0)]
    assert got.bad == [(2, "ad_spend", "abc"), (3, "ad_spend", "-3")]


def test_item_day_and_the_products_it_names(export) -> None:
    rows = [
        (
            "统计日期=2026-11-01 | 商品ID=612345678901 | 商品名称=旧名 | 货号=A-1 | "
            "商品状态=当前在线 | 商品访客数=1,200 | 商品浏览量=3,400 | 商品加购件数=88 | "
            "支付买家数=40 | 支付件数=52 | 支付金额=5,200.00 | 成功退款金额=100.00 | "
            "商品支付转化率=3.33%"
        ),
        "统计日期=2026-11-02 | 商品ID=612345678901 | 商品名称=新名 | 货号=A-1 | 支付金额=-",
        "统计日期=2026-11-01 | 商品ID=700000000001 | 商品名称=无货号 | 货号=- | 支付金额=1.50",
    ]
    got = export("sycm_item_daily", rows, before=["商品明细", "统计日期：2026-11-01 至 2026-11-02", "", ""])
    assert got.rows(
        "item_day", "date", "sku", "visitors", "cart_units", "buyers", "units", "gmv", "refunds"
    ) == [
        ("2026-11-01", "A-1", 1200.0, 88.0, 40.0, 52.0, 5200.0, 100.0),
        ("2026-11-02", "A-1", None, None, None, None, None, None),
        ("2026-11-01", "700000000001", None, None, None, None, 1.5, None),
    ]
    assert got.rows("products", "sku", "item_id", "name") == [
        ("A-1", "612345678901", "新名"),
        ("700000000001", "700000000001", "无货号"),
    ]
    assert "商品ID stands in" in got.notes


def test_one_code_on_two_pages_is_added_up(export) -> None:
    rows = [
        "统计日期=2026-11-01 | 商品ID=1001 | 货号=A | 商品访客数=10 | 支付金额=100.00",
        "统计日期=2026-11-01 | 商品ID=1002 | 货号=A | 商品访客数=5 | 支付金额=7.50",
    ]
    got = export("sycm_item_daily", rows)
    assert got.rows("item_day", "date", "sku", "visitors", "gmv") == [("2026-11-01", "A", 15.0, 107.5)]
    assert "added up" in got.notes


LEVELS = ("一级来源", "二级来源", "三级来源")


def source(day: str, path: str, visitors: str, buyers: str, gmv: str) -> dict[str, str]:
    return dict(zip(("日期", *LEVELS), (day, *path.split("/")), strict=True)) | {
        "访客数": visitors,
        "支付买家数": buyers,
        "支付金额": gmv,
        "访客数变化": "-1.20%",
    }


def test_traffic_sources_take_leaves_only_and_know_the_channels(export) -> None:
    rows = [
        source("2026-11-01", "平台流量/汇总/汇总", "9,999", "999", "9,999.00"),
        source("2026-11-01", "平台流量/手淘搜索/汇总", "1,000", "30", "3,000.00"),
        source("2026-11-01", "平台流量/购物车/汇总", "300", "60", "6,000.00"),
        source("2026-11-01", "平台流量/购物车/购物车", "300", "60", "6,000.00"),
        source("2026-11-01", "平台流量/我的淘宝/我的淘宝", "200", "20", "2,000.00"),
        source("2026-11-01", "平台流量/淘宝直播/店铺直播", "50", "1", "80.00"),
        source("2026-11-01", "平台流量/聚划算/汇总", "40", "2", "160.00"),
        source("2026-11-01", "广告流量/汇总/汇总", "8,888", "888", "8,888.00"),
        source("2026-11-01", "广告流量/关键词推广/搜索", "700", "14", "1,400.00"),
        source("2026-11-01", "广告流量/精准人群推广/汇总", "500", "5", "450.00"),
        source("2026-11-01", "广告流量/淘宝客/淘客直播", "90", "3", "-"),
        source("2026-11-01", "平台流量/星际来客/汇总", "7", "0", "0.00"),
    ]
    before = ["流量来源构成", "终端：全部", "统计粒度：日", "统计时间：2026-11-01 至 2026-11-01", ""]
    got = export("sycm_traffic_source_store_v4", rows, before=before, encoding="gb18030")
    assert sorted(got.rows("channel_day", "channel", "visitors", "buyers", "gmv")) == [
        ("affiliate", 90.0, 3.0, None),
        ("display", 500.0, 5.0, 450.0),
        ("event", 40.0, 2.0, 160.0),
        ("free_search", 1000.0, 30.0, 3000.0),
        ("live", 50.0, 1.0, 80.0),
        ("paid_search", 700.0, 14.0, 1400.0),
        ("returning", 500.0, 80.0, 8000.0),
        ("星际来客", 7.0, 0.0, 0.0),
    ]
    assert "星际来客" in got.notes and "overlap" in got.notes and "subtotal" in got.notes
    assert "attributed_gmv" not in got.tables["channel_day"], "that is the ad platform's claim"


@pytest.mark.parametrize(
    ("level", "channel"),
    [
        ("直通车", "paid_search"),
        ("引力魔方", "display"),
        ("钻石展位", "display"),
        ("人群推广", "display"),
        ("短视频", "live"),
        ("逛逛", "live"),
        ("已买到商品", "returning"),
        ("大促会场", "event"),
        ("手淘推荐", "recommend"),
        ("百亿补贴", "event"),
        ("淘宝客", "affiliate"),
        ("手淘拍立淘", "free_search"),
        ("淘内免费其他", "other_free"),
        ("双11主会场", "event"),
        ("品牌直播间", "live"),
        ("货品全站推广", "paid_search"),
    ],
)
def test_names_of_traffic_sources(export, level: str, channel: str) -> None:
    got = export(
        "sycm_traffic_source_store_v4", [source("2026-11-01", f"平台流量/{level}/汇总", "1", "0", "0")]
    )
    assert got.rows("channel_day", "channel") == [(channel,)]


ITEM_SOURCES = [
    "流量来源=汇总 | 来源明细=汇总 | 访客数=100 | 支付金额=900.00",
    "流量来源=手淘搜索 | 来源明细=汇总 | 访客数=60 | 浏览量=90 | 支付金额=500.00 | 支付件数=5",
    ("流量来源=手淘搜索 | 来源明细=搜索结果 | 访客数=60 | 浏览量=90 | 支付金额=500.00 | 支付件数=5"),
    "流量来源=购物车 | 来源明细= | 访客数=40 | 支付买家数=4 | 支付金额=400.00 | 加购人数=2",
]


def test_traffic_sources_of_a_product_take_day_and_product_from_around_the_table(export) -> None:
    before = ["商品流量来源", "商品ID：612345678901", "统计日期：2026-11-05", "", ""]
    got = export("sycm_traffic_source_item", ITEM_SOURCES, before=before)
    columns = (
        "date",
        "item_id",
        "channel",
        "visitors",
        "page_views",
        "cart_buyers",
        "buyers",
        "units",
        "gmv",
    )
    assert sorted(got.rows("item_channel_day", *columns)) == [
        ("2026-11-05", "612345678901", "free_search", 60.0, 90.0, None, None, 5.0, 500.0),
        ("2026-11-05", "612345678901", "returning", 40.0, None, 2.0, 4.0, None, 400.0),
    ]
    by_name = export(
        "sycm_traffic_source_item", ITEM_SOURCES, file="商品流量来源_612345678901_2026-11-06.csv"
    )
    assert {r[:2] for r in by_name.rows("item_channel_day", *columns)} == {("2026-11-06", "612345678901")}


@pytest.mark.parametrize(
    ("file", "lacks", "remedy"),
    [
        ("流量.csv", "no day", "2026-11-01"),
        ("流量_2026-11-01.csv", "no product", "商品ID"),
        ("流量_612345678901_2026-11-01_2026-11-30.csv", "30 days", "day by day"),
    ],
)
def test_a_product_report_without_day_or_product_is_refused_with_the_remedy(
    export, file: str, lacks: str, remedy: str
) -> None:
    got = export("sycm_traffic_source_item", ITEM_SOURCES, file=file)
    assert got.sheet.status == "refused" and not got.tables
    assert lacks in got.sheet.why and remedy in got.sheet.remedy + got.sheet.why


def test_customer_service(export) -> None:
    rows = [
        (
            "日期=2026-11-01 | 咨询人数=1,020 | 接待人数=1,000 | 未回复人数=20 | 首次响应时长=35秒 | "
            "平均响应时长=00:01:05 | 平均接待时长=12分30秒 | 3分钟人工响应率=96.50% | "
            "客服消息条数=6,100 | 买家消息条数=5,000 | 答问比=122.00%"
        ),
        "日期=2026-11-02 | 咨询人数=10 | 首次响应时长=42.5 | 3分钟人工响应率=-",
    ]
    got = export("cs_reception", rows, after=[["合计", "1,030"]])
    columns = (
        "enquirers",
        "served",
        "unanswered",
        "first_response_s",
        "response_s",
        "handle_s",
        "share_3min",
    )
    assert got.rows("service_day", "date", *columns, "agent_messages", "buyer_messages") == [
        ("2026-11-01", 1020.0, 1000.0, 20.0, 35.0, 65.0, 750.0, 0.965, 6100.0, 5000.0),
        ("2026-11-02", 10.0, None, None, 42.5, None, None, None, None, None),
    ]
    asked = "日期=2026-11-01 | 询单人数=800 | 当日付款人数=240 | 当日付款金额=24,000.00 | 最终付款人数=260"
    got = export("cs_inquiry_performance", [asked], encoding="gb18030")
    assert got.rows("service_day", "date", "presale_enquirers", "presale_buyers", "presale_gmv") == [
        ("2026-11-01", 800.0, 240.0, 24000.0)
    ]
    basket = "日期=2026-11-01 | 销售额=2.4万 | 销售量=300 | 销售人数=240 | 客单价=100.00"
    got = export("cs_basket", [basket])
    assert got.rows("service_day", "date", "basket_gmv", "basket_buyers", "basket_units") == [
        ("2026-11-01", 24000.0, 240.0, 300.0)
    ]
