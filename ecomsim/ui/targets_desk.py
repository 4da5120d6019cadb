"""A store's forecasts on the analyst's desk: made once, asked many times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError, require_name, require_number
from ecomsim.forecast import Forecast, forecast
from ecomsim.opening import read_tables
from ecomsim.target import Target
from ecomsim.ui.targets_periods import Longer, longer

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["METRICS", "Asked", "TargetsDesk"]

METRICS = ("gmv", "orders", "buyers", "visitors", "units")
_AHEAD = 3
_BACK = 2
_WEEK = dt.timedelta(days=7)
_PATHS = 400


@dataclass(frozen=True)
class Asked:
    """What the screen asks.

    Attributes
    ----------
    metric, month : of the forecast
    by : 'channel' or 'category'
    as_of : last day that counts
    goal : target of the month, None without
    language : of the answer
    """

    metric: str
    month: str
    by: str
    as_of: dt.date
    goal: float | None = None
    language: str = "en"

    def target(self) -> Target | None:
        """Return the goal as a target."""
        return Target(self.metric, {self.month: self.goal}) if self.goal else None


@dataclass
class TargetsDesk:
    """One workbook.

    Parameters
    ----------
    path : a workbook, or a folder of exports
    """

    path: Path
    _tables: Mapping[str, pd.DataFrame] = field(init=False, repr=False)
    _made: dict[tuple[object, ...], Forecast] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._tables = read_tables(self.path)
        if not any(name in self._tables for name in ("store_day", "orders")):
            raise EcomsimError(
                str(self.path), "no sales by day", "store_day or orders", "Import the store's daily export"
            )
        days = (
            self._tables["store_day"]["date"]
            if "store_day" in self._tables
            else self._tables["orders"]["created_at"]
        )
        self.last: dt.date = days.max().date()
        self.first: dt.date = days.min().date()

    @property
    def metrics(self) -> tuple[str, ...]:
        """Metrics with days in the tables."""
        frame = self._tables.get("store_day")
        if frame is None:
            return ("gmv", "orders")
        return tuple(m for m in METRICS if m in frame and frame[m].notna().any())

    @property
    def levels(self) -> tuple[str, ...]:
        """Levels the metric can be split by."""
        found = ["channel"] if "channel_day" in self._tables else []
        products = self._tables.get("products")
        if "item_day" in self._tables and products is not None and products["category"].notna().any():
            found.append("category")
        return tuple(found)

    @property
    def months(self) -> tuple[str, ...]:
        """Months to ask for: some that are over, to look back on, then those ahead."""
        first = (self.last + dt.timedelta(days=1)).replace(day=1)
        out = [first]
        for _ in range(_BACK):
            out.insert(0, (out[0] - dt.timedelta(days=1)).replace(day=1))
        for _ in range(_AHEAD - 1):
            out.append((out[-1] + dt.timedelta(days=32)).replace(day=1))
        return tuple(f"{day:%Y-%m}" for day in out)

    def days(self, month: str) -> tuple[dt.date, ...]:
        """Return the as-of days a month can be asked from: its eve, then weekly, up to the data."""
        whole = Horizon.month(month)
        last = min(self.last, whole.end - dt.timedelta(days=1))
        out = [last]
        while out[-1] - _WEEK >= whole.start - dt.timedelta(days=1) and len(out) < 6:
            out.append(out[-1] - _WEEK)
        return tuple(out)

    def goal(self, metric: str, month: str) -> float | None:
        """Return the workbook's target."""
        frame = self._tables.get("targets")
        if frame is None:
            return None
        rows = frame[(frame["metric"] == metric) & (frame["month"] == month)]
        return float(rows["target"].iloc[-1]) if len(rows) else None

    def checked(self, asked: Asked) -> Asked:
        """Return the question with everything in it known to this workbook."""
        require_name(asked.metric, self.metrics, "metric", "metric")
        require_name(asked.month, self.months, "month", "month")
        days = self.days(asked.month)
        goal = asked.goal
        if goal is not None:
            goal = require_number(goal, "target", low=0.0) or None
        return replace(asked, as_of=asked.as_of if asked.as_of in days else days[0], goal=goal)

    def quick(self, asked: Asked) -> Forecast:
        """Return the forecast by channel or category, not yet tested on past months."""
        return self._split(asked, False)

    def full(self, asked: Asked) -> Forecast:
        """Return the forecast by channel or category, tested on past months."""
        return self._split(asked, True)

    def _split(self, asked: Asked, tested: bool) -> Forecast:
        by = asked.by if asked.by in self.levels else ""
        try:
            return self._answer(asked.metric, asked.month, by, asked.as_of, tested)
        except EcomsimError:
            if not by:
                raise
            # this metric has no such parts
            return self._answer(asked.metric, asked.month, "", asked.as_of, tested)

    def before(self, asked: Asked, now: Forecast) -> Forecast:
        """Return the forecast of a week earlier, for what moved since."""
        earlier = max(asked.as_of - _WEEK, self.first + 8 * _WEEK)
        return now.asked(now.question.until(earlier))

    def longer(self, asked: Asked, now: Forecast) -> tuple[Longer, ...]:
        """Return the quarter and the year of the month asked for; its target is the one on the screen."""

        def goal(month: str) -> float | None:
            return asked.goal if month == asked.month else self.goal(asked.metric, month)

        return longer(now, asked.month, goal, self._tables)

    def _answer(self, metric: str, month: str, by: str, as_of: dt.date, tested: bool) -> Forecast:
        key = (metric, month, by, as_of, tested)
        if key not in self._made:
            while len(self._made) >= 12:
                self._made.pop(next(iter(self._made)))
            self._made[key] = forecast(
                self._tables, month, metric=metric, by=by, as_of=as_of, strict=False, missing="unknown", paths=_PATHS,
                calibrate=tested,
            )  # fmt: skip
        return self._made[key]
