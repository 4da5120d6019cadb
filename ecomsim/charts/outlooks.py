"""Charts of a forecast against its target: the way to the month's end, the chance over time, what it is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from ecomsim.charts.describe import Band, Fan, Mark, Panel, Panels, Step, Target, Track, Waterfall
from ecomsim.forecast.words import family_text, part_text, say

if TYPE_CHECKING:
    import pandas as pd

    from ecomsim.forecast import Forecast
    from ecomsim.target import Target as Goal

__all__ = ["chance_line", "contribution_steps", "outlook_fan"]

_SMALL = 0.01
"""Share of the total below which parts are drawn as one."""


def outlook_fan(
    outlook: Forecast, goal: Goal | None, period: str, *, title: str, unit: str, language: str = "en"
) -> Fan:
    """Return the running total of a period: what is known, then mean and range; the plan beside it."""
    from ecomsim.target import Target as Wanted

    aim = goal or Wanted(outlook.metric, {period: max(float(outlook.outcomes(period)[0].mean()), 1.0)})
    pace = outlook.pacing(aim, period)
    actual = pace["actual"].to_numpy(float)

    def line(column: str) -> tuple[float, ...]:
        ahead = pace[column].to_numpy(float)
        return tuple(np.where(np.isnan(actual), ahead, actual).tolist())

    bands = [Band(say("forecast", language), line("p10"), line("mean"), line("p90"))]
    if goal is not None:
        planned = tuple(pace["planned"].to_numpy(float).tolist())
        bands.append(Band(say("plan", language), planned, planned, planned))
    dates = tuple(pace.index)
    marks = tuple(
        Mark(family_text(event.family, language), peak, peak)
        for event in outlook.question.events
        for peak in event.peaks[-1:]
        if event.family != "own" and dates[0] <= peak <= dates[-1]
    )
    rule = None if goal is None else Target(say("target", language), goal.periods[period])
    return Fan(title, unit, dates, tuple(bands), rule, marks)


def chance_line(told: pd.DataFrame, *, title: str, language: str = "en") -> Panels:
    """Return the chance of the target as told on each day, in percent."""
    values = tuple((100 * told["p_hit"]).tolist())
    panel = Panel(title, "%", (Track(say("chance", language), values),))
    return Panels(title, "%", tuple(told.index), (panel,))


def contribution_steps(
    parts: pd.Series[float],
    *,
    title: str,
    unit: str,
    words: Callable[[float, bool], str],
    language: str = "en",
) -> Waterfall:
    """Return what an expected total is made of: from what is known to the whole, small parts together.

    `words` writes an amount, with its sign unless its second argument says that it is a level.
    """
    total = float(parts.sum())
    start = float(parts.get("known", 0.0)) + float(parts["level"])
    name = part_text("level", language) if not parts.get("known") else say("known_and_level", language)
    rest = {str(k): float(v) for k, v in parts.items() if k not in ("known", "level")}
    big = {k: v for k, v in rest.items() if abs(v) >= _SMALL * abs(total)}
    steps = [Step(name, start, True, words(start, True))]
    steps += [Step(part_text(k, language), v, False, words(v, False)) for k, v in big.items()]
    small = sum(rest.values()) - sum(big.values())
    if abs(small) > 0:
        steps.append(Step(say("other", language), small, False, words(small, False)))
    steps.append(Step(say("expected_total", language), total, True, words(total, True)))
    return Waterfall(title, unit, tuple(steps))
