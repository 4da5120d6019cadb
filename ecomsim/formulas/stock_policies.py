"""Cost of (s, S) and (r, Q) policies with backorders, exactly, and the best of each."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ecomsim.checks import EcomsimError, require_number
from ecomsim.formulas.arrays import Floats
from ecomsim.formulas.stock import expected_cost, poisson_pmf

__all__ = ["Policy", "best_rq_poisson", "best_ss", "rq_cost_normal", "rq_cost_poisson", "ss_cost"]


@dataclass(frozen=True)
class Policy:
    """Two numbers of a policy, (s, S) or (r, Q), and its long-run cost per period, yuan."""

    first: float
    second: float
    cost: float


def ss_cost(s: int, S: int, *, holding: float, penalty: float, fixed: float, pmf: ArrayLike) -> float:
    """Return the long-run cost a period of: at or below s order up to S, received before the demand.

    Parameters
    ----------
    s, S : int
        Whole units, s < S.
    holding, penalty, fixed : float
        Yuan per unit left, per unit short, per order.
    pmf : array_like
        Probabilities of a period's demand of 0, 1, 2, ...

    Notes
    -----
    Renewal reward, Zheng and Federgruen (1991): ``c = (K + sum_j m(j) G(S - j)) / sum_j m(j)`` over
    j = 0 .. S-s-1, with m the renewal density of demand.

    Examples
    --------
    >>> round(ss_cost(4, 10, holding=1, penalty=4, fixed=5, pmf=poisson_pmf(6)), 6)
    8.034112
    """
    if int(s) != s or int(S) != S or s >= S:
        raise EcomsimError("(s, S)", f"({s:g}, {S:g})", "whole numbers with s below S", "Swap or round them")
    k = require_number(fixed, "fixed", low=0, unit="yuan an order")
    m = _renewal(np.asarray(pmf, dtype=np.float64), int(S - s))
    g = expected_cost(holding, penalty, pmf, np.arange(int(S), int(s), -1))
    return float((k + m @ g) / m.sum())


def best_ss(*, holding: float, penalty: float, fixed: float, pmf: ArrayLike) -> Policy:
    """Return the best (s, S) by the algorithm of Zheng and Federgruen (1991).

    Examples
    --------
    >>> best = best_ss(holding=40, penalty=125, fixed=150, pmf=poisson_pmf(4))
    >>> best.first, best.second, round(best.cost, 4)
    (2, 7, 223.5748)
    """
    k = require_number(fixed, "fixed", low=0, unit="yuan an order")
    require_number(holding, "holding", low=0, open_low=True)
    require_number(penalty, "penalty", low=0, open_low=True)
    p = np.asarray(pmf, dtype=np.float64)
    _some_demand(p)
    reach = max(p.size, 16)
    while True:
        levels = np.arange(-reach, 2 * reach + 1)
        cost = expected_cost(holding, penalty, p, levels)
        lowest = int(cost.argmin())
        # Both ends dearer than the best single-period cost plus a whole order: the optimum lies inside.
        if min(cost[0], cost[-1]) > cost[lowest] + k * max(1.0, 1 / (1 - p[0])):
            break
        reach *= 2
    m = _renewal(p, levels.size)
    total = np.cumsum(m)

    def average(i: int, j: int) -> float:
        part = cost[i + 1 : j + 1][::-1]
        return float((k + m[: part.size] @ part) / total[part.size - 1])

    high = lowest
    low = lowest - 1
    while average(low, high) > cost[low]:
        low -= 1
    best, best_low, best_high = average(low, high), low, high
    high += 1
    while high < levels.size and cost[high] <= best:
        if average(best_low, high) < best:
            low = best_low
            while average(low, high) <= cost[low + 1]:
                low += 1
            best, best_low, best_high = average(low, high), low, high
        high += 1
    return Policy(int(levels[best_low]), int(levels[best_high]), best)


def rq_cost_poisson(
    r: int, Q: int, *, holding: float, penalty: float, fixed: float, rate: float, lead_time: float
) -> float:
    """Return the cost per unit of time of: at r order Q, Poisson demand, continuous review.

    The inventory position is uniform on r+1 .. r+Q: ``(K rate + sum G(y)) / Q``.

    Examples
    --------
    >>> round(rq_cost_poisson(3, 5, holding=20, penalty=150, fixed=100, rate=1.5, lead_time=2), 4)
    107.9236
    """
    if int(r) != r or int(Q) != Q or Q < 1:
        raise EcomsimError("(r, Q)", f"({r:g}, {Q:g})", "whole numbers with Q of at least 1", "Round them")
    k = require_number(fixed, "fixed", low=0, unit="yuan an order")
    demand = require_number(rate, "rate", low=0, open_low=True)
    pmf = poisson_pmf(demand * require_number(lead_time, "lead_time", low=0))
    g = expected_cost(holding, penalty, pmf, np.arange(int(r) + 1, int(r) + int(Q) + 1))
    return float((k * demand + g.sum()) / Q)


def best_rq_poisson(*, holding: float, penalty: float, fixed: float, rate: float, lead_time: float) -> Policy:
    """Return the best (r, Q): Q grows on the cheaper side while that pays (Federgruen and Zheng 1992).

    Examples
    --------
    >>> best_rq_poisson(holding=20, penalty=150, fixed=100, rate=1.5, lead_time=2).second
    5
    """
    k = require_number(fixed, "fixed", low=0, unit="yuan an order")
    require_number(holding, "holding", low=0, open_low=True)
    require_number(penalty, "penalty", low=0, open_low=True)
    demand = require_number(rate, "rate", low=0, open_low=True)
    pmf = poisson_pmf(demand * require_number(lead_time, "lead_time", low=0))

    def g(y: int) -> float:
        return float(expected_cost(holding, penalty, pmf, [y])[0])

    cost = expected_cost(holding, penalty, pmf, np.arange(pmf.size + 1))
    left = right = int(cost.argmin())
    total, best = k * demand + float(cost.min()), k * demand + float(cost.min())
    while True:
        below, above = g(left - 1), g(right + 1)
        step = min(below, above)
        count = right - left + 2
        if (total + step) / count >= best:
            return Policy(left - 1, right - left + 1, best)
        total += step
        best = total / count
        left, right = (left - 1, right) if below <= above else (left, right + 1)


def rq_cost_normal(
    r: float,
    Q: float,
    *,
    holding: float,
    penalty: float,
    fixed: float,
    mean: float,
    sd: float,
    lead_time: float,
) -> float:
    """Return the cost per unit of time of (r, Q), normal demand: ``(K mean + integral of G, r to r+Q) / Q``.

    Parameters
    ----------
    mean, sd : float
        Demand per unit of time; its variance grows with time.
    lead_time : float
        In the same unit of time.

    Examples
    --------
    >>> args = dict(holding=0.225, penalty=7.5, fixed=8, mean=1300, sd=150, lead_time=1 / 12)
    >>> round(rq_cost_normal(126.8, 328.5, **args), 6)
    78.071163
    """
    require_number(Q, "Q", low=0, open_low=True, unit="units")
    k = require_number(fixed, "fixed", low=0, unit="yuan an order")
    h = require_number(holding, "holding", low=0)
    p = require_number(penalty, "penalty", low=0)
    time = require_number(lead_time, "lead_time", low=0, open_low=True)
    centre, spread = mean * time, require_number(sd, "sd", low=0, open_low=True) * math.sqrt(time)
    ends = np.array([r, r + Q]) - centre
    # G(y) = h (y - centre) + (h + p) shortage(y); the integral of shortage is minus the second-order loss.
    held = h / 2 * float(ends[1] ** 2 - ends[0] ** 2)
    short = float(-np.diff(_second_loss(ends / spread))[0]) * spread**2
    return (k * mean + held + (h + p) * short) / Q


def _second_loss(z: Floats) -> Floats:
    """Return the integral of the standard normal loss from z on, ``((z^2 + 1)(1 - Phi) - z phi) / 2``."""
    from scipy.special import ndtr

    return np.asarray(((z * z + 1) * ndtr(-z) - z * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)) / 2)


def _renewal(p: Floats, n: int) -> Floats:
    """Return m(0..n-1): expected visits to "j units below S" in a cycle, ``m = (m * p) + 1 at 0``."""
    _some_demand(p)
    m = np.zeros(n)
    m[0] = 1 / (1 - p[0])
    for j in range(1, n):
        i = min(j, p.size - 1)
        m[j] = (p[1 : i + 1] @ m[j - i : j][::-1]) / (1 - p[0])
    return m


def _some_demand(p: Floats) -> None:
    if p[0] >= 1:
        raise EcomsimError("pmf", "no demand ever", "some demand", "Leave products without demand out")
