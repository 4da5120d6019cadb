"""The store's numbers as arrays: one draw of every uncertain number a replication, one value a day where it changes.

Draws come by inversion from a stream named after the number's path (or its joint posterior), tied together by the
store's correlations; dated changes (overlays) act on the days they name. Replications are always computed in whole
blocks of 64, so a number's bits do not depend on how many were asked for.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError
from ecomsim.drawn import BLOCK, Draws, Kept, tied_uniforms
from ecomsim.store import Overlay, Store
from ecomsim.streams import check_seed
from ecomsim.uncertain import Linear, Number, Uncertain, mean_of

__all__ = ["BLOCK", "Parameters", "bits", "pack"]

Floats: TypeAlias = NDArray[np.float64]
Singles: TypeAlias = NDArray[np.float32]

_T = TypeVar("_T")


class Parameters:
    """Access to a store's numbers for `count` replications from `first` over a horizon.

    Parameters
    ----------
    store, horizon : what is simulated, and when
    seed : seed of the parameter draws
    first, count : replications; both are widened to whole blocks of 64
    draws : what to share between scenarios
    means : take every uncertain number at its mean (count is then 1)

    Attributes
    ----------
    store : the store; it notes what is read of it, so that `once` knows what its results rest on

    Examples
    --------
    >>> from ecomsim.store import Channel, Product
    >>> from ecomsim.uncertain import Beta
    >>> shop = Store("s", {"a": Channel("a", 100.0, Beta(30, 970), 0.2)}, {"x": Product("x", 20.0, 9.0)})
    >>> p = Parameters(shop, Horizon.month("2026-11"), 7, 0, 100)
    >>> p.at("channels.a.base"), p.at("channels.a.p_silent").shape, p.daily("channels.a.base").shape
    (100.0, (128,), (30,))
    """

    def __init__(
        self,
        store: Store,
        horizon: Horizon,
        seed: int,
        first: int,
        count: int,
        *,
        draws: Draws | None = None,
        means: bool = False,
    ) -> None:
        self._draws = draws or Draws()
        self._world = self._draws.world(store)
        self.store = self._world.watched()
        self.horizon = horizon
        self.seed = check_seed(seed)
        self.first = first - first % BLOCK
        self.count = 1 if means else -(-(first + count - self.first) // BLOCK) * BLOCK
        self.means = means
        self._tied = sorted({path for pair in store.correlations for path in pair})
        self._made: dict[Hashable, Kept] = {}
        self._ahead: dict[int, Parameters] = {}

    @property
    def days(self) -> int:
        """Days of the horizon."""
        return self.horizon.days

    def average(self, extra_days: int = 0) -> Parameters:
        """Return the same store at the mean of every number, `extra_days` further ahead."""
        if extra_days not in self._ahead:
            other = copy.copy(self)
            other.horizon, other.first, other.count = self.horizon.beyond(extra_days), 0, 1
            other.means, other._made, other._ahead = True, {}, {}
            self._ahead[extra_days] = other
        return self._ahead[extra_days]

    def apart(self) -> Parameters:
        """Return the same with the plain store and nothing shared: for stages whose authors promise nothing."""
        draws = self._draws.apart()
        other = Parameters(self._world.store, self.horizon, self.seed, self.first, self.count, draws=draws)
        other.store = self._world.store
        return other

    def once(self, name: Hashable, make: Callable[[], _T]) -> _T:
        """Return what `make` returned the first time `name` was asked for, here or in a world that does not differ.

        `make` must read the store through these parameters alone; what it read is what its result is kept for. Its
        result is shared: never write into it.
        """
        kept = self._made.get(name)
        if kept is None:
            key = (name, self.horizon, self.seed, self.first, self.count, self.means)
            kept = self._made[name] = self._draws.result(key, self._world, make)
        self._world.paths |= kept.readings
        found: _T = kept.value
        return found

    def at(self, path: str, value: Number | None = None) -> float | Floats:
        """Return the number at `path`: a float, or an array (count,) of draws when it is uncertain.

        `value` saves the look-up when the caller already holds what stands at `path`.

        Raises
        ------
        EcomsimError
            If a dated change names this path: it is read once, not day by day.
        """
        if self._world.dated(path):
            raise EcomsimError(
                path, "a dated change", "a dated change of a number that may change by day",
                "Change it for the whole horizon, without dates",
            )  # fmt: skip
        return self._draw(path, self._value(path) if value is None else value)

    def daily(
        self, path: str, value: Number | None = None, plan: Mapping[str, Number] | None = None
    ) -> Floats:
        """Return the number at `path` for every day: (D,), or (D, count) when it is uncertain.

        Parameters
        ----------
        plan : {ISO date: value} of single days, applied before the dated changes
        """
        out = self._every_day(path, value)
        if plan:
            out = out.copy()
            for day, number in plan.items():
                if (day_at := self.day_of(day)) is not None:
                    out[day_at] = mean_of(number)
        return self._changed_on_days(path, out)

    def _every_day(self, path: str, value: Number | None) -> Floats:
        base = self._draw(path, self._value(path) if value is None else value)
        if isinstance(base, float):
            return np.full(self.days, base)  # far cheaper than a broadcast, and there are hundreds
        return np.broadcast_to(base, (self.days, *base.shape))

    def _changed_on_days(self, path: str, out: Floats) -> Floats:
        if dated := self.dated(path):
            out = out.copy()
            for overlay, days in dated:
                if overlay.how == "set":
                    out[days] = overlay.value
                elif overlay.how == "scale":
                    out[days] = out[days] * overlay.value
                else:
                    out[days] = out[days] + overlay.value
        return out

    def steps(self, path: str, value: Number, plan: Mapping[str, Number]) -> Floats:
        """Return `daily` where `plan` holds the value from each ISO date ON, not of single days."""
        out = self._every_day(path, value).copy()
        for day in sorted(plan):
            start = (dt.date.fromisoformat(day) - self.horizon.start).days
            out[max(start, 0) :] = mean_of(plan[day])
        return self._changed_on_days(path, out)

    def column(self, group: str, field: str) -> Floats:
        """Return one field of every part of a group, e.g. ("products", "cost"): (N,), or (N, count) if uncertain."""
        return self.once(("column", group, field), lambda: self._column(group, field))

    def _column(self, group: str, field: str) -> Floats:
        raw, dated = self._world.column(group, field)
        if not dated and not any(isinstance(value, Uncertain) for value in raw):
            return np.array(raw, dtype=np.float64)
        paths = [f"{group}.{name}.{field}" for name in getattr(self.store, group)]
        read = self.at if dated else self._draw
        return stack([read(path, value) for path, value in zip(paths, raw, strict=True)])

    def values(self, group: str, field: str) -> list[Any]:
        """Return what stands in one field of every part of a group, as it is."""
        return self._world.column(group, field)[0]

    def dated_parts(self, group: str, field: str) -> list[int]:
        """Return the positions of the parts whose `field` a dated change names."""
        return self._world.column(group, field)[1]

    def plain(self, group: str, field: str, dated: set[int]) -> Floats:
        """Return `column` where parts numbered in `dated`, which a plan sets day by day, keep the store's own value."""
        raw, changes = self._world.column(group, field)
        if not changes:
            return self.column(group, field)
        paths = [f"{group}.{name}.{field}" for name in getattr(self.store, group)]
        return stack(
            [
                self._draw(path, value) if i in dated else self.at(path, value)
                for i, (path, value) in enumerate(zip(paths, raw, strict=True))
            ]
        )

    def mean_column(self, group: str, field: str) -> Floats:
        """Return the mean of one field of every part of a group, (N,), dated changes apart."""
        return self.once(
            ("means", group, field),
            lambda: np.array([mean_of(value) for value in self._world.column(group, field)[0]], np.float64),
        )

    def dated(self, path: str) -> list[tuple[Overlay, slice]]:
        """Return the dated changes of the number at `path`, in order, each with the days it acts on."""
        return [(overlay, self._span(overlay)) for overlay in self._world.dated(path)]

    def changes(self, prefix: str) -> list[str]:
        """Return the paths at or below `prefix` that a dated change names."""
        return self._world.below(prefix)

    def _value(self, path: str) -> Number:
        from ecomsim.store.paths import locate

        place = locate(self._world.store, path)
        names = place.path.split(".")
        self._world.paths.update(".".join(names[:n]) for n in range(1, len(names) + 1))
        found: Number = place.value
        return found

    def _draw(self, path: str, value: Number) -> float | Floats:
        if not isinstance(value, Uncertain):
            return float(value)
        if self.means:
            return value.mean
        if type(value) is Linear:  # a scenario's scaled number: the draws of what it was are known
            return np.asarray(value.factor * self._draw(path, value.base) + value.offset)
        self._world.paths.add("correlations")
        key = (path, self.seed, self.first, self.count)
        if path in self._tied:
            pairs = self._world.store.correlations
            key = (f"{path} tied by {sorted(pairs.items())}", *key[1:])
            return self._draws.of(key, value, lambda: value.ppf(tied_uniforms(path, pairs, *key[1:])))
        name = f"parameter:{value.group or path}"
        stream = (name, self.seed, self.first, self.count)
        return self._draws.of(key, value, lambda: value.ppf(self._draws.uniforms(*stream)))

    def day_of(self, day: str) -> int | None:
        """Return the position of an ISO date in the horizon, or None outside."""
        at = (dt.date.fromisoformat(day) - self.horizon.start).days
        return at if 0 <= at < self.days else None

    def _span(self, overlay: Overlay) -> slice:
        start = 0 if overlay.start is None else (overlay.start - self.horizon.start).days
        stop = self.days if overlay.end is None else (overlay.end - self.horizon.start).days + 1
        return slice(max(start, 0), max(stop, 0))


def stack(values: Sequence[float | Floats]) -> Floats:
    """Return numbers and (count,) draws as (N,), or (N, count) if any is drawn."""
    arrays = [np.asarray(value, dtype=np.float64) for value in values]
    return np.stack(np.broadcast_arrays(*arrays)) if arrays else np.zeros(0)


def pack(rows: Sequence[Any], days: int) -> Singles:
    """Return day-by-day rows as one float32 array (D or 1, rows, count or 1) for a kernel.

    Each row is a float, (count,) draws marked by a leading axis of 1, (D,) or (D, count). An axis nothing varies on has
    length 1, so a certain store costs neither memory nor time.
    """
    arrays = []
    for row in rows:
        array = np.asarray(row, dtype=np.float64)
        if array.ndim == 0:
            array = array.reshape(1, 1)
        elif array.ndim == 1:
            array = array.reshape(-1, 1)
        if array.shape[0] == days and days > 1 and (array.strides[0] == 0 or (array[1:] == array[:1]).all()):
            array = array[:1]
        arrays.append(array)
    deep = max(array.shape[0] for array in arrays)
    wide = max(array.shape[1] for array in arrays)
    out = np.empty((deep, len(arrays), wide), np.float32)
    for i, array in enumerate(arrays):
        out[:, i, :] = array
    return out


def bits(array: NDArray[Any]) -> NDArray[Any]:
    """Return the array's bytes as integers, so that comparing tells -0 from 0 and finds NaN equal to itself."""
    kind = {4: np.uint32, 8: np.uint64, 1: np.uint8, 2: np.uint16}[array.dtype.itemsize]
    return np.ascontiguousarray(array).view(kind)
