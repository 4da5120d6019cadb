"""Merging what was read with what the workbook holds, format by format: the order does not matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecomsim.data.importing import SheetRead
from ecomsim.data.merge import ORIGIN, Settled, join, settle
from ecomsim.data.report import CONFLICTS
from ecomsim.data.sanity import LOOKED_AT, questions
from ecomsim.data.schema import Table
from ecomsim.data.tables import TABLES
from ecomsim.workbook.folder import Workbook

__all__ = ["Merged", "merge"]


@dataclass(frozen=True, eq=False)
class Merged:
    """Changed tables and their parts by (table, format), with what there is to tell."""

    tables: Mapping[str, pd.DataFrame]
    parts: Mapping[tuple[str, str], pd.DataFrame]
    conflicts: pd.DataFrame
    notes: tuple[str, ...]
    repeated: int


def merge(
    book: Workbook, read: Sequence[SheetRead], numbers: Mapping[int, int], files: pd.DataFrame
) -> Merged:
    """Merge sheets into the tables of a workbook.

    Parameters
    ----------
    read : sheets that were read
    numbers : id(sheet) -> file number
    files : all files, of earlier imports too
    """
    weight = _weights(files)
    labels = files.set_index("id")["file"]
    fresh: dict[tuple[str, str], list[pd.DataFrame]] = {}
    for sheet in read:
        for name, frame in sheet.frames:
            rows = frame.assign(**{ORIGIN[0]: np.int64(numbers[id(sheet)])})
            fresh.setdefault((name, sheet.source), []).append(rows)
    parts: dict[tuple[str, str], pd.DataFrame] = {}
    tables: dict[str, pd.DataFrame] = {}
    conflicts: list[pd.DataFrame] = []
    notes: list[str] = []
    repeated = 0
    priority = dict(files[["source", "priority"]].itertuples(index=False, name=None))
    for name in dict.fromkeys(table for table, _ in fresh):
        table = TABLES[name]
        told = book.parts(name) if book.exists else {}
        for source in [s for t, s in fresh if t == name]:
            old = [told[source]] if source in told else []
            done = _in_order(table, [*old, *fresh[(name, source)]], weight)
            parts[(name, source)] = told[source] = done.frame
            repeated += done.repeated
            clashes, moved = _clashes(done.differences, labels)
            conflicts.append(clashes)
            if moved:
                notes.append(f"{name}: {moved} cells brought up to date by later files ({source})")
        whole = join(table, told, priority)
        tables[name] = whole.frame
        notes += _between(name, whole, files)
    found = [c for c in conflicts if len(c)]
    if tables:
        notes += questions({**_others(book, tables), **tables})
    return Merged(
        tables=tables,
        parts=parts,
        conflicts=pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(CONFLICTS)),
        notes=tuple(notes),
        repeated=repeated,
    )


def _others(book: Workbook, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables that stay as they are, of those looked at."""
    return {n: book.read(n) for n in book.names() if n in LOOKED_AT and n not in tables}


def _weights(files: pd.DataFrame) -> pd.Series[int]:
    """Rank the files: the one that ends later stands over, then the one written later, then by name."""
    by = files.sort_values(["last_day", "modified", "file", "id"], na_position="first", kind="stable")
    return pd.Series(np.arange(1, len(by) + 1), index=by["id"].to_numpy())


def _in_order(table: Table, frames: Sequence[pd.DataFrame], weight: pd.Series[int]) -> Settled:
    """Settle frames with the rows of weightier files last."""
    if len(frames) == 1 and frames[0][ORIGIN[0]].nunique() <= 1:
        return settle(table, frames)
    whole = pd.concat(frames, ignore_index=True)
    rank = weight.reindex(whole[ORIGIN[0]].to_numpy()).fillna(0).to_numpy()
    order = np.argsort(rank, kind="stable")
    return settle(table, [whole.take(order).reset_index(drop=True)])


def _clashes(differences: pd.DataFrame, labels: pd.Series[str]) -> tuple[pd.DataFrame, int]:
    """Part contradictions from updates, and give files their names."""
    if not len(differences):
        return pd.DataFrame(columns=list(CONFLICTS)), 0
    moves = differences["moves"].astype(bool)
    # A file read again by a newer reader does not contradict itself.
    itself = (differences["kept_file"] == differences["other_file"]) & (
        differences["kept_row"] == differences["other_row"]
    )
    told = differences[~moves & ~itself].copy()
    for column in ("kept_file", "other_file"):
        told[column] = labels.reindex(told[column].to_numpy()).fillna("(given)").to_numpy()
    return told[list(CONFLICTS)], int((moves & ~itself).sum())


def _between(name: str, whole: Settled, files: pd.DataFrame) -> list[str]:
    """Tell where two formats differ: as sums, the definitions differ rather than the facts."""
    differences = whole.differences
    if not len(differences):
        return []
    differences = differences[~differences["moves"].astype(bool)]
    source = files.set_index("id")["source"]
    found = []
    kept = source.reindex(differences["kept_file"].to_numpy()).fillna("given").to_numpy()
    other = source.reindex(differences["other_file"].to_numpy()).fillna("given").to_numpy()
    for (column, stands, gives), rows in differences.groupby(["column", kept, other], sort=True):
        sums = [pd.to_numeric(rows[c], errors="coerce").sum() for c in ("kept", "other")]
        found.append(
            f"{name}.{column}: {stands} and {gives} differ in {len(rows)} rows (together {sums[0]:,.0f} and "
            f"{sums[1]:,.0f}); {stands} is kept"
        )
    return found
