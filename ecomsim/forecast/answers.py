"""Will we make it? The forecast held against a target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ecomsim.checks import EcomsimError, require_name
from ecomsim.forecast.chances import unlikely_since
from ecomsim.forecast.goals import basis_fits, goal_of
from ecomsim.forecast.words import chance_text
from ecomsim.metrics import metric
from ecomsim.target import COLUMNS, Target, period_days, reach

if TYPE_CHECKING:
    from ecomsim.forecast.outlook import Forecast

__all__ = ["attainment", "needed"]


def attainment(outlook: Forecast, target: Target, *, since: bool = False) -> pd.DataFrame:
    """Return how likely each period of the target that lies ahead is reached.

    Parameters
    ----------
    since : add `unlikely_since`, the first day from which on the chance stayed below 1 in 5; this forecasts the
        period again as of its earlier days, at most a dozen of them

    Returns
    -------
    DataFrame by (period, of)
        The columns of `ecomsim.attainment` (`target`, `actual`, `p_hit` and its Monte Carlo error, gaps at P10, P50
        and P90, `mean`, `days_left`, what is required in all, a day, and of the next day), and: `chance`, the
        probability as people may quote it, which says 'uncalibrated' where history is too short to test it;
        `calibrated`; `basis`, what it rests on. `of` is 'total', or the part where the target has parts.

    Raises
    ------
    EcomsimError
        For a target of another metric, one whose periods are all over, or that the horizon does not cover.
    """
    basis_fits(outlook, target)
    good = metric(target.metric).good
    ahead = [p for p in target.periods if period_days(p)[1] > outlook.as_of]
    if not ahead:
        period = list(target.periods)[-1]
        brought = _brought(outlook, period)
        raise EcomsimError(
            f"target.{period}", f"a period that is over{brought}", f"a period that ends after {outlook.as_of}",
            "Give a target for a later period, or as_of to look back",
        )  # fmt: skip
    covered = [p for p in ahead if period_days(p)[1] <= outlook.horizon.end] or ahead[:1]
    rows = []
    for period in covered:
        wanted = [("total", "total", target.periods[period])]
        wanted += [(target.by, name, part[period]) for name, part in target.parts.items() if period in part]
        for level, name, goal in wanted:
            place = _place(outlook, level, name)
            rest = outlook.rest(period, level)[place]
            known = float(outlook.known(period, level)[place])
            outcome = outlook.outcomes(period, level)[place]
            found = dict(zip(COLUMNS, reach(rest, goal, known, good, outcome), strict=True))
            sure = not rest.shape[1] or outlook.is_calibrated(period, level)
            told: dict[str, object] = {
                "chance": chance_text(found["p_hit"], sure),
                "calibrated": sure,
                "basis": outlook.basis_of(period, level),
            }
            if since:
                told["unlikely_since"] = unlikely_since(outlook, target, period) if name == "total" else None
            rows.append({"period": period, "of": name} | found | told)
    return pd.DataFrame(rows).set_index(["period", "of"])


def needed(outlook: Forecast, target: Target, period: str | None = None) -> pd.DataFrame:
    """Return every remaining day of a period: expected, required, and the factor between them.

    What is still required is spread over the days in proportion to what the forecast expects of each, so an event
    day carries its share; a flat day rate would ask too much of the ordinary ones.
    """
    name, goal = goal_of(outlook, target, period)
    rest = outlook.rest(name)[0]
    days = outlook.question.ahead.dates[outlook.question.ahead.slice_of(*outlook.days_of(name))]
    known = float(outlook.known(name)[0])
    outcome = outlook.outcomes(name)[0]
    shape = rest.mean(axis=0)
    expected = shape * ((outcome.mean() - known) / shape.sum()) if shape.sum() > 0 else shape
    required = (
        expected * ((goal - known) / expected.sum()) if expected.sum() > 0 else np.full(len(shape), np.nan)
    )
    factor = np.divide(required, expected, out=np.full(len(shape), np.nan), where=expected > 0)
    return pd.DataFrame(
        {"expected": expected, "required": required, "factor": factor}, index=pd.Index(days, name="date")
    )


def _place(outlook: Forecast, level: str, name: str) -> int:
    require_name(level, [*outlook.panel.levels], "target.by", "level of the forecast")
    names = outlook.names(level)
    return names.index(require_name(name, names, f"target.parts by {level}", level))


def _brought(outlook: Forecast, period: str) -> str:
    first, _ = period_days(period)
    return "" if first < outlook.panel.start else f": it brought {outlook.known(period)[0]:,.0f}"
