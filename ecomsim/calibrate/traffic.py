"""Visitors by channel: an event regression with a drifting level and a lever's response.

    log visitors[c,d] = level[c,d] + weekday[c] + season[c] + growth + Σ effect[c, family, phase] +
    response[c] + noise

Effects are shared by the siblings of a family over the years; the level is a random walk over three-week
knots. Model and design: the forecaster's (docs/calibration.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ecomsim.calibrate.events import Event, Term, event_terms, phase_columns
from ecomsim.calibrate.glm import Design, Fit, fit, knots, random_walk
from ecomsim.calibrate.history import Floats, History
from ecomsim.calibrate.ledger import Ledger
from ecomsim.calibrate.response import Lever, lever_of
from ecomsim.calibrate.siblings import effect_priors
from ecomsim.formulas.calendar_columns import contrasts, season_columns, weekday_columns

__all__ = ["ChannelFit", "Traffic", "fit_traffic"]

SPACING = 21
_LEVEL_STEPS = (0.0015, 0.003, 0.006, 0.012, 0.024)
# Prior standard deviation of a log effect by phase: a peak may be anything, a dip after is small.
_EFFECT_SD = {"before": 0.5, "during": 0.6, "peak": 1.2, "after": 0.35}
_SEASON_SD = (0.12, 0.12, 0.06, 0.06)
# A season is told from a trend only when part of the year has been seen twice.
SEASON_FROM = 395


@dataclass(frozen=True)
class ChannelFit:
    """One channel's regression and its posterior draws.

    Attributes
    ----------
    draws : (draws, p + q) of the design's columns and the lever's parameters
    at : {'level', 'weekday', 'season', 'growth', 'event', 'displaced'} -> columns
    level_step : standard deviation of the level's daily step
    """

    name: str
    found: Fit
    draws: Floats
    at: Mapping[str, slice]
    lever: Lever
    level_step: float
    displaced: float
    design: Design

    def effects(self) -> Floats:
        """Return draws of the log effects, (draws, terms)."""
        return np.asarray(self.draws[:, self.at["event"]])

    def response(self) -> Floats:
        """Return draws of the lever's parameters, (draws, q)."""
        return self.draws[:, self.at["lever"]]

    def weekday(self) -> Floats:
        """Return draws of the weekday factors, (draws, 7), each of mean 1."""
        raw = np.exp(self.draws[:, self.at["weekday"]] @ _CONTRAST.T)
        return np.asarray(raw / raw.mean(axis=1, keepdims=True))

    def season(self) -> Floats:
        """Return draws of the month factors, (draws, 12), each of mean 1."""
        raw = self._raw_season()
        return np.asarray(raw / raw.mean(axis=1, keepdims=True))

    def base(self) -> Floats:
        """Return draws of the visitors on an ordinary day at the last known level, (draws,)."""
        raw_week = np.exp(self.draws[:, self.at["weekday"]] @ _CONTRAST.T).mean(axis=1)
        last = self.draws[:, self.at["level"]][:, -1]
        return np.asarray(np.exp(last) * raw_week * self._raw_season().mean(axis=1))

    def growth(self) -> Floats:
        """Return draws of the yearly growth, (draws,)."""
        return np.asarray(np.exp(self.draws[:, self.at["growth"]][:, 0]) - 1)

    def _raw_season(self) -> Floats:
        part = self.draws[:, self.at["season"]]
        if part.shape[1] == 0:
            return np.ones((len(part), 12))
        year = pd.date_range("2025-01-01", "2025-12-31")
        curve = np.exp(part @ season_columns(year.day_of_year).T)
        return np.stack([curve[:, year.month == m].mean(axis=1) for m in range(1, 13)], axis=1)


@dataclass(frozen=True)
class Traffic:
    """All channels, with the shared event design."""

    channels: Mapping[str, ChannelFit]
    terms: Mapping[tuple[str, str], Term]
    fitted: Floats
    residual: Floats


_CONTRAST = contrasts(7)


def fit_traffic(history: History, events: Sequence[Event], ledger: Ledger) -> Traffic:
    """Fit every channel."""
    dates = history.dates
    terms = event_terms(events, dates)
    shared = phase_columns(events, terms, dates)
    ordinary = (np.abs(shared).sum(axis=1) == 0).astype(float)
    buyers = _filled(history.store["buyers"])
    levers = {name: lever_of(history, name, ordinary, buyers) for name in history.channels}
    fits: dict[str, ChannelFit] = {}
    # Paid channels first: what they take from free search is a column there.
    for name in sorted(history.channels, key=lambda n: levers[n].kind != "paid"):
        paid = [f for f in fits.values() if f.lever.kind == "paid" and "search" in f.name]
        displacing = paid[0] if levers[name].kind == "free" and "search" in name and paid else None
        fits[name] = _fit_channel(history, name, levers[name], shared, terms, displacing, ledger)
    fits = {name: fits[name] for name in history.channels}
    fits = _borrow(history, fits, terms, ledger)
    fitted = np.exp(np.stack([fits[n].found.eta for n in history.channels], axis=1))
    residual = np.stack([fits[n].found.residual for n in history.channels], axis=1)
    return Traffic(fits, terms, fitted, residual)


def _borrow(
    history: History, fits: dict[str, ChannelFit], terms: Mapping[tuple[str, str], Term], ledger: Ledger
) -> dict[str, ChannelFit]:
    """Fit each channel once more with what the other channels say of every event as its prior."""
    effects = np.stack([f.found.beta[f.at["event"]] for f in fits.values()])
    variances = np.stack([np.diag(f.found.cov)[f.at["event"]] for f in fits.values()])
    own = np.array([_EFFECT_SD[phase] for _, phase in terms])
    means, sds = effect_priors(effects, variances, own)
    out = {}
    for c, (name, one) in enumerate(fits.items()):
        mean, precision = one.design.mean.copy(), one.design.precision.copy()
        mean[one.at["event"]] = means[c]
        place = np.arange(one.at["event"].start, one.at["event"].stop)
        precision[place, place] = 1 / sds[c] ** 2
        y = history.channel["visitors"][:, history.channels.index(name)]
        found = fit(
            np.where(y > 0, y, np.nan) if one.lever.kind == "paid" else y,
            Design(one.design.matrix, mean, precision), curve=one.lever.curve(), extra=one.found.extra,
            memory=one.found.memory, iterations=4, start=one.found.eta,
        )  # fmt: skip
        out[name] = replace(
            one, found=found, draws=found.draws(ledger.draws, ledger.generator(f"traffic.{name}"))
        )
    return out


def _filled(values: Floats) -> Floats:
    good = np.isfinite(values)
    if not good.any():
        return np.ones(len(values))
    return np.asarray(np.interp(np.arange(len(values)), np.flatnonzero(good), values[good]))


def _fit_channel(
    history: History,
    name: str,
    lever: Lever,
    shared: Floats,
    terms: Mapping[tuple[str, str], Term],
    displacing: ChannelFit | None,
    ledger: Ledger,
) -> ChannelFit:
    dates, n = history.dates, len(history.dates)
    y = history.channel["visitors"][:, history.channels.index(name)]
    y = np.where(y > 0, y, np.nan) if lever.kind == "paid" else y
    level = knots(n, SPACING)
    season = season_columns(dates.day_of_year) if n >= SEASON_FROM else np.zeros((n, 0))
    years = ((np.arange(n) - (n - 1)) / 365.25)[:, None]
    taken = np.zeros((n, 0)) if displacing is None else _displaced(displacing, y)[:, None]
    parts = {"level": level, "weekday": weekday_columns(dates.day_of_week), "season": season, "growth": years,
             "event": shared, "displaced": taken}  # fmt: skip
    matrix = np.concatenate(list(parts.values()), axis=1)
    mean, sd = np.zeros(matrix.shape[1]), np.ones(matrix.shape[1])
    at, place = {}, 0
    for part, columns in parts.items():
        at[part] = slice(place, place + columns.shape[1])
        place += columns.shape[1]
    at["lever"] = slice(place, None)
    mean[at["level"]] = np.log(max(float(np.nanmean(y)) if np.isfinite(y).any() else 1.0, 0.5))
    sd[at["weekday"]] = 0.25
    sd[at["season"]] = _SEASON_SD[: season.shape[1]]
    sd[at["growth"]] = 0.10
    sd[at["event"]] = [_EFFECT_SD[phase] for _, phase in terms]
    mean[at["displaced"]], sd[at["displaced"]] = 0.08, 0.06
    found, step = _best_level(y, matrix, mean, sd, at["level"], lever)
    draws = found.draws(ledger.draws, ledger.generator(f"traffic.{name}"))
    delta = float(np.clip(found.beta[at["displaced"]][0], 0.0, 0.5)) if displacing is not None else 0.0
    return ChannelFit(
        name, found, draws, at, lever, step, delta, _design(matrix, mean, sd, at["level"], step)
    )


def _displaced(paid: ChannelFit, y: Floats) -> Floats:
    """Return the free visitors lost for each extra paid one, as a share of free visitors and up to sign."""
    theta = paid.found.beta[paid.at["lever"]]
    response = np.exp(np.maximum(paid.lever.log_response(theta), -15))
    usual = float(np.exp(paid.found.beta[paid.at["level"]]).mean())
    return np.asarray(-(response - 1) * usual / max(float(np.nanmedian(y)), 1.0))


def _best_level(
    y: Floats, matrix: Floats, mean: Floats, sd: Floats, level: slice, lever: Lever
) -> tuple[Fit, float]:
    """Choose the level's step by the evidence: how much the data want it to drift."""
    curve, best, step = lever.curve(), None, _LEVEL_STEPS[2]
    best = fit(y, _design(matrix, mean, sd, level, step), curve=curve)
    scores = []
    for candidate in _LEVEL_STEPS:
        trial = fit(
            y, _design(matrix, mean, sd, level, candidate), curve=curve, extra=best.extra, memory=best.memory,
            iterations=2, learn_noise=False, start=best.eta,
        )  # fmt: skip
        # A weak belief in a quiet level (about .005 a day) keeps short histories sensible.
        scores.append(trial.evidence - 0.5 * (np.log(candidate / 0.005) / 1.0) ** 2)
    step = _LEVEL_STEPS[int(np.argmax(scores))]
    final = fit(
        y, _design(matrix, mean, sd, level, step), curve=curve, extra=best.extra, memory=best.memory,
        iterations=6, start=best.eta,
    )  # fmt: skip
    return final, step


def _design(matrix: Floats, mean: Floats, sd: Floats, level: slice, step: float) -> Design:
    precision = np.diag(1 / sd**2)
    precision[level, level] = random_walk(level.stop - level.start, step * np.sqrt(SPACING), 5.0)
    return Design(matrix, mean, precision)
