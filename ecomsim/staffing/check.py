"""What a roster really gives: its days simulated contact by contact, in service, lost enquiries and money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ecomsim.checks import EcomsimError, require_number
from ecomsim.formulas.arrays import Floats
from ecomsim.formulas.chat import ChatDesk
from ecomsim.formulas.chat_levels import SpeedUps
from ecomsim.formulas.mixing import factor_at
from ecomsim.staffing.check_draws import TaskClass, arrivals, at_steps, draw_tasks, present, steps
from ecomsim.staffing.deferrable import Deferrable
from ecomsim.staffing.need import Need, people
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
    messages_within: dt.timedelta | None = None,
    deferrable: Sequence[Deferrable] = (),
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
    desk : ChatDesk or SpeedUps
        How one agent works: every reply simulated, or every chat at the pace of so many open.
    promise : Promise
        The time; its share and confidence are what `days_kept` is held against.
    conduct : Conduct
        Absence, early leave, late return.
    worth : Worth, optional
        What an enquiry is worth.
    message_share : float
        Share of the contacts of closed hours that wait as messages at the opening, first in line.
    messages_within : timedelta, optional
        Answer these messages within so long of the opening as deferrable work, as in `requirement`.
    deferrable : sequence of Deferrable
        Work done by whoever has nothing to write, put aside for a live chat (`RosterCheck.deferred_in_time`).
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
    Deferrable work is done the most urgent first, one agent on one piece; a busy day is busy for every class.

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
    from ecomsim.staffing.check_days import live_days
    from ecomsim.staffing.check_kernel import FIELDS
    from ecomsim.staffing.check_tasks import TASK_FIELDS

    there = people(on_duty, "on_duty", need.agents.shape)
    check_seed(seed)
    count = int(require_number(replications, "replications", low=1, high=100_000))
    offset = _offset(need, load)
    numbers, pace = _desk_numbers(desk, promise, worth)
    slot_s = need.slot_minutes * 60.0
    contacts = load.in_window(need.window, need.slot_minutes)
    night = load.overnight(need.window) * require_number(message_share, "message_share", low=0, high=1)
    waiting = _Waiting(deferrable, need, night, load, messages_within, 1 / desk.capacity_per_s)
    out = np.zeros((len(need.days), count, need.slots, len(FIELDS)))
    told = np.zeros((len(need.days), count, len(waiting.names), need.slots, len(TASK_FIELDS)))
    early, late = conduct.early_leave.total_seconds(), conduct.late_back.total_seconds()
    step_at, rise = steps(there, slot_s, early, late)
    for d in range(len(need.days)):
        day = (need.days[d] - dt.date(1970, 1, 1)).days
        u = None if as_counted else uniforms(seed, 0, count, "staffing.day", day=day)
        factor = _factors(load.spread[offset[d]], u, count)
        random = np.random.Generator(np.random.Philox(key=[seed, day << 32 | stream("staffing.contacts")]))
        times, starts = arrivals(random, contacts[offset[d]], factor, slot_s, as_counted)
        first = night[offset[d]] * factor * (messages_within is None)
        messages = np.rint(first).astype(np.int64) if as_counted else random.poisson(first).astype(np.int64)
        keys = random.integers(0, 2**63, count, dtype=np.uint64)
        who = at_steps(present(there[d], conduct.absent, random, count), rise[d])
        spare = np.random.Generator(np.random.Philox(key=[seed, day << 32 | stream("staffing.deferrable")]))
        tasks = draw_tasks(
            spare, waiting.classes(d, offset[d], u, count), count, need.slots, slot_s, as_counted
        )
        told[d, ..., 0] = tasks.came
        live_days(
            times, starts, messages, keys, step_at[d], who, slot_s, numbers, pace, taken or isinstance(desk, SpeedUps),
            tasks.at, tasks.left, tasks.begin, tasks.limit, out[d], told[d],
        )  # fmt: skip
    return RosterCheck(
        need, there, np.swapaxes(out, 0, 1), promise, worth, waiting.names, np.swapaxes(told, 0, 1)
    )


@dataclass(frozen=True, eq=False)
class _Waiting:
    """What can wait on every day of a roster."""

    deferrable: Sequence[Deferrable]
    need: Need
    night: Floats
    load: Workload
    messages_within: dt.timedelta | None
    message_s: float

    def __post_init__(self) -> None:
        for one in self.deferrable:
            _offset(self.need, one.load)
        if self.messages_within is not None:
            duration_s(self.messages_within, "messages_within")

    @property
    def names(self) -> tuple[str, ...]:
        """The classes, messages last."""
        return (*(one.name for one in self.deferrable), *(("messages",) * (self.messages_within is not None)))

    def classes(self, day: int, load_day: int, u: Floats | None, count: int) -> list[TaskClass]:
        """Return the classes of one day of the need."""
        found = []
        for one in self.deferrable:
            at, window = _offset(self.need, one.load)[day], self.need.window
            found.append(
                TaskClass(
                    _factors(one.load.spread[at], u, count), float(one.load.overnight(window)[at]),
                    one.load.in_window(window, 15)[at], one.handle.total_seconds(), one.within.total_seconds(),
                )
            )  # fmt: skip
        if self.messages_within is not None:
            found.append(
                TaskClass(
                    _factors(self.load.spread[load_day], u, count), float(self.night[load_day]), np.zeros(0),
                    self.message_s, self.messages_within.total_seconds(),
                )
            )  # fmt: skip
        return found


def _factors(cv: float, u: Floats | None, count: int) -> Floats:
    """Return what each simulated day has of the contacts expected; without `u` all the same."""
    if u is None or cv <= 1e-6:
        return np.ones(count)
    return np.array([float(factor_at(cv, float(x))) for x in u])


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


def _desk_numbers(desk: ChatDesk | SpeedUps, promise: Promise, worth: Worth | None) -> tuple[Floats, Floats]:
    """Return the desk as the kernel reads it, and the pace of one chat of k where only their pace is known."""
    decay = mean_of(worth.curve.decay_s) if worth is not None else 300.0
    pace = np.zeros(0)
    if isinstance(desk, SpeedUps):
        row = (float(desk.concurrency), desk.handle_s, 0.0, 1.0)
        if desk.concurrency > 1:  # one at a time is a single reply, and quicker so
            pace = desk.completions_per_s * desk.handle_s / np.maximum(np.arange(desk.concurrency + 1), 1)
    else:
        row = (float(desk.concurrency), desk.work_s, max(desk.think_s, 1e-9), desk.turns)
    return np.array([*row, desk.patience_s, promise.within_s, decay]), pace
