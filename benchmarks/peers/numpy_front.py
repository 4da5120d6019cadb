"""Traffic and service of the plain NumPy version: whole arrays over replications."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaincinv, ndtr

from benchmarks.peers.plan import Draw, expected_visitors
from ecomsim.calendar import Horizon
from ecomsim.formulas.chat import ChatDesk
from ecomsim.formulas.chat_slots import chat_table
from ecomsim.store import Live, Returning, Store
from ecomsim.uncertain import mean_of

Array = np.ndarray


class Traffic:
    """visitors ~ Poisson(rate · returning · reputation · level · store shock · channel shock)."""

    def __init__(self, store: Store, horizon: Horizon, draw: Draw, lifts: dict[str, Array]) -> None:
        self.rng, self.n = draw.rng, draw.n
        channels = list(store.channels.values())
        self.rate, self.spend = expected_visitors(store, horizon, draw, lifts)
        self.sigma, self.phi = draw(store.noise.level_sigma), draw(store.noise.phi)
        self.shapes = [draw(store.noise.store_dispersion)] + [draw(c.dispersion) for c in channels]
        self.reputation = np.stack([draw(c.reputation) for c in channels], axis=1)
        self.beta, self.ref = draw(store.reputation.beta_traffic), store.reputation.ref
        self.live = np.array([getattr(c.driver, "size_sigma", 0.0) for c in channels], float)
        self.on = np.array(
            [[isinstance(c.driver, Live) and day.weekday() in c.driver.weekdays for c in channels]
             for day in horizon.dates]
        )  # fmt: skip
        back = [c.driver for c in channels if isinstance(c.driver, Returning)]
        self.returning = np.array([isinstance(c.driver, Returning) for c in channels])
        self.share = draw(back[0].share) if back else np.zeros(self.n)
        self.keep = 0.5 ** (1 / draw(back[0].half_life_days)) if back else np.zeros(self.n)
        self.ref_buyers = back[0].ref_buyers if back else 1.0
        self.recent = np.full(self.n, self.ref_buyers)
        self.level = np.zeros(self.n)
        self.scores = self.rng.standard_normal((self.n, 1 + len(channels)))
        self.grid = np.linspace(-6, 6, 513)
        self.tables = [gammaincinv(k[0], ndtr(self.grid)) / k[0] for k in self.shapes]

    def day(self, d: int, score: Array, rank: Array, buyers: Array) -> Array:
        """Return visitors (n, channels); score, rank and buyers are yesterday's."""
        rng, phi = self.rng, self.phi[:, None]
        self.scores = phi * self.scores + np.sqrt(1 - phi**2) * rng.standard_normal(self.scores.shape)
        shocks = np.stack(
            [np.interp(self.scores[:, i], self.grid, table) for i, table in enumerate(self.tables)], axis=1
        )
        self.level += self.sigma * rng.standard_normal(self.n) - self.sigma**2 / 2
        self.recent = self.keep * self.recent + (1 - self.keep) * buyers
        back = 1 - self.share + self.share * self.recent / self.ref_buyers
        rate = self.rate[:, d] * (np.exp(self.level) * shocks[:, 0])[:, None] * shocks[:, 1:]
        rate = rate * np.where(self.returning, back[:, None], 1.0)
        rate = rate * (np.exp(self.beta * (score - self.ref)) * rank)[:, None] ** self.reputation
        size = np.exp(self.live * rng.standard_normal(rate.shape) - self.live**2 / 2)
        return rng.poisson(rate * np.where(self.on[d], size, 1.0)).astype(float)


class Desk:
    """Half-hours of chats: messages first, live chats by the steady-state table, after-sale in the rest."""

    def __init__(self, store: Store, horizon: Horizon, draw: Draw) -> None:
        service = store.service
        self.rng, self.n = draw.rng, draw.n
        self.enquiry = np.stack([draw(c.enquiry_share) for c in store.channels.values()], axis=1)
        self.profile = np.array(service.profile)
        self.per = [
            draw(x)
            for x in (service.aftersale_per_parcel, service.aftersale_per_refund, service.aftersale_per_late)
        ]
        paid = np.zeros((horizon.days, 48))
        desk = np.zeros_like(paid)
        wages = np.zeros(horizon.days)
        for team in store.teams.values():
            for d, day in enumerate(horizon.dates):
                plain = float(team.headcount) * team.weekday[day.weekday()] * np.array(team.shape)
                agents = np.array(team.roster.get(day.isoformat(), plain))
                paid[d] += agents
                desk[d] += agents * (1 - float(team.shrinkage))
                wages[d] += agents.sum() / 2 * float(team.wage_hour)
        self.agents, self.wages, self.hours = desk, wages, paid.sum(axis=1) / 2
        means = [mean_of(x) for x in (service.work_s, service.think_s, service.turns, service.patience_s)]
        self.table = chat_table(
            int(np.ceil(desk.max())), ChatDesk(service.concurrency, *means),
            answer_within_s=float(service.answer_within_s),
        )  # fmt: skip
        drawn = [draw(x) for x in (service.work_s, service.think_s, service.turns)]
        self.capacity = np.array(
            [
                ChatDesk(service.concurrency, *row, 100.0).capacity_per_s * 1800
                for row in zip(*drawn, strict=True)
            ]
        )
        self.messages, self.later = np.zeros(self.n), np.zeros(self.n)

    def day(self, d: int, visitors: Array, shipped: Array, refunded: Array, late: Array) -> dict[str, Array]:
        """Return contacts, answered, in time, abandoned, first response and the live share answered."""
        asking = (visitors * self.enquiry).sum(axis=1)
        come = self.rng.poisson(asking[:, None] * self.profile).astype(float)
        after = self.rng.poisson(self.per[0] * shipped + self.per[1] * refunded + self.per[2] * late)
        answered, in_time, gone, waited, left = (np.zeros(self.n) for _ in range(5))
        for h in range(48):
            agents, fresh = self.agents[d, h], come[:, h]
            self.later += after * self.profile[h]
            if agents == 0:
                self.messages += fresh
                left += fresh
                continue
            room = agents * self.capacity
            served = np.minimum(self.messages, room)
            self.messages -= served
            room -= served
            quick, wait, lost = self.steady(agents, fresh, room)
            kept = fresh * (1 - lost)
            in_time += np.minimum(fresh * quick, kept)
            answered += served + kept
            gone += fresh * lost
            waited += kept * wait
            self.later -= np.minimum(self.later, np.maximum(room - kept, 0))
        contacts = come.sum(axis=1)
        stale = np.maximum(self.messages - left, 0)
        self.messages -= stale
        live = contacts - left - gone
        return {
            "contacts": contacts,
            "aftersale_contacts": after.astype(float),
            "answered": answered,
            "answered_in_time": in_time,
            "abandoned": gone + stale,
            "first_response_time_s": np.divide(waited, live, out=np.zeros(self.n), where=live > 0),
            "answered_share": np.divide(live, contacts, out=np.ones(self.n), where=contacts > 0),
        }

    def steady(self, agents: float, fresh: Array, room: Array) -> tuple[Array, Array, Array]:
        """Look up share in time, first response and abandonment at this load, linear in agents and load."""
        tables = (self.table.answered_within, self.table.first_response_s, self.table.abandoned)
        points = tables[0].shape[1]
        at = min(max(agents - 1, 0), len(tables[0]) - 1)
        low = int(at)
        up = min(low + 1, len(tables[0]) - 1)
        load = fresh / (fresh + room + 1e-9) * (points - 1)
        cell = np.minimum(load.astype(int), points - 2)
        part = load - cell
        rows = (t[low] + (t[up] - t[low]) * (at - low) for t in tables)
        quick, wait, lost = (row[cell] + (row[cell + 1] - row[cell]) * part for row in rows)
        return quick, wait, lost
