"""万相台 advertising: by scene and day, and by advertised product and day."""

from __future__ import annotations

from ecomsim.data.source import Note, Piece, Sheet, Source
from ecomsim.data.sources._channels import assign
from ecomsim.data.sources._headers import listed
from ecomsim.data.sources._sums import parts

__all__ = ["WANXIANG_ITEM", "WANXIANG_SCENE"]

_SUMS = {
    "spend": "花费",
    "impressions": "展现量",
    "clicks": "点击量",
    "orders": "总成交笔数",
    "attributed_gmv": "总成交金额",
}
_SCENES = ("场景名字", "原二级场景名字")
_BASIS = Note(
    "clicks are not visitors; orders and attributed_gmv are what the ad platform claims within its own "
    "window, orders other channels claim too among them"
)
_NO_SCENE = Note(
    "not used: spend by product does not say by which scene it was spent. Export it by scene (按场景) as "
    "well, or take the scene report"
)


def _by_scene(sheet: Sheet, notes: tuple[Note, ...] = ()) -> list[Piece]:
    channel, strange = assign("wanxiang", [sheet.get(h) for h in _SCENES], unnamed="ads_unnamed")
    keys = {"date": sheet.get("日期"), "channel": channel}
    return [parts(sheet, "channel_day", keys, _SUMS, notes=(_BASIS, *notes, *strange))]


def _by_item(sheet: Sheet) -> list[Piece]:
    if not any(h in sheet.cells.columns for h in _SCENES):
        nothing = sheet.take(sheet.rows < 0)
        made = _by_scene(nothing)[0]
        return [Piece(made.table, made.frame, made.rows, (Note(_NO_SCENE.what, tuple(sheet.rows.tolist())),))]
    return _by_scene(sheet)


WANXIANG_SCENE = Source(
    name="wanxiang_scene_daily",
    title="万相台 report by scene and day (场景报表)",
    platform="万相台",
    tables=("channel_day",),
    required=("日期", "场景名字", "花费"),
    optional=listed(
        "场景ID, 原二级场景ID, 原二级场景名字, 计划ID, 计划名字, 展现量, 点击量, 点击率, 平均点击花费, "
        "千次展现花费, 总成交金额, 总成交笔数, 直接成交金额, 间接成交金额, 点击转化率, 投入产出比, "
        "总购物车数, 加购率, 总收藏数, 成交新客数, 成交新客占比, 会员首购人数, 会员成交金额, 会员成交笔数"
    ),
    parse=_by_scene,
    uses=("日期", *_SCENES, *_SUMS.values()),
)

WANXIANG_ITEM = Source(
    name="wanxiang_item_daily",
    priority=-1,  # products alone spend less than the scene, which stores and live rooms share
    title="万相台 report by advertised product and day (商品报表)",
    platform="万相台",
    tables=("channel_day",),
    required=("日期", "主体ID", "花费"),
    optional=listed(
        "场景ID, 场景名字, 原二级场景ID, 原二级场景名字, 计划ID, 计划名字, 主体类型, 主体名称, 展现量, "
        "点击量, 点击率, 平均点击花费, 千次展现花费, 总预售成交金额, 总预售成交笔数, 直接预售成交金额, "
        "直接预售成交笔数, 间接预售成交金额, 间接预售成交笔数, 直接成交金额, 间接成交金额, 总成交金额, "
        "总成交笔数, 直接成交笔数, 间接成交笔数, 点击转化率, 投入产出比, 含预售投产比, 总成交成本, "
        "总购物车数, 直接购物车数, 间接购物车数, 加购率, 加购成本, 收藏宝贝数, 收藏店铺数, 店铺收藏成本, "
        "总收藏加购数, 总收藏加购成本, 宝贝收藏加购数, 宝贝收藏加购成本, 总收藏数, 宝贝收藏成本, "
        "宝贝收藏率, 直接收藏宝贝数, 间接收藏宝贝数, 拍下订单笔数, 拍下订单金额, 优惠券领取量, "
        "购物金充值笔数, 购物金充值金额, 旺旺咨询量, 引导访问量, 引导访问人数, 引导访问潜客数, "
        "引导访问潜客占比, 入会率, 入会量, 引导访问率, 深度访问量, 平均访问页面数, 成交新客数, "
        "成交新客占比, 会员首购人数, 会员成交金额, 会员成交笔数, 成交人数, 人均成交笔数, 人均成交金额, "
        "自然流量转化金额, 自然流量曝光量, 平台助推总成交, 平台助推直接成交, 平台助推点击"
    ),
    parse=_by_item,
    uses=("日期", *_SCENES, *_SUMS.values()),
)
