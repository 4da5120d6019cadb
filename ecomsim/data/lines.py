"""Rows of separated text, with their row numbers, and nothing lost to one bad row.

A fast reader takes well-formed text. Where quotes run over line ends it gives way to a careful one, in which
a quote that never closes costs its own row only.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

__all__ = ["Refused", "Table", "physical", "read_body", "read_records"]

_SPAN = 60
"""Lines one quoted cell may run over before its quote is taken for a stray one."""


@dataclass(frozen=True)
class Refused:
    """A row that does not fit its header: number from 1, reason, text."""

    row: int
    reason: str
    text: str


@dataclass(frozen=True, eq=False)
class Table:
    """Text cells in columns 0, 1, ..., the row number of each, and what did not fit."""

    frame: pd.DataFrame
    rows: np.ndarray[Any, Any]
    refused: tuple[Refused, ...] = ()


def physical(text: str) -> list[str]:
    r"""Return the lines of a text with their ends; only ``\n`` parts lines (`str.splitlines` knows more)."""
    return io.StringIO(text, newline="\n").readlines()


def read_records(lines: Sequence[str], mark: str, width: int = 0) -> Iterator[tuple[list[str], int, str]]:
    """Yield (cells, number of lines, text) of each record.

    `width` is the cell count that lines joined by a quote must have; 0 for any.
    """
    at = 0
    while at < len(lines):
        text, used = lines[at], 1
        if text.count('"') % 2:
            for more in range(2, min(_SPAN, len(lines) - at) + 1):
                if lines[at + more - 1].count('"') % 2:
                    joined = "".join(lines[at : at + more])
                    within = lines[at + 1 : at + more - 1]
                    # A whole row between two quotes says that the quotes are strays.
                    whole = width > 1 and any(len(_split(w, mark)) == width for w in within)
                    if not width or (len(_split(joined, mark)) == width and not whole):
                        text, used = joined, more
                    break
        yield _split(text, mark, stray=used == 1 and text.count('"') % 2 == 1), used, text
        at += used


def _split(text: str, mark: str, stray: bool = False) -> list[str]:
    try:
        if stray:
            return next(csv.reader([text.rstrip("\n")], delimiter=mark, quoting=csv.QUOTE_NONE), [])
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    except csv.Error:  # a cell beyond the csv module's size
        return text.rstrip("\n").split(mark)
    return [cell for row in rows for cell in row]


def read_body(text: str, mark: str, header: int, width: int) -> Table:
    """Read what stands below record `header` (from 0) as `width` columns of text."""
    lines = physical(text[: 2**20])
    used = 0
    for number, (_, count, _) in enumerate(read_records(lines, mark)):
        used += count
        if number == header:
            break
    start = sum(map(len, lines[:used]))
    body = text[start:]
    quick = _quick(body, mark, header + 2, width)
    return quick if quick is not None else _careful(body, mark, header + 2, width)


def _quick(body: str, mark: str, first: int, width: int) -> Table | None:
    if not body.strip() or body.count('"') % 2:
        return None
    odd: list[tuple[int, str]] = []

    def skip(row: Any) -> str:
        odd.append((row.number, row.text))
        return "skip"

    names = [str(i) for i in range(width)]
    try:
        table = pacsv.read_csv(
            io.BytesIO(body.encode("utf-8")),
            read_options=pacsv.ReadOptions(column_names=names, use_threads=False, block_size=64 * 2**20),
            parse_options=pacsv.ParseOptions(
                delimiter=mark, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=skip
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False
            ),
        )
    except (pa.ArrowInvalid, UnicodeEncodeError):
        return None
    if any("\n" in text.rstrip("\n") for _, text in odd):
        return None  # a stray quote has swallowed a line
    if '"' in body and any(pc.any(pc.match_substring(c, "\n")).as_py() for c in table.columns):
        return None
    taken = np.ones(table.num_rows + len(odd), dtype=bool)
    taken[[n - 1 for n, _ in odd]] = False
    rows = np.flatnonzero(taken) + first
    table, rows = _without_blanks(table, rows)
    late, late_rows, refused = _fit(((n - 1 + first, _split(t, mark), t) for n, t in odd), width, body)
    frame = pd.DataFrame({i: pd.Series(c.to_pandas(), dtype="str") for i, c in enumerate(table.columns)})
    if late:
        frame = pd.concat([frame, _frame(late, width)], ignore_index=True)
        rows = np.concatenate([rows, late_rows])
        order = np.argsort(rows, kind="stable")
        frame, rows = frame.iloc[order].reset_index(drop=True), rows[order]
    return Table(frame, rows, refused)


def _without_blanks(table: pa.Table, rows: np.ndarray[Any, Any]) -> tuple[pa.Table, np.ndarray[Any, Any]]:
    blank = pc.equal(table.column(0), "")
    if not pc.any(blank).as_py():
        return table, rows
    for column in table.columns[1:]:
        blank = pc.and_(blank, pc.equal(column, ""))
    keep = pc.invert(blank)
    return table.filter(keep), rows[np.asarray(keep.to_numpy(), dtype=bool)]


def _careful(body: str, mark: str, first: int, width: int) -> Table:
    def records() -> Iterator[tuple[int, list[str], str]]:
        for number, (cells, _, text) in enumerate(read_records(physical(body), mark, width)):
            yield number + first, cells, text

    kept, rows, refused = _fit(records(), width, body)
    return Table(_frame(kept, width), rows, refused)


def _fit(
    records: Iterator[tuple[int, list[str], str]], width: int, body: str
) -> tuple[list[list[str]], np.ndarray[Any, Any], tuple[Refused, ...]]:
    """Pad short records, cut empty cells beyond the header, refuse the others and a last row cut off."""
    kept, rows, refused = [], [], []
    for row, cells, text in records:
        if not any(c.strip() for c in cells):
            continue
        if any(c.startswith('"') and not c.endswith('"') for c in cells):
            refused.append(Refused(row, "a quote that is never closed", text.strip()))
        elif any(c.strip() for c in cells[width:]):
            reason = f"{len(cells)} cells where the header has {width}"
            refused.append(Refused(row, reason, text.strip()))
        elif len(cells) < width and not text.endswith("\n") and body.endswith(text):
            refused.append(Refused(row, "the file ends in the middle of this row", text))
        else:
            kept.append(cells[:width] + [""] * (width - len(cells)))
            rows.append(row)
    return kept, np.array(rows, dtype=np.int64), tuple(refused)


def _frame(records: list[list[str]], width: int) -> pd.DataFrame:
    columns = list(zip(*records, strict=True)) if records else [()] * width
    return pd.DataFrame({i: pd.array(list(c), dtype="str") for i, c in enumerate(columns)})
