"""Scores of foretold totals, and how often the truth fell where it was said to fall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecomsim.formulas.scores import crps

__all__ = ["Record", "score_rows"]

Floats: TypeAlias = NDArray[np.float64]

_SHARES = (0.5, 0.8, 0.9, 0.95)


def score_rows(
    method: str,
    month: str,
    elapsed: int,
    level: str,
    names: Sequence[str],
    actual: Floats,
    draws: Floats,
    targets: Sequence[Floats],
    calibrated: bool,
) -> pd.DataFrame:
    """Return one row a series: what was foretold of its month's total, what happened, and the scores.

    Parameters
    ----------
    actual : (G,) totals of the month
    draws : (G, R) foretold totals
    targets : (G,) each, for the score of P(total >= target)
    """
    low95, low80, middle, high80, high95 = np.quantile(draws, (0.025, 0.1, 0.5, 0.9, 0.975), axis=1)
    rank = (draws < actual[:, None]).mean(axis=1) + 0.5 * (draws == actual[:, None]).mean(axis=1)
    hits = [((draws >= t[:, None]).mean(axis=1) - (actual >= t)) ** 2 for t in targets]
    frame = pd.DataFrame({
        "method": method, "month": month, "elapsed_days": elapsed, "level": level, "name": list(names),
        "actual": actual, "mean": draws.mean(axis=1), "median": middle,
        "low80": low80, "high80": high80, "low95": low95, "high95": high95,
        "crps": crps(draws, actual), "rank": rank, "brier": np.mean(hits, axis=0) if hits else np.nan,
        "calibrated": calibrated,
    })  # fmt: skip
    return frame[frame["actual"] > 0]


@dataclass(frozen=True, eq=False)
class Record:
    """Foretold and actual totals of past months, one row a method, origin and series.

    Attributes
    ----------
    rows : method, month, elapsed_days, level, name, actual, mean, median, low80, high80, low95, high95,
        crps (in the metric's unit), rank (of the actual among the draws), brier (mean over targets of 95,
        100 and 105 % of the four weeks before), calibrated
    """

    rows: pd.DataFrame

    @classmethod
    def of(cls, rows: Sequence[pd.DataFrame]) -> Record:
        """Put the rows of all origins together."""
        return cls(pd.concat(rows, ignore_index=True))

    def scores(self, by: Sequence[str] = ("method", "elapsed_days")) -> pd.DataFrame:
        """Return MAPE and CRPS over the actual, coverage of 80 and 95 % intervals, Brier score and cases."""
        rows = self.rows
        each = pd.DataFrame({
            **{column: rows[column] for column in by},
            "mape": (rows["mean"] / rows["actual"] - 1).abs(),
            "bias": rows["mean"] / rows["actual"] - 1,
            "crps": rows["crps"] / rows["actual"],
            "inside80": (rows["actual"] >= rows["low80"]) & (rows["actual"] <= rows["high80"]),
            "inside95": (rows["actual"] >= rows["low95"]) & (rows["actual"] <= rows["high95"]),
            "brier": rows["brier"],
        })  # fmt: skip
        grouped = each.groupby(list(by), sort=False)
        return grouped.mean().assign(cases=grouped.size()).reset_index()

    def reliability(self, method: str = "forecast", by: Sequence[str] = ()) -> pd.DataFrame:
        """Return how often the truth fell inside central intervals of several nominal shares.

        Parameters
        ----------
        by : columns of `rows` to part the cases by, such as level and elapsed_days
        """
        chosen = self.rows[self.rows["method"] == method]
        out = []
        for share in _SHARES:
            inside = (chosen["rank"] - 0.5).abs() <= share / 2
            frame = chosen[list(by)].assign(nominal=share, inside=inside)
            grouped = frame.groupby([*by, "nominal"], sort=False)["inside"]
            out.append(grouped.agg(["mean", "size"]).reset_index())
        return pd.concat(out, ignore_index=True).rename(columns={"mean": "inside", "size": "cases"})
