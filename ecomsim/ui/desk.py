"""A store on the planner's desk: its months, levers, shelf and simulations, and the questions put to them."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError, EcomsimWarning, require_name
from ecomsim.opened import Opened
from ecomsim.report.words import say
from ecomsim.scenario import Scenario
from ecomsim.scenario.names import safe_name
from ecomsim.store import Store
from ecomsim.ui.answers import Question
from ecomsim.ui.catalogue import catalogue
from ecomsim.ui.lever_view import lever_name, lever_subject
from ecomsim.ui.levers import Catalogue
from ecomsim.ui.model import PlannerState
from ecomsim.ui.planner_words import PLANNER
from ecomsim.ui.runs import Runs
from ecomsim.ui.shelf import Shelf
from ecomsim.ui.translate import scenario_of

__all__ = ["Asked", "Desk", "month_words", "months_ahead"]

_MONTHS = 3


@dataclass(frozen=True)
class Asked:
    """What the screen asks to be simulated, of which store, and how to read it."""

    desk: Desk
    state: PlannerState
    scenarios: tuple[Scenario, ...]
    question: Question


class Desk:
    """One store over one month.

    Parameters
    ----------
    opened : the store
    month : YYYY-MM, default the first that lies ahead
    """

    def __init__(self, opened: Opened, month: str = "") -> None:
        self.opened = opened
        self.months = months_ahead(opened.store.as_of)
        self.month = require_name(month or self.months[0], self.months, "month", "month")
        self.horizon = _horizon(self.month, opened.store.as_of)
        self.levers: Catalogue = catalogue(opened.store, self.horizon)
        self.runs = Runs(opened.store, self.horizon)
        self.shelf = Shelf(opened.path)

    @property
    def goal(self) -> float | None:
        """The workbook's GMV target of the month."""
        return self.opened.targets.get("gmv", {}).get(self.month)

    def fitted(self, state: PlannerState) -> tuple[PlannerState, list[str]]:
        """Return the state with this month's levers only, and the levers left out."""
        known = self.levers.levers
        gone = [id for id in state.values if id not in known]
        gone += [one.lever for one in state.dated if one.lever not in known]
        dated = tuple(one for one in state.dated if one.lever in known)
        values = {id: value for id, value in state.values.items() if id not in gone}
        fresh = PlannerState(
            self.month, state.language, state.name, state.note, values, state.orders, state.promotions,
            dated, state.extra, state.compared, None if state.month != self.month else state.goal,
        )  # fmt: skip
        return fresh, gone

    def named(self, ids: Sequence[str], code: str) -> list[str]:
        """Return levers as they are called on the screen."""
        levers = [self.levers[id] for id in dict.fromkeys(ids)]
        return [lever_name(one, code, lever_subject(self.opened.store, one, code)) for one in levers]

    def asked(self, state: PlannerState) -> Asked:
        """Return the question a state puts: the plan first, then what it is compared with.

        Raises
        ------
        EcomsimError
            When the plan's dates are out of order, or a compared scenario cannot be read.
        """
        code = state.language
        compared = [self.shelf[name] for name in state.compared]
        scenarios: list[Scenario] = []
        store, plan = self.opened.store, "baseline"
        names = {"baseline": say("baseline", code)}
        if state.changed:
            draft = scenario_of(state, self.levers, store, "plan")
            # What was saved and not touched since would only stand beside itself.
            compared = [one for one in compared if one.hash != draft.hash]
            taken = [one.name for one in compared]
            plan = _free_name(state.name, taken)
            scenarios.append(Scenario(plan, draft.changes, draft.note))
            edited = state.name and state.name in taken
            key = "edited" if edited else "plan"
            names[plan] = PLANNER.say(key, code, name=state.name) if edited or not state.name else state.name
            store = _with_promotions(store, state, draft)
        names |= {one.name: one.name for one in compared}
        known = 0.0
        if self.horizon.start.day != 1:
            known = self.opened.to_date.get("gmv", {}).get(self.month, 0.0)
        question = Question(
            code, month_words(self.month, code), names, state.goal or self.goal, known, store, plan
        )
        return Asked(self, state, (*scenarios, *compared), question)


def _with_promotions(store: Store, state: PlannerState, draft: Scenario) -> Store:
    """Return the store with its events where the plan puts them, for the marks of the charts."""
    moved = any(id.split(":")[0] in ("on", "start", "end") for id in state.values)
    if not (moved or state.promotions or state.extra):
        return store
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EcomsimWarning)  # the simulation says it once
        return draft.apply(store)


def months_ahead(as_of: dt.date | None) -> tuple[str, ...]:
    """Return the month the day after the data belongs to, and the next two.

    Examples
    --------
    >>> months_ahead(dt.date(2026, 10, 31)), months_ahead(dt.date(2026, 11, 10))[0]
    (('2026-11', '2026-12', '2027-01'), '2026-11')
    """
    if as_of is None:
        raise EcomsimError("workbook", "no day of sales", "a workbook with sales", "Import sales by day")
    day = (as_of + dt.timedelta(days=1)).replace(day=1)
    found = []
    for _ in range(_MONTHS):
        found.append(f"{day:%Y-%m}")
        day = (day + dt.timedelta(days=32)).replace(day=1)
    return tuple(found)


def month_words(month: str, code: str) -> str:
    """Write a month as the language does.

    Examples
    --------
    >>> month_words("2026-11", "en"), month_words("2026-11", "zh")
    ('November 2026', '2026年11月')
    """
    day = dt.date.fromisoformat(f"{month}-01")
    return f"{day.year}年{day.month}月" if code == "zh" else f"{day:%B} {day.year}"


def _horizon(month: str, as_of: dt.date | None) -> Horizon:
    whole = Horizon.month(month)
    if as_of is not None and as_of >= whole.start:
        return Horizon(as_of + dt.timedelta(days=1), whole.end)
    return whole


def _free_name(name: str, taken: Sequence[str]) -> str:
    """Return the name the plan is simulated under: its own, unless the shelf's scenario of that name is there too."""
    try:
        wanted = safe_name(name) if name else "plan"
    except EcomsimError:
        wanted = "plan"
    final, number = wanted, 2
    while final in taken or final == "baseline":
        final, number = f"{wanted} {number}", number + 1
    return final
