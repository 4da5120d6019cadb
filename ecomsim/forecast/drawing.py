"""How one origin's paths are made: the event regression, agreement with the whole, what a second member says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.calendar import Event, Horizon
from ecomsim.calendar import events as dated_events
from ecomsim.forecast.drawn import Sample
from ecomsim.forecast.model import sample
from ecomsim.forecast.panel import Panel
from ecomsim.forecast.second import Learned
from ecomsim.forecast.settings import Model
from ecomsim.forecast.whole import agreed

__all__ = ["Drawing"]

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Drawing:
    """The forecaster's members put together, for today's origin and for every past one alike.

    Attributes
    ----------
    second : boosted trees taught at several past days; None without them
    """

    second: Learned | None = None

    def __call__(
        self,
        panel: Panel,
        horizon: Horizon,
        *,
        events: Sequence[Event] | None = None,
        regressors: Mapping[str, Floats] | None = None,
        paths: int = 400,
        seed: int = 7,
        model: Model | None = None,
    ) -> Sample:
        """Return joint paths; each origin's trees and their share rest on what was known then."""
        found = dated_events(panel.start, horizon.end) if events is None else events
        drawn = agreed(
            sample(panel, horizon, events=found, regressors=regressors, paths=paths, seed=seed, model=model)
        )
        return drawn if self.second is None else self.second.moved(drawn, found)
