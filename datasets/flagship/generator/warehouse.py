"""Stock of every product: hand-made ordering, random lead times, short deliveries, search rank."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from generator.catalogue import Catalogue
from generator.events import EventDays
from generator.world import FAMILIES, PHASES, Stock, stream

# What the buyer believes a day of each phase sells, relative to an ordinary one (cautious at peaks).
BELIEF = {
    "double11": (0.95, 1.75, 4.4, 0.8),
    "618": (0.95, 1.4, 2.8, 0.85),
    "double12": (1.0, 1.3, 2.1, 0.9),
    "spring_festival": (1.15, 0.6, 0.4, 1.0),
    "own": (1.0, 1.2, 1.5, 0.95),
}


@dataclass
class Order:
    """One product on one purchase order."""

    po_id: str
    product: int
    ordered: int
    due: int
    received: int
    units: int
    received_units: int


@dataclass
class Warehouse:
    """State of the stock; the only thing in the generator that changes in place."""

    catalogue: Catalogue
    rules: Stock
    belief: np.ndarray  # (day,) planned selling factor
    on_hand: np.ndarray = field(init=False)
    on_order: np.ndarray = field(init=False)
    rank: np.ndarray = field(init=False)
    rate: np.ndarray = field(init=False)
    orders: list[Order] = field(default_factory=list)
    due: dict[int, list[Order]] = field(default_factory=dict)
    returns: dict[int, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        c = self.catalogue
        self.rate = c.attraction[:, 0] * 1000.0
        self.on_hand = np.where(c.launch == 0, np.ceil(self.rate * (c.lead_days + 22)), 0).astype(int)
        self.on_order = np.zeros(len(c.sku), int)
        self.rank = np.ones(len(c.sku))

    def open_day(self, d: int) -> None:
        """Receipts, returns to stock and the first stock of a launch."""
        for order in self.due.pop(d, []):
            self.on_hand[order.product] += order.received_units
            self.on_order[order.product] -= order.units
        if d in self.returns:
            self.on_hand += self.returns.pop(d)
        c = self.catalogue
        for k in np.flatnonzero((c.launch == d) & (d > 0)):
            start = max(c.share[k] * 1000.0, 1.0)
            self.rate[k] = start
            self.on_hand[k] = int(np.ceil(start * 30 / c.pack[k]) * c.pack[k])
        self.on_hand[c.retire <= d] = 0

    def listed(self, d: int) -> np.ndarray:
        """Products on sale: launched, not retired, in stock."""
        c = self.catalogue
        return (self.on_hand > 0) & (c.launch <= d) & (d < c.retire)

    def close_day(self, d: int, sold: np.ndarray, lost: np.ndarray) -> None:
        """Book the sales, move the rank, learn the rate, order on review days."""
        c, rng = self.catalogue, stream("warehouse", d)
        self.on_hand = self.on_hand - sold
        live = (c.launch <= d) & (d < c.retire)
        out = live & (self.on_hand <= 0)
        recover = 1 - 0.5 ** (1 / self.rules.rank_half_life_days)
        self.rank = np.where(
            out,
            np.maximum(self.rank * self.rules.rank_fall_per_day, self.rules.rank_floor),
            self.rank + (1 - self.rank) * recover,
        )
        demand = (sold + lost) / self.belief[d]
        learn = np.where(live & ~out, 1 / 21.0, 0.0)
        self.rate = np.maximum(self.rate + learn * (demand - self.rate), 0.05)
        if d % 7 == 6:
            gone = rng.binomial(self.on_hand.clip(0), self.rules.shrinkage_per_week)
            self.on_hand = self.on_hand - gone
        self._review(d, live, rng)

    def _review(self, d: int, live: np.ndarray, rng: np.random.Generator) -> None:
        c, r = self.catalogue, self.rules
        for k in np.flatnonzero(live & (c.supplier == d % 7) & (d < c.retire - 60)):
            # The buyer misjudges each product and season in his own way.
            error = np.exp(stream("buyer", int(k) * 1000 + d // 30).normal(0, r.planner_error_sd))
            point = round(c.lead_days[k] + 7 + r.safety_days)
            position = self.on_hand[k] + self.on_order[k]
            if position > self.rate[k] * self._days_ahead(d, point, error):
                continue
            need = self.rate[k] * self._days_ahead(d, point + r.cycle_days, error) - position
            units = int(np.ceil(max(need, c.moq[k]) / c.pack[k]) * c.pack[k])
            lead = c.lead_days[k] * np.exp(rng.normal(0, r.lead_sd_log))
            short = rng.uniform(*r.short_range) if rng.random() < r.short_share else 1.0
            arrives = d + max(2, round(lead))
            order = Order(
                f"PO{d:04d}{c.supplier[k]}",
                int(k),
                d,
                d + round(c.lead_days[k]),
                arrives,
                units,
                max(1, int(units * short)),
            )
            self.orders.append(order)
            self.due.setdefault(arrives, []).append(order)
            self.on_order[k] += units

    def _days_ahead(self, d: int, horizon: int, error: float) -> float:
        ahead = self.belief[d + 1 : d + 1 + horizon] - 1.0
        return float(horizon + ahead.clip(0).sum() * error + ahead.clip(None, 0).sum())

    def expect_return(self, d: int, units: np.ndarray) -> None:
        """Units that come back to stock on day d."""
        self.returns[d] = self.returns.get(d, 0) + units


def build_belief(calendar: EventDays, extra: int = 60) -> np.ndarray:
    """The buyer's selling factor by day; ordinary beyond the last day."""
    out = np.ones(len(calendar.family) + extra)
    for d in np.flatnonzero(calendar.family >= 0):
        out[d] = BELIEF[FAMILIES[calendar.family[d]]][int(calendar.phase[d])]
    assert set(PHASES) == {"before", "during", "peak", "after"}
    return out
