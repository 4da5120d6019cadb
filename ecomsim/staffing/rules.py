"""Rules that size every slot alone, to stand beside the chain that follows the day."""

from __future__ import annotations

import numpy as np

from ecomsim.formulas.arrays import Floats, Ints
from ecomsim.formulas.chat import Desk
from ecomsim.formulas.sizing import smallest_chat_agents
from ecomsim.staffing.day import Limits
from ecomsim.staffing.promise import Promise

__all__ = ["mol_day", "sipp_day"]


def sipp_day(
    rates: Floats,
    desk: Desk,
    promise: Promise,
    *,
    cv: float = 0.0,
    limits: Limits = Limits(),  # noqa: B008  frozen
) -> Ints:
    """Return people by the usual rule: every slot sized alone, in steady state (SIPP)."""
    return smallest_chat_agents(
        rates, desk, promise.within_s, promise.share, cv=cv, confidence=promise.confidence,
        occupancy_max=limits.occupancy_max, agents_min=limits.agents_min,
    )  # fmt: skip


def mol_day(
    rates: Floats,
    slot_s: float,
    desk: Desk,
    promise: Promise,
    *,
    cv: float = 0.0,
    limits: Limits = Limits(),  # noqa: B008  frozen
) -> Ints:
    """Return people by the modified offered load: steady state at the load a desk without limit would carry.

    Notes
    -----
    ``m' = lambda(t) - m / s`` with s the time of a chat at a full agent; every slot at the rate ``m / s``.
    Green, Kolesar and Soares 2001; Feldman, Mandelbaum, Massey and Whitt 2008.
    """
    s = desk.concurrency / desk.capacity_per_s
    m, mean = 0.0, np.empty(rates.size)
    for k, rate in enumerate(rates):
        fade = float(np.exp(-slot_s / s))
        mean[k] = rate * s + (m - rate * s) * (1 - fade) * s / slot_s
        m = rate * s + (m - rate * s) * fade
    return sipp_day(mean / s, desk, promise, cv=cv, limits=limits)
