"""One day at the desk: the fewest people slot by slot, and what a given number of people achieves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial

import numpy as np

from ecomsim.checks import EcomsimError
from ecomsim.formulas.arrays import Floats, Ints
from ecomsim.formulas.chat import Desk
from ecomsim.formulas.mixing import day_factors, factor_at
from ecomsim.formulas.sizing import smallest_chat_agents
from ecomsim.formulas.transient import DeskStates, SlotOutcome, desk_states, live_slot, opening, rehead
from ecomsim.staffing.promise import Promise

__all__ = ["DayPlan", "Limits", "live_day", "size_day"]

_KINDS = 6  # days of different rates the average is taken over


@dataclass(frozen=True)
class Limits:
    """Bounds on the people at the desk.

    Attributes
    ----------
    agents_min : fewest while open.
    occupancy_max : most time at work, a fraction above 0 and at most 1.
    """

    agents_min: int = 1
    occupancy_max: float = 1.0


@dataclass(frozen=True, eq=False)
class DayPlan:
    """A day lived on paper; arrays (slots,), averages over days weighted by contacts.

    Attributes
    ----------
    agents : people at the desk.
    in_time : share of arrivals answered in time.
    queued : share of arrivals finding all agents full.
    abandoned : contacts giving up.
    occupancy : share of agents' time at work.
    waiting : customers waiting.
    waiting_at_close : customers still waiting as the desk closes.
    in_time_fewer : what one fewer in that slot would have answered in time; NaN where that was not asked.
    """

    agents: Ints
    in_time: Floats
    queued: Floats
    abandoned: Floats
    occupancy: Floats
    waiting: Floats
    waiting_at_close: float
    in_time_fewer: Floats


@dataclass
class _Night:
    """One kind of day: its factor on the rates, its weight, and the state it is in."""

    factor: float
    weight: float
    p: Floats
    messages: float  # before the opening all of them, later those still in line
    came: float  # live contacts since the opening, infinity where there are no messages
    opened: bool = False


def size_day(
    rates: Floats,
    slot_s: float,
    desk: Desk,
    promise: Promise,
    *,
    cv: float = 0.0,
    backlog: float = 0.0,
    limits: Limits = Limits(),
) -> DayPlan:
    """Return the fewest people slot by slot, each slot starting from what the last one left waiting.

    Parameters
    ----------
    rates : (slots,) contacts a second
    slot_s : seconds a slot
    desk : how one agent works
    promise : what must hold in every slot
    cv : spread of the day's rate
    backlog : messages waiting at the opening, answered first
    limits : bounds on the people

    Notes
    -----
    With a confidence the day is taken at that quantile of its rate (more arrivals never help, so on so many days
    every slot is at least as good); without one the average over contacts of days of all kinds must hold.
    """
    most = _most(rates, slot_s, desk, promise, cv, backlog, limits)
    size = _size(most, rates, desk, cv, backlog)
    states = _library(desk, promise.within_s, size)
    days = _kinds(cv, promise.confidence, size, backlog)
    agents = np.zeros(rates.size, dtype=np.int64)
    outcomes: list[list[SlotOutcome]] = []
    fewer = np.full(rates.size, np.nan)
    before = 0
    for k, rate in enumerate(rates):
        tried: dict[int, list[SlotOutcome]] = {}
        holds = partial(_try, tried, days, float(rate), slot_s, states, before, promise, limits)
        n = _least(holds, limits.agents_min, max(before, limits.agents_min), most)
        if n is None:
            raise EcomsimError(
                f"slot {k}", f"{most} people and the promise still broken", "a promise that can be kept",
                "Allow more time, a smaller share, or answer overnight messages later",
            )  # fmt: skip
        agents[k] = n
        outcomes.append(tried[n])
        if n - 1 in tried:
            fewer[k] = _mean([o.in_time for o in tried[n - 1]], [d.weight * d.factor for d in days])
        _move(days, tried[n])
        before = n
    return _plan(agents, rates, slot_s, outcomes, days, fewer)


def live_day(
    rates: Floats,
    slot_s: float,
    desk: Desk,
    promise: Promise,
    agents: Ints,
    *,
    cv: float = 0.0,
    backlog: float = 0.0,
) -> DayPlan:
    """Return what `agents` (slots,) achieve, by the same chain; the promise gives the time and whether one day or all.

    Nobody at the desk is allowed: whoever comes then waits for the next slot.
    """
    most = int(agents.max()) if agents.size else 0
    size = _size(most, rates, desk, cv, backlog, slot_s)
    states = _library(desk, promise.within_s, size)
    days = _kinds(cv, promise.confidence, size, backlog)
    outcomes = []
    for k, n in enumerate(agents):
        outcomes.append(
            _slot(days, float(rates[k]), slot_s, states(int(n)), int(agents[k - 1]) if k else int(n))
        )
        _move(days, outcomes[-1])
    return _plan(np.asarray(agents), rates, slot_s, outcomes, days)


def _kinds(cv: float, confidence: float | None, size: int, backlog: float) -> list[_Night]:
    if confidence is not None:
        factor, weight = np.atleast_1d(factor_at(cv, confidence)), np.ones(1)
    else:
        factor, weight = day_factors(cv, _KINDS)
    return [
        _Night(float(f), float(w), opening(size, backlog * f), backlog * float(f), 0.0 if backlog else np.inf)
        for f, w in zip(factor, weight, strict=True)
    ]


def _try(
    tried: dict[int, list[SlotOutcome]],
    days: Sequence[_Night],
    rate: float,
    slot_s: float,
    states: Callable[[int], DeskStates],
    before: int,
    promise: Promise,
    limits: Limits,
    agents: int,
) -> bool:
    """Live the slot with so many people, keep what came of it, and tell whether the promise holds."""
    tried[agents] = _slot(days, rate, slot_s, states(agents), before if days[0].opened else agents)
    return _kept(tried[agents], days, rate, promise, limits)


def _slot(
    days: Sequence[_Night], rate: float, slot_s: float, states: DeskStates, before: int
) -> list[SlotOutcome]:
    out = []
    for day in days:
        p = rehead(day.p, before, states.agents, states.desk.concurrency)
        in_line = day.messages if day.opened else max(day.messages - states.full, 0.0)
        out.append(live_slot(p, rate * day.factor, states, slot_s, in_line, day.came))
    return out


def _move(days: Sequence[_Night], outcomes: Sequence[SlotOutcome]) -> None:
    for day, out in zip(days, outcomes, strict=True):
        day.p, day.messages, day.came, day.opened = out.after, out.messages, out.came, True


def _kept(
    outcomes: Sequence[SlotOutcome], days: Sequence[_Night], rate: float, promise: Promise, limits: Limits
) -> bool:
    if _mean([o.occupancy for o in outcomes], [d.weight for d in days]) > limits.occupancy_max + 1e-12:
        return False
    if rate <= 0:
        return True
    return _mean([o.in_time for o in outcomes], [d.weight * d.factor for d in days]) >= promise.share


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    return float(np.dot(values, weights) / np.sum(weights))


def _least(holds: Callable[[int], bool], low: int, guess: int, most: int) -> int | None:
    """Return the least n from `low` to `most` that holds, None if not even `most` does."""
    bottom, high, step = low - 1, min(guess, most), 1
    if holds(high):
        while high - bottom > 1 and holds(max(high - step, bottom + 1)):
            high = max(high - step, bottom + 1)
            step *= 2
        bottom = max(bottom, high - step) if high - bottom > 1 else bottom
    else:
        while True:
            if high >= most:
                return None
            bottom, high = high, min(high + step, most)
            step *= 2
            if holds(high):
                break
    while high - bottom > 1:
        middle = (bottom + high) // 2
        bottom, high = (bottom, middle) if holds(middle) else (middle, high)
    return high


def _most(
    rates: Floats, slot_s: float, desk: Desk, promise: Promise, cv: float, backlog: float, limits: Limits
) -> int:
    """Return more people than any slot can need: the busiest slot at rest, the backlog cleared in a tenth of one."""
    peak = float(rates.max()) if rates.size else 0.0
    steady = int(
        smallest_chat_agents(
            peak, desk, promise.within_s, promise.share, cv=cv, confidence=promise.confidence,
            occupancy_max=limits.occupancy_max, agents_min=limits.agents_min,
        )
    )  # fmt: skip
    clear = backlog / (desk.capacity_per_s * slot_s * 0.1) + backlog / desk.concurrency * (backlog > 0)
    return int(np.ceil(1.25 * steady + clear)) + 8


def _size(most: int, rates: Floats, desk: Desk, cv: float, backlog: float, slot_s: float = 0.0) -> int:
    """Return the largest number of chats, open and waiting, worth following."""
    peak = float(rates.max() if rates.size else 0.0) * (1 + 4 * cv)
    queue = peak * desk.patience_s if slot_s or cv else 0.6 * peak * desk.patience_s
    line = queue + 8 * np.sqrt(queue + 1) + 30
    states = most * desk.concurrency + line + backlog * (1 + 3 * cv)
    return 128 * int(np.ceil(states / 128))  # days of one week share their tables


@lru_cache(maxsize=4)
def _library(desk: Desk, within_s: float, size: int) -> Callable[[int], DeskStates]:
    @cache
    def states(agents: int) -> DeskStates:
        return desk_states(agents, desk, within_s, size)

    return states


def _plan(
    agents: Ints,
    rates: Floats,
    slot_s: float,
    outcomes: Sequence[Sequence[SlotOutcome]],
    days: Sequence[_Night],
    fewer: Floats | None = None,
) -> DayPlan:
    by_day = [d.weight for d in days]
    by_contact = [d.weight * d.factor for d in days]
    return DayPlan(
        agents=agents,
        in_time=np.array([_mean([o.in_time for o in slot], by_contact) for slot in outcomes]),
        queued=np.array([_mean([o.queued for o in slot], by_contact) for slot in outcomes]),
        abandoned=np.array([_mean([o.abandoned_per_s for o in slot], by_day) for slot in outcomes]) * slot_s,
        occupancy=np.array([_mean([o.occupancy for o in slot], by_day) for slot in outcomes]),
        waiting=np.array([_mean([o.waiting for o in slot], by_day) for slot in outcomes]),
        waiting_at_close=_mean([o.waiting_after for o in outcomes[-1]], by_day) if outcomes else 0.0,
        in_time_fewer=np.full(rates.size, np.nan) if fewer is None else fewer,
    )
