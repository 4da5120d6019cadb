"""Work that can wait, but not for ever: order confirmations within 10 minutes, after-sale tickets within hours.

It fills the time agents have left beside live chats, the most urgent first. Time is followed in steps of five minutes;
where something would come too late, people are added where fewest are, between its coming and its time limit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ecomsim.checks import EcomsimError, require_number
from ecomsim.formulas.arrays import Floats, Ints
from ecomsim.staffing.promise import duration_s
from ecomsim.staffing.window import Window
from ecomsim.staffing.workload import Workload

__all__ = ["Deferrable", "Deferred", "extra_people", "fill_idle", "steps_of"]

STEP_MINUTES = 5


@dataclass(frozen=True, eq=False)
class Deferrable:
    """A class of work done when no live chat needs the agent.

    Parameters
    ----------
    load : Workload
        When it comes, around the clock; what comes while the desk is closed waits for the opening.
    handle : timedelta
        Agent's time for one.
    within : timedelta
        Time limit from its coming, or from the opening if it came while closed; at least 5 minutes.

    Examples
    --------
    >>> tickets = Workload((dt.date(2026, 11, 9),), np.full((1, 48), 4.0), name="aftersale")
    >>> Deferrable(tickets, handle=dt.timedelta(minutes=3), within=dt.timedelta(hours=4)).name
    'aftersale'
    """

    load: Workload
    handle: dt.timedelta
    within: dt.timedelta

    def __post_init__(self) -> None:
        handle = duration_s(self.handle, f"{self.load.name}.handle")
        require_number(handle, f"{self.load.name}.handle", low=0, open_low=True, unit="seconds")
        if duration_s(self.within, f"{self.load.name}.within") < STEP_MINUTES * 60:
            raise EcomsimError(
                f"{self.load.name}.within", str(self.within), "5 minutes or more",
                "Work wanted sooner is live: give it to the promise",
            )  # fmt: skip

    @property
    def name(self) -> str:
        """The class."""
        return self.load.name


@dataclass(frozen=True, eq=False)
class Deferred:
    """A day of deferrable work; agent-seconds by step of five minutes.

    Attributes
    ----------
    came, done, late : (steps,) work that came, was done, and passed its limit undone in the step.
    waiting : (steps,) work waiting at the end of each step.
    """

    came: Floats
    done: Floats
    late: Floats
    waiting: Floats

    @property
    def share_in_time(self) -> float:
        """Share of the work done within its limit; 1 where none came."""
        total = float(self.came.sum())
        return 1.0 - float(self.late.sum()) / total if total > 0 else 1.0


def fill_idle(idle: Floats, work: Floats, limits: Ints) -> Deferred:
    """Return how the idle time clears the work, most urgent first.

    Parameters
    ----------
    idle : (steps,) agent-seconds left beside live chats
    work : (classes, steps) agent-seconds coming; what comes in a step can be begun in it
    limits : (classes,) steps within which work must be done, at least 1

    Notes
    -----
    Work that is late is still done, after what can still be in time. At the end of the day, work whose limit lies
    beyond it is not late.
    """
    steps = idle.size
    due = np.zeros(steps + int(limits.max(initial=1)) + 1)
    overdue = 0.0
    done, late, waiting = np.zeros(steps), np.zeros(steps), np.zeros(steps)
    for k in range(steps):
        for c, span in enumerate(limits):
            due[k + span - 1] += work[c, k]
        left = float(idle[k])
        ahead = np.cumsum(due[k:])
        used = np.minimum(ahead, left)
        due[k:] = np.diff(ahead - used, prepend=0.0)
        left -= float(used[-1])
        caught = min(left, overdue)
        overdue -= caught
        done[k] = float(used[-1]) + caught
        late[k] = due[k]
        overdue += due[k]
        due[k] = 0.0
        waiting[k] = due.sum() + overdue
    return Deferred(work.sum(axis=0), done, late, waiting)


def extra_people(
    idle: Floats, work: Floats, limits: Ints, agents: Ints, occupancy_max: float, slot_minutes: int
) -> tuple[Ints, Deferred]:
    """Return people to add to each slot so that no work is late, and how the day then goes.

    Parameters
    ----------
    idle : (slots,) agent-seconds left beside live chats, the occupancy cap already kept
    work, limits : as in `fill_idle`, by steps of five minutes
    agents : (slots,) people needed for live chats
    """
    per = slot_minutes // STEP_MINUTES
    extra = np.zeros(agents.size, dtype=np.int64)
    worth = STEP_MINUTES * 60 * occupancy_max
    while True:
        day = fill_idle(np.repeat(idle / per, per) + np.repeat(extra, per) * worth, work, limits)
        bad = np.flatnonzero(day.late > 1e-6)
        if not bad.size:
            return extra, day
        k = int(bad[0])
        # Whoever is late in step k came its limit before and has waited since: anyone there since then helps.
        coming = [
            k - span + 1 for c, span in enumerate(limits) if k >= span - 1 and work[c, k - span + 1] > 0
        ]
        slots = np.arange(min(coming) // per, k // per + 1)
        total = (agents + extra)[slots]
        extra[slots] += int(day.late[k] / (worth * per * slots.size))
        extra[slots[np.flatnonzero(total == total.min())[-1]]] += 1


def steps_of(classes: Sequence[Deferrable], day: int, window: Window) -> tuple[Floats, Ints]:
    """Return the work (classes, steps) of one day in agent-seconds and the limits in steps."""
    steps = (window.closes_min - window.opens_min) // STEP_MINUTES
    work = np.zeros((len(classes), steps))
    for c, one in enumerate(classes):
        open_ = one.load.in_window(window, 15)[day]
        work[c] = np.repeat(open_ / 3, 3) * one.handle.total_seconds()
        work[c, 0] += one.load.overnight(window)[day] * one.handle.total_seconds()
    limits = [int(one.within.total_seconds() // (STEP_MINUTES * 60)) for one in classes]
    return work, np.array(limits, dtype=np.int64)
