"""Chat desks with several chats at once: formula against every reply simulated, and what the usual rule overstaffs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np

from benchmarks.harness import Figure, figure
from ecomsim.formulas.chat import ChatDesk, chat_steady
from ecomsim.formulas.chat_levels import SpeedUps
from ecomsim.formulas.queueing import smallest_agents
from ecomsim.formulas.sizing import smallest_chat_agents
from ecomsim.staffing import Need, Promise, Window, Workload, check_roster
from ecomsim.staffing.proof import proven_agents, steady_share

MONDAY = dt.date(2026, 11, 9)
DAY = Window.of("06:00-22:00")
SETTINGS = [(2, 10, 0.93), (2, 10, 0.75), (3, 10, 0.93), (3, 10, 0.75), (4, 10, 0.93), (4, 10, 0.75), (5, 10, 0.93),
            (5, 10, 0.75), (3, 30, 0.95), (3, 4, 0.85)]  # fmt: skip


def simulated(
    desk: ChatDesk, agents: int, rate: float, share: float = 0.8, runs: int = 60
) -> tuple[float, float, float]:
    """Return share answered in a minute, given up, and full desks found, with the first two hours left out."""
    need = Need((MONDAY,), DAY, 30, np.full((1, 32), agents))
    load = Workload((MONDAY,), np.full((1, 48), rate * 1800))
    seen = check_roster(
        need.agents,
        need,
        load,
        desk,
        Promise(share, dt.timedelta(minutes=1)),
        message_share=0,
        replications=runs,
    )
    field = {name: seen.field(name)[:, 0, 4:-1].sum() for name in ("came", "in_time", "abandoned", "queued")}
    return tuple(float(field[x] / field["came"]) for x in ("in_time", "abandoned", "queued"))  # type: ignore[return-value]


def figures() -> Iterator[Figure]:
    """Yield the figures of chat desks."""
    worst_queue = worst_time = 0.0
    for concurrency, agents, load in SETTINGS:
        desk = ChatDesk(concurrency, 25, 45, 6, 180)
        rate = load * agents * desk.capacity_per_s
        out = chat_steady(rate, agents, desk, 60)
        in_time, _, queued = simulated(desk, agents, rate)
        worst_queue = max(worst_queue, abs(queued - float(out.queued)))
        worst_time = max(worst_time, abs(in_time - float(out.answered_within[0])))
    n = len(SETTINGS)
    yield figure("P(queue), worst against every reply simulated", worst_queue, "share", "<= 0.02", n=n)
    yield figure(
        "first answer in 60 s, worst against every reply simulated", worst_time, "share", "<= 0.05", n=n
    )
    passes, fails, formula, margins = 0, 0, 0, []
    promise = Promise(0.8, dt.timedelta(minutes=1))
    cases = [(k, r) for k in (2, 3, 5) for r in (2.0, 10.0, 30.0)]
    for concurrency, per_minute in cases:
        desk = ChatDesk(concurrency, 25, 45, 6, 180)
        told = int(smallest_chat_agents(per_minute / 60, desk, 60, 0.8))
        need = proven_agents(per_minute * 60, desk, promise)
        # other customers than those who decided
        enough, fewer = (
            steady_share(per_minute * 60, need - less, desk, promise, seed=99) for less in (0, 1)
        )
        passes += enough >= 0.8
        fails += fewer < 0.8
        formula += abs(told - need) <= 1
        margins.append(
            f"K={concurrency} {per_minute:g}/min: {need} -> {enough:.4f}, {need - 1} -> {fewer:.4f}, formula {told}"
        )
    n = len(cases)
    yield figure(
        "sized number passes in the simulation", passes, f"of {n}", f">= {n}", n=n, note="; ".join(margins)
    )
    yield figure("one fewer fails in the simulation", fails, f"of {n}", f">= {n}", n=n)
    yield figure("formula alone within one agent of it", formula, f"of {n}", n=n)
    rates = np.array([2.0, 10.0, 40.0]) / 60
    ours = smallest_chat_agents(rates, SpeedUps(240, (1, 1.7, 2.5), 180), 60, 0.9)
    rule = smallest_agents(rates * 240 / 2.5, 60, 240 / 2.5, 0.9)
    yield figure(
        "agents saved against Erlang C with AHT / factor", float((1 - ours / rule).mean()), "share", "",
        peer="AHT / factor", n=3,
        note=f"2, 10, 40 chats a minute, factors 1, 1.7, 2.5: {ours.tolist()} against {rule.tolist()}",
    )  # fmt: skip
