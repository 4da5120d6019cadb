"""The roster as a grid of cells one can walk with the keyboard and change in place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anywidget
from traitlets import Dict, List

__all__ = ["RosterGrid"]


class RosterGrid(anywidget.AnyWidget):
    """A grid of names by days.

    Attributes
    ----------
    days : one of {name, top, low, weekend, hands} a day: its full name, two lines of its head, what it is
    kinds : one of {name, short} a shift
    words : phrases in the page's language
    rows : one of {name, cells, marks} a person: numbers of shifts, -1 for off; any of 'edited', 'touched', 'leave'.
        The grid is drawn when these change, so they are set last
    """

    _esm = Path(__file__).with_name("roster_grid.js").read_text(encoding="utf-8")
    _css = Path(__file__).with_name("roster_grid.css").read_text(encoding="utf-8")

    days: List[dict[str, object]] = List().tag(sync=True)
    kinds: List[dict[str, object]] = List().tag(sync=True)
    words = Dict().tag(sync=True)
    rows: List[dict[str, object]] = List().tag(sync=True)

    def when_set(self, act: Callable[[int, int, int], object]) -> None:
        """Call `act` with row, day and shift (-1 for off) whenever somebody chooses one; only with what there is."""

        def heard(_: object, content: object, buffers: object) -> None:
            if not isinstance(content, dict) or content.get("kind") != "set":
                return
            row, day, shift = (_whole(content.get(key)) for key in ("row", "day", "shift"))
            if 0 <= row < len(self.rows) and 0 <= day < len(self.days) and -1 <= shift < len(self.kinds):
                act(row, day, shift)

        self.on_msg(heard)


def _whole(value: object) -> int:
    return value if type(value) is int else -2
