"""Columns of the calendar for regressions: weekdays, the year's harmonics, days of the month."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["contrasts", "season_columns", "weekday_columns"]


def contrasts(count: int) -> NDArray[np.float64]:
    """Return a (count, count - 1) basis of the vectors that sum to zero, with equal prior for every level.

    Examples
    --------
    >>> basis = contrasts(7)
    >>> basis.shape, bool(abs(basis.sum(axis=0)).max() < 1e-12)
    ((7, 6), True)
    """
    centred = np.eye(count) - 1 / count
    vectors, values, _ = np.linalg.svd(centred)
    return np.asarray(vectors[:, : count - 1] * values[: count - 1])


_WEEK = contrasts(7)


def weekday_columns(weekday: ArrayLike) -> NDArray[np.float64]:
    """Return (n, 6) weekday contrasts of days given as Monday 0 to Sunday 6."""
    return np.asarray(_WEEK[np.asarray(weekday)])


def season_columns(day_of_year: ArrayLike, harmonics: int = 2) -> NDArray[np.float64]:
    """Return (n, 2 harmonics): cosine and sine of each harmonic of the year.

    Examples
    --------
    >>> season_columns([365.25]).round(6) + 0.0
    array([[1., 0., 1., 0.]])
    """
    angle = 2 * np.pi * np.asarray(day_of_year, float) / 365.25
    waves = [wave(k * angle) for k in range(1, harmonics + 1) for wave in (np.cos, np.sin)]
    return np.stack(waves, axis=1)
