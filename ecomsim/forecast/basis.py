"""What all series share: the calendar's shape in their sum, its uncertainty, and the days behind the paths."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from ecomsim.calendar import Event
from ecomsim.forecast.blocks import block_days
from ecomsim.forecast.design import Design, calendar_design
from ecomsim.forecast.regression import Fitted, fit_many
from ecomsim.forecast.settings import Model
from ecomsim.forecast.windows import PARTS
from ecomsim.forecast.years import year_spread
from ecomsim.streams import uniforms

__all__ = ["Basis", "basis_of", "normals"]

Floats: TypeAlias = NDArray[np.float64]

_AHEAD = ("weekday", "payday", "trend", "year", "makeup", "regressor", "event")


@dataclass(frozen=True)
class Basis:
    """The shared part of a forecast.

    Attributes
    ----------
    model : settings
    seed : of the paths
    known, ahead : days of history, days to forecast from the first day after it
    design : the calendar's columns
    fit : regression of the sum of all series
    shape : (known + ahead,) its log shape without the level
    deviation : (paths, ahead) log departures of the paths: doubt about the shape, and this year's events
    year_draws : {family: (paths,)} standard normal: how much stronger each event turns out this year
    year_sd : standard deviation of an event's strength between years
    counted : (known,) weight of each day; 0 where the whole store was closed
    days : (paths, ahead) past days whose residuals the paths take
    """

    model: Model
    seed: int
    known: int
    ahead: int
    design: Design
    fit: Fitted
    shape: Floats
    deviation: Floats
    year_draws: Mapping[str, Floats]
    year_sd: float
    counted: Floats
    days: NDArray[np.int64]

    @property
    def paths(self) -> int:
        """Number of paths."""
        return len(self.days)


@lru_cache(maxsize=4096)
def normals(seed: int, count: int, name: str, index: int = 0) -> Floats:
    """Return one standard normal a path for a named quantity; kept, as every origin of a record draws the same."""
    drawn = np.asarray(ndtri(uniforms(seed, 0, count, name, index=index)))
    drawn.flags.writeable = False
    return drawn


def basis_of(
    total: Floats,
    dates: Sequence[dt.date],
    events: Sequence[Event],
    regressors: Mapping[str, Floats],
    *,
    paths: int,
    seed: int,
    model: Model,
) -> Basis:
    """Fit the sum of all series and draw what its paths share.

    Parameters
    ----------
    total : (T,) sum of all series
    dates : history and, from position T on, the days to forecast
    regressors : name -> (T + H,)
    """
    known = len(total)
    ahead = len(dates) - known
    design = calendar_design(dates, known, events, regressors, model.effect_sd)
    counted = (total > 0).astype(float) if (total > 0).any() else np.ones(known)
    age = np.arange(known - 1, -1, -1)
    weights = counted * 0.5 ** (age / model.memory_half_life_days)
    unit = max(float(np.sum(total * weights) / np.sum(weights)), 1e-9)
    fit = fit_many(
        total[None] / unit, design.matrix, design.precision, weights[None], offset=np.zeros((1, len(dates)))
    )
    shape = fit.eta[0] - fit.beta[0, 0]
    year_draws = {f.name: normals(seed, paths, f"forecast.event.{f.name}") for f in design.families}
    deviation = _shape_draws(design, fit, known, paths, seed)
    spread, years = year_spread(
        total[None] / unit, np.exp(fit.eta[:, :known]), counted[None], fit.scale, design, fit.beta[0],
        prior_sd=model.event_year_sd, prior_years=model.event_prior_years,
    )  # fmt: skip
    for family in design.families:
        at = design.blocks[f"event {family.name}"]
        # the years seen tell the mean strength only so well
        apart = spread[0] * np.sqrt(1 + 1 / max(years[family.name], 1))
        each = design.matrix[known:, at] * fit.beta[0, at]
        for part, name in enumerate(PARTS):
            # half of a year's strength is the whole event's, half that of its ramp, its main days, its wake
            own = normals(seed, paths, f"forecast.event.{family.name}.{name}")
            strength = apart * np.sqrt(0.5) * (year_draws[family.name] + own)
            deviation += strength[:, None] * each[:, family.parts == part].sum(axis=1)
    deviation -= 0.5 * deviation.var(axis=0)
    return Basis(
        model, seed, known, ahead, design, fit, shape, deviation, year_draws, float(spread[0]), counted,
        block_days(known, ahead, paths, seed, block_days=model.block_days, memory_days=model.residual_days),
    )  # fmt: skip


def _shape_draws(design: Design, fit: Fitted, known: int, paths: int, seed: int) -> Floats:
    """Return (paths, ahead) departures from the fitted shape, drawn from the coefficients' posterior."""
    columns = design.matrix[known:, 1:]
    root = np.linalg.cholesky(fit.covariance[0, 1:, 1:] + 1e-12 * np.eye(columns.shape[1]))
    draws = np.stack(
        [normals(seed, paths, "forecast.shape", index=j) for j in range(columns.shape[1])], axis=1
    )
    return np.asarray(draws @ (columns @ root).T)
