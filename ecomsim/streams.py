"""The random streams: Philox4x32-10 counters, so any draw can be made anywhere, in any order, with the same bits.

key = (seed, replication); counter = (index, day, stream, block). A stream is named after the quantity drawn. There is
no generator and no state: replication 17 of day 30 is the same number alone, in a chunk, or on another machine.

Salmon et al. (2011), "Parallel random numbers: as easy as 1, 2, 3", SC11.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.checks import EcomsimError

__all__ = ["OPENING", "check_seed", "many_uniforms", "philox", "stream", "uniforms"]

Words: TypeAlias = NDArray[np.uint32]

OPENING = 0xFFFFFFFF
"""Day of the counter for what is drawn once, before the first day."""

_LOW = np.uint64(0xFFFFFFFF)
_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = 0x9E3779B9, 0xBB67AE85
_HALF = np.uint64(32)
_IN_CACHE = 8192


@lru_cache(maxsize=8192)
def stream(name: str) -> int:
    """Return the 32-bit stream number of a quantity's name; the same in every process and release.

    Examples
    --------
    >>> stream("visitors") == stream("visitors"), stream("visitors") == stream("demand")
    (True, False)
    """
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest(), "little")


def check_seed(seed: int) -> int:
    """Return `seed` if it is a whole number of 32 bits, else raise."""
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or not 0 <= seed <= 0xFFFFFFFF:
        raise EcomsimError(
            "seed", repr(seed), "a whole number from 0 to 4294967295", "Use for example seed=7"
        )
    return int(seed)


def philox(
    c0: object, c1: object, c2: object, c3: object, k0: object, k1: object
) -> tuple[Words, Words, Words, Words]:
    """Return the four 32-bit words of Philox4x32-10 for counters and keys that broadcast together."""
    words = np.broadcast_arrays(*(np.asarray(x, np.uint64) for x in (c0, c1, c2, c3, k0, k1)))
    x0, x1, x2, x3, key0, key1 = (np.array(w) for w in words)
    for _ in range(10):
        low, high = _M0 * x0, _M1 * x2
        x0, x1, x2, x3 = (
            (high >> _HALF) ^ x1 ^ key0,
            high & _LOW,
            (low >> _HALF) ^ x3 ^ key1,
            low & _LOW,
        )
        key0, key1 = (key0 + np.uint64(_W0)) & _LOW, (key1 + np.uint64(_W1)) & _LOW
    a, b, c, d = (np.asarray(x, np.uint32) for x in (x0, x1, x2, x3))
    return a, b, c, d


def uniforms(
    seed: int, first: int, count: int, name: str, *, index: int = 0, day: int = OPENING
) -> NDArray[np.float64]:
    """Return one uniform in (0, 1) for each of `count` replications from `first`, with 53 random bits.

    Examples
    --------
    >>> one, two = uniforms(7, 0, 4, "level"), uniforms(7, 2, 2, "level")
    >>> bool((one[2:] == two).all())
    True
    """
    return np.asarray(many_uniforms(seed, first, count, (name,), index=index, day=day)[0])


def many_uniforms(
    seed: int, first: int, count: int, names: Sequence[str], *, index: int = 0, day: int = OPENING
) -> NDArray[np.float64]:
    """Return `uniforms` of several streams at once, (names, count), a few streams a pass so that all stays in cache."""
    replication = np.arange(first, first + count, dtype=np.uint64)[None, :]
    streams = np.array([stream(name) for name in names], dtype=np.uint64)[:, None]
    out = np.empty((len(names), count))
    rows = max(1, _IN_CACHE // max(count, 1))
    for start in range(0, len(names), rows):
        a, b, _, _ = philox(index, day, streams[start : start + rows], 0, seed, replication)
        whole = (a.astype(np.uint64) >> np.uint64(6)) << np.uint64(26) | (b.astype(np.uint64) >> np.uint64(6))
        out[start : start + rows] = (whole.astype(np.float64) + 0.5) * 2.0**-52
    return out
