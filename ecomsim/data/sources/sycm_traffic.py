"""生意参谋 traffic sources: of the whole store by day (three levels), and of one product (no date column)."""

from __future__ import annotations

import re

import pandas as pd

from ecomsim.checks import EcomsimError
from ecomsim.data.source import Note, Piece, Sheet, Source, leaves
from ecomsim.data.sources._channels import assign
from ecomsim.data.sources._days import one_day
from ecomsim.data.sources._headers import listed
from ecomsim.data.sources._sums import parts

__all__ = ["SYCM_TRAFFIC_ITEM", "SYCM_TRAFFIC_STORE"]

_LEVELS = ("一级来源", "二级来源", "三级来源")
_BASIS = Note(
    "visitors are unique to each source (UV) and sources overlap: their sum exceeds the store's visitors; "
    "money by pay time, counted for every source the buyer came by that day"
)
_ITEM_ID = re.compile(r"(?<!\d)\d{9,14}(?!\d)")
_DAYS = re.compile(r"(?<!\d)\d{4}[-/.年]?\d{1,2}[-/.月]?\d{1,2}(?!\d)")


def _store(sheet: Sheet) -> list[Piece]:
    sheet, notes = leaves(sheet, _LEVELS, by=("日期",))
    # The second level names the tool, the third a place within it, the first only who pays.
    levels = [sheet.get(h) for h in ("二级来源", "三级来源", "一级来源")]
    channel, strange = assign("sycm", levels, unnamed="all_sources")
    sums = {"visitors": "访客数", "buyers": "支付买家数", "gmv": "支付金额"}
    keys = {"date": sheet.get("日期"), "channel": channel}
    return [parts(sheet, "channel_day", keys, sums, notes=(_BASIS, *notes, *strange))]


def _item(sheet: Sheet) -> list[Piece]:
    sheet, notes = leaves(sheet, ("流量来源", "来源明细"), by=("统计日期", "日期", "商品ID"))
    channel, strange = assign("sycm", [sheet.get("流量来源"), sheet.get("来源明细")], unnamed="all_sources")
    sums = {
        "visitors": "访客数",
        "page_views": "浏览量",
        "cart_buyers": "加购人数",
        "buyers": "支付买家数",
        "units": "支付件数",
        "gmv": "支付金额",
    }
    keys = {"date": one_day(sheet, "统计日期", "日期"), "item_id": _item_id(sheet), "channel": channel}
    return [parts(sheet, "item_channel_day", keys, sums, notes=(_BASIS, *notes, *strange))]


def _item_id(sheet: Sheet) -> pd.Series:
    if "商品ID" in sheet.cells.columns:
        return sheet.get("商品ID")
    for text in (*sheet.preamble, sheet.label):
        found = _ITEM_ID.search(_DAYS.sub(" ", text))
        if found:
            return pd.Series(found[0], index=sheet.cells.index, dtype="str")
    raise EcomsimError(
        sheet.label,
        "no product: this report is about one product and does not say which",
        "its 商品ID above the header, in the file's name or in a column 商品ID",
        "Put the product's number into the file name, e.g. 商品流量来源_612345678901_2026-11-01.xlsx",
    )


SYCM_TRAFFIC_STORE = Source(
    name="sycm_traffic_source_store_v4",
    title="生意参谋 traffic sources of the store by day (流量来源)",
    platform="生意参谋",
    tables=("channel_day",),
    required=("日期", "一级来源"),
    optional=listed(
        "二级来源, 三级来源, 访客数, 访客数变化, 下单金额, 下单金额变化, 下单买家数, 下单买家数变化, "
        "下单转化率, 下单转化率变化, 支付金额, 支付金额变化, 支付买家数, 支付买家数变化, 支付转化率, "
        "支付转化率变化, 客单价, 客单价变化, UV价值, UV价值变化, 关注店铺买家数, 关注店铺买家数变化, "
        "收藏商品买家数, 收藏商品买家数变化, 加购人数, 加购人数变化, 新访客, 新访客变化, 直接支付买家数, "
        "收藏商品-支付买家数, 粉丝支付买家数, 加购商品-支付买家数, 引导店铺页访客数, "
        "引导店铺页访客数变化, 引导短视频访客数, 引导商品访客数, 种草成交人数, 种草成交金额, "
        "广告成交金额, 广告成交金额变化, 广告点击量, 广告点击量变化"
    ),
    parse=_store,
    uses=("日期", *_LEVELS, "访客数", "支付买家数", "支付金额"),
)

SYCM_TRAFFIC_ITEM = Source(
    name="sycm_traffic_source_item",
    title="生意参谋 traffic sources of one product (商品流量来源)",
    platform="生意参谋",
    tables=("item_channel_day",),
    required=("流量来源", "来源明细"),
    optional=listed(
        "统计日期, 日期, 商品ID, 访客数, 浏览量, 支付金额, 浏览量占比, 店内跳转人数, 跳出本店人数, "
        "收藏人数, 加购人数, 下单买家数, 下单转化率, 支付件数, 支付买家数, 支付转化率, 直接支付买家数, "
        "收藏商品-支付买家数, 粉丝支付买家数, 加购商品-支付买家数"
    ),
    parse=_item,
    uses=listed(
        "流量来源, 来源明细, 统计日期, 日期, 商品ID, 访客数, 浏览量, 加购人数, 支付买家数, 支付件数, 支付金额"
    ),
)
