"""万相台 and 淘宝客."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from generator.book import Book
from generator.files import csv_bytes, percent, ratio, write_csv, write_xlsx, write_zip
from generator.headers import CPS, SCENE
from generator.world import CHANNELS, days, stream
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
        total += [
            shown,
            clicks,
            spend,
            round(g * CLAIM[name], 2),
            round(b * CLAIM[name]),
            rng.binomial(clicks, 0.09),
        ]
    shown, clicks, spend, gmv, orders, carts = total.round(2).tolist()
    head: list[object] = (
        ["合计", "", "", "", ""]
        if d is None
        else [days()[d].strftime("%Y-%m-%d"), code, title, code + "01", title]
    )
    fresh, member = round(orders * 0.62), round(orders * 0.33)
    return [
        *head,
        int(shown),
        int(clicks),
        spend,
        percent(ratio(clicks, shown)),
        two(ratio(spend, clicks)),
        two(ratio(1000 * spend, shown)),
        gmv,
        int(orders),
        round(gmv * 0.8, 2),
        round(gmv - round(gmv * 0.8, 2), 2),
        percent(ratio(orders, clicks)),
        two(ratio(gmv, spend)),
        int(carts),
        percent(ratio(carts, clicks)),
        round(carts * 0.4),
        fresh,
        percent(ratio(fresh, orders)),
        round(orders * 0.05),
        round(gmv * 0.33, 2),
        member,
    ]


def two(value: float) -> object:
    return "-" if value != value else round(value, 2)


def write_ads(book: Book, folder: Path) -> None:
    """Scenes in a workbook and a GB18030 file; affiliate by day."""
    index = exported()
    split = int((index < np.datetime64("2026-01-01")).sum())
    write_xlsx(
        folder / "wanxiang_scene_2024_2025.xlsx",
        [list(SCENE), *_plain([_scene_row(book, d, i) for d in range(split) for i in (0, 1)])],
    )
    late = [_scene_row(book, d, i) for d in range(split, len(index)) for i in (0, 1)]
    sums = (
        ["合计"]
        + [""] * 4
        + [round(sum(float(str(r[j])) for r in late), 2) for j in (5, 6, 7)]
        + [""] * (len(SCENE) - 8)
    )
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
        rows.append(
            [
                index[d].strftime("%Y-%m-%d"),
                "付款数据",
                round(v * 1.15),
                int(v),
                percent(ratio(b, v)),
                int(b),
                g,
                round(b * 1.25),
                int(u),
                paid,
                fee,
                percent(rate),
                round(paid + fee, 2),
                n,
                round(n * 1.2),
                settled,
                done,
                done_fee,
                round(done + done_fee, 2),
                n,
                settled,
                round(n * 1.2),
                two(ratio(paid + fee, u)),
            ]
        )
    total: list[object] = ["合计", "付款数据", *(_sum(rows, j) for j in range(2, len(CPS)))]
    write_zip(
        folder / "taobaoke_cps_daily.zip",
        {"taobaoke_cps_daily.csv": csv_bytes([CPS, *rows, total], "utf-8-sig")},
    )


def _sum(rows: list[list[object]], j: int) -> object:
    """Total of a column; - for rates and averages."""
    if isinstance(rows[0][j], str) or j == len(CPS) - 1:
        return "-"
    return round(sum(float(str(r[j])) for r in rows), 2)
