"""A heading that opens and closes, and builds what is below it only when it is first opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ecomsim.ui import lean as widgets

__all__ = ["Fold"]


class Fold:
    """A group of controls behind a heading.

    A page of a hundred widgets takes a second to draw; one of a dozen does not, and most groups stay closed.

    Parameters
    ----------
    title : text of the heading
    build : returns what is below it, called when it is opened for the first time
    guard : wraps the click, so that a fault in building shows with its remedy
    is_open : whether it begins open
    """

    def __init__(
        self,
        title: str,
        build: Callable[[], Sequence[widgets.Widget]],
        guard: Callable[[Callable[[], object]], Callable[[], object]],
        is_open: bool = False,
    ) -> None:
        self._build, self._built, self.is_open = build, False, False
        self.button = widgets.Button()
        self.button.add_class("es-fold")
        self.body = widgets.VBox()
        self.body.add_class("es-fold-body")
        self.root = widgets.VBox([self.button, self.body])
        self.button.on_click(lambda _: guard(self.toggle)())
        self.title = title
        if is_open:
            self.toggle()
        else:
            self.name(title)
            widgets.show(self.body, False)

    def name(self, title: str) -> None:
        """Change the heading."""
        self.title = title
        self.button.description = f"{'▾' if self.is_open else '▸'}  {title}"

    def toggle(self) -> None:
        """Open, or close."""
        self.is_open = not self.is_open
        if self.is_open and not self._built:
            self.body.children = tuple(self._build())
            self._built = True
        widgets.show(self.body, self.is_open)
        self.name(self.title)

    def refill(self) -> None:
        """Build what is below anew; now if it is open, else when it is opened next."""
        self._built = self.is_open
        if self.is_open:
            self.body.children = tuple(self._build())
