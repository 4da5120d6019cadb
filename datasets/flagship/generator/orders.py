"""From buyers to order lines: products, units, stock, basket discounts. One row is one line of one order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from generator.world import Basket


@dataclass(frozen=True)
class Lines:
    """Order lines of a day; `buyer` numbers the buyers 0..n-1 in order of time."""

    buyer: np.ndarray
    product: np.ndarray
    units: np.ndarray
    paid: np.ndarray


@dataclass(frozen=True)
class Chooser:
    """Draws products by attraction, overall or within the category of another product."""

    cumulative: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @classmethod
    def of(cls, weight: np.ndarray, category: np.ndarray) -> Chooser:
        """Build from weights; products are sorted by category."""
        cumulative = np.cumsum(weight)
        edges = np.searchsorted(category, np.arange(category[-1] + 2))
        below = np.concatenate([[0.0], cumulative])
        return cls(cumulative, below[edges[:-1]], below[edges[1:]])

    def draw(self, u: np.ndarray) -> np.ndarray:
        """Products for uniforms."""
        return np.minimum(
            np.searchsorted(self.cumulative, u * self.cumulative[-1], "right"), len(self.cumulative) - 1
        )

    def draw_within(self, u: np.ndarray, category: np.ndarray) -> np.ndarray:
        """Products of the given categories; an empty category falls back on all products."""
        low, high = self.low[category], self.high[category]
        inside = np.searchsorted(self.cumulative, low + u * (high - low), "right")
        return np.where(high > low, np.minimum(inside, len(self.cumulative) - 1), self.draw(u))


def wanted(
    n: int,
    weight: np.ndarray,
    category: np.ndarray,
    role_traffic: np.ndarray,
    busy: bool,
    basket: Basket,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Buyer, product and units of every line wanted (before stock)."""
    extra = rng.poisson(basket.extra_lines_event if busy else basket.extra_lines, n)
    choose = Chooser.of(weight, category)
    first = choose.draw(rng.random(n))
    buyer = np.concatenate([np.arange(n), np.repeat(np.arange(n), extra)])
    more_first = np.repeat(first, extra)
    u, same = rng.random(len(more_first)), rng.random(len(more_first)) < basket.same_category
    more = np.where(same, choose.draw_within(u, category[more_first]), choose.draw(u))
    product = np.concatenate([first, more])
    lam = np.where(role_traffic[product], basket.extra_units_traffic, basket.extra_units_profit)
    units = 1 + rng.poisson(lam)
    order = np.argsort(buyer, kind="stable")
    return buyer[order], product[order], units[order]


def top_up(
    buyer: np.ndarray,
    product: np.ndarray,
    units: np.ndarray,
    price: np.ndarray,
    weight: np.ndarray,
    threshold: float,
    basket: Basket,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Some baskets just below the threshold add a cheap product."""
    n = int(buyer[-1]) + 1 if len(buyer) else 0
    value = np.bincount(buyer, price[product] * units, n)
    near = (value < threshold) & (value >= threshold - basket.top_up_reach)
    who = np.flatnonzero(near & (rng.random(n) < basket.top_up_share))
    cheap = np.where(price <= basket.top_up_reach + 5, weight, 0.0)
    if not len(who) or cheap.sum() <= 0:
        return buyer, product, units
    filler = rng.choice(len(weight), len(who), p=cheap / cheap.sum())
    buyer = np.concatenate([buyer, who])
    order = np.argsort(buyer, kind="stable")
    return (
        buyer[order],
        np.concatenate([product, filler])[order],
        np.concatenate([units, np.ones(len(who), int)])[order],
    )


def take_stock(product: np.ndarray, units: np.ndarray, on_hand: np.ndarray) -> np.ndarray:
    """Which lines are served: first come, first served (lines are in order of time)."""
    order = np.argsort(product, kind="stable")
    p, u = product[order], units[order]
    running = np.cumsum(u)
    start = np.searchsorted(p, p, "left")
    before = np.where(start > 0, running[start - 1], 0)
    served = np.empty(len(product), bool)
    served[order] = running - before <= on_hand[p]
    return served


def serve_lines(
    buyer: np.ndarray,
    product: np.ndarray,
    units: np.ndarray,
    on_hand: np.ndarray,
    weight: np.ndarray,
    category: np.ndarray,
    basket: Basket,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Lines after stock and one try at a substitute; also the units lost by product."""
    served = take_stock(product, units, on_hand)
    lost = ~served
    swap = lost & (rng.random(len(product)) < basket.substitution)
    left = on_hand - np.bincount(product[served], units[served], len(on_hand)).astype(int)
    if swap.any():
        choose = Chooser.of(np.where(left > 0, weight, 0.0), category)
        other = choose.draw_within(rng.random(int(swap.sum())), category[product[swap]])
        ok = take_stock(other, units[swap], left)
        kept = np.flatnonzero(swap)[ok]
        wanted_product = product.copy()
        product = product.copy()
        product[kept] = other[ok]
        served = served.copy()
        served[kept] = True
        lost_units = np.bincount(wanted_product[~served], units[~served], len(on_hand))
    else:
        lost_units = np.bincount(product[lost], units[lost], len(on_hand))
    return buyer[served], product[served], units[served], lost_units


def pay(
    buyer: np.ndarray,
    product: np.ndarray,
    units: np.ndarray,
    price: np.ndarray,
    terms: dict[str, float],
    basket: Basket,
    rng: np.random.Generator,
) -> np.ndarray:
    """Amount paid by line in whole cents: 满减 and coupon spread over the lines of the basket."""
    cents = np.rint(price[product] * units * 100).astype(np.int64)
    n = int(buyer.max()) + 1 if len(buyer) else 0
    value = np.bincount(buyer, cents, n)
    off = np.zeros(n)
    if terms["threshold"] > 0:
        off += 100 * terms["off"] * np.minimum(value // (100 * terms["threshold"]), terms["times"])
    if terms["coupon_threshold"] > 0:
        uses = rng.random(n) < basket.coupon_take_up
        off += np.where(uses & (value >= 100 * terms["coupon_threshold"]), 100 * terms["coupon_off"], 0)
    spread = np.floor(off[buyer] * cents / np.maximum(value[buyer], 1)).astype(np.int64)
    rest = (off - np.bincount(buyer, spread, n)).astype(np.int64)
    if not len(buyer):
        return np.zeros(0)
    last = np.r_[buyer[1:] != buyer[:-1], True]
    spread[last] += rest[buyer[last]]
    return (cents - spread) / 100.0
