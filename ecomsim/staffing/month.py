"""Named people for a month of a store: contacts simulated, people sized, a fair roster planned and simulated."""

from __future__ import annotations

import calendar
import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ecomsim.calendar import parse_date
from ecomsim.checks import EcomsimError, require_number
from ecomsim.staffing.duty import Duty, desk_count
from ecomsim.staffing.kinds import ShiftKind
from ecomsim.staffing.methods import Method
from ecomsim.staffing.need import Agents
from ecomsim.staffing.outcome import RosterCheck
from ecomsim.staffing.people import Person, RosterTask, Rules
from ecomsim.staffing.placing import roster_duties
from ecomsim.staffing.promise import Promise
from ecomsim.staffing.roster import Roster, plan_roster, shift_demand
from ecomsim.staffing.team_book import TeamBook, usual_shifts
from ecomsim.staffing.week import Sized, opening_hours, size_days
from ecomsim.staffing.window import Window
from ecomsim.store import Store

__all__ = ["StaffedRoster", "enough", "finish", "named", "staff_roster", "task_of"]

_CHECKED_DAYS = 2_100


@dataclass(frozen=True, eq=False)
class StaffedRoster:
    """Days staffed by name, and checked.

    Attributes
    ----------
    sized : contacts, people needed and the simulated days behind them
    roster : who works when
    duties : everybody's shifts with their breaks
    on_duty : (days, slots) people at their desks
    check : the roster simulated contact by contact
    """

    sized: Sized
    roster: Roster
    duties: tuple[Duty, ...]
    on_duty: Agents
    check: RosterCheck

    @property
    def wages(self) -> float:
        """Wages of all shifts, unpaid breaks taken off."""
        paid = np.array([kind.paid_hours for kind in self.roster.task.kinds])
        worked = self.roster.table[self.roster.table >= 0]
        return float(paid[worked].sum()) * self.sized.worth.wage_hour


def enough(demand: Agents, days: Sequence[dt.date], rules: Rules) -> int:
    """Return how many full-time people cover a demand: all shifts within five days a week, every ordinary day's.

    Examples
    --------
    >>> days = [dt.date(2026, 11, 2) + dt.timedelta(i) for i in range(7)]
    >>> enough(np.full((7, 2), 5), days, Rules())
    14
    """
    each = max(round(5 * len(days) / 7), 1)
    total = np.asarray(demand).sum(axis=1)
    ordinary = [int(n) for n, day in zip(total, days, strict=True) if day not in rules.all_hands]
    return max(math.ceil(float(total.sum()) / each), max(ordinary, default=0), 1)


def named(count: int, names: Sequence[str] = (), word: str = "Agent") -> tuple[Person, ...]:
    """Return so many people, those without a name numbered through.

    Examples
    --------
    >>> [person.name for person in named(3, ["Li"])]
    ['Li', 'Agent 01', 'Agent 02']
    """
    rest = (f"{word} {n:02d}" for n in range(1, count + 1))
    return tuple(Person(name) for name in list(dict.fromkeys([*names, *rest]))[:count])


def staff_roster(
    store: Store,
    first: dt.date | str,
    last: dt.date | str = "",
    promise: Promise = Promise(0.8, dt.timedelta(seconds=60)),  # noqa: B008  frozen
    *,
    team: TeamBook | None = None,
    people: int = 0,
    published: Roster | None = None,
    window: Window | None = None,
    slot_minutes: int = 30,
    shrinkage: float = 0.0,
    method: Method | None = None,
    replications: int = 300,
    seed: int = 7,
    within_s: float = 30.0,
) -> StaffedRoster:
    """Return a roster of named people from `first` to `last`, simulated contact by contact.

    Parameters
    ----------
    store : Store
        Calibrated up to some day before.
    first, last : date
        Days of the roster; without `last` to the end of the month.
    promise : Promise
        Share of pre-sale chats with a first answer within a time.
    team : TeamBook, optional
        People, shifts and rules; what it does not say is as usual: an early, a middle and a late shift, Double 11 and
        the lunar festivals as all-hands days given back later.
    people : int
        How many where the team names nobody; 0 for as many as it takes.
    published : Roster, optional
        Stays as near to it as possible.
    method : Method, optional
        How people are sized, as for `requirement`.
    within_s : float
        Seconds the search for the roster may take.

    Raises
    ------
    EcomsimError
        For days the data end after, people that are neither named nor a whole number, a published roster of other days.
    """
    begin = parse_date(first, "month")
    end = (
        parse_date(last, "month")
        if last
        else begin.replace(day=calendar.monthrange(begin.year, begin.month)[1])
    )
    book = team or TeamBook()
    require_number(people, "people", low=0, high=1000, unit="people")
    if published is not None and not set(published.task.days) & set(_days(begin, end)):
        days = published.task.days
        raise EcomsimError(
            "published roster", f"days from {days[0]} to {days[-1]}", f"days from {begin} to {end}",
            "Take the roster of these days, or plan without it",
        )  # fmt: skip
    hours = window or opening_hours(store)
    kinds = book.kinds or usual_shifts(hours)
    for kind in kinds:
        kind.starts(hours)
    sized = size_days(
        store, begin, end, promise, window=hours, slot_minutes=slot_minutes, shrinkage=shrinkage,
        method=method, replications=replications, seed=seed, where="month",
    )  # fmt: skip
    task = task_of(sized, book, kinds, people)
    return finish(
        sized, plan_roster(task, published=published, within_s=within_s), promise, replications, seed
    )


def task_of(sized: Sized, book: TeamBook, kinds: Sequence[ShiftKind], people: int = 0) -> RosterTask:
    """Return the roster to plan for days that are sized."""
    need = sized.need.need
    demand = shift_demand(need, kinds)
    trial = book.task(need.days, demand, kinds, named(1))
    if book.people:
        return trial
    count = people or enough(trial.demand, need.days, trial.rules)
    return book.task(need.days, demand, kinds, named(count))


def finish(
    sized: Sized, roster: Roster, promise: Promise, replications: int = 300, seed: int = 7
) -> StaffedRoster:
    """Return a roster with its breaks placed, simulated."""
    duties = roster_duties(roster, sized.need.need)
    there = desk_count(duties, sized.need.need)
    # as many simulated days for a month as for a week: what is told is told by day and for the whole
    count = max(min(replications, _CHECKED_DAYS // len(there)), 20)
    check = sized.check(there, promise, replications=count, seed=seed)
    return StaffedRoster(sized, roster, duties, there, check)


def _days(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + dt.timedelta(days=i) for i in range((last - first).days + 1)]
