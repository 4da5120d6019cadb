"""`streams.uniforms` compiled: one call a stream, some nanoseconds a draw, the same bits."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecomsim.jit import jit
from ecomsim.streams import OPENING, stream

__all__ = ["opening_uniforms"]

U = np.uint64
_LOW, _HALF, _SIX, _HIGH = U(0xFFFFFFFF), U(32), U(6), U(26)
_M0, _M1, _W0, _W1 = U(0xD2511F53), U(0xCD9E8D57), U(0x9E3779B9), U(0xBB67AE85)


def opening_uniforms(seed: int, first: int, count: int, name: str) -> NDArray[np.float64]:
    """Return one uniform in (0, 1) of a stream for each of `count` replications from `first`, with 53 random bits.

    Examples
    --------
    >>> from ecomsim.streams import uniforms
    >>> bool((opening_uniforms(7, 64, 5, "level") == uniforms(7, 64, 5, "level")).all())
    True
    """
    out = np.empty(count)
    _fill(out, U(first), U(seed), U(stream(name)), U(OPENING))
    return out


@jit
def _fill(out: Any, first: Any, seed: Any, name: Any, day: Any) -> None:
    for i in range(out.shape[0]):
        x0, x1, x2, x3 = U(0), day, name, U(0)
        key0, key1 = seed, first + U(i)
        for _ in range(10):
            low, high = _M0 * x0, _M1 * x2
            x0, x1, x2, x3 = (
                (high >> _HALF) ^ x1 ^ key0,
                high & _LOW,
                (low >> _HALF) ^ x3 ^ key1,
                low & _LOW,
            )
            key0, key1 = (key0 + _W0) & _LOW, (key1 + _W1) & _LOW
        whole = ((x0 >> _SIX) << _HIGH) | (x1 >> _SIX)
        out[i] = (np.float64(whole) + 0.5) * 2.0**-52
