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
from ecomsim.formulas.chat import ChatDesk, reply_times
from ecomsim.formulas.chat_slots import ChatTable, chat_table
from ecomsim.parameters import Floats, Parameters, Singles, pack
from ecomsim.stages.desk import live_the_slots
from ecomsim.stages.duty import at_desk
from ecomsim.stages.expected import ordinary_day
from ecomsim.stages.layout import (
    REFUNDED_UNITS,
    SHIPPED,
)  # fmt: skip
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
    """Arrays of the service stage.

    `desk` rows (agents, kind, load): in time, first response, abandoned; `lanes` rows are capacity a slot,
    chats a parcel, a refund, a late parcel, work seconds a chat, then the enquiry share by channel.
    """

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
    reply = reply_times(work, pause, concurrency)[-1]
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
    """Let the day before the first have shipped and refunded what an ordinary day does; no chats wait."""
    state.M[0, SHIPPED] = params.opening[0]
    state.Y[REFUNDED_UNITS] = params.opening[1]


def step(day: int, state: State, params: Prepared, first: int, seed: int) -> None:
    """Answer today's chats, slot by slot."""
    bad = live_the_slots(
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


STAGE = Stage("service", READS, WRITES, step, prepare, open_)
