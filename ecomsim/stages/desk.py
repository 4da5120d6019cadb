"""The chat desk's half-hours: the kernels of the service stage (its equations stand in service.py)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ecomsim.jit import jit
from ecomsim.stages.draws import LAM, OUT, SCRATCH, U1, U2, U3, U4, UU, any64, fill64, move64, words64
from ecomsim.stages.layout import (
    ABANDONED,
    AFTERSALE_BACKLOG,
    AFTERSALE_CONTACTS,
    ANSWERED,
    ANSWERED_IN_TIME,
    ANSWERED_SHARE,
    CONTACTS,
    FIRST_RESPONSE_TIME_S,
    LATE,
    MESSAGE_BACKLOG,
    OCCUPANCY,
    REFUNDED_UNITS,
    SERVICE_BACKLOG,
    SHIPPED,
    VISITORS_BY,
)
from ecomsim.stages.samplers import poisson64
from ecomsim.streams import stream

__all__ = ["live_the_slots"]

F = np.float32
_CHATS = stream("contacts")
_CAPACITY, _PARCEL, _REFUND, _LATE, _WORK, _ENQUIRY0 = map(np.int64, range(6))

# the kernel's own lanes in the scratch array
(
    CON, MESSAGES, AFTER, CAME, ANSWER, TIMELY, GONE, WAIT, BUSY, DUTY, UNSTAFFED, ROOM, AGENTS, TOTAL, KEPT, CAPACITY,
    ONE, QUICK, LATER, LOST,
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
def live_the_slots(
    d: Any, first: Any, key: Any, M: Any, Y: Any, X: Any, agents: Any, lanes: Any, desk: Any, profile: Any
) -> Any:
    """Live the 48 half-hours of day `d` for a chunk; returns whether a rate was out of range."""
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
            if any64(ia, AGENTS):
                _slot(a, share, drawn, desk, row)
            else:
                for k in range(64):
                    a[MESSAGES + k] += a[OUT + k]
                    a[UNSTAFFED + k] += a[OUT + k]
                    a[TOTAL + k] += a[OUT + k]
                    a[AFTER + k] += a[CAME + k] * share
        _close(a, d, b, M[d + 1], Y, lanes)
    return bad
