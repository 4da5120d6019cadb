"""How likely every scenario of a study reaches a target, as a report tells it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ecomsim.report.page import Reach

if TYPE_CHECKING:
    from ecomsim.study import Study
    from ecomsim.target import Target

__all__ = ["reaches"]


def reaches(
    study: Study,
    target: Target,
    *,
    as_of: dt.date | None = None,
    actual: Mapping[str, float] | None = None,
) -> list[Reach]:
    """Return how likely every scenario reaches the target.

    Parameters
    ----------
    study, target : what was simulated, and what is wanted
    as_of, actual : last day already known and what the month has brought up to it; see `attainment`
    """
    from ecomsim.target import attainment

    return [
        Reach(
            scenario=row["scenario"],
            metric=target.metric,
            month=row["month"],
            target=row["target"],
            probability=row["p_hit"],
            error=row["p_hit_error"],
            gap=row["gap_p50"],
            daily=row["required_daily"],
        )
        for row in attainment(study, target, as_of=as_of, actual=actual).reset_index().to_dict("records")
    ]
