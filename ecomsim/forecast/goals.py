"""Whether a target fits a forecast, and which of its periods is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecomsim.checks import EcomsimError, require_name
from ecomsim.target import Target, period_days

if TYPE_CHECKING:
    from ecomsim.forecast.outlook import Forecast

__all__ = ["basis_fits", "goal_of"]


def goal_of(outlook: Forecast, target: Target, period: str | None) -> tuple[str, float]:
    """Return the period asked for, default the last that the horizon covers, and its goal."""
    basis_fits(outlook, target)
    if period is None:
        inside = [p for p in target.periods if period_days(p)[1] <= outlook.horizon.end]
        inside = [p for p in inside if period_days(p)[1] > outlook.as_of] or inside
        period = inside[-1] if inside else next(iter(target.periods))
    require_name(period, list(target.periods), "target", "period")
    return period, target.periods[period]


def basis_fits(outlook: Forecast, target: Target) -> None:
    """Raise unless the target is of the forecast's own metric."""
    if not isinstance(target, Target):
        raise EcomsimError(
            "target",
            repr(target)[:60],
            "ecomsim.Target('gmv', {'2026-11': 12_000_000})",
            "Name metric and month",
        )
    if target.metric != outlook.metric:
        raise EcomsimError(
            "target.metric", f"a target of '{target.metric}' for a forecast of '{outlook.metric}'",
            "one basis for both", f"Forecast metric='{target.metric}', or restate the target",
        )  # fmt: skip
