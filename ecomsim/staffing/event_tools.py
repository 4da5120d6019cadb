"""Draws by number, a heap of events and agents filed by how many chats they hold, for kernels."""

from __future__ import annotations

from typing import Any

import numpy as np

from ecomsim.jit import jit

__all__ = ["file_agent", "pop", "push", "retime", "settle", "unfile_agent", "uniform"]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX1, _MIX2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)


@jit
def uniform(key: Any, index: Any) -> Any:
    """Return a number in (0, 1) of this key and index (SplitMix64)."""
    z = key + np.uint64(index) * _GOLDEN
    z = (z ^ (z >> _S30)) * _MIX1
    z = (z ^ (z >> _S27)) * _MIX2
    z = z ^ (z >> _S31)
    return (np.float64(z >> _S11) + 0.5) * (1.0 / 9007199254740992.0)


@jit
def push(at: Any, what: Any, size: Any, time: Any, code: Any) -> Any:
    """Put an event on the heap; returns its new size."""
    i = size
    while i > 0:
        up = (i - 1) >> 1
        if at[up] <= time:
            break
        at[i] = at[up]
        what[i] = what[up]
        i = up
    at[i] = time
    what[i] = code
    return size + 1


@jit
def pop(at: Any, what: Any, size: Any) -> Any:
    """Take the first event off the heap; returns its new size."""
    n = size - 1
    time, code = at[n], what[n]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= n:
            break
        if child + 1 < n and at[child + 1] < at[child]:
            child += 1
        if at[child] >= time:
            break
        at[i] = at[child]
        what[i] = what[child]
        i = child
    at[i] = time
    what[i] = code
    return n


@jit
def file_agent(agent: Any, level: Any, shelf: Any, held: Any, spot: Any) -> None:
    """Put an agent who takes chats on the shelf of those with `level` open."""
    spot[agent] = held[level]
    shelf[level, held[level]] = agent
    held[level] += 1


@jit
def unfile_agent(agent: Any, level: Any, shelf: Any, held: Any, spot: Any) -> None:
    """Take an agent off that shelf."""
    held[level] -= 1
    last = shelf[level, held[level]]
    shelf[level, spot[agent]] = last
    spot[last] = spot[agent]


@jit
def settle(agent: Any, level: Any, now: Any, pace: Any, left: Any, since: Any) -> Any:
    """Take off what an agent with `level` chats got done of each since last told; return the seconds at work."""
    passed = now - since[agent]
    since[agent] = now
    for j in range(level):
        left[agent, j] -= passed * pace[level]
    return passed if level > 0 else 0.0


@jit
def retime(
    agent: Any, level: Any, now: Any, pace: Any, left: Any, version: Any, at: Any, what: Any, size: Any
) -> Any:
    """Say anew when an agent finishes the next chat, as the pace has changed; returns the heap's new size.

    The time told before stays on the heap with an old version and is passed over.
    """
    version[agent] += 1
    if level == 0:
        return size
    soonest = left[agent, 0]
    for j in range(1, level):
        soonest = min(soonest, left[agent, j])
    return push(at, what, size, now + soonest / pace[level], version[agent] * version.shape[0] + agent)
