"""Work that can wait, done by whoever has nothing to write: the most urgent first, put aside for a live chat."""

from __future__ import annotations

from typing import Any

import numpy as np

from ecomsim.jit import jit

__all__ = ["TASK_FIELDS", "tend"]

TASK_FIELDS = ("came", "late", "done")
"""What is counted of tasks by class and slot of coming; `late` had passed their limit undone."""

_LATE, _DONE = 1, 2


@jit
def tend(
    start: Any,
    end: Any,
    idle: Any,
    slot_s: Any,
    at: Any,
    limit: Any,
    begin: Any,
    left: Any,
    head: Any,
    come: Any,
    overdue: Any,
    ends: Any,
    told: Any,
    worked: Any,
) -> None:
    """Let `idle` agents work on tasks from `start` to `end` seconds after the opening.

    `at` (tasks,) says when each comes, class by class from `begin` (classes + 1,) on, and `left` the seconds of work
    it still takes; `limit` (classes,) is the time it may take from coming to done. `head` and `come` (classes,) point
    at the first undone task and the first not yet there; `overdue` (tasks,) between `ends` lists those late, done last.
    `told` (classes, slots, fields) and `worked` (slots,) count. One agent works on one task at a time.
    """
    classes, slots = limit.shape[0], worked.shape[0]
    place = np.empty(classes, np.int64)
    hands = np.empty(max(idle, 1), np.int64)
    now = start
    while now < end:
        slot = min(int(now / slot_s), slots - 1)
        until = end if slot == slots - 1 else min(end, (slot + 1) * slot_s)
        for c in range(classes):
            while come[c] < begin[c + 1] and at[come[c]] <= now:
                come[c] += 1
            if come[c] < begin[c + 1]:
                until = min(until, at[come[c]])
            while head[c] < come[c] and (left[head[c]] <= 0.0 or at[head[c]] + limit[c] <= now):
                if left[head[c]] > 0.0:
                    told[c, min(int(at[head[c]] / slot_s), slots - 1), _LATE] += 1.0
                    overdue[ends[1]] = head[c]
                    ends[1] += 1
                head[c] += 1
            if head[c] < come[c]:
                until = min(until, at[head[c]] + limit[c])
            place[c] = head[c]
        busy = 0
        while busy < idle:
            best, urgent = -1, np.inf
            for c in range(classes):
                while place[c] < come[c] and left[place[c]] <= 0.0:
                    place[c] += 1
                if place[c] < come[c] and at[place[c]] + limit[c] < urgent:
                    best, urgent = c, at[place[c]] + limit[c]
            if best < 0:
                break
            hands[busy] = place[best]
            place[best] += 1
            busy += 1
        i = ends[0]
        while busy < idle and i < ends[1]:
            if left[overdue[i]] > 0.0:
                hands[busy] = overdue[i]
                busy += 1
            i += 1
        step = until - now
        for i in range(busy):
            step = min(step, left[hands[i]])
        for i in range(busy):
            task = hands[i]
            left[task] -= step
            if left[task] <= 1e-9:
                left[task] = 0.0
                c = 0
                while task >= begin[c + 1]:
                    c += 1
                told[c, min(int(at[task] / slot_s), slots - 1), _DONE] += 1.0
        while ends[0] < ends[1] and left[overdue[ends[0]]] <= 0.0:
            ends[0] += 1
        worked[slot] += step * busy
        now = until if step == until - now else now + step
