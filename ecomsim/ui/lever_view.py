"""One lever as widgets: a slider, day or tick with its name, where the value comes from, and a way back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from ecomsim.report.words import percent
from ecomsim.store import Store
from ecomsim.ui import lean as widgets
from ecomsim.ui.calendar_view import promotion_name
from ecomsim.ui.levers import Group, Kind, Lever
from ecomsim.ui.planner_words import PLANNER, named

__all__ = ["LeverView", "lever_name", "lever_subject", "product_name", "value_words"]

_FORMATS = {"share": ".1%", "factor": ".0%", "people": ".1f", "days": ".1f", "chats": "d"}


def lever_name(lever: Lever, code: str, subject: str = "") -> str:
    """Return a lever's label."""
    return PLANNER.say(lever.word, code, name=subject or named(lever.subject, code))


def lever_subject(store: Store, lever: Lever, code: str) -> str:
    """Return the label of the channel, promotion, team, category or product a lever belongs to."""
    if lever.group is Group.PROMOTIONS:
        return promotion_name(store.promotions[lever.subject], code)
    return product_name(store, lever.subject) if lever.picked else named(lever.subject, code)


def product_name(store: Store, sku: str) -> str:
    """Return how a product is called: its code and its name, where it has one."""
    name = store.products[sku].name
    return f"{sku} {name}" if name else sku


def value_words(lever: Lever, value: float, code: str) -> str:
    """Write a lever's value as people say it.

    Examples
    --------
    >>> lever = Lever("discount:a", Group.PROMOTIONS, "a", "discount", Kind.SET, ("x",), "share", .2, 0, .6, .01)
    >>> value_words(lever, .25, "en")
    '25 %'
    >>> value_words(Lever("k", Group.SERVICE, "", "concurrency", Kind.SET, ("x",), "chats", 3.0, 1, 8, 1), 3.0, "en")
    '3'
    """
    if lever.kind is Kind.DATE:
        day = dt.date.fromordinal(int(value))
        return f"{day.month}月{day.day}日" if code == "zh" else f"{day.day} {day:%b}"
    if lever.kind is Kind.SWITCH:
        return "✓" if value else "–"
    if lever.unit in ("share", "factor"):
        return percent(value)
    # As the slider writes it, so that a value at rest reads the same twice.
    readout = _readout(lever)
    return format(round(value) if readout.endswith("d") else value, readout).replace("-", "−")


def _readout(lever: Lever) -> str:
    return _FORMATS.get(lever.unit, ",.0f" if lever.today >= 20 else ",.1f")


class LeverView:
    """Widgets of one lever.

    Parameters
    ----------
    lever : what is moved
    subject : label of what it belongs to
    value : where it stands
    code : language
    move : called with (id, value) when the user moves it; returns where the lever stands then
    """

    def __init__(
        self,
        lever: Lever,
        subject: str,
        value: float,
        code: str,
        move: Callable[[str, Any], object],
    ) -> None:
        self.lever, self._move, self._quiet = lever, move, False
        name = lever_name(lever, code, subject)
        self._name = name
        said = PLANNER.say("today", code, value=value_words(lever, lever.today, code))
        about = f"{name} · {said} · {lever.source}"
        self.control = self._control(name, about, value)
        self.control.observe(self._moved, names="value")
        reset = PLANNER.say("reset", code, value=value_words(lever, lever.today, code))
        self.reset = widgets.Button(description="↺", tooltip=f"{name}: {reset}")
        self.reset.add_class("es-reset")
        self.reset.on_click(lambda _: self._move(lever.id, lever.today))
        self.today = widgets.HTML(f'<span class="es-sub">{said}</span>')
        self.today.add_class("es-today")
        self.root = widgets.Box([self.control, self.today, self.reset])
        self.root.add_class("es-lever")
        if lever.how == "assumed":
            self.root.add_class("es-lever-assumed")
        self._mark(value)

    def show(self, value: float) -> None:
        """Put the widget where the model stands, without asking anything."""
        self._quiet = True
        try:
            if isinstance(self.control, widgets.FloatSlider):
                # The browser may have moved the bounds; the model's count.
                self.control.min, self.control.max = min(self.control.min, self.lever.low), self.lever.high
                self.control.min = self.lever.low
                self.control.value = value
            elif self.lever.kind is Kind.DATE:
                self.control.value = dt.date.fromordinal(int(value))
            else:
                self.control.value = bool(value) if self.lever.kind is Kind.SWITCH else int(value)
        finally:
            self._quiet = False
        self._mark(value)

    def _control(self, name: str, about: str, value: float) -> Any:
        lever = self.lever
        if lever.kind is Kind.SWITCH:
            return widgets.Checkbox(value=bool(value), description=name, tooltip=about, indent=False)
        if lever.kind is Kind.DATE:
            return widgets.DatePicker(
                value=dt.date.fromordinal(int(value)), description=name, tooltip=about,
                min=dt.date.fromordinal(int(lever.low)), max=dt.date.fromordinal(int(lever.high)),
            )  # fmt: skip
        if lever.unit == "chats":
            return widgets.IntSlider(
                int(value), min=int(lever.low), max=int(lever.high), description=name, tooltip=about
            )
        return widgets.FloatSlider(
            value, min=lever.low, max=lever.high, step=lever.step, description=name, tooltip=about,
            readout_format=_readout(lever),
        )  # fmt: skip

    def _moved(self, change: Any) -> None:
        if not self._quiet and change["new"] is not None:
            self._move(self.lever.id, change["new"])

    def _mark(self, value: float) -> None:
        changed = not self.lever.same(value)
        (self.reset.remove_class if changed else self.reset.add_class)("es-hidden")
        (self.root.add_class if changed else self.root.remove_class)("es-changed")
