"""Standard normals of every series by itself: the same whichever series stand beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ecomsim.streams import OPENING, philox, stream

__all__ = ["own_normals"]

_PASS = 8


def own_normals(seed: int, names: Sequence[str], count: int, paths: int) -> NDArray[np.float32]:
    """Return (series, paths, count) standard normals from 32 random bits each, four to a counter.

    Examples
    --------
    >>> both, one = own_normals(7, ["a", "b"], 3, 5), own_normals(7, ["b"], 3, 5)
    >>> bool((both[1] == one[0]).all())
    True
    """
    from scipy.special import ndtri

    blocks = -(-count // 4)
    out = np.empty((len(names), paths, 4 * blocks), np.float32)
    replication = np.arange(paths, dtype=np.uint64)[None, :, None]
    block = np.arange(blocks, dtype=np.uint64)[None, None, :]
    # a few series a pass, so that all stays in cache
    for first in range(0, len(names), _PASS):
        held = names[first : first + _PASS]
        streams = np.array([stream(f"forecast.own.{name}") for name in held], np.uint64)[:, None, None]
        words = philox(block, OPENING, streams, 0, seed, replication)
        uniform = (np.stack(words, axis=-1).astype(np.float64) + 0.5) * 2.0**-32
        out[first : first + _PASS] = ndtri(uniform).reshape(len(held), paths, -1)
    return out[:, :, :count]
