"""Months, quarters and years of a target, and whether they add up."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from ecomsim.calendar import parse_month
from ecomsim.checks import EcomsimError

__all__ = ["check_parts", "check_periods", "period_days", "period_months"]

_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_YEAR = re.compile(r"[1-9]\d{3}")
# Totals are typed by people: half a unit of rounding for each part is no fault.
_ROUNDING = 0.5


def period_days(period: object, where: str = "period") -> tuple[dt.date, dt.date]:
    """Return the first and last day of a month (YYYY-MM), quarter (YYYY-Qn) or year (YYYY).

    Examples
    --------
    >>> [str(day) for day in period_days("2026-Q4")]
    ['2026-10-01', '2026-12-31']
    """
    months = period_months(period, where)
    return parse_month(months[0])[0], parse_month(months[-1])[1]


def period_months(period: object, where: str = "period") -> tuple[str, ...]:
    """Return the months of a period.

    Examples
    --------
    >>> period_months("2026-Q1")
    ('2026-01', '2026-02', '2026-03')
    """
    if isinstance(period, str):
        quarter = _QUARTER.fullmatch(period)
        if quarter:
            first = 3 * int(quarter[2]) - 2
            return tuple(f"{quarter[1]}-{m:02d}" for m in range(first, first + 3))
        if _YEAR.fullmatch(period):
            return tuple(f"{period}-{m:02d}" for m in range(1, 13))
    parse_month(period, where)
    return (str(period),)


def check_periods(periods: Mapping[str, float]) -> None:
    """Raise where months do not add up to their quarter or year, or quarters to their year."""
    for parent, total in periods.items():
        inside = period_months(parent)
        if len(inside) == 1:
            continue
        for what in ("months", "quarters"):
            names = [p for p in periods if p != parent and set(period_months(p)) < set(inside)]
            children = [p for p in names if ("Q" in p) == (what == "quarters")]
            if not children:
                continue
            covered = {m for p in children for m in period_months(p)}
            got = sum(periods[p] for p in children)
            if covered == set(inside):
                _must_add_up(f"target.{parent}", what, got, total, len(children))
            elif got > total + _ROUNDING * len(children):
                raise EcomsimError(
                    f"target.{parent}", f"{len(children)} of its {what} that already add up to {got:,.10g}",
                    f"at most {total:,.10g}", f"Raise {parent} or lower its {what}",
                )  # fmt: skip


def check_parts(periods: Mapping[str, float], parts: Mapping[str, Mapping[str, float]], by: str) -> None:
    """Raise where the parts of a period do not add up to it, with the difference."""
    for name, part in parts.items():
        for period in part:
            if period not in periods:
                raise EcomsimError(
                    f"target.parts.{name}", f"a target for {period}, which the whole lacks", ", ".join(periods),
                    f"Give the whole a target for {period}",
                )  # fmt: skip
    for period, total in periods.items():
        have = {name: part[period] for name, part in parts.items() if period in part}
        if have:
            _must_add_up(f"target.{period} by {by}", "parts", sum(have.values()), total, len(have))


def _must_add_up(where: str, what: str, got: float, total: float, count: int) -> None:
    if abs(got - total) <= _ROUNDING * count + 1e-9 * total and abs(got - total) < 0.01 * total:
        return
    more = "more" if got > total else "less"
    raise EcomsimError(
        where, f"{what} that add up to {got:,.10g}, {abs(got - total):,.10g} {more} than {total:,.10g}",
        f"{what} that add up", "Change a part, or the whole, by the difference",
    )  # fmt: skip
