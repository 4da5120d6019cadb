"""Erlang B and C: blocking and waiting in a queue with many agents; `abandonment` has Erlang A.

Load is in Erlangs (arrival rate times mean handling time). The recursions of the textbooks are replaced by
incomplete gamma functions and a continued fraction, so 10,000 agents cost as much as ten and arrays of
intervals are answered at once.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ecomsim.checks import EcomsimError
from ecomsim.formulas.arrays import Floats, Ints, aligned, checked, whole_number
from ecomsim.formulas.gammas import log_scale

__all__ = [
    "asa",
    "erlang_b",
    "erlang_c",
    "queue_length",
    "service_level",
    "smallest_agents",
    "wait_percentile",
]


def erlang_b(load: ArrayLike, agents: ArrayLike) -> Floats:
    """Return the share of arrivals finding all agents busy when nobody waits.

    Parameters
    ----------
    load : array_like
        Offered load in Erlangs, at least 0.
    agents : array_like
        Agents, at least 0; need not be whole (Jagerman's continuation). Broadcasts with `load`.

    Notes
    -----
    ``1/B = integral of a e^(-a t) (1+t)^n dt = a e^a a^(-n-1) Gamma(n+1, a)``. Where the incomplete gamma
    function underflows (a much above n) its continued fraction is used, which needs no such function.

    Examples
    --------
    >>> round(float(erlang_b(10, 15)), 7)
    0.0364969
    """
    from scipy.special import gammaincc

    a, n = aligned(("load", checked(load, "load", low=0)), ("agents", checked(agents, "agents", low=0)))
    safe = np.where(a > 0, a, 1.0)
    tail = gammaincc(n + 1, safe)
    far = tail < 1e-8
    with np.errstate(divide="ignore"):
        log_pmf = np.where(n > 0, -log_scale(np.where(n > 0, n, 1.0), safe), -safe)
        log_b = log_pmf - np.log(np.where(far, 1.0, tail))
    blocked = np.exp(log_b)
    if far.any():
        blocked = np.where(far, 1.0 / np.where(far, safe * _gamma_fraction(n + 1, safe, far), 1.0), blocked)
    blocked = np.where(a > 0, blocked, np.where(n > 0, 0.0, 1.0))
    return np.asarray(np.clip(blocked, 0.0, 1.0))


def erlang_c(load: ArrayLike, agents: ArrayLike) -> Floats:
    """Return the share of arrivals that wait when nobody gives up: ``nB / (n - a(1-B))``.

    Raises
    ------
    EcomsimError
        Where the load reaches the number of agents: the queue would grow without end.

    Examples
    --------
    >>> round(float(erlang_c(10, 14)), 9)
    0.174131934
    """
    a, n = _stable(load, agents)
    b = erlang_b(a, n)
    with np.errstate(invalid="ignore"):
        waits = n * b / (n - a * (1 - b))
    return np.asarray(np.where(a > 0, waits, 0.0))


def service_level(
    load: ArrayLike, agents: ArrayLike, answer_within_s: ArrayLike, handle_s: ArrayLike
) -> Floats:
    """Return the share answered within `answer_within_s` under Erlang C: ``1 - C exp(-(n-a) t / h)``.

    Examples
    --------
    >>> round(float(service_level(10, 14, 20, 180)), 6)
    0.88835
    """
    within = checked(answer_within_s, "answer_within_s", low=0, unit="seconds")
    handle = checked(handle_s, "handle_s", low=0, open_low=True, unit="seconds")
    a, n = _stable(load, agents)
    a, n, within, handle = aligned(
        ("load", a), ("agents", n), ("answer_within_s", within), ("handle_s", handle)
    )
    return np.asarray(1.0 - erlang_c(a, n) * np.exp(-(n - a) * within / handle))


def asa(load: ArrayLike, agents: ArrayLike, handle_s: ArrayLike) -> Floats:
    """Return the mean wait in seconds of all arrivals under Erlang C: ``C h / (n - a)``.

    Examples
    --------
    >>> round(float(asa(10, 14, 180)), 3)
    7.836
    """
    handle = checked(handle_s, "handle_s", low=0, open_low=True, unit="seconds")
    a, n = _stable(load, agents)
    a, n, handle = aligned(("load", a), ("agents", n), ("handle_s", handle))
    return np.asarray(erlang_c(a, n) * handle / (n - a))


def queue_length(load: ArrayLike, agents: ArrayLike) -> Floats:
    """Return the mean number waiting under Erlang C: ``C a / (n - a)``.

    Examples
    --------
    >>> round(float(queue_length(48, 50)), 2)
    16.67
    """
    a, n = _stable(load, agents)
    return np.asarray(erlang_c(a, n) * a / (n - a))


def wait_percentile(load: ArrayLike, agents: ArrayLike, handle_s: ArrayLike, share: ArrayLike) -> Floats:
    """Return the seconds within which `share` of all arrivals are answered: ``max(0, ln(C / (1-p)) h / (n-a))``.

    Examples
    --------
    >>> round(float(wait_percentile(48, 50, 60, 0.9)), 2)
    58.14
    """
    handle = checked(handle_s, "handle_s", low=0, open_low=True, unit="seconds")
    p = _below_one(share, "share")
    a, n = _stable(load, agents)
    a, n, handle, p = aligned(("load", a), ("agents", n), ("handle_s", handle), ("share", p))
    with np.errstate(divide="ignore"):
        late = np.log(erlang_c(a, n)) - np.log1p(-p)
    return np.asarray(np.maximum(late, 0.0) * handle / (n - a))


def smallest_agents(
    load: ArrayLike,
    answer_within_s: ArrayLike,
    handle_s: ArrayLike,
    target: ArrayLike,
    *,
    occupancy_max: ArrayLike = 1.0,
    agents_min: int = 0,
) -> Ints:
    """Return the fewest agents whose Erlang C service level reaches `target`, per interval.

    Parameters
    ----------
    load : array_like
        Erlangs an interval; zero needs nobody (beyond `agents_min`).
    answer_within_s, handle_s : array_like
        Answer time asked for and mean handling time in seconds.
    target : array_like
        Service level as a fraction below 1.
    occupancy_max : array_like
        Most load a head, above 0 and at most 1.
    agents_min : int
        Fewest at the desk whatever the load.

    Notes
    -----
    Minimal by construction: every number below is tried and fails (`least_agents`).

    Examples
    --------
    >>> smallest_agents([0, 10], 20, 180, 0.8)
    array([ 0, 14])
    >>> int(smallest_agents(10, 20, 180, 0.8, occupancy_max=0.7))
    15
    """
    from ecomsim.formulas.sizing_kernel import least_agents

    within = checked(answer_within_s, "answer_within_s", low=0, unit="seconds")
    handle = checked(handle_s, "handle_s", low=0, open_low=True, unit="seconds")
    a, within, handle, goal, busiest = aligned(
        ("load", checked(load, "load", low=0, high=1e6, unit="Erlangs")),
        ("answer_within_s", within),
        ("handle_s", handle),
        ("target", _below_one(target, "target")),
        ("occupancy_max", checked(occupancy_max, "occupancy_max", low=0, high=1, open_low=True)),
    )
    t = within / handle
    floor = whole_number(agents_min, "agents_min", unit="people")
    out = np.empty(a.size, dtype=np.int64)
    load_, time_, goal_, busiest_ = (np.ascontiguousarray(v).ravel() for v in (a, t, goal, busiest))
    least_agents(load_, time_, goal_, busiest_, floor, out)
    return out.reshape(a.shape)


def _below_one(values: ArrayLike, where: str) -> Floats:
    goal = checked(values, where, low=0, high=1)
    if (goal >= 1).any():
        raise EcomsimError(where, "1", "a fraction below 1", "No number of agents answers everyone in time")
    return goal


def _stable(load: ArrayLike, agents: ArrayLike) -> tuple[Floats, Floats]:
    a, n = aligned(("load", checked(load, "load", low=0)), ("agents", checked(agents, "agents", low=0)))
    bad = (a >= n) & (a > 0)
    if bad.any():
        index = tuple(int(i) for i in np.argwhere(bad)[0])
        place = f"interval {index[0] if len(index) == 1 else index}" if index else "load"
        need = int(np.floor(a[index])) + 1
        raise EcomsimError(
            place,
            f"{a[index]:g} Erlangs on {n[index]:g} agents",
            f"at least {need} agents",
            "Add agents, or use erlang_a where customers give up",
        )
    return a, np.where((a == 0) & (n == 0), 1.0, n)


def _gamma_fraction(s: Floats, x: Floats, where: np.ndarray) -> Floats:
    """Return ``Gamma(s, x) e^x x^(-s)`` by the modified Lentz continued fraction, for x > s."""
    s, x = np.where(where, s, 1.0), np.where(where, x, 10.0)
    b = x + 1 - s
    c = np.full_like(b, 1e300)
    d = 1 / b
    h = d
    for i in range(1, 20_000):
        a = -i * (i - s)
        b = b + 2
        d = 1 / (a * d + b)
        c = b + a / c
        step = c * d
        h = h * step
        if np.abs(step - 1).max() < 1e-15:
            break
    return h
