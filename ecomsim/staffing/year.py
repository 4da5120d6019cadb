"""The year a headcount plan is for: every month's target, its events, and the work they bring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ecomsim.calendar import Horizon, events
from ecomsim.checks import EcomsimError, require_number
from ecomsim.staffing.headcount import HeadcountPlan, Hiring, plan_headcount, work_hours
from ecomsim.store import Store
from ecomsim.target import Target
from ecomsim.uncertain import mean_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MonthAhead", "YearPlan", "first_month", "people_now", "plan_year", "year_ahead"]

_BIG = ("double12", "spring_festival", "national_day")
_ALWAYS = {"06": "618", "11": "double11"}
_LEAST_DAYS = 20
_PEAK = (0.5, 2.0)
"""A month's chats for its sales, against the year's, are believed within these bounds."""


@dataclass(frozen=True)
class MonthAhead:
    """One month of the year to come.

    Attributes
    ----------
    month : YYYY-MM
    gmv : its target, money
    given : whether somebody set the target; else it is the same month a year ago, grown as the targets that are set, or
        that month's own target where its sales are still to come
    peak : chats for the same sales against an ordinary month, from the same month a year ago; 1 where nothing is known
    events : families of the promotions and festivals in it
    """

    month: str
    gmv: float
    given: bool
    peak: float
    events: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class YearPlan:
    """The headcount plan of a year and the months it is for."""

    months: tuple[MonthAhead, ...]
    plan: HeadcountPlan


def year_ahead(
    tables: Mapping[str, pd.DataFrame], targets: Mapping[str, float], first: str, *, count: int = 12
) -> tuple[MonthAhead, ...]:
    """Return the months from `first` on with their targets, and what promotions add to the work.

    Parameters
    ----------
    tables : the workbook's tables; `store_day` gives last year's sales, `contacts` or `service_day` its chats
    targets : {YYYY-MM: GMV} as far as they are set
    first : first month, YYYY-MM
    count : months

    Raises
    ------
    EcomsimError
        For a month without a target whose sales a year ago are not known, naming it.
    """
    sales, chats = _by_month(tables, "store_day", "gmv"), _chats(tables)
    known = [month for month in targets if _year_before(month) in sales and targets[month] > 0]
    growth = sum(targets[m] for m in known) / sum(sales[_year_before(m)] for m in known) if known else 1.0
    rates = {month: chats[month] / sales[month] for month in chats if sales.get(month, 0) > 0}
    recent = sorted(rates)[-12:]
    usual = sum(chats[m] for m in recent) / sum(sales[m] for m in recent) if recent else 0.0
    out = []
    year, number = map(int, first.split("-"))
    for i in range(count):
        month = f"{year + (number - 1 + i) // 12}-{(number - 1 + i) % 12 + 1:02d}"
        before = _year_before(month)
        if month not in targets and before not in sales and before not in targets:
            raise EcomsimError(
                f"targets.{month}",
                "no target, and no sales a year ago",
                "a target",
                "Fill in the targets template",
            )
        grown = sales[before] * growth if before in sales else targets.get(before, 0.0)
        gmv = float(targets.get(month, grown))
        peak = rates[before] / usual if before in rates and usual > 0 else 1.0
        days = Horizon.month(month)
        found = dict.fromkeys(e.family for e in events(days.start, days.end) if e.family in _BIG)
        found |= {_ALWAYS[month[5:]]: None} if month[5:] in _ALWAYS else {}
        out.append(MonthAhead(month, gmv, month in targets, min(max(peak, _PEAK[0]), _PEAK[1]), tuple(found)))
    return tuple(out)


def plan_year(
    months: tuple[MonthAhead, ...],
    reference_hours: float,
    reference_gmv: float,
    hiring: Hiring,
    *,
    within_s: float = 10.0,
) -> YearPlan:
    """Return whom to hire when for these months.

    Parameters
    ----------
    reference_hours, reference_gmv : hours at the desk and GMV of 30 ordinary days, as staffed and simulated
    """
    require_number(reference_gmv, "reference_gmv", low=0, open_low=True, unit="money")
    target = Target("gmv", {one.month: one.gmv for one in months})
    peaks = {one.month: one.peak for one in months}
    hours = work_hours(target, reference_hours, reference_gmv, peaks=peaks)
    return YearPlan(
        months, plan_headcount({one.month: hours[one.month] for one in months}, hiring, within_s=within_s)
    )


def _year_before(month: str) -> str:
    return f"{int(month[:4]) - 1}{month[4:]}"


def _by_month(tables: Mapping[str, pd.DataFrame], table: str, column: str) -> dict[str, float]:
    """Sum a column by month; months with too few days say nothing."""
    if table not in tables or column not in tables[table]:
        return {}
    frame = tables[table][["date", column]].dropna()
    months = frame["date"].dt.strftime("%Y-%m")
    days = frame.groupby(months)["date"].nunique()
    total = frame.groupby(months)[column].sum()
    return {
        str(month): float(total[month]) * _length(str(month)) / int(days[month])
        for month in total.index
        if days[month] >= _LEAST_DAYS
    }


def _length(month: str) -> int:
    return int(Horizon.month(month).days)


def _chats(tables: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    return _by_month(tables, "service_day", "enquirers") or _by_month(tables, "contacts", "contacts")


def first_month(as_of: dt.date | None) -> str:
    """Return the first whole month after the data.

    Examples
    --------
    >>> first_month(dt.date(2026, 10, 31)), first_month(dt.date(2026, 12, 5))
    ('2026-11', '2027-01')
    """
    after = (as_of or dt.date.today()) + dt.timedelta(days=1)
    place = after.year * 12 + after.month - 1 + (after.day > 1)
    return f"{place // 12}-{place % 12 + 1:02d}"


def people_now(store: Store, hours_month: float) -> int:
    """Return about how many people the store's teams are: their agent hours over those of one person."""
    hours = sum(
        mean_of(team.headcount) * sum(team.shape) / 2 * sum(team.weekday) / 7 * 365 / 12
        for team in store.teams.values()
    )
    return max(round(hours / hours_month), 1)
