"""Gamma shocks of mean 1 as functions of a normal score, so a Gaussian copula can give them a memory."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from ecomsim.parameters import Floats, Singles
from ecomsim.stages.draws import SPAN

__all__ = ["gamma_rows", "gamma_table"]

_POINTS = 1025
_STEP = 0.05
_ROWS = 30  # spreads up to 1.45: shapes down to 0.48


@lru_cache(maxsize=4096)
def gamma_table(shape: float) -> Floats:
    """Return the quantiles of a gamma variable at normal scores from -6 to 6, with mean exactly 1 as looked up.

    Examples
    --------
    >>> bool(abs(gamma_table(25.0)[512] - 0.98671) < 1e-4)     # the median of a gamma of shape 25
    True
    """
    from scipy.special import gammainccinv, gammaincinv, ndtr

    z = np.linspace(-float(SPAN), float(SPAN), _POINTS)
    low = gammaincinv(shape, ndtr(np.minimum(z, 0)))
    high = gammainccinv(shape, ndtr(-np.maximum(z, 0)))
    table = np.where(z < 0, low, high) / shape
    weight = np.exp(-0.5 * z * z)
    out = np.asarray(table / ((table * weight).sum() / weight.sum()))
    out.setflags(write=False)
    return out


def gamma_rows(shape: Any) -> tuple[Singles, Singles]:
    """Return (rows, 1025) tables and each replication's level between them, for a certain or drawn shape.

    A drawn shape k is looked up between fixed tables, equally spaced in the shock's spread 1 / sqrt(k); fixed, so that
    a replication's shock does not depend on which others were drawn with it.
    """
    k = np.atleast_1d(np.asarray(shape, dtype=np.float64))
    if len(k) == 1:
        return gamma_table(float(k[0]))[None].astype(np.float32), np.zeros(1, np.float32)
    level = 1 / np.sqrt(k) / _STEP
    return _spread_tables(), level.clip(0, _ROWS - 1.001).astype(np.float32)


@lru_cache(maxsize=1)
def _spread_tables() -> Singles:
    rows = np.stack([gamma_table(1 / max(i * _STEP, 0.002) ** 2) for i in range(_ROWS)]).astype(np.float32)
    rows.setflags(write=False)
    return rows
