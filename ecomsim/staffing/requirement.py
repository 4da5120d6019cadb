"""From contacts expected to people needed, slot by slot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecomsim.checks import EcomsimError, require_number
from ecomsim.formulas.arrays import Floats, Ints, whole_number
from ecomsim.formulas.chat import Desk
from ecomsim.staffing.day import DayPlan, Limits
from ecomsim.staffing.deferrable import Deferrable, extra_people, fill_idle, steps_of
from ecomsim.staffing.methods import DayAsked, Forward, Method
from ecomsim.staffing.need import Need
from ecomsim.staffing.promise import Promise, duration_s
from ecomsim.staffing.window import Window
from ecomsim.staffing.workload import Workload

__all__ = ["Requirement", "requirement"]


@dataclass(frozen=True, eq=False)
class Requirement:
    """People needed and what they achieve; arrays (days, slots).

    Attributes
    ----------
    need : Need
        People to have on duty, shrinkage added: what shifts must cover.
    at_desk : people actually answering.
    for_live : people live contacts alone would need.
    contacts : live contacts expected.
    in_time : share of live contacts answered in time.
    abandoned : live contacts giving up.
    occupancy : share of time at work, deferrable work included.
    deferred_in_time : (days,) share of deferrable work done within its limit.
    overnight : (days,) messages waiting at the opening.
    """

    need: Need
    at_desk: Ints
    for_live: Ints
    contacts: Floats
    in_time: Floats
    abandoned: Floats
    occupancy: Floats
    deferred_in_time: Floats
    overnight: Floats

    @property
    def hours(self) -> float:
        """Agent hours on duty in all."""
        return self.need.hours

    @property
    def achieved(self) -> Floats:
        """Share of each day's contacts answered in time, (days,)."""
        weight = np.maximum(self.contacts, 1e-12)
        return np.asarray((self.in_time * weight).sum(axis=1) / weight.sum(axis=1))

    def frame(self) -> pd.DataFrame:
        """Return one row a slot."""
        frame = self.need.frame()
        for name in ("at_desk", "for_live", "contacts", "in_time", "abandoned", "occupancy"):
            frame[name] = getattr(self, name).ravel()
        return frame


def requirement(
    load: Workload,
    desk: Desk,
    promise: Promise,
    window: Window,
    *,
    slot_minutes: int = 30,
    method: Method | None = None,
    deferrable: Sequence[Deferrable] = (),
    message_share: float = 1.0,
    messages_within: dt.timedelta | None = None,
    shrinkage: float = 0.0,
    occupancy_max: float = 1.0,
    agents_min: int = 1,
) -> Requirement:
    """Return the people needed in every slot so that the promise holds.

    Parameters
    ----------
    load : Workload
        Live contacts by slot with their spread between days.
    desk : Desk
        How one agent works: `ChatDesk` (turns), `SpeedUps` (paces), one entry for telephone.
    promise : Promise
        Share answered within a time, on average or on a share of days.
    window : Window
        Opening hours; they may cross midnight.
    slot_minutes : int
        15 or 30.
    method : Method, optional
        `Forward` (default); `Proven` lets the event simulation settle the last agent of every slot; `Sipp` and `Mol`
        for comparison.
    deferrable : sequence of Deferrable
        Work that fills idle time within its own limits.
    message_share : float
        Share of the contacts of closed hours that leave a message.
    messages_within : timedelta, optional
        Answer these messages within so long of the opening as deferrable work; without it they are first in line.
    shrinkage : float
        Share of people on duty who are not at their desk, from 0 and below 1.
    occupancy_max : float
        Most time at work, above 0 and below or equal 1.
    agents_min : int
        Fewest at the desk while open.

    Examples
    --------
    >>> from ecomsim.formulas.chat import ChatDesk
    >>> load = Workload((dt.date(2026, 11, 9),), np.full((1, 48), 40.0))
    >>> out = requirement(load, ChatDesk(3, 25, 45, 6, 180), Promise(0.8, dt.timedelta(seconds=60)),
    ...                   Window.of("09:00-11:00"), message_share=0)
    >>> out.need.agents.tolist(), bool((out.in_time >= 0.8).all())
    ([[5, 6, 6, 6]], True)
    """
    lost = require_number(shrinkage, "shrinkage", low=0, high=1)
    if lost >= 1:
        raise EcomsimError("shrinkage", "1", "a fraction below 1", "Somebody must be at the desk")
    busiest = require_number(occupancy_max, "occupancy_max", low=0, high=1, open_low=True)
    limits = Limits(whole_number(agents_min, "agents_min", unit="people"), busiest)
    for one in deferrable:
        if one.load.days != load.days:
            raise EcomsimError(f"{one.name}.days", str(one.load.days[:1]), f"the days of {load.name}")
    overnight = load.overnight(window) * require_number(message_share, "message_share", low=0, high=1)
    if messages_within is not None:
        duration_s(messages_within, "messages_within")
    arrivals = load.in_window(window, slot_minutes)
    slot_s = slot_minutes * 60.0
    way = method or Forward()
    rows: list[DayPlan] = []
    agents = np.zeros(arrivals.shape, dtype=np.int64)
    occupancy, deferred = np.zeros(arrivals.shape), np.ones(len(load.days))
    for d in range(len(load.days)):
        first = 0.0 if messages_within is not None else float(overnight[d])
        try:
            plan = way.day(
                DayAsked(arrivals[d] / slot_s, slot_s, desk, promise, float(load.spread[d]), first, limits)
            )
        except EcomsimError as error:
            raise EcomsimError(
                f"{load.days[d]} {error.where}", error.given, error.allowed, error.remedy
            ) from None
        rows.append(plan)
        work, steps = steps_of(deferrable, d, window)
        if messages_within is not None:
            note = np.zeros((1, work.shape[1]))
            note[0, 0] = overnight[d] / desk.capacity_per_s
            work = np.concatenate([work, note])
            steps = np.append(steps, max(1, int(messages_within.total_seconds() // 300)))
        agents[d], deferred[d], occupancy[d] = _with_deferred(plan, work, steps, slot_minutes, busiest, way)
    need = Need(
        load.days, window, slot_minutes, np.ceil(agents / (1 - lost) - 1e-9).astype(np.int64), load.name,
        promise.within_s, promise.share, promise.confidence,
    )  # fmt: skip
    return Requirement(
        need=need,
        at_desk=agents,
        for_live=np.array([row.agents for row in rows]),
        contacts=arrivals,
        in_time=np.array([row.in_time for row in rows]),
        abandoned=np.array([row.abandoned for row in rows]),
        occupancy=occupancy,
        deferred_in_time=deferred,
        overnight=overnight,
    )


def _with_deferred(
    plan: DayPlan, work: Floats, steps: Ints, slot_minutes: int, busiest: float, way: Method
) -> tuple[Ints, float, Floats]:
    """Return people with those deferrable work adds, the share of it in time, and the occupancy of both."""
    slot_s = slot_minutes * 60.0
    live = plan.occupancy * plan.agents * slot_s
    idle = np.maximum(plan.agents * slot_s * busiest - live, 0.0)
    if not work.any():
        return plan.agents, 1.0, plan.occupancy
    per = slot_minutes // 5
    if way.adds_people:
        extra, day = extra_people(idle, work, steps, plan.agents, busiest, slot_minutes)
    else:
        extra, day = np.zeros_like(plan.agents), fill_idle(np.repeat(idle / per, per), work, steps)
    agents = plan.agents + extra
    done = day.done.reshape(-1, per).sum(axis=1)
    occupancy = np.divide(live + done, agents * slot_s, out=np.zeros_like(live), where=agents > 0)
    return agents, day.share_in_time, occupancy
