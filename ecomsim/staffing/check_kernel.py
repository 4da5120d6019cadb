"""Every contact and every reply of a desk as an event: the day a roster really gives.

Customers are numbered; how long number 17 waits, writes and is served follows from that number alone, so two rosters
meet the same customers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ecomsim.jit import jit
from ecomsim.staffing.event_tools import pop, push, uniform

__all__ = ["FIELDS", "live_days"]

FIELDS = (
    "came",
    "in_time",
    "abandoned",
    "response_s",
    "answered",
    "kept",
    "busy_s",
    "left_waiting",
    "messages",
    "queued",
)
"""What is counted by slot of arrival (busy seconds by slot of work); `kept` sums exp(-response / decay)."""

_CAME, _IN_TIME, _GONE, _RESPONSE, _ANSWERED, _KEPT, _BUSY, _LEFT, _MESSAGES, _QUEUED = range(10)
_PATIENCE, _TURNS, _REPLY = 0, 1, 2
_LEAVERS = 1 << 50
_DRAWS = 512  # draws a customer has: patience, replies, and two for each of the first 255 replies


@jit
def _file(agent: Any, level: Any, shelf: Any, held: Any, spot: Any) -> None:
    """Put an agent who takes chats on the shelf of those with `level` open."""
    spot[agent] = held[level]
    shelf[level, held[level]] = agent
    held[level] += 1


@jit
def _unfile(agent: Any, level: Any, shelf: Any, held: Any, spot: Any) -> None:
    """Take an agent off that shelf."""
    held[level] -= 1
    last = shelf[level, held[level]]
    shelf[level, spot[agent]] = last
    spot[last] = spot[agent]


@jit
def _respond(out: Any, slot: Any, waited: Any, within: Any, decay: Any) -> None:
    out[slot, _ANSWERED] += 1.0
    out[slot, _RESPONSE] += waited
    out[slot, _KEPT] += np.exp(-waited / decay)
    if waited <= within:
        out[slot, _IN_TIME] += 1.0


@jit
def _day(
    times: Any,
    messages: Any,
    key: Any,
    step_at: Any,
    step_agents: Any,
    slot_s: Any,
    desk: Any,
    phone: Any,
    out: Any,
) -> None:
    """Live one day; `desk` is (chats at once, work, pause, turns, patience, promise, decay), times in seconds."""
    K = int(desk[0])
    work_s, think_s, turns, patience, within, decay = desk[1], desk[2], desk[3], desk[4], desk[5], desk[6]
    slots = out.shape[0]
    people = messages + times.shape[0]
    most = 1
    now_on = 0
    for i in range(step_agents.shape[0]):
        most += max(step_agents[i] - now_on, 0)
        now_on = step_agents[i]
    shelf = np.empty((K + 1, most), np.int64)
    held = np.zeros(K + 1, np.int64)
    spot = np.zeros(most, np.int64)
    opened = np.zeros(most, np.int64)
    serving = np.zeros(most, np.bool_)  # takes new chats
    owed = np.empty((most, K), np.int64)
    first, count = np.zeros(most, np.int64), np.zeros(most, np.int64)
    free = np.empty(most, np.int64)  # agents not there
    frees = most
    for i in range(most):
        free[i] = most - 1 - i
    agent_of = np.empty(people, np.int64)
    replies = np.zeros(people, np.int64)
    done = np.zeros(people, np.int64)
    line = np.empty(people, np.int64)
    head, tail = 0, 0
    heap_at, heap_what = np.empty(most * K + 2), np.empty(most * K + 2, np.int64)
    heap = 0
    for i in range(messages):
        line[tail] = i
        tail += 1
    on, drawn = 0, 0
    nexts, step = messages, 0
    log_more = np.log1p(-1.0 / turns) if turns > 1.0 else 0.0
    while True:
        t_come = times[nexts - messages] if nexts < people else np.inf
        t_event = heap_at[0] if heap > 0 else np.inf
        t_step = step_at[step] if step < step_at.shape[0] else np.inf
        now = min(t_come, t_event, t_step)
        if now == np.inf:
            break
        freed = -1  # an agent with room for who waits
        fresh = -1  # the slot of one who comes now
        if now == t_step:
            while on > step_agents[step]:
                # the clock says who goes, not what they are doing
                drawn += 1
                rank = int(uniform(key, _LEAVERS + drawn) * on)
                level = 0
                while rank >= held[level]:
                    rank -= held[level]
                    level += 1
                a = shelf[level, rank]
                _unfile(a, level, shelf, held, spot)
                serving[a] = False
                if opened[a] == 0:
                    free[frees] = a
                    frees += 1
                on -= 1
            while on < step_agents[step]:
                frees -= 1
                a = free[frees]
                serving[a] = True
                _file(a, 0, shelf, held, spot)
                on += 1
            step += 1
        elif now == t_event:
            c = heap_what[0] >> 1
            back = heap_what[0] & 1
            heap = pop(heap_at, heap_what, heap)
            a = agent_of[c]
            if back:
                owed[a, (first[a] + count[a]) % K] = c
                count[a] += 1
            else:
                first[a] = (first[a] + 1) % K
                count[a] -= 1
                if done[c] == 0 and not phone and c >= messages:
                    came = times[c - messages]
                    _respond(out, min(int(came / slot_s), slots - 1), now - came, within, decay)
                done[c] += 1
                if done[c] >= replies[c]:
                    level = opened[a]
                    opened[a] = level - 1
                    if serving[a]:
                        _unfile(a, level, shelf, held, spot)
                        _file(a, level - 1, shelf, held, spot)
                    elif level == 1:
                        free[frees] = a
                        frees += 1
                else:
                    index = c * _DRAWS + _REPLY + 2 * (done[c] % 255) + 1
                    heap = push(
                        heap_at, heap_what, heap, now - np.log(uniform(key, index)) * think_s, 2 * c + 1
                    )
            if count[a] > 0 and (not back or count[a] == 1):
                freed = a  # begins the next reply below
        else:
            slot = min(int(now / slot_s), slots - 1)
            out[slot, _CAME] += 1.0
            fresh = slot
            line[tail] = nexts
            tail += 1
            nexts += 1
        begin = freed
        while True:
            if begin >= 0:
                c = owed[begin, first[begin]]
                length = -np.log(uniform(key, c * _DRAWS + _REPLY + 2 * (done[c] % 255))) * work_s
                out[min(int(now / slot_s), slots - 1), _BUSY] += length
                heap = push(heap_at, heap_what, heap, now + length, 2 * c)
                begin = -1
            level = 0
            while level < K and held[level] == 0:
                level += 1
            if level == K or head == tail:
                break
            c = line[head]
            head += 1
            if c >= messages:
                came = times[c - messages]
                slot = min(int(came / slot_s), slots - 1)
                waited = now - came
                if waited > 0.0 and waited > -np.log(uniform(key, c * _DRAWS + _PATIENCE)) * patience:
                    out[slot, _GONE] += 1.0
                    continue
                if phone:
                    _respond(out, slot, waited, within, decay)
            else:
                out[min(int(now / slot_s), slots - 1), _MESSAGES] += 1.0
            a = shelf[level, held[level] - 1]
            _unfile(a, level, shelf, held, spot)
            _file(a, level + 1, shelf, held, spot)
            opened[a] = level + 1
            agent_of[c] = a
            replies[c] = 1
            if turns > 1.0:
                replies[c] += int(np.log(uniform(key, c * _DRAWS + _TURNS)) / log_more)
            owed[a, (first[a] + count[a]) % K] = c
            count[a] += 1
            if count[a] == 1:
                begin = a
        if fresh >= 0 and head < tail:
            out[fresh, _QUEUED] += 1.0  # the last in line is whoever came
    end = step_at[step_at.shape[0] - 1]
    while head < tail:
        c = line[head]
        head += 1
        if c >= messages:
            came = times[c - messages]
            gone = end - came > -np.log(uniform(key, c * _DRAWS + _PATIENCE)) * patience
            out[min(int(came / slot_s), slots - 1), _GONE if gone else _LEFT] += 1.0


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
    phone: Any,
    out: Any,
) -> None:
    """Live every day of a row of them.

    `times[starts[i]:starts[i + 1]]` are the arrivals of day i, `messages[i]` wait as it opens, `step_at` (steps,) and
    `step_agents` (days or 1, steps) say from when how many are at their desks, the last step closes; `out` is
    (days, slots, fields).
    """
    for i in range(starts.shape[0] - 1):
        agents = step_agents[i if step_agents.shape[0] > 1 else 0]
        _day(
            times[starts[i] : starts[i + 1]],
            messages[i],
            keys[i],
            step_at,
            agents,
            slot_s,
            desk,
            phone,
            out[i],
        )
