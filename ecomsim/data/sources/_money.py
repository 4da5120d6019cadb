"""The currency of a file: one, or none."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ecomsim.checks import EcomsimError
from ecomsim.data.cells import MISSING
from ecomsim.data.source import Note, Sheet

__all__ = ["one_currency"]


def one_currency(sheet: Sheet, header: str, pattern: str = r"(?P<code>.+)") -> tuple[Note, ...]:
    """Return a note naming the one currency of a column, nothing if the column is not there or silent.

    Parameters
    ----------
    pattern : regular expression whose first group finds the currency in a cell

    Raises
    ------
    EcomsimError
        If amounts of several currencies stand in one file: they cannot be added.
    """
    if header not in sheet.cells.columns:
        return ()
    cells: pd.Series[Any] = sheet.cells[header].astype("str").fillna("").str.strip()
    found = cells[~cells.isin(MISSING)].str.extract(pattern, expand=False).dropna()
    codes = sorted(found.str.strip().str.upper().unique().tolist())
    if len(codes) > 1:
        place = found.str.strip().str.upper().ne(codes[0]).idxmax()
        raise EcomsimError(
            f"{sheet.label}, row {sheet.rows[sheet.cells.index.get_loc(place)]}, column {header}",
            f"amounts in {', '.join(codes)}",
            "one currency in a file",
            "Export each currency's account or market by itself, or in one reporting currency",
        )
    return (Note(f"money is in {codes[0]}, as in the file; nothing was converted"),) if codes else ()
