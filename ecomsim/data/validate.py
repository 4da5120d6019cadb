"""Reading canonical cells and checking them: good rows typed, bad rows with their reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ecomsim.checks import EcomsimError, nearest, require_name
from ecomsim.data import cells, clocks, dates
from ecomsim.data.schema import Column, Kind, Table
from ecomsim.data.source import Piece
from ecomsim.data.tables import TABLES

__all__ = ["Checked", "Fault", "check"]

_EARLIEST = np.datetime64("1990-01-01", "us")
_LATEST = np.datetime64("2100-12-31", "us")
_LONE_GAP = np.timedelta64(31, "D")
_NUMERIC = frozenset({Kind.COUNT, Kind.NUMBER, Kind.SHARE, Kind.MONEY, Kind.SECONDS, Kind.FLAG})
_READERS: dict[Kind, Callable[[pd.Series[Any]], cells.Parsed]] = {
    Kind.DATE: dates.dates,
    Kind.MONTH: dates.months,
    Kind.DATETIME: dates.datetimes,
    Kind.TIME: clocks.times,
    Kind.COUNT: cells.numbers,
    Kind.NUMBER: cells.numbers,
    Kind.MONEY: cells.numbers,
    Kind.SHARE: cells.shares,
    Kind.SECONDS: clocks.durations,
    Kind.FLAG: cells.flags,
}
_FORMS = {
    Kind.DATE: ("a day such as 2026-11-01", "Write the day as YYYY-MM-DD"),
    Kind.MONTH: ("a month such as 2026-11", "Write the month as YYYY-MM"),
    Kind.DATETIME: ("a moment such as 2026-11-01 20:00:00", "Write it as YYYY-MM-DD HH:MM:SS"),
    Kind.TIME: ("the start of a half-hour such as 09:30", "Write it as HH:00 or HH:30"),
    Kind.SECONDS: (
        "seconds, or a duration such as 2分30秒 or 00:02:30",
        "Correct the cell or leave it empty",
    ),
    Kind.FLAG: ("yes or no", "Correct the cell or leave it empty"),
    Kind.TEXT: ("text", "Correct the cell"),
}


@dataclass(frozen=True)
class Fault:
    """One bad cell: row in the file, canonical column, value as given, reason, what would do, remedy."""

    row: int
    column: str
    value: str
    reason: str
    remedy: str


@dataclass(frozen=True, eq=False)
class Checked:
    """The good rows of a piece, typed, with their row numbers, and the faults of the others."""

    table: str
    frame: pd.DataFrame
    rows: np.ndarray[Any, Any]
    faults: tuple[Fault, ...]
    future: int = 0


def check(piece: Piece, where: str, *, as_of: dt.date | None = None) -> Checked:
    """Type and check the cells of a piece against its canonical table.

    Parameters
    ----------
    piece : rows from a source
    where : file, for messages
    as_of : rows of later days are refused; None refuses only days far beyond all others that are yet to come

    Raises
    ------
    EcomsimError
        When the piece names a table or column that does not exist, or lacks a key column.
    """
    table = TABLES[require_name(piece.table, list(TABLES), where, "table")]
    for name in piece.frame.columns:
        table.column(str(name))
    typed: dict[str, Any] = {}
    faults: dict[int, Fault] = {}
    for column in table.columns:
        if column.name not in piece.frame.columns:
            if column.default:
                typed[column.name] = _strings([column.default] * len(piece.frame))
            elif column.required:
                remedy = "Export it again with this column"
                raise EcomsimError(where, f"no column '{column.name}' ({column.zh})", column.means, remedy)
            continue
        given = piece.frame[column.name]
        values, found = _read(given, column, column.name in table.key)
        typed[column.name] = values
        for place, (reason, remedy) in found.items():
            if place not in faults:
                value = given.iloc[place]
                shown = "" if pd.isna(value) else str(value)[:60]
                faults[place] = Fault(int(piece.rows[place]), column.name, shown, reason, remedy)
    frame = pd.DataFrame(typed)
    _in_order(frame, piece, faults)
    future = _timely(table, frame, piece, faults, as_of)
    if faults:
        good = np.ones(len(frame), dtype=bool)
        good[list(faults)] = False
        frame = frame[good].reset_index(drop=True)
        rows = piece.rows[good]
    else:
        rows = piece.rows
    return Checked(piece.table, frame, np.asarray(rows), tuple(faults[k] for k in sorted(faults)), future)


def _in_order(frame: pd.DataFrame, piece: Piece, faults: dict[int, Fault]) -> None:
    """Set rows aside that end before they start."""
    if "start" not in frame or "end" not in frame:
        return
    start, end = (frame[name].to_numpy().astype("datetime64[D]") for name in ("start", "end"))
    for place in np.flatnonzero(end < start).tolist():
        reason = f"before the start, {start[place]}; allowed: that day or later"
        fault = Fault(int(piece.rows[place]), "end", str(end[place]), reason, "Swap the two days")
        faults.setdefault(place, fault)


def _read(given: pd.Series[Any], column: Column, key: bool) -> tuple[Any, dict[int, tuple[str, str]]]:
    """Return the typed values of a column and (reason, remedy) of its bad cells."""
    form, remedy = _FORMS.get(column.kind, (f"a number{_unit(column)}", "Correct the cell or leave it empty"))
    found: dict[int, tuple[str, str]] = {}
    if column.kind is Kind.TEXT:
        parsed = cells.texts(given, codes=key or column.name == "item_id")
        values: Any = parsed.values
        if column.default:
            values = _strings(pd.Series(values, dtype="str").fillna(column.default))
    elif cells.is_text(given):
        parsed = _READERS[column.kind](given)
        values = parsed.values
    else:
        parsed = cells.Parsed(np.empty(0))
        values = _as_typed(given, column)
        if column.kind in _NUMERIC:
            found = {int(i): ("not a finite number", remedy) for i in np.flatnonzero(np.isinf(values))}
    found |= {place: (f"{reason}; allowed: {form}", remedy) for place, reason in parsed.faults.items()}
    if column.kind in _NUMERIC:
        found |= _out_of_range(values, column)
    elif column.kind in (Kind.DATE, Kind.DATETIME):
        odd = (values < _EARLIEST) | (values > _LATEST)
        why = ("not a possible day of business; allowed: 1990 to 2100", remedy)
        found |= dict.fromkeys(np.flatnonzero(odd).tolist(), why)
    elif column.kind is Kind.TIME or column.kind is Kind.MONTH:
        values = _strings(values)
    if column.choices:
        values, wrong = _choose(values, column)
        found |= wrong
    if column.required:
        empty = np.asarray(pd.isna(values), dtype=bool)
        if empty.any():
            why = (f"empty; {column.name} ({column.zh}) is required", f"Fill in {form}")
            found = {**dict.fromkeys(np.flatnonzero(empty).tolist(), why), **found}
    return values, found


def _strings(values: Any) -> Any:
    return pd.array(values, dtype="str")


def _as_typed(given: pd.Series[Any], column: Column) -> Any:
    if column.kind in (Kind.DATE, Kind.DATETIME):
        moments = given.to_numpy().astype("datetime64[us]")
        return (
            moments.astype("datetime64[D]").astype("datetime64[us]") if column.kind is Kind.DATE else moments
        )
    if column.kind in _NUMERIC:
        return given.to_numpy(dtype=float, na_value=np.nan)
    return given.astype("str").to_numpy(dtype=object)


def _unit(column: Column) -> str:
    return f" ({column.unit})" if column.unit else ""


def _out_of_range(values: np.ndarray[Any, Any], column: Column) -> dict[int, tuple[str, str]]:
    found: dict[int, tuple[str, str]] = {}
    for place in np.flatnonzero((values < column.low) | (values > column.high)).tolist():
        value = values[place]
        allowed = (
            f"{column.low:g} to {column.high:g}" if np.isfinite(column.high) else f"at least {column.low:g}"
        )
        remedy = "Correct the cell or leave it empty"
        if column.kind is Kind.SHARE and 1.0 < value <= 100.0:
            remedy = f"Rates are fractions: write {value / 100:g} or {value:g}%"
        elif column.name.endswith("gmv") and value < 0.0:
            remedy = "Amounts are before refunds: put what was paid back into the refunds column"
        found[place] = (f"out of range; allowed: {allowed}{_unit(column)}", remedy)
    return found


def _choose(values: Any, column: Column) -> tuple[Any, dict[int, tuple[str, str]]]:
    text = pd.Series(values, dtype="str").str.casefold()
    words = {c.casefold(): c for c in column.choices}
    words |= dict(zip(column.choices_zh, column.choices, strict=False))
    chosen = text.map(words).astype("str")
    wrong = np.asarray(text.notna() & chosen.isna(), dtype=bool)
    allowed = ", ".join((*column.choices, *column.choices_zh))
    found = {}
    for place in np.flatnonzero(wrong).tolist():
        hit = nearest(str(text.iloc[place]), list(words))
        found[place] = (
            f"no such value; allowed: {allowed}",
            f"Did you mean '{hit}'?" if hit else "Choose one of these",
        )
    return _strings(chosen), found


def _timely(
    table: Table, frame: pd.DataFrame, piece: Piece, faults: dict[int, Fault], as_of: dt.date | None
) -> int:
    """Refuse days that cannot have happened yet; return how many rows of later days were let through."""
    name = next(
        (n for n in ("date", "created_at") if n in table.key or (n == "created_at" and n in frame)), None
    )
    if name is None or name not in frame or table.name in {"spend_plan", "prices", "roster"}:
        return 0
    moments = frame[name].to_numpy().astype("datetime64[D]")
    limit = np.datetime64(as_of or dt.date.today(), "D")
    later = moments > limit
    if not later.any():
        return 0
    if as_of is None:
        # A clock may be wrong and a sample store may lie ahead: only a day far from all others is refused.
        days = np.unique(moments[~np.isnat(moments)])
        jump = np.flatnonzero((np.diff(days) > _LONE_GAP) & (days[1:] > limit))
        bad = later & (moments > days[jump[0]]) if len(jump) else np.zeros(len(frame), dtype=bool)
        reason = "a day in the future, far from the others"
    else:
        bad, reason = later, f"after the as-of date {as_of}"
    for place in np.flatnonzero(bad).tolist():
        value = str(moments[place])
        remedy = "Correct the day" if as_of is None else "Import it with a later as-of date"
        faults.setdefault(place, Fault(int(piece.rows[place]), name, value, reason, remedy))
    return int((later & ~bad).sum())
