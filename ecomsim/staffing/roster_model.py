"""The month roster as a constraint program (CP-SAT): what must hold, and what is counted to be made small."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecomsim.checks import EcomsimError
from ecomsim.staffing.people import RosterTask

__all__ = ["Aim", "Model", "build", "cp_model"]


class Aim(Enum):
    """What a roster makes small, most important first; the value is its weight in the roster's score."""

    SHORT = 1000
    TOUCHED = 200
    IDLE = 40
    OWED = 30
    CELLS = 21
    WISHES = 20
    WEEKENDS = 10
    LATES = 5
    SINGLES = 1


@dataclass
class Model:
    """The program and its variables.

    Attributes
    ----------
    cells : (people, days, kinds) truth variables, the number 0 where a person may not work
    sums : the terms of every aim
    totals : one variable for each aim, once `close` was called
    """

    model: Any
    cells: NDArray[Any]
    sums: dict[Aim, list[Any]] = field(default_factory=dict)
    totals: dict[Aim, Any] = field(default_factory=dict)

    def price(self, term: Any, aim: Aim) -> None:
        """Add a term to an aim."""
        self.sums.setdefault(aim, []).append(term)

    def close(self, top: int) -> None:
        """Make a variable of every aim's sum, whose range can be narrowed from solve to solve."""
        for aim in Aim:
            if aim in self.sums:
                self.totals[aim] = self.model.new_int_var(0, top, aim.name)
                self.model.add(self.totals[aim] == sum(self.sums[aim]))

    def limit(self, aim: Aim, high: int) -> None:
        """Let an aim be at most `high` from now on."""
        domain = self.model.proto.variables[self.totals[aim].index].domain
        domain.clear()
        domain.extend([0, high])


def cp_model() -> Any:
    """Return OR-Tools' CP-SAT, or raise saying how to get it."""
    try:
        from ortools.sat.python import cp_model as library
    except ImportError:
        raise EcomsimError(
            "roster", "no ortools", "the extra 'staffing'", "pip install 'ecomsim[staffing]'"
        ) from None
    return library


def build(
    task: RosterTask,
    published: NDArray[np.int64] | None = None,
    mover: str = "",
    window: tuple[int, int] | None = None,
    helpers: frozenset[str] | None = None,
) -> Model:
    """Return the program of a task.

    Parameters
    ----------
    published : a table to stay near: fewest people touched, then fewest cells
    mover : somebody whose own changes are free
    window : first and last day position on which others may change; None for all
    helpers : names of the others who may change; None for all
    """
    model = cp_model().CpModel()
    count, days, kinds = len(task.people), len(task.days), len(task.kinds)
    cells = np.empty((count, days, kinds), dtype=object)
    for n, person in enumerate(task.people):
        for d in range(days):
            for k in range(kinds):
                allowed = task.may(person, d, k)
                cells[n, d, k] = model.new_bool_var("") if allowed else 0
    made = Model(model, cells)
    for n in range(count):
        _person(made, task, n)
    _fixed(made, task)
    _demand(made, task)
    _fairness(made, task)
    if published is not None:
        _near(made, task, published, mover, window or (0, days - 1), helpers)
    made.close(count * days * (kinds + 1) + int(task.demand.sum()) * (1 + len(task.skilled)))
    return made


def _sum(cells: Any) -> Any:
    return sum(c for c in np.asarray(cells, dtype=object).ravel() if not isinstance(c, int))


def _true(cells: Any) -> list[Any]:
    return [c for c in np.asarray(cells, dtype=object).ravel() if not isinstance(c, int)]


def _person(made: Model, task: RosterTask, n: int) -> None:
    """One shift a day at most, contract days, longest run, rest, weekends off, all hands and what it earns."""
    model, person, rules, own = made.model, task.people[n], task.rules, made.cells[n]
    days = len(task.days)
    work = [_sum(own[d]) for d in range(days)]
    for d in range(days):
        if len(cells := _true(own[d])) > 1:
            model.add_at_most_one(cells)
    target = task.target(person)
    idle = model.new_int_var(0, target, "")
    model.add(sum(work) + idle == target)
    made.price(idle, Aim.IDLE)
    span = rules.longest_run + 1
    for d in range(days - span + 1):
        model.add(sum(work[d : d + span]) <= rules.longest_run)
    left = max(rules.longest_run - person.run_before, 0)
    if person.run_before and left < days:
        model.add(sum(work[: left + 1]) <= left)
    for before in range(len(task.kinds)):
        for after in range(len(task.kinds)):
            if task.too_close(before, after):
                _apart(made, task, n, before, after)
    _weekends(made, task, n, work)
    for d in task.must:
        if task.free(person, d):
            model.add(work[d] == 1)
    _compensate(made, task, n, work)
    for day in person.wishes_off:
        if day in task.days:
            made.price(work[task.days.index(day)], Aim.WISHES)
    if not rules.single_days_off:
        for d in range(1, days - 1):
            alone = model.new_bool_var("")
            model.add(alone >= work[d - 1] - work[d] + work[d + 1] - 1)
            made.price(alone, Aim.SINGLES)


def _apart(made: Model, task: RosterTask, n: int, before: int, after: int) -> None:
    own = made.cells[n]
    if task.people[n].last_kind == task.kinds[before].name and not isinstance(own[0, after], int):
        made.model.add(own[0, after] == 0)
    for d in range(len(task.days) - 1):
        one, other = own[d, before], own[d + 1, after]
        if not isinstance(one, int) and not isinstance(other, int):
            made.model.add_bool_or([one.negated(), other.negated()])


def _weekends(made: Model, task: RosterTask, n: int, work: list[Any]) -> None:
    wanted, weekends = task.rules.weekends_off, task.weekends
    for first in range(0, len(weekends) - 3, 4):
        four = weekends[first : first + 4]
        open_ones = [w for w in four if not set(w) & set(task.must)]
        free = []
        for saturday, sunday in open_ones:
            off = made.model.new_bool_var("")
            made.model.add(work[saturday] + work[sunday] == 0).only_enforce_if(off)
            free.append(off)
        if wanted:
            made.model.add(sum(free) >= min(wanted, len(free)))


def _compensate(made: Model, task: RosterTask, n: int, work: list[Any]) -> None:
    """After every stretch of all-hands days: the usual days off and one more for each, or it is owed."""
    for last, stretch in stretches(task.must):
        window = work[last + 1 : last + 1 + task.rules.compensate_days]
        usual = len(window) - math.floor(len(window) * (1 - task.people[n].days_a_week / 7))
        owed = made.model.new_int_var(0, stretch, "")
        made.model.add(sum(window) - owed <= usual - stretch)
        made.price(owed, Aim.OWED)


def stretches(days: list[int]) -> list[tuple[int, int]]:
    """Return (last day, length) of every run of consecutive positions."""
    out: list[tuple[int, int]] = []
    for d in days:
        if out and out[-1][0] == d - 1:
            out[-1] = (d, out[-1][1] + 1)
        else:
            out.append((d, 1))
    return out


def _fixed(made: Model, task: RosterTask) -> None:
    names = [person.name for person in task.people]
    for (name, day), kind in task.fixed.items():
        own = made.cells[names.index(name), task.days.index(day)]
        if kind:
            made.model.add(own[task.kind_names.index(kind)] == 1)
        else:
            made.model.add(_sum(own) == 0)


def _demand(made: Model, task: RosterTask) -> None:
    model = made.model
    tables = [(task.demand, list(range(len(task.people))))]
    for skill, wanted in task.skilled.items():
        able = [n for n, person in enumerate(task.people) if skill in person.skills]
        tables.append((wanted, able))
    for wanted, able in tables:
        for d, k in zip(*np.nonzero(wanted), strict=True):
            here = _true(made.cells[able, d, k])
            lacking = model.new_int_var(0, int(wanted[d, k]), "")
            model.add(sum(here) + lacking >= int(wanted[d, k]))
            made.price(lacking, Aim.SHORT)


def _fairness(made: Model, task: RosterTask) -> None:
    lates = [k for k in range(len(task.kinds)) if task.late(k)]
    for group in task.groups:
        if len(group) < 2:
            continue
        sums = [_sum(made.cells[n][task.weekend_days]) + task.people[n].weekend_days_before for n in group]
        _spread(made, task, group, sums, Aim.WEEKENDS)
        if lates:
            sums = [_sum(made.cells[n][:, lates]) + task.people[n].late_before for n in group]
            _spread(made, task, group, sums, Aim.LATES)


def _spread(made: Model, task: RosterTask, group: list[int], sums: list[Any], aim: Aim) -> None:
    """Price most less least; whoever is long on leave counts for the most only."""
    top = len(task.days) + max(p.weekend_days_before + p.late_before for p in task.people)
    most, least = made.model.new_int_var(0, top, ""), made.model.new_int_var(0, top, "")
    made.model.add(most >= least)
    for n, total in zip(group, sums, strict=True):
        made.model.add(most >= total)
        if not task.long_away(task.people[n]):
            made.model.add(least <= total)
    made.price(most - least, aim)


def _near(
    made: Model, task: RosterTask, published: NDArray[np.int64], mover: str, window: tuple[int, int],
    helpers: frozenset[str] | None,
) -> None:  # fmt: skip
    model = made.model
    for n, person in enumerate(task.people):
        moved = []
        for d in range(len(task.days)):
            was = published[n, d]
            own = made.cells[n, d]
            still = helpers is not None and person.name not in helpers
            if person.name != mover and (still or not window[0] <= d <= window[1]):
                for k in range(len(task.kinds)):
                    if not isinstance(own[k], int):
                        model.add(own[k] == int(k == was))
                continue
            if was < 0:
                moved += _true(own)
            elif not isinstance(own[was], int):
                moved.append(own[was].negated())
        for one in moved:
            made.price(one, Aim.CELLS)
        if person.name == mover:
            continue
        touched = model.new_bool_var("")
        for one in moved:
            model.add_implication(one, touched)
        made.price(touched, Aim.TOUCHED)
