"""The track record: past months simulated as of their first day, held against the truth and naive rules.

For every month the store is calibrated on the days before it only (the promotion calendar, planned spend
and price changes are known ahead, outcomes are not), with the stock of that morning, and simulated through
the month.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecomsim.calendar import Horizon
from ecomsim.calibrate import History, calibrate_history, read_history
from ecomsim.checks import EcomsimError, require_number
from ecomsim.formulas.scores import crps
from ecomsim.metrics import metric

__all__ = ["Backtest", "backtest"]

_LEAST_HISTORY = 56
_LEAST_KNOWN = 0.8
# A few hundred replications see no more of a posterior than a hundred draws.
_DRAWS = 100
_MODEL, _SEASONAL, _MEAN = "simulation", "seasonal naive", "4-week mean"


@dataclass(frozen=True)
class Backtest:
    """Errors and coverage of past months.

    Attributes
    ----------
    months : one row a month, metric and method: actual, forecast, error, and for the simulation interval
        and CRPS
    days : one row a day and metric: actual, median, interval of the simulation
    reliability : one row a metric and nominal share: share of days and months inside
    share : nominal share of the intervals shown
    notes : months left out and why
    """

    months: pd.DataFrame
    days: pd.DataFrame
    reliability: pd.DataFrame
    share: float
    notes: tuple[str, ...] = ()

    def summary(self) -> pd.DataFrame:
        """Return one row a metric and method: MAPE, bias, relative CRPS, coverage of months and days."""
        rows = []
        for (name, method), part in self.months.groupby(["metric", "method"], sort=False):
            error = part["error"].to_numpy(float)
            score = part["crps"].to_numpy(float) / part["actual"].to_numpy(float)
            own = method == _MODEL
            days = self.days[self.days["metric"] == name]
            rows.append({
                "metric": name,
                "method": method,
                "months": len(part),
                "mape": float(np.mean(np.abs(error))),
                "bias": float(np.mean(error)),
                "crps": float(np.mean(score)),
                "months_inside": float(part["inside"].mean()) if own else float("nan"),
                "days_inside": float(days["inside"].mean()) if own and len(days) else float("nan"),
            })  # fmt: skip
        return pd.DataFrame(rows)

    def text(self) -> str:
        """Return the track record as a plain table."""
        frame = self.summary()
        head = f"Each month simulated as of its first day; intervals of {self.share:.0%}."
        shown = pd.DataFrame({
            "metric": frame["metric"],
            "method": frame["method"],
            "months": frame["months"],
            "MAPE": frame["mape"].map("{:.1%}".format),
            "bias": frame["bias"].map("{:+.1%}".format),
            "CRPS": frame["crps"].map("{:.1%}".format),
            "months inside": frame["months_inside"].map(_share_text),
            "days inside": frame["days_inside"].map(_share_text),
        })  # fmt: skip
        return "\n".join([head, shown.to_string(index=False), *self.notes])


def _share_text(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.0%}"


def backtest(
    tables: Mapping[str, pd.DataFrame],
    *,
    months: int = 6,
    replications: int = 300,
    metrics: Sequence[str] = ("gmv", "orders", "visitors"),
    share: float = 0.8,
    seed: int = 7,
) -> Backtest:
    """Simulate each of the last full months as of its first day.

    Parameters
    ----------
    tables : canonical tables by name
    months : how many months back
    replications : simulations a month
    metrics : recorded metrics that the tables also hold: gmv, orders, buyers, units, visitors
    share : nominal share of the intervals
    seed : of calibration and simulation

    Raises
    ------
    EcomsimError
        When no month has at least eight weeks of data before it.
    """
    share = require_number(share, "backtest.share", low=0.0, high=0.999, open_low=True)
    history = read_history(tables)
    actual = {name: _actual(history, name) for name in metrics}
    spans, notes = _full_months(history, months)
    month_rows: list[dict[str, object]] = []
    day_rows: list[pd.DataFrame] = []
    levels: list[tuple[str, str, float]] = []
    for start, end in spans:
        paths = _simulated(history, start, end, replications, metrics, seed)
        where = (history.dates >= pd.Timestamp(start)) & (history.dates <= pd.Timestamp(end))
        for name in metrics:
            known = np.isfinite(actual[name][where])
            if known.mean() < _LEAST_KNOWN or not actual[name][where][known].sum() > 0:
                notes.append(f"{start:%Y-%m} {name}: too many days are missing; the month is not scored.")
                continue
            if not known.all():
                notes.append(f"{start:%Y-%m} {name}: {int((~known).sum())} missing days are left out.")
            truth, path = actual[name][where][known], paths[name][:, known]
            month_rows += _month_rows(name, start, truth, path, actual[name], history, share)
            frame, ranks = _day_rows(name, history.dates[where][known], truth, path, share)
            day_rows.append(frame)
            levels += [(name, "day", r) for r in ranks]
            levels.append((name, "month", _rank(path.sum(axis=1), float(truth.sum()))))
    if not month_rows:
        raise EcomsimError("backtest", "no month that can be scored", "months with their days", notes[-1])
    return Backtest(
        pd.DataFrame(month_rows),
        pd.concat(day_rows, ignore_index=True),
        _reliability(levels),
        share,
        tuple(notes),
    )


def _actual(history: History, name: str) -> NDArray[np.float64]:
    if metric(name).id == "visitors" and np.nansum(history.channel["visitors"]) > 0:
        # The simulated total adds channels up; the export's own total counts a visitor of two channels once.
        parts = history.channel["visitors"]
        return np.where(np.isfinite(parts).any(axis=1), np.nansum(parts, axis=1), np.nan)
    if name not in history.store or np.isnan(history.store[name]).all():
        raise EcomsimError(
            f"backtest.metrics '{name}'", "no such days in the data",
            ", ".join(n for n in ("gmv", "orders", "buyers", "units", "visitors", "refunds")
                      if n in history.store and np.isfinite(history.store[n]).any()),
            "Choose among these",
        )  # fmt: skip
    return history.store[name]


def _full_months(history: History, months: int) -> tuple[list[tuple[dt.date, dt.date]], list[str]]:
    """Return the last full months that have enough days before them, oldest first."""
    spans: list[tuple[dt.date, dt.date]] = []
    notes: list[str] = []
    period = pd.Period(history.dates[-1], "M")
    if period.end_time.normalize() > history.dates[-1]:
        period -= 1
    while len(spans) < months and period.start_time >= history.dates[0]:
        start = period.start_time
        before = int((start - history.dates[0]).days)
        if before < _LEAST_HISTORY:
            notes.append(f"{start:%Y-%m} has only {before} days before it ({_LEAST_HISTORY} are needed).")
            break
        spans.append((start.date(), period.end_time.date()))
        period -= 1
    if not spans:
        raise EcomsimError(
            "backtest", f"{len(history.dates)} days of data",
            f"a full month with {_LEAST_HISTORY} days before it",
            "Import more history",
        )  # fmt: skip
    return spans[::-1], notes


def _simulated(
    history: History, start: dt.date, end: dt.date, replications: int, metrics: Sequence[str], seed: int
) -> dict[str, NDArray[np.float64]]:
    """Return (replications, days) paths of each metric."""
    from ecomsim.simulate import simulate

    store = calibrate_history(history, as_of=start - dt.timedelta(days=1), seed=seed, draws=_DRAWS).store
    study = simulate(store, Horizon(start, end), replications=replications, seed=seed)
    scenario = study.scenarios[0]
    return {name: np.asarray(study.daily(name, scenario), float) for name in metrics}


def _rank(draws: NDArray[np.float64], actual: float) -> float:
    """Return the share of draws below the actual, ties split."""
    return float(np.mean(draws < actual) + 0.5 * np.mean(draws == actual))


def _month_rows(
    name: str,
    start: dt.date,
    truth: NDArray[np.float64],
    paths: NDArray[np.float64],
    series: NDArray[np.float64],
    history: History,
    share: float,
) -> list[dict[str, object]]:
    total, month = float(truth.sum()), f"{start:%Y-%m}"
    sums = paths.sum(axis=1)
    low, middle, high = np.quantile(sums, [(1 - share) / 2, 0.5, (1 + share) / 2])
    rows: list[dict[str, object]] = [
        {"month": month, "metric": name, "method": _MODEL, "actual": total, "forecast": float(sums.mean()),
         "median": float(middle), "error": float(sums.mean()) / total - 1, "crps": float(crps(sums, total)),
         "low": float(low), "high": float(high), "inside": bool(low <= total <= high),
         "rank": _rank(sums, total)}
    ]  # fmt: skip
    for method, forecast in _naive(series, history, start, len(truth)).items():
        rows.append(
            {"month": month, "metric": name, "method": method, "actual": total, "forecast": forecast,
             "median": forecast, "error": forecast / total - 1, "crps": abs(forecast - total), "low": np.nan,
             "high": np.nan, "inside": False, "rank": np.nan}
        )  # fmt: skip
    return rows


def _naive(series: NDArray[np.float64], history: History, start: dt.date, days: int) -> dict[str, float]:
    """Return month totals by two rules: seasonal naive and the mean of the last four weeks.

    Seasonal naive is the same month of last year, or the last week repeated where there is none.
    """
    at = int(history.dates.searchsorted(pd.Timestamp(start)))
    recent = series[max(0, at - 28) : at]
    mean = float(np.nanmean(recent)) * days
    year = pd.date_range(pd.Timestamp(start) - pd.DateOffset(years=1), periods=days)
    place = history.dates.get_indexer(year)
    if (place >= 0).all() and np.isfinite(series[place]).all():
        seasonal = float(series[place].sum())
    else:
        week = series[max(0, at - 7) : at]
        seasonal = float(np.nansum(np.resize(week, days)))
    return {_SEASONAL: seasonal, _MEAN: mean}


def _day_rows(
    name: str,
    dates: pd.DatetimeIndex,
    truth: NDArray[np.float64],
    paths: NDArray[np.float64],
    share: float,
) -> tuple[pd.DataFrame, list[float]]:
    low, middle, high = np.quantile(paths, [(1 - share) / 2, 0.5, (1 + share) / 2], axis=0)
    frame = pd.DataFrame({
        "date": dates, "metric": name, "actual": truth, "median": middle, "low": low, "high": high,
        "inside": (low <= truth) & (truth <= high),
    })  # fmt: skip
    return frame, [_rank(paths[:, d], float(truth[d])) for d in range(len(truth))]


def _reliability(levels: Sequence[tuple[str, str, float]]) -> pd.DataFrame:
    """Return how often the actual fell inside central intervals of several nominal shares."""
    frame = pd.DataFrame(levels, columns=["metric", "of", "rank"])
    rows = []
    for (name, of), part in frame.groupby(["metric", "of"], sort=False):
        for nominal in (0.5, 0.8, 0.9, 0.95):
            inside = (part["rank"] - 0.5).abs() <= nominal / 2
            rows.append(
                {"metric": name, "of": of, "nominal": nominal, "inside": float(inside.mean()), "n": len(part)}
            )
    return pd.DataFrame(rows)
