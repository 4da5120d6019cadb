"""Joint paths of every series: the event regression, the local level and residual blocks put together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.calendar import Event, Horizon
from ecomsim.calendar import events as dated_events
from ecomsim.checks import EcomsimError
from ecomsim.forecast.basis import Basis, basis_of
from ecomsim.forecast.changes import Change
from ecomsim.forecast.drawn import Own, Sample, changed
from ecomsim.forecast.leaves import LeafFit, fit_leaves, leaf_paths
from ecomsim.forecast.own_drivers import OwnDrivers, own_drivers, shared_drivers
from ecomsim.forecast.panel import Panel
from ecomsim.forecast.settings import Model
from ecomsim.streams import check_seed

__all__ = ["Model", "Sample", "sample", "stream"]

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
    regressors : known drivers, past and future: name -> (T + days up to the horizon's end,), or (S, those days) where
        each series has its own
    paths : number of joint paths
    seed : same seed, same bits
    model : settings
    changes : levers: factors on series and days ahead; the random numbers stay the same

    Raises
    ------
    EcomsimError
        For a horizon that begins within history, or a regressor of another length.
    """
    given = {name: np.asarray(values, float) for name, values in (regressors or {}).items()}
    for name, values in given.items():
        if values.ndim == 2 and len(values) != len(panel.ids):
            raise EcomsimError(
                f"regressors.{name}",
                f"{len(values)} series",
                f"{len(panel.ids)}, as the panel has",
                "Give each its own",
            )
    shared = shared_drivers(panel, given)
    basis = _basis(panel, panel.values.sum(axis=0), horizon, events, shared, paths, seed, model)
    return _drawn(panel, horizon, basis, changes, own_drivers(panel, given))


def stream(
    panels: Iterable[Panel],
    horizon: Horizon,
    *,
    total: Floats,
    events: Sequence[Event] | None = None,
    regressors: Mapping[str, Floats] | None = None,
    paths: int = 400,
    seed: int = 7,
    model: Model | None = None,
    changes: Sequence[Change] = (),
) -> Iterator[Sample]:
    """Yield the paths of one part of the series after the other, for more series than fit in memory.

    Parameters
    ----------
    panels : parts of the series on the same days; read as they are needed
    total : (T,) sum of ALL series, which shows the calendar's shape
    horizon, events, paths, seed, model, changes : as for `sample`
    regressors : name -> (T + days up to the horizon's end,), shared by all series

    Raises
    ------
    EcomsimError
        As `sample`; for parts whose days differ.

    Notes
    -----
    Parts share the days behind each path and the shape, so sums over parts are sums over the whole.
    """
    basis: Basis | None = None
    for panel in panels:
        if basis is None:
            first, basis = panel, _basis(panel, total, horizon, events, regressors, paths, seed, model)
        if panel.dates != first.dates:
            raise EcomsimError(
                "panels", f"{panel.start} to {panel.end}", f"{first.start} to {first.end}, as the first part",
                "Cut all parts to the same days",
            )  # fmt: skip
        yield _drawn(panel, horizon, basis, changes)


def _basis(
    panel: Panel,
    total: Floats,
    horizon: Horizon,
    events: Sequence[Event] | None,
    regressors: Mapping[str, Floats] | None,
    paths: int,
    seed: int,
    model: Model | None,
) -> Basis:
    known, ahead = panel.days, (horizon.end - panel.end).days
    if horizon.start <= panel.end:
        raise EcomsimError(
            "horizon.start", str(horizon.start), f"a day after the history's last, {panel.end}",
            f"Cut the history with panel.until, or begin on {panel.end + dt.timedelta(days=1)}",
        )  # fmt: skip
    dates = [panel.start + dt.timedelta(days=i) for i in range(known + ahead)]
    drivers = {name: np.asarray(values, float) for name, values in (regressors or {}).items()}
    for name, values in drivers.items():
        finite = bool(np.isfinite(values).all())
        if values.shape != (known + ahead,) or not finite:
            raise EcomsimError(
                f"regressors.{name}", f"shape {values.shape}" if finite else "NaN",
                f"a finite value for each of {known + ahead} days, {dates[0]} to {dates[-1]}",
                "Give its future values too",
            )  # fmt: skip
    calendar = dated_events(dates[0], dates[-1]) if events is None else list(events)
    return basis_of(
        total, dates, calendar, drivers, paths=paths, seed=check_seed(seed), model=model or Model()
    )


def _drawn(
    panel: Panel, horizon: Horizon, basis: Basis, changes: Sequence[Change], own: OwnDrivers | None = None
) -> Sample:
    skip, paths = (horizon.start - panel.end).days - 1, basis.paths
    out = np.empty((len(panel.ids), paths, horizon.days), np.float32)
    fitted = []
    for first in range(0, len(panel.ids), _CHUNK):
        chunk = slice(first, first + _CHUNK)
        theirs = None if own is None else own.of(chunk)
        fitted.append(fit_leaves(basis, panel.values[chunk], theirs))
        out[chunk] = leaf_paths(basis, fitted[-1], panel.ids[chunk], theirs)[:, :, skip:]
    mean = np.concatenate([part.mean[:, skip:] for part in fitted])
    made = Sample(panel, horizon, out, mean, basis, _own(fitted, horizon.days, own))
    return changed(made, changes)


def _own(fitted: Sequence[LeafFit], days: int, own: OwnDrivers | None) -> Own:
    first = fitted[0]
    driven = {}
    for j, name in enumerate(() if own is None else own.names):
        parts = [part.departures.effect[:, j, -days:] for part in fitted if part.departures is not None]
        driven[name] = np.concatenate(parts)
    spread = [np.sqrt(np.diagonal(part.fit.covariance, axis1=1, axis2=2)) for part in fitted]
    return Own(
        np.concatenate([part.unit * part.level for part in fitted]),
        np.concatenate([part.fit.beta for part in fitted]),
        np.concatenate(spread),
        first.columns[-days:],
        first.blocks,
        tuple(method for part in fitted for method in part.methods),
        driven,
    )
