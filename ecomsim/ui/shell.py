"""The frame of every dashboard: header, switches, a column for levers, a place for messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ParamSpec, TypeVar

import anywidget
from traitlets import Dict, List, Unicode

from ecomsim.ui import lean as widgets
from ecomsim.ui.first_look import bundle
from ecomsim.ui.guard import guarded
from ecomsim.ui.language import Language, Words
from ecomsim.ui.messages import State, fault_html, message_html
from ecomsim.ui.phrases import SHELL
from ecomsim.ui.place import WEB, served

__all__ = ["Masthead", "Page"]

P = ParamSpec("P")
R = TypeVar("R")

_STATIC = WEB / "voila" / "templates" / "ecomsim" / "static"


class Masthead(anywidget.AnyWidget):
    """The header: the question and its answer, where else to go, language and colours.

    Attributes
    ----------
    name : which dashboard this is
    question, answer : the screen's one question and what the numbers say to it
    language : 'en' or 'zh', set from the browser and from Python
    words : phrases by language, for the browser
    places : dashboards that are served, in order
    scheme : 'light' or 'dark', what the browser shows just now; charts draw themselves by it
    """

    _esm = _STATIC / "shell.js"
    _css = _STATIC / "shell.css"

    name = Unicode("").tag(sync=True)
    question = Unicode("").tag(sync=True)
    answer = Unicode("").tag(sync=True)
    language = Unicode("en").tag(sync=True)
    words = Dict().tag(sync=True)
    places = List(Unicode()).tag(sync=True)
    scheme = Unicode("light").tag(sync=True)


class Page:
    """A dashboard's frame.

    Parameters
    ----------
    name : which dashboard, one of `DASHBOARDS` or a name of one's own
    question : key of the screen's question in `words`
    words : the dashboard's phrases
    language : shared with the views; a new one if None
    levers : what stands in the column on the left (in a drawer on a small screen), if anything
    main : what stands beside it, top to bottom

    Examples
    --------
    >>> page = Page("index", "hello", Words({"hello": ("Hello", "你好")}))
    >>> page.language.code = "zh"
    >>> page.masthead.question
    '你好'
    """

    def __init__(
        self,
        name: str,
        question: str,
        words: Words,
        *,
        language: Language | None = None,
        levers: widgets.Widget | None = None,
        main: Sequence[widgets.Widget] = (),
    ) -> None:
        self.language = language or Language()
        self.looks: dict[str, str] = {}
        self.style = ""
        self.masthead = Masthead(
            name=name, places=list(served()), words={key: SHELL.both(key) for key in SHELL.table}
        )
        self.messages = _box(widgets.VBox, "es-messages")
        self.levers = _box(widgets.VBox, "es-levers", [levers] if levers is not None else [])
        self.main = _box(widgets.VBox, "es-main", main)
        columns = [self.levers, self.main] if levers is not None else [self.main]
        self.body = _box(widgets.Box, "es-body" if levers is not None else "es-body es-single", columns)
        self.root = _box(widgets.VBox, "es-page", [self.masthead, self.messages, self.body])
        self.language.label(self.masthead, words, question=question)
        self.language.follow(lambda code: setattr(self.masthead, "language", code))
        self.masthead.observe(self.guard(self._heard), names="language")

    def answer(self, text: str) -> None:
        """Show what the numbers say to the page's question, beside it."""
        self.masthead.answer = text

    def show(self, *main: widgets.Widget) -> None:
        """Replace what stands in the main column."""
        self.main.children = main

    def guard(self, action: Callable[P, R]) -> Callable[P, R | None]:
        """Return a callback whose exceptions show as a message with the remedy."""
        return guarded(action, self.tell)

    def tell(self, fault: BaseException) -> None:
        """Show a fault on top of the page, in the page's language, until it is cleared."""
        self._say(fault_html(fault, self.language.code))

    def note(self, state: State, title: str, text: str = "", remedy: str = "") -> None:
        """Show a message of another kind on top of the page."""
        self._say(message_html(state, title, text, remedy, language=self.language.code))

    def clear(self) -> None:
        """Take away the message."""
        self._replace()

    def stale(self, widget: widgets.DOMWidget, is_stale: bool = True) -> None:
        """Grey a widget whose numbers are older than the levers, or show it in full again."""
        (widget.add_class if is_stale else widget.remove_class)("es-stale")

    def _say(self, html: str) -> None:
        close = widgets.Button(description="×", tooltip=SHELL.say("dismiss", self.language.code))
        close.add_class("es-quiet")
        close.on_click(lambda _: self.clear())
        self._replace((widgets.HTML(html), close))

    def _replace(self, shown: Sequence[Any] = ()) -> None:
        gone = self.messages.children
        self.messages.children = shown
        for one in gone:
            one.close()  # or every message of a long day would stay in the kernel

    def _heard(self, change: Any) -> None:
        # The browser may send anything; a language nobody speaks leaves the page as it is.
        code = change["new"]
        if code in SHELL.both("brand"):
            self.language.code = code
        else:
            self.masthead.language = self.language.code

    def look(self, looks: Mapping[str, str], style: str) -> None:
        """Keep the first answer as HTML by language, which a server sends before the widgets."""
        self.looks, self.style = dict(looks), style

    def _repr_mimebundle_(self, **given: Any) -> Any:
        data = self.root._repr_mimebundle_(**given)
        return {**data, **bundle(self.looks, self.style)} if data else data


def _box(kind: type[widgets.Box], classes: str, children: Sequence[widgets.Widget] = ()) -> Any:
    made = kind(list(children))
    for name in classes.split():
        made.add_class(name)
    return made
