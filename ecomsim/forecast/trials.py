"""Past origins forecast again: what was foretold of the next days' totals beside what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.calendar import Event, Horizon
from ecomsim.forecast.drawn import Sample
from ecomsim.forecast.model import sample
from ecomsim.forecast.panel import Panel
from ecomsim.forecast.settings import Model

__all__ = ["LEAST_HISTORY_DAYS", "NODES", "Trials", "distance", "run_trials"]

Floats: TypeAlias = NDArray[np.float64]

NODES = (1, 3, 5, 7, 10, 14, 17, 21, 24, 28, 31)
"""Days ahead at which totals are compared; between them the corrections are interpolated."""

LEAST_HISTORY_DAYS = 56
_PATHS = 100
_MOST_ORIGINS = 52
_TINY = 0.05
_Z80 = 1.2815515655446004


@dataclass(frozen=True, eq=False)
class Trials:
    """Distances of what happened from what was foretold.

    Attributes
    ----------
    known : (n,) days of history at each origin, ascending
    distances : kind -> (n, groups, nodes): 0 at the median, -1.28 and 1.28 at the 10 % and 90 % quantiles;
        NaN where the days were not over yet or nothing was sold
    """

    known: NDArray[np.int64]
    distances: Mapping[str, Floats]

    def before(self, known: int) -> Trials:
        """Return what could be known after `known` days: origins whose days ahead were over by then."""
        ends = self.known[:, None] + np.array(NODES)
        kept = self.known + NODES[0] <= known
        over = (ends <= known)[kept]
        return Trials(
            self.known[kept],
            {kind: np.where(over[:, None, :], d[kept], np.nan) for kind, d in self.distances.items()},
        )


def run_trials(
    panel: Panel,
    *,
    events: Sequence[Event] | None = None,
    regressors: Mapping[str, Floats] | None = None,
    model: Model | None = None,
    seed: int = 7,
    levels: Sequence[str] | None = None,
    kinds: Sequence[str] | None = None,
    step_days: int = 7,
    until: dt.date | None = None,
    draw: Callable[..., Sample] = sample,
) -> Trials:
    """Forecast from past origins, a week apart, and note where the truth fell.

    Parameters
    ----------
    levels : levels of the panel to judge; None is all of them
    kinds : a kind for each leaf: leaves of one kind are judged together; None is 'leaf' for all
    step_days : between origins; widened where there would be more than a year's worth
    until : last day of history used; None is the panel's last
    draw : what makes the paths; `sample` unless a second member joins in

    Notes
    -----
    Each origin sees only the days before it. Regressors and events count as known in advance.
    """
    held = panel if until is None else panel.until(until)
    judged = list(held.levels) if levels is None else list(levels)
    labels = np.array(["leaf"] * len(held.ids) if kinds is None else list(kinds))
    origins = _origins(held.days, step_days)
    sizes = {level: len(held.level_names[level]) for level in judged}
    sizes |= {kind: int((labels == kind).sum()) for kind in dict.fromkeys(labels.tolist())}
    out = {kind: np.full((len(origins), size, len(NODES)), np.nan) for kind, size in sizes.items()}
    for i, known in enumerate(origins):
        drawn, actual = _cumulated(held, int(known), events, regressors, model, seed, draw)
        for level in judged:
            out[level][i] = distance(held.sums(level, drawn), held.sums(level, actual))
        for kind in dict.fromkeys(labels.tolist()):
            chosen = labels == kind
            out[kind][i] = distance(drawn[chosen], actual[chosen])
    return Trials(origins, out)


def _origins(days: int, step_days: int) -> NDArray[np.int64]:
    last, first = days - NODES[0], LEAST_HISTORY_DAYS
    if last < first:
        return np.zeros(0, np.int64)
    step = max(step_days, -(-(last - first) // _MOST_ORIGINS))
    step = -(-step // step_days) * step_days
    return np.arange(last, first - 1, -step)[::-1]


def _cumulated(
    panel: Panel,
    known: int,
    events: Sequence[Event] | None,
    regressors: Mapping[str, Floats] | None,
    model: Model | None,
    seed: int,
    draw: Callable[..., Sample],
) -> tuple[Floats, Floats]:
    """Return totals up to each node, drawn (S, R, nodes) and actual (S, nodes), NaN where not over."""
    ahead = NODES[-1]
    start = panel.start + dt.timedelta(days=known)
    past = panel.until(start - dt.timedelta(days=1))
    if regressors:
        # near the end of history a driver's plan may be shorter than the longest node
        ahead = min(ahead, min(np.shape(v)[-1] for v in regressors.values()) - known)
    drivers = {name: np.asarray(v)[..., : known + ahead] for name, v in (regressors or {}).items()}
    horizon = Horizon(start, start + dt.timedelta(days=ahead - 1))
    drawn = draw(past, horizon, events=events, regressors=drivers, paths=_PATHS, seed=seed, model=model)
    at = np.minimum(np.array(NODES), ahead) - 1
    sums = np.cumsum(drawn.paths, axis=2, dtype=np.float64)[:, :, at]
    full = np.full((len(panel.ids), NODES[-1]), np.nan)
    rest = panel.values[:, known : known + NODES[-1]]
    full[:, : rest.shape[1]] = rest
    actual = np.cumsum(full, axis=1)[:, np.array(NODES) - 1]
    actual[:, np.array(NODES) > ahead] = np.nan
    return sums, actual


def distance(drawn: Floats, actual: Floats) -> Floats:
    """Return how far the actual lies from the median of draws, in units of their own spread on a log scale.

    Parameters
    ----------
    drawn : (groups, R, nodes)
    actual : (groups, nodes)
    """
    low, middle, high = (np.quantile(drawn, q, axis=1) for q in (0.1, 0.5, 0.9))
    floor = _TINY * np.maximum(drawn.mean(axis=1), 1e-12)
    log_low, log_mid, log_high = (np.log(np.maximum(x, floor)) for x in (low, middle, high))
    gap = np.log(np.maximum(actual, floor)) - log_mid
    side = np.where(gap >= 0, log_high - log_mid, log_mid - log_low) / _Z80
    return np.asarray(np.where(drawn.mean(axis=1) > 0, gap / np.maximum(side, 1e-3), np.nan))
