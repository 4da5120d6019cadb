"""Dotted paths into a store: read a number, replace it, find all like it.

A path names fields, keys and positions: `channels.live.weekday.0`, `products.A.policy.order_up_to`. A part's
`driver` and `policy` may be left out: `channels.paid_search.spend`, `products.A.order_up_to`.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from ecomsim.checks import EcomsimError, nearest, require_name
from ecomsim.store.field import Domain, Part
from ecomsim.store.store import Store
from ecomsim.uncertain import Number, Uncertain

__all__ = ["Place", "canonical", "expand", "get", "locate", "relocate", "replace_all", "replace_at", "walk"]

SHORT = ("driver", "policy")
"""Parts whose fields may be named without naming the part."""
GROUPS = {
    "channels": "channel",
    "products": "product",
    "promotions": "promotion",
    "teams": "team",
    "suppliers": "supplier",
}
_BOOKKEEPING = {"overlays", "correlations", "provenance"}


@dataclasses.dataclass(frozen=True)
class Place:
    """What a path leads to.

    Attributes
    ----------
    path : the full path, `driver` and `policy` written out
    value : what stands there now
    kind : the declared type, e.g. `float | Uncertain`, `datetime.date`, `Policy`
    domain : unit and range when it is a number (or a tuple or mapping of numbers)
    """

    path: str
    value: Any
    kind: Any
    domain: Domain | None


def walk(store: Store) -> Iterator[tuple[str, Number]]:
    """Yield (path, value) of every number in the store, uncertain or not, in reading order.

    Whole-number settings such as `service.concurrency` are included; dates, names, lists of weekdays are not.
    """
    for item in dataclasses.fields(store):
        if item.name not in _BOOKKEEPING:
            yield from _walk(getattr(store, item.name), item.name, item.metadata.get("domain"))


def _walk(value: Any, path: str, domain: Domain | None) -> Iterator[tuple[str, Number]]:
    if isinstance(value, Part):
        for item in dataclasses.fields(value):  # type: ignore[arg-type]
            yield from _walk(getattr(value, item.name), f"{path}.{item.name}", item.metadata.get("domain"))
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _walk(one, f"{path}.{key}", domain)
    elif isinstance(value, tuple):
        for i, one in enumerate(value):
            if domain is not None or isinstance(one, Part):
                yield from _walk(one, f"{path}.{i}", domain)
    elif isinstance(value, (int, float, Uncertain)) and not isinstance(value, bool):
        yield path, value


def get(store: Store, path: str) -> Any:
    """Return what stands at `path`: a number, a date, a part, None for an optional number left out."""
    return locate(store, path).value


def canonical(store: Store, path: str) -> str:
    """Return `path` with `driver` and `policy` written out."""
    return locate(store, path).path


def locate(store: Store, path: str, *, new_key: bool = False) -> Place:
    """Return the place `path` leads to.

    Parameters
    ----------
    new_key : whether the last segment may be a key not there yet, of a mapping keyed by date or channel

    Raises
    ------
    EcomsimError
        For an unknown segment, naming the allowed ones at that level and the nearest.
    """
    if not isinstance(path, str) or not all(path.split(".")):
        raise EcomsimError(
            "path", repr(path), "a dotted path", "Write for example channels.paid_search.spend"
        )
    names = path.split(".")
    here = Place("", store, Store, None)
    for depth, name in enumerate(names):
        last = depth == len(names) - 1
        here = _step(store, here, name, path, names[:depth], new_key and last)
    return here


def _step(store: Store, here: Place, name: str, path: str, seen: list[str], new_key: bool) -> Place:
    value = here.value
    full = f"{here.path}.{name}" if here.path else name
    at = ".".join([*seen, name])
    if isinstance(value, Part):
        fields = _fields(type(value))
        if name not in fields:
            for short in SHORT:
                if short in fields and name in _fields(type(getattr(value, short))):
                    inner = Place(
                        f"{here.path}.{short}" if here.path else short, getattr(value, short), None, None
                    )
                    return _step(store, inner, name, path, seen, new_key)
            _unknown_field(store, value, name, path, at)
        return Place(full, getattr(value, name), *fields[name])
    if isinstance(value, Mapping):
        kind = (typing.get_args(here.kind) or (str, Any))[-1]
        if name in value:
            return Place(full, value[name], kind, here.domain)
        if new_key and here.path not in GROUPS and (_is_day(name) or name in store.channels):
            return Place(full, None, kind, here.domain)
        require_name(name, [str(k) for k in value], at, GROUPS.get(here.path, "key"))
    if isinstance(value, tuple):
        if name.isascii() and name.isdigit() and int(name) < len(value):
            return Place(full, value[int(name)], _item_kind(here.kind), here.domain)
        allowed = f"a position from 0 to {len(value) - 1}" if value else "(it is empty)"
        raise EcomsimError(at, f"no such position '{name}'", allowed)
    what = "nothing" if value is None else f"a {type(value).__name__}"
    raise EcomsimError(path, f"'{name}' below {here.path}, which is {what}", f"the path {here.path}")


def _unknown_field(store: Store, part: Part, name: str, path: str, at: str) -> typing.NoReturn:
    known = [n for n in _fields(type(part)) if n not in _BOOKKEEPING]
    if isinstance(part, Store):
        for group in GROUPS:
            if name in getattr(store, group):
                raise EcomsimError(
                    at, f"no such part '{name}'", ", ".join(known), f"Did you mean '{group}.{path}'?"
                )
    else:
        for short in SHORT:
            if short in known:
                known += [n for n in _fields(type(getattr(part, short))) if n not in known]
    hit = nearest(name, known)
    remedy = f"Did you mean '{hit}'?" if hit else f"Choose a field of {type(part).__name__}"
    raise EcomsimError(at, f"no such field '{name}'", ", ".join(known), remedy)


def _is_day(name: str) -> bool:
    try:
        dt.date.fromisoformat(name)
    except ValueError:
        return False
    return len(name) == 10


def _item_kind(kind: Any) -> Any:
    for option in typing.get_args(kind) if typing.get_origin(kind) is not tuple else (kind,):
        if typing.get_origin(option) is tuple:
            return typing.get_args(option)[0]
    return Any


def _fields(kind: Any) -> Mapping[str, tuple[Any, Domain | None]]:
    return _hints(kind)


@lru_cache(maxsize=256)
def _hints(kind: Any) -> Mapping[str, tuple[Any, Domain | None]]:
    hints = typing.get_type_hints(kind)
    return {item.name: (hints[item.name], item.metadata.get("domain")) for item in dataclasses.fields(kind)}


def expand(store: Store, pattern: str) -> list[str]:
    """Return the full paths matching `pattern`, where `*` stands for any one key or position.

    Entries without the rest of the path are passed over: `channels.*.spend` finds the paid channels. No match
    raises.

    Examples of patterns: `products.*.policy.order_up_to`, `channels.*.weekday.5`, `products.T*.price`.
    """
    if "*" not in pattern:
        return [canonical(store, pattern)]
    heads = [""]
    names = pattern.split(".")
    fault: EcomsimError | None = None
    for name in names:
        found: list[str] = []
        for head in heads:
            try:
                found += _matches(store, head, name, pattern)
            except EcomsimError as error:
                fault = fault or error
        if not found:
            raise fault or EcomsimError(
                pattern,
                f"no match for '{name}'",
                "a pattern that finds something",
                "Check the names before",
            )
        heads = found
    return heads


def _matches(store: Store, head: str, name: str, pattern: str) -> list[str]:
    path = f"{head}.{name}" if head else name
    if "*" not in name:
        return [canonical(store, path)]
    value = get(store, head) if head else store
    if isinstance(value, Mapping):
        return [f"{head}.{key}" for key in value if fnmatchcase(str(key), name)]
    if isinstance(value, tuple) and name == "*":
        return [f"{head}.{i}" for i in range(len(value))]
    below = f"'*' below {head or 'the store'}"
    raise EcomsimError(pattern, below, "'*' in place of a key or position", "Name the field")


def replace_at(store: Store, path: str, value: Any) -> Store:
    """Return a store with `value` at `path`; the given store is untouched.

    A mapping keyed by date or channel (`driver.plan`, `price_plan`, `displaces`) takes new keys.

    Raises
    ------
    EcomsimError
        For an unknown path or a value outside the field's domain, naming the dotted path.
    """
    return replace_all(store, {path: value})


def replace_all(store: Store, values: Mapping[str, Any]) -> Store:
    """Return a store with every value of {path: value} replaced at once, checked when all are in place.

    Raises
    ------
    EcomsimError
        As `replace_at`; also when one path lies inside another.
    """
    tree: dict[str, Any] = {}
    for path, value in values.items():
        names = locate(store, path, new_key=True).path.split(".")
        node = tree
        for name in names[:-1]:
            node = node.setdefault(name, {})
            if not isinstance(node, dict):
                raise EcomsimError(path, "a place inside another that is replaced too", "one of the two")
        if isinstance(node.get(names[-1]), dict):
            raise EcomsimError(path, "a place around another that is replaced too", "one of the two")
        node[names[-1]] = _Leaf(value)
    rebuilt = _rebuild(store, tree, "") if tree else store
    assert isinstance(rebuilt, Store)
    return rebuilt


@dataclasses.dataclass(frozen=True)
class _Leaf:
    value: Any


def _rebuild(value: Any, tree: Any, path: str) -> Any:
    if isinstance(tree, _Leaf):
        return tree.value
    below = {name: f"{path}.{name}" if path else name for name in tree}
    if isinstance(value, Part):
        parts = {name: _rebuild(getattr(value, name), sub, below[name]) for name, sub in tree.items()}
        try:
            return value.altered(parts)
        except EcomsimError as error:
            name = getattr(value, "name", None) or getattr(value, "sku", None)
            raise relocate(error, type(value), name, path) from None
    if isinstance(value, Mapping):
        return {**value, **{k: _rebuild(value.get(k), sub, below[k]) for k, sub in tree.items()}}
    items = list(value)
    for name, sub in tree.items():
        items[int(name)] = _rebuild(items[int(name)], sub, below[name])
    return tuple(items)


def relocate(error: EcomsimError, part: type[Any], name: object, path: str) -> EcomsimError:
    """Return `error` of a part's own check with the dotted path in place of `Class(name)`."""
    label = part.__name__ + (f"({name})" if isinstance(name, str) else "")
    if not error.where.startswith(label):
        return error
    tail = error.where[len(label) :]
    return EcomsimError((path + tail).lstrip("."), error.given, error.allowed, error.remedy)
