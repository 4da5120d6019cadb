"""A birth-death chain moving through time: Crank-Nicolson steps with the matrix factored once a slot."""

from __future__ import annotations

from typing import Any

import numpy as np

from ecomsim.jit import jit

__all__ = ["advance"]


_BLOCK = 8  # steps between two looks at where the probability is
_NOTHING = 1e-15


@jit
def _factor(low: Any, high: Any, w: Any, lam: Any, death: Any, pivot: Any, upper: Any) -> None:
    """Factor I - w Q of the states low..high: subdiagonal -w lam, superdiagonal -w death; no way out of them."""
    for i in range(low, high + 1):
        birth = lam if i < high else 0.0
        b = 1.0 + w * (birth + (death[i] if i > low else 0.0))
        if i > low:
            b += w * lam * upper[i - 1]
        pivot[i] = 1.0 / b
        upper[i] = -w * death[i + 1] * pivot[i] if i < high else 0.0


@jit
def _step(
    low: Any, high: Any, w: Any, rest: Any, lam: Any, death: Any, pivot: Any, upper: Any, p: Any, d: Any
) -> None:
    """Move p by one step of the factored matrix; `rest` is the explicit part of the time step."""
    if rest > 0.0:
        before = 0.0
        for i in range(low, high + 1):
            birth = lam if i < high else 0.0
            flow = before - (birth + (death[i] if i > low else 0.0)) * p[i]
            if i < high:
                flow += death[i + 1] * p[i + 1]
            d[i] = p[i] + rest * flow
            before = lam * p[i]
    else:
        for i in range(low, high + 1):
            d[i] = p[i]
    d[low] *= pivot[low]
    for i in range(low + 1, high + 1):
        d[i] = (d[i] + w * lam * d[i - 1]) * pivot[i]
    p[high] = d[high]
    for i in range(high - 1, low - 1, -1):
        p[i] = d[i] - upper[i] * p[i + 1]


@jit
def advance(p: Any, lam: Any, death: Any, seconds: Any, steps: Any, mean: Any) -> None:
    """Move p (states,) through `seconds` in `steps`; set `mean` to its average over that time.

    The first two steps are implicit Euler: they damp the jump of the rates at the slot's start. Only the states that
    some probability can reach are touched: far fewer than there may be on the worst day.
    """
    n = p.shape[0]
    dt = seconds / steps
    d, pivot, upper = np.empty(n), np.empty(n), np.empty(n)
    mean[:] = 0.0
    k = 0
    while k < steps:
        block = 2 if k == 0 else min(_BLOCK, steps - k)
        w = dt if k == 0 else 0.5 * dt
        high = n - 1
        while high > 0 and p[high] < _NOTHING:
            high -= 1
        low = 0
        while low < high and p[low] < _NOTHING:
            low += 1
        come = lam * dt * block
        go = death[high] * dt * block
        high = min(n - 1, high + int(come + 9.0 * np.sqrt(come) + 20.0))
        low = max(0, low - int(go + 9.0 * np.sqrt(go) + 20.0))
        _factor(low, high, w, lam, death, pivot, upper)
        for _ in range(min(block, steps - k)):
            for i in range(low, high + 1):
                mean[i] += 0.5 * p[i]
            _step(low, high, w, dt - w, lam, death, pivot, upper, p, d)
            for i in range(low, high + 1):
                mean[i] += 0.5 * p[i]
            k += 1
    for i in range(n):
        mean[i] /= steps
