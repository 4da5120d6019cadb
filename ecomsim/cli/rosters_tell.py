"""What the command line says of a roster of named people."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from ecomsim.chinese import in_chinese
from ecomsim.cli.show import console, print_frame
from ecomsim.cli.staffing import Desk

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from ecomsim.staffing.month import StaffedRoster
    from ecomsim.staffing.roster import Roster

__all__ = ["say", "tell"]

_WORDS = {
    "roster": ("Who works when", "排班表"),
    "name": ("name", "姓名"),
    "days": ("By day", "按日汇总"),
    "date": ("day", "日期"),
    "contacts": ("contacts", "咨询量"),
    "needed": ("hours needed", "需要工时"),
    "planned": ("hours on duty", "在岗工时"),
    "in_time": ("in time", "按时响应率"),
    "lost": ("unanswered", "未回复"),
    "lost_sales": ("lost sales", "流失销售额"),
    "fairness": ("Fairness", "公平性"),
    "target": ("by contract", "应出勤"),
    "worked": ("days", "出勤"),
    "weekend_days": ("weekend days", "周末班"),
    "late_shifts": ("late shifts", "晚班"),
    "longest_run": ("longest run", "最长连班"),
    "weekends_off": ("weekends off", "周末双休"),
    "owed": ("days owed", "欠休"),
    "changes": ("What changes", "改动"),
    "before": ("before", "原来"),
    "after": ("after", "现在"),
    "off": ("off", "休"),
    "all_hands": (
        "All hands on {days}; given back within {within} days.",
        "全员上岗：{days}；{within} 天内补休。",
    ),
    "spread": (
        "{people} people, {days} days. Spread of weekend days {weekend}, of late shifts {late}; {proof}.",
        "{people} 人，{days} 天。周末班相差 {weekend}，晚班相差 {late}；{proof}。",
    ),
    "proven": ("proven: no roster is fairer", "已证明没有更公平的排班"),
    "given": ("as given", "按所给"),
    "gap": ("not proven the best within the time", "限时内未证明最优"),
    "money": (
        "{share:.1%} of chats in time in the simulation; wages {wages:,.0f}, sales lost to waiting {lost:,.0f}.",
        "模拟中 {share:.1%} 的咨询按时响应；工资 {wages:,.0f}，因等待流失销售额 {lost:,.0f}。",
    ),
    "repaired": (
        "{people} other people change, {cells} cells in all; found in {seconds:.1f} s.",
        "另有 {people} 人变动，共改动 {cells} 格；用时 {seconds:.1f} 秒。",
    ),
    "short": ("Short", "缺人"),
    "breaks": ("Breaks a rule", "违反规则"),
    "wrote": ("Wrote {path}", "已写入 {path}"),
    "wrote_many": (
        "Wrote {count} calendars into {path}, one a person",
        "已在 {path} 写入 {count} 个日历，每人一个",
    ),
}


def say(key: str, language: str, **parts: Any) -> str:
    """Return a phrase in a language."""
    return _WORDS[key][language == "zh"].format(**parts)


def tell(
    desk: Desk, roster: Roster, found: StaffedRoster | None, old: Roster | None, movers: set[str] | None = None,
    seconds: float = 0.0,
) -> None:  # fmt: skip
    """Print a roster, what it achieves and what was changed; or all of it as JSON."""
    changes = old.changes(roster) if old is not None else None
    touched = sorted(set(changes["name"]) - (movers or set())) if changes is not None else []
    if desk.as_json:
        console().print_json(json.dumps(_plain(roster, found, changes, touched), ensure_ascii=False))
        return
    screen, language = console(), desk.language
    print_frame(screen, say("roster", language), _grid(roster, language))
    print_frame(screen, say("fairness", language), _fair(roster, language))
    if found is not None:
        print_frame(screen, say("days", language), _days(found, language))
    _lines(screen, roster, found, language)
    if changes is not None and movers is not None:
        if len(changes):
            off = say("off", language)
            frame = changes.assign(day=changes["day"].astype(str)).replace(
                {"before": {"": off}, "after": {"": off}}
            )
            frame.columns = [say(key, language) for key in ("name", "date", "before", "after")]
            print_frame(screen, say("changes", language), frame)
        screen.print(
            say("repaired", language, people=len(touched), cells=len(changes), seconds=seconds), markup=False
        )


def _lines(screen: Console, roster: Roster, found: StaffedRoster | None, language: str) -> None:
    task = roster.task
    if task.must:
        days = ", ".join(str(task.days[d]) for d in task.must)
        told = say("all_hands", language, days=days, within=task.rules.compensate_days)
        screen.print(told, markup=False)
    weekend, late = roster.spreads
    proof = say("proven" if roster.proven else "given" if roster.gap != roster.gap else "gap", language)
    told = say(
        "spread",
        language,
        people=len(task.people),
        days=len(task.days),
        weekend=weekend,
        late=late,
        proof=proof,
    )
    screen.print(told, markup=False)
    if found is not None:
        lost = float(found.check.lost_sales.sum())
        screen.print(
            say("money", language, share=found.check.share, wages=found.wages, lost=lost), markup=False
        )
    for key, texts in (("short", roster.shortages), ("breaks", roster.breaches)):
        for text in texts:
            said = in_chinese(text) if language == "zh" else text
            screen.print(f"{say(key, language)}: {said}", style="yellow", markup=False)


def _grid(roster: Roster, language: str) -> pd.DataFrame:
    """Names by days, in a month by weeks; the first letters of a shift stand for it."""
    import pandas as pd

    names = roster.task.kind_names
    width = next(n for n in range(1, 99) if len({name[:n] for name in names}) == len(set(names)))
    marks = np.array([*(name[:width] for name in names), "·"], dtype=object)
    days = roster.task.days
    table = pd.DataFrame({say("name", language): [person.name for person in roster.task.people]})
    if len(days) <= 7:
        for d, day in enumerate(days):
            table[f"{day:%m-%d}"] = marks[roster.table[:, d]]
        return table
    for monday in sorted({day - dt.timedelta(days=day.weekday()) for day in days}):
        own = [d for d, day in enumerate(days) if 0 <= (day - monday).days < 7]
        cells = [" ".join(row) for row in marks[roster.table[:, own]]]
        table[f"{days[own[0]]:%m-%d} – {days[own[-1]]:%m-%d}"] = cells
    return table


def _fair(roster: Roster, language: str) -> pd.DataFrame:
    keys = ["name", "days", "target", "weekend_days", "late_shifts", "longest_run", "weekends_off", "owed"]
    table = roster.fairness()[keys]
    table.columns = [say("worked" if key == "days" else key, language) for key in keys]
    return table


def _days(found: StaffedRoster, language: str) -> pd.DataFrame:
    import pandas as pd

    need = found.sized.need.need
    hour = need.slot_minutes / 60
    columns = {
        "date": [str(day) for day in need.days],
        "contacts": np.round(found.sized.load.daily, 0).astype(int),
        "needed": need.agents.sum(axis=1) * hour,
        "planned": found.on_duty.sum(axis=1) * hour,
        "in_time": [f"{x:.1%}" for x in found.check.daily.mean(axis=0)],
        "lost": np.round(found.check.lost_enquiries, 1),
        "lost_sales": [f"{x:,.0f}" for x in found.check.lost_sales],
    }
    return pd.DataFrame({say(name, language): values for name, values in columns.items()})


def _plain(
    roster: Roster, found: StaffedRoster | None, changes: pd.DataFrame | None, touched: list[str]
) -> dict[str, Any]:
    frame, fair = roster.frame(), roster.fairness().set_index("name")
    weekend, late = roster.spreads
    out: dict[str, Any] = {
        "days": [str(day) for day in roster.task.days],
        "shifts": roster.task.kind_names,
        "people": [
            {
                "name": person.name,
                "shifts": {str(day): kind for day, kind in frame.loc[person.name].items() if kind},
                "fairness": {key: int(fair[key][person.name]) for key in fair.columns},
            }
            for person in roster.task.people
        ],
        "wanted": roster.task.demand.tolist(),
        "all_hands": [str(roster.task.days[d]) for d in roster.task.must],
        "spread_weekends": weekend,
        "spread_lates": late,
        "proven": roster.proven,
        "shortages": list(roster.shortages),
        "breaches": list(roster.breaches),
    }
    if found is not None:
        out["in_time"] = found.check.share
        out["wages"] = found.wages
        out["lost_sales"] = [float(x) for x in found.check.lost_sales]
        out["in_time_by_day"] = [float(x) for x in found.check.daily.mean(axis=0)]
    if changes is not None:
        out["changes"] = [{**row, "day": str(row["day"])} for row in changes.to_dict("records")]
        out["touched"] = touched
    return out
