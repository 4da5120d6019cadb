"""The command that plans a year's headcount (定岗定编)."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ecomsim.calendar import parse_month
from ecomsim.checks import EcomsimError, require_number
from ecomsim.chinese import in_chinese
from ecomsim.cli.show import console, print_frame
from ecomsim.cli.staffing import store_of

if TYPE_CHECKING:
    import pandas as pd

    from ecomsim.staffing import Hiring, YearPlan

__all__ = ["HeadcountOptions", "show_headcount"]

_WORDS = {
    "title": ("Headcount by month", "按月定岗定编"),
    "month": ("month", "月份"),
    "gmv": ("target GMV", "目标支付金额"),
    "events": ("events", "大促与节日"),
    "hours": ("hours of work", "所需工时"),
    "people": ("people", "人数"),
    "starters": ("start", "到岗"),
    "decide": ("decide to hire", "决定招聘"),
    "able": ("hours they can do", "可完成工时"),
    "overtime": ("overtime hours", "加班工时"),
    "short": ("hours short", "缺口工时"),
    "cost": ("cost", "成本"),
    "assumed": (
        "* no target set: last year's month, grown as the targets that are set.",
        "* 未设目标：按去年同月并随已设目标同比例增长。",
    ),
    "told": (
        "{cost:,.0f} in all; {hires} hires decided within the year. {people} people to begin with.",
        "全年共 {cost:,.0f}；年内决定招聘 {hires} 人；期初 {people} 人。",
    ),
    "short_told": ("Short", "缺口"),
}


@dataclass(frozen=True)
class HeadcountOptions:
    """What the options of the command ask, as they were typed."""

    people: int
    lead_months: int
    ramp: str
    leaving: float
    hours_month: float
    wage_month: float
    hire_cost: float
    overtime_share: float
    temp_hours: float
    targets: tuple[str, ...]
    language: str
    as_json: bool


def show_headcount(workbook: Path, asked: HeadcountOptions) -> None:
    """Print people, hires and cost by month against the year's targets."""
    from ecomsim.opening import read_tables
    from ecomsim.staffing import Hiring, Promise, plan_year, staff_week, year_ahead
    from ecomsim.staffing.year import first_month, people_now

    ramp, given = _ramp(asked.ramp), dict(_target(text) for text in asked.targets)
    trial = Hiring(
        asked.people or 1, asked.lead_months, ramp, asked.leaving, asked.hours_month, asked.wage_month or 6_000.0,
        asked.hire_cost, asked.overtime_share, temp_hours=asked.temp_hours,
    )  # fmt: skip
    store = store_of(workbook)
    tables = read_tables(workbook)
    first = first_month(store.as_of)
    set_ = {str(r["month"]): float(r["target"]) for r in _rows(tables) if str(r["metric"]) == "gmv"}
    months = year_ahead(tables, {**set_, **given}, first)
    after = (store.as_of or dt.date.today()) + dt.timedelta(days=1)
    monday = after + dt.timedelta(days=-after.weekday() % 7)
    week = staff_week(store, monday, Promise(0.8, dt.timedelta(seconds=60)), replications=100)
    hours = float(week.plan.on_duty.sum()) * week.need.need.slot_minutes / 60 * 30 / 7
    days = [week.study.dates.index(day) for day in week.need.need.days]
    gmv = float(week.study.daily("gmv", "baseline")[:, days].sum(axis=1).mean()) * 30 / 7
    from dataclasses import replace

    wage = asked.wage_month or round(week.check.worth.wage_hour * 174 if week.check.worth else 6_000.0, -1)
    hiring = replace(trial, people=asked.people or people_now(store, asked.hours_month), wage_month=wage)
    found = plan_year(months, hours, gmv, hiring)
    _tell(found, hiring, asked)


def _tell(found: YearPlan, hiring: Hiring, asked: HeadcountOptions) -> None:
    table = found.plan.table
    if asked.as_json:
        rows = [
            {**json.loads(table.loc[one.month].to_json()), "month": one.month, "gmv": one.gmv, "given": one.given,
             "peak": one.peak, "events": list(one.events)}
            for one in found.months
        ]  # fmt: skip
        out = {
            "months": rows,
            "cost": found.plan.cost,
            "gap": found.plan.gap,
            "shortages": list(found.plan.shortages),
        }
        console().print_json(json.dumps(out, ensure_ascii=False))
        return
    screen, language = console(), asked.language
    print_frame(screen, _say("title", language), _frame(found, language))
    if not all(one.given for one in found.months):
        screen.print(_say("assumed", language), style="dim", markup=False)
    told = _say("told", language).format(
        cost=found.plan.cost, hires=int(table["starters"].sum()), people=round(hiring.people)
    )
    screen.print(told, markup=False)
    for text in found.plan.shortages:
        said = in_chinese(text) if language == "zh" else text
        screen.print(f"{_say('short_told', language)}: {said}", style="yellow", markup=False)


def _frame(found: YearPlan, language: str) -> pd.DataFrame:
    import pandas as pd

    from ecomsim.forecast.words import family_text

    table = found.plan.table
    columns: dict[str, Any] = {
        "month": [one.month for one in found.months],
        "gmv": [f"{one.gmv:,.0f}{'' if one.given else ' *'}" for one in found.months],
        "events": [", ".join(family_text(e, language) for e in one.events) for one in found.months],
        "people": table["people"].round(1).to_list(),
    }
    for key in ("starters", "decide"):
        columns[key] = table[key].astype(int).to_list()
    for key in ("hours", "able", "overtime", "short", "cost"):
        columns[key] = [f"{value:,.0f}" for value in table[key]]
    return pd.DataFrame({_say(key, language): values for key, values in columns.items()})


def _say(key: str, language: str) -> str:
    return _WORDS[key][language == "zh"]


def _rows(tables: Any) -> list[dict[str, Any]]:
    return list(tables["targets"].to_dict("records")) if "targets" in tables else []


def _ramp(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.replace("，", ",").split(",") if part.strip())
    except ValueError:
        raise EcomsimError(
            "--ramp", repr(text)[:40], "fractions parted by commas: 0.5,0.8", "Write it so"
        ) from None


def _target(text: str) -> tuple[str, float]:
    month, _, amount = text.partition("=")
    parse_month(month.strip(), "--target")
    try:
        value = float(amount.replace(",", ""))
    except ValueError:
        raise EcomsimError(
            "--target", repr(text)[:40], "MONTH=GMV, such as 2026-12=5200000", "Write it so"
        ) from None
    return month.strip(), require_number(value, f"--target {month}", low=0, open_low=True, unit="money")
