"""Putting rows of one table together: over overlapping files of one format, then over formats.

Within one format two rows of one key are the same fact told twice: equal cells merge silently, different
ones are a conflict and the file that ends later wins. Between formats a difference is one of definition: the
format of higher priority is kept and the difference is told as a sum. Each row has ``_file`` and ``_row``,
where it came from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ecomsim.data.schema import Table

__all__ = ["ORIGIN", "Settled", "add_up", "join", "key_text", "settle"]

ORIGIN = ("_file", "_row")
"""Columns that tell the file and row a merged row came from."""


@dataclass(frozen=True, eq=False)
class Settled:
    """One row a key, how many rows only repeated others, and the cells on which rows differed.

    Attributes
    ----------
    frame : merged rows with `ORIGIN`
    repeated : rows that brought nothing new
    differences : table, key, column, moves, kept, kept_file, kept_row, other, other_file, other_row
    """

    frame: pd.DataFrame
    repeated: int
    differences: pd.DataFrame


_DIFFERENCES = (
    *("table", "key", "column", "moves", "kept", "kept_file", "kept_row"),
    *("other", "other_file", "other_row"),
)


def key_text(table: Table, frame: pd.DataFrame) -> pd.Series[Any]:
    """Return the key of every row as one text, for messages."""
    parts = []
    for name in table.key:
        column = frame[name]
        is_day = column.dtype.kind == "M"
        is_number = column.dtype.kind == "f"
        text = (
            column.dt.strftime("%Y-%m-%d") if is_day else column.map("{:g}".format) if is_number else column
        )
        parts.append(text.astype("str").fillna(""))
    text = parts[0]
    for part in parts[1:]:
        text = text + " " + part
    return text


def _codes(table: Table, frame: pd.DataFrame) -> np.ndarray[Any, Any]:
    """Return a number for each row, equal for equal keys."""
    code = np.zeros(len(frame), dtype=np.int64)
    for name in table.key:
        fresh, distinct = pd.factorize(frame[name], use_na_sentinel=False)
        code = code * max(len(distinct), 1) + fresh
        if code.size and code.max() > 2**40:
            code = pd.factorize(code)[0].astype(np.int64)
    return code


def add_up(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Add the numbers of rows with one key; texts are the last given, a number nobody gave stays missing."""
    keys = list(table.key)
    if not frame.duplicated(keys).any():
        return frame
    how: dict[str, Any] = {}
    grouped = frame.groupby(keys, sort=False, dropna=False)
    for name in frame.columns:
        if name in keys:
            continue
        numeric = frame[name].dtype.kind == "f"
        how[name] = grouped[name].sum(min_count=1) if numeric else grouped[name].last()
    return pd.DataFrame(how).reset_index()[list(frame.columns)]


def settle(table: Table, frames: Sequence[pd.DataFrame]) -> Settled:
    """Merge frames of one table, the weightiest last: later cells stand over earlier ones."""
    whole = [f for f in frames if len(f)]
    if not whole:
        empty = frames[0] if frames else pd.DataFrame()
        return Settled(_ordered(table, empty), 0, pd.DataFrame(columns=list(_DIFFERENCES)))
    frame = whole[0] if len(whole) == 1 else pd.concat(whole, ignore_index=True)
    code = _codes(table, frame)
    counts = np.bincount(pd.factorize(code)[0]) if len(code) else np.empty(0)
    if not len(counts) or counts.max() <= 1:
        return Settled(_ordered(table, frame), 0, pd.DataFrame(columns=list(_DIFFERENCES)))
    twice = pd.Series(code).duplicated(keep=False).to_numpy()
    told = frame[twice].reset_index(drop=True)
    group, _ = pd.factorize(code[twice])
    merged, differences = _fold(table, told, group)
    single = frame[~twice]
    result = pd.concat([single, merged], ignore_index=True)
    differing = len(differences.drop_duplicates(["other_file", "other_row"])) if len(differences) else 0
    repeated = len(told) - len(merged) - differing
    return Settled(_ordered(table, result), max(repeated, 0), differences)


def _fold(table: Table, told: pd.DataFrame, group: np.ndarray[Any, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fold rows of equal `group` into one: of each column the last cell that is there."""
    count = int(group.max()) + 1
    place = np.arange(len(told))
    files, rows = (told[name].to_numpy() for name in ORIGIN)
    keys = None
    columns: dict[str, Any] = {}
    parts = []
    for name in told.columns:
        given = told[name]
        there = given.notna().to_numpy()
        last = np.full(count, -1)
        if name in ORIGIN:
            last[group] = place  # rows come in rising weight: the last one assigned stands
        else:
            last[group[there]] = place[there]
        values = given.take(np.maximum(last, 0)).reset_index(drop=True)
        columns[name] = values.mask(last < 0) if (last < 0).any() else values
        if name in ORIGIN or name in table.key:
            continue
        kept = last[group]
        other = there & (kept != place)
        if not other.any():
            continue
        at, stands = place[other], kept[other]
        mine, theirs = given.take(at), given.take(stands)
        odd = _differ(mine, theirs)
        if odd.any():
            at, stands = at[odd], stands[odd]
            keys = key_text(table, told) if keys is None else keys
            parts.append(
                pd.DataFrame(
                    {
                        "table": table.name,
                        "key": keys.take(at).to_numpy(),
                        "column": name,
                        "moves": table.column(name).moves,
                        "kept": given.take(stands).astype("str").to_numpy(),
                        "kept_file": files[stands],
                        "kept_row": rows[stands],
                        "other": given.take(at).astype("str").to_numpy(),
                        "other_file": files[at],
                        "other_row": rows[at],
                    }
                )
            )
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(_DIFFERENCES))
    return pd.DataFrame(columns), found


def _differ(mine: pd.Series[Any], theirs: pd.Series[Any]) -> np.ndarray[Any, Any]:
    if mine.dtype.kind == "f":
        a, b = mine.to_numpy(), theirs.to_numpy()
        # Exports round to the cent.
        return np.asarray(np.abs(a - b) > 0.005 + 1e-9 * np.abs(b))
    return np.asarray(mine.to_numpy() != theirs.to_numpy())


def _ordered(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Return canonical column order, all columns present, sorted by key."""
    complete = {}
    for column in table.columns:
        if column.name in frame.columns:
            complete[column.name] = frame[column.name]
        else:
            complete[column.name] = _gap(column.kind.value, len(frame), frame.index)
    for name in ORIGIN:
        if name in frame.columns:
            complete[name] = frame[name]
    ordered = pd.DataFrame(complete)
    keys = list(table.key)
    first = ordered[keys[0]]
    if len(keys) == 1 and first.is_monotonic_increasing:
        return ordered.reset_index(drop=True)
    codes = [pd.factorize(ordered[k], sort=True)[0] for k in reversed(keys)]
    order = np.lexsort(codes)
    if np.array_equal(order, np.arange(len(order))):
        return ordered.reset_index(drop=True)
    return ordered.take(order).reset_index(drop=True)


def _gap(kind: str, count: int, index: pd.Index[Any]) -> pd.Series[Any]:
    if kind in {"date", "datetime"}:
        return pd.Series(np.full(count, np.datetime64("NaT"), dtype="datetime64[us]"), index=index)
    if kind in {"text", "time", "month"}:
        return pd.Series([None] * count, index=index, dtype="str")
    return pd.Series(np.full(count, np.nan), index=index)


def join(table: Table, parts: Mapping[str, pd.DataFrame], priority: Mapping[str, int]) -> Settled:
    """Merge what several formats say about one table; formats of higher priority stand over the others."""
    names = sorted(parts, key=lambda n: (priority.get(n, 0), n))
    return settle(table, [parts[n] for n in names])
