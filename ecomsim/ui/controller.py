"""What joins the planner's state, the simulation and the views; nothing of it can fail unseen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ecomsim.checks import EcomsimError
from ecomsim.opened import Opened, open_calibrated
from ecomsim.ui import lean as widgets
from ecomsim.ui.actions import Actions
from ecomsim.ui.answers import read, read_rest
from ecomsim.ui.basis_view import BasisView
from ecomsim.ui.board import Board, Drawn, drawn
from ecomsim.ui.desk import Asked, Desk
from ecomsim.ui.download import Download
from ecomsim.ui.empty import empty_state
from ecomsim.ui.first_look import first_look_html
from ecomsim.ui.head import Head
from ecomsim.ui.language import LANGUAGES
from ecomsim.ui.later import Later, Post, loop_post
from ecomsim.ui.levers import Group
from ecomsim.ui.memory import give_back
from ecomsim.ui.messages import State
from ecomsim.ui.model import PlannerState
from ecomsim.ui.panel import Panel
from ecomsim.ui.place import served
from ecomsim.ui.planner_words import PLANNER
from ecomsim.ui.refiner import PIECES, Refiner
from ecomsim.ui.screens import cards_html
from ecomsim.ui.shelf_view import ShelfView
from ecomsim.ui.shell import Page
from ecomsim.ui.style import PlannerStyle, planner_css

__all__ = ["Planner"]


class Planner:
    """Joins state, simulation and views; every callback is guarded, so that a fault shows with its remedy.

    Parameters
    ----------
    workbooks : folders to choose from
    post : runs a function where widgets may be touched; default the kernel's event loop
    """

    def __init__(self, workbooks: Sequence[Path], post: Post | None = None) -> None:
        self.workbooks = list(workbooks)
        self._column = widgets.VBox()
        self.page = Page("planner", "question", PLANNER, levers=self._column)
        self._post = post or loop_post()
        self.later = Later(self.page, self._post).run
        self.download = Download()
        self.desk: Desk | None = None
        self.state = PlannerState("")
        self.refiner = Refiner(
            self._work, self._show, self._failed, post=self._guarded_post, pieces=len(PIECES)
        )
        self._last: tuple[Asked, int] | None = None
        self.page.root.children = (*self.page.root.children, self.download, PlannerStyle())
        if self.workbooks:
            self.page.guard(self.open)(self.workbooks[0])
        if self.desk is None:
            self._empty()
        self.page.language.observe(self.page.guard(self._spoken), names="code")
        self.download.when_shown(self.page.guard(self._shown))

    # -- opening --------------------------------------------------------------------------------------------

    def open(self, path: Path) -> None:
        """Put the store of a workbook on the desk."""
        self.begin(open_calibrated(path))

    def begin(self, opened: Opened, month: str = "") -> None:
        """Show a store; the first numbers are there when this returns."""
        before, self.desk = self.desk, Desk(opened, month)
        self.state, gone = self.desk.fitted(self.state)
        self._build()
        asked = self.desk.asked(self.state)
        self._show(asked, self._work(asked, 0, lambda: None), False)
        if served():
            self._look()
        self.refiner.ask(asked)
        if gone and before:
            names = "; ".join(before.named(gone, self.state.language))
            self.page.note(State.STALE, PLANNER.say("dropped", self.state.language, names=names))

    def _look(self) -> None:
        """Draw the first answer for the server to send with the page, in every language."""
        looks = {}
        for code in LANGUAGES:
            asked = self.at.asked(self.state.spoken(code))
            answer = read(self.at.runs.study(asked.scenarios, 1), asked.question)
            cards = cards_html(answer.cards, PLANNER.say("outcome", code))
            question = PLANNER.say("question", code)
            looks[code] = first_look_html("planner", question, answer.headline, cards, answer.fan, code)
        self.page.look(looks, planner_css())

    def become(self, make: Callable[[], PlannerState]) -> None:
        """Take the state `make` returns, show it everywhere, simulate it; a fault leaves all as it was."""
        before = self.state

        def act() -> None:
            asked_of = make()
            asked = self.at.asked(asked_of)
            self.page.clear()
            self.state = asked_of
            self.board.wait()
            self.refiner.ask(asked)

        self.page.guard(act)()
        if self.desk is not None:
            self.head.show(self.state)
            self.panel.show(self.state)
            told = (before.name, before.note, before.compared)
            if told != (self.state.name, self.state.note, self.state.compared):
                self.show_shelf()

    def _shown(self) -> None:
        if self.desk is not None:
            self.show_shelf()  # others may have saved since this kernel was warmed

    def show_shelf(self) -> None:
        """List what is saved."""
        self.shelf_view.show(self.state, list(self.at.shelf))

    def _empty(self) -> None:
        self.page.show(empty_state(self.page, self.later, self.begin))

    def _build(self) -> None:
        """Make all views anew, in the state's language."""
        desk, state = self.at, self.state
        act = Actions(self)
        self.head = Head(desk, state, self.workbooks, act)
        self.panel = Panel(desk.opened.store, desk.horizon, desk.levers, state, act)
        self.panel.open(Group.TRAFFIC)
        self._column.children = (self.head.root, self.panel.root)
        self.shelf_view = ShelfView(state, list(desk.shelf), act)
        self.basis = BasisView(desk.opened, desk.month, state.language, self.later, self.page.guard)
        about = PLANNER.say("to_day", state.language, day=str(desk.opened.store.as_of))
        self.board = Board(state.language, about, [self.shelf_view.root, self.basis.root])
        self.page.show(*self.board.widgets)

    @property
    def at(self) -> Desk:
        """The desk, once a store is on it."""
        if self.desk is None:
            raise EcomsimError("planner", "no store", "an open workbook", "Open a workbook first")
        return self.desk

    # -- simulating -----------------------------------------------------------------------------------------

    def _work(self, asked: Asked, piece: int, stale: Callable[[], None]) -> Any:
        desk = asked.desk
        study = desk.runs.study(asked.scenarios, piece + 1, stale)
        code = asked.question.language
        answer = read(study, asked.question)
        head = (answer, *drawn(answer, code), desk.runs.told(asked.scenarios))
        stale()
        is_last = piece == len(PIECES) - 1
        if is_last:
            give_back()
        wanted = is_last or self._last is None
        return head, Drawn(read_rest(study, asked.question), code) if wanted else None

    def _show(self, asked: Asked, made: Any, is_last: bool) -> None:
        if asked.desk is not self.desk or asked.state.language != self.state.language:
            return  # the views it was made for are gone
        (answer, cards, fan, told), rest = made
        self.page.answer(answer.headline)
        self.board.show(answer, cards, fan, is_last)
        self.board.warn(told)
        if rest is not None:
            self.board.show_rest(rest)
        self._last = (asked, len(PIECES) if is_last else 1)

    def _failed(self, asked: Asked, fault: BaseException) -> None:
        self.page.tell(fault)

    def _guarded_post(self, act: Callable[[], object]) -> None:
        self._post(self.page.guard(act))

    def _spoken(self, change: Any) -> None:
        self.state = self.state.spoken(change["new"])
        if self.desk is None:
            self._empty()
            return
        self._last = None
        self._build()
        asked = self.at.asked(self.state)
        self._show(asked, self._work(asked, 0, lambda: None), False)
        self.refiner.ask(asked)
