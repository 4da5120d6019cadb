"""A number of the store declares its unit and domain once; construction checks every field against it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np

from ecomsim.calendar import parse_date
from ecomsim.checks import EcomsimError, require_number
from ecomsim.uncertain import Number, Uncertain

__all__ = ["Domain", "Part", "domain_of", "number"]

_TAILS = np.array([0.001, 0.5, 0.999])


@dataclass(frozen=True)
class Domain:
    """What a number may be: unit, range and, in words, what it means; `days` for a mapping by ISO date."""

    unit: str
    low: float
    high: float
    open_low: bool
    means: str
    days: bool = False


def number(
    unit: str,
    means: str,
    *,
    low: float = -math.inf,
    high: float = math.inf,
    open_low: bool = False,
    default: Any = dataclasses.MISSING,
    days: bool = False,
) -> Any:
    """Declare a dataclass field holding a number, a tuple of numbers, or a mapping to numbers.

    Parameters
    ----------
    unit : shown in every error and table
    means : one sentence for the planner
    low, high, open_low : domain; an uncertain number must keep its 0.1 % to 99.9 % quantiles inside
    default : value when left out
    days : whether it is a mapping from days, as ISO text
    """
    domain = Domain(unit, low, high, open_low, means, days)
    if isinstance(default, dict):
        return dataclasses.field(default_factory=lambda: dict(default), metadata={"domain": domain})
    return dataclasses.field(default=default, metadata={"domain": domain})


def domain_of(part: object, name: str) -> Domain | None:
    """Return the declared domain of field `name`, or None when the field is not a number."""
    for item in dataclasses.fields(part):  # type: ignore[arg-type]
        if item.name == name:
            return item.metadata.get("domain")
    return None


class Part:
    """Base of every piece of a store: checks its numbers and freezes its mappings when made."""

    def __post_init__(self) -> None:
        self.check(self._settle(_slots(type(self))))  # type: ignore[arg-type]  # types are hashable

    def _settle(self, slots: typing.Iterable[_Slot]) -> str:
        """Adopt and check single fields; returns how messages about this part begin."""
        where = type(self).__name__
        name = getattr(self, "name", None) or getattr(self, "sku", None)
        if isinstance(name, str):
            where += f"({name})"
        for item in slots:
            given = getattr(self, item.name)
            value = _adopted(given, item, f"{where}.{item.name}")
            if value is not given:
                object.__setattr__(self, item.name, value)
            if item.domain is not None and value is not None:
                _check(value, f"{where}.{item.name}", item.domain)
        return where

    def check(self, where: str) -> None:
        """Check what one field alone cannot show; `where` begins every message."""

    def check_again(self, where: str, before: typing.Self) -> None:
        """Check what one field alone cannot show, given that `before`, from which this was made, is in order."""
        self.check(where)

    def altered(self, fields: Mapping[str, Any]) -> typing.Self:
        """Return a copy with some fields replaced; what is the same as before is not checked again.

        Raises
        ------
        EcomsimError
            As making the part anew would.
        """
        kind = type(self)
        made = object.__new__(kind)
        for item in _slots(kind):  # type: ignore[arg-type]  # types are hashable
            name = item.name
            object.__setattr__(made, name, fields[name] if name in fields else getattr(self, name))
        fresh = [item for item in _slots(kind) if item.name in fields]  # type: ignore[arg-type]
        made.check_again(made._settle(fresh), self)
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        values = {}
        for item in dataclasses.fields(self):  # type: ignore[arg-type]
            value = getattr(self, item.name)
            values[item.name] = dict(value) if isinstance(value, MappingProxyType) else value
        return _rebuild, (type(self), values)


def _rebuild(kind: type[Any], values: dict[str, Any]) -> Any:
    return kind(**values)


@dataclass(frozen=True)
class _Slot:
    """A field as declared: the kind of it (or of its entries), and whether it may be left empty."""

    name: str
    kind: Any
    entry: Any
    optional: bool
    domain: Domain | None


@lru_cache(maxsize=256)
def _slots(part: Any) -> tuple[_Slot, ...]:
    hints = typing.get_type_hints(part)
    made = []
    for item in dataclasses.fields(part):
        kind = hints[item.name]
        options = typing.get_args(kind) if isinstance(kind, types.UnionType) else (kind,)
        kinds = [one for one in options if one is not type(None)]
        kind = kinds[0] if len(kinds) == 1 else Any
        origin = typing.get_origin(kind)
        entry = None if origin is None else typing.get_args(kind)[0 if origin is tuple else 1]
        made.append(
            _Slot(item.name, origin or kind, entry, len(kinds) < len(options), item.metadata.get("domain"))
        )
    return tuple(made)


def _adopted(value: Any, slot: _Slot, where: str) -> Any:
    """Return `value` as the store keeps it: lists as tuples, mappings frozen, days as dates."""
    if value is None and slot.optional:
        return None
    if slot.kind is tuple:
        listed = value.tolist() if isinstance(value, np.ndarray) else value
        if not isinstance(listed, (list, tuple)):
            raise EcomsimError(where, repr(value)[:80], "a list", "Write it in brackets: [a, b]")
        if slot.entry is dt.date:
            return tuple(parse_date(day, where) for day in listed)
        _require_kind(listed, slot.entry, where)
        return listed if isinstance(listed, tuple) else tuple(listed)
    if slot.kind is Mapping:
        if not isinstance(value, Mapping):
            raise EcomsimError(where, repr(value)[:80], "a mapping of names to values", "Write {name: value}")
        _require_kind(value.values(), slot.entry, where)
        if slot.domain is not None and slot.domain.days and value:
            return MappingProxyType({parse_date(k, where).isoformat(): one for k, one in value.items()})
        return MappingProxyType(dict(value)) if isinstance(value, dict) else value
    if slot.kind is dt.date:
        return parse_date(value, where)
    if slot.kind is int and (isinstance(value, bool) or not isinstance(value, (int, np.integer))):
        number = require_number(value, where)
        if number != int(number):
            raise EcomsimError(where, f"{number:g}", "a whole number", f"Write {round(number)}")
        return int(number)
    if slot.domain is not None and (value is None or isinstance(value, (list, tuple, Mapping))):
        require_number(value, where, low=slot.domain.low, high=slot.domain.high, unit=slot.domain.unit)
    elif slot.kind is not int:
        _require_kind((value,), slot.kind, where)
    return value


def _require_kind(values: typing.Iterable[Any], kind: Any, where: str) -> None:
    if not isinstance(kind, type) or kind in (Any, float, int):  # numbers are held against their domain
        return
    for one in values:
        if not isinstance(one, kind):
            known = ", ".join(map(str, kind)) if issubclass(kind, Enum) else ""
            words = {str: "text", bool: "True or False"}.get(kind, known or f"a {kind.__name__}")
            raise EcomsimError(where, repr(one)[:80], words)


def _check(value: object, where: str, domain: Domain) -> None:
    if isinstance(value, tuple):
        for i, one in enumerate(value):
            _check(one, f"{where}[{i}]", domain)
    elif isinstance(value, Mapping):
        for key, one in value.items():
            _check(one, f"{where}[{key!r}]", domain)
    elif isinstance(value, Uncertain):
        draws = value.ppf(_TAILS)
        below = draws <= domain.low if domain.open_low else draws < domain.low
        bad = draws[below | ~(draws <= domain.high)]
        if len(bad):  # describing the distribution costs more than checking it
            _check(float(bad[0]), where + f" (a draw of {value!r})", domain)
    else:
        require_number(
            value, where, low=domain.low, high=domain.high, open_low=domain.open_low, unit=domain.unit
        )


def require_length(values: tuple[Number, ...], length: int, where: str, of: str) -> None:
    """Raise unless `values` has `length` entries."""
    if len(values) != length:
        raise EcomsimError(where, f"{len(values)} values", f"{length} values, one for each {of}", "")
