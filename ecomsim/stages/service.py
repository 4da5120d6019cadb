"""Service: chats by half-hour, who answers them, how fast.

    pre_sale[h] ~ Poisson(Σ_c visitors[c] enquiry_share[c] · profile[h])
    after_sale  ~ Poisson(per_parcel shipped + per_refund refunded units + per_late late parcels), all of yesterday

- Messages left while nobody is on duty wait, and are answered first when the desk opens; those not answered within
  the day after are lost. They never count as answered in time, and their senders buy as if unanswered.
- Live chats: share in time, first response and abandonment of the chat desk's steady state (formulas/chat.py) at the
  slot's arrivals and agents, looked up bilinearly; agents may be fractions.
- After-sale chats arrive by the same profile, fill what capacity is left and carry over to the next slot and day.
Agents are those of all teams together. Conservation: contacts + messages yesterday = answered + abandoned + messages.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from ecomsim.checks import EcomsimError
from ecomsim.formulas.chat import ChatDesk
from ecomsim.formulas.chat_slots import ChatTable, chat_table
from ecomsim.jit import jit
from ecomsim.parameters import Floats, Parameters, Singles, pack
from ecomsim.stages.draws import LAM, OUT, SCRATCH, UU, philox4, poisson64, u23
from ecomsim.stages.duty import at_desk
from ecomsim.stages.layout import (
    ABANDONED, AFTERSALE_BACKLOG, AFTERSALE_CONTACTS, ANSWERED, ANSWERED_IN_TIME, ANSWERED_SHARE, CONTACTS,
    FIRST_RESPONSE_TIME_S, LATE, MESSAGE_BACKLOG, OCCUPANCY, REFUNDED_UNITS, SERVICE_BACKLOG, SHIPPED, VISITORS_BY,
)  # fmt: skip
from ecomsim.stages.expected import ordinary_day
from ecomsim.stages.stage import Stage, array
from ecomsim.stages.state import State
from ecomsim.store import SLOTS
from ecomsim.streams import stream
from ecomsim.uncertain import mean_of

__all__ = ["READS", "STAGE", "WRITES", "Prepared"]

READS = ("visitors_by_channel", "shipped@yesterday", "late@yesterday", "refunded_units@yesterday")
WRITES = (
    "contacts", "aftersale_contacts", "answered", "answered_in_time", "abandoned", "first_response_time_s",
    "occupancy", "service_backlog", "message_backlog", "aftersale_backlog", "answered_share",
)  # fmt: skip

F = np.float32
U32 = np.uint32
_CHATS = stream("contacts")
_LARGEST_DESK = 64
_CAPACITY, _PARCEL, _REFUND, _LATE, _WORK, _ENQUIRY0 = range(6)


@dataclass(frozen=True)
class Prepared:
    """Arrays of the service stage; `desk` rows (agents, kind, load): in time, first response, abandoned; `lanes` rows are
    capacity a slot, chats a parcel, a refund, a late parcel, work seconds a chat, then the enquiry share by channel."""

    agents: Singles = array(days=True, reps=2)
    lanes: Singles = array(days=True, reps=2)
    desk: Singles = array(prefix=True)
    profile: Singles = array()
    opening: Singles = array()


def prepare(p: Parameters) -> Prepared:
    """Return agents, desk tables and contact rates."""
    service = p.store.service
    agents = at_desk(p)
    work, think, turns, patience = (
        p.at(f"service.{name}", getattr(service, name))
        for name in ("work_s", "think_s", "turns", "patience_s")
    )
    desk = ChatDesk(
        service.concurrency,
        *(mean_of(x) for x in (service.work_s, service.think_s, service.turns, service.patience_s)),
    )
    most = float(agents.max()) if agents.size else 1.0
    rows = 8
    while rows < most and rows < _LARGEST_DESK:
        rows *= 2
    table = _desk(rows, desk, mean_of(service.answer_within_s))
    del patience
    lanes = [
        _every_day(_capacity(service.concurrency, work, think, turns), p.days),
        p.daily("service.aftersale_per_parcel", service.aftersale_per_parcel),
        p.daily("service.aftersale_per_refund", service.aftersale_per_refund),
        p.daily("service.aftersale_per_late", service.aftersale_per_late),
        _every_day(np.asarray(work) * np.asarray(turns), p.days),
    ]
    lanes += [p.daily(f"channels.{n}.enquiry_share", c.enquiry_share) for n, c in p.store.channels.items()]
    profile = [
        float(np.asarray(p.at(f"service.profile.{h}", service.profile[h])).mean()) for h in range(SLOTS)
    ]
    usual = ordinary_day(p)
    return Prepared(
        agents=day_axis(agents),
        lanes=pack(lanes, p.days),
        desk=table,
        profile=np.array(profile, np.float32),
        opening=np.array([usual.orders, usual.refunded_units], np.float32),
    )


def day_axis(values: Floats) -> Singles:
    """Return (D, ...) as float32, or (1, ...) when every day is the same."""
    single = np.ascontiguousarray(values, dtype=np.float32)
    return single[:1] if (single == single[:1]).all() else single


def _every_day(value: Any, days: int) -> Floats:
    array_ = np.asarray(value, dtype=np.float64)
    return np.broadcast_to(array_, (days, *array_.shape))


def _capacity(concurrency: int, work: Any, think: Any, turns: Any) -> Floats:
    """Chats an agent finishes in a slot, for drawn times (mean value analysis, as ChatDesk.capacity_per_s)."""
    work, think, turns = np.broadcast_arrays(*(np.asarray(x, np.float64) for x in (work, think, turns)))
    pause = think * (turns - 1) / turns
    queue: Any = np.zeros(work.shape)
    reply: Any = work
    for k in range(1, concurrency + 1):
        reply = work * (1 + queue)
        queue = k * reply / (pause + reply)
    return np.asarray(concurrency / ((pause + reply) * turns) * (86_400 / SLOTS))


@lru_cache(maxsize=32)
def _desk(rows: int, desk: ChatDesk, answer_within_s: float) -> Singles:
    table: ChatTable = chat_table(rows, desk, answer_within_s=answer_within_s)
    out = np.stack([table.answered_within, table.first_response_s, table.abandoned], axis=1).astype(
        np.float32
    )
    out.setflags(write=False)
    return out


def open_(state: State, params: Prepared, first: int, seed: int) -> None:
    """The day before the first shipped and refunded what an ordinary day does; no chats are waiting."""
    state.M[0, SHIPPED] = params.opening[0]
    state.Y[REFUNDED_UNITS] = params.opening[1]


def step(day: int, state: State, params: Prepared, first: int, seed: int) -> None:
    """Answer today's chats, slot by slot."""
    bad = _step(
        day,
        first,
        U32(seed),
        state.M,
        state.Y,
        state.X,
        params.agents,
        params.lanes,
        params.desk,
        params.profile,
    )
    if bad:
        raise EcomsimError(
            f"contacts on day {day}", "a rate that is negative, NaN or above 1e15", "rates up to 1e15 chats a day",
            "Check the enquiry shares and the after-sale rates",
        )  # fmt: skip


# the kernel's own lanes in the scratch array
CON, MSG, AFT, AFR, ANS, INT, ABA, FRT, BUSY, DUTY, LEFT, ROOM, AG, TOT, UNA = (
    SCRATCH + 64 * i for i in range(15)
)


@jit
def _step(
    d: Any, first: Any, k0: Any, M: Any, Y: Any, X: Any, agents: Any, lanes: Any, desk: Any, profile: Any
) -> Any:
    a = np.zeros(SCRATCH + 960, np.float32)
    ia = a.view(np.int32)
    row = np.empty((3, desk.shape[2]), np.float32)
    u = np.empty((48, 64), np.float32)
    top = desk.shape[0] - 1
    cells = F(desk.shape[2] - 1)
    channels, n = X.shape[1], X.shape[2]
    e = d if lanes.shape[0] > 1 else 0
    s = 1 if lanes.shape[2] > 1 else 0
    da = d if agents.shape[0] > 1 else 0
    drawn = agents.shape[2] > 1
    bad = 0
    for b in range(0, n, 64):
        for k in range(64):
            a[CON + k] = F(0)
        for c in range(channels):
            for k in range(64):
                a[CON + k] += X[VISITORS_BY, c, b + k] * lanes[e, _ENQUIRY0 + c, (b + k) * s]
        for k in range(64):
            x, _, _, _ = philox4(U32(12), U32(d), U32(_CHATS), k0, U32(first + b + k))
            a[UU + k] = u23(x)
        for k in range(64):
            at = (b + k) * s
            a[LAM + k] = (
                lanes[e, _PARCEL, at] * M[d, SHIPPED, b + k]
                + lanes[e, _REFUND, at] * Y[REFUNDED_UNITS, b + k]
                + lanes[e, _LATE, at] * M[d, LATE, b + k]
            )
        bad |= poisson64(a, ia)
        for k in range(64):
            a[AFR + k] = a[OUT + k]
            M[d + 1, AFTERSALE_CONTACTS, b + k] = a[OUT + k]
        for k in range(64):
            a[MSG + k] = Y[MESSAGE_BACKLOG, b + k]
            a[AFT + k] = Y[AFTERSALE_BACKLOG, b + k]
            a[ANS + k] = F(0)
            a[INT + k] = F(0)
            a[ABA + k] = F(0)
            a[FRT + k] = F(0)
            a[BUSY + k] = F(0)
            a[DUTY + k] = F(0)
            a[LEFT + k] = F(0)
            a[TOT + k] = F(0)
        for i in range(12):
            for k in range(64):
                x, y, z, w = philox4(U32(i), U32(d), U32(_CHATS), k0, U32(first + b + k))
                u[i, k] = u23(x)
                u[12 + i, k] = u23(y)
                u[24 + i, k] = u23(z)
                u[36 + i, k] = u23(w)
        for h in range(48):
            share = profile[h]
            uh = u[h]
            for k in range(64):
                a[LAM + k] = a[CON + k] * share
                a[UU + k] = uh[k]
            if share > F(0):
                bad |= poisson64(a, ia)
            else:
                for k in range(64):
                    a[OUT + k] = F(0)
            duty = F(0)
            for k in range(64):
                v = agents[da, h, (b + k) if drawn else 0]
                a[AG + k] = v
                duty = v if v > duty else duty
            if duty <= F(0):
                for k in range(64):
                    a[MSG + k] += a[OUT + k]
                    a[LEFT + k] += a[OUT + k]
                    a[TOT + k] += a[OUT + k]
                    a[AFT + k] += a[AFR + k] * share
                continue
            for k in range(64):
                room = a[AG + k] * lanes[e, _CAPACITY, (b + k) * s]
                m = a[MSG + k]
                served = m if m < room else room
                a[MSG + k] = m - served
                a[ANS + k] += served
                a[BUSY + k] += served
                a[ROOM + k] = room - served
                a[DUTY + k] += a[AG + k]
            if not drawn:
                # everyone has the same agents: blend the two rows of the table once
                y = a[AG] - F(1)
                y = y if y > F(0) else F(0)
                y = y if y < F(top) else F(top)
                i = min(int(y), max(top - 1, 0))
                g = y - F(i)
                up = min(i + 1, top)
                for t in range(3):
                    for j in range(desk.shape[2]):
                        row[t, j] = desk[i, t, j] + (desk[up, t, j] - desk[i, t, j]) * g
            for k in range(64):
                come = a[OUT + k]
                x = come / ((come + a[ROOM + k]) + F(1e-6)) * cells
                j = min(int(x), desk.shape[2] - 2)
                f = x - F(j)
                if drawn:
                    y = a[AG + k] - F(1)
                    y = y if y > F(0) else F(0)
                    y = y if y < F(top) else F(top)
                    i = min(int(y), max(top - 1, 0))
                    g = y - F(i)
                    up = min(i + 1, top)
                    one = desk[i, 0, j] + (desk[i, 0, j + 1] - desk[i, 0, j]) * f
                    two = desk[up, 0, j] + (desk[up, 0, j + 1] - desk[up, 0, j]) * f
                    quick = one + (two - one) * g
                    one = desk[i, 1, j] + (desk[i, 1, j + 1] - desk[i, 1, j]) * f
                    two = desk[up, 1, j] + (desk[up, 1, j + 1] - desk[up, 1, j]) * f
                    wait = one + (two - one) * g
                    one = desk[i, 2, j] + (desk[i, 2, j + 1] - desk[i, 2, j]) * f
                    two = desk[up, 2, j] + (desk[up, 2, j + 1] - desk[up, 2, j]) * f
                    gone = one + (two - one) * g
                else:
                    quick = row[0, j] + (row[0, j + 1] - row[0, j]) * f
                    wait = row[1, j] + (row[1, j + 1] - row[1, j]) * f
                    gone = row[2, j] + (row[2, j + 1] - row[2, j]) * f
                lost = come * gone
                kept = come - lost
                fresh = come * quick
                a[INT + k] += fresh if fresh < kept else kept
                a[ABA + k] += lost
                a[FRT + k] += kept * wait
                a[UNA + k] = kept
            for k in range(64):
                a[TOT + k] += a[OUT + k]
                kept = a[UNA + k]
                a[ANS + k] += kept
                idle = a[ROOM + k] - kept
                idle = idle if idle > F(0) else F(0)
                late = a[AFT + k] + a[AFR + k] * share
                done = late if late < idle else idle
                a[AFT + k] = late - done
                a[BUSY + k] += kept + done
        for k in range(64):
            contacts = a[TOT + k]
            # messages older than today's are given up
            stale = a[MSG + k] - a[LEFT + k]
            stale = stale if stale > F(0) else F(0)
            a[MSG + k] -= stale
            Y[MESSAGE_BACKLOG, b + k] = a[MSG + k]
            Y[AFTERSALE_BACKLOG, b + k] = a[AFT + k]
            M[d + 1, CONTACTS, b + k] = contacts
            M[d + 1, ANSWERED, b + k] = a[ANS + k]
            M[d + 1, ANSWERED_IN_TIME, b + k] = a[INT + k]
            M[d + 1, ABANDONED, b + k] = a[ABA + k] + stale
            live = (contacts - a[LEFT + k]) - a[ABA + k]
            live = live if live > F(0) else F(0)
            M[d + 1, FIRST_RESPONSE_TIME_S, b + k] = a[FRT + k] / live if live > F(0) else F(0)
            Y[ANSWERED_SHARE, b + k] = live / contacts if contacts > F(0) else F(1)
            seconds = a[DUTY + k] * F(1800)
            work = a[BUSY + k] * lanes[e, _WORK, (b + k) * s]
            M[d + 1, OCCUPANCY, b + k] = work / seconds if seconds > F(0) else F(0)
            M[d + 1, SERVICE_BACKLOG, b + k] = a[MSG + k] + a[AFT + k]
    return bad


STAGE = Stage("service", READS, WRITES, step, prepare, open_)
