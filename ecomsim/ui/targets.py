"""The targets dashboard: will we make the month, how sure, what would close the gap."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from ecomsim.checks import EcomsimError, require_name
from ecomsim.chinese import in_chinese
from ecomsim.metrics import label
from ecomsim.report.outlook import OutlookPage, write_outlook_excel, write_outlook_html
from ecomsim.ui import lean as widgets
from ecomsim.ui.amount import amount_field, amount_of, amount_words
from ecomsim.ui.desk import month_words
from ecomsim.ui.download import KINDS, Download
from ecomsim.ui.later import Later
from ecomsim.ui.messages import State, message_html
from ecomsim.ui.place import WORKBOOK_VARIABLE
from ecomsim.ui.shell import Page
from ecomsim.ui.style import PlannerStyle
from ecomsim.ui.targets_board import Found, TargetsBoard, charts_of
from ecomsim.ui.targets_desk import Asked, TargetsDesk
from ecomsim.ui.targets_view import (
    cards,
    headline,
    longer_frame,
    longer_rows,
    moved_rows,
    need_rows,
    part_rows,
)
from ecomsim.ui.targets_words import TARGETS

__all__ = ["Targets", "targets"]


_POINTS = 10


def targets(workbook: str | os.PathLike[str] = "") -> Page:
    """Return the targets dashboard as a page to be displayed.

    Parameters
    ----------
    workbook : folder; default the one the server was started with

    Examples
    --------
    >>> targets("build/demo/flagship/workbook")                           # doctest: +SKIP
    """
    place = os.fspath(workbook) or os.environ.get(WORKBOOK_VARIABLE, "")
    return Targets(Path(place) if place else None).page


class Targets:
    """Joins the question, the forecasts and the views; every callback is guarded."""

    def __init__(self, path: Path | None) -> None:
        self._column = widgets.VBox()
        self._column.add_class("es-desk")
        self.page = Page("targets", "question", TARGETS, levers=self._column)
        self.download = Download()
        self.page.root.children = (*self.page.root.children, self.download, PlannerStyle())
        self.later = Later(self.page)
        self._quiet = False
        self.found: Found | None = None
        self.desk: TargetsDesk | None = None
        self.page.guard(self._open)(path)
        if self.desk is None:
            empty = message_html(State.EMPTY, TARGETS.say("empty", self.page.language.code), language="en")
            self.page.show(widgets.HTML(empty))
        self.page.language.observe(self.page.guard(self._spoken), names="code")

    def _open(self, path: Path | None) -> None:
        if path is None:
            raise EcomsimError(
                "workbook",
                "no folder",
                "a workbook",
                "Start with: ecomsim dashboard WORKBOOK, or name it in the call",
            )
        desk = TargetsDesk(path)
        metric = desk.metrics[0]
        month = desk.months[-3]
        by = desk.levels[0] if desk.levels else ""
        goal = desk.goal(metric, month)
        self.desk = desk
        self.asked = desk.checked(
            Asked(metric, month, by, desk.days(month)[0], goal, self.page.language.code)
        )
        self._build()
        self._answer()

    # -- asking ---------------------------------------------------------------------------------------------

    def ask(self, **changed: Any) -> None:
        """Take a changed question; a fault leaves everything as it was."""
        assert self.desk is not None
        fresh = replace(self.asked, **changed)
        if fresh.metric != self.asked.metric or fresh.month != self.asked.month:
            fresh = replace(fresh, goal=self.desk.goal(fresh.metric, fresh.month))
        fresh = self.desk.checked(fresh)
        rebuilt = (fresh.metric, fresh.month) != (self.asked.metric, self.asked.month)
        self.page.clear()
        self.asked = fresh
        if rebuilt:
            self._build()
        self._answer()

    def _answer(self) -> None:
        desk, asked = self.desk, self.asked
        assert desk is not None
        first = Found(asked, desk.quick(asked), asked.target())
        self._show(first, False)

        def slow() -> Found:
            outlook = desk.full(asked)
            target = asked.target()
            told = None
            if target is not None:
                span = max(1, (asked.as_of - dt.date.fromisoformat(f"{asked.month}-01")).days + 14)
                told = outlook.chance_over_time(target, asked.month, every=max(1, -(-span // _POINTS)))
            before = desk.before(asked, outlook)
            moves = outlook.compare(before, asked.month)
            return Found(asked, outlook, target, told, moves, str(before.as_of), desk.longer(asked, outlook))

        self.later.newest(slow, lambda found: self._show(found, True))

    def _show(self, found: Found, is_last: bool) -> None:
        if found.asked != self.asked:
            return
        self.found = found
        self.page.answer(self.board.show(found, is_last))

    # -- views ----------------------------------------------------------------------------------------------

    def _build(self) -> None:
        desk, asked = self.desk, self.asked
        assert desk is not None
        code = asked.language
        say = TARGETS.say
        rows = [
            self._choice("metric", [(label(m, code), m) for m in desk.metrics], asked.metric),
            self._choice("month", [(month_words(m, code), m) for m in desk.months], asked.month),
            self._choice("as_of", [(str(day), day) for day in desk.days(asked.month)], asked.as_of),
        ]
        if desk.levels:
            rows.append(self._choice("by", [(say(level, code), level) for level in desk.levels], asked.by))
        self._goal = amount_field(asked.goal, say("target", code), code)
        self._goal.observe(lambda change: self._aim(change["new"]), names="value")
        self._column.children = (*rows, self._goal)
        buttons = []
        for ending, word in (("xlsx", "excel"), ("html", "html")):
            button = widgets.Button(description=say(word, code))
            button.on_click(self._handing(ending))
            buttons.append(button)
        ways = widgets.Box(buttons)
        ways.add_class("es-ways")
        self.board = TargetsBoard(code, ways)
        self.page.show(*self.board.widgets)

    def _choice(self, key: str, options: list[tuple[str, Any]], value: Any) -> widgets.Dropdown:
        box = widgets.Dropdown(
            options=options, value=value, description=TARGETS.say(key, self.asked.language)
        )
        box.observe(lambda change: self.page.guard(self.ask)(**{key: change["new"]}), names="value")
        return box

    def _aim(self, typed: object) -> None:
        if self._quiet:
            return
        self.page.guard(lambda: self.ask(goal=amount_of(typed, "target") or None))()
        self._quiet, goal = True, self.asked.goal
        self._goal.value = amount_words(goal, self.asked.language) if goal else ""
        self._quiet = False

    def _spoken(self, change: Any) -> None:
        if self.desk is None:
            return
        self.asked = replace(self.asked, language=change["new"])
        self._build()
        self._answer()

    # -- downloads ------------------------------------------------------------------------------------------

    def _handing(self, ending: str) -> Callable[[Any], object]:
        return lambda _: self.page.guard(self._hand_over)(ending)

    def _hand_over(self, ending: str) -> None:
        require_name(ending, list(KINDS), "download", "kind of report")
        found = self.found
        if found is None:
            return
        name = f"{found.asked.metric}-{found.asked.month}.{ending}"
        page = _document(found)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            (write_outlook_excel if ending == "xlsx" else write_outlook_html)(page, path)
            self.download.hand_over(name, path.read_bytes(), KINDS[ending])


def _document(found: Found) -> OutlookPage:
    asked, outlook, target = found.asked, found.outlook, found.target
    code, month = asked.language, asked.month
    told = cards(outlook, target, month, code)
    tables = []
    sheets = {
        "total": outlook.total(month),
        "days": outlook.quantiles(cumulative=False),
        "parts": outlook.explain(month),
    }
    if found.level:
        title = TARGETS.say("parts", code, level=TARGETS.say(found.level, code))
        tables.append((title, part_rows(outlook, month, found.level, code)))
        sheets[found.level] = outlook.total(month, found.level)
    if found.longer:
        tables.insert(0, (TARGETS.say("longer", code), longer_rows(found.longer, code)))
        sheets["quarter and year"] = longer_frame(found.longer)
    if target is not None:
        tables.append((TARGETS.say("needs", code), need_rows(outlook, target, month, code, most=31)))
        sheets |= {"target": outlook.attainment(target), "pacing": outlook.pacing(target, month)}
        sheets["needed"] = outlook.needed(target, month)
    if found.moves is not None:
        title = TARGETS.say("moved", code, day=found.earlier)
        tables.insert(0, (title, moved_rows(found.moves, asked.metric, code)))
    if found.over_time is not None:
        sheets["chance"] = found.over_time
    if found.moves is not None:
        sheets["moved"] = found.moves
    charts = charts_of(found)
    return OutlookPage(
        f"{label(asked.metric, code)} · {month_words(month, code)}",
        headline(outlook, target, month, code),
        code,
        [(card.name, card.value, card.range) for card in told],
        [charts[name] for name in ("fan", "parts", "chance") if name in charts],
        tables,
        sheets,
        [in_chinese(note) if code == "zh" else note for note in outlook.notes],
    )
