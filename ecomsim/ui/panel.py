"""The column of levers: grouped, folded, each group built when it is opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from html import escape
from typing import Any, Protocol

from ecomsim.calendar import Horizon
from ecomsim.report.words import percent
from ecomsim.store import Store
from ecomsim.ui import lean as widgets
from ecomsim.ui.calendar_view import calendar_html, promotion_name
from ecomsim.ui.catalogue import promotions_near
from ecomsim.ui.dated_view import DatedActions, DatedView
from ecomsim.ui.fold import Fold
from ecomsim.ui.lever_view import LeverView, lever_subject, product_name
from ecomsim.ui.levers import Catalogue, Group, Lever
from ecomsim.ui.model import PlannerState
from ecomsim.ui.planner_words import PLANNER

__all__ = ["Actions", "Panel"]


class Actions(DatedActions, Protocol):
    """What the panel asks for; every call is guarded by who gives it."""

    def move(self, id: str, value: object) -> object:
        """Move a lever."""

    def order(self, sku: object, units: object, due: object) -> object:
        """Add a one-off order."""

    def announce(self, name: object, like: object, start: object, end: object, discount: object) -> object:
        """Add a promotion."""


class Panel:
    """The levers of a store over a horizon.

    Parameters
    ----------
    store, horizon, levers : what may be moved
    state : where everything stands
    act : what is asked for
    """

    def __init__(
        self, store: Store, horizon: Horizon, levers: Catalogue, state: PlannerState, act: Actions
    ) -> None:
        self._store, self._horizon, self._levers, self._act = store, horizon, levers, act
        self._state = state
        self._views: dict[str, LeverView] = {}
        self._picked = [id for id in state.values if id in levers.levers and levers[id].picked]
        builders: dict[Group, Callable[[], Sequence[widgets.Widget]]] = {
            Group.TRAFFIC: lambda: self._rows(Group.TRAFFIC),
            Group.PROMOTIONS: self._promotions,
            Group.PRICES: self._prices,
            Group.SERVICE: lambda: self._rows(Group.SERVICE),
            Group.STOCK: self._stock,
        }
        self._folds = {group: Fold("", build, act.guard) for group, build in builders.items()}
        self._dated = DatedView(levers, horizon, self._subject, state, act)
        self.root = widgets.VBox([*(fold.root for fold in self._folds.values()), self._dated.root])
        self.show(state)

    def open(self, group: Group) -> None:
        """Open a group."""
        if not self._folds[group].is_open:
            self._folds[group].toggle()

    def show(self, state: PlannerState) -> None:
        """Put every widget where the state stands."""
        before, self._state = self._state, state
        for id, view in self._views.items():
            view.show(state.value(self._levers, id))
        new = [id for id in state.values if self._levers[id].picked and id not in self._picked]
        if new or before.orders != state.orders or before.promotions != state.promotions:
            self._picked += new
            for group in (Group.PRICES, Group.STOCK, Group.PROMOTIONS):
                self._folds[group].refill()
        self._name_folds()
        self._dated.show(state)

    def _say(self, key: str, **parts: str) -> str:
        return PLANNER.say(key, self._state.language, **parts)

    def _name_folds(self) -> None:
        changed = [self._levers[id].group for id in self._state.values]
        more = {Group.STOCK: len(self._state.orders), Group.PROMOTIONS: len(self._state.promotions)}
        for group, fold in self._folds.items():
            count = changed.count(group) + more.get(group, 0)
            told = f" · {self._say('changed', count=str(count))}" if count else ""
            fold.name(self._say(group.value) + told)

    def _rows(self, group: Group) -> list[widgets.Widget]:
        return [self._lever(lever) for lever in self._levers.of_group(group)]

    def _lever(self, lever: Lever) -> widgets.Widget:
        code = self._state.language
        view = LeverView(
            lever, self._subject(lever), self._state.value(self._levers, lever.id), code, self._act.move
        )
        self._views[lever.id] = view
        return view.root

    def _subject(self, lever: Lever) -> str:
        return lever_subject(self._store, lever, self._state.language)

    def _product(self, sku: str) -> str:
        return product_name(self._store, sku)

    def _promotions(self) -> list[widgets.Widget]:
        code, near = self._state.language, promotions_near(self._store, self._horizon)
        rows: list[widgets.Widget] = [
            widgets.HTML(calendar_html(near, self._horizon, code, self._say("calendar")))
        ]
        rows += self._rows(Group.PROMOTIONS)
        for i, one in enumerate(self._state.promotions):
            told = self._say(
                "promotion_row", name=one.name, start=str(one.start), end=str(one.end),
                discount=percent(one.discount),
            )  # fmt: skip
            rows.append(self._removable("promotions", i, told))
        if self._store.promotions:
            form = Fold(self._say("new_promotion"), self._promotion_form, self._act.guard)
            form.root.add_class("es-form")
            rows.append(form.root)
        return rows

    def _promotion_form(self) -> list[widgets.Widget]:
        code = self._state.language
        models = sorted(self._store.promotions.values(), key=lambda p: p.start, reverse=True)
        labels = [(f"{promotion_name(p, code)} ({p.start:%Y-%m})", p.name) for p in models]
        own = next((p.name for p in models if p.family == "own"), models[0].name)
        name = widgets.Text(description=self._say("name"))
        like = widgets.Dropdown(options=labels, value=own, description=self._say("like"))
        middle = self._horizon.start + dt.timedelta(days=self._horizon.days // 2)
        start = widgets.DatePicker(
            value=middle, description=self._say("start", name="").lstrip("：: ").capitalize()
        )
        end = widgets.DatePicker(
            value=middle + dt.timedelta(days=2),
            description=self._say("end", name="").lstrip("：: ").capitalize(),
        )
        depth = widgets.FloatSlider(
            0.1, min=0.0, max=0.6, step=0.01, readout_format=".0%",
            description=self._say("discount", name="").lstrip("：: ").capitalize(),
        )  # fmt: skip
        add = widgets.Button(description=self._say("add_promotion"))
        add.on_click(
            lambda _: self._act.announce(name.value, like.value, start.value, end.value, depth.value)
        )
        return [_stacked(one) for one in (name, like, start, end, depth)] + [add]

    def _prices(self) -> list[widgets.Widget]:
        rows = self._rows(Group.PRICES)
        rows += [self._lever(self._levers[id]) for id in self._picked]
        choice = self._products()
        show = widgets.Button(description=self._say("show"))

        def pick(_: Any) -> None:
            id = f"price:{choice.value}"
            if id in self._levers.levers and id not in self._picked:
                self._picked.append(id)
                self._folds[Group.PRICES].refill()

        show.on_click(pick)
        return [*rows, widgets.HTML(f"<h3>{escape(self._say('one_product'))}</h3>"), _stacked(choice), show]

    def _products(self) -> widgets.Dropdown:
        options = [(self._product(sku), sku) for sku in self._store.products]
        return widgets.Dropdown(options=options, description=self._say("product"))

    def _stock(self) -> list[widgets.Widget]:
        rows = self._rows(Group.STOCK)
        rows.append(widgets.HTML(f"<h3>{escape(self._say('orders'))}</h3>"))
        for i, order in enumerate(self._state.orders):
            told = self._say(
                "order_row", product=self._product(order.sku), units=f"{order.units:,.0f}", day=str(order.due)
            )
            rows.append(self._removable("orders", i, told))
        choice = self._products()
        units = widgets.BoundedIntText(value=100, min=1, max=1_000_000, description=self._say("units"))
        due = widgets.DatePicker(
            value=self._horizon.start + dt.timedelta(days=3), description=self._say("due")
        )
        add = widgets.Button(description=self._say("add_order"))
        add.on_click(lambda _: self._act.order(choice.value, units.value, due.value))
        return [*rows, *(_stacked(one) for one in (choice, units, due)), add]

    def _removable(self, kind: str, position: int, text: str) -> widgets.Widget:
        away = widgets.Button(description="×", tooltip=f"{self._say('remove')}: {text}"[:120])
        away.add_class("es-reset")
        away.on_click(lambda _: self._act.remove(kind, position))
        row = widgets.Box([widgets.HTML(f"<span>{escape(text)}</span>"), away])
        row.add_class("es-row")
        return row


def _stacked(control: widgets.DOMWidget) -> widgets.Widget:
    """Return a control with its name above it."""
    row = widgets.Box([control])
    row.add_class("es-lever")
    return row
