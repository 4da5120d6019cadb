"""Where two stores differ, told by dotted paths: what makes it safe to keep what was computed for another scenario."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from enum import Enum
from typing import Any

from ecomsim.store.field import Part
from ecomsim.store.store import Store
from ecomsim.uncertain import Linear

__all__ = ["changed_paths", "same"]

_APART = ("overlays", "provenance")  # overlays are compared by whoever applies them; provenance moves nothing
_PLAIN = (int, float, str, bool, dt.date, Enum)


def changed_paths(old: Store, new: Store) -> set[str]:
    """Return the paths of every field that differs, overlays and provenance apart.

    A path names a leaf field (`channels.live.base`, `products.A.season`), a group whose names or their order differ
    (`promotions`), or a part of another kind (`products.A.policy`). Stores made from one another share what they do
    not change, so only parts that are not the very same object are looked into.

    Examples
    --------
    >>> from ecomsim.store import Channel, Product
    >>> shop = Store("s", {"a": Channel("a", 100.0, 0.02, 0.2)}, {"x": Product("x", 20.0, 9.0)})
    >>> changed_paths(shop, shop.replace(channels={"a": Channel("a", 120.0, 0.02, 0.2)}))
    {'channels.a.base'}
    """
    found: set[str] = set()
    _compare(old, new, "", found)
    return found


def same(one: Store, two: Store) -> bool:
    """Return whether two stores are the same world: equal in everything but provenance."""
    return one is two or (one.overlays == two.overlays and not changed_paths(one, two))


def _compare(old: Any, new: Any, path: str, found: set[str]) -> None:
    if old is new:
        return
    if isinstance(old, Part) and type(old) is type(new):
        prefix = f"{path}." if path else ""
        for item in dataclasses.fields(old):  # type: ignore[arg-type]
            if item.name not in _APART:
                _compare(getattr(old, item.name), getattr(new, item.name), prefix + item.name, found)
    elif isinstance(old, Mapping) and isinstance(new, Mapping) and _holds_parts(old) and _holds_parts(new):
        if tuple(old) != tuple(new):  # order is meaning: it is the order of simulation
            found.add(path)
        else:
            for key, one in old.items():
                _compare(one, new[key], f"{path}.{key}", found)
    elif not _equal(old, new):
        found.add(path)


def _holds_parts(entries: Mapping[Any, Any]) -> bool:
    return all(isinstance(one, Part) for one in entries.values())


def _equal(one: Any, two: Any) -> bool:
    """Return whether two leaves are surely the same number, text, day or list of them, signs of zero included."""
    if one is two:
        return True
    if type(one) is not type(two):
        return False
    if isinstance(one, _PLAIN):
        return bool(one == two) and (bool(one) or str(one) == str(two))
    if isinstance(one, Linear):
        return _equal((one.base, one.factor, one.offset), (two.base, two.factor, two.offset))
    if isinstance(one, tuple):
        return len(one) == len(two) and all(map(_equal, one, two))
    if isinstance(one, Mapping):
        return _equal(tuple(one.items()), tuple(two.items()))
    if isinstance(one, Part):
        found: set[str] = set()
        _compare(one, two, "", found)
        return not found
    return False  # comparing long posteriors costs more than computing again
