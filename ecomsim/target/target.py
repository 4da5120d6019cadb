"""What a metric should bring: by year, quarter or month, as a whole and by part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from ecomsim.calendar import Horizon, parse_date
from ecomsim.checks import EcomsimError, nearest, require_name, require_number
from ecomsim.metrics import METRICS, Adds, metric
from ecomsim.target.periods import check_parts, check_periods, period_days

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Target"]


@dataclass(frozen=True)
class Target:
    """What a metric should add up to, month by month.

    Parameters
    ----------
    metric : a metric that adds up over days, e.g. 'gmv'; net sales are 'net_sales', another basis
    periods : {month as YYYY-MM, quarter as YYYY-Qn or year as YYYY: total}, positive
    by : what the parts are, e.g. 'channel' or 'category'; '' without parts
    parts : {part: {period: total}}; the parts of a period add up to it

    Raises
    ------
    EcomsimError
        For an unknown metric, a ratio or stock, a period that is none, a total that is not positive; for months
        that do not add up to their quarter or year, or parts that do not add up to the whole: with the difference.

    Examples
    --------
    >>> Target("gmv", {"2026-11": 12_000_000}).months["2026-11"]
    12000000.0
    >>> Target("gmv", {"2026-11": 90.0}, by="channel", parts={"search": {"2026-11": 50}, "live": {"2026-11": 30}})
    Traceback (most recent call last):
    ecomsim.checks.EcomsimError: target.2026-11 by channel: got parts that add up to 80, 10 less than 90. ...
    """

    metric: str
    periods: Mapping[str, float]
    by: str = ""
    parts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        found = metric(self.metric, "target.metric")
        if found.adds is not Adds.SUM:
            known = [name for name, m in METRICS.items() if m.adds is Adds.SUM]
            raise EcomsimError(
                "target.metric",
                f"'{self.metric}', which does not add up over days",
                ", ".join(known[:8]) + ", ...",
                f"Set a target for '{found.ratio[0]}'" if found.ratio else "Choose one that does",
            )
        periods = _checked(self.periods, "target", found.unit)
        parts = {
            name: _checked(part, f"target.parts.{name}", found.unit) for name, part in self.parts.items()
        }
        if bool(self.by) != bool(parts):
            given = "parts without by" if parts else f"by='{self.by}' without parts"
            raise EcomsimError(
                "target", given, "both or neither", "Say what the parts are, e.g. by='channel'"
            )
        check_periods(periods)
        check_parts(periods, parts, self.by)
        object.__setattr__(self, "periods", MappingProxyType(periods))
        object.__setattr__(
            self, "parts", MappingProxyType({k: MappingProxyType(v) for k, v in parts.items()})
        )

    @property
    def months(self) -> Mapping[str, float]:
        """The periods that are months."""
        return MappingProxyType({p: v for p, v in self.periods.items() if len(p) == 7 and p[5] != "Q"})

    def part(self, name: str) -> Target:
        """Return the target of one part."""
        require_name(name, list(self.parts), f"target.parts by {self.by or 'nothing'}", "part")
        return Target(self.metric, self.parts[name])

    def __reduce__(self) -> tuple[Any, ...]:
        parts = {name: dict(part) for name, part in self.parts.items()}
        return Target, (self.metric, dict(self.periods), self.by, parts)

    def __hash__(self) -> int:
        return hash((self.metric, tuple(self.periods.items()), self.by, tuple(self.parts)))

    @classmethod
    def from_table(cls, table: pd.DataFrame, metric: str = "gmv") -> Target:
        """Return the target of `metric` in a table with the columns month, metric and target.

        `month` is YYYY-MM or any day of the month. A month given twice, or missing a value, raises.
        """
        for column in ("month", "metric", "target"):
            if column not in table.columns:
                hit = nearest(column, [str(c) for c in table.columns])
                remedy = f"Rename '{hit}'" if hit else f"Add the column {column}"
                raise EcomsimError("targets", f"no column '{column}'", "month, metric, target", remedy)
        rows = table[table["metric"].astype(str).str.strip() == metric]
        if rows.empty:
            known = sorted({str(m) for m in table["metric"]})
            require_name(metric, known, "targets.metric", "metric")
        months: dict[str, float] = {}
        for number, (month, value) in enumerate(zip(rows["month"], rows["target"], strict=True), start=1):
            text = (
                month
                if isinstance(month, str) and len(month) == 7
                else f"{parse_date(month, 'targets.month'):%Y-%m}"
            )
            if text in months:
                raise EcomsimError(f"targets row {number}", f"{text} twice", "each month once", "Keep one")
            months[text] = value
        return cls(metric, months)

    def daily(self, month: str, shape: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return the month's target split over its days in proportion to `shape`, not flat."""
        weights = np.asarray(shape, float)
        days = Horizon.month(month).days
        if (
            weights.shape != (days,)
            or not np.isfinite(weights).all()
            or (weights < 0).any()
            or not weights.any()
        ):
            raise EcomsimError(
                f"target.{month}.daily",
                f"weights of shape {weights.shape}",
                f"{days} weights, none negative",
                "",
            )
        total = self.months[require_name(month, list(self.months), "target", "month")]
        return np.asarray(total * weights / weights.sum())


def _checked(periods: Mapping[str, float], where: str, unit: str) -> dict[str, float]:
    if not isinstance(periods, Mapping) or not periods:
        raise EcomsimError(f"{where}.months", repr(periods)[:80], "{'2026-11': 12_000_000}", "Name a month")
    made = {}
    for period, value in periods.items():
        period_days(period, f"{where}.months")
        made[period] = require_number(value, f"{where}.{period}", low=0.0, open_low=True, unit=unit)
    return dict(sorted(made.items()))
