"""A row of simulated days, one after the other."""

from __future__ import annotations

from typing import Any

from ecomsim.jit import jit
from ecomsim.staffing.check_kernel import live_one

__all__ = ["live_days"]


@jit
def live_days(
    times: Any,
    starts: Any,
    messages: Any,
    keys: Any,
    step_at: Any,
    step_agents: Any,
    slot_s: Any,
    desk: Any,
    pace: Any,
    taken: Any,
    task_at: Any,
    task_left: Any,
    task_begin: Any,
    task_limit: Any,
    out: Any,
    told: Any,
) -> None:
    """Live every day of a row of them.

    `times[starts[i]:starts[i + 1]]` are the arrivals of day i, `messages[i]` wait as it opens, `step_at` (steps,) and
    `step_agents` (days or 1, steps) say from when how many are at their desks, the last step closes. Tasks of day i
    and class c are `task_begin[i, c]` to `task_begin[i, c + 1]` of `task_at` and `task_left` (seconds of work).
    `out` is (days, slots, fields), `told` (days, classes, slots, fields).
    """
    for i in range(starts.shape[0] - 1):
        agents = step_agents[i if step_agents.shape[0] > 1 else 0]
        live_one(
            times[starts[i] : starts[i + 1]],
            messages[i],
            keys[i],
            step_at,
            agents,
            slot_s,
            desk,
            pace,
            taken,
            task_at[task_begin[i, 0] : task_begin[i, -1]],
            task_left[task_begin[i, 0] : task_begin[i, -1]],
            task_begin[i] - task_begin[i, 0],
            task_limit,
            out[i],
            told[i],
        )
