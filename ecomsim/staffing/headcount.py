"""The headcount plan of a year (定岗定编): whom to hire when, so that every month's work can be done."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ecomsim.calendar import Horizon, parse_month
from ecomsim.checks import EcomsimError, require_number
from ecomsim.staffing.program import Program
from ecomsim.target import Target

__all__ = ["HeadcountPlan", "Hiring", "plan_headcount", "work_hours"]

SHORT = 1_000.0
"""Price of an hour of work not done, far above every wage."""


@dataclass(frozen=True)
class Hiring:
    """How people come, learn, leave, and what they cost.

    Parameters
    ----------
    people : agents there are on the first day
    lead_months : whole months from the decision to the first day of work
    ramp : share of a full agent's work done in the first, second, ... month; later months 1
    leaving : share of people who leave in a month
    hours_month : hours at the desk of a full agent in an average month, breaks and absence taken off
    wage_month, hire_cost : money a person and month, and once a hire
    overtime_share : most overtime, as a share of the hours of everybody there
    overtime_hour, temp_hour : money an hour of overtime, and of temporary staff
    temp_hours : most hours of temporary staff a month
    """

    people: float
    lead_months: int = 1
    ramp: tuple[float, ...] = (0.5, 0.8)
    leaving: float = 0.02
    hours_month: float = 150.0
    wage_month: float = 6_000.0
    hire_cost: float = 1_500.0
    overtime_share: float = 0.1
    overtime_hour: float = 60.0
    temp_hour: float = 80.0
    temp_hours: float = 0.0

    def __post_init__(self) -> None:
        at_least_0 = (
            "people",
            "wage_month",
            "hire_cost",
            "overtime_hour",
            "temp_hour",
            "temp_hours",
            "lead_months",
        )
        for name in at_least_0:
            require_number(getattr(self, name), f"hiring.{name}", low=0)
        if self.lead_months != int(self.lead_months):
            raise EcomsimError("hiring.lead_months", f"{self.lead_months}", "whole months", "Round up")
        require_number(self.hours_month, "hiring.hours_month", low=0, open_low=True, unit="hours")
        for name in ("leaving", "overtime_share"):
            require_number(getattr(self, name), f"hiring.{name}", low=0, high=1)
        for i, share in enumerate(self.ramp):
            require_number(share, f"hiring.ramp[{i}]", low=0, high=1)


@dataclass(frozen=True, eq=False)
class HeadcountPlan:
    """Whom to hire when, and what every month costs.

    Attributes
    ----------
    table : by month: hours (of work), people (on the rolls), starters (first day of work), decide (starters to
        decide on in this month), leavers, able (hours the people can do), overtime, temps, short (hours), cost (money)
    cost, bound, gap : of the year, money; what no plan can undercut; the distance as a share
    seconds : wall time
    """

    table: pd.DataFrame
    cost: float
    bound: float
    gap: float
    seconds: float
    hiring: Hiring = field(repr=False)

    @property
    def shortages(self) -> tuple[str, ...]:
        """A sentence for every month whose work cannot be done, with the hours and people missing."""
        told = []
        for month, row in self.table.iterrows():
            if row["short"] > 0.5:
                people = math.ceil(row["short"] / self.hiring.hours_month)
                late = " (hiring takes effect later)" if row["locked"] else ""
                told.append(f"{month}: short {row['short']:,.0f} hours, about {people} people{late}")
        return tuple(told)


def work_hours(
    target: Target,
    reference_hours: float,
    reference_gmv: float,
    *,
    busy_share: float = 0.8,
    peaks: Mapping[str, float] | None = None,
) -> dict[str, float]:
    """Return hours at the desk by month for a year's target, from a month whose hours and GMV are known.

    Work grows with sales, what is kept free for answering in time with their square root: ``hours = reference_hours
    (busy g + (1 - busy) sqrt(g))``, g sales a day over those of the reference (square-root staffing; Halfin & Whitt
    1981, Garnett et al. 2002).

    Parameters
    ----------
    target : Target
        GMV by month.
    reference_hours, reference_gmv : hours at the desk and GMV of an ordinary month of 30 days
    busy_share : share of these hours spent on chats
    peaks : {month: factor} for hours beyond what sales explain, such as the warm-up of Double 11

    Examples
    --------
    >>> work_hours(Target("gmv", {"2026-11": 4_000_000}), 3000, 1_000_000)["2026-11"]
    10800.0
    """
    require_number(reference_hours, "reference_hours", low=0, open_low=True, unit="hours")
    require_number(reference_gmv, "reference_gmv", low=0, open_low=True, unit="money")
    require_number(busy_share, "busy_share", low=0, high=1)
    factors = dict(peaks or {})
    for month, factor in factors.items():
        parse_month(month, "peaks")
        require_number(factor, f"peaks.{month}", low=0)
        if month not in target.months:
            raise EcomsimError(f"peaks.{month}", "no such month", ", ".join(target.months), "Give its target")
    out = {}
    for month, gmv in target.months.items():
        days = Horizon.month(month).days
        growth = gmv / days / (reference_gmv / 30)
        daily = reference_hours / 30 * (busy_share * growth + (1 - busy_share) * math.sqrt(growth))
        out[month] = round(daily * days * factors.get(month, 1.0), 6)
    return out


def plan_headcount(hours: Mapping[str, float], hiring: Hiring, *, within_s: float = 10.0) -> HeadcountPlan:
    """Return whom to hire when, at the least cost of wages, hires, overtime and temporary staff.

    Parameters
    ----------
    hours : {month: hours at the desk}; consecutive months
    hiring : how people come and leave
    within_s : wall seconds to search

    Raises
    ------
    EcomsimError
        For months out of order or missing, negative hours and NaN, naming the month.
    """
    months = list(hours)
    if not months:
        raise EcomsimError("hours", "no month", "at least one month", "Give {'2026-11': 5000}")
    for before, month in itertools.pairwise(months):
        if (parse_month(month)[0] - parse_month(before)[1]).days != 1:
            raise EcomsimError(
                "hours", f"{month} after {before}", "months in a row", "Fill the gap, sort them"
            )
    for month in months:
        parse_month(month, "hours")
        require_number(hours[month], f"hours.{month}", low=0, unit="hours")
    count, stay = len(months), 1 - hiring.leaving
    full = [hiring.hours_month * Horizon.month(m).days * 12 / 365 for m in months]
    program = Program()
    kept = [[stay ** (m - s) if m >= s else 0.0 for s in range(count)] for m in range(count)]
    price = [
        hiring.hire_cost + hiring.wage_month * sum(kept[m][s] for m in range(count)) for s in range(count)
    ]
    high = [0.0 if s < hiring.lead_months else np.inf for s in range(count)]
    starters = program.block(count, high=high, cost=price)
    overtime = program.block(count, cost=hiring.overtime_hour, whole=False)
    temps = program.block(count, high=hiring.temp_hours, cost=hiring.temp_hour, whole=False)
    short = program.block(count, cost=SHORT, whole=False)
    for m in range(count):
        skill = [hiring.ramp[m - s] if 0 <= m - s < len(hiring.ramp) else 1.0 for s in range(count)]
        work = [full[m] * kept[m][s] * skill[s] for s in range(count)]
        old = full[m] * hiring.people * stay**m
        program.row(
            [*starters, overtime[m], temps[m], short[m]],
            [*work, 1.0, 1.0, 1.0],
            hours[months[m]] - old,
            np.inf,
        )
        room = [full[m] * kept[m][s] * hiring.overtime_share for s in range(count)]
        program.row(
            [overtime[m], *starters], [1.0, *[-r for r in room]], -np.inf, old * hiring.overtime_share
        )
    answer = program.solve(within_s)
    if answer.values is None:
        raise EcomsimError("headcount", "no plan found in the time", "more time", "Raise within_s")
    values = answer.values
    base = hiring.wage_month * sum(hiring.people * stay**m for m in range(count))
    rows = []
    for m, month in enumerate(months):
        there = hiring.people * stay**m + sum(kept[m][s] * values[starters[s]] for s in range(count))
        skill = [hiring.ramp[m - s] if 0 <= m - s < len(hiring.ramp) else 1.0 for s in range(count)]
        work = sum(kept[m][s] * skill[s] * values[starters[s]] for s in range(count))
        later = m + hiring.lead_months
        rows.append(
            {
                "month": month,
                "hours": hours[month],
                "people": there,
                "starters": int(values[starters[m]]),
                "decide": int(values[starters[later]]) if later < count else 0,
                "leavers": there * hiring.leaving,
                "able": full[m] * (hiring.people * stay**m + work),
                "overtime": values[overtime[m]],
                "temps": values[temps[m]],
                "short": values[short[m]],
                "locked": m < hiring.lead_months,
                "cost": there * hiring.wage_month + values[starters[m]] * hiring.hire_cost
                + values[overtime[m]] * hiring.overtime_hour + values[temps[m]] * hiring.temp_hour,
            }
        )  # fmt: skip
    table = pd.DataFrame(rows).set_index("month")
    unmet = SHORT * float(table["short"].sum())
    return HeadcountPlan(
        table,
        answer.objective - unmet + base,
        answer.bound - unmet + base,
        answer.gap,
        answer.seconds,
        hiring,
    )
