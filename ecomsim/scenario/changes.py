"""The five ways to change a store: set, scale, shift, add, remove."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ecomsim.calendar import parse_date
from ecomsim.checks import EcomsimError, require_number
from ecomsim.scenario.values import encode

__all__ = ["Add", "Change", "Remove", "Scale", "Set", "Shift"]


@dataclass(frozen=True)
class Change:
    """One change of a store.

    Attributes
    ----------
    source : file and line it was read from, for messages; not part of what the change is
    """

    source: str = field(default="", compare=False, repr=False, kw_only=True)

    def plain(self) -> dict[str, Any]:
        """Return the change as it stands in a scenario file."""
        raise NotImplementedError

    def __str__(self) -> str:
        return ", ".join(f"{key} {value}" for key, value in self.plain().items())


@dataclass(frozen=True)
class _Dated(Change):
    path: str
    start: dt.date | str | None = field(default=None, kw_only=True)
    end: dt.date | str | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        if not isinstance(self.path, str):
            raise EcomsimError(type(self).__name__, repr(self.path)[:80], "a dotted path", "Put it in quotes")
        for name in ("start", "end"):
            day = getattr(self, name)
            if day is not None:
                object.__setattr__(self, name, parse_date(day, f"{self.path} {name}"))
        first, last = self.days
        if first and last and last < first:
            raise EcomsimError(f"{self.path} end", str(last), f"{first} or later", "Swap start and end")

    @property
    def days(self) -> tuple[dt.date | None, dt.date | None]:
        """First and last day the change acts on; None is open."""
        assert not isinstance(self.start, str) and not isinstance(self.end, str)
        return self.start, self.end

    @property
    def dated(self) -> bool:
        """Whether it acts on some days only."""
        return self.days != (None, None)

    def _dates(self) -> dict[str, Any]:
        return {name: day.isoformat() for name, day in zip(("start", "end"), self.days, strict=True) if day}


@dataclass(frozen=True)
class Set(_Dated):
    """Put `value` at `path`, on the days from `start` to `end` if given.

    `path` may hold `*` for any one key or position. A value is a number, an uncertain number, a date, text, a
    truth value, a list or a whole part.

    Examples
    --------
    >>> print(Set("promotions.double11.discount", 0.15))
    set promotions.double11.discount, to 0.15
    """

    value: Any

    def plain(self) -> dict[str, Any]:
        """Return {set, to, start, end}."""
        return {"set": self.path, "to": encode(self.value), **self._dates()}


@dataclass(frozen=True)
class Scale(_Dated):
    """Multiply the number at `path` by `factor`; a list or plan is multiplied throughout.

    Scaling `spend`, `price` or `headcount` scales the planned days too (`plan`, `price_plan`, `roster`).

    Examples
    --------
    >>> print(Scale("channels.live.base", 1.2, start="2026-11-01"))
    scale channels.live.base, by 1.2, start 2026-11-01
    """

    factor: float

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "factor", require_number(self.factor, f"scale of {self.path}"))

    def plain(self) -> dict[str, Any]:
        """Return {scale, by, start, end}."""
        return {"scale": self.path, "by": self.factor, **self._dates()}


@dataclass(frozen=True)
class Shift(_Dated):
    """Add `by` to the number at `path`; a list or plan is shifted throughout.

    Shifting `spend` or `price` shifts the days planned singly (`plan`, `price_plan`) too.
    """

    by: float

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "by", require_number(self.by, f"shift of {self.path}"))

    def plain(self) -> dict[str, Any]:
        """Return {shift, by, start, end}."""
        return {"shift": self.path, "by": self.by, **self._dates()}


@dataclass(frozen=True)
class Add(Change):
    """Add a part to a group (channels, products, promotions, teams, suppliers) or an item to a list.

    Parameters
    ----------
    group : the group, or the path of a list such as `promotions.double11.peaks`
    part : the part or item itself; or left out, when `name` and one or both of the next say what it is
    name : the new part's name
    like : an entry of the group to copy
    changes : fields that differ from the copy, or all fields

    A promotion copied with a new `start` keeps its length: `end` and `peaks` move along unless given.

    Examples
    --------
    >>> print(Add("promotions", name="d11", like="double11_2025", changes={"start": "2026-10-15"}))
    add promotions.d11, like double11_2025, with {'start': '2026-10-15'}
    """

    group: str
    part: Any = None
    name: str = ""
    like: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("group", "name", "like"):
            if not isinstance(getattr(self, name), str):
                raise EcomsimError(f"add.{name}", repr(getattr(self, name))[:80], "text", "Put it in quotes")
        if not isinstance(self.changes, Mapping):
            raise EcomsimError(
                f"add {self.group}.{self.name}", repr(self.changes)[:80], "{field: value, ...}", ""
            )
        object.__setattr__(self, "changes", MappingProxyType(dict(self.changes)))
        if self.part is not None and (self.like or self.changes):
            raise EcomsimError(
                f"add to {self.group}", "a part and also like or changes", "one of them", "Change the part"
            )
        if self.part is None and not (self.name and (self.like or self.changes)):
            raise EcomsimError(
                f"add to {self.group}", "nothing to add", "a part, or a name with like or changes", ""
            )

    def plain(self) -> dict[str, Any]:
        """Return {add, like, with}; a list item as {add, item}."""
        if self.part is None:
            plain: dict[str, Any] = {"add": f"{self.group}.{self.name}"}
            if self.like:
                plain["like"] = self.like
            if self.changes:
                plain["with"] = encode(self.changes)
            return plain
        name = getattr(self.part, "name", None) or ""
        name = getattr(self.part, "sku", None) or name
        if "." in self.group or not name:
            return {"add": self.group, "item": encode(self.part)}
        return {"add": f"{self.group}.{name}", "with": encode(self.part)}

    def __hash__(self) -> int:
        return hash((self.group, self.name, self.like, tuple(self.changes)))

    def __reduce__(self) -> tuple[Any, ...]:
        return _add, (self.group, self.part, self.name, self.like, dict(self.changes), self.source)


def _add(group: str, part: Any, name: str, like: str, changes: dict[str, Any], source: str) -> Add:
    return Add(group, part, name, like, changes, source=source)


@dataclass(frozen=True)
class Remove(Change):
    """Take out an entry (`promotions.own_may`), a planned day (`...plan.2026-11-11`) or an optional number.

    `path` may hold `*`.
    """

    path: str

    def __post_init__(self) -> None:
        if not isinstance(self.path, str):
            raise EcomsimError("remove", repr(self.path)[:80], "a dotted path", "Put it in quotes")

    def plain(self) -> dict[str, Any]:
        """Return {remove}."""
        return {"remove": self.path}
