"""The days a simulation or a forecast covers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ecomsim.checks import EcomsimError

__all__ = ["Horizon", "parse_date", "parse_month"]

LONGEST = 3_660
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_LOOSE = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?")


def parse_date(value: object, where: str = "date") -> dt.date:
    """Return a local business day from a date, a midnight datetime or ISO text.

    Raises
    ------
    EcomsimError
        For anything else; other ways of writing a date are answered with the ISO form.

    Examples
    --------
    >>> parse_date("2026-11-01")
    datetime.date(2026, 11, 1)
    >>> parse_date("2026/11/1")
    Traceback (most recent call last):
    ecomsim.checks.EcomsimError: date: got '2026/11/1'. Allowed: a day as YYYY-MM-DD. Write 2026-11-01.
    """
    if isinstance(value, dt.datetime):
        if value != value:  # pandas NaT is a datetime that equals nothing, itself included
            raise EcomsimError(where, "NaT", "a day as YYYY-MM-DD", "Fill the missing date")
        if (value.hour, value.minute, value.second) != (0, 0, 0):
            raise EcomsimError(where, str(value), "a whole day", f"Write {value.date()}")
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = value.strip() if isinstance(value, str) else ""
    try:
        if _ISO.fullmatch(text):
            return dt.date.fromisoformat(text)
        found = _LOOSE.fullmatch(text)
        remedy = f"Write {dt.date(*map(int, found.groups()))}" if found else "Give a day, e.g. 2026-11-01"
    except ValueError:
        remedy = "There is no such day in the calendar"
    raise EcomsimError(where, repr(value)[:80], "a day as YYYY-MM-DD", remedy)


def parse_month(value: object, where: str = "month") -> tuple[dt.date, dt.date]:
    """Return the first and last day of a month written as YYYY-MM.

    Examples
    --------
    >>> parse_month("2028-02")[1]
    datetime.date(2028, 2, 29)
    """
    if isinstance(value, str) and re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", value) and value[:4] != "0000":
        first = dt.date(int(value[:4]), int(value[5:]), 1)
        return first, _month_end(first)
    raise EcomsimError(where, repr(value)[:80], "a month as YYYY-MM", "Write for example 2026-11")


def _month_end(first: dt.date) -> dt.date:
    if first.month == 12:
        return dt.date(first.year, 12, 31)
    return dt.date(first.year, first.month + 1, 1) - dt.timedelta(days=1)


@dataclass(frozen=True, init=False, repr=False)
class Horizon:
    """Days from `start` to `end`, both included.

    Parameters
    ----------
    start, end : date or ISO text

    Raises
    ------
    EcomsimError
        If a day is malformed, `end` is before `start`, or there are more than ten years of days.

    Examples
    --------
    >>> nov = Horizon("2026-11-01", "2026-11-30")
    >>> nov.days, nov.months, nov == Horizon.month("2026-11")
    (30, ('2026-11',), True)
    """

    start: dt.date
    end: dt.date

    def __init__(self, start: dt.date | str, end: dt.date | str) -> None:
        first, last = parse_date(start, "horizon.start"), parse_date(end, "horizon.end")
        if last < first:
            raise EcomsimError("horizon.end", str(last), f"{first} or later", "Swap start and end")
        if (last - first).days >= LONGEST:
            raise EcomsimError(
                "horizon", f"{(last - first).days + 1:,} days", f"at most {LONGEST:,} days", "Shorten it"
            )
        object.__setattr__(self, "start", first)
        object.__setattr__(self, "end", last)

    def beyond(self, days: int) -> Horizon:
        """Return the same days and `days` more; not limited, since only looking ahead needs them."""
        longer = object.__new__(Horizon)
        object.__setattr__(longer, "start", self.start)
        object.__setattr__(longer, "end", self.end + dt.timedelta(days=days))
        return longer

    @classmethod
    def month(cls, text: str) -> Horizon:
        """Return the whole month written as YYYY-MM."""
        return cls(*parse_month(text, "horizon.month"))

    @cached_property
    def dates(self) -> tuple[dt.date, ...]:
        """Every day in order."""
        return tuple(self.start + dt.timedelta(days=i) for i in range(self.days))

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.end - self.start).days + 1

    @cached_property
    def weekdays(self) -> tuple[int, ...]:
        """Weekday of every day, from Monday 0 to Sunday 6."""
        return tuple(day.weekday() for day in self.dates)

    @cached_property
    def months(self) -> tuple[str, ...]:
        """Calendar months touched, as YYYY-MM in order."""
        return tuple(dict.fromkeys(f"{day:%Y-%m}" for day in self.dates))

    def slice_of(self, start: dt.date | str | None = None, end: dt.date | str | None = None) -> slice:
        """Return the positions of the days from `start` to `end`, both included; None is open.

        Examples
        --------
        >>> Horizon.month("2026-11").slice_of("2026-11-11", "2026-12-05")
        slice(10, 30, None)
        """
        first = 0 if start is None else (parse_date(start, "start") - self.start).days
        stop = self.days if end is None else (parse_date(end, "end") - self.start).days + 1
        first, stop = min(max(first, 0), self.days), min(max(stop, 0), self.days)
        return slice(first, max(first, stop))

    def covers(self, month: str) -> bool:
        """Return whether every day of the month (YYYY-MM) is inside."""
        first, last = parse_month(month)
        return self.start <= first and last <= self.end

    def index(self, day: dt.date | str) -> int:
        """Return the position of `day`, from 0; a day outside raises."""
        wanted = parse_date(day, "horizon.index")
        if wanted not in self:
            raise EcomsimError("horizon.index", str(wanted), f"a day from {self.start} to {self.end}")
        return (wanted - self.start).days

    def __len__(self) -> int:
        return self.days

    def __iter__(self) -> Iterator[dt.date]:
        return iter(self.dates)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, dt.date) and self.start <= day <= self.end

    def __repr__(self) -> str:
        return f"Horizon('{self.start}', '{self.end}')"
