"""Chat desks with several chats at once: formula against every reply simulated, and what the usual rule overstaffs."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator

import numpy as np

from benchmarks.harness import Figure, figure
from ecomsim.formulas.arrays import Floats
from ecomsim.formulas.chat import ChatDesk, chat_steady
from ecomsim.formulas.chat_levels import SpeedUps, counted_when_taken
from ecomsim.formulas.queueing import smallest_agents
from ecomsim.formulas.sizing import smallest_chat_agents
from ecomsim.staffing import Need, Promise, Window, Workload, check_roster
from ecomsim.staffing.proof import proven_agents, steady_sample

MONDAY = dt.date(2026, 11, 9)
DAY = Window.of("06:00-22:00")
# chats at once, work, pause, turns, patience, agents, load
SETTINGS = [
    *((k, 25, 45, 6, 180, 10, load) for k in (2, 3, 4, 5) for load in (0.93, 0.75)),
    (3, 25, 45, 6, 180, 30, 0.95), (3, 25, 45, 6, 180, 4, 0.85), (2, 40, 30, 4, 120, 8, 0.9),
    (3, 60, 30, 3, 120, 10, 0.9), (2, 25, 10, 6, 180, 5, 1.0), (3, 25, 45, 2, 60, 20, 1.05),
    (3, 20, 60, 8, 300, 6, 0.85), (8, 10, 90, 6, 120, 10, 0.97),
]  # fmt: skip


RUNS = 300


def simulated(desk: ChatDesk, agents: int, rate: float) -> tuple[Floats, Floats]:
    """Return (answered in a minute, full desks found) and their standard errors over days, two hours left out."""
    need = Need((MONDAY,), DAY, 30, np.full((1, 32), agents))
    load = Workload((MONDAY,), np.full((1, 48), rate * 1800))
    promise = Promise(0.8, dt.timedelta(minutes=1))
    seen = check_roster(need.agents, need, load, desk, promise, message_share=0, replications=RUNS)
    came, *counts = (seen.field(x)[:, 0, 4:-1].sum(axis=1) for x in ("came", "in_time", "queued"))
    share = np.array([x.sum() / came.sum() for x in counts])
    error = np.array([np.std(x - s * came) for x, s in zip(counts, share, strict=True)])
    return share, error / came.mean() / np.sqrt(RUNS)


def figures() -> Iterator[Figure]:
    """Yield the figures of chat desks."""
    gaps, errors, told = [], [], []
    for concurrency, work, think, turns, patience, agents, load in SETTINGS:
        desk = ChatDesk(concurrency, work, think, turns, patience)
        rate = load * agents * desk.capacity_per_s
        out = chat_steady(rate, agents, desk, 60)
        share, error = simulated(desk, agents, rate)
        gaps.append(np.array([float(out.answered_within[0]), float(out.queued)]) - share)
        errors.append(error)
        told.append(f"K={concurrency} n={agents} {load:.0%}: {gaps[-1][1]:+.4f} of {share[1]:.4f}")
    gap, error, n = np.array(gaps), np.array(errors), len(SETTINGS)
    for column, name, reach in (
        (1, "P(queue), worst against every reply simulated", "<= 0.02"),
        (0, "first answer in 60 s, worst against every reply simulated", "<= 0.05"),
    ):
        at = int(np.abs(gap[:, column]).argmax())
        note = f"standard error there {error[at, column]:.4f}, nowhere above {error[:, column].max():.4f}"
        if column:
            note += "; " + "; ".join(told)
        yield figure(name, float(np.abs(gap[at, column])), "share", reach, n=n, note=note)
    yield from _last_agent()
    rates = np.array([2.0, 10.0, 40.0]) / 60
    ours = smallest_chat_agents(rates, SpeedUps(240, (1, 1.7, 2.5), 180), 60, 0.9)
    rule = smallest_agents(rates * 240 / 2.5, 60, 240 / 2.5, 0.9)
    yield figure(
        "agents saved against Erlang C with AHT / factor", float((1 - ours / rule).mean()), "share", "",
        peer="AHT / factor", n=3,
        note=f"2, 10, 40 chats a minute, factors 1, 1.7, 2.5: {ours.tolist()} against {rule.tolist()}",
    )  # fmt: skip


def _last_agent() -> Iterator[Figure]:
    """Yield whether the number settled by simulation passes with other customers, and one fewer fails."""
    passes = fails = formula = saved = short = 0.0
    margins = []
    promise = Promise(0.8, dt.timedelta(minutes=1))
    cases = [(k, r) for k in (2, 3, 5) for r in (2.0, 10.0, 30.0)]
    start = time.process_time()
    for concurrency, per_minute in cases:
        desk, hourly = ChatDesk(concurrency, 25, 45, 6, 180), per_minute * 60
        told = int(smallest_chat_agents(per_minute / 60, desk, 60, 0.8))
        need = proven_agents(hourly, desk, promise, contacts=100_000)
        # other customers than those who decided, more of them
        (enough, error), (fewer, other) = (
            steady_sample(hourly, need - less, desk, promise, 1_500_000, 99) for less in (0, 1)
        )
        taken = int(smallest_chat_agents(per_minute / 60, counted_when_taken(desk), 60, 0.8))
        alone, factor = 1 / desk.completions_per_s[1], desk.capacity_per_s / desk.completions_per_s[1]
        rule = int(smallest_agents(per_minute / 60 * alone / factor, 60, alone / factor, 0.8))
        passes += enough >= 0.8 - 2 * error
        fails += fewer < 0.8 + 2 * other
        formula += abs(told - need) <= 1
        saved += 1 - taken / rule
        short += 1 - rule / need
        margins.append(
            f"K={concurrency} {per_minute:g}/min: {need} -> {enough:.4f}, {need - 1} -> {fewer:.4f} "
            f"(to {error:.4f}), formula {told}"
        )
    n = len(cases)
    note = f"to two standard errors; {time.process_time() - start:.0f} CPU seconds; " + "; ".join(margins)
    yield figure("sized number passes in the simulation", passes, f"of {n}", f">= {n}", n=n, note=note)
    yield figure(
        "one fewer fails in the simulation", fails, f"of {n}", f">= {n}", n=n, note="to two standard errors"
    )
    yield figure("formula alone within one agent of it", formula, f"of {n}", f">= {n}", n=n)
    yield figure(
        "agents saved against Erlang C with AHT / factor, chats taken in 60 s", saved / n, "share",
        peer="AHT / factor", n=n,
        note=f"the same nine desks; for a first reply in 60 s the rule, which knows of no writing, names "
        f"{short / n:.0%} fewer than pass in the simulation",
    )  # fmt: skip
