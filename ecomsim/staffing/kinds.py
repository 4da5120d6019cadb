"""The shifts one may work: how long, from when to when, with which breaks, at what wage."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from ecomsim.checks import EcomsimError, require_number
from ecomsim.staffing.window import DAY, Window, clock, minutes_of

__all__ = ["Break", "Night", "ShiftKind"]


def _whole(value: Any, where: str, low: int, unit: str = "minutes") -> int:
    number = require_number(value, where, low=low, unit=unit)
    if number != int(number):
        raise EcomsimError(where, f"{number:g}", f"a whole number of {unit}", f"Write {round(number)}")
    return int(number)


@dataclass(frozen=True)
class Break:
    """A pause that begins between `earliest_min` and `latest_min` after its shift began.

    Parameters
    ----------
    name : 'meal', 'tea', ...
    minutes : its length
    earliest_min, latest_min : minutes from the start of the shift to the start of the break
    paid : whether it counts as working time

    Examples
    --------
    >>> Break("meal", 60, 180, 300).latest_min
    300
    """

    name: str
    minutes: int
    earliest_min: int
    latest_min: int
    paid: bool = False

    def __post_init__(self) -> None:
        where = f"break '{self.name}'"
        for name, low in (("minutes", 1), ("earliest_min", 0), ("latest_min", 0)):
            object.__setattr__(self, name, _whole(getattr(self, name), f"{where}.{name}", low))
        if self.latest_min < self.earliest_min:
            raise EcomsimError(
                f"{where}.latest_min",
                f"{self.latest_min}",
                f"{self.earliest_min} minutes or later",
                "Swap earliest_min and latest_min",
            )


@dataclass(frozen=True)
class ShiftKind:
    """A way to work a day: so many hours from first to last minute, breaks among them.

    A split shift is a long shift whose long unpaid break is the time between its two halves.

    Parameters
    ----------
    name : as the roster shows it
    hours : from start to end, breaks included
    first_start, last_start : HH:MM of the earliest and latest start, default opening and the latest that
        ends by closing; a start before the opening hour of a desk open past midnight is the next day's
    every_minutes : distance of possible starts
    breaks : in the order they are taken, none reaching into the next
    wage_hour : wage of a paid hour
    at_most : most people of this kind (a day where days are planned singly), None for any number
    days_a_week : days worked by somebody with this contract

    Examples
    --------
    >>> day = ShiftKind("day", hours=9, breaks=(Break("meal", 60, 180, 300),))
    >>> day.paid_hours, [clock(m) for m in day.starts(Window.of("09:00-19:00"))]
    (8.0, ['09:00', '09:30', '10:00'])
    """

    name: str
    hours: float
    first_start: str | None = None
    last_start: str | None = None
    every_minutes: int = 30
    breaks: tuple[Break, ...] = ()
    wage_hour: float = 30.0
    at_most: int | None = None
    days_a_week: int = 5

    def __post_init__(self) -> None:
        where = f"shift '{self.name}'"
        if not isinstance(self.name, str) or not self.name.strip():
            raise EcomsimError("shift.name", repr(self.name)[:40], "a name", "Call it for example 'early'")
        require_number(self.hours, f"{where}.hours", low=0, high=24, open_low=True, unit="hours")
        if abs(self.hours * 60 - round(self.hours * 60)) > 1e-9:
            raise EcomsimError(f"{where}.hours", f"{self.hours}", "whole minutes", "Write for example 8.5")
        object.__setattr__(self, "every_minutes", _whole(self.every_minutes, f"{where}.every_minutes", 1))
        require_number(self.wage_hour, f"{where}.wage_hour", low=0, unit="money/hour")
        if self.at_most is not None:
            object.__setattr__(self, "at_most", _whole(self.at_most, f"{where}.at_most", 0, "people"))
        days = _whole(self.days_a_week, f"{where}.days_a_week", 1, "days")
        if days > 7:
            raise EcomsimError(f"{where}.days_a_week", str(days), "1 to 7 days", "")
        for name in ("first_start", "last_start"):
            if (text := getattr(self, name)) is not None:
                minutes_of(text, f"{where}.{name}")
        object.__setattr__(self, "breaks", tuple(self.breaks))
        self._check_breaks(where)

    def _check_breaks(self, where: str) -> None:
        for pause in self.breaks:
            if pause.latest_min + pause.minutes > self.minutes:
                raise EcomsimError(
                    f"{where}, break '{pause.name}'",
                    f"a window to {pause.latest_min + pause.minutes} minutes after the start",
                    f"an end by {self.minutes} minutes, where the shift ends",
                    f"Set latest_min to at most {self.minutes - pause.minutes}",
                )
        for one, other in itertools.pairwise(self.breaks):
            if one.latest_min + one.minutes > other.earliest_min:
                raise EcomsimError(
                    f"{where}, break '{other.name}'",
                    f"a window from {other.earliest_min} minutes, while '{one.name}' may last to "
                    f"{one.latest_min + one.minutes}",
                    "windows one after the other",
                    f"Set earliest_min of '{other.name}' to {one.latest_min + one.minutes}",
                )

    @property
    def minutes(self) -> int:
        """From start to end."""
        return round(self.hours * 60)

    @property
    def paid_hours(self) -> float:
        """Hours paid for one such day."""
        return (self.minutes - sum(b.minutes for b in self.breaks if not b.paid)) / 60

    def starts(self, window: Window) -> tuple[int, ...]:
        """Return the possible starts in minutes after midnight of the business day.

        Raises
        ------
        EcomsimError
            When a start asked for lies outside opening hours, or the shift would end after closing. A desk open
            24 hours has no closing: a shift may run into the next business day.
        """
        where = f"shift '{self.name}'"
        around = window.closes_min - window.opens_min == DAY
        last_fit = window.closes_min - self.every_minutes if around else window.closes_min - self.minutes
        first = window.opens_min if self.first_start is None else _place(self.first_start, window)
        last = last_fit if self.last_start is None else _place(self.last_start, window)
        if first < window.opens_min or first >= window.closes_min:
            raise EcomsimError(f"{where}.first_start", str(self.first_start), f"a time within {window}", "")
        if last > last_fit and not around:
            ends = clock((last + self.minutes) % DAY or DAY)
            raise EcomsimError(
                where,
                f"a start at {clock(last % DAY)} that ends {ends}",
                f"an end by closing, {clock(window.closes_min)}",
                f"Set last_start to {clock(last_fit)} or earlier" if last_fit >= first else "Make it shorter",
            )
        if last < first:
            raise EcomsimError(
                where,
                f"no start between {clock(first)} and {clock(last % DAY)}",
                f"{self.hours:g} hours within {window}",
                "Make the shift shorter, or let it start earlier",
            )
        return tuple(range(first, last + 1, self.every_minutes))


def _place(text: str, window: Window) -> int:
    minutes = minutes_of(text)
    return minutes + DAY if minutes < window.opens_min and window.crosses_midnight else minutes


@dataclass(frozen=True)
class Night:
    """The hours of the night and their wage factor.

    Parameters
    ----------
    begins, ends : HH:MM
    factor : wage of a night hour over that of a day hour

    Examples
    --------
    >>> Night("22:00", "06:00", 1.3).minutes(21 * 60, 25 * 60)
    180
    """

    begins: str = "22:00"
    ends: str = "06:00"
    factor: float = 1.3

    def __post_init__(self) -> None:
        minutes_of(self.begins, "night.begins")
        minutes_of(self.ends, "night.ends")
        require_number(self.factor, "night.factor", low=1, unit="ratio")

    def minutes(self, start_min: int, end_min: int) -> int:
        """Return the minutes of a stretch (minutes after midnight, beyond 1440 too) that are night."""
        begins, ends = minutes_of(self.begins), minutes_of(self.ends)
        ends += DAY if ends <= begins else 0
        return sum(
            max(0, min(end_min, ends + shift) - max(start_min, begins + shift)) for shift in (-DAY, 0, DAY)
        )
