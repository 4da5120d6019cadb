"""Names of the sheets and columns of roster workbooks, in English and Chinese, and how their cells are read."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from ecomsim.checks import EcomsimError

__all__ = ["OFF", "WEEK", "WORDS", "as_day", "as_text", "open_book", "say"]

WORDS = {
    "roster": ("Roster", "排班表"),
    "fairness": ("Fairness", "公平性"),
    "shifts": ("Shifts", "班次明细"),
    "name": ("Name", "姓名"),
    "off": ("off", "休"),
    "people": ("People", "人员"),
    "skills": ("Skills", "技能"),
    "days_a_week": ("Days a week", "每周天数"),
    "kinds": ("Shifts allowed", "可上班次"),
    "weekdays": ("Weekdays", "可上星期"),
    "leave": ("Leave", "请假"),
    "wishes_off": ("Wishes off", "希望休息"),
    "days": ("Days", "出勤天数"),
    "target": ("By contract", "应出勤"),
    "weekend_days": ("Weekend days", "周末班"),
    "late_shifts": ("Late shifts", "晚班"),
    "longest_run": ("Longest run", "最长连班"),
    "weekends_off": ("Weekends off", "周末双休"),
    "owed": ("Days owed", "欠休"),
    "wishes_met": ("Wishes met", "愿望满足"),
    "wishes": ("Wishes", "愿望"),
    "day": ("Day", "日期"),
    "shift": ("Shift", "班次"),
    "hours": ("Hours", "时间"),
    "breaks": ("Breaks", "休息"),
    "run_before": ("Days in a row before", "此前连班"),
    "last_kind": ("Last shift before", "此前班次"),
    "weekend_days_before": ("Weekend days before", "此前周末班"),
    "late_before": ("Late shifts before", "此前晚班"),
    "from": ("From", "开始"),
    "to": ("To", "结束"),
    "kind_of_leave": ("Kind", "类型"),
    "wish": ("wish", "希望"),
    "shift_types": ("Shift types", "班次设置"),
    "starts": ("Starts", "开始时间"),
    "length": ("Hours", "时长（小时）"),
    "meal_minutes": ("Meal minutes", "用餐分钟"),
    "meal_from": ("Meal from hour", "用餐最早（第几小时）"),
    "meal_to": ("Meal to hour", "用餐最晚（第几小时）"),
    "least": ("Least people", "最少人数"),
    "most": ("Most people", "最多人数"),
    "rules": ("Rules", "规则"),
    "rule": ("Rule", "规则"),
    "value": ("Value", "值"),
    "rest_hours": ("Rest hours between shifts", "班间休息小时"),
    "weekends_off_rule": ("Weekends off in four weeks", "四周内周末双休"),
    "late_after": ("Late after", "晚班界限"),
    "single_days_off": ("Single days off are fine", "允许单休"),
    "all_hands": ("All-hands days", "全员上岗日"),
    "compensate_days": ("Given back within days", "补休期限（天）"),
    "skill_needs": ("Skill needs", "技能需求"),
    "skill": ("Skill", "技能"),
    "per_shift": ("People on every shift", "每班人数"),
    "demand": ("Demand", "需求"),
}
"""Key -> (English, Chinese)."""

OFF = {"", "off", "休", "休息", "-", "—", "/", "none"}
WEEK = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "zh": ("一", "二", "三", "四", "五", "六", "日"),
}
_ROWS, _COLUMNS = (
    3_000,
    420,
)  # what is beyond is no roster: a sheet formatted to its last row must not fill memory
_DATE = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})")


def say(key: str, language: str) -> str:
    """Return a word in a language."""
    return WORDS[key][language == "zh"]


def as_text(cell: Any) -> str:
    """Return a cell as text, without the mark that keeps it from being a formula.

    Examples
    --------
    >>> as_text(" '=A1 "), as_text(None), as_text(3.0)
    ('=A1', '', '3')
    """
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "" if cell is None else str(cell).strip()
    return text[1:] if text[:1] == "'" and text[1:2] in tuple("=+-@＝＋－＠") else text


def as_day(cell: Any) -> dt.date | None:
    """Return the day in a cell, a date or text such as 2026-11-09 or 2026年11月9日; None where there is none."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    found = _DATE.match(as_text(cell))
    try:
        return dt.date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def open_book(source: Any, name: str) -> dict[str, list[list[Any]]]:
    """Return the rows of every sheet of a workbook, given as a path or a binary file.

    Raises
    ------
    EcomsimError
        For what cannot be read as an .xlsx workbook, by its name.
    """
    import openpyxl

    try:
        book = openpyxl.load_workbook(source, read_only=True, data_only=True)
        try:
            return {
                sheet.title: [list(row) for row in sheet.iter_rows(max_row=_ROWS, max_col=_COLUMNS, values_only=True)]
                for sheet in book.worksheets
            }  # fmt: skip
        finally:
            book.close()
    except Exception as error:
        raise EcomsimError(
            name, f"not readable: {type(error).__name__}", "an .xlsx workbook", "Save it anew as .xlsx"
        ) from None
