"""Plain values (text, numbers, lists, mappings) <-> what a field of the store declares."""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
import typing
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from typing import Any

from ecomsim.calendar import parse_date
from ecomsim.checks import EcomsimError, nearest, require_name, require_number
from ecomsim.store import Domain, Driver, Part, Policy
from ecomsim.store.paths import relocate
from ecomsim.uncertain import (
    Beta,
    Empirical,
    Fixed,
    Linear,
    LogNormal,
    Normal,
    Triangular,
    Uncertain,
    Uniform,
)

__all__ = ["build", "decode", "encode"]

_SHAPES: Mapping[str, type[Uncertain]] = types.MappingProxyType(
    {
        "fixed": Fixed,
        "uniform": Uniform,
        "triangular": Triangular,
        "normal": Normal,
        "lognormal": LogNormal,
        "beta": Beta,
        "empirical": Empirical,
        "linear": Linear,
    }
)
_FAMILIES = (Driver, Policy)


def decode(kind: Any, raw: Any, where: str, domain: Domain | None = None) -> Any:
    """Return `raw` as the declared `kind`, checked against its domain.

    Text dates, lists for tuples, enum values by name and `{triangular: [1, 2, 3]}` for uncertain numbers are
    understood; a number in quotes or in percent is refused with the number to write.
    """
    if kind is Any:
        return raw
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        options = [k for k in typing.get_args(kind) if k is not type(None)]
        if raw is None and len(options) < len(typing.get_args(kind)):
            return None
        if Uncertain in options:
            return _number(raw, where, domain)
        return decode(options[0], raw, where, domain)
    origin = typing.get_origin(kind)
    if origin is tuple:
        if isinstance(raw, str) or not isinstance(raw, (list, tuple)):
            raise EcomsimError(where, repr(raw)[:80], "a list", "Write it in brackets: [a, b]")
        item = typing.get_args(kind)[0]
        return tuple(decode(item, one, f"{where}.{i}", domain) for i, one in enumerate(raw))
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        if not isinstance(raw, Mapping):
            raise EcomsimError(where, repr(raw)[:80], "a mapping of names to values", "Write {name: value}")
        item = typing.get_args(kind)[1]
        return {_key(k): decode(item, one, f"{where}.{k}", domain) for k, one in raw.items()}
    return _plain(kind, raw, where, domain)


def _key(key: object) -> str:
    return key.isoformat() if isinstance(key, dt.date) else str(key)


def _plain(kind: type[Any], raw: Any, where: str, domain: Domain | None) -> Any:
    if kind is bool:
        if isinstance(raw, bool):
            return raw
        raise EcomsimError(where, repr(raw)[:80], "true or false", "Write it without quotes")
    if kind is float:
        return _number(raw, where, domain, sure=True)
    if kind is int:
        number = _number(raw, where, domain, sure=True)
        if number != int(number):
            raise EcomsimError(where, f"{number:g}", "a whole number", f"Write {round(number)}")
        return int(number)
    if kind is str:
        if isinstance(raw, str):
            return raw
        raise EcomsimError(where, repr(raw)[:80], "text", "Put it in quotes")
    if kind is dt.date:
        return parse_date(raw, where)
    if issubclass(kind, Enum):
        return _member(kind, raw, where)
    if issubclass(kind, Uncertain):
        return raw if isinstance(raw, Uncertain) else _shape(raw, where)
    if issubclass(kind, Part):
        return raw if isinstance(raw, kind) else build(kind, raw, where)
    raise EcomsimError(where, repr(raw)[:80], f"a {kind.__name__}")  # pragma: no cover - no such field today


def _number(raw: Any, where: str, domain: Domain | None, *, sure: bool = False) -> Any:
    if isinstance(raw, (Uncertain, Mapping)):
        if sure:
            raise EcomsimError(where, repr(raw)[:80], "a plain number", "This one cannot be uncertain")
        return raw if isinstance(raw, Uncertain) else _shape(raw, where)
    limits = domain or Domain("", -float("inf"), float("inf"), False, "")
    return require_number(
        raw, where, low=limits.low, high=limits.high, open_low=limits.open_low, unit=limits.unit,
        remedy=_share_remedy(raw, limits),
    )  # fmt: skip


def _share_remedy(raw: Any, limits: Domain) -> str:
    """Say what a share in quotes or percent should look like; the general check knows the rest."""
    if limits.unit.split("/")[0] != "share" or limits.high > 1:
        return ""
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return f"Shares are fractions: write {raw / 100:g} for {raw:g} %" if 1 < raw <= 100 else ""
    if not isinstance(raw, str):
        return ""
    text = raw.strip()
    try:
        number = float(text.rstrip("%％").replace(",", ""))
    except ValueError:
        return ""
    if text[-1] in "%％" or abs(number) > 1:
        return f"Shares are fractions: write {number / 100:g} for {number:g} %"
    return f"Write {number:g} without quotes"


def _member(kind: type[Enum], raw: Any, where: str) -> Enum:
    if isinstance(raw, kind):
        return raw
    known = {str(m.value): m for m in kind}
    return known[require_name(str(raw).lower(), list(known), where, kind.__name__.lower())]


def _shape(raw: Any, where: str) -> Uncertain:
    if not isinstance(raw, Mapping) or len(raw) != 1:
        raise EcomsimError(
            where, repr(raw)[:80], "one of " + ", ".join(_SHAPES), "Write e.g. {triangular: [1, 2, 3]}"
        )
    (name, points), *_ = raw.items()
    shape = _SHAPES[require_name(str(name), list(_SHAPES), where, "distribution")]
    made = _make(shape, points, f"{where}.{name}")
    assert isinstance(made, Uncertain)
    return made


def build(kind: type[Any], raw: Any, where: str) -> Any:
    """Return a part of the store from a mapping of its fields.

    A driver or policy says which one it is by `kind`: `{kind: MinMax, reorder_point: 40, order_up_to: 120}`.
    """
    if not isinstance(raw, Mapping):
        raise EcomsimError(
            where, repr(raw)[:80], f"the fields of a {kind.__name__}", "Write {field: value, ...}"
        )
    fields = {str(k): v for k, v in raw.items()}
    if kind in _FAMILIES:
        known = {k.__name__: k for k in kind.__subclasses__()}
        if "kind" not in fields:
            raise EcomsimError(where, "no kind", ", ".join(known), f"Add kind: {next(iter(known))}")
        kind = known[require_name(str(fields.pop("kind")), list(known), f"{where}.kind", "kind")]
    return _make(kind, fields, where)


def _make(kind: type[Any], raw: Any, where: str) -> Any:
    hints = _hints(kind)  # type: ignore[arg-type]  # types are hashable; mypy looks at instances
    if isinstance(raw, (list, tuple)):
        if len(raw) > len(hints):
            raise EcomsimError(where, f"{len(raw)} values", "at most " + ", ".join(hints), "Leave some out")
        raw = dict(zip(hints, raw, strict=False))
    elif not isinstance(raw, Mapping):
        raw = {next(iter(hints)): raw}
    for name in raw:
        if name not in hints:
            hit = nearest(str(name), hints)
            remedy = f"Did you mean '{hit}'?" if hit else f"Leave out '{name}'"
            raise EcomsimError(f"{where}.{name}", f"no such field '{name}'", ", ".join(hints), remedy)
    missing = [
        f.name
        for f in dataclasses.fields(kind)
        if f.name not in raw and f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise EcomsimError(where, f"no {', '.join(missing)}", ", ".join(hints), "Give what is missing")
    domains = {f.name: f.metadata.get("domain") for f in dataclasses.fields(kind)}
    values = {n: decode(hints[n], one, f"{where}.{n}", domains[n]) for n, one in raw.items()}
    try:
        return kind(**values)
    except EcomsimError as error:
        raise relocate(error, kind, values.get("name") or values.get("sku"), where) from None


@lru_cache(maxsize=256)
def _hints(kind: Any) -> Mapping[str, Any]:
    hints = typing.get_type_hints(kind)
    return {item.name: hints[item.name] for item in dataclasses.fields(kind)}


def encode(value: Any) -> Any:
    """Return `value` as plain text, numbers, lists and mappings: what `decode` reads back."""
    if isinstance(value, Enum):
        return encode(value.value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Uncertain):
        names = {kind: name for name, kind in _SHAPES.items()}
        points = {f.name: encode(getattr(value, f.name)) for f in dataclasses.fields(value)}
        if type(value) not in names:
            raise EcomsimError(
                type(value).__name__, "a distribution of your own", "one of " + ", ".join(_SHAPES),
                "Write scenarios with it in Python, not in a file",
            )  # fmt: skip
        return {names[type(value)]: points}
    if isinstance(value, Part):
        plain: dict[str, Any] = {"kind": type(value).__name__} if isinstance(value, _FAMILIES) else {}
        for item in dataclasses.fields(value):  # type: ignore[arg-type]
            now = getattr(value, item.name)
            default = item.default if item.default_factory is dataclasses.MISSING else item.default_factory()
            if default is dataclasses.MISSING or now != default:
                plain[item.name] = encode(now)
        return plain
    if isinstance(value, Mapping):
        return {_key(k): encode(one) for k, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [encode(one) for one in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return int(value)
    if hasattr(value, "__float__"):
        return float(value)
    raise EcomsimError("value", repr(value)[:80], "text, a number, a date, a list or a part of the store")
