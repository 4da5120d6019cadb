"""What one more person, or one fewer, is worth on a roster: placed where it helps most, taken where it hurts least."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ecomsim.checks import EcomsimError
from ecomsim.formulas.arrays import Floats
from ecomsim.staffing.duty import Duty, desk_count
from ecomsim.staffing.kinds import ShiftKind
from ecomsim.staffing.need import Agents, Need
from ecomsim.staffing.outcome import RosterCheck
from ecomsim.uncertain import mean_of

__all__ = ["PersonWorth", "one_person"]

_WEEK = 7
_WORKED = 5


@dataclass(frozen=True)
class PersonWorth:
    """One more person, or one fewer, against the roster as it is, over its days.

    Attributes
    ----------
    change : 1 or -1
    kind : the shift it is for
    days : days worked
    margin : contribution margin won (lost, below 0) because enquiries are answered sooner (later)
    error : standard error of it, over the simulated days
    wages : wages paid (saved, below 0)
    in_time : share of contacts answered in time, change included
    """

    change: int
    kind: str
    days: int
    margin: float
    error: float
    wages: float
    in_time: float

    @property
    def net(self) -> float:
        """Margin less wages: above 0 the change pays."""
        return self.margin - self.wages


def one_person(
    check: RosterCheck,
    kinds: Sequence[ShiftKind],
    again: Callable[[Agents], RosterCheck],
) -> tuple[PersonWorth, ...]:
    """Return what one more person and one fewer are worth, each on one shift throughout, five days of every week.

    Parameters
    ----------
    check : RosterCheck
        The roster simulated, with a worth.
    kinds : the shifts of the roster; each begins at its first start, breaks in the middle of their windows
    again : simulates another number of people at their desks with the same customers (same seed, as many times)

    Raises
    ------
    EcomsimError
        When the check has no worth of an enquiry.

    Notes
    -----
    A person on one shift keeps every rule on rest and rotation. Shift and days are chosen by the simulation itself, so
    that the worth told is that of the best place found.
    """
    if check.worth is None:
        raise EcomsimError("worth", "no value of an enquiry", "a Worth", "Pass worth= to check_roster")
    now, out = _lost(check), []
    for change in (1, -1):
        best: PersonWorth | None = None
        for kind in kinds:
            shift = _presence(kind, check.need)
            if change < 0 and (check.on_duty < shift).all(axis=0).any():
                continue
            seen = again(np.maximum(check.on_duty + change * shift, 0))
            gained = now - _lost(seen)
            days = _days(gained.mean(axis=0))
            per_run = gained[:, days].sum(axis=1)
            came = check.field("came").sum(axis=(0, 2))
            share = np.where(np.isin(np.arange(len(came)), days), _share(seen), _share(check))
            made = PersonWorth(
                change, kind.name, len(days), float(per_run.mean()),
                float(per_run.std(ddof=1) / np.sqrt(len(per_run))) if len(per_run) > 1 else 0.0,
                change * len(days) * kind.paid_hours * check.worth.wage_hour,
                float(np.average(share, weights=came)) if came.sum() else 1.0,
            )  # fmt: skip
            if best is None or made.net > best.net:
                best = made
        if best is not None:
            out.append(best)
    return tuple(out)


def _presence(kind: ShiftKind, need: Need) -> Agents:
    start = kind.starts(need.window)[0]
    pauses = tuple(start + (b.earliest_min + b.latest_min) // 2 // 30 * 30 for b in kind.breaks)
    return desk_count([Duty(0, d, kind, start, pauses) for d in range(len(need.days))], need)


def _days(gain: Floats) -> list[int]:
    """Days worked: the best five of every seven, the best of a part of a week in proportion."""
    chosen: list[int] = []
    for first in range(0, len(gain), _WEEK):
        own = np.arange(first, min(first + _WEEK, len(gain)))
        count = round(_WORKED * len(own) / _WEEK)
        chosen += [int(d) for d in own[np.argsort(-gain[own], kind="stable")[:count]]]
    return sorted(chosen)


def _lost(check: RosterCheck) -> Floats:
    """Margin lost to waiting, (replications, days)."""
    worth = check.worth
    assert worth is not None
    floor = mean_of(worth.curve.floor)
    came, kept = (check.field(name).sum(axis=2) for name in ("came", "kept"))
    lost = worth.conversion * (1 - floor) * (came - kept)
    return np.asarray(lost * worth.order_value * worth.margin)


def _share(check: RosterCheck) -> Floats:
    came, done = (check.field(name).sum(axis=(0, 2)) for name in ("came", "in_time"))
    return np.asarray(done / np.maximum(came, 1))
