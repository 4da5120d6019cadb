"""A roster as a workbook people can edit, and back: names down, days across, English or Chinese."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from ecomsim.checks import EcomsimError, require_name
from ecomsim.data.templates import escape
from ecomsim.staffing.duty import Duty
from ecomsim.staffing.people import Person, RosterTask
from ecomsim.staffing.roster import Roster
from ecomsim.staffing.sheet_words import OFF, WEEK, WORDS, as_day, as_text, open_book, say
from ecomsim.staffing.team_read import read_team
from ecomsim.staffing.team_write import team_sheets

__all__ = ["read_people", "read_roster", "roster_bytes", "write_roster"]


def write_roster(
    roster: Roster, path: Path | str, *, language: str = "en", duties: Sequence[Duty] = ()
) -> Path:
    """Write the roster, its fairness and, where given, everybody's breaks; return the path.

    Cells that would start a formula are written as text; names stay in this file and nowhere else.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(roster_bytes(roster, language=language, duties=duties))
    return target


def roster_bytes(roster: Roster, *, language: str = "en", duties: Sequence[Duty] = ()) -> bytes:
    """Return the workbook as bytes, for a download."""
    import xlsxwriter

    require_name(language, ["en", "zh"], "language", "language")
    out = BytesIO()
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
    }
    with xlsxwriter.Workbook(out, options) as book:
        _grid(book, roster, language)
        _fairness(book, roster, language)
        if duties:
            _shifts(book, roster, language, duties)
        team_sheets(book, roster.task, language)
    return out.getvalue()


def _grid(book: Any, roster: Roster, language: str) -> None:
    sheet, task = book.add_worksheet(say("roster", language)), roster.task
    head = book.add_format({"bold": True, "bottom": 1, "align": "center", "text_wrap": True})
    tints = ["#DCE9F7", "#FDF0D5", "#E2D9F3", "#D9F0E3", "#F7DDE2", "#E8E8E8"]
    styles = [
        book.add_format({"align": "center", "bg_color": tints[k % len(tints)]})
        for k in range(len(task.kinds))
    ]
    off = book.add_format({"align": "center", "font_color": "#8A8A8A"})
    sheet.write_string(0, 0, say("name", language), head)
    for d, day in enumerate(task.days, start=1):
        sheet.write_string(0, d, f"{day.isoformat()}\n{WEEK[language][day.weekday()]}", head)
    for n, person in enumerate(task.people, start=1):
        sheet.write_string(n, 0, escape(person.name))
        for d, kind in enumerate(roster.table[n - 1], start=1):
            text = escape(task.kinds[kind].name) if kind >= 0 else say("off", language)
            sheet.write_string(n, d, text, styles[kind] if kind >= 0 else off)
    last = len(task.people) + 1
    for k, kind in enumerate(task.kinds):
        sheet.write_string(last + 1 + k, 0, f"Σ {kind.name}", head)
        for d in range(len(task.days)):
            sheet.write_number(last + 1 + k, d + 1, int((roster.table[:, d] == k).sum()))
    sheet.set_row(0, 32)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, len(task.days), 11)
    sheet.freeze_panes(1, 1)


def _fairness(book: Any, roster: Roster, language: str) -> None:
    sheet, table = book.add_worksheet(say("fairness", language)), roster.fairness()
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    for c, column in enumerate(table.columns):
        sheet.write_string(0, c, say(str(column), language), head)
        for r, value in enumerate(table[column], start=1):
            if isinstance(value, str):
                sheet.write_string(r, c, escape(value))
            else:
                sheet.write_number(r, c, int(value))
    sheet.set_column(0, len(table.columns) - 1, 13)
    sheet.freeze_panes(1, 1)


def _shifts(book: Any, roster: Roster, language: str, duties: Sequence[Duty]) -> None:
    sheet, task = book.add_worksheet(say("shifts", language)), roster.task
    head = book.add_format({"bold": True, "bottom": 1})
    for c, key in enumerate(("day", "name", "shift", "hours", "breaks")):
        sheet.write_string(0, c, say(key, language), head)
    for r, duty in enumerate(sorted(duties, key=lambda one: (one.day, one.start_min, one.line)), start=1):
        person = task.people[duty.line].name
        cells = (str(task.days[duty.day]), person, duty.kind.name, duty.hours, duty.pauses)
        for c, text in enumerate(cells):
            sheet.write_string(r, c, escape(text))
    sheet.set_column(0, 3, 14)
    sheet.set_column(4, 4, 50)
    sheet.freeze_panes(1, 0)


def _rows(path: Path | str, sheet_key: str) -> tuple[str, list[list[Any]]]:
    name = Path(path).name
    book = open_book(path, name)
    wanted = {word.casefold() for word in WORDS[sheet_key]}
    found = next((title for title in book if title.strip().casefold() in wanted), next(iter(book)))
    return name, book[found]


def read_roster(path: Path | str, task: RosterTask) -> Roster:
    """Return the roster in a workbook as `write_roster` writes it, edited or not.

    Everybody of the task and every day must be there once; further columns and rows below a blank name are passed over.

    Raises
    ------
    EcomsimError
        Naming the row and column of a name, day or shift nobody knows, or of one that stands twice or is missing.
    """
    name, rows = _rows(path, "roster")
    if not rows or as_text(rows[0][0]).casefold() not in {"name", "姓名"}:
        raise EcomsimError(f"{name} row 1", "no header", "Name or 姓名, then the days", "Keep the first row")
    columns: dict[dt.date, int] = {}
    for c, cell in enumerate(rows[0][1:], start=1):
        day = as_day(cell)
        if day in columns:
            raise EcomsimError(f"{name} column {c + 1}", f"{day} a second time", "each day once", "Drop one")
        if day in task.days and day is not None:
            columns[day] = c
    absent = [str(day) for day in task.days if day not in columns]
    if absent:
        raise EcomsimError(f"{name} row 1", f"no column for {absent[0]}", "every day of the roster", "Add it")
    table = np.full((len(task.people), len(task.days)), -1, dtype=np.int64)
    names, kinds, seen = [p.name for p in task.people], task.kind_names, set[str]()
    for r, row in enumerate(rows[1:], start=2):
        who = as_text(row[0])
        if not who or who.startswith("Σ"):
            continue
        require_name(who, names, f"{name} row {r}", "person")
        if who in seen:
            raise EcomsimError(f"{name} row {r}", f"{who} a second time", "a row each", "Drop one of them")
        seen.add(who)
        for d, day in enumerate(task.days):
            text = as_text(row[columns[day]]) if columns[day] < len(row) else ""
            if text.casefold() in OFF:
                continue
            require_name(text, kinds, f"{name} row {r}, {day}", "shift")
            table[names.index(who), d] = kinds.index(text)
    for who in names:
        if who not in seen:
            raise EcomsimError(
                name, f"no row for {who}", "a row for everybody", "Add the row, or take them out"
            )
    return Roster(task, table)


def read_people(path: Path | str) -> tuple[Person, ...]:
    """Return the people listed in a workbook: a row each, headers in English or Chinese.

    Columns: Name (姓名), Skills (技能), Days a week (每周天数), Shifts allowed (可上班次), Weekdays (可上星期, 1 is
    Monday), Leave (请假), Wishes off (希望休息). Lists are parted by commas, blanks or 、; only the name is required.

    Raises
    ------
    EcomsimError
        Naming sheet, row and column of every fault.
    """
    return read_team(path).people
