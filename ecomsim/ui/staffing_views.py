"""Views of a planned week: cards, heat map, roster, fairness; everything a user named is escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from html import escape
from typing import Any

from ecomsim.charts import HeatMap, option
from ecomsim.charts.echarts import Option
from ecomsim.charts.scale import compact
from ecomsim.chinese import in_chinese
from ecomsim.report.words import percent
from ecomsim.staffing.window import clock
from ecomsim.ui.answers import Card
from ecomsim.ui.desk import month_words
from ecomsim.ui.screens import table_html
from ecomsim.ui.staffing_ask import WeekPlan
from ecomsim.ui.staffing_words import STAFFING

__all__ = [
    "MAPS",
    "cards",
    "day_name",
    "fairness_html",
    "grid",
    "headline",
    "heat_option",
    "key_html",
    "notes_html",
    "repaired_html",
    "shift_name",
    "worth_html",
]

MAPS = ("need", "duty", "gap_map", "service")
"""Heat maps to choose from."""

_OURS = re.compile(r"\b(early|mid|late)\b")
_WEEK = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}


def day_name(plan: WeekPlan, d: int, code: str) -> str:
    """Return a day as 'Mon 9 Nov' or '周一 11-09'."""
    day = plan.need.days[d]
    week = _WEEK[code][day.weekday()]
    return f"{week} {day:%m-%d}" if code == "zh" else f"{week} {day.day} {day:%b}"


def headline(plan: WeekPlan, code: str) -> str:
    """Return the answer to the page's question."""
    asked = plan.question
    kept = plan.check.share >= asked.share / 100
    month = asked.span == "month"
    key = ("answer_month" if month else "answer") + ("" if kept else "_short")
    when = month_words(f"{asked.first:%Y-%m}", code) if month else str(asked.first)
    return STAFFING.say(
        key, code, people=str(len(plan.roster.task.people)), day=when,
        share=percent(plan.check.share), within=f"{asked.within:g}",
    )  # fmt: skip


def cards(plan: WeekPlan, code: str) -> list[Card]:
    """Return the headline cards."""

    def say(key: str, **parts: str) -> str:
        return STAFFING.say(key, code, **parts)

    promised = plan.question.share / 100
    lost, came = (
        float(plan.check.lost_enquiries.mean()),
        float(plan.check.field("came").mean(axis=0).sum(axis=1).mean()),
    )
    away = float(plan.check.lost_sales.sum())
    proof = say("proven") if plan.roster.proven else ""
    gap = plan.roster.gap
    if not proof and gap == gap and gap != float("inf"):
        proof = say("gap", gap=percent(gap))
    kept = plan.check.share >= promised
    wages = say("card_wages_month" if plan.question.span == "month" else "card_wages")
    return [
        Card("people", say("card_people"), str(len(plan.roster.task.people)), proof, ""),
        Card("hours", say("card_hours"), f"{plan.hours:,.0f}", say("needed", hours=f"{plan.need.hours:,.0f}"), ""),
        Card(
            "short", say("card_short"), str(plan.short_slots), say("of_slots", slots=str(plan.need.agents.size)), "",
            state="watch" if plan.short_slots else "",
        ),
        Card(
            "service", say("card_service"), percent(plan.check.share), say("promised", share=percent(promised)), "",
            state="" if kept else "miss",
        ),
        Card(
            "lost", say("card_lost"), compact(away, code), say("of_came", lost=f"{lost:,.1f}", came=f"{came:,.0f}"), ""
        ),
        Card(
            "wages", wages, compact(plan.wages, code), say("assumed_wage", wage=f"{plan.wage:,.0f}"), ""
        ),
    ]  # fmt: skip


def heat_option(plan: WeekPlan, which: str, code: str) -> Option:
    """Return one of the heat maps by day and half-hour."""
    values = {
        "need": plan.need.agents,
        "duty": plan.on_duty,
        "gap_map": plan.need.shortfall(plan.on_duty),
        "service": plan.check.in_time * 100,
    }[which]
    unit = STAFFING.say("percent_unit" if which == "service" else "people_unit", code)
    chart = HeatMap(
        title=STAFFING.say(which, code),
        unit=unit,
        rows=tuple(day_name(plan, d, code) for d in range(len(plan.need.days))),
        columns=plan.need.labels,
        values=tuple(tuple(float(round(v)) for v in row) for row in values),
    )
    made = option(chart, language=code)
    # a label every two hours: half-hours would be written over each other
    made["xAxis"]["axisLabel"] = {**made["xAxis"].get("axisLabel", {}), "interval": 3}
    return made


def shift_name(name: str, code: str) -> str:
    """Return the name of a shift: our own in the page's language, the user's as they wrote it."""
    return STAFFING.say(name, code) if name in ("early", "mid", "late", "day_shift") else name


def grid(plan: WeekPlan, code: str) -> dict[str, Any]:
    """Return what the roster grid shows: days, kinds, words and rows, plain values."""
    task, say = plan.roster.task, partial(STAFFING.say, language=code)
    month = len(task.days) > 7
    names = [shift_name(kind.name, code) for kind in task.kinds]
    width = next(
        n for n in range(1, 60) if n > 50 or len({name[:n].casefold() for name in names}) == len(names)
    )
    edited = {(name, day) for name, day, _ in plan.question.edits}
    touched = plan.touched
    rows = []
    for n, person in enumerate(task.people):
        marks = []
        for d, day in enumerate(task.days):
            key = (person.name, day)
            own = ["edited"] if key in edited else ["touched"] if key in touched else []
            away = day in person.leave and plan.roster.table[n, d] < 0
            marks.append([*own, "leave"] if away else own)
        rows.append({"name": person.name, "cells": [int(k) for k in plan.roster.table[n]], "marks": marks})
    days = []
    for d, day in enumerate(task.days):
        week = _WEEK[code][day.weekday()]
        low = (
            (week[-1] if code == "zh" else week[:2])
            if month
            else f"{day:%m-%d}"
            if code == "zh"
            else f"{day.day} {day:%b}"
        )
        days.append(
            {
                "name": day_name(plan, d, code), "top": str(day.day) if month else week, "low": low,
                "weekend": day.weekday() > 4, "hands": d in task.must,
            }
        )  # fmt: skip
    words = {
        "label": say("roster"), "name": say("name"), "off": say("off"), "leave": say("key_leave"),
        "hands": say("key_hands"), "leave_short": say("leave_short"), "edited": say("key_edited"),
        "touched": say("key_touched"),
    }  # fmt: skip
    kinds = [{"name": name, "short": name[:width].upper()} for name in names]
    return {"days": days, "kinds": kinds, "words": words, "rows": rows}


def key_html(plan: WeekPlan, code: str) -> str:
    """Return what colours and marks of the grid mean: every shift with its hours, and the marks there are."""
    task = plan.roster.task
    shown = [
        (
            f"es-shift-{k % 6}",
            f"{shift_name(kind.name, code)} {clock(task.span(k)[0])}–{clock(task.span(k)[1])}",
        )
        for k, kind in enumerate(task.kinds)
    ]
    if any(set(p.leave) & set(task.days) for p in task.people):
        shown.append(("es-leave", STAFFING.say("key_leave", code)))
    if plan.touched:
        shown.append(("es-touched", STAFFING.say("key_touched", code)))
    if plan.question.edits:
        shown.append(("es-edited", STAFFING.say("key_edited", code)))
    lines = "".join(f'<li><i class="es-swatch {mark}"></i>{escape(text)}</li>' for mark, text in shown)
    if task.must:
        lines += f"<li>★ {escape(STAFFING.say('key_hands', code))}</li>"
    return f'<ul class="es-key">{lines}</ul>'


def repaired_html(plan: WeekPlan, code: str) -> str:
    """Return a sentence for every leave: who is away and who changes for it."""
    told = []
    away = {name for name, _, _ in plan.question.leave}
    names = sorted({name for name, _ in plan.touched} - away)
    for name, first, last in plan.question.leave:
        days = f"{first:%m-%d}" if first == last else f"{first:%m-%d} – {last:%m-%d}"
        told.append((name, days))
    if not told:
        return ""
    who, days = (
        "、".join(n for n, _ in told) if code == "zh" else ", ".join(n for n, _ in told),
        ", ".join(d for _, d in told),
    )
    key = "repaired" if names else "repaired_none"
    parts = {"count": str(len(names)), "names": ", ".join(names)} if names else {}
    return (
        f'<p class="es-told" role="status">{escape(STAFFING.say(key, code, who=who, days=days, **parts))}</p>'
    )


def worth_html(plan: WeekPlan, code: str) -> str:
    """Return what one more and one fewer person is worth, and what follows from it."""

    def say(key: str, **parts: str) -> str:
        return STAFFING.say(key, code, **parts)

    if not plan.worth:
        return f'<p class="es-sub">{escape(say("worth_wait"))}</p>'
    names = {1: say("one_more"), -1: say("one_fewer")}
    lines: list[Sequence[str]] = [
        ["", *(say(f"worth_{key}") for key in ("shift", "share", "margin", "wages", "net"))]
    ]
    lines += [
        [
            names[one.change], shift_name(one.kind, code), percent(one.in_time),
            f"{_signed(one.margin, code)}\n± {compact(1.96 * one.error, code)}", _signed(one.wages, code),
            _signed(one.net, code),
        ]
        for one in plan.worth
    ]  # fmt: skip
    best = max(plan.worth, key=lambda one: one.net - 1.96 * one.error)
    sure = best.net - 1.96 * best.error > 0
    told = (
        say("worth_pays", change=names[best.change], net=_signed(best.net, code))
        if sure
        else say("worth_keep")
    )
    return f"<p>{escape(told)}</p>{table_html(lines, say('worth'))}"


def _signed(value: float, code: str) -> str:
    return ("+" if value > 0 else "−" if value < 0 else "") + "¥ " + compact(abs(value), code)


def fairness_html(plan: WeekPlan, code: str) -> str:
    """Return days, weekend days, late shifts, runs, weekends off and days owed by person."""
    columns = ("days", "target", "weekend_days", "late_shifts", "longest_run", "weekends_off", "owed")
    table = plan.roster.fairness()
    lines: list[Sequence[str]] = [[STAFFING.say("name", code), *(STAFFING.say(key, code) for key in columns)]]
    lines += [[str(row["name"]), *(str(row[key]) for key in columns)] for _, row in table.iterrows()]
    weekend, late = plan.roster.spreads
    told = STAFFING.say(
        "fairness_sub", code, people=str(len(lines) - 1), weekend=str(weekend), late=str(late)
    )
    body = table_html(lines, STAFFING.say("fairness", code))
    return f'<p class="es-sub">{escape(told)}</p><div class="es-fairness">{body}</div>'


def notes_html(plan: WeekPlan, code: str) -> str:
    """Return what the roster breaks and what it is short of, at most five of each."""
    parts = []
    for key, texts in (("breaks_rule", plan.breaches), ("short", plan.roster.shortages)):
        if texts:
            said = [_in_chinese(text) for text in texts[:5]] if code == "zh" else texts[:5]
            rows = "".join(f"<li>{escape(text)}</li>" for text in said)
            more = f"<li>… {len(texts) - 5}</li>" if len(texts) > 5 else ""
            parts.append(
                f'<div class="es-told"><strong>{escape(STAFFING.say(key, code))}</strong><ul>{rows}{more}</ul></div>'
            )
    return "".join(parts)


def _in_chinese(text: str) -> str:
    """Return a sentence of the roster in Chinese, our own shifts by their Chinese names."""
    return _OURS.sub(lambda found: STAFFING.say(found[0], "zh") + "班", in_chinese(text))
