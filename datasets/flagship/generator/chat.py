"""The chat desk contact by contact: places, waiting, giving up."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np

from generator.world import SLOTS, Service

# Share of a day's contacts by half-hour (relative); evening peak, quiet night.
_HOURLY_PRESALE = (
    1.2,
    0.7,
    0.4,
    0.25,
    0.2,
    0.25,
    0.5,
    1.0,
    2.2,
    3.8,
    5.2,
    5.4,
    4.6,
    4.9,
    5.4,
    5.5,
    5.2,
    4.7,
    4.8,
    6.0,
    7.6,
    8.0,
    6.2,
    3.0,
)
_HOURLY_AFTERSALE = (
    0.5,
    0.3,
    0.2,
    0.1,
    0.1,
    0.2,
    0.4,
    1.2,
    3.2,
    6.4,
    7.8,
    7.2,
    5.2,
    5.8,
    7.0,
    6.8,
    6.2,
    5.4,
    4.6,
    5.0,
    5.4,
    4.8,
    3.2,
    1.5,
)
# (start slot, end slot, share of the day's agents)
SHIFTS = {
    "presale": ((16, 32, 0.28), (22, 40, 0.26), (31, 48, 0.46)),
    "aftersale": ((16, 33, 0.5), (28, 46, 0.5)),
}
HOURLY_NOTE = "share of a day's contacts by half-hour from 00:00; gamma-noisy by day (shape 25)"
OPEN_S = 8 * 3600.0
PLATFORM_CLOCK_S = (8 * 3600.0, 23 * 3600.0)


def profile(kind: str, weekend: bool) -> np.ndarray:
    """Share of contacts by half-hour; weekends start later and end later."""
    hourly = np.array(_HOURLY_PRESALE if kind == "presale" else _HOURLY_AFTERSALE)
    half = np.repeat(hourly, 2)
    half = 0.5 * half + 0.25 * np.roll(half, 1) + 0.25 * np.roll(half, -1)
    if weekend:
        half = 0.5 * half + 0.5 * np.roll(half, 1)
    return half / half.sum()


def shift_agents(kind: str, headcount: float, absent: np.ndarray) -> list[tuple[int, int, int]]:
    """(start slot, end slot, agents present) for a day's headcount."""
    out = []
    for (start, end, share), gone in zip(SHIFTS[kind], absent, strict=True):
        out.append((start, end, max(1, round(headcount * share) - int(gone))))
    return out


@dataclass(frozen=True)
class Chats:
    """Outcome of each contact, in order of arrival."""

    arrival_s: np.ndarray
    first_response_s: np.ndarray  # inf: nobody answered
    in_clock: np.ndarray


def arrivals(n: int, kind: str, weekend: bool, rng: np.random.Generator) -> np.ndarray:
    """Sorted arrival times; half-hours burst a little more than Poisson."""
    share = profile(kind, weekend) * rng.gamma(25.0, 1 / 25.0, SLOTS)
    slot = rng.choice(SLOTS, n, p=share / share.sum())
    return np.sort((slot + rng.random(n)) * 1800.0)


def serve(
    arrival: np.ndarray, shifts: list[tuple[int, int, int]], s: Service, rng: np.random.Generator
) -> Chats:
    """First come, first served on chat places; contacts give up after their patience in service hours."""
    n = len(arrival)
    sigma2 = np.log(1 + s.chat_cv**2)
    length = rng.lognormal(np.log(s.chat_mean_s) - sigma2 / 2, np.sqrt(sigma2), n)
    patience = np.where(arrival < OPEN_S, np.inf, rng.exponential(s.patience_mean_s, n))
    typing = rng.gamma(4.0, s.typing_mean_s / 4.0, n)
    places = [
        (start * 1800.0, end * 1800.0) for start, end, count in shifts for _ in range(count * s.concurrency)
    ]
    heapq.heapify(places)
    reply = np.full(n, np.inf)
    for i, (t, chat, patient) in enumerate(
        zip(arrival.tolist(), length.tolist(), patience.tolist(), strict=True)
    ):
        while places:
            free, end = places[0]
            begin = free if free > t else t
            if begin < end:
                break
            heapq.heappop(places)
        else:
            continue
        if begin - t > patient:
            continue
        heapq.heapreplace(places, (begin + chat, end))
        slow = 1.0 + s.typing_load if begin > t else 1.0
        reply[i] = begin - t + typing[i] * slow
    return Chats(arrival, reply, (arrival >= PLATFORM_CLOCK_S[0]) & (arrival < PLATFORM_CLOCK_S[1]))


def answer_factor(first_response_s: np.ndarray, floor: float, tau_s: float) -> np.ndarray:
    """g(t) = floor + (1 - floor) exp(-t / tau); nobody answered: floor."""
    return floor + (1 - floor) * np.exp(-first_response_s / tau_s)
