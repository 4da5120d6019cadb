"""What simulated days of a roster came to: service by slot, lost enquiries, lost sales."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ecomsim.checks import EcomsimError, require_number
from ecomsim.formulas.arrays import Floats
from ecomsim.staffing.need import Agents, Need
from ecomsim.staffing.promise import Promise
from ecomsim.store import AnswerCurve
from ecomsim.uncertain import mean_of

__all__ = ["RosterCheck", "Worth"]


@dataclass(frozen=True)
class Worth:
    """What an enquiry is worth, to tell lost sales from lost enquiries.

    Attributes
    ----------
    conversion : share of enquirers who buy when answered at once.
    order_value : what a buyer pays, money.
    margin : share of it that is contribution margin.
    curve : conversion left by answer time (`store.service.answer_curve`).
    wage_hour : cost of an agent hour, money.
    """

    conversion: float
    order_value: float
    curve: AnswerCurve
    margin: float = 1.0
    wage_hour: float = 0.0

    def __post_init__(self) -> None:
        require_number(self.conversion, "worth.conversion", low=0, high=1)
        require_number(self.order_value, "worth.order_value", low=0, unit="money")
        require_number(self.margin, "worth.margin", low=-1, high=1)
        require_number(self.wage_hour, "worth.wage_hour", low=0, unit="money an hour")


@dataclass(frozen=True, eq=False)
class RosterCheck:
    """Simulated days of a roster.

    Attributes
    ----------
    need : the days and slots, and what was needed.
    on_duty : (days, slots) people at their desks.
    counts : (replications, days, slots, fields) of `check_kernel.FIELDS`.
    promise : what was promised.
    worth : what an enquiry is worth, if told.
    classes : names of the deferrable classes.
    tasks : (replications, days, classes, slots, fields) of `check_tasks.TASK_FIELDS`, by slot of coming.
    """

    need: Need
    on_duty: Agents
    counts: Floats
    promise: Promise
    worth: Worth | None = None
    classes: tuple[str, ...] = ()
    tasks: Floats = field(default_factory=lambda: np.zeros(0))

    def field(self, name: str) -> Floats:
        """Return one of `check_kernel.FIELDS`, (replications, days, slots)."""
        from ecomsim.staffing.check_kernel import FIELDS

        found: Floats = self.counts[..., FIELDS.index(name)]
        return found

    @property
    def replications(self) -> int:
        """Simulated weeks (or however long the roster is)."""
        return int(self.counts.shape[0])

    @property
    def in_time(self) -> Floats:
        """Share of contacts answered in time, (days, slots); 1 where none came."""
        came = self.field("came").sum(axis=0)
        return np.where(came > 0, self.field("in_time").sum(axis=0) / np.maximum(came, 1), 1.0)

    @property
    def daily(self) -> Floats:
        """Share of each simulated day's contacts answered in time, (replications, days)."""
        came = self.field("came").sum(axis=2)
        return np.where(came > 0, self.field("in_time").sum(axis=2) / np.maximum(came, 1), 1.0)

    @property
    def share(self) -> float:
        """Share of all contacts answered in time."""
        return float(self.field("in_time").sum() / max(self.field("came").sum(), 1))

    @property
    def days_kept(self) -> float:
        """Share of days on which the promise was kept over the whole day."""
        return float((self.daily >= self.promise.share).mean())

    @property
    def lost_enquiries(self) -> Floats:
        """Enquiries nobody answered, a day: given up or waiting at the close; (days,)."""
        lost = self.field("abandoned") + self.field("left_waiting")
        return np.asarray(lost.mean(axis=0).sum(axis=1))

    @property
    def occupancy(self) -> Floats:
        """Share of time at work, deferrable work included, (days, slots)."""
        there = self.on_duty * self.need.slot_minutes * 60.0
        busy = (self.field("busy_s") + self.field("tasks_s")).mean(axis=0)
        return np.asarray(np.divide(busy, there, out=np.zeros_like(busy), where=there > 0))

    @property
    def deferred_in_time(self) -> dict[str, float]:
        """Share of each deferrable class not late: 1 where none came, and what is not yet due at the close is not."""
        out = {}
        for c, name in enumerate(self.classes):
            came, late = (float(self.tasks[:, :, c, :, k].sum()) for k in (0, 1))
            out[name] = 1.0 - late / came if came > 0 else 1.0
        return out

    @property
    def first_response_s(self) -> Floats:
        """Mean seconds to the first answer, of those answered, (days, slots); 0 where nobody was."""
        answered = self.field("answered").sum(axis=0)
        return np.asarray(self.field("response_s").sum(axis=0) / np.maximum(answered, 1))

    @property
    def lost_orders(self) -> Floats:
        """Orders lost to waiting, a day, against answering everybody at once; (days,)."""
        worth = self._worth()
        floor = mean_of(worth.curve.floor)
        came, answered, kept = (self.field(x).mean(axis=0).sum(axis=1) for x in ("came", "answered", "kept"))
        full = floor * came + (1 - floor) * kept
        assert (answered <= came + 1e-9).all()
        return np.asarray(worth.conversion * (came - full))

    @property
    def lost_sales(self) -> Floats:
        """Money buyers did not pay because they waited, a day; (days,)."""
        return np.asarray(self.lost_orders * self._worth().order_value)

    @property
    def cost(self) -> Floats:
        """Margin lost to waiting and wages of those on duty, a day; (days,)."""
        hours = self.on_duty.sum(axis=1) * self.need.slot_minutes / 60
        return np.asarray(self.lost_sales * self._worth().margin + hours * self._worth().wage_hour)

    def _worth(self) -> Worth:
        if self.worth is None:
            raise EcomsimError("worth", "no value of an enquiry", "a Worth", "Pass worth= to check_roster")
        return self.worth

    def frame(self) -> pd.DataFrame:
        """Return one row a slot: contacts, people, share in time, first response, given up, occupancy."""
        frame = self.need.frame().rename(columns={"agents": "needed"})
        frame["on_duty"] = self.on_duty.ravel()
        frame["contacts"] = self.field("came").mean(axis=0).ravel()
        frame["in_time"] = self.in_time.ravel()
        frame["first_response_s"] = self.first_response_s.ravel()
        frame["abandoned"] = self.field("abandoned").mean(axis=0).ravel()
        frame["occupancy"] = self.occupancy.ravel()
        return frame
