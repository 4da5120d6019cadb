"""From whatever a user holds to a clean panel: every fault is answered, nothing is guessed silently."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecomsim.calendar import parse_date
from ecomsim.checks import EcomsimError, EcomsimWarning, require_name
from ecomsim.forecast.gaps import MISSING, fill_gaps
from ecomsim.forecast.panel import Panel
from ecomsim.forecast.readings import amounts_of, days_of, find_column
from ecomsim.forecast.rows import Rows
from ecomsim.metrics import METRICS, Adds
from ecomsim.metrics import metric as find_metric

__all__ = ["COLD", "panel_of"]

Floats: TypeAlias = NDArray[np.float64]

COLD = 28
"""Fewer days than this and the forecast starts cold."""
_PARTIAL = 0.5
_QUIET_DAYS = 28


def panel_of(
    history: Panel | pd.DataFrame | pd.Series[Any] | Mapping[str, pd.DataFrame],
    metric: str = "gmv",
    *,
    by: str = "",
    levels: Sequence[str] = (),
    as_of: dt.date | str | None = None,
    missing: str | Mapping[dt.date | str, str] | None = None,
) -> Panel:
    """Return the clean daily history of one metric.

    Parameters
    ----------
    history : canonical tables by name; a long table with the columns date, value (or the metric's name) and, for
        several series, id; a Series by day; or a Panel
    metric : a metric that adds up over days
    by : what a series is: '' the whole store; 'channel', 'category' or 'sku' for canonical tables, or a column
    levels : columns of the long table that group its series, e.g. ('category',)
    as_of : last day that counts; later rows are left out and told
    missing : what days without a row were: 'closed' (no trade, teaches nothing), 'zero' (open, nothing sold),
        'unknown' (sold, not recorded; the usual day stands in), for all or by day {day: what}

    Raises
    ------
    EcomsimError
        For anything that would make a forecast wrong without a word, naming row, column and fix: days twice,
        days missing, NaN, negative or unreadable amounts, time zones, months for days.

    Examples
    --------
    >>> import pandas as pd
    >>> sold = pd.Series([5.0, 7, 6], pd.date_range("2026-11-01", periods=3))
    >>> panel_of(sold, "units")
    Panel(units: 1 series, 2026-11-01 to 2026-11-03; total 1)
    """
    _additive(metric)
    until = None if as_of is None else parse_date(as_of, "forecast.as_of")
    if isinstance(history, Panel):
        if history.metric != metric:
            raise EcomsimError("forecast.metric", f"'{metric}'", f"'{history.metric}', as the panel is", "")
        return history if until is None else history.until(until)
    if isinstance(history, pd.Series):
        frame = pd.DataFrame({"date": history.index, "value": history.to_numpy()})
        return _from_frame(frame, metric, "", (), until, missing)
    if isinstance(history, pd.DataFrame):
        return _from_frame(history, metric, by, levels, until, missing)
    if isinstance(history, Mapping) and all(isinstance(t, pd.DataFrame) for t in history.values()):
        from ecomsim.forecast.canonical import rows_from_tables

        found = rows_from_tables(history, metric, by)
        return _assemble(found, metric, until, missing if missing is not None else found.missing)
    raise EcomsimError(
        "forecast.history", type(history).__name__,
        "canonical tables by name, a DataFrame with date and value, a Series by day, or a Panel",
        "Read a workbook's tables with es.read_tables(path)",
    )  # fmt: skip


def _additive(name: str) -> None:
    found = find_metric(name, "forecast.metric")
    if found.adds is not Adds.SUM:
        known = [m for m in ("gmv", "orders", "buyers", "visitors", "units", "net_sales") if m in METRICS]
        remedy = (
            f"Forecast '{found.ratio[0]}' and '{found.ratio[1]}'" if found.ratio else "Choose one that does"
        )
        raise EcomsimError(
            "forecast.metric", f"'{name}', which does not add up over days", ", ".join(known), remedy
        )


def _from_frame(
    frame: pd.DataFrame,
    metric: str,
    by: str,
    levels: Sequence[str],
    until: dt.date | None,
    missing: str | Mapping[dt.date | str, str] | None,
) -> Panel:
    if not len(frame):
        raise EcomsimError("history", "no rows", "one row a day", "Import the daily export first")
    notes: list[str] = []
    days = days_of(frame[find_column(frame, "date")].reset_index(drop=True))
    values = amounts_of(
        frame[find_column(frame, "value", metric=metric)].reset_index(drop=True), metric, notes
    )
    column = find_column(frame, "series", by) if by else ("id" if "id" in frame.columns else "")
    names = frame[column].reset_index(drop=True) if column else pd.Series(["total"] * len(frame))
    if names.isna().any():
        place = int(np.flatnonzero(names.isna())[0])
        raise EcomsimError(f"history row {place + 1}, column '{column}'", "no name", "a name", "Fill it in")
    names = names.astype(str)
    _no_day_twice(days, names, values, column)
    first, last = days.min(), days.max()
    span = np.arange(first, last + np.timedelta64(1, "D"))
    ids = tuple(dict.fromkeys(names))
    wide = np.full((len(ids), len(span)), np.nan)
    wide[pd.Index(ids).get_indexer(pd.Index(names)), (days - first).astype(int)] = values
    groups = {level: _groups(frame, names, ids, level) for level in levels}
    rows = Rows(ids, tuple(span.tolist()), wide, groups, tuple(notes))
    return _assemble(rows, metric, until, missing)


def _no_day_twice(days: NDArray[Any], names: pd.Series[str], values: Floats, column: str) -> None:
    keys = pd.DataFrame({"day": days.astype("datetime64[s]"), "name": names})
    twice = keys.duplicated(keep="first").to_numpy()
    if not twice.any():
        return
    second = int(np.flatnonzero(twice)[0])
    first = int(np.flatnonzero((keys == keys.iloc[second]).all(axis=1))[0])
    whose = f" of '{names[second]}'" if column else ""
    raise EcomsimError(
        f"history rows {first + 1} and {second + 1}", f"{days[second]}{whose} twice ({values[first]:g} and "
        f"{values[second]:g}; {int(twice.sum())} such rows in all)", "each day once for each series",
        "Keep one of the two, or add them up: frame.groupby(['date', ...]).sum()",
    )  # fmt: skip


def _groups(frame: pd.DataFrame, names: pd.Series[str], ids: tuple[str, ...], level: str) -> list[str]:
    column = frame[find_column(frame, "level", level)].reset_index(drop=True)
    if column.isna().any():
        place = int(np.flatnonzero(column.isna())[0])
        raise EcomsimError(f"history row {place + 1}, column '{level}'", "no name", "a name", "Fill it in")
    pairs = pd.DataFrame({"id": names, "group": column.astype(str)}).drop_duplicates()
    torn = pairs[pairs["id"].duplicated(keep=False)]
    if len(torn):
        name = torn["id"].iloc[0]
        raise EcomsimError(
            f"history column '{level}'", f"'{name}' in {', '.join(torn[torn['id'] == name]['group'])}",
            f"one {level} for each series", "Give the series one group, or make it part of the id",
        )  # fmt: skip
    return [str(g) for g in pairs.set_index("id")["group"].reindex(list(ids))]


def _assemble(
    rows: Rows, metric: str, until: dt.date | None, missing: str | Mapping[dt.date | str, str] | None
) -> Panel:
    """Cut at the as-of day, fill the gaps as told, look for what is legal but odd."""
    if isinstance(missing, str):
        require_name(missing, MISSING, "forecast.missing", "kind of day")
    notes = list(rows.notes)
    dates, values = rows.dates, rows.values
    if until is not None:
        if not dates[0] <= until:
            raise EcomsimError("forecast.as_of", str(until), f"{dates[0]} or later", "Choose a later day")
        if until < dates[-1]:
            keep = (until - dates[0]).days + 1
            notes.append(f"{len(dates) - keep} days after {until} are not used.")
            dates, values = dates[:keep], values[:, :keep]
        elif until > dates[-1]:
            raise EcomsimError(
                "forecast.as_of", str(until), f"a day from {dates[0]} to {dates[-1]}",
                "Import the days up to then, or leave as_of out",
            )  # fmt: skip
    full, observed, told = fill_gaps(values, dates, rows.ids, missing)
    notes += told
    here = np.isfinite(full).any(axis=1)
    if not here.all():  # listed only after the as-of day
        notes.append(f"{int((~here).sum())} series begin after {dates[-1]} and are left out.")
        full, observed = full[here], observed[here]
    left = np.flatnonzero(here).tolist()
    ids = tuple(rows.ids[i] for i in left)
    levels, level_names = {}, {}
    for level, group in rows.levels.items():
        kept = [group[i] for i in left]
        level_names[level] = tuple(dict.fromkeys(kept))
        levels[level] = np.array([level_names[level].index(g) for g in kept], np.int64)
    notes += _odd(full, dates, ids)
    return Panel(metric, dates, ids, full, levels, level_names, tuple(notes), observed)


def _odd(values: Floats, dates: tuple[dt.date, ...], ids: tuple[str, ...]) -> list[str]:
    """Return what is legal but odd; refuse a history of nothing."""
    if not values.any():
        raise EcomsimError(
            "history", "nothing but zeros", "at least one day with sales", "Check the metric and its column"
        )
    told = []
    days = len(dates)
    if days < COLD:
        told.append(
            f"Only {days} days of history (from {dates[0]}): cold start. Level from these days' mean; weekday, "
            "season and events from their priors; no track record, so any chance is uncalibrated."
        )
    last_sale = np.where(values > 0, np.arange(1, days + 1), 0).max(axis=1)
    zero = [ids[i] for i in np.flatnonzero(last_sale == 0)]
    if zero:
        told.append(f"{len(zero)} series never sold ({', '.join(zero[:3])}): forecast at zero.")
    if days >= 2 * _QUIET_DAYS:
        quiet = [ids[i] for i in np.flatnonzero((last_sale > 0) & (last_sale <= days - _QUIET_DAYS))]
        if quiet:
            told.append(
                f"{len(quiet)} series have sold nothing for {_QUIET_DAYS} days ({', '.join(quiet[:3])}): treated as "
                "discontinued; leave them out or give their restart as an assumed lift."
            )
    total = values.sum(axis=0)
    if days > COLD and total[-1] < _PARTIAL * min(total[-8:-1].min(), total[-29:-1:7].min()):
        before = dates[-1] - dt.timedelta(days=1)
        told.append(
            f"{dates[-1]} brought {total[-1]:,.0f}, less than half of any day of the week before: is it a partial "
            f"day? If so, give as_of='{before}'."
        )
        warnings.warn(told[-1], EcomsimWarning, stacklevel=4)
    return told
