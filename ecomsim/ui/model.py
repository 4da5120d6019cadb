"""What the planner has set, frozen: no widget, no simulation; every value checked when it comes in."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ecomsim.calendar import parse_date
from ecomsim.checks import EcomsimError, require_name, require_number
from ecomsim.scenario import Change
from ecomsim.store import Store
from ecomsim.ui.amount import amount_of
from ecomsim.ui.dated import Dated
from ecomsim.ui.levers import Catalogue

__all__ = ["COMPARED", "LANGUAGES", "NewPromotion", "Order", "PlannerState"]

LANGUAGES = ("en", "zh")
COMPARED = 4
"""Scenarios side by side, besides the store as it is."""
_MOST_ITEMS = 40
_MOST_UNITS = 1_000_000.0
_LONGEST_NOTE = 2000


@dataclass(frozen=True)
class Order:
    """A one-off purchase order."""

    sku: str
    units: float
    due: dt.date

    @classmethod
    def checked(cls, store: Store, sku: object, units: object, due: object) -> Order:
        """Return the order if its product is known, its units make sense and it is due after the data."""
        name = require_name(str(sku), list(store.products), "order.product", "product")
        day = parse_date(due, "order.due")
        if store.as_of and not store.as_of < day <= store.as_of + dt.timedelta(days=366):
            allowed = f"a day after {store.as_of}, within a year"
            raise EcomsimError("order.due", str(day), allowed, "Choose a later day")
        number = require_number(units, "order.units", low=0.0, high=_MOST_UNITS, open_low=True, unit="units")
        return cls(name, float(round(number) or 1), day)


@dataclass(frozen=True)
class NewPromotion:
    """A promotion the planner adds, with the effects of one there was before."""

    name: str
    like: str
    start: dt.date
    end: dt.date
    discount: float

    @classmethod
    def checked(
        cls, store: Store, name: object, like: object, start: object, end: object, discount: object
    ) -> NewPromotion:
        """Return the promotion if its name is free and plain, its dates in order and its discount a share."""
        from ecomsim.scenario.names import safe_name

        plain = safe_name(name, "promotion.name")
        if plain in store.promotions or "." in plain:
            raise EcomsimError("promotion.name", repr(plain), "a new name without '.'", "Choose another name")
        model = require_name(str(like), list(store.promotions), "promotion.like", "promotion")
        first, last = (parse_date(d, f"promotion.{n}") for d, n in ((start, "start"), (end, "end")))
        if store.as_of and first <= store.as_of:
            raise EcomsimError(
                "promotion.start", str(first), f"a day after {store.as_of}", "Choose a later day"
            )
        if not first <= last <= first + dt.timedelta(days=90):
            raise EcomsimError(
                "promotion.end", str(last), f"a day from {first}, 90 days at most", "Move the end"
            )
        depth = require_number(discount, "promotion.discount", low=0.0, high=0.6, unit="share")
        return cls(plain, model, first, last, round(depth, 4))


@dataclass(frozen=True)
class PlannerState:
    """Everything a planner has set.

    Attributes
    ----------
    month : YYYY-MM that is planned
    language : 'en' or 'zh'
    name, note : of the plan at work
    values : lever id -> value, only where it differs from today
    orders, promotions : one-off orders and promotions added
    dated : levers moved on some days only
    extra : changes of a loaded scenario that no lever shows; they act all the same
    compared : scenarios of the shelf shown beside the plan
    goal : GMV target typed in, None for the workbook's
    """

    month: str
    language: str = "en"
    name: str = ""
    note: str = ""
    values: Mapping[str, float] = field(default_factory=dict)
    orders: tuple[Order, ...] = ()
    promotions: tuple[NewPromotion, ...] = ()
    dated: tuple[Dated, ...] = ()
    extra: tuple[Change, ...] = ()
    compared: tuple[str, ...] = ()
    goal: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))

    @property
    def changed(self) -> bool:
        """Whether the plan differs from the store as it is."""
        return bool(self.values or self.orders or self.promotions or self.dated or self.extra)

    def moved(self, levers: Catalogue, id: object, raw: object) -> PlannerState:
        """Return the state with a lever at `raw`, held within its bounds; a first day takes the last one along.

        Raises
        ------
        EcomsimError
            For a lever there is not, and for what is no number.
        """
        lever = levers[id]
        value = lever.value(raw)
        moved = {lever.id: value}
        last = lever.id.replace("start:", "end:", 1)
        if last != lever.id and last in levers.levers:
            by = value - self.value(levers, lever.id)
            moved[last] = levers[last].value(self.value(levers, last) + by)
        values = {key: old for key, old in self.values.items() if key not in moved}
        values |= {key: new for key, new in moved.items() if not levers[key].same(new)}
        return dataclasses.replace(self, values=values)

    def value(self, levers: Catalogue, id: str) -> float:
        """Return where a lever stands."""
        return self.values.get(id, levers[id].today)

    def aimed(self, raw: object) -> PlannerState:
        """Return the state with another target, as it was typed; nothing or 0 means none is typed in."""
        return dataclasses.replace(self, goal=amount_of(raw, "target") or None)

    def reset(self, id: str = "") -> PlannerState:
        """Return the state with one lever, or everything, as it is today."""
        if id:
            return dataclasses.replace(self, values={k: v for k, v in self.values.items() if k != id})
        return PlannerState(self.month, self.language, compared=self.compared, goal=self.goal)

    def spoken(self, language: object) -> PlannerState:
        """Return the state in another language."""
        found = require_name(str(language), list(LANGUAGES), "language", "language")
        return dataclasses.replace(self, language=found)

    def noted(self, note: object) -> PlannerState:
        """Return the state with a note, cut to a length a file can hold."""
        if not isinstance(note, str):
            raise EcomsimError("note", repr(note)[:80], "text")
        return dataclasses.replace(self, note=note[:_LONGEST_NOTE])

    def ordered(self, order: Order) -> PlannerState:
        """Return the state with one more one-off order."""
        _room("orders", len(self.orders))
        return dataclasses.replace(self, orders=(*self.orders, order))

    def announced(self, promotion: NewPromotion) -> PlannerState:
        """Return the state with one more promotion."""
        _room("promotions", len(self.promotions))
        if promotion.name in {one.name for one in self.promotions}:
            raise EcomsimError("promotion.name", repr(promotion.name), "a new name", "Choose another name")
        return dataclasses.replace(self, promotions=(*self.promotions, promotion))

    def on_days(self, one: Dated, position: object = None) -> PlannerState:
        """Return the state with a lever moved on some days, in place of the entry at `position` if one is given."""
        if position is None:
            _room("dated", len(self.dated))
            return dataclasses.replace(self, dated=(*self.dated, one))
        at = _position("dated", position, len(self.dated))
        return dataclasses.replace(self, dated=(*self.dated[:at], one, *self.dated[at + 1 :]))

    def without(self, kind: str, position: object) -> PlannerState:
        """Return the state without one of its 'orders', 'promotions', 'dated' or 'extra' changes."""
        require_name(kind, ["orders", "promotions", "dated", "extra"], "remove", "list")
        items = getattr(self, kind)
        at = _position(kind, position, len(items))
        return dataclasses.replace(self, **{kind: items[:at] + items[at + 1 :]})

    def comparing(self, names: object, shelf: Mapping[str, object]) -> PlannerState:
        """Return the state comparing the scenarios `names` of the shelf, four at most."""
        if isinstance(names, str) or not isinstance(names, (list, tuple)):
            raise EcomsimError("compare", repr(names)[:80], "a list of scenario names")
        chosen = tuple(dict.fromkeys(require_name(str(n), list(shelf), "compare", "scenario") for n in names))
        if len(chosen) > COMPARED:
            raise EcomsimError(
                "compare", f"{len(chosen)} scenarios", f"{COMPARED} at most", "Take one out of the comparison"
            )
        return dataclasses.replace(self, compared=chosen)


def _room(what: str, count: int) -> None:
    if count >= _MOST_ITEMS:
        raise EcomsimError(what, f"{count + 1} entries", f"{_MOST_ITEMS} at most", "Remove one first")


def _position(what: str, position: object, count: int) -> int:
    if isinstance(position, bool) or not isinstance(position, int) or not 0 <= position < count:
        raise EcomsimError(f"{what} {position!r}"[:80], "no such entry", f"0 to {count - 1}")
    return position
