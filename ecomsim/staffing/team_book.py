"""What a service lead's workbook holds: people, leave, shifts, rules, and the roster published last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ecomsim.checks import EcomsimError, require_name
from ecomsim.staffing.kinds import Break, ShiftKind
from ecomsim.staffing.need import Agents
from ecomsim.staffing.people import Person, RosterTask, Rules, all_hands
from ecomsim.staffing.roster import Roster
from ecomsim.staffing.roster_rules import reached
from ecomsim.staffing.window import DAY, Window, clock

__all__ = ["TeamBook", "usual_shifts"]

Cells = Mapping[tuple[str, dt.date], str]


def usual_shifts(window: Window, hours: float = 9) -> tuple[ShiftKind, ...]:
    """Return an early, a middle and a late shift with an hour's meal, that together span the opening hours.

    Examples
    --------
    >>> [kind.first_start for kind in usual_shifts(Window.of("08:00-24:00"))]
    ['08:00', '11:00', '15:00']
    """
    meal = (Break("meal", 60, 180, 300),)
    spare = window.closes_min - window.opens_min - round(hours * 60)
    if spare < 30:
        length = (window.closes_min - window.opens_min) / 60
        short = length < 6
        return (ShiftKind("day", min(length, hours), clock(window.opens_min), breaks=() if short else meal),)
    starts = {"early": 0, "mid": spare // 2 // 60 * 60, "late": spare}
    if spare < 120:
        del starts["mid"]
    return tuple(
        ShiftKind(name, hours, clock((window.opens_min + at) % DAY), breaks=meal)
        for name, at in starts.items()
    )


@dataclass(frozen=True, eq=False)
class TeamBook:
    """What a workbook of a service team holds; whatever a sheet is missing for is empty.

    Attributes
    ----------
    people : everybody, with leave, wishes and what former months left behind
    kinds : the shifts, empty for the usual ones
    rules : None for the usual ones
    calendar_days : whether Double 11 and the lunar festivals are all-hands days, since the rules name none
    skills : {skill: people with it on every shift that is worked}
    least, most : {shift: people}, bounds on the people wanted on it
    days, demand : the days planned, and people by day and shift
    cells : {(name, day): shift, '' for off} of the roster published
    """

    people: tuple[Person, ...] = ()
    kinds: tuple[ShiftKind, ...] = ()
    rules: Rules | None = None
    calendar_days: bool = True
    skills: Mapping[str, int] = field(default_factory=dict)
    least: Mapping[str, int] = field(default_factory=dict)
    most: Mapping[str, int] = field(default_factory=dict)
    days: tuple[dt.date, ...] = ()
    demand: Agents | None = None
    cells: Cells = field(default_factory=dict)

    def task(
        self,
        days: Sequence[dt.date],
        demand: Agents,
        kinds: Sequence[ShiftKind] = (),
        people: Sequence[Person] = (),
    ) -> RosterTask:
        """Return what a roster of these days has to achieve with this team.

        Parameters
        ----------
        days : consecutive days
        demand : (days, kinds) people wanted; brought within the least and most of the book
        kinds : used where the book names no shifts
        people : used where the book names nobody
        """
        chosen = self.kinds or tuple(kinds)
        names = [kind.name for kind in chosen]
        low = np.array([self.least.get(name, 0) for name in names])
        high = np.array([self.most.get(name, 1_000_000) for name in names])
        wanted = np.clip(np.asarray(demand), low, np.maximum(low, high))
        rules = self.rules or Rules()
        if self.calendar_days:
            rules = replace(rules, all_hands=all_hands(days[0], days[-1]))
        skilled = {
            skill: np.where(wanted > 0, np.minimum(wanted, count), 0)
            for skill, count in self.skills.items()
            if count
        }
        return RosterTask(tuple(days), chosen, wanted, self.people or tuple(people), rules, skilled)

    def roster(self) -> Roster:
        """Return the roster in the book, as it stands.

        Raises
        ------
        EcomsimError
            Where a sheet is missing that a roster needs, naming it.
        """
        if not self.cells or not self.days:
            raise EcomsimError(
                "sheet Roster (排班表)",
                "no roster",
                "names down, days across",
                "Take a workbook that a plan wrote",
            )
        if not self.kinds:
            raise EcomsimError(
                "sheet Shift types (班次设置)", "no shifts", "a row for every shift of the roster", "Add the sheet"
            )  # fmt: skip
        demand = self.demand if self.demand is not None else self._worked()
        task = self.task(self.days, demand)
        if self.demand is not None:
            task = replace(task, demand=self.demand)
        return self.on(task)

    def on(self, task: RosterTask) -> Roster:
        """Return the roster in the book on a task's people and days; off where the book has nothing.

        Raises
        ------
        EcomsimError
            For a shift the task does not have.
        """
        table = np.full((len(task.people), len(task.days)), -1, dtype=np.int64)
        for n, person in enumerate(task.people):
            for d, day in enumerate(task.days):
                if kind := self.cells.get((person.name, day), ""):
                    table[n, d] = task.kind_names.index(
                        require_name(kind, task.kind_names, "roster", "shift")
                    )
        return Roster(task, table, reached(task, table))

    def _worked(self) -> Agents:
        """People on every shift as the roster has them, where nothing says how many are wanted."""
        names = [kind.name for kind in self.kinds]
        table = np.zeros((len(self.days), len(names)), dtype=np.int64)
        for (_, day), kind in self.cells.items():
            if kind:
                table[self.days.index(day), names.index(kind)] += 1
        return table

    def after(self, former: TeamBook) -> TeamBook:
        """Return the book with what a former roster left behind: days in a row, last shift, weekends, late shifts.

        Whoever is not in the former roster keeps what their row says.
        """
        old = former.roster()
        fair = old.fairness().set_index("name")
        last, people = old.task.days[-1], []
        for person in self.people:
            if person.name not in fair.index:
                people.append(person)
                continue
            run, day = 0, last
            while former.cells.get((person.name, day)):
                run, day = run + 1, day - dt.timedelta(days=1)
            people.append(
                replace(
                    person, run_before=run, last_kind=former.cells.get((person.name, last), ""),
                    weekend_days_before=int(fair["weekend_days"][person.name]),
                    late_before=int(fair["late_shifts"][person.name]),
                )
            )  # fmt: skip
        return replace(self, people=tuple(people))

    def parts(self) -> dict[str, Any]:
        """Return the numbers of everything in it, for a line that says what was read."""
        return {
            "people": len(self.people),
            "leave": sum(len(person.leave) for person in self.people),
            "shifts": len(self.kinds),
            "days": len(self.days) if self.cells else 0,
        }
