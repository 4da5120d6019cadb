"""A roster as a workbook people can edit, and back: names down, days across, English or Chinese."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from ecomsim.checks import EcomsimError, nearest, require_name
from ecomsim.data.templates import escape
from ecomsim.staffing.duty import Duty
from ecomsim.staffing.people import Person, RosterTask
from ecomsim.staffing.roster import Roster

__all__ = ["read_people", "read_roster", "roster_bytes", "write_roster"]

_WORDS = {
    "roster": ("Roster", "排班表"),
    "fairness": ("Fairness", "公平性"),
    "shifts": ("Shifts", "班次明细"),
    "name": ("Name", "姓名"),
    "off": ("off", "休"),
    "people": ("People", "人员"),
    "skills": ("Skills", "技能"),
    "days_a_week": ("Days a week", "每周天数"),
    "kinds": ("Shifts allowed", "可上班次"),
    "weekdays": ("Weekdays", "可上星期"),
    "leave": ("Leave", "请假"),
    "wishes_off": ("Wishes off", "希望休息"),
    "days": ("Days", "出勤天数"),
    "target": ("By contract", "应出勤"),
    "weekend_days": ("Weekend days", "周末班"),
    "late_shifts": ("Late shifts", "晚班"),
    "longest_run": ("Longest run", "最长连班"),
    "weekends_off": ("Weekends off", "周末双休"),
    "owed": ("Days owed", "欠休"),
    "wishes_met": ("Wishes met", "愿望满足"),
    "wishes": ("Wishes", "愿望"),
    "day": ("Day", "日期"),
    "shift": ("Shift", "班次"),
    "hours": ("Hours", "时间"),
    "breaks": ("Breaks", "休息"),
}
_OFF = {"", "off", "休", "休息", "-", "—", "/", "none"}
_DATE = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})")
_WEEK = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "zh": ("一", "二", "三", "四", "五", "六", "日"),
}


def _say(key: str, language: str) -> str:
    return _WORDS[key][language == "zh"]


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
    return out.getvalue()


def _grid(book: Any, roster: Roster, language: str) -> None:
    sheet, task = book.add_worksheet(_say("roster", language)), roster.task
    head = book.add_format({"bold": True, "bottom": 1, "align": "center", "text_wrap": True})
    tints = ["#DCE9F7", "#FDF0D5", "#E2D9F3", "#D9F0E3", "#F7DDE2", "#E8E8E8"]
    styles = [
        book.add_format({"align": "center", "bg_color": tints[k % len(tints)]})
        for k in range(len(task.kinds))
    ]
    off = book.add_format({"align": "center", "font_color": "#8A8A8A"})
    sheet.write_string(0, 0, _say("name", language), head)
    for d, day in enumerate(task.days, start=1):
        sheet.write_string(0, d, f"{day.isoformat()}\n{_WEEK[language][day.weekday()]}", head)
    for n, person in enumerate(task.people, start=1):
        sheet.write_string(n, 0, escape(person.name))
        for d, kind in enumerate(roster.table[n - 1], start=1):
            text = escape(task.kinds[kind].name) if kind >= 0 else _say("off", language)
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
    sheet, table = book.add_worksheet(_say("fairness", language)), roster.fairness()
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    for c, column in enumerate(table.columns):
        sheet.write_string(0, c, _say(str(column), language), head)
        for r, value in enumerate(table[column], start=1):
            if isinstance(value, str):
                sheet.write_string(r, c, escape(value))
            else:
                sheet.write_number(r, c, int(value))
    sheet.set_column(0, len(table.columns) - 1, 13)
    sheet.freeze_panes(1, 1)


def _shifts(book: Any, roster: Roster, language: str, duties: Sequence[Duty]) -> None:
    sheet, task = book.add_worksheet(_say("shifts", language)), roster.task
    head = book.add_format({"bold": True, "bottom": 1})
    for c, key in enumerate(("day", "name", "shift", "hours", "breaks")):
        sheet.write_string(0, c, _say(key, language), head)
    for r, duty in enumerate(sorted(duties, key=lambda one: (one.day, one.start_min, one.line)), start=1):
        person = task.people[duty.line].name
        cells = (str(task.days[duty.day]), person, duty.kind.name, duty.hours, duty.pauses)
        for c, text in enumerate(cells):
            sheet.write_string(r, c, escape(text))
    sheet.set_column(0, 3, 14)
    sheet.set_column(4, 4, 50)
    sheet.freeze_panes(1, 0)


def _rows(path: Path | str, sheet_key: str) -> tuple[str, list[list[Any]]]:
    import openpyxl

    name = Path(path).name
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:
        raise EcomsimError(
            name, f"not readable: {type(error).__name__}", "an .xlsx workbook", "Save it anew"
        ) from None
    try:
        wanted = [
            s for s in book.sheetnames if s.strip().casefold() in {w.casefold() for w in _WORDS[sheet_key]}
        ]
        sheet = book[wanted[0]] if wanted else book.worksheets[0]
        return name, [list(row) for row in sheet.iter_rows(values_only=True)]
    finally:
        book.close()


def _text(cell: Any) -> str:
    text = "" if cell is None else str(cell).strip()
    return text[1:] if text[:1] == "'" and text[1:2] in "=+-@" else text


def _day(cell: Any) -> dt.date | None:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    found = _DATE.match(_text(cell))
    try:
        return dt.date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def read_roster(path: Path | str, task: RosterTask) -> Roster:
    """Return the roster in a workbook as `write_roster` writes it, edited or not.

    Everybody of the task and every day must be there once; further columns and rows below a blank name are passed over.

    Raises
    ------
    EcomsimError
        Naming the row and column of a name, day or shift nobody knows, or of one that stands twice or is missing.
    """
    name, rows = _rows(path, "roster")
    if not rows or _text(rows[0][0]).casefold() not in {"name", "姓名"}:
        raise EcomsimError(f"{name} row 1", "no header", "Name or 姓名, then the days", "Keep the first row")
    columns: dict[dt.date, int] = {}
    for c, cell in enumerate(rows[0][1:], start=1):
        day = _day(cell)
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
        who = _text(row[0])
        if not who or who.startswith("Σ"):
            continue
        require_name(who, names, f"{name} row {r}", "person")
        if who in seen:
            raise EcomsimError(f"{name} row {r}", f"{who} a second time", "a row each", "Drop one of them")
        seen.add(who)
        for d, day in enumerate(task.days):
            text = _text(row[columns[day]]) if columns[day] < len(row) else ""
            if text.casefold() in _OFF:
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
        Naming the row and column.
    """
    name, rows = _rows(path, "people")
    keys = ("name", "skills", "days_a_week", "kinds", "weekdays", "leave", "wishes_off")
    known = {word.casefold(): key for key in keys for word in _WORDS[key]}
    header = [known.get(_text(cell).casefold(), "") for cell in rows[0]] if rows else []
    if "name" not in header:
        given = ", ".join(_text(cell) for cell in rows[0][:6]) if rows else "nothing"
        hit = nearest(given.split(",")[0], [_WORDS["name"][0]])
        raise EcomsimError(
            f"{name} row 1", f"no name column in {given[:80]}", "Name or 姓名", f"Rename {hit}" if hit else ""
        )
    made: list[Person] = []
    for r, row in enumerate(rows[1:], start=2):
        cells = {key: row[c] for c, key in enumerate(header) if key and c < len(row)}
        if not _text(cells.get("name")):
            continue
        try:
            made.append(_person(cells))
        except (EcomsimError, ValueError) as error:
            told = (
                error
                if isinstance(error, EcomsimError)
                else EcomsimError("cell", str(error)[:80], "a number")
            )
            raise EcomsimError(
                f"{name} row {r}, {told.where}", told.given, told.allowed, told.remedy
            ) from None
    return tuple(made)


def _person(cells: dict[str, Any]) -> Person:
    def listed(key: str) -> tuple[str, ...]:
        return tuple(t for t in re.split(r"[,，、;；\s]+", _text(cells.get(key))) if t)

    def days(key: str) -> tuple[dt.date, ...]:
        cell = cells.get(key)
        if isinstance(cell, (dt.date, dt.datetime)):
            return (_day(cell),)  # type: ignore[return-value]
        return tuple(_day(text) or text for text in listed(key))  # type: ignore[misc]

    person = Person(
        _text(cells["name"]), listed("skills"), kinds=listed("kinds"),
        weekdays=tuple(int(text) - 1 for text in listed("weekdays")), leave=days("leave"),
        wishes_off=days("wishes_off"),
    )  # fmt: skip
    week = _text(cells.get("days_a_week"))
    return replace(person, days_a_week=float(week)) if week else person
