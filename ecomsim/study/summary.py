"""Tables of a study: ranges, quantiles, paired differences."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from ecomsim.checks import EcomsimError, EcomsimWarning, require_name, require_number
from ecomsim.metrics import Adds, Good, metric
from ecomsim.study.shapes import Floats

if TYPE_CHECKING:
    import pandas as pd

    from ecomsim.study.origin import Origin
    from ecomsim.study.study import Study

__all__ = ["against", "better", "quantiles", "summary"]

BEYOND = 2
"""Replications that must lie beyond a quantile for it to be told."""
_Z95 = 1.959963984540054


class Totals(Protocol):
    """What a table of totals needs: a study has it, and so has a tally."""

    @property
    def origin(self) -> Origin:
        """Where the numbers came from."""

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Scenario names."""

    @property
    def metrics(self) -> tuple[str, ...]:
        """Metrics it can answer."""

    @property
    def replications(self) -> int:
        """How many."""

    def total(self, name: str, scenario: str, /) -> Floats:
        """Return a metric over the horizon by replication."""


def _metrics(study: Totals, metrics: str | Sequence[str] | None) -> list[str]:
    if metrics is None:
        return list(study.metrics)
    return [metrics] if isinstance(metrics, str) else list(metrics)


def _percent(prob: float) -> str:
    return f"p{100 * prob:.6g}"


def _refuse_thin_tails(study: Totals, probs: Sequence[float], where: str) -> None:
    for prob in probs:
        prob = require_number(prob, where, low=0.0, high=1.0)
        tail = min(prob, 1 - prob)
        if tail * study.replications < BEYOND - 1e-9:
            needed = (
                f"at least {math.ceil(BEYOND / tail - 1e-9):,} replications"
                if tail > 0
                else "a number inside 0 to 1"
            )
            raise EcomsimError(
                where,
                f"P{100 * prob:.6g} of {study.replications:,} replications",
                f"{needed} for that quantile",
                "Simulate more, or ask for a quantile nearer the middle",
            )


def summary(study: Totals, metrics: str | Sequence[str] | None = None, share: float = 0.8) -> pd.DataFrame:
    """Return a table of horizon totals.

    Parameters
    ----------
    study : Study
    metrics : ids; default every metric the study can answer
    share : probability inside the range; .8 gives P10 to P90

    Returns
    -------
    DataFrame by (metric, scenario): unit, mean, the lower quantile, p50, the upper quantile, and `runs`, the
    replications behind them (a ratio without denominator has no value in that replication). Quantiles that
    too few replications support are NaN, with a warning.
    """
    import pandas as pd

    share = require_number(share, "summary.share", low=0.0, high=1.0, open_low=True)
    probs = ((1 - share) / 2, 0.5, (1 + share) / 2)
    names = [_percent(round(p, 9)) for p in probs]
    scenarios, thin = study.scenarios, False
    try:
        _refuse_thin_tails(study, probs, "summary.share")
    except EcomsimError as error:
        thin = True
        warnings.warn(str(error), EcomsimWarning, stacklevel=3)
    rows = []
    for name in _metrics(study, metrics):
        unit = metric(name, "summary.metrics").unit
        for scenario in scenarios:
            values = study.total(name, scenario)
            values = values[np.isfinite(values)]
            low, mid, high = np.quantile(values, probs) if len(values) else (math.nan,) * 3
            if thin:
                low = high = math.nan
            mean = values.mean() if len(values) else math.nan
            rows.append((name, scenario, unit, mean, low, mid, high, len(values)))
    columns = ["metric", "scenario", "unit", "mean", *names, "runs"]
    return pd.DataFrame(rows, columns=columns).set_index(["metric", "scenario"])


def quantiles(
    study: Study,
    name: str,
    probs: Sequence[float] = (0.1, 0.5, 0.9),
    *,
    scenario: str | None = None,
    by: str = "date",
    cumulative: bool = False,
) -> pd.DataFrame:
    """Return quantiles of a metric over replications.

    Parameters
    ----------
    name : metric
    probs : probabilities, each supported by at least two replications beyond it
    scenario : one scenario; default all
    by : 'date' for every day, 'total' for the horizon
    cumulative : with 'date', of the running total; metrics that add up, and ratios by their running parts

    Returns
    -------
    DataFrame indexed by scenario (and date), a column a probability: p10, p50, ...
    """
    import pandas as pd

    require_name(by, ["date", "total"], "quantiles.by", "way")
    found = metric(name, "quantiles.metric")
    wanted = [float(p) for p in ([probs] if isinstance(probs, float) else probs)]
    _refuse_thin_tails(study, wanted, "quantiles.probs")
    if cumulative and by == "date" and found.adds not in (Adds.SUM, Adds.RATIO):
        raise EcomsimError(
            "quantiles.cumulative", name, "a metric that adds up over days", "Leave cumulative out"
        )
    chosen = (
        study.scenarios
        if scenario is None
        else (require_name(scenario, study.scenarios, "quantiles", "scenario"),)
    )
    columns = [_percent(p) for p in wanted]
    frames = []
    for one in chosen:
        if by == "total":
            table = np.nanquantile(study.total(name, one)[:, None], wanted, axis=0).T
            frames.append(pd.DataFrame(table, columns=columns, index=pd.Index([one], name="scenario")))
            continue
        values = _running(study, name, one) if cumulative else study.daily(name, one)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # a day without any denominator is NaN, as told
            table = np.nanquantile(values, wanted, axis=0).T
        index = pd.MultiIndex.from_product(
            [[one], pd.to_datetime(list(study.dates))], names=["scenario", "date"]
        )
        frames.append(pd.DataFrame(table, columns=columns, index=index))
    return pd.concat(frames)


def _running(study: Study, name: str, scenario: str) -> Floats:
    parts = metric(name).ratio
    if not parts:
        return np.asarray(np.cumsum(study.daily(name, scenario), axis=1))
    above, below = (np.cumsum(study.daily(part, scenario), axis=1) for part in parts)
    return np.asarray(np.divide(above, below, out=np.full(above.shape, np.nan), where=below != 0))


def against(
    study: Totals,
    base: str,
    metrics: str | Sequence[str] | None = None,
    *,
    other: Totals | None = None,
    share: float = 0.8,
) -> pd.DataFrame:
    """Return paired differences of horizon totals: scenario less base, replication by replication.

    Parameters
    ----------
    base : scenario to compare with, of `other` if given
    metrics : ids; default every metric
    other : study to take the base from; refused unless seed, replications, horizon and version are equal
    share : probability inside the range of the difference

    Returns
    -------
    DataFrame by (metric, scenario), or by scenario for a single metric: unit, `base` (its mean), `difference`
    (mean), `low` and `high` (95 % interval of the mean difference, normal), the quantiles of the difference
    itself (p10, p90), and `p_better`, the share of replications in which the scenario is better, ties
    counting half; NaN where neither direction is good.
    """
    import pandas as pd

    source = other or study
    if other is not None:
        study.origin.refuse_unless_paired(other.origin)
    require_name(base, source.scenarios, "against.base", "scenario")
    share = require_number(share, "against.share", low=0.0, high=1.0, open_low=True)
    probs = (round((1 - share) / 2, 9), round((1 + share) / 2, 9))
    rows = []
    for name in _metrics(study, metrics):
        unit, reference = metric(name, "against.metric").unit, source.total(name, base)
        for scenario in study.scenarios:
            if scenario == base and other is None:
                continue
            pairs = study.total(name, scenario) - reference
            pairs = pairs[np.isfinite(pairs)]
            if len(pairs) == 0:
                rows.append((name, scenario, unit, *[math.nan] * 7))
                continue
            mean = pairs.mean()
            spread = _Z95 * pairs.std(ddof=1) / math.sqrt(len(pairs)) if len(pairs) > 1 else math.nan
            low, high = np.quantile(pairs, probs)
            rows.append(
                (name, scenario, unit, np.nanmean(reference), mean, mean - spread, mean + spread, low, high,
                 better(pairs, name))
            )  # fmt: skip
    columns = [
        "metric",
        "scenario",
        "unit",
        "base",
        "difference",
        "low",
        "high",
        *map(_percent, probs),
        "p_better",
    ]
    table = pd.DataFrame(rows, columns=columns)
    if isinstance(metrics, str):
        return table.drop(columns="metric").set_index("scenario")
    return table.set_index(["metric", "scenario"])


def better(pairs: Floats, name: str) -> float:
    """Return the share of paired differences in the good direction of a metric, ties counting half."""
    good = metric(name).good
    if good is Good.NEITHER:
        return math.nan
    signed = pairs if good is Good.MORE else -pairs
    return float(np.mean(signed > 0) + 0.5 * np.mean(signed == 0))
