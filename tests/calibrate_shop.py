"""An independent little generator of a small shop's tables, for the tests of calibration."""

from __future__ import annotations

import numpy as np
import pandas as pd

Tables = dict[str, pd.DataFrame]
RATES = {"free_search": 0.03, "paid_search": 0.02}
BASE = {"free_search": 4000.0, "paid_search": 1500.0}


def shop(days: int = 240, seed: int = 3) -> Tables:
    """Two channels, six products, three own promotions: an independent little generator."""
    rng = np.random.default_rng(seed)
    dates = pd.date_range("2025-01-01", periods=days)
    promos = [d for d in (40, 110, 180) if d + 4 < days]
    busy = np.zeros(days)
    for start in promos:
        busy[start : start + 4] = 1
    week = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 1.25, 1.25])
    week = week / week.mean()
    spend = 1000 * np.exp(rng.normal(0, 0.3, days // 7 + 1))[np.arange(days) // 7]
    response = {"free_search": np.ones(days), "paid_search": np.sqrt(spend / 1000)}
    visitors, buyers = {}, {}
    shock = np.exp(rng.normal(0, 0.03, days))
    for name, base in BASE.items():
        mean = base * week[dates.day_of_week] * response[name] * np.where(busy > 0, 1.5, 1.0) * shock
        visitors[name] = rng.poisson(mean)
        buyers[name] = rng.binomial(visitors[name], RATES[name] * np.where(busy > 0, 1.2, 1.0))
    total = sum(buyers.values())
    skus = [f"S{i}" for i in range(6)]
    price = np.array([20.0, 35.0, 50.0, 80.0, 120.0, 200.0])
    share = np.array([0.3, 0.25, 0.2, 0.12, 0.08, 0.05])
    changed = np.ones((days, 6))
    for k in range(6):
        for start in range(10 + 7 * k, days - 20, 45):
            changed[start : start + 15, k] = rng.choice([0.85, 0.9, 1.1, 1.15])
    weight = share * changed**-2.0
    weight /= weight.sum(axis=1, keepdims=True)
    units = np.array([rng.multinomial(n, w) for n, w in zip(total, weight, strict=True)]).astype(float)
    gmv = units * price * changed
    long = dict(date=np.repeat(dates, 6), sku=np.tile(skus, days))
    first = np.vstack([np.ones((1, 6), bool), changed[1:] != changed[:-1]])
    prices = pd.DataFrame({**long, "price": (price * changed).ravel()})[first.ravel()]
    channel = pd.concat(
        [
            pd.DataFrame({
                "date": dates, "channel": name, "visitors": visitors[name].astype(float),
                "buyers": buyers[name].astype(float),
                "spend": spend if name == "paid_search" else np.nan,
            })
            for name in BASE
        ],
        ignore_index=True,
    )  # fmt: skip
    return {
        "store_day": pd.DataFrame({
            "date": dates, "visitors": sum(visitors.values()).astype(float), "buyers": total.astype(float),
            "orders": total.astype(float), "units": units.sum(axis=1), "gmv": gmv.sum(axis=1),
        }),
        "channel_day": channel,
        "item_day": pd.DataFrame({**long, "units": units.ravel(), "gmv": gmv.ravel()}),
        "prices": prices.reset_index(drop=True),
        "products": pd.DataFrame({
            "sku": skus, "price": price, "cost": price / 2, "category": ["a", "a", "a", "b", "b", "b"],
            "on_hand": 500.0, "moq": 10.0, "pack": 4.0,
        }),
        "promotions": pd.DataFrame({
            "promotion": [f"own_{d}" for d in promos] + ["own_next"],
            "family": "own",
            "start": [dates[d] for d in promos] + [dates[-1] + pd.Timedelta(days=5)],
            "end": [dates[d + 3] for d in promos] + [dates[-1] + pd.Timedelta(days=8)],
            "scope": "all",
        }),
    }  # fmt: skip
