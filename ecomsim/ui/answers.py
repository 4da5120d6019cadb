"""A study as the planner reads it: cards, charts, a table side by side; no widget, every number already in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ecomsim.charts.days import daily_fan, sold_out
from ecomsim.charts.describe import Differences, Fan, Funnel, Interval, Panels, Target
from ecomsim.charts.figures import (
    FUNNEL,
    channel_funnel,
    cumulative_fan,
    difference_rows,
    promotion_marks,
    through_the_days,
)
from ecomsim.charts.scale import compact
from ecomsim.metrics import label, metric
from ecomsim.report.outcome import Outcome, outcomes
from ecomsim.report.words import change, percent, say, unit_words
from ecomsim.store import Store
from ecomsim.study import Study
from ecomsim.target import chance
from ecomsim.ui.planner_words import PLANNER, named

__all__ = ["CARDS", "DAILY", "Answer", "Card", "Question", "read", "read_rest"]

CARDS = ("gmv", "margin", "stockout_days", "service_level", "cash")
"""Metrics of the headline cards; the chance of the target stands second."""

DAILY = ("visitors", "gmv", "first_response_time_s")
"""Metrics shown day by day, small; stock and service have fans of their own."""


@dataclass(frozen=True)
class Question:
    """How a study is to be read.

    Attributes
    ----------
    language : 'en' or 'zh'
    month : its name in that language
    names : labels of the scenarios
    goal : the target of GMV, None without
    known : GMV of the month before the study's first day
    store : with its promotions as planned
    plan : scenario the cards tell of; the baseline when nothing is changed
    """

    language: str
    month: str
    names: Mapping[str, str]
    goal: float | None
    known: float
    store: Store
    plan: str = "baseline"


@dataclass(frozen=True)
class Card:
    """One headline: value, range, difference to the baseline with a sign and in words.

    Attributes
    ----------
    tone : 'good', 'bad' or '' for the difference
    state : 'watch', 'miss' or '' for the value
    """

    key: str
    name: str
    value: str
    range: str
    change: str
    tone: str = ""
    state: str = ""
    means: str = ""


@dataclass(frozen=True)
class Answer:
    """What is shown at once: headline, cards, fan."""

    headline: str
    cards: tuple[Card, ...]
    fan: Fan
    runs: int


@dataclass(frozen=True)
class Rest:
    """What follows when it is quiet: differences, the table side by side, funnel, stock, service, days."""

    differences: tuple[Differences, ...]
    table: tuple[tuple[str, ...], ...]
    funnel: Funnel
    stock: Fan
    service: Fan
    days: Panels


def read(study: Study, ask: Question) -> Answer:
    """Return headline, cards and fan."""
    code, base, plan = ask.language, study.scenarios[0], ask.plan
    rows = {row.metric: row for row in outcomes(study, CARDS) if row.scenario == plan}
    totals = {one: ask.known + study.total("gmv", one) for one in {base, plan}}
    cards = [_card(rows[name], plan == base, ask) for name in CARDS]
    cards.insert(1, _chance(totals[plan], totals[base], plan == base, ask))
    target = Target(PLANNER.say("target_rule", code), ask.goal) if ask.goal else None
    fan = cumulative_fan(
        study,
        "gmv",
        title=f"{label('gmv', code)} · {ask.month}",
        unit=unit_words("money", code, study.origin.currency),
        target=target,
        marks=promotion_marks(ask.store.promotions, code),
        names=ask.names,
        known=ask.known,
    )
    return Answer(_headline(totals[plan], ask), tuple(cards), fan, study.replications)


def _headline(totals: np.ndarray, ask: Question) -> str:
    code = ask.language
    low, mid, high = (_whole(compact(v, code)) for v in np.quantile(totals, [0.1, 0.5, 0.9]))
    if not ask.goal:
        return PLANNER.say("answer_free", code, month=ask.month, low=low, mid=mid, high=high)
    share, _ = chance(totals, ask.goal, metric("gmv").good)
    goal = _whole(compact(ask.goal, code))
    return PLANNER.say("answer", code, month=ask.month, mid=mid, target=goal, chance=_whole(percent(share)))


def _card(row: Outcome, is_base: bool, ask: Question) -> Card:
    code, known = ask.language, ask.known if row.metric == "gmv" else 0.0
    found = metric(row.metric)

    def words(value: float) -> str:
        return percent(value) if found.unit == "share" else compact(value + known, code)

    span = _whole(PLANNER.say("range_of", code, low=words(row.low), high=words(row.high)))
    means = found.means if code == "en" else ""
    unit = "" if found.unit == "share" else unit_words(found.unit, code, "CNY")
    name = label(row.metric, code) + (f" ({unit})" if unit else "")
    said, tone = _change(row, is_base, code)
    return Card(row.metric, name, words(row.mid), span, said, tone, "", means)


def _whole(words: str) -> str:
    """Keep a number and its unit on one line."""
    return words.replace(" ", "\u00a0")


def _change(row: Outcome, is_base: bool, code: str) -> tuple[str, str]:
    if is_base:
        return PLANNER.say("the_base", code), ""
    moved = change(row.difference, row.metric, code)
    if row.difference == 0 or moved.startswith("≈"):
        return PLANNER.say("as_base", code), ""
    arrow = "▲ " if row.difference > 0 else "▼ "
    tone = "" if row.good is None else "good" if row.good else "bad"
    share = _whole(percent(row.better))
    return PLANNER.say("better_than", code, change=_whole(arrow + moved), share=share), tone


def _chance(totals: np.ndarray, base: np.ndarray, is_base: bool, ask: Question) -> Card:
    code, name = ask.language, PLANNER.say("chance", ask.language)
    if not ask.goal:
        return Card("chance", name, "–", PLANNER.say("no_target", code), PLANNER.say("no_target_how", code))
    good = metric("gmv").good
    share, before = chance(totals, ask.goal, good)[0], chance(base, ask.goal, good)[0]
    ends = (change(v, "gmv", code) for v in np.quantile(totals - ask.goal, [0.1, 0.9]))
    gap = " … ".join(ends)
    state = "" if share >= 0.8 else "watch" if share >= 0.3 else "miss"
    tone, said = "", PLANNER.say("the_base", code)
    if not is_base:
        points = change(share - before, "service_level", code)
        said = PLANNER.say("as_base", code)
        if abs(share - before) >= 5e-4:
            tone = "good" if share > before else "bad"
            said = PLANNER.say("than_base", code, change=("▲ " if share > before else "▼ ") + points)
    span = PLANNER.say("to_target", code, gap=_whole(gap))
    return Card("chance", name, percent(share), span, said, tone, state)


def read_rest(study: Study, ask: Question) -> Rest:
    """Return what stands below the fan."""
    code = ask.language
    currency = study.origin.currency
    labels = {name: label(name, code) for name in (*DAILY, *FUNNEL)}
    units = {name: unit_words(metric(name).unit, code, currency) for name in (*DAILY, *FUNNEL)}
    rows = outcomes(study, CARDS)
    differences = _differences(rows, ask, unit_words("money", code, currency), study.scenarios[0])
    channels = {name: named(name, code) for name in study.origin.channels}
    marks = promotion_marks(ask.store.promotions, code)
    strip = sold_out(study, ask.plan, say("sold_out", code))
    stock, service = (
        daily_fan(
            study, name, title=label(name, code), unit=unit_words(metric(name).unit, code, currency), marks=marks,
            names=ask.names, strip=strip if name == "on_hand" else None,
        )
        for name in ("on_hand", "service_level")
    )  # fmt: skip
    return Rest(
        differences,
        _table(rows, study.scenarios, ask),
        channel_funnel(
            study, title=PLANNER.say("funnel", code), labels=labels, units=units, channels=channels,
            names=ask.names,
        ),
        stock,
        service,
        through_the_days(
            study, DAILY, title=PLANNER.say("through", code), labels=labels, units=units,
            marks=marks, names=ask.names,
        ),
    )  # fmt: skip


def _differences(rows: Sequence[Outcome], ask: Question, unit: str, base: str) -> tuple[Differences, ...]:
    made = []
    for name in ("gmv", "margin"):
        intervals = [
            Interval(
                ask.names.get(row.scenario, row.scenario), row.difference_low, row.difference,
                row.difference_high, row.change_words(ask.language), row.good,
            )
            for row in rows
            if row.metric == name and row.scenario != base
        ]  # fmt: skip
        if intervals:
            made.append(difference_rows(intervals, title=label(name, ask.language), unit=unit))
    return tuple(made)


def _table(rows: Sequence[Outcome], scenarios: Sequence[str], ask: Question) -> tuple[tuple[str, ...], ...]:
    """Return the head row, then a row a metric: value, range, difference and its range, a line each."""
    head = (PLANNER.say("outcome", ask.language), *(ask.names.get(one, one) for one in scenarios))
    lines = [head]
    for name in CARDS:
        cells = [label(name, ask.language)]
        for row in rows:
            if row.metric == name:
                parts = (
                    row.value_words(ask.language),
                    row.range_words(ask.language),
                    row.change_words(ask.language),
                    row.change_range_words(ask.language),
                )
                cells.append("\n".join(part for part in parts if part))
        lines.append(tuple(cells))
    return tuple(lines)
