"""A month's target and how likely each scenario is to reach it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from ecomsim.calendar import Horizon, parse_date, parse_month
from ecomsim.checks import EcomsimError, nearest, require_name, require_number
from ecomsim.metrics import METRICS, Adds, Good, metric
from ecomsim.study import Study

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Target", "attainment"]


@dataclass(frozen=True)
class Target:
    """What a metric should add up to, month by month.

    Parameters
    ----------
    metric : a metric that adds up over days, e.g. 'gmv'; net sales are 'net_sales', another basis
    months : {YYYY-MM: total of the month}, positive

    Raises
    ------
    EcomsimError
        For an unknown metric, a ratio or stock, a month that is none, a total that is not positive.

    Examples
    --------
    >>> Target("gmv", {"2026-11": 12_000_000}).months["2026-11"]
    12000000.0
    """

    metric: str
    months: Mapping[str, float]

    def __post_init__(self) -> None:
        found = metric(self.metric, "target.metric")
        if found.adds is not Adds.SUM:
            known = [name for name, m in METRICS.items() if m.adds is Adds.SUM]
            raise EcomsimError(
                "target.metric",
                f"'{self.metric}', which does not add up over days",
                ", ".join(known[:8]) + ", ...",
                f"Set a target for '{found.ratio[0]}'" if found.ratio else "Choose one that does",
            )
        if not isinstance(self.months, Mapping) or not self.months:
            raise EcomsimError(
                "target.months", repr(self.months)[:80], "{'2026-11': 12_000_000}", "Name a month"
            )
        made = {}
        for month, value in self.months.items():
            parse_month(month, "target.months")
            made[month] = require_number(value, f"target.{month}", low=0.0, open_low=True, unit=found.unit)
        object.__setattr__(self, "months", MappingProxyType(dict(sorted(made.items()))))

    def __reduce__(self) -> tuple[Any, ...]:
        return Target, (self.metric, dict(self.months))

    def __hash__(self) -> int:
        return hash((self.metric, tuple(self.months.items())))

    @classmethod
    def from_table(cls, table: pd.DataFrame, metric: str = "gmv") -> Target:
        """Return the target of `metric` in a table with the columns month, metric and target.

        `month` is YYYY-MM or any day of the month. A month given twice, or missing a value, raises.
        """
        for column in ("month", "metric", "target"):
            if column not in table.columns:
                hit = nearest(column, [str(c) for c in table.columns])
                remedy = f"Rename '{hit}'" if hit else f"Add the column {column}"
                raise EcomsimError("targets", f"no column '{column}'", "month, metric, target", remedy)
        rows = table[table["metric"].astype(str).str.strip() == metric]
        if rows.empty:
            known = sorted({str(m) for m in table["metric"]})
            require_name(metric, known, "targets.metric", "metric")
        months: dict[str, float] = {}
        for number, (month, value) in enumerate(zip(rows["month"], rows["target"], strict=True), start=1):
            text = (
                month
                if isinstance(month, str) and len(month) == 7
                else f"{parse_date(month, 'targets.month'):%Y-%m}"
            )
            if text in months:
                raise EcomsimError(f"targets row {number}", f"{text} twice", "each month once", "Keep one")
            months[text] = value
        return cls(metric, months)

    def daily(self, month: str, shape: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return the month's target split over its days in proportion to `shape`, not flat."""
        weights = np.asarray(shape, float)
        days = Horizon.month(month).days
        if (
            weights.shape != (days,)
            or not np.isfinite(weights).all()
            or (weights < 0).any()
            or not weights.any()
        ):
            raise EcomsimError(
                f"target.{month}.daily",
                f"weights of shape {weights.shape}",
                f"{days} weights, none negative",
                "",
            )
        total = self.months[require_name(month, list(self.months), "target", "month")]
        return np.asarray(total * weights / weights.sum())


def attainment(
    study: Study,
    target: Target,
    scenario: str | None = None,
    *,
    as_of: dt.date | str | None = None,
    actual: float | Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Return how likely the target is reached: probability, gap, and what each remaining day must bring.

    Parameters
    ----------
    study : Study
        Its replications are the possible rest of the month.
    target : Target
        Every month of it that the horizon touches is answered.
    scenario : str, optional
        Default all.
    as_of : date, optional
        Last day already known, default the day before the horizon. Simulated days up to it are replaced by
        `actual`.
    actual : float or {month: float}, optional
        What the month (of `as_of`) has brought from its first day to `as_of`.

    Returns
    -------
    DataFrame by (month, scenario)
        `target`, `actual`; `p_hit`, the share of replications in which actual plus simulated days reach the
        target, and `p_hit_error`, its Monte Carlo standard error sqrt(p (1 - p) / R), by the rule of three 3
        / R when all or none do; `gap_p10`, `gap_p50`, `gap_p90`, outcome less target; `mean`; `days_left`;
        `required`, still needed; `required_daily`, that over the days left; `required_factor`, that over the
        expected rest: what every remaining day must be multiplied by, event days keeping their shape;
        `required_next`, what the next day must bring so. For a metric of which less is better, reached means
        at or below the target.

    Raises
    ------
    EcomsimError
        If no month of the target is inside the horizon, a month is only partly covered and `actual` is
        missing, or `actual` and `as_of` do not fit.
    """
    import pandas as pd

    found = metric(target.metric, "attainment.metric")
    if target.metric not in study.metrics:
        raise EcomsimError(
            "attainment", f"a target of '{target.metric}'", ", ".join(study.metrics), "Use the study's basis"
        )
    names = (
        study.scenarios
        if scenario is None
        else (require_name(scenario, study.scenarios, "attainment", "scenario"),)
    )
    months = [m for m in target.months if m in study.horizon.months]
    if not months:
        raise EcomsimError(
            "attainment", f"a target for {', '.join(target.months)}", f"a month of {study.origin.horizon}",
            f"Simulate {next(iter(target.months))}",
        )  # fmt: skip
    day, known = _to_date(study.horizon, as_of, actual)
    for stray in sorted(set(known) - set(months)):
        raise EcomsimError(
            f"attainment.actual {stray}",
            "a month without target",
            ", ".join(months),
            "Give as_of, or {month: actual}",
        )
    left = {month: _open_days(study.horizon, month, day, known) for month in months}
    rows = [
        (month, name, *_reach(study, target, found.good, month, name, left[month], known.get(month, 0.0)))
        for month in months
        for name in names
    ]
    columns = [
        "month", "scenario", "target", "actual", "p_hit", "p_hit_error", "gap_p10", "gap_p50", "gap_p90",
        "mean", "days_left", "required", "required_daily", "required_factor", "required_next",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).set_index(["month", "scenario"])


def _to_date(
    horizon: Horizon, as_of: dt.date | str | None, actual: float | Mapping[str, float] | None
) -> tuple[dt.date, dict[str, float]]:
    """Return the last known day and what each month brought up to it."""
    day = horizon.start - dt.timedelta(days=1) if as_of is None else parse_date(as_of, "attainment.as_of")
    if actual is None:
        return day, {}
    if not isinstance(actual, Mapping):
        actual = {f"{day:%Y-%m}": actual}
    known = {month: require_number(value, f"attainment.actual {month}") for month, value in actual.items()}
    for month in known:
        if parse_month(month, "attainment.actual")[0] > day:
            raise EcomsimError(
                f"attainment.actual {month}",
                f"a sum up to {day}",
                "a month begun by then",
                "Give as_of, the last known day",
            )
    return day, known


def _open_days(horizon: Horizon, month: str, as_of: dt.date, known: Mapping[str, float]) -> slice:
    """Return the simulated days of the month that are still open."""
    first, last = parse_month(month)
    where = f"attainment {month}"
    following = max(as_of + dt.timedelta(days=1), first)
    if as_of >= first and month not in known:
        raise EcomsimError(
            where,
            f"no actual for {first} to {min(as_of, last)}",
            "what those days brought",
            "Give actual, their sum",
        )
    if following < horizon.start and following <= last:
        gap = f"no days {following} to {min(horizon.start - dt.timedelta(days=1), last)}"
        raise EcomsimError(where, gap, "known or simulated days", "Give actual and as_of up to the horizon")
    if horizon.end < last and as_of < last:
        raise EcomsimError(
            where,
            f"a horizon that ends on {horizon.end}",
            f"every day to {last}",
            "Simulate to the month's end",
        )
    return horizon.slice_of(following, last)


def _reach(
    study: Study, target: Target, good: Good, month: str, scenario: str, left: slice, known: float
) -> tuple[float, ...]:
    goal = target.months[month]
    rest = study.daily(target.metric, scenario)[:, left]
    outcome = known + rest.sum(axis=1)
    hits = outcome <= goal if good is Good.LESS else outcome >= goal
    share, runs = float(np.mean(hits)), len(hits)
    error = math.sqrt(share * (1 - share) / runs) if 0 < share < 1 else min(1.0, 3 / runs)
    if rest.shape[1] == 0:
        error = 0.0  # nothing is left to chance
    low, mid, high = np.quantile(outcome - goal, [0.1, 0.5, 0.9])
    days = rest.shape[1]
    required = goal - known
    shape = rest.mean(axis=0)
    expected = float(shape.sum())
    factor = required / expected if expected > 0 else math.nan
    daily = required / days if days else math.nan
    following = factor * float(shape[0]) if days else math.nan
    return (
        goal, known, share, error, float(low), float(mid), float(high), float(outcome.mean()),
        days, required, daily, factor, following,
    )  # fmt: skip
