"""Results of a simulation: every scenario, replication and day, labelled, with what they came from."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ecomsim.calendar import Horizon, parse_month
from ecomsim.checks import EcomsimError, require_name
from ecomsim.metrics import METRICS, Adds, Metric, metric
from ecomsim.scenario import Scenario
from ecomsim.store import Store
from ecomsim.study.origin import Origin, labelled, store_hash
from ecomsim.study.shapes import Arrays, Floats, checked, dims_of

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["Study"]

# A metric that was not recorded but follows from others: signs of its parts.
_DERIVED: Mapping[str, Mapping[str, float]] = {
    "net_sales": {"gmv": 1, "refunds": -1},
    "margin": {
        "net_sales": 1, "cogs": -1, "platform_fees": -1, "protection": -1, "ad_spend": -1, "commission": -1,
        "freight": -1, "wages": -1, "holding": -1,
    },
}  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Study:
    """Labelled results.

    Attributes
    ----------
    origin : seed, horizon, scenarios, store and version
    arrays : scenario -> variable -> float32 array; see `ecomsim.study.shapes.dims_of` for their dimensions
    folder : where it was saved or loaded from
    """

    origin: Origin
    arrays: Arrays
    folder: Path | None = None

    @classmethod
    def build(
        cls,
        arrays: Arrays,
        *,
        dates: Horizon | Sequence[dt.date],
        store: Store,
        seed: int,
        scenarios: Iterable[Scenario] | Mapping[str, str] = (),
        channels: Iterable[str] = (),
        skus: Iterable[str] = (),
        slots: Iterable[object] = (),
        first: int = 0,
    ) -> Study:
        """Return a study of simulated arrays.

        Parameters
        ----------
        arrays : scenario -> variable -> array, with the dimensions its name asks for (`dims_of`)
        dates : the horizon
        store : the store before any scenario
        seed : seed of the run
        scenarios : the scenarios, or {name: YAML text}; those not given have no text
        channels, skus, slots : labels of the other dimensions
        first : number of the first replication

        Raises
        ------
        EcomsimError
            If a shape or a label does not fit.
        """
        if isinstance(scenarios, Mapping):
            texts = dict(scenarios)
        else:
            texts = {one.name: one.text for one in scenarios}
        if not arrays:
            raise EcomsimError("study", "no scenarios", "at least one", "Simulate the baseline")
        counts = {
            len(array)
            for one in arrays.values()
            for v, array in one.items()
            if dims_of(v)[0] == "replication"
        }
        if len(counts) != 1:
            raise EcomsimError(
                "study.replications", f"{sorted(counts)}", "one number of replications in every array", ""
            )
        origin = Origin(
            tuple(dates), labelled(channels), labelled(skus), labelled(slots), int(seed), int(first),
            counts.pop(), {name: texts.get(name, "") for name in arrays}, store.name, store_hash(store),
            store.currency,
        )  # fmt: skip
        return cls(origin, checked(arrays, origin))

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Scenario names in order."""
        return tuple(self.origin.scenarios)

    @property
    def dates(self) -> tuple[dt.date, ...]:
        """Days of the horizon."""
        return self.origin.dates

    @property
    def horizon(self) -> Horizon:
        """The horizon."""
        return Horizon(self.dates[0], self.dates[-1])

    @property
    def replications(self) -> int:
        """Number of replications."""
        return self.origin.replications

    @property
    def seed(self) -> int:
        """Seed of the run."""
        return self.origin.seed

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the recorded arrays."""
        return tuple(next(iter(self.arrays.values())))

    @property
    def metrics(self) -> tuple[str, ...]:
        """Every metric this study can answer, derived ones included, in the order of the metric table."""
        return tuple(name for name in METRICS if self._has(name))

    def _has(self, name: str) -> bool:
        found = METRICS[name]
        if found.ratio:
            return all(self._has(part) for part in found.ratio)
        parts = _DERIVED.get(name, {})
        return name in self.variables or (bool(parts) and all(self._has(part) for part in parts))

    @cached_property
    def data(self) -> xr.Dataset:
        """Everything as an xarray Dataset: dimensions scenario, replication, date, channel, sku, slot."""
        from ecomsim.study.dataset import dataset

        return dataset(self.origin, self.arrays)

    def array(self, variable: str, scenario: str) -> NDArray[Any]:
        """Return a recorded array of one scenario, e.g. `gmv_by_channel` (replication, channel)."""
        found = self.arrays[require_name(scenario, self.scenarios, "study", "scenario")]
        return found[require_name(variable, list(found), f"study.{scenario}", "variable")]

    def daily(self, name: str, scenario: str) -> Floats:
        """Return a metric by replication and day, (R, D); a ratio is NaN where its denominator is 0."""
        found = self._known(name)
        if found.ratio:
            above, below = (self.daily(part, scenario) for part in found.ratio)
            return _divide(above, below)
        if name in self.variables:
            return np.asarray(self.array(name, scenario), np.float64)
        parts = [sign * self.daily(part, scenario) for part, sign in _DERIVED[name].items()]
        return np.asarray(np.sum(parts, axis=0))

    def total(self, name: str, scenario: str, month: str | None = None) -> Floats:
        """Return a metric over the horizon, or over one month of it, by replication: (R,).

        Sums are summed, stocks and scores are those of the last day, means are weighed by the metric's
        weight, and a ratio is the ratio of its parts' totals in each replication, NaN where the denominator
        is 0.
        """
        found = self._known(name)
        days = self._days(month)
        if found.ratio:
            above, below = (self.total(part, scenario, month) for part in found.ratio)
            return _divide(above, below)
        values = self.daily(name, scenario)[:, days]
        if found.adds is Adds.SUM:
            return np.asarray(values.sum(axis=1))
        if found.adds is Adds.LAST:
            return np.asarray(values[:, -1])
        if not found.weight or found.weight not in self.variables:
            return np.asarray(values.mean(axis=1))
        weight = self.daily(found.weight, scenario)[:, days]
        # A day without weight may hold no meaningful value (nobody answered, so no answer time).
        return _divide(np.where(weight > 0, values * weight, 0.0).sum(axis=1), weight.sum(axis=1))

    def _days(self, month: str | None) -> slice:
        if month is None:
            return slice(0, len(self.dates))
        days = self.horizon.slice_of(*parse_month(month))
        if days.start == days.stop:
            raise EcomsimError("study.month", month, ", ".join(self.horizon.months), "Simulate that month")
        return days

    def _known(self, name: str) -> Metric:
        found = metric(name, "study.metric")
        if not self._has(name):
            raise EcomsimError(
                f"study.{name}", "no values", ", ".join(self.metrics), "It was not recorded: simulate with it"
            )
        return found

    def summary(self, metrics: str | Sequence[str] | None = None, share: float = 0.8) -> pd.DataFrame:
        """Return mean, middle and the range holding `share` of the replications, by metric and scenario.

        See `ecomsim.study.summary.summary`.
        """
        from ecomsim.study.summary import summary

        return summary(self, metrics, share)

    def quantiles(
        self,
        name: str,
        probs: Sequence[float] = (0.1, 0.5, 0.9),
        *,
        scenario: str | None = None,
        by: str = "date",
        cumulative: bool = False,
    ) -> pd.DataFrame:
        """Return quantiles of a metric by date (optionally running) or of the horizon total.

        See `ecomsim.study.summary.quantiles`.
        """
        from ecomsim.study.summary import quantiles

        return quantiles(self, name, probs, scenario=scenario, by=by, cumulative=cumulative)

    def against(
        self,
        base: str,
        metrics: str | Sequence[str] | None = None,
        *,
        other: Study | None = None,
        share: float = 0.8,
    ) -> pd.DataFrame:
        """Return the paired difference of every scenario to `base`, replication by replication.

        See `ecomsim.study.summary.against`.
        """
        from ecomsim.study.summary import against

        return against(self, base, metrics, other=other, share=share)

    def save(self, folder: str | os.PathLike[str]) -> Study:
        """Write the study as Parquet files in `folder`, all or nothing, and return it knowing its folder."""
        from ecomsim.study.files import save

        return Study(self.origin, self.arrays, save(self, folder))

    @classmethod
    def load(cls, folder: str | os.PathLike[str]) -> Study:
        """Return the study saved in `folder`."""
        from ecomsim.study.files import load

        origin, arrays, path = load(folder)
        return cls(origin, checked(arrays, origin), path)

    def query(self, sql: str) -> pd.DataFrame:
        """Answer SQL over the saved Parquet (or memory, when not saved) with DuckDB.

        Tables: `daily` (scenario, replication, date, one column a metric), and, where recorded, `by_channel`,
        `by_channel_day`, `by_sku`, `by_sku_day`, `by_slot`.
        """
        from ecomsim.study.files import query

        return query(self, sql)

    @classmethod
    def concat(cls, studies: Iterable[Study]) -> Study:
        """Return one study of pieces: ranges of replications, scenarios, or both.

        See `ecomsim.study.pieces.concat`.
        """
        from ecomsim.study.pieces import concat

        made: Study = concat(tuple(studies))
        return made

    def __repr__(self) -> str:
        days = f"{self.dates[0]} to {self.dates[-1]}"
        names = ", ".join(self.scenarios)
        return f"Study({names}: {self.replications:,} replications of {days}, seed {self.seed})"


def _divide(above: Floats, below: Floats) -> Floats:
    return np.asarray(np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below != 0))
