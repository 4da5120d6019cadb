"""Searching a roster: first everything at its best at once, then one aim after the other, each proven.

Asking a constraint solver for a roster without any fault takes it a second where lowering a weighted sum takes it
half a minute, and mostly there is one. Where there is none, the aims are lowered in their order, what was reached
being kept.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecomsim.staffing.roster_model import Aim, Model, cp_model

__all__ = ["Found", "search"]

WORKERS = 2
Table = NDArray[np.int64]


@dataclass
class Found:
    """What the search reached.

    Attributes
    ----------
    table : (people, days) shift numbers, -1 for off; None when nothing was found
    values, bounds : of every aim: reached, and proven not to be undercut given the aims before it
    contradiction : whether the rules were proven to leave no roster at all
    """

    table: Table | None = None
    values: dict[Aim, int] = field(default_factory=dict)
    bounds: dict[Aim, int] = field(default_factory=dict)
    contradiction: bool = False
    seconds: float = 0.0

    @property
    def gap(self) -> float:
        """Weighted distance between what was reached and the bounds, as a share."""
        if self.table is None:
            return math.inf
        total = sum(aim.value * value for aim, value in self.values.items())
        bound = sum(aim.value * self.bounds.get(aim, 0) for aim in self.values)
        return 0.0 if total <= bound else (total - bound) / total


def search(
    made: Model,
    within_s: float,
    tries: Sequence[dict[Aim, int]],
    starts: Iterable[Table],
    near: Table | None = None,
    floors: Mapping[Aim, int] | None = None,
) -> Found:
    """Return the best roster found in so many seconds.

    Parameters
    ----------
    tries : limits to ask for at once before the aims are lowered one by one; the first that can be met is taken
    starts : tables to fall back on, the first that keeps the rules
    near : a table that is likely to be close to a good one
    floors : what no roster can undercut, as far as known
    """
    end = time.perf_counter() + within_s
    low = floors or {}
    found = Found()
    wide = {aim: list(_domain(made, aim)) for aim in made.totals}
    for limits in tries:
        for aim in made.totals:
            made.limit(aim, limits.get(aim, wide[aim][1]))
        left = 0.5 * max(end - time.perf_counter(), 0.1)
        if _solve(made, found, left, None, hint=near)[0]:
            break
    for aim in made.totals:
        made.limit(aim, wide[aim][1])
    for start in starts if found.table is None else ():
        if _solve(made, found, 10.0, None, hint=start, held=True)[0]:
            break
    aims = list(made.totals)
    for i, aim in enumerate(aims):
        if found.table is None or found.values[aim] > low.get(aim, 0):
            left = max(end - time.perf_counter(), 0.2 if found.table is None else 0.05) / (len(aims) - i)
            _, bound = _solve(made, found, left, aim, hint=found.table)
            if found.table is None:
                found.contradiction = bound == math.inf
                break
            found.bounds[aim] = max(math.ceil(min(bound, found.values[aim]) - 1e-6), low.get(aim, 0))
        else:
            found.bounds[aim] = found.values[aim]
        made.limit(aim, found.values[aim])
    found.seconds = within_s - (end - time.perf_counter())
    return found


def _domain(made: Model, aim: Aim) -> Any:
    return made.model.proto.variables[made.totals[aim].index].domain


def _solve(
    made: Model, found: Found, within_s: float, aim: Aim | None, *, hint: Table | None, held: bool = False
) -> tuple[bool, float]:
    """Solve once; keep a new table; return whether there is one, and the bound of the aim."""
    cp = cp_model()
    if aim is None:
        made.model.clear_objective()
    else:
        made.model.minimize(made.totals[aim])
    made.model.clear_hints()
    if hint is not None:
        for (n, d, k), cell in np.ndenumerate(made.cells):
            if not isinstance(cell, int):
                made.model.add_hint(cell, int(hint[n, d] == k))
    solver = cp.CpSolver()
    solver.parameters.max_time_in_seconds = within_s
    solver.parameters.num_workers = WORKERS
    solver.parameters.fix_variables_to_their_hinted_value = held
    status = solver.solve(made.model)
    if status == cp.INFEASIBLE:
        return False, math.inf
    if status not in (cp.OPTIMAL, cp.FEASIBLE):
        return False, 0.0
    table = np.full(made.cells.shape[:2], -1, dtype=np.int64)
    for (n, d, k), cell in np.ndenumerate(made.cells):
        if not isinstance(cell, int) and solver.boolean_value(cell):
            table[n, d] = k
    found.table = table
    found.values = {a: solver.value(total) for a, total in made.totals.items()}
    return True, solver.best_objective_bound if aim is not None else 0.0
