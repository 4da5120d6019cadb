"""What an event is: phases to the hour, peaks, how it discounts, where that is known from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

__all__ = ["CONFIDENCE", "PHASES", "Event", "Phase"]

PHASES = ("presale", "deposit", "balance", "spot", "after", "event", "holiday")
CONFIDENCE = ("high", "medium", "low")


@dataclass(frozen=True)
class Phase:
    """One phase of an event.

    Attributes
    ----------
    phase : presale, deposit, balance, spot, after; 'event' where the source does not say, 'holiday' for days
    off start, end : local time; `end` is the first moment after it, None when unknown
    """

    phase: str
    start: dt.datetime
    end: dt.datetime | None = None

    @property
    def last_day(self) -> dt.date:
        """Last day it touches; its first when the end is unknown."""
        if self.end is None:
            return self.start.date()
        return (self.end - dt.timedelta(microseconds=1)).date()

    def covers(self, day: dt.date) -> bool:
        """Return whether any hour of `day` is inside."""
        return self.start.date() <= day <= self.last_day


@dataclass(frozen=True)
class Event:
    """A platform promotion or a festival.

    Attributes
    ----------
    name, name_zh : labels
    family : '618', 'double11', 'double12', 'spring_festival', 'qingming', 'labour_day', 'dragon_boat',
    'mid_autumn',
        'national_day', 'new_year', or one of your own
    year : of the event
    phases : in order of their start
    peaks : days of highest traffic, or the festival itself
    mechanic : how it discounts, as far as known
    source, confidence : where the dates come from; high, medium or low
    """

    name: str
    name_zh: str
    family: str
    year: int
    phases: tuple[Phase, ...]
    peaks: tuple[dt.date, ...] = ()
    mechanic: Mapping[str, str | float] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    source: str = ""
    confidence: str = "medium"

    @property
    def start(self) -> dt.date:
        """First day touched."""
        return min(phase.start for phase in self.phases).date()

    @property
    def end(self) -> dt.date:
        """Last day known to be touched."""
        return max(phase.last_day for phase in self.phases)

    @property
    def open_ended(self) -> bool:
        """Whether a phase begins after every known end, so that the event's end is unknown."""
        ends = [phase.end for phase in self.phases if phase.end]
        return any(p.end is None and (not ends or p.start >= max(ends)) for p in self.phases)

    def phases_on(self, day: dt.date) -> tuple[str, ...]:
        """Return the phases that touch `day`."""
        return tuple(dict.fromkeys(phase.phase for phase in self.phases if phase.covers(day)))
