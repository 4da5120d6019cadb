"""What the staffing dashboard asks and answers: need, roster, check. No widget in here."""

from __future__ import annotations

import datetime as dt
import math
import warnings
from dataclasses import dataclass, field

import numpy as np

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimWarning
from ecomsim.formulas.chat import ChatDesk
from ecomsim.opened import Opened
from ecomsim.scenario import baseline
from ecomsim.simulate import simulate
from ecomsim.staffing import (
    Break,
    Need,
    Person,
    Promise,
    Roster,
    RosterCheck,
    RosterTask,
    Rules,
    ShiftKind,
    Window,
    Workload,
    check_roster,
    plan_roster,
    requirement,
    roster_on_duty,
    shift_demand,
    workload,
)
from ecomsim.staffing.need import Agents
from ecomsim.uncertain import mean_of

__all__ = ["CHECKS", "KINDS", "LIMITS", "RUNS", "Question", "StaffDesk", "WeekPlan"]

RUNS, CHECKS, WEEKS = 64, 60, 8
"""Simulated weeks behind the enquiries, simulations of a roster, weeks to choose from."""

SOLVE_S = 8.0
MESSAGES_WITHIN = dt.timedelta(hours=2)
"""Messages left overnight are answered by then in idle time; first in line they would take a crowd at 8:00."""

WINDOW = Window.of("08:00-24:00")
_MEAL = (Break("meal", 60, 180, 300),)
KINDS = (
    ShiftKind("early", 9, "08:00", breaks=_MEAL),
    ShiftKind("mid", 9, "11:00", breaks=_MEAL),
    ShiftKind("late", 9, "15:00", breaks=_MEAL),
)

LIMITS = {
    "volume": (30, 400), "handling": (5, 120), "concurrency": (1, 8), "patience": (20, 1800), "share": (50, 98),
    "within": (10, 300), "people": (0, 150),
}  # fmt: skip
"""Smallest and largest value of every lever; whatever a browser sends is brought within."""


@dataclass(frozen=True)
class Question:
    """Where the levers stand; values are clamped to `LIMITS`."""

    monday: dt.date
    volume: float = 100
    handling: float = 25
    concurrency: float = 3
    patience: float = 180
    share: float = 80
    within: float = 60
    people: float = 0
    names: tuple[str, ...] = ()
    edits: tuple[tuple[str, dt.date, str], ...] = ()

    def __post_init__(self) -> None:
        for name, (low, high) in LIMITS.items():
            value = float(getattr(self, name))
            object.__setattr__(self, name, min(max(value, low), high) if math.isfinite(value) else float(low))
        object.__setattr__(self, "concurrency", float(round(self.concurrency)))
        names = tuple(dict.fromkeys(n.strip()[:40] for n in self.names if n.strip()))
        object.__setattr__(self, "names", names[: int(LIMITS["people"][1])])


@dataclass(frozen=True, eq=False)
class WeekPlan:
    """The answer: what is needed, who works when, and what that achieves."""

    question: Question
    need: Need
    roster: Roster
    on_duty: Agents
    check: RosterCheck
    wage: float
    breaches: tuple[str, ...] = ()

    @property
    def short_slots(self) -> int:
        """Half-hours with fewer people than needed."""
        return int((self.need.shortfall(self.on_duty) > 0).sum())

    @property
    def hours(self) -> float:
        """Hours at the desk."""
        return float(self.on_duty.sum()) * self.need.slot_minutes / 60

    @property
    def wages(self) -> float:
        """Wages of the week, meals unpaid."""
        paid = [kind.paid_hours for kind in self.roster.task.kinds]
        return float(sum(paid[k] * int((self.roster.table == k).sum()) for k in range(len(paid)))) * self.wage


@dataclass
class StaffDesk:
    """A store's desk: its weeks, and plans for them; whatever was computed is kept while it is asked again."""

    opened: Opened
    _loads: dict[dt.date, Workload] = field(default_factory=dict)
    _needs: dict[tuple[object, ...], tuple[Need, Agents]] = field(default_factory=dict)
    _rosters: dict[tuple[object, ...], Roster] = field(default_factory=dict)

    @property
    def mondays(self) -> tuple[dt.date, ...]:
        """Weeks to choose from: those after the data."""
        last = self.opened.store.as_of or dt.date.today()
        first = last + dt.timedelta(days=7 - last.weekday())
        return tuple(first + dt.timedelta(weeks=i) for i in range(WEEKS))

    def start(self) -> Question:
        """Return the question a session begins with: the store as it is."""
        service = self.opened.store.service
        return Question(
            self.mondays[0], handling=round(mean_of(service.work_s)), concurrency=service.concurrency,
            patience=round(mean_of(service.patience_s)), within=service.answer_within_s,
        )  # fmt: skip

    def load(self, monday: dt.date) -> Workload:
        """Return the enquiries of a week from the simulated days."""
        if monday not in self._loads:
            store = self.opened.store
            first = (store.as_of or monday) + dt.timedelta(days=1)
            last = monday + dt.timedelta(days=6)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", EcomsimWarning)  # long lead times do not matter to enquiries
                study = simulate(store, Horizon(first, last), [baseline], replications=RUNS, seed=7)
            every = workload(study, "baseline", store.service.profile)
            self._loads[monday] = every.part(range((monday - first).days, (last - first).days + 1))
        return self._loads[monday]

    def plan(self, asked: Question) -> WeekPlan:
        """Return need, roster and check of a question."""
        service = self.opened.store.service
        load = self.load(asked.monday).scaled(asked.volume / 100)
        desk = ChatDesk(
            int(asked.concurrency),
            asked.handling,
            mean_of(service.think_s),
            mean_of(service.turns),
            asked.patience,
        )
        promise = Promise(asked.share / 100, dt.timedelta(seconds=asked.within))
        sizing = (
            asked.monday, asked.volume, asked.handling, asked.concurrency, asked.patience, asked.share, asked.within
        )  # fmt: skip
        if sizing not in self._needs:
            need = requirement(load, desk, promise, WINDOW, messages_within=MESSAGES_WITHIN).need
            self._needs[sizing] = need, shift_demand(need, KINDS, within_s=SOLVE_S)
        need, demand = self._needs[sizing]
        key = (*sizing, asked.people, asked.names)
        if key not in self._rosters:
            self._rosters[key] = plan_roster(_task(need, demand, asked), within_s=SOLVE_S)
        roster = self._rosters[key]
        known = {person.name for person in roster.task.people}
        for name, day, kind in asked.edits:
            if name in known and day in roster.task.days:
                roster = roster.with_cell(name, day, kind)
        there = roster_on_duty(roster, need)
        check = check_roster(
            there, need, load, desk, promise, messages_within=MESSAGES_WITHIN, replications=CHECKS
        )
        teams = list(self.opened.store.teams.values())
        wage = float(np.mean([mean_of(team.wage_hour) for team in teams])) if teams else 30.0
        return WeekPlan(asked, need, roster, there, check, wage, roster.breaches)


def _task(need: Need, demand: Agents, asked: Question) -> RosterTask:
    """Return the roster of a week to plan: as many people as the demand takes when no number is given."""
    wanted = max(int(demand.sum(axis=1).max()), math.ceil(demand.sum() / 5))
    count = int(asked.people) or max(len(asked.names), wanted)
    names = [*asked.names, *(f"Agent {n:02d}" for n in range(1, count + 1))]
    people = tuple(Person(name) for name in list(dict.fromkeys(names))[:count])
    return RosterTask(need.days, KINDS, demand, people, Rules(weekends_off=0))
