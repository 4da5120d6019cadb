"""One week of a store from contacts to a checked plan: simulate, size, plan shifts, simulate the plan."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ecomsim.calendar import Horizon, parse_date
from ecomsim.checks import EcomsimError, EcomsimWarning
from ecomsim.formulas.chat import ChatDesk
from ecomsim.formulas.chat_levels import counted_when_taken
from ecomsim.simulate import simulate
from ecomsim.staffing.check import check_roster
from ecomsim.staffing.deferrable import Deferrable
from ecomsim.staffing.kinds import Break, ShiftKind
from ecomsim.staffing.methods import Method
from ecomsim.staffing.need import Agents
from ecomsim.staffing.outcome import RosterCheck, Worth
from ecomsim.staffing.promise import Promise
from ecomsim.staffing.requirement import Requirement, requirement
from ecomsim.staffing.shifts import ShiftPlan, plan_shifts
from ecomsim.staffing.window import Window
from ecomsim.staffing.workload import Workload, workload
from ecomsim.store import Store
from ecomsim.study import Study
from ecomsim.uncertain import mean_of

__all__ = [
    "DAY_SHIFT",
    "Sized",
    "StaffedWeek",
    "desk_of",
    "opening_hours",
    "size_days",
    "staff_week",
    "worth_of",
]

DAY_SHIFT = (ShiftKind("day", hours=9, breaks=(Break("meal", 60, 180, 300),)),)
"""Eight hours and a meal: what is planned where nothing else is asked for."""

_TICKETS_WITHIN = dt.timedelta(hours=4)
_MESSAGES_WITHIN = dt.timedelta(hours=1)
_MOST_AHEAD = 180


@dataclass(frozen=True, eq=False)
class StaffedWeek:
    """A week sized, planned and checked.

    Attributes
    ----------
    load : contacts expected, pre-sale.
    need : people needed by slot and what they achieve on paper.
    plan : the shifts that cover it.
    check : the plan simulated contact by contact.
    study : the simulated days behind it.
    taken : whether chats count as answered when taken, because no agent could write the first reply in time.
    """

    load: Workload
    need: Requirement
    plan: ShiftPlan
    check: RosterCheck
    study: Study
    taken: bool


@dataclass(frozen=True, eq=False)
class Sized:
    """Days whose contacts are simulated and whose people are sized, not yet planned.

    Attributes
    ----------
    load, need, study, taken : as of a `StaffedWeek`
    desk : how one agent chats
    worth : what an enquiry is worth
    waiting : work that can wait, done between chats
    """

    load: Workload
    need: Requirement
    study: Study
    desk: ChatDesk
    worth: Worth
    taken: bool
    waiting: tuple[Deferrable, ...] = ()

    def check(self, on_duty: Agents, promise: Promise, *, replications: int, seed: int = 7) -> RosterCheck:
        """Return these people at their desks simulated contact by contact."""
        return check_roster(
            on_duty, self.need.need, self.load, self.desk, promise, worth=self.worth,
            messages_within=_MESSAGES_WITHIN, deferrable=self.waiting, taken=self.taken,
            replications=replications, seed=seed,
        )  # fmt: skip


def size_days(
    store: Store,
    first: dt.date,
    last: dt.date,
    promise: Promise,
    *,
    window: Window | None = None,
    slot_minutes: int = 30,
    shrinkage: float = 0.0,
    method: Method | None = None,
    replications: int = 300,
    seed: int = 7,
    where: str = "week",
) -> Sized:
    """Return the people needed from `first` to `last`: contacts simulated, every half-hour sized.

    Parameters are those of `staff_week`; `where` is how messages call the days.
    """
    after = store.as_of + dt.timedelta(days=1) if store.as_of else first
    latest = after + dt.timedelta(days=_MOST_AHEAD)
    if not after <= first <= latest:
        kind = "Monday" if where == "week" else "first day"
        raise EcomsimError(
            where, f"{first}", f"a {kind} from {after} to {latest}",
            f"Import newer data, or choose a {where} after the data",
        )  # fmt: skip
    hours = window or opening_hours(store)
    desk = desk_of(store)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EcomsimWarning)  # long lead times do not matter to enquiries
        study = simulate(store, Horizon(after, last), replications=replications, seed=seed)
    count = (last - first).days + 1
    days = [study.dates.index(first + dt.timedelta(days=i)) for i in range(count)]
    profile = [float(x) for x in store.service.profile]
    load = workload(study, "baseline", profile).part(days)
    tickets = workload(study, "baseline", profile, metric="aftersale_contacts", name="aftersale").part(days)
    handle = dt.timedelta(seconds=desk.work_s * desk.turns)
    # Where even an idle agent writes too slowly for the promise, it can only be about being taken.
    taken = float(desk.answered_by(0, promise.within_s)) <= promise.share + 0.02
    waiting = (Deferrable(tickets, handle, _TICKETS_WITHIN),)
    found = requirement(
        load, counted_when_taken(desk) if taken else desk, promise, hours, slot_minutes=slot_minutes,
        shrinkage=shrinkage, deferrable=waiting, messages_within=_MESSAGES_WITHIN, method=method,
    )  # fmt: skip
    return Sized(load, found, study, desk, worth_of(store, study), taken, waiting)


def desk_of(store: Store) -> ChatDesk:
    """Return how one agent of the store chats, at the middle of what is known."""
    s = store.service
    return ChatDesk(s.concurrency, *(mean_of(x) for x in (s.work_s, s.think_s, s.turns, s.patience_s)))


def opening_hours(store: Store) -> Window:
    """Return from the first to the last half-hour in which a team of the store works."""
    there = np.zeros(48, dtype=bool)
    for team in store.teams.values():
        there |= np.array(team.shape) > 0.05
    if not there.any():
        raise EcomsimError("teams", "nobody at any hour", "a team with hours", "Give the window yourself")
    slots = np.flatnonzero(there)
    return Window(int(slots[0]) * 30, int(slots[-1] + 1) * 30)


def worth_of(store: Store, study: Study, scenario: str = "baseline") -> Worth:
    """Return what an enquiry of the store is worth: its conversion, order value, margin and answer curve."""
    weight = [mean_of(c.base) * mean_of(c.enquiry_share) for c in store.channels.values()]
    rate = [mean_of(c.p_enquiring) for c in store.channels.values()]
    gmv, buyers, margin = (float(study.total(name, scenario).mean()) for name in ("gmv", "buyers", "margin"))
    wages = [mean_of(team.wage_hour) for team in store.teams.values()]
    return Worth(
        conversion=float(np.average(rate, weights=weight)) if sum(weight) > 0 else 0.0,
        order_value=gmv / max(buyers, 1.0),
        curve=store.service.answer_curve,
        margin=float(np.clip(margin / max(gmv, 1.0), 0.0, 1.0)),
        wage_hour=float(np.mean(wages)) if wages else 0.0,
    )


def staff_week(
    store: Store,
    monday: dt.date | str,
    promise: Promise,
    *,
    window: Window | None = None,
    slot_minutes: int = 30,
    kinds: Sequence[ShiftKind] = DAY_SHIFT,
    shrinkage: float = 0.0,
    method: Method | None = None,
    replications: int = 300,
    seed: int = 7,
    within_s: float = 10.0,
) -> StaffedWeek:
    """Return the week beginning on `monday`: contacts simulated, people sized, shifts planned, the plan checked.

    Parameters
    ----------
    store : Store
        Calibrated up to some day before the week.
    monday : date
        First day of the week, a Monday.
    promise : Promise
        Share of pre-sale chats with a first answer within a time.
    window : Window, optional
        Opening hours; default those of the store's teams.
    kinds : sequence of ShiftKind
        Shifts one may work; default eight hours and a meal.
    method : Method, optional
        How people are sized, as for `requirement`; `Proven` lets the simulation settle the last agent of every slot.
    replications : int
        Simulated weeks, for the contacts and for the check.
    within_s : float
        Seconds the search for shifts may take.

    Notes
    -----
    After-sale chats are deferrable: done in idle time, within four hours. Messages left overnight are answered within
    the first hour. Where an idle agent's first reply would be too late for the promise, a chat counts as answered when
    it is taken (`StaffedWeek.taken`).
    """
    first = parse_date(monday, "week")
    if first.weekday():
        raise EcomsimError(
            "week", f"{first}", "a Monday", f"Write {first - dt.timedelta(days=first.weekday())}"
        )
    sized = size_days(
        store, first, first + dt.timedelta(days=6), promise, window=window, slot_minutes=slot_minutes,
        shrinkage=shrinkage, method=method, replications=replications, seed=seed,
    )  # fmt: skip
    plan = plan_shifts(sized.need.need, kinds, within_s=within_s)
    check = sized.check(plan.on_duty, promise, replications=replications, seed=seed)
    return StaffedWeek(sized.load, sized.need, plan, check, sized.study, sized.taken)
