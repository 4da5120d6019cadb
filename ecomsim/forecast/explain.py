"""Where a forecast comes from: contributions that add up to it exactly.

A day's expected value is a product, exp(level + weekday + season + ... ). The part of a factor is its log times the
logarithmic mean of the value and the plain level, L(a, b) = (a - b) / ln(a / b): no order of factors is preferred
and nothing is left over (Ang 2005, "The LMDI approach to decomposition analysis", Energy Policy 33).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ecomsim.forecast.outlook import Forecast

__all__ = ["contributions", "log_mean"]

Floats: TypeAlias = NDArray[np.float64]


def log_mean(a: Floats, b: Floats) -> Floats:
    """Return the logarithmic mean of positive numbers.

    Examples
    --------
    >>> round(float(log_mean(np.array(2.0), np.array(1.0))), 4), float(log_mean(np.array(3.0), np.array(3.0)))
    (1.4427, 3.0)
    """
    ratio = np.log(a) - np.log(b)
    near = np.abs(ratio) < 1e-8
    return np.where(near, (a + b) / 2, (a - b) / np.where(near, 1.0, ratio))


def contributions(outlook: Forecast, period: str, level: str = "total") -> pd.DataFrame:
    """Return one row a part and one column a series of the level; the rows add up to the mean outcome.

    Rows: 'known' (days that are over), 'level', then every part of the calendar, drivers and levers, and 'paths',
    by which the mean of the calibrated paths differs from the model's own expectation. Parts that do nothing in the
    period are left out.
    """
    days = outlook.question.ahead.slice_of(*outlook.days_of(period))
    logs = {name: part[:, days] for name, part in outlook.sample.contributions().items()}
    base = np.exp(logs.pop("level"))
    value = base * np.exp(sum(logs.values(), np.zeros_like(base)))
    weight = log_mean(value, base)
    leaves = {"level": base.sum(axis=1)} | {name: (weight * part).sum(axis=1) for name, part in logs.items()}
    rows = {"known": outlook.known(period, level)}
    for name, part in leaves.items():
        rows[name] = part if level == "leaf" else outlook.panel.sums(level, part)
    told = outlook.outcomes(period, level).mean(axis=1)
    rows["paths"] = told - sum(rows.values(), np.zeros(len(told)))
    rows = {name: part for name, part in rows.items() if part.any() or name in ("known", "level", "paths")}
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(outlook.names(level)))
