"""A roster made by hand's rule of thumb: what the search begins with, and what there is when its time runs out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ecomsim.staffing.people import RosterTask
from ecomsim.staffing.roster_model import stretches

__all__ = ["plain_table", "rule_of_thumb", "starts"]

Table = NDArray[np.int64]


def starts(task: RosterTask) -> Iterator[Table]:
    """Yield tables to fall back on, the better first, made when asked for; the last keeps the rules if any does."""
    plain = plain_table(task)
    yield rule_of_thumb(task, plain)
    yield plain


def plain_table(task: RosterTask) -> Table:
    """Return the table of all-hands days and cells set by hand alone, which keeps the rules if any table does."""
    table = np.full((len(task.people), len(task.days)), -1, dtype=np.int64)
    for n, person in enumerate(task.people):
        for d in task.must:
            table[n, d] = next((k for k in range(len(task.kinds)) if task.may(person, d, k)), -1)
        for d, day in enumerate(task.days):
            if kind := task.fixed.get((person.name, day)):
                table[n, d] = task.kind_names.index(kind)
    return table


def rule_of_thumb(task: RosterTask, kept: Table) -> Table:
    """Return a roster that keeps the rules and covers what can be covered going day by day, fairly but not provably so.

    Each shift goes to whoever has most contract days left for the days that remain, then fewest late shifts or weekend
    days so far; what is left of contracts is worked where most are missing.

    Parameters
    ----------
    kept : all-hands days and cells set by hand, -1 elsewhere
    """
    made = _Dealer(task, kept.copy())
    days, kinds = range(len(task.days)), range(len(task.kinds))
    skilled = list(task.skilled.items())
    for d in days:
        wanted = [(k, skill, table) for skill, table in skilled for k in kinds]
        for k, skill, table in [
            *wanted,
            *((k, "", task.demand) for k in sorted(kinds, key=task.late, reverse=True)),
        ]:
            able = [n for n, p in enumerate(task.people) if not skill or skill in p.skills]
            lacking = int(table[d, k] - (made.table[able, d] == k).sum())
            for n in sorted((n for n in able if made.may(n, d, k)), key=lambda n: made.turn(n, d, k))[
                : max(lacking, 0)
            ]:
                made.table[n, d] = k
    _use_contracts(task, made)
    return made.table


def _use_contracts(task: RosterTask, made: _Dealer) -> None:
    """Work the contract days that are left, where most are missing."""
    for n in range(len(task.people)):
        while (made.table[n] >= 0).sum() < made.target[n]:
            counts = np.stack([(made.table == k).sum(axis=0) for k in range(len(task.kinds))], axis=1)
            spare = counts - task.demand
            open_ = [
                (int(spare[d, k]), d, k)
                for d in range(len(task.days))
                for k in range(len(task.kinds))
                if made.may(n, d, k)
            ]
            if not open_:
                break
            _, d, k = min(open_)
            made.table[n, d] = k


@dataclass
class _Dealer:
    """The table so far, and whether one more shift keeps every rule."""

    task: RosterTask
    table: Table
    target: list[int] = field(init=False)
    rest: list[set[int]] = field(init=False)

    def __post_init__(self) -> None:
        task = self.task
        self.target = [task.target(person) for person in task.people]
        self.set = self.table >= 0
        self.off = np.zeros(self.table.shape, dtype=bool)
        for (name, day), kind in task.fixed.items():
            if not kind:
                self.off[[p.name for p in task.people].index(name), task.days.index(day)] = True
        self.rest = [set() for _ in task.people]
        for first in range(0, len(task.weekends) - 3, 4):
            four = [w for w in task.weekends[first : first + 4] if not set(w) & set(task.must)]
            for n in range(len(task.people)):
                free = [w for w in four if not self.set[n, list(w)].any()]
                for i in range(
                    min(task.rules.weekends_off, len(free))
                ):  # by turns, so that weekends stay covered
                    self.rest[n] |= set(free[(n + i) % len(free)])

    def may(self, n: int, d: int, k: int) -> bool:
        """Whether somebody may take a shift, all days dealt so far considered."""
        task, row, person = self.task, self.table[n], self.task.people[n]
        if row[d] >= 0 or self.off[n, d] or d in self.rest[n] or not task.may(person, d, k):
            return False
        owed = sum(1 for m in task.must if row[m] < 0 and task.free(person, m))
        if (row >= 0).sum() + owed >= self.target[n]:
            return False
        before = int(row[d - 1]) if d else task.kind_names.index(person.last_kind) if person.last_kind else -1
        if before >= 0 and task.too_close(before, k):
            return False
        if d + 1 < len(row) and row[d + 1] >= 0 and task.too_close(k, int(row[d + 1])):
            return False
        for last, length in stretches(task.must):  # all-hands days are given back
            after = slice(last + 1, last + 1 + task.rules.compensate_days)
            count = len(row[after])
            usual = count - math.floor(count * (1 - person.days_a_week / 7))
            if last < d < last + 1 + task.rules.compensate_days and (row[after] >= 0).sum() >= usual - length:
                return False
        return self._run(n, d) <= task.rules.longest_run

    def _run(self, n: int, d: int) -> int:
        row, length, i = self.table[n], 1, d - 1
        while i >= 0 and row[i] >= 0:
            length, i = length + 1, i - 1
        length += self.task.people[n].run_before if i < 0 else 0
        i = d + 1
        while i < len(row) and row[i] >= 0:
            length, i = length + 1, i + 1
        return length

    def turn(self, n: int, d: int, k: int) -> tuple[float, int, int]:
        """Smallest first: contract days left over days remaining, then late shifts or weekend days so far."""
        task, row, person = self.task, self.table[n], self.task.people[n]
        remaining = sum(
            row[e] < 0 and e not in self.rest[n] and task.free(person, e) for e in range(d, len(row))
        )
        left = self.target[n] - int((row >= 0).sum())
        lates = sum(task.late(int(one)) for one in row if one >= 0) + person.late_before
        weekends = int((row[task.weekend_days] >= 0).sum()) + person.weekend_days_before
        burden = lates if task.late(k) else -lates
        wish = task.days[d] in person.wishes_off
        return wish - left / max(remaining, 1), weekends if d in task.weekend_days else burden, n
