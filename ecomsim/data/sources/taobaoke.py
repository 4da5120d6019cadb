"""淘宝客 commission (CPS): one row a day and kind of plan."""

from __future__ import annotations

import pandas as pd

from ecomsim.data.source import Note, Piece, Sheet, Source, leaves
from ecomsim.data.sources._headers import listed
from ecomsim.data.sources._sums import added, parts

__all__ = ["TAOBAOKE_CPS"]

_CLICKS = "点击量(即进店量)"
_TOTAL = "付款支出费用"
_PARTS = ("付款佣金支出", "付款服务费支出")
_BASIS = Note(
    "by pay time: orders, attributed_gmv and commission of orders paid on the day, before settlement; "
    "commission includes the platform's service fee; 点击人数 is left to the traffic-source report, which "
    "counts the channel's visitors"
)


def _parse(sheet: Sheet) -> list[Piece]:
    sheet, notes = leaves(sheet, ("数据内容",), by=("日期",))
    cells = {
        "date": sheet.get("日期"),
        "channel": pd.Series("affiliate", index=sheet.cells.index, dtype="str"),
    }
    if _TOTAL in sheet.cells.columns:
        cells["commission"] = sheet.get(_TOTAL)
    elif any(h in sheet.cells.columns for h in _PARTS):
        cells["commission"] = added(sheet, _PARTS)
    columns = {"clicks": _CLICKS, "orders": "付款笔数", "attributed_gmv": "付款金额"}
    return [parts(sheet, "channel_day", cells, columns, notes=(_BASIS, *notes))]


TAOBAOKE_CPS = Source(
    name="taobaoke_cps_daily",
    title="淘宝客 commission by day (推广效果)",
    platform="淘宝联盟",
    tables=("channel_day",),
    required=("日期", "数据内容", "付款金额"),
    optional=listed(
        "点击量(即进店量), 点击人数(即进店人数), 点击转化率(即付款转化率), 付款人数, 付款笔数, 付款件数, "
        "付款佣金支出, 付款服务费支出, 付款佣金率, 付款支出费用, 结算人数, 结算笔数, 结算金额, "
        "结算佣金支出, 结算服务费支出, 结算支出费用, 确认收货人数, 确认收货金额, 确认收货笔数, "
        "单件商品付款支出费用"
    ),
    parse=_parse,
    uses=("日期", "数据内容", _CLICKS, "付款笔数", "付款金额", _TOTAL, *_PARTS),
)
