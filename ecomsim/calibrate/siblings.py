"""What the other channels say of an event: a prior for each channel's effects, by empirical Bayes.

Two days of a yearly event tell little of one channel; seven channels that all saw it tell more. A channel
follows the others with a strength of its own (a venue channel far more than search), and departs from that
by as much as its well-measured effects show.
"""

from __future__ import annotations

import numpy as np

from ecomsim.calibrate.history import Floats

__all__ = ["effect_priors"]

_LEAST_SD = 0.02
# Belief in the spread around the common pattern, worth this many effects.
_PRIOR_SD, _PRIOR_WORTH = 0.12, 3.0


def effect_priors(effects: Floats, variances: Floats, own_sd: Floats) -> tuple[Floats, Floats]:
    """Return prior mean and standard deviation of every log effect, both (channels, terms).

    Parameters
    ----------
    effects, variances : (channels, terms) log effects fitted alone, and their variances
    own_sd : (terms,) prior standard deviation used there, and kept where nothing can be borrowed

    Notes ----- For channel c: the others' common effect m[j] (precision-weighted, c left out), slope r of
    c's effects on m, and spread s of c's effects around r m by moments. The prior is N(r m[j], s² + r² var
    m[j]).
    """
    channels, terms = effects.shape
    means, sds = np.zeros((channels, terms)), np.tile(own_sd, (channels, 1))
    if channels < 3 or terms < 4:
        return means, sds
    for c in range(channels):
        others = np.array([i for i in range(channels) if i != c])
        # The middle channel sets the scale: one venue channel with twentyfold peaks must not.
        usual = np.median(effects[others], axis=0)
        fits = np.array([_slope(effects[i], variances[i], usual) for i in others])
        typical = np.abs(fits - np.median(fits)) < 0.6
        weight = 1 / (variances[others][typical] + _PRIOR_SD**2)
        common = (weight * effects[others][typical]).sum(axis=0) / weight.sum(axis=0)
        doubt = 1 / weight.sum(axis=0)
        slope = _slope(effects[c], variances[c], common)
        apart = (effects[c] - slope * common) ** 2 - variances[c] - slope**2 * doubt
        reliable = variances[c] < np.quantile(variances[c], 0.75) + 1e-12
        spread = (apart[reliable].sum() + _PRIOR_WORTH * _PRIOR_SD**2) / (reliable.sum() + _PRIOR_WORTH)
        means[c] = slope * common
        sds[c] = np.sqrt(max(spread, _LEAST_SD**2) + slope**2 * doubt)
    return means, np.minimum(sds, own_sd[None, :])


def _slope(effects: Floats, variances: Floats, common: Floats) -> float:
    """Return how strongly a channel follows the common effect, shrunk to 1."""
    weight = 1 / (variances + 0.1**2)
    return float((np.sum(weight * effects * common) + 1.0) / (np.sum(weight * common**2) + 1.0))
