"""Views of a planned week: cards, heat map, roster, fairness; everything a user named is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ecomsim.charts import HeatMap, option
from ecomsim.charts.echarts import Option
from ecomsim.charts.scale import compact
from ecomsim.chinese import in_chinese
from ecomsim.report.words import percent
from ecomsim.ui.answers import Card
from ecomsim.ui.screens import table_html
from ecomsim.ui.staffing_model import WeekPlan
from ecomsim.ui.staffing_words import STAFFING

__all__ = [
    "MAPS",
    "cards",
    "day_name",
    "fairness_html",
    "headline",
    "heat_option",
    "notes_html",
    "roster_html",
]

MAPS = ("need", "duty", "gap_map", "service")
"""Heat maps to choose from."""

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
    return STAFFING.say(
        "answer" if kept else "answer_short", code, people=str(len(plan.roster.task.people)), day=str(asked.monday),
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
    proof = say("proven") if plan.roster.proven else ""
    gap = plan.roster.gap
    if not proof and gap == gap and gap != float("inf"):
        proof = say("gap", gap=percent(gap))
    kept = plan.check.share >= promised
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
        Card("lost", say("card_lost"), f"{lost:,.0f}", say("of_came", came=f"{came:,.0f}"), ""),
        Card(
            "wages", say("card_wages"), compact(plan.wages, code), say("assumed_wage", wage=f"{plan.wage:,.0f}"), ""
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


def roster_html(plan: WeekPlan, code: str) -> str:
    """Return names by days; changed cells are marked."""
    edited = {(name, day) for name, day, _ in plan.question.edits}
    task = plan.roster.task
    head = [STAFFING.say("name", code), *(day_name(plan, d, code) for d in range(len(task.days)))]
    lines = []
    for n, person in enumerate(task.people):
        cells = []
        for d, kind in enumerate(plan.roster.table[n]):
            name = STAFFING.say(task.kinds[kind].name if kind >= 0 else "off", code)
            mark = " ✎" if (person.name, task.days[d]) in edited else ""
            cells.append(
                f'<td class="es-shift es-shift-{kind if kind >= 0 else "off"}">{escape(name)}{mark}</td>'
            )
        lines.append(f'<tr><th scope="row">{escape(person.name)}</th>{"".join(cells)}</tr>')
    top = "".join(f'<th scope="col">{escape(text)}</th>' for text in head)
    label = escape(STAFFING.say("roster", code))
    return (
        f'<div class="es-scroll es-roster" tabindex="0" role="region" aria-label="{label}"><table class="es-table">'
        f"<thead><tr>{top}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def fairness_html(plan: WeekPlan, code: str) -> str:
    """Return days, weekend days, late shifts and longest run by person."""
    columns = ("days", "weekend_days", "late_shifts", "longest_run")
    table = plan.roster.fairness()
    lines: list[Sequence[str]] = [[STAFFING.say("name", code), *(STAFFING.say(key, code) for key in columns)]]
    lines += [[str(row["name"]), *(str(row[key]) for key in columns)] for _, row in table.iterrows()]
    return f'<div class="es-fairness">{table_html(lines, STAFFING.say("fairness", code))}</div>'


def notes_html(plan: WeekPlan, code: str) -> str:
    """Return what the roster breaks and what it is short of, at most five of each."""
    parts, said = [], in_chinese if code == "zh" else str
    for key, texts in (("breaks_rule", plan.breaches), ("short", plan.roster.shortages)):
        if texts:
            rows = "".join(f"<li>{escape(said(text))}</li>" for text in texts[:5])
            more = f"<li>… {len(texts) - 5}</li>" if len(texts) > 5 else ""
            parts.append(f"<h3>{escape(STAFFING.say(key, code))}</h3><ul class='es-sub'>{rows}{more}</ul>")
    return "".join(parts)
