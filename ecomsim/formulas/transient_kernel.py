"""A birth-death chain moving through time: Crank-Nicolson steps with the matrix factored once a slot."""

from __future__ import annotations

from typing import Any

import numpy as np

from ecomsim.jit import jit

__all__ = ["advance"]


@jit
def _factor(n: Any, w: Any, lam: Any, death: Any, pivot: Any, upper: Any) -> None:
    """Factor I - w Q of the chain: subdiagonal -w lam, superdiagonal -w death."""
    for i in range(n):
        birth = lam if i < n - 1 else 0.0
        b = 1.0 + w * (birth + death[i])
        if i > 0:
            b += w * lam * upper[i - 1]
        pivot[i] = 1.0 / b
        upper[i] = -w * death[i + 1] * pivot[i] if i < n - 1 else 0.0


@jit
def advance(p: Any, lam: Any, death: Any, seconds: Any, steps: Any, mean: Any) -> None:
    """Move p (states,) through `seconds` in `steps`; set `mean` to its average over that time.

    The first two steps are implicit Euler: they damp the jump of the rates at the slot's start.
    """
    n = p.shape[0]
    dt = seconds / steps
    d = np.empty(n)
    pivot, upper = np.empty(n), np.empty(n)
    mean[:] = 0.0
    for k in range(steps):
        theta = 1.0 if k < 2 else 0.5
        w = theta * dt
        if k == 0 or k == 2:
            _factor(n, w, lam, death, pivot, upper)
        rest = dt - w
        for i in range(n):
            mean[i] += 0.5 * p[i]
        if rest > 0.0:
            before = 0.0
            for i in range(n):
                birth = lam if i < n - 1 else 0.0
                flow = before - (birth + death[i]) * p[i]
                if i < n - 1:
                    flow += death[i + 1] * p[i + 1]
                d[i] = p[i] + rest * flow
                before = lam * p[i]
        else:
            for i in range(n):
                d[i] = p[i]
        d[0] *= pivot[0]
        for i in range(1, n):
            d[i] = (d[i] + w * lam * d[i - 1]) * pivot[i]
        p[n - 1] = d[n - 1]
        for i in range(n - 2, -1, -1):
            p[i] = d[i] - upper[i] * p[i + 1]
        for i in range(n):
            mean[i] += 0.5 * p[i]
    for i in range(n):
        mean[i] /= steps
