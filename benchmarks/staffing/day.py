"""A promotion that jumps at 20:00, speed of the event simulation, and real telephone calls."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator

import numpy as np

from benchmarks.harness import Figure, cpu, figure
from benchmarks.staffing.simpy_desk import simpy_desk
from ecomsim.formulas.chat_levels import SpeedUps
from ecomsim.staffing import (
    Mol,
    Need,
    Promise,
    Requirement,
    Sipp,
    Window,
    Workload,
    check_roster,
    requirement,
)

MONDAY = dt.date(2026, 11, 9)
OPEN = Window.of("08:00-24:00")


def jump() -> Workload:
    """Contacts of the evening a promotion opens: 2 a minute, slowly more, then 22 from 20:00, 9 from 21:00."""
    hour = (np.arange(96) + 0.5) / 4
    rate = np.where(
        hour < 20, 2.0 + 0.2 * (hour - 8), np.where(hour < 21, 22.0, np.where(hour < 22, 9.0, 5.0))
    )
    return Workload((MONDAY,), np.where(hour >= 8, rate, 0.0)[None, :] * 15)


def figures() -> Iterator[Figure]:
    """Yield the figures of days."""
    load, promise = jump(), Promise(0.8, dt.timedelta(0))
    for minutes in (4, 12):
        desk = SpeedUps(minutes * 60.0, (1.0,), 180.0)
        found: dict[str, Requirement] = {}
        for name, method in (("forward", None), ("SIPP", Sipp()), ("MOL", Mol())):
            found[name] = requirement(
                load, desk, promise, OPEN, slot_minutes=15, method=method, message_share=0, agents_min=1
            )
        seconds = cpu(
            lambda desk=desk: requirement(load, desk, promise, OPEN, slot_minutes=15, message_share=0), 3
        )
        worst = {name: _worst(one.need, load, desk, promise) for name, one in found.items()}
        case = f"jump at 20:00, {minutes} minutes a contact"
        hours = {name: one.hours for name, one in found.items()}
        yield figure(
            f"{case}: worst slot, share waiting", worst["forward"], "share", "<= 0.25", n=400,
            note=f"simulated, target 0.2; SIPP {worst['SIPP']:.3f}, MOL {worst['MOL']:.3f}",
        )  # fmt: skip
        yield figure(
            f"{case}: hours against SIPP", hours["forward"], "hours", "<= 1.01", peer="SIPP",
            ratio=hours["forward"] / hours["SIPP"], note=f"SIPP {hours['SIPP']:g}, MOL {hours['MOL']:g}",
        )  # fmt: skip
        yield figure(f"{case}: CPU seconds a day", seconds, "s", "< 1", n=3)
    yield from _speed()


def _worst(need: Need, load: Workload, desk: SpeedUps, promise: Promise) -> float:
    seen = check_roster(need.agents, need, load, desk, promise, message_share=0, replications=400)
    return float((seen.field("queued").sum(axis=0) / np.maximum(seen.field("came").sum(axis=0), 1)).max())


def _speed() -> Iterator[Figure]:
    desk, rate, agents, hours = SpeedUps(180.0, (1.0,), 120.0), 150 / 1800, 16, 12
    need = Need((MONDAY,), Window.of("08:00-20:00"), 30, np.full((1, 24), agents))
    load = Workload((MONDAY,), np.full((1, 48), rate * 1800))
    promise = Promise(0.8, dt.timedelta(minutes=1))
    rates, theirs = [], []
    check_roster(need.agents, need, load, desk, promise, message_share=0, replications=5)
    for turn in range(3):
        start = time.process_time()
        seen = check_roster(
            need.agents, need, load, desk, promise, message_share=0, replications=600, seed=turn
        )
        rates.append(seen.field("came").sum() / (time.process_time() - start))
        start = time.process_time()
        came, in_time = simpy_desk(5, rate, agents, desk, hours, turn)
        theirs.append(came / (time.process_time() - start))
    gap = abs(in_time - seen.share)
    yield figure(
        "contacts simulated a CPU-second, one reply each", max(rates), "1/s", ">= 2e6", n=3,
        note="whole call, arrivals drawn and sorted",
    )  # fmt: skip
    yield figure(
        "contacts a CPU-second over SimPy", max(rates), "1/s", ">= 50", peer="SimPy, same desk",
        ratio=max(rates) / max(theirs), n=3, note=f"peer {max(theirs):.3g}; share in time differs by {gap:.3f}",
    )  # fmt: skip
    from ecomsim.formulas.chat import ChatDesk

    chat = ChatDesk(3, 25, 45, 6, 180)
    check_roster(need.agents, need, load, chat, promise, message_share=0, replications=5)
    start = time.process_time()
    seen = check_roster(need.agents, need, load, chat, promise, message_share=0, replications=200)
    turns = seen.field("came").sum() / (time.process_time() - start)
    yield figure(
        "chats simulated a CPU-second, six replies each", turns, "1/s", "", note="every reply an event"
    )
