"""What a simulated day of a roster is drawn from: who comes when, how much can wait, and who is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ecomsim.formulas.arrays import Floats, Ints
from ecomsim.staffing.need import Agents

__all__ = ["TaskClass", "Tasks", "arrivals", "at_steps", "draw_tasks", "present", "steps"]


@dataclass(frozen=True, eq=False)
class TaskClass:
    """One class of deferrable work on one day.

    Attributes
    ----------
    factor : (days,) what each simulated day has of what is expected.
    waiting : tasks expected to wait at the opening.
    quarters : tasks expected in every quarter of an hour while open.
    handle_s : mean seconds of work.
    within_s : seconds it may take from coming, or the opening, to done.
    """

    factor: Floats
    waiting: float
    quarters: Floats
    handle_s: float
    within_s: float


@dataclass(frozen=True, eq=False)
class Tasks:
    """Deferrable work of a row of simulated days, as the kernel reads it.

    Attributes
    ----------
    at, left : (tasks,) seconds after the opening it comes and seconds of work, by day, class and time.
    begin : (days, classes + 1) where each class of each day begins.
    limit : (classes,) seconds from coming to done.
    came : (days, classes, slots) tasks coming.
    """

    at: Floats
    left: Floats
    begin: Ints
    limit: Floats
    came: Floats


def draw_tasks(
    random: np.random.Generator,
    classes: Sequence[TaskClass],
    days: int,
    slots: int,
    slot_s: float,
    whole: bool,
) -> Tasks:
    """Return the tasks of `days` simulated days; with `whole` exactly as many as expected come."""
    at, left = [], []
    begin = np.zeros((days, len(classes) + 1), dtype=np.int64)
    came = np.zeros((days, len(classes), slots))
    for i in range(days):
        for c, one in enumerate(classes):
            mean = np.concatenate([[one.waiting], one.quarters]) * one.factor[i]
            counts = np.rint(mean).astype(np.int64) if whole else random.poisson(mean)
            start = np.repeat(np.arange(counts.size) - 1, counts) * 900.0
            times = np.sort(np.where(start < 0, 0.0, start + random.random(start.size) * 900.0))
            at.append(times)
            left.append(random.exponential(one.handle_s, times.size))
            begin[i, c + 1] = times.size
            slot = np.minimum(times // slot_s, slots - 1).astype(np.int64)
            came[i, c] = np.bincount(slot, minlength=slots)
    begin = np.cumsum(begin.ravel()).reshape(begin.shape)
    both = [np.concatenate(x) if x else np.zeros(0) for x in (at, left)]
    return Tasks(both[0], both[1], begin, np.array([one.within_s for one in classes]), came)


def arrivals(
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


def steps(there: Agents, slot_s: float, early_s: float, late_s: float) -> tuple[Floats, np.ndarray]:
    """Return when each slot's number begins to hold, (days, slots + 1); the last closes. And the slot it is of."""
    padded = np.concatenate([there, np.zeros((there.shape[0], 1), np.int64)], axis=1)
    change = np.diff(padded, axis=1, prepend=0)
    at = np.arange(padded.shape[1]) * slot_s * np.ones((there.shape[0], 1))
    at = at - np.where(change < 0, min(early_s, slot_s / 2), 0.0)
    at = at + np.where(change > 0, min(late_s, slot_s / 2), 0.0)
    return np.maximum(at, 0.0), np.broadcast_to(np.arange(padded.shape[1]), padded.shape)


def present(there: Agents, absent: float, random: np.random.Generator, count: int) -> Agents:
    """Return who really came, (count or 1, slots): one draw a day for all slots, so that nobody comes and goes."""
    if absent == 0:
        return there[None, :]
    coins = random.random((count, int(there.max(initial=0)))) >= absent
    came = np.concatenate([np.zeros((count, 1), np.int64), np.cumsum(coins, axis=1)], axis=1)
    return np.asarray(came[:, there])


def at_steps(agents: Agents, slot: np.ndarray) -> Agents:
    """Return how many are there from each step on, nobody from the last."""
    closed = np.concatenate([agents, np.zeros((agents.shape[0], 1), np.int64)], axis=1)
    return np.ascontiguousarray(closed[:, slot])
