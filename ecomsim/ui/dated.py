"""A lever on some days only: its value, its days, and the dated changes it stands for."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from ecomsim.calendar import Horizon, parse_date
from ecomsim.checks import EcomsimError, require_name, require_number
from ecomsim.scenario import Change, Scale, Set, Shift
from ecomsim.scenario.apply import may_be_dated
from ecomsim.ui.levers import Catalogue, Kind, Lever

__all__ = ["Dated", "datable", "dated_of", "together"]

_YEAR = 366


@dataclass(frozen=True)
class Dated:
    """A lever moved on some days.

    Attributes
    ----------
    lever : its id
    value : a factor when `relative`, else the level it stands at on those days
    relative : whether the value multiplies what stands there
    first, last : days it acts on, both included; None is open
    """

    lever: str
    value: float
    relative: bool
    first: dt.date | None
    last: dt.date | None

    @classmethod
    def typed(
        cls, levers: Catalogue, horizon: Horizon, id: object, raw: object, first: object, last: object,
        *, relative: bool | None = None,
    ) -> Dated:  # fmt: skip
        """Return what was typed in: percent of a relative change or of a share, else the level itself.

        Parameters
        ----------
        levers, horizon : what may be moved, and the days that are planned
        id, raw, first, last : as they come from the browser
        relative : whether `raw` is a change in percent; default by the kind of lever

        Raises
        ------
        EcomsimError
            For a lever that cannot be moved on single days, a value out of its bounds, days out of order, and days
            none of which is planned.
        """
        require_name(str(id), [one.id for one in datable(levers)], "lever", "lever")
        lever = levers[id]
        is_relative = lever.kind is not Kind.SET if relative is None else relative
        low, high = _bounds(lever, is_relative)
        points = is_relative or lever.unit == "share"
        off = 1.0 if is_relative else 0.0
        scale = 100.0 if points else 1.0
        where = f"{lever.id}.value"
        number = require_number(
            raw, where, low=round((low - off) * scale, 6), high=round((high - off) * scale, 6),
            unit="%" if points else lever.unit,
        )  # fmt: skip
        value = round(number / scale + off, 8)
        if is_relative and math.isclose(value, 1.0):
            raise EcomsimError(where, "0", "a change", "Enter by how much, e.g. 20 or -10")
        start = parse_date(first, f"{lever.id}.start") if first is not None else None
        end = parse_date(last, f"{lever.id}.end") if last is not None else None
        if start is None and end is None:
            raise EcomsimError(
                f"{lever.id}.start", "no day", "a first day, a last day or both", "Choose a day"
            )
        if start and end and end < start:
            raise EcomsimError(
                f"{lever.id}.end", str(end), f"{start} or later", "Move the end, or the start back"
            )
        if (start and start > horizon.end) or (end and end < horizon.start):
            raise EcomsimError(
                f"{lever.id}.start", f"{start or '…'} – {end or '…'}", f"days from {horizon.start} to {horizon.end}",
                "Choose days of the month that is planned, or plan another month",
            )  # fmt: skip
        return cls(lever.id, value, is_relative, start, end)

    def shown(self, lever: Lever) -> float:
        """Return the number to type in for this value."""
        if self.relative:
            return round(100 * (self.value - 1), 6)
        return round(100 * self.value, 6) if lever.unit == "share" else self.value

    def changes(self, lever: Lever) -> tuple[Change, ...]:
        """Return the changes of the store."""
        if self.relative:
            return tuple(Scale(path, self.value, start=self.first, end=self.last) for path in lever.paths)
        return tuple(Set(path, self.value, start=self.first, end=self.last) for path in lever.paths)


def datable(levers: Catalogue) -> list[Lever]:
    """Return the levers that may be moved on single days."""
    kinds = (Kind.SCALE, Kind.FACTOR, Kind.SET)
    return [
        one for one in levers.levers.values() if one.kind in kinds and all(may_be_dated(p) for p in one.paths)
    ]


def dated_of(
    pending: Sequence[Change], before: Sequence[Change], levers: Catalogue
) -> tuple[Dated, list[Change]] | None:
    """Return the first pending change as a lever on its days, with all changes it stands for, if a lever can say it.

    Parameters
    ----------
    pending : changes of a scenario from the one that is looked at
    before : changes that no lever can say and that come before it: they will be applied after it
    levers : what may be moved
    """
    first = pending[0]
    if not isinstance(first, (Scale, Set)) or not first.dated:
        return None
    for lever in datable(levers):
        used = together(pending, lever)
        if used is None or any(_crosses(lever, one) for one in before):
            continue
        relative = isinstance(first, Scale)
        value = first.factor if isinstance(first, Scale) else first.value
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            continue
        low, high = _bounds(lever, relative)
        if (relative or lever.kind is Kind.SET) and low - 1e-9 <= value <= high + 1e-9:
            return Dated(lever.id, float(value), relative, *first.days), used
    return None


def together(pending: Sequence[Change], lever: Lever) -> list[Change] | None:
    """Return the changes by which a lever with several paths is moved, the first pending one first, or None."""
    first = pending[0]
    if not lever.paths or getattr(first, "path", "") not in _spellings(lever.paths[0]):
        return None
    used = [first]
    for other in lever.paths[1:]:
        same = [c for c in pending[1:] if getattr(c, "path", "") == other and _like(c, first)]
        if not same:
            return None
        used.append(same[0])
    return used


def _bounds(lever: Lever, relative: bool) -> tuple[float, float]:
    if not relative or lever.kind is Kind.FACTOR:
        return lever.low, lever.high
    return (lever.low / lever.today, lever.high / lever.today) if lever.today else (1.0, 1.0)


def _crosses(lever: Lever, other: Change) -> bool:
    """Whether it might matter that `other` comes before a move of the lever."""
    if not isinstance(other, (Scale, Set, Shift)):
        return any("*" in one for one in lever.paths)
    ends = {one.rsplit(".", 1)[-1] for one in lever.paths}
    return other.path.rsplit(".", 1)[-1] in {*ends, "*"}


def _spellings(path: str) -> set[str]:
    """Return the ways to write a path: driver and policy may be left out."""
    return {path, path.replace(".driver.", "."), path.replace(".policy.", ".")}


def _like(change: Change, other: Change) -> bool:
    one, two = change.plain(), other.plain()
    return type(change) is type(other) and list(one.values())[1:] == list(two.values())[1:]
