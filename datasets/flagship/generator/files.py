"""Writers whose bytes depend on the content alone: no clock, no file order, fixed archive dates."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

Row = Sequence[object]
_WHEN = (2026, 11, 1, 0, 0, 0)


def thousands(value: float, decimals: int = 0) -> str:
    """1,234.50"""
    return f"{value:,.{decimals}f}"


def percent(value: float, decimals: int = 2) -> str:
    """4.32% (or - where it is not a number)"""
    return "-" if value != value or abs(value) == float("inf") else f"{100 * value:.{decimals}f}%"


def ratio(a: float, b: float) -> float:
    """a / b, NaN when b is 0."""
    return a / b if b else float("nan")


def duration(seconds: float) -> str:
    """2分30秒"""
    whole = round(seconds)
    return f"{whole // 60}分{whole % 60}秒" if whole >= 60 else f"{whole}秒"


def csv_bytes(rows: Sequence[Row], encoding: str = "utf-8") -> bytes:
    """Rows as CSV; numbers as written by str, blanks for None."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([["" if c is None else c for c in row] for row in rows])
    return text.getvalue().encode(encoding)


def write_csv(path: Path, rows: Sequence[Row], encoding: str = "utf-8") -> None:
    """Write a CSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(csv_bytes(rows, encoding))


def write_zip(path: Path, members: dict[str, bytes]) -> None:
    """Write an archive with fixed dates."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, _WHEN)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(info, members[name], compresslevel=9)


def write_xlsx(path: Path, rows: Sequence[Row], sheet: str = "Sheet1") -> None:
    """Write a workbook of one sheet; texts stay texts."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        book.set_properties({"created": dt.datetime(*_WHEN)})
        page = book.add_worksheet(sheet)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if cell is not None:
                    page.write(r, c, cell)
