"""A store that notes what is read of it, so that a result can be kept for every store that agrees on those readings.

No list of inputs is kept by hand: whatever a computation reads through a `World` is what it depends on.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import FunctionType, MethodType
from typing import Any, cast

from ecomsim.store import Overlay, Part, Store
from ecomsim.store.changed import changed_paths
from ecomsim.store.paths import GROUPS, expand
from ecomsim.uncertain import Beta, Empirical, LogNormal, Triangular

__all__ = ["World"]


class World:
    """One store under simulation: what has been read of it, and how it differs from others.

    Attributes
    ----------
    store : the store itself
    overlays : its dated changes by full path
    paths : what was read since the running computation began
    """

    def __init__(self, store: Store, serial: int) -> None:
        self.store, self.serial = store, serial
        self.paths: set[str] = set()
        self.overlays: dict[str, list[Overlay]] = {}
        for overlay in store.overlays:
            for path in expand(store, overlay.path):
                self.overlays.setdefault(path, []).append(overlay)
        self._differences: dict[int, frozenset[str]] = {}

    def watched(self) -> Store:
        """Return the store, noting every field read from it; not held here, lest the two keep each other alive."""
        return cast(Store, _Watched(self.store, "", self))

    def dated(self, path: str) -> list[Overlay]:
        """Return the dated changes of one number."""
        self.paths.add("@" + path)
        return self.overlays.get(path, [])

    def below(self, prefix: str) -> list[str]:
        """Return the paths at or below `prefix` that a dated change names."""
        self.paths.add(f"@{prefix}.")
        return [path for path in self.overlays if path == prefix or path.startswith(prefix + ".")]

    def column(self, group: str, field: str) -> tuple[list[Any], list[int]]:
        """Return one field of every part of a group, and the positions of those that a dated change names."""
        self.paths |= {group, f"{group}.*.{field}", f"@{group}.*.{field}"}
        parts = getattr(self.store, group)
        known = self.overlays
        dated = [i for i, name in enumerate(parts) if f"{group}.{name}.{field}" in known] if known else []
        return [getattr(part, field) for part in parts.values()], dated

    def differs(self, other: World) -> frozenset[str]:
        """Return every reading that may give another answer in `other`'s store."""
        found = self._differences.get(other.serial)
        if found is None:
            found = self._differences[other.serial] = frozenset(_readings(other, self))
        return found


def _readings(one: World, two: World) -> Iterator[str]:
    for path in changed_paths(one.store, two.store):
        yield path
        names = _starred(path).split(".")
        yield from (".".join(names[:n]) for n in range(3, len(names) + 1))
    if one.overlays is not two.overlays:
        for path in one.overlays.keys() | two.overlays.keys():
            if one.overlays.get(path) != two.overlays.get(path):
                yield f"@{path}"
                yield f"@{_starred(path)}"
                names = path.split(".")
                for n in range(1, len(names) + 1):
                    yield f"@{'.'.join(names[:n])}."


def _starred(path: str) -> str:
    """Return the path of the same field of every part: `products.A.cost` is one of `products.*.cost`."""
    group, _, rest = path.partition(".")
    field = rest.partition(".")[2]
    return f"{group}.*.{field}" if group in GROUPS and field else path


_LEAVES = frozenset(
    {float, int, str, bool, tuple, type(None), dt.date, LogNormal, Beta, Triangular, Empirical}
)


class _Watched:
    """A part of the store that notes the path of every field read; it passes for the part itself."""

    __slots__ = ("_kept", "_part", "_prefix", "_world")

    def __init__(self, part: Any, path: str, world: World) -> None:
        self._part, self._world = part, world
        self._prefix = f"{path}." if path else ""
        self._kept: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        part = self._part
        if name not in _field_names(type(part)):  # type: ignore[arg-type]  # types are hashable
            found = getattr(type(part), name)
            if isinstance(found, property):
                return cast(Any, found.fget)(self)
            return MethodType(found, self) if isinstance(found, FunctionType) else getattr(part, name)
        path = self._prefix + name
        self._world.paths.add(path)
        value = getattr(part, name)
        if type(value) not in _LEAVES and isinstance(value, (Part, Mapping)):
            if name not in self._kept:
                self._kept[name] = _watched(value, path, self._world)
            return self._kept[name]
        return value

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return type(self._part)

    def __repr__(self) -> str:
        return repr(self._part)


class _Group(Mapping[str, Any]):
    """Parts by name."""

    def __init__(self, parts: Mapping[str, Any], path: str, world: World) -> None:
        self._parts = {name: _Watched(part, f"{path}.{name}", world) for name, part in parts.items()}

    def __getitem__(self, name: str) -> Any:
        return self._parts[name]

    def __contains__(self, name: object) -> bool:
        return name in self._parts

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    def items(self) -> Any:
        """Return names and parts."""
        return self._parts.items()

    def values(self) -> Any:
        """Return the parts."""
        return self._parts.values()


def _watched(value: Any, path: str, world: World) -> Any:
    if isinstance(value, Part):
        return _Watched(value, path, world)
    if value and all(isinstance(one, Part) for one in value.values()):
        return _Group(value, path, world)
    return value


@lru_cache(maxsize=256)
def _field_names(kind: Any) -> frozenset[str]:
    return frozenset(item.name for item in dataclasses.fields(kind))
