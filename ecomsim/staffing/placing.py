"""A roster on the desk: whose breaks begin when, how many are there in every slot, and the same as a scenario."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from ecomsim.checks import EcomsimError, require_number
from ecomsim.scenario import Scenario, Set
from ecomsim.staffing.cover import Goal, build
from ecomsim.staffing.dealing import deal
from ecomsim.staffing.duty import Duty, desk_count
from ecomsim.staffing.need import Agents, Need
from ecomsim.staffing.roster import Roster
from ecomsim.store import SLOTS

__all__ = ["roster_duties", "roster_on_duty", "staffed"]

MINUTES = 24 * 60 // SLOTS


def roster_duties(roster: Roster, need: Need, within_s: float = 1.0) -> tuple[Duty, ...]:
    """Return everybody's shifts with breaks placed so that as few slots as possible fall below the need.

    Parameters
    ----------
    roster : Roster
        `line` of a duty is the position of the person, `day` that of the need.
    need : Need
        Some or all days of the roster.
    within_s : float
        Wall seconds to search for each day's breaks.

    Raises
    ------
    EcomsimError
        For a day the roster does not have, or a shift outside opening hours.
    """
    task = roster.task
    kinds = [replace(kind, last_start=kind.first_start, at_most=None) for kind in task.kinds]
    made: list[Duty] = []
    for d, day in enumerate(need.days):
        if day not in task.days:
            raise EcomsimError(
                "need.days", str(day), f"a day of the roster, {task.days[0]} to {task.days[-1]}"
            )
        column = roster.table[:, task.days.index(day)]
        alone = replace(need, days=(day,), agents=need.agents[d : d + 1])
        cover = build(alone, kinds, None, Goal.HEADCOUNT, elastic=True)
        for k in range(len(kinds)):
            count = float((column == k).sum())
            cover.program.row([cover.counts[k][0, 0]], 1.0, count, count)
        answer = cover.program.solve(within_s, gap=0.01)
        if answer.values is None:
            raise EcomsimError("roster", f"no breaks found for {day}", "more time", "Raise within_s")
        lines = [[int(n) for n in np.flatnonzero(column == k)] for k in range(len(kinds))]
        dealt = deal(cover, kinds, None, answer.values)
        made += [replace(duty, line=lines[kinds.index(duty.kind)].pop(0), day=d) for duty in dealt]
    return tuple(sorted(made, key=lambda duty: (duty.line, duty.day)))


def roster_on_duty(roster: Roster, need: Need) -> Agents:
    """Return people at the desk, (days, slots) of the need, breaks taken off."""
    return desk_count(roster_duties(roster, need), need)


def staffed(
    on_duty: ArrayLike, need: Need, team: str, *, absent: float = 0.0, name: str = "roster"
) -> Scenario:
    """Return the scenario in which a team works this roster.

    Parameters
    ----------
    on_duty : (days, slots) array_like
        People at the desk by slot of the need; outside its opening hours nobody is.
    need : Need
        Gives days, window and slots.
    team : str
        Name of the store's team.
    absent : float
        Share of them who do not come. It takes the place of the team's shrinkage on these days, for breaks are taken
        off already.

    Examples
    --------
    >>> from ecomsim.staffing import Window
    >>> need = Need(("2026-11-09",), Window.of("09:00-10:00"), 30, [[2, 2]])
    >>> print(staffed([[3, 2]], need, "presale").changes[0].path)
    teams.presale.roster.2026-11-09
    """
    require_number(absent, "absent", low=0, high=0.9)
    there = np.asarray(on_duty, float)
    need.shortfall(on_duty)  # checks shape and values
    rows: dict[dt.date, np.ndarray] = defaultdict(lambda: np.zeros(SLOTS))
    for d, slot in np.ndindex(there.shape):
        later, minute = divmod(need.window.opens_min + slot * need.slot_minutes, 24 * 60)
        day = need.days[d] + dt.timedelta(days=later)
        rows[day][minute // MINUTES] += there[d, slot] * need.slot_minutes / MINUTES
    changes: list[Set] = []
    for day in need.days:
        path = f"teams.{team}.roster.{day.isoformat()}"
        changes.append(Set(path, tuple(float(agents) for agents in rows[day])))
    for first, last in _stretches(need.days):
        changes.append(Set(f"teams.{team}.shrinkage", absent, start=first, end=last))
    return Scenario(name, changes)


def _stretches(days: tuple[dt.date, ...]) -> list[tuple[dt.date, dt.date]]:
    out: list[tuple[dt.date, dt.date]] = []
    for day in days:
        if out and (day - out[-1][1]).days == 1:
            out[-1] = (out[-1][0], day)
        else:
            out.append((day, day))
    return out
