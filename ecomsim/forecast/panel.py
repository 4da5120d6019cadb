"""Clean history as the forecaster reads it: leaf series on consecutive days, and the groups they add up to."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from ecomsim.calendar import parse_date
from ecomsim.checks import EcomsimError, require_name

__all__ = ["Panel"]

_DAY = dt.timedelta(days=1)
TOTAL = "total"


@dataclass(frozen=True, eq=False)
class Panel:
    """Daily leaf series of one metric; every parent is a sum of leaves, so levels always add up.

    Parameters
    ----------
    metric : id of the metric, e.g. 'gmv'
    dates : consecutive days (T)
    ids : names of the leaf series (S)
    values : (S, T) in the metric's unit, finite and not negative
    levels : {level: (S,) group of each leaf}, groups numbered from 0; 'total' is added if it is not there
    level_names : {level: names of its groups}
    notes : what was done to the data, told to the user
    observed : (S, T) False where the value stands in for a day that teaches nothing (closed, or not recorded);
        default all True

    Raises
    ------
    EcomsimError
        For shapes that do not fit, days that are not consecutive, a value that is missing or negative.

    Examples
    --------
    >>> import datetime as dt, numpy as np
    >>> days = tuple(dt.date(2026, 11, 1) + dt.timedelta(days=i) for i in range(3))
    >>> panel = Panel("gmv", days, ("search", "live"), np.array([[1.0, 2, 3], [4, 5, 6]]))
    >>> panel.at("total")[1].tolist()
    [[5.0, 7.0, 9.0]]
    """

    metric: str
    dates: tuple[dt.date, ...]
    ids: tuple[str, ...]
    values: NDArray[np.float64]
    levels: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)
    level_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    observed: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        values = np.ascontiguousarray(self.values, dtype=np.float64)
        shape = (len(self.ids), len(self.dates))
        if values.shape != shape or 0 in shape:
            raise EcomsimError(
                "panel.values", f"an array of shape {values.shape}", f"{shape}: ids by days", "Transpose it"
            )
        _consecutive(self.dates)
        if len(set(self.ids)) < len(self.ids):
            twice = next(name for name in self.ids if self.ids.count(name) > 1)
            raise EcomsimError("panel.ids", f"'{twice}' twice", "each series once", "Add the two up")
        faulty = ~(values >= 0) | np.isinf(values)
        if faulty.any():
            s, t = (int(i[0]) for i in np.nonzero(faulty))
            raise EcomsimError(
                f"panel.values of '{self.ids[s]}' on {self.dates[t]}", f"{values[s, t]:g}",
                "a number of at least 0", "Clean the history with ecomsim.forecast.panel_of",
            )  # fmt: skip
        values.flags.writeable = False
        if self.observed is not None and np.shape(self.observed) != shape:
            raise EcomsimError("panel.observed", f"shape {np.shape(self.observed)}", f"shape {shape}", "")
        levels = {TOTAL: np.zeros(len(self.ids), np.int64)} | {
            name: np.asarray(group, np.int64) for name, group in self.levels.items()
        }
        names = {TOTAL: (TOTAL,)} | {name: tuple(group) for name, group in self.level_names.items()}
        for name, group in levels.items():
            known = names.get(name, ())
            if group.shape != (len(self.ids),) or set(group.tolist()) != set(range(len(known))):
                raise EcomsimError(
                    f"panel.levels.{name}", f"groups {sorted(set(group.tolist()))[:8]} of {len(group)} leaves",
                    f"one of 0 to {len(known) - 1} for each of {len(self.ids)} leaves, all named",
                    "Give level_names with every group that has a leaf",
                )  # fmt: skip
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "levels", MappingProxyType(levels))
        object.__setattr__(self, "level_names", MappingProxyType({k: names[k] for k in levels}))

    @property
    def start(self) -> dt.date:
        """First day."""
        return self.dates[0]

    @property
    def end(self) -> dt.date:
        """Last day."""
        return self.dates[-1]

    @property
    def days(self) -> int:
        """Number of days."""
        return len(self.dates)

    def at(self, level: str) -> tuple[tuple[str, ...], NDArray[np.float64]]:
        """Return the names and the (groups, T) values of a level; 'leaf' gives the leaves themselves."""
        if level == "leaf":
            return self.ids, self.values
        require_name(level, [*self.levels, "leaf"], "panel.level", "level")
        return self.level_names[level], self.sums(level, self.values)

    def sums(self, level: str, leaves: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return leaf arrays (S, ...) added up by the groups of a level, in float64."""
        names = self.level_names[level]
        out = np.zeros((len(names), *leaves.shape[1:]))
        np.add.at(out, self.levels[level], leaves)
        return out

    def until(self, day: dt.date | str) -> Panel:
        """Return the panel as it was known at the end of `day`."""
        last = parse_date(day, "as_of")
        if not self.start <= last <= self.end:
            raise EcomsimError(
                "as_of", str(last), f"a day from {self.start} to {self.end}", "Choose a day inside the data"
            )
        keep = (last - self.start).days + 1
        seen = None if self.observed is None else self.observed[:, :keep]
        return replace(self, dates=self.dates[:keep], values=self.values[:, :keep], observed=seen)

    def __repr__(self) -> str:
        levels = ", ".join(f"{name} {len(names)}" for name, names in self.level_names.items())
        return f"Panel({self.metric}: {len(self.ids)} series, {self.start} to {self.end}; {levels})"


def _consecutive(dates: tuple[dt.date, ...]) -> None:
    for before, after in itertools.pairwise(dates):
        if after - before != _DAY:
            raise EcomsimError(
                f"panel.dates after {before}", str(after), str(before + _DAY), "Give every day once, in order"
            )
