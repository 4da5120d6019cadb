"""The staffing dashboard: what-if on the left; need, roster, service and fairness of a week on the right."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
from collections.abc import Callable
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import anywidget

from ecomsim.opened import Opened, open_calibrated
from ecomsim.staffing import roster_bytes
from ecomsim.ui import lean as widgets
from ecomsim.ui.chart_view import ChartView
from ecomsim.ui.download import KINDS as FILES
from ecomsim.ui.download import Download
from ecomsim.ui.messages import State, skeleton_html
from ecomsim.ui.place import WORKBOOK_VARIABLE
from ecomsim.ui.refiner import Refiner
from ecomsim.ui.screens import cards_html, heading_html
from ecomsim.ui.shell import Page
from ecomsim.ui.staffing_model import CHECKS, KINDS, LIMITS, RUNS, Question, StaffDesk, WeekPlan
from ecomsim.ui.staffing_views import (
    MAPS,
    cards,
    day_name,
    fairness_html,
    headline,
    heat_option,
    notes_html,
    roster_html,
)
from ecomsim.ui.staffing_words import STAFFING
from ecomsim.ui.style import PlannerStyle

__all__ = ["Staffing", "staffing"]


class StaffingStyle(anywidget.AnyWidget):
    """Rules for the roster grid, beside those of the frame."""

    _esm = "export default { render({ el }) { el.style.display = 'none'; } };"
    _css = """
    .es-roster { max-height: 460px; overflow: auto; }
    .es-page .es-roster td { text-align: center; font-size: var(--es-small); white-space: nowrap; }
    .es-page .es-roster th { position: sticky; left: 0; background: var(--es-paper); white-space: nowrap; }
    .es-page .es-roster thead th { position: sticky; top: 0; text-align: center; z-index: 1; }
    .es-shift-0 { background: color-mix(in srgb, #56a5d3 22%, transparent); }
    .es-shift-1 { background: color-mix(in srgb, #e69f00 24%, transparent); }
    .es-shift-2 { background: color-mix(in srgb, #8f6bb3 26%, transparent); }
    .es-page .es-shift-off { color: var(--es-grey); }
    .es-page .es-fairness .es-scroll { max-height: 380px; overflow: auto; }
    .es-page .widget-toggle-button.mod-active { background: var(--es-ink); color: var(--es-paper); box-shadow: none; }
    .es-page .es-levers h3, .es-page .es-main h3 { margin: 12px 0 4px; }
    .es-page .es-edit { margin: 8px 0 12px; display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: flex-end; }
    .es-page .es-edit > * { max-width: 220px; }
    """


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
        self.page.root.children = (*self.page.root.children, self.download, PlannerStyle(), StaffingStyle())
        self.refiner: Refiner[Question, WeekPlan] = Refiner(
            self._work, self._show, self._failed, post=_poster(), pieces=1
        )
        self.desk: StaffDesk | None = None
        self.plan: WeekPlan | None = None
        self.which = MAPS[0]
        if workbook is not None:
            self.page.guard(self.open)(workbook)
        if self.desk is None:
            from ecomsim.ui.empty import empty_state

            self.page.show(empty_state(self.page, self._later, self.begin))
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
        self.question = replace(self.question, **parts)
        self._stale(True)
        self.refiner.ask(self.question)

    # -- answering ------------------------------------------------------------------------------------------

    def _work(self, asked: Question, piece: int, stale: Callable[[], None]) -> WeekPlan:
        assert self.desk is not None
        return self.desk.plan(asked)

    def _failed(self, asked: Question, fault: BaseException) -> None:
        self._stale(False)
        self.page.tell(fault)

    def _show(self, asked: Question, plan: WeekPlan, is_last: bool) -> None:
        self.page.clear()
        self.plan = plan
        self.page.guard(self._draw)()

    def _draw(self) -> None:
        plan, code = self.plan, self.page.language.code
        if plan is None:
            return
        self.page.answer(headline(plan, code))
        self.cards.value = cards_html(cards(plan, code), STAFFING.say("cards", code))
        day = str(self.desk.opened.store.as_of) if self.desk else ""
        told = STAFFING.say("status", code, runs=str(RUNS), checks=str(CHECKS), day=day)
        self.status.value = f'<p class="es-sub es-status" role="status">{escape(told)}</p>'
        self.heat.show(heat_option(plan, self.which, code))
        self.roster.value = roster_html(plan, code)
        self.notes.value = notes_html(plan, code)
        self.fairness.value = fairness_html(plan, code)
        names = [person.name for person in plan.roster.task.people]
        if list(self.who.options) != names:
            self.who.options, self.who.value = names, names[0]
        days = [(day_name(plan, d, code), day) for d, day in enumerate(plan.roster.task.days)]
        if list(self.when.options) != days:
            self.when.options, self.when.value = days, days[0][1]
        self._stale(False)

    def _stale(self, on: bool) -> None:
        for view in (self.cards, self.heat.root, self.roster, self.fairness):
            (view.add_class if on else view.remove_class)("es-stale")
        if on:
            working = escape(STAFFING.say("working", self.page.language.code))
            self.status.value = f'<p class="es-sub es-status" role="status">{working}</p>'

    # -- views ----------------------------------------------------------------------------------------------

    def _spoken(self, change: Any) -> None:
        if self.desk is not None:
            self._build()
            self._draw()

    def _say(self, key: str) -> str:
        return STAFFING.say(key, self.page.language.code)

    def _build(self) -> None:
        """Make all views anew, in the page's language."""
        assert self.desk is not None
        code = self.page.language.code
        self._column.children = tuple(self._levers())
        self.cards = widgets.HTML(skeleton_html(104, language=code))
        self.status = widgets.HTML(
            f'<p class="es-sub es-status" role="status">{escape(self._say("working"))}</p>'
        )
        self.heat = ChartView(300, "es-heat")
        maps = widgets.ToggleButtons(options=[(self._say(key), key) for key in MAPS], value=self.which)
        maps.observe(self.page.guard(lambda change: self._look(change["new"])), names="value")
        self.roster, self.notes, self.fairness = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.page.show(
            widgets.VBox([self.cards, self.status]),
            widgets.VBox([widgets.HTML(heading_html(self._say("heat"), self._say("heat_sub"))), maps, self.heat.root]),
            widgets.VBox(
                [
                    widgets.HTML(heading_html(self._say("roster"), self._say("roster_sub"))),
                    self._editor(), self.notes, self.roster,
                    widgets.HTML(f'<p class="es-sub">{escape(self._say("shift_hours"))}</p>'),
                ]
            ),
            widgets.VBox([widgets.HTML(heading_html(self._say("fairness"))), self.fairness]),
        )  # fmt: skip

    def _look(self, which: str) -> None:
        self.which = which if which in MAPS else MAPS[0]
        if self.plan is not None:
            self.heat.show(heat_option(self.plan, self.which, self.page.language.code))

    def _levers(self) -> list[widgets.Widget]:
        assert self.desk is not None
        asked = self.question
        week = widgets.Dropdown(
            options=[(str(day), day) for day in self.desk.mondays],
            value=asked.monday,
            description=self._say("week"),
        )
        week.observe(self.page.guard(lambda change: self.ask(monday=change["new"], edits=())), names="value")
        rows: list[widgets.Widget] = [
            _stacked(week),
            widgets.HTML(f"<h3>{escape(self._say('what_if'))}</h3>"),
        ]
        rows += [
            self._slider(name, 10 if name == "volume" else 1)
            for name in ("volume", "handling", "concurrency")
        ]
        rows.append(self._slider("patience", 10))
        rows.append(widgets.HTML(f"<h3>{escape(self._say('promise'))}</h3>"))
        rows += [self._slider("share", 1), self._slider("within", 5)]
        rows.append(widgets.HTML(f"<h3>{escape(self._say('team'))}</h3>"))
        size = widgets.BoundedIntText(
            value=int(asked.people), min=0, max=LIMITS["people"][1], description=self._say("team_size"),
            continuous_update=False,
        )  # fmt: skip
        size.observe(self.page.guard(lambda change: self.ask(people=change["new"], edits=())), names="value")
        names = widgets.Textarea(
            value="\n".join(asked.names), description=self._say("names"), continuous_update=False, rows=4
        )
        names.observe(
            self.page.guard(lambda change: self.ask(names=tuple(change["new"].splitlines()), edits=())),
            names="value",
        )
        note = widgets.HTML(f'<p class="es-sub">{escape(self._say("names_note"))}</p>')
        return [*rows, _stacked(size), _stacked(names), note]

    def _slider(self, name: str, step: int) -> widgets.Widget:
        low, high = LIMITS[name]
        slider = widgets.IntSlider(
            value=int(getattr(self.question, name)), min=low, max=high, step=step, description=self._say(name),
            continuous_update=False,
        )  # fmt: skip
        slider.observe(
            self.page.guard(lambda change: self.ask(**{name: change["new"], "edits": ()})), names="value"
        )
        return _stacked(slider)

    def _editor(self) -> widgets.Widget:
        self.who = widgets.Dropdown(description=self._say("name"))
        self.when = widgets.Dropdown(description=self._say("day"))
        shifts = [(self._say(kind.name), kind.name) for kind in KINDS] + [(self._say("off"), "")]
        self.what = widgets.Dropdown(options=shifts, description=self._say("shift"))
        change = widgets.Button(description=self._say("set"), button_style="primary")
        undo = widgets.Button(description=self._say("undo"))
        get = widgets.Button(description=self._say("download"))
        change.on_click(self.page.guard(lambda _: self._set()))
        undo.on_click(self.page.guard(lambda _: self.ask(edits=())))
        get.on_click(self.page.guard(lambda _: self._hand_over()))
        box = widgets.Box([_stacked(self.who), _stacked(self.when), _stacked(self.what), change, undo, get])
        box.add_class("es-edit")
        return box

    def _set(self) -> None:
        name, day, kind = self.who.value, self.when.value, self.what.value
        if isinstance(day, dt.date) and name:
            kept = tuple(edit for edit in self.question.edits if edit[:2] != (name, day))
            self.ask(edits=(*kept, (name, day, kind)))

    def _hand_over(self) -> None:
        if self.plan is not None:
            content = roster_bytes(self.plan.roster, language=self.page.language.code)
            self.download.hand_over(f"roster-{self.plan.question.monday}.xlsx", content, FILES["xlsx"])

    def _later(self, slow: Callable[[], Any], receive: Callable[[Any], object]) -> None:
        self.page.note(State.LOADING, self._say("working"))

        def run() -> None:
            receive(slow())

        self.page.guard(run)()


def _stacked(control: widgets.DOMWidget) -> widgets.Widget:
    """Return a control with its name above it."""
    row = widgets.Box([control])
    row.add_class("es-lever")
    return row


def _poster() -> Callable[[Callable[[], object]], object]:
    """Return what runs a function on the kernel's event loop; without a loop, at once."""
    try:
        return asyncio.get_running_loop().call_soon_threadsafe
    except RuntimeError:
        return lambda act: act()
