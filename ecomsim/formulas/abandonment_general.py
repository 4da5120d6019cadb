"""The queue of impatient customers whatever the shape of their patience, by integration (M/M/n+G)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ecomsim.formulas.abandonment import ErlangA
from ecomsim.formulas.arrays import Floats, aligned, checked
from ecomsim.formulas.gammas import legendre
from ecomsim.formulas.patience import Patience
from ecomsim.formulas.queueing import erlang_b

__all__ = ["general_queue"]

_DEPTH = 45.0  # the density is dropped where it is e^-45 of its peak
_PANELS, _NODES = 16, 24


def general_queue(
    arrivals_per_s: ArrayLike,
    agents: ArrayLike,
    handle_s: ArrayLike,
    patience: Patience,
    answer_within_s: ArrayLike = 20.0,
) -> ErlangA:
    """Return waiting and abandonment of M/M/n+G; for exponential patience the same as `erlang_a`.

    Parameters
    ----------
    arrivals_per_s, agents, handle_s, answer_within_s : array_like
        As in `erlang_a`; agents at least 1.
    patience : Patience
        Shape of the patience.

    Notes
    -----
    The offered wait has density ``f(v) ~ exp(lambda H(v) - n mu v)`` with ``H`` the integral of P(T > t), and weight
    ``P(W>0) = lambda J / (1/B(n-1) + lambda J)``, ``J`` the integral of that exponential. Then P(Ab) is the integral
    of f P(T <= v), E[W] that of f H, and the share answered in time that of f P(T > v) up to t.
    Baccelli and Hebuterne 1981; Zeltyn and Mandelbaum 2005.

    Examples
    --------
    >>> from ecomsim.formulas.patience import ExponentialPatience
    >>> out = general_queue(0.8, 50, 60, ExponentialPatience(120))
    >>> round(float(out.waits), 9), round(float(out.abandoned), 9)
    (0.467774069, 0.030912249)
    """
    lam, n, handle, within = aligned(
        ("arrivals_per_s", checked(arrivals_per_s, "arrivals_per_s", low=0)),
        ("agents", checked(agents, "agents", low=1)),
        ("handle_s", checked(handle_s, "handle_s", low=0, open_low=True, unit="seconds")),
        ("answer_within_s", checked(answer_within_s, "answer_within_s", low=0, unit="seconds")),
    )
    shape = lam.shape
    some = (lam > 0).ravel()
    rate = np.where(lam > 0, lam, 1.0 / handle).ravel()
    n, handle, within = n.ravel(), handle.ravel(), within.ravel()
    capacity = n / handle

    def exponent(v: Floats) -> Floats:
        return np.asarray(rate * patience.stayed_s(v) - capacity * v)

    peak = _peak(rate, capacity, patience)
    top = exponent(peak)
    high = _edge(peak, top, exponent, 1 / np.maximum(rate, capacity))
    low = peak - _lower(peak, top, exponent)
    inner = np.array(patience.knots_s)
    edges = [low[:, None] + (peak - low)[:, None] * np.linspace(0, 1, _PANELS + 1)]
    edges += [
        peak[:, None] + (high - peak)[:, None] * np.linspace(0, 1, _PANELS + 1) ** 3
    ]  # fine near the peak
    edges += [np.clip(np.broadcast_to(inner, (rate.size, inner.size)), low[:, None], high[:, None])]
    edges += [np.clip(within, low, high)[:, None]]
    cut = np.sort(np.concatenate(edges, axis=1), axis=1)
    node, weight = legendre(_NODES)
    width = np.diff(cut, axis=1)[:, :, None] / 2
    v = (cut[:, :-1, None] + width * (node + 1)).reshape(rate.size, -1)
    stay, stayed = patience.stay(v), patience.stayed_s(v)
    raised = rate[:, None] * stayed - capacity[:, None] * v - top[:, None]
    density = np.exp(raised) * (width * weight).reshape(rate.size, -1)
    total = density.sum(axis=1)
    with np.errstate(over="ignore", divide="ignore"):
        odds = np.log(rate * total) + top + np.log(erlang_b(rate * handle, n - 1))
        waits = 1 / (1 + np.exp(-odds))
    f = density / total[:, None] * waits[:, None]
    abandoned = (f * (1 - stay)).sum(axis=1)
    in_time = 1 - waits + (f * stay * (v <= within[:, None])).sum(axis=1)

    def out(values: Floats, empty: float) -> Floats:
        return np.where(some, values, empty).reshape(shape)

    return ErlangA(
        waits=out(waits, 0.0),
        abandoned=out(abandoned, 0.0),
        mean_wait_s=out((f * stayed).sum(axis=1), 0.0),
        answered_within=out(np.clip(in_time, 0.0, 1.0), 1.0),
        occupancy=out(rate * handle * (1 - abandoned) / n, 0.0),
    )


def _peak(rate: Floats, capacity: Floats, patience: Patience) -> Floats:
    """Return where the arrivals that still wait fall to the capacity; 0 below full load."""
    over = rate * patience.stay(np.zeros_like(rate)) > capacity
    high = np.where(over, 1 / capacity, 0.0)
    for _ in range(200):
        still = over & (rate * patience.stay(high) > capacity)
        if not still.any():
            break
        high = np.where(still, 2 * high, high)
    low = np.zeros_like(high)
    for _ in range(80):
        middle = (low + high) / 2
        above = rate * patience.stay(middle) > capacity
        low, high = np.where(over & above, middle, low), np.where(over & above, high, middle)
    return np.where(over, (low + high) / 2, 0.0)


def _edge(peak: Floats, top: Floats, exponent: object, step: Floats) -> Floats:
    """Return a point above the peak where the exponent has fallen by `_DEPTH`, within a factor of 1.1."""
    assert callable(exponent)
    reach = step.copy()
    for _ in range(400):
        short = exponent(peak + reach) > top - _DEPTH
        if not short.any():
            break
        reach = np.where(short, reach * 1.5, reach)
    return np.asarray(peak + reach)


def _lower(peak: Floats, top: Floats, exponent: object) -> Floats:
    """Return how far below the peak the density reaches, at most to zero."""
    assert callable(exponent)
    reach = peak.copy()
    for _ in range(200):
        wide = (reach > 0) & (exponent(np.maximum(peak - reach / 1.5, 0.0)) < top - _DEPTH)
        if not wide.any():
            break
        reach = np.where(wide, reach / 1.5, reach)
    return reach
