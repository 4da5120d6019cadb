"""Every contact and every reply of a desk as an event: the day a roster really gives.

Customers are numbered; how long number 17 waits, writes and is served follows from that number alone, so two rosters
meet the same customers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ecomsim.jit import jit
from ecomsim.staffing.check_tasks import tend
from ecomsim.staffing.event_tools import file_agent, pop, push, retime, settle, unfile_agent, uniform

__all__ = ["FIELDS", "live_one"]

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
    "tasks_s",
)
"""What is counted by slot of arrival (busy seconds and those on tasks by slot of work); `kept` sums
exp(-response / decay)."""

_CAME, _IN_TIME, _GONE, _RESPONSE, _ANSWERED, _KEPT, _BUSY, _LEFT, _MESSAGES, _QUEUED, _TASKS = range(11)
_PATIENCE, _TURNS, _REPLY = 0, 1, 2
_LEAVERS = 1 << 50
_DRAWS = 512  # draws a customer has: patience, replies, and two for each of the first 255 replies


@jit
def _respond(out: Any, slot: Any, waited: Any, within: Any, decay: Any) -> None:
    out[slot, _ANSWERED] += 1.0
    out[slot, _RESPONSE] += waited
    out[slot, _KEPT] += np.exp(-waited / decay)
    if waited <= within:
        out[slot, _IN_TIME] += 1.0


@jit
def live_one(
    times: Any,
    messages: Any,
    key: Any,
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
    """Live one day; `desk` is (chats at once, work, pause, turns, patience, promise, decay), times in seconds.

    With `pace` (chats + 1,) not empty a chat is one piece of work, done at that pace where so many are open; agents
    with any open have no time for tasks.
    """
    K = int(desk[0])
    paced = pace.shape[0] > 0
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
    room = 2 * people + 2 if paced else most * K + 2
    heap_at, heap_what = np.empty(room), np.empty(room, np.int64)
    left, since, version = np.empty((most, K)), np.zeros(most), np.zeros(most, np.int64)
    classes = task_limit.shape[0]
    head_task, come_task = task_begin[:-1].copy(), task_begin[:-1].copy()
    overdue, overdue_ends = np.empty(task_at.shape[0], np.int64), np.zeros(2, np.int64)
    worked = np.zeros(slots)
    idle, clock, end = 0, 0.0, step_at[step_at.shape[0] - 1]
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
        if classes > 0 and clock < end:
            until = min(now, end)
            tend(
                clock, until, idle, slot_s, task_at, task_limit, task_begin, task_left, head_task, come_task, overdue,
                overdue_ends, told, worked,
            )  # fmt: skip
            clock = until
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
                unfile_agent(a, level, shelf, held, spot)
                serving[a] = False
                idle -= count[a] == 0
                if opened[a] == 0:
                    free[frees] = a
                    frees += 1
                on -= 1
            while on < step_agents[step]:
                frees -= 1
                a = free[frees]
                serving[a] = True
                idle += 1
                file_agent(a, 0, shelf, held, spot)
                on += 1
            step += 1
        elif now == t_event and paced:
            a = heap_what[0] % most
            current = heap_what[0] // most == version[a]
            heap = pop(heap_at, heap_what, heap)
            if not current:
                continue
            level = opened[a]
            slot = min(int(since[a] / slot_s), slots - 1)
            out[slot, _BUSY] += settle(a, level, now, pace, left, since)
            done_one = 0
            for j in range(1, level):
                if left[a, j] < left[a, done_one]:
                    done_one = j
            left[a, done_one] = left[a, level - 1]
            opened[a] = count[a] = level - 1
            if serving[a]:
                unfile_agent(a, level, shelf, held, spot)
                file_agent(a, level - 1, shelf, held, spot)
                idle += level == 1
            elif level == 1:
                free[frees] = a
                frees += 1
            heap = retime(a, level - 1, now, pace, left, version, heap_at, heap_what, heap)
        elif now == t_event:
            c = heap_what[0] >> 1
            back = heap_what[0] & 1
            heap = pop(heap_at, heap_what, heap)
            a = agent_of[c]
            if back:
                owed[a, (first[a] + count[a]) % K] = c
                idle -= serving[a] and count[a] == 0
                count[a] += 1
            else:
                first[a] = (first[a] + 1) % K
                count[a] -= 1
                idle += serving[a] and count[a] == 0
                if done[c] == 0 and not taken and c >= messages:
                    came = times[c - messages]
                    _respond(out, min(int(came / slot_s), slots - 1), now - came, within, decay)
                done[c] += 1
                if done[c] >= replies[c]:
                    level = opened[a]
                    opened[a] = level - 1
                    if serving[a]:
                        unfile_agent(a, level, shelf, held, spot)
                        file_agent(a, level - 1, shelf, held, spot)
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
                if taken:
                    _respond(out, slot, waited, within, decay)
            else:
                out[min(int(now / slot_s), slots - 1), _MESSAGES] += 1.0
            a = shelf[level, held[level] - 1]
            unfile_agent(a, level, shelf, held, spot)
            file_agent(a, level + 1, shelf, held, spot)
            opened[a] = level + 1
            idle -= count[a] == 0
            if paced:
                slot = min(int(since[a] / slot_s), slots - 1)
                out[slot, _BUSY] += settle(a, level, now, pace, left, since)
                left[a, level] = -np.log(uniform(key, c * _DRAWS + _REPLY)) * work_s
                count[a] = level + 1
                heap = retime(a, level + 1, now, pace, left, version, heap_at, heap_what, heap)
                continue
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
    out[:, _TASKS] += worked
    while head < tail:
        c = line[head]
        head += 1
        if c >= messages:
            came = times[c - messages]
            gone = end - came > -np.log(uniform(key, c * _DRAWS + _PATIENCE)) * patience
            out[min(int(came / slot_s), slots - 1), _GONE if gone else _LEFT] += 1.0
