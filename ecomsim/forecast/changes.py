"""What a lever does to the days ahead: factors on the expected value of chosen series and days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError, require_name, require_number

__all__ = ["BASES", "Change", "factors"]

Floats: TypeAlias = NDArray[np.float64]

BASES = ("assumed", "estimated")


@dataclass(frozen=True, eq=False)
class Change:
    """One lever's effect on the days ahead.

    Attributes
    ----------
    name : shown to the user
    factor : above 0; a number, one for each path (R,) where the effect itself is uncertain, or (S, R) where every
        series has its own
    start, end : days it acts on, both included; None is the horizon's own
    leaves : series it acts on; None is all
    basis : 'assumed' or 'estimated': where the factor comes from
    source : more of that in words, told with the forecast

    Examples
    --------
    >>> Change("ad budget up", 1.08, basis="assumed").factor
    1.08
    """

    name: str
    factor: float | Floats
    start: dt.date | None = None
    end: dt.date | None = None
    leaves: tuple[str, ...] | None = None
    basis: str = "assumed"
    source: str = ""

    def __post_init__(self) -> None:
        require_name(self.basis, BASES, f"changes.{self.name}.basis", "basis")
        for value in np.ravel(self.factor):
            require_number(float(value), f"changes.{self.name}.factor", low=0.0, open_low=True)

    def on(self, horizon: Horizon) -> NDArray[np.bool_]:
        """Return on which days of the horizon it acts."""
        place = horizon.slice_of(self.start, self.end)
        out = np.zeros(horizon.days, bool)
        out[place] = True
        return out


def factors(
    change: Change, ids: Sequence[str], horizon: Horizon, paths: int
) -> tuple[NDArray[np.bool_], Floats]:
    """Return which series a change acts on, and its factors on them: (R or 1, H), or (S, R, H) of its own each."""
    if change.leaves is not None:
        for name in change.leaves:
            require_name(name, ids, f"changes.{change.name}.leaves", "series")
    chosen = np.ones(len(ids), bool) if change.leaves is None else np.isin(np.array(ids), change.leaves)
    factor = np.atleast_1d(np.asarray(change.factor, float))
    if factor.shape not in ((1,), (paths,), (len(ids), paths)):
        raise EcomsimError(
            f"changes.{change.name}.factor", f"shape {factor.shape}",
            f"a number, {paths} of them, or {len(ids)} x {paths}", "Give one for each path",
        )  # fmt: skip
    factor = factor[chosen] if factor.ndim == 2 else factor
    return chosen, np.where(change.on(horizon), factor[..., None], 1.0)
