"""The self-contained HTML page of a report: no script, no request, printable, light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from ecomsim.charts import Chart, Interval, Target, render
from ecomsim.charts.days import daily_fan, sold_out
from ecomsim.charts.figures import (
    FUNNEL,
    channel_funnel,
    cumulative_fan,
    difference_rows,
    promotion_marks,
    through_the_days,
)
from ecomsim.metrics import label, metric
from ecomsim.report.outcome import Outcome
from ecomsim.report.page import Page
from ecomsim.report.words import amount, change, percent, say, unit_words

__all__ = ["write_html"]


def write_html(page: Page, path: Path | str) -> Path:
    """Write the page and return its path.

    Parameters
    ----------
    page : everything the report says
    path : file to write, ending in .html
    """
    from jinja2 import Environment, PackageLoader

    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # autoescape: names and notes are the user's text
    charts = [render(chart, language=page.language) for chart in _charts(page)]
    env = Environment(
        loader=PackageLoader("ecomsim.report"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    text = env.get_template("page.html").render(
        page=page,
        say=lambda key, **parts: say(key, page.language, **parts),
        headlines=_headlines(page),
        rows=_rows(page),
        charts=charts[:-1],
        panels=charts[-1],
        tables=[(title, _cells(frame)) for title, frame in page.tables],
    )
    path.write_text(text, encoding="utf-8")
    return path


def _headlines(page: Page) -> list[dict[str, str]]:
    cards = []
    for reach in page.reaches:
        total = next(o for o in page.outcomes if o.metric == reach.metric and o.scenario == reach.scenario)
        cards.append(
            {
                "name": page.names[reach.scenario],
                "value": percent(reach.probability),
                "words": f"{label(reach.metric, page.language)} {total.value_words(page.language)} / "
                f"{amount(reach.target, reach.metric, page.language)}",
                "gap": change(reach.gap, reach.metric, page.language),
                "daily": amount(reach.daily, reach.metric, page.language) if reach.daily is not None else "",
                "state": "good"
                if reach.probability >= 0.8
                else "watch"
                if reach.probability >= 0.3
                else "miss",
            }
        )
    return cards


def _rows(page: Page) -> list[dict[str, Any]]:
    rows = []
    for name, group in groupby(page.outcomes, key=lambda o: o.metric):
        cells = [
            {
                "value": o.value_words(page.language),
                "range": o.range_words(page.language),
                "change": o.change_words(page.language),
                "spread": o.change_range_words(page.language),
                "good": "" if o.good is None else ("good" if o.good else "bad"),
                "exact": f"{o.low:,.4g} – {o.mid:,.6g} – {o.high:,.4g}",
            }
            for o in group
        ]
        found = metric(name)
        unit = "" if found.unit == "share" else unit_words(found.unit, page.language, page.currency)
        rows.append({"label": label(name, page.language), "unit": unit, "means": found.means, "cells": cells})
    return rows


def _charts(page: Page) -> list[Chart]:
    language, first = page.language, page.reaches[0] if page.reaches else None
    name = first.metric if first else "gmv"
    money = unit_words("money", language, page.currency)
    marks = promotion_marks(page.promotions, language)
    target = Target(say("target", language), first.target) if first else None
    title = say("gmv_fan", language, metric=label(name, language))
    charts: list[Chart] = [
        cumulative_fan(
            page.study, name, title=title, unit=money, target=target, marks=marks, names=page.names
        )
    ]
    for key in ("gmv", "margin"):
        rows = [
            _interval(page, row) for row in page.outcomes if row.metric == key and row.scenario != page.base
        ]
        if rows:
            title = say("differences", language, metric=label(key, language), base=page.names[page.base])
            charts.append(difference_rows(rows, title=title, unit=money))
    every = (*page.daily_metrics, *FUNNEL)
    units = {m: unit_words(metric(m).unit, language, page.currency) for m in every}
    labels = {m: label(m, language) for m in every}
    recorded = page.study.variables
    if all(f"{m}_by_channel" in recorded for m in FUNNEL):
        charts.append(
            channel_funnel(
                page.study, title=say("funnel", language), labels=labels, units=units, channels=page.channels,
                names=page.names,
            )
        )  # fmt: skip
    alone = [m for m in ("on_hand", "service_level") if m in page.daily_metrics]
    for m in alone:
        strip = None
        if m == "on_hand" and "stockout_days" in recorded:
            strip = sold_out(page.study, page.study.scenarios[-1], say("sold_out", language))
        charts.append(
            daily_fan(
                page.study, m, title=labels[m], unit=units[m], marks=marks, names=page.names, strip=strip
            )
        )  # fmt: skip
    charts.append(
        through_the_days(
            page.study,
            [m for m in page.daily_metrics if m not in alone],
            title=say("through", language),
            labels=labels,
            units=units,
            marks=marks,
            names=page.names,
        )
    )
    return charts


def _interval(page: Page, row: Outcome) -> Interval:
    words, name = row.change_words(page.language), page.names[row.scenario]
    return Interval(name, row.difference_low, row.difference, row.difference_high, words, row.good)


def _cells(frame: Any) -> dict[str, Sequence[Any]]:
    numeric = [frame[c].dtype.kind in "fiu" for c in frame.columns]
    rows = [[_cell(v) for v in values] for values in frame.itertuples(index=False)]
    return {"head": [str(c) for c in frame.columns], "numeric": numeric, "rows": rows}


def _cell(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return f"{value:,.3g}" if abs(value) < 100 else f"{value:,.0f}"
    return str(value)
