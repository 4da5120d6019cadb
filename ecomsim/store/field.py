"""A number of the store declares its unit and domain once; construction checks every field against it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from ecomsim.checks import EcomsimError, require_number
from ecomsim.uncertain import Number, Uncertain

__all__ = ["Domain", "Part", "domain_of", "number"]

_TAILS = np.array([0.001, 0.5, 0.999])


@dataclass(frozen=True)
class Domain:
    """What a number may be: unit, range and, in words, what it means."""

    unit: str
    low: float
    high: float
    open_low: bool
    means: str


def number(
    unit: str,
    means: str,
    *,
    low: float = -math.inf,
    high: float = math.inf,
    open_low: bool = False,
    default: Any = dataclasses.MISSING,
) -> Any:
    """Declare a dataclass field holding a number, a tuple of numbers, or a mapping to numbers.

    Parameters
    ----------
    unit : shown in every error and table
    means : one sentence for the planner
    low, high, open_low : domain; an uncertain number must keep its 0.1 % to 99.9 % quantiles inside
    default : value when left out
    """
    domain = Domain(unit, low, high, open_low, means)
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
        where = type(self).__name__
        name = getattr(self, "name", None) or getattr(self, "sku", None)
        if isinstance(name, str):
            where += f"({name})"
        for item in dataclasses.fields(self):  # type: ignore[arg-type]
            value = getattr(self, item.name)
            if isinstance(value, dict):
                value = MappingProxyType(dict(value))
                object.__setattr__(self, item.name, value)
            elif isinstance(value, list):
                value = tuple(value)
                object.__setattr__(self, item.name, value)
            domain = item.metadata.get("domain")
            if domain is not None:
                _check(value, f"{where}.{item.name}", domain)
        self.check(where)

    def check(self, where: str) -> None:
        """Check what one field alone cannot show; `where` begins every message."""

    def __reduce__(self) -> tuple[Any, ...]:
        values = {}
        for item in dataclasses.fields(self):  # type: ignore[arg-type]
            value = getattr(self, item.name)
            values[item.name] = dict(value) if isinstance(value, MappingProxyType) else value
        return _rebuild, (type(self), values)


def _rebuild(kind: type[Any], values: dict[str, Any]) -> Any:
    return kind(**values)


def _check(value: object, where: str, domain: Domain) -> None:
    if value is None:
        return
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
