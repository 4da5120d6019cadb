"""Arithmetic on places of the store: move a number, copy a part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from ecomsim.checks import EcomsimError, require_number
from ecomsim.scenario.changes import Scale, Shift
from ecomsim.scenario.values import build, decode
from ecomsim.store import Promotion
from ecomsim.store.paths import Place
from ecomsim.uncertain import Uncertain

__all__ = ["copied", "moved"]


def moved(value: Any, change: Scale | Shift, place: Place) -> Any:
    """Return `value` scaled or shifted, within the domain of its place."""
    where = place.path
    if isinstance(value, tuple) and (place.domain is not None):
        return tuple(moved(one, change, place) for one in value)
    if isinstance(value, Mapping) and place.domain is not None:
        return {key: moved(one, change, place) for key, one in value.items()}
    scale = isinstance(change, Scale)
    amount = change.factor if isinstance(change, Scale) else change.by
    if isinstance(value, Uncertain):
        return value.scaled(amount) if scale else value.shifted(amount)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        what = "nothing there" if value is None else f"a {type(value).__name__}"
        raise EcomsimError(where, what, "a number to scale or shift", "Use set")
    result = value * amount if scale else value + amount
    if place.kind is int:
        if result != int(result):
            raise EcomsimError(where, f"{result:g}", "a whole number", f"Set it to {round(result)}")
        return int(result)
    if place.domain is not None:
        limits = place.domain
        return require_number(
            result, where, low=limits.low, high=limits.high, open_low=limits.open_low, unit=limits.unit,
            remedy=f"It was {value:g}: {change} goes too far",
        )  # fmt: skip
    return result


def copied(part: Any, given: dict[str, Any], where: str) -> Any:
    """Return a copy of `part` with the fields in `given`; a promotion's dates move together."""
    fresh = {f.name: getattr(part, f.name) for f in fields(part)}
    if isinstance(part, Promotion) and "start" in given:
        start = decode(dt.date, given["start"], f"{where}.start")
        by = start - part.start
        try:
            fresh |= {"end": part.end + by, "peaks": tuple(day + by for day in part.peaks)}
        except OverflowError:
            raise EcomsimError(f"{where}.start", str(start), "a day of this century", "") from None
        if "end" in given and "peaks" not in given:
            end = decode(dt.date, given["end"], f"{where}.end")
            fresh["peaks"] = tuple(day for day in fresh["peaks"] if start <= day <= end)
    return build(type(part), fresh | given, where)
