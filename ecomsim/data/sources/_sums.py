"""Adding rows of an export up to the key of a canonical table; cells that cannot be read stay in sight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecomsim.data.cells import numbers
from ecomsim.data.dates import dates
from ecomsim.data.source import Note, Piece, Sheet

__all__ = ["added", "summed"]


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
    text = [bad.get(i, "" if np.isnan(v) else repr(float(v))) for i, v in enumerate(total)]
    return pd.Series(text, index=sheet.cells.index, dtype="str")


def summed(
    sheet: Sheet,
    table: str,
    keys: Mapping[str, pd.Series[Any]],
    sums: Mapping[str, Sequence[str] | str],
    *,
    day: str = "date",
    notes: tuple[Note, ...] = (),
) -> list[Piece]:
    """Add rows up by key.

    Parameters
    ----------
    keys : key column -> texts (the day among them)
    sums : canonical column -> header, or headers that are added; absent headers are left out
    day : which key is the day

    Returns
    -------
    list of Piece
        The sums, typed; and the rows that cannot be read (a day or number that is none, a negative amount) as
        text, for the core to refuse with its reason.
    """
    wanted = {name: [h] if isinstance(h, str) else list(h) for name, h in sums.items()}
    wanted = {name: [h for h in hs if h in sheet.cells.columns] for name, hs in wanted.items()}
    text = {name: added(sheet, hs) for name, hs in wanted.items() if hs}
    when = dates(keys[day])
    bad = pd.isna(when.values)
    values: dict[str, NDArray[np.float64]] = {}
    for name, column in text.items():
        read = numbers(column)
        bad[list(read.faults)] = True
        bad |= read.values < 0
        values[name] = read.values
    frame = pd.DataFrame({**keys, **values}, index=sheet.cells.index)
    frame[day] = when.values
    good = frame[~bad].copy()
    good["row"] = sheet.rows[~bad]
    groups = good.groupby(list(keys), sort=False, dropna=False)
    total = groups[list(values)].sum(min_count=1)
    first = groups["row"].first().to_numpy()
    total = total.reset_index()
    most = int(groups.size().max()) if len(good) else 0
    if most > 1:
        what = f"several rows of one {' and '.join(keys)} were added up (up to {most})"
        notes = (*notes, Note(what))
    made = [Piece(table, total, first, notes)]
    if bad.any():
        rest = pd.DataFrame({**keys, **text}, index=sheet.cells.index)[bad].reset_index(drop=True)
        rows = sheet.rows[bad]
        made.append(
            Piece(
                table,
                rest,
                rows,
                (Note("the sums of their days lack these refused rows", tuple(rows.tolist())),),
            )
        )
    return made
