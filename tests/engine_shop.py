"""A hand-made store for the engine's tests: every kind of channel, policy and promotion, small enough to follow."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from ecomsim.store import (
    Affiliate,
    BaseStock,
    Basket,
    Channel,
    Choice,
    CoverDays,
    Effect,
    FixedQuantity,
    FullReduction,
    Live,
    MinMax,
    Paid,
    Product,
    Promotion,
    Receipt,
    Returning,
    Service,
    Store,
    Supplier,
    Team,
)
from ecomsim.uncertain import Beta, LogNormal

WEEK = (0.95, 0.95, 0.97, 0.98, 1.02, 1.08, 1.05)
_DAY = [
    math.exp(-(((h - 40) / 7) ** 2) / 2) + 0.6 * math.exp(-(((h - 24) / 8) ** 2) / 2) + 0.02
    for h in range(48)
]
PROFILE = tuple(x / sum(_DAY) for x in _DAY)


def shop(products: int = 40, *, buyers: float = 400.0, uncertain: bool = False, **parts: Any) -> Store:
    """Seven channels, `products` products with Zipf shares, two suppliers, one team, Double 11."""
    size = buyers / 700.0
    p0 = Beta(300.0, 9700.0) if uncertain else 0.03
    channels = {
        "search": Channel("search", 9000 * size, p0, 0.09, weekday=WEEK, reputation=1.0),
        "paid": Channel(
            "paid", 5000 * size, 0.02, 0.06, weekday=WEEK,
            driver=Paid(spend=4000.0, ref_spend=4000.0, carry=0.3, kappa=2.0, displaces={"search": 0.1}),
        ),
        "display": Channel("display", 3500 * size, 0.012, 0.05, driver=Paid(spend=1500.0, ref_spend=1500.0)),
        "affiliate": Channel("affiliate", 2500 * size, 0.025, 0.07, driver=Affiliate(rate=0.06, ref_rate=0.06)),
        "live": Channel("live", 1500 * size, 0.02, 0.06, driver=Live(weekdays=(1, 3, 5), size_sigma=0.4)),
        "returning": Channel("returning", 1500 * size, 0.06, 0.15, driver=Returning(ref_buyers=buyers)),
        "event": Channel("event", 500 * size, 0.03, 0.08, dispersion=12.0),
    }  # fmt: skip
    total = sum(1 / (i + 1) ** 0.8 for i in range(products))
    goods: dict[str, Product] = {}
    for i in range(products):
        share = 1 / (i + 1) ** 0.8 / total
        pace = buyers * 1.2 * share
        policy = (
            CoverDays(10.0, 21.0),
            MinMax(math.ceil(pace * 9 + 2), math.ceil(pace * 18 + 4)),
            BaseStock(math.ceil(pace * 14 + 4)),
            FixedQuantity(math.ceil(pace * 10 + 2), math.ceil(pace * 8 + 5)),
        )[i % 4]
        price = 40.0 + 7.0 * (i % 23)
        goods[f"S{i:03d}"] = Product(
            f"S{i:03d}", price, round(price * 0.5, 2), share,
            LogNormal(2.0, 0.1) if uncertain else 1.5 + 0.1 * (i % 9),
            on_hand=math.ceil(pace * 9 + 3), refund_rate=0.03 + 0.01 * (i % 8), policy=policy,
            on_order=(Receipt(dt.date(2026, 11, 4), float(math.ceil(pace * 5))),) if i % 3 == 0 else (),
            supplier="near" if i % 2 else "far", pack=6.0 if i % 5 == 0 else 1.0, moq=12.0 if i % 5 == 0 else 0.0,
        )  # fmt: skip
    double11 = Promotion(
        "double11", dt.date(2026, 11, 8), dt.date(2026, 11, 12), peaks=(dt.date(2026, 11, 11),), family="double11",
        discount=0.12, reduction=FullReduction(300.0, 40.0, 3), before_days=4, after_days=5, badge=1.1,
        traffic={"search": Effect(0.95, 1.4, 2.2, 0.9), "event": Effect(1.0, 3.0, 6.0, 0.8)},
        conversion=Effect(0.85, 1.2, 1.5, 0.9), protection_days=7,
    )  # fmt: skip
    made: dict[str, Any] = {
        "name": "hand-made",
        "channels": channels,
        "products": goods,
        "teams": {"desk": Team("desk", 8.0 * size * 2)},
        "promotions": {"double11": double11},
        "suppliers": {
            "near": Supplier("near", 5.0, 1.0),
            "far": Supplier("far", 9.0, 2.5, review_weekdays=(0, 3), short_rate=0.02, terms_days=45.0),
        },
        "service": Service(profile=PROFILE),
        "choice": Choice(theta=0.5, substitution=0.3, shrinkage=0.0005),
        "basket": Basket(member_share=0.1),
        "as_of": dt.date(2026, 10, 31),
    }
    return Store(**{**made, **parts})
