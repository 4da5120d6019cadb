"""Reading a roster as it stands: what it breaks, what it is short of, who could step in, how fair it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecomsim.staffing.people import RosterTask
from ecomsim.staffing.roster_model import Aim, stretches

__all__ = ["bottlenecks", "breaches", "fairness", "floors", "missing", "reached", "stand_ins"]

Table = NDArray[np.int64]
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _day(task: RosterTask, d: int) -> str:
    return f"{_WEEKDAYS[task.days[d].weekday()]} {task.days[d]}"


def breaches(task: RosterTask, table: Table) -> tuple[str, ...]:
    """Return a sentence for every rule a table breaks, naming the person and the day."""
    told: list[str] = []
    for n in range(len(task.people)):
        told += _own(task, table[n], n)
    for (name, day), kind in task.fixed.items():
        n = [person.name for person in task.people].index(name)
        now = table[n, task.days.index(day)]
        if (task.kinds[now].name if now >= 0 else "") != kind:
            told.append(f"{name}: {day} is not '{kind or 'off'}' as set by hand")
    return tuple(told)


def _own(task: RosterTask, row: Table, n: int) -> list[str]:
    person, rules, told = task.people[n], task.rules, []
    run, worked = person.run_before, row >= 0
    for d, kind in enumerate(row):
        if kind < 0:
            run = 0
            if d in task.must and task.free(person, d):
                told.append(f"{person.name}: off on {_day(task, d)}, when all hands are needed")
            continue
        run += 1
        if run == rules.longest_run + 1:
            told.append(f"{person.name}: more than {rules.longest_run} days in a row by {_day(task, d)}")
        if not task.may(person, d, int(kind)):
            why = "on leave" if task.days[d] in person.leave else "not available"
            told.append(f"{person.name}: {task.kinds[kind].name} on {_day(task, d)}, while {why}")
        before = int(row[d - 1]) if d else task.kind_names.index(person.last_kind) if person.last_kind else -1
        if before >= 0 and task.too_close(before, int(kind)):
            names = f"{task.kinds[before].name} then {task.kinds[kind].name}"
            told.append(
                f"{person.name}: {names} on {_day(task, d)}, less than {rules.rest_hours:g} hours of rest"
            )
    if worked.sum() > task.target(person):
        told.append(f"{person.name}: {worked.sum()} days of work, {task.target(person)} by contract")
    weekends = task.weekends
    for first in range(0, len(weekends) - 3, 4):
        four = [w for w in weekends[first : first + 4] if not set(w) & set(task.must)]
        free = sum(not worked[list(w)].any() for w in four)
        if free < min(rules.weekends_off, len(four)):
            told.append(f"{person.name}: {free} of 4 weekends off from {task.days[weekends[first][0]]}")
    return told


def missing(task: RosterTask, table: Table) -> list[tuple[int, int, str, int]]:
    """Return (day, shift, skill or '', people missing) for every shift that is short."""
    found = []
    tables = [("", task.demand), *task.skilled.items()]
    for skill, wanted in tables:
        able = [n for n, person in enumerate(task.people) if not skill or skill in person.skills]
        for d, k in zip(*np.nonzero(wanted), strict=True):
            lacking = int(wanted[d, k] - (table[able, d] == k).sum())
            if lacking > 0:
                found.append((int(d), int(k), skill, lacking))
    return found


def stand_ins(task: RosterTask, table: Table, day: int, kind: int, skill: str = "") -> list[tuple[str, str]]:
    """Return who is off that day, and the rule that would be broken if they came; '' for none.

    People whom nothing hinders come first, then those hindered by a single rule.
    """
    out = []
    for n, person in enumerate(task.people):
        if table[n, day] >= 0 or (skill and skill not in person.skills):
            continue
        trial = table.copy()
        trial[n, day] = kind
        new = [t for t in _own(task, trial[n], n) if t not in _own(task, table[n], n)]
        if len(new) <= 1:
            out.append((person.name, new[0].split(": ", 1)[1] if new else ""))
    return sorted(out, key=lambda one: bool(one[1]))


def bottlenecks(task: RosterTask) -> tuple[str, ...]:
    """Return what no roster can meet, seen by counting alone: a day, a skill, or the days of all together."""
    told = []
    tables = [("", task.demand), *task.skilled.items()]
    for skill, wanted in tables:
        able = [person for person in task.people if not skill or skill in person.skills]
        who = f"people with '{skill}'" if skill else "people"
        for d in range(len(task.days)):
            there = sum(task.free(person, d) for person in able)
            if (total := int(wanted[d].sum())) > there:
                told.append(
                    f"{_day(task, d)}: {total} {who} wanted, {there} not on leave, short {total - there}"
                )
        capacity, total = sum(task.target(person) for person in able), int(wanted.sum())
        if total > capacity:
            told.append(
                f"all days: {total} shifts of {who} wanted, {capacity} by contract, short {total - capacity}; "
                f"{-(-(total - capacity) // max(round(5 * len(task.days) / 7), 1))} more full-time {who} would do"
            )
    return tuple(told)


def floors(task: RosterTask) -> dict[Aim, int]:
    """Return what every roster falls short by at least, seen by counting."""
    short = 0
    for skill, wanted in [("", task.demand), *task.skilled.items()]:
        able = [person for person in task.people if not skill or skill in person.skills]
        lacking = sum(
            max(int(wanted[d].sum()) - sum(task.free(p, d) for p in able), 0) for d in range(len(task.days))
        )
        short += max(lacking, int(wanted.sum()) - sum(task.target(p) for p in able), 0)
    wishes = sum(
        day in task.days and task.days.index(day) in task.must and task.free(p, task.days.index(day))
        for p in task.people
        for day in p.wishes_off
    )
    return {Aim.SHORT: short, Aim.WISHES: wishes}


def reached(task: RosterTask, table: Table) -> dict[Aim, int]:
    """Return what a roster that came from elsewhere falls short by, aim by aim, so that a repair keeps it."""
    table_of = fairness(task, table)
    values = {
        Aim.SHORT: sum(lacking for *_, lacking in missing(task, table)),
        Aim.IDLE: int((table_of["target"] - table_of["days"]).clip(lower=0).sum()),
        Aim.WISHES: int((table_of["wishes"] - table_of["wishes_met"]).sum()),
        Aim.WEEKENDS: 0,
        Aim.LATES: 0,
    }
    for group in task.groups:
        own = table_of.iloc[[n for n in group if not task.long_away(task.people[n])]]
        if len(own) > 1:
            values[Aim.WEEKENDS] += int(own["weekend_days"].max() - own["weekend_days"].min())
            values[Aim.LATES] += int(own["late_shifts"].max() - own["late_shifts"].min())
    return values


def owed(task: RosterTask, row: Table, days_a_week: float) -> int:
    """Return the all-hands days not yet given back: days off after them beyond the usual ones are counted."""
    total = 0
    for last, length in stretches(task.must):
        worked = int((row[last - length + 1 : last + 1] >= 0).sum())
        window = row[last + 1 : last + 1 + task.rules.compensate_days]
        usual = int(np.floor(len(window) * (1 - days_a_week / 7)))
        total += worked - min(max(int((window < 0).sum()) - usual, 0), worked)
    return total


def fairness(task: RosterTask, table: Table) -> pd.DataFrame:
    """Return by person what a fair roster makes even.

    Columns: days, target, weekend_days and late_shifts (former months in both), longest_run, weekends_off, owed (days
    off for all-hands days not given back yet), wishes_met, wishes.
    """
    lates = [k for k in range(len(task.kinds)) if task.late(k)]
    rows: list[dict[str, Any]] = []
    for n, person in enumerate(task.people):
        worked = table[n] >= 0
        run = longest = 0
        for on in worked:
            run = run + 1 if on else 0
            longest = max(longest, run)
        wishes = [task.days.index(day) for day in person.wishes_off if day in task.days]
        rows.append(
            {
                "name": person.name,
                "days": int(worked.sum()),
                "target": task.target(person),
                "weekend_days": int(worked[task.weekend_days].sum()) + person.weekend_days_before,
                "late_shifts": int(np.isin(table[n], lates).sum()) + person.late_before,
                "longest_run": longest,
                "weekends_off": sum(not worked[list(w)].any() for w in task.weekends),
                "owed": owed(task, table[n], person.days_a_week),
                "wishes_met": sum(not worked[d] for d in wishes),
                "wishes": len(wishes),
            }
        )
    return pd.DataFrame(rows)
