"""An optional second member: boosted trees over all series, weighed by how much they would have helped before.

The trees know no calendar model; they learn from all series at once how a level returns to its mean. What they
say of a series' total moves its paths by a share that past origins chose. Needs the extra 'ml' (LightGBM).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.calendar import Event, Horizon
from ecomsim.checks import EcomsimError, require_number
from ecomsim.forecast.drawn import Sample
from ecomsim.forecast.model import sample
from ecomsim.forecast.panel import Panel
from ecomsim.forecast.settings import Model
from ecomsim.forecast.treetable import LEAST_KNOWN, fed_back, learning_rows

__all__ = ["BoostedTrees", "Learned", "Learner", "Share", "learn", "learner_of", "lightgbm_or_raise"]

Floats: TypeAlias = NDArray[np.float64]

_TRIAL_STEP_DAYS = 28
_RELEARN_DAYS = 56
# Origins of a year ago and more say little of today's forecaster: the trees are not taught for them.
_MOST_LEARNERS = 8
# Before any trial the trees get a third of the say; that belief is worth as much as one series' usual gap.
_PRIOR_SHARE, _PRIOR_WORTH = 0.35, 1.0
_MOST_SHARE, _MOST_MOVE = 0.8, 0.7


@dataclass(frozen=True)
class BoostedTrees:
    """Settings of the second member.

    Attributes
    ----------
    least_days : history below which the trees are not listened to: a year and a half, so that they saw a season twice
    least_series : series below which they are not: they learn from all series together
    trials : latest past origins, four weeks apart, that choose their share
    trial_days : days ahead that each is judged on

    Examples
    --------
    >>> BoostedTrees(least_days=200).least_series
    15
    """

    least_days: int = 540
    least_series: int = 15
    trials: int = 3
    trial_days: int = 28

    def __post_init__(self) -> None:
        for name, low in (("least_days", LEAST_KNOWN), ("least_series", 1), ("trials", 1), ("trial_days", 1)):
            require_number(getattr(self, name), f"second.{name}", low=float(low))

    def lacks(self, panel: Panel) -> str:
        """Return what a history lacks for the trees, '' if nothing."""
        lacks = []
        if panel.days < self.least_days:
            lacks.append(f"{panel.days} days of history, {self.least_days} needed")
        if len(panel.ids) < self.least_series:
            lacks.append(f"{len(panel.ids)} series, {self.least_series} needed")
        return "; ".join(lacks)


@dataclass(frozen=True)
class Share:
    """How much of the trees' word is taken, from 0 to 0.8, and the past origins that chose it."""

    value: float
    origins: int


@dataclass(frozen=True, eq=False)
class Learner:
    """Trees that learnt from the first `known` days.

    Attributes
    ----------
    known : days of history they saw
    booster : the fitted trees
    """

    known: int
    booster: Any

    def totals(self, drawn: Sample, events: Sequence[Event]) -> Floats:
        """Return (S,) expected totals over the sample's horizon."""
        panel, horizon = drawn.panel, drawn.horizon
        days = (horizon.end - panel.start).days + 1
        dates = [panel.start + dt.timedelta(days=i) for i in range(days)]
        scale = _scale(panel.values)
        made = fed_back(panel.values / scale, dates, events, self._predict) * scale
        return np.asarray(made[:, -horizon.days :].sum(axis=1))

    def gap(self, drawn: Sample, events: Sequence[Event]) -> Floats:
        """Return (S,) log ratios of the trees' total over the regression's."""
        trees, told = self.totals(drawn, events), drawn.mean.sum(axis=1)
        known = (told > 0) & (trees > 0)
        ratio = np.where(known, trees, 1.0) / np.where(known, told, 1.0)
        return np.asarray(np.clip(np.log(ratio), -_MOST_MOVE, _MOST_MOVE))

    def _predict(self, rows: Floats) -> Floats:
        return np.asarray(self.booster.predict(rows, num_threads=1))


@dataclass(frozen=True, eq=False)
class Learned:
    """The second member of one history: trees taught at several past days, and how they did beside the regression.

    Attributes
    ----------
    settings : of the member
    learners : by days known, ascending
    trials : (end, product, square) of each past origin: days known when it was over, errors of the regression times
        gaps to the trees summed over series, squared gaps
    """

    settings: BoostedTrees
    learners: tuple[Learner, ...]
    trials: tuple[tuple[int, float, float], ...]

    def share(self, known: int) -> Share:
        """Return the share that the latest trials over after `known` days choose; 0 where there is none.

        The share s that brings exp(s gap) nearest to the errors made, by least squares over series on a log scale,
        with a third as prior.
        """
        over = [trial for trial in self.trials if trial[0] <= known][-self.settings.trials :]
        if not over or not any(learner.known <= known for learner in self.learners):
            return Share(0.0, 0)
        product = _PRIOR_SHARE * _PRIOR_WORTH + sum(trial[1] for trial in over)
        square = _PRIOR_WORTH + sum(trial[2] for trial in over)
        return Share(float(np.clip(product / square, 0.0, _MOST_SHARE)), len(over))

    def moved(self, drawn: Sample, events: Sequence[Event]) -> Sample:
        """Return the paths with each series' total moved towards what the trees say of it, by their share."""
        share = self.share(drawn.panel.days)
        if share.value <= 0:
            return drawn
        latest = [learner for learner in self.learners if learner.known <= drawn.panel.days][-1]
        factor = np.exp(share.value * latest.gap(drawn, events))
        own = replace(drawn.own, unit=drawn.own.unit * factor)
        paths = drawn.paths * factor[:, None, None].astype(np.float32)
        return replace(drawn, paths=paths, mean=drawn.mean * factor[:, None], own=own)


def learner_of(values: Floats, dates: Sequence[dt.date], events: Sequence[Event], seed: int) -> Learner:
    """Teach boosted trees all series (S, T) of the first T of `dates`.

    Raises
    ------
    EcomsimError
        If LightGBM is not installed.
    """
    booster = lightgbm_or_raise()
    table, target = learning_rows(values / _scale(values), dates, events)
    data = booster.Dataset(table, target, params={"verbosity": -1})
    settings = {
        "objective": "l2", "learning_rate": 0.04, "num_leaves": 24, "min_data_in_leaf": 20, "seed": seed,
        "deterministic": True, "force_row_wise": True, "num_threads": 1, "verbosity": -1,
    }  # fmt: skip
    return Learner(values.shape[1], booster.train(settings, data, num_boost_round=300))


def learn(
    panel: Panel,
    settings: BoostedTrees,
    *,
    events: Sequence[Event],
    regressors: Mapping[str, Floats] | None = None,
    model: Model | None = None,
    seed: int = 7,
    draw: Callable[..., Sample] = sample,
) -> Learned:
    """Teach trees at several past days and hold them against the regression, each seeing only the days before.

    Parameters
    ----------
    events : dated events, past and future; they and regressors count as known in advance
    regressors : of the regression; the trees do not read them
    draw : what makes the regression's paths

    Raises
    ------
    EcomsimError
        If LightGBM is not installed.
    """
    lightgbm_or_raise()
    ahead = settings.trial_days
    grid = range(panel.days, LEAST_KNOWN + _TRIAL_STEP_DAYS - 1, -_RELEARN_DAYS)
    taught = sorted(grid)[-_MOST_LEARNERS:]
    dates = [panel.start + dt.timedelta(days=i) for i in range(panel.days + ahead)]
    learners = tuple(learner_of(panel.values[:, :known], dates, events, seed) for known in taught)
    trials = []
    for known in range(panel.days - ahead, 0, -_TRIAL_STEP_DAYS):
        able = [learner for learner in learners if learner.known <= known]
        if not able:
            break
        start = dates[known]
        horizon = Horizon(start, start + dt.timedelta(days=ahead - 1))
        held = panel.until(start - dt.timedelta(days=1))
        drivers = {name: np.asarray(v)[..., : known + ahead] for name, v in (regressors or {}).items()}
        drawn = draw(held, horizon, events=events, regressors=drivers, paths=2, seed=seed, model=model)
        gap = able[-1].gap(drawn, events)
        actual = panel.values[:, known : known + ahead].sum(axis=1)
        told = drawn.mean.sum(axis=1)
        error = np.log(np.maximum(actual, 0.05 * told + 1e-9) / np.maximum(told, 1e-9))
        trials.append((known + ahead, float(np.clip(error, -1.0, 1.0) @ gap), float(gap @ gap)))
    return Learned(settings, learners, tuple(reversed(trials)))


def lightgbm_or_raise() -> Any:
    """Return the package that grows the trees."""
    try:
        import lightgbm
    except ImportError:
        raise EcomsimError(
            "forecast.second member", "not installed: the package lightgbm", "the extra 'ml'",
            "Run: pip install 'ecomsim[ml]'; or leave second= out",
        ) from None  # fmt: skip
    return lightgbm


def _scale(values: Floats) -> Floats:
    return np.asarray(np.maximum(values.mean(axis=1, keepdims=True), 1e-9))
