"""One period and one item: order quantity, newsvendor, base stock, expected shortage.

`holding` is the cost of a unit left over a period, `penalty` of a unit short a period, both in yuan.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ecomsim.checks import EcomsimError, require_number
from ecomsim.formulas.arrays import Floats, checked
from ecomsim.formulas.queueing import erlang_b

__all__ = [
    "Level",
    "Lot",
    "base_stock_normal",
    "economic_order_quantity",
    "expected_cost",
    "lost_share_one_for_one",
    "newsvendor_lognormal",
    "newsvendor_normal",
    "newsvendor_pmf",
    "newsvendor_poisson",
    "normal_shortage",
    "poisson_pmf",
    "underage_overage",
]


@dataclass(frozen=True)
class Level:
    """A stock level and its expected cost a period, yuan."""

    level: float
    cost: float


@dataclass(frozen=True)
class Lot:
    """An order quantity, the share of demand backordered on purpose, and the cost per unit of time, yuan."""

    quantity: float
    backordered: float
    cost: float


def economic_order_quantity(fixed: float, holding: float, demand: float, penalty: float = math.inf) -> Lot:
    """Return the order quantity balancing fixed and holding cost, with backorders if they have a price.

    Parameters
    ----------
    fixed : float
        Yuan an order.
    holding, penalty : float
        Yuan per unit held, or short, per unit of time; an infinite penalty means never short.
    demand : float
        Units per unit of time.

    Notes
    -----
    ``Q = sqrt(2 K d (h + p) / (h p))``, a share ``h / (h + p)`` backordered, cost
    ``sqrt(2 K d h p / (h + p))``.

    Examples
    --------
    >>> lot = economic_order_quantity(8, 0.225, 1300)
    >>> round(lot.quantity, 4), round(lot.cost, 5)
    (304.0468, 68.41053)
    """
    k = require_number(fixed, "fixed", low=0, open_low=True, unit="yuan an order")
    h = require_number(holding, "holding", low=0, open_low=True, unit="yuan per unit and time")
    d = require_number(demand, "demand", low=0, open_low=True, unit="units per time")
    short = 0.0
    if not math.isinf(penalty):
        p = require_number(penalty, "penalty", low=0, open_low=True, unit="yuan per unit and time")
        short = h / (h + p)
    quantity = math.sqrt(2 * k * d / (h * (1 - short)))
    return Lot(quantity, short, math.sqrt(2 * k * d * h * (1 - short)))


def underage_overage(price: float, cost: float, salvage: float) -> tuple[float, float]:
    """Return (holding, penalty) of a newsvendor who buys at `cost`, sells at `price`, clears at `salvage`.

    Examples
    --------
    >>> underage_overage(1.0, 0.25, 0.125)
    (0.125, 0.75)
    """
    c = require_number(cost, "cost", low=0, unit="yuan")
    if require_number(salvage, "salvage", low=0, unit="yuan") >= c:
        raise EcomsimError(
            "salvage", f"{salvage:g}", f"below the cost {c:g}", "Any order would pay: check both"
        )
    if require_number(price, "price", low=0, unit="yuan") <= c:
        raise EcomsimError(
            "price", f"{price:g}", f"above the cost {c:g}", "Nothing should be bought: check both"
        )
    return c - salvage, price - c


def newsvendor_normal(holding: float, penalty: float, mean: float, sd: float) -> Level:
    """Return the best level for normal demand: ``mean + z sd``, cost ``(h + p) phi(z) sd``, Phi(z) = p/(h+p).

    Examples
    --------
    >>> round(newsvendor_normal(0.18, 0.70, 50, 8).level, 6)
    56.603956
    """
    from scipy.special import ndtri

    ratio = _ratio(holding, penalty)
    mean, sd = _moments(mean, sd)
    z = float(ndtri(ratio))
    return Level(mean + z * sd, (holding + penalty) * sd * math.exp(-z * z / 2) / math.sqrt(2 * math.pi))


def base_stock_normal(holding: float, penalty: float, mean: float, sd: float, lead_time: int) -> Level:
    """Return the best base stock with backorders: the newsvendor over lead time plus one review period.

    Parameters
    ----------
    mean, sd : float
        Demand of one period; periods are independent.
    lead_time : int
        Whole periods from order to receipt, at least 0.

    Examples
    --------
    >>> round(base_stock_normal(0.18, 0.70, 50, 8, 4).level, 6)
    264.766894
    """
    periods = require_number(lead_time, "lead_time", low=0, unit="periods") + 1
    if periods != int(periods):
        raise EcomsimError("lead_time", f"{lead_time:g}", "whole periods", "Use the period of review as unit")
    mean, sd = _moments(mean, sd)
    return newsvendor_normal(holding, penalty, mean * periods, sd * math.sqrt(periods))


def newsvendor_lognormal(holding: float, penalty: float, log_mean: float, log_sd: float) -> Level:
    """Return the best level for lognormal demand, ln D ~ N(log_mean, log_sd^2).

    Notes
    -----
    With z of the critical ratio: level ``exp(mu + z sigma)``, cost ``E[D] (p - (h + p) Phi(z - sigma))``.

    Examples
    --------
    >>> round(newsvendor_lognormal(1, 0.1765, 6, 0.3).level, 4)
    295.6266
    """
    from scipy.special import ndtr, ndtri

    ratio = _ratio(holding, penalty)
    mu = require_number(log_mean, "log_mean")
    sigma = require_number(log_sd, "log_sd", low=0, open_low=True)
    z = float(ndtri(ratio))
    mean = math.exp(mu + sigma * sigma / 2)
    # At the critical ratio the terms in the level cancel: cost = p E[D] - (h + p) E[D; D <= level].
    return Level(math.exp(mu + z * sigma), mean * (penalty - (holding + penalty) * float(ndtr(z - sigma))))


def newsvendor_poisson(holding: float, penalty: float, mean: float) -> Level:
    """Return the best whole level for Poisson demand.

    Examples
    --------
    >>> newsvendor_poisson(1, 4, 6).level
    8.0
    """
    return newsvendor_pmf(holding, penalty, poisson_pmf(mean))


def newsvendor_pmf(holding: float, penalty: float, pmf: ArrayLike) -> Level:
    """Return the best whole level for demand k = 0, 1, ... with probabilities `pmf`.

    Raises
    ------
    EcomsimError
        For negative probabilities and a sum other than 1.

    Examples
    --------
    >>> newsvendor_pmf(1, 1, [0.2, 0.3, 0.5]).level
    1.0
    """
    ratio = _ratio(holding, penalty)
    p = _pmf(pmf)
    level = int(np.searchsorted(np.cumsum(p), ratio - 1e-12))
    return Level(float(level), float(expected_cost(holding, penalty, p, [level])[0]))


def expected_cost(holding: float, penalty: float, pmf: ArrayLike, levels: ArrayLike) -> Floats:
    """Return ``h E[(y - D)+] + p E[(D - y)+]`` at whole levels y (negative ones are backorders).

    Examples
    --------
    >>> expected_cost(1, 4, [0.5, 0.5], [-1, 0, 1, 2])
    array([6. , 2. , 0.5, 1.5])
    """
    h = require_number(holding, "holding", low=0, unit="yuan per unit and period")
    b = require_number(penalty, "penalty", low=0, unit="yuan per unit and period")
    p = _pmf(pmf)
    y = checked(levels, "levels")
    mean = float(p @ np.arange(p.size))
    # E[(y - D)+] at whole y >= 0 is the sum of the distribution function below y.
    left = np.concatenate([[0.0], np.cumsum(np.cumsum(p))])
    top = np.clip(y, 0, p.size).astype(np.int64)
    over = left[top] + np.maximum(y - p.size, 0)
    return np.asarray(h * over + b * (mean - y + over))


def normal_shortage(level: ArrayLike, mean: ArrayLike, sd: ArrayLike) -> Floats:
    """Return the expected units short of normal demand, ``sd (phi(z) - z (1 - Phi(z)))``.

    Examples
    --------
    >>> normal_shortage([50, 60], 50, 8).round(4)
    array([3.1915, 0.4047])
    """
    from scipy.special import ndtr

    s = checked(sd, "sd", low=0, open_low=True)
    z = (checked(level, "level") - checked(mean, "mean")) / s
    return np.asarray(s * (np.exp(-z * z / 2) / math.sqrt(2 * math.pi) - z * ndtr(-z)))


def lost_share_one_for_one(base_stock: ArrayLike, lead_time_demand: ArrayLike) -> Floats:
    """Return the share of Poisson demand lost by a one-for-one (S-1, S) policy: Erlang B (Karush 1957).

    Parameters
    ----------
    base_stock : array_like
        S, units.
    lead_time_demand : array_like
        Mean demand in a lead time, whatever the distribution of the lead time.

    Examples
    --------
    >>> round(float(lost_share_one_for_one(3, 2)), 7)
    0.2105263
    """
    return erlang_b(
        checked(lead_time_demand, "lead_time_demand", low=0), checked(base_stock, "base_stock", low=0)
    )


def poisson_pmf(mean: float) -> Floats:
    """Return Poisson probabilities of 0, 1, ... up to where less than 1e-15 is left, summing to 1.

    Examples
    --------
    >>> poisson_pmf(0.0)
    array([1.])
    """
    from scipy.special import gammaln

    mu = require_number(mean, "mean", low=0, unit="units")
    if mu == 0:
        return np.ones(1)
    k = np.arange(int(mu + 12 * math.sqrt(mu) + 25))
    p = np.exp(k * math.log(mu) - mu - gammaln(k + 1))
    return np.asarray(p / p.sum())


def _ratio(holding: float, penalty: float) -> float:
    h = require_number(holding, "holding", low=0, open_low=True, unit="yuan per unit and period")
    p = require_number(penalty, "penalty", low=0, open_low=True, unit="yuan per unit and period")
    return p / (h + p)


def _moments(mean: float, sd: float) -> tuple[float, float]:
    return require_number(mean, "mean", unit="units"), require_number(
        sd, "sd", low=0, open_low=True, unit="units"
    )


def _pmf(pmf: ArrayLike) -> Floats:
    p = checked(pmf, "pmf", low=0, high=1)
    if p.ndim != 1 or p.size == 0 or abs(float(p.sum()) - 1) > 1e-9:
        raise EcomsimError(
            "pmf",
            f"a sum of {float(p.sum()):g}",
            "probabilities of 0, 1, 2, ... summing to 1",
            "Divide by the sum",
        )
    return p
