"""How near possible outcomes come to a goal: the numbers every answer about a target is made of."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.metrics import Good

__all__ = ["COLUMNS", "chance", "reach"]

Floats: TypeAlias = NDArray[np.float64]

COLUMNS = (
    "target", "actual", "p_hit", "p_hit_error", "gap_p10", "gap_p50", "gap_p90", "mean", "days_left",
    "required", "required_daily", "required_factor", "required_next",
)  # fmt: skip
"""Names of what `reach` returns, in order."""


def chance(outcome: Floats, goal: float, good: Good) -> tuple[float, float]:
    """Return the share of outcomes that reach the goal and its Monte Carlo standard error.

    sqrt(p (1 - p) / R), and by the rule of three 3 / R where all or none do. Where less is better, reached means
    at or below the goal.
    """
    hits = outcome <= goal if good is Good.LESS else outcome >= goal
    share, runs = float(np.mean(hits)), len(hits)
    return share, math.sqrt(share * (1 - share) / runs) if 0 < share < 1 else min(1.0, 3 / runs)


def reach(
    rest: Floats, goal: float, known: float, good: Good, outcome: Floats | None = None
) -> tuple[float, ...]:
    """Return the numbers named in `COLUMNS` for one goal.

    Parameters
    ----------
    rest : (R, D) possible values of the days left
    known : what the days before have brought
    outcome : (R,) possible totals where they are not simply known + the sum of rest
    """
    outcome = known + rest.sum(axis=1) if outcome is None else outcome
    share, error = chance(outcome, goal, good)
    days = rest.shape[1]
    if days == 0:
        error = 0.0  # nothing is left to chance
    low, mid, high = np.quantile(outcome - goal, [0.1, 0.5, 0.9])
    required = goal - known
    shape = rest.mean(axis=0)
    expected = float(outcome.mean()) - known
    factor = required / expected if expected > 0 else math.nan
    daily = required / days if days else math.nan
    following = factor * float(shape[0]) if days else math.nan
    return (
        goal, known, share, error, float(low), float(mid), float(high), float(outcome.mean()),
        days, required, daily, factor, following,
    )  # fmt: skip
