"""What a roster has to cover: people needed in every slot of some days."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ecomsim.calendar import parse_date
from ecomsim.checks import EcomsimError, require_number
from ecomsim.staffing.window import Window, clock

__all__ = ["Agents", "Need", "need_from_rows", "people"]

Agents: TypeAlias = NDArray[np.int64]

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def people(values: ArrayLike, where: str, shape: tuple[int, ...] | None = None) -> Agents:
    """Return whole, non-negative numbers of people as a read-only array, or raise naming the first bad one."""
    array = np.asarray(values)
    if array.dtype.kind not in "biuf":
        raise EcomsimError(where, str(array.dtype), "whole numbers of people", "Remove what is not a number")
    if shape is not None and array.shape != shape:
        raise EcomsimError(where, f"shape {array.shape}", f"shape {shape} (days, slots)")
    bad = ~np.isfinite(array) | (array < 0) | (array != np.floor(array))
    if bad.any():
        index = tuple(int(i) for i in np.argwhere(bad)[0])
        raise EcomsimError(
            f"{where}[{', '.join(map(str, index))}]",
            f"{array[index]}",
            "a whole number of people, 0 or more",
            "Round up, and write 0 where nobody is needed",
        )
    out = array.astype(np.int64)
    out.setflags(write=False)
    return out


@dataclass(frozen=True, eq=False)
class Need:
    """People needed AT THE DESK by day and slot; whoever is on a break is not there.

    A roster covers a need where its `on_duty` array (same shape, breaks taken off) is nowhere below `agents`.

    Parameters
    ----------
    days : tuple of date
        Business days, rising, without duplicates; they need not be consecutive.
    window : Window
        Opening hours of every day; a slot past midnight belongs to the day the desk opened.
    slot_minutes : int
        15 or 30.
    agents : (days, slots) int array
        People needed.
    skill : str
        The class of work or the skill asked for, e.g. "presale".
    within_s : float or None
        The promise: first answer within so many seconds ...
    share : float or None
        ... for this share of contacts ...
    confidence : float or None
        ... on this share of days.

    Examples
    --------
    >>> need = Need((dt.date(2026, 11, 9),), Window.of("09:00-11:00"), 30, [[2, 3, 3, 1]])
    >>> need.hours, need.peak, need.slot_name(0, 1)
    (4.5, 3, 'Mon 2026-11-09 09:30')
    """

    days: tuple[dt.date, ...]
    window: Window
    slot_minutes: int
    agents: Agents
    skill: str = "all"
    within_s: float | None = None
    share: float | None = None
    confidence: float | None = None

    def __post_init__(self) -> None:
        days = tuple(parse_date(day, f"need.days[{i}]") for i, day in enumerate(self.days))
        if not days:
            raise EcomsimError("need.days", "no day", "at least one day")
        for before, day in itertools.pairwise(days):
            if day <= before:
                what = f"{day} twice" if day == before else f"{day} after {before}"
                raise EcomsimError(
                    "need.days", what, "days rising, each once", "Sort them and drop the double"
                )
        object.__setattr__(self, "days", days)
        shape = (len(days), self.window.slots(self.slot_minutes))
        object.__setattr__(self, "agents", people(self.agents, "need.agents", shape))
        if self.within_s is not None:
            require_number(self.within_s, "need.within_s", low=0, unit="seconds")
        for name in ("share", "confidence"):
            if (value := getattr(self, name)) is not None:
                require_number(value, f"need.{name}", low=0, high=1)

    @property
    def slots(self) -> int:
        """Slots a day."""
        return int(self.agents.shape[1])

    @property
    def hours(self) -> float:
        """Agent hours asked for in all."""
        return float(self.agents.sum()) * self.slot_minutes / 60

    @property
    def peak(self) -> int:
        """People needed in the fullest slot."""
        return int(self.agents.max())

    @property
    def labels(self) -> tuple[str, ...]:
        """Start of every slot as HH:MM."""
        return self.window.labels(self.slot_minutes)

    @property
    def starts(self) -> NDArray[np.datetime64]:
        """Start of every slot, (days, slots) datetime64[m]; slots past midnight carry the next date."""
        minutes = self.window.opens_min + np.arange(self.slots) * self.slot_minutes
        days = np.array(self.days, dtype="datetime64[D]").astype("datetime64[m]")
        return np.asarray(days[:, None] + minutes.astype("timedelta64[m]")[None, :])

    def slot_name(self, day: int, slot: int) -> str:
        """Return the weekday, date and clock time of one slot, as messages name it; the date is the slot's own."""
        start = self.window.opens_min + slot * self.slot_minutes
        date = self.days[day] + dt.timedelta(minutes=start)
        return f"{_WEEKDAYS[date.weekday()]} {date} {self.labels[slot]}"

    def shortfall(self, on_duty: ArrayLike) -> Agents:
        """Return people missing by day and slot when `on_duty` (same shape) are there."""
        there = people(on_duty, "on_duty", self.agents.shape)
        return np.asarray(np.maximum(self.agents - there, 0))

    def with_agents(self, agents: ArrayLike) -> Need:
        """Return the same days and promise with another number of people."""
        return replace(self, agents=np.asarray(agents))

    def frame(self) -> pd.DataFrame:
        """Return one row a slot: day, start (timestamp), slot (HH:MM), agents."""
        return pd.DataFrame(
            {
                "day": np.repeat(np.array(self.days, dtype="datetime64[D]"), self.slots),
                "start": self.starts.ravel(),
                "slot": np.tile(np.array(self.labels), len(self.days)),
                "agents": self.agents.ravel(),
            }
        )


def need_from_rows(
    rows: Iterable[Sequence[Any]], window: Window, slot_minutes: int = 30, skill: str = "all"
) -> Need:
    """Return the need written as rows (start, agents): every slot of every day once, none missing.

    Parameters
    ----------
    rows : iterable of (datetime or text, number)
        Start of the slot and people needed. Order does not matter.

    Raises
    ------
    EcomsimError
        For a slot given twice, a slot missing between others, and starts off the grid or outside the window.

    Examples
    --------
    >>> rows = [("2026-11-09 09:00", 2), ("2026-11-09 09:30", 3)]
    >>> need_from_rows(rows, Window.of("09:00-10:00")).agents.tolist()
    [[2, 3]]
    """
    slots = window.slots(slot_minutes)
    found: dict[tuple[dt.date, int], float] = {}
    for i, row in enumerate(rows):
        try:
            start = pd.Timestamp(row[0])
            agents = float(row[1])
        except (TypeError, ValueError, IndexError):
            raise EcomsimError(f"row {i}", repr(row)[:60], "a start and a number of people") from None
        if pd.isna(start):
            raise EcomsimError(f"row {i}", "no start", "a start as YYYY-MM-DD HH:MM")
        day, slot = _place(start, window, slot_minutes, slots)
        if (day, slot) in found:
            raise EcomsimError(
                f"row {i}", f"{start:%Y-%m-%d %H:%M} a second time", "every slot once", "Drop one of the rows"
            )
        found[day, slot] = agents
    days = sorted({day for day, _ in found})
    for day in days:
        for slot in range(slots):
            if (day, slot) not in found:
                at = clock((window.opens_min + slot * slot_minutes) % (24 * 60))
                raise EcomsimError(
                    f"{day} {at}", "no row", "every slot of the window", "Write 0 where nobody is needed"
                )
    grid = [[found[day, slot] for slot in range(slots)] for day in days]
    return Need(tuple(days), window, slot_minutes, np.array(grid), skill)


def _place(start: pd.Timestamp, window: Window, slot_minutes: int, slots: int) -> tuple[dt.date, int]:
    minute = start.hour * 60 + start.minute
    day = start.date()
    if minute < window.opens_min:  # only a desk open past midnight reaches there
        minute += 24 * 60
        day -= dt.timedelta(days=1)
    slot, off = divmod(minute - window.opens_min, slot_minutes)
    if off or start.second or start.microsecond:
        raise EcomsimError(
            f"{start}", "a start off the grid", f"starts every {slot_minutes} minutes", "Round the times"
        )
    if slot >= slots:
        raise EcomsimError(f"{start:%Y-%m-%d %H:%M}", "a slot while the desk is closed", f"slots of {window}")
    return day, slot
