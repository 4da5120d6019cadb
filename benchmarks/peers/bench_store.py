"""The store every engine figure is taken on: all driver kinds and policies, promotions, uncertain numbers."""

from __future__ import annotations

import datetime as dt

import numpy as np

from ecomsim.calendar import Horizon
from ecomsim.store import (
    Affiliate,
    BaseStock,
    Basket,
    Channel,
    Choice,
    CoverDays,
    Effect,
    FixedQuantity,
    Free,
    Fulfilment,
    FullReduction,
    Live,
    MinMax,
    Noise,
    Paid,
    Policy,
    Product,
    Promotion,
    Receipt,
    Returning,
    Service,
    Store,
    Supplier,
    Team,
    TimePhased,
)
from ecomsim.uncertain import Beta, LogNormal, Number, Triangular

SEED = 20261111
BUYERS_PER_VISITOR = 0.038


def bench_horizon(days: int = 90, start: str = "2026-10-01") -> Horizon:
    """Return the horizon: by default October to December, with Double 11 and Double 12 inside."""
    first = dt.date.fromisoformat(start)
    return Horizon(first, first + dt.timedelta(days=days - 1))


def bench_store(
    skus: int = 300, visitors: float = 20_000.0, start: str = "2026-10-01", *, uncertain: bool = True
) -> Store:
    """Return a store of `skus` products and about `visitors` visitors on an ordinary day.

    Parameters
    ----------
    start : first day of the horizon; the opening stock and open orders belong to the day before
    uncertain : whether the numbers a calibration estimates are distributions, else their centres
    """
    rng = np.random.default_rng(SEED)
    first = dt.date.fromisoformat(start)

    def about(centre: float, spread: float) -> Number:
        return LogNormal(centre, spread) if uncertain else centre

    def share(centre: float, strength: float) -> Number:
        return Beta(centre * strength, (1 - centre) * strength) if uncertain else centre

    return Store(
        name="bench",
        channels=_channels(visitors, about, share),
        products=_products(skus, visitors, first, rng, about, share),
        promotions=_promotions(skus, about),
        teams=_teams(visitors),
        suppliers={
            "default": Supplier("default", lead_days=7.0, lead_sd_days=1.5, review_weekdays=(0, 2, 4)),
            "far": Supplier(
                "far", lead_days=14.0, lead_sd_days=3.0, review_weekdays=(1,), short_rate=0.05, terms_days=0.0
            ),
        },
        service=Service(
            profile=_profile(), work_s=about(24.0, 0.05), think_s=45.0, turns=5.0, patience_s=200.0
        ),
        noise=Noise(level_sigma=0.008, store_dispersion=60.0, phi=0.4),
        choice=Choice(
            theta=Triangular(0.3, 0.5, 0.7) if uncertain else 0.5, substitution=0.3, shrinkage=0.0005
        ),
        basket=Basket(
            extra_units=0.2, orders_per_buyer=1.03, value_cv=0.8, member_share=0.2, member_discount=0.05
        ),
        fulfilment=Fulfilment(capacity=1.35 * visitors * BUYERS_PER_VISITOR),
        as_of=first - dt.timedelta(days=1),
    )


def _channels(visitors, about, share):  # type: ignore[no-untyped-def]
    def channel(name, part, p_silent, p_enquiring, driver, **more):  # type: ignore[no-untyped-def]
        return Channel(
            name,
            base=about(part * visitors, 0.04),
            p_silent=share(p_silent, 20_000.0),
            p_enquiring=share(p_enquiring, 2_000.0),
            enquiry_share=share(0.06, 5_000.0),
            driver=driver,
            **more,
        )

    weekend = (0.97, 0.96, 0.97, 0.98, 1.0, 1.06, 1.06)
    winter = (0.9, 0.8, 0.95, 0.95, 1.0, 1.05, 0.95, 0.95, 1.0, 1.05, 1.25, 1.15)
    spend = 0.2 * visitors
    made = (
        channel(
            "free_search",
            0.32,
            0.030,
            0.22,
            Free(),
            weekday=weekend,
            season=winter,
            growth=0.1,
            reputation=1.0,
        ),
        channel(
            "paid_search",
            0.18,
            0.028,
            0.20,
            Paid(
                spend=spend, ref_spend=spend, carry=0.2, kappa=about(2.0, 0.1), displaces={"free_search": 0.1}
            ),
            weekday=weekend,
        ),
        channel(
            "display",
            0.14,
            0.012,
            0.12,
            Paid(spend=1.2 * spend, ref_spend=spend, carry=0.4, kappa=1.5, slope=1.2, daily_cap=3 * spend),
            dispersion=15.0,
        ),
        channel(
            "affiliate",
            0.10,
            0.035,
            0.20,
            Affiliate(rate=0.06, ref_rate=0.05, eta=about(0.6, 0.1)),
            dispersion=12.0,
        ),
        channel(
            "live",
            0.10,
            0.020,
            0.15,
            Live(weekdays=(1, 3, 5, 6), size_sigma=0.4, off_share=0.15),
            dispersion=10.0,
        ),
        channel(
            "returning",
            0.10,
            0.070,
            0.35,
            Returning(share=0.5, half_life_days=30.0, ref_buyers=visitors * BUYERS_PER_VISITOR),
            reputation=0.3,
        ),
        channel("platform_event", 0.06, 0.025, 0.18, Free(), dispersion=20.0),
    )
    return {c.name: c for c in made}


def _products(skus, visitors, first, rng, about, share):  # type: ignore[no-untyped-def]
    pull = 1.0 / np.arange(1, skus + 1) ** 0.8
    pull /= pull.sum()
    order = rng.permutation(skus)
    made = {}
    for k in range(skus):
        weight = float(pull[order[k]])
        daily = 1.2 * visitors * BUYERS_PER_VISITOR * weight
        price = round(float(np.exp(rng.normal(4.4, 0.5))), 1)
        on_hand = float(np.ceil(daily * rng.uniform(4, 30)))
        due = first + dt.timedelta(days=int(rng.integers(0, 10)))
        sku = f"S{k:04d}"
        made[sku] = Product(
            sku,
            price=price,
            cost=round(price * float(rng.uniform(0.35, 0.6)), 2),
            share=about(weight, 0.1),
            elasticity=about(float(rng.uniform(1.0, 2.5)), 0.15),
            ref_price=round(price * 1.04, 1) if k % 7 == 0 else None,
            season=tuple(np.round(1 + 0.2 * np.sin(2 * np.pi * (np.arange(12) + k) / 12), 3).tolist()),
            on_hand=on_hand,
            on_order=(Receipt(due, float(np.ceil(7 * daily))),) if k % 3 == 0 else (),
            moq=12.0 if k % 5 == 0 else 0.0,
            pack=6.0 if k % 5 == 0 else 1.0,
            refund_rate=share(float(rng.uniform(0.04, 0.15)), 500.0),
            policy=_policy(k, daily, first),
            supplier="far" if k % 4 == 3 else "default",
            price_plan={(first + dt.timedelta(days=14)).isoformat(): round(0.95 * price, 1)}
            if k % 11 == 0
            else {},
        )
    return made


def _policy(k: int, daily: float, first: dt.date) -> Policy:
    """Return one of the five policies in turn, fitted to the daily demand; slow movers are covered longer."""
    s, up = float(np.ceil(10 * daily + 3)), float(np.ceil(22 * daily + 8))
    later = (first + dt.timedelta(days=20)).isoformat()
    return (
        CoverDays(12.0, 25.0),
        MinMax(s, up),
        BaseStock(float(np.ceil(16 * daily + 6))),
        FixedQuantity(s, float(max(np.ceil(14 * daily), 6.0))),
        TimePhased({first.isoformat(): s, later: 1.5 * s}, {first.isoformat(): up, later: 1.5 * up}),
    )[k % 5]


def _promotions(skus, about):  # type: ignore[no-untyped-def]
    def day(text: str) -> dt.date:
        return dt.date.fromisoformat(text)

    own = Promotion(
        "october",
        day("2026-10-15"),
        day("2026-10-18"),
        discount=0.1,
        skus=tuple(f"S{k:04d}" for k in range(0, skus, 5)),
        coupon=FullReduction(199.0, 20.0),
        coupon_use=0.4,
        badge=1.2,
        traffic={"free_search": Effect(during=1.15)},
        conversion=Effect(before=0.97, during=about(1.15, 0.05), after=0.95),
        before_days=2,
        after_days=3,
        protection_days=7,
    )
    double11 = Promotion(
        "double11",
        day("2026-11-08"),
        day("2026-11-11"),
        peaks=(day("2026-11-11"),),
        family="double11",
        discount=0.12,
        reduction=FullReduction(300.0, 30.0, times=10),
        traffic={
            "free_search": Effect(0.95, 1.3, about(2.0, 0.05), 0.85),
            "paid_search": Effect(1.0, 1.2, 1.6, 0.9),
            "platform_event": Effect(1.2, 2.5, about(6.0, 0.1), 0.8),
        },
        conversion=Effect(0.85, about(1.3, 0.05), about(1.9, 0.05), 0.8),
        before_days=4,
        after_days=7,
        protection_days=15,
    )
    double12 = Promotion(
        "double12",
        day("2026-12-10"),
        day("2026-12-12"),
        peaks=(day("2026-12-12"),),
        family="double12",
        discount=0.1,
        reduction=FullReduction(200.0, 20.0, times=5),
        traffic={"free_search": Effect(1.0, 1.2, 1.5, 0.9), "platform_event": Effect(1.0, 1.6, 2.5, 0.9)},
        conversion=Effect(0.92, 1.2, 1.5, 0.9),
        before_days=3,
        after_days=5,
    )
    return {p.name: p for p in (own, double11, double12)}


def _teams(visitors: float) -> dict[str, Team]:
    day = tuple(1.0 if 18 <= h < 46 else 0.5 if h in (16, 17, 46) else 0.0 for h in range(48))
    evening = tuple(1.0 if 36 <= h < 48 else 0.0 for h in range(48))
    return {
        "presale": Team("presale", headcount=max(1.0, round(visitors / 3500)), shape=day),
        "evening": Team(
            "evening",
            headcount=max(1.0, round(visitors / 9000)),
            shape=evening,
            wage_hour=34.0,
            shrinkage=0.15,
        ),
    }


def _profile() -> tuple[float, ...]:
    hour = np.arange(48) / 2
    shape = 0.06 + np.exp(-(((hour - 11) / 2.5) ** 2)) + 1.3 * np.exp(-(((hour - 20.5) / 2.2) ** 2))
    shape += 0.5 * np.exp(-(((hour - 15) / 2.0) ** 2))
    return tuple((shape / shape.sum()).tolist())
