"""The fewest chat agents, settled by simulating every reply: the formula to begin with, the simulation to decide."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from ecomsim.checks import require_number
from ecomsim.formulas.arrays import Floats, Ints, whole_number
from ecomsim.formulas.chat import ChatDesk
from ecomsim.formulas.chat_levels import SpeedUps
from ecomsim.formulas.mixing import factor_at
from ecomsim.formulas.sizing import smallest_chat_agents
from ecomsim.staffing.check import check_roster
from ecomsim.staffing.day import DayPlan, live_day
from ecomsim.staffing.methods import DayAsked, Forward
from ecomsim.staffing.need import Need
from ecomsim.staffing.promise import Promise
from ecomsim.staffing.window import DAY, Window
from ecomsim.staffing.workload import Workload

__all__ = ["Proven", "proven_agents", "steady_sample"]

_DAY = dt.date(2024, 1, 1)
_OPEN = Window.of("06:00-22:00")
_WARM = 4  # half-hours until the desk is as busy as it will be
_DOUBT = 0.02  # the formula is within .01 of the simulation, and a slot's share is known to about as much
_APART = 4  # slots after which one agent fewer is no longer felt
_ROUNDS = 6
_MOST = 2000
_FEWEST = 20  # days to tell a standard error from


def steady_sample(
    contacts_per_hour: float, agents: int, desk: ChatDesk, promise: Promise, contacts: int, seed: int
) -> tuple[float, float]:
    """Return the share of contacts answered in time by a desk at rest, every reply simulated, and its standard error.

    About so many `contacts` are simulated; the error is told by the days' own differences.
    """
    rate = require_number(contacts_per_hour, "contacts_per_hour", low=0, open_low=True)
    runs = max(_FEWEST, int(np.ceil(contacts / (rate * (_OPEN.hours - _WARM / 2)))))
    need = Need((_DAY,), _OPEN, 30, np.full((1, 32), agents))
    load = Workload((_DAY,), np.full((1, 48), rate / 2))
    seen = check_roster(need.agents, need, load, desk, promise, message_share=0, replications=runs, seed=seed)
    came, in_time = (seen.field(name)[:, 0, _WARM:-1].sum(axis=1) for name in ("came", "in_time"))
    share = float(in_time.sum() / max(came.sum(), 1.0))
    return share, float(np.std(in_time - share * came) / max(came.mean(), 1.0) / np.sqrt(runs))


def proven_agents(
    contacts_per_hour: float, desk: ChatDesk, promise: Promise, *, contacts: int = 300_000, seed: int = 7
) -> int:
    """Return the fewest agents that keep the promise in the simulation; one fewer breaks it.

    Parameters
    ----------
    contacts : int
        Contacts simulated for each number of agents; where the share is within three standard errors of the promise,
        up to sixteen times as many.

    Notes
    -----
    The formula is within about a point of the simulation; in a desk of a hundred one agent is a third of a point. Where
    that matters, the simulation decides, from the formula's number up or down.
    """
    n = int(smallest_chat_agents(contacts_per_hour / 3600, desk, promise.within_s, promise.share))

    def holds(agents: int) -> bool:
        share = error = 0.0
        for more in (1, 4, 16):
            share, error = steady_sample(contacts_per_hour, agents, desk, promise, more * contacts, seed)
            if abs(share - promise.share) > 3 * error:
                break
        return share >= promise.share

    if holds(n):
        while n > 1 and holds(n - 1):
            n -= 1
        return n
    while not holds(n + 1):
        n += 1
    return n + 1


@dataclass(frozen=True)
class Proven:
    """The chain's people, and where it is in doubt about one more or fewer, the event simulation's word on it.

    In every slot the people pass in the simulation and one fewer would fail, there or in the slots after, as far as
    `contacts` tell: the chain alone is within .01 of the promise, so fewer contacts know no more than it does.

    Attributes
    ----------
    contacts : contacts simulated for every slot; the error of its share is near ``1 / sqrt(contacts)``.
    seed : of the simulated days.

    Examples
    --------
    >>> from ecomsim.staffing.requirement import requirement
    >>> load = Workload((_DAY,), np.full((1, 48), 40.0))
    >>> out = requirement(load, ChatDesk(3, 25, 45, 6, 180), Promise(0.8, dt.timedelta(minutes=1)),
    ...                   Window.of("09:00-11:00"), message_share=0, method=Proven(2000))
    >>> bool((out.in_time >= 0.8).all())
    True
    """

    contacts: int = 10_000
    seed: int = 7
    adds_people: ClassVar[bool] = True

    def __post_init__(self) -> None:
        whole_number(self.contacts, "contacts", low=1)

    def day(self, asked: DayAsked) -> DayPlan:
        """Return the fewest people that keep the promise in every slot, and what they achieve in the simulation."""
        plan = Forward().day(asked)
        desk = asked.desk
        if not isinstance(desk, ChatDesk | SpeedUps) or (
            isinstance(desk, SpeedUps) and desk.concurrency == 1
        ):
            return plan  # there the chain is exact
        trial = _Trial(asked, desk, self.contacts, self.seed)
        agents = plan.agents.copy()
        share = trial.share(agents)
        raised = np.zeros(agents.size, dtype=bool)
        for _ in range(_ROUNDS):
            short = share < asked.promise.share
            if not short.any():
                break
            agents += short
            raised |= short
            share = trial.share(agents)
        agents, share = self._lower(agents, share, raised, plan, asked, trial)
        lived = live_day(
            asked.rates, asked.slot_s, desk, asked.promise, agents, cv=asked.cv, backlog=asked.backlog
        )
        return replace(lived, in_time=share)

    def _lower(
        self, agents: Ints, share: Floats, raised: np.ndarray, plan: DayPlan, asked: DayAsked, trial: _Trial
    ) -> tuple[Ints, Floats]:
        """Take off an agent wherever the simulation says that the promise holds without; slots apart at once."""
        goal, limits = asked.promise.share, asked.limits
        after_another = np.convolve(raised, np.ones(_APART))[: raised.size] > raised
        doubt = (plan.in_time_fewer >= goal - _DOUBT) | (raised & after_another)
        busy = plan.occupancy * plan.agents > limits.occupancy_max * (agents - 1)
        doubt &= ~busy & (agents > max(limits.agents_min, 1))
        for phase in range(_APART):
            asked_of = np.flatnonzero(doubt & (np.arange(agents.size) % _APART == phase))
            if not asked_of.size:
                continue
            fewer = agents.copy()
            fewer[asked_of] -= 1
            seen = trial.share(fewer)
            fine = [k for k in asked_of if (seen[k : k + _APART] >= goal).all()]
            if fine:
                agents = agents.copy()
                agents[fine] -= 1
                share = seen if len(fine) == asked_of.size else trial.share(agents)
        return agents, share


@dataclass(frozen=True, eq=False)
class _Trial:
    """A day's contacts, met by any number of agents: the same customers every time."""

    asked: DayAsked
    desk: ChatDesk | SpeedUps
    contacts: int
    seed: int

    def share(self, agents: Ints) -> Floats:
        """Return the share answered in time by slot; 1 where nobody comes."""
        asked, slots = self.asked, agents.size
        minutes = round(asked.slot_s / 60)
        sure = asked.promise.confidence
        factor = 1.0 if sure is None else float(factor_at(asked.cv, sure))
        row = np.zeros(DAY // minutes)
        row[:slots] = asked.rates * asked.slot_s
        if slots < row.size:
            row[-1] = asked.backlog  # came while closed
        some = asked.rates[asked.rates > 0]
        mean = float(some.mean()) * asked.slot_s if some.size else 1.0
        runs = int(np.clip(np.ceil(self.contacts / max(mean, 1e-9)), 8, _MOST))
        need = Need((_DAY,), Window(0, slots * minutes), minutes, agents[None, :])
        load = Workload((_DAY,), row[None, :] * factor, asked.cv if sure is None else 0.0)
        seen = check_roster(
            agents[None, :], need, load, self.desk, asked.promise, replications=runs, seed=self.seed
        )
        return np.asarray(seen.in_time[0])
