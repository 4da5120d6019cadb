"""A target over its days, as the forecast's own calendar shapes them, and how the month keeps up with it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecomsim.calendar import Horizon
from ecomsim.forecast.goals import goal_of
from ecomsim.target import Target, period_months

if TYPE_CHECKING:
    from ecomsim.forecast.outlook import Forecast

__all__ = ["pacing", "plan", "split"]

Floats: TypeAlias = NDArray[np.float64]


def split(outlook: Forecast, target: Target, period: str | None = None) -> pd.DataFrame:
    """Return a period's target split over its days: an event day carries its share, nothing is flat.

    Days ahead weigh what the forecast expects of them. Days that are over weigh what the model, fitted to all of
    history, expects of such a day now, so that a good or bad day of the past does not move its own plan.

    Returns
    -------
    DataFrame by date: `target`, `weight` (share of the period), `month`. Targets add up to the period's exactly.
    """
    name, goal = goal_of(outlook, target, period)
    first, last = outlook.days_of(name)
    days = Horizon(first, last).dates
    weights = _shape(outlook, first, last)
    shares = weights / weights.sum()
    index = pd.Index(days, name="date")
    return pd.DataFrame(
        {"target": goal * shares, "weight": shares, "month": [f"{day:%Y-%m}" for day in days]}, index=index
    )


def plan(outlook: Forecast, target: Target, period: str) -> Target:
    """Return a quarter's or year's target with targets for its months, split by the forecast's calendar.

    Months that have a target of their own keep it; the rest is split over the others.
    """
    name, goal = goal_of(outlook, target, period)
    days = split(outlook, target, name)
    months = {m: target.months[m] for m in period_months(name) if m in target.months}
    open_ = days[~days["month"].isin(list(months))].groupby("month")["weight"].sum()
    left = goal - sum(months.values())
    made = months | {str(m): float(left * w / open_.sum()) for m, w in open_.items()}
    return Target(target.metric, dict(target.periods) | made)


def pacing(outlook: Forecast, target: Target, period: str | None = None) -> pd.DataFrame:
    """Return the running totals of a period.

    Returns
    -------
    DataFrame by date: `planned`, the target split by calendar; `actual` up to the as-of day; `p10`, `p50`, `p90`
    and `mean` from it on (the as-of day itself holds the actual, where the fan begins); `pace`, actual over planned.
    """
    name, _ = goal_of(outlook, target, period)
    plan_days = split(outlook, target, name)
    days = list(plan_days.index)
    planned = plan_days["target"].cumsum().to_numpy()
    known = [day for day in days if day <= outlook.as_of]
    count = len(known)
    start = outlook.panel.dates.index(known[0]) if known else 0
    total = outlook.panel.at("total")[1][0]
    actual = np.full(len(days), np.nan)
    actual[:count] = np.cumsum(total[start : start + count])
    so_far = actual[count - 1] if count else 0.0
    out = {"planned": planned, "actual": actual}
    running = so_far + np.cumsum(outlook.rest(name)[0], axis=1)
    running = spread_to(running, outlook.outcomes(name)[0], so_far)
    for key, values in zip(("p10", "p50", "p90"), np.quantile(running, [0.1, 0.5, 0.9], axis=0), strict=True):
        out[key] = _after(values, count, len(days), so_far)
    out["mean"] = _after(running.mean(axis=0), count, len(days), so_far)
    out["pace"] = np.divide(actual, planned, out=np.full(len(days), np.nan), where=planned > 0)
    return pd.DataFrame(out, index=pd.Index(days, name="date"))


def spread_to(running: Floats, outcome: Floats, so_far: float) -> Floats:
    """Return running totals (R, D) whose last day is `outcome`: every path is stretched in proportion."""
    if not running.shape[1]:
        return running
    ends = running[:, -1:] - so_far
    stretch = np.divide(outcome[:, None] - so_far, ends, out=np.ones_like(ends), where=ends > 0)
    return np.asarray(so_far + (running - so_far) * stretch)


def _after(values: Floats, count: int, days: int, so_far: float) -> Floats:
    out = np.full(days, np.nan)
    out[count:] = values
    if count:
        out[count - 1] = so_far
    return out


def _shape(outlook: Forecast, first: dt.date, last: dt.date) -> Floats:
    """Return what the model expects of every day of a period at today's level."""
    shape = np.exp(outlook.sample.basis.shape)  # history and ahead, without the level
    begin = (first - outlook.panel.start).days
    expected = shape[begin : begin + (last - first).days + 1].copy()
    inside = outlook.question.ahead.slice_of(first, last)
    ahead = outlook.sample.mean.sum(axis=0)[inside]
    past = len(expected) - len(ahead)
    if len(ahead):
        scale = ahead.sum() / expected[past:].sum()
        expected *= scale
        expected[past:] = ahead
    return expected
