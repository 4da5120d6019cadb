"""The quarter and the year a month lies in: what they brought, what they will bring, and their targets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ecomsim.calendar import Horizon
from ecomsim.forecast import Forecast
from ecomsim.forecast.occasions import occasions
from ecomsim.target import Target, period_days, period_months

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Longer", "longer"]


@dataclass(frozen=True, eq=False)
class Longer:
    """One period longer than the month.

    Attributes
    ----------
    period : 'YYYY-Qn' or 'YYYY'
    outlook : a forecast that reaches to its end
    target : the months' targets added up; None where a month has none
    """

    period: str
    outlook: Forecast
    target: Target | None


def longer(
    outlook: Forecast, month: str, goal: Callable[[str], float | None], tables: Mapping[str, pd.DataFrame]
) -> tuple[Longer, ...]:
    """Return the quarter and the year of a month, as far as history holds their first day and they are not over.

    Parameters
    ----------
    outlook : of the month; its paths are drawn on, nothing is calibrated anew
    goal : target of a month
    """
    year, number = month.split("-")
    found = []
    for period in (f"{year}-Q{(int(number) + 2) // 3}", year):
        first, last = period_days(period)
        if (
            first < outlook.panel.start
            or last <= outlook.as_of
            or first > outlook.as_of + dt.timedelta(days=31)
        ):
            continue
        question = outlook.question
        if last > outlook.horizon.end:
            events = occasions(outlook.panel.start, last, None, tables.get("promotions"), [])
            days = Horizon(outlook.horizon.start, last)
            question = replace(question, horizon=days, events=events, strict=False)
        goals = [goal(m) for m in period_months(period)]
        known = [g for g in goals if g]
        target = Target(outlook.metric, {period: sum(known)}) if len(known) == len(goals) else None
        found.append(Longer(period, outlook.asked(question), target))
    return tuple(found)
