"""Levers on some days only, as widgets: what is set, each to be edited or taken out, and a form for another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from html import escape
from typing import Any, Protocol

from ecomsim.calendar import Horizon
from ecomsim.ui import lean as widgets
from ecomsim.ui.change_words import change_words, dated_words, lever_noun
from ecomsim.ui.dated import datable
from ecomsim.ui.fold import Fold
from ecomsim.ui.language import Words
from ecomsim.ui.levers import Catalogue, Kind, Lever
from ecomsim.ui.model import PlannerState
from ecomsim.ui.planner_words import PLANNER

__all__ = ["DatedActions", "DatedView"]

_SAY = Words(
    {
        "title": ("On some days only", "仅在部分日期"),
        "hint": (
            "Moves a lever between two days; an empty day leaves that end open.",
            "在两个日期之间调整；日期留空表示不限。",
        ),
        "lever": ("What", "调整项"),
        "percent": ("Change, %", "变动（%）"),
        "share": ("New value, %", "新值（%）"),
        "money": ("New value, yuan", "新值（元）"),
        "level": ("New value", "新值"),
        "first": ("From", "开始日"),
        "last": ("To", "结束日"),
        "add": ("Add the change", "添加调整"),
        "keep": ("Save the change", "保存修改"),
        "cancel": ("Cancel", "取消"),
        "edit": ("Edit", "修改"),
    }
)


class DatedActions(Protocol):
    """What the view asks for; every call is guarded by who gives it."""

    def guard(self, act: Callable[[], object]) -> Callable[[], object]:
        """Return `act` with its faults shown."""

    def on_days(
        self,
        id: object,
        raw: object,
        first: object,
        last: object,
        *,
        position: int | None,
        relative: bool | None,
    ) -> object:
        """Move a lever on some days, or put this in place of an earlier entry."""

    def remove(self, kind: str, position: int) -> object:
        """Take out an entry."""


class DatedView:
    """The dated changes of a plan, and those of a loaded scenario that no lever shows.

    Parameters
    ----------
    levers, horizon : what may be moved, and the days that are planned
    subject : label of what a lever belongs to
    state : where everything stands
    act : what is asked for
    """

    def __init__(
        self,
        levers: Catalogue,
        horizon: Horizon,
        subject: Callable[[Lever], str],
        state: PlannerState,
        act: DatedActions,
    ) -> None:
        self._levers, self._horizon, self._subject, self._act = levers, horizon, subject, act
        self._state, self._editing = state, -1
        self._rows, self._others = widgets.VBox(), widgets.VBox()
        self._fold = Fold("", self._build, act.guard)
        self.root = widgets.VBox([self._fold.root, self._others])
        self.show(state, fresh=True)

    def show(self, state: PlannerState, *, fresh: bool = False) -> None:
        """List what the state holds."""
        before, self._state = self._state, state
        count = len(state.dated)
        told = f" · {PLANNER.say('changed', state.language, count=str(count))}" if count else ""
        self._fold.name(self._say("title") + told)
        if fresh or before.dated != state.dated:
            self._editing = -1
            if count and not self._fold.is_open:
                self._fold.toggle()
            self._fold.refill()
        if fresh or before.extra != state.extra:
            self._show_others()

    def _say(self, key: str) -> str:
        return _SAY.say(key, self._state.language)

    def _show_others(self) -> None:
        code, extra = self._state.language, self._state.extra
        rows: list[widgets.Widget] = []
        if extra:
            rows.append(widgets.HTML(f"<h3>{escape(PLANNER.say('extra', code))}</h3>"))
        for i, change in enumerate(extra):
            rows.append(self._row(change_words(change, self._levers, self._subject, code), "extra", i))
        self._others.children = tuple(rows)

    def _build(self) -> list[widgets.Widget]:
        rows: list[widgets.Widget] = []
        for i, one in enumerate(self._state.dated):
            lever = self._levers[one.lever]
            said = dated_words(one, lever, self._subject(lever), self._state.language)
            rows.append(self._row(said, "dated", i))
        return [*rows, *self._form()]

    def _row(self, text: str, kind: str, position: int) -> widgets.Widget:
        buttons = []
        if kind == "dated":
            edit = widgets.Button(description="✎", tooltip=f"{self._say('edit')}: {text}"[:160])
            edit.on_click(lambda _: self._act.guard(lambda: self._edit(position))())
            buttons.append(edit)
        remove = PLANNER.say("remove", self._state.language)
        away = widgets.Button(description="×", tooltip=f"{remove}: {text}"[:160])
        away.on_click(lambda _: self._act.remove(kind, position))
        buttons.append(away)
        for button in buttons:
            button.add_class("es-reset")
        row = widgets.Box([widgets.HTML(f"<span>{escape(text)}</span>"), *buttons])
        row.add_class("es-row")
        return row

    def _edit(self, position: int) -> None:
        self._editing = position
        self._fold.refill()

    def _form(self) -> list[widgets.Widget]:
        may = datable(self._levers)
        if not may:
            return []
        held = self._state.dated[self._editing] if self._editing >= 0 else None
        code = self._state.language
        options = [(lever_noun(one, self._subject(one), code), one.id) for one in may]
        lever = widgets.Dropdown(
            options=options, value=held.lever if held else may[0].id, description=self._say("lever")
        )
        value = widgets.FloatText(value=held.shown(self._levers[held.lever]) if held else 20.0)

        def relative() -> bool | None:
            return held.relative if held and held.lever == lever.value else None

        def name(_: Any = None) -> None:
            value.description = self._say(_unit(self._levers[lever.value], relative()))

        name()
        lever.observe(lambda change: self._act.guard(name)(), names="value")
        days = self._horizon
        start = held.first if held else days.start
        end = held.last if held else min(days.end, days.start + dt.timedelta(days=6))
        first = widgets.DatePicker(value=start, description=self._say("first"))
        last = widgets.DatePicker(value=end, description=self._say("last"))
        add = widgets.Button(description=self._say("keep" if held else "add"))
        add.on_click(
            lambda _: self._act.on_days(
                lever.value, value.value, first.value, last.value,
                position=self._editing if held else None, relative=relative(),
            )
        )  # fmt: skip
        buttons = [add]
        if held:
            cancel = widgets.Button(description=self._say("cancel"))
            cancel.on_click(lambda _: self._act.guard(lambda: self._edit(-1))())
            buttons.append(cancel)
        ways = widgets.Box(buttons)
        ways.add_class("es-ways")
        hint = widgets.HTML(f'<p class="es-sub">{escape(self._say("hint"))}</p>')
        dates = widgets.Box([_stacked(first), _stacked(last)])
        dates.add_class("es-two")
        return [hint, _stacked(lever), _stacked(value), dates, ways]


def _unit(lever: Lever, relative: bool | None) -> str:
    if relative or (relative is None and lever.kind is not Kind.SET):
        return "percent"
    return lever.unit if lever.unit in ("share", "money") else "level"


def _stacked(control: widgets.DOMWidget) -> widgets.Widget:
    """Return a control with its name above it."""
    row = widgets.Box([control])
    row.add_class("es-lever")
    return row
