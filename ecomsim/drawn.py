"""Draws of uncertain numbers, kept while the same numbers are asked for again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.streams import many_uniforms
from ecomsim.uncertain import Uncertain

__all__ = ["Draws"]

Floats: TypeAlias = NDArray[np.float64]


class Draws:
    """Draws of uncertain numbers, kept while the same numbers are asked for again.

    A calibrated store holds hundreds of uncertain numbers, and a scenario changes a few: this is what makes moving a
    slider cheap. Safe to share between scenarios: an entry is used only for the very same object.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int, int, int], tuple[Uncertain, Floats]] = {}
        self._uniforms: dict[tuple[str, int, int, int], Floats] = {}

    def uniforms(
        self, name: str, seed: int, first: int, count: int, others: Callable[[], Iterable[str]]
    ) -> Floats:
        """Return the uniforms of a stream; all numbers of one joint posterior share them.

        `others` names the streams that will be wanted too: the first call draws them all in one pass.
        """
        key = (name, seed, first, count)
        if key not in self._uniforms:
            names = dict.fromkeys((name, *others()))
            wanted = [n for n in names if (n, seed, first, count) not in self._uniforms]
            table = many_uniforms(seed, first, count, wanted)
            self._uniforms.update(
                {(n, seed, first, count): row for n, row in zip(wanted, table, strict=True)}
            )
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
