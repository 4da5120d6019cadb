"""What the planner's views ask for, each a change of the state; a fault shows and leaves everything as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ecomsim.checks import EcomsimError, require_name
from ecomsim.scenario.names import safe_name
from ecomsim.ui.dated import Dated
from ecomsim.ui.download import KINDS
from ecomsim.ui.model import NewPromotion, Order, PlannerState
from ecomsim.ui.planner_words import PLANNER
from ecomsim.ui.refiner import PIECES
from ecomsim.ui.translate import loaded, scenario_of

if TYPE_CHECKING:
    from ecomsim.ui.controller import Planner

__all__ = ["Actions"]


class Actions:
    """The verbs of the dashboard.

    Parameters
    ----------
    plan : whose state they change
    """

    def __init__(self, plan: Planner) -> None:
        self._plan = plan

    def guard(self, act: Callable[[], object]) -> Callable[[], object]:
        """Return `act` with its faults shown on the page."""
        return self._plan.page.guard(act)

    def move(self, id: str, value: object) -> None:
        """Move a lever."""

        def make() -> PlannerState:
            with self._called(id):
                return self._plan.state.moved(self._plan.at.levers, id, value)

        self._plan.become(make)

    @contextmanager
    def _called(self, id: object) -> Iterator[None]:
        """Call a lever in faults as it is called on the screen."""
        try:
            yield
        except EcomsimError as fault:
            desk, code = self._plan.at, self._plan.state.language
            if not isinstance(id, str) or id not in desk.levers.levers or not fault.where.startswith(id):
                raise
            raise EcomsimError(desk.named([id], code)[0], fault.given, fault.allowed, fault.remedy) from None

    def order(self, sku: object, units: object, due: object) -> None:
        """Add a one-off order."""
        store = self._plan.at.opened.store
        self._plan.become(lambda: self._plan.state.ordered(Order.checked(store, sku, units, due)))

    def announce(self, name: object, like: object, start: object, end: object, discount: object) -> None:
        """Add a promotion."""
        store = self._plan.at.opened.store
        self._plan.become(
            lambda: self._plan.state.announced(NewPromotion.checked(store, name, like, start, end, discount))
        )

    def on_days(
        self,
        id: object,
        raw: object,
        first: object,
        last: object,
        *,
        position: int | None = None,
        relative: bool | None = None,
    ) -> None:
        """Move a lever on some days only, or put this in place of the entry at `position`."""
        plan = self._plan

        def make() -> PlannerState:
            desk = plan.at
            with self._called(id):
                one = Dated.typed(desk.levers, desk.horizon, id, raw, first, last, relative=relative)
            return plan.state.on_days(one, position)

        plan.become(make)

    def remove(self, kind: str, position: int) -> None:
        """Take out an order, an added promotion, a change of some days, or a further change."""
        self._plan.become(lambda: self._plan.state.without(kind, position))

    def reset(self) -> None:
        """Put everything back as it is today."""
        self._plan.become(lambda: self._plan.state.reset())

    def aim(self, target: object) -> None:
        """Set the target of the month."""
        self._plan.become(lambda: self._plan.state.aimed(target))

    def choose(self, month: str) -> None:
        """Plan another month."""
        self._plan.page.guard(lambda: self._plan.begin(self._plan.at.opened, month))()

    def choose_workbook(self, position: object) -> None:
        """Open another of the workbooks given."""
        known = {str(i): path for i, path in enumerate(self._plan.workbooks)}

        def act() -> None:
            if str(position) not in known:
                raise EcomsimError(
                    "workbook", repr(position)[:80], ", ".join(known), "Choose one of the list"
                )
            self._plan.state = PlannerState("", self._plan.state.language)
            self._plan.open(known[str(position)])

        self._plan.page.guard(act)()

    def save(self, name: object, note: object) -> None:
        """Save the plan on the shelf."""

        def make() -> PlannerState:
            desk, plain = self._plan.at, safe_name(name)
            noted = self._plan.state.noted(note)
            desk.shelf.save(scenario_of(noted, desk.levers, desk.opened.store, plain))
            return loaded(desk.shelf[plain], noted, desk.levers, desk.opened.store)

        self._plan.become(make)
        self._plan.show_shelf()

    def load(self, name: str) -> None:
        """Put a saved scenario on the levers."""
        desk = self._plan.at
        self._plan.become(lambda: loaded(desk.shelf[name], self._plan.state, desk.levers, desk.opened.store))

    def duplicate(self, name: str) -> None:
        """Copy a saved scenario."""
        copy = PLANNER.say("copy_of", self._plan.state.language, name=name)
        self._plan.page.guard(lambda: self._plan.at.shelf.duplicate(name, copy))()
        self._plan.show_shelf()

    def delete(self, name: str) -> None:
        """Take a saved scenario away."""

        def make() -> PlannerState:
            desk = self._plan.at
            rest = [one for one in self._plan.state.compared if one != name]
            desk.shelf.delete(name)
            return self._plan.state.comparing(rest, desk.shelf)

        self._plan.become(make)
        self._plan.show_shelf()

    def compare(self, names: Sequence[str]) -> None:
        """Show these beside the plan."""
        self._plan.become(lambda: self._plan.state.comparing(list(names), self._plan.at.shelf))
        self._plan.show_shelf()

    def download(self, ending: str) -> None:
        """Hand over the report of the plan and what it is compared with, all replications of it."""
        plan = self._plan

        def act() -> None:
            asked = plan.at.asked(plan.state)
            month = plan.state.month

            def make() -> bytes:
                from ecomsim.ui.documents import document

                study = asked.desk.runs.study(asked.scenarios, len(PIECES))
                return document(ending, study, asked.scenarios, asked.question, asked.desk.opened, month)

            name = f"{asked.question.plan}-{month}.{ending}"
            plan.later(make, lambda made: plan.download.hand_over(name, made, KINDS[ending]))

        require_name(ending, list(KINDS), "download", "kind of report")
        plan.page.guard(act)()
