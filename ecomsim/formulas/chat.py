"""A chat desk: agents hold several chats at once, and the first answer comes after the agent's other replies.

Three layers, each exact given the one before: one agent with k open chats is a closed network of work and
customer thinking (mean value analysis); the desk is a birth-death chain in the number of open chats with
impatient customers behind it; the first response adds, to the wait for a free slot, the replies already owed
by the agent who takes the chat (arrival theorem, Erlang stages).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from ecomsim.checks import EcomsimError, require_number
from ecomsim.formulas.abandonment import patient_sums, wait_nodes
from ecomsim.formulas.arrays import Floats, Ints, checked, whole_number

__all__ = ["ChatDesk", "ChatOutcome", "Desk", "chat_steady", "chats_finished", "joins", "reply_times"]

_NODES = 32


class Desk(Protocol):
    """One agent with several chats, as the chain of the whole desk sees it."""

    def __hash__(self) -> int:
        """Desks are values: equal ones share their tables."""

    @property
    def concurrency(self) -> int:
        """Most chats an agent holds at once, K."""

    @property
    def patience_s(self) -> float:
        """Mean seconds a customer without an agent stays."""

    @property
    def completions_per_s(self) -> Floats:
        """Chats finished a second by an agent holding k = 0..K."""

    @property
    def busy_share(self) -> Floats:
        """Share of time at work of an agent holding k = 0..K."""

    @property
    def capacity_per_s(self) -> float:
        """Most chats one agent finishes a second."""

    def answered_by(self, k: int, seconds: ArrayLike) -> Floats:
        """Return P(first answer within `seconds` of being taken by an agent who held k)."""

    def first_reply_s(self, k: int) -> float:
        """Return the mean of that time."""


@dataclass(frozen=True)
class ChatDesk:
    """How one agent chats; all times are means in seconds.

    Attributes
    ----------
    concurrency : most chats an agent holds at once, K of the literature.
    work_s : agent's work for one reply.
    think_s : customer's pause before writing again.
    turns : replies a chat takes, at least 1.
    patience_s : how long a customer without an agent stays.

    Examples
    --------
    >>> desk = ChatDesk(concurrency=3, work_s=25, think_s=45, turns=6, patience_s=180)
    >>> desk.completions_per_s.round(5)
    array([0.     , 0.00267, 0.0046 , 0.00577])
    """

    concurrency: int
    work_s: float
    think_s: float
    turns: float
    patience_s: float

    def __post_init__(self) -> None:
        k = require_number(self.concurrency, "chat.concurrency", low=1, high=50)
        if k != int(k):
            raise EcomsimError("chat.concurrency", f"{k:g}", "a whole number of at least 1", "Round it")
        require_number(self.work_s, "chat.work_s", low=0, open_low=True, unit="seconds")
        require_number(self.think_s, "chat.think_s", low=0, unit="seconds")
        require_number(self.turns, "chat.turns", low=1)
        require_number(self.patience_s, "chat.patience_s", low=0, open_low=True, unit="seconds")

    @property
    def pause_s(self) -> float:
        """Customer's pause per reply as the closed network sees it: the last reply has none."""
        return self.think_s * (self.turns - 1) / self.turns

    @property
    def reply_s(self) -> Floats:
        """Mean time of a reply when the agent holds k = 0..K chats (mean value analysis); entry 0 is 0."""
        return reply_times(self.work_s, self.pause_s, self.concurrency)

    @property
    def completions_per_s(self) -> Floats:
        """Chats finished a second by an agent holding k = 0..K chats."""
        k = np.arange(self.concurrency + 1)
        return np.asarray(k / ((self.pause_s + self.reply_s) * self.turns + (k == 0)))

    @property
    def busy_share(self) -> Floats:
        """Share of time at work of an agent holding k = 0..K chats."""
        return np.asarray(self.completions_per_s * self.turns * self.work_s)

    @property
    def capacity_per_s(self) -> float:
        """Most chats one agent finishes a second."""
        return float(self.completions_per_s[-1])

    def ahead(self, k: int) -> Floats:
        """Return P(j replies owed, j = 0..k) as a new chat finds an agent who holds k (arrival theorem)."""
        # P(j at the agent) ~ k!/(k-j)! (work/pause)^j; written to allow a pause of zero.
        weight = np.ones(k + 1)
        for j in range(k - 1, -1, -1):
            weight[j] = weight[j + 1] * self.pause_s / self.work_s / (k - j)
        return np.asarray(weight / weight.sum())

    def answered_by(self, k: int, seconds: ArrayLike) -> Floats:
        """Return P(first answer within `seconds` of being taken by an agent who held k chats)."""
        from scipy.special import gammainc

        t = np.asarray(seconds, dtype=np.float64)
        stages = np.arange(1, k + 2)
        return np.asarray(gammainc(stages, t[..., None] / self.work_s) @ self.ahead(k))

    def first_reply_s(self, k: int) -> float:
        """Return the mean seconds to the first answer once taken by an agent who held k chats."""
        return float(self.work_s * (1 + self.ahead(k) @ np.arange(k + 1)))


def reply_times(work_s: ArrayLike, pause_s: ArrayLike, concurrency: int) -> Floats:
    """Return mean seconds of a reply of an agent holding k = 0..K chats, (K + 1, *shape); entry 0 is 0.

    Notes
    -----
    Mean value analysis: who writes finds what the agent owes the other k - 1 chats (Reiser and Lavenberg 1980).
    """
    work, pause = np.broadcast_arrays(
        np.asarray(work_s, dtype=np.float64), np.asarray(pause_s, dtype=np.float64)
    )
    reply = np.zeros((concurrency + 1, *work.shape))
    queue = np.zeros(work.shape)
    for k in range(1, concurrency + 1):
        reply[k] = work * (1 + queue)
        queue = k * reply[k] / (pause + reply[k])
    return reply


@dataclass(frozen=True)
class ChatOutcome:
    """What a chat desk does in steady state; arrays of one shape (`answered_within` has a last axis more).

    Attributes
    ----------
    queued : share of arrivals finding every agent full.
    abandoned : share of arrivals leaving before an agent takes them.
    answered_within : share of ARRIVALS with a first answer in time, last axis = the times asked for.
    first_response_s : mean seconds to the first answer, of those answered.
    occupancy : share of agents' time spent writing.
    open_chats : mean chats an agent holds.
    """

    queued: Floats
    abandoned: Floats
    answered_within: Floats
    first_response_s: Floats
    occupancy: Floats
    open_chats: Floats


def chat_steady(
    arrivals_per_s: ArrayLike, agents: int, desk: Desk, answer_within_s: ArrayLike = (60.0,)
) -> ChatOutcome:
    """Return the steady state of `agents` agents for an array of arrival rates.

    Parameters
    ----------
    arrivals_per_s : array_like
        Chats a second, at least 0, any shape.
    agents : int
        Agents on duty, at least 1.
    answer_within_s : array_like
        One or more times in seconds.

    Notes
    -----
    New chats go to the agent with fewest, so levels differ by about one: with N open chats, N mod n agents
    hold N // n + 1. Chain of Luo and Zhang (2013) and Tezcan and Zhang (2014); the tail is Erlang A's.
    An agent of the lower level who finishes a chat is one below it until the next arrival: that share of
    the time the desk is slower, and that share of the arrivals joins one level lower (left out, the share
    answered in time is up to .05 low). Against every reply simulated, both are within .01.

    Examples
    --------
    >>> desk = ChatDesk(3, 25, 45, 6, 180)
    >>> out = chat_steady(0.93 * 10 * desk.capacity_per_s, 10, desk)
    >>> bool(0.15 < out.queued < 0.30), bool(0.5 < out.answered_within[0] < 0.8)
    (True, True)
    """
    n = whole_number(agents, "agents", low=1)
    rates = checked(arrivals_per_s, "arrivals_per_s", low=0)
    within = np.atleast_1d(checked(answer_within_s, "answer_within_s", low=0, unit="seconds"))
    flat = rates.ravel()
    lam = np.where(flat > 0, flat, 1e-12)
    K, full = desk.concurrency, n * desk.concurrency

    served, busy = chats_finished(n, desk)
    capacity = n * desk.capacity_per_s

    head = np.arange(full + 1) * np.log(lam)[:, None]
    head[:, 1:] -= np.cumsum(np.log(served[1:]))
    log_tail, waiting = patient_sums(
        np.full_like(lam, capacity * desk.patience_s), lam * desk.patience_s
    )  # the tail starts with "exactly full"
    tail = head[:, -1] + log_tail
    top = np.maximum(head.max(axis=1), tail)
    p = np.exp(head[:, :-1] - top[:, None])
    p_wait = np.exp(tail - top)
    total = p.sum(axis=1) + p_wait
    p /= total[:, None]
    p_wait /= total
    log_full = head[:, -1] - top - np.log(total)

    abandoned = p_wait * waiting / (lam * desk.patience_s)
    by_level = p @ joins(n, desk)
    in_time = np.empty((lam.size, within.size))
    for i, t in enumerate(within):
        direct = by_level @ np.array([desk.answered_by(k, t) for k in range(K)])
        wait, mass = wait_nodes(lam, capacity, desk.patience_s, t, log_full, _NODES)
        in_time[:, i] = direct + (mass * desk.answered_by(K - 1, t - wait)).sum(axis=1)

    owed = np.array([desk.first_reply_s(k) for k in range(K)])
    wait, mass = wait_nodes(lam, capacity, desk.patience_s, 1e9, log_full, _NODES)
    answered = np.maximum(by_level.sum(axis=1) + mass.sum(axis=1), 1e-300)
    response = (by_level @ owed + (mass * (wait + owed[K - 1])).sum(axis=1)) / answered
    occupancy = p @ busy[:-1] + p_wait * busy[-1]
    open_chats = (p @ np.arange(full) + p_wait * full) / n

    shape, empty = rates.shape, flat == 0
    return ChatOutcome(
        queued=np.where(empty, 0.0, p_wait).reshape(shape),
        abandoned=np.where(empty, 0.0, abandoned).reshape(shape),
        answered_within=np.clip(in_time, 0.0, 1.0).reshape(*shape, within.size),
        first_response_s=response.reshape(shape),
        occupancy=np.where(empty, 0.0, occupancy).reshape(shape),
        open_chats=np.where(empty, 0.0, open_chats).reshape(shape),
    )


def chats_finished(n: int, desk: Desk) -> tuple[Floats, Floats]:
    """Return chats finished a second and agents' share of time at work, at N = 0..nK open chats.

    Notes
    -----
    Even levels finish most, since one more chat speeds an agent up less and less; while one agent is a level lower
    the desk loses what the pace bends there (left out, the share finding all agents full is up to .02 low).
    """
    pace, work = desk.completions_per_s, desk.busy_share
    below, extra, gap = _uneven(n, desk)
    lower = np.maximum(below - 1, 0)  # gap is 0 where below is 0: nobody finishes none

    def total(level: Floats) -> Floats:
        even = (n - extra) * level[below] + extra * level[below + 1]
        return np.append(even - gap * (2 * level[below] - level[lower] - level[below + 1]), n * level[-1])

    return total(pace), total(work) / n


def joins(n: int, desk: Desk) -> Floats:
    """Return P(a new chat joins an agent holding k chats | N open chats); rows N = 0..nK-1, columns k."""
    below, _, gap = _uneven(n, desk)
    found = np.zeros((below.size, desk.concurrency))
    rows = np.arange(below.size)
    found[rows, below] = 1 - gap
    found[rows, np.maximum(below - 1, 0)] += gap
    return found


def _uneven(n: int, desk: Desk) -> tuple[Ints, Ints, Floats]:
    """Return the lower level, how many agents are above it, and P(one is below it), at N = 0..nK-1 open chats."""
    below, extra = np.divmod(np.arange(n * desk.concurrency), n)
    rate = desk.completions_per_s
    # Uneven states with N chats come from N + 1 when one of the lower agents finishes; each lasts until
    # the next arrival, that is against one arrival a departure.
    lower = (n - extra - 1) * rate[below]
    gap = lower / (lower + (extra + 1) * rate[below + 1])
    return below, extra, gap / (1 + gap)
