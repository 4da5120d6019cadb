"""Charts of a study: the month against its target, what a scenario changes, the days, all as descriptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ecomsim.charts.describe import (
    Band,
    Differences,
    Fan,
    Funnel,
    Interval,
    Mark,
    Panel,
    Panels,
    Stage,
    Target,
    Track,
)
from ecomsim.metrics import Adds, metric

if TYPE_CHECKING:
    from ecomsim.store import Promotion
    from ecomsim.study import Study

__all__ = [
    "channel_funnel",
    "cumulative_fan",
    "difference_rows",
    "event_name",
    "promotion_marks",
    "through_the_days",
]

DAILY = ("visitors", "gmv", "on_hand", "lost_sales", "service_level", "first_response_time_s")
"""Metrics of the small multiples, in reading order."""


def promotion_marks(promotions: Mapping[str, Promotion], language: str = "en") -> tuple[Mark, ...]:
    """Return the peak days of promotions as marks; runs of neighbouring peaks become one mark."""
    marks = []
    for promotion in promotions.values():
        days = sorted(promotion.peaks)
        start = 0
        for i in range(1, len(days) + 1):
            if i == len(days) or (days[i] - days[i - 1]).days > 1:
                marks.append(Mark(event_name(promotion.family, language), days[start], days[i - 1]))
                start = i
    return tuple(marks)


def cumulative_fan(
    study: Study,
    name: str = "gmv",
    *,
    title: str,
    unit: str,
    target: Target | None = None,
    marks: Sequence[Mark] = (),
    names: Mapping[str, str] | None = None,
    known: float = 0.0,
) -> Fan:
    """Return the running total of an additive metric, 8 in 10 outcomes, against a target.

    Parameters
    ----------
    study : Study
    name : metric id with `adds` SUM
    title, unit : shown above the chart
    target : level to reach by the end
    names : labels of scenarios, where they differ from their ids
    known : what the period has brought before the study's first day
    """
    bands = []
    for scenario in study.scenarios:
        running = known + np.cumsum(study.daily(name, scenario), axis=1)
        low, mid, high = np.quantile(running, [0.1, 0.5, 0.9], axis=0)
        label = (names or {}).get(scenario, scenario)
        bands.append(Band(label, tuple(low.tolist()), tuple(mid.tolist()), tuple(high.tolist())))
    return Fan(title, unit, tuple(study.dates), tuple(bands), target, tuple(marks))


def difference_rows(rows: Sequence[Interval], *, title: str, unit: str) -> Differences:
    """Return paired differences, one row a scenario or metric."""
    return Differences(title, unit, tuple(rows))


def through_the_days(
    study: Study,
    metrics: Sequence[str] = DAILY,
    *,
    title: str,
    labels: Mapping[str, str],
    units: Mapping[str, str],
    marks: Sequence[Mark] = (),
    names: Mapping[str, str] | None = None,
) -> Panels:
    """Return small multiples of daily means; ratios are ratios of means, shares are in percent."""
    panels = []
    for name in metrics:
        tracks = []
        for scenario in study.scenarios:
            found = metric(name)
            if found.adds is Adds.RATIO and found.ratio:
                above, below = (study.daily(part, scenario).mean(axis=0) for part in found.ratio)
                values = np.divide(above, below, out=np.zeros_like(above), where=below > 0)
            else:
                values = study.daily(name, scenario).mean(axis=0)
            if found.unit == "share":
                values = values * 100
            tracks.append(
                Track((names or {}).get(scenario, scenario), tuple(np.asarray(values, float).tolist()))
            )
        panels.append(Panel(labels[name], units[name], tuple(tracks)))
    return Panels(title, "", tuple(study.dates), tuple(panels), tuple(marks))


FUNNEL = ("visitors", "buyers", "gmv")
"""Stages of the funnel by channel: who came, who paid, how much."""


def channel_funnel(
    study: Study,
    *,
    title: str,
    labels: Mapping[str, str],
    units: Mapping[str, str],
    channels: Mapping[str, str],
    names: Mapping[str, str] | None = None,
) -> Funnel:
    """Return mean visitors, buyers and GMV by channel of every scenario, the largest channel first.

    Parameters
    ----------
    labels, units : of the metrics in `FUNNEL`
    channels, names : labels of channels and scenarios
    """
    found = {
        name: [study.array(f"{name}_by_channel", one).mean(axis=0) for one in study.scenarios]
        for name in FUNNEL
    }
    order = np.argsort(-found["visitors"][0], kind="stable")
    stages = [
        Stage(labels[name], units[name], tuple(tuple(row[order].tolist()) for row in rows))
        for name, rows in found.items()
    ]
    shown = [study.origin.channels[i] for i in order]
    scenarios = tuple((names or {}).get(one, one) for one in study.scenarios)
    return Funnel(title, "", tuple(channels.get(c, c) for c in shown), scenarios, tuple(stages))


_EVENTS = {
    "double11": ("Double 11", "双11"),
    "618": ("618", "618"),
    "double12": ("12.12", "双12"),
    "spring_festival": ("Spring Festival", "春节"),
    "own": ("promotion", "活动"),
}


def event_name(family: str, language: str = "en") -> str:
    """Return what people call a family of promotions; a family of one's own by its own name."""
    english, chinese = _EVENTS.get(family, (family, family))
    return chinese if language == "zh" else english
