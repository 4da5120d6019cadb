"""What surrounds the order-level shop: visitors, the till and the packing table."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np
from scipy.special import gammaincinv, ndtr

from benchmarks.peers.plan import Draw, expected_visitors
from ecomsim.calendar import Horizon
from ecomsim.store import Live, Returning, Store

Array = np.ndarray


class Visits:
    """Visitors by channel and agents by half-hour."""

    def __init__(self, store: Store, horizon: Horizon, draw: Draw, lifts: dict[str, Array]) -> None:
        self.rng, self.store, self.horizon = draw.rng, store, horizon
        channels = list(store.channels.values())
        self.rate = expected_visitors(store, horizon, draw, lifts)[0][0]
        self.sigma, self.phi = float(draw(store.noise.level_sigma)[0]), float(draw(store.noise.phi)[0])
        self.shape = np.array(
            [draw(x)[0] for x in (store.noise.store_dispersion, *(c.dispersion for c in channels))]
        )
        self.reputation = np.array([draw(c.reputation)[0] for c in channels])
        self.beta, self.ref = float(draw(store.reputation.beta_traffic)[0]), store.reputation.ref
        self.normal, self.level = self.rng.standard_normal(len(self.shape)), 0.0
        self.share, self.keep, self.ref_buyers = 0.0, 0.0, 1.0
        for channel in channels:
            if isinstance(channel.driver, Returning):
                self.share = float(draw(channel.driver.share)[0])
                self.keep = 0.5 ** (1 / float(draw(channel.driver.half_life_days)[0]))
                self.ref_buyers = channel.driver.ref_buyers
        self.recent = self.ref_buyers
        self.agents = np.zeros((horizon.days, 48))
        for team in store.teams.values():
            for d, day in enumerate(horizon.dates):
                plain = float(team.headcount) * team.weekday[day.weekday()] * np.array(team.shape)
                roster = np.array(team.roster.get(day.isoformat(), plain))
                self.agents[d] += roster * (1 - float(team.shrinkage))

    def day(self, d: int, score: float, rank: float, buyers: float) -> list[int]:
        """Return visitors of each channel."""
        rng = self.rng
        fresh = rng.standard_normal(len(self.normal))
        self.normal = self.phi * self.normal + np.sqrt(1 - self.phi**2) * fresh
        shock = gammaincinv(self.shape, ndtr(self.normal)) / self.shape
        self.level += rng.normal(-(self.sigma**2) / 2, self.sigma)
        self.recent = self.keep * self.recent + (1 - self.keep) * buyers
        out = []
        for c, channel in enumerate(self.store.channels.values()):
            rate = self.rate[d, c] * np.exp(self.level) * shock[0] * shock[1 + c]
            rate *= (np.exp(self.beta * (score - self.ref)) * rank) ** self.reputation[c]
            driver = channel.driver
            if isinstance(driver, Returning):
                rate *= 1 - self.share + self.share * self.recent / self.ref_buyers
            if isinstance(driver, Live) and self.horizon.dates[d].weekday() in driver.weekdays:
                sigma = float(driver.size_sigma)
                rate *= rng.lognormal(-(sigma**2) / 2, sigma)
            out.append(int(rng.poisson(rate)))
        return out


class Prices:
    """The till: item discounts are on the page, thresholds, coupons and the member price come off the basket.

    For rules where the threshold is tested after item discounts, the coupon on what is left
    after the threshold, and the member price comes last (tmall-2025).
    """

    def __init__(self, store: Store, horizon: Horizon, rng: np.random.Generator) -> None:
        self.store, self.horizon, self.rng = store, horizon, rng
        self.page = np.zeros(len(store.products))
        self.cuts: list[tuple[float, float, int]] = []
        self.coupons: list[tuple[float, float, float]] = []

    def open(self, d: int, page: Array) -> None:
        """Take the day's prices and offers."""
        day = self.horizon.dates[d]
        on = [p for p in self.store.promotions.values() if p.start <= day <= p.end]
        self.page = page
        self.cuts = [(p.reduction.threshold, p.reduction.off, p.reduction.times) for p in on if p.reduction]
        self.coupons = [(p.coupon.threshold, p.coupon.off, float(p.coupon_use)) for p in on if p.coupon]

    def goals(self, value: float, coupons: list[tuple[float, float, float]]) -> list[tuple[float, float]]:
        """Return (next threshold, its step) of every offer that a basket of `value` may aim at."""
        found = []
        for at, _, times in self.cuts:
            full = int(value // at)
            if full < times:
                found.append(((full + 1) * at, at))
        left = value - sum(min(int(value // at), times) * off for at, off, times in self.cuts)
        found += [(value + at - left, at) for at, _, _ in coupons if left < at]
        return found

    def checkout(
        self, lines: list[int], pick: Callable[[], int]
    ) -> tuple[list[int], float, bool, list[tuple[float, float, float]]]:
        """Return the basket after topping up, its value, whether the buyer is a member, and coupons held."""
        basket, held = self.store.basket, [c for c in self.coupons if self.rng.random() < c[2]]
        member = bool(self.rng.random() < float(basket.member_share))
        value = float(self.page[lines].sum())
        near = [
            goal for goal, step in self.goals(value, held) if 0 < goal - value <= float(basket.reach) * step
        ]
        if not near or self.rng.random() >= float(basket.top_up_share):
            return lines, value, member, held
        # The filler is worth just what is missing; in units it is that part of an ordinary product.
        goal = min(near)
        filler = pick()
        if self.rng.random() < (goal - value) / self.page[filler]:
            lines = [*lines, filler]
        return lines, goal, member, held

    def paid(self, value: float, member: bool, held: list[tuple[float, float, float]]) -> float:
        """Return what a basket of this value costs."""
        left = value
        for at, off, times in self.cuts:
            left -= min(int(value // at), times) * off
        fitting = [off for at, off, _ in held if left >= at]
        left -= max(fitting, default=0.0)
        return left * (1 - float(self.store.basket.member_discount)) if member else left


class Packer:
    """Parcels leave first in, first out; those past the promise are late and may be cancelled."""

    def __init__(self, capacity: float, promise_days: int, cancel: float, rng: np.random.Generator) -> None:
        self.capacity, self.promise, self.cancel, self.rng = (
            int(min(capacity, 1e12)),
            promise_days,
            cancel,
            rng,
        )
        self.queue: deque[tuple[int, list[int], float]] = deque()

    def take(self, day: int, lines: list[int], value: float) -> None:
        """Add an order."""
        self.queue.append((day, lines, value))

    def pack(self, day: int) -> tuple[int, int, list[tuple[list[int], float]]]:
        """Pack the day's orders; return parcels shipped, late ones, and the cancelled orders."""
        count = min(self.capacity, len(self.queue))
        late = sum(day - self.queue.popleft()[0] > self.promise for _ in range(count))
        kept: deque[tuple[int, list[int], float]] = deque()
        gone = []
        for order in self.queue:
            if day - order[0] > self.promise and self.rng.random() < self.cancel:
                gone.append((order[1], order[2]))
            else:
                kept.append(order)
        self.queue = kept
        return count, late, gone
