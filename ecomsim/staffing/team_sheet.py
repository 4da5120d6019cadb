"""One sheet of a team's workbook: cells by the keys of its header; every fault is noted with sheet, row and column."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ecomsim.checks import EcomsimError, nearest, require_number
from ecomsim.staffing.sheet_words import WORDS, as_day, as_text

__all__ = ["TeamSheet", "column_name"]

_LISTS = re.compile(r"[,，、;；\s]+")


def column_name(c: int) -> str:
    """Return the letter of a column, from 0.

    Examples
    --------
    >>> column_name(0), column_name(27)
    ('A', 'AB')
    """
    text = ""
    c += 1
    while c:
        c, rest = divmod(c - 1, 26)
        text = chr(65 + rest) + text
    return text


@dataclass
class TeamSheet:
    """Rows of a sheet by the keys of its header, and the place of every cell."""

    book: str
    title: str
    rows: list[list[Any]]
    faults: list[EcomsimError]
    columns: dict[str, int] = field(default_factory=dict)

    def place(self, r: int, key: str = "") -> str:
        """Return where a cell stands, in words."""
        where = f"{self.book}, sheet '{self.title}', row {r + 1}"
        c = self.columns.get(key)
        return where if c is None else f"{where}, column {column_name(c)} ({as_text(self.rows[0][c])})"

    def head(self, keys: tuple[str, ...], needed: tuple[str, ...]) -> bool:
        """Read the header; return whether every needed column is there."""
        known = {word.casefold(): key for key in keys for word in WORDS[key]}
        cells = [as_text(cell) for cell in self.rows[0]] if self.rows else []
        for c, text in enumerate(cells):
            key = known.get(text.casefold(), "")
            if key in self.columns:
                self.fault(0, key, f"'{text}' a second time", "each column once", "Drop one of the two")
            elif key:
                self.columns[key] = c
        for key in needed:
            if key not in self.columns:
                words = " / ".join(WORDS[key])
                hit = nearest(WORDS[key][0], cells)
                remedy = (
                    f"Rename '{hit}' to '{WORDS[key][0]}'"
                    if hit
                    else "Add the column, or start from the template"
                )
                self.fault(0, "", f"no column {words}", words, remedy)
        return all(key in self.columns for key in needed)

    def fault(self, r: int, key: str, given: str, allowed: str, remedy: str) -> None:
        """Note a fault of a cell."""
        self.faults.append(EcomsimError(self.place(r, key), given, allowed, remedy))

    @contextmanager
    def telling(self, r: int, key: str) -> Iterator[None]:
        """Turn a fault of what a cell is used for into one of the cell."""
        try:
            yield
        except EcomsimError as error:
            self.fault(r, key, error.given, error.allowed, error.remedy)

    def body(self, key: str) -> Iterator[int]:
        """Rows that are not blank; a row with something in it but nothing under `key` is a fault."""
        for r, row in enumerate(self.rows[1:], start=1):
            if as_text(row[0]).startswith(("#", "Σ")) or all(as_text(cell) == "" for cell in row):
                continue
            if self.text(r, key) == "":
                self.fault(r, key, "an empty cell", WORDS[key][0], "Fill it in, or clear the row")
                continue
            yield r

    def cell(self, r: int, key: str) -> Any:
        """Return a cell as it is; None where the column or the cell is missing."""
        c = self.columns.get(key)
        return self.rows[r][c] if c is not None and c < len(self.rows[r]) else None

    def text(self, r: int, key: str) -> str:
        """Return a cell as text."""
        return as_text(self.cell(r, key))

    def listed(self, r: int, key: str) -> tuple[str, ...]:
        """Return a cell as a list."""
        return tuple(text for text in _LISTS.split(self.text(r, key)) if text)

    def number(
        self, r: int, key: str, default: float, low: float = 0, high: float = 1e6, whole: bool = True
    ) -> float:
        """Return a cell as a number; a fault is noted and the default taken."""
        text = self.text(r, key)
        if not text:
            return default
        remedy = "Write a plain number"
        with self.telling(r, key):
            try:
                value = float(text)
            except ValueError:
                raise EcomsimError(key, f"'{text}'", f"a number from {low:g} to {high:g}", remedy) from None
            value = require_number(value, key, low=low, high=high, remedy=remedy)
            if whole and value != int(value):
                raise EcomsimError(key, f"{value:g}", "a whole number", f"Write {round(value)}")
            return value
        return default

    def day(self, r: int, key: str, default: dt.date | None = None) -> dt.date | None:
        """Return a cell as a day; a fault is noted."""
        text = self.text(r, key)
        if not text:
            if default is None:
                self.fault(r, key, "an empty cell", "a day such as 2026-11-09", "Fill in the day")
            return default
        found = as_day(self.cell(r, key))
        if found is None:
            self.fault(r, key, f"'{text}'", "a day such as 2026-11-09", "Write the day as YYYY-MM-DD")
        return found

    def days(self, r: int, key: str) -> tuple[dt.date, ...]:
        """Return a cell as a list of days; a fault is noted."""
        if as_day(self.cell(r, key)) and not isinstance(self.cell(r, key), str):
            return (as_day(self.cell(r, key)),)  # type: ignore[return-value]
        found = []
        for text in self.listed(r, key):
            day = as_day(text)
            if day is None:
                self.fault(r, key, f"'{text}'", "days such as 2026-11-09", "Write the day as YYYY-MM-DD")
            else:
                found.append(day)
        return tuple(found)

    def once(self, rows: list[int], key: str) -> None:
        """Note every text of a column that stands twice."""
        seen: dict[str, int] = {}
        for r in rows:
            text = self.text(r, key)
            if text in seen:
                told = f"'{text}', which stands in row {seen[text] + 1} already"
                self.fault(r, key, told, "each once", "Drop one of the two rows, or rename one")
            seen.setdefault(text, r)
