"""The canonical tables: what every export, template and mapped file becomes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ecomsim.data.schema import Column, Kind, Table

__all__ = ["TABLES"]


def _count(name: str, zh: str, means: str, **more: Any) -> Column:
    return Column(name, Kind.COUNT, zh, means, more.pop("unit", ""), low=0.0, **more)


def _money(name: str, zh: str, means: str, **more: Any) -> Column:
    return Column(name, Kind.MONEY, zh, means, "money", low=more.pop("low", 0.0), **more)


def _share(name: str, zh: str, means: str, **more: Any) -> Column:
    return Column(name, Kind.SHARE, zh, means, "fraction", low=0.0, high=1.0, **more)


def _text(name: str, zh: str, means: str, **more: Any) -> Column:
    return Column(name, Kind.TEXT, zh, means, "", **more)


def _seconds(name: str, zh: str, means: str, **more: Any) -> Column:
    return Column(name, Kind.SECONDS, zh, means, "seconds", low=0.0, **more)


def _date(name: str = "date", zh: str = "日期", means: str = "Local business day.", **more: Any) -> Column:
    return Column(name, Kind.DATE, zh, means, "day", required=more.pop("required", True), **more)


_SKU = _text(
    "sku",
    "货号",
    "Your own product code.",
    required=True,
    also=("商家编码", "SKU", "Variant SKU", "Lineitem sku"),
)
_CHANNEL = _text("channel", "渠道", "Channel name, e.g. free_search.", required=True, also=("来源", "source"))

_TABLES = (
    Table(
        "store_day",
        "Store by day",
        "店铺日报",
        "One day of the whole store.",
        ("date",),
        (
            _date(),
            _count("visitors", "访客数", "Unique visitors.", unit="people"),
            _count("page_views", "浏览量", "Page views."),
            _count("cart_buyers", "加购人数", "Visitors who put something in the cart.", unit="people"),
            _count("buyers", "支付买家数", "Visitors who paid.", unit="people"),
            _count("orders", "支付订单数", "Paid orders.", unit="orders"),
            _count("units", "支付件数", "Units paid for.", unit="units"),
            _money("gmv", "支付金额", "Paid amount before refunds."),
            _money("refunds", "成功退款金额", "Amount refunded on this day (completion clock)."),
            _count("new_buyers", "支付新买家数", "Buyers who never bought before.", unit="people"),
            _count("old_buyers", "支付老买家数", "Buyers who bought before.", unit="people"),
            _money("ad_spend", "推广花费", "Spend on all paid channels."),
            _money("commission", "淘宝客佣金", "Affiliate commission."),
        ),
    ),
    Table(
        "channel_day",
        "Channels by day",
        "渠道日报",
        "One channel on one day.",
        ("date", "channel"),
        (
            _date(),
            _CHANNEL,
            _count("visitors", "访客数", "Unique visitors of the channel; channels overlap.", unit="people"),
            _count("page_views", "浏览量", "Page views."),
            _money("spend", "花费", "Ad spend."),
            _count("impressions", "展现量", "Impressions."),
            _count("clicks", "点击量", "Clicks."),
            _count("buyers", "支付买家数", "Visitors of the channel who paid.", unit="people"),
            _count("orders", "订单数", "Orders the channel claims.", unit="orders"),
            _money("gmv", "支付金额", "Paid this day by the channel's visitors, by the store analytics."),
            _money("attributed_gmv", "成交金额", "GMV the ad platform claims, by its own window."),
            _money("commission", "佣金", "Commission paid (CPS)."),
        ),
    ),
    Table(
        "item_day",
        "Products by day",
        "商品日报",
        "One product on one day.",
        ("date", "sku"),
        (
            _date(),
            _SKU,
            _count("visitors", "商品访客数", "Unique visitors of the product page.", unit="people"),
            _count("page_views", "商品浏览量", "Page views."),
            _count("cart_units", "商品加购件数", "Units put in carts.", unit="units"),
            _count("buyers", "支付买家数", "Buyers.", unit="people"),
            _count("units", "支付件数", "Units paid for.", unit="units"),
            _money("gmv", "支付金额", "Paid amount before refunds."),
            _money("refunds", "成功退款金额", "Amount refunded on this day."),
            _text("status", "商品状态", "On sale or not, as the platform says."),
        ),
    ),
    Table(
        "item_channel_day",
        "Products by channel and day",
        "商品渠道日报",
        "One channel's visitors to one product on one day.",
        ("date", "item_id", "channel"),
        (
            _date(),
            _text("item_id", "商品ID", "Platform's product number.", required=True),
            _CHANNEL,
            _count("visitors", "访客数", "Unique visitors of its page; channels overlap.", unit="people"),
            _count("page_views", "浏览量", "Page views."),
            _count("cart_buyers", "加购人数", "Visitors who put it in the cart.", unit="people"),
            _count("buyers", "支付买家数", "Buyers.", unit="people"),
            _count("units", "支付件数", "Units paid for.", unit="units"),
            _money("gmv", "支付金额", "Paid amount before refunds."),
        ),
    ),
    Table(
        "orders",
        "Orders",
        "订单",
        "One order.",
        ("order_id",),
        (
            _text("order_id", "订单编号", "Order number.", required=True),
            Column(
                "created_at",
                Kind.DATETIME,
                "订单创建时间",
                "When the order was made.",
                "local time",
                required=True,
            ),
            Column(
                "paid_at", Kind.DATETIME, "订单付款时间", "When it was paid; empty if never.", "local time"
            ),
            _text("status", "订单状态", "Status as the platform says."),
            _text("channel", "渠道", "Channel, if known."),
            _money("goods_value", "商品金额", "Value of goods before shipping."),
            _money("shipping", "邮费", "Shipping paid by the buyer."),
            _money("discount", "优惠金额", "Discounts on the order."),
            _money("gmv", "买家实际支付金额", "Amount paid."),
            _money("refunded", "退款金额", "Amount refunded so far."),
            _count("units", "宝贝总数量", "Units in the order.", unit="units"),
            _text("customer", "客户", "Pseudonymous household or customer number, never a name."),
        ),
    ),
    Table(
        "order_lines",
        "Order lines",
        "订单明细",
        "One product in one order.",
        ("order_id", "line"),
        (
            _text("order_id", "订单编号", "Order number.", required=True),
            _count("line", "行号", "Position in the order, from 1.", required=True),
            _SKU,
            Column("units", Kind.NUMBER, "数量", "Units.", "units", low=0.0),
            _money("price", "单价", "Price of one unit before discounts."),
            _money("discount", "优惠金额", "Discounts on this line."),
            _money("gmv", "实付金额", "Amount paid for this line."),
        ),
    ),
    Table(
        "products",
        "Products",
        "商品",
        "One product (SKU).",
        ("sku",),
        (
            _SKU,
            _text("item_id", "商品ID", "Platform's product number.", also=("宝贝ID", "ASIN", "(Child) ASIN")),
            _text("name", "商品名称", "Name on the page."),
            _text("category", "类目", "Category."),
            _text(
                "role",
                "角色",
                "traffic (引流) or profit (利润).",
                choices=("traffic", "profit", "plain", "引流", "利润", "常规"),
            ),
            _money("price", "售价", "Price on the page today."),
            _money("cost", "成本", "Purchase cost."),
            _count("on_hand", "库存", "Units in the warehouse.", unit="units"),
            _count("on_order", "在途", "Units ordered, not received.", unit="units"),
            Column(
                "lead_time_days",
                Kind.NUMBER,
                "采购周期",
                "Days from order to receipt.",
                "days",
                low=0.0,
                high=365.0,
                also=("交期",),
            ),
            _count("moq", "起订量", "Minimum order.", unit="units"),
            _count("pack", "装箱数", "Order multiple.", unit="units"),
            _text("supplier", "供应商", "Supplier's name."),
        ),
        template=True,
    ),
    Table(
        "stock_day",
        "Stock by day",
        "库存日报",
        "Stock of one product at the end of one day.",
        ("date", "sku"),
        (
            _date(),
            _SKU,
            _count(
                "on_hand",
                "库存",
                "Units in the warehouse at day end.",
                unit="units",
                required=True,
                also=("可售库存",),
            ),
        ),
        template=True,
    ),
    Table(
        "purchase_orders",
        "Purchase orders",
        "采购单",
        "One product on one purchase order.",
        ("po_id", "sku"),
        (
            _text("po_id", "采购单号", "Purchase order number.", required=True),
            _SKU,
            _date("ordered_on", "下单日期", "Day ordered."),
            _date("due_on", "预计到货日期", "Day promised.", required=False),
            _date("received_on", "到货日期", "Day received; empty while open.", required=False),
            _count("units", "采购数量", "Units ordered.", unit="units", required=True),
            _count("received_units", "到货数量", "Units received.", unit="units"),
            _money("unit_cost", "采购单价", "Cost of one unit."),
            _text("supplier", "供应商", "Supplier's name."),
        ),
        template=True,
    ),
    Table(
        "prices",
        "Price changes",
        "调价记录",
        "Regular price of a product from a day on.",
        ("date", "sku"),
        (
            _date(means="First day of the price."),
            _SKU,
            _money("price", "售价", "Regular price.", required=True),
        ),
        template=True,
    ),
    Table(
        "promotions",
        "Promotion calendar",
        "活动日历",
        "One promotion, or one product group in it.",
        ("promotion", "scope"),
        (
            _text("promotion", "活动", "Short name, e.g. double11_2026.", required=True, also=("活动名称",)),
            _text("family", "活动类型", "double11, 618, double12, spring_festival or own.", also=("event",)),
            _date("start", "开始日期", "First day."),
            _date("end", "结束日期", "Last day."),
            _text("peaks", "爆发日", "Peak days, separated by ';'."),
            _text("scope", "范围", "'all', a category, a role, or SKUs separated by ';'."),
            _share("discount", "折扣力度", "Price cut on products in scope."),
            _money("threshold", "满", "满减 threshold."),
            _money("off", "减", "满减 reduction."),
            _count("times", "上限次数", "How often the reduction repeats."),
            _money("coupon_threshold", "券门槛", "Coupon threshold."),
            _money("coupon_off", "券面额", "Coupon value."),
            _count("before_days", "预热天数", "Warm-up days before the start.", unit="days"),
            _count("after_days", "余热天数", "Days the effect fades after the end.", unit="days"),
        ),
        template=True,
    ),
    Table(
        "service_day",
        "Customer service by day",
        "客服日报",
        "One day of the chat desk.",
        ("date",),
        (
            _date(),
            _count("enquirers", "咨询人数", "People who asked.", unit="people", also=("询单人数",)),
            _count("served", "接待人数", "People who got a human reply.", unit="people"),
            _count("unanswered", "未回复人数", "People nobody answered.", unit="people"),
            _seconds("first_response_s", "首次响应时长", "Mean time to the first human reply."),
            _seconds("response_s", "平均响应时长", "Mean time to a reply."),
            _seconds("handle_s", "平均接待时长", "Mean length of a chat."),
            _share("share_3min", "3分钟人工响应率", "Share answered by a human within 3 minutes."),
            _count("agent_messages", "客服消息条数", "Messages by agents."),
            _count("buyer_messages", "买家消息条数", "Messages by buyers."),
            _count("presale_enquirers", "询单人数", "People who asked before buying.", unit="people"),
            _count("presale_buyers", "当日付款人数", "Of these, who paid the same day.", unit="people"),
            _money("presale_gmv", "当日付款金额", "What they paid."),
            _money("basket_gmv", "销售额", "GMV of served buyers."),
            _count("basket_buyers", "销售人数", "Served buyers.", unit="people"),
            _count("basket_units", "销售量", "Units of served buyers.", unit="units"),
        ),
    ),
    Table(
        "contacts",
        "Contacts by half-hour",
        "分时咨询",
        "Chats arriving in one half-hour.",
        ("date", "slot", "kind"),
        (
            _date(),
            Column(
                "slot",
                Kind.TIME,
                "时段",
                "Start of the half-hour, HH:MM.",
                "local time",
                required=True,
                also=("时间",),
            ),
            _text(
                "kind",
                "类型",
                "presale (售前) or aftersale (售后).",
                choices=("presale", "aftersale", "售前", "售后"),
                also=("class",),
            ),
            _count("contacts", "咨询量", "Chats that arrived.", required=True),
            _count("answered", "接待量", "Chats answered."),
        ),
        template=True,
    ),
    Table(
        "roster",
        "Roster",
        "排班",
        "Agents on duty in one half-hour.",
        ("date", "slot", "team"),
        (
            _date(),
            Column("slot", Kind.TIME, "时段", "Start of the half-hour, HH:MM.", "local time", required=True),
            _text("team", "组", "Team's name.", also=("班组",)),
            Column("agents", Kind.NUMBER, "在岗人数", "Agents on duty.", "people", required=True, low=0.0),
        ),
        template=True,
    ),
    Table(
        "spend_plan",
        "Planned spend",
        "推广计划",
        "Planned spend of one channel on one day.",
        ("date", "channel"),
        (
            _date(),
            _CHANNEL,
            _money("spend", "计划花费", "Planned spend.", required=True),
        ),
        template=True,
    ),
    Table(
        "targets",
        "Targets",
        "目标",
        "Target of one metric for one month.",
        ("metric", "month"),
        (
            _text("metric", "指标", "gmv, net_sales, orders, ...", required=True),
            _text("month", "月份", "Month as YYYY-MM.", required=True),
            Column(
                "target", Kind.NUMBER, "目标值", "The target.", "the metric's unit", required=True, low=0.0
            ),
        ),
        template=True,
    ),
)

TABLES: Mapping[str, Table] = MappingProxyType({t.name: t for t in _TABLES})
"""Canonical tables by name."""
