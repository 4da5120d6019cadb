"""Draws by number and a heap of events, for kernels."""

from __future__ import annotations

from typing import Any

import numpy as np

from ecomsim.jit import jit

__all__ = ["pop", "push", "uniform"]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX1, _MIX2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)


@jit
def uniform(key: Any, index: Any) -> Any:
    """Return a number in (0, 1) of this key and index (SplitMix64)."""
    z = key + np.uint64(index) * _GOLDEN
    z = (z ^ (z >> _S30)) * _MIX1
    z = (z ^ (z >> _S27)) * _MIX2
    z = z ^ (z >> _S31)
    return (np.float64(z >> _S11) + 0.5) * (1.0 / 9007199254740992.0)


@jit
def push(at: Any, what: Any, size: Any, time: Any, code: Any) -> Any:
    """Put an event on the heap; returns its new size."""
    i = size
    while i > 0:
        up = (i - 1) >> 1
        if at[up] <= time:
            break
        at[i] = at[up]
        what[i] = what[up]
        i = up
    at[i] = time
    what[i] = code
    return size + 1


@jit
def pop(at: Any, what: Any, size: Any) -> Any:
    """Take the first event off the heap; returns its new size."""
    n = size - 1
    time, code = at[n], what[n]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= n:
            break
        if child + 1 < n and at[child + 1] < at[child]:
            child += 1
        if at[child] >= time:
            break
        at[i] = at[child]
        what[i] = what[child]
        i = child
    at[i] = time
    what[i] = code
    return n
