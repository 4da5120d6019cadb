"""The fewest agents of many intervals at once, by walking Erlang's recursion up until the promise holds."""

from __future__ import annotations

from typing import Any

import numpy as np

from ecomsim.jit import jit

__all__ = ["least_agents"]


@jit
def least_agents(load: Any, within: Any, goal: Any, busiest: Any, floor: Any, out: Any) -> None:
    """Set `out` to the fewest agents: level reached, load at most `busiest` a head, at least `floor`.

    `within` is in handling times. Every number from one up is tried, so none below can do: B(k) = aB/(k + aB),
    C = nB / (n - a(1 - B)), level = 1 - C exp(-(n - a) t).
    """
    for i in range(load.shape[0]):
        a = load[i]
        if a <= 0.0:
            out[i] = floor
            continue
        t = within[i]
        b = 1.0
        k = 0
        while True:
            k += 1
            b = a * b / (k + a * b)
            if k < floor or k <= a or k * busiest[i] < a * (1.0 - 1e-12):
                continue
            c = k * b / (k - a * (1.0 - b))
            if 1.0 - c * np.exp(-(k - a) * t) >= goal[i]:
                break
        out[i] = k
