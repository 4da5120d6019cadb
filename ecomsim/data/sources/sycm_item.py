"""生意参谋 product report: one row a product and day."""

from __future__ import annotations

from ecomsim.data.source import Note, Piece, Sheet, Source, piece
from ecomsim.data.sources._headers import listed
from ecomsim.data.sources._products import products, sku_or
from ecomsim.data.sources._sums import parts

__all__ = ["SYCM_ITEM"]

_COLUMNS = {
    "date": "统计日期",
    "visitors": "商品访客数",
    "page_views": "商品浏览量",
    "cart_units": "商品加购件数",
    "buyers": "支付买家数",
    "units": "支付件数",
    "gmv": "支付金额",
    "refunds": "成功退款金额",
    "status": "商品状态",
}
_BASIS = Note("visitors are unique to each product (UV), money by pay time before refunds")
_SHARED = Note(
    "one 货号 stands on several 商品ID: their days were added up, a visitor of two pages counts twice"
)


def _parse(sheet: Sheet) -> list[Piece]:
    sku, notes = sku_or(sheet, "货号", "商品ID")
    known = products(sheet, sku, {"item_id": "商品ID", "name": "商品名称"})
    key = [sheet.get("统计日期").fillna(""), sku]
    frame = key[0].to_frame("day").assign(sku=sku, item=sheet.get("商品ID").fillna(""))
    pages = frame.drop_duplicates()
    if pages.duplicated(["day", "sku"]).any() and not frame.duplicated().any():
        sums = {n: h for n, h in _COLUMNS.items() if n not in ("date", "status")}
        keys = {"date": key[0], "sku": sku}
        return [parts(sheet, "item_day", keys, sums, notes=(_BASIS, _SHARED, *notes)), known]
    made = piece(sheet, "item_day", _COLUMNS, notes=(_BASIS, *notes))
    return [Piece(made.table, made.frame.assign(sku=sku), made.rows, made.notes), known]


SYCM_ITEM = Source(
    name="sycm_item_daily",
    title="生意参谋 product report by day (商品日报)",
    platform="生意参谋",
    tables=("item_day", "products"),
    required=("统计日期", "商品ID"),
    optional=listed(
        "商品名称, 主商品ID, 商品类型, 货号, 商品状态, 商品标签, 商品访客数, 商品浏览量, 平均停留时长, "
        "商品详情页跳出率, 商品收藏人数, 商品加购件数, 商品加购人数, 下单买家数, 下单件数, 下单金额, "
        "下单转化率, 支付买家数, 支付件数, 支付金额, 商品支付转化率, 支付新买家数, 支付老买家数, "
        "老买家支付金额, 聚划算支付金额, 访客平均价值, 成功退款金额, 竞争力评分, 年累计支付金额, "
        "月累计支付金额, 月累计支付件数, 搜索引导支付转化率, 搜索引导访客数, 搜索引导支付买家数"
    ),
    parse=_parse,
    uses=(*_COLUMNS.values(), "货号", "商品ID", "商品名称"),
)
