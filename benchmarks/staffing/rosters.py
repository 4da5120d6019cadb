"""Month rosters beside pyworkforce's: how fair, how long the runs, proven in what time, repaired in what time."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.harness import Figure, figure
from benchmarks.peer_env import ask_peer, pyworkforce
from ecomsim.staffing import Person, Roster, RosterTask, ShiftKind, plan_roster, repair

PEOPLE, DAYS, SHIFTS = 45, 28, ("early", "mid", "late")
PEER = Path(__file__).with_name("peer_shifts.py")


def task() -> RosterTask:
    """45 people, 28 days from a Monday, three shifts, 94 % of all contract days wanted, 30 wishes."""
    rng = np.random.default_rng(0)
    base = np.array([0.36, 0.22, 0.42]) * PEOPLE * 20 / 28
    demand = np.array([np.round(base * (0.97 if d % 7 < 5 else 0.9)) for d in range(DAYS)])
    wishes = list(zip(rng.integers(0, PEOPLE, 30).tolist(), rng.integers(0, DAYS, 30).tolist(), strict=True))
    days = tuple(dt.date(2026, 11, 2) + dt.timedelta(d) for d in range(DAYS))
    kinds = tuple(
        ShiftKind(name, 9, start) for name, start in zip(SHIFTS, ("08:00", "11:00", "15:00"), strict=True)
    )
    people = tuple(
        Person(f"Agent {n:02d}", wishes_off=tuple(days[d] for m, d in wishes if m == n))
        for n in range(PEOPLE)
    )
    return RosterTask(days, kinds, demand, people)


def runs(worked: np.ndarray) -> int:
    """The longest run of worked days of anybody."""
    longest = 0
    for row in worked:
        run = 0
        for on in row:
            run = run + 1 if on else 0
            longest = max(longest, run)
    return longest


def figures() -> Iterator[Figure]:
    """Yield the figures."""
    asked, start = task(), time.process_time()
    roster = plan_roster(asked, within_s=30)
    spent = time.process_time() - start
    worked, late = roster.table >= 0, roster.table == 2
    weekend = [d for d in range(DAYS) if d % 7 >= 5]
    spread = float(np.ptp(worked[:, weekend].sum(axis=1)))
    lates = float(np.ptp(late.sum(axis=1)))
    peer = _peer(asked)
    theirs = np.zeros((PEOPLE, DAYS, 3), int)
    for n, d, k in peer["cells"]:
        theirs[n, d, k] = 1
    there = theirs.sum(axis=2) > 0
    told = f"theirs {np.ptp(there[:, weekend].sum(axis=1))}"
    yield figure("roster_gap", roster.gap, "share", "<= 0", note="0 is proven")
    yield figure(
        "roster_cpu",
        spent,
        "s",
        "<= 30",
        note=f"CPU, theirs {peer['cpu']:.1f} s; wall {roster.seconds:.1f} s",
    )
    yield figure("roster_weekend_spread", spread, "days", "<= 1", note=told)
    yield figure(
        "roster_late_spread", lates, "shifts", "<= 1", note=f"theirs {np.ptp(theirs[:, :, 2].sum(axis=1))}"
    )
    yield figure("roster_longest_run", float(runs(worked)), "days", "<= 6", note=f"theirs {runs(there)}")
    yield figure("roster_short", float(len(roster.shortages)), "shifts", "<= 0")
    yield from _repairs(roster)


def _peer(asked: RosterTask) -> dict[str, object]:
    question = {
        "ask": "roster", "names": [p.name for p in asked.people], "shifts": list(SHIFTS), "days": DAYS,
        "need": {name: asked.demand[:, k].tolist() for k, name in enumerate(SHIFTS)}, "within_s": 60,
        "off": [[p.name, asked.days.index(day)] for p in asked.people for day in p.wishes_off],
    }  # fmt: skip
    return dict(ask_peer(pyworkforce(), PEER, question))


def _repairs(roster: Roster) -> Iterator[Figure]:
    """Leave of one to three working days of eight people, one after the other on the same roster."""
    rng = np.random.default_rng(3)
    seconds, touched, short = [], [], 0
    for n in rng.choice(PEOPLE, 8, replace=False):
        worked = np.flatnonzero(roster.table[n] >= 0)
        first, count = int(rng.integers(2, 15)), int(rng.integers(1, 4))
        name = roster.task.people[n].name
        start = time.process_time()
        fixed = repair(roster, name, [roster.task.days[d] for d in worked[first : first + count]])
        seconds.append(time.process_time() - start)
        touched.append(len(set(roster.changes(fixed)["name"]) - {name}))
        short += len(replace(fixed).shortages)
    yield figure("repair_cpu", max(seconds), "s", "<= 5", n=len(seconds), note="CPU, slowest of eight leaves")
    yield figure(
        "repair_touched", float(max(touched)), "people", "<= 3", n=len(touched), note=f"each: {touched}"
    )
    yield figure("repair_short", float(short), "shifts", "<= 0", n=len(touched))
