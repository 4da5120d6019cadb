"""The service lead's desk: need, roster, repair, check and worth for what the dashboard asks. No widget in here."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError, EcomsimWarning
from ecomsim.formulas.chat import ChatDesk
from ecomsim.opened import Opened
from ecomsim.scenario import baseline
from ecomsim.simulate import simulate
from ecomsim.staffing import (
    Need,
    Promise,
    Roster,
    RosterCheck,
    ShiftKind,
    TeamBook,
    Window,
    Workload,
    Worth,
    check_roster,
    desk_count,
    one_person,
    plan_roster,
    read_team,
    repair,
    requirement,
    roster_duties,
    shift_demand,
    usual_shifts,
    workload,
)
from ecomsim.staffing.month import enough, named
from ecomsim.staffing.need import Agents
from ecomsim.staffing.week import worth_of
from ecomsim.staffing.window import minutes_of
from ecomsim.ui.staffing_ask import Question, WeekPlan
from ecomsim.uncertain import mean_of

__all__ = ["CHECKED_DAYS", "KINDS", "RUNS", "StaffDesk"]

RUNS, CHECKED_DAYS, WEEKS, MONTHS = 64, 420, 8, 3
"""Simulated weeks behind the enquiries, simulated days of a roster, weeks and months to choose from."""

SOLVE_S = {"week": 8.0, "month": 20.0}
"""Seconds a search for a roster may take; it mostly ends sooner, proven."""
MESSAGES_WITHIN = dt.timedelta(hours=2)
"""Messages left overnight are answered by then in idle time; first in line they would take a crowd at 8:00."""

WINDOW = Window.of("08:00-24:00")
KINDS = usual_shifts(WINDOW)
_UPLOAD_BYTES = 3_000_000


@dataclass
class StaffDesk:
    """A store's desk: its weeks and months, and plans for them; what was computed is kept while it is asked again."""

    opened: Opened
    _loads: dict[tuple[dt.date, dt.date], tuple[Workload, Worth, float]] = field(default_factory=dict)
    _needs: dict[tuple[object, ...], tuple[Need, Agents]] = field(default_factory=dict)
    _rosters: dict[tuple[object, ...], Roster] = field(default_factory=dict)
    _teams: list[TeamBook] = field(default_factory=lambda: [TeamBook()])

    @property
    def _after(self) -> dt.date:
        return (self.opened.store.as_of or dt.date.today()) + dt.timedelta(days=1)

    @property
    def mondays(self) -> tuple[dt.date, ...]:
        """Weeks to choose from: those after the data."""
        first = self._after + dt.timedelta(days=-self._after.weekday() % 7)
        return tuple(first + dt.timedelta(weeks=i) for i in range(WEEKS))

    @property
    def months(self) -> tuple[dt.date, ...]:
        """Months to choose from, by their first days: those after the data."""
        place = self._after.year * 12 + self._after.month - 1 + (self._after.day > 1)
        return tuple(dt.date((place + i) // 12, (place + i) % 12 + 1, 1) for i in range(MONTHS))

    def start(self) -> Question:
        """Return the question a session begins with: the store as it is."""
        service = self.opened.store.service
        return Question(
            self.mondays[0], handling=round(mean_of(service.work_s)), concurrency=service.concurrency,
            patience=round(mean_of(service.patience_s)), within=service.answer_within_s,
        )  # fmt: skip

    def team(self, asked: Question) -> TeamBook:
        """Return the team a question is about."""
        return self._teams[asked.team] if 0 <= asked.team < len(self._teams) else self._teams[0]

    def adopt(self, asked: Question, content: bytes, name: str) -> Question:
        """Return the question with an uploaded team; days the workbook's roster is of are gone to.

        Raises
        ------
        EcomsimError
            With every fault of the workbook, by sheet, row and column.
        """
        if len(content) > _UPLOAD_BYTES:
            raise EcomsimError(
                name, f"{len(content) / 1e6:.1f} MB", f"at most {_UPLOAD_BYTES / 1e6:.0f} MB",
                "Take out pictures and other sheets",
            )  # fmt: skip
        book = read_team(content, name=name, month=(asked.first, asked.last))
        new = asked
        if book.cells:
            first, span = book.days[0], "month" if len(book.days) > 7 else "week"
            known = self.months if span == "month" else self.mondays
            new = replace(asked, first=first, span=span)
            if first not in known or book.days[-1] != new.last:
                raise EcomsimError(
                    name, f"a roster from {first} to {book.days[-1]}",
                    f"a week or month after the data, such as {known[0]} to {replace(new, first=known[0]).last}",
                    "Take out the sheet Roster to plan anew, or import newer data",
                )  # fmt: skip
        _window(book)
        self._teams.append(book)
        start = "published" if book.cells else "plan"
        return replace(new, team=len(self._teams) - 1, start=start, edits=(), leave=(), people=0, names=())

    def load(self, first: dt.date, last: dt.date) -> tuple[Workload, Worth, float]:
        """Return the enquiries of some days from simulated ones, what one is worth, and the GMV of these days."""
        key = (first, last)
        if key not in self._loads:
            store, begin = self.opened.store, self._after
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", EcomsimWarning)  # long lead times do not matter to enquiries
                study = simulate(store, Horizon(begin, last), [baseline], replications=RUNS, seed=7)
            every = workload(study, "baseline", store.service.profile)
            chosen = range((first - begin).days, (last - begin).days + 1)
            gmv = float(study.daily("gmv", "baseline")[:, list(chosen)].sum(axis=1).mean())
            self._loads[key] = every.part(chosen), worth_of(store, study), gmv
        return self._loads[key]

    def plan(self, asked: Question) -> WeekPlan:
        """Return need, roster and check of a question."""
        book = self.team(asked)
        load, desk, promise, value = self._terms(asked)
        kinds = book.kinds or KINDS
        if asked.sizing not in self._needs:
            need = requirement(load, desk, promise, _window(book), messages_within=MESSAGES_WITHIN).need
            self._needs[asked.sizing] = need, shift_demand(need, kinds, within_s=8.0)
        need, demand = self._needs[asked.sizing]
        base = self._base(asked, book, need, demand, kinds)
        repaired = self._repaired(asked, base)
        roster = repaired
        known = {person.name for person in roster.task.people}
        for name, day, kind in asked.edits:
            if name in known and day in roster.task.days:
                roster = roster.with_cell(name, day, kind)
        duties = roster_duties(roster, need)
        there = desk_count(duties, need)
        check = self._simulated(asked, need, there)
        return WeekPlan(asked, need, base, repaired, roster, duties, there, check, value.wage_hour)

    def with_worth(self, plan: WeekPlan, stale: Callable[[], None] = lambda: None) -> WeekPlan:
        """Return a plan with what one person more and one fewer is worth.

        `stale` is called between simulations and raises when nobody waits any more.
        """

        def again(agents: Agents) -> RosterCheck:
            stale()
            return self._simulated(plan.question, plan.need, agents)

        return replace(plan, worth=one_person(plan.check, plan.roster.task.kinds, again))

    def _terms(self, asked: Question) -> tuple[Workload, ChatDesk, Promise, Worth]:
        service = self.opened.store.service
        load, value, _ = self.load(asked.first, asked.last)
        desk = ChatDesk(
            int(asked.concurrency), asked.handling, mean_of(service.think_s), mean_of(service.turns), asked.patience
        )  # fmt: skip
        promise = Promise(asked.share / 100, dt.timedelta(seconds=asked.within))
        return load.scaled(asked.volume / 100), desk, promise, value

    def _simulated(self, asked: Question, need: Need, agents: Agents) -> RosterCheck:
        load, desk, promise, value = self._terms(asked)
        runs = max(CHECKED_DAYS // len(need.days), 14)
        return check_roster(
            agents, need, load, desk, promise, worth=value, messages_within=MESSAGES_WITHIN, replications=runs
        )

    def _base(
        self, asked: Question, book: TeamBook, need: Need, demand: Agents, kinds: tuple[ShiftKind, ...]
    ) -> Roster:
        key = (*asked.sizing, asked.people, asked.names, asked.start)
        if key not in self._rosters:
            one = book.task(need.days, demand, kinds, named(1))
            if not book.people:
                count = int(asked.people) or max(len(asked.names), enough(one.demand, need.days, one.rules))
                one = book.task(need.days, demand, kinds, named(count, asked.names))
            old = book.on(one) if book.cells and asked.start != "plan" else None
            if old is None or asked.start == "near":
                old = plan_roster(one, published=old, within_s=SOLVE_S[asked.span])
            self._rosters[key] = old
        return self._rosters[key]

    def _repaired(self, asked: Question, base: Roster) -> Roster:
        roster = base
        for i, (name, first, last) in enumerate(asked.leave):
            key = (*asked.sizing, asked.people, asked.names, asked.start, asked.leave[: i + 1])
            if key not in self._rosters:
                days = [first + dt.timedelta(days=d) for d in range(min((last - first).days, 31) + 1)]
                self._rosters[key] = repair(roster, name, days)
            roster = self._rosters[key]
        return roster


def _window(book: TeamBook) -> Window:
    """Return opening hours that hold all shifts of a team, the usual ones where it names none."""
    if not book.kinds:
        return WINDOW
    starts = [minutes_of(kind.first_start) for kind in book.kinds]
    ends = [start + kind.minutes for start, kind in zip(starts, book.kinds, strict=True)]
    opens, closes = min(starts) // 30 * 30, -(-max(ends) // 30) * 30
    return Window(opens, min(closes, opens + 24 * 60))
