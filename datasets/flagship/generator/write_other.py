"""万相台, 淘宝客, customer service and single orders."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from generator.chat import profile
from generator.files import csv_bytes, duration, percent, ratio, write_csv, write_xlsx, write_zip
from generator.headers import BASKET, CPS, INQUIRY, ORDERS, RECEPTION, SCENE
from generator.shop import Book
from generator.world import CHANNELS, ORDER_DAYS, SLOTS, days, stream
from generator.write_sycm import exported

SCENES = (("paid_search", "371", "关键词推广"), ("display", "372", "人群推广"))
CLICKS_PER_VISITOR = 1.12
CLAIM = {"paid_search": 1.22, "display": 1.45}  # the ad platform claims orders of other channels too


def _plain(rows: list[list[object]]) -> list[list[object]]:
    return [[c.item() if isinstance(c, np.generic) else c for c in row] for row in rows]


def _scene_row(book: Book, d: int | None, i: int) -> list[object]:
    """One scene on one day; d None: the totals of all days."""
    name, code, title = SCENES[i]
    c = CHANNELS.index(name)
    span = range(len(exported())) if d is None else range(d, d + 1)
    total = np.zeros(6)
    for t in span:
        rng = stream("scene" + name, t)
        v, b, g = (float(book.channel[x][c, t]) for x in ("visitors", "buyers", "gmv"))
        spend, clicks = book.plan.spend[i, t], round(v * CLICKS_PER_VISITOR)
        shown = round(clicks / float(rng.normal(0.052 if i == 0 else 0.021, 0.002)))
        if spend == 0:
            continue
        total += [shown, clicks, spend, round(g * CLAIM[name], 2), round(b * CLAIM[name]), rng.binomial(clicks, 0.09)]
    shown, clicks, spend, gmv, orders, carts = total.round(2).tolist()
    head: list[object] = ["合计", "", "", "", ""] if d is None else [days()[d].strftime("%Y-%m-%d"), code, title, code + "01", title]
    fresh, member = round(orders * 0.62), round(orders * 0.33)
    return [*head, int(shown), int(clicks), spend, percent(ratio(clicks, shown)), _two(ratio(spend, clicks)), _two(ratio(1000 * spend, shown)),
            gmv, int(orders), round(gmv * 0.8, 2), round(gmv - round(gmv * 0.8, 2), 2), percent(ratio(orders, clicks)), _two(ratio(gmv, spend)),
            int(carts), percent(ratio(carts, clicks)), round(carts * 0.4), fresh, percent(ratio(fresh, orders)), round(orders * 0.05),
            round(gmv * 0.33, 2), member]


def _two(value: float) -> object:
    return "-" if value != value else round(value, 2)


def write_ads(book: Book, folder: Path) -> None:
    """Scenes in a workbook and a GB18030 file; affiliate by day."""
    index = exported()
    split = int((index < np.datetime64("2026-01-01")).sum())
    write_xlsx(folder / "wanxiang_scene_2024_2025.xlsx", [list(SCENE), *_plain([_scene_row(book, d, i) for d in range(split) for i in (0, 1)])])
    late = [_scene_row(book, d, i) for d in range(split, len(index)) for i in (0, 1)]
    sums = ["合计"] + [""] * 4 + [round(sum(float(str(r[j])) for r in late), 2) for j in (5, 6, 7)] + [""] * (len(SCENE) - 8)
    write_csv(folder / "wanxiang_scene_2026.csv", [SCENE, *late, sums], "gb18030")
    rows: list[list[object]] = []
    for d in range(len(index)):
        rng, c = stream("cpsrow", d), CHANNELS.index("affiliate")
        v, b, g, u = (float(book.channel[x][c, d]) for x in ("visitors", "buyers", "gmv", "units"))
        rate = float(book.plan.cps_rate[d])
        paid, fee = round(g * rate, 2), round(g * rate * 0.1, 2)
        settled = round(g * float(rng.uniform(0.86, 0.97)), 2)
        n = round(b * 0.93)
        done, done_fee = round(settled * rate, 2), round(settled * rate * 0.1, 2)
        rows.append([index[d].strftime("%Y-%m-%d"), "付款数据", round(v * 1.15), int(v), percent(ratio(b, v)), int(b), g, round(b * 1.25), int(u),
                     paid, fee, percent(rate), round(paid + fee, 2), n, round(n * 1.2), settled, done, done_fee, round(done + done_fee, 2), n,
                     settled, round(n * 1.2), _two(ratio(paid + fee, u))])
    total: list[object] = ["合计", "付款数据"]
    for j in range(2, len(CPS)):
        total.append("-" if isinstance(rows[0][j], str) or j == len(CPS) - 1 else round(sum(float(str(r[j])) for r in rows), 2))
    write_zip(folder / "taobaoke_cps_daily.zip", {"taobaoke_cps_daily.csv": csv_bytes([CPS, *rows, total], "utf-8-sig")})


def _reception(book: Book, d: int) -> list[object]:
    day, rng = book.day, stream("reception", d)
    asked, none = int(day["presale"][d] + day["aftersale"][d]), int(day["unanswered"][d])
    served = asked - none
    slow, buyer = int(day["quick"][d]), round(served * float(rng.normal(5.6, 0.1)))
    agent = round(buyer * 1.24)
    frt, long = float(day["response_s"][d]), rng.binomial(served, 0.08)
    started = rng.binomial(asked, 0.97)
    return [days()[d].strftime("%Y-%m-%d"), asked, served, none, rng.binomial(served, 0.95), duration(frt * 0.6 + 14), percent(float(day["within_180"][d])),
            round(asked * 1.06), round(served * 1.06), none, percent(ratio(served, asked)), duration(frt), slow, long, started, asked - started,
            buyer + agent, buyer, agent, percent(ratio(agent, buyer)), agent * 17, duration(book.world.service.chat_mean_s * float(rng.normal(1, 0.02)))]


def write_service(book: Book, folder: Path) -> None:
    """Three daily files with a 合计 row each."""
    n, day = len(exported()), book.day
    rows = [_reception(book, d) for d in range(n)]
    totals = ["合计"] + [sum(int(str(r[j])) for r in rows) if isinstance(rows[0][j], int) else "-" for j in range(1, len(RECEPTION))]
    write_csv(folder / "cs_reception.csv", [RECEPTION, *rows, totals], "utf-8")
    inquiry: list[list[object]] = []
    basket: list[list[object]] = []
    for d in range(n):
        rng = stream("inquiry", d)
        asked, paid, gmv = int(day["presale"][d]), int(day["presale_buyers"][d]), round(float(day["presale_gmv"][d]), 2)
        late = rng.binomial(asked - paid, 0.03)
        final = round(gmv * (1 + late / max(paid, 1)), 2)
        text = days()[d].strftime("%Y-%m-%d")
        inquiry.append([text, asked, asked, paid, f"{gmv:,.2f}", paid + late, f"{final:,.2f}", percent(ratio(paid, asked)), percent(ratio(paid + late, asked))])
        units = int(day["presale_units"][d])
        basket.append([text, gmv, units, paid, _two(ratio(gmv, paid)), _two(ratio(units, paid)), _two(ratio(gmv, units))])
    sums = [sum(float(str(r[j]).replace(",", "")) for r in inquiry) for j in range(1, 7)]
    tail = ["合计", *[int(x) for x in sums[:3]], f"{sums[3]:,.2f}", int(sums[4]), f"{sums[5]:,.2f}", percent(ratio(sums[2], sums[0])), percent(ratio(sums[4], sums[0]))]
    write_csv(folder / "cs_inquiry_performance.csv", [INQUIRY, *inquiry, tail], "gb18030")
    b = [sum(float(str(r[j])) for r in basket) for j in (1, 2, 3)]
    last = ["合计", round(b[0], 2), int(b[1]), int(b[2]), _two(b[0] / b[2]), _two(b[1] / b[2]), _two(b[0] / b[1])]
    write_xlsx(folder / "cs_basket.xlsx", [list(BASKET), *basket, last])


def _times(d: int, n: int, rng: np.random.Generator) -> list[str]:
    share = profile("presale", days()[d].dayofweek >= 5)
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
                rows.append(_order(person, goods, paid, when, title, int(lines.units[mine].sum()), int(mine.sum()), closed))
    write_zip(folder / "taobao_orders_2026-10.zip", {"taobao_orders_2026-10.csv": csv_bytes([ORDERS, *rows], "gb18030")})


def _order(person: str, goods: float, paid: float, when: str, title: str, units: int, kinds: int, closed: bool) -> list[object]:
    status, reason = ("交易关闭", "买家未付款") if closed else ("卖家已发货，等待买家确认", "订单未关闭")
    values: dict[str, object] = {
        "订单编号": f'="99{person}0000"', "买家会员名": f"示例买家{person}", "买家支付宝账号": f"placeholder{person}@example.invalid",
        "买家应付货款": f"{goods:.2f}", "买家应付邮费": "0.00", "买家支付积分": 0, "总金额": f"{goods:.2f}", "返点积分": 0,
        "买家实际支付金额": f"{paid:.2f}", "买家实际支付积分": 0, "订单状态": status, "买家留言": "", "收货人姓名": "示例收货人",
        "收货地址": "示例省 示例市 示例区 示例路0号(000000)", "运送方式": "快递", "联系电话": "", "联系手机": "'00000000000", "订单创建时间": when,
        "订单付款时间": "" if closed else when, "宝贝标题": title, "宝贝种类": kinds, "物流单号": "" if closed else f"No:SAMPLE{person}",
        "物流公司": "" if closed else "示例快递", "订单备注": "", "宝贝总数量": units, "店铺Id": 0, "店铺名称": "示例旗舰店（模拟）",
        "订单关闭原因": reason, "卖家服务费": 0, "买家服务费": "0元", "发票抬头": "", "是否手机订单": "手机订单"}
    return [values.get(name, "") for name in ORDERS]
