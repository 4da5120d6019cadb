"""Reading a set of inputs into checked pieces, each with the file and rows it came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ecomsim.checks import EcomsimError
from ecomsim.data.files import Blob, FileError, find_inputs, is_table_name, unpack
from ecomsim.data.grid import Grid, grids
from ecomsim.data.merge import ORIGIN, add_up
from ecomsim.data.recognise import Catalogue, Header, guess_header, take
from ecomsim.data.source import Note, Piece, Source
from ecomsim.data.tables import TABLES
from ecomsim.data.validate import Checked, check

__all__ = ["READER", "Bad", "Progress", "Reading", "SheetRead", "read_inputs", "read_package"]

READER = 1
"""Version of the readers: files read by an older one are read again."""

Progress = Callable[[int, int, str], None]
"""Told (done, total, label) after each input."""


@dataclass(frozen=True)
class Bad:
    """A row set aside: file, row, table, column, value, reason, remedy."""

    file: str
    row: int
    table: str
    column: str
    value: str
    reason: str
    remedy: str


@dataclass(frozen=True, eq=False)
class SheetRead:
    """What became of one sheet, or of a file that has none.

    Attributes
    ----------
    file, digest, modified : which file (with the sheet's name), its content, when it was written
    status : ``read``, ``refused``, ``ignored`` or ``unchanged``
    source : format
    frames : (table, rows with `ORIGIN` but for the file's number)
    rows, good : rows of the sheet, rows that got into some table
    first_day, last_day : days covered, None without dates
    """

    file: str
    digest: str
    modified: dt.datetime
    status: str
    source: str = ""
    priority: int = 0
    frames: tuple[tuple[str, pd.DataFrame], ...] = ()
    rows: int = 0
    good: int = 0
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    why: str = ""
    remedy: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    bad: tuple[Bad, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, eq=False)
class Reading:
    """All sheets in the order they were read, and unknown files for which a mapping can be proposed."""

    sheets: tuple[SheetRead, ...]
    unknown: tuple[tuple[Blob, Grid, Header], ...] = field(default=())


def read_inputs(
    where: str | Path | Sequence[str | Path],
    catalogue: Catalogue,
    *,
    known: Mapping[str, str] | None = None,
    as_of: dt.date | None = None,
    progress: Progress | None = None,
) -> Reading:
    """Read every file below `where`; what cannot be read is refused by name while the others go on.

    Parameters
    ----------
    where : folder, file or a list of them
    catalogue : formats to recognise
    known : content digest -> file already imported; these are not read again
    as_of : rows of later days are refused
    progress : told after each input

    Raises
    ------
    EcomsimError
        Only when a path does not exist or nothing was given.
    """
    inputs = find_inputs(where)
    seen = dict(known or {})
    sheets: list[SheetRead] = []
    unknown: list[tuple[Blob, Grid, Header]] = []
    for done, (label, path) in enumerate(inputs, start=1):
        if is_table_name(label):
            for item in unpack(label, path):
                if isinstance(item, FileError):
                    sheets.append(_refused(item, "", dt.datetime(1970, 1, 1)))
                elif item.digest in seen:
                    why = f"same content as {seen[item.digest]}, already imported"
                    sheets.append(SheetRead(item.label, item.digest, item.modified, "unchanged", why=why))
                elif label != item.label and not is_table_name(item.label):
                    sheets.append(_ignored(item.label))
                else:
                    seen[item.digest] = item.label
                    sheets += _file(item, catalogue, as_of, unknown)
        else:
            sheets.append(_ignored(label))
        if progress is not None:
            progress(done, len(inputs), label)
    return Reading(tuple(sheets), tuple(unknown))


def read_package(name: str, pieces: Iterable[Piece], *, as_of: dt.date | None = None) -> Reading:
    """Check pieces that did not come from a file (a data package), under the same rules."""
    now = dt.datetime(1970, 1, 1)
    return Reading((_pieces(SheetRead(name, f"package:{name}", now, "read", name), list(pieces), as_of),))


def _ignored(label: str) -> SheetRead:
    why = "not a table by its ending"
    return SheetRead(label, "", dt.datetime(1970, 1, 1), "ignored", why=why)


def _refused(error: EcomsimError, digest: str, modified: dt.datetime, label: str = "") -> SheetRead:
    why = " ".join(w for w in (error.given, f"(allowed: {error.allowed})" if error.allowed else "") if w)
    return SheetRead(
        label or error.where, digest, modified, "refused", why=why or str(error), remedy=error.remedy
    )


def _file(
    blob: Blob, catalogue: Catalogue, as_of: dt.date | None, unknown: list[tuple[Blob, Grid, Header]]
) -> Iterator[SheetRead]:
    """Read one file sheet by sheet."""
    try:
        pages = grids(blob)
        if not pages:
            raise FileError(blob.label, "no filled sheet", "a table with a header row", "Export it again")
        found = [(grid, catalogue.find(grid)) for grid in pages]
    except EcomsimError as error:
        yield _refused(error, blob.digest, blob.modified, blob.label)
        return
    if not any(hit for _, hit in found):
        yield _stranger(blob, pages, catalogue, unknown)
        return
    for grid, hit in found:
        label = f"{blob.label} [{grid.sheet}]" if len(pages) > 1 else blob.label
        if hit is None:
            why = "a sheet whose headers belong to no known format"
            yield SheetRead(label, blob.digest, blob.modified, "ignored", why=why)
            continue
        source, header = hit
        yield _sheet(label, blob, grid, header, source, as_of)


def _stranger(
    blob: Blob, pages: Sequence[Grid], catalogue: Catalogue, unknown: list[tuple[Blob, Grid, Header]]
) -> SheetRead:
    """Refuse a file nobody recognises, naming the nearest format; keep it for a mapping proposal."""
    headers = [(grid, guess_header(grid)) for grid in pages]
    guesses = [(grid, header) for grid, header in headers if header is not None]
    if not guesses:
        error = FileError(
            blob.label, "no header row that names columns", "one row of distinct headers", "Add a header row"
        )
        return _refused(error, blob.digest, blob.modified)
    grid, header = max(guesses, key=lambda g: len(g[1].cells))
    unknown.append((blob, grid, header))
    close = catalogue.close(header)
    remedy = "Confirm the mapping proposed for it, or export it in a known format"
    given = "headers of no known format"
    if close is not None and close[1]:
        given = f"headers near '{close[0].title}', without {', '.join(close[1][:6])}"
    return _refused(FileError(blob.label, given, "", remedy), blob.digest, blob.modified)


def _sheet(
    label: str, blob: Blob, grid: Grid, header: Header, source: Source, as_of: dt.date | None
) -> SheetRead:
    blank = SheetRead(label, blob.digest, blob.modified, "read", source.name, source.priority)
    try:
        taken = take(label, grid, header, source)
        pieces = source.parse(taken.sheet) if len(taken.sheet) else []
    except EcomsimError as error:
        return _refused(error, blob.digest, blob.modified, label)
    except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
        # A format meets cells its author never saw: the file is refused, the others go on.
        given = f"cells the format '{source.title}' cannot read ({type(error).__name__}: {error})"
        refusal = FileError(label, given[:300], "", "Export it again; if it stays so, report the format")
        return _refused(refusal, blob.digest, blob.modified)
    remedy = "Put the cell with the separator in quotes, or correct the row"
    table = source.tables[0] if source.tables else ""
    ragged = tuple(
        # The text itself may hold personal data, so only its size is told.
        Bad(label, r.row, table, "(row)", f"{len(r.text)} characters", r.reason, remedy)
        for r in taken.refused
    )
    notes = taken.notes if pieces else (*taken.notes, Note("no rows below the header"))
    start = SheetRead(**{**vars(blank), "columns": taken.columns, "bad": ragged, "notes": notes})
    return _pieces(start, pieces, as_of, total=len(taken.sheet) + len(ragged))


def _pieces(start: SheetRead, pieces: Sequence[Piece], as_of: dt.date | None, total: int = 0) -> SheetRead:
    """Check the pieces of a sheet and note what came of them."""
    frames: list[tuple[str, pd.DataFrame]] = []
    bad, notes = list(start.bad), list(start.notes)
    good_rows: list[np.ndarray[Any, Any]] = []
    days: list[np.ndarray[Any, Any]] = []
    future = 0
    for piece in pieces:
        try:
            checked = check(piece, start.file, as_of=as_of)
        except EcomsimError as error:
            return _refused(error, start.digest, start.modified, start.file)
        bad += [
            Bad(start.file, f.row, piece.table, f.column, f.value, f.reason, f.remedy) for f in checked.faults
        ]
        notes += piece.notes
        future += checked.future
        good_rows.append(checked.rows)
        days += _days(checked)
        frames.append((piece.table, _with_origin(checked, piece.add_up)))
    if future:
        notes.append(Note(f"{future} rows lie after today by this machine's clock"))
    first, last = (min(d.min() for d in days), max(d.max() for d in days)) if days else (None, None)
    good = max((len(np.unique(r)) if len(r) < 200_000 else len(r) for r in good_rows), default=0)
    return SheetRead(
        **{
            **vars(start),
            "frames": tuple(frames),
            "rows": total or good + len({b.row for b in bad}),
            "good": good,
            "first_day": None if first is None else first.astype(object),
            "last_day": None if last is None else last.astype(object),
            "bad": tuple(bad),
            "notes": tuple(notes),
        }
    )


def _with_origin(checked: Checked, adds: bool) -> pd.DataFrame:
    frame = checked.frame.assign(**{ORIGIN[1]: checked.rows.astype(np.float64)})
    if adds:
        rows = frame.pop(ORIGIN[1])
        keys = list(TABLES[checked.table].key)
        firsts = rows[~frame.duplicated(keys).to_numpy()].to_numpy()
        frame = add_up(TABLES[checked.table], frame).assign(**{ORIGIN[1]: firsts})
    return frame.astype({ORIGIN[1]: np.int64})


def _days(checked: Checked) -> list[np.ndarray[Any, Any]]:
    for name in ("date", "created_at", "ordered_on"):
        if name in checked.frame.columns and len(checked.frame):
            days = checked.frame[name].to_numpy().astype("datetime64[D]")
            days = days[~np.isnat(days)]
            return [days] if len(days) else []
    return []
