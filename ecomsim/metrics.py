"""Every metric once: id, unit, definition, labels in English and Chinese, how it adds up, which direction is good.

A metric that is recorded per day by the simulator has `over="day"`; a ratio is derived from recorded ones, so it is
never averaged: `ratio` names its numerator and denominator, and both are added up first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from ecomsim.checks import require_name

__all__ = ["METRICS", "Adds", "Good", "Metric", "label", "metric"]


class Adds(Enum):
    """How days make a month."""

    SUM = "sum"
    LAST = "last"
    MEAN = "mean"
    RATIO = "ratio"


class Good(Enum):
    """Which direction a planner likes."""

    MORE = "more"
    LESS = "less"
    NEITHER = "neither"


@dataclass(frozen=True)
class Metric:
    """One metric of the store.

    Attributes
    ----------
    id : stable name used in code, files and paths
    unit : 'people', 'orders', 'units', 'money', 'share', 'seconds', 'hours', 'SKU-days', 'score', ...
    en, zh : labels
    means : definition, basis and clock in one sentence
    group : traffic, conversion, service, stock, fulfilment, money
    adds : how days add up
    good : the good direction
    ratio : numerator and denominator ids when `adds` is RATIO
    """

    id: str
    unit: str
    en: str
    zh: str
    means: str
    group: str
    adds: Adds = Adds.SUM
    good: Good = Good.NEITHER
    ratio: tuple[str, str] | None = None


_S, _L, _M = Adds.SUM, Adds.LAST, Adds.MEAN
_UP, _DOWN, _SAME = Good.MORE, Good.LESS, Good.NEITHER

_RECORDED = (
    Metric(
        "visitors",
        "people",
        "Visitors",
        "访客数",
        "Unique visitors a day, summed over channels.",
        "traffic",
        _S,
        _UP,
    ),
    Metric(
        "buyers", "people", "Buyers", "支付买家数", "Visitors who paid, by pay time.", "conversion", _S, _UP
    ),
    Metric(
        "orders",
        "orders",
        "Orders",
        "支付订单数",
        "Paid orders, by pay time, before cancellations.",
        "conversion",
        _S,
        _UP,
    ),
    Metric(
        "demand", "units", "Demand", "需求件数", "Units buyers wanted, whatever the stock.", "stock", _S, _UP
    ),
    Metric(
        "units",
        "units",
        "Units sold",
        "支付件数",
        "Units paid for: demand that stock allowed, substitutes included.",
        "stock",
        _S,
        _UP,
    ),
    Metric(
        "lost_sales",
        "units",
        "Lost sales",
        "缺货损失件数",
        "Units wanted and not sold, substitution taken off.",
        "stock",
        _S,
        _DOWN,
    ),
    Metric(
        "substituted",
        "units",
        "Substituted units",
        "替代件数",
        "Units sold in place of a product that ran out.",
        "stock",
    ),
    Metric(
        "stockout_days",
        "SKU-days",
        "Stock-out days",
        "缺货天数",
        "Product-days that ended with no stock.",
        "stock",
        _S,
        _DOWN,
    ),
    Metric(
        "on_hand",
        "units",
        "Stock on hand",
        "库存件数",
        "Units in the warehouse at the end of the day.",
        "stock",
        _L,
    ),
    Metric(
        "on_order", "units", "Stock on order", "在途件数", "Units ordered and not yet received.", "stock", _L
    ),
    Metric("received", "units", "Units received", "入库件数", "Units received from suppliers.", "stock"),
    Metric(
        "returned",
        "units",
        "Units returned to stock",
        "退货入库件数",
        "Returned units fit for sale again.",
        "stock",
    ),
    Metric("shrinkage", "units", "Shrinkage", "盘亏件数", "Units lost in the warehouse.", "stock", _S, _DOWN),
    Metric(
        "contacts",
        "contacts",
        "Pre-sale chats",
        "售前咨询人数",
        "Visitors who asked before buying.",
        "service",
    ),
    Metric(
        "aftersale_contacts",
        "contacts",
        "After-sale chats",
        "售后咨询人数",
        "Buyers who asked after buying.",
        "service",
    ),
    Metric(
        "answered",
        "contacts",
        "Chats answered",
        "接待人数",
        "Chats that got a human reply.",
        "service",
        _S,
        _UP,
    ),
    Metric(
        "answered_in_time",
        "contacts",
        "Answered in time",
        "及时回复人数",
        "Chats whose first human reply came within the promise.",
        "service",
        _S,
        _UP,
    ),
    Metric(
        "abandoned",
        "contacts",
        "Chats abandoned",
        "咨询流失人数",
        "Askers who left before a reply.",
        "service",
        _S,
        _DOWN,
    ),
    Metric(
        "first_response_time_s",
        "seconds",
        "First response time",
        "首次响应时长",
        "Mean time to the first human reply, over answered chats.",
        "service",
        _M,
        _DOWN,
    ),
    Metric("agent_hours", "hours", "Agent hours", "客服工时", "Hours of agents on duty.", "service"),
    Metric(
        "occupancy",
        "share",
        "Occupancy",
        "客服忙碌率",
        "Share of on-duty time spent on chats.",
        "service",
        _M,
    ),
    Metric(
        "service_backlog",
        "contacts",
        "Chats left overnight",
        "留存咨询数",
        "Chats waiting at the end of the day.",
        "service",
        _L,
        _DOWN,
    ),
    Metric("shipped", "orders", "Parcels shipped", "发货单数", "Orders handed to the carrier.", "fulfilment"),
    Metric(
        "late",
        "orders",
        "Late parcels",
        "延迟发货单数",
        "Orders shipped after the promise.",
        "fulfilment",
        _S,
        _DOWN,
    ),
    Metric(
        "cancelled",
        "orders",
        "Cancelled orders",
        "取消订单数",
        "Late orders the buyer cancelled before shipping.",
        "fulfilment",
        _S,
        _DOWN,
    ),
    Metric(
        "fulfilment_backlog",
        "orders",
        "Orders waiting",
        "待发货单数",
        "Paid orders not yet shipped at the end of the day.",
        "fulfilment",
        _L,
        _DOWN,
    ),
    Metric(
        "score",
        "score",
        "Store score",
        "店铺评分",
        "Mean of the three score parts carried to tomorrow.",
        "fulfilment",
        _L,
        _UP,
    ),
    Metric(
        "rank",
        "share",
        "Search rank",
        "搜索权重",
        "Sales-weighted search rank of the assortment; 1 is undisturbed.",
        "traffic",
        _M,
        _UP,
    ),
    Metric(
        "gmv",
        "money",
        "GMV",
        "支付金额",
        "Amount paid before refunds, by pay time, after all discounts.",
        "money",
        _S,
        _UP,
    ),
    Metric(
        "refunds",
        "money",
        "Refunds",
        "退款金额",
        "Amount refunded for sales of this day, by pay time.",
        "money",
        _S,
        _DOWN,
    ),
    Metric("net_sales", "money", "Net sales", "净支付金额", "GMV less refunds.", "money", _S, _UP),
    Metric(
        "cogs",
        "money",
        "Cost of goods",
        "商品成本",
        "Purchase cost of units sold, less that of units returned to stock.",
        "money",
        _S,
        _DOWN,
    ),
    Metric(
        "platform_fees",
        "money",
        "Platform and payment fees",
        "平台及支付费用",
        "Commission and payment fee on net sales.",
        "money",
        _S,
        _DOWN,
    ),
    Metric(
        "coupons",
        "money",
        "Coupons and thresholds",
        "优惠券与满减",
        "Discounts applied to baskets, already off GMV; shown for information.",
        "money",
    ),
    Metric(
        "protection",
        "money",
        "Price protection",
        "价保退差",
        "Differences refunded after a price cut.",
        "money",
        _S,
        _DOWN,
    ),
    Metric("ad_spend", "money", "Ad spend", "推广花费", "Spend on paid channels.", "money", _S, _DOWN),
    Metric(
        "commission",
        "money",
        "Affiliate commission",
        "淘客佣金",
        "Commission rate times attributed GMV.",
        "money",
        _S,
        _DOWN,
    ),
    Metric(
        "freight", "money", "Freight", "运费", "Outbound and return freight and packing.", "money", _S, _DOWN
    ),
    Metric("wages", "money", "Wages", "客服工资", "Wages of agents on duty.", "money", _S, _DOWN),
    Metric(
        "holding", "money", "Holding cost", "仓储资金成本", "Cost of keeping stock a day.", "money", _S, _DOWN
    ),
    Metric(
        "margin",
        "money",
        "Contribution margin",
        "贡献毛利",
        "Net sales less goods, fees, protection, ads, commission, freight, wages and holding.",
        "money",
        _S,
        _UP,
    ),
    Metric(
        "cash",
        "money",
        "Cash flow",
        "现金流",
        "Payouts received less everything paid out, on the day it moves.",
        "money",
        _S,
        _UP,
    ),
)

_RATIOS = (
    Metric(
        "conversion_rate",
        "share",
        "Conversion",
        "支付转化率",
        "Buyers / visitors.",
        "conversion",
        Adds.RATIO,
        _UP,
        ("buyers", "visitors"),
    ),
    Metric(
        "aov",
        "money",
        "GMV per buyer",
        "客单价",
        "GMV / paying buyers.",
        "conversion",
        Adds.RATIO,
        _UP,
        ("gmv", "buyers"),
    ),
    Metric(
        "aov_orders",
        "money",
        "GMV per order",
        "笔单价",
        "GMV / paid orders (the Western AOV).",
        "conversion",
        Adds.RATIO,
        _UP,
        ("gmv", "orders"),
    ),
    Metric(
        "uv_value",
        "money",
        "Visitor value",
        "UV价值",
        "GMV / visitors; refunds not removed.",
        "conversion",
        Adds.RATIO,
        _UP,
        ("gmv", "visitors"),
    ),
    Metric(
        "items_per_order",
        "units",
        "Items per order",
        "连带率",
        "Units / orders.",
        "conversion",
        Adds.RATIO,
        _UP,
        ("units", "orders"),
    ),
    Metric(
        "fill_rate",
        "share",
        "Fill rate",
        "满足率",
        "Units sold / units wanted.",
        "stock",
        Adds.RATIO,
        _UP,
        ("units", "demand"),
    ),
    Metric(
        "service_level",
        "share",
        "Answered in time",
        "及时回复率",
        "Chats answered within the promise / chats.",
        "service",
        Adds.RATIO,
        _UP,
        ("answered_in_time", "contacts"),
    ),
    Metric(
        "abandon_rate",
        "share",
        "Chats abandoned",
        "咨询流失率",
        "Askers who left / chats.",
        "service",
        Adds.RATIO,
        _DOWN,
        ("abandoned", "contacts"),
    ),
    Metric(
        "late_share",
        "share",
        "Late share",
        "延迟发货率",
        "Late parcels / parcels shipped.",
        "fulfilment",
        Adds.RATIO,
        _DOWN,
        ("late", "shipped"),
    ),
    Metric(
        "refund_rate",
        "share",
        "Refund rate",
        "退款率",
        "Refunds / GMV, by amount and pay time.",
        "money",
        Adds.RATIO,
        _DOWN,
        ("refunds", "gmv"),
    ),
    Metric(
        "roi",
        "ratio",
        "GMV per ad yuan",
        "整体投产比",
        "GMV / ad spend, all GMV of the store.",
        "money",
        Adds.RATIO,
        _UP,
        ("gmv", "ad_spend"),
    ),
    Metric(
        "expense_ratio",
        "share",
        "Ad cost ratio",
        "费比",
        "Ad spend / GMV.",
        "money",
        Adds.RATIO,
        _DOWN,
        ("ad_spend", "gmv"),
    ),
    Metric(
        "margin_rate",
        "share",
        "Margin rate",
        "贡献毛利率",
        "Contribution margin / GMV.",
        "money",
        Adds.RATIO,
        _UP,
        ("margin", "gmv"),
    ),
)

METRICS: Mapping[str, Metric] = MappingProxyType({m.id: m for m in _RECORDED + _RATIOS})
"""Every metric by id, recorded ones first."""


def metric(name: str, where: str = "metric") -> Metric:
    """Return the metric called `name`, or raise naming the nearest known one.

    Examples
    --------
    >>> metric("aov").ratio
    ('gmv', 'buyers')
    """
    return METRICS[require_name(name, list(METRICS), where, "metric")]


def label(name: str, language: str = "en") -> str:
    """Return the label of a metric in 'en' or 'zh'.

    Examples
    --------
    >>> label("gmv", "zh")
    '支付金额'
    """
    require_name(language, ["en", "zh"], "language", "language")
    found = metric(name)
    return found.zh if language == "zh" else found.en
