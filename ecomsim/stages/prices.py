"""What is on the page on a day: price paid, pull by price and promotion. Days alike share one regime.

    weight[k] = share[k] · season[k] · badge[k] · (paid[k] / ref_price[k])^(-elasticity[k])

Item discounts of promotions that overlap on a product ADD, they do not multiply.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ecomsim.checks import EcomsimError
from ecomsim.parameters import Floats, Parameters, Singles, stack
from ecomsim.stages.events import active_days
from ecomsim.stages.layout import TILE

__all__ = ["Prices", "prices", "tiled"]


@dataclass(frozen=True)
class Prices:
    """By regime g, replication (1 when certain), tile and product.

    Attributes
    ----------
    regime : (D,) row of each day, numbered in order of first use
    paid : (G, 1 or n, tiles, 64) price after item discounts
    ratio_log : (G, 1 or n, tiles, 64) log of paid over reference price
    boost : (G, 1 or n, tiles, 64) season times badge
    share, elasticity : (1 or n, tiles, 64)
    depth : (G, 1 or n, products) item discount as a fraction
    """

    regime: Any
    paid: Singles
    ratio_log: Singles
    boost: Singles
    share: Singles
    elasticity: Singles
    depth: Floats

    @property
    def drawn(self) -> bool:
        """Whether weights differ between replications."""
        widths = (self.ratio_log.shape[1], self.boost.shape[1], len(self.share), len(self.elasticity))
        return bool(max(widths) > 1)


def prices(p: Parameters) -> Prices:
    """Return the regimes of the horizon; made once for a set of parameters."""
    return p.once("prices", lambda: _prices(p))


def tiled(values: Any) -> Singles:
    """Return (..., products) as (..., tiles, 64) float32, padded with zeros."""
    array = np.asarray(values, dtype=np.float64)
    k = array.shape[-1]
    tiles = -(-k // TILE)
    out = np.zeros((*array.shape[:-1], tiles * TILE), np.float32)
    out[..., :k] = array
    return out.reshape(*array.shape[:-1], tiles, TILE)


def rows_first(values: Floats) -> Floats:
    """Return (products,) or (products, count) as (1 or count, products)."""
    return values[None, :] if values.ndim == 1 else values.T


def _prices(p: Parameters) -> Prices:
    store, dates = p.store, p.horizon.dates
    products = list(store.products.values())
    months = [day.month - 1 for day in dates]
    promotions = [(q, set(active_days(q, p))) for q in store.promotions.values()]
    discounts = {
        q.name: p.daily(f"promotions.{q.name}.discount", q.discount) for q, days in promotions if days
    }
    badges = {q.name: p.daily(f"promotions.{q.name}.badge", q.badge) for q, days in promotions if days}
    plans = _price_plans(p)
    skus = store.skus
    share_plans = [
        (i, p.daily(f"products.{skus[i]}.share", products[i].share))
        for i in p.dated_parts("products", "share")
    ]

    planned = [values.reshape(p.days, -1) for _, values in (*plans, *share_plans)]
    changed = np.concatenate(planned, axis=1) if planned else np.zeros((p.days, 0))

    def key(day: int) -> tuple[Any, ...]:
        on = tuple(
            (q.name, discounts[q.name][day].tobytes(), badges[q.name][day].tobytes())
            for q, days in promotions
            if day in days
        )
        return months[day], on, changed[day].tobytes()

    keys: dict[tuple[Any, ...], int] = {}
    regime = np.array([keys.setdefault(key(day), len(keys)) for day in range(len(dates))], np.int64)
    first = [int(np.argmax(regime == g)) for g in range(len(keys))]

    list_price = rows_first(p.plain("products", "price", {i for i, _ in plans}))
    ref_price = p.once("reference prices", lambda: _ref_prices(p))
    ref_price = np.where(np.isnan(ref_price), list_price, ref_price)
    scopes = {q.name: _scope(q.skus, skus) for q, days in promotions if days}
    position = {sku: i for i, sku in enumerate(skus)}
    paid, boost, depth = [], [], []
    for day in first:
        price = list_price.copy()
        for i, values in plans:
            price = _wide(price, values[day])
            price[:, i] = values[day]
        cut, extra = np.zeros((1, len(products))), np.ones((1, len(products)))
        for q, days in promotions:
            if day in days:
                cut = cut + np.atleast_1d(discounts[q.name][day])[:, None] * scopes[q.name]
                for sku, deeper in q.depth.items():
                    cut[:, position[sku]] += deeper
                extra = extra * (1 + (np.atleast_1d(badges[q.name][day])[:, None] - 1) * scopes[q.name])
        cut = np.maximum(cut, 0)
        if cut.max() >= 1:
            worst = skus[int(cut.max(axis=0).argmax())]
            names = ", ".join(q.name for q, days in promotions if day in days and q.discount)
            raise EcomsimError(
                f"promotions on {dates[day]}", f"discounts of {names} adding to {cut.max():g} on {worst}",
                "discounts on one product adding to less than 1", "Lower one, or narrow its products",
            )  # fmt: skip
        season = _season(p, months[day])
        for i, values in share_plans:
            season = _wide(season, values[day]).copy()
            season[:, i] = season[:, i] * values[day]
        paid.append(price * (1 - cut))
        boost.append(season * extra)
        depth.append(cut)
    share = rows_first(p.plain("products", "share", {i for i, _ in share_plans})).copy()
    for i, _ in share_plans:
        share[:, i] = 1.0  # the dated share itself stands in the boost
    elasticity = rows_first(p.column("products", "elasticity"))
    ratio = [np.log(one / ref_price) for one in paid]
    return Prices(
        regime=regime,
        paid=tiled(_stacked(paid)),
        ratio_log=tiled(_stacked(ratio)),
        boost=tiled(_stacked(boost)),
        share=tiled(share),
        elasticity=tiled(elasticity),
        depth=_stacked(depth),
    )


def _price_plans(p: Parameters) -> list[tuple[int, Floats]]:
    found = []
    dated = set(p.dated_parts("products", "price"))
    for i, (sku, plan) in enumerate(zip(p.store.products, p.values("products", "price_plan"), strict=True)):
        if plan or i in dated:
            found.append((i, p.steps(f"products.{sku}.price", p.store.products[sku].price, plan)))
    return found


def _ref_prices(p: Parameters) -> Floats:
    """Return the reference price of every product, NaN where it is the price."""
    return np.array([np.nan if ref is None else ref for ref in p.values("products", "ref_price")])


def _season(p: Parameters, month: int) -> Floats:
    return p.once(("season", month), lambda: _seasonal(p, month))


def _seasonal(p: Parameters, month: int) -> Floats:
    raw = [
        (sku, season[month])
        for sku, season in zip(p.store.products, p.values("products", "season"), strict=True)
    ]
    if all(value == 1.0 for _, value in raw):
        return np.ones((1, len(raw)))
    return rows_first(stack([p.at(f"products.{sku}.season.{month}", value) for sku, value in raw]))


def _scope(skus: tuple[str, ...], known: tuple[str, ...]) -> Floats:
    wanted = set(skus)
    return np.array([[1.0 if not wanted or sku in wanted else 0.0 for sku in known]])


def _wide(rows: Floats, like: Any) -> Floats:
    return rows if np.size(like) <= rows.shape[0] else np.repeat(rows, np.size(like), axis=0)


def _stacked(rows: list[Floats]) -> Floats:
    wide = max(len(row) for row in rows)
    return np.stack([np.broadcast_to(row, (wide, row.shape[1])) for row in rows])
