"""Single orders of a few days."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from generator.book import Book
from generator.chat import profile
from generator.files import csv_bytes, write_zip
from generator.headers import ORDERS
from generator.world import ORDER_DAYS, SLOTS, days, stream


def _times(d: int, n: int, rng: np.random.Generator) -> list[str]:
    share = profile("presale", days()[d].day_of_week >= 5)
    second = np.sort((rng.choice(SLOTS, n, p=share) + rng.random(n)) * 1800).astype(int)
    return [f"{days()[d]:%Y-%m-%d} {s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in second.tolist()]


def write_orders(book: Book, folder: Path) -> None:
    """A few days of single orders; every buyer field is an obvious placeholder."""
    c, rows = book.catalogue, []
    index = {t: d for d, t in enumerate(days().strftime("%Y-%m-%d"))}
    for text in ORDER_DAYS:
        d = index[text]
        lines, rng = book.order_lines[d], stream("orders", d)
        buyers = np.unique(lines.buyer)
        created = _times(d, len(buyers), rng)
        unpaid = rng.random(len(buyers)) < book.world.basket.unpaid_share
        for serial, (b, when) in enumerate(zip(buyers.tolist(), created, strict=True)):
            mine = lines.buyer == b
            goods = float((book.item["price"][lines.product[mine], d] * lines.units[mine]).sum())
            title = "，".join(c.name[k] for k in lines.product[mine])
            for closed in (False, True) if unpaid[serial] else (False,):
                person = f"{d:04d}{serial:05d}{int(closed)}"
                paid = 0.0 if closed else float(lines.paid[mine].sum())
                rows.append(
                    _order(
                        person,
                        goods,
                        paid,
                        when,
                        title,
                        int(lines.units[mine].sum()),
                        int(mine.sum()),
                        closed,
                    )
                )
    write_zip(
        folder / "taobao_orders_2026-10.zip",
        {"taobao_orders_2026-10.csv": csv_bytes([ORDERS, *rows], "gb18030")},
    )


def _order(
    person: str, goods: float, paid: float, when: str, title: str, units: int, kinds: int, closed: bool
) -> list[object]:
    status, reason = ("交易关闭", "买家未付款") if closed else ("卖家已发货，等待买家确认", "订单未关闭")
    values: dict[str, object] = {
        "订单编号": f'="99{person}0000"',
        "买家会员名": f"示例买家{person}",
        "买家支付宝账号": f"placeholder{person}@example.invalid",
        "买家应付货款": f"{goods:.2f}",
        "买家应付邮费": "0.00",
        "买家支付积分": 0,
        "总金额": f"{goods:.2f}",
        "返点积分": 0,
        "买家实际支付金额": f"{paid:.2f}",
        "买家实际支付积分": 0,
        "订单状态": status,
        "买家留言": "",
        "收货人姓名": "示例收货人",
        "收货地址": "示例省 示例市 示例区 示例路0号(000000)",
        "运送方式": "快递",
        "联系电话": "",
        "联系手机": "'00000000000",
        "订单创建时间": when,
        "订单付款时间": "" if closed else when,
        "宝贝标题": title,
        "宝贝种类": kinds,
        "物流单号": "" if closed else f"No:SAMPLE{person}",
        "物流公司": "" if closed else "示例快递",
        "订单备注": "",
        "宝贝总数量": units,
        "店铺Id": 0,
        "店铺名称": "示例旗舰店（模拟）",
        "订单关闭原因": reason,
        "卖家服务费": 0,
        "买家服务费": "0元",
        "发票抬头": "",
        "是否手机订单": "手机订单",
    }
    return [values.get(name, "") for name in ORDERS]
