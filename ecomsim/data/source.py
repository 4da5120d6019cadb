"""What an export format is: the headers that give it away, and how its cells become canonical ones.

A new format is one file in ``ecomsim/data/sources/`` that makes one `Source`, plus its line in the list
there. The core reads the file, drops personal columns and total rows, calls `Source.parse`, and then reads
and checks the canonical cells itself: a source only says which cell goes where.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ecomsim.data.dates import period

__all__ = ["TOTALS", "Note", "Piece", "Sheet", "Source", "fold", "leaves", "piece", "tidy"]

TOTALS = frozenset(
    {"合计", "汇总", "总计", "小计", "总和", "整体", "均值", "total", "totals", "grand total", "sum"}
)
"""Words that mark a row of totals."""
_UNIT = re.compile(r"(?<=.)\((?:元|%|秒|人|件|次|个|cny|rmb)\)$")


def tidy(header: str) -> str:
    r"""Return a header without BOM, outer and doubled blanks, full-width brackets and digits.

    Examples
    --------
    >>> tidy("\ufeff点击量（即进店量） ")
    '点击量(即进店量)'
    """
    text = unicodedata.normalize("NFKC", str(header))
    return re.sub(r"\s+", " ", re.sub("[\ufeff\u200b\u200e\u200f]", "", text)).strip().strip("'\"").strip()


@functools.lru_cache(maxsize=8192)
def fold(header: str) -> str:
    """Return the form in which headers are compared: tidy, without case, blanks and a unit at the end.

    Examples
    --------
    >>> fold("支付金额（元）"), fold("Conv. value "), fold("点击量(即进店量)")
    ('支付金额', 'conv.value', '点击量(即进店量)')
    """
    return _UNIT.sub("", tidy(header).casefold().replace(" ", ""))


@dataclass(frozen=True)
class Note:
    """Something the report should tell about rows or a file."""

    what: str
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Sheet:
    """One table of text as it stood in a file.

    Attributes
    ----------
    label : file (with archive and sheet) for messages
    cells : text cells, NaN or "" where empty; columns are headers in the recognised source's spelling
    rows : (n,) row numbers in the file, from 1, as a spreadsheet shows them
    preamble : lines above the header
    """

    label: str
    cells: pd.DataFrame
    rows: np.ndarray[Any, Any]
    preamble: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def get(self, header: str) -> pd.Series[Any]:
        """Return a column, or one of gaps if the export lacks this optional column."""
        if header in self.cells.columns:
            return self.cells[header]
        return pd.Series(pd.NA, index=self.cells.index, dtype="str")

    def take(self, keep: np.ndarray[Any, Any]) -> Sheet:
        """Return the rows where `keep` is True."""
        return Sheet(self.label, self.cells[keep].reset_index(drop=True), self.rows[keep], self.preamble)

    def period(self) -> tuple[dt.date, dt.date] | None:
        """Return the first and last day the preamble (else the file's name) speaks of."""
        for text in (*self.preamble, self.label):
            found = period(text)
            if found is not None:
                return found
        return None


@dataclass(frozen=True, eq=False)
class Piece:
    """Rows for one canonical table.

    Attributes
    ----------
    table : canonical table
    frame : any canonical columns that hold the key: text cells to be read by the core, or already typed
        (float64, datetime64), which are checked but not read again
    rows : (n,) row numbers in the file
    notes : what the report should tell (rows left out on purpose, for instance)
    add_up : several rows of one key are parts (scenes of one channel): the core adds their numbers up,
        instead of taking them for contradictions
    """

    table: str
    frame: pd.DataFrame
    rows: np.ndarray[Any, Any]
    notes: tuple[Note, ...] = ()
    add_up: bool = False


@dataclass(frozen=True)
class Source:
    """One export format.

    Attributes
    ----------
    name : stable id, e.g. ``sycm_item_daily``
    title : for people, e.g. ``生意参谋 item report``
    platform : e.g. ``生意参谋``, ``Shopify``
    tables : canonical tables it feeds
    required : headers without which a file is not this format
    optional : other headers it may have; what is in neither is reported as unknown
    parse : sheet -> pieces
    keep : headers that look personal but are not (Shopify's ``Name`` is the order number)
    personal : headers that are personal though no general rule says so
    totals : headers in which a word of `TOTALS` marks a row of totals; by default the first column
    uses : headers `parse` reads; the report lists the others as ignored (default: not told apart)
    aliases : other header -> header, for formats whose headers come in two languages
    least : smallest share of a file's headers that must be known (forms with few required headers)
    priority : where two formats give the same cell the higher one is kept, and the difference told
    """

    name: str
    title: str
    platform: str
    tables: tuple[str, ...]
    required: tuple[str, ...]
    optional: tuple[str, ...]
    parse: Callable[[Sheet], list[Piece]]
    keep: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    least: float = 0.0
    priority: int = 0

    def spelling(self) -> dict[str, str]:
        """Return folded header (or alias of it) -> this source's spelling of the header."""
        return {fold(h): h for h in (*self.optional, *self.required)} | {fold(a): h for a, h in self.aliases}


def piece(
    sheet: Sheet,
    table: str,
    columns: Mapping[str, str],
    constants: Mapping[str, Any] | None = None,
    notes: tuple[Note, ...] = (),
    *,
    add_up: bool = False,
) -> Piece:
    """Make a piece by renaming: `columns` is canonical -> export header (absent headers are left out).

    `constants` are canonical columns with one value in all rows (a channel's name, a day).
    """
    frame = pd.DataFrame(
        {name: sheet.cells[header] for name, header in columns.items() if header in sheet.cells.columns},
        index=sheet.cells.index,
    )
    for name, value in (constants or {}).items():
        frame[name] = pd.Series(value, index=frame.index, dtype="str") if isinstance(value, str) else value
    return Piece(table, frame, sheet.rows, notes, add_up)


def leaves(sheet: Sheet, levels: Sequence[str], by: Sequence[str] = ()) -> tuple[Sheet, tuple[Note, ...]]:
    """Drop the subtotal rows of a hierarchy where their leaves stand beside them.

    A row is a subtotal when one of its `levels` says 汇总 (or 合计, 总计, or is blank); it goes only if rows
    below it exist with the same `by` (the day) and the same upper levels: a level given only as 汇总 is kept.
    """
    names = [h for h in levels if h in sheet.cells.columns]
    if not names or not len(sheet):
        return sheet, ()
    text = [sheet.cells[h].astype("str").fillna("").str.strip() for h in names]
    total = [t.str.casefold().isin(TOTALS) | t.isin(["", "-"]) for t in text]
    drop = np.zeros(len(sheet), dtype=bool)
    group = [sheet.cells[h].astype("str").fillna("") for h in by if h in sheet.cells.columns]
    for depth, mark in enumerate(total):
        keys = pd.MultiIndex.from_arrays([*group, *text[:depth], pd.Series(0, index=sheet.cells.index)])
        codes, _ = keys.factorize()
        detailed = np.zeros(codes.max() + 1, dtype=bool)
        detailed[codes[~mark.to_numpy()]] = True
        drop |= mark.to_numpy() & detailed[codes]
    if not drop.any():
        return sheet, ()
    what = "subtotal rows of a hierarchy, their parts stand beside them"
    return sheet.take(~drop), (Note(what, tuple(sheet.rows[drop].tolist())),)
