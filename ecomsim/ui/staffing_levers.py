"""The controls of the staffing dashboard: what-if on the left; files and leave above the roster."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from html import escape
from typing import Any, Protocol

from ecomsim.ui import lean as widgets
from ecomsim.ui.desk import month_words
from ecomsim.ui.staffing_ask import LIMITS, SPANS, STARTS, Question, WeekPlan
from ecomsim.ui.staffing_model import StaffDesk
from ecomsim.ui.staffing_words import STAFFING
from ecomsim.ui.upload import Upload

__all__ = ["LeaveForm", "Screen", "levers", "stacked"]


class Screen(Protocol):
    """What controls ask of the dashboard."""

    question: Question

    def ask(self, **parts: Any) -> None:
        """Move levers."""

    def adopt(self, name: str, content: bytes) -> None:
        """Take over an uploaded team."""

    def template(self) -> None:
        """Hand over the workbook to fill in."""

    def guard(self, action: Callable[..., Any]) -> Callable[..., Any]:
        """Return a callback whose faults show on the page."""


def stacked(control: widgets.DOMWidget) -> widgets.Widget:
    """Return a control with its name above it."""
    row = widgets.Box([control])
    row.add_class("es-lever")
    return row


def levers(screen: Screen, desk: StaffDesk, code: str) -> list[widgets.Widget]:
    """Return the column on the left."""
    asked = screen.question

    def say(key: str) -> str:
        return STAFFING.say(key, code)

    def moved(control: Any, name: str, fresh: bool = True) -> widgets.Widget:
        more = {"edits": (), "leave": ()} if fresh else {}
        control.observe(
            screen.guard(lambda change: screen.ask(**{name: change["new"], **more})), names="value"
        )
        return stacked(control)

    def slider(name: str, step: int) -> widgets.Widget:
        low, high = LIMITS[name]
        return moved(
            widgets.IntSlider(
                value=int(getattr(asked, name)), min=low, max=high, step=step, description=say(name),
                continuous_update=False,
            ), name,
        )  # fmt: skip

    def title(key: str) -> widgets.Widget:
        return widgets.HTML(f"<h3>{escape(say(key))}</h3>")

    spans = [(say(f"span_{span}"), span) for span in SPANS]
    span = widgets.ToggleButtons(options=spans, value=asked.span, description=say("span"))

    def respanned(change: Any) -> None:
        first = desk.months[0] if change["new"] == "month" else desk.mondays[0]
        screen.ask(span=change["new"], first=first, edits=(), leave=(), start="plan")

    span.observe(screen.guard(respanned), names="value")
    if asked.span == "month":
        firsts = [(month_words(f"{day:%Y-%m}", code), day) for day in desk.months]
    else:
        firsts = [(str(day), day) for day in desk.mondays]
    if asked.first not in [day for _, day in firsts]:
        firsts.append((str(asked.first), asked.first))
    name = "month" if asked.span == "month" else "week"
    when = widgets.Dropdown(options=firsts, value=asked.first, description=say(name))
    rows = [stacked(span), moved(when, "first"), title("what_if")]
    rows += [slider("volume", 10), slider("handling", 1), slider("concurrency", 1), slider("patience", 10)]
    rows += [title("promise"), slider("share", 1), slider("within", 5), title("team")]
    upload = Upload(label=say("upload"), too_large=say("too_large"))
    upload.when_chosen(screen.guard(screen.adopt))
    template = widgets.Button(description=say("template"))
    template.on_click(screen.guard(lambda _: screen.template()))
    files = widgets.HBox([upload, template])
    files.add_class("es-files")
    rows.append(files)
    book = desk.team(asked)
    if book.people:
        if book.cells:
            starts = [(say(f"start_{start}"), start) for start in STARTS]
            rows.append(
                moved(widgets.Dropdown(options=starts, value=asked.start, description=say("start")), "start")
            )
        forget = widgets.Button(description=say("forget"))
        forget.on_click(screen.guard(lambda _: screen.ask(team=0, start="plan", edits=(), leave=())))
        return [*rows, forget]
    size = widgets.BoundedIntText(
        value=int(asked.people),
        min=0,
        max=LIMITS["people"][1],
        description=say("team_size"),
        continuous_update=False,
    )
    names = widgets.Textarea(
        value="\n".join(asked.names), description=say("names"), continuous_update=False, rows=4
    )
    names.observe(
        screen.guard(
            lambda change: screen.ask(names=tuple(change["new"].splitlines()), edits=(), leave=())
        ), names="value",
    )  # fmt: skip
    note = widgets.HTML(f'<p class="es-sub">{escape(say("names_note"))}</p>')
    return [*rows, moved(size, "people"), stacked(names), note]


class LeaveForm:
    """Who is away from when to when; asked for, the roster is repaired with the fewest changes."""

    def __init__(self, screen: Screen, code: str) -> None:
        self._screen, self._code = screen, code
        self.who = widgets.Dropdown(description=STAFFING.say("name", code))
        self.first = widgets.Dropdown(description=STAFFING.say("from", code))
        self.last = widgets.Dropdown(description=STAFFING.say("to", code))
        self.put = widgets.Button(description=STAFFING.say("put_leave", code), button_style="primary")
        self.put.on_click(screen.guard(lambda _: self._put()))
        self.first.observe(screen.guard(self._follow), names="value")
        box = widgets.Box([stacked(self.who), stacked(self.first), stacked(self.last), self.put])
        box.add_class("es-edit")
        self.root = widgets.VBox(
            [widgets.HTML(f"<h3>{escape(STAFFING.say('leave_heading', code))}</h3>"), box]
        )

    def follow(self, plan: WeekPlan, day_names: list[str]) -> None:
        """Offer the people and days of a plan."""
        names = [person.name for person in plan.roster.task.people]
        if list(self.who.options) != names:
            self.who.options, self.who.value = names, names[0]
        days = list(zip(day_names, plan.roster.task.days, strict=True))
        if list(self.first.options) != days:
            self.first.options, self.first.value = days, days[0][1]
            self.last.options, self.last.value = days, days[0][1]

    def _follow(self, change: Any) -> None:
        if isinstance(self.last.value, dt.date) and change["new"] and self.last.value < change["new"]:
            self.last.value = change["new"]

    def _put(self) -> None:
        who, first, last = self.who.value, self.first.value, self.last.value
        if isinstance(first, dt.date) and isinstance(last, dt.date) and who:
            first, last = min(first, last), max(first, last)
            kept = tuple(
                edit for edit in self._screen.question.edits if edit[0] != who or not first <= edit[1] <= last
            )
            self._screen.ask(leave=(*self._screen.question.leave, (who, first, last)), edits=kept)
