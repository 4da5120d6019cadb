"""Taobao and Tmall orders: the seller's classic export, and the short form of a public sample."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecomsim.data.cells import numbers
from ecomsim.data.source import Note, Piece, Sheet, Source, piece
from ecomsim.data.sources._headers import listed

__all__ = ["TAOBAO_ORDERS", "TMALL_ORDERS"]

_CLASSIC = {
    "order_id": "订单编号",
    "created_at": "订单创建时间",
    "paid_at": "订单付款时间",
    "status": "订单状态",
    "goods_value": "买家应付货款",
    "shipping": "买家应付邮费",
    "gmv": "买家实际支付金额",
    "units": "宝贝总数量",
}
_SAMPLE = {
    "order_id": "订单编号",
    "created_at": "订单创建时间",
    "paid_at": "订单付款时间",
    "goods_value": "总金额",
    "gmv": "买家实际支付金额",
    "refunded": "退款金额",
}
_BASIS = Note("one row an order; gmv includes shipping; orders without 订单付款时间 were never paid")
_NET = Note(
    "买家实际支付金额 is after the refund where it and 退款金额 add up to 总金额: there gmv is their sum, "
    "the amount paid before refunds"
)
CENT = 0.005


def _classic(sheet: Sheet) -> list[Piece]:
    return [piece(sheet, "orders", _CLASSIC, notes=(_BASIS,))]


def _sample(sheet: Sheet) -> list[Piece]:
    made = piece(sheet, "orders", _SAMPLE, notes=(_BASIS,))
    paid, back, total = (numbers(sheet.get(h)).values for h in ("买家实际支付金额", "退款金额", "总金额"))
    with np.errstate(invalid="ignore"):
        net = (back > 0) & (np.abs(paid + back - total) < CENT)
    if not net.any():
        return [made]
    text = made.frame["gmv"].astype("str").to_numpy(dtype=object)
    text[net] = [repr(float(v)) for v in (paid + back)[net].round(2)]
    frame = made.frame.assign(gmv=pd.Series(text, index=made.frame.index, dtype="str"))
    note = Note(_NET.what, tuple(sheet.rows[net].tolist()))
    return [Piece(made.table, frame, made.rows, (*made.notes, note))]


TAOBAO_ORDERS = Source(
    name="taobao_orders_classic",
    title="Taobao/Tmall orders, the seller's export (订单报表)",
    platform="千牛",
    tables=("orders",),
    required=("订单编号", "订单创建时间", "买家实际支付金额"),
    optional=listed(
        "买家会员名, 买家支付宝账号, 买家应付货款, 买家应付邮费, 买家支付积分, 总金额, 返点积分, "
        "买家实际支付积分, 订单状态, 买家留言, 收货人姓名, 收货地址, 运送方式, 联系电话, 联系手机, "
        "订单付款时间, 宝贝标题, 宝贝种类, 物流单号, 物流公司, 订单备注, 宝贝总数量, 店铺Id, 店铺名称, "
        "订单关闭原因, 卖家服务费, 买家服务费, 发票抬头, 是否手机订单, 分阶段订单信息, 定金排名, "
        "修改后的sku, 修改后的收货地址, 异常信息"
    ),
    parse=_classic,
    personal=listed(
        "买家会员名, 买家支付宝账号, 买家留言, 收货人姓名, 收货地址, 联系电话, 联系手机, 物流单号, "
        "订单备注, 发票抬头, 修改后的收货地址"
    ),
    uses=tuple(_CLASSIC.values()),
)

TMALL_ORDERS = Source(
    name="tmall_orders_public_sample",
    title="Tmall orders, short form (天猫订单)",
    platform="天猫",
    tables=("orders",),
    required=("订单编号", "订单创建时间", "买家实际支付金额", "退款金额"),
    optional=("总金额", "收货地址", "订单付款时间"),
    parse=_sample,
    personal=("收货地址",),
    uses=tuple(_SAMPLE.values()),
)
