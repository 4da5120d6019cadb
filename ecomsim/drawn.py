"""What is kept between scenarios of one session: draws of uncertain numbers, and whatever was prepared from a store."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from ecomsim.counters import opening_uniforms
from ecomsim.store import Store
from ecomsim.tracked import World
from ecomsim.uncertain import Uncertain, correlate

__all__ = ["BLOCK", "Draws", "Kept", "tied_uniforms"]

BLOCK = 64
"""Replications are computed in whole blocks of so many."""

Floats: TypeAlias = NDArray[np.float64]

_T = TypeVar("_T")
_MOST = 3
"""Results kept of one computation: the first, which is the baseline's, and the latest two."""


@dataclass(frozen=True, eq=False)
class Kept:
    """A result, the world it was computed in, and every reading of that world it rests on."""

    value: Any
    world: World
    readings: frozenset[str]

    def holds(self, world: World) -> bool:
        """Return whether `world` answers every reading as this result's own world did."""
        return world is self.world or self.readings.isdisjoint(world.differs(self.world))


class Draws:
    """Draws and prepared results of one session, kept while the same numbers are asked for again.

    A calibrated store holds hundreds of uncertain numbers, and a scenario changes a few: this is what makes moving a
    slider cheap. Safe to share between scenarios: draws are used only for the very same distribution, a result only in
    a world that agrees with its own on everything the computation read.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int, int, int], tuple[Uncertain, Floats]] = {}
        self._results: dict[Hashable, list[Kept]] = {}
        self._uniforms: dict[tuple[str, int, int, int], Floats] = {}
        self._worlds = 0

    def apart(self) -> Draws:
        """Return the same draws without the results."""
        other = Draws()
        other._kept, other._uniforms = self._kept, self._uniforms
        return other

    def world(self, store: Store) -> World:
        """Return the store as one world of this session."""
        self._worlds += 1
        return World(store, self._worlds)

    def uniforms(self, name: str, seed: int, first: int, count: int) -> Floats:
        """Return the uniforms of a stream; all numbers of one joint posterior share them."""
        key = (name, seed, first, count)
        if key not in self._uniforms:
            self._uniforms[key] = opening_uniforms(seed, first, count, name)
        return self._uniforms[key]

    def of(self, key: tuple[str, int, int, int], value: Uncertain, make: Callable[[], Floats]) -> Floats:
        """Return the draws kept for `key` if they belong to `value`, else make and keep them."""
        found = self._kept.get(key)
        if found is not None and found[0] is value:
            return found[1]
        made = make()
        made.setflags(write=False)
        self._kept[key] = (value, made)
        return made

    def result(self, key: Hashable, world: World, make: Callable[[], Any]) -> Kept:
        """Return what `make` returned in a world that agrees with this one on all `make` read, else make it here."""
        known = self._results.setdefault(key, [])
        for kept in reversed(known):
            if kept.holds(world):
                return kept
        before, world.paths = world.paths, set()
        try:
            fresh = Kept(make(), world, frozenset(world.paths))
        finally:
            world.paths = before
        if fresh.readings:  # what read nothing may rest on something it was handed
            known.append(fresh)
        if len(known) > _MOST:
            known.pop(1)
        return fresh


def tied_uniforms(
    path: str, pairs: Mapping[tuple[str, str], float], seed: int, first: int, count: int
) -> Floats:
    """Return the uniforms of one of the numbers that correlations {(path, path): rho} tie together."""
    names = sorted({name for pair in pairs for name in pair})
    matrix = np.eye(len(names))
    for (one, two), rho in pairs.items():
        i, j = names.index(one), names.index(two)
        matrix[i, j] = matrix[j, i] = rho
    own = np.stack([opening_uniforms(seed, first, count, f"parameter:{name}") for name in names], axis=1)
    # block by block: a matrix product's last bits may depend on its number of rows
    blocks = [correlate(own[i : i + BLOCK], matrix, names) for i in range(0, count, BLOCK)]
    return np.ascontiguousarray(np.concatenate(blocks)[:, names.index(path)])
