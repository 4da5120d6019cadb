"""A small store with something of everything a planner may move."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from ecomsim.calendar import Horizon
from ecomsim.opened import Opened
from ecomsim.store import (
    Affiliate,
    Channel,
    CoverDays,
    FullReduction,
    Paid,
    Product,
    Promotion,
    Provenance,
    Store,
    Team,
)  # fmt: skip

AS_OF = dt.date(2026, 10, 31)
NOVEMBER = Horizon.month("2026-11")
_DUTY = tuple(4.0 if 16 <= slot < 48 else 0.0 for slot in range(48))


def shop() -> Store:
    days = {day.isoformat(): _DUTY for day in NOVEMBER.dates}
    return Store(
        "little",
        {
            "free_search": Channel("free_search", 900.0, 0.03, 0.1),
            "paid_search": Channel(
                "paid_search", 400.0, 0.02, 0.1, driver=Paid(1000.0, ref_spend=1000.0, max_seen=2000.0)
            ),
            "affiliate": Channel("affiliate", 100.0, 0.02, 0.1, driver=Affiliate(0.08, 0.08)),
        },
        {
            sku: Product(sku, 50.0, 20.0, on_hand=400.0, policy=CoverDays(7.0, 21.0), category=kind)
            for sku, kind in (("A1", "mugs"), ("A2", "mugs"), ("B1", "pans"))
        },
        teams={"presale": Team("presale", 4.0, roster=days)},
        promotions={
            "d11": Promotion(
                "d11", dt.date(2026, 11, 9), dt.date(2026, 11, 12), (dt.date(2026, 11, 11),), "double11", 0.1,
                coupon=FullReduction(200.0, 20.0),
            ),
            "old": Promotion("old", dt.date(2026, 6, 1), dt.date(2026, 6, 18), family="618"),
        },
        as_of=AS_OF,
        provenance={"channels": Provenance("estimated", "channel_day")},
    )  # fmt: skip


def opened(folder: Path) -> Opened:
    return Opened(folder, shop(), {"gmv": {"2026-11": 1_500_000.0}}, first=dt.date(2025, 1, 1), last=AS_OF)
