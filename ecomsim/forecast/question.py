"""What a forecast was asked, so that it can be asked again with one thing changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.calendar import Event, Horizon
from ecomsim.checks import EcomsimError, require_name
from ecomsim.forecast.changes import Change
from ecomsim.forecast.coherent import calibrated_sample
from ecomsim.forecast.drawing import Drawing
from ecomsim.forecast.drawn import changed
from ecomsim.forecast.lifts import Lift, lift_changes
from ecomsim.forecast.model import Model, Sample
from ecomsim.forecast.occasions import unseen_families
from ecomsim.forecast.overlaps import OVERLAPS, settled
from ecomsim.forecast.own_drivers import shared_drivers
from ecomsim.forecast.panel import Panel
from ecomsim.forecast.second import BoostedTrees, Share, learn, lightgbm_or_raise
from ecomsim.forecast.totals import Totals, calibrate_totals
from ecomsim.forecast.trials import LEAST_HISTORY_DAYS, Trials, run_trials

__all__ = ["Question"]

Floats: TypeAlias = NDArray[np.float64]

_DAY = dt.timedelta(days=1)
# Origins a week apart share most of their month; every second one tells nearly as much in half the time.
_APART_DAYS = 14


@dataclass(frozen=True, eq=False)
class Question:
    """History, calendar, known drivers and settings of one forecast.

    Attributes
    ----------
    panel : history
    horizon : days asked for
    events : dated events, past and ahead
    drivers : regressors by name on every day from the panel's first to the horizon's last, (days,) or (S, days)
    lifts : assumed factors of events history never saw, by family
    overlaps : what is done on days that events of two families share
    changes : levers upon the days ahead
    model, paths, seed : of the forecaster
    strict : refuse events never seen without an assumed lift
    trials : past origins of the same history forecast again, which calibrate its totals; None leaves them raw
    drawing : how paths are made, of today and of past origins: with or without a second member
    """

    panel: Panel
    horizon: Horizon
    events: tuple[Event, ...]
    drivers: Mapping[str, Floats] = field(default_factory=dict)
    lifts: Mapping[str, Lift] = field(default_factory=dict)
    overlaps: str = "multiply"
    changes: tuple[Change, ...] = ()
    model: Model = field(default_factory=Model)
    paths: int = 400
    seed: int = 7
    strict: bool = True
    trials: Trials | None = None
    drawing: Drawing = field(default_factory=Drawing)

    def __post_init__(self) -> None:
        require_name(self.overlaps, OVERLAPS, "forecast.overlaps", "way to count overlapping events")
        if self.horizon.end <= self.panel.end:
            raise EcomsimError(
                "forecast.horizon", f"{self.horizon.start} to {self.horizon.end}, which is over",
                f"days after {self.panel.end}, the last day known",
                "Ask for later days, or give as_of to look back",
            )  # fmt: skip

    @property
    def ahead(self) -> Horizon:
        """Days simulated: from the day after history to the horizon's end."""
        return Horizon(self.panel.end + _DAY, self.horizon.end)

    def answer(self) -> tuple[Sample, tuple[str, ...]]:
        """Return joint paths of the days ahead and what is to be told."""
        notes: list[str] = []
        unseen = unseen_families(self.events, self.panel.start, self.panel.end, self.horizon.end)
        lifted = lift_changes(self.events, unseen, self.lifts, self.ahead, self.strict, notes,
                              paths=self.paths, seed=self.seed)  # fmt: skip
        drawn = self.drawing(
            self.panel, self.ahead, events=self.seen_events(unseen), regressors=self.drivers, paths=self.paths,
            seed=self.seed, model=self.model,
        )  # fmt: skip
        if self.trials is not None:
            drawn = calibrated_sample(drawn, self.totals)
        # levers act on calibrated paths, so that the same lever is the same factor on every path
        active = [e for e in self.events if e.family not in unseen or e.family in self.lifts]
        shared = settled(drawn, active, lifted, self.overlaps, self.strict, notes)
        drawn = changed(drawn, (*lifted, *shared, *self.changes))
        notes += [f"{c.name}: {c.basis}; {c.source}." for c in self.changes if c.source]
        return drawn, tuple(notes)

    def seen_events(self, unseen: tuple[str, ...]) -> list[Event]:
        """Return the events whose families history knows."""
        return [event for event in self.events if event.family not in unseen]

    @cached_property
    def totals(self) -> Totals:
        """Corrections that past origins call for, by what was known at the end of this history."""
        if self.trials is None:
            return Totals({})
        return calibrate_totals(self.trials.before(self.panel.days))

    def until(self, day: dt.date) -> Question:
        """Return the question as it would have been asked at the end of `day`."""
        return replace(self, panel=self.panel.until(day), strict=False)

    def total_only(self) -> Question:
        """Return the question about the sum of all series alone."""
        values = self.panel.values.sum(axis=0, keepdims=True)
        seen = self.panel.observed
        if seen is not None:
            seen = np.asarray(seen.any(axis=0), bool)[None]
        panel = Panel(self.panel.metric, self.panel.dates, ("total",), values, observed=seen)
        return replace(self, panel=panel, drivers=shared_drivers(self.panel, self.drivers))

    def with_second(self, settings: BoostedTrees) -> tuple[Question, str]:
        """Return the question with boosted trees as second member, and what is to be told of them."""
        lightgbm_or_raise()
        lacks = settings.lacks(self.panel)
        if lacks:
            return self, f"Second member left out: {lacks}."
        unseen = unseen_families(self.events, self.panel.start, self.panel.end, self.horizon.end)
        learned = learn(
            self.panel, settings, events=self.seen_events(unseen), regressors=self.drivers, model=self.model,
            seed=self.seed, draw=self.drawing,
        )  # fmt: skip
        share = learned.share(self.panel.days)
        told = f"Second member (boosted trees): weight {share.value:.2f}, chosen by {share.origins} past origins."
        return replace(self, drawing=replace(self.drawing, second=learned)), told

    @property
    def second_share(self) -> Share:
        """How much the second member has to say."""
        second = self.drawing.second
        return Share(0.0, 0) if second is None else second.share(self.panel.days)

    def tried(self) -> Question:
        """Return the question with its past origins forecast again, where history is long enough."""
        if self.panel.days < LEAST_HISTORY_DAYS + _APART_DAYS:
            return self
        unseen = unseen_families(self.events, self.panel.start, self.panel.end, self.horizon.end)
        trials = run_trials(
            self.panel, events=self.seen_events(unseen), regressors=self.drivers, model=self.model, seed=self.seed,
            step_days=_APART_DAYS, draw=self.drawing,
        )  # fmt: skip
        return replace(self, trials=trials)
