"""Contacts expected by slot, and how much the days differ from what is expected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecomsim.calendar import parse_date
from ecomsim.checks import EcomsimError, require_number
from ecomsim.formulas.arrays import Floats, checked
from ecomsim.formulas.mixing import day_to_day_cv
from ecomsim.staffing.window import DAY, Window
from ecomsim.study import Study

__all__ = ["Workload", "workload"]


@dataclass(frozen=True, eq=False)
class Workload:
    """Contacts of one class, by day and slot around the clock.

    Parameters
    ----------
    days : tuple of date
        Consecutive days.
    contacts : (days, slots) array_like
        Contacts expected in each slot from midnight, 48 half-hours or 96 quarters; zero is valid.
    cv : float or (days,) array_like
        Spread of the day's rate around what is expected (gamma), chance arrivals not counted.
    name : str
        The class, e.g. "presale".

    Examples
    --------
    >>> flat = Workload((dt.date(2026, 11, 9),), np.full((1, 48), 30.0))
    >>> flat.slot_minutes, flat.in_window(Window.of("09:00-11:00"), 15).tolist()
    (30, [[15.0, 15.0, 15.0, 15.0, 15.0, 15.0, 15.0, 15.0]])
    """

    days: tuple[dt.date, ...]
    contacts: Floats
    cv: Floats | float = 0.0
    name: str = "presale"

    def __post_init__(self) -> None:
        days = tuple(parse_date(day, f"workload.days[{i}]") for i, day in enumerate(self.days))
        for i, day in enumerate(days):
            if day != days[0] + dt.timedelta(days=i):
                raise EcomsimError(
                    f"workload.days[{i}]", f"{day}", f"{days[0] + dt.timedelta(days=i)}: days one after another",
                    "Fill the gap, with zeros where nothing comes, and drop doubles",
                )  # fmt: skip
        contacts = checked(
            self.contacts, f"workload.{self.name}", low=0, remedy="Contacts are counts, 0 or more"
        )
        if contacts.ndim != 2 or contacts.shape[0] != len(days) or contacts.shape[1] not in (48, 96):
            raise EcomsimError(
                f"workload.{self.name}", f"shape {contacts.shape}", f"({len(days)}, 48) or ({len(days)}, 96)",
                "Give one row a day and a column for every half-hour from midnight",
            )  # fmt: skip
        cv = np.broadcast_to(checked(self.cv, "workload.cv", low=0, high=2), (len(days),)).copy()
        for array in (contacts := contacts.copy(), cv):
            array.setflags(write=False)
        object.__setattr__(self, "days", days)
        object.__setattr__(self, "contacts", contacts)
        object.__setattr__(self, "cv", cv)

    @property
    def slot_minutes(self) -> int:
        """Length of the slots `contacts` is given in."""
        return DAY // int(self.contacts.shape[1])

    @property
    def spread(self) -> Floats:
        """Spread of the rate, (days,)."""
        return np.asarray(self.cv)

    @property
    def daily(self) -> Floats:
        """Contacts a day."""
        return np.asarray(self.contacts.sum(axis=1))

    def scaled(self, factor: float) -> Workload:
        """Return the same days with so many times the contacts."""
        return replace(self, contacts=self.contacts * require_number(factor, "factor", low=0), cv=self.spread)

    def part(self, days: Sequence[int]) -> Workload:
        """Return a run of days by position."""
        index = list(days)
        return replace(
            self,
            days=tuple(self.days[i] for i in index),
            contacts=self.contacts[index],
            cv=self.spread[index],
        )

    def _quarters(self) -> Floats:
        """Contacts a quarter of an hour, all days in a row and the first day once more at the end's end."""
        each = 15 / self.slot_minutes
        rows = np.repeat(self.contacts, self.slot_minutes // 15, axis=1) * each
        return np.concatenate([rows.ravel(), rows[-1]])

    def in_window(self, window: Window, slot_minutes: int = 30) -> Floats:
        """Return contacts while open, (days, slots); after the last midnight that day's own early hours stand in."""
        slots = window.slots(slot_minutes)
        quarters = self._quarters()
        width = slot_minutes // 15
        first = window.opens_min // 15 + np.arange(len(self.days))[:, None] * (DAY // 15)
        index = first + np.arange(slots * width)
        return np.asarray(quarters[index].reshape(len(self.days), slots, width).sum(axis=2))

    def overnight(self, window: Window) -> Floats:
        """Return contacts between the last closing and each opening, (days,); the first day's from its own hours."""
        open_ = self.in_window(window, 15).sum(axis=1)
        closed = window.closes_min - window.opens_min
        if closed == DAY:
            return np.zeros(len(self.days))
        quarters = self._quarters()
        out = np.empty(len(self.days))
        for i in range(len(self.days)):
            start = window.closes_min // 15 + (i - 1) * (DAY // 15)
            end = window.opens_min // 15 + i * (DAY // 15)
            if start < 0:
                out[i] = max(float(self.daily[i] - open_[i]), 0.0)
            else:
                out[i] = quarters[start:end].sum()
        return out


def workload(
    study: Study, scenario: str, profile: ArrayLike, *, metric: str = "contacts", name: str = "presale"
) -> Workload:
    """Return the contacts of a simulated or forecast period with their uncertainty.

    Parameters
    ----------
    study : Study
        Holds `metric` by replication and day.
    scenario : str
        One of its scenarios.
    profile : (48,) array_like
        Share of a day's contacts by half-hour (`store.service.profile`).
    metric : str
        "contacts" (pre-sale) or "aftersale_contacts".

    Notes
    -----
    The mean over replications; the spread between them less that of chance arrivals.
    """
    share: NDArray[np.float64] = checked(profile, "profile", low=0)
    if share.shape != (48,) or abs(float(share.sum()) - 1) > 1e-6:
        raise EcomsimError("profile", f"{share.size} shares summing to {share.sum():g}", "48 summing to 1")
    counts = study.daily(metric, scenario)
    return Workload(
        study.dates, counts.mean(axis=0)[:, None] * share, np.minimum(day_to_day_cv(counts), 2.0), name
    )
