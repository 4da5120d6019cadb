"""The same telephone desk in SimPy: exponential handling and patience, one contact a person."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

from ecomsim.formulas.chat_levels import SpeedUps


def simpy_desk(
    days: int, rate: float, agents: int, desk: SpeedUps, hours: float, seed: int
) -> tuple[int, float]:
    """Return contacts simulated and the share answered within a minute."""
    rng = np.random.default_rng(seed)
    came = in_time = 0

    def contact(env: simpy.Environment, people: simpy.Resource) -> Generator[Any, Any, None]:
        nonlocal in_time
        start = env.now
        with people.request() as turn:
            yield turn | env.timeout(rng.exponential(desk.patience_s))
            if turn.triggered:
                in_time += env.now - start <= 60
                yield env.timeout(rng.exponential(desk.handle_s))

    def arrivals(env: simpy.Environment, people: simpy.Resource) -> Generator[Any, Any, None]:
        nonlocal came
        while True:
            yield env.timeout(rng.exponential(1 / rate))
            came += 1
            env.process(contact(env, people))

    for _ in range(days):
        env = simpy.Environment()
        env.process(arrivals(env, simpy.Resource(env, agents)))
        env.run(hours * 3600)
    return came, in_time / came
