"""Customer service by day: reception, enquiries that became sales, and the served buyers' basket."""

from __future__ import annotations

from ecomsim.data.source import Note, Piece, Sheet, Source, piece
from ecomsim.data.sources._headers import listed

__all__ = ["CS_BASKET", "CS_INQUIRY", "CS_RECEPTION"]

_RECEPTION = {
    "date": "日期",
    "enquirers": "咨询人数",
    "served": "接待人数",
    "unanswered": "未回复人数",
    "first_response_s": "首次响应时长",
    "response_s": "平均响应时长",
    "handle_s": "平均接待时长",
    "share_3min": "3分钟人工响应率",
    "agent_messages": "客服消息条数",
    "buyer_messages": "买家消息条数",
}
_INQUIRY = {
    "date": "日期",
    "presale_enquirers": "询单人数",
    "presale_buyers": "当日付款人数",
    "presale_gmv": "当日付款金额",
}
_BASKET = {"date": "日期", "basket_gmv": "销售额", "basket_buyers": "销售人数", "basket_units": "销售量"}


def _reception(sheet: Sheet) -> list[Piece]:
    basis = Note("people a day; times are means in seconds, durations without a unit are read as seconds")
    return [piece(sheet, "service_day", _RECEPTION, notes=(basis,))]


def _inquiry(sheet: Sheet) -> list[Piece]:
    basis = Note("same-day conversion (当日); the later 最终 figures keep growing and are left out")
    return [piece(sheet, "service_day", _INQUIRY, notes=(basis,))]


def _basket(sheet: Sheet) -> list[Piece]:
    return [
        piece(sheet, "service_day", _BASKET, notes=(Note("sales of buyers an agent served, by pay time"),))
    ]


CS_RECEPTION = Source(
    name="cs_reception",
    title="Customer service reception by day (咨询接待)",
    platform="生意参谋",
    tables=("service_day",),
    required=("日期", "咨询人数"),
    optional=listed(
        "接待人数, 未回复人数, 有效接待人数, 平均响应时长, 3分钟人工响应率, 咨询客服人次, 客服回复人次, "
        "客服未回复人次, 旺旺回复率, 首次响应时长, 慢响应人数, 长接待人数, 买家发起人数, "
        "客服主动跟进人数, 总消息数, 买家消息条数, 客服消息条数, 答问比, 客服字数, 平均接待时长"
    ),
    parse=_reception,
    uses=tuple(_RECEPTION.values()),
)

CS_INQUIRY = Source(
    name="cs_inquiry_performance",
    title="Customer service enquiries that paid, by day (询单业绩)",
    platform="生意参谋",
    tables=("service_day",),
    required=("日期", "询单人数"),
    optional=listed(
        "当日询单人数, 当日付款人数, 当日付款金额, 最终付款人数, 最终付款金额, 询单当日付款转化率, "
        "询单最终付款转化率"
    ),
    parse=_inquiry,
    uses=tuple(_INQUIRY.values()),
)

CS_BASKET = Source(
    name="cs_basket",
    title="Customer service basket by day (客单价)",
    platform="生意参谋",
    tables=("service_day",),
    required=("日期", "销售额", "销售人数"),
    optional=("销售量", "客单价", "客件数", "件均价"),
    parse=_basket,
    uses=tuple(_BASKET.values()),
)
