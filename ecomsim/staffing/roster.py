"""Named people for a month: a fair roster, proven; repaired with the fewest changes when somebody falls out."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from ecomsim.calendar import parse_date
from ecomsim.checks import EcomsimError, require_name, require_number
from ecomsim.staffing.kinds import ShiftKind
from ecomsim.staffing.need import Need
from ecomsim.staffing.people import Person, RosterTask
from ecomsim.staffing.roster_model import Aim, build
from ecomsim.staffing.roster_rules import Table, bottlenecks, breaches, fairness, floors, missing, stand_ins
from ecomsim.staffing.roster_search import Found, search
from ecomsim.staffing.roster_start import starts
from ecomsim.staffing.shifts import plan_shifts

__all__ = ["Roster", "plan_roster", "repair", "shift_demand"]

AROUND = 7
"""Days before and after a change on which others may be asked to change."""


@dataclass(frozen=True, eq=False)
class Roster:
    """Who works which shift on which day.

    Attributes
    ----------
    task : people, shifts, demand and rules
    table : (people, days) number of the shift, -1 for off
    values, bounds : {aim: reached} and {aim: cannot be undercut given the aims before it}
    gap : weighted distance of the two as a share; NaN for a roster that came from elsewhere
    seconds : wall time of the search
    """

    task: RosterTask
    table: Table
    values: Mapping[Aim, int] = field(default_factory=dict)
    bounds: Mapping[Aim, int] = field(default_factory=dict)
    gap: float = math.nan
    seconds: float = 0.0

    def __post_init__(self) -> None:
        table = self.task.as_array(self.table).copy()
        table.setflags(write=False)
        object.__setattr__(self, "table", table)

    @property
    def proven(self) -> bool:
        """Whether no roster is better, aim by aim."""
        return self.gap == 0.0

    @property
    def shortages(self) -> tuple[str, ...]:
        """A sentence for every shift that is short: by how many, and who could step in at the price of which rule."""
        told = [f"impossible whatever the roster: {text}" for text in bottlenecks(self.task)]
        for d, k, skill, lacking in missing(self.task, self.table):
            able = stand_ins(self.task, self.table, d, k, skill)[:3]
            hint = "; ".join(f"{name}, if {rule}" if rule else f"{name} is free" for name, rule in able)
            who = f" with '{skill}'" if skill else ""
            day = self.task.days[d]
            told.append(f"{day:%a %Y-%m-%d} {self.task.kinds[k].name}: short {lacking}{who}" + (
                f". Could come: {hint}" if hint else ". Nobody could come by loosening one rule"
            ))  # fmt: skip
        return tuple(told)

    @property
    def breaches(self) -> tuple[str, ...]:
        """A sentence for every rule it breaks; empty for a planned roster, not always for an edited one."""
        return breaches(self.task, self.table)

    def fairness(self) -> pd.DataFrame:
        """Return days, weekend days, late shifts, longest run and days owed by person."""
        return fairness(self.task, self.table)

    @property
    def spreads(self) -> tuple[int, int]:
        """Most less least weekend days, and late shifts, within people of one contract; the widest group's."""
        table = self.fairness()
        widest = [0, 0]
        for group in self.task.groups:
            own = table.iloc[[n for n in group if not self.task.long_away(self.task.people[n])]]
            if len(own) > 1:
                for i, column in enumerate(("weekend_days", "late_shifts")):
                    widest[i] = max(widest[i], int(own[column].max() - own[column].min()))
        return widest[0], widest[1]

    def frame(self) -> pd.DataFrame:
        """Return names by days, cells the name of the shift, '' for off."""
        names = np.array([*self.task.kind_names, ""], dtype=object)
        people = pd.Index([person.name for person in self.task.people], name="name")
        return pd.DataFrame(names[self.table], index=people, columns=list(self.task.days))

    def with_cell(self, name: str, day: dt.date | str, kind: str) -> Roster:
        """Return the roster with one cell set by hand ('' for off); `breaches` tells what that breaks."""
        n = self._index(name)
        date = parse_date(day, "roster day")
        if date not in self.task.days:
            raise EcomsimError("roster", str(date), f"a day from {self.task.days[0]} to {self.task.days[-1]}")
        table = self.table.copy()
        number = -1
        if kind:
            require_name(kind, self.task.kind_names, f"roster[{name}, {date}]", "shift")
            number = self.task.kind_names.index(kind)
        table[n, self.task.days.index(date)] = number
        return Roster(self.task, table)

    def _index(self, name: str) -> int:
        names = [person.name for person in self.task.people]
        return names.index(require_name(name, names, "roster", "person"))

    def changes(self, other: Roster) -> pd.DataFrame:
        """Return the cells that differ in `other`: name, day, before, after."""
        one, two = self._cells(), other._cells()
        rows = [(*key, one[key], two[key]) for key in one if key in two and one[key] != two[key]]
        return pd.DataFrame(rows, columns=["name", "day", "before", "after"])

    def _cells(self) -> dict[tuple[str, dt.date], str]:
        names = [*self.task.kind_names, ""]
        return {
            (person.name, day): names[self.table[n, d]]
            for n, person in enumerate(self.task.people)
            for d, day in enumerate(self.task.days)
        }

    def counts(self) -> pd.DataFrame:
        """Return people on every shift by day."""
        table = np.stack([(self.table == k).sum(axis=0) for k in range(len(self.task.kinds))], axis=1)
        return pd.DataFrame(table, index=pd.Index(self.task.days, name="day"), columns=self.task.kind_names)

    def __repr__(self) -> str:
        weekend, late = self.spreads
        short = sum(lacking for *_, lacking in missing(self.task, self.table))
        told = f", short {short} shifts" if short else ""
        proof = "proven" if self.proven else "given" if math.isnan(self.gap) else f"gap {self.gap:.1%}"
        return (
            f"Roster({len(self.task.people)} people, {len(self.task.days)} days, spread of weekends {weekend}, "
            f"of late shifts {late}, {proof}{told})"
        )


def plan_roster(task: RosterTask, *, published: Roster | None = None, within_s: float = 30.0) -> Roster:
    """Return a roster that keeps every rule and is as good as can be proven in the time.

    Its aims, in order: nobody missing on a shift, contract days worked, wishes met, weekends and late shifts spread
    by no more than need be (most less least), single days off avoided. With `published` staying near it comes
    second: fewest people touched, then fewest cells.

    Parameters
    ----------
    task : RosterTask
    published : Roster, optional
        The roster people already know; same people and days are kept where nothing speaks against it.
    within_s : float
        Wall seconds to search.

    Raises
    ------
    EcomsimError
        When what was set by hand and what the rules ask contradict each other.
    """
    require_number(within_s, "within_s", low=0, open_low=True, unit="seconds")
    if published is None:
        return _made(task, search(build(task), within_s, _tries(task), starts(task), None, floors(task)))
    old = _carried(task, published)
    free: list[dict[Aim, int]] = [
        {aim: limit for aim, limit in one.items() if aim not in (Aim.TOUCHED, Aim.CELLS)}
        for one in _tries(task)
    ]
    return _made(task, search(build(task, old), within_s, free, starts(task), old, floors(task)))


def _tries(task: RosterTask) -> list[dict[Aim, int]]:
    """Return limits to ask for at once: what counting shows to be the best possible, then with ever more room."""
    low = floors(task)
    groups = sum(len(group) > 1 for group in task.groups)
    out = []
    for room in (0, 1, 4, 16, 64, 256):
        limits: dict[Aim, int] = {aim: low.get(aim, 0) + (room if room > 1 else 0) for aim in Aim}
        limits[Aim.WEEKENDS] = limits[Aim.LATES] = room * groups
        if room:
            del limits[Aim.OWED]
        out.append(limits)
    return out


def _made(task: RosterTask, found: Found) -> Roster:
    if found.table is None:
        why = "; ".join(bottlenecks(task)[:3]) or "cells set by hand, all-hands days and rules contradict"
        given = "no roster keeps the rules" if found.contradiction else "no roster found in the time"
        raise EcomsimError("roster", given, "rules that leave room", f"Loosen one of them: {why}")
    return Roster(task, found.table, found.values, found.bounds, found.gap, found.seconds)


def _carried(task: RosterTask, published: Roster) -> Table:
    """Return the published cells on the task's people, days and shifts; off where there are none."""
    cells = published._cells()
    table = np.full((len(task.people), len(task.days)), -1, dtype=np.int64)
    for n, person in enumerate(task.people):
        for d, day in enumerate(task.days):
            name = cells.get((person.name, day), "")
            table[n, d] = task.kind_names.index(name) if name in task.kind_names else -1
    return table


def _allowed(task: RosterTask, table: Table) -> Table:
    """Return the table without cells that leave or contract now forbid."""
    kept = table.copy()
    for n, person in enumerate(task.people):
        for d in np.flatnonzero(table[n] >= 0):
            if not task.may(person, int(d), int(table[n, d])):
                kept[n, d] = -1
        extra = int((kept[n] >= 0).sum()) - task.target(person)
        if extra > 0:
            ordinary = [int(d) for d in np.flatnonzero(kept[n] >= 0) if d not in task.must]
            kept[n, ordinary[len(ordinary) - extra :]] = -1
    return kept


def repair(roster: Roster, name: str, leave: Sequence[dt.date | str], *, within_s: float = 5.0) -> Roster:
    """Return the roster after somebody's further days of leave, with the fewest other people touched.

    Others are asked to change only on days up to a week before and after the leave. Fewest missing first, then
    fewest people touched, then fewest cells.

    Parameters
    ----------
    roster : Roster
    name : str
    leave : days they are away, beside those already agreed
    within_s : wall seconds to search
    """
    require_number(within_s, "within_s", low=0, open_low=True, unit="seconds")
    task = roster.task
    n = roster._index(name)
    days = sorted({parse_date(day, f"leave of {name}") for day in leave})
    inside = [task.days.index(day) for day in days if day in task.days]
    if not inside:
        span = f"days from {task.days[0]} to {task.days[-1]}"
        raise EcomsimError(f"leave of {name}", ", ".join(map(str, days)) or "no day", span)
    person = task.people[n]
    away = tuple(sorted({*person.leave, *days}))
    changed: list[Person] = list(task.people)
    changed[n] = replace(person, leave=away)
    fixed = {key: kind for key, kind in task.fixed.items() if key[0] != name or key[1] not in days}
    new = replace(task, people=tuple(changed), fixed=fixed)
    window = (max(inside[0] - AROUND, 0), min(inside[-1] + AROUND, len(task.days) - 1))
    least, fair = floors(new), {}
    groups = max(len(task.groups), 1)
    for aim in (Aim.SHORT, Aim.IDLE, Aim.WISHES):
        fair[aim] = max(least.get(aim, 0), roster.values.get(aim, 0))
    for aim in (Aim.WEEKENDS, Aim.LATES):
        fair[aim] = max(roster.values.get(aim, 0), groups)
    start = _allowed(new, roster.table)
    # those who could come on a day now short, though it be a day above contract: another day they then have off
    able = {
        helper for d, k, skill, _ in missing(new, start) for helper, rule in stand_ins(new, start, d, k, skill)
        if not rule or "by contract" in rule
    }  # fmt: skip
    few = build(new, roster.table, name, window, frozenset(able))
    tries = [{**fair, Aim.TOUCHED: 0}, {**fair, Aim.TOUCHED: 3}]
    found = search(few, within_s / 2, tries, [start], start, least)
    if found.table is None or found.values[Aim.SHORT] > fair[Aim.SHORT]:
        spent = found.seconds
        found = search(
            build(new, roster.table, name, window), within_s - spent, [fair], [start], start, least
        )
    return _made(new, found)


def shift_demand(need: Need, kinds: Sequence[ShiftKind], within_s: float = 10.0) -> Table:
    """Return people by day and shift, (days, kinds), that cover a need with the fewest shifts, meals staggered."""
    held = [replace(kind, last_start=kind.first_start) for kind in kinds]
    plan = plan_shifts(need, held, within_s=within_s)
    table = np.zeros((len(need.days), len(held)), dtype=np.int64)
    names = [kind.name for kind in held]
    for duty in plan.duties:
        table[duty.day, names.index(duty.kind.name)] += 1
    return table
