"""Who there is, and the rules of a roster."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ecomsim.calendar import events, parse_date
from ecomsim.checks import EcomsimError, require_name, require_number
from ecomsim.staffing.kinds import ShiftKind
from ecomsim.staffing.need import Agents, people
from ecomsim.staffing.window import minutes_of

__all__ = ["Person", "RosterTask", "Rules", "all_hands"]

WEEKEND = (5, 6)
_NAMED = {"618": (6, 18), "double11": (11, 11), "double12": (12, 12)}  # the day in the event's name
_COUNTS = ("run_before", "weekend_days_before", "late_before")


@dataclass(frozen=True)
class Person:
    """One agent.

    Parameters
    ----------
    name : as the roster shows it; stays in the user's own file
    skills : what they can do
    days_a_week : contract
    kinds : names of the shifts they may work, empty for all
    weekdays : days they are available, Monday 0; empty for all
    leave : days they are away for certain
    wishes_off : days they would like off
    run_before : days worked in a row up to the day before the roster
    last_kind : shift worked on the day before the roster
    weekend_days_before, late_before : carried from former months, so that fairness holds over months

    Examples
    --------
    >>> Person("Agent 01", skills=("presale",), leave=("2026-11-12",)).leave
    (datetime.date(2026, 11, 12),)
    """

    name: str
    skills: tuple[str, ...] = ()
    days_a_week: float = 5
    kinds: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    leave: tuple[dt.date, ...] = ()
    wishes_off: tuple[dt.date, ...] = ()
    run_before: int = 0
    last_kind: str = ""
    weekend_days_before: int = 0
    late_before: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.strip():
            raise EcomsimError("person.name", repr(self.name)[:40], "a name", "Name everybody")
        where = f"person '{self.name}'"
        require_number(self.days_a_week, f"{where}.days_a_week", low=0, high=7, unit="days")
        for name in ("leave", "wishes_off"):
            days = tuple(parse_date(day, f"{where}.{name}") for day in getattr(self, name))
            object.__setattr__(self, name, days)
        for name in ("skills", "kinds", "weekdays"):
            given = getattr(self, name)
            if isinstance(given, str):
                raise EcomsimError(f"{where}.{name}", repr(given), "a list", f"Write ({given!r},)")
            object.__setattr__(self, name, tuple(given))
        for day in self.weekdays:
            if day not in range(7):
                raise EcomsimError(f"{where}.weekdays", repr(day), "weekdays from Monday 0 to Sunday 6")
        for name in _COUNTS:
            require_number(getattr(self, name), f"{where}.{name}", low=0)


@dataclass(frozen=True)
class Rules:
    """What a roster must keep, and what it should.

    Parameters
    ----------
    longest_run : most days worked in a row
    rest_hours : least hours between two shifts; a late shift and the early one after it break it
    weekends_off : Saturdays with their Sunday off in every four weeks, at least
    late_after : a shift ending after HH:MM is late, for fairness
    single_days_off : whether single days off are fine; else they are avoided
    all_hands : days on which everybody works who is not on leave
    compensate_days : all-hands days are given back as days off within so many days; what the roster has no room for
        is owed
    """

    longest_run: int = 6
    rest_hours: float = 11
    weekends_off: int = 1
    late_after: str = "22:00"
    single_days_off: bool = True
    all_hands: tuple[dt.date, ...] = ()
    compensate_days: int = 14

    def __post_init__(self) -> None:
        require_number(self.longest_run, "rules.longest_run", low=1, high=14, unit="days")
        require_number(self.rest_hours, "rules.rest_hours", low=0, high=24, unit="hours")
        require_number(self.weekends_off, "rules.weekends_off", low=0, high=4, unit="weekends")
        require_number(self.compensate_days, "rules.compensate_days", low=1, high=90, unit="days")
        minutes_of(self.late_after, "rules.late_after")
        object.__setattr__(self, "all_hands", tuple(parse_date(d, "rules.all_hands") for d in self.all_hands))


def all_hands(
    start: dt.date | str, end: dt.date | str, families: Sequence[str] = ("double11", "spring_festival")
) -> tuple[dt.date, ...]:
    """Return the main days of these events from `start` to `end`; lunar festivals by their lunar date.

    Examples
    --------
    >>> all_hands("2027-02-01", "2027-02-28")
    (datetime.date(2027, 2, 6),)
    """
    first, last = parse_date(start, "start"), parse_date(end, "end")
    found = {p for e in events(first, last) if e.family in families for p in e.peaks}
    for year in range(first.year, last.year + 1):
        found |= {dt.date(year, *_NAMED[family]) for family in families if family in _NAMED}
    return tuple(sorted(day for day in found if first <= day <= last))


@dataclass(frozen=True, eq=False)
class RosterTask:
    """What a roster has to achieve.

    Parameters
    ----------
    days : consecutive days
    kinds : shifts, each with one start (first_start)
    demand : (days, kinds) people wanted on every shift
    people : everybody
    rules : what must be kept
    skilled : {skill: (days, kinds) people among them who have it}
    fixed : {(name, day): kind name, or '' for off}, set by hand

    Raises
    ------
    EcomsimError
        For two people of one name, a shift, skill or name nobody knows, a cell set against leave; each named.
    """

    days: tuple[dt.date, ...]
    kinds: tuple[ShiftKind, ...]
    demand: Agents
    people: tuple[Person, ...]
    rules: Rules = field(default_factory=Rules)
    skilled: Mapping[str, Agents] = field(default_factory=dict)
    fixed: Mapping[tuple[str, dt.date], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        days = tuple(parse_date(day, f"days[{i}]") for i, day in enumerate(self.days))
        if not days or any((b - a).days != 1 for a, b in itertools.pairwise(days)):
            raise EcomsimError("roster.days", f"{len(days)} days", "consecutive days", "Leave no gap")
        object.__setattr__(self, "days", days)
        object.__setattr__(self, "kinds", tuple(self.kinds))
        object.__setattr__(self, "people", tuple(self.people))
        shape = (len(days), len(self.kinds))
        for kind in self.kinds:
            if kind.first_start is None:
                raise EcomsimError(f"shift '{kind.name}'", "no start", "one start", "Set first_start")
        if not self.people:
            raise EcomsimError("roster.people", "nobody", "at least one person", "Add somebody")
        object.__setattr__(self, "demand", people(self.demand, "roster.demand", shape))
        skills = sorted({skill for person in self.people for skill in person.skills})
        for skill, wanted in self.skilled.items():
            require_name(skill, skills, "roster.skilled", "skill")
            self._adopt_skill(skill, wanted, shape)
        _unique([person.name for person in self.people], "person")
        _unique([kind.name for kind in self.kinds], "shift")
        self._check_people()

    def _adopt_skill(self, skill: str, wanted: ArrayLike, shape: tuple[int, int]) -> None:
        table = people(wanted, f"roster.skilled['{skill}']", shape)
        object.__setattr__(self, "skilled", {**self.skilled, skill: table})

    def _check_people(self) -> None:
        names, known = self.kind_names, {person.name: person for person in self.people}
        for person in self.people:
            for name in (*person.kinds, *([person.last_kind] if person.last_kind else [])):
                require_name(name, names, f"person '{person.name}'.kinds", "shift")
        for (name, day), kind in self.fixed.items():
            require_name(name, list(known), "roster.fixed", "person")
            if kind:
                require_name(kind, names, f"roster.fixed[{name}, {day}]", "shift")
            if day not in self.days:
                raise EcomsimError(
                    f"roster.fixed[{name}]", str(day), f"a day from {self.days[0]} to {self.days[-1]}"
                )
            if kind and not self.may(known[name], self.days.index(day), names.index(kind)):
                why = "on leave" if day in known[name].leave else "not available for it"
                raise EcomsimError(
                    f"roster.fixed[{name}, {day}]", f"{kind}, while {name} is {why}", "a shift they may work",
                    "Take back the leave or choose somebody else",
                )  # fmt: skip

    @property
    def kind_names(self) -> list[str]:
        """Names of the shifts."""
        return [kind.name for kind in self.kinds]

    def may(self, person: Person, day: int, kind: int) -> bool:
        """Whether leave, weekday and contract let a person work a shift on a day."""
        date = self.days[day]
        return (
            date not in person.leave
            and (not person.weekdays or date.weekday() in person.weekdays)
            and (not person.kinds or self.kinds[kind].name in person.kinds)
        )

    def free(self, person: Person, day: int) -> bool:
        """Whether a person may work at all on a day."""
        return any(self.may(person, day, k) for k in range(len(self.kinds)))

    def target(self, person: Person) -> int:
        """Days to work: the contract's share of the days not on leave, rounded; never more than they may."""
        leave = len(set(person.leave) & set(self.days))
        wanted = round(person.days_a_week * (len(self.days) - leave) / 7)
        return min(wanted, sum(self.free(person, d) for d in range(len(self.days))))

    def span(self, kind: int) -> tuple[int, int]:
        """First and last minute of a shift after midnight."""
        start = minutes_of(self.kinds[kind].first_start)
        return start, start + self.kinds[kind].minutes

    def too_close(self, before: int, after: int) -> bool:
        """Whether shift `after` on the next day leaves less rest than the rules ask."""
        rest = self.span(after)[0] + 24 * 60 - self.span(before)[1]
        return rest < self.rules.rest_hours * 60

    def late(self, kind: int) -> bool:
        """Whether a shift ends late."""
        return self.span(kind)[1] > minutes_of(self.rules.late_after)

    @property
    def weekends(self) -> list[tuple[int, int]]:
        """Positions of every Saturday with its Sunday."""
        return [(d, d + 1) for d, day in enumerate(self.days[:-1]) if day.weekday() == WEEKEND[0]]

    @property
    def weekend_days(self) -> list[int]:
        """Positions of Saturdays and Sundays."""
        return [d for d, day in enumerate(self.days) if day.weekday() in WEEKEND]

    @property
    def must(self) -> list[int]:
        """Positions of all-hands days."""
        return [d for d, day in enumerate(self.days) if day in self.rules.all_hands]

    @property
    def groups(self) -> list[list[int]]:
        """People whose weekends and late shifts are compared: same contract, same shifts, same weekdays."""
        found: dict[Any, list[int]] = {}
        for n, person in enumerate(self.people):
            found.setdefault((person.days_a_week, person.kinds, person.weekdays), []).append(n)
        return list(found.values())

    def long_away(self, person: Person) -> bool:
        """Whether leave is so long that a fair share cannot be asked of them."""
        return len(set(person.leave) & set(self.days)) > max(2, len(self.days) // 7)

    def as_array(self, table: ArrayLike) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Return a table of kind numbers, (people, days), -1 for off, checked for its shape."""
        cells = np.asarray(table, dtype=np.int64)
        shape = (len(self.people), len(self.days))
        if cells.shape != shape or cells.min() < -1 or cells.max() >= len(self.kinds):
            raise EcomsimError(
                "roster.table", f"shape {cells.shape}", f"{shape} of shift numbers, -1 for off"
            )
        return cells


def _unique(names: Iterable[str], kind: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise EcomsimError(f"roster.{kind}s", f"two {kind}s named '{name}'", "a name each", "Rename one")
        seen.add(name)
