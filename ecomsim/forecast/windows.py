"""Event windows as columns: smoothed offsets around every peak, phases, what comes before and after.

An event lasts weeks and its years differ in dates, so each family of events gets columns keyed on the
distance from ITS OWN dates: hats at offsets from a peak (Spring Festival thereby by lunar date), one column
a phase, ramps before the first and after the last day. Years of one family share the columns.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.calendar import Event

__all__ = ["PARTS", "Family", "Windows", "event_windows"]

Floats: TypeAlias = NDArray[np.float64]

PARTS = ("before", "main", "after")
"""Parts of an event of which a series may have more or less than its siblings."""

_OFFSETS = (-14, -10, -7, -5, -3, -2, -1, 0, 1, 2, 3, 5, 7, 10, 14)
_EDGE = 21
_STEP_DAYS = 256
_OPENING = (0, 1, 2, 4)
_AROUND = {"before": (-10, -6, -3, -1), "after": (1, 3, 6, 10)}
# Prior standard deviations of log effects: a peak may be anything, a ramp or dip is small.
_PEAK_SD, _PHASE_SD, _OPENING_SD, _AROUND_SD, _STEP_SD = 1.5, 0.6, 0.5, 0.3, 0.35


@dataclass(frozen=True)
class Family:
    """Where one family of events stands among the columns.

    Attributes
    ----------
    name : of the family
    columns : its columns
    labels : one a column: 'peak-3', 'spot', 'spot opening+0', 'before-6', 'after+3'
    parts : (columns,) index into PARTS
    precision : (columns, columns) prior precision of the log effects
    instances : (days,) number of the event each day belongs to, -1 outside every window
    years : of the instances
    """

    name: str
    columns: slice
    labels: tuple[str, ...]
    parts: NDArray[np.int64]
    precision: Floats
    instances: NDArray[np.int64]
    years: tuple[int, ...]


@dataclass(frozen=True)
class Windows:
    """All families: `matrix` (days, columns) and where each family stands."""

    matrix: Floats
    families: tuple[Family, ...]


def event_windows(events: Sequence[Event], dates: Sequence[dt.date]) -> Windows:
    """Return the columns of every family with a window that touches `dates` (consecutive days)."""
    names = sorted({event.family for event in events})
    blocks, families, place = [], [], 0
    for name in names:
        own = sorted((e for e in events if e.family == name), key=lambda e: e.start)
        columns, labels, instances = _cut(tuple(own), dates[0], len(dates))
        used = np.flatnonzero(np.abs(columns).sum(axis=0) > 0)
        if not len(used):
            continue
        kept = [labels[i] for i in used]
        at = slice(place, place + len(used))
        parts = np.array([_part(label) for label in kept])
        families.append(
            Family(name, at, tuple(kept), parts, _precision(kept), instances, tuple(e.year for e in own))
        )
        blocks.append(columns[:, used])
        place = at.stop
    matrix = np.concatenate(blocks, axis=1) if blocks else np.zeros((len(dates), 0))
    return Windows(matrix, tuple(families))


def _cut(
    events: tuple[Event, ...], first: dt.date, days: int
) -> tuple[Floats, tuple[str, ...], NDArray[np.int64]]:
    """Return a family's columns for so many days: a day's row depends on no other, so longer tables are cut."""
    columns, labels, instances = _family(events, first, _STEP_DAYS * -(-days // _STEP_DAYS))
    return columns[:days], labels, instances[:days]


@lru_cache(maxsize=128)
def _family(
    events: tuple[Event, ...], first: dt.date, days: int
) -> tuple[Floats, tuple[str, ...], NDArray[np.int64]]:
    """Return the columns, their labels and the event each day belongs to; kept, as all past origins ask for them."""
    phases = sorted({phase.phase for event in events for phase in event.phases})
    labels = [f"peak{k:+d}" for k in _OFFSETS]
    labels += [phase for phase in phases]
    labels += [f"{phase} opening{k:+d}" for phase in phases for k in _OPENING]
    labels += [f"{side}{k:+d}" for side, knots in _AROUND.items() for k in knots]
    out = np.zeros((days, len(labels)))
    at = {label: j for j, label in enumerate(labels)}
    instances = np.full(days, -1)
    day = np.arange(days)
    for number, event in enumerate(events):
        start, end = (event.start - first).days, (event.end - first).days
        low, high = start + _AROUND["before"][0] - 3, end + _AROUND["after"][-1] + 3
        if event.peaks:
            near = np.array([(peak - first).days for peak in event.peaks])
            # Between two peaks a day belongs to the nearer one.
            offset = (day[:, None] - near)[day, np.abs(day[:, None] - near).argmin(axis=1)]
            out[:, : len(_OFFSETS)] += _hats(offset, _OFFSETS, (-_EDGE, _EDGE))
            low, high = min(low, near.min() - _EDGE + 1), max(high, near.max() + _EDGE - 1)
        if not event.peaks or event.end > event.start:
            for phase in event.phases:
                begin, finish = (phase.start.date() - first).days, (phase.last_day - first).days
                out[:, at[phase.phase]] = np.maximum(
                    out[:, at[phase.phase]], _inside(day, begin, finish, phase.start.hour)
                )
                if phase.phase != "holiday":
                    j = at[f"{phase.phase} opening{_OPENING[0]:+d}"]
                    inside = (day >= begin) & (day <= finish)
                    out[:, j : j + len(_OPENING)] += inside[:, None] * _hats(day - begin, _OPENING, (-1, 6))
            for side, knots in _AROUND.items():
                if event.peaks and all(phase.phase == "holiday" for phase in event.phases):
                    continue  # the days around a festival are counted from the festival
                edge = start if side == "before" else end
                hats = _hats(day - edge, knots, (knots[0] - 4, 0) if side == "before" else (0, knots[-1] + 4))
                j = at[f"{side}{knots[0]:+d}"]
                out[:, j : j + len(knots)] += hats
        instances[max(low, 0) : max(high + 1, 0)] = number
    for array in (out, instances):
        array.flags.writeable = False
    return out, tuple(labels), instances


def _inside(day: NDArray[np.int64], begin: int, finish: int, hour: int) -> Floats:
    """Return 1 on the days of a phase and the share of its first day that is left when it begins."""
    inside = ((day >= begin) & (day <= finish)).astype(float)
    inside[day == begin] = 1 - hour / 24
    return inside


def _hats(offset: NDArray[np.int64], knots: Sequence[int], edge: tuple[int, int]) -> Floats:
    """Return (days, knots) piecewise-linear hats that fall to zero at both edges."""
    points = [edge[0], *knots, edge[1]]
    out = np.zeros((len(offset), len(knots)))
    for j in range(len(knots)):
        out[:, j] = np.interp(offset, points[j : j + 3], (0.0, 1.0, 0.0), left=0.0, right=0.0)
    return out


def _part(label: str) -> int:
    if label.startswith("peak"):
        offset = int(label[4:])
        return 0 if offset < -1 else 1 if offset <= 1 else 2
    if label.startswith(("before", "presale", "deposit")):
        return 0
    return 2 if label.startswith("after") else 1


def _precision(labels: Sequence[str]) -> Floats:
    """Return the prior precision: independent, and neighbouring offsets alike except across the peak itself."""
    sd = [_sd(label) for label in labels]
    out = np.diag(1 / np.square(sd))
    for i in range(len(labels) - 1):
        a, b = labels[i], labels[i + 1]
        for side in ("peak", "before", "after"):
            if a.startswith(side) and b.startswith(side):
                k, m = int(a[len(side) :]), int(b[len(side) :])
                if side == "peak" and (k in (-1, 0, 1) or m in (-1, 0, 1)):
                    continue
                step = 1 / (_STEP_SD**2 * (m - k) / 2)
                out[i, i] += step
                out[i + 1, i + 1] += step
                out[i, i + 1] -= step
                out[i + 1, i] -= step
    return out


def _sd(label: str) -> float:
    if label.startswith("peak"):
        return max(_PEAK_SD * 0.75 ** abs(int(label[4:])), 0.2)
    if label.startswith(("before", "after")):
        return _AROUND_SD
    return _OPENING_SD if "opening" in label else _PHASE_SD
