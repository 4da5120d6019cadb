"""The chat desk through the day: the same chain as `chat_steady`, followed in time instead of at rest.

A slot is too short for a steady state where arrivals jump; what waits at its end is what the next slot starts with.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ecomsim.checks import require_number
from ecomsim.formulas.arrays import Floats
from ecomsim.formulas.chat import Desk, chats_finished, joins
from ecomsim.formulas.gammas import legendre
from ecomsim.formulas.transient_kernel import advance

__all__ = ["DeskStates", "SlotOutcome", "desk_states", "live_slot", "opening", "rehead"]

_STEP_S = 20.0


@dataclass(frozen=True, eq=False)
class DeskStates:
    """One number of agents on the axis of open and waiting chats, N = 0..M.

    Attributes
    ----------
    agents, desk : what it was made for.
    served : (M + 1,) chats finished a second.
    left : (M + 1,) customers giving up a second.
    in_time : (M + 1,) P(an arrival finding N is answered in time).
    in_time_patient : (M + 1,) the same where nobody ahead gives up (messages).
    busy : (M + 1,) agents' share of time at work.
    """

    agents: int
    desk: Desk
    served: Floats
    left: Floats
    in_time: Floats
    in_time_patient: Floats
    busy: Floats

    @property
    def full(self) -> int:
        """Chats that fill every agent."""
        return self.agents * self.desk.concurrency


def desk_states(agents: int, desk: Desk, answer_within_s: float, size: int) -> DeskStates:
    """Return rates and answer chances of `agents` agents for up to `size` chats open or waiting.

    Notes
    -----
    An arrival finding q waiting is served after q + 1 departures at rates c + j theta, j = q..0, so
    ``exp(-theta W) ~ Beta(c / theta, q + 1)``: the wait has a closed form, and its chance of being outlasted too.
    """
    from scipy.special import betaln, gammaln

    require_number(size, "size", low=agents * desk.concurrency + 1)
    full = agents * desk.concurrency
    c, theta = agents * desk.capacity_per_s, 1.0 / desk.patience_s
    served, busy = np.zeros(size + 1), np.zeros(size + 1)
    in_time, patient = np.zeros(size + 1), np.zeros(size + 1)
    left = theta * np.maximum(np.arange(size + 1) - full, 0)
    if agents:
        served[: full + 1], busy[: full + 1] = chats_finished(agents, desk)
        served[full + 1 :], busy[full + 1 :] = served[full], busy[full]
        first = np.array([float(desk.answered_by(k, answer_within_s)) for k in range(desk.concurrency)])
        in_time[:full] = joins(agents, desk) @ first
        if answer_within_s > 0:
            node, weight = legendre(48)
            w = answer_within_s * (node + 1) / 2
            reply = desk.answered_by(desk.concurrency - 1, answer_within_s - w) * weight * answer_within_s / 2
            q = np.arange(size + 1 - full)[:, None]
            x = c / theta
            gone = np.log(-np.expm1(-theta * w))
            log_f = (
                np.log(theta) - (x + 1) * theta * w + q * gone - betaln(x, q + 1)
            )  # density, patience left
            in_time[full:] = np.exp(log_f) @ reply
            log_g = (q + 1) * np.log(c) + q * np.log(w) - (c + theta) * w - gammaln(q + 1)
            patient[:] = in_time
            patient[full:] = np.exp(log_g) @ reply
        else:
            patient[:] = in_time
    return DeskStates(agents, desk, served, left, np.minimum(in_time, 1.0), np.minimum(patient, 1.0), busy)


@dataclass(frozen=True, eq=False)
class SlotOutcome:
    """One slot lived.

    Attributes
    ----------
    after : (M + 1,) probabilities at its end.
    messages : messages left over.
    came : live contacts come since the messages were begun; infinity once they are surely done.
    in_time : share of arrivals answered in time.
    queued : share of arrivals finding every agent full.
    abandoned_per_s : customers giving up a second.
    occupancy : share of agents' time at work.
    waiting : customers waiting, mean over the slot.
    waiting_after : customers waiting at its end.
    """

    after: Floats
    messages: float
    came: float
    in_time: float
    queued: float
    abandoned_per_s: float
    occupancy: float
    waiting: float
    waiting_after: float


def opening(size: int, waiting: float) -> Floats:
    """Return the probabilities of an empty desk with `waiting` messages before it, whole numbers in proportion."""
    p = np.zeros(size + 1)
    low = min(int(waiting), size)
    p[low] = 1.0 - (waiting - int(waiting) if low < size else 0.0)
    if low < size:
        p[low + 1] = 1.0 - p[low]
    return p


def rehead(p: Floats, before: int, after: int, concurrency: int) -> Floats:
    """Return the probabilities as the number of agents changes.

    Notes
    -----
    Agents who leave finish the chats they hold and take no other: of the chats in hand the share that stays is
    ``after / before``; the waiting wait on. Agents who come find the waiting.
    """
    if after >= before:
        return p
    n = np.arange(p.size)
    held = np.minimum(n, before * concurrency)
    to = held * (after / before) + (n - held)
    low = np.floor(to).astype(np.int64)
    rest = to - low
    out = np.bincount(low, p * (1 - rest), p.size) + np.bincount(
        np.minimum(low + 1, p.size - 1), p * rest, p.size
    )
    return np.asarray(out)


def live_slot(
    p: Floats,
    arrivals_per_s: float,
    states: DeskStates,
    slot_s: float,
    messages: float = 0.0,
    came: float = np.inf,
) -> SlotOutcome:
    """Live one slot from probabilities `p`; `messages` of the waiting were left overnight and never give up.

    Notes
    -----
    Messages are first in line, so they fall by what the full desk finishes: while any are left the slot is cut into
    minutes and their number held within each; of those waiting no more can give up than live contacts have come.
    """
    p = p.copy()
    total, spent, gone, in_time = np.zeros_like(p), 0.0, 0.0, 0.0
    mean = np.empty_like(p)
    flat_out = float(states.served[-1])
    while spent < slot_s - 1e-9:
        step = min(60.0, slot_s - spent) if came < np.inf else slot_s - spent
        waiting = np.arange(p.size) - states.full
        left = states.left
        if came < np.inf:
            came += float(arrivals_per_s) * step
            left = np.clip(waiting - messages, 0.0, came) / states.desk.patience_s
        steps = max(3, int(np.ceil(step / _STEP_S)))
        advance(p, float(arrivals_per_s), states.served + left, step, steps, mean)
        answer = states.in_time_patient if messages > 0.5 else states.in_time
        in_time += float(mean @ answer) * step
        gone += float(mean @ left) * step
        total += mean * step
        spent += step
        messages = max(0.0, messages - flat_out * step)
        if messages == 0.0 and p[waiting > came].sum() < 1e-9:
            came = np.inf
    total /= slot_s
    queue = np.maximum(np.arange(p.size) - states.full, 0)
    return SlotOutcome(
        after=p,
        messages=messages,
        came=came,
        in_time=in_time / slot_s,
        queued=float(total[states.full :].sum()),
        abandoned_per_s=gone / slot_s,
        occupancy=float(total @ states.busy),
        waiting=float(total @ queue),
        waiting_after=float(p @ queue),
    )
