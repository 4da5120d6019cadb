"""Events of different families on the same days: found, named, and counted as the user chooses."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.calendar import Event, Horizon
from ecomsim.checks import EcomsimError
from ecomsim.forecast.changes import Change
from ecomsim.forecast.drawn import Sample

__all__ = ["OVERLAPS", "Overlap", "overlaps_of", "settled"]

Floats: TypeAlias = NDArray[np.float64]

OVERLAPS = ("multiply", "strongest", "refuse")
"""What is done on days that two families share: their effects multiply, the stronger alone counts, or neither."""

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Overlap:
    """Two events that share days.

    Attributes
    ----------
    first, second : the events, the one that begins first before
    days : shared days ahead
    seen : days of history that events of the two families shared
    """

    first: Event
    second: Event
    days: tuple[dt.date, ...]
    seen: int

    @property
    def names(self) -> str:
        """Both names."""
        return f"{self.first.name} and {self.second.name}"

    def told(self, how: str) -> str:
        """Return what is done about it, in a sentence."""
        span = str(self.days[0]) if len(self.days) == 1 else f"{self.days[0]} to {self.days[-1]}"
        done = {
            "multiply": "their effects multiply; overlaps='strongest' counts the stronger alone",
            "strongest": "the stronger of their effects counts alone; overlaps='multiply' would multiply them",
            "refuse": "",
        }[how]
        known = f"history shared {self.seen} such days" if self.seen else "history never saw the two together"
        days = "1 day" if len(self.days) == 1 else f"{len(self.days)} days"
        return f"{self.names} share {days} ({span}): {done} ({known})."


def overlaps_of(events: Sequence[Event], days: Horizon, first: dt.date) -> tuple[Overlap, ...]:
    """Return the pairs of events of different families that share days of `days`.

    Parameters
    ----------
    days : days ahead
    first : first day of history

    Notes
    -----
    An event's days run from its first phase to the end of its last, a presale included; ramps before and wakes after
    are small and fade, they may always meet.
    """
    spans = [(event, _days_of(event)) for event in sorted(events, key=lambda e: (e.start, e.name))]
    ahead = set(days.dates)
    past: dict[frozenset[str], set[dt.date]] = {}
    found = []
    for (one, theirs), (other, its) in itertools.combinations(spans, 2):
        if one.family == other.family:
            continue
        both = theirs & its
        if not both:
            continue
        past.setdefault(frozenset((one.family, other.family)), set()).update(
            d for d in both if first <= d < days.start
        )
        if both & ahead:
            found.append((one, other, tuple(sorted(both & ahead))))
    return tuple(
        Overlap(one, other, shared, len(past[frozenset((one.family, other.family))]))
        for one, other, shared in found
    )


def settled(
    drawn: Sample, events: Sequence[Event], lifted: Sequence[Change], how: str, strict: bool, notes: list[str]
) -> tuple[Change, ...]:
    """Return what has to change on days ahead that two families share; tell of each pair.

    Parameters
    ----------
    lifted : assumed lifts of events history never saw
    how : one of OVERLAPS

    Raises
    ------
    EcomsimError
        When they are to be refused: names the events and the days.
    """
    days = drawn.horizon
    found = overlaps_of(events, days, drawn.panel.start)
    if how == "refuse" and strict and found:
        raise EcomsimError(
            f"forecast.events, {found[0].names}",
            f"{len(found[0].days)} shared days, {found[0].days[0]} to {found[0].days[-1]}",
            "events of different families on days of their own",
            "Take one out of events=, join the two into one event, or say overlaps='multiply' or 'strongest'",
        )  # fmt: skip
    notes += [one.told("multiply" if how == "refuse" else how) for one in found]
    if how != "strongest":
        return ()
    effects = _effects(drawn, events, lifted)
    made = []
    for day in sorted({d for one in found for d in one.days}):
        there = [e for e in events if e.start <= day <= e.end]
        at = days.dates.index(day)
        each = {e.family: effects[e.family][at] for e in there if e.family in effects}
        if len(each) < 2:
            continue
        kept = max(each, key=lambda family: abs(each[family]))
        surplus = sum(each.values()) - each[kept]
        name = " / ".join(e.name for e in there if e.family in each)
        made.append(
            Change(f"{name}: the stronger alone", float(np.exp(-surplus)), day, day, basis="estimated")
        )
    return tuple(made)


def _days_of(event: Event) -> set[dt.date]:
    return {event.start + i * _DAY for i in range((event.end - event.start).days + 1)}


def _effects(drawn: Sample, events: Sequence[Event], lifted: Sequence[Change]) -> dict[str, Floats]:
    """Return (H,) expected log effects by family: fitted, or assumed where history never saw it."""
    design, beta = drawn.basis.design, drawn.basis.fit.beta[0]
    ahead = slice(len(design.matrix) - drawn.horizon.days, None)
    out = {}
    for family in design.families:
        at = design.blocks[f"event {family.name}"]
        out[family.name] = np.asarray(design.matrix[ahead, at] @ beta[at])
    families = {event.name: event.family for event in events}
    for change in lifted:
        out[families[change.name]] = np.where(change.on(drawn.horizon), np.log(np.mean(change.factor)), 0.0)
    return out
