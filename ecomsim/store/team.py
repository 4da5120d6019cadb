"""Customer service: who is on duty when, how fast they work, how long askers wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ecomsim.checks import EcomsimError
from ecomsim.store.field import Part, number, require_length
from ecomsim.uncertain import Number

__all__ = ["SLOTS", "AnswerCurve", "Service", "Team"]

SLOTS = 48
"""Half-hours a day, from midnight."""

_DAY_SHIFT = tuple(1.0 if 17 <= h < 48 else 0.0 for h in range(SLOTS))
_FLAT = (1.0 / SLOTS,) * SLOTS


@dataclass(frozen=True)
class AnswerCurve(Part):
    """Conversion left after waiting t: floor + (1 - floor) exp(-t / decay_s); `floor` if never answered."""

    floor: Number = number("share", "Conversion kept when nobody answers.", low=0.0, high=1.0, default=0.25)
    decay_s: Number = number(
        "seconds", "Answer time after which the rest has fallen to 1/e.", low=1.0, default=300.0
    )


@dataclass(frozen=True)
class Team(Part):
    """Agents answering chats, pre-sale first; after-sale chats fill what is left.

    Attributes
    ----------
    headcount : agents at the fullest half-hour
    shape : (48,) share of the headcount on duty by half-hour on an ordinary day
    weekday : (7,) factor on the shape
    roster : agents on duty by ISO date, (48,) each; overrides headcount on those days
    """

    name: str
    headcount: Number = number("people", "Agents on duty at the fullest half-hour.", low=0.0)
    shape: tuple[float, ...] = number(
        "share", "Share of headcount on duty by half-hour.", low=0.0, high=1.0, default=_DAY_SHIFT
    )
    weekday: tuple[float, ...] = number("ratio", "Headcount factor by weekday.", low=0.0, default=(1.0,) * 7)
    roster: Mapping[str, tuple[float, ...]] = number(
        "people", "Agents by half-hour of single days.", low=0.0, default={}, days=True
    )
    shrinkage: Number = number("share", "Paid time not at the desk.", low=0.0, high=0.9, default=0.1)
    wage_hour: Number = number("money/hour", "Wage of an agent hour.", low=0.0, default=30.0)
    overtime_factor: Number = number(
        "ratio", "Wage factor for agents above the calibrated headcount.", low=1.0, default=1.5
    )
    ref_headcount: float | None = number(
        "people", "Headcount paid at the regular wage; default the headcount.", low=0.0, default=None
    )

    def check(self, where: str) -> None:
        """Forty-eight half-hours, seven weekdays."""
        require_length(self.shape, SLOTS, f"{where}.shape", "half-hour")
        require_length(self.weekday, 7, f"{where}.weekday", "weekday")
        for day, agents in self.roster.items():
            require_length(agents, SLOTS, f"{where}.roster[{day}]", "half-hour")


@dataclass(frozen=True)
class Service(Part):
    """The desk: how chats arrive through the day and how they are handled. Durations in seconds."""

    profile: tuple[float, ...] = number(
        "share", "Pre-sale chats by half-hour, summing to 1.", low=0.0, default=_FLAT
    )
    work_s: Number = number("seconds", "Agent work for one reply.", low=1.0, default=25.0)
    think_s: Number = number("seconds", "Customer time before the next message.", low=0.0, default=45.0)
    turns: Number = number("replies", "Replies a chat.", low=1.0, default=6.0)
    concurrency: int = 3
    patience_s: Number = number("seconds", "Mean patience before the first reply.", low=1.0, default=180.0)
    answer_within_s: float = number("seconds", "The answer promise.", low=1.0, default=60.0)
    aftersale_per_parcel: Number = number(
        "contacts/parcel", "After-sale chats a shipped parcel.", low=0.0, default=0.08
    )
    aftersale_per_refund: Number = number(
        "contacts/unit", "After-sale chats a refunded unit.", low=0.0, default=0.8
    )
    aftersale_per_late: Number = number(
        "contacts/parcel", "After-sale chats a late parcel.", low=0.0, default=0.5
    )
    answer_curve: AnswerCurve = field(default_factory=AnswerCurve)

    def check(self, where: str) -> None:
        """Check the profile has 48 half-hours summing to 1 and the concurrency is whole."""
        require_length(self.profile, SLOTS, f"{where}.profile", "half-hour")
        total = sum(self.profile)
        if abs(total - 1) > 1e-6:
            raise EcomsimError(
                f"{where}.profile", f"a sum of {total:g}", "shares summing to 1", "Divide each by the sum"
            )
        if self.concurrency not in range(1, 13):
            raise EcomsimError(
                f"{where}.concurrency", str(self.concurrency), "a whole number of chats from 1 to 12"
            )
