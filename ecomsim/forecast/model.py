"""Joint paths of every series: the event regression, the local level and residual blocks put together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.calendar import Event, Horizon
from ecomsim.calendar import events as dated_events
from ecomsim.checks import EcomsimError
from ecomsim.forecast.basis import basis_of
from ecomsim.forecast.changes import Change
from ecomsim.forecast.drawn import Own, Sample, changed
from ecomsim.forecast.leaves import LeafFit, fit_leaves, leaf_paths
from ecomsim.forecast.panel import Panel
from ecomsim.forecast.settings import Model
from ecomsim.streams import check_seed

__all__ = ["Model", "Sample", "sample"]

Floats: TypeAlias = NDArray[np.float64]

_CHUNK = 128


def sample(
    panel: Panel,
    horizon: Horizon,
    *,
    events: Sequence[Event] | None = None,
    regressors: Mapping[str, Floats] | None = None,
    paths: int = 400,
    seed: int = 7,
    model: Model | None = None,
    changes: Sequence[Change] = (),
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
    changes : levers: factors on series and days ahead; the random numbers stay the same

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
    fitted = []
    for first in range(0, len(panel.ids), _CHUNK):
        chunk = slice(first, first + _CHUNK)
        fitted.append(fit_leaves(basis, panel.values[chunk]))
        out[chunk] = leaf_paths(basis, fitted[-1], panel.ids[chunk])[:, :, skip:]
    mean = np.concatenate([part.mean[:, skip:] for part in fitted])
    drawn = Sample(panel, horizon, out, mean, basis, _own(fitted, horizon.days))
    return changed(drawn, changes)


def _own(fitted: Sequence[LeafFit], days: int) -> Own:
    first = fitted[0]
    spread = [np.sqrt(np.diagonal(part.fit.covariance, axis1=1, axis2=2)) for part in fitted]
    return Own(
        np.concatenate([part.unit * part.level for part in fitted]),
        np.concatenate([part.fit.beta for part in fitted]),
        np.concatenate(spread),
        first.columns[-days:],
        first.blocks,
        tuple(method for part in fitted for method in part.methods),
    )
