"""Changes of a store in a planner's words: what, by how much, on which days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from ecomsim.report.words import unit_words
from ecomsim.scenario import Add, Change, Remove, Scale, Set, Shift
from ecomsim.ui.dated import Dated, together
from ecomsim.ui.field_words import path_words
from ecomsim.ui.language import Words
from ecomsim.ui.lever_view import value_words
from ecomsim.ui.levers import Catalogue, Lever

__all__ = ["change_words", "dated_words", "days_words", "lever_noun", "month_day"]

_SAY = Words(
    {
        "spend": ("Spend on {name}", "{name}花费"),
        "rate": ("Commission rate of {name}", "{name}佣金率"),
        "visitors": ("Visitors from {name}", "{name}访客"),
        "discount": ("Discount of {name}", "{name}折扣幅度"),
        "lift": ("Pull of {name}", "{name}拉动力"),
        "prices_all": ("All prices", "全部价格"),
        "prices_category": ("Prices of {name}", "{name}价格"),
        "price": ("Price of {name}", "{name}的价格"),
        "headcount": ("{name} agents", "{name}客服人数"),
        "reorder_days": ("Reorder point", "补货点"),
        "up_to_days": ("Order-up-to cover", "补货目标"),
        "lead_days": ("Suppliers' lead time", "供应商交期"),
        "one": ("on {day}", "{day}"),
        "span": ("from {first} to {last}", "{first}至{last}"),
        "from": ("from {first} on", "{first}起"),
        "until": ("until {last}", "至{last}"),
        "by": ("{what} {change}", "{what} {change}"),
        "at": ("{what} at {change}", "{what}为 {change}"),
        "by_on": ("{what} {change} {when}", "{what} {change}，{when}"),
        "at_on": ("{what} at {change} {when}", "{what}为 {change}，{when}"),
        "added_like": ("Added: {what}, like {like}{more}", "新增：{what}，参照 {like}{more}"),
        "added": ("Added: {what}{more}", "新增：{what}{more}"),
        "removed": ("Taken out: {what}", "移除：{what}"),
    }
)


def lever_noun(lever: Lever, subject: str, code: str) -> str:
    """Return what a lever moves, as it stands in a sentence."""
    if lever.word in _SAY.table:
        return _SAY.say(lever.word, code, name=subject)
    return path_words(lever.paths[0], code, lambda path: subject)


def days_words(first: dt.date | None, last: dt.date | None, code: str) -> str:
    """Write a span of days as the language does; None is an open end.

    Examples
    --------
    >>> day = dt.date(2026, 11, 1)
    >>> days_words(day, dt.date(2026, 11, 11), "en"), days_words(day, dt.date(2026, 11, 11), "zh")
    ('from 1 to 11 November', '11月1日至11日')
    >>> days_words(day, day, "en"), days_words(None, day, "en"), days_words(day, None, "zh")
    ('on 1 November', 'until 1 November', '11月1日起')
    """
    if first and last:
        if first == last:
            return _SAY.say("one", code, day=month_day(first, code))
        if (first.year, first.month) == (last.year, last.month):
            begin, end = (
                (month_day(first, "zh"), f"{last.day}日")
                if code == "zh"
                else (str(first.day), month_day(last, "en"))
            )
        else:
            begin, end = month_day(first, code), month_day(last, code)
        return _SAY.say("span", code, first=begin, last=end)
    if first:
        return _SAY.say("from", code, first=month_day(first, code))
    return _SAY.say("until", code, last=month_day(last, code)) if last else ""


def month_day(day: dt.date, code: str) -> str:
    """Write a day without its year."""
    return f"{day.month}月{day.day}日" if code == "zh" else f"{day.day} {day:%B}"


def dated_words(one: Dated, lever: Lever, subject: str, code: str) -> str:
    """Return a lever moved on some days, e.g. 'Spend on Search ads +20 % from 1 to 11 November'."""
    what = lever_noun(lever, subject, code)
    if one.relative:
        return _joined("by", what, _factor(one.value), one.first, one.last, code)
    return _joined("at", what, _level(lever, one.value, code), one.first, one.last, code)


def change_words(change: Change, levers: Catalogue, subject: Callable[[Lever], str], code: str) -> str:
    """Return any change of a scenario in words.

    Parameters
    ----------
    change : what is changed
    levers : their names are taken where one moves the same number
    subject : label of what a lever belongs to
    code : language
    """

    def part(path: str) -> str:
        """Return the label of a channel, promotion or product that has a lever of its own."""
        name = path.split(".")[1]
        return next((subject(one) for one in levers.levers.values() if one.subject == name), "")

    if isinstance(change, Remove):
        return _SAY.say("removed", code, what=path_words(change.path, code, part))
    if isinstance(change, Add):
        plain = change.plain()
        given = plain.get("with", plain.get("item", {}))
        more = (
            "; ".join(f"{key} {value}" for key, value in given.items()) if isinstance(given, Mapping) else ""
        )
        key = "added_like" if change.like else "added"
        what = path_words(plain["add"], code, part)
        return _SAY.say(key, code, what=what, like=change.like, more=f" ({more})"[:200] if more else "")
    assert isinstance(change, (Set, Scale, Shift))
    lever = next((one for one in levers.levers.values() if together([change], one)), None)
    what = lever_noun(lever, subject(lever), code) if lever else path_words(change.path, code, part)
    if isinstance(change, Scale):
        return _joined("by", what, _factor(change.factor), *change.days, code)
    if isinstance(change, Shift):
        points = lever is not None and lever.unit == "share"
        said = f"{100 * change.by:+g} pt" if points else f"{change.by:+g}"
        return _joined("by", what, said.replace("-", "−"), *change.days, code)
    return _joined("at", what, _level(lever, change.value, code), *change.days, code)


def _joined(verb: str, what: str, said: str, first: dt.date | None, last: dt.date | None, code: str) -> str:
    when = days_words(first, last, code)
    return _SAY.say(f"{verb}_on" if when else verb, code, what=what, change=said, when=when)


def _factor(factor: float) -> str:
    return f"{100 * (factor - 1):+.4g} %".replace("-", "−")


def _level(lever: Lever | None, value: Any, code: str) -> str:
    if lever is None or isinstance(value, bool) or not isinstance(value, (int, float)):
        return f"{value:,.6g}" if isinstance(value, float) else str(value)[:80]
    said = value_words(lever, float(value), code)
    return f"{said} {unit_words('money', code)}" if lever.unit == "money" else said
