"""Visitors x conversion x order value: three paths that multiply to GMV, and a gap split along that line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecomsim.calendar import Event, Horizon
from ecomsim.checks import EcomsimError, require_number
from ecomsim.forecast.asking import forecast
from ecomsim.forecast.explain import log_mean
from ecomsim.forecast.lifts import Lift
from ecomsim.forecast.model import Model
from ecomsim.forecast.outlook import Forecast
from ecomsim.forecast.panel import Panel
from ecomsim.target import Target, period_days

__all__ = ["Drivers", "forecast_drivers"]

Floats: TypeAlias = NDArray[np.float64]

DRIVERS = ("visitors", "conversion_rate", "aov")
_PARTS = ("visitors", "buyers", "gmv")
_CLOSE = 1e-3


@dataclass(frozen=True, eq=False)
class Drivers:
    """Forecasts of visitors, buyers and GMV on the same days of luck.

    Every path of the three takes its residuals from the same past days, so a path's conversion (buyers / visitors)
    and order value (GMV / buyers) are what happened together, and visitors x conversion x order value IS its GMV.

    Attributes
    ----------
    visitors, buyers, gmv : forecasts of the same days, seed and paths
    """

    visitors: Forecast
    buyers: Forecast
    gmv: Forecast

    def daily(self) -> dict[str, Floats]:
        """Return (paths, H) of visitors, conversion_rate, aov and gmv; the first three multiply to the last."""
        visitors, buyers, gmv = (one.daily()[0] for one in (self.visitors, self.buyers, self.gmv))
        rate = np.divide(buyers, visitors, out=np.zeros_like(buyers), where=visitors > 0)
        value = np.divide(gmv, buyers, out=np.zeros_like(gmv), where=buyers > 0)
        return {"visitors": visitors, "conversion_rate": rate, "aov": value, "gmv": visitors * rate * value}

    def total(self, period: str | None = None) -> pd.DataFrame:
        """Return mean, P10, P50 and P90 of a period's visitors, conversion, order value and GMV."""
        period = period or self.gmv.horizon.months[-1]
        rows = {}
        for name, drawn in self._drawn(period).items():
            low, mid, high = np.quantile(drawn, [0.1, 0.5, 0.9])
            rows[name] = {"mean": drawn.mean(), "p10": low, "p50": mid, "p90": high}
        return pd.DataFrame.from_dict(rows, orient="index")

    def gap(
        self, period: str | None = None, *, target: Target | None = None, plan: Mapping[str, float] | None = None,
        against: str = "last year",
    ) -> pd.DataFrame:  # fmt: skip
        """Return the difference between what is expected and a reference, split along visitors, conversion, value.

        Parameters
        ----------
        period : default the horizon's last month
        target : with it, `needed` tells what each driver alone would have to be on the days left to reach it
        plan : planned drivers {'visitors': ..., 'conversion_rate': ..., 'aov': ...} as the reference; their product
            must be the target
        against : without a plan, 'last year' (the same period) or 'last month' (as many days before the period)

        Returns
        -------
        DataFrame by driver: `reference`, `expected`, `effect` on GMV by the logarithmic mean, which adds up to the
        whole difference in the last row, 'gmv'.

        Raises
        ------
        EcomsimError
            For a plan whose drivers do not multiply to the target, or a reference history does not hold.
        """
        period = period or self.gmv.horizon.months[-1]
        sums = self._sums(period)
        reference = self._planned(period, plan, target) if plan is not None else self._past(period, against)
        expected = _line(*sums)
        before = dict(zip(DRIVERS, reference, strict=True))
        old, new = float(np.prod(reference)), sums[2]
        weight = float(log_mean(np.array(new), np.array(old)))
        rows = {
            name: {"reference": before[name], "expected": expected[name],
                   "effect": weight * float(np.log(expected[name] / before[name]))}
            for name in DRIVERS
        }  # fmt: skip
        rows["gmv"] = {"reference": old, "expected": new, "effect": new - old}
        table = pd.DataFrame.from_dict(rows, orient="index")
        if target is not None:
            table["needed"] = self._needed(period, target, expected)
        return table

    def _drawn(self, period: str) -> dict[str, Floats]:
        visitors, buyers, gmv = (one.outcomes(period)[0] for one in (self.visitors, self.buyers, self.gmv))
        return {
            "visitors": visitors, "conversion_rate": buyers / np.maximum(visitors, 1e-9),
            "aov": gmv / np.maximum(buyers, 1e-9), "gmv": gmv,
        }  # fmt: skip

    def _sums(self, period: str) -> tuple[float, float, float]:
        a, b, c = (float(one.outcomes(period)[0].mean()) for one in (self.visitors, self.buyers, self.gmv))
        return a, b, c

    def _past(self, period: str, against: str) -> tuple[float, float, float]:
        first, last = period_days(period)
        if against == "last year":
            begin, end = _year_before(first), _year_before(last)
        elif against == "last month":
            begin, end = first - (last - first) - dt.timedelta(days=1), first - dt.timedelta(days=1)
        else:
            raise EcomsimError(
                "drivers.gap.against", f"'{against}'", "'last year', 'last month'", "Choose one"
            )
        panel = self.gmv.panel
        if begin < panel.start or end > panel.end:
            raise EcomsimError(
                "drivers.gap.against", f"{against}: {begin} to {end}", f"days from {panel.start} to {panel.end}",
                "Choose the other, or give a plan",
            )  # fmt: skip
        at = slice((begin - panel.start).days, (end - panel.start).days + 1)
        sums = [float(one.panel.values[:, at].sum()) for one in (self.visitors, self.buyers, self.gmv)]
        line = _line(*sums)
        return line["visitors"], line["conversion_rate"], line["aov"]

    def _planned(
        self, period: str, plan: Mapping[str, float], target: Target | None
    ) -> tuple[float, float, float]:
        values = []
        for name in DRIVERS:
            if name not in plan:
                raise EcomsimError("drivers.gap.plan", f"no '{name}'", ", ".join(DRIVERS), "Give all three")
            values.append(require_number(plan[name], f"drivers.gap.plan.{name}", low=0.0, open_low=True))
        product = float(np.prod(values))
        goal = product if target is None else target.periods.get(period, product)
        if abs(product - goal) > _CLOSE * goal:
            more = "more" if product > goal else "less"
            raise EcomsimError(
                "drivers.gap.plan", f"drivers that multiply to {product:,.10g}, {abs(product - goal):,.10g} {more} "
                f"than the target {goal:,.10g}", "visitors x conversion_rate x aov = target",
                f"With these visitors and conversion the order value must be {goal / values[0] / values[1]:,.6g}",
            )  # fmt: skip
        return values[0], values[1], values[2]

    def _needed(self, period: str, target: Target, expected: Mapping[str, float]) -> list[float]:
        """Return each driver on the days left if it alone closes the gap, and the GMV still required."""
        rest = [
            float(one.rest(period)[0].sum(axis=1).mean()) for one in (self.visitors, self.buyers, self.gmv)
        ]
        required = target.periods[period] - float(self.gmv.known(period)[0])
        line = _line(*rest)
        return [*(line[name] * required / rest[2] for name in DRIVERS), required]


def forecast_drivers(
    history: Mapping[str, pd.DataFrame] | Mapping[str, Panel],
    horizon: Horizon | str,
    *,
    events: Sequence[Event] | None = None,
    lifts: Mapping[str, Lift] | None = None,
    as_of: dt.date | str | None = None,
    missing: str | Mapping[dt.date | str, str] | None = None,
    paths: int = 400,
    seed: int = 7,
    model: Model | None = None,
) -> Drivers:
    """Forecast visitors, buyers and GMV together.

    Parameters
    ----------
    history : canonical tables by name, or panels {'visitors': ..., 'buyers': ..., 'gmv': ...} of the same days
    horizon, events, lifts, as_of, missing, paths, seed, model : as for `forecast`

    Raises
    ------
    EcomsimError
        When one of the three is missing, or they do not cover the same days.
    """
    made = []
    for name in _PARTS:
        source = history.get(name) if name in history else history
        made.append(
            forecast(
                source, horizon, metric=name, events=events, lifts=lifts, as_of=as_of, missing=missing,  # type: ignore[arg-type]
                paths=paths, seed=seed, model=model,
            )
        )  # fmt: skip
    spans = {(one.panel.start, one.panel.end) for one in made}
    if len(spans) > 1:
        told = "; ".join(
            f"{n}: {one.panel.start} to {one.panel.end}" for n, one in zip(_PARTS, made, strict=True)
        )
        raise EcomsimError(
            "forecast_drivers", told, "the same days for visitors, buyers and gmv", "Import the missing days"
        )
    return Drivers(*made)


def _line(visitors: float, buyers: float, gmv: float) -> dict[str, float]:
    return {"visitors": visitors, "conversion_rate": buyers / visitors, "aov": gmv / buyers}


def _year_before(day: dt.date) -> dt.date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
