"""The simulated day order by order in SimPy: chats, baskets, shelves, parcels, one after another.

Where the engine has a formula (steady-state desk, mean basket, thinning) this lets it happen: askers queue
for agents who hold several chats, buyers pick goods off the shelf until it is empty, every basket meets the
thresholds by itself.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import simpy

from benchmarks.peers.plan import Draw, drawn_effect, phase_factor, shelf
from benchmarks.peers.plan_stock import ordinary_units, supply
from benchmarks.peers.simpy_chat import DAY_S, SLOT_S, Desk, Tally
from benchmarks.peers.simpy_world import Packer, Prices, Visits
from ecomsim.calendar import Horizon
from ecomsim.store import Store
from ecomsim.uncertain import mean_of

Process = Generator[Any, Any, None]
Array = np.ndarray


def simulate_simpy(store: Store, horizon: Horizon, replications: int, seed: int = 1) -> dict[str, Array]:
    """Return daily metrics by name, (replications, days)."""
    runs = [Shop(store, horizon, np.random.default_rng([seed, r])).run() for r in range(replications)]
    return {name: np.array([[day[name] for day in run] for run in runs]) for name in runs[0][0]}


class Shop:
    """One replication."""

    def __init__(self, store: Store, horizon: Horizon, rng: np.random.Generator) -> None:
        self.env, self.rng, self.store, self.horizon = simpy.Environment(), rng, store, horizon
        draw = Draw(rng, 1)
        lifts = {name: draw(p.lift) for name, p in store.promotions.items()}
        self.page, self.plan = shelf(store, horizon, draw), supply(store, horizon)
        self.visits = Visits(store, horizon, draw, lifts)
        products, channels = list(store.products.values()), list(store.channels.values())

        def one(number: Any) -> float:
            return float(draw(number)[0])

        service, own = store.service, store.fulfilment
        self.desk = Desk(
            self.env, rng, service.concurrency, one(service.work_s), one(service.think_s), one(service.turns),
            one(service.patience_s), float(service.answer_within_s),
        )  # fmt: skip
        self.after = [one(x) for x in (service.aftersale_per_parcel, service.aftersale_per_refund,
                                       service.aftersale_per_late)]  # fmt: skip
        self.silent, self.asking, self.enquiry = (
            np.array([one(getattr(c, f)) for c in channels])
            for f in ("p_silent", "p_enquiring", "enquiry_share")
        )
        self.floor, self.decay = one(service.answer_curve.floor), one(service.answer_curve.decay_s)
        effects = {name: drawn_effect(draw, p.conversion) for name, p in store.promotions.items()}
        self.effect = [
            np.prod([np.ravel(phase_factor(p, effects[name], lifts[name], day))[0]
                     for name, p in store.promotions.items()]) for day in horizon.dates
        ]  # fmt: skip
        self.theta, self.extra = one(store.choice.theta), one(store.basket.extra_units)
        self.substitution, self.shrink = one(store.choice.substitution), one(store.choice.shrinkage)
        self.loss = one(store.choice.rank_loss)
        self.keep = 0.5 ** (1 / one(store.choice.rank_half_life_days))
        self.more = one(store.basket.orders_per_buyer) - 1
        self.refund = np.array([one(p.refund_rate) for p in products])
        self.resale = np.array([one(p.resale_share) for p in products])
        self.prices = Prices(store, horizon, rng)
        self.packer = Packer(one(own.capacity), own.promise_days, one(own.cancel_rate), rng)
        self.stock = np.rint([float(p.on_hand) for p in products])
        self.phantom, self.rank = np.zeros(len(products)), np.ones(len(products))
        self.pipeline = np.array([sum(round(r.units) for r in p.on_order) for p in products], float)
        self.lag = max(own.refund_lag_days, 1)
        self.due: dict[int, Array] = {d: row.copy() for d, row in enumerate(self.plan.receipts) if row.any()}
        self.back: dict[int, Array] = {d: row.copy() for d, row in enumerate(self.plan.returns) if row.any()}
        rep = store.reputation
        self.opening = [one(rep.product), one(rep.service), one(rep.logistics)]
        self.parts, self.move = list(self.opening), 1 - 0.5 ** (1 / one(rep.half_life_days))
        self.beta = one(rep.beta_conversion)
        value = np.array([mean_of(p.share) * mean_of(p.price) for p in products])
        rates = np.array([mean_of(p.refund_rate) for p in products])
        self.usual_refunds = float(value @ rates / value.sum())
        buyers, units, share = ordinary_units(store)
        self.yesterday = {"buyers": self.visits.ref_buyers, "rank": 1.0, "late": 0.0}
        self.yesterday["shipped"] = buyers * mean_of(store.basket.orders_per_buyer)
        self.yesterday["refunded"] = units * float(share @ rates)
        self.cancelled: list[int] = []
        self.today, self.day = Today(), 0
        self.days: list[dict[str, float]] = []

    def run(self) -> list[dict[str, float]]:
        """Return the metrics of every day."""
        self.env.process(self._days())
        self.env.run(until=self.horizon.days * DAY_S + 1)
        return self.days

    def _days(self) -> Process:
        for d in range(self.horizon.days):
            self._morning(d)
            for h in range(48):
                self._slot(d, h)
                yield self.env.timeout(SLOT_S)
            self._night(d)

    def _morning(self, d: int) -> None:
        self.today, self.desk.today = Today(), Tally()
        came, again = self.due.pop(d, 0.0), self.back.pop(d, 0.0)
        self.stock = self.stock + came + again
        for k in self.cancelled:
            self.stock[k] += 1
        self.today.received, self.pipeline = float(np.sum(came)), self.pipeline - came
        self.desk.drop_stale((d - 1) * DAY_S)
        self.prices.open(d, self.page.paid(d))
        self.day = d
        score = sum(self.parts) / 3
        weight = self.page.weight(d)[0]
        pull = weight * self.rank * (self.stock > 0)
        self.today.rank = float(weight @ self.rank / weight.sum())
        self.today.choice = np.cumsum(pull)
        pulled = (pull.sum() / self.page.share.sum()) ** self.theta * self.effect[d]
        self.today.attraction = float(pulled * np.exp(self.beta * (score - self.store.reputation.ref)))
        self.today.by_channel = self.visits.day(d, score, self.yesterday["rank"], self.yesterday["buyers"])
        self.today.slots = np.array(
            [self.rng.multinomial(v, self.store.service.profile) for v in self.today.by_channel]
        )
        y, (parcel, refund, late) = self.yesterday, self.after
        chats = self.rng.poisson(parcel * y["shipped"] + refund * y["refunded"] + late * y["late"])
        self.today.after = self.rng.multinomial(chats, self.store.service.profile)

    def _slot(self, d: int, h: int) -> None:
        """Let the half-hour's visitors come: who asks queues for an agent, who buys in silence just buys."""
        rng, today = self.rng, self.today
        self.desk.staff(self.visits.agents[d, h])
        for _ in range(today.after[h]):
            self.env.process(self._later(rng.random() * SLOT_S))
        for c, visitors in enumerate(today.slots[:, h]):
            asking = rng.binomial(visitors, self.enquiry[c])
            today.contacts += asking
            for _ in range(asking):
                self.env.process(self._ask(c, rng.random() * SLOT_S))
            for _ in range(rng.binomial(visitors - asking, min(self.silent[c] * today.attraction, 1.0))):
                self.env.process(self._buy(rng.random() * SLOT_S))

    def _later(self, wait: float) -> Process:
        yield self.env.timeout(wait)
        yield from self.desk.after_sale()

    def _buy(self, wait: float) -> Process:
        yield self.env.timeout(wait)
        self._checkout()

    def _ask(self, c: int, wait: float) -> Process:
        yield self.env.timeout(wait)
        chance = self.asking[c] * self.today.attraction
        if not self.desk.open:  # a message: its sender decides without an answer
            self._decide(chance * self.floor)
            yield from self.desk.ask(lambda waited: None, message=True)
            return

        def told(waited: float | None) -> None:
            heard = 0.0 if waited is None else np.exp(-waited / self.decay)
            self._decide(chance * (self.floor + (1 - self.floor) * heard))

        yield from self.desk.ask(told)

    def _decide(self, chance: float) -> None:
        if self.rng.random() < chance:
            self._checkout()

    def _checkout(self) -> None:
        """Fill a basket from the shelves and pay."""
        today, rng = self.today, self.rng
        if not len(today.choice) or today.choice[-1] <= 0:
            return
        lines = self._pick(today.choice, 1 + rng.poisson(self.extra))
        lines, value, member, held = self.prices.checkout(lines, lambda: self._pick(today.choice, 1)[0])
        full = value / self.prices.page[lines].sum()
        basket: list[int] = []
        for k in lines:
            today.demand += 1
            if self.stock[k] <= 0:
                if rng.random() >= self.substitution:
                    continue
                left = np.diff(today.choice, prepend=0.0) * (self.stock > 0)
                if not left.any():
                    continue
                k = self._pick(np.cumsum(left), 1)[0]
                today.substituted += 1
            self.stock[k] -= 1
            basket.append(k)
        if not basket:
            return
        # a basket cut short by an empty shelf is worth its goods, in proportion to the filler it was to have
        gross = float(self.prices.page[basket].sum()) * full
        paid = self.prices.paid(gross, member, held)
        today.buyers += 1
        today.units += len(basket)
        today.gmv += paid
        today.gross += gross
        today.sold.extend(basket)
        # only a basket of several units can be paid in parts; the mean is still `orders_per_buyer`
        parts = self.more / max(1 - np.exp(-self.extra), 1e-9)
        orders = min(1 + rng.poisson(parts), len(basket)) if len(basket) > 1 else 1
        today.orders += orders
        for i in range(orders):
            self.packer.take(self.day, basket[i::orders], paid / orders)

    def _pick(self, choice: Array, n: int) -> list[int]:
        return [int(k) for k in np.searchsorted(choice, self.rng.random(n) * choice[-1], side="right")]

    def _night(self, d: int) -> None:
        rng, today, desk = self.rng, self.today, self.desk.today
        shipped, late, gone = self.packer.pack(d)
        self.cancelled = [k for lines, _ in gone for k in lines]
        sold = np.bincount(today.sold, minlength=len(self.stock))
        refunded = rng.binomial(sold, self.refund)
        good = rng.binomial(refunded, self.resale)
        self.back[d + self.lag] = self.back.get(d + self.lag, 0.0) + good
        lost = rng.binomial(np.maximum(self.stock, 0).astype(int), self.shrink)
        self.stock = self.stock - lost
        self.phantom = np.zeros(len(lost)) if d % 2 == 0 else self.phantom + lost
        self._order(d)
        self.rank = np.where(self.stock > 0, 1 - (1 - self.rank) * self.keep, self.rank * (1 - self.loss))
        paid = self.page.paid(d)
        self._score(float(refunded @ paid), float(sold @ paid), today.contacts, desk.in_time, late, shipped)
        refunds = float(refunded @ paid) * today.gmv / max(today.gross, 1e-9) + sum(v for _, v in gone)
        self.yesterday = {
            "buyers": today.buyers, "rank": today.rank, "shipped": shipped,
            "refunded": refunded.sum(), "late": late,
        }  # fmt: skip
        self.days.append({
            "visitors": sum(today.by_channel), "buyers": today.buyers, "orders": today.orders,
            "demand": today.demand, "units": today.units, "lost_sales": today.demand - today.units,
            "substituted": today.substituted, "on_hand": self.stock.sum(), "on_order": self.pipeline.sum(),
            "received": today.received, "stockout_days": (self.stock <= 0).sum(), "rank": today.rank,
            "score": sum(self.parts) / 3, "contacts": today.contacts, "answered": desk.answered,
            "answered_in_time": desk.in_time, "abandoned": desk.abandoned,
            "first_response_time_s": desk.response_s / max(desk.live, 1), "gmv": today.gmv,
            "refunds": refunds, "shipped": shipped, "late": late, "cancelled": len(gone),
        })  # fmt: skip

    def _order(self, d: int) -> None:
        plan = self.plan
        position = self.stock + self.phantom + self.pipeline
        lead: dict[int, int] = {}
        for k in np.flatnonzero(plan.review[d] & (position <= plan.low[d]) & (plan.high[d] > position)):
            packs = np.ceil((plan.high[d, k] - position[k]) / plan.pack[k]) * plan.pack[k]
            units = np.floor(max(packs, plan.moq[k]) * (1 - plan.short[k]) + 0.5)
            v = int(plan.supplier[k])
            if v not in lead:
                lead[v] = max(int(self.rng.gamma(plan.lead_shape[v], plan.lead_scale[v]) + 0.5), 1)
            self.due.setdefault(d + lead[v], np.zeros(len(self.stock)))[k] += units
            self.pipeline[k] += units

    def _score(
        self, refunds: float, sales: float, chats: int, in_time: int, late: float, shipped: float
    ) -> None:
        told = ((3.0, self.usual_refunds, refunds, sales), (1.0, 0.10, chats - in_time, chats),
                (3.0, 0.02, late, shipped))  # fmt: skip
        for i, (slope, standard, bad, of) in enumerate(told):
            if of > 0:
                seen = min(max(self.opening[i] + slope * (standard - bad / of), 0.0), 5.0)
                self.parts[i] += self.move * (seen - self.parts[i])


@dataclass
class Today:
    """What the day has seen so far."""

    by_channel: list[int] = field(default_factory=list)
    slots: Array = field(default_factory=lambda: np.zeros((0, 48), int))
    after: Array = field(default_factory=lambda: np.zeros(48, int))
    choice: Array = field(default_factory=lambda: np.zeros(0))
    sold: list[int] = field(default_factory=list)
    attraction: float = 0.0
    rank: float = 1.0
    received: float = 0.0
    contacts: int = 0
    buyers: int = 0
    orders: int = 0
    demand: int = 0
    units: int = 0
    substituted: int = 0
    gmv: float = 0.0
    gross: float = 0.0
