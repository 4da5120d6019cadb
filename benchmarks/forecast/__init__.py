"""Figures of the forecaster: the Complete Journey and synthetic event months beside peers, cost, exact sums.

Peers run in an environment of their own below build/, made on the first run (a few minutes of installing, then
about ten of fitting); their answers are kept there, keyed by the whole question.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

# One thread for everyone: CPU seconds are compared.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def figures() -> Iterator[object]:
    """Yield all figures."""
    from benchmarks.forecast.cost import cost_figures
    from benchmarks.forecast.judged import event_figures, journey_figures

    yield from journey_figures()
    yield from event_figures()
    yield from cost_figures()
