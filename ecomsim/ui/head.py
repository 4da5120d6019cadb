"""Top of the lever column: which workbook and month, the target, everything back as it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from ecomsim.ui import lean as widgets
from ecomsim.ui.amount import amount_field, amount_words
from ecomsim.ui.desk import Desk, month_words
from ecomsim.ui.model import PlannerState
from ecomsim.ui.planner_words import PLANNER

__all__ = ["Head", "HeadActions"]


class HeadActions(Protocol):
    """What the head asks for."""

    def choose(self, month: str) -> object:
        """Plan another month."""

    def choose_workbook(self, position: object) -> object:
        """Open another workbook."""

    def aim(self, target: object) -> object:
        """Set the target."""

    def reset(self) -> object:
        """Put everything back."""


class Head:
    """Choice of workbook and month, the target."""

    def __init__(self, desk: Desk, state: PlannerState, workbooks: Sequence[Path], act: HeadActions) -> None:
        code = state.language
        rows: list[widgets.Widget] = []
        if len(workbooks) > 1:
            at = next((i for i, path in enumerate(workbooks) if path == desk.opened.path), 0)
            book = widgets.Dropdown(
                options=[(path.name, i) for i, path in enumerate(workbooks)], value=at,
                description=PLANNER.say("workbook", code),
            )  # fmt: skip
            book.observe(lambda change: act.choose_workbook(change["new"]), names="value")
            rows.append(book)
        month = widgets.Dropdown(
            options=[(month_words(one, code), one) for one in desk.months], value=desk.month,
            description=PLANNER.say("month", code),
        )  # fmt: skip
        month.observe(lambda change: act.choose(change["new"]), names="value")
        self._given, self._quiet = desk.goal, False
        goal = state.goal or desk.goal
        self.target = amount_field(goal, PLANNER.say("target", code), code)
        self.target.observe(lambda change: None if self._quiet else act.aim(change["new"]), names="value")
        reset = widgets.Button(description=PLANNER.say("reset_all", code), icon="")
        reset.on_click(lambda _: act.reset())
        rows += [month, self.target, reset]
        self.root = widgets.VBox(rows)
        self.root.add_class("es-desk")

    def show(self, state: PlannerState) -> None:
        """Write the target as it stands."""
        goal = state.goal or self._given
        self._quiet = True
        try:
            self.target.value = amount_words(goal, state.language) if goal else ""
        finally:
            self._quiet = False
