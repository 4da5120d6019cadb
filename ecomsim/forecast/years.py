"""How much an event differs from year to year, beyond what days tell: few years, so all families together."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.forecast.design import Design

__all__ = ["year_spread"]

Floats: TypeAlias = NDArray[np.float64]


def year_spread(
    values: Floats, fitted: Floats, weights: Floats, scale: Floats, design: Design, beta: Floats,
    *, prior_sd: float, prior_years: float,
) -> tuple[Floats, dict[str, int]]:  # fmt: skip
    """Return (S,) standard deviations of an event's strength between years, and the years seen of each family.

    Parameters
    ----------
    values, fitted, weights : (S, T), values in units of each series' mean
    scale : (S,) variance over mean of a day
    beta : (p,) shared log effects
    prior_sd, prior_years : what is believed before, and how many years that is worth

    Notes
    -----
    A year's strength 1 + a multiplies its family's log curve c: a = sum w c r / sum w c^2 with relative
    residuals r and weights w = mean / scale. Var a = spread^2 + 1 / sum w c^2 between the years of a family.
    """
    series, known = values.shape
    residual = np.clip(values / np.maximum(fitted, 1e-9) - 1, -0.9, 2.0)
    weight = weights * fitted / scale[:, None]
    seen: dict[str, int] = {}
    squares, freedom = np.zeros(series), np.zeros(series)
    for family in design.families:
        at = design.blocks[f"event {family.name}"]
        curve = design.matrix[:known, at] @ beta[at]
        strengths, doubts = [], []
        for number in range(len(family.years)):
            inside = (family.instances[:known] == number) & (np.abs(curve) > 0.05)
            if inside.any():
                pull = weight[:, inside] * curve[inside]
                information = np.maximum(pull @ curve[inside], 1e-6)
                strengths.append((pull * residual[:, inside]).sum(axis=1) / information)
                doubts.append(1 / information)
        seen[family.name] = len(strengths)
        if len(strengths) >= 2:
            # a year that a series hardly knew says nothing of its spread
            told = np.array(doubts) < 1.0
            several = told.sum(axis=0) >= 2
            count = np.maximum(told.sum(axis=0), 1)
            middle = (np.array(strengths) * told).sum(axis=0) / count
            apart = ((np.array(strengths) - middle) ** 2 * told).sum(axis=0) / np.maximum(count - 1, 1)
            free = np.where(several, told.sum(axis=0) - 1, 0)
            doubt = (np.array(doubts) * told).sum(axis=0) / count
            squares += free * np.where(several, np.minimum(apart, 1.0) - doubt, 0.0)
            freedom += free
    variance = (np.maximum(squares, 0.0) + prior_years * prior_sd**2) / (freedom + prior_years)
    return np.sqrt(variance), seen
