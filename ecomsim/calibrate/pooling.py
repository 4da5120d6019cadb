"""Empirical Bayes for own-price elasticities: product to category to store, one promotion label for all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecomsim.calibrate.assume import assumption
from ecomsim.calibrate.history import Floats
from ecomsim.calibrate.ledger import Ledger

__all__ = ["Pooled", "pool"]

_STORE_SD = 0.8
_CATEGORY_SD = 0.6
_BADGE = (0.08, 0.06)


@dataclass(frozen=True)
class Pooled:
    """Posterior of elasticities (products,) and of the log label effect.

    Attributes
    ----------
    spread : standard deviation between products of one category, estimated
    learnt : (products,) whether the product's own price moved
    draws : (draws, products + 1), elasticities then badge
    """

    elasticity: Floats
    badge: float
    spread: float
    learnt: NDArray[np.bool_]
    badge_learnt: bool
    draws: Floats


def pool(
    information: Floats, score: Floats, varied: NDArray[np.bool_], category: NDArray[np.int64], ledger: Ledger
) -> Pooled:
    """Combine each product's (elasticity, badge) likelihood with the hierarchy.

    Parameters
    ----------
    information, score : (products, 2, 2), (products, 2): J and J b of each product's normal likelihood
    varied : (products,) whether the price moved at all
    category : (products,) category number

    Notes ----- Unknowns are elasticities e_k ~ N(c_cat, spread²), category means c ~ N(s, .6²), the store's
    mean s ~ N(1.8, .8²) and the badge b ~ N(.08, .06²); the spread is found by expectation-maximisation
    with a weak prior around .35.
    """
    count, groups = len(information), int(category.max()) + 1 if len(category) else 1
    size = count + groups + 2
    store, badge = count + groups, count + groups + 1
    prior_mean = assumption("products.*.elasticity").value.mean
    at = np.arange(count)
    spread = 0.35
    solution: Floats = np.zeros(size)
    cov: Floats = np.eye(size)
    for _ in range(6):
        a, b = np.zeros((size, size)), np.zeros(size)
        a[at, at] += np.maximum(information[:, 0, 0], 0)
        a[at, badge] += information[:, 0, 1]
        a[badge, at] += information[:, 0, 1]
        a[badge, badge] += max(float(information[:, 1, 1].sum()), 0.0) + 1 / _BADGE[1] ** 2
        b[at] += score[:, 0]
        b[badge] += float(score[:, 1].sum()) + _BADGE[0] / _BADGE[1] ** 2
        tight = 1 / spread**2
        a[at, at] += tight
        np.add.at(a, (count + category, count + category), tight)
        np.add.at(a, (at, count + category), -tight)
        np.add.at(a, (count + category, at), -tight)
        for g in range(count, count + groups):
            loose = 1 / _CATEGORY_SD**2
            a[g, g] += loose
            a[store, store] += loose
            a[g, store] -= loose
            a[store, g] -= loose
        a[store, store] += 1 / _STORE_SD**2
        b[store] += prior_mean / _STORE_SD**2
        cov = np.asarray(np.linalg.inv(a))
        solution = cov @ b
        apart = solution[:count] - solution[count + category]
        doubt = cov[at, at] + cov[count + category, count + category] - 2 * cov[at, count + category]
        spread = float(np.sqrt((np.sum(apart**2 + doubt) + 4 * 0.35**2) / (count + 4)))
    keep = np.r_[at, badge]
    root = np.linalg.cholesky(cov[np.ix_(keep, keep)])
    half = ledger.generator("products").standard_normal(((ledger.draws + 1) // 2, count + 1))
    draws = solution[keep] + np.concatenate([half, -half])[: ledger.draws] @ root.T
    draws[:, :count] = np.clip(draws[:, :count], 0.05, 14.9)
    return Pooled(
        elasticity=np.clip(solution[:count], 0.05, 14.9),
        badge=float(solution[badge]),
        spread=spread,
        learnt=varied,
        badge_learnt=bool(cov[badge, badge] < (0.75 * _BADGE[1]) ** 2),
        draws=draws,
    )
