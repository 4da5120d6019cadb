"""What the targets dashboard says: cards, headline, tables, made of a forecast and plain words."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from ecomsim.charts import Chart, Waterfall
from ecomsim.charts.scale import compact
from ecomsim.forecast import Forecast
from ecomsim.forecast.words import cause_text, chance_text
from ecomsim.metrics import metric
from ecomsim.report.words import amount, change, percent, unit_words
from ecomsim.target import Target
from ecomsim.ui.answers import Card
from ecomsim.ui.desk import month_words
from ecomsim.ui.planner_words import named
from ecomsim.ui.targets_periods import Longer
from ecomsim.ui.targets_words import TARGETS

__all__ = [
    "cards", "gauge_html", "headline", "longer_frame", "longer_rows", "moved_rows", "need_rows", "part_rows",
    "period_words", "steps_html", "unit_of",
]  # fmt: skip

_LIKELY, _UNLIKELY = 0.8, 0.3


def unit_of(name: str, code: str) -> str:
    """Return the unit of a metric in words."""
    return unit_words(metric(name).unit, code)


def headline(outlook: Forecast, target: Target | None, month: str, code: str) -> str:
    """Return the answer to the page's question in one sentence."""
    total = outlook.total(month).iloc[0]
    low, mid, high = (compact(float(total[key]), code) for key in ("p10", "mean", "p90"))
    words = month_words(month, code)
    if target is None:
        return TARGETS.say("answer_free", code, month=words, low=low, mid=mid, high=high)
    row = outlook.attainment(target).iloc[0]
    told = chance_text(float(row["p_hit"]), bool(row["calibrated"]), code)
    goal = compact(target.months[month], code)
    return TARGETS.say("answer", code, month=words, mid=mid, target=goal, chance=told)


def cards(outlook: Forecast, target: Target | None, month: str, code: str) -> tuple[Card, ...]:
    """Return the headline cards: so far, the month, the chance, the gap, what is needed, the pace."""
    say = TARGETS.say
    total = outlook.total(month).iloc[0]
    low, mid, high = (compact(float(total[key]), code) for key in ("p10", "mean", "p90"))
    left = len(outlook.dates[outlook.question.ahead.slice_of(*outlook.days_of(month))])
    unit = f" ({unit_of(outlook.metric, code)})"
    known = compact(float(total["known"]), code)
    made = [
        Card("known", say("known", code) + unit, known, say("days_left", code, days=str(left)), ""),
        Card("outcome", say("outcome", code) + unit, mid, say("range", code, low=low, high=high), ""),
    ]
    if target is None:
        return (*made, Card("chance", say("chance", code), "–", say("no_target", code), ""))
    row = outlook.attainment(target).iloc[0]
    share = float(row["p_hit"])
    state = "" if share >= _LIKELY else "watch" if share >= _UNLIKELY else "miss"
    sure = bool(row["calibrated"])
    value = chance_text(share, sure, code)
    basis = outlook.basis_of(month, language=code) if sure else ""
    gaps = {q: change(float(row[f"gap_p{q}"]), outlook.metric, code) for q in (10, 90)}
    middle = change(float(row["mean"] - row["target"]), outlook.metric, code)
    made.append(Card("chance", say("chance", code), value, basis, "", state=state))
    made.append(
        Card("gap", say("gap", code) + unit, middle, say("gap_range", code, low=gaps[10], high=gaps[90]), "")
    )
    if left:
        day = outlook.dates[outlook.question.ahead.slice_of(*outlook.days_of(month))][0]
        following = say(
            "needed_next", code, day=f"{day.month}/{day.day}", amount=compact(float(row["required_next"]), code),
            factor=f"{row['required_factor']:.2f}",
        )  # fmt: skip
        daily = compact(float(row["required_daily"]), code)
        made.append(Card("needed", say("needed", code) + unit, daily, following, ""))
    return tuple(made)


def gauge_html(outlook: Forecast, target: Target, month: str, code: str) -> str:
    """Return the pacing gauge: what came in as a bar, what was planned as a mark; '' before the month."""
    say = TARGETS.say
    pace = outlook.pacing(target, month)
    known = pace[pace["actual"].notna()]
    if known.empty:
        return ""
    goal = target.months[month]
    actual, planned = (float(known[key].iloc[-1]) for key in ("actual", "planned"))
    told = say("pace_of", code, actual=compact(actual, code), planned=compact(planned, code))
    full, mark = (min(100.0, 100 * value / goal) for value in (actual, planned))
    ratio = percent(actual / planned) if planned > 0 else "–"
    tone = "es-good" if actual >= planned else "es-watch"
    return (
        f'<div class="es-gauge" role="img" aria-label="{escape(say("pace", code))}: {escape(ratio)}, {escape(told)}">'
        f'<span class="es-gauge-name">{escape(say("pace", code))} <strong class="{tone}">'
        f'{escape(ratio)}</strong></span><span class="es-gauge-bar"><i style="width:{full:.1f}%"></i>'
        f'<b style="left:{mark:.1f}%"></b></span><span class="es-sub">{escape(told)}</span></div>'
    )


def part_rows(outlook: Forecast, month: str, level: str, code: str) -> Sequence[Sequence[str]]:
    """Return the table by channel or category: known, expected with range, share; head first."""
    say = TARGETS.say
    table = outlook.total(month, level).sort_values("mean", ascending=False)
    whole = float(table["mean"].sum())
    rows = [[say("part", code), say("known", code), say("expected", code), say("share", code)]]
    for name, row in table.iterrows():
        span = f"{compact(float(row['p10']), code)} – {compact(float(row['p90']), code)}"
        share = percent(float(row["mean"]) / whole) if whole else "–"
        rows.append(
            [
                named(str(name), code),
                compact(float(row["known"]), code),
                f"{compact(float(row['mean']), code)}\n{span}",
                share,
            ]
        )
    return rows


def longer_rows(periods: Sequence[Longer], code: str) -> Sequence[Sequence[str]]:
    """Return the table of the quarter and the year: known, expected, and where there is one, target and chance."""
    aimed = any(one.target is not None for one in periods)
    heads = ("period", "known", "expected", *(("goal", "chance_short") if aimed else ()))
    rows = [[TARGETS.say(key, code) for key in heads]]
    for one in periods:
        total = one.outlook.total(one.period).iloc[0]
        low, mid, high, known = (compact(float(total[key]), code) for key in ("p10", "mean", "p90", "known"))
        goal, told = "–", "–"
        if one.target is not None:
            row = one.outlook.attainment(one.target).iloc[0]
            goal = compact(one.target.periods[one.period], code)
            told = chance_text(float(row["p_hit"]), bool(row["calibrated"]), code)
        rows.append(
            [period_words(one.period, code), known, f"{mid}\n{low} – {high}", goal, told][: len(heads)]
        )
    return rows


def longer_frame(periods: Sequence[Longer]) -> pd.DataFrame:
    """Return the same as numbers, one row a period."""
    rows = {}
    for one in periods:
        rows[one.period] = dict(one.outlook.total(one.period).iloc[0])
        if one.target is not None:
            row = one.outlook.attainment(one.target).iloc[0]
            rows[one.period] |= {"target": row["target"], "chance": row["chance"]}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("period")


def period_words(period: str, code: str) -> str:
    """Return a quarter or a year in words.

    Examples
    --------
    >>> period_words("2026-Q4", "en"), period_words("2026-Q4", "zh"), period_words("2026", "zh")
    ('Q4 2026', '2026年第4季度', '2026年')
    """
    year, _, quarter = period.partition("-Q")
    if code == "zh":
        return f"{year}年第{quarter}季度" if quarter else f"{year}年"
    return f"Q{quarter} {year}" if quarter else year


def steps_html(chart: Chart, label: str) -> str:
    """Return a waterfall as rows of name, bar and amount: it reads the same on a phone, whatever the names' length."""
    assert isinstance(chart, Waterfall)
    at, spans = 0.0, []
    for step in chart.steps:
        begin = 0.0 if step.level else at
        at = step.value if step.level else at + step.value
        spans.append((min(begin, at), max(begin, at)))
    low, high = min(0.0, *(s[0] for s in spans)), max(s[1] for s in spans)
    scale = 100 / (high - low) if high > low else 0.0
    rows = []
    for step, (left, right) in zip(chart.steps, spans, strict=True):
        tone = "es-level" if step.level else "es-up" if step.value >= 0 else "es-down"
        bar = f"left:{(left - low) * scale:.2f}%;width:{max((right - left) * scale, 0.4):.2f}%"
        rows.append(
            f'<li><span class="es-step-name">{escape(step.name)}</span><span class="es-step-track" aria-hidden="true">'
            f'<i class="{tone}" style="{bar}"></i></span><span class="es-step-value">{escape(step.words)}</span></li>'
        )
    return f'<ol class="es-steps" aria-label="{escape(label)} ({escape(chart.unit)})">{"".join(rows)}</ol>'


def moved_rows(moves: pd.DataFrame, name: str, code: str) -> Sequence[Sequence[str]]:
    """Return why the expected total moved: cause, effect, total after it; causes without effect are left out."""
    rows = [[TARGETS.say(key, code) for key in ("cause", "effect", "total_after")]]
    whole = max(abs(float(moves["outcome"].iloc[-1])), 1.0)
    for cause, row in moves.iterrows():
        ends = cause in ("before", "now")
        if ends or abs(float(row["effect"])) > 1e-9 * whole:
            effect = "" if ends else change(float(row["effect"]), name, code)
            rows.append([cause_text(str(cause), code), effect, amount(float(row["outcome"]), name, code)])
    return rows


def need_rows(
    outlook: Forecast, target: Target, month: str, code: str, most: int = 14
) -> Sequence[Sequence[str]]:
    """Return the days ahead: expected and needed; head first."""
    days: pd.DataFrame = outlook.needed(target, month).head(most)
    rows = [[TARGETS.say(key, code) for key in ("day", "expected", "needed_day")]]
    for day, row in days.iterrows():
        rows.append(
            [f"{day:%m-%d}", compact(float(row["expected"]), code), compact(float(row["required"]), code)]
        )
    return rows
