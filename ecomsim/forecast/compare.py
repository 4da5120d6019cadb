"""Why the number moved since the last forecast: one thing changed at a time, nothing left over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecomsim.checks import EcomsimError

if TYPE_CHECKING:
    from ecomsim.forecast.outlook import Forecast
    from ecomsim.forecast.question import Question

__all__ = ["moved"]


def moved(now: Forecast, before: Forecast, period: str) -> pd.DataFrame:
    """Return the move of a period's mean outcome, split.

    Returns
    -------
    DataFrame by cause: `effect` and `outcome` after it. 'before'; 'days now known', what they brought beyond what
    was expected of them; 'outlook of the rest', what they changed about the days left; 'calendar' (events,
    regressors, assumed lifts); 'levers'; 'model' (settings, paths and seed); 'now'. Effects add up exactly.

    Raises
    ------
    EcomsimError
        For another metric, or a forecast that knows more days than this one.
    """
    if before.metric != now.metric:
        raise EcomsimError("compare", f"a forecast of '{before.metric}'", f"one of '{now.metric}'", "")
    if before.as_of > now.as_of or before.panel.start > now.panel.start:
        raise EcomsimError(
            "compare", f"a forecast that knows {before.panel.start} to {before.as_of}",
            f"one that knows {now.panel.start} or earlier to {now.as_of} at most", "Swap the two forecasts",
        )  # fmt: skip
    for one in (now, before):
        one.days_of(period)
    old, new = before.question, now.question
    steps: list[tuple[str, Question]] = []
    trials = new.trials if new.panel.end > old.panel.end else old.trials
    data = replace(
        old, trials=trials, panel=new.panel, horizon=new.horizon, drivers=_drivers(old, new), strict=False
    )
    steps.append(("data", data))
    calendar = replace(data, events=new.events, drivers=new.drivers, lifts=new.lifts, overlaps=new.overlaps)
    steps.append(("calendar", calendar))
    levers = replace(calendar, changes=new.changes)
    steps.append(("levers", levers))
    start = _mean(before, period)
    told, at = [("before", 0.0, start)], start
    for name, question in steps:
        value = _mean(now.asked(question), period)
        if name == "data":
            gain = _surprise(now, before, period)
            told.append(("days now known", gain, at + gain))
            told.append(("outlook of the rest", value - at - gain, value))
        else:
            told.append((name, value - at, value))
        at = value
    end = _mean(now, period)
    told += [("model", end - at, end), ("now", 0.0, end)]
    return pd.DataFrame(told, columns=["cause", "effect", "outcome"]).set_index("cause")


def _mean(outlook: Forecast, period: str) -> float:
    return float(outlook.outcomes(period)[0].mean())


def _drivers(old: Question, new: Question) -> dict[str, NDArray[np.float64]]:
    """Return the old calendar's drivers on the new span; where they end, the new ones go on."""
    shift = (new.panel.start - old.panel.start).days
    days = (new.horizon.end - new.panel.start).days + 1
    out = {}
    for name, values in old.drivers.items():
        last = np.broadcast_to(values[..., -1:], (*values.shape[:-1], days))
        made = np.array(new.drivers.get(name, last), float)
        if made.ndim != values.ndim or len(new.panel.ids) != len(old.panel.ids):
            out[name] = made  # of other series: nothing of the old to go on with
            continue
        had = values[..., shift : shift + days]
        made[..., : had.shape[-1]] = had
        out[name] = made
    return out


def _surprise(now: Forecast, before: Forecast, period: str) -> float:
    """Return what the days now known brought beyond what the old forecast expected of them."""
    first, last = now.days_of(period)
    inside = [i for i, day in enumerate(before.dates) if first <= day <= min(last, now.as_of)]
    if not inside:
        return 0.0
    expected = before.daily()[0].mean(axis=0)[inside].sum()
    total = now.panel.at("total")[1][0]
    places = [(before.dates[i] - now.panel.start).days for i in inside]
    return float(total[places].sum() - expected)
