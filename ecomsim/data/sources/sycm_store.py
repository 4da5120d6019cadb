"""生意参谋 store report: one row a day."""

from __future__ import annotations

from ecomsim.data.source import Note, Piece, Sheet, Source, piece
from ecomsim.data.sources._headers import listed
from ecomsim.data.sources._sums import added

__all__ = ["SYCM_STORE"]

_COLUMNS = {
    "date": "统计日期",
    "visitors": "访客数",
    "page_views": "浏览量",
    "cart_buyers": "加购人数",
    "buyers": "支付买家数",
    "orders": "支付子订单数",
    "units": "支付件数",
    "gmv": "支付金额",
    "refunds": "成功退款金额",
    "new_buyers": "支付新买家数",
    "old_buyers": "支付老买家数",
    "commission": "淘宝客佣金",
}
_SPEND = ("全站推广花费", "关键词推广花费", "精准人群推广花费", "智能场景花费")
_BASIS = Note("visitors are unique (UV), money by pay time before refunds, refunds by the day they succeeded")
_ORDERS = Note(
    "orders are 支付子订单数: one for each product of an order, so above the number of whole orders"
)
_ADS = Note(f"ad_spend is the sum of {', '.join(_SPEND)}")


def _parse(sheet: Sheet) -> list[Piece]:
    notes = [_BASIS]
    if "支付子订单数" in sheet.cells.columns:
        notes.append(_ORDERS)
    made = piece(sheet, "store_day", _COLUMNS, notes=tuple(notes))
    if not any(h in sheet.cells.columns for h in _SPEND):
        return [made]
    frame = made.frame.assign(ad_spend=added(sheet, _SPEND))
    return [Piece(made.table, frame, made.rows, (*made.notes, _ADS))]


SYCM_STORE = Source(
    name="sycm_store_sales_daily",
    title="生意参谋 store report by day (店铺日报)",
    platform="生意参谋",
    tables=("store_day",),
    required=("统计日期", "支付金额"),
    optional=listed(
        "访客数, 无线端访客数, 浏览量, 商品访客数, 商品浏览量, 平均停留时长, 跳失率, 加购人数, 加购件数, "
        "商品收藏买家数, 下单金额, 下单买家数, 下单件数, 下单转化率, 支付买家数, 支付件数, 支付子订单数, "
        "支付转化率, 客单价, UV价值, 老访客数, 新访客数, 支付新买家数, 支付老买家数, 老买家支付金额, "
        "全站推广花费, 关键词推广花费, 精准人群推广花费, 智能场景花费, 淘宝客佣金, 成功退款金额, 评价数, "
        "会员总数, 新增会员数, 活跃会员数, 会员成交金额, 会员成交人数, 关注店铺人数"
    ),
    parse=_parse,
    uses=(*_COLUMNS.values(), *_SPEND),
)
