"""The chance of a target as it would have been told day by day, from what was known then."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ecomsim.forecast.goals import goal_of
from ecomsim.forecast.words import chance_text
from ecomsim.metrics import metric
from ecomsim.target import Target, chance, period_days

if TYPE_CHECKING:
    from ecomsim.forecast.outlook import Forecast

__all__ = ["UNLIKELY", "chance_over_time", "unlikely_since"]

UNLIKELY = 0.2
"""Below this chance a target counts as unlikely."""
_PATHS = 200
# Beyond this the sum alone is forecast for earlier days: the leaves would only cost time.
_FEW = 64
_DOZEN = 12
_BEFORE_DAYS = 14
_LEAST_DAYS = 28
_DAY = dt.timedelta(days=1)


def chance_over_time(
    outlook: Forecast, target: Target, period: str | None = None, *, every: int = 1
) -> pd.DataFrame:
    """Return the chance of reaching a period's target as of earlier days.

    Parameters
    ----------
    every : days between; the as-of day is always the last

    Returns
    -------
    DataFrame by date, from two weeks before the period on: `p_hit`, `calibrated`, `chance` (in words), `known`
    and `p50` of the outcome. Each row sees only the days up to its own; levers and assumed lifts stand as planned.
    """
    name, goal = goal_of(outlook, target, period)
    first, last = period_days(name)
    good = metric(target.metric).good
    begin = max(first - _BEFORE_DAYS * _DAY, outlook.panel.start + _LEAST_DAYS * _DAY)
    count = max(0, (min(outlook.as_of, last - _DAY) - begin).days)
    days = sorted(begin + _DAY * (count - i) for i in range(0, count + 1, every))
    whole = replace(outlook.question, paths=_PATHS)
    # a lever on some of the leaves cannot act on their sum; trees that learnt from all series say nothing of it
    parted = any(c.leaves is not None or np.ndim(c.factor) == 2 for c in whole.changes)
    if len(outlook.panel.ids) > _FEW and whole.drawing.second is None and not parted:
        whole = whole.total_only()
    rows = []
    for day in days:
        then = outlook if day == outlook.as_of else outlook.asked(whole.until(day))
        drawn = then.outcomes(name)[0]
        share, _ = chance(drawn, goal, good)
        sure = then.is_calibrated(name)
        rows.append(
            (
                day,
                share,
                sure,
                chance_text(share, sure),
                float(then.known(name)[0]),
                float(pd.Series(drawn).median()),
            )
        )
    columns = ["date", "p_hit", "calibrated", "chance", "known", "p50"]
    return pd.DataFrame(rows, columns=columns).set_index("date")


def unlikely_since(outlook: Forecast, target: Target, period: str) -> dt.date | None:
    """Return the first day from which on the chance stayed below 1 in 5; None if it is not below now."""
    first, _ = period_days(period)
    span = (outlook.as_of - first).days + _BEFORE_DAYS
    told = chance_over_time(outlook, target, period, every=max(1, -(-span // _DOZEN)))
    below = told["p_hit"] < UNLIKELY
    if not len(below) or not below.iloc[-1]:
        return None
    likely = [day for day, low in below.items() if not low]
    after = [day for day in below.index if not likely or day > likely[-1]]
    found: dt.date = after[0]
    return found
