"""From counts of starts and breaks to shifts of lines: who starts when, rests on which days, eats when."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ecomsim.staffing.cover import WEEK, Cover, Week
from ecomsim.staffing.duty import Duty, deal_breaks
from ecomsim.staffing.kinds import ShiftKind

__all__ = ["deal", "deal_days"]


def deal(
    cover: Cover, kinds: Sequence[ShiftKind], week: Week | None, values: NDArray[np.float64]
) -> tuple[Duty, ...]:
    """Return the shifts of a solved cover; lines are numbered through, kind by kind."""
    whole = np.round(values).astype(int)
    made: list[Duty] = []
    line = 0
    for i, kind in enumerate(kinds):
        counts = whole[cover.counts[i]]
        placed: list[tuple[int, int, int]] = []  # day, start, line
        if week is None:
            for d, j in zip(*np.nonzero(counts), strict=True):
                for _ in range(counts[d, j]):
                    placed.append((int(d), cover.starts[i][j], line))
                    line += 1
        else:
            rested = None if cover.offs[i] is None else whole[cover.offs[i]]
            for k, people in enumerate(whole[cover.people[i]]):
                own = counts[:, [k]] if week.same_start else counts
                table = (
                    deal_days(own.sum(axis=1), int(people), kind.days_a_week)
                    if rested is None
                    else _blocks(rested[k], kind.days_a_week)
                )
                starts = (cover.starts[i][k],) if week.same_start else cover.starts[i]
                placed += _place(table, own, starts, line)
                line += len(table)
        made += _with_breaks(placed, cover, i, kind, whole)
    return tuple(sorted(made, key=lambda duty: (duty.line, duty.day)))


def deal_days(wanted: Sequence[int] | NDArray[np.int64], people: int, days: int) -> list[list[int]]:
    """Return the days each of `people` works, `days` each, so that day d is worked by wanted[d] of them.

    Each takes the days that most still have to come to; there is such a table whenever nowhere more than `people`
    are wanted and the sum is people · days (Gale 1957, Ryser 1957).

    Examples
    --------
    >>> deal_days([2, 1, 1], people=2, days=2)
    [[0, 1], [0, 2]]
    """
    left = np.array(wanted, dtype=int)
    table = []
    for _ in range(people):
        chosen = np.sort(np.argsort(-left, kind="stable")[:days])
        left[chosen] -= 1
        table.append([int(d) for d in chosen])
    if left.any():
        raise AssertionError(f"days left over: {left.tolist()}")
    return table


def _blocks(first_off: NDArray[np.int64], days: int) -> list[list[int]]:
    away = WEEK - days
    return [
        [d for d in range(WEEK) if (d - o) % WEEK >= away] for o in range(WEEK) for _ in range(first_off[o])
    ]


def _place(
    table: list[list[int]], counts: NDArray[np.int64], starts: Sequence[int], line: int
) -> list[tuple[int, int, int]]:
    """Give the starts of every day to the lines that work it, in one order, so that a line's starts stay near."""
    placed = []
    for d in range(WEEK):
        todo = [s for j, s in enumerate(starts) for _ in range(counts[d, j])]
        workers = [n for n, days in enumerate(table) if d in days]
        placed += [(d, start, line + n) for start, n in zip(todo, workers, strict=True)]
    return placed


def _with_breaks(
    placed: list[tuple[int, int, int]], cover: Cover, i: int, kind: ShiftKind, whole: NDArray[np.int64]
) -> list[Duty]:
    made = []
    for d in sorted({day for day, _, _ in placed}):
        today = sorted((start, line) for day, start, line in placed if day == d)
        starts = [start for start, _ in today]
        places = []
        for pause, table in zip(kind.breaks, cover.breaks[i], strict=True):
            if table.counts is None:
                places.append([start + pause.earliest_min for start in starts])
            else:
                dealt_out = zip(table.places, whole[table.counts[d]], strict=True)
                places.append([minute for minute, count in dealt_out for _ in range(count)])
        dealt = deal_breaks(starts, kind, places)
        made += [
            Duty(line, d, kind, start, pauses) for (start, line), pauses in zip(today, dealt, strict=True)
        ]
    return made
