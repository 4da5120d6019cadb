"""Everything a report says, gathered once: the same page becomes console text, Excel and HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ecomsim.report.outcome import HEADLINES, Outcome, outcomes
from ecomsim.report.words import say

if TYPE_CHECKING:
    import pandas as pd

    from ecomsim.store import Promotion
    from ecomsim.study import Study

__all__ = ["Page", "Reach", "gather"]


@dataclass(frozen=True)
class Reach:
    """How likely a scenario reaches the target.

    Attributes
    ----------
    probability : share of replications at or above the target
    error : its Monte Carlo standard error
    gap : median shortfall (negative) or surplus of the total
    daily : sum needed a day over the remaining days, None once the month is over
    """

    scenario: str
    metric: str
    month: str
    target: float
    probability: float
    error: float
    gap: float
    daily: float | None = None


@dataclass(frozen=True)
class Page:
    """A report: a study with its outcomes, targets, tables and notes.

    Attributes
    ----------
    title, subtitle : headline of the page
    study : the runs
    outcomes : the planner's table
    reaches : target attainment by scenario
    tables : further tables (title, frame): backtest, calibration, channels
    notes : sentences the reader must see, such as what is assumed
    scenario_texts : (name, YAML) of every scenario
    names : labels of scenarios
    promotions : for marks on the charts
    channels : labels of channels; one without keeps its name
    """

    title: str
    subtitle: str
    study: Study
    outcomes: Sequence[Outcome]
    reaches: Sequence[Reach] = ()
    tables: Sequence[tuple[str, pd.DataFrame]] = ()
    notes: Sequence[str] = ()
    scenario_texts: Sequence[tuple[str, str]] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    promotions: Mapping[str, Promotion] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    daily_metrics: Sequence[str] = (
        "visitors",
        "gmv",
        "on_hand",
        "lost_sales",
        "service_level",
        "first_response_time_s",
    )
    language: str = "en"
    currency: str = "CNY"

    @property
    def base(self) -> str:
        """The scenario the others are compared with."""
        return str(self.study.scenarios[0])


def gather(
    study: Study,
    *,
    title: str,
    subtitle: str = "",
    metrics: Sequence[str] = HEADLINES,
    language: str = "en",
    names: Mapping[str, str] | None = None,
    **parts: object,
) -> Page:
    """Return the page of a study; scenarios without a label of their own keep their name."""
    labels = {s: (names or {}).get(s, s) for s in study.scenarios}
    if labels.get("baseline") == "baseline":
        labels["baseline"] = say("baseline", language)
    rows = outcomes(study, metrics)
    return Page(title, subtitle, study, rows, language=language, names=labels, **parts)  # type: ignore[arg-type]
