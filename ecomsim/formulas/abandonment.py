"""Erlang A: a queue whose customers give up, from one agent to ten thousand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ecomsim.formulas.arrays import Floats, aligned, checked
from ecomsim.formulas.gammas import legendre, log_scale
from ecomsim.formulas.queueing import erlang_b

__all__ = ["ErlangA", "erlang_a", "patient_sums", "wait_nodes"]

# Terms of the series worth summing before an integral is both quicker and as accurate.
_SERIES_LIMIT = 200.0


@dataclass(frozen=True)
class ErlangA:
    """What a queue with impatient customers does; arrays share one shape.

    Attributes
    ----------
    waits : share of arrivals that do not find a free agent.
    abandoned : share of arrivals that give up.
    mean_wait_s : seconds waited, mean over all arrivals (those who give up included).
    answered_within : share of all arrivals answered within the time asked for.
    occupancy : share of agents' time at work.
    """

    waits: Floats
    abandoned: Floats
    mean_wait_s: Floats
    answered_within: Floats
    occupancy: Floats


def erlang_a(
    arrivals_per_s: ArrayLike,
    agents: ArrayLike,
    handle_s: ArrayLike,
    patience_s: ArrayLike,
    answer_within_s: ArrayLike = 20.0,
) -> ErlangA:
    """Return waiting and abandonment of M/M/n+M (Garnett, Mandelbaum and Reiman 2002).

    Parameters
    ----------
    arrivals_per_s : array_like
        Arrivals a second, at least 0.
    agents : array_like
        Agents, above 0.
    handle_s, patience_s : array_like
        Mean handling time and mean patience in seconds, above 0.
    answer_within_s : array_like
        Answer time asked for.

    Notes
    -----
    With ``A = sum_j y^j / ((x+1)...(x+j))``, x = n mu / theta, y = lambda / theta: P(W>0) = AB / (1+(A-1)B),
    and the expected queue is ``pi_n sum_j j y^j / (...)``. The service level integrates the density of the
    offered wait, ``n mu pi_n exp((lambda/theta)(1 - e^(-theta v)) - n mu v)``, times the patience left.

    Examples
    --------
    >>> out = erlang_a(0.8, 50, 60, 120)
    >>> round(float(out.waits), 9), round(float(out.abandoned), 9), round(float(out.mean_wait_s), 3)
    (0.467774069, 0.030912249, 3.709)
    """
    lam, n, handle, patience, within = aligned(
        ("arrivals_per_s", checked(arrivals_per_s, "arrivals_per_s", low=0)),
        ("agents", checked(agents, "agents", low=0, open_low=True)),
        ("handle_s", checked(handle_s, "handle_s", low=0, open_low=True, unit="seconds")),
        ("patience_s", checked(patience_s, "patience_s", low=0, open_low=True, unit="seconds")),
        ("answer_within_s", checked(answer_within_s, "answer_within_s", low=0, unit="seconds")),
    )
    some = lam > 0
    rate = np.where(some, lam, 1.0 / handle)
    b = erlang_b(rate * handle, n)
    log_a, queue = patient_sums(n * patience / handle, rate * patience)
    inverse_a = np.exp(-log_a)
    waits = b / (inverse_a + (1 - inverse_a) * b)
    abandoned = waits * queue / (rate * patience)
    with np.errstate(divide="ignore"):
        log_full = np.log(waits) - log_a  # exactly n are present
    _, mass = wait_nodes(rate, n / handle, patience, within, log_full)
    level = 1 - waits + mass.sum(axis=-1)
    occupancy = rate * handle * (1 - abandoned) / n
    return ErlangA(
        waits=np.where(some, waits, 0.0),
        abandoned=np.where(some, abandoned, 0.0),
        mean_wait_s=np.where(some, abandoned * patience, 0.0),
        answered_within=np.where(some, np.clip(level, 0.0, 1.0), 1.0),
        occupancy=np.where(some, occupancy, 0.0),
    )


def patient_sums(x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """Return log A and the mean number waiting given a wait, for exponential patience.

    Parameters
    ----------
    x, y : array_like
        Service rate of the full system and arrival rate, both times the mean patience; above 0.

    Notes
    -----
    ``A = sum_j t_j`` and ``queue = sum_j j t_j / A`` with ``t_j = y^j / ((x+1)...(x+j))``. Three ways, each where
    it neither cancels nor takes long: the series below full load; there, for the most patient, the integrals
    ``A = x I(1)``, ``queue = y I(1 - e^-s) / I(1)``, ``I(f) = integral of f exp(y (1 - e^-s) - x s) ds``; and from
    full load on ``A = x e^y y^(-x) gamma(x, y)`` in logs, ``queue = x (1/A + y/x - 1)``.
    """
    from scipy.special import gammainc

    xs, ys = np.broadcast_arrays(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64))
    shape = xs.shape
    x, y = xs.ravel(), ys.ravel()
    rho = y / x
    log_a, queue = np.empty_like(x), np.empty_like(x)
    with np.errstate(divide="ignore"):
        terms = np.minimum(
            np.where(rho < 1, 40.0 / -np.log(np.minimum(rho, 1 - 1e-16)), np.inf), np.sqrt(80 * x) + 40
        )
    short = (rho < 1) & (terms <= _SERIES_LIMIT)
    if short.any():
        xs, ys = x[short], y[short]
        term = np.ones_like(xs)
        total, weighted = np.ones_like(xs), np.zeros_like(xs)
        for j in range(1, int(terms[short].max()) + 2):
            term = term * ys / (xs + j)
            total += term
            weighted += j * term
        log_a[short] = np.log(total)
        queue[short] = weighted / total
    if (long := (rho < 1) & ~short).any():
        xs, ys = x[long][:, None], y[long][:, None]
        node, weight = legendre(64)
        # Past this the exponent is below -40; here x > 300, so s stays far below 1.
        reach = np.minimum(40.0 / np.maximum(xs - ys, 1e-300), np.sqrt(90.0 / ys) + 90.0 / xs)
        s = reach * (node + 1) / 2
        tail = 1 - s / 4 * (1 - s / 5 * (1 - s / 6 * (1 - s / 7)))
        bent = np.where(s < 0.02, s * s * (0.5 - s / 6 * tail), s + np.expm1(-s))
        density = np.exp((ys - xs) * s - ys * bent) * weight * reach / 2
        whole = density.sum(axis=1)
        log_a[long] = np.log(x[long] * whole)
        queue[long] = y[long] * (density * -np.expm1(-s)).sum(axis=1) / whole
    if (full := rho >= 1).any():
        xs, ys = x[full], y[full]
        log_a[full] = log_scale(xs, ys) + np.log(gammainc(xs, ys))
        queue[full] = xs * np.exp(-log_a[full]) + (ys - xs)
    return log_a.reshape(shape), queue.reshape(shape)


def wait_nodes(
    arrivals: ArrayLike,
    capacity: ArrayLike,
    patience: ArrayLike,
    within: ArrayLike,
    log_full: ArrayLike,
    nodes: int = 64,
) -> tuple[Floats, Floats]:
    """Return waits up to `within` and the probability mass of being answered after each, last axis = node.

    Parameters
    ----------
    arrivals, capacity, patience, within : array_like
        Rates and times in one unit.
    log_full : array_like
        Log probability that the system is exactly full (nobody waiting yet).

    Notes
    -----
    Gauss-Legendre over the part of [0, within] where the density of `erlang_a`, Notes, lives; everything in
    logs, because far above full load that density is e^9000 times a probability of e^-9000.
    """
    lam, c, p, t, full = np.broadcast_arrays(
        *(
            np.asarray(v, dtype=np.float64)[..., None]
            for v in (arrivals, capacity, patience, within, log_full)
        )
    )
    theta = 1.0 / p
    # The exponent is concave with its peak where arrivals thinned by patience equal the capacity.
    peak = np.where(lam > c, p * np.log(np.maximum(lam / c, 1.0)), 0.0)
    spread = np.sqrt(80.0 / (np.minimum(lam, c) * theta))
    with np.errstate(divide="ignore"):
        steep = np.where(c + theta > lam, 40.0 / np.maximum(c + theta - lam, 1e-300), np.inf)
    upper = np.minimum(t, peak + np.minimum(spread, np.where(peak > 0, np.inf, steep)))
    lower = np.minimum(np.maximum(0.0, peak - spread), upper)
    x, w = legendre(nodes)
    value = lower + (upper - lower) * (x + 1) / 2
    exponent = full + np.log(c) + lam * p * -np.expm1(-theta * value) - (c + theta) * value
    return value, w * (upper - lower) / 2 * np.exp(exponent)
