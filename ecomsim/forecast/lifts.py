"""What is assumed of events history never saw: a factor, exact or with a range, drawn once a path."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np

from ecomsim.calendar import Event, Horizon
from ecomsim.checks import EcomsimError, require_name, require_number
from ecomsim.forecast.changes import Change
from ecomsim.streams import uniforms
from ecomsim.uncertain import LogNormal, Number, Uncertain

__all__ = ["Lift", "lift_changes", "lift_of"]

Lift: TypeAlias = Number | tuple[float, float]
"""A factor: a plain number is exact, an uncertain one is drawn, (low, high) holds it 8 times in 10."""

_FEASTS = frozenset(
    {"new_year", "spring_festival", "qingming", "labour_day", "dragon_boat", "mid_autumn", "national_day"}
)
_Z80 = 1.2815515655446004
_LEAST = 1e-6


def lift_of(family: str, given: Lift) -> Number:
    """Return a lift as a number, (low, high) as the log-normal that lies between them 8 times in 10.

    Raises
    ------
    EcomsimError
        For a factor not above 0, a range upside down, or a spread that reaches below 0.

    Examples
    --------
    >>> lift_of("debut", (1.5, 2.4)).ppf([0.1, 0.5, 0.9]).round(3).tolist()
    [1.5, 1.897, 2.4]
    """
    where = f"forecast.lifts.{family}"
    if isinstance(given, tuple):
        if len(given) != 2:
            raise EcomsimError(where, repr(given)[:60], "(low, high)", "Give the two ends of the range")
        low, high = (require_number(end, where, low=0.0, open_low=True) for end in given)
        if low > high:
            raise EcomsimError(where, f"{low:g} to {high:g}", "low, then high", f"Write ({high:g}, {low:g})")
        return LogNormal(math.sqrt(low * high), math.log(high / low) / (2 * _Z80))
    if isinstance(given, Uncertain):
        low = float(given.ppf(np.array([0.01]))[0])
        if not low > 0:
            raise EcomsimError(
                where, f"a factor that falls to {low:g} once in a hundred", "factors above 0",
                "Give a range instead, (low, high)",
            )  # fmt: skip
        return given
    return require_number(given, where, low=0.0, open_low=True)


def lift_changes(
    events: Sequence[Event],
    unseen: Sequence[str],
    lifts: Mapping[str, Lift],
    days: Horizon,
    strict: bool,
    notes: list[str],
    *,
    paths: int,
    seed: int,
) -> tuple[Change, ...]:
    """Return the assumed lifts of events ahead that history never saw, one draw a path where they are uncertain.

    Raises
    ------
    EcomsimError
        For such an event without an assumed lift (festivals without one count as ordinary days), or a lift for an
        event that is not ahead or that history knows.
    """
    ahead = {e.family: e for e in events if e.end >= days.start and e.start <= days.end}
    for family, given in lifts.items():
        if strict:
            require_name(family, list(ahead), "forecast.lifts", "family of events ahead")
        lift = lift_of(family, given)
        if strict and family not in unseen:
            raise EcomsimError(
                f"forecast.lifts.{family}", _words(lift), "events history never saw",
                f"'{family}' is estimated from history; to assume more of it use a lever",
            )  # fmt: skip
    made = []
    for family in unseen:
        event = ahead.get(family)
        if event is None:
            continue
        if family in lifts:
            lift = lift_of(family, lifts[family])
            factor = (
                np.maximum(lift.ppf(uniforms(seed, 0, paths, f"forecast.lift.{family}")), _LEAST)
                if isinstance(lift, Uncertain) else float(lift)
            )  # fmt: skip
            made.append(Change(event.name, factor, event.start, event.end, basis="assumed"))
            inside = days.slice_of(event.start, event.end)
            told = f"x {_words(lift)} on {inside.stop - inside.start} days"
            notes.append(f"{event.name} was never seen in history: assumed {told}.")
        elif strict and family not in _FEASTS:
            raise EcomsimError(
                f"forecast.events, {event.name} ({event.start} to {event.end})",
                f"no '{family}' in history", "an assumed lift for an event never seen",
                f"Give lifts={{'{family}': 1.5}} for half as much again on its days, {{'{family}': (1.2, 1.9)}} if "
                "unsure, or 1.0 for none",
            )  # fmt: skip
        else:
            notes.append(f"{event.name} was never seen in history: its days count as ordinary ones.")
    return tuple(made)


def _words(lift: Number) -> str:
    if not isinstance(lift, Uncertain):
        return f"{lift:g} exactly"
    low, mid, high = lift.ppf(np.array([0.1, 0.5, 0.9]))
    return f"{mid:.3g} (8 in 10: {low:.3g} to {high:.3g})"
