"""The track record: past months foretold from their first days on, beside plain rules, with every score."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.calendar import Event, Horizon
from ecomsim.checks import EcomsimError
from ecomsim.forecast.baselines import BASELINES, Baseline, calibrated_by_past_errors
from ecomsim.forecast.coherent import calibrated_sample
from ecomsim.forecast.drawn import Sample
from ecomsim.forecast.model import sample
from ecomsim.forecast.panel import Panel
from ecomsim.forecast.scoring import Record, score_rows
from ecomsim.forecast.settings import Model
from ecomsim.forecast.totals import calibrate_totals
from ecomsim.forecast.trials import LEAST_HISTORY_DAYS, Trials, run_trials

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ELAPSED_DAYS", "Record", "backtest", "full_months"]

Floats: TypeAlias = NDArray[np.float64]

ELAPSED_DAYS = (0, 5, 10, 15, 20)
_TARGETS = (0.95, 1.0, 1.05)
MODEL = "forecast"


def full_months(panel: Panel, months: int) -> list[str]:
    """Return the last full months that have eight weeks before them, oldest first.

    Raises
    ------
    EcomsimError
        When there is none.
    """
    whole = Horizon(panel.start, panel.end)
    found = [
        m for m in whole.months
        if whole.covers(m) and (Horizon.month(m).start - panel.start).days >= LEAST_HISTORY_DAYS
    ][-months:]  # fmt: skip
    if not found:
        raise EcomsimError(
            "backtest", f"{panel.days} days of history",
            f"a full month with {LEAST_HISTORY_DAYS} days before it", "Import more history",
        )  # fmt: skip
    return found


def backtest(
    panel: Panel,
    *,
    months: int | Sequence[str] = 6,
    elapsed_days: Sequence[int] = ELAPSED_DAYS,
    events: Sequence[Event] | None = None,
    regressors: Mapping[str, Floats] | None = None,
    paths: int = 400,
    seed: int = 7,
    model: Model | None = None,
    levels: Sequence[str] | None = None,
    baselines: Mapping[str, Baseline] = BASELINES,
    draw: Callable[..., Sample] = sample,
    progress: Callable[[int, int, str], None] | None = None,
) -> Record:
    """Foretell past months as of several of their days and score what was said.

    Parameters
    ----------
    months : how many of the last full months, or which
    elapsed_days : days of the month already known
    events, regressors : as for `sample`; they count as known in advance
    levels : levels of the panel, 'leaf' for the leaves; None is all levels
    baselines : rules scored beside the forecast
    draw : what makes the paths; `sample` unless another member is tried
    progress : told (done, total, step)

    Raises
    ------
    EcomsimError
        When no month has eight weeks of history before it.
    """
    wanted = full_months(panel, months) if isinstance(months, int) else list(months)
    judged = list(panel.levels) if levels is None else list(levels)
    trials = run_trials(
        panel,
        events=events,
        regressors=regressors,
        model=model,
        seed=seed,
        until=Horizon.month(wanted[-1]).end,
        draw=draw,
    )
    past = _PastErrors(panel, judged, list(elapsed_days))
    rows: list[pd.DataFrame] = []
    for number, month in enumerate(wanted):
        if progress is not None:
            progress(number, len(wanted), month)
        for elapsed in elapsed_days:
            rows += _one(
                panel, month, elapsed, trials, judged, past, baselines, draw,
                dict(events=events, paths=paths, seed=seed, model=model), regressors,
            )  # fmt: skip
    return Record.of(rows)


def _one(
    panel: Panel,
    month: str,
    elapsed: int,
    trials: Trials,
    levels: Sequence[str],
    past: _PastErrors,
    baselines: Mapping[str, Baseline],
    draw: Callable[..., Sample],
    how: Mapping[str, object],
    regressors: Mapping[str, Floats] | None,
) -> list[pd.DataFrame]:
    """Return the scores of one origin."""
    whole = Horizon.month(month)
    rest = Horizon(whole.start + dt.timedelta(days=elapsed), whole.end)
    known = (rest.start - panel.start).days
    held = panel.until(rest.start - dt.timedelta(days=1))
    drivers = {name: np.asarray(v)[..., : known + rest.days] for name, v in (regressors or {}).items()}
    raw = draw(held, rest, regressors=drivers, **how)
    totals = calibrate_totals(trials.before(known))
    made = calibrated_sample(raw, totals)
    paths, seed = raw.paths.shape[1], raw.basis.seed
    out = []
    for level in levels:
        names, values = panel.at(level)
        so_far = values[:, known - elapsed : known].sum(axis=1)
        actual = values[:, known - elapsed : known - elapsed + whole.days].sum(axis=1)
        reference = values[:, known - elapsed - 28 : known - elapsed].mean(axis=1) * whole.days
        drawn: dict[str, Floats] = {
            MODEL: made.at(level)[1].sum(axis=2),
            f"{MODEL}, raw": raw.at(level)[1].sum(axis=2),
        }
        for name, rule in baselines.items():
            drawn[name] = rule(values[:, :known], elapsed, rest.days, paths, seed)
        point = _projected(values, known, elapsed, rest.days)
        drawn["run-rate, calibrated"] = calibrated_by_past_errors(
            point, past.ratios(level, elapsed, known), paths
        )
        calibrated = totals.at(level, rest.days).calibrated
        for name, totals_ahead in drawn.items():
            out.append(
                score_rows(
                    name, month, elapsed, level, names, actual, so_far[:, None] + totals_ahead,
                    [share * reference for share in _TARGETS], calibrated and name == MODEL,
                )
            )  # fmt: skip
    return out


def _projected(values: Floats, known: int, elapsed: int, ahead: int) -> Floats:
    """Return the run-rate's total of the days ahead."""
    days = elapsed or 28
    return np.asarray(values[:, known - days : known].mean(axis=1) * ahead)


class _PastErrors:
    """Ratios of actual over run-rate on the same day of earlier months, by level; pooled over a level's series.

    A month's first days may be its strongest: only errors made on the same day of a month say what the run-rate
    of that day is worth. Before one month is over, stretches that begin on any week stand in.
    """

    def __init__(self, panel: Panel, levels: Sequence[str], elapsed_days: Sequence[int]) -> None:
        self._found: dict[tuple[str, int], list[tuple[NDArray[np.int64], Floats]]] = {}
        day = np.array([d.day for d in panel.dates])
        closing = np.flatnonzero(np.array([(d + dt.timedelta(days=1)).day for d in panel.dates]) == 1) + 1
        for level in levels:
            values = panel.at(level)[1]
            for elapsed in elapsed_days:
                begun = np.flatnonzero(day == elapsed + 1)
                begun = begun[(begun >= (elapsed or 28)) & (begun < closing.max(initial=0))]
                weekly = np.arange(28, panel.days - (30 - elapsed) + 1, 7)
                self._found[level, elapsed] = [
                    _errors(values, begun, closing[np.searchsorted(closing, begun, side="right")], elapsed),
                    _errors(values, weekly, weekly + 30 - elapsed, elapsed),
                ]

    def ratios(self, level: str, elapsed: int, known: int) -> Floats:
        """Return those that were over by then."""
        for ends, ratios in self._found[level, elapsed]:
            if (ends <= known).any():
                return ratios[ends <= known].ravel()
        return np.zeros(0)


def _errors(
    values: Floats, starts: NDArray[np.int64], ends: NDArray[np.int64], elapsed: int
) -> tuple[NDArray[np.int64], Floats]:
    """Return the ends and the ratios (n, G) of actual over run-rate from each start to its end."""
    ratios = [
        values[:, a:b].sum(axis=1) / np.maximum(_projected(values, int(a), elapsed, int(b - a)), 1e-9)
        for a, b in zip(starts, ends, strict=True)
    ]
    return ends, np.clip(np.array(ratios).reshape(len(starts), len(values)), 0.0, 10.0)
