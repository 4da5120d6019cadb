"""ipywidgets' controls with one layout and one style for all: a page opens with half the objects.

Every widget of ipywidgets brings a layout and a style of its own, each an object more to be announced, sent and made
in the browser. Nearly all of them stay as they are made, so here they are shared. A widget whose layout is to change
is given its own: ``lean.Box(layout=lean.Layout())``; what is merely shown or hidden goes through `show`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import ipywidgets as widgets
from ipywidgets import DOMWidget, Layout, Widget
from traitlets import default

__all__ = [
    "HTML",
    "BoundedIntText",
    "Box",
    "Button",
    "Checkbox",
    "DOMWidget",
    "DatePicker",
    "Dropdown",
    "FileUpload",
    "FloatSlider",
    "FloatText",
    "HBox",
    "IntSlider",
    "Layout",
    "Text",
    "Textarea",
    "ToggleButtons",
    "VBox",
    "Widget",
    "show",
]  # fmt: skip


class _Shared(Layout):
    """A layout many widgets have; it stays as it is."""

    def set_trait(self, name: str, value: Any) -> None:
        """Refuse."""
        self.__setattr__(name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        if self.has_trait(name) and not name.startswith("_") and name not in ("comm", "keys"):
            raise AttributeError(
                f"the shared layout has no {name} of its own: give the widget layout=Layout()"
            )
        super().__setattr__(name, value)


@cache
def _made(kind: type) -> list[Any]:
    return []


def _one(kind: type) -> Any:
    """Return the object of a kind that all share; a new one once the last was closed."""
    made = _made(kind)
    if not made or made[0].comm is None:
        made[:] = [kind()]
    return made[0]


class _Lean(DOMWidget):
    """A control that shares layout and style with all of its kind."""

    @default("layout")
    def _shared_layout(self) -> Any:
        return _one(_Shared)

    @default("style")
    def _shared_style(self) -> Any:
        return _one(type(self).style.klass)


class Box(_Lean, widgets.Box):
    """As in ipywidgets."""


class VBox(_Lean, widgets.VBox):
    """As in ipywidgets."""


class HBox(_Lean, widgets.HBox):
    """As in ipywidgets."""


class HTML(_Lean, widgets.HTML):
    """As in ipywidgets."""


class Button(_Lean, widgets.Button):
    """As in ipywidgets."""


class BoundedIntText(_Lean, widgets.BoundedIntText):
    """As in ipywidgets."""


class Checkbox(_Lean, widgets.Checkbox):
    """As in ipywidgets."""


class DatePicker(_Lean, widgets.DatePicker):
    """As in ipywidgets."""


class Dropdown(_Lean, widgets.Dropdown):
    """As in ipywidgets."""


class FileUpload(_Lean, widgets.FileUpload):
    """As in ipywidgets."""


class FloatSlider(_Lean, widgets.FloatSlider):
    """As in ipywidgets."""


class FloatText(_Lean, widgets.FloatText):
    """As in ipywidgets."""


class IntSlider(_Lean, widgets.IntSlider):
    """As in ipywidgets."""


class Text(_Lean, widgets.Text):
    """As in ipywidgets."""


class Textarea(_Lean, widgets.Textarea):
    """As in ipywidgets."""


class ToggleButtons(_Lean, widgets.ToggleButtons):
    """As in ipywidgets."""


def show(widget: Any, is_shown: bool = True) -> None:
    """Show a widget, or take it off the page.

    Examples
    --------
    >>> box = Box()
    >>> show(box, False)
    >>> box._dom_classes
    ('es-gone',)
    """
    (widget.remove_class if is_shown else widget.add_class)("es-gone")
