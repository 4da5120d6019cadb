"""Calibrated totals on coherent paths: every level gets its own spread, and children still add up exactly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.forecast.drawn import Sample
from ecomsim.forecast.totals import Totals

__all__ = ["calibrated_sample"]

Floats: TypeAlias = NDArray[np.float64]


def calibrated_sample(drawn: Sample, totals: Totals) -> Sample:
    """Return the paths with each calendar month's total calibrated, from the top down.

    The total's draws are stretched; then each level's groups, scaled on every path so that they add up to
    the total; then the leaves within the finest level's groups. The total keeps its days' pattern within a
    month on every path: only how high the month runs is changed.

    Parameters
    ----------
    drawn : raw paths
    totals : corrections by level; leaves take those of 'leaf'
    """
    paths = drawn.paths.copy()
    levels = sorted(drawn.panel.levels, key=lambda level: len(drawn.panel.level_names[level]))
    for days, ahead in _months(drawn):
        raw = drawn.paths[:, :, days].sum(axis=2, dtype=np.float64)
        wanted = _from_the_top(drawn, totals, raw, levels, ahead)
        with np.errstate(invalid="ignore", divide="ignore"):
            factor = np.where(raw > 0, wanted / raw, 1.0)
        whole = drawn.paths[:, :, days].sum(axis=0, dtype=np.float64)
        paths[:, :, days] *= factor[:, :, None].astype(np.float32)
        # leaves with other days weigh otherwise now; the days of the whole keep their pattern all the same
        moved = paths[:, :, days].sum(axis=0, dtype=np.float64)
        kept = whole * (wanted.sum(axis=0) / np.maximum(raw.sum(axis=0), 1e-12))[:, None]
        both = (moved > 0) & (kept > 0)
        paths[:, :, days] *= np.divide(kept, moved, out=np.ones_like(moved), where=both).astype(np.float32)
    return replace(drawn, paths=paths)


def _months(drawn: Sample) -> list[tuple[slice, int]]:
    """Return each calendar month's days and how many days ahead its last one is."""
    out = []
    for month in drawn.horizon.months:
        at = [i for i, day in enumerate(drawn.horizon.dates) if f"{day:%Y-%m}" == month]
        last: dt.date = drawn.horizon.dates[at[-1]]
        out.append((slice(at[0], at[-1] + 1), (last - drawn.panel.end).days))
    return out


def _from_the_top(drawn: Sample, totals: Totals, raw: Floats, levels: Sequence[str], ahead: int) -> Floats:
    """Return the wanted totals (S, R) of the leaves."""
    panel = drawn.panel
    everything = np.zeros(len(panel.ids), np.int64)
    parent, target = everything, totals.at("total", ahead).apply(raw.sum(axis=0))[None]
    for level in levels:
        if level == "total":
            continue
        group = panel.levels[level]
        sums = panel.sums(level, raw)
        wanted = totals.at(level, ahead).apply(sums)
        # groups of a level add up to the total on every path
        share = wanted / np.maximum(wanted.sum(axis=0), 1e-12)
        parent, target = group, share * totals.at("total", ahead).apply(raw.sum(axis=0))
    if len(panel.ids) == 1:
        return target
    wanted = totals.at("leaf", ahead).apply(raw)
    within = np.zeros_like(target)
    np.add.at(within, parent, wanted)
    return np.asarray(wanted * (target / np.maximum(within, 1e-12))[parent])
