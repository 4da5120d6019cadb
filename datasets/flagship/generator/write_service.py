"""Customer service: reception, enquiries and baskets by day."""

from __future__ import annotations

from pathlib import Path

from generator.book import Book
from generator.files import duration, percent, ratio, write_csv, write_xlsx
from generator.headers import BASKET, INQUIRY, RECEPTION
from generator.world import days, stream
from generator.write_ads import two
from generator.write_sycm import exported


def _reception(book: Book, d: int) -> list[object]:
    day, rng = book.day, stream("reception", d)
    asked, none = int(day["presale"][d] + day["aftersale"][d]), int(day["unanswered"][d])
    served = asked - none
    slow, buyer = int(day["quick"][d]), round(served * float(rng.normal(5.6, 0.1)))
    agent = round(buyer * 1.24)
    frt, long = float(day["response_s"][d]), rng.binomial(served, 0.08)
    started = rng.binomial(asked, 0.97)
    return [
        days()[d].strftime("%Y-%m-%d"),
        asked,
        served,
        none,
        rng.binomial(served, 0.95),
        duration(frt * 0.6 + 14),
        percent(float(day["within_180"][d])),
        round(asked * 1.06),
        round(served * 1.06),
        none,
        percent(ratio(served, asked)),
        duration(frt),
        slow,
        long,
        started,
        asked - started,
        buyer + agent,
        buyer,
        agent,
        percent(ratio(agent, buyer)),
        agent * 17,
        duration(book.world.service.chat_mean_s * float(rng.normal(1, 0.02))),
    ]


def write_service(book: Book, folder: Path) -> None:
    """Three daily files with a 合计 row each."""
    n, day = len(exported()), book.day
    rows = [_reception(book, d) for d in range(n)]
    totals = ["合计"] + [
        sum(int(str(r[j])) for r in rows) if isinstance(rows[0][j], int) else "-"
        for j in range(1, len(RECEPTION))
    ]
    write_csv(folder / "cs_reception.csv", [RECEPTION, *rows, totals], "utf-8")
    inquiry: list[list[object]] = []
    basket: list[list[object]] = []
    for d in range(n):
        rng = stream("inquiry", d)
        asked, paid, gmv = (
            int(day["presale"][d]),
            int(day["presale_buyers"][d]),
            round(float(day["presale_gmv"][d]), 2),
        )
        late = rng.binomial(asked - paid, 0.03)
        final = round(gmv * (1 + late / max(paid, 1)), 2)
        text = days()[d].strftime("%Y-%m-%d")
        inquiry.append(
            [
                text,
                asked,
                asked,
                paid,
                f"{gmv:,.2f}",
                paid + late,
                f"{final:,.2f}",
                percent(ratio(paid, asked)),
                percent(ratio(paid + late, asked)),
            ]
        )
        units = int(day["presale_units"][d])
        basket.append(
            [
                text,
                gmv,
                units,
                paid,
                two(ratio(gmv, paid)),
                two(ratio(units, paid)),
                two(ratio(gmv, units)),
            ]
        )
    sums = [sum(float(str(r[j]).replace(",", "")) for r in inquiry) for j in range(1, 7)]
    tail = [
        "合计",
        *[int(x) for x in sums[:3]],
        f"{sums[3]:,.2f}",
        int(sums[4]),
        f"{sums[5]:,.2f}",
        percent(ratio(sums[2], sums[0])),
        percent(ratio(sums[4], sums[0])),
    ]
    write_csv(folder / "cs_inquiry_performance.csv", [INQUIRY, *inquiry, tail], "gb18030")
    b = [sum(float(str(r[j])) for r in basket) for j in (1, 2, 3)]
    last = [
        "合计",
        round(b[0], 2),
        int(b[1]),
        int(b[2]),
        two(b[0] / b[2]),
        two(b[1] / b[2]),
        two(b[0] / b[1]),
    ]
    write_xlsx(folder / "cs_basket.xlsx", [list(BASKET), *basket, last])
