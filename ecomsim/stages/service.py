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

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from ecomsim.checks import EcomsimError
from ecomsim.formulas.chat import ChatDesk
from ecomsim.formulas.chat_slots import ChatTable, chat_table
from ecomsim.jit import jit
from ecomsim.parameters import Floats, Parameters, Singles, pack
from ecomsim.stages.draws import (
    LAM, OUT, SCRATCH, U1, U2, U3, U4, UU, fill64, move64, poisson64, words64,
)  # fmt: skip
from ecomsim.stages.duty import at_desk
from ecomsim.stages.layout import (
    ABANDONED, AFTERSALE_BACKLOG, AFTERSALE_CONTACTS, ANSWERED, ANSWERED_IN_TIME, ANSWERED_SHARE, CONTACTS,
    FIRST_RESPONSE_TIME_S, LATE, MESSAGE_BACKLOG, OCCUPANCY, REFUNDED_UNITS, SERVICE_BACKLOG, SHIPPED, VISITORS_BY,
)  # fmt: skip
from ecomsim.stages.expected import ordinary_day
from ecomsim.stages.stage import Stage, axes
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
_CHATS = stream("contacts")
_LARGEST_DESK = 64
_CAPACITY, _PARCEL, _REFUND, _LATE, _WORK, _ENQUIRY0 = map(np.int64, range(6))


@dataclass(frozen=True)
class Prepared:
    """Arrays of the service stage; `desk` rows (agents, kind, load): in time, first response, abandoned; `lanes` rows are
    capacity a slot, chats a parcel, a refund, a late parcel, work seconds a chat, then the enquiry share by channel."""

    agents: Singles = field(metadata=axes(days=True, reps=2))
    lanes: Singles = field(metadata=axes(days=True, reps=2))
    desk: Singles = field(metadata=axes(prefix=True))
    profile: Singles = field(metadata=axes())
    opening: Singles = field(metadata=axes())


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
        seed,
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
(
    CON, MESSAGES, AFTER, CAME, ANSWER, TIMELY, GONE, WAIT, BUSY, DUTY, UNSTAFFED, ROOM, AGENTS, TOTAL, KEPT, CAPACITY, ONE, QUICK, LATER, LOST,
) = (np.int64(SCRATCH + 64 * i) for i in range(20))  # fmt: skip
_ROOM = SCRATCH + 64 * 20


@jit
def _arrivals(a: Any, ia: Any, d: Any, b: Any, yesterday: Any, Y: Any, X: Any, lanes: Any) -> Any:
    """Set CON to the pre-sale chats expected today and CAME to the after-sale chats drawn."""
    for k in range(64):
        a[CON + k] = F(0)
    for c in range(X.shape[1]):
        fill64(a, ONE, lanes, d, _ENQUIRY0 + c, b)
        for k in range(64):
            a[CON + k] += X[VISITORS_BY, c, b + k] * a[ONE + k]
    fill64(a, ONE, lanes, d, _PARCEL, b)
    for k in range(64):
        a[LAM + k] = a[ONE + k] * yesterday[SHIPPED, b + k]
    fill64(a, ONE, lanes, d, _REFUND, b)
    for k in range(64):
        a[LAM + k] += a[ONE + k] * Y[REFUNDED_UNITS, b + k]
    fill64(a, ONE, lanes, d, _LATE, b)
    for k in range(64):
        a[LAM + k] += a[ONE + k] * yesterday[LATE, b + k]
    bad = poisson64(a, ia)
    move64(a, CAME, OUT)
    fill64(a, CAPACITY, lanes, d, _CAPACITY, b)
    for k in range(64):
        a[MESSAGES + k] = Y[MESSAGE_BACKLOG, b + k]
        a[AFTER + k] = Y[AFTERSALE_BACKLOG, b + k]
        a[ANSWER + k] = F(0)
        a[TIMELY + k] = F(0)
        a[GONE + k] = F(0)
        a[WAIT + k] = F(0)
        a[BUSY + k] = F(0)
        a[DUTY + k] = F(0)
        a[UNSTAFFED + k] = F(0)
        a[TOTAL + k] = F(0)
    return bad


@jit
def _blend(row: Any, desk: Any, agents: Any) -> None:
    """Set `row` (kind, load) to the desk's table at this number of agents, the same for all replications."""
    top = desk.shape[0] - 1
    y = agents - F(1)
    y = y if y > F(0) else F(0)
    y = y if y < F(top) else F(top)
    i = min(int(y), max(top - 1, 0))
    g = y - F(i)
    up = min(i + 1, top)
    for t in range(3):
        for j in range(desk.shape[2]):
            row[t, j] = desk[i, t, j] + (desk[up, t, j] - desk[i, t, j]) * g


@jit
def _read(a: Any, row: Any) -> None:
    """Set QUICK, LATER and LOST to the shares in time, the wait and the share gone, from one row for all lanes."""
    cells = row.shape[1] - 2
    r0 = row[0]
    r1 = row[1]
    r2 = row[2]
    for k in range(64):
        come = a[OUT + k]
        x = come / ((come + a[ROOM + k]) + F(1e-6)) * F(cells)
        a[ONE + k] = x
    for k in range(64):
        x = a[ONE + k]
        j = np.uint32(x)
        f = x - F(j)
        a[QUICK + k] = r0[j] + (r0[j + np.uint32(1)] - r0[j]) * f
        a[LATER + k] = r1[j] + (r1[j + np.uint32(1)] - r1[j]) * f
        a[LOST + k] = r2[j] + (r2[j + np.uint32(1)] - r2[j]) * f


@jit
def _read_drawn(a: Any, desk: Any) -> None:
    """As `_read` where every replication has its own number of agents: bilinear in agents and load."""
    top = desk.shape[0] - 1
    cells = desk.shape[2] - 1
    for k in range(64):
        come = a[OUT + k]
        x = come / ((come + a[ROOM + k]) + F(1e-6)) * F(cells)
        j = min(int(x), cells - 1)
        f = x - F(j)
        y = a[AGENTS + k] - F(1)
        y = y if y > F(0) else F(0)
        y = y if y < F(top) else F(top)
        i = min(int(y), max(top - 1, 0))
        g = y - F(i)
        up = min(i + 1, top)
        for t in range(3):
            one = desk[i, t, j] + (desk[i, t, j + 1] - desk[i, t, j]) * f
            two = desk[up, t, j] + (desk[up, t, j + 1] - desk[up, t, j]) * f
            a[QUICK + 64 * t + k] = one + (two - one) * g


@jit
def _slot(a: Any, share: Any, drawn: Any, desk: Any, row: Any) -> None:
    """One staffed half-hour: messages first, then live chats (OUT), then after-sale chats in what is left."""
    for k in range(64):
        room = a[AGENTS + k] * a[CAPACITY + k]
        m = a[MESSAGES + k]
        served = m if m < room else room
        a[MESSAGES + k] = m - served
        a[ANSWER + k] += served
        a[BUSY + k] += served
        a[ROOM + k] = room - served
        a[DUTY + k] += a[AGENTS + k]
    if drawn:
        _read_drawn(a, desk)
    else:
        _blend(row, desk, a[AGENTS])
        _read(a, row)
    for k in range(64):
        come = a[OUT + k]
        lost = come * a[LOST + k]
        kept = come - lost
        fresh = come * a[QUICK + k]
        a[TIMELY + k] += fresh if fresh < kept else kept
        a[GONE + k] += lost
        a[WAIT + k] += kept * a[LATER + k]
        a[KEPT + k] = kept
    for k in range(64):
        kept = a[KEPT + k]
        a[TOTAL + k] += a[OUT + k]
        a[ANSWER + k] += kept
        idle = a[ROOM + k] - kept
        idle = idle if idle > F(0) else F(0)
        late = a[AFTER + k] + a[CAME + k] * share
        done = late if late < idle else idle
        a[AFTER + k] = late - done
        a[BUSY + k] += kept + done


@jit
def _close(a: Any, d: Any, b: Any, record: Any, Y: Any, lanes: Any) -> None:
    """Write the day's totals; messages older than today's are given up."""
    fill64(a, ONE, lanes, d, _WORK, b)
    for k in range(64):
        contacts = a[TOTAL + k]
        stale = a[MESSAGES + k] - a[UNSTAFFED + k]
        stale = stale if stale > F(0) else F(0)
        left = a[MESSAGES + k] - stale
        record[CONTACTS, b + k] = contacts
        record[AFTERSALE_CONTACTS, b + k] = a[CAME + k]
        record[ANSWERED, b + k] = a[ANSWER + k]
        record[ANSWERED_IN_TIME, b + k] = a[TIMELY + k]
        record[ABANDONED, b + k] = a[GONE + k] + stale
        live = (contacts - a[UNSTAFFED + k]) - a[GONE + k]
        live = live if live > F(0) else F(0)
        record[FIRST_RESPONSE_TIME_S, b + k] = a[WAIT + k] / live if live > F(0) else F(0)
        seconds = a[DUTY + k] * F(1800)
        record[OCCUPANCY, b + k] = a[BUSY + k] * a[ONE + k] / seconds if seconds > F(0) else F(0)
        record[SERVICE_BACKLOG, b + k] = left + a[AFTER + k]
        Y[MESSAGE_BACKLOG, b + k] = left
        Y[AFTERSALE_BACKLOG, b + k] = a[AFTER + k]
        Y[ANSWERED_SHARE, b + k] = live / contacts if contacts > F(0) else F(1)


@jit
def _step(
    d: Any, first: Any, key: Any, M: Any, Y: Any, X: Any, agents: Any, lanes: Any, desk: Any, profile: Any
) -> Any:
    a = np.zeros(_ROOM, np.float32)
    ia = a.view(np.int32)
    row = np.zeros((3, desk.shape[2] + 1), np.float32)
    u = np.empty((48, 64), np.float32)
    drawn = agents.shape[2] > 1
    bad = 0
    for b in range(0, X.shape[2], 64):
        for i in range(12):
            words64(a, i, d, _CHATS, key, first + b)
            for k in range(64):
                u[i, k] = a[U1 + k]
                u[12 + i, k] = a[U2 + k]
                u[24 + i, k] = a[U3 + k]
                u[36 + i, k] = a[U4 + k]
        words64(a, 12, d, _CHATS, key, first + b)
        move64(a, UU, U1)
        bad |= _arrivals(a, ia, d, b, M[d], Y, X, lanes)
        for h in range(48):
            share = profile[h]
            uh = u[h]
            for k in range(64):
                a[LAM + k] = a[CON + k] * share
                a[UU + k] = uh[k]
                a[OUT + k] = F(0)
            if share > F(0):
                bad |= poisson64(a, ia)
            fill64(a, AGENTS, agents, d, h, b)
            duty = F(0)
            for k in range(64):
                duty = a[AGENTS + k] if a[AGENTS + k] > duty else duty
            if duty > F(0):
                _slot(a, share, drawn, desk, row)
            else:
                for k in range(64):
                    a[MESSAGES + k] += a[OUT + k]
                    a[UNSTAFFED + k] += a[OUT + k]
                    a[TOTAL + k] += a[OUT + k]
                    a[AFTER + k] += a[CAME + k] * share
        _close(a, d, b, M[d + 1], Y, lanes)
    return bad


STAGE = Stage("service", READS, WRITES, step, prepare, open_)
