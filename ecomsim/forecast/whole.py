"""One number whatever the split: the parts' paths add up to the forecast of the whole.

Forecast one by one, seven channels do not add up to what the store's own series says. Which of the two is nearer to the
truth changes from shop to shop (docs/decisions/0056), so the whole's word is taken: on every path and day the parts are
scaled to the whole's path. All rest on the same past days, so the factors stay near 1.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.forecast.drawn import Sample
from ecomsim.forecast.leaves import fit_leaves, leaf_paths

__all__ = ["agreed"]

Floats: TypeAlias = NDArray[np.float64]

_WHOLE = "total"
"""Name of a series that stands for itself; its paths are drawn under it."""


def agreed(drawn: Sample) -> Sample:
    """Return the paths with the leaves scaled, on every path and day, to paths of their sum forecast as one series."""
    if len(drawn.panel.ids) == 1:
        return drawn
    basis, days = drawn.basis, drawn.horizon.days
    fit = fit_leaves(basis, drawn.panel.values.sum(axis=0, keepdims=True))
    whole = leaf_paths(basis, fit, (_WHOLE,))[0, :, -days:].astype(np.float64)
    factor = _ratio(whole, drawn.paths.sum(axis=0, dtype=np.float64))
    apart = np.log(_ratio(fit.mean[0, -days:], drawn.mean.sum(axis=0)))
    # what all days have in common belongs to the level; what is left is told as a part of its own
    own = replace(drawn.own, unit=drawn.own.unit * np.exp(apart.mean()), agreement=apart - apart.mean())
    paths = drawn.paths * factor.astype(np.float32)
    return replace(drawn, paths=paths, mean=drawn.mean * np.exp(apart), own=own)


def _ratio(whole: Floats, parts: Floats) -> Floats:
    """Return whole over parts, 1 where either is nothing."""
    both = (whole > 0) & (parts > 0)
    return np.asarray(np.divide(whole, parts, out=np.ones_like(parts), where=both))
