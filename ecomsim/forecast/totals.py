"""Calibration of totals: how much wider (or narrower) than its paths a total really is.

Joint paths of days know the noise of days; a month's total also takes a shock of the month that no day shows.
So past origins are forecast again and the distances of what happened from the median, in units of the
foretold spread, are collected by level and days ahead. Their 80 % and 95 % points are where 1.28 and 1.96
should be: a monotone, piecewise linear map of the distance. After the idea of locally weighted conformal
prediction (Lei et al. 2018, JASA 113, section 5.2), with pooling between levels where cases are few.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecomsim.forecast.trials import NODES, Trials

__all__ = ["Correction", "Totals", "calibrate_totals"]

Floats: TypeAlias = NDArray[np.float64]

_Z80, _Z95 = 1.2815515655446004, 1.959963984540054
_LEAST_PERIODS, _LEAST_CASES = 3.0, 8
_TINY = 0.05
# What is believed of a level before it is seen, worth this many cases.
_PRIOR_CASES = 20.0
# The forecaster learns as history grows; how it did long ago says less of how it will do.
_RECENT_HALF_LIFE_DAYS = 60.0
_PRIOR_STRETCH = 1.0
_CAP = (0.4, 4.0)


@dataclass(frozen=True)
class Correction:
    """How distances of one kind of total at one number of days ahead are stretched.

    Attributes
    ----------
    at80, at95 : distances that 80 % and 95 % of past cases stayed within
    cases : past cases behind it
    periods : spans of that many days that do not overlap
    calibrated : whether that is enough to speak of a probability
    """

    at80: float
    at95: float
    cases: int
    periods: float
    calibrated: bool

    def apply(self, draws: ArrayLike) -> Floats:
        """Return draws (..., R) of a total with their distances from the median stretched; order and mean are kept.

        Examples
        --------
        >>> draws = np.exp(np.linspace(-0.1, 0.1, 5))
        >>> twice = Correction(2 * 1.2815515655446004, 2 * 1.959963984540054, 40, 5.0, True)
        >>> np.log(twice.apply(draws)).round(3).tolist()
        [-0.207, -0.107, -0.007, 0.093, 0.193]
        """
        x = np.asarray(draws, float)
        low, middle, high = (np.quantile(x, q, axis=-1, keepdims=True) for q in (0.1, 0.5, 0.9))
        floor = _TINY * np.maximum(x.mean(axis=-1, keepdims=True), 1e-12)
        low, middle, high = (np.log(np.maximum(v, floor)) for v in (low, middle, high))
        gap = np.log(np.maximum(x, floor)) - middle
        side = np.maximum(np.where(gap >= 0, high - middle, middle - low) / _Z80, 1e-9)
        out = np.exp(middle + np.sign(gap) * side * self._stretched(np.abs(gap) / side))
        out = np.where(x > 0, out, 0.0)
        # stretched on a log scale a distribution leans to the right; what is expected stays as it was
        return np.asarray(
            out * x.mean(axis=-1, keepdims=True) / np.maximum(out.mean(axis=-1, keepdims=True), 1e-12)
        )

    def _stretched(self, distance: Floats) -> Floats:
        inner = distance * self.at80 / _Z80
        slope = max((self.at95 - self.at80) / (_Z95 - _Z80), 0.25 * self.at80 / _Z80)
        return np.where(distance <= _Z80, inner, self.at80 + (distance - _Z80) * slope)


@dataclass(frozen=True)
class Totals:
    """Corrections by kind of total and days ahead.

    Attributes
    ----------
    corrections : kind -> one correction for each of NODES
    """

    corrections: Mapping[str, tuple[Correction, ...]]

    def at(self, kind: str, days_ahead: int) -> Correction:
        """Return the correction of a total over the next `days_ahead` days, interpolated between nodes.

        Totals further ahead than a month take the month's correction and count as uncalibrated.
        """
        found = self.corrections.get(kind) or (_unknown(),) * len(NODES)
        i = min(int(np.searchsorted(NODES, days_ahead)), len(NODES) - 1)
        above = found[i]
        if NODES[i] == days_ahead or i == 0:
            return above
        if days_ahead > NODES[-1]:
            return Correction(above.at80, above.at95, above.cases, above.periods, False)
        below = found[i - 1]
        share = (days_ahead - NODES[i - 1]) / (NODES[i] - NODES[i - 1])
        return Correction(
            below.at80 + share * (above.at80 - below.at80),
            below.at95 + share * (above.at95 - below.at95),
            min(below.cases, above.cases),
            min(below.periods, above.periods),
            below.calibrated and above.calibrated,
        )


def _unknown() -> Correction:
    return Correction(_PRIOR_STRETCH * _Z80, _PRIOR_STRETCH * _Z95, 0, 0.0, False)


def calibrate_totals(trials: Trials) -> Totals:
    """Return the corrections that past origins call for.

    Parameters
    ----------
    trials : distances; cut them with `trials.before` to what was known
    """
    span = float(trials.known[-1] - trials.known[0]) if len(trials.known) else 0.0
    recency = np.asarray(
        0.5 ** ((trials.known.max(initial=0) - trials.known) / _RECENT_HALF_LIFE_DAYS), float
    )
    stretch = {kind: _points(d, recency) for kind, d in trials.distances.items()}
    everything = _pooled(stretch, trials)
    # the whole leans on nothing but itself, so that it is told the same whatever it was split into
    alone = _pooled({"total": stretch["total"]}, trials) if "total" in stretch else everything
    out = {}
    for kind, distances in trials.distances.items():
        at80, at95 = stretch[kind]
        believed = alone if kind == "total" else everything
        row = []
        for j, node in enumerate(NODES):
            over = np.isfinite(distances[:, :, j])
            cases = int(over.sum())
            periods = span / node if over.any() else 0.0
            groups = over.any(axis=0).sum()
            # cases of one period share its shock; groups of one origin share much of it
            weight = min(cases, periods * np.sqrt(max(groups, 1)))
            enough = periods >= _LEAST_PERIODS and cases >= _LEAST_CASES
            both = [
                _blend(value[j], weight, prior[j], z)
                for value, prior, z in ((at80, believed[0], _Z80), (at95, believed[1], _Z95))
            ]
            row.append(Correction(both[0], max(both[1], both[0] * 1.05), cases, periods, enough))
        out[kind] = tuple(_smooth(row))
    return Totals(out)


def _points(distances: Floats, recency: Floats) -> tuple[Floats, Floats]:
    """Return by node the distances that 80 % and 95 % of cases stayed within; NaN without cases."""
    weight = np.broadcast_to(recency[:, None], distances.shape[:2])
    found = np.full((2, len(NODES)), np.nan)
    for j in range(len(NODES)):
        over = np.isfinite(distances[:, :, j])
        if over.any():
            far = np.abs(distances[:, :, j][over])
            for i, share in enumerate((0.8, 0.95)):
                wanted = min(1.0, share * (1 + 1 / len(far)))
                found[i, j] = np.quantile(far, wanted, weights=weight[over], method="inverted_cdf")
    return found[0], found[1]


def _pooled(stretch: Mapping[str, tuple[Floats, Floats]], trials: Trials) -> tuple[Floats, Floats]:
    """Return what all kinds together say, each with the same voice, shrunk to a cautious guess."""
    out = []
    span = float(trials.known[-1] - trials.known[0]) if len(trials.known) else 0.0
    for i, z in enumerate((_Z80, _Z95)):
        rows = np.array([both[i] for both in stretch.values()])
        merged = np.full(len(NODES), _PRIOR_STRETCH * z)
        for j, node in enumerate(NODES):
            column = rows[:, j][np.isfinite(rows[:, j])]
            if len(column):
                merged[j] = _blend(float(np.median(column)), span / node * np.sqrt(len(column)), merged[j], z)
        out.append(merged)
    return out[0], out[1]


def _blend(value: float, weight: float, prior: float, z: float) -> float:
    if not np.isfinite(value):
        return float(prior)
    mixed = (weight * value + _PRIOR_CASES * prior) / (weight + _PRIOR_CASES)
    return float(np.clip(mixed, _CAP[0] * z, _CAP[1] * z))


def _smooth(row: list[Correction]) -> list[Correction]:
    """Return corrections averaged with their neighbours: a stretch does not jump from one day to the next."""
    out = []
    for j, one in enumerate(row):
        near = row[max(0, j - 1) : j + 2]
        weights = [2.0 if other is one else 1.0 for other in near]
        at80 = float(np.average([o.at80 for o in near], weights=weights))
        at95 = float(np.average([o.at95 for o in near], weights=weights))
        out.append(Correction(at80, at95, one.cases, one.periods, one.calibrated))
    return out
