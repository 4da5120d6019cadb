"""Shift plans: tours with fixed starts, meals and two breaks; the closest cover beside pyworkforce's."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.harness import Figure, figure
from benchmarks.peer_env import ask_peer, pyworkforce
from ecomsim.formulas.queueing import smallest_agents
from ecomsim.staffing import Break, Goal, Need, ShiftKind, Week, Window, plan_shifts

WITHIN_S = 60.0
TURNS = 2
DAYS = tuple(dt.date(2026, 11, 9) + dt.timedelta(d) for d in range(7))
PEER = Path(__file__).with_name("peer_shifts.py")


def week(slot_minutes: int, peak: float = 22.0) -> Need:
    """A desk open 8:00-24:00 with three peaks a day; Erlang C, 85 % within a minute, 85 % busy at most."""
    rng = np.random.default_rng(1)
    hour = 8 + (np.arange(16 * 60 // slot_minutes) + 0.5) * slot_minutes / 60
    base = 0.35 + sum(
        high * np.exp(-(((hour - at) / wide) ** 2))
        for high, at, wide in ((0.75, 10.7, 1.6), (0.7, 15.2, 1.9), (1.0, 20.8, 1.7))
    )
    days = np.array([1.05, 1.0, 0.97, 0.98, 1.0, 0.88, 0.92])[:, None]
    load = peak * days * base / base.max() * rng.uniform(0.93, 1.07, (7, len(hour)))
    sized = np.asarray(smallest_agents(load, 60.0, 240.0, 0.85))
    return Need(
        DAYS, Window.of("08:00-24:00"), slot_minutes, np.maximum(np.maximum(sized, np.ceil(load / 0.85)), 2)
    )


def figures() -> Iterator[Figure]:
    """Yield the figures."""
    yield from tours()
    yield from closest()
    yield from short()


def tours() -> Iterator[Figure]:
    """The tour instance: gap, seconds, people."""
    breaks = (
        Break("tea", 15, 60, 150, True),
        Break("meal", 60, 180, 300),
        Break("late tea", 15, 390, 495, True),
    )
    kind, start = ShiftKind("day", hours=9, breaks=breaks), time.process_time()
    plan = plan_shifts(week(15), [kind], Week(), within_s=WITHIN_S)
    spent = time.process_time() - start
    shape = "8:00-24:00, 7 days, 15-minute slots, fixed start, meal, two breaks, two days off"
    yield figure("tour_gap", plan.gap, "share", "<= 0.01", note=f"{plan.headcount} people; {shape}")
    yield figure(
        "tour_cpu", spent, "s", "<= 30", note=f"CPU; {plan.seconds:.1f} s of wall time on a shared machine"
    )
    yield figure("tour_short", float(plan.shortfall.sum()), "agent slots", "<= 0", note="breaks taken off")


def closest() -> Iterator[Figure]:
    """Least sum of absolute differences with shifts of 8 and of 4 hours, 15-minute slots."""
    need = week(15)
    kinds = [ShiftKind("full", 9, breaks=(Break("meal", 60, 180, 300),)), ShiftKind("half", 4)]
    shifts: dict[str, list[int]] = {}
    for at in range(0, 7 * 60 + 1, 30):
        for meal in range(180, 301, 15):
            row = np.zeros(64, int)
            row[at // 15 : (at + 540) // 15] = 1
            row[(at + meal) // 15 : (at + meal + 60) // 15] = 0
            shifts[f"full {at} {meal}"] = row.tolist()
    for at in range(0, 12 * 60 + 1, 30):
        row = np.zeros(64, int)
        row[at // 15 : (at + 240) // 15] = 1
        shifts[f"half {at}"] = row.tolist()
    question = {"ask": "closest", "need": need.agents.tolist(), "shifts": shifts, "within_s": 120}
    ours, theirs = [], []
    for _ in range(TURNS):  # in turn, so that a busy machine slows both
        start = time.process_time()
        plan = plan_shifts(need, kinds, goal=Goal.CLOSEST, within_s=WITHIN_S)
        ours.append(time.process_time() - start)
        peer = ask_peer(pyworkforce(), PEER, question)
        theirs.append(peer["cpu"])
    away = float(np.abs(plan.on_duty - need.agents).sum())
    ratios = ", ".join(f"{b / a:.0f}" for a, b in zip(ours, theirs, strict=True))
    note = (
        f"CPU, median of each, in turn (ratios {ratios}); gap {plan.gap:.2%}, {away:.0f} agent slots away, "
    )
    note += f"theirs {peer['cost']:.0f} after {np.median(theirs):.0f} s"
    yield figure(
        "closest_speed",
        float(np.median(ours)),
        "s",
        ">= 20",
        peer="pyworkforce 0.5.4",
        n=TURNS,
        ratio=float(np.median(theirs) / np.median(ours)),
        note=note,
    )
    yield figure(
        "closest_away", away, "agent slots", "<= 1", peer="pyworkforce 0.5.4", ratio=away / peer["cost"]
    )


def short() -> Iterator[Figure]:
    """A need no shift reaches before 9:00: every short slot named, in how much time."""
    need = week(30)
    kind = ShiftKind("day", hours=9, first_start="09:00", breaks=(Break("meal", 60, 180, 300),))
    start = time.process_time()
    plan = plan_shifts(need, [kind], within_s=20)
    spent = time.process_time() - start
    early = int((need.agents[:, :2]).sum())
    named = sum(int(text.rsplit(" ", 1)[1]) * 1 for text in plan.shortages)
    yield figure("short_cpu", spent, "s", "<= 1", note="CPU, 7 days; slots, amounts and what would mend them")
    yield figure(
        "short_slots", float(plan.shortfall.sum()), "agent slots", f"= {early}", note=f"{named} told"
    )
