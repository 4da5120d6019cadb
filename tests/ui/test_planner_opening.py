"""Which store the planner opens: one of several workbooks, or the sample store from the empty page."""

from __future__ import annotations

import time
from pathlib import Path

import ipywidgets as widgets
import pytest

from ecomsim.ui import controller, empty
from ecomsim.ui.actions import Actions
from ecomsim.ui.controller import Planner
from tests.ui.planner_shop import opened


def told(plan: Planner) -> str:
    return " ".join(one.value for one in plan.page.messages.children if hasattr(one, "value"))


def test_another_workbook_is_chosen_and_one_that_is_not_there_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []
    monkeypatch.setattr(controller, "open_calibrated", lambda path: asked.append(path) or opened(path))
    plan = Planner([tmp_path / "north", tmp_path / "south"])
    (choice,) = [one for one in plan.head.root.children if getattr(one, "description", "") == "Workbook"]
    assert [label for label, _ in choice.options] == ["north", "south"]
    Actions(plan).move("spend:paid_search", 1500.0)
    choice.value = 1
    assert asked == [tmp_path / "north", tmp_path / "south"] and plan.at.opened.path == tmp_path / "south"
    assert not plan.state.changed, "a plan for one store means nothing in another"
    for position in (7, -1, "x", None):
        Actions(plan).choose_workbook(position)
        assert "Choose one of the list" in told(plan) and plan.at.opened.path == tmp_path / "south"


def test_the_button_on_the_empty_page_opens_the_sample_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(empty, "open_sample", lambda: opened(tmp_path / "sample"))
    plan = Planner([], post=lambda act: act())  # a browser of another test may have left a loop
    (button,) = [one for one in plan.page.main.children[0].children if isinstance(one, widgets.Button)]
    button.click()
    assert button.disabled
    end = time.monotonic() + 120
    while not plan.page.masthead.answer and time.monotonic() < end:
        time.sleep(0.01)
    assert plan.page.masthead.answer.startswith("November 2026") and not told(plan)
