"""What no platform exports: products, stock, orders, prices, promotions, contacts, roster, plans."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from generator.book import Book
from generator.catalogue import CATEGORIES, SUPPLIERS, promotion_days, promotion_terms
from generator.events import all_events
from generator.files import csv_bytes, write_csv, write_zip
from generator.world import SLOTS, day_texts, days
from generator.write_sycm import exported

CONTACTS_FROM = "2026-05-01"
ROSTER_FROM = "2026-09-01"
# Set once from many runs of the hidden month; see README.
TARGETS = (
    ("gmv", "2026-09", 3_100_000),
    ("gmv", "2026-10", 4_150_000),
    ("gmv", "2026-11", 4_600_000),
    ("orders", "2026-11", 36_000),
    ("net_sales", "2026-11", 4_300_000),
)


def write_catalogue(book: Book, folder: Path) -> None:
    """Products, stock by day, purchase orders and prices."""
    texts = day_texts()
    c, house, last = book.catalogue, book.warehouse, len(exported()) - 1
    open_units = np.zeros(len(c.sku), int)
    orders: list[list[object]] = []
    for o in house.orders:
        if o.ordered > last:
            continue
        done = o.received <= last
        open_units[o.product] += 0 if done else o.units
        orders.append(
            [
                o.po_id,
                c.sku[o.product],
                texts[o.ordered],
                _due(o.due),
                texts[o.received] if done else "",
                o.units,
                o.received_units if done else "",
                f"{c.cost[o.product]:.2f}",
                SUPPLIERS[c.supplier[o.product]][0],
            ]
        )
    products: list[list[object]] = [
        [
            "sku",
            "item_id",
            "name",
            "category",
            "role",
            "price",
            "cost",
            "on_hand",
            "on_order",
            "lead_time_days",
            "moq",
            "pack",
            "supplier",
        ]
    ]
    products += [
        [
            c.sku[k],
            c.item_id[k],
            c.name[k],
            CATEGORIES[c.category[k]][0],
            "traffic" if c.role_traffic[k] else "profit",
            f"{c.regular_price[k, last]:g}",
            f"{c.cost[k]:.2f}",
            int(book.item["on_hand"][k, last]),
            int(open_units[k]),
            f"{c.lead_days[k]:.1f}",
            int(c.moq[k]),
            int(c.pack[k]),
            SUPPLIERS[c.supplier[k]][0],
        ]
        for k in np.flatnonzero((c.launch <= last) & (last < c.retire))
    ]
    write_csv(folder / "products.csv", products, "utf-8-sig")
    head = [
        "采购单号",
        "货号",
        "下单日期",
        "预计到货日期",
        "到货日期",
        "采购数量",
        "到货数量",
        "采购单价",
        "供应商",
    ]
    write_zip(folder / "purchase_orders.zip", {"purchase_orders.csv": csv_bytes([head, *orders], "gb18030")})
    stock: list[list[object]] = [["date", "sku", "on_hand"]]
    prices: list[list[object]] = [["date", "sku", "price"]]
    for d in range(last + 1):
        for k in np.flatnonzero((c.launch <= d) & (d < c.retire)):
            stock.append([texts[d], c.sku[k], int(book.item["on_hand"][k, d])])
            if d == c.launch[k] or c.regular_price[k, d] != c.regular_price[k, d - 1]:
                prices.append([texts[d], c.sku[k], f"{c.regular_price[k, d]:g}"])
    write_zip(folder / "stock_day.zip", {"stock_day.csv": csv_bytes(stock, "utf-8")})
    write_zip(folder / "prices.zip", {"prices.csv": csv_bytes(prices, "utf-8")})


def _due(d: int) -> str:
    return (days()[0] + pd.Timedelta(days=d)).strftime("%Y-%m-%d")


def write_promotions(book: Book, folder: Path) -> None:
    """One row per promotion and depth; basket terms repeat on every row of their promotion."""
    rows: list[list[object]] = [
        [
            "活动",
            "活动类型",
            "开始日期",
            "结束日期",
            "爆发日",
            "范围",
            "折扣力度",
            "满",
            "减",
            "上限次数",
            "券门槛",
            "券面额",
            "预热天数",
            "余热天数",
        ]
    ]
    c = book.catalogue
    for i, event in enumerate(all_events()):
        when = np.flatnonzero(promotion_days(event, book.calendar, i))
        depth = c.discount[:, when].max(axis=1) if len(when) else np.zeros(len(c.sku))
        terms = promotion_terms(event)
        before = (pd.Timestamp(event.start) - pd.Timestamp(event.before)).days
        after = (pd.Timestamp(event.after_end) - pd.Timestamp(event.end)).days
        cells = [
            f"{terms[x]:g}" if terms[x] else ""
            for x in ("threshold", "off", "times", "coupon_threshold", "coupon_off")
        ]
        known = (c.launch <= when[-1]) & (c.retire > when[0])
        for cut in np.unique(depth[(depth > 0) & known]):
            scope = ";".join(c.sku[k] for k in np.flatnonzero((depth == cut) & known))
            rows.append(
                [
                    event.key,
                    event.family,
                    event.start,
                    event.end,
                    ";".join(event.peaks),
                    scope,
                    f"{cut:g}",
                    *cells,
                    before,
                    after,
                ]
            )
    write_csv(folder / "promotions.csv", rows, "utf-8-sig")


def write_service_plan(book: Book, folder: Path) -> None:
    """Contacts of the last months, roster of the last two and the plan for the next."""
    index, end, texts = days(), len(exported()), day_texts()
    contacts: list[list[object]] = [["date", "slot", "kind", "contacts"]]
    for d in np.flatnonzero((index >= CONTACTS_FROM) & (np.arange(len(index)) < end)):
        for h in range(SLOTS):
            contacts += [
                [texts[d], _clock(h), kind, int(book.contacts[kind][d, h])]
                for kind in ("presale", "aftersale")
            ]
    write_zip(folder / "contacts.zip", {"contacts.csv": csv_bytes(contacts, "utf-8")})
    roster: list[list[object]] = [["date", "slot", "team", "agents"]]
    for d in np.flatnonzero(index >= ROSTER_FROM):
        for team in ("presale", "aftersale"):
            on_duty = (book.agents if d < end else book.planned_agents)[team][d]
            roster += [[texts[d], _clock(h), team, int(on_duty[h])] for h in range(SLOTS) if on_duty[h]]
    write_zip(folder / "roster.zip", {"roster.csv": csv_bytes(roster, "utf-8")})


def _clock(h: int) -> str:
    return f"{h // 2:02d}:{h % 2 * 30:02d}"


def write_plans(book: Book, folder: Path) -> None:
    """Spend plan of the hidden month and the targets."""
    texts = day_texts()
    rows: list[list[object]] = [["date", "channel", "spend"]]
    for d in range(len(exported()), len(days())):
        rows += [
            [texts[d], name, f"{book.plan.spend[i, d]:.2f}"]
            for i, name in enumerate(("paid_search", "display"))
        ]
    write_csv(folder / "spend_plan.csv", rows, "utf-8")
    write_csv(folder / "targets.csv", [["指标", "月份", "目标值"], *TARGETS], "gb18030")
