"""Writing a service lead's workbook: a template to fill in, and the sheets a plan hands back for the next one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import numpy as np

from ecomsim.checks import require_name
from ecomsim.data.templates import escape
from ecomsim.staffing.kinds import ShiftKind
from ecomsim.staffing.need import Agents
from ecomsim.staffing.people import Person, RosterTask, Rules, all_hands
from ecomsim.staffing.sheet_words import WEEK, say
from ecomsim.staffing.team_book import usual_shifts
from ecomsim.staffing.window import Window

__all__ = ["team_sheets", "team_template"]

_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
_NOTES = {
    "people": (
        "# One row a person; only the name is needed. Skills, shifts and weekdays (1 is Monday) are lists parted by "
        "commas; empty means all. Rows that begin with # are notes.",
        "# 每人一行，只有姓名必填。技能、班次、星期（1 为周一）可用逗号分隔多个；留空表示不限。以 # 开头的行是说明。",
    ),
    "leave": (
        "# One row a stretch of leave: leave is kept for certain, a wish if nothing speaks against it. "
        "To may stay empty for one day.",
        "# 每段请假一行：请假必定满足，希望尽量满足。只休一天时“结束”可留空。",
    ),
    "shift_types": (
        "# The meal begins between the two hours after the start. Least and most people may stay empty.",
        "# 用餐在上班后这两个小时之间开始。最少、最多人数可留空。",
    ),
    "rules": (
        "# All-hands days are Double 11 and Spring Festival; add a row 'All-hands days' (days, or none) for others.",
        "# 全员上岗日默认双11与春节；如不同，请加一行“全员上岗日”（日期，或填 none）。",
    ),
    "skill_needs": (
        "# At least so many people with the skill on every shift; no row, no such need.",
        "# 每个班次至少有这么多人具备该技能；没有要求则不填。",
    ),
}


def team_template(*, language: str = "en", window: Window | None = None) -> bytes:
    """Return a workbook to fill in: two people to show how, the usual shifts and rules.

    Parameters
    ----------
    window : opening hours, default 08:00-24:00
    """
    import xlsxwriter

    require_name(language, ["en", "zh"], "language", "language")
    names = ("客服 01", "客服 02") if language == "zh" else ("Agent 01", "Agent 02")
    skills = (("售前",), ("售前", "售后")) if language == "zh" else (("presale",), ("presale", "aftersale"))
    people = tuple(Person(name, own) for name, own in zip(names, skills, strict=True))
    kinds = usual_shifts(window or Window.of("08:00-24:00"))
    out = BytesIO()
    with xlsxwriter.Workbook(out, dict(_OPTIONS)) as book:
        _people(book, people, language, notes=True)
        _leave(book, people, language, notes=True)
        _kinds(book, kinds, language, notes=True)
        _rules(book, Rules(), language, notes=True)
        _skills(book, [(skill, 0) for skill in skills[1]], language, notes=True)
    return out.getvalue()


def team_sheets(book: Any, task: RosterTask, language: str) -> None:
    """Add what a roster was planned from, so that the workbook alone can be repaired and planned again."""
    days = (task.days[0], task.days[-1])
    _people(book, task.people, language)
    _leave(book, task.people, language, days=days)
    _kinds(book, task.kinds, language)
    _rules(book, task.rules, language, days=days)
    skills = {skill: 0 for person in task.people for skill in person.skills}
    needs = {**skills, **{skill: int(table.max(initial=0)) for skill, table in task.skilled.items()}}
    _skills(book, list(needs.items()), language)
    _demand(book, task.days, task.kinds, task.demand, language)


class _Writer:
    """A sheet written row by row; every text is kept from being a formula."""

    def __init__(self, book: Any, key: str, heads: Sequence[str], language: str, notes: bool) -> None:
        self.sheet = book.add_worksheet(say(key, language))
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._date = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        for c, text in enumerate(heads):
            self.sheet.write_string(0, c, text, head)
        self.sheet.set_column(0, max(len(heads) - 1, 1), 16)
        self.sheet.freeze_panes(1, 1)
        self.row = 1
        if notes:
            faint = book.add_format({"font_color": "#6B7280", "italic": True})
            self.sheet.write_string(1, 0, _NOTES[key][language == "zh"], faint)
            self.row = 2

    def add(self, *cells: Any) -> None:
        for c, cell in enumerate(cells):
            if isinstance(cell, dt.date):
                self.sheet.write_datetime(self.row, c, dt.datetime.combine(cell, dt.time()), self._date)
            elif isinstance(cell, (int, float)):
                self.sheet.write_number(self.row, c, cell)
            elif cell:
                self.sheet.write_string(self.row, c, escape(str(cell)))
        self.row += 1


def _people(book: Any, people: Sequence[Person], language: str, notes: bool = False) -> None:
    keys = (
        "name", "skills", "days_a_week", "kinds", "weekdays", "run_before", "last_kind", "weekend_days_before",
        "late_before",
    )  # fmt: skip
    sheet = _Writer(book, "people", [say(key, language) for key in keys], language, notes)
    for person in people:
        sheet.add(
            person.name, ",".join(person.skills), person.days_a_week, ",".join(person.kinds),
            ",".join(str(day + 1) for day in person.weekdays), person.run_before, person.last_kind,
            person.weekend_days_before, person.late_before,
        )  # fmt: skip


def _leave(
    book: Any, people: Sequence[Person], language: str, notes: bool = False,
    days: tuple[dt.date, dt.date] | None = None,
) -> None:  # fmt: skip
    keys = ("name", "from", "to", "kind_of_leave")
    sheet = _Writer(book, "leave", [say(key, language) for key in keys], language, notes)
    for person in people:
        for own, word in ((person.leave, "leave"), (person.wishes_off, "wish")):
            for first, last in _spans(own):
                if days is None or not (last < days[0] or first > days[1]):
                    sheet.add(person.name, first, last, say(word, language))


def _spans(days: Sequence[dt.date]) -> list[tuple[dt.date, dt.date]]:
    """Return days as stretches from first to last.

    Examples
    --------
    >>> one = dt.date(2026, 11, 9)
    >>> [(a.day, b.day) for a, b in _spans([one, one + dt.timedelta(1), one + dt.timedelta(5)])]
    [(9, 10), (14, 14)]
    """
    out: list[tuple[dt.date, dt.date]] = []
    for day in sorted(set(days)):
        if out and (day - out[-1][1]).days == 1:
            out[-1] = (out[-1][0], day)
        else:
            out.append((day, day))
    return out


def _kinds(book: Any, kinds: Sequence[ShiftKind], language: str, notes: bool = False) -> None:
    keys = ("shift", "starts", "length", "meal_minutes", "meal_from", "meal_to", "least", "most")
    sheet = _Writer(book, "shift_types", [say(key, language) for key in keys], language, notes)
    for kind in kinds:
        meal = kind.breaks[0] if kind.breaks else None
        hours = (meal.minutes, meal.earliest_min / 60, meal.latest_min / 60) if meal else ()
        sheet.add(kind.name, kind.first_start, kind.hours, *hours)


def _rules(
    book: Any, rules: Rules, language: str, notes: bool = False, days: tuple[dt.date, dt.date] | None = None
) -> None:
    sheet = _Writer(book, "rules", [say("rule", language), say("value", language)], language, notes)
    yes, no = ("是", "否") if language == "zh" else ("yes", "no")
    sheet.add(say("longest_run", language), rules.longest_run)
    sheet.add(say("rest_hours", language), rules.rest_hours)
    sheet.add(say("weekends_off_rule", language), rules.weekends_off)
    sheet.add(say("late_after", language), rules.late_after)
    sheet.add(say("single_days_off", language), yes if rules.single_days_off else no)
    # days the calendar gives anyway are left to it, so that the workbook serves other months too
    if days is not None and rules.all_hands != all_hands(*days):
        sheet.add(say("all_hands", language), ", ".join(map(str, rules.all_hands)) or "none")
    sheet.add(say("compensate_days", language), rules.compensate_days)


def _skills(book: Any, needs: Sequence[tuple[str, int]], language: str, notes: bool = False) -> None:
    heads = [say("skill", language), say("per_shift", language)]
    sheet = _Writer(book, "skill_needs", heads, language, notes)
    for skill, count in needs:
        sheet.add(skill, count)


def _demand(
    book: Any, days: Sequence[dt.date], kinds: Sequence[ShiftKind], demand: Agents, language: str
) -> None:
    heads = [f"{day.isoformat()}\n{WEEK[language][day.weekday()]}" for day in days]
    sheet = _Writer(book, "demand", [say("shift", language), *heads], language, False)
    for k, kind in enumerate(kinds):
        sheet.add(kind.name, *(int(count) for count in np.asarray(demand)[:, k]))
