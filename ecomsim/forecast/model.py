"""Joint paths of every series: the event regression, the local level and residual blocks put together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.calendar import Event, Horizon
from ecomsim.calendar import events as dated_events
from ecomsim.checks import EcomsimError
from ecomsim.forecast.basis import Basis, basis_of
from ecomsim.forecast.leaves import fit_leaves, leaf_paths
from ecomsim.forecast.panel import Panel
from ecomsim.forecast.settings import Model
from ecomsim.streams import check_seed

__all__ = ["Model", "Sample", "sample"]

Floats: TypeAlias = NDArray[np.float64]

_CHUNK = 128


@dataclass(frozen=True, eq=False)
class Sample:
    """Joint paths of all leaf series.

    Attributes
    ----------
    panel : history
    horizon : days forecast
    paths : (S, R, H) in the metric's unit; parents are sums over leaves on every path
    mean : (S, H) expected values before the paths' noise
    basis : what all series share: columns, fit and doubt
    methods : how each leaf was forecast: 'own', 'siblings' or 'none'
    unseen : families of events ahead that history never saw; nothing is foretold of them
    """

    panel: Panel
    horizon: Horizon
    paths: NDArray[np.float32]
    mean: Floats
    basis: Basis
    methods: tuple[str, ...]
    unseen: tuple[str, ...]

    def at(self, level: str) -> tuple[tuple[str, ...], Floats]:
        """Return the names and the (groups, R, H) paths of a level, added up from the leaves in float64."""
        if level == "leaf":
            return self.panel.ids, self.paths.astype(np.float64)
        return self.panel.at(level)[0], self.panel.sums(level, self.paths.astype(np.float64))


def sample(
    panel: Panel,
    horizon: Horizon,
    *,
    events: Sequence[Event] | None = None,
    regressors: Mapping[str, Floats] | None = None,
    paths: int = 400,
    seed: int = 7,
    model: Model | None = None,
) -> Sample:
    """Return joint paths of the days of `horizon`, which lie after the panel's last day.

    Parameters
    ----------
    panel : cleaned history of every leaf series
    horizon : days wanted; days between the history's end and its start are simulated and left out
    events : dated events, past and future; None takes the calendar's own
    regressors : name -> (T + days up to the horizon's end,) known drivers, past and future
    paths : number of joint paths
    seed : same seed, same bits
    model : settings

    Raises
    ------
    EcomsimError
        For a horizon that begins within history, or a regressor of another length.
    """
    known = panel.days
    ahead = (horizon.end - panel.end).days
    if horizon.start <= panel.end:
        raise EcomsimError(
            "horizon.start", str(horizon.start), f"a day after the history's last, {panel.end}",
            f"Cut the history with panel.until, or begin on {panel.end + dt.timedelta(days=1)}",
        )  # fmt: skip
    dates = [panel.start + dt.timedelta(days=i) for i in range(known + ahead)]
    drivers = dict(regressors or {})
    for name, values in drivers.items():
        drivers[name] = np.asarray(values, float)
        if drivers[name].shape != (known + ahead,) or not np.isfinite(drivers[name]).all():
            raise EcomsimError(
                f"regressors.{name}", f"shape {drivers[name].shape}" if np.isfinite(drivers[name]).all() else "NaN",
                f"a finite value for each of {known + ahead} days, {dates[0]} to {dates[-1]}",
                "Give its future values too",
            )  # fmt: skip
    calendar = dated_events(dates[0], dates[-1]) if events is None else list(events)
    basis = basis_of(
        panel.values.sum(axis=0), dates, calendar, drivers,
        paths=paths, seed=check_seed(seed), model=model or Model(),
    )  # fmt: skip
    skip = (horizon.start - panel.end).days - 1
    out = np.empty((len(panel.ids), paths, ahead - skip), np.float32)
    mean = np.empty((len(panel.ids), ahead - skip))
    methods: list[str] = []
    for first in range(0, len(panel.ids), _CHUNK):
        chunk = slice(first, first + _CHUNK)
        fitted = fit_leaves(basis, panel.values[chunk])
        out[chunk] = leaf_paths(basis, fitted, panel.ids[chunk])[:, :, skip:]
        mean[chunk] = fitted.mean[:, skip:]
        methods += fitted.methods
    return Sample(panel, horizon, out, mean, basis, tuple(methods), basis.design.unseen)
