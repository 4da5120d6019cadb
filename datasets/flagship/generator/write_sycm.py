"""生意参谋: store by day and traffic sources."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from generator.book import Book
from generator.files import csv_bytes, percent, ratio, thousands, write_csv, write_xlsx, write_zip
from generator.headers import STORE, TRAFFIC, TRAFFIC_SUBSET
from generator.world import CHANNELS, LAST_EXPORT_DAY, days, stream

LEAVES = (
    ("平台流量", "手淘搜索", "手淘搜索", "free_search", 1.0),
    ("广告流量", "关键词推广", "关键词推广", "paid_search", 1.0),
    ("广告流量", "人群推广", "人群推广", "display", 1.0),
    ("广告流量", "淘宝客", "淘宝客", "affiliate", 1.0),
    ("平台流量", "淘宝直播", "淘宝直播", "live", 1.0),
    ("平台流量", "购物车", "购物车", "returning", 0.62),
    ("平台流量", "我的淘宝", "我的淘宝", "returning", 0.42),
    ("平台流量", "大促会场", "大促会场", "event", 1.0),
)
HALVES = (
    ("2024H2", "2024-09-01", "2024-12-31"),
    ("2025H1", "2025-01-01", "2025-06-30"),
    ("2025H2", "2025-07-01", "2025-12-31"),
    ("2026H1", "2026-01-01", "2026-06-30"),
    ("2026H2", "2026-07-01", "2026-10-31"),
)


def exported() -> pd.DatetimeIndex:
    """Days that are exported."""
    return days()[days() <= LAST_EXPORT_DAY]


def span(first: str, last: str) -> range:
    index = exported()
    return range(index.get_loc(pd.Timestamp(first)), index.get_loc(pd.Timestamp(last)) + 1)


def store_row(book: Book, d: int) -> dict[str, object]:
    """One day of the whole store, ratios as fractions."""
    day, rng = book.day, stream("storecols", d)
    uv, buyers, gmv = int(day["uv"][d]), int(day["buyers"][d]), float(day["gmv"][d])
    unpaid = rng.binomial(buyers, book.world.basket.unpaid_share)
    spend = book.plan.spend[:, d]
    commission = round(float(book.channel["gmv"][3, d] * book.plan.cps_rate[d]), 2)
    old = rng.binomial(buyers, 0.31)
    views, units = int(book.item["views"][:, d].sum()), int(day["units"][d])
    ordered = round(gmv * (buyers + unpaid) / max(buyers, 1), 2)
    old_visitors = rng.binomial(uv, 0.24)
    members = rng.binomial(buyers, 0.38)
    values: tuple[object, ...] = (
        days()[d].strftime("%Y-%m-%d"),
        uv,
        rng.binomial(uv, 0.97),
        round(views * 1.12),
        rng.binomial(uv, 0.94),
        views,
        round(float(rng.normal(48, 3)), 2),
        round(float(rng.normal(0.52, 0.015)), 4),
        rng.binomial(uv, 0.085),
        int(book.item["carts"][:, d].sum()),
        rng.binomial(uv, 0.03),
        ordered,
        buyers + unpaid,
        units + round(unpaid * 1.4),
        ratio(buyers + unpaid, uv),
        gmv,
        buyers,
        units,
        int(day["orders"][d]),
        ratio(buyers, uv),
        round(ratio(gmv, buyers), 2),
        round(ratio(gmv, uv), 2),
        old_visitors,
        uv - old_visitors,
        buyers - old,
        old,
        round(gmv * ratio(old, buyers), 2),
        0.0,
        float(spend[0]),
        float(spend[1]),
        0.0,
        commission,
        round(float(book.item["refund"][:, d].sum()), 2),
        rng.binomial(buyers, 0.12),
        61000 + 38 * d,
        rng.binomial(buyers, 0.05),
        rng.binomial(uv, 0.11),
        round(gmv * ratio(members, buyers), 2),
        members,
        84000 + 45 * d,
    )
    return dict(zip(STORE, values, strict=True))


def _store_text(row: dict[str, object]) -> list[object]:
    out: list[object] = []
    for name, value in row.items():
        if name.endswith("转化率") or name == "跳失率":
            out.append(percent(float(str(value))))
        elif isinstance(value, float):
            out.append("-" if name in ("智能场景花费", "全站推广花费") else thousands(value, 2))
        else:
            out.append(value if isinstance(value, str) else thousands(float(str(value))))
    return out


def write_store(book: Book, folder: Path) -> None:
    """Three yearly files that overlap by a day, in three encodings."""
    rows = {d: store_row(book, d) for d in range(len(exported()))}
    head = [["生意参谋 店铺整体 日数据（模拟数据）"], ["统计周期", "2024-09-01 至 2025-01-01"], []]
    body = [
        [int(v) if isinstance(v, np.integer) else v for v in rows[d].values()]
        for d in span("2024-09-01", "2025-01-01")
    ]
    write_xlsx(folder / "sycm_store_2024.xlsx", [*head, list(STORE), *body])
    for name, first, last, encoding in (
        ("sycm_store_2025.csv", "2025-01-01", "2025-12-31", "gb18030"),
        ("sycm_store_2026.csv", "2025-12-31", "2026-10-31", "utf-8-sig"),
    ):
        write_csv(folder / name, [STORE, *(_store_text(rows[d]) for d in span(first, last))], encoding)


def _source_values(book: Book, d: int) -> list[tuple[tuple[str, str, str], dict[str, float]]]:
    rng, out = stream("traffic", d), []
    for one, two, three, name, share in LEAVES:
        c = CHANNELS.index(name)
        v, b, g = (float(book.channel[x][c, d]) for x in ("visitors", "buyers", "gmv"))
        v, b, g = round(v * share), round(b * share), round(g * share, 2)
        unpaid = int(rng.binomial(b, book.world.basket.unpaid_share))
        value = {
            "访客数": v,
            "下单金额": round(g * (b + unpaid) / max(b, 1), 2),
            "下单买家数": b + unpaid,
            "支付金额": g,
            "支付买家数": b,
            "关注店铺买家数": rng.binomial(v, 0.006),
            "收藏商品买家数": rng.binomial(v, 0.03),
            "加购人数": rng.binomial(v, 0.085),
            "新访客": rng.binomial(v, 0.1 if name == "returning" else 0.8),
            "直接支付买家数": rng.binomial(b, 0.7),
        }
        for key, p in (
            ("收藏商品-支付买家数", 0.12),
            ("粉丝支付买家数", 0.09),
            ("加购商品-支付买家数", 0.22),
        ):
            value[key] = rng.binomial(b, p)
        for key, p in (("引导店铺页访客数", 0.12), ("引导短视频访客数", 0.05), ("引导商品访客数", 0.9)):
            value[key] = rng.binomial(v, p)
        value["种草成交人数"], value["种草成交金额"] = rng.binomial(b, 0.03), round(g * 0.03, 2)
        ad = one == "广告流量" and name != "affiliate"
        value["广告成交金额"], value["广告点击量"] = (g, round(v * 1.12)) if ad else (0.0, 0)
        out.append(((one, two, three), value))
    return out


def _with_sums(
    leaves: list[tuple[tuple[str, str, str], dict[str, float]]],
) -> list[tuple[tuple[str, str, str], dict[str, float]]]:
    """汇总 rows of both upper levels in front of their leaves; visitors of a first level overlap by 2 %."""
    out = []
    for one in ("平台流量", "广告流量"):
        mine = [(path, v) for path, v in leaves if path[0] == one]
        total = {k: sum(v[k] for _, v in mine) for k in mine[0][1]}
        total["访客数"] = round(total["访客数"] * 0.98)
        out.append(((one, "汇总", "汇总"), total))
        for path, v in mine:
            out += [((path[0], path[1], "汇总"), v), (path, v)]
    return out


def _derive(v: dict[str, float]) -> dict[str, float]:
    return v | {
        "下单转化率": ratio(v["下单买家数"], v["访客数"]),
        "支付转化率": ratio(v["支付买家数"], v["访客数"]),
        "客单价": ratio(v["支付金额"], v["支付买家数"]),
        "UV价值": ratio(v["支付金额"], v["访客数"]),
    }


def _source_cell(name: str, now: dict[str, float], before: dict[str, float] | None) -> str:
    base = name.removesuffix("变化")
    if base != name:
        return "-" if before is None else percent(ratio(now[base] - before[base], before[base]))
    value = now[name]
    if name.endswith("转化率") or value != value:
        return percent(value)
    return thousands(value, 2) if name.endswith("金额") or name in ("客单价", "UV价值") else thousands(value)


def write_traffic(book: Book, folder: Path) -> None:
    """Half-years with chosen columns in archives; the last month in full."""
    index = exported()
    table: dict[int, list[tuple[tuple[str, str, str], dict[str, float]]]] = {}
    for d in range(len(index)):
        if index[d].strftime("%Y-%m-%d") != book.world.wrinkles.outage_day:
            table[d] = [(p, _derive(v)) for p, v in _with_sums(_source_values(book, d))]
    before = {d: dict(table[d - 1]) if d - 1 in table else None for d in table}

    def rows(first: str, last: str, header: tuple[str, ...]) -> list[list[object]]:
        out: list[list[object]] = [
            ["流量来源构成（模拟数据）"],
            ["终端：全部"],
            ["统计粒度：日"],
            [f"统计时间：{first} 至 {last}"],
            [],
            list(header),
        ]
        for d in span(first, last):
            for path, v in table.get(d, []):
                old = before[d]
                cells = [_source_cell(name, v, None if old is None else old[path]) for name in header[4:]]
                out.append([index[d].strftime("%Y-%m-%d"), *path, *cells])
        return out

    for name, first, last in HALVES:
        data = csv_bytes(
            rows(first, min(last, "2026-09-30"), TRAFFIC_SUBSET),
            "gb18030" if name.startswith("2025") else "utf-8-sig",
        )
        write_zip(folder / f"sycm_traffic_{name}.zip", {f"sycm_traffic_{name}.csv": data})
    full = csv_bytes(rows("2026-10-01", "2026-10-31", TRAFFIC), "utf-8-sig")
    write_zip(folder / "sycm_traffic_2026-10.zip", {"sycm_traffic_2026-10.csv": full})
