"""Sheets with days across: the roster as it stands, and the people wanted on every shift."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np

from ecomsim.checks import EcomsimError, nearest, require_name
from ecomsim.staffing.people import Person
from ecomsim.staffing.sheet_words import OFF, as_day, as_text
from ecomsim.staffing.team_book import TeamBook
from ecomsim.staffing.team_sheet import TeamSheet, column_name

__all__ = ["read_cells", "read_demand"]


def _across(sheet: TeamSheet, corner: str) -> dict[int, dt.date]:
    """Return the days of a header, by column; they must follow one another."""
    columns: dict[int, dt.date] = {}
    if not sheet.head((corner,), (corner,)):
        return columns
    for c, cell in enumerate(sheet.rows[0]):
        if c == sheet.columns[corner] or not as_text(cell):
            continue
        place = f"{sheet.book}, sheet '{sheet.title}', row 1, column {column_name(c)}"
        day = as_day(cell)
        told = ""
        if day is None:
            told, remedy = f"'{as_text(cell)}'", "Write the day as YYYY-MM-DD"
        elif day in columns.values():
            told, remedy = f"{day} a second time", "Drop one of the two columns"
        elif columns and (day - max(columns.values())).days != 1:
            told, remedy = f"{day} after {max(columns.values())}", "Put the days in a row, without a gap"
        if told:
            sheet.faults.append(EcomsimError(place, told, "one day after the other", remedy))
        elif day is not None:
            columns[c] = day
    return columns


def read_cells(sheet: TeamSheet, book: TeamBook) -> TeamBook:
    """Return the book with the roster of a sheet: names down, days across."""
    columns = _across(sheet, "name")
    rows, cells = list(sheet.body("name")) if columns else [], {}
    sheet.once(rows, "name")
    names, kinds = [person.name for person in book.people], [kind.name for kind in book.kinds]
    for r in rows:
        who = sheet.text(r, "name")
        if names:
            with sheet.telling(r, "name"):
                require_name(who, names, "name", "person")
        for c, day in columns.items():
            text = as_text(sheet.rows[r][c]) if c < len(sheet.rows[r]) else ""
            kind = "" if text.casefold() in OFF else text
            if kind and kinds and kind not in kinds:
                hit = nearest(kind, kinds)
                sheet.faults.append(EcomsimError(
                    f"{sheet.book}, sheet '{sheet.title}', row {r + 1}, column {column_name(c)} ({day})",
                    f"no such shift '{kind}'", ", ".join([*kinds, "off (休)"]),
                    f"Did you mean '{hit}'?" if hit else "Choose one of the known shifts",
                ))  # fmt: skip
                continue
            cells[who, day] = kind
    here = {sheet.text(r, "name") for r in rows}
    for who in names if rows else ():
        if who not in here:
            sheet.fault(0, "name", f"no row for {who}", "a row for everybody on the sheet of people",
                        "Add the row, or take them out")  # fmt: skip
    people = book.people or tuple(Person(name) for name in dict.fromkeys(sheet.text(r, "name") for r in rows))
    return replace(book, people=people, days=tuple(columns.values()), cells=cells)


def read_demand(sheet: TeamSheet, book: TeamBook) -> TeamBook:
    """Return the book with the people wanted: shifts down, days across."""
    columns = _across(sheet, "shift")
    rows = list(sheet.body("shift")) if columns else []
    sheet.once(rows, "shift")
    names = [kind.name for kind in book.kinds]
    table = np.zeros((len(columns), len(names)), dtype=np.int64)
    for r in rows:
        name = sheet.text(r, "shift")
        with sheet.telling(r, "shift"):
            k = names.index(require_name(name, names, "shift", "shift"))
            for d, c in enumerate(columns):
                cell = as_text(sheet.rows[r][c]) if c < len(sheet.rows[r]) else ""
                if cell and not cell.isdigit():
                    place = f"{sheet.book}, sheet '{sheet.title}', row {r + 1}, column {column_name(c)}"
                    sheet.faults.append(EcomsimError(place, f"'{cell}'", "a whole number of people, 0 or more",
                                                     "Write how many people are wanted"))  # fmt: skip
                table[d, k] = int(cell) if cell.isdigit() else 0
    return replace(book, days=tuple(columns.values()), demand=table)
