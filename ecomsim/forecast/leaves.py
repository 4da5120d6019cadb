"""Every series beside its siblings: its own departures from the shared shape, its level, its paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.forecast.basis import Basis
from ecomsim.forecast.blocks import residuals
from ecomsim.forecast.level import local_levels, step_share
from ecomsim.forecast.own_drivers import Departures, OwnDrivers, fit_departures
from ecomsim.forecast.regression import Fitted, fit_many
from ecomsim.forecast.shocks import own_normals
from ecomsim.forecast.windows import PARTS
from ecomsim.forecast.years import year_spread

__all__ = ["LeafFit", "fit_leaves", "leaf_paths"]

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class LeafFit:
    """Fitted series.

    Attributes
    ----------
    fit : own departures from the shared shape
    columns : (N, q) of these departures
    blocks : name -> columns
    unit : (S,) mean a day, the unit of the regression
    level : (S,) local level after the last day, over what the calendar expects
    mean : (S, H) expected values, in the metric's unit
    ratio : (S, T) residual ratios
    departures : effects of drivers that each series has for itself, None without such
    year_sd : (S,) how much its part in an event differs from year to year, beside what all share
    methods : how each series was forecast: 'own', 'siblings' (less than 28 days), 'none' (nothing sold)
    """

    fit: Fitted
    columns: Floats
    blocks: Mapping[str, slice]
    unit: Floats
    level: Floats
    mean: Floats
    ratio: Floats
    departures: Departures | None
    year_sd: Floats
    methods: tuple[str, ...]


_COLD_DAYS = 28
_MOST_SURPRISE = 6.0
_PASS = 8
# own drivers and the other departures of a series are fitted in turn
_TURNS = 2


def fit_leaves(basis: Basis, values: Floats, own: OwnDrivers | None = None) -> LeafFit:
    """Fit the series (S, T) of one chunk, with the drivers each of them has for itself."""
    model, known = basis.model, basis.known
    columns, precision, blocks = _own_columns(basis)
    live = np.cumsum(values > 0, axis=1) > 0
    weights = live * basis.counted
    days = weights.sum(axis=1)
    age = np.arange(known - 1, -1, -1)
    memory = weights * 0.5 ** (age / model.memory_half_life_days)
    shape = np.exp(basis.shape[:known])
    unit = (values * memory).sum(axis=1) / np.maximum((shape * memory).sum(axis=1), 1e-9)
    unit = np.maximum(unit, 1e-9)
    scaled = values / unit[:, None]
    fit = fit_many(scaled, columns, precision, memory, offset=basis.shape[None])
    departures = None
    for _ in range(0 if own is None else _TURNS):
        assert own is not None
        plain = fit.eta if departures is None else fit.eta - departures.effect.sum(axis=1)
        departures = fit_departures(
            scaled,
            plain,
            own,
            memory,
            shared_sd=model.effect_sd["regressor"],
            own_sd=model.own_sd["regressor"],
        )
        offset = basis.shape + departures.effect.sum(axis=1)
        fit = fit_many(scaled, columns, precision, memory, offset=offset)
    expected = np.exp(fit.eta)
    levels = local_levels(
        scaled, expected[:, :known], weights, model.level_half_lives_days,
        prior_days=model.level_prior_days, tame=model.level_tame,
    )  # fmt: skip
    ratio = residuals(scaled, expected[:, :known] * levels[:, :-1], weights, model.residual_days)
    mean = unit[:, None] * levels[:, -1:] * expected[:, known:]
    methods = tuple("none" if d == 0 else "siblings" if d < _COLD_DAYS else "own" for d in days)
    mean[days == 0] = 0.0
    year_sd, _ = year_spread(
        scaled, expected[:, :known] * levels[:, :-1], weights, fit.scale, basis.design, basis.fit.beta[0],
        prior_sd=model.own_event_year_sd, prior_years=model.event_prior_years,
    )  # fmt: skip
    # what all series share is drawn with the basis
    year_sd = np.sqrt(np.maximum(year_sd**2 - basis.year_sd**2, 0.25 * model.own_event_year_sd**2))
    return LeafFit(fit, columns, blocks, unit, levels[:, -1], mean, ratio, departures, year_sd, methods)


def _own_columns(basis: Basis) -> tuple[Floats, Floats, dict[str, slice]]:
    """Return columns of a series' own departures, their prior and their blocks."""
    design, sd = basis.design, basis.model.own_sd
    parts: list[tuple[str, Floats, float]] = [("level", np.ones((len(basis.shape), 1)), 100.0)]
    parts.append(("weekday", design.matrix[:, design.blocks["weekday"]], sd["weekday"]))
    # how much of the shop's month ends and paydays the series takes part in: one column, the shared curve itself
    payday = design.blocks["payday"]
    curve = design.matrix[:, payday] @ basis.fit.beta[0, payday]
    parts.append(("payday", curve[:, None], sd["payday"]))
    if "year" in design.blocks:
        parts.append(("trend", design.matrix[:, design.blocks["trend"]], sd["trend"]))
        parts.append(("year", design.matrix[:, design.blocks["year"]][:, :4], sd["year"]))
    beta = basis.fit.beta[0]
    for family in design.families:
        at = design.blocks[f"event {family.name}"]
        each = design.matrix[:, at] * beta[at]
        if not np.abs(each[basis.known :]).sum() > 0:
            continue  # not ahead: what siblings say of it is enough to read history
        curve = np.stack([each[:, family.parts == i].sum(axis=1) for i in range(len(PARTS))], axis=1)
        parts.append((f"event {family.name}", curve[:, np.abs(curve).sum(axis=0) > 0], sd["event"]))
    columns = np.concatenate([c for _, c, _ in parts], axis=1)
    strength = np.concatenate([np.full(c.shape[1], s) for _, c, s in parts])
    blocks, place = {}, 0
    for name, c, _ in parts:
        blocks[name] = slice(place, place + c.shape[1])
        place += c.shape[1]
    return columns, np.diag(1 / strength**2), blocks


def leaf_paths(
    basis: Basis, leaves: LeafFit, ids: Sequence[str], own: OwnDrivers | None = None
) -> NDArray[np.float32]:
    """Return (S, paths, H) joint paths of fitted series."""
    gain = step_share(basis.model.level_half_lives_days)
    ratio = leaves.ratio.astype(np.float32)
    # the level follows its own surprises along the path, as it did through history
    surprise = np.minimum(leaves.ratio, _MOST_SURPRISE)
    # cut surprises still have to be even on the whole, or the level would sink along every path
    recent = surprise[:, -basis.model.residual_days :].mean(axis=1, keepdims=True)
    step = np.log1p(gain * (surprise / np.maximum(recent, 1e-9) - 1)).astype(np.float32)
    shared = basis.deviation.astype(np.float32)
    mean = leaves.mean.astype(np.float32)
    doubt = _own_event_doubt(basis, leaves)
    if own is not None and leaves.departures is not None:
        driven = (leaves.departures.doubt[:, :, None] * own.values[:, :, basis.known :]).astype(np.float32)
        doubt = driven if doubt is None else np.concatenate([doubt, driven], axis=1)
    out = np.empty((len(ids), basis.paths, basis.ahead), np.float32)
    # a few series a pass, so that all stays in cache
    for first in range(0, len(ids), _PASS):
        part = slice(first, first + _PASS)
        log = np.empty_like(out[part])
        log[:, :, 0] = 0.0
        np.cumsum(step[part][:, basis.days[:, :-1]], axis=2, out=log[:, :, 1:])
        log += shared
        if doubt is not None:
            normal = own_normals(basis.seed, ids[part], doubt.shape[1], basis.paths)
            log += normal @ doubt[part]
            log -= 0.5 * np.square(doubt[part]).sum(axis=1)[:, None, :]
        np.exp(log, out=log)
        np.multiply(log, ratio[part][:, basis.days], out=out[part])
        out[part] *= mean[part][:, None, :]
    return out


def _own_event_doubt(basis: Basis, leaves: LeafFit) -> NDArray[np.float32] | None:
    """Return (S, k, H) factors of the covariance of each series' own part in the events ahead, on a log scale."""
    events = {name: block for name, block in leaves.blocks.items() if name.startswith("event ")}
    if not events:
        return None
    at = [i for block in events.values() for i in range(block.start, block.stop)]
    columns = leaves.columns[basis.known :, at]
    spread = leaves.fit.covariance[:, at][:, :, at] + 1e-12 * np.eye(len(at))
    family = np.repeat(np.arange(len(events)), [block.stop - block.start for block in events.values()])
    # half of a year's strength is the whole event's, half that of its ramp, its main days, its wake
    alike = 0.5 * (family[:, None] == family) + 0.5 * np.eye(len(at))
    spread += (leaves.year_sd**2)[:, None, None] * alike
    return np.asarray(np.swapaxes(columns @ np.linalg.cholesky(spread), 1, 2), np.float32)
