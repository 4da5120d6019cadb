"""How likely each scenario of a study is to reach a target."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ecomsim.calendar import Horizon, parse_date, parse_month
from ecomsim.checks import EcomsimError, require_name, require_number
from ecomsim.metrics import metric
from ecomsim.study import Study
from ecomsim.target.reach import COLUMNS, reach
from ecomsim.target.target import Target

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["attainment"]


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
        (
            month,
            name,
            *reach(
                np.asarray(study.daily(target.metric, name)[:, left[month]], float),
                target.months[month],
                known.get(month, 0.0),
                found.good,
            ),
        )
        for month in months
        for name in names
    ]
    return pd.DataFrame(rows, columns=["month", "scenario", *COLUMNS]).set_index(["month", "scenario"])


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
