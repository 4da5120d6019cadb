"""What customers are promised, and how surely."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from ecomsim.checks import EcomsimError, require_number

__all__ = ["Promise", "duration_s", "parse_duration"]

_TEXT = re.compile(r"(\d+(?:\.\d+)?)\s*(s|sec|min|m|h)")
_SECONDS = {"s": 1.0, "sec": 1.0, "min": 60.0, "m": 60.0, "h": 3600.0}


def duration_s(value: object, where: str) -> float:
    """Return the seconds of a timedelta; a bare number is refused, since nobody knows its unit."""
    if isinstance(value, dt.timedelta):
        return require_number(value.total_seconds(), where, low=0, unit="seconds")
    raise EcomsimError(
        where, f"{value!r}"[:40], "a timedelta", "Write timedelta(seconds=30) or timedelta(minutes=10)"
    )


def parse_duration(text: str, where: str = "within") -> dt.timedelta:
    """Return the duration written as 30s, 10min or 4h.

    Examples
    --------
    >>> parse_duration("30s"), parse_duration("10min") == dt.timedelta(minutes=10)
    (datetime.timedelta(seconds=30), True)
    """
    found = _TEXT.fullmatch(text.strip().lower()) if isinstance(text, str) else None
    if not found:
        raise EcomsimError(where, repr(text)[:40], "a number with its unit: 30s, 10min, 4h", "Add the unit")
    return dt.timedelta(seconds=float(found[1]) * _SECONDS[found[2]])


@dataclass(frozen=True)
class Promise:
    """A share of contacts answered within a time.

    Parameters
    ----------
    share : float
        Share of contacts with a first answer in time, above 0 and below 1.
    within : timedelta
        The time.
    confidence : float, optional
        Share of days on which every slot must keep the promise; without it the average over days must.

    Examples
    --------
    >>> Promise(0.8, dt.timedelta(seconds=60)).within_s
    60.0
    """

    share: float
    within: dt.timedelta
    confidence: float | None = None

    def __post_init__(self) -> None:
        share = require_number(self.share, "promise.share", low=0, high=1, open_low=True)
        if share >= 1:
            raise EcomsimError(
                "promise.share", "1", "a fraction below 1", "No number of people answers everyone in time"
            )
        duration_s(self.within, "promise.within")
        if self.confidence is not None:
            sure = require_number(self.confidence, "promise.confidence", low=0, high=1, open_low=True)
            if sure >= 1:
                raise EcomsimError("promise.confidence", "1", "a fraction below 1", "Take 0.95")

    @property
    def within_s(self) -> float:
        """The time in seconds."""
        return self.within.total_seconds()
