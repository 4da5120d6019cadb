"""What a roster really gives: its days simulated contact by contact, in service, lost enquiries and money."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ecomsim.checks import EcomsimError, require_number
from ecomsim.formulas.arrays import Floats
from ecomsim.formulas.chat import ChatDesk
from ecomsim.formulas.chat_levels import SpeedUps
from ecomsim.formulas.mixing import factor_at
from ecomsim.staffing.need import Agents, Need, people
from ecomsim.staffing.outcome import RosterCheck, Worth
from ecomsim.staffing.promise import Promise, duration_s
from ecomsim.staffing.workload import Workload
from ecomsim.streams import check_seed, stream, uniforms
from ecomsim.uncertain import mean_of

__all__ = ["Conduct", "check_roster"]

_NEVER = dt.timedelta(0)


@dataclass(frozen=True)
class Conduct:
    """What people do beside the plan.

    Attributes
    ----------
    absent : share of people on duty who do not come, drawn for every day and slot's newcomers.
    early_leave : how long before the end of a shift or the beginning of a break they take no more chats.
    late_back : how long after its beginning they start.
    """

    absent: float = 0.0
    early_leave: dt.timedelta = _NEVER
    late_back: dt.timedelta = _NEVER

    def __post_init__(self) -> None:
        if require_number(self.absent, "conduct.absent", low=0, high=1) >= 1:
            raise EcomsimError("conduct.absent", "1", "a fraction below 1", "Somebody must come")
        duration_s(self.early_leave, "conduct.early_leave")
        duration_s(self.late_back, "conduct.late_back")


def check_roster(
    on_duty: ArrayLike,
    need: Need,
    load: Workload,
    desk: ChatDesk | SpeedUps,
    promise: Promise,
    *,
    conduct: Conduct = Conduct(),
    worth: Worth | None = None,
    message_share: float = 1.0,
    as_counted: bool = False,
    taken: bool = False,
    replications: int = 200,
    seed: int = 7,
) -> RosterCheck:
    """Return what the people on duty really achieve, simulated contact by contact.

    Parameters
    ----------
    on_duty : (days, slots) array_like of int
        People at their desks, breaks taken off; the shape of the need.
    need : Need
        Days, window and slots of the roster.
    load : Workload
        Live contacts of (at least) the same days.
    desk : ChatDesk or SpeedUps with one entry
        How one agent works.
    promise : Promise
        The time; its share and confidence are what `days_kept` is held against.
    conduct : Conduct
        Absence, early leave, late return.
    worth : Worth, optional
        What an enquiry is worth.
    as_counted : bool
        The load is what was counted: exactly so many come in every slot, and days do not vary.
    taken : bool
        A chat counts as answered when an agent takes it, not with the first reply.
    replications : int
        Times every day is simulated. The same seed brings the same customers to any roster.

    Notes
    -----
    Arrivals are Poisson within a slot at the slot's rate times the day's gamma factor; work, pauses and patience are
    exponential, replies geometric. New chats go to an agent with fewest open; who leaves finishes the chats in hand.

    Examples
    --------
    >>> from ecomsim.staffing.window import Window
    >>> need = Need((dt.date(2026, 11, 9),), Window.of("09:00-11:00"), 30, [[5, 6, 6, 6]])
    >>> load = Workload(need.days, np.full((1, 48), 40.0))
    >>> seen = check_roster(need.agents, need, load, ChatDesk(3, 25, 45, 6, 180), Promise(0.8, dt.timedelta(minutes=1)),
    ...                     message_share=0)
    >>> bool(0.75 < seen.share < 0.9)
    True
    """
    from ecomsim.staffing.check_kernel import FIELDS, live_days

    there = people(on_duty, "on_duty", need.agents.shape)
    check_seed(seed)
    count = int(require_number(replications, "replications", low=1, high=100_000))
    offset = _offset(need, load)
    numbers, phone = _desk_numbers(desk, promise, worth)
    slot_s = need.slot_minutes * 60.0
    contacts = load.in_window(need.window, need.slot_minutes)
    night = load.overnight(need.window) * require_number(message_share, "message_share", low=0, high=1)
    out = np.zeros((len(need.days), count, need.slots, len(FIELDS)))
    step_at, rise = _steps(there, slot_s, conduct)
    for d in range(len(need.days)):
        day = (need.days[d] - dt.date(1970, 1, 1)).days
        factor = np.array([1.0])
        if load.spread[offset[d]] > 1e-6 and not as_counted:
            u = uniforms(seed, 0, count, "staffing.day", day=day)
            factor = np.array([float(factor_at(load.spread[offset[d]], float(x))) for x in u])
        factor = np.broadcast_to(factor, count)
        random = np.random.Generator(np.random.Philox(key=[seed, day << 32 | stream("staffing.contacts")]))
        times, starts = _arrivals(random, contacts[offset[d]], factor, slot_s, as_counted)
        messages = random.poisson(night[offset[d]] * factor)
        agents = _present(there[d], conduct.absent, random, count)
        at, who = step_at[d], _at_steps(agents, rise[d])
        live_days(
            times, starts, messages.astype(np.int64), random.integers(0, 2**63, count, dtype=np.uint64), at, who,
            slot_s, numbers, phone or taken, out[d],
        )  # fmt: skip
    return RosterCheck(need, there, np.swapaxes(out, 0, 1), promise, worth)


def _offset(need: Need, load: Workload) -> list[int]:
    """Return where each day of the need stands in the load."""
    place = {day: i for i, day in enumerate(load.days)}
    for day in need.days:
        if day not in place:
            raise EcomsimError(
                f"load.days {day}", "no contacts for this day", f"{load.days[0]} to {load.days[-1]}",
                "Give the contacts of every day of the roster",
            )  # fmt: skip
    return [place[day] for day in need.days]


def _desk_numbers(desk: ChatDesk | SpeedUps, promise: Promise, worth: Worth | None) -> tuple[Floats, bool]:
    decay = mean_of(worth.curve.decay_s) if worth is not None else 300.0
    if isinstance(desk, SpeedUps):
        if desk.concurrency > 1:
            raise EcomsimError(
                "desk", f"paces of {desk.concurrency} chats", "a ChatDesk, or paces of one chat",
                "Every reply is simulated: say how long work and pauses take with ChatDesk",
            )  # fmt: skip
        row = (1.0, desk.handle_s, 0.0, 1.0)
    else:
        row = (float(desk.concurrency), desk.work_s, max(desk.think_s, 1e-9), desk.turns)
    return np.array([*row, desk.patience_s, promise.within_s, decay]), isinstance(desk, SpeedUps)


def _arrivals(
    random: np.random.Generator, contacts: Floats, factor: Floats, slot_s: float, as_counted: bool
) -> tuple[Floats, np.ndarray]:
    """Return arrival times of all replications in a row, and where each begins."""
    expected = contacts[None, :] * factor[:, None]
    counts = np.rint(expected).astype(np.int64) if as_counted else random.poisson(expected)
    slot = np.tile(np.arange(contacts.size), factor.size)
    day = np.repeat(np.arange(factor.size), contacts.size)
    base = np.repeat(day * contacts.size + slot, counts.ravel()) * slot_s
    times = np.sort(base + random.random(base.size) * slot_s)
    each = counts.sum(axis=1)
    starts = np.concatenate([[0], np.cumsum(each)])
    return times - np.repeat(np.arange(factor.size), each) * contacts.size * slot_s, starts


def _steps(there: Agents, slot_s: float, conduct: Conduct) -> tuple[Floats, np.ndarray]:
    """Return when each slot's number begins to hold, (days, slots + 1); the last closes. And the slot it is of."""
    padded = np.concatenate([there, np.zeros((there.shape[0], 1), np.int64)], axis=1)
    change = np.diff(padded, axis=1, prepend=0)
    at = np.arange(padded.shape[1]) * slot_s * np.ones((there.shape[0], 1))
    at = at - np.where(change < 0, min(conduct.early_leave.total_seconds(), slot_s / 2), 0.0)
    at = at + np.where(change > 0, min(conduct.late_back.total_seconds(), slot_s / 2), 0.0)
    return np.maximum(at, 0.0), np.broadcast_to(np.arange(padded.shape[1]), padded.shape)


def _present(there: Agents, absent: float, random: np.random.Generator, count: int) -> Agents:
    """Return who really came, (count or 1, slots): one draw a day for all slots, so that nobody comes and goes."""
    if absent == 0:
        return there[None, :]
    coins = random.random((count, int(there.max(initial=0)))) >= absent
    came = np.concatenate([np.zeros((count, 1), np.int64), np.cumsum(coins, axis=1)], axis=1)
    return np.asarray(came[:, there])


def _at_steps(agents: Agents, slot: np.ndarray) -> Agents:
    closed = np.concatenate([agents, np.zeros((agents.shape[0], 1), np.int64)], axis=1)
    return np.ascontiguousarray(closed[:, slot])
