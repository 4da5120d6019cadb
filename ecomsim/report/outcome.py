"""The table of outcomes: every scenario with its range and paired difference, for screen, Excel and HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ecomsim.metrics import Good, metric
from ecomsim.report.words import amount, change, percent, say

if TYPE_CHECKING:
    from ecomsim.study import Study

__all__ = ["HEADLINES", "Outcome", "outcomes"]

HEADLINES = (
    "gmv", "net_sales", "margin", "cash", "visitors", "buyers", "conversion_rate", "aov", "units",
    "lost_sales", "stockout_days", "service_level", "abandon_rate", "late_share", "ad_spend", "wages",
)  # fmt: skip
"""Metrics of the planner's table, in reading order."""

SHARE = 0.8
ROUNDING = 1e-6
"""Relative differences below this come from adding single-precision numbers, not from the scenario."""


@dataclass(frozen=True)
class Outcome:
    """One metric under one scenario.

    Attributes
    ----------
    low, mid, high : 10 %, 50 % and 90 % quantiles of the horizon's total over replications
    difference, difference_low, difference_high : mean paired difference to the base and its 80 % range
    better : share of replications in which the scenario beats the base; NaN for the base itself and where
        neither direction is good
    """

    metric: str
    scenario: str
    low: float
    mid: float
    high: float
    difference: float
    difference_low: float
    difference_high: float
    better: float

    @property
    def good(self) -> bool | None:
        """Whether the mean difference is in the good direction; None when it is none."""
        wanted = metric(self.metric).good
        if wanted is Good.NEITHER or self.difference == 0 or np.isnan(self.difference):
            return None
        return (self.difference > 0) == (wanted is Good.MORE)

    def value_words(self, language: str = "en") -> str:
        """Return '11.6 M' for the middle."""
        return amount(self.mid, self.metric, language)

    def range_words(self, language: str = "en") -> str:
        """Return '10.9 M – 12.4 M' for the range of 8 in 10 outcomes."""
        return f"{amount(self.low, self.metric, language)} – {amount(self.high, self.metric, language)}"

    def change_words(self, language: str = "en") -> str:
        """Return '+0.6 M, 97 % likely better', 'no difference', or '' for the base itself."""
        if np.isnan(self.difference):
            return ""
        if self.difference == self.difference_low == self.difference_high == 0:
            return say("same", language)
        text = change(self.difference, self.metric, language)
        return text if np.isnan(self.better) else f"{text}, {percent(self.better)} {say('better', language)}"

    def change_range_words(self, language: str = "en") -> str:
        """Return '+0.3 M … +0.9 M', the difference in 8 of 10 runs, or '' where there is none."""
        if np.isnan(self.difference) or self.difference_low == self.difference_high == 0:
            return ""
        ends = (self.difference_low, self.difference_high)
        return " … ".join(change(end, self.metric, language) for end in ends)


def outcomes(study: Study, metrics: Sequence[str] = HEADLINES, base: str | None = None) -> list[Outcome]:
    """Return an `Outcome` for every metric and scenario, metrics outermost.

    Parameters
    ----------
    study : Study
    metrics : metric ids
    base : scenario the others are compared with, replication by replication; default the first
    """
    base = base or study.scenarios[0]
    tail = (1 - SHARE) / 2
    rows = []
    for name in metrics:
        reference = study.total(name, base)
        for scenario in study.scenarios:
            values = study.total(name, scenario)
            low, mid, high = np.nanquantile(values, [tail, 0.5, 1 - tail])
            if scenario == base:
                gap = gap_low = gap_high = better = float("nan")
            else:
                pairs = values - reference
                pairs[np.abs(pairs) <= ROUNDING * np.abs(reference)] = 0.0
                gap, better = float(np.nanmean(pairs)), _better(pairs, name)
                gap_low, gap_high = np.nanquantile(pairs, [tail, 1 - tail])
            rows.append(
                Outcome(
                    name,
                    scenario,
                    float(low),
                    float(mid),
                    float(high),
                    gap,
                    float(gap_low),
                    float(gap_high),
                    better,
                )
            )
    return rows


def _better(pairs: np.ndarray, name: str) -> float:
    wanted = metric(name).good
    if wanted is Good.NEITHER:
        return float("nan")
    sign = 1.0 if wanted is Good.MORE else -1.0
    return float(np.nanmean(sign * pairs > 0) + 0.5 * np.nanmean(pairs == 0))
