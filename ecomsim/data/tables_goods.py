"""Canonical tables of goods, stock, prices, promotions and plans."""

from __future__ import annotations

from ecomsim.data.columns import CHANNEL, SKU, count, date, money, share, text
from ecomsim.data.schema import Column, Kind, Table

__all__ = ["GOODS"]

GOODS = (
    Table(
        "products",
        "Products",
        "商品",
        "One product (SKU).",
        ("sku",),
        (
            SKU,
            text("item_id", "商品ID", "Platform's product number.", also=("宝贝ID", "ASIN", "(Child) ASIN")),
            text("name", "商品名称", "Name on the page.", moves=True),
            text("category", "类目", "Category."),
            text(
                "role",
                "角色",
                "traffic (引流) or profit (利润).",
                choices=("traffic", "profit", "plain"),
                choices_zh=("引流", "利润", "常规"),
            ),
            money("price", "售价", "Price on the page today.", moves=True),
            money("cost", "成本", "Purchase cost."),
            count("on_hand", "库存", "Units in the warehouse.", unit="units", moves=True),
            count("on_order", "在途", "Units ordered, not received.", unit="units", moves=True),
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
            count("moq", "起订量", "Minimum order.", unit="units"),
            count("pack", "装箱数", "Order multiple.", unit="units"),
            text("supplier", "供应商", "Supplier's name."),
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
            date(),
            SKU,
            count(
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
            text("po_id", "采购单号", "Purchase order number.", required=True),
            SKU,
            date("ordered_on", "下单日期", "Day ordered."),
            date("due_on", "预计到货日期", "Day promised.", required=False),
            date("received_on", "到货日期", "Day received; empty while open.", required=False, moves=True),
            count("units", "采购数量", "Units ordered.", unit="units", required=True),
            count("received_units", "到货数量", "Units received.", unit="units", moves=True),
            money("unit_cost", "采购单价", "Cost of one unit."),
            text("supplier", "供应商", "Supplier's name."),
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
            date(means="First day of the price."),
            SKU,
            money("price", "售价", "Regular price.", required=True),
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
            text("promotion", "活动", "Short name, e.g. double11_2026.", required=True, also=("活动名称",)),
            text("family", "活动类型", "double11, 618, double12, spring_festival or own.", also=("event",)),
            date("start", "开始日期", "First day."),
            date("end", "结束日期", "Last day."),
            text("peaks", "爆发日", "Peak days, separated by ';'."),
            text("scope", "范围", "'all', a category, a role, or SKUs separated by ';'.", default="all"),
            share("discount", "折扣力度", "Price cut on products in scope."),
            money("threshold", "满", "满减 threshold."),
            money("off", "减", "满减 reduction."),
            count("times", "上限次数", "How often the reduction repeats."),
            money("coupon_threshold", "券门槛", "Coupon threshold."),
            money("coupon_off", "券面额", "Coupon value."),
            count("before_days", "预热天数", "Warm-up days before the start.", unit="days"),
            count("after_days", "余热天数", "Days the effect fades after the end.", unit="days"),
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
            date(),
            CHANNEL,
            money("spend", "计划花费", "Planned spend.", required=True),
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
            text("metric", "指标", "gmv, net_sales, orders, ...", required=True),
            Column("month", Kind.MONTH, "月份", "Month as YYYY-MM.", "month", required=True),
            Column(
                "target", Kind.NUMBER, "目标值", "The target.", "the metric's unit", required=True, low=0.0
            ),
        ),
        template=True,
    ),
)
