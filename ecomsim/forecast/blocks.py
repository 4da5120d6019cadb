"""Residual blocks: which past days stand behind which future days, the same for every series."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.streams import uniforms

__all__ = ["block_days", "residuals"]

Floats: TypeAlias = NDArray[np.float64]


def block_days(
    known: int, ahead: int, paths: int, seed: int, *, block_days: int, memory_days: int
) -> NDArray[np.int64]:
    """Return (paths, ahead) positions of past days drawn in blocks that keep weekdays and lie in recent memory.

    As every series takes the SAME days, what moved together in the past moves together on every path, and
    leaves add up to their parents.

    Parameters
    ----------
    known : days of history
    block_days : length of a block; shorter where history is
    memory_days : how far back blocks may reach
    """
    first = max(0, known - memory_days)
    length = max(1, min(block_days, (known - first) // 2))
    out = np.empty((paths, ahead), np.int64)
    for number, start in enumerate(range(0, ahead, length)):
        choices = np.arange(first, known - length + 1)
        same = choices[(choices - known - start) % 7 == 0]
        choices = same if len(same) else choices
        u = uniforms(seed, 0, paths, "forecast.block", day=number)
        stop = min(start + length, ahead)
        out[:, start:stop] = choices[(u * len(choices)).astype(np.int64)][:, None] + np.arange(stop - start)
    return out


def residuals(values: Floats, expected: Floats, weights: Floats, memory_days: int) -> Floats:
    """Return (S, T) ratios of values over what was expected the day before, of mean 1 over recent memory.

    Days that do not count take the ratio of the nearest earlier or later week's same weekday that does.
    """
    ratio = values / np.maximum(expected, 1e-9)
    missing = weights <= 0
    short = missing.any(axis=1)
    if short.any():
        ratio[short] = _borrowed(ratio[short], missing[short])
    recent = slice(max(0, values.shape[1] - memory_days), None)
    mean = np.maximum(ratio[:, recent].mean(axis=1, keepdims=True), 1e-9)
    return np.asarray(ratio / mean)


def _borrowed(ratio: Floats, missing: NDArray[np.bool_]) -> Floats:
    """Fill missing days backwards, then forwards, by whole weeks; with 1 where a series knows no such day."""
    series, days = ratio.shape
    weeks = -(-days // 7)
    out = np.full((series, weeks * 7), np.nan)
    out[:, :days] = np.where(missing, np.nan, ratio)
    out = out.reshape(series, weeks, 7)
    for week in range(weeks - 2, -1, -1):
        out[:, week] = np.where(np.isnan(out[:, week]), out[:, week + 1], out[:, week])
    for week in range(1, weeks):
        out[:, week] = np.where(np.isnan(out[:, week]), out[:, week - 1], out[:, week])
    return np.nan_to_num(out.reshape(series, -1)[:, :days], nan=1.0)
