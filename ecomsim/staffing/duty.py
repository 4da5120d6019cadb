"""One person's working day, and how many are at their desks when everybody works theirs."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import gcd

import numpy as np

from ecomsim.checks import EcomsimError
from ecomsim.staffing.kinds import ShiftKind
from ecomsim.staffing.need import Agents, Need
from ecomsim.staffing.window import DAY, clock

__all__ = ["Duty", "deal_breaks", "desk_count", "grid_minutes"]

FINEST = 5


@dataclass(frozen=True)
class Duty:
    """A shift worked by one line of a plan, or by one person.

    Attributes
    ----------
    line : number of the line or person, from 0
    day : position of the business day in the need
    kind : the shift
    start_min : minutes after midnight of the business day
    breaks : start of every break of the kind, in the same minutes
    """

    line: int
    day: int
    kind: ShiftKind
    start_min: int
    breaks: tuple[int, ...] = ()

    @property
    def end_min(self) -> int:
        """Last minute, beyond 1440 after midnight."""
        return self.start_min + self.kind.minutes

    @property
    def hours(self) -> str:
        """From when to when, as HH:MM-HH:MM."""
        return f"{clock(self.start_min % DAY)}-{clock(self.end_min % DAY or DAY)}"

    @property
    def pauses(self) -> str:
        """The breaks, as 'meal 12:00-13:00, tea 15:00-15:15'."""
        return ", ".join(
            f"{b.name} {clock(at % DAY)}-{clock((at + b.minutes) % DAY or DAY)}"
            for b, at in zip(self.kind.breaks, self.breaks, strict=True)
        )


def grid_minutes(need: Need, kinds: Iterable[ShiftKind]) -> int:
    """Return the coarsest grid on which slots, shifts and breaks all begin and end.

    Raises
    ------
    EcomsimError
        When a time is off the five-minute grid, naming the shift.
    """
    grid = need.slot_minutes
    for kind in kinds:
        starts = kind.starts(need.window)
        times = [kind.minutes, *(s - need.window.opens_min for s in (starts[0], starts[-1]))]
        times += [kind.every_minutes] if len(starts) > 1 else []
        for pause in kind.breaks:
            times += [pause.minutes, pause.earliest_min, pause.latest_min]
        grid = gcd(grid, *times)
        if grid < FINEST:
            raise EcomsimError(
                f"shift '{kind.name}'",
                "times off the clock",
                f"times on a grid of {FINEST} minutes",
                "Round them",
            )
    return grid


def desk_count(duties: Iterable[Duty], need: Need, *, cyclic: bool = False) -> Agents:
    """Return people at the desk, (days, slots): somebody on a break, even for a part of a slot, is not there.

    Parameters
    ----------
    duties : the shifts with their breaks
    need : gives days, window and slots
    cyclic : whether what runs past the last day covers the first, as in a week that repeats

    Raises
    ------
    EcomsimError
        For a duty on a day outside the need.
    """
    listed = list(duties)
    step = FINEST
    opens, slots = need.window.opens_min, need.slots
    length = slots * need.slot_minutes // step
    around = need.window.closes_min - opens == DAY
    days = len(need.days)
    change = np.zeros(days * length + 2 * DAY // step + 1, dtype=np.int64)
    for duty in listed:
        if not 0 <= duty.day < days:
            raise EcomsimError("duty.day", str(duty.day), f"0 to {days - 1}, a day of the need")
        base = duty.day * length
        end = min(duty.end_min, opens + 2 * DAY) if around else min(duty.end_min, need.window.closes_min)
        points = [duty.start_min, *itertools.chain.from_iterable(
            (at, at + b.minutes) for b, at in zip(duty.kind.breaks, duty.breaks, strict=True)
        ), end]  # fmt: skip
        for on, off in zip(points[::2], points[1::2], strict=True):
            first, last = max(on, opens) - opens, off - opens
            if last > first:
                # an arrival in the middle of a step counts from the next, a leave from the step it falls in
                change[base - (-first // step)] += 1
                change[base + last // step] -= 1
    there = np.cumsum(change[:-1])
    body = there[: days * length].copy()
    if cyclic and around:
        tail = there[days * length :][: len(body)]
        body[: len(tail)] += tail
    return np.asarray(body.reshape(days, slots, need.slot_minutes // step).min(axis=2))


def deal_breaks(
    starts: Sequence[int], kind: ShiftKind, places: Sequence[Sequence[int]]
) -> list[tuple[int, ...]]:
    """Return the breaks of every shift of a day, given how many breaks of each sort begin when.

    First in, first out: with equal windows after the start this finds a fitting deal whenever there is one.

    Parameters
    ----------
    starts : start of every shift, rising
    places : for every break of the kind, the starts dealt out, as many as there are shifts
    """
    columns = []
    for pause, begun in zip(kind.breaks, places, strict=True):
        column = sorted(begun)
        for start, at in zip(starts, column, strict=True):
            if not start + pause.earliest_min <= at <= start + pause.latest_min:
                raise AssertionError(f"{kind.name}: {pause.name} at {at} for a start at {start}")
        columns.append(column)
    return [tuple(column[i] for column in columns) for i in range(len(starts))]
