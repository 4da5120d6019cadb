"""The fewest agents that keep a promise, for queues whose level has no closed inverse: bisection, never a guess."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from ecomsim.checks import EcomsimError, require_number
from ecomsim.formulas.abandonment import erlang_a
from ecomsim.formulas.arrays import Floats, Ints, checked, whole_number
from ecomsim.formulas.chat import Desk, chat_steady
from ecomsim.formulas.mixing import day_factors, factor_at

__all__ = ["fewest", "smallest_agents_impatient", "smallest_chat_agents"]

_MOST = 100_000


def fewest(holds: Callable[[Ints, Ints], np.ndarray], low: ArrayLike, guess: ArrayLike) -> Ints:
    """Return the least n above `low` for which `holds`, per interval.

    Parameters
    ----------
    holds : callable
        ``holds(index, n)`` tells for the intervals `index` whether n agents are enough; once true it stays true.
    low : array_like of int
        Numbers known, or meant, not to be enough.
    guess : array_like of int
        Where to begin, above `low`.

    Notes
    -----
    Steps double until enough, then the gap is halved until n - 1 fails: minimal whatever the guess.
    """
    bottom, high = np.array(low, dtype=np.int64), np.array(guess, dtype=np.int64)
    step = np.maximum((high - bottom) // 2, 1)
    todo = np.arange(high.size)
    while (todo := todo[~holds(todo, high[todo])]).size:
        if int(high[todo].max()) >= _MOST:
            raise EcomsimError(
                f"interval {int(todo[0])}", f"{_MOST:,} agents and still short", "a promise that can be kept",
                "Allow more time or a smaller share",
            )  # fmt: skip
        bottom[todo] = high[todo]
        high[todo] += step[todo]
        step[todo] *= 2
    while (todo := np.flatnonzero(high - bottom > 1)).size:
        middle = (bottom[todo] + high[todo]) // 2
        fine = holds(todo, middle)
        high[todo[fine]] = middle[fine]
        bottom[todo[~fine]] = middle[~fine]
    return high


def smallest_agents_impatient(
    arrivals_per_s: ArrayLike,
    handle_s: float,
    patience_s: float,
    answer_within_s: float,
    target: float,
    *,
    cv: float = 0.0,
    confidence: float | None = None,
    occupancy_max: float = 1.0,
    agents_min: int = 0,
) -> Ints:
    """Return the fewest agents with which `target` of all arrivals are answered in time (Erlang A).

    Parameters
    ----------
    arrivals_per_s : array_like
        Mean arrivals a second, any shape; zero needs nobody beyond `agents_min`.
    cv : float
        Spread of the rate from day to day (gamma).
    confidence : float, optional
        Share of days on which the target must hold; without it the average over all contacts must.
    occupancy_max : float
        Most time at work a head, on the mean day.

    Examples
    --------
    >>> [int(smallest_agents_impatient(30 / 240, 240, 180, 60, 0.9, cv=c)) for c in (0, 0.1, 0.3)]
    [31, 32, 38]
    """
    rates = checked(arrivals_per_s, "arrivals_per_s", low=0)
    flat = rates.ravel()
    goal = _goal(target)
    busiest = require_number(occupancy_max, "occupancy_max", low=0, high=1, open_low=True)
    factor, weight = _days(cv, confidence)

    def holds(index: Ints, n: Ints) -> np.ndarray:
        out = erlang_a(flat[index][:, None] * factor, n[:, None], handle_s, patience_s, answer_within_s)
        level = (out.answered_within * weight).sum(axis=1)
        mean = out.occupancy[:, 0] if factor.size == 1 else (out.occupancy * weight / factor).sum(axis=1)
        return np.asarray((level >= goal) & (mean <= busiest))

    return _least(holds, flat, flat * handle_s, agents_min).reshape(rates.shape)


def smallest_chat_agents(
    arrivals_per_s: ArrayLike,
    desk: Desk,
    answer_within_s: float,
    target: float,
    *,
    cv: float = 0.0,
    confidence: float | None = None,
    occupancy_max: float = 1.0,
    agents_min: int = 0,
) -> Ints:
    """Return the fewest chat agents with which `target` of all arrivals get a first answer in time.

    Parameters are those of `smallest_agents_impatient`; `desk` says how one agent chats.

    Examples
    --------
    >>> from ecomsim.formulas.chat_levels import SpeedUps
    >>> smallest_chat_agents(np.array([2, 10, 40]) / 60, SpeedUps(240, (1, 1.7, 2.5), 180), 60, 0.9)
    array([ 4, 16, 59])
    """
    rates = checked(arrivals_per_s, "arrivals_per_s", low=0)
    flat = rates.ravel()
    goal = _goal(target)
    busiest = require_number(occupancy_max, "occupancy_max", low=0, high=1, open_low=True)
    factor, weight = _days(cv, confidence)
    best = max(
        float(np.max(np.asarray(desk.answered_by(k, answer_within_s)))) for k in range(desk.concurrency)
    )
    if best <= goal:
        raise EcomsimError(
            "target", f"{goal:g} within {answer_within_s:g} seconds",
            f"a share below {best:.3f}: even an idle agent needs time for the first reply",
            "Allow more time or a smaller share",
        )  # fmt: skip

    def holds(index: Ints, n: Ints) -> np.ndarray:
        fine = np.empty(index.size, dtype=bool)
        for size in np.unique(n):
            here = n == size
            out = chat_steady(flat[index[here]][:, None] * factor, int(size), desk, answer_within_s)
            level = (out.answered_within[..., 0] * weight).sum(axis=1)
            mean = out.occupancy[:, 0] if factor.size == 1 else (out.occupancy * weight / factor).sum(axis=1)
            fine[here] = (level >= goal) & (mean <= busiest)
        return fine

    return _least(holds, flat, flat / desk.capacity_per_s, agents_min).reshape(rates.shape)


def _goal(target: float) -> float:
    goal = require_number(target, "target", low=0, high=1)
    if goal >= 1:
        raise EcomsimError(
            "target", "1", "a fraction below 1", "No number of agents answers everyone in time"
        )
    return goal


def _days(cv: float, confidence: float | None) -> tuple[Floats, Floats]:
    """Return factors on the rate and their weights: by contact over all days, or the one busy day."""
    if confidence is not None:
        return np.atleast_1d(factor_at(cv, confidence)), np.ones(1)
    factor, share = day_factors(cv)
    return factor, share * factor


def _least(holds: Callable[[Ints, Ints], np.ndarray], rates: Floats, heads: Floats, agents_min: int) -> Ints:
    """Size the intervals with arrivals; `heads` is the load in agents, the first guess a little above it."""
    floor = whole_number(agents_min, "agents_min", unit="people")
    out = np.full(rates.size, floor, dtype=np.int64)
    some = np.flatnonzero(rates > 0)
    if some.size:
        low = np.full(some.size, max(floor, 1) - 1, dtype=np.int64)
        guess = np.maximum(low + 1, np.ceil(heads[some] + np.sqrt(heads[some])).astype(np.int64))
        out[some] = fewest(lambda i, n: holds(some[i], n), low, guess)
    return out
