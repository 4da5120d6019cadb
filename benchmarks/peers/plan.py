"""What a store plans for each day, read from its classes; shared by the two peers, not by the engine.

Every array has the replications on axis 0. Prices, discounts and opening stock must be certain: the peers are
for the benchmark store, not for every store.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from ecomsim.calendar import Horizon
from ecomsim.store import Affiliate, Effect, Live, Paid, Promotion, Store
from ecomsim.uncertain import Number, Uncertain


class Draw:
    """One draw of an uncertain number for each of `n` replications; a plain number is repeated."""

    def __init__(self, rng: np.random.Generator, n: int) -> None:
        self.rng, self.n = rng, n
        self.shared: dict[str, np.ndarray] = {}

    def __call__(self, number: Number) -> np.ndarray:
        if not isinstance(number, Uncertain):
            return np.full(self.n, float(number))
        if number.group:
            if number.group not in self.shared:
                self.shared[number.group] = self.rng.random(self.n)
            return number.ppf(self.shared[number.group])
        return number.ppf(self.rng.random(self.n))


def phase_factor(
    promotion: Promotion, effect: tuple[np.ndarray, ...], lift: np.ndarray, day: dt.date
) -> np.ndarray | float:
    """Return 1 + lift · weight · (multiplier - 1) of one promotion on one day."""
    phase, weight = promotion.phase(day)
    if not phase:
        return 1.0
    strength = effect[("before", "during", "peak", "after").index(phase)]
    return np.maximum(1 + lift * weight * (strength - 1), 0)


def drawn_effect(draw: Draw, effect: Effect) -> tuple[np.ndarray, ...]:
    """Return the four multipliers of an effect."""
    return tuple(draw(x) for x in (effect.before, effect.during, effect.peak, effect.after))


def expected_visitors(
    store: Store, horizon: Horizon, draw: Draw, lifts: dict[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Return expected visitors before reputation and chance, and money spent: (n, days, channels)."""
    names = list(store.channels)
    ordinary = np.empty((draw.n, horizon.days, len(names)))
    response = np.ones_like(ordinary)
    spent = np.zeros_like(ordinary)
    for c, channel in enumerate(store.channels.values()):
        base, growth = draw(channel.base), draw(channel.growth)
        weekday = [draw(x) for x in channel.weekday]
        season = [draw(x) for x in channel.season]
        effects = {name: drawn_effect(draw, p.traffic[channel.name]) for name, p in store.promotions.items()
                   if channel.name in p.traffic}  # fmt: skip
        for d, day in enumerate(horizon.dates):
            age = (day - (store.as_of or horizon.start - dt.timedelta(days=1))).days
            rate = base * (1 + growth) ** (age / 365) * weekday[day.weekday()] * season[day.month - 1]
            for name, effect in effects.items():
                rate = rate * phase_factor(store.promotions[name], effect, lifts[name], day)
            ordinary[:, d, c] = rate
        driver = channel.driver
        if isinstance(driver, Paid):
            spent[:, :, c], response[:, :, c] = _paid(driver, horizon, draw)
        elif isinstance(driver, Affiliate):
            response[:, :, c] = ((draw(driver.rate) / driver.ref_rate) ** draw(driver.eta))[:, None]
        elif isinstance(driver, Live):
            on = np.array([day.weekday() in driver.weekdays for day in horizon.dates])
            response[:, :, c] = np.where(on, 1.0, draw(driver.off_share)[:, None])
    expected = ordinary * response
    more = expected - ordinary
    for c, channel in enumerate(store.channels.values()):
        if isinstance(channel.driver, Paid):
            for other, part in channel.driver.displaces.items():
                expected[:, :, names.index(other)] -= part * more[:, :, c]
    return np.maximum(expected, 0), spent


def _paid(driver: Paid, horizon: Horizon, draw: Draw) -> tuple[np.ndarray, np.ndarray]:
    spend = np.repeat(draw(driver.spend)[:, None], horizon.days, axis=1)
    for day, amount in driver.plan.items():
        at = (dt.date.fromisoformat(day) - horizon.start).days
        if 0 <= at < horizon.days:
            spend[:, at] = amount
    if driver.daily_cap is not None:
        spend = np.minimum(spend, driver.daily_cap)
    carry, kappa, slope = draw(driver.carry), draw(driver.kappa), draw(driver.slope)
    steady = driver.ref_spend / (1 - carry)

    def hill(pressure: np.ndarray) -> np.ndarray:
        return pressure**slope / (pressure**slope + (kappa * steady) ** slope)

    response = np.empty_like(spend)
    pressure = spend[:, 0] / (1 - carry)
    for d in range(horizon.days):
        pressure = spend[:, d] + carry * pressure
        response[:, d] = hill(pressure) / hill(steady)
    return spend, response


@dataclass(frozen=True)
class Shelf:
    """Products as the page shows them: (n, products) or (days, products)."""

    share: np.ndarray
    elasticity: np.ndarray
    ref_price: np.ndarray
    listed: np.ndarray
    cut: np.ndarray
    boost: np.ndarray

    def paid(self, day: int) -> np.ndarray:
        """Return the prices after item discounts, (products,)."""
        return self.listed[day] * (1 - self.cut[day])

    def weight(self, day: int) -> np.ndarray:
        """Return each product's pull in stock at full rank, (n, products)."""
        return self.share * self.boost[day] * (self.paid(day) / self.ref_price) ** -self.elasticity


def shelf(store: Store, horizon: Horizon, draw: Draw) -> Shelf:
    """Read prices, discounts, badges and seasons of the horizon."""
    products = list(store.products.values())
    price = np.array([float(p.price) for p in products])
    listed = np.repeat(price[None], horizon.days, axis=0)
    cut, boost = np.zeros_like(listed), np.ones_like(listed)
    for k, product in enumerate(products):
        for since in sorted(product.price_plan):
            from_day = max((dt.date.fromisoformat(since) - horizon.start).days, 0)
            listed[from_day:, k] = product.price_plan[since]
        boost[:, k] = [float(product.season[day.month - 1]) for day in horizon.dates]
    for promotion in store.promotions.values():
        days = [promotion.start <= day <= promotion.end for day in horizon.dates]
        scope = [not promotion.skus or p.sku in promotion.skus for p in products]
        cut += np.outer(days, scope) * float(promotion.discount)
        boost *= 1 + np.outer(days, scope) * (float(promotion.badge) - 1)
    return Shelf(
        share=np.stack([draw(p.share) for p in products], axis=1),
        elasticity=np.stack([draw(p.elasticity) for p in products], axis=1),
        ref_price=np.array(
            [price[k] if p.ref_price is None else p.ref_price for k, p in enumerate(products)]
        ),
        listed=listed,
        cut=cut,
        boost=boost,
    )
