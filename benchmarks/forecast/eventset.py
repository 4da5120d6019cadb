"""A store with 618, Double 11 and Spring Festival, made by rules that share nothing with the forecaster.

Its wrinkles: years of one event differ in strength and length, series differ in how much they take part,
noise is Student t with memory, levels wander and sometimes break, days before an opening are held back, buyers
pay back afterwards, parcels stop around New Year, weekends worked do not feel like weekends.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecomsim.calendar import Event, Phase, makeup_workdays, spring_festival

START, END = dt.date(2022, 1, 1), dt.date(2025, 12, 31)
MONTHS = ("2024-06", "2024-11", "2025-01", "2025-02", "2025-06", "2025-11")
UNTOUCHED = MONTHS[-2:]
SERIES = 10

# year: (first day, hour, last day, second opening or None)
_SALES = {
    "618": {
        2022: ("05-31", 20, "06-18", "06-15"),
        2023: ("05-31", 20, "06-18", "06-15"),
        2024: ("05-20", 20, "06-18", "05-31"),
        2025: ("05-16", 20, "06-18", "05-30"),
    },
    "double11": {
        2022: ("10-31", 20, "11-11", "11-10"),
        2023: ("10-31", 20, "11-11", "11-10"),
        2024: ("10-21", 20, "11-11", "10-31"),
        2025: ("10-20", 20, "11-14", "10-31"),
    },
}
_PEAK = {"618": "06-18", "double11": "11-11"}


@dataclass(frozen=True)
class EventSet:
    """Values (series, days) from START to END and the events as a planner would enter them."""

    values: NDArray[np.float64]
    dates: tuple[dt.date, ...]
    events: tuple[Event, ...]


def event_set(seed: int) -> EventSet:
    """Return one store."""
    rng = np.random.default_rng([20260101, seed])
    dates = tuple(START + dt.timedelta(days=i) for i in range((END - START).days + 1))
    count = len(dates)
    t = np.arange(count)
    weekday = np.array([d.weekday() for d in dates])
    worked = np.isin(np.array(dates), np.array(makeup_workdays(START, END)))
    week = np.array([0.0, -0.03, -0.02, 0.0, 0.06, 0.16, 0.12])
    common = rng.normal(0, 0.02, 7)
    out = np.zeros((SERIES, count))
    bursts = _bursts(dates, rng)
    shared = _noise(rng, count, 0.035, 0.4) + np.cumsum(rng.normal(0, 0.0025, count))
    for s in range(SERIES):
        own_week = week * rng.uniform(0.5, 1.5) + common + rng.normal(0, 0.02, 7)
        log = np.log(rng.lognormal(9.0, 1.2)) + rng.normal(0.10, 0.08) * t / 365.25 + shared
        log = log + np.where(worked, own_week[1], own_week[weekday])
        season = rng.normal(0, 0.10, 2)
        log += season[0] * np.cos(2 * np.pi * t / 365.25) + season[1] * np.sin(2 * np.pi * t / 365.25)
        log += 0.04 * np.isin([d.day for d in dates], (10, 11, 15, 16))
        log += np.cumsum(rng.normal(0, 0.004, count))
        if rng.random() < 0.3:
            log[rng.integers(200, count) :] += rng.normal(0, 0.12)
        part = {family: rng.lognormal(-0.03, 0.25) for family in ("618", "double11", "spring_festival")}
        for family, curve in bursts:
            log += curve * part[family] * (1 + rng.normal(0, 0.08))
        log += _noise(rng, count, 0.06 + 0.10 * rng.random(), 0.25)
        out[s] = rng.poisson(np.exp(log) / 50) * 50.0
    return EventSet(out, dates, _as_entered())


def _noise(rng: np.random.Generator, count: int, size: float, memory: float) -> NDArray[np.float64]:
    shocks = rng.standard_t(5, count) * size * np.sqrt(0.6)
    out = np.zeros(count)
    for i in range(count):
        out[i] = (memory * out[i - 1] if i else 0.0) + shocks[i] * np.sqrt(1 - memory**2)
    return out


def _fading(days: NDArray[np.int64], scale: float) -> NDArray[np.float64]:
    """Return an effect that begins on day 0 at 1 and fades."""
    return np.where(days >= 0, np.exp(-np.maximum(days, 0) / scale), 0.0)


def _bursts(dates: tuple[dt.date, ...], rng: np.random.Generator) -> list[tuple[str, NDArray[np.float64]]]:
    """Return family and curve of every event of a year, as log effects on every day."""
    day = np.array([d.toordinal() for d in dates])
    curves = []
    for family, years in _SALES.items():
        height = 1.5 if family == "double11" else 1.1
        for year, (first, _, last, second) in years.items():
            start, end = (dt.date.fromisoformat(f"{year}-{x}").toordinal() for x in (first, last))
            wave = dt.date.fromisoformat(f"{year}-{second}").toordinal()
            peak = dt.date.fromisoformat(f"{year}-{_PEAK[family]}").toordinal()
            inside = (day > start) & (day <= end)
            held_back = -0.25 * _fading(start - day, 4.0) * (day < start) * (day > start - 15)
            plateau = 0.22 * inside
            opening = 0.45 * _fading(day - start, 1.2)
            again = 0.5 * _fading(day - wave, 1.5)
            top = height * np.maximum(_fading(peak - day, 2.0), _fading(day - peak, 0.7))
            paid_back = -0.28 * _fading(day - end - 1, 7.0)
            curve = held_back + plateau + opening * (day <= end) + again * (day <= end)
            curves.append((family, (curve + top + paid_back) * rng.normal(1.0, 0.10)))
    for year in range(START.year, END.year + 1):
        k = np.clip(day - spring_festival(year).toordinal(), -200, 200)
        stock_up = 0.35 * np.exp(-(((k + 14) / 6.0) ** 2))
        stopped = -1.1 / (1 + np.exp(-(k + 4.5) * 1.2)) / (1 + np.exp((k - 5.5) * 0.9))
        rebound = 0.12 * np.exp(-(((k - 14) / 5.0) ** 2))
        curves.append(("spring_festival", (stock_up + stopped + rebound) * rng.normal(1.0, 0.10)))
    return curves


def _as_entered() -> tuple[Event, ...]:
    """Return the events as a planner knows them: dates, phases and peaks, no strengths."""
    found = []
    for family, years in _SALES.items():
        for year, (first, hour, last, second) in years.items():
            start = dt.datetime.fromisoformat(f"{year}-{first}") + dt.timedelta(hours=hour)
            wave = dt.datetime.fromisoformat(f"{year}-{second}")
            end = dt.datetime.fromisoformat(f"{year}-{last}") + dt.timedelta(days=1)
            phases = (Phase("spot", start, wave), Phase("spot", wave, end))
            peak = dt.date.fromisoformat(f"{year}-{_PEAK[family]}")
            found.append(Event(f"{family} {year}", family, family, year, phases, (peak,)))
    for year in range(START.year, END.year + 2):
        peak = spring_festival(year)
        start = dt.datetime.combine(peak - dt.timedelta(days=1), dt.time())
        phase = Phase("holiday", start, start + dt.timedelta(days=8))
        found.append(Event(f"CNY {year}", "春节", "spring_festival", year, (phase,), (peak,)))
    return tuple(found)
