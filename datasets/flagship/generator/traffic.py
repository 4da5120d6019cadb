"""Mean visitors of every channel and day before the day's own feedback, with all shocks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from generator.events import EventDays, all_events
from generator.world import (
    CHANNELS,
    CONVERSION_EVENTS,
    FAMILIES,
    PHASES,
    SPEND_EVENTS,
    VISITOR_EVENTS,
    World,
    days,
    stream,
)

PAID = ("paid_search", "display")


@dataclass(frozen=True)
class Plan:
    """Arrays (channel, day) or (day,); `mean` is before the repeat effect of returning customers."""

    mean: np.ndarray
    shock: np.ndarray
    level: np.ndarray
    season: np.ndarray
    weekday: np.ndarray
    event: np.ndarray
    response: np.ndarray
    spend: np.ndarray
    cps_rate: np.ndarray
    conversion_event: np.ndarray
    conversion_shock: np.ndarray


def fade(calendar: EventDays, d: int) -> float:
    """Weight of the after effect: 1 on the first day after, falling in a straight line to 0."""
    same = (calendar.event == calendar.event[d]) & (calendar.phase == calendar.phase[d])
    when = np.flatnonzero(same)
    return float(1 - (d - when[0]) / len(when))


def event_factors(calendar: EventDays) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """True multipliers on visitors (channel, day), conversion (day) and the budget (day)."""
    n = len(calendar.family)
    visitors, conversion, spend = np.ones((len(CHANNELS), n)), np.ones(n), np.ones(n)
    for d in np.flatnonzero(calendar.family >= 0):
        family, phase = FAMILIES[calendar.family[d]], PHASES[calendar.phase[d]]
        w = fade(calendar, int(d)) if phase == "after" else 1.0
        visitors[:, d] = 1 + w * (np.array(VISITOR_EVENTS[family][phase]) - 1)
        conversion[d] = 1 + w * (CONVERSION_EVENTS[family][PHASES.index(phase)] - 1)
        spend[d] = 1 + w * (SPEND_EVENTS[family][PHASES.index(phase)] - 1)
    return visitors, conversion, spend


def season_curve(world: World) -> np.ndarray:
    """Smooth season (channel, day)."""
    t = world.traffic
    doy = days().day_of_year.to_numpy()
    curve = t.season_annual[0] * np.cos(2 * np.pi * (doy - t.season_annual[1]) / 365.25)
    curve = curve + t.season_half_year[0] * np.cos(4 * np.pi * (doy - t.season_half_year[1]) / 365.25)
    return np.exp(np.array(t.season_scale)[:, None] * curve[None, :])


def weekday_factors(world: World) -> np.ndarray:
    """Weekday factors (channel, 7) of mean 1, Monday first."""
    raw = np.array(world.traffic.weekday)
    return raw / raw.mean(axis=1, keepdims=True)


def _spend(world: World, factor: np.ndarray) -> np.ndarray:
    """Daily spend (2, day): weekly budgets, pulses, one paused week; then the plan."""
    index = days()
    n = len(index)
    out = np.zeros((2, n))
    hidden = index > np.datetime64("2026-10-31")
    for i, ref in enumerate(world.traffic.ref_spend):
        rng = stream("spend", i)
        week = np.arange(n) // 7
        level = np.exp(rng.normal(0, 0.22, week[-1] + 1))[week]
        for start in rng.choice(n - 60, 12, replace=False):
            level[start : start + 10] *= rng.choice([0.45, 0.6, 1.5, 1.9])
        level *= np.exp(rng.normal(0, 0.06, n))
        out[i] = np.round(ref * factor * np.where(hidden, 1.0, level), 2)
    first, last = world.wrinkles.ads_paused
    out[0, (index >= first) & (index <= last)] = 0.0
    return out


def hill(spend: np.ndarray, ref: float, n: float, kappa: float, alpha: float) -> np.ndarray:
    """Response on the adstock, 1 at steady reference spend."""
    x, carried = spend / ref, 1.0
    out = np.empty(len(x))
    for d, now in enumerate(x):
        carried = (1 - alpha) * now + alpha * carried
        out[d] = carried**n / (carried**n + kappa**n) * (1 + kappa**n)
    return out


def _shocks(world: World, n: int) -> np.ndarray:
    """Store and channel shocks of mean 1 (channel, day): autocorrelated, Student tails."""
    t = world.traffic
    sd = np.array([t.store_shock_sd, *t.channel_shock_sd])
    rng = stream("shock")
    scale = np.sqrt((t.shock_t_df - 2) / t.shock_t_df) * np.sqrt(1 - t.shock_phi**2)
    step = rng.standard_t(t.shock_t_df, (len(sd), n)) * scale
    z = np.zeros((len(sd), n))
    z[:, 0] = step[:, 0]
    for d in range(1, n):
        z[:, d] = t.shock_phi * z[:, d - 1] + step[:, d]
    log = np.clip(z, -6, 6) * sd[:, None]
    return np.exp(log[1:] + log[0] - 0.5 * (sd[1:] ** 2 + sd[0] ** 2)[:, None])


def _levels(world: World, ordinary: np.ndarray) -> np.ndarray:
    """Slow level (channel, day), geometric mean 1 over ordinary days."""
    index = days()
    walk = np.cumsum(stream("level").normal(0, world.traffic.level_step_sd, len(index)))
    out = np.tile(walk, (len(CHANNELS), 1))
    for first, factor in world.traffic.trend_breaks:
        out[0, index >= first] += np.log(factor)
    return np.exp(out - out[:, ordinary].mean(axis=1, keepdims=True))


def _commission(calendar: EventDays) -> np.ndarray:
    rng = stream("cps")
    n = len(calendar.family)
    rate, d = np.empty(n), 0
    while d < n:
        run = int(rng.integers(25, 60))
        rate[d : d + run] = rng.choice([0.05, 0.06, 0.08, 0.09, 0.10, 0.12])
        d += run
    rate[-45:] = 0.08
    return rate


def build_plan(world: World, calendar: EventDays) -> Plan:
    """Everything about traffic that is decided before the first day."""
    index, t, w = days(), world.traffic, world.wrinkles
    ordinary = calendar.family < 0
    event, conversion, budget = event_factors(calendar)
    spend = _spend(world, budget)
    response = np.ones((len(CHANNELS), len(index)))
    for i, name in enumerate(PAID):
        response[CHANNELS.index(name)] = hill(
            spend[i], t.ref_spend[i], t.hill_n[i], t.hill_kappa[i], t.carry_over[i]
        )
    cps = _commission(calendar)
    response[CHANNELS.index("affiliate")] = (cps / t.cps_ref_rate) ** t.cps_eta
    taken = t.displacement * t.base[1] / t.base[0] * (response[1] - 1)
    response[0] = 1 - taken
    level, season = _levels(world, ordinary), season_curve(world)
    weekday = weekday_factors(world)[:, index.day_of_week.to_numpy()]
    mean = np.array(t.base)[:, None] * level * season * weekday * event * response
    war = (index >= w.price_war[0]) & (index <= w.price_war[1])
    mean[0, war] *= w.price_war_free_search
    mean[:, (index.month == 10) & (index.day <= 7)] *= w.national_day_factor
    mean[CHANNELS.index("live"), index == w.viral_live_day] *= w.viral_live_factor
    rng = stream("conversion")
    shock = np.exp(rng.normal(0, world.conversion.shock_sd, len(index)))
    pay_days, pay = world.conversion.payday
    shock = shock * np.where(np.isin(index.day, pay_days), pay, 1.0)
    return Plan(
        mean,
        _shocks(world, len(index)),
        level,
        season,
        weekday,
        event,
        response,
        spend,
        cps,
        conversion,
        shock,
    )


def event_titles() -> list[str]:
    """Keys of all events in calendar order."""
    return [e.key for e in all_events()]
