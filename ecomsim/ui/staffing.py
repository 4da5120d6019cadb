"""The staffing dashboard: what-if on the left; need, roster, service, worth and fairness on the right."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

from ecomsim.opened import Opened, open_calibrated
from ecomsim.staffing import roster_bytes, team_template, to_ics
from ecomsim.ui import lean as widgets
from ecomsim.ui.chart_view import ChartView
from ecomsim.ui.download import KINDS as FILES
from ecomsim.ui.download import Download
from ecomsim.ui.headcount_view import HeadcountView
from ecomsim.ui.later import Later, loop_post
from ecomsim.ui.messages import skeleton_html
from ecomsim.ui.place import WORKBOOK_VARIABLE
from ecomsim.ui.refiner import Refiner
from ecomsim.ui.roster_grid import RosterGrid
from ecomsim.ui.screens import cards_html, heading_html
from ecomsim.ui.shell import Page
from ecomsim.ui.staffing_ask import Question, WeekPlan
from ecomsim.ui.staffing_levers import LeaveForm, levers, stacked
from ecomsim.ui.staffing_model import RUNS, StaffDesk
from ecomsim.ui.staffing_views import (
    MAPS,
    cards,
    day_name,
    fairness_html,
    grid,
    headline,
    heat_option,
    key_html,
    notes_html,
    repaired_html,
    worth_html,
)
from ecomsim.ui.staffing_words import STAFFING
from ecomsim.ui.style import PlannerStyle

__all__ = ["Staffing", "staffing"]


def staffing(workbook: str | os.PathLike[str] | None = None) -> Page:
    """Return the staffing dashboard as a page to be displayed.

    Parameters
    ----------
    workbook : folder; default the one the server was started with

    Examples
    --------
    >>> staffing("build/demo/flagship/workbook")                           # doctest: +SKIP
    """
    given = os.fspath(workbook) if workbook is not None else os.environ.get(WORKBOOK_VARIABLE, "")
    return Staffing(Path(given) if given else None).page


class Staffing:
    """Joins levers, plan and views; solving and simulating run off the screen's thread, within a time limit."""

    def __init__(self, workbook: Path | None) -> None:
        self._column = widgets.VBox()
        self.page = Page("staffing", "question", STAFFING, levers=self._column)
        self.download = Download()
        self.page.root.children = (*self.page.root.children, self.download, PlannerStyle())
        # First the plan, then what one person more or fewer is worth.
        self.refiner: Refiner[Question, WeekPlan] = Refiner(
            self._work, self._show, self._failed, post=loop_post(), pieces=2
        )
        self._later = Later(self.page)
        self.desk: StaffDesk | None = None
        self.plan: WeekPlan | None = None
        self._made: WeekPlan | None = None  # the worker's own, for its second piece
        self.which = MAPS[0]
        self._read = ""
        if workbook is not None:
            self.page.guard(self.open)(workbook)
        if self.desk is None:
            from ecomsim.ui.empty import empty_state

            self.page.show(empty_state(self.page, self._later.run, self.begin))
        self.page.language.observe(self.page.guard(self._spoken), names="code")

    def open(self, path: Path) -> None:
        """Open a workbook and begin."""
        self.begin(open_calibrated(path))

    def begin(self, opened: Opened) -> None:
        """Put a store's desk on the screen and ask for its first week."""
        self.desk = StaffDesk(opened)
        self.question = self.desk.start()
        self._build()
        self.refiner.ask(self.question)

    def ask(self, **parts: Any) -> None:
        """Move levers: the views are greyed until the new plan is there."""
        old, self.question = self.question, replace(self.question, **parts)
        if (old.span, old.team, old.start) != (self.question.span, self.question.team, self.question.start):
            self._fill()
        self._stale(True)
        self.refiner.ask(self.question)

    def guard(self, action: Callable[..., Any]) -> Callable[..., Any]:
        """Return a callback whose faults show on the page."""
        return self.page.guard(action)

    # -- answering ------------------------------------------------------------------------------------------

    def _work(self, asked: Question, piece: int, stale: Callable[[], None]) -> WeekPlan:
        assert self.desk is not None
        if piece and self._made is not None:
            return self.desk.with_worth(self._made, stale)
        self._made = self.desk.plan(asked)
        return self._made

    def _failed(self, asked: Question, fault: BaseException) -> None:
        self._stale(False)
        self.page.tell(fault)

    def _show(self, asked: Question, plan: WeekPlan, is_last: bool) -> None:
        self.plan = plan
        if is_last:
            self.worth.value = worth_html(plan, self.page.language.code)
            return
        self.page.clear()
        self.page.guard(self._draw)()

    def _draw(self) -> None:
        plan, code = self.plan, self.page.language.code
        if plan is None:
            return
        self.page.answer(headline(plan, code))
        self.cards.value = cards_html(cards(plan, code), STAFFING.say("cards", code))
        day = str(self.desk.opened.store.as_of) if self.desk else ""
        told = STAFFING.say("status", code, runs=str(RUNS), checks=str(plan.check.replications), day=day)
        self.status.value = (
            f'<p class="es-sub es-status" role="status">{escape(" ".join([self._read, told]).strip())}</p>'
        )
        self._heat()
        shown = grid(plan, code)
        with self.grid.hold_sync():
            for name in ("days", "kinds", "words", "rows"):
                setattr(self.grid, name, shown[name])
        self.notes.value = repaired_html(plan, code) + notes_html(plan, code)
        self.key.value = key_html(plan, code)
        self.worth.value = worth_html(plan, code)
        self.fairness.value = fairness_html(plan, code)
        self.leave.follow(plan, [day_name(plan, d, code) for d in range(len(plan.roster.task.days))])
        everybody = [(self._say("everybody"), "")]
        people = [*everybody, *((person.name, person.name) for person in plan.roster.task.people)]
        if list(self.whose.options) != people:
            self.whose.options, self.whose.value = people, ""
        self._stale(False)
        self.headcount.refresh()

    def _month_of_work(self) -> tuple[float, float] | None:
        """Return hours at the desk and GMV of 30 days such as those on the screen."""
        if self.plan is None or self.desk is None:
            return None
        asked = self.plan.question
        share = 30 / len(self.plan.need.days)
        return self.plan.hours * share, self.desk.load(asked.first, asked.last)[2] * share

    def _stale(self, on: bool) -> None:
        for view in (self.cards, self.heat.root, self.grid, self.worth, self.fairness):
            (view.add_class if on else view.remove_class)("es-stale")
        if on:
            working = escape(self._say("working"))
            self.status.value = f'<p class="es-sub es-status" role="status">{working}</p>'

    # -- views ----------------------------------------------------------------------------------------------

    def _spoken(self, change: Any) -> None:
        if self.desk is not None:
            self._read = ""
            self._build()
            self._draw()

    def _say(self, key: str, **parts: str) -> str:
        return STAFFING.say(key, self.page.language.code, **parts)

    def _fill(self) -> None:
        assert self.desk is not None
        self._column.children = tuple(levers(self, self.desk, self.page.language.code))

    def _build(self) -> None:
        """Make all views anew, in the page's language."""
        code = self.page.language.code
        self._fill()
        self.cards = widgets.HTML(skeleton_html(104, language=code))
        self.status = widgets.HTML(
            f'<p class="es-sub es-status" role="status">{escape(self._say("working"))}</p>'
        )
        self.heat = ChartView(300, "es-heat")
        maps = widgets.ToggleButtons(options=[(self._say(key), key) for key in MAPS], value=self.which)
        maps.observe(self.guard(lambda change: self._look(change["new"])), names="value")
        self.grid = RosterGrid()
        self.grid.when_set(self.guard(self._set))
        self.notes, self.key, self.worth, self.fairness = (widgets.HTML() for _ in range(4))
        self.leave = LeaveForm(self, code)
        assert self.desk is not None
        self.headcount = HeadcountView(self.desk.opened, self._later, self.guard, code, self._month_of_work)
        self.page.show(
            widgets.VBox([self.cards, self.status]),
            self._section("heat", maps, self.heat.root),
            self._section("roster", self.notes, self.grid, self.key, self.leave.root, self._files()),
            self._section("worth", self.worth),
            widgets.VBox([widgets.HTML(heading_html(self._say("fairness"))), self.fairness]),
            self.headcount.root,
        )

    def _section(self, key: str, *parts: widgets.Widget) -> widgets.Widget:
        return widgets.VBox([widgets.HTML(heading_html(self._say(key), self._say(f"{key}_sub"))), *parts])

    def _look(self, which: str) -> None:
        self.which = which if which in MAPS else MAPS[0]
        if self.plan is not None:
            self._heat()

    def _heat(self) -> None:
        assert self.plan is not None
        option = heat_option(self.plan, self.which, self.page.language.code)
        self.heat.show(
            option, height_px=110 + (24 if len(self.plan.need.days) < 8 else 14) * len(self.plan.need.days)
        )

    def _files(self) -> widgets.Widget:
        undo = widgets.Button(description=self._say("undo"))
        undo.on_click(self.guard(lambda _: self.ask(edits=(), leave=())))
        excel = widgets.Button(description=self._say("download"), button_style="primary")
        excel.on_click(self.guard(lambda _: self._excel()))
        self.whose = widgets.Dropdown(
            options=[(self._say("everybody"), "")], description=self._say("calendar_of")
        )
        ics = widgets.Button(description=self._say("calendar"))
        ics.on_click(self.guard(lambda _: self._calendar()))
        box = widgets.Box([excel, stacked(self.whose), ics, undo])
        box.add_class("es-edit")
        return box

    def _set(self, row: int, day: int, shift: int) -> None:
        if self.plan is None:
            return
        task = self.plan.roster.task
        if row < len(task.people) and day < len(task.days) and shift < len(task.kinds):
            key = (task.people[row].name, task.days[day])
            kept = tuple(edit for edit in self.question.edits if edit[:2] != key)
            number = int(self.plan.repaired.table[row, day])
            back = shift == number  # what the plan had is no change
            self.ask(edits=kept if back else (*kept, (*key, task.kind_names[shift] if shift >= 0 else "")))

    def adopt(self, name: str, content: bytes) -> None:
        """Take over an uploaded team, with its roster if it has one."""
        assert self.desk is not None
        new = self.desk.adopt(self.question, content, name)
        parts = self.desk.team(new).parts()
        self._read = self._say("uploaded", people=str(parts["people"]), leave=str(parts["leave"]), name=name)
        self.question = new
        self._fill()
        self._stale(True)
        self.refiner.ask(new)

    # -- files ----------------------------------------------------------------------------------------------

    def _excel(self) -> None:
        if self.plan is not None:
            plan = self.plan
            content = roster_bytes(plan.roster, language=self.page.language.code, duties=plan.duties)
            self.download.hand_over(f"roster-{plan.question.first}.xlsx", content, FILES["xlsx"])

    def _calendar(self) -> None:
        if self.plan is not None and self.desk is not None:
            who = str(self.whose.value or "")
            zone = (
                self.desk.opened.store.timezone
                if self.desk and hasattr(self.desk.opened.store, "timezone")
                else ""
            )
            content = to_ics(self.plan.roster, who, **({"timezone": zone} if zone else {}))
            self.download.hand_over(f"roster-{self.plan.question.first}.ics", content, FILES["ics"])

    def template(self) -> None:
        """Hand over the workbook to fill in."""
        content = team_template(language=self.page.language.code)
        self.download.hand_over("team.xlsx", content, FILES["xlsx"])
