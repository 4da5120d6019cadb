"""The command that plans and repairs a roster of named people, and carries it in and out as files."""

from __future__ import annotations

import datetime as dt
import re
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ecomsim.calendar import parse_date, parse_month
from ecomsim.checks import EcomsimError, require_name
from ecomsim.cli.rosters_tell import say, tell
from ecomsim.cli.show import console
from ecomsim.cli.staffing import Desk, store_of

if TYPE_CHECKING:
    from ecomsim.staffing.month import StaffedRoster
    from ecomsim.staffing.roster import Roster
    from ecomsim.staffing.team_book import TeamBook

__all__ = ["RosterFiles", "parse_leave", "staff_named"]

_LEAVE = re.compile(r"(.+?)[:：]\s*(\d{4}-\d{1,2}-\d{1,2})(?:\s*(?:\.\.|~|至)\s*(\d{4}-\d{1,2}-\d{1,2}))?\s*")
_LONGEST_DAYS = 92


@dataclass(frozen=True)
class RosterFiles:
    """Files the command reads and writes."""

    team: Path | None
    after: Path | None
    published: Path | None
    leave: tuple[str, ...]
    out: Path | None
    ics: Path | None
    template: Path | None
    people: int

    @property
    def asked(self) -> bool:
        """Whether any of them asks for a roster of named people."""
        return bool(
            self.team
            or self.after
            or self.published
            or self.leave
            or self.out
            or self.ics
            or self.template
            or self.people
        )


def parse_leave(text: str) -> tuple[str, tuple[dt.date, ...]]:
    """Return who is away on which days, from Name:2026-11-12 or Name:2026-11-12..2026-11-14.

    Examples
    --------
    >>> who, days = parse_leave("Li:2026-11-12..2026-11-13")
    >>> who, len(days)
    ('Li', 2)
    """
    found = _LEAVE.fullmatch(text)
    if not found:
        raise EcomsimError(
            "--leave", repr(text)[:60], "Name:2026-11-12 or Name:2026-11-12..2026-11-14", "Write it so"
        )
    first = parse_date(found[2], "--leave")
    last = parse_date(found[3], "--leave") if found[3] else first
    if not 0 <= (last - first).days <= _LONGEST_DAYS:
        raise EcomsimError(
            "--leave",
            f"{first} to {last}",
            f"at most {_LONGEST_DAYS} days, the last after the first",
            "Swap the two days",
        )
    return found[1].strip(), tuple(first + dt.timedelta(days=i) for i in range((last - first).days + 1))


def staff_named(workbook: Path | None, desk: Desk, files: RosterFiles) -> None:
    """Write a template, repair a published roster, or plan one; print it and write its files."""
    from ecomsim.staffing.team_read import read_team
    from ecomsim.staffing.team_write import team_template

    hours, promise = desk.hours(), desk.promise()
    if files.out is not None and files.out.suffix.casefold() != ".xlsx":
        raise EcomsimError(
            "--out", files.out.name, "a file that ends in .xlsx", f"Write {files.out.stem}.xlsx"
        )
    if files.template is not None:
        files.template.parent.mkdir(parents=True, exist_ok=True)
        files.template.write_bytes(team_template(language=desk.language, window=hours))
        console().print(say("wrote", desk.language, path=files.template), markup=False)
        return
    away = [parse_leave(text) for text in files.leave]
    published = read_team(files.published) if files.published else None
    if away and published is None:
        raise EcomsimError(
            "--leave", "no published roster", "--published ROSTER.xlsx", "Name the roster to repair"
        )
    if published is not None and (away or not (desk.month or desk.week)):
        _repair(workbook, desk, files, published, away)
        return
    if desk.month and desk.week:
        raise EcomsimError("--month", "a week beside it", "a month or a week", "Leave one out")
    if desk.month:
        first, last = parse_month(desk.month, "--month")
        team = _team(files, first, last)
        store = store_of(workbook)
    else:
        store = store_of(workbook)
        first = desk.monday(store)
        last = first + dt.timedelta(days=6)
        team = _team(files, first, last)
    from ecomsim.staffing.month import staff_roster

    old = published.roster() if published is not None else None
    found = staff_roster(
        store, first, last, promise, team=team, people=files.people, published=old, window=hours,
        slot_minutes=desk.slot_minutes, shrinkage=desk.shrinkage, method=desk.method(),
        replications=desk.replications, seed=desk.seed,
    )  # fmt: skip
    tell(desk, found.roster, found, old)
    _write(files, desk, found.roster, found)


def _team(files: RosterFiles, first: dt.date, last: dt.date) -> TeamBook | None:
    from ecomsim.staffing.team_read import read_team

    if files.team is None:
        if files.after is not None:
            raise EcomsimError("--after", "no team", "--team TEAM.xlsx", "Say who there is")
        return None
    team = replace(read_team(files.team, month=(first, last)), cells={}, demand=None)
    if files.after is None:
        return team
    former = read_team(files.after)
    if not former.days or (first - former.days[-1]).days != 1:
        end = former.days[-1] if former.days else "no day"
        raise EcomsimError(
            f"--after {files.after.name}", f"a roster to {end}", f"one to {first - dt.timedelta(days=1)}",
            "Take the roster of the days just before",
        )  # fmt: skip
    return team.after(former)


def _repair(
    workbook: Path | None,
    desk: Desk,
    files: RosterFiles,
    book: TeamBook,
    away: list[tuple[str, tuple[dt.date, ...]]],
) -> None:
    from ecomsim.staffing.roster import repair

    old = book.roster()
    names = [person.name for person in old.task.people]
    for who, days in away:
        require_name(who, names, "--leave", "person")
        outside = [day for day in days if day not in old.task.days]
        if outside:
            span = f"days from {old.task.days[0]} to {old.task.days[-1]}"
            raise EcomsimError(f"leave of {who}", str(outside[0]), span, "Take the roster that day is in")
    begin, new = time.perf_counter(), old
    for who, days in away:
        new = repair(new, who, days)
    seconds = time.perf_counter() - begin
    found = None
    if workbook is not None:
        from ecomsim.staffing.month import finish
        from ecomsim.staffing.week import size_days

        sized = size_days(
            store_of(workbook), old.task.days[0], old.task.days[-1], desk.promise(), window=desk.hours(),
            slot_minutes=desk.slot_minutes, shrinkage=desk.shrinkage, method=desk.method(),
            replications=desk.replications, seed=desk.seed, where="month",
        )  # fmt: skip
        found = finish(sized, new, desk.promise(), desk.replications, desk.seed)
    tell(desk, new, found, old, {who for who, _ in away}, seconds)
    _write(files, desk, new, found)


def _write(files: RosterFiles, desk: Desk, roster: Roster, found: StaffedRoster | None) -> None:
    from ecomsim.staffing.roster_excel import write_roster
    from ecomsim.staffing.roster_ics import write_calendars

    screen = console(stderr=desk.as_json)
    if files.out is not None:
        path = write_roster(roster, files.out, language=desk.language, duties=found.duties if found else ())
        screen.print(say("wrote", desk.language, path=path), markup=False)
    if files.ics is not None:
        made = write_calendars(roster, files.ics)
        key = "wrote" if made[0] == files.ics else "wrote_many"
        screen.print(say(key, desk.language, path=files.ics, count=len(made)), markup=False)
