"""A summary that grows batch by batch: any number of replications in the memory of one batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from ecomsim.checks import EcomsimError, require_name
from ecomsim.metrics import Adds, metric
from ecomsim.study.origin import Origin
from ecomsim.study.pieces import refuse_strangers
from ecomsim.study.shapes import Floats
from ecomsim.study.study import Study

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Tally"]


@dataclass
class Tally:
    """Horizon totals of every replication, and mean and spread of every day, of studies added one by one.

    Kept are one number a scenario, metric and replication, and two a day; the studies themselves may go.

    Examples
    --------
    ``tally = Tally.of(studies(shop, nov, replications=10_000)); tally.summary()``
    """

    _origin: Origin | None = field(default=None, repr=False)
    _metrics: tuple[str, ...] = field(default=(), repr=False)
    _totals: dict[tuple[str, str], list[Floats]] = field(default_factory=dict, repr=False)
    _days: dict[tuple[str, str], tuple[Floats, Floats]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, studies: Iterable[Study]) -> Tally:
        """Return the tally of studies of consecutive replications."""
        tally = cls()
        for study in studies:
            tally.add(study)
        return tally

    def add(self, study: Study) -> None:
        """Take in the next replications.

        Raises
        ------
        EcomsimError
            If the study differs in seed, horizon, store, version, scenarios or metrics, or does not begin
            with the next replication.
        """
        before = self._origin.replications if self._origin else 0
        if self._origin is None:
            self._origin, self._metrics = study.origin, study.metrics
        else:
            refuse_strangers(self._origin, study.origin)
            following = self._origin.first + before
            if study.origin.first != following:
                raise EcomsimError(
                    "Tally.add", f"replications {study.origin.span}", f"the next from {following}", ""
                )
            if study.scenarios != self.scenarios or study.metrics != self._metrics:
                raise EcomsimError("Tally.add", "other scenarios or metrics", "the same in every batch", "")
            self._origin = replace(self._origin, replications=before + study.replications)
        for name in self._metrics:
            for scenario in study.scenarios:
                self._totals.setdefault((name, scenario), []).append(study.total(name, scenario))
                if metric(name).adds is not Adds.RATIO:
                    self._merge(name, scenario, study.daily(name, scenario), before)

    def _merge(self, name: str, scenario: str, values: Floats, before: int) -> None:
        """Merge mean and sum of squared deviations of two groups.

        Chan, Golub and LeVeque (1983), Algorithms for computing the sample variance.
        """
        count = len(values)
        mean, squares = values.mean(axis=0), ((values - values.mean(axis=0)) ** 2).sum(axis=0)
        if before:
            old_mean, old_squares = self._days[name, scenario]
            delta = mean - old_mean
            both = before + count
            squares = old_squares + squares + delta**2 * before * count / both
            mean = old_mean + delta * count / both
        self._days[name, scenario] = (mean, squares)

    @property
    def origin(self) -> Origin:
        """Where the numbers came from, all replications so far."""
        if self._origin is None:
            raise EcomsimError("Tally", "no studies", "at least one", "Add a study first")
        return self._origin

    @property
    def replications(self) -> int:
        """Replications so far."""
        return self.origin.replications

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Scenario names in order."""
        return tuple(self.origin.scenarios)

    @property
    def metrics(self) -> tuple[str, ...]:
        """Metrics it can answer."""
        return self._metrics

    def total(self, name: str, scenario: str) -> Floats:
        """Return a metric over the horizon by replication, (R,)."""
        require_name(name, self.metrics, "tally.metric", "metric")
        require_name(scenario, self.scenarios, "tally", "scenario")
        return np.concatenate(self._totals[name, scenario])

    def daily(self, name: str, scenario: str) -> tuple[Floats, Floats]:
        """Return mean and standard deviation over replications of every day, (D,) each."""
        known = tuple(dict.fromkeys(key for key, _ in self._days))
        require_name(name, known, "tally.metric", "daily metric")
        require_name(scenario, self.scenarios, "tally", "scenario")
        mean, squares = self._days[name, scenario]
        return mean, np.sqrt(squares / max(self.replications - 1, 1))

    def summary(self, metrics: str | Sequence[str] | None = None, share: float = 0.8) -> pd.DataFrame:
        """Return the table of `Study.summary`."""
        from ecomsim.study.summary import summary

        return summary(self, metrics, share)

    def against(
        self, base: str, metrics: str | Sequence[str] | None = None, share: float = 0.8
    ) -> pd.DataFrame:
        """Return the table of `Study.against`."""
        from ecomsim.study.summary import against

        return against(self, base, metrics, share=share)
