"""Adding up what is kept by channel: totals a replication, and sums over each block of 64 a day."""

from __future__ import annotations

from typing import Any

import numpy as np

from ecomsim.jit import jit
from ecomsim.stages.layout import BUYERS_BY, GMV_BY, VISITORS_BY

__all__ = ["TALLIED", "tally"]

TALLIED = ("visitors", "buyers", "gmv")
_ROWS = np.array([VISITORS_BY, BUYERS_BY, GMV_BY])


@jit
def _tally(X: Any, totals: Any, blocks: Any, day: Any, rows: Any, last: Any, live: Any, tail: Any) -> None:
    for i in range(rows.shape[0]):
        for c in range(X.shape[1]):
            for b in range(blocks.shape[0]):
                whole = 0.0
                part = 0.0
                for k in range(64):
                    x = X[rows[i], c, 64 * b + k]
                    totals[i, c, 64 * b + k] += x
                    whole += np.float64(x)
                    if k < live:
                        part = whole
                blocks[b, i, day, c] = whole
                if b == last:
                    tail[i, day, c] = part


def tally(X: Any, totals: Any, blocks: Any, day: int, last: int, live: int, tail: Any) -> None:
    """Add today's channel numbers up.

    Parameters
    ----------
    X : the state's channel numbers
    totals : (kinds, channels, n), added to
    blocks : (n / 64, kinds, days, channels), set to sums over blocks of 64 replications
    last, live, tail : sums over the first `live` replications of block `last` go to `tail` (kinds, days, channels)
    """
    _tally(X, totals, blocks, day, _ROWS, last, live, tail)
