"""When the desk is open: one stretch a day, cut into slots; it may run past midnight."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ecomsim.checks import EcomsimError

__all__ = ["SLOT_MINUTES", "Window", "clock", "minutes_of"]

SLOT_MINUTES = (15, 30)
"""Slot lengths a need may have."""

DAY = 24 * 60
_CLOCK = re.compile(r"\s*(\d{1,2})[:：](\d{2})\s*")


def minutes_of(text: object, where: str = "time") -> int:
    """Return the minutes after midnight of a clock time written HH:MM, 24:00 included.

    Examples
    --------
    >>> minutes_of("8:30"), minutes_of("24:00")
    (510, 1440)
    """
    found = _CLOCK.fullmatch(text) if isinstance(text, str) else None
    if found:
        hour, minute = int(found[1]), int(found[2])
        if minute < 60 and hour * 60 + minute <= DAY:
            return hour * 60 + minute
    raise EcomsimError(where, repr(text)[:40], "a time from 00:00 to 24:00", "Write for example 08:30")


def clock(minutes: int) -> str:
    """Return minutes after midnight as HH:MM; beyond midnight it starts again, 24:00 itself stays.

    Examples
    --------
    >>> clock(510), clock(1440), clock(1500)
    ('08:30', '24:00', '01:00')
    """
    hour, minute = divmod(minutes if minutes <= DAY else minutes - DAY, 60)
    return f"{hour:02d}:{minute:02d}"


@dataclass(frozen=True)
class Window:
    """Opening hours of one day, in minutes after its midnight.

    Parameters
    ----------
    opens_min : int
        Opening, 0 to 1439.
    closes_min : int
        Closing, above `opens_min`; above 1440 where the desk closes after midnight. At most 24 hours.

    Examples
    --------
    >>> Window.of("08:30-21:00").labels(30)[:2]
    ('08:30', '09:00')
    >>> night = Window.of("20:00-04:00")
    >>> night.hours, night.slots(15), night.labels(30)[-1]
    (8.0, 32, '03:30')
    """

    opens_min: int
    closes_min: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens_min < DAY:
            raise EcomsimError("window.opens_min", f"{self.opens_min}", "0 to 1439 minutes after midnight")
        if not self.opens_min < self.closes_min <= self.opens_min + DAY:
            raise EcomsimError(
                "window.closes_min",
                f"{self.closes_min}",
                f"above {self.opens_min} and at most {self.opens_min + DAY} minutes",
                "A desk open round the clock is 00:00-24:00",
            )

    @classmethod
    def of(cls, text: str) -> Window:
        """Return the window written as HH:MM-HH:MM; a closing before the opening is that of the next day."""
        parts = re.split(r"[-–—~至]", text) if isinstance(text, str) else []
        if len(parts) != 2:
            raise EcomsimError(
                "window", repr(text)[:40], "opening and closing as HH:MM-HH:MM", "Write 08:30-21:00"
            )
        opens, closes = minutes_of(parts[0], "window opening"), minutes_of(parts[1], "window closing")
        if opens == DAY:
            opens = 0
        return cls(opens, closes if closes > opens else closes + DAY)

    @property
    def hours(self) -> float:
        """Hours open a day."""
        return (self.closes_min - self.opens_min) / 60

    @property
    def crosses_midnight(self) -> bool:
        """Whether the desk closes on the day after it opens."""
        return self.closes_min > DAY

    def slots(self, slot_minutes: int) -> int:
        """Return how many slots of this length fill the window, or raise where they do not fill it."""
        if slot_minutes not in SLOT_MINUTES:
            raise EcomsimError(
                "slot_minutes", f"{slot_minutes}", "15 or 30 (minutes)", "Slots are minutes, never seconds"
            )
        if self.opens_min % slot_minutes or self.closes_min % slot_minutes:
            raise EcomsimError(
                "window",
                str(self),
                f"an opening and a closing on the {slot_minutes}-minute grid",
                "Use slots of 15 minutes or move the opening",
            )
        return (self.closes_min - self.opens_min) // slot_minutes

    def labels(self, slot_minutes: int) -> tuple[str, ...]:
        """Return the start of every slot as HH:MM."""
        starts = range(self.opens_min, self.opens_min + self.slots(slot_minutes) * slot_minutes, slot_minutes)
        return tuple(clock(m % DAY) for m in starts)

    def __str__(self) -> str:
        return f"{clock(self.opens_min)}-{clock(self.closes_min)}"
