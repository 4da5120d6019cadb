"""Stock and service through the days: what every day may bring, with the products that are sold out below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ecomsim.charts.describe import Band, Fan, Mark, Strip
from ecomsim.metrics import Adds, metric

if TYPE_CHECKING:
    from ecomsim.study import Study

__all__ = ["daily_fan", "sold_out"]


def daily_fan(
    study: Study,
    name: str,
    *,
    title: str,
    unit: str,
    marks: Sequence[Mark] = (),
    names: Mapping[str, str] | None = None,
    strip: Strip | None = None,
) -> Fan:
    """Return a metric day by day, the middle and 8 in 10 outcomes of every scenario.

    A ratio is taken run by run; a day on which nothing was asked counts as fully kept. Shares are in percent.

    Parameters
    ----------
    study : Study
    name : metric id
    title, unit : shown above the chart
    marks : events, shaded
    names : labels of scenarios, where they differ from their ids
    strip : counts at the foot of the chart
    """
    found, bands = metric(name), []
    for scenario in study.scenarios:
        if found.adds is Adds.RATIO and found.ratio:
            above, below = (study.daily(part, scenario) for part in found.ratio)
            values = np.divide(above, below, out=np.ones_like(above, dtype=float), where=below > 0)
        else:
            values = study.daily(name, scenario)
        if found.unit == "share":
            values = values * 100
        low, mid, high = np.quantile(values, [0.1, 0.5, 0.9], axis=0)
        label = (names or {}).get(scenario, scenario)
        bands.append(Band(label, tuple(low.tolist()), tuple(mid.tolist()), tuple(high.tolist())))
    return Fan(title, unit, tuple(study.dates), tuple(bands), None, tuple(marks), strip)


def sold_out(study: Study, scenario: str, words: str) -> Strip:
    """Return how many products are sold out in the evening of each day, in the middle of all runs.

    Parameters
    ----------
    words : what is counted, e.g. 'products sold out'
    """
    counts = np.median(study.daily("stockout_days", scenario), axis=0)
    return Strip(words, tuple(counts.tolist()))
