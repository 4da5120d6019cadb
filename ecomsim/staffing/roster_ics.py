"""A roster as calendar files (iCalendar, RFC 5545), and back."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from ecomsim.checks import EcomsimError, require_name
from ecomsim.staffing.people import RosterTask
from ecomsim.staffing.roster import Roster

__all__ = ["from_ics", "to_ics", "write_calendars"]

_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')


def _library() -> Any:
    try:
        import icalendar
    except ImportError:
        raise EcomsimError(
            "roster", "no icalendar", "the extra 'staffing'", "pip install 'ecomsim[staffing]'"
        ) from None
    return icalendar


def to_ics(roster: Roster, name: str = "", *, timezone: str = "Asia/Shanghai") -> bytes:
    """Return the shifts of one person, or of all where `name` is empty, as an iCalendar file.

    Every shift keeps its identity from version to version, so that a calendar that imports anew replaces it.
    """
    icalendar, task = _library(), roster.task
    names = [person.name for person in task.people]
    chosen = [require_name(name, names, "roster", "person")] if name else names
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//ecomsim//roster//EN")
    calendar.add("version", "2.0")
    zone = ZoneInfo(timezone)
    stamp = dt.datetime.combine(task.days[0], dt.time(), dt.UTC)
    for who in chosen:
        for d, kind in enumerate(roster.table[names.index(who)]):
            if kind < 0:
                continue
            first, last = task.span(int(kind))
            midnight = dt.datetime.combine(task.days[d], dt.time(), zone)
            event = icalendar.Event()
            event.add("summary", f"{task.kinds[kind].name} · {who}")
            event.add("dtstart", midnight + dt.timedelta(minutes=first))
            event.add("dtend", midnight + dt.timedelta(minutes=last))
            event.add("dtstamp", stamp)
            event.add("uid", hashlib.sha256(f"{who}\0{task.days[d]}".encode()).hexdigest()[:24] + "@ecomsim")
            event.add("x-ecomsim-person", who)
            event.add("x-ecomsim-shift", task.kinds[kind].name)
            event.add("x-ecomsim-day", task.days[d].isoformat())
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def write_calendars(roster: Roster, path: Path | str, *, timezone: str = "Asia/Shanghai") -> tuple[Path, ...]:
    """Write one calendar of everybody to a file that ends in .ics, or one for each person into a folder.

    A name that cannot be a file name is written with _ for what is not allowed in one.
    """
    target = Path(path)
    if target.suffix.casefold() == ".ics":
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(to_ics(roster, timezone=timezone))
        return (target,)
    target.mkdir(parents=True, exist_ok=True)
    made: dict[str, Path] = {}
    for person in roster.task.people:
        plain = _UNSAFE.sub("_", person.name).strip(" .")[:60] or "_"
        name, number = plain, 2
        while name.casefold() in made:
            name, number = f"{plain} ({number})", number + 1
        made[name.casefold()] = target / f"{name}.ics"
        made[name.casefold()].write_bytes(to_ics(roster, person.name, timezone=timezone))
    return tuple(made.values())


def from_ics(text: bytes | str, task: RosterTask) -> Roster:
    """Return the roster in an iCalendar file written by `to_ics`; who has no event is off.

    Raises
    ------
    EcomsimError
        For what is no calendar, a person, shift or day the task does not know, two shifts of one person on a day.
    """
    icalendar = _library()
    try:
        calendar = icalendar.Calendar.from_ical(text)
    except (ValueError, IndexError, KeyError) as error:
        raise EcomsimError("calendar file", str(error)[:80], "an iCalendar file", "Export it again") from None
    names, table = (
        [p.name for p in task.people],
        np.full((len(task.people), len(task.days)), -1, dtype=np.int64),
    )
    for number, event in enumerate(calendar.walk("VEVENT"), start=1):
        where = f"event {number}"
        who, shift, day = (str(event.get(f"x-ecomsim-{key}", "")) for key in ("person", "shift", "day"))
        if not who:
            raise EcomsimError(where, "no person in it", "an event of a roster", "Take foreign events out")
        require_name(who, names, where, "person")
        require_name(shift, task.kind_names, where, "shift")
        known = {d.isoformat(): i for i, d in enumerate(task.days)}
        if day not in known:
            raise EcomsimError(where, repr(day), f"a day from {task.days[0]} to {task.days[-1]}", "")
        place = (names.index(who), known[day])
        if table[place] >= 0:
            raise EcomsimError(where, f"a second shift of {who} on {day}", "one shift a day", "Drop one")
        table[place] = task.kind_names.index(shift)
    return Roster(task, table)
