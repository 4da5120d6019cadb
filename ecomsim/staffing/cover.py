"""Covering a need by shifts, as a program in whole numbers.

Breaks are not tied to shifts: only how many of each sort begin when. Of all shifts that start by s, every break
has begun by s + latest; of those that start at s or later, none before s + earliest; for windows of equal length
these two sets of rows make a fitting deal of breaks possible (Bechtold & Jacobs 1990). Days off are not listed
either: a start worked by w people needs each day at most w of them, and days_a_week · w in the week; such a
table can always be dealt out to people (Gale & Ryser 1957).

The least sum of |there - need| is written one-sided: |x| = 2 max(x, 0) - x, so that a slot takes one variable, the
people above the need, and those at the desk are priced at -1 each. Every shift fills a fixed number of slots; where
all of these are even, so are all prices, and HiGHS rounds its bound up in steps of two.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np

from ecomsim.checks import EcomsimError
from ecomsim.staffing.duty import grid_minutes
from ecomsim.staffing.kinds import Break, Night, ShiftKind
from ecomsim.staffing.need import Need
from ecomsim.staffing.program import Program
from ecomsim.staffing.window import DAY

__all__ = ["Cover", "Goal", "Week", "build"]

WEEK = 7


class Goal(Enum):
    """What a plan makes small."""

    HEADCOUNT = "headcount"
    COST = "cost"
    CLOSEST = "closest"


@dataclass(frozen=True)
class Week:
    """A week of seven days that repeats: everybody works the days a week of their kind.

    Parameters
    ----------
    same_start : whether a person starts at the same time on all days
    together : whether the days off follow one another
    headcount : most people there are, None for any number
    """

    same_start: bool = True
    together: bool = False
    headcount: int | None = None

    def __post_init__(self) -> None:
        if self.headcount is not None and (isinstance(self.headcount, bool) or self.headcount < 0):
            raise EcomsimError("week.headcount", str(self.headcount), "a whole number of people, 0 or more")


@dataclass(frozen=True, eq=False)
class Running:
    """Variables for how many began by each of some minutes.

    Attributes
    ----------
    places : rising minutes after midnight at which one may begin
    sums : (days, places) variables: how many began by then
    counts : (days, places) variables: how many begin then; None where they follow from elsewhere
    """

    places: tuple[int, ...]
    sums: Any
    counts: Any = None

    def upto(self, day: int, minute: int) -> int:
        """Return the variable for how many began by `minute`, -1 where that is nobody."""
        place = bisect_right(self.places, minute) - 1
        return int(self.sums[day, place]) if place >= 0 else -1

    def within(self, columns: dict[int, float], day: int, minute: int, length: int, sign: float) -> None:
        """Add to a row those who began less than `length` minutes before `minute`, or at it."""
        for at, way in ((minute, sign), (minute - length, -sign)):
            if (column := self.upto(day, at)) >= 0:
                columns[column] += way


@dataclass
class Cover:
    """The program and where its variables are.

    Attributes
    ----------
    counts : (days, starts) variables of every kind: people who start then
    begun : of every kind, how many have started by when
    breaks : of every kind and break, how many have begun by when
    people : (lines,) variables of every kind: people on that line; () without a week
    offs : (lines, 7) variables by first day off, where days off follow one another
    short : (days, fine slots) variables of people missing; None when nobody may be missing or the goal is CLOSEST
    """

    program: Program
    grid: int
    starts: list[tuple[int, ...]]
    counts: list[Any] = field(default_factory=list)
    begun: list[Running] = field(default_factory=list)
    breaks: list[list[Running]] = field(default_factory=list)
    people: list[Any] = field(default_factory=list)
    offs: list[Any] = field(default_factory=list)
    short: Any = None


def build(
    need: Need,
    kinds: Sequence[ShiftKind],
    week: Week | None,
    goal: Goal,
    night: Night | None = None,
    *,
    elastic: bool = False,
) -> Cover:
    """Return the program; `elastic` lets people be missing at a price above that of any line."""
    grid = grid_minutes(need, kinds)
    made = Cover(Program(), grid, [kind.starts(need.window) for kind in kinds])
    for kind, starts in zip(kinds, made.starts, strict=True):
        _shifts(made, need, kind, starts, week, goal, night)
    if week is not None and week.headcount is not None:
        everybody = np.concatenate([p.ravel() for p in made.people])
        made.program.row(everybody, 1.0, 0.0, week.headcount)
    _cover_rows(made, need, kinds, week, goal, elastic, _dearest(kinds, night))
    return made


def _dearest(kinds: Sequence[ShiftKind], night: Night | None) -> float:
    factor = night.factor if night else 1.0
    return max([WEEK * k.wage_hour * k.paid_hours * factor for k in kinds] + [1.0])


def shift_cost(kind: ShiftKind, start_min: int, night: Night | None) -> float:
    """Return the wage of one shift; hours of the night, breaks among them, at the night's factor."""
    extra = (night.factor - 1) * night.minutes(start_min, start_min + kind.minutes) / 60 if night else 0.0
    return kind.wage_hour * (kind.paid_hours + extra)


def _shifts(
    made: Cover, need: Need, kind: ShiftKind, starts: tuple[int, ...], week: Week | None, goal: Goal,
    night: Night | None,
) -> None:  # fmt: skip
    program, days = made.program, len(need.days)
    wage = np.array([shift_cost(kind, s, night) for s in starts])
    each = {Goal.COST: wage, Goal.HEADCOUNT: np.full(len(starts), 1.0 if week is None else 0.0)}.get(
        goal, np.zeros(len(starts))
    )
    counts = program.block((days, len(starts)), cost=np.broadcast_to(each, (days, len(starts))))
    # priced sums are to be whole as well, else the solver does not see that the goal moves in whole steps
    priced = goal is Goal.CLOSEST
    begun = Running(starts, _running(program, counts, late=False, whole=priced))
    made.counts.append(counts)
    made.begun.append(begun)
    if week is None:
        if kind.at_most is not None:
            for d in range(days):
                program.row(counts[d], 1.0, 0.0, kind.at_most)
    else:
        _lines(made, kind, counts, week, goal)
    # one sort of break at a time is made whole with the shifts, which is quicker; several are made whole after them
    several = _several(kind, week)
    made.breaks.append([_pauses(made, begun, pause, several, priced) for pause in kind.breaks])


def _several(kind: ShiftKind, week: Week | None) -> bool:
    return sum(pause.earliest_min < pause.latest_min for pause in kind.breaks) > 1 or week is not None


def _running(program: Program, counts: Any, *, late: bool, whole: bool) -> Any:
    """Add the running sums over a day; rows over them are short where rows over the counts would be long."""
    days, places = counts.shape
    sums = program.block((days, places), whole=whole, late=late)
    for d in range(days):
        program.row([sums[d, 0], counts[d, 0]], [1.0, -1.0], 0.0, 0.0)
        for i in range(1, places):
            program.row([sums[d, i], sums[d, i - 1], counts[d, i]], [1.0, -1.0, -1.0], 0.0, 0.0)
    return sums


def _lines(made: Cover, kind: ShiftKind, counts: Any, week: Week, goal: Goal) -> None:
    program = made.program
    worked = counts[:, :, None] if week.same_start else counts[:, None, :]  # (7, lines, starts of the line)
    lines = worked.shape[1]
    price = 1.0 if goal is Goal.HEADCOUNT else 0.0
    people = program.block(lines, cost=price)
    offs = None
    if week.together and kind.days_a_week < WEEK:
        offs = program.block((lines, WEEK))
        away = WEEK - kind.days_a_week
        for k in range(lines):
            program.row([*offs[k], people[k]], [*[1.0] * WEEK, -1.0], 0.0, 0.0)
            for d in range(WEEK):
                on = [offs[k, o] for o in range(WEEK) if (d - o) % WEEK >= away]
                program.row([*worked[d, k], *on], [*[1.0] * worked.shape[2], *[-1.0] * len(on)], 0.0, 0.0)
    else:
        for k in range(lines):
            for d in range(WEEK):
                program.row([*worked[d, k], people[k]], [*[1.0] * worked.shape[2], -1.0], -np.inf, 0.0)
            all_week = worked[:, k].ravel()
            program.row([*all_week, people[k]], [*[1.0] * len(all_week), -kind.days_a_week], 0.0, 0.0)
    if kind.at_most is not None:
        program.row(people, 1.0, 0.0, kind.at_most)
    made.people.append(people)
    made.offs.append(offs)


def _pauses(made: Cover, begun: Running, pause: Break, late: bool, whole: bool) -> Running:
    """How many breaks of one sort have begun by when; a break with but one place follows its shift."""
    if pause.earliest_min == pause.latest_min:
        return Running(tuple(s + pause.earliest_min for s in begun.places), begun.sums)
    program, starts = made.program, begun.places
    places = tuple(range(starts[0] + pause.earliest_min, starts[-1] + pause.latest_min + 1, made.grid))
    days = begun.sums.shape[0]
    table = program.block((days, len(places)), late=late)
    out = Running(places, _running(program, table, late=late, whole=whole), table)
    for d in range(days):
        for i, start in enumerate(starts):
            # of the shifts begun by now all breaks have begun by their latest minute ...
            by = out.upto(d, start + pause.latest_min)
            exact = i == len(starts) - 1
            program.row([by, begun.sums[d, i]], [1.0, -1.0], 0.0, 0.0 if exact else np.inf)
            # ... and before the earliest minute of the next no more than these have
            if not exact and (early := out.upto(d, starts[i + 1] + pause.earliest_min - made.grid)) >= 0:
                program.row([early, begun.sums[d, i]], [1.0, -1.0], -np.inf, 0.0)
    return out


def _cover_rows(
    made: Cover, need: Need, kinds: Sequence[ShiftKind], week: Week | None, goal: Goal, elastic: bool,
    dearest: float,
) -> None:  # fmt: skip
    """Every fine slot: people started and not yet gone, less those on a break, at least the need."""
    grid, days = made.grid, len(need.days)
    fine = need.slot_minutes // grid
    length = need.slots * fine
    around = need.window.closes_min - need.window.opens_min == DAY
    wanted = np.repeat(need.agents, fine, axis=1)
    over = None
    if goal is Goal.CLOSEST:
        late = any(kind.breaks and _several(kind, week) for kind in kinds)
        over = made.program.block((days, length), cost=2.0 / fine, late=late)
        made.program.block(1, low=1.0, high=1.0, cost=wanted.sum() / fine)  # what an empty desk is away
    elif elastic:
        price = 10 * dearest if goal is Goal.COST else 20.0
        made.short = made.program.block((days, length), high=wanted, cost=price / fine, late=True)
    # what began yesterday reaches into today where the desk never closes
    spans = [(0, 0), (1, DAY)] if around else [(0, 0)]
    for d in range(days):
        for t in range(length):
            columns: dict[int, float] = defaultdict(float)
            for back, later in spans:
                day = d - back
                if day < 0 and week is None:
                    continue
                at = need.window.opens_min + t * grid + later
                for kind, begun, pauses in zip(kinds, made.begun, made.breaks, strict=True):
                    begun.within(columns, day % days, at, kind.minutes, 1.0)
                    for pause, taken in zip(kind.breaks, pauses, strict=True):
                        taken.within(columns, day % days, at, pause.minutes, -1.0)
            kept = {c: v for c, v in columns.items() if v}
            if over is not None:
                made.program.charge(list(kept), [-v / fine for v in kept.values()])
                made.program.row([*kept, over[d, t]], [*kept.values(), -1.0], -np.inf, wanted[d, t])
                continue
            if made.short is not None:
                kept[int(made.short[d, t])] = 1.0
            made.program.row(list(kept), list(kept.values()), wanted[d, t], np.inf)
