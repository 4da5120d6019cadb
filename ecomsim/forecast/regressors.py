"""Known drivers of a forecast: shared by all series, or each series' own, read from a tidy table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecomsim.checks import EcomsimError, require_name
from ecomsim.forecast.panel import Panel
from ecomsim.forecast.readings import days_of, find_column, numbers_of

__all__ = ["drivers_of"]

Floats: TypeAlias = NDArray[np.float64]

_IDS = ("id", "sku")


def drivers_of(
    given: pd.DataFrame | Mapping[str, pd.Series[float]] | None, panel: Panel, last: dt.date
) -> dict[str, Floats]:
    """Return each regressor on every day from the panel's first to `last`.

    Parameters
    ----------
    given : a table with a date (a column 'date', or the index), one column a regressor, and, where series have their
        own values, a column 'id' (or 'sku') naming them or one called like a level of the panel, such as 'channel';
        or a Series by day for each name

    Returns
    -------
    dict
        (days,) for a regressor that all series share; (S, days) in the order of the panel's series where each has
        its own.

    Raises
    ------
    EcomsimError
        For a day without a value, most often in the future, a day twice, a name that is no series, and text that is
        no number: with the row and the column, and the fix.
    """
    if given is None:
        return {}
    frame = given if isinstance(given, pd.DataFrame) else pd.DataFrame(dict(given))
    if "date" not in frame:
        frame = frame.rename_axis("date").reset_index()
    frame = frame.reset_index(drop=True)
    days = days_of(frame[find_column(frame, "date")], "regressors")
    level = next((c for c in (*_IDS, *panel.levels) if c in frame.columns), "")
    span = pd.date_range(panel.start, last)
    names, series = _whose(frame, level, panel)
    _no_day_twice(days, names, level)
    out = {}
    for column in frame.columns:
        if column in ("date", level):
            continue
        values = numbers_of(frame[column], "regressors")
        if not level:
            out[str(column)] = _on_every_day(values, days, names, str(column), "", span)
            continue
        own = {
            name: _on_every_day(values, days, np.where(names == name, names, ""), str(column), name, span)
            for name in dict.fromkeys(series)
        }
        out[str(column)] = np.stack([own[name] for name in series])
    return out


def _whose(frame: pd.DataFrame, level: str, panel: Panel) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Return the name in each row, and the name each series of the panel goes by."""
    if not level:
        return np.full(len(frame), "", object), ()
    cells = frame[level]
    where = f"regressors row {{}}, column '{level}'"
    for place in np.flatnonzero(cells.isna())[:1]:
        raise EcomsimError(
            where.format(place + 1), "no name", "the series the values belong to", "Fill it in"
        )
    names = cells.astype(str).to_numpy(object)
    if level in _IDS and level not in panel.levels:
        known, series = panel.ids, panel.ids
    else:
        known = panel.level_names[level]
        series = tuple(known[g] for g in panel.levels[level])
    for place, name in enumerate(names):
        if name not in known:
            require_name(str(name), known, where.format(place + 1), "series of the forecast")
    for name in known:
        if name not in names:
            raise EcomsimError(
                f"regressors, column '{level}'", f"no row of '{name}'", f"rows of {', '.join(known[:8])}",
                f"Give '{name}' rows too, 0 where there was nothing; or leave the column '{level}' out for values that "
                "all series share",
            )  # fmt: skip
    return names, series


def _no_day_twice(days: NDArray[np.datetime64], names: NDArray[Any], level: str) -> None:
    keys = pd.DataFrame({"day": days.astype("datetime64[s]"), "name": names})
    twice = np.flatnonzero(keys.duplicated().to_numpy())
    if len(twice):
        second = int(twice[0])
        first = int(np.flatnonzero((keys == keys.iloc[second]).all(axis=1))[0])
        whose = f" of '{names[second]}'" if level else ""
        raise EcomsimError(
            f"regressors rows {first + 1} and {second + 1}", f"{days[second]}{whose} twice",
            "each day once" + (" for each series" if level else ""), "Keep one of the two"
            + ("" if level else ", or name the series of each row in a column 'id'"),
        )  # fmt: skip


def _on_every_day(
    values: Floats,
    days: NDArray[np.datetime64],
    names: NDArray[Any],
    column: str,
    whose: str,
    span: pd.DatetimeIndex,
) -> Floats:
    """Return the values of one series (rows that bear its name) on every day of the span."""
    rows = np.flatnonzero(names == whose)
    of = f" of '{whose}'" if whose else ""
    found = pd.Series(values[rows], index=pd.DatetimeIndex(days[rows])).reindex(span)
    gone = found.index[~np.isfinite(found)]
    if not len(gone):
        return np.asarray(found, float)
    first = gone[0]
    empty = [int(row) for row in rows if days[row] == np.datetime64(first, "D")]
    lies = f"regressors row {empty[0] + 1}, column '{column}'" if empty else f"regressors.{column}{of}"
    when = (
        f"{first.date()}" if len(gone) == 1 else f"{len(gone)} days, from {first.date()} to {gone[-1].date()}"
    )
    ahead = first > span[0] and len(gone) > 1 and gone[-1] == span[-1]
    remedy = (
        "Give its planned values for the days ahead too, or leave the regressor out"
        if ahead else "Fill it in, 0 where there was nothing, or leave the regressor out"
    )  # fmt: skip
    raise EcomsimError(
        lies, f"no value on {when}" + (of if empty else ""),
        f"a value on every day from {span[0].date()} to {span[-1].date()}", remedy,
    )  # fmt: skip
