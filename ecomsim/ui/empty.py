"""The planner without a store: what to import, and the sample store to try with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ecomsim.opened import Opened
from ecomsim.ui import lean as widgets
from ecomsim.ui.messages import State, message_html
from ecomsim.ui.planner_words import PLANNER
from ecomsim.ui.shell import Page

__all__ = ["SAMPLE", "empty_state"]

SAMPLE = Path(__file__).parents[2] / "datasets" / "flagship"
"""The sample store of a source checkout."""


def empty_state(
    page: Page,
    later: Callable[[Callable[[], Any], Callable[[Any], object]], object],
    begin: Callable[[Opened], object],
) -> widgets.Widget:
    """Return what is shown while no store is open.

    Parameters
    ----------
    page : the frame, for language and messages
    later : runs something slow off the screen's thread
    begin : shows a store
    """
    code = page.language.code

    def say(key: str) -> str:
        return PLANNER.say(key, code)

    box = message_html(State.EMPTY, say("empty"), say("empty_text"), say("empty_remedy"), language=code)
    text = widgets.HTML(box)
    if not (SAMPLE / "exports").is_dir():
        return widgets.VBox([text])
    button = widgets.Button(description=say("sample"), button_style="primary")

    def press(_: Any) -> None:
        button.disabled = True
        page.note(State.LOADING, say("sample_opening"))

        def receive(opened: Opened) -> None:
            page.clear()
            begin(opened)

        later(open_sample, receive)

    button.on_click(press)
    return widgets.VBox([text, button])


def open_sample() -> Opened:
    """Return the sample store, imported into the user's cache the first time."""
    from ecomsim.opened import open_calibrated
    from ecomsim.opening import open_workbook

    return open_calibrated(open_workbook(SAMPLE).path)
