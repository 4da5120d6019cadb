"""Rows of an export that are parts of one canonical row, and columns that are parts of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ecomsim.data.cells import numbers
from ecomsim.data.source import Note, Piece, Sheet

__all__ = ["added", "parts"]


def added(sheet: Sheet, headers: Sequence[str]) -> pd.Series[Any]:
    """Return the sum over columns, row by row, as text; a cell that is no number stands in the sum's place.

    So the core names the file, the row and the bad text itself. Gaps count as nothing; gaps alone are a gap.
    """
    present = [h for h in headers if h in sheet.cells.columns]
    total = np.full(len(sheet), np.nan)
    bad: dict[int, str] = {}
    for header in present:
        read = numbers(sheet.cells[header])
        total = np.where(np.isnan(total), read.values, total + np.nan_to_num(read.values))
        for place in [*read.faults, *np.flatnonzero(read.values < 0).tolist()]:
            bad.setdefault(int(place), str(sheet.cells[header].iloc[place]))
    text = [bad.get(i, "" if np.isnan(v) else repr(round(float(v), 6))) for i, v in enumerate(total)]
    return pd.Series(text, index=sheet.cells.index, dtype="str")


def parts(
    sheet: Sheet,
    table: str,
    keys: Mapping[str, pd.Series[Any]],
    columns: Mapping[str, str],
    notes: tuple[Note, ...] = (),
) -> Piece:
    """Return a piece whose rows of one key are added up by the core.

    Parameters
    ----------
    keys : key column -> cells
    columns : canonical column -> export header; absent headers are left out
    """
    chosen = {name: sheet.cells[h] for name, h in columns.items() if h in sheet.cells.columns}
    frame = pd.DataFrame({**keys, **chosen}, index=sheet.cells.index)
    return Piece(table, frame, sheet.rows, notes, add_up=True)
