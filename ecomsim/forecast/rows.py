"""Values by series and day as they were found, before gaps are looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = ["Rows"]


@dataclass(frozen=True, eq=False)
class Rows:
    """What a table said.

    Attributes
    ----------
    ids : series (S)
    dates : every day from the first to the last (T)
    values : (S, T), NaN where there was no row
    levels : {level: group of each series}
    notes : told to the user
    missing : what days without a row mean in this table, where its format says so
    """

    ids: tuple[str, ...]
    dates: tuple[dt.date, ...]
    values: NDArray[np.float64]
    levels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    missing: str | None = None
