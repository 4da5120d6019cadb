"""The command that staffs a week."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ecomsim.calendar import parse_date
from ecomsim.checks import EcomsimError, require_number
from ecomsim.chinese import in_chinese
from ecomsim.cli.show import console, print_frame

if TYPE_CHECKING:
    import pandas as pd

    from ecomsim.staffing.methods import Method
    from ecomsim.staffing.promise import Promise
    from ecomsim.staffing.week import StaffedWeek
    from ecomsim.staffing.window import Window
    from ecomsim.store import Store

__all__ = ["Desk", "staff_one_week", "store_of"]

_WORDS = {
    "days": ("The week by day", "按日汇总"),
    "slots": ("People at the desk, by half-hour", "各时段在岗人数"),
    "date": ("day", "日期"),
    "contacts": ("contacts", "咨询量"),
    "needed": ("agent hours needed", "需要工时"),
    "planned": ("agent hours planned", "排班工时"),
    "peak": ("most at once", "高峰人数"),
    "in_time": ("in time", "按时响应率"),
    "lost": ("unanswered", "未回复"),
    "lost_sales": ("lost sales", "流失销售额"),
    "taken": (
        "An idle agent's first reply takes longer than this promise: chats count as answered when taken.",
        "空闲客服的首次回复也慢于该承诺：以接入时间计算响应。",
    ),
    "mend": ("Would help", "可以缓解"),
    "plan": (
        "{people} shifts, {hours:g} paid hours, {cost:,.0f} a week; {share:.1%} of chats in time in the simulation.",
        "共 {people} 个班次，{hours:g} 个计薪工时，每周 {cost:,.0f}；模拟中 {share:.1%} 的咨询按时响应。",
    ),
}


def _say(key: str, language: str) -> str:
    return _WORDS[key][language == "zh"]


@dataclass(frozen=True)
class Desk:
    """What the options of the command ask of the desk, as they were typed."""

    week: str
    month: str
    within: str
    share: float
    confidence: float
    window: str
    slot_minutes: int
    shrinkage: float
    replications: int
    seed: int
    language: str
    as_json: bool
    proven: bool = False

    def promise(self) -> Promise:
        """Return what customers are promised."""
        from ecomsim.staffing.promise import Promise, parse_duration

        require_number(self.share, "--share", low=0.0, high=1.0)
        require_number(self.confidence, "--confidence", low=0.0, high=1.0)
        return Promise(self.share, parse_duration(self.within, "--within"), self.confidence or None)

    def method(self) -> Method | None:
        """Return how people are sized: by the chain, or with the simulation's word on the last agent."""
        from ecomsim.staffing.proof import Proven

        return Proven() if self.proven else None

    def hours(self) -> Window | None:
        """Return the opening hours asked for, if any."""
        from ecomsim.staffing.window import Window

        hours = Window.of(self.window) if self.window else None
        if hours is not None:
            hours.slots(self.slot_minutes)
        return hours

    def monday(self, store: Store) -> dt.date:
        """Return the Monday asked for, or the first after the data."""
        after = (store.as_of or dt.date.today()) + dt.timedelta(days=1)
        return (
            parse_date(self.week, "--week") if self.week else after + dt.timedelta(days=-after.weekday() % 7)
        )


def store_of(workbook: Path | None) -> Store:
    """Return the store of a workbook; it must be given."""
    from ecomsim.opening import open_store

    if workbook is None:
        raise EcomsimError("WORKBOOK", "no folder", "a workbook, or a folder of exports", "Name it first")
    return open_store(workbook)


def staff_one_week(workbook: Path | None, desk: Desk) -> None:
    """Print people by half-hour, the shifts that cover them and what they achieve."""
    from ecomsim.staffing.week import staff_week
    from ecomsim.streams import check_seed

    # What is quick to check comes before what is slow to do.
    promise, hours, language = desk.promise(), desk.hours(), desk.language
    if desk.week:
        parse_date(desk.week, "--week")
    check_seed(desk.seed)
    store = store_of(workbook)
    found = staff_week(
        store, desk.monday(store), promise, window=hours, slot_minutes=desk.slot_minutes, shrinkage=desk.shrinkage,
        method=desk.method(), replications=desk.replications, seed=desk.seed,
    )  # fmt: skip
    screen = console()
    if desk.as_json:
        screen.print_json(json.dumps(_plain(found), ensure_ascii=False))
        return
    print_frame(screen, _say("days", language), _days(found, language))
    print_frame(screen, _say("slots", language), _slots(found))
    plan = found.plan
    line = _say("plan", language).format(
        people=len(plan.duties), hours=plan.paid_hours, cost=plan.cost, share=found.check.share
    )
    screen.print(line, markup=False)
    if found.taken:
        screen.print(_say("taken", language), style="yellow", markup=False)
    said = in_chinese if language == "zh" else str
    for short in plan.shortages:
        screen.print(said(short), style="yellow", markup=False)
    for mend in plan.relaxations[:5]:
        screen.print(f"{_say('mend', language)}: {said(str(mend))}", markup=False)


def _days(found: StaffedWeek, language: str) -> pd.DataFrame:
    import pandas as pd

    hour = found.need.need.slot_minutes / 60
    columns = {
        "date": [str(day) for day in found.need.need.days],
        "contacts": np.round(found.load.daily, 0).astype(int),
        "needed": found.need.need.agents.sum(axis=1) * hour,
        "planned": found.plan.on_duty.sum(axis=1) * hour,
        "peak": found.plan.on_duty.max(axis=1),
        "in_time": [f"{x:.1%}" for x in found.check.daily.mean(axis=0)],
        "lost": np.round(found.check.lost_enquiries, 1),
        "lost_sales": [f"{x:,.0f}" for x in found.check.lost_sales],
    }
    return pd.DataFrame({_say(name, language): values for name, values in columns.items()})


def _slots(found: StaffedWeek) -> pd.DataFrame:
    """Return needed / on duty by slot and day."""
    import pandas as pd

    need, there = found.need.need, found.plan.on_duty
    table = pd.DataFrame({"": list(need.labels)})
    for d, day in enumerate(need.days):
        table[f"{day:%m-%d}"] = [f"{n}/{o}" for n, o in zip(need.agents[d], there[d], strict=True)]
    return table


def _plain(found: StaffedWeek) -> dict[str, Any]:
    rows = found.check.frame().drop(columns="start")
    rows["day"] = rows["day"].dt.strftime("%Y-%m-%d")
    slots = json.loads(rows.to_json(orient="records"))
    plan = found.plan
    return {
        "days": [str(day) for day in found.need.need.days],
        "contacts": [float(x) for x in found.load.daily],
        "hours_needed": found.need.hours,
        "shifts": len(plan.duties),
        "paid_hours": plan.paid_hours,
        "cost": plan.cost,
        "gap": plan.gap,
        "shortages": list(plan.shortages),
        "in_time": found.check.share,
        "counted_when_taken": found.taken,
        "lost_enquiries": [float(x) for x in found.check.lost_enquiries],
        "lost_sales": [float(x) for x in found.check.lost_sales],
        "slots": slots,
    }
