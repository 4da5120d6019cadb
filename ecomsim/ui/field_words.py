"""Dotted paths of a store in words: which part, which number."""

from __future__ import annotations

from collections.abc import Callable

from ecomsim.report.basis import PARTS
from ecomsim.ui.language import Words
from ecomsim.ui.planner_words import named

__all__ = ["FIELDS", "path_words"]

_PARTS = Words(PARTS)
_NAMED = ("channels", "products", "promotions", "teams", "suppliers")

FIELDS = Words(
    {
        "base": ("visitors of a usual day", "平日访客"),
        "p_silent": ("conversion without a chat", "静默转化率"),
        "p_enquiring": ("conversion after a chat", "咨询转化率"),
        "enquiry_share": ("share who ask", "咨询占比"),
        "weekday": ("weekday pattern", "星期规律"),
        "season": ("season", "季节性"),
        "growth": ("growth", "增长"),
        "dispersion": ("spread of days", "日间离散"),
        "reputation": ("effect of the store score", "评分影响"),
        "driver": ("what drives it", "驱动方式"),
        "share": ("share", "占比"),
        "half_life_days": ("half-life, days", "半衰期（天）"),
        "ref_buyers": ("buyers of the reference", "参照买家数"),
        "spend": ("spend a day", "日花费"),
        "ref_spend": ("spend of the reference", "参照花费"),
        "carry": ("carry-over", "延续效应"),
        "kappa": ("half saturation", "半饱和点"),
        "slope": ("steepness", "曲线陡度"),
        "max_seen": ("most spent so far", "历史最高花费"),
        "displaces": ("visitors it takes from", "挤占的流量"),
        "plan": ("planned day by day", "按日计划"),
        "rate": ("commission rate", "佣金率"),
        "ref_rate": ("commission rate of the reference", "参照佣金率"),
        "eta": ("response to the rate", "佣金弹性"),
        "size_sigma": ("spread of sessions", "场次规模离散"),
        "off_share": ("share without a session", "无场次占比"),
        "price": ("price", "价格"),
        "cost": ("unit cost", "单位成本"),
        "elasticity": ("price elasticity", "价格弹性"),
        "ref_price": ("price of the reference", "参照价格"),
        "price_plan": ("prices planned", "价格计划"),
        "on_hand": ("stock", "库存"),
        "on_order": ("orders under way", "在途采购"),
        "moq": ("minimum order", "起订量"),
        "pack": ("pack size", "装箱数"),
        "refund_rate": ("refund rate", "退款率"),
        "resale_share": ("share sold again", "可再售占比"),
        "policy": ("stock policy", "库存策略"),
        "reorder_days": ("reorder point, days", "补货点（天）"),
        "up_to_days": ("order up to, days", "补货至（天）"),
        "headcount": ("agents", "客服人数"),
        "shape": ("pattern of the day", "一天的规律"),
        "roster": ("roster", "排班"),
        "shrinkage": ("time not at the desk", "离席占比"),
        "wage_hour": ("wage an hour", "小时工资"),
        "overtime_factor": ("overtime factor", "加班倍数"),
        "discount": ("discount", "折扣幅度"),
        "depth": ("discount by product", "单品折扣"),
        "reduction": ("full reduction", "满减"),
        "coupon": ("coupon", "优惠券"),
        "threshold": ("threshold", "门槛"),
        "off": ("amount off", "减免金额"),
        "times": ("times it applies", "可用次数"),
        "coupon_use": ("share using the coupon", "用券占比"),
        "badge": ("effect of the badge", "活动标效果"),
        "traffic": ("effect on visitors", "对访客的影响"),
        "conversion": ("effect on conversion", "对转化的影响"),
        "lift": ("pull of the event", "活动拉动力"),
        "before_days": ("days of waiting before", "预热天数"),
        "after_days": ("days of the dip after", "回落天数"),
        "protection_days": ("days of price protection", "价保天数"),
        "protection_share": ("share who claim protection", "价保占比"),
        "start": ("first day", "首日"),
        "end": ("last day", "末日"),
        "peaks": ("peak days", "峰值日"),
        "family": ("kind of event", "活动类型"),
        "lead_days": ("lead time, days", "交期（天）"),
        "lead_sd_days": ("spread of the lead time, days", "交期波动（天）"),
        "short_rate": ("share delivered short", "短交占比"),
        "terms_days": ("days to pay", "账期（天）"),
        "profile": ("when chats come", "咨询时段"),
        "work_s": ("work on a reply, s", "回复用时（秒）"),
        "think_s": ("customer's pause, s", "顾客间隔（秒）"),
        "turns": ("replies a chat", "每次会话回合"),
        "concurrency": ("chats at once", "同时接待数"),
        "patience_s": ("patience, s", "等待耐心（秒）"),
        "answer_within_s": ("answer within, s", "应答时限（秒）"),
        "aftersale_per_parcel": ("after-sale chats a parcel", "每包裹售后咨询"),
        "aftersale_per_refund": ("after-sale chats a refund", "每笔退款售后咨询"),
        "aftersale_per_late": ("after-sale chats a late parcel", "每件迟到售后咨询"),
        "answer_curve": ("conversion by answer time", "应答时间与转化"),
        "capacity": ("parcels a day", "日发货能力"),
        "promise_days": ("days promised", "承诺天数"),
        "cancel_rate": ("share cancelled", "取消率"),
        "refund_lag_days": ("days to a refund", "退款时滞（天）"),
        "freight": ("freight a parcel", "每件运费"),
        "return_freight": ("freight of a return", "退货运费"),
        "platform_rate": ("platform commission", "平台佣金率"),
        "payment_rate": ("payment fee", "支付费率"),
        "holding_rate": ("holding cost a year", "年持有成本率"),
        "payout_days": ("days to the payout", "结算天数"),
        "fixed_per_day": ("fixed cost a day", "每日固定成本"),
        "extra_units": ("further units a basket", "每单附加件数"),
        "orders_per_buyer": ("orders a buyer", "每买家单数"),
        "value_cv": ("spread of basket values", "客单离散"),
        "top_up_share": ("share topping up a basket", "凑单占比"),
        "reach": ("reach of a top-up", "凑单幅度"),
        "member_share": ("share of members", "会员占比"),
        "member_discount": ("members' discount", "会员折扣"),
        "free_shipping_from": ("free shipping from", "包邮门槛"),
        "shipping_fee": ("shipping fee", "运费"),
        "theta": ("weight of stock and price", "选择权重"),
        "substitution": ("share who take another", "替代占比"),
        "rank_loss": ("rank lost while out of stock", "缺货降权"),
        "rank_half_life_days": ("half-life of the rank, days", "权重半衰期（天）"),
        "level_sigma": ("spread of the level", "水平波动"),
        "store_dispersion": ("spread of days of the store", "全店日波动"),
        "phi": ("memory from day to day", "日间相关"),
        "product": ("description score", "描述评分"),
        "service": ("service score", "服务评分"),
        "logistics": ("logistics score", "物流评分"),
        "ref": ("score of the reference", "参照评分"),
        "beta_traffic": ("effect on visitors", "对访客的影响"),
        "beta_conversion": ("effect on conversion", "对转化的影响"),
        "daily_cap": ("most a day", "日预算上限"),
        "weekdays": ("days of sessions", "开播日"),
        "reorder_point": ("reorder point, units", "补货点（件）"),
        "order_up_to": ("order up to, units", "补货至（件）"),
        "quantity": ("order quantity", "每次订货量"),
        "level": ("stock held", "目标库存"),
        "reorder_points": ("reorder points by period", "分期补货点"),
        "order_up_tos": ("order-up-to by period", "分期补货目标"),
        "due": ("arrival", "到货日"),
        "units": ("units", "件数"),
        "supplier": ("supplier", "供应商"),
        "review_weekdays": ("ordering days", "下单日"),
        "category": ("category", "类目"),
        "role": ("role", "角色"),
        "clearance": ("clearance", "清仓"),
        "before": ("before", "活动前"),
        "during": ("during", "活动中"),
        "peak": ("at the peak", "峰值日"),
        "after": ("after", "活动后"),
        "skus": ("products in it", "参与商品"),
        "floor": ("lowest", "最低值"),
        "decay_s": ("falls within, s", "衰减时间（秒）"),
        "ref_headcount": ("agents of the reference", "参照人数"),
    }
)
"""Fields of a store by their name in a dotted path."""


def path_words(path: str, code: str, part: Callable[[str], str] = lambda path: "") -> str:
    """Return a dotted path in words; what is not known keeps its name.

    Parameters
    ----------
    path : e.g. 'channels.paid_search.p_silent', '*' allowed
    code : language
    part : label of the channel, product or promotion a path leads into, '' if it has none

    Examples
    --------
    >>> path_words("costs.freight", "en"), path_words("channels.paid_search.p_silent", "zh")
    ('costs: freight a parcel', '渠道搜索推广：静默转化率')
    """
    group, *rest = path.split(".")
    colon = "：" if code == "zh" else ": "
    head = _PARTS.say(group, code) if group in _PARTS.table else group
    if group in _NAMED and rest:
        name = rest.pop(0)
        if name != "*":
            head += ("" if code == "zh" else " ") + (part(path) or named(name, code))
    words = [
        FIELDS.say(one, code) if one in FIELDS.table else one
        for one in rest
        if one not in ("driver", "policy", "*") or len(rest) == 1
    ]
    return head + colon + " ".join(words) if words else head
