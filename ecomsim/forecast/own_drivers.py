"""Drivers that each series has for itself: one strength for all, and each series' own departure from it.

Their size-weighted mean stands among the calendar's columns, where the sum of all series tells its effect. What a
series' own driver departs from that mean acts on the series alone: exp(gamma[s] (x[s,t] - mean[t])), with
gamma[s] ~ N(gamma, sd^2), gamma told by all series together, gamma[s] by the series, in turn with its other departures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.forecast.panel import Panel
from ecomsim.forecast.regression import fit_many

__all__ = ["Departures", "OwnDrivers", "fit_departures", "own_drivers", "shared_drivers"]

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class OwnDrivers:
    """How each series' drivers depart from their mean over series, in units of their spread.

    Attributes
    ----------
    names : of the drivers (k)
    values : (S, k, days), history and days ahead
    """

    names: tuple[str, ...]
    values: Floats

    def of(self, series: slice) -> OwnDrivers:
        """Return those of some of the series."""
        return OwnDrivers(self.names, self.values[series])


@dataclass(frozen=True, eq=False)
class Departures:
    """What the own drivers do to each series.

    Attributes
    ----------
    strength, doubt : (S, k) log effect of one unit and its standard deviation
    effect : (S, k, days) log effects
    """

    strength: Floats
    doubt: Floats
    effect: Floats


def shared_drivers(panel: Panel, drivers: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return (days,) of every driver: of one that each series has for itself the mean over series by size."""
    size = panel.values.sum(axis=1)
    weight = size / size.sum() if size.sum() > 0 else np.full(len(size), 1 / len(size))
    return {name: weight @ v if np.ndim(v) == 2 else np.asarray(v) for name, v in drivers.items()}


def own_drivers(panel: Panel, drivers: Mapping[str, Floats]) -> OwnDrivers | None:
    """Return how the drivers of each series depart from the shared ones; None where all series share all."""
    own = {name: np.asarray(v, float) for name, v in drivers.items() if np.ndim(v) == 2}
    if not own or len(panel.ids) == 1:
        return None
    shared = shared_drivers(panel, own)
    out = np.empty((len(panel.ids), len(own), next(iter(own.values())).shape[1]))
    for j, (name, values) in enumerate(own.items()):
        apart = values - shared[name]
        spread = float(apart[:, : panel.days].std())
        # what is left of equal drivers after rounding is no driver
        out[:, j] = apart / spread if spread > 1e-9 * float(np.abs(values).max()) else 0.0
    return OwnDrivers(tuple(own), out)


def fit_departures(
    scaled: Floats, eta: Floats, own: OwnDrivers, weights: Floats, *, shared_sd: float, own_sd: float
) -> Departures:
    """Fit the strengths of the own drivers beside everything else.

    Parameters
    ----------
    scaled : (S, T) values in units of each series' mean
    eta : (S, days) log mean without the own drivers
    weights : (S, T)
    shared_sd, own_sd : prior standard deviations of the strength of all and of a series' departure from it
    """
    series, known = scaled.shape
    k = len(own.names)
    past = np.swapaxes(own.values[:, :, :known], 1, 2)  # (S, T, k)
    every = fit_many(
        scaled.reshape(1, -1), past.reshape(-1, k), np.eye(k) / shared_sd**2, weights.reshape(1, -1),
        offset=eta[:, :known].reshape(1, -1),
    )  # fmt: skip
    strength, doubt = np.empty((series, k)), np.empty((series, k))
    for s in range(series):
        apart = fit_many(
            scaled[s : s + 1], past[s], np.eye(k) / own_sd**2, weights[s : s + 1],
            offset=(eta[s, :known] + past[s] @ every.beta[0])[None],
        )  # fmt: skip
        strength[s] = every.beta[0] + apart.beta[0]
        doubt[s] = np.sqrt(np.diag(every.covariance[0]) + np.diag(apart.covariance[0]))
    return Departures(strength, doubt, strength[:, :, None] * own.values)
