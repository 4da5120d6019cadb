"""The forecast a user holds: joint paths, and what they say about a month and its target."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError, require_name
from ecomsim.forecast.answers import attainment, needed
from ecomsim.forecast.chances import chance_over_time
from ecomsim.forecast.changes import Change
from ecomsim.forecast.compare import moved
from ecomsim.forecast.explain import contributions
from ecomsim.forecast.levers import Lever, under
from ecomsim.forecast.model import Sample
from ecomsim.forecast.panel import Panel
from ecomsim.forecast.question import Question
from ecomsim.forecast.rolling import backtest
from ecomsim.forecast.scoring import Record
from ecomsim.forecast.split import pacing, plan, split
from ecomsim.forecast.totals import Correction
from ecomsim.forecast.words import say
from ecomsim.target import Target, period_days

__all__ = ["Forecast", "ask"]

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Forecast:
    """Joint paths of the days ahead; children add up to their parents on every path.

    Attributes
    ----------
    question : what was asked: history, horizon, calendar, drivers, model
    sample : what the model answered
    notes : what a reader must know
    """

    question: Question
    sample: Sample
    notes: tuple[str, ...] = ()

    @property
    def metric(self) -> str:
        """Id of the metric."""
        return self.question.panel.metric

    @property
    def panel(self) -> Panel:
        """History."""
        return self.question.panel

    @property
    def as_of(self) -> dt.date:
        """Last day known."""
        return self.question.panel.end

    @property
    def horizon(self) -> Horizon:
        """Days asked for."""
        return self.question.horizon

    @property
    def dates(self) -> tuple[dt.date, ...]:
        """Days ahead: from the day after the last known to the horizon's end."""
        return self.question.ahead.dates

    @property
    def changes(self) -> tuple[Change, ...]:
        """Levers and assumed lifts in the paths, each marked assumed or estimated."""
        return self.sample.changes

    def asked(self, question: Question) -> Forecast:
        """Return the answer to another question: this one with something changed."""
        return ask(question)

    def is_calibrated(self, period: str, level: str = "total") -> bool:
        """Return whether past months have tested totals of this level so many days ahead."""
        return self._correction(period, level).calibrated

    def basis_of(self, period: str, level: str = "total", language: str = "en") -> str:
        """Return what the totals of a level rest on."""
        found = self._correction(period, level)
        if period_days(period)[1] <= self.as_of:
            return say("over", language)
        told = (
            say("calibrated", language, cases=str(found.cases))
            if found.calibrated
            else say("uncalibrated", language)
        )
        share = self.question.second_share.value
        return f"{told}; {say('second', language, weight=f'{share:.2f}')}" if share > 0 else told

    def _correction(self, period: str, level: str) -> Correction:
        return self.question.totals.at(level, max(1, (period_days(period)[1] - self.as_of).days))

    def names(self, level: str = "total") -> tuple[str, ...]:
        """Return the names of a level's series."""
        if level == "leaf":
            return self.panel.ids
        require_name(level, [*self.panel.levels, "leaf"], "forecast.level", "level")
        return self.panel.level_names[level]

    def daily(self, level: str = "total") -> Floats:
        """Return (names, paths, H) paths of a level: sums of the leaves."""
        return self.sample.at(level)[1]

    def days_of(self, period: str) -> tuple[dt.date, dt.date]:
        """Return the first and last day of a period that history and horizon cover.

        Raises
        ------
        EcomsimError
            For a period covered only in part.
        """
        first, last = period_days(period, "forecast.period")
        if first < self.panel.start:
            raise EcomsimError(
                f"forecast {period}", f"history that begins on {self.panel.start}", f"every day from {first}",
                "Import the days before",
            )  # fmt: skip
        if last > self.horizon.end:
            raise EcomsimError(
                f"forecast {period}", f"a horizon that ends on {self.horizon.end}", f"every day to {last}",
                f"Forecast to {last}",
            )  # fmt: skip
        return first, last

    def known(self, period: str, level: str = "total") -> Floats:
        """Return (names,) what the days of a period up to the as-of day have brought."""
        first, last = period_days(period, "forecast.period")
        inside = [t for t, day in enumerate(self.panel.dates) if first <= day <= last]
        return np.asarray(self.panel.at(level)[1][:, inside].sum(axis=1))

    def rest(self, period: str, level: str = "total") -> Floats:
        """Return (names, paths, days left) of a period."""
        return self.daily(level)[:, :, self.question.ahead.slice_of(*self.days_of(period))]

    def outcomes(self, period: str, level: str = "total") -> Floats:
        """Return (names, paths) possible totals of a period: what is known plus the days left."""
        return np.asarray(self.known(period, level)[:, None] + self.rest(period, level).sum(axis=2))

    def quantiles(
        self, shares: Sequence[float] = (0.1, 0.5, 0.9), level: str = "total", *, cumulative: bool = False
    ) -> pd.DataFrame:
        """Return quantiles and mean by name and day; `cumulative` adds the days ahead up first."""
        drawn = self.daily(level)
        if cumulative:
            drawn = np.cumsum(drawn, axis=2)
        index = pd.MultiIndex.from_product([self.names(level), list(self.dates)], names=[level, "date"])
        columns = {
            f"p{100 * q:g}": values.ravel()
            for q, values in zip(shares, np.quantile(drawn, list(shares), axis=1), strict=True)
        }
        return pd.DataFrame(columns | {"mean": drawn.mean(axis=1).ravel()}, index=index)

    def total(self, period: str | None = None, level: str = "total") -> pd.DataFrame:
        """Return what a period will bring, one row a name: known so far, mean, P10, P50, P90.

        `period` is a month (YYYY-MM), quarter (YYYY-Qn) or year (YYYY); default the horizon's last month.
        """
        period = period or self.horizon.months[-1]
        drawn = self.outcomes(period, level)
        low, mid, high = np.quantile(drawn, [0.1, 0.5, 0.9], axis=1)
        columns = {
            "known": self.known(period, level),
            "mean": drawn.mean(axis=1),
            "p10": low,
            "p50": mid,
            "p90": high,
        }
        return pd.DataFrame(columns, index=pd.Index(self.names(level), name=level))

    def attainment(self, target: Target, *, since: bool = False) -> pd.DataFrame:
        """Return how likely each period of the target is reached: see `ecomsim.forecast.answers.attainment`."""
        return attainment(self, target, since=since)

    def chance_over_time(self, target: Target, period: str | None = None, *, every: int = 1) -> pd.DataFrame:
        """Return the chance of a target as it would have been told on earlier days, `every` so many days."""
        return chance_over_time(self, target, period, every=every)

    def needed(self, target: Target, period: str | None = None) -> pd.DataFrame:
        """Return what every remaining day must bring, weighted by its calendar."""
        return needed(self, target, period)

    def split(self, target: Target, period: str | None = None) -> pd.DataFrame:
        """Return the target of a period split over its days by the forecast's own calendar."""
        return split(self, target, period)

    def plan(self, target: Target, period: str) -> Target:
        """Return a quarter's or year's target with targets for its months, split by the forecast's calendar."""
        return plan(self, target, period)

    def pacing(self, target: Target, period: str | None = None) -> pd.DataFrame:
        """Return plan, actual and range to the end of a period, day by day, added up."""
        return pacing(self, target, period)

    def explain(self, period: str | None = None, level: str = "total") -> pd.DataFrame:
        """Return contributions that add up to the mean outcome of a period."""
        return contributions(self, period or self.horizon.months[-1], level)

    def compare(self, previous: Forecast, period: str | None = None) -> pd.DataFrame:
        """Return why the expected outcome moved since `previous`: data, calendar, model; adding up exactly."""
        return moved(self, previous, period or self.horizon.months[-1])

    def backtest(
        self, months: int | Sequence[str] = 6, elapsed_days: Sequence[int] = (0, 5, 10, 15, 20)
    ) -> Record:
        """Return the track record of past months with this forecast's calendar: see `ecomsim.forecast.rolling`."""
        question = self.question
        return backtest(
            self.panel, months=months, events=question.events, regressors=question.drivers, paths=question.paths,
            seed=question.seed, model=question.model, elapsed_days=elapsed_days, draw=question.drawing,
        )  # fmt: skip

    def under(self, *levers: Lever) -> Forecast:
        """Return the same paths under levers; each lever's effect is marked assumed or estimated."""
        return under(self, levers)

    def __repr__(self) -> str:
        return (
            f"Forecast({self.metric}: {len(self.panel.ids)} series as of {self.as_of}, "
            f"{self.horizon.start} to {self.horizon.end}, {self.question.paths} paths)"
        )


def ask(question: Question) -> Forecast:
    """Return the forecast that answers a question."""
    drawn, notes = question.answer()
    return Forecast(question, drawn, notes)
