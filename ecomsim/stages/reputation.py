"""Reputation: the store's score of today, which moves tomorrow's traffic and conversion.

    part += (1 - 2^(-1 / half_life)) · weight of the day · (seen - part),   score = mean of the three parts

- product:   seen = opening + 3 (ordinary refund rate - today's refund rate by amount)
- service:   seen = opening + 1 (answered in time / chats - 0.90)
- logistics: seen = opening + 3 (0.02 - late / shipped)
A point of the score is a point of 5. The slopes and the two platform standards are fixed, assumed and written here; a
part without an observation today (no sale, no chat, no parcel) stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ecomsim.jit import jit
from ecomsim.parameters import Parameters, Singles, pack
from ecomsim.stages.expected import ordinary_day
from ecomsim.stages.layout import (
    ANSWERED_IN_TIME,
    CONTACTS,
    GROSS_REFUNDS,
    GROSS_SALES,
    LATE,
    RANK,
    SCORE,
    SCORE_LOGISTICS,
    SCORE_PRODUCT,
    SCORE_SERVICE,
    SHIPPED,
)  # fmt: skip
from ecomsim.stages.stage import Stage, axes
from ecomsim.stages.state import State

__all__ = ["IN_TIME_STANDARD", "LATE_STANDARD", "READS", "STAGE", "WRITES", "Prepared"]

READS = ("gross_sales", "gross_refunds", "answered_in_time", "contacts", "late", "shipped", "score@yesterday")
WRITES = ("score", "score_product", "score_service", "score_logistics")

F = np.float32
IN_TIME_STANDARD = 0.90
LATE_STANDARD = 0.02
_PRODUCT_SLOPE, _SERVICE_SLOPE, _LOGISTICS_SLOPE = F(3.0), F(1.0), F(3.0)
_PRODUCT, _SERVICE, _LOGISTICS, _MOVE, _REFUNDS = map(np.int64, range(5))


@dataclass(frozen=True)
class Prepared:
    """Arrays of the reputation stage: opening parts, the day's weight, the ordinary refund rate."""

    lanes: Singles = field(metadata=axes(days=True, reps=2))


def prepare(p: Parameters) -> Prepared:
    """Return opening scores and memory."""
    own = p.store.reputation
    half_life = p.daily("reputation.half_life_days", own.half_life_days)
    rows: list[Any] = [
        p.daily(f"reputation.{name}", getattr(own, name)) for name in ("product", "service", "logistics")
    ]
    rows += [1 - 0.5 ** (1 / half_life), ordinary_day(p).refund_rate]
    return Prepared(lanes=pack(rows, p.days))


def open_(state: State, params: Prepared, first: int, seed: int) -> None:
    """Yesterday's score is the opening one, rank undisturbed."""
    for part, row in ((SCORE_PRODUCT, _PRODUCT), (SCORE_SERVICE, _SERVICE), (SCORE_LOGISTICS, _LOGISTICS)):
        state.Y[part] = params.lanes[0, row]
    parts = state.Y[SCORE_PRODUCT] + state.Y[SCORE_SERVICE] + state.Y[SCORE_LOGISTICS]
    state.M[0, SCORE] = parts * F(1 / 3.0)
    state.M[0, RANK] = 1.0


def step(day: int, state: State, params: Prepared, first: int, seed: int) -> None:
    """Move the three parts by what today showed."""
    _step(state.M[day + 1], state.Y, params.lanes[day if len(params.lanes) > 1 else 0], params.lanes[0])


@jit
def _moved(part: Any, opening: Any, slope: Any, standard: Any, bad: Any, of: Any, move: Any) -> Any:
    if of <= F(0):
        return part
    seen = opening + slope * (standard - bad / of)
    seen = seen if seen > F(0) else F(0)
    seen = seen if seen < F(5) else F(5)
    return part + move * (seen - part)


@jit
def _step(record: Any, Y: Any, lanes: Any, opening: Any) -> None:
    s = 1 if lanes.shape[1] > 1 else 0
    for r in range(Y.shape[1]):
        at = r * s
        move = lanes[_MOVE, at]
        product = _moved(
            Y[SCORE_PRODUCT, r], opening[_PRODUCT, at], _PRODUCT_SLOPE, lanes[_REFUNDS, at], Y[GROSS_REFUNDS, r],
            Y[GROSS_SALES, r], move,
        )  # fmt: skip
        slow = record[CONTACTS, r] - record[ANSWERED_IN_TIME, r]
        service = _moved(
            Y[SCORE_SERVICE, r], opening[_SERVICE, at], _SERVICE_SLOPE, F(1 - IN_TIME_STANDARD), slow,
            record[CONTACTS, r], move,
        )  # fmt: skip
        logistics = _moved(
            Y[SCORE_LOGISTICS, r], opening[_LOGISTICS, at], _LOGISTICS_SLOPE, F(LATE_STANDARD), record[LATE, r],
            record[SHIPPED, r], move,
        )  # fmt: skip
        Y[SCORE_PRODUCT, r] = product
        Y[SCORE_SERVICE, r] = service
        Y[SCORE_LOGISTICS, r] = logistics
        record[SCORE, r] = ((product + service) + logistics) * F(1 / 3.0)


STAGE = Stage("reputation", READS, WRITES, step, prepare, open_)
