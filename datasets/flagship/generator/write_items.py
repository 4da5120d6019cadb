"""生意参谋: products by day."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from generator.book import Book
from generator.files import csv_bytes, percent, ratio, write_xlsx, write_zip
from generator.headers import ITEM, ITEM_SUBSET
from generator.world import days, stream
from generator.write_sycm import HALVES, exported, span


def item_row(book: Book, d: int, k: int) -> dict[str, object]:
    """One product on one day, every column of the export."""
    c, i = book.catalogue, {x: v[k, d] for x, v in book.item.items()}
    rng = stream("itemcols", d * 1000 + k)
    v, b, u = int(i["visitors"]), int(i["buyers"]), int(i["units"])
    gmv, unpaid = round(float(i["gmv"]), 2), ordered_extra(d, k, b)
    ordered, old, search = b + unpaid, rng.binomial(b, 0.3), rng.binomial(v, 0.4)
    price = float(i["price"])
    values: tuple[object, ...] = (
        days()[d].strftime("%Y-%m-%d"),
        c.item_id[k],
        c.name[k],
        c.item_id[k],
        "普通商品",
        c.sku[k],
        "当前在线" if i["listed"] else "已下架",
        "",
        v,
        int(i["views"]),
        round(float(rng.normal(21, 3)), 2),
        percent(float(rng.uniform(0.5, 0.7))),
        rng.binomial(v, 0.03),
        int(i["carts"]),
        rng.binomial(v, 0.08),
        ordered,
        u + unpaid,
        round(gmv + unpaid * price, 2),
        percent(ratio(ordered, v)),
        b,
        u,
        gmv,
        percent(ratio(b, v)),
        b - old,
        old,
        round(gmv * ratio(old, b), 2) if b else 0.0,
        0.0,
        round(ratio(gmv, v), 2) if v else 0.0,
        round(float(i["refund"]), 2),
        "-",
        "-",
        "-",
        "-",
        percent(ratio(b, v)),
        search,
        rng.binomial(b, 0.4),
    )
    return dict(zip(ITEM, values, strict=True))


def ordered_extra(d: int, k: int, buyers: int) -> int:
    """Buyers who ordered and never paid; a cheap hash so that the big file needs no generator a cell."""
    return (buyers * 55 + (d * 7919 + k * 104729) % 1000) // 1000


def write_items(book: Book, folder: Path) -> None:
    """Half-years in archives with chosen columns; the last three days in full as a workbook."""
    index, c = exported(), book.catalogue
    for name, first, last in HALVES:
        rows: list[list[object]] = [list(ITEM_SUBSET)]
        text = {d: index[d].strftime("%Y-%m-%d") for d in span(first, last)}
        for k in range(len(c.sku)):  # product by product: compresses far better than day by day
            i = {
                x: book.item[x][k]
                for x in ("visitors", "views", "carts", "buyers", "units", "gmv", "refund", "listed")
            }
            for d in span(first, last):
                if d < c.launch[k] or (d >= c.retire[k] and not i["refund"][d]):
                    continue
                b = int(i["buyers"][d])
                rows.append(
                    [
                        text[d],
                        c.item_id[k],
                        c.name[k],
                        c.sku[k],
                        "当前在线" if i["listed"][d] else "已下架",
                        int(i["visitors"][d]),
                        int(i["views"][d]),
                        int(i["carts"][d]),
                        b + ordered_extra(d, k, b),
                        b,
                        int(i["units"][d]),
                        f"{i['gmv'][d]:.2f}",
                        f"{i['refund'][d]:.2f}",
                    ]
                )
        data = csv_bytes(rows, "gb18030" if name == "2025H1" else "utf-8-sig")
        write_zip(folder / f"sycm_item_{name}.zip", {f"sycm_item_{name}.csv": data})
    full = [
        list(item_row(book, d, int(k)).values())
        for d in span("2026-10-29", "2026-10-31")
        for k in np.flatnonzero((c.launch <= d) & ((d < c.retire) | (book.item["refund"][:, d] > 0)))
    ]
    body = [[x.item() if isinstance(x, np.generic) else x for x in row] for row in full]
    head = [["商品明细（模拟数据）"], ["统计日期：2026-10-29 至 2026-10-31"], [], []]
    write_xlsx(folder / "sycm_item_2026-10-last-days.xlsx", [*head, list(ITEM), *body])
