"""The bytes of a file as grids of text, one a sheet: encodings, separators, spreadsheets."""

from __future__ import annotations

import codecs
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ecomsim.data.files import Blob, FileError
from ecomsim.data.lines import Refused, Table, physical, read_body, read_records

__all__ = ["HEAD", "Grid", "decode", "grids"]

HEAD = 40
"""Rows looked at for the header."""

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_BIFF = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")  # an .xls without its wrapping
_SEPARATORS = (",", "\t", ";")
_FIT = "a table as .csv (UTF-8, GB18030 or UTF-16), .xlsx or .xls"


@dataclass(frozen=True, eq=False)
class Grid:
    """One sheet before its header is known.

    Attributes
    ----------
    sheet : name of the sheet, empty for a text file
    heads : for each way to read it (separators of a text file), the first rows
    """

    sheet: str
    heads: tuple[list[list[str]], ...]
    text: str = ""
    cells: tuple[tuple[str, ...], ...] = ()

    def body(self, way: int, header: int, width: int) -> Table:
        """Return the rows below row `header` (from 0) of `heads[way]`, `width` columns wide."""
        if self.text:
            return read_body(self.text, _SEPARATORS[way], header, width)
        below = self.cells[header + 1 :]
        numbers = np.arange(header + 2, header + 2 + len(below))
        refused = tuple(
            Refused(int(n), "more cells than the header", " | ".join(row))
            for n, row in zip(numbers, below, strict=True)
            if any(row[width:])
        )
        bad = {r.row for r in refused}
        kept = [(n, row) for n, row in zip(numbers.tolist(), below, strict=True) if n not in bad and any(row)]
        padded = [(*row[:width], *[""] * (width - len(row))) for _, row in kept]
        columns = list(zip(*padded, strict=True)) if padded else [()] * width
        frame = pd.DataFrame({i: pd.array(list(c), dtype="str") for i, c in enumerate(columns)})
        return Table(frame, np.array([n for n, _ in kept], dtype=np.int64), refused)


def grids(blob: Blob) -> list[Grid]:
    """Return the sheets of a file.

    Raises
    ------
    FileError
        When the file is empty, damaged, protected or no table, with the remedy.
    """
    data = blob.data
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise FileError(blob.label, "an empty file", _FIT, "Export it again")
    if data[:4] == b"PK\x03\x04":
        return [_of_rows(name, rows) for name, rows in _xlsx(blob)]
    if data[:8] == _OLE or data[:2] in _BIFF:
        return [_of_rows(name, rows) for name, rows in _xls(blob)]
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")):
        remedy = "Open it in a spreadsheet and save it as .xlsx or .csv"
        raise FileError(blob.label, "a web page or XML under a table's name", _FIT, remedy)
    if head.startswith(
        (b"%pdf", b"\x89png", b"gif8", b"\xff\xd8\xff", b"rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"par1")
    ):
        raise FileError(blob.label, "no table", _FIT, "Export it as .csv or .xlsx")
    text = decode(blob)
    top = physical(text[:400_000])[: HEAD * 3]
    heads = tuple([cells for cells, _ in _head_rows(top, mark)] for mark in _SEPARATORS)
    return [Grid("", heads, text=text)]


def _head_rows(top: list[str], mark: str) -> Iterator[tuple[list[str], int]]:
    for number, (cells, _, _) in enumerate(read_records(top, mark)):
        if number == HEAD:
            return
        yield cells, number


def decode(blob: Blob) -> str:
    r"""Return a text file's text: UTF-8 with or without BOM, UTF-16, GB18030; line ends become ``\n``.

    A few damaged bytes do not make the rest unreadable: they come as U+FFFD and their rows are told later.
    """
    data = blob.data
    if data[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        text = data.decode("utf-16", errors="replace")
    elif data[:4096].count(0) > len(data[:4096]) // 4:
        little = data[1:4096:2].count(0) >= data[0:4096:2].count(0)
        text = data.decode("utf-16-le" if little else "utf-16-be", errors="replace")
    else:
        text = _of_bytes(data)
    odd = sum(text[:4096].count(c) for c in map(chr, range(9)))
    if odd > 8:
        raise FileError(blob.label, "binary data", _FIT, "Export it as .csv or .xlsx")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").removeprefix("\ufeff")


def _of_bytes(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        chinese = data.decode("gb18030")
    except UnicodeDecodeError:
        chinese = data.decode("gb18030", errors="replace")
    western = data.decode("utf-8-sig", errors="replace")
    # Text in GBK breaks UTF-8 at every other byte above 127, a damaged byte only once.
    high = len(data) - len(data.translate(None, bytes(range(128, 256))))
    sure = data.startswith(codecs.BOM_UTF8) or western.count("\ufffd") * 3 < high
    return western if sure else chinese


def _of_rows(name: str, rows: Sequence[tuple[str, ...]]) -> Grid:
    return Grid(name, ([list(r) for r in rows[:HEAD]],), cells=tuple(rows))


def _xlsx(blob: Blob) -> list[tuple[str, list[tuple[str, ...]]]]:
    import openpyxl

    found = []
    try:
        book = openpyxl.load_workbook(io.BytesIO(blob.data), read_only=True, data_only=True)
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            rows = [tuple(_word(v) for v in row) for row in sheet.iter_rows(values_only=True)]
            found.append((str(sheet.title), rows))
        book.close()
    except MemoryError:
        raise
    except Exception as error:  # what openpyxl raises on damaged files is of any type
        raise FileError(
            blob.label, f"not a whole spreadsheet ({error})"[:200], _FIT, "Save it again"
        ) from error
    return [(name, rows) for name, rows in found if any(any(r) for r in rows[:HEAD])]


def _xls(blob: Blob) -> list[tuple[str, list[tuple[str, ...]]]]:
    import xlrd

    if "EncryptedPackage".encode("utf-16-le") in blob.data:
        raise FileError(
            blob.label, "a spreadsheet protected by a password", _FIT, "Save it without the password"
        )
    found = []
    try:
        book = xlrd.open_workbook(file_contents=blob.data, logfile=io.StringIO())
        for sheet in book.sheets():
            rows = []
            for r in range(sheet.nrows):
                kinds, values = sheet.row_types(r), sheet.row_values(r)
                rows.append(tuple(_xls_word(k, v, book.datemode) for k, v in zip(kinds, values, strict=True)))
            found.append((str(sheet.name), rows))
    except MemoryError:
        raise
    except Exception as error:  # xlrd lets struct, index and assertion errors through
        given = (
            "a spreadsheet protected by a password"
            if "ncrypt" in str(error)
            else f"not a whole .xls ({error})"
        )
        raise FileError(
            blob.label, given[:200], _FIT, "Save it again as .xlsx, without a password"
        ) from error
    return [(name, rows) for name, rows in found if any(any(r) for r in rows[:HEAD])]


def _xls_word(kind: int, value: Any, datemode: int) -> str:
    import xlrd

    if kind == xlrd.XL_CELL_DATE:
        if value < 1.0:
            return _word(float(value))
        return _word(xlrd.xldate_as_datetime(value, datemode))
    if kind == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(value, "#N/A"))
    return _word(bool(value) if kind == xlrd.XL_CELL_BOOLEAN else value)


def _word(value: Any) -> str:
    """Return a spreadsheet's value as the text an export would have."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        whole = value.time() == dt.time() and value.tzinfo is None
        return value.strftime("%Y-%m-%d") if whole else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dt.time):
        return value.strftime("%H:%M:%S")
    if isinstance(value, dt.timedelta):
        return f"{value.total_seconds():g}"
    return str(value)
