"""What a planner may move: every lever with unit, bounds, today's value and where that came from."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from ecomsim.checks import EcomsimError, require_name, require_number
from ecomsim.scenario import Change, Scale, Set

__all__ = ["Catalogue", "Group", "Kind", "Lever"]


class Group(Enum):
    """How a planner sorts levers."""

    TRAFFIC = "traffic"
    PROMOTIONS = "promotions"
    PRICES = "prices"
    SERVICE = "service"
    STOCK = "stock"


class Kind(Enum):
    """What a lever's value is, and which change it becomes."""

    SCALE = "scale"
    """An amount; the change multiplies by amount / today, so that plans by day move along."""
    FACTOR = "factor"
    """A factor on what stands there, today 1."""
    SET = "set"
    """The new number itself."""
    DATE = "date"
    """A day, as its ordinal."""
    SWITCH = "switch"
    """1 on, 0 off."""


@dataclass(frozen=True)
class Lever:
    """One thing that can be moved.

    Attributes
    ----------
    id : stable name, e.g. 'spend:paid_search'
    group : where it is shown
    subject : channel, promotion, team, category or SKU it belongs to
    word : key of its label in `ecomsim.ui.words`
    kind : what its value is
    paths : dotted paths it changes, `*` allowed
    unit : 'money/day', 'share', 'factor', 'people', 'days', 'money', 'date', 'switch', 'chats'
    today, low, high, step : value in force, bounds and the step of its slider
    how, source : 'estimated', 'given' or 'assumed', and the whole provenance in words
    picked : shown only when its product is chosen
    """

    id: str
    group: Group
    subject: str
    word: str
    kind: Kind
    paths: tuple[str, ...]
    unit: str
    today: float
    low: float
    high: float
    step: float
    how: str = "given"
    source: str = ""
    picked: bool = False

    def value(self, raw: object) -> float:
        """Return `raw` as a value of this lever, held within its bounds.

        A browser may send anything: a number out of bounds is taken to the nearest bound, anything that is no
        finite number is refused.

        Raises
        ------
        EcomsimError
            For text, truth values in place of numbers, NaN and infinities.
        """
        if self.kind is Kind.SWITCH and isinstance(raw, bool):
            return float(raw)
        if self.kind is Kind.DATE and isinstance(raw, dt.date):
            raw = raw.toordinal()
        number = require_number(raw, self.id, remedy=f"Give a number from {self.low:g} to {self.high:g}")
        number = min(max(number, self.low), self.high)
        if self.kind in (Kind.DATE, Kind.SWITCH) or self.unit == "chats":
            return float(round(number))
        return number

    def same(self, value: float) -> bool:
        """Whether `value` is what stands there today."""
        return math.isclose(value, self.today, rel_tol=1e-6, abs_tol=1e-9)

    def changes(self, value: float) -> tuple[Change, ...]:
        """Return the changes that bring the store to `value`; dates and switches belong to their promotion."""
        if self.same(value):
            return ()
        if self.kind is Kind.SCALE:
            return tuple(Scale(path, value / self.today) for path in self.paths)
        if self.kind is Kind.FACTOR:
            return tuple(Scale(path, value) for path in self.paths)
        if self.kind is Kind.SET:
            whole = int(value) if self.unit == "chats" else round(value, 6)
            return tuple(Set(path, whole) for path in self.paths)
        return ()

    @property
    def day(self) -> dt.date:
        """Today's value of a date lever."""
        return dt.date.fromordinal(int(self.today))


@dataclass(frozen=True)
class Catalogue:
    """All levers of a store over a horizon, by id, in reading order."""

    levers: Mapping[str, Lever]

    def __post_init__(self) -> None:
        object.__setattr__(self, "levers", MappingProxyType(dict(self.levers)))

    @classmethod
    def of(cls, levers: list[Lever]) -> Catalogue:
        """Return the catalogue of `levers`; an id given twice raises."""
        made: dict[str, Lever] = {}
        for lever in levers:
            if lever.id in made:
                raise EcomsimError(f"levers.{lever.id}", "an id given twice", "one lever an id")
            made[lever.id] = lever
        return cls(made)

    def __getitem__(self, id: object) -> Lever:
        """Return a lever, or raise naming the nearest known one."""
        name = id if isinstance(id, str) else repr(id)[:80]
        return self.levers[require_name(name, list(self.levers), "lever", "lever")]

    def of_group(self, group: Group) -> tuple[Lever, ...]:
        """Return the levers of one group that are always shown."""
        return tuple(one for one in self.levers.values() if one.group is group and not one.picked)
