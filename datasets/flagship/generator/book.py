"""The book in which every day is written, and the roster of a day."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from generator import orders
from generator.catalogue import CATEGORIES, PER_CATEGORY, Catalogue
from generator.chat import shift_agents
from generator.events import EventDays
from generator.traffic import Plan
from generator.warehouse import Warehouse
from generator.world import CHANNELS, FAMILIES, SLOTS, World, days, stream

# Agents the service lead puts on a day, relative to an ordinary one, by phase of platform events.
STAFF_EVENT = {
    "double11": (1.05, 1.2, 1.7, 1.0),
    "618": (1.0, 1.1, 1.4, 1.0),
    "double12": (1.0, 1.05, 1.25, 1.0),
    "spring_festival": (1.1, 0.7, 0.6, 1.0),
    "own": (1.0, 1.05, 1.1, 1.0),
}
Shifts = list[tuple[int, int, int]]
HEADCOUNT = {"presale": 12.5, "aftersale": 4.0}


@dataclass
class Book:
    """What happened: arrays (channel, day), (product, day), (day,) and (day, slot)."""

    world: World
    calendar: EventDays
    catalogue: Catalogue
    plan: Plan
    channel: dict[str, np.ndarray]
    item: dict[str, np.ndarray]
    day: dict[str, np.ndarray]
    contacts: dict[str, np.ndarray]
    agents: dict[str, np.ndarray]
    planned_agents: dict[str, np.ndarray]
    warehouse: Warehouse
    order_lines: dict[int, orders.Lines] = field(default_factory=dict)


def blank(n: int) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], dict[str, np.ndarray]]:
    k, c = len(CATEGORIES) * PER_CATEGORY, len(CHANNELS)
    channel = {x: np.zeros((c, n)) for x in ("visitors", "buyers", "gmv", "units", "enquirers", "p_expected")}
    item = {
        x: np.zeros((k, n))
        for x in (
            "units",
            "gmv",
            "buyers",
            "lost",
            "on_hand",
            "visitors",
            "views",
            "carts",
            "refund",
            "refund_units",
            "listed",
            "price",
        )
    }
    day = {
        x: np.zeros(n)
        for x in (
            "uv",
            "buyers",
            "orders",
            "units",
            "gmv",
            "discount",
            "pull",
            "g",
            "presale",
            "presale_buyers",
            "presale_gmv",
            "presale_units",
            "aftersale",
            "answered",
            "unanswered",
            "within_180",
            "response_s",
            "refund_orders",
            "quick",
        )
    }
    return channel, item, day


def roster(world: World, calendar: EventDays, kind: str, d: int, weekday: int) -> tuple[Shifts, Shifts]:
    rng = stream("roster" + kind, d)
    factor = 1.0
    if calendar.family[d] >= 0:
        factor = STAFF_EVENT[FAMILIES[calendar.family[d]]][int(calendar.phase[d])]
    weekend = 0.92 if weekday >= 5 and calendar.family[d] < 0 else 1.0
    today = days()[d].strftime("%Y-%m-%d")
    for first, last, short in world.service.short_staffed if kind == "presale" else ():
        factor *= short if first <= today <= last else 1.0
    absent = rng.binomial(2, world.service.shrinkage, 3) + (rng.random(3) < 0.04) * 2
    if kind == "aftersale":
        absent = absent[:2]
    headcount = HEADCOUNT[kind] * factor * weekend
    return shift_agents(kind, headcount, absent), shift_agents(kind, headcount, absent * 0)


def slots(shifts: Shifts) -> np.ndarray:
    out = np.zeros(SLOTS)
    for start, end, count in shifts:
        out[start:end] += count
    return out
