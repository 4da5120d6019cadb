"""Ways to find the people for a day: by the chain that follows it, or by the rules that size every slot alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from ecomsim.formulas.arrays import Floats, Ints
from ecomsim.formulas.chat import Desk
from ecomsim.staffing.day import DayPlan, Limits, live_day, size_day
from ecomsim.staffing.promise import Promise
from ecomsim.staffing.rules import mol_day, sipp_day

__all__ = ["DayAsked", "Forward", "Method", "Mol", "Sipp"]


@dataclass(frozen=True, eq=False)
class DayAsked:
    """One day's live contacts and what must hold.

    Attributes
    ----------
    rates : (slots,) contacts a second.
    slot_s : seconds a slot.
    desk : how one agent works.
    promise : what must hold in every slot.
    cv : spread of the day's rate.
    backlog : messages waiting at the opening, answered first.
    limits : bounds on the people.
    """

    rates: Floats
    slot_s: float
    desk: Desk
    promise: Promise
    cv: float = 0.0
    backlog: float = 0.0
    limits: Limits = field(default_factory=Limits)


class Method(Protocol):
    """A way to find the people for one day's live contacts."""

    @property
    def adds_people(self) -> bool:
        """Whether people are added where other work would be late."""

    def day(self, asked: DayAsked) -> DayPlan:
        """Return the day planned and lived."""


@dataclass(frozen=True)
class Forward:
    """Slot by slot, each starting from the queue the last one left: the transient chain."""

    adds_people: ClassVar[bool] = True

    def day(self, asked: DayAsked) -> DayPlan:
        """Return the fewest people that keep the promise in every slot."""
        return size_day(
            asked.rates, asked.slot_s, asked.desk, asked.promise, cv=asked.cv, backlog=asked.backlog,
            limits=asked.limits,
        )  # fmt: skip


class _Rule:
    """A rule that sizes every slot alone; its people are then lived through on the chain. It knows of no backlog."""

    adds_people: ClassVar[bool] = False

    def people(self, asked: DayAsked) -> Ints:
        """Return the people of every slot."""
        raise NotImplementedError

    def day(self, asked: DayAsked) -> DayPlan:
        """Return the rule's people and what they achieve on the transient chain."""
        return live_day(
            asked.rates, asked.slot_s, asked.desk, asked.promise, self.people(asked), cv=asked.cv,
            backlog=asked.backlog,
        )  # fmt: skip


@dataclass(frozen=True)
class Sipp(_Rule):
    """Every slot alone and in steady state: the usual rule, for comparison."""

    def people(self, asked: DayAsked) -> Ints:
        """Return the people of every slot."""
        return sipp_day(asked.rates, asked.desk, asked.promise, cv=asked.cv, limits=asked.limits)


@dataclass(frozen=True)
class Mol(_Rule):
    """Steady state at the modified offered load: SIPP with the lag between load and arrivals, for comparison."""

    def people(self, asked: DayAsked) -> Ints:
        """Return the people of every slot."""
        return mol_day(asked.rates, asked.slot_s, asked.desk, asked.promise, cv=asked.cv, limits=asked.limits)
