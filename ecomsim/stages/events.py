"""What promotions do to a day: the multiplier of an Effect by phase, and the strength `lift` that scales it."""

from __future__ import annotations

from typing import Any

import numpy as np

from ecomsim.parameters import Floats, Parameters
from ecomsim.store import Effect, Promotion

__all__ = ["active_days", "effect_of", "multiplier"]


def active_days(promotion: Promotion, p: Parameters) -> list[int]:
    """Return the days of the horizon from start to end of the promotion."""
    start, end = promotion.start, promotion.end
    return [i for i, day in enumerate(p.horizon.dates) if start <= day <= end]


def effect_of(p: Parameters, promotion: Promotion, effect: Effect, path: str) -> Floats | None:
    """Return the multiplier of every day, (D, 1) or (D, count), or None when it is 1 throughout.

    A phase's multiplier m acts as 1 + lift · weight · (m - 1), and never below 0.
    """
    days = p.once(f"phases of {promotion.name}", lambda: _phases(promotion, p))
    if not days:
        return None
    lift = p.daily(f"promotions.{promotion.name}.lift", promotion.lift)
    parts: list[tuple[int, Any]] = []
    for phase in {phase for _, phase, _ in days}:
        value = getattr(effect, phase)
        if isinstance(value, float | int) and value == 1 and not p.changes(f"{path}.{phase}"):
            continue
        strength = p.daily(f"{path}.{phase}", value)
        for i, own, weight in days:
            if own == phase:
                parts.append((i, np.maximum(1 + lift[i] * weight * (strength[i] - 1), 0)))
    if not parts:
        return None
    wide = max(np.size(value) for _, value in parts)
    out = np.ones((p.days, wide))
    for i, value in parts:
        out[i] = value
    return out


def _phases(promotion: Promotion, p: Parameters) -> list[tuple[int, str, float]]:
    """Return day, phase and weight of the days the promotion touches."""
    found = enumerate(promotion.phases(p.horizon.dates))
    return [(i, phase, weight) for i, (phase, weight) in found if phase]


def multiplier(effects: list[Floats | None], days: int) -> Floats:
    """Return the product of the effects of all promotions, (D, 1) or (D, count)."""
    out = np.ones((days, 1))
    for effect in effects:
        if effect is not None:
            out = out * effect
    return out
