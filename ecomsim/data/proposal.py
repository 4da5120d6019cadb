"""Proposing a mapping for an unknown file, from its header names and its values."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd

from ecomsim.checks import EcomsimError
from ecomsim.data import cells, clocks, dates
from ecomsim.data.files import Blob, FileError, unpack
from ecomsim.data.grid import Grid, grids
from ecomsim.data.mapping import ColumnMap, MappedColumn
from ecomsim.data.recognise import Header, guess_header, is_personal, take
from ecomsim.data.schema import Column, Kind, Table
from ecomsim.data.source import fold
from ecomsim.data.tables import TABLES

__all__ = ["propose", "propose_mapping"]

_SAMPLED = 200
_SURE = 0.55
_PERSON = re.compile(r"[^@\s]+@[^@\s]+\.\w+|(?:\+?86)?1[3-9]\d{9}|\d{17}[\dXx]")
_NUMERIC = (Kind.COUNT, Kind.NUMBER, Kind.MONEY, Kind.SHARE)


@dataclass(frozen=True)
class _Seen:
    """What the values of a column look like: share that reads as each kind, some examples."""

    header: str
    fits: dict[Kind, float]
    samples: tuple[str, ...]
    personal: bool


def propose_mapping(file: str | Path, *, name: str = "", table: str = "") -> ColumnMap:
    """Propose which columns of a file are which canonical ones.

    Parameters
    ----------
    file : .csv, .tsv, .txt, .xlsx or .xls (of an archive the first file)
    name : of the mapping; default the file's name
    table : canonical table it is, if known

    Raises
    ------
    EcomsimError
        When the file cannot be read or has no header row.
    """
    path = Path(file)
    if not path.is_file():
        raise EcomsimError(str(file), "no such file", "", "Check the path")
    for item in unpack(path.name, path):
        if isinstance(item, FileError):
            raise item
        for grid in grids(item):
            header = guess_header(grid)
            if header is not None:
                return propose(item, grid, header, name=name, table=table)
    raise EcomsimError(
        str(file), "no header row that names columns", "one row of distinct headers", "Add one"
    )


def propose(blob: Blob, grid: Grid, header: Header, *, name: str = "", table: str = "") -> ColumnMap:
    """Propose a mapping for a grid whose header is known."""
    taken = take(blob.label, grid, header, None)
    seen = [_look(str(h), taken.sheet.cells[h]) for h in taken.sheet.cells.columns]
    hidden = [h for h, fate in taken.columns if fate == "personal"]
    tables = [TABLES[table]] if table else list(TABLES.values())
    ranked = [(_rank(t, found), t, found) for t in tables for found in [_assign(t, seen)]]
    _, best, found = max(ranked, key=lambda r: r[0])
    columns = [
        MappedColumn(
            s.header,
            column=found[s.header][0] if s.header in found and not s.personal else "",
            confidence=found[s.header][1] if s.header in found and not s.personal else 0.0,
            samples=() if s.personal else s.samples,
            why="holds personal data: dropped" if s.personal else "",
        )
        for s in seen
    ]
    columns += [MappedColumn(h, why="personal: dropped") for h in hidden]
    return ColumnMap(name or _plain(blob.label), blob.label, best.name, tuple(columns))


def _plain(label: str) -> str:
    stem = PurePosixPath(label).stem
    plain = re.sub(r"[^\w\-]+", "-", stem).strip("-_ .")[:40].strip("-_")
    return plain or f"mapping-{dt.date.today():%Y%m%d}"


def _look(header: str, column: pd.Series[Any]) -> _Seen:
    text = column.dropna().str.strip()
    text = text[~text.isin(cells.MISSING)].head(_SAMPLED).reset_index(drop=True)
    if not len(text):
        return _Seen(header, {}, (), is_personal(header))
    size = len(text)
    fits = {Kind.TEXT: 1.0}
    for kind, read in (
        (Kind.DATE, dates.dates),
        (Kind.MONTH, dates.months),
        (Kind.TIME, clocks.times),
        (Kind.NUMBER, cells.numbers),
        (Kind.SECONDS, clocks.durations),
    ):
        fits[kind] = 1.0 - len(read(text).faults) / size
    numbers = cells.numbers(text).values
    share = text.str.endswith("%").mean()
    small = float(((numbers >= 0) & (numbers <= 1)).mean())
    fits[Kind.SHARE] = max(float(share), small * 0.8)
    whole = float((numbers == numbers.round()).mean())
    fits[Kind.COUNT] = min(fits[Kind.NUMBER], whole)
    fits[Kind.MONEY] = fits[Kind.NUMBER] * (1.0 - 0.5 * float(share))
    fits[Kind.DATETIME] = fits[Kind.DATE]
    fits[Kind.FLAG] = 1.0 - len(cells.flags(text).faults) / size
    # A bare number is a date only when it looks like a compact one.
    if fits[Kind.NUMBER] > 0.9 and not text.str.match(r"^(19|20)\d{6}$|^4\d{4}$").all():
        fits[Kind.DATE] = fits[Kind.DATETIME] = fits[Kind.MONTH] = 0.0
    personal = float(text.str.fullmatch(_PERSON).mean()) > 0.3
    return _Seen(header, fits, tuple(text.drop_duplicates().head(3).str.slice(0, 40)), personal)


def _assign(table: Table, seen: list[_Seen]) -> dict[str, tuple[str, float]]:
    """Give each header the canonical column it fits best, each column once."""
    scores = sorted(
        ((score, s.header, c.name) for s in seen for c in table.columns if (score := _score(s, c)) >= _SURE),
        key=lambda item: (-item[0], item[1]),
    )
    found: dict[str, tuple[str, float]] = {}
    taken: set[str] = set()
    for score, header, name in scores:
        if header not in found and name not in taken:
            found[header] = name, score
            taken.add(name)
    return found


def _score(seen: _Seen, column: Column) -> float:
    word = fold(seen.header)
    names = [fold(n) for n in (column.name, column.zh, *column.also)]
    if word in names:
        alike = 1.0
    else:
        alike = max(difflib.SequenceMatcher(None, word, n).ratio() for n in names)
        inside = any(len(n) >= 2 and (n in word or word in n) for n in names) and len(word) >= 2
        alike = max(alike * 0.9, 0.75 if inside else 0.0)
    if not seen.fits:
        return alike * 0.8
    fit = seen.fits.get(column.kind, 0.0)
    if column.kind is Kind.DATE and column.required and fit > 0.95 and alike < _SURE:
        return _SURE  # the one column of days is the day, whatever its name
    if fit < 0.5:
        return 0.0
    return alike * (0.7 + 0.3 * fit)


def _rank(table: Table, found: dict[str, tuple[str, float]]) -> float:
    fed = {name for name, _ in found.values()}
    missing = sum(c.required and c.name not in fed for c in table.columns)
    return sum(score for _, score in found.values()) - 1.2 * missing
