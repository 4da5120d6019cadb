"""The simulated day: speed beside its peers, memory, the slider, paired differences, start-up.

`python -m benchmarks engine` runs all. The machine may be busy: CPU time, minima, ratios within one run.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterator

from benchmarks.engine import memory, paired, slider, speed, startup
from benchmarks.harness import Figure


def figures() -> Iterator[Figure]:
    """Yield every figure of the engine."""
    warnings.simplefilter("ignore")
    yield from itertools.chain(
        speed.figures(), slider.figures(), paired.figures(), memory.figures(), startup.figures()
    )
