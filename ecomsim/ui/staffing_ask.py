"""What the staffing dashboard asks, and what it is answered: plain values, clamped."""

from __future__ import annotations

import calendar
import datetime as dt
import math
from dataclasses import dataclass

from ecomsim.staffing import Duty, Need, PersonWorth, Roster, RosterCheck
from ecomsim.staffing.need import Agents

__all__ = ["LIMITS", "SPANS", "STARTS", "Question", "WeekPlan"]

SPANS, STARTS = ("week", "month"), ("plan", "published", "near")
"""How long a roster is; whether it is planned, the one uploaded, or planned near the one uploaded."""

_MOST_LEAVE = 12

LIMITS = {
    "volume": (30, 400), "handling": (5, 120), "concurrency": (1, 8), "patience": (20, 1800), "share": (50, 98),
    "within": (10, 300), "people": (0, 150),
}  # fmt: skip
"""Smallest and largest value of every lever; whatever a browser sends is brought within."""


@dataclass(frozen=True)
class Question:
    """Where the levers stand; values are clamped to `LIMITS`.

    Attributes
    ----------
    first, span : first day of the roster, and 'week' or 'month'
    team : number of the uploaded team, 0 for none
    start : one of `STARTS`
    leave : (name, first day, last day), each repaired with the fewest changes
    edits : (name, day, shift or '' for off), set by hand after that
    """

    first: dt.date
    volume: float = 100
    handling: float = 25
    concurrency: float = 3
    patience: float = 180
    share: float = 80
    within: float = 60
    people: float = 0
    names: tuple[str, ...] = ()
    edits: tuple[tuple[str, dt.date, str], ...] = ()
    span: str = "week"
    team: int = 0
    start: str = "plan"
    leave: tuple[tuple[str, dt.date, dt.date], ...] = ()

    def __post_init__(self) -> None:
        for name, (low, high) in LIMITS.items():
            value = float(getattr(self, name))
            object.__setattr__(self, name, min(max(value, low), high) if math.isfinite(value) else float(low))
        object.__setattr__(self, "concurrency", float(round(self.concurrency)))
        names = tuple(dict.fromkeys(n.strip()[:40] for n in self.names if n.strip()))
        object.__setattr__(self, "names", names[: int(LIMITS["people"][1])])
        object.__setattr__(self, "span", self.span if self.span in SPANS else SPANS[0])
        object.__setattr__(self, "start", self.start if self.start in STARTS else STARTS[0])
        object.__setattr__(self, "leave", self.leave[-_MOST_LEAVE:])

    @property
    def last(self) -> dt.date:
        """Last day of the roster."""
        if self.span == "week":
            return self.first + dt.timedelta(days=6)
        return self.first.replace(day=calendar.monthrange(self.first.year, self.first.month)[1])

    @property
    def sizing(self) -> tuple[object, ...]:
        """What the need depends on."""
        return (
            self.first, self.span, self.volume, self.handling, self.concurrency, self.patience, self.share, self.within,
            self.team,
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class WeekPlan:
    """The answer: what is needed, who works when, and what that achieves.

    Attributes
    ----------
    base : the roster before leave was repaired; `repaired` after it, before cells set by hand; `roster` after all
    worth : what one more and one fewer person is worth, once simulated
    wage : of an hour, money
    """

    question: Question
    need: Need
    base: Roster
    repaired: Roster
    roster: Roster
    duties: tuple[Duty, ...]
    on_duty: Agents
    check: RosterCheck
    wage: float
    worth: tuple[PersonWorth, ...] = ()

    @property
    def breaches(self) -> tuple[str, ...]:
        """Rules the roster breaks."""
        return self.roster.breaches

    @property
    def touched(self) -> dict[tuple[str, dt.date], str]:
        """Cells a repair changed, and what they were."""
        table = self.base.changes(self.repaired)
        return {(str(row["name"]), row["day"]): str(row["before"]) for row in table.to_dict("records")}

    @property
    def short_slots(self) -> int:
        """Half-hours with fewer people than needed."""
        return int((self.need.shortfall(self.on_duty) > 0).sum())

    @property
    def hours(self) -> float:
        """Hours at the desk."""
        return float(self.on_duty.sum()) * self.need.slot_minutes / 60

    @property
    def wages(self) -> float:
        """Wages of the days, meals unpaid."""
        paid = [kind.paid_hours for kind in self.roster.task.kinds]
        return float(sum(paid[k] * int((self.roster.table == k).sum()) for k in range(len(paid)))) * self.wage
