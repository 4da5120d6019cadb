"""Conversion and demand of the plain NumPy version: who wants to buy, and what."""

from __future__ import annotations

import numpy as np

from benchmarks.peers.plan import Draw, Shelf, drawn_effect, phase_factor
from ecomsim.calendar import Horizon
from ecomsim.formulas.basket import BasketTable, TopUp, basket_table
from ecomsim.formulas.price_arrays import Mechanics
from ecomsim.formulas.price_files import load_rules
from ecomsim.formulas.price_offers import Coupon, MemberPrice, Offers, Shipping, Threshold
from ecomsim.store import Store

Array = np.ndarray


class Wishes:
    """A = (I / I_ref)^theta · promotions · score; then Poisson units by product, pull by pull."""

    def __init__(
        self, store: Store, horizon: Horizon, draw: Draw, shelf: Shelf, lifts: dict[str, Array]
    ) -> None:
        channels = list(store.channels.values())
        self.rng, self.shelf = draw.rng, shelf
        self.theta = draw(store.choice.theta)
        self.reference = shelf.share.sum(axis=1)
        self.silent = np.stack([draw(c.p_silent) for c in channels], axis=1)
        self.asking = np.stack([draw(c.p_enquiring) for c in channels], axis=1)
        self.enquiry: Array | None = None
        curve = store.service.answer_curve
        self.floor, self.decay = draw(curve.floor), draw(curve.decay_s)
        self.beta, self.ref = draw(store.reputation.beta_conversion), store.reputation.ref
        self.effect = np.ones((horizon.days, draw.n))
        for name, promotion in store.promotions.items():
            effect = drawn_effect(draw, promotion.conversion)
            for d, day in enumerate(horizon.dates):
                self.effect[d] *= phase_factor(promotion, effect, lifts[name], day)
        self.extra = draw(store.basket.extra_units)
        self.baskets = Baskets(store, horizon)
        self.weight_of: tuple[bytes, Array] = (b"", np.empty(0))

    def weight(self, day: int) -> Array:
        """Return pull at full rank (n, products), made anew when prices, discounts or season change."""
        key = self.shelf.paid(day).tobytes() + self.shelf.boost[day].tobytes()
        if self.weight_of[0] != key:
            self.weight_of = key, self.shelf.weight(day)
        return self.weight_of[1]

    def day(
        self, d: int, visitors: Array, enquiry: Array, heard: dict[str, Array], score: Array, rank: Array,
        available: Array,
    ) -> dict[str, Array]:  # fmt: skip
        """Return wishes by channel, units wanted by product and the day's basket."""
        weight = self.weight(d)
        ranked = weight * rank
        pull = ranked * available
        total = pull.sum(axis=1)
        attraction = (total / self.reference) ** self.theta * self.effect[d]
        attraction = (attraction * np.exp(self.beta * (score - self.ref)))[:, None]
        g = self.floor + (1 - self.floor) * np.exp(-heard["first_response_time_s"] / self.decay)
        answered = heard["answered_share"][:, None]
        silent = np.minimum(self.silent * attraction, 1)
        live = np.minimum(self.asking * attraction * g[:, None], 1)
        never = np.minimum(self.asking * attraction * self.floor[:, None], 1)
        wanted = visitors * ((1 - enquiry) * silent + enquiry * (answered * live + (1 - answered) * never))
        price = (pull @ self.shelf.paid(d)) / np.maximum(total, 1e-30)
        mean = (1 + self.extra) * price
        off, up, freight = self.baskets.at(d, mean)
        units_a_buyer = (1 + self.extra) * up
        rate = wanted.sum(axis=1) * units_a_buyer / np.maximum(total, 1e-30)
        return {
            "wanted_by": wanted,
            "demand": self.rng.poisson(pull * rate[:, None]).astype(float),
            "pull": pull,
            "units_a_buyer": units_a_buyer,
            "discount_share": off,
            "shipping_paid": freight * mean,
            "rank": ranked.sum(axis=1) / weight.sum(axis=1),
        }


class Baskets:
    """Discount, top-up and freight by mean basket value on each day, from the exact mechanics."""

    def __init__(self, store: Store, horizon: Horizon) -> None:
        basket = store.basket
        made: dict[object, list[tuple[float, BasketTable]]] = {}
        self.of_day = []
        for day in horizon.dates:
            on = [p for p in store.promotions.values() if p.start <= day <= p.end]
            cuts = tuple(
                Threshold(((_fen(r.threshold), _fen(r.off)),), repeat=True, cap=_fen(r.off) * r.times)
                for r in (p.reduction for p in on) if r
            )  # fmt: skip
            coupons = tuple(
                Coupon("shop", at=_fen(p.coupon.threshold), amount=_fen(p.coupon.off)) for p in on if p.coupon
            )
            use = max((float(p.coupon_use) for p in on if p.coupon), default=0.0)
            key = (cuts, coupons, use)
            if key not in made:
                made[key] = [
                    (part, self._table(store, cuts, held, float(basket.member_discount)))
                    for part, held in ((1 - use, ()), (use, coupons)) if part > 0
                ]  # fmt: skip
            self.of_day.append(made[key])

    def at(self, d: int, mean: Array) -> tuple[Array, Array, Array]:
        """Return discount over gross, gross over mean and freight over mean at mean values in yuan."""
        parts = [(part, table.at(mean * 100)) for part, table in self.of_day[d]]
        off = sum(part * (e.discount / e.gross) for part, e in parts)
        up = sum(part * (e.gross / e.mean) for part, e in parts)
        freight = sum(part * (e.shipping / e.mean) for part, e in parts)
        return np.asarray(off), np.asarray(up), np.asarray(freight)

    @staticmethod
    def _table(store: Store, cuts: tuple, coupons: tuple, member: float) -> BasketTable:  # type: ignore[type-arg]
        basket = store.basket
        offers = Offers(
            thresholds=cuts,
            coupons=coupons,
            member=MemberPrice(rate=member) if member else None,
            shipping=Shipping(fee=_fen(basket.shipping_fee), free_from=_fen(basket.free_shipping_from)),
        )
        return basket_table(
            Mechanics(load_rules(store.price_rules), offers),
            float(basket.value_cv),
            TopUp(float(basket.top_up_share), float(basket.reach)),
            member_share=float(basket.member_share),
        )


def _fen(yuan: float) -> int:
    return round(yuan * 100)
