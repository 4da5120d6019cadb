"""The scenario shelf as widgets: name and save the plan, load, copy, delete and compare what was saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any, Protocol

from ecomsim.ui import lean as widgets
from ecomsim.ui.model import PlannerState
from ecomsim.ui.planner_words import PLANNER
from ecomsim.ui.screens import heading_html

__all__ = ["ShelfActions", "ShelfView"]


class ShelfActions(Protocol):
    """What the shelf asks for; every call is guarded by who gives it."""

    def save(self, name: object, note: object) -> object:
        """Save the plan."""

    def load(self, name: str) -> object:
        """Put a saved scenario on the levers."""

    def duplicate(self, name: str) -> object:
        """Copy a saved scenario."""

    def delete(self, name: str) -> object:
        """Take a saved scenario away."""

    def compare(self, names: Sequence[str]) -> object:
        """Show these beside the plan."""

    def download(self, ending: str) -> object:
        """Hand over a report."""


class ShelfView:
    """Name, notes, save; the saved scenarios, a row each; downloads."""

    def __init__(self, state: PlannerState, names: Sequence[str], act: ShelfActions) -> None:
        self._act, self._state = act, state
        code = state.language
        say = PLANNER.say
        self.name = widgets.Text(description=say("name", code), placeholder=say("name_hint", code))
        self.note = widgets.Textarea(description=say("note", code), placeholder=say("note_hint", code))
        save = widgets.Button(description=say("save", code), button_style="primary")
        save.on_click(lambda _: act.save(self.name.value, self.note.value))
        downloads = []
        for ending, word in (("xlsx", "excel"), ("html", "html")):
            button = widgets.Button(description=say(word, code))
            button.on_click(self._download(ending))
            downloads.append(button)
        self._rows = widgets.VBox()
        form = widgets.Box([self.name, self.note, save])
        form.add_class("es-shelf-form")
        ways = widgets.Box(downloads)
        ways.add_class("es-ways")
        title = widgets.HTML(heading_html(say("shelf", code)))
        self.root = widgets.VBox([title, form, self._rows, ways])
        self.root.add_class("es-shelf")
        self.show(state, names)

    def show(self, state: PlannerState, names: Sequence[str]) -> None:
        """Put the plan's name and note in the form, and list what is saved."""
        self._state = state
        self.name.value, self.note.value = state.name, state.note
        if not names:
            empty = escape(PLANNER.say("shelf_empty", state.language))
            self._rows.children = (widgets.HTML(f'<p class="es-sub">{empty}</p>'),)
            return
        self._rows.children = tuple(self._row(name) for name in names)

    def _row(self, name: str) -> widgets.Widget:
        code = self._state.language
        tick = widgets.Checkbox(
            value=name in self._state.compared, description=name, indent=False,
            tooltip=f"{PLANNER.say('compare', code)}: {name}",
        )  # fmt: skip
        tick.observe(lambda change: self._tick(name, bool(change["new"])), names="value")
        actions: tuple[tuple[str, Callable[[str], object]], ...] = (
            ("load", self._act.load),
            ("duplicate", self._act.duplicate),
        )
        buttons = []
        for word, action in actions:
            label = PLANNER.say(word, code)
            button = widgets.Button(description=label, tooltip=f"{label}: {name}")
            button.on_click(self._calling(action, name))
            buttons.append(button)
        row = widgets.Box([tick, *buttons, self._deleter(name)])
        row.add_class("es-shelf-row")
        return row

    def _deleter(self, name: str) -> widgets.Button:
        """Return a button that asks once before it deletes."""
        code = self._state.language
        label = PLANNER.say("delete", code)
        button = widgets.Button(description=label, tooltip=f"{label}: {name}")

        def press(_: Any) -> None:
            if button.description == label:
                button.description = PLANNER.say("delete_sure", code)
                button.add_class("es-sure")
            else:
                self._act.delete(name)

        button.on_click(press)
        return button

    def _tick(self, name: str, on: bool) -> None:
        rest = [one for one in self._state.compared if one != name]
        self._act.compare([*rest, name] if on else rest)

    def _calling(self, action: Callable[[str], object], name: str) -> Callable[[Any], object]:
        return lambda _: action(name)

    def _download(self, ending: str) -> Callable[[Any], object]:
        return lambda _: self._act.download(ending)
