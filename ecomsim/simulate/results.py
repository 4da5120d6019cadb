"""From records to a Study: derived metrics, totals by channel, means by day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ecomsim.calendar import Horizon
from ecomsim.parameters import Floats, Singles
from ecomsim.simulate.loop import Record
from ecomsim.simulate.plan import Plan
from ecomsim.stages.layout import RECORDED
from ecomsim.stages.tally import TALLIED

__all__ = ["arrays_of", "day_sums", "means_by_day"]

_FEES, _WAGES = 0, 6


def arrays_of(parts: Sequence[tuple[Plan, Record]], horizon: Horizon, replications: int) -> dict[str, Any]:
    """Return the named arrays of a scenario, cut to the replications asked for.

    Parameters
    ----------
    parts : plan and record of consecutive ranges of replications
    """
    pieces = [_piece(plan, record) for plan, record in parts]
    out = {name: _cut([piece[name] for piece in pieces], replications) for name in pieces[0]}
    return out | means_by_day(day_sums([record for _, record in parts]), replications)


def _cut(pieces: list[Any], replications: int) -> Any:
    whole = pieces[0] if len(pieces) == 1 else np.concatenate(pieces)
    return whole[:replications]


def _piece(plan: Plan, record: Record) -> dict[str, Any]:
    """Metrics as (n, days), channel totals as (n, channels)."""
    own: dict[str, Any] = {name: record.daily[i].T for i, name in enumerate(RECORDED)}
    n, days = plan.count, plan.size.days
    economics, inventory = plan.of("economics"), plan.of("inventory")

    def lane(row: int) -> Any:
        return np.broadcast_to(economics.lanes[:, row], (days, n)).T

    moved = (own["received"] + own["returned"]) - (own["units"] + own["shrinkage"])
    opening = np.broadcast_to(inventory.stock.sum(axis=(1, 2), dtype=np.float64), n)
    waiting = own["orders"] - (own["shipped"] + own["cancelled"])
    own["lost_sales"] = own["demand"] - own["units"]
    own["on_hand"] = (opening[:, None] + np.cumsum(moved, axis=1, dtype=np.float64)).astype(np.float32)
    own["fulfilment_backlog"] = np.cumsum(waiting, axis=1, dtype=np.float64).astype(np.float32)
    own["platform_fees"] = lane(_FEES) * (own["gmv"] - own["refunds"])
    spend = np.broadcast_to(economics.spend, (days, plan.size.channels, n))
    own["ad_spend"] = spend.sum(axis=1).T
    own["wages"] = lane(_WAGES)
    own["agent_hours"] = np.broadcast_to(economics.hours, (days, n)).T
    for i, name in enumerate(TALLIED):
        own[f"{name}_by_channel"] = record.totals[i].T
    own["spend_by_channel"] = spend.sum(axis=0).T
    if len(record.units):
        own["units_by_sku"], own["lost_sales_by_sku"] = record.units, record.lost
    return own


def day_sums(records: Sequence[Record]) -> Floats:
    """Return sums over each block of 64 replications asked for, the last one perhaps shorter: (blocks, kinds, D, C)."""
    rows = []
    for record in records:
        rows.append(record.by_day[: record.live // 64])
        if record.live % 64:
            rows.append(record.tail[None])
    return np.concatenate(rows)


def means_by_day(sums: Floats, replications: int) -> dict[str, Singles]:
    """Return means over replications by date and channel; blocks are added in order, so pieces give the same bits."""
    total: Any = 0.0
    for block in sums:
        total = total + block
    return {
        f"{name}_by_channel_day": (total[i] / replications).astype(np.float32)
        for i, name in enumerate(TALLIED)
    }
