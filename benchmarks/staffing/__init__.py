"""Customer-service staffing: formulas, chats, days, event simulation, real calls, shift plans, rosters.

`python -m benchmarks staffing` runs all. The machine may be busy: CPU time, minima, ratios within one run.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterator

from benchmarks.harness import Figure
from benchmarks.staffing import calls, chats, day, queues, rosters, shifts


def figures() -> Iterator[Figure]:
    """Yield every figure of staffing."""
    warnings.simplefilter("ignore")
    yield from itertools.chain(
        queues.figures(), chats.figures(), day.figures(), calls.figures(), shifts.figures(), rosters.figures()
    )
