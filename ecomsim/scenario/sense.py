"""What no single field can show: conversion above one, promotions that count twice."""

from __future__ import annotations

import warnings

from ecomsim.checks import EcomsimError, EcomsimWarning
from ecomsim.store import Promotion, Store
from ecomsim.uncertain import mean_of

__all__ = ["conversion_faults", "warn_of_overlaps"]


def conversion_faults(old: Store, new: Store) -> list[EcomsimError]:
    """Return a fault for every promotion whose lift newly takes a channel's conversion above 1."""
    found = []
    for name, promotion in new.promotions.items():
        known = old.promotions.get(name)
        multiple = _multiple(promotion)
        for channel in new.channels.values():
            if promotion is known and channel is old.channels.get(channel.name):
                continue
            rate = max(mean_of(channel.p_silent), mean_of(channel.p_enquiring))
            before = old.channels.get(channel.name)
            was = (
                0.0
                if known is None or before is None
                else max(mean_of(before.p_silent), mean_of(before.p_enquiring)) * _multiple(known)
            )
            if rate * multiple > 1 >= was:
                product = f"{rate:g} of channels.{channel.name} times lift {multiple:g} = {rate * multiple:g}"
                allowed = "at most 1: no more buyers than visitors"
                remedy = f"Lower the lift below {1 / rate:.3g}"
                found.append(
                    EcomsimError(f"promotions.{name}.conversion", f"conversion {product}", allowed, remedy)
                )
    return found


def _multiple(promotion: Promotion) -> float:
    effect = promotion.conversion
    top = max(mean_of(effect.before), mean_of(effect.during), mean_of(effect.peak), mean_of(effect.after))
    return max(1.0, 1 + mean_of(promotion.lift) * (top - 1))


def warn_of_overlaps(old: Store, new: Store, scenario: str) -> None:
    """Warn when a new or moved promotion overlaps a sibling: their effects would count twice."""
    for name, one in new.promotions.items():
        before = old.promotions.get(name)
        if before is not None and (before.start, before.end) == (one.start, one.end):
            continue
        for other in new.promotions.values():
            same = other.family == one.family and (
                not one.skus or not other.skus or set(one.skus) & set(other.skus)
            )
            if other is not one and same and one.start <= other.end and other.start <= one.end:
                warnings.warn(
                    f"scenario {scenario}: promotions.{name} ({one.start} to {one.end}) overlaps promotions."
                    f"{other.name} ({other.start} to {other.end}) of the same family '{one.family}': "
                    "both act. Remove one, or move it.",
                    EcomsimWarning,
                    stacklevel=4,
                )
