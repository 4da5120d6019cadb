"""The TRUE parameters of the sample store: what calibration should find again."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pandas as pd

SEED = 20260901
START = pd.Timestamp("2024-09-01")
LAST_EXPORT_DAY = pd.Timestamp("2026-10-31")
# The world goes on for the month to be planned; those days are never exported.
END = pd.Timestamp("2026-11-30")

CHANNELS = ("free_search", "paid_search", "display", "affiliate", "live", "returning", "event")
PHASES = ("before", "during", "peak", "after")
FAMILIES = ("double11", "618", "double12", "spring_festival", "own")
SLOTS = 48
# Days of which single orders are exported.
ORDER_DAYS = ("2026-10-09", "2026-10-10")


@dataclass(frozen=True)
class Traffic:
    """Visitors of a day by channel (unique visitors, mean before shocks)."""

    base: tuple[float, ...] = (6500.0, 3200.0, 2600.0, 1100.0, 900.0, 3000.0, 360.0)
    # Monday first; every row is rescaled to mean 1 on use.
    weekday: tuple[tuple[float, ...], ...] = (
        (1.02, 1.00, 0.99, 0.98, 0.96, 1.01, 1.04),
        (1.01, 1.01, 1.00, 1.00, 0.97, 0.99, 1.02),
        (0.97, 0.96, 0.97, 0.98, 1.00, 1.06, 1.06),
        (1.00, 1.02, 1.01, 1.00, 0.98, 0.99, 1.00),
        (0.62, 1.15, 0.66, 1.20, 0.86, 1.28, 1.23),
        (1.04, 1.02, 1.00, 0.99, 0.98, 0.97, 1.00),
        (0.98, 0.97, 0.98, 0.98, 1.02, 1.05, 1.02),
    )
    # exp(season_scale[c] * (a1 cos(w(t-t1)) + a2 cos(2w(t-t2)))): smooth, so that November and June,
    # which are nearly all event, can still be told from their events.
    season_scale: tuple[float, ...] = (1.0, 0.8, 0.8, 0.7, 0.6, 0.6, 0.5)
    season_annual: tuple[float, float] = (0.055, 335.0)
    season_half_year: tuple[float, float] = (0.025, 150.0)
    store_shock_sd: float = 0.040
    channel_shock_sd: tuple[float, ...] = (0.035, 0.045, 0.055, 0.070, 0.10, 0.035, 0.07)
    shock_phi: float = 0.35
    shock_t_df: float = 5.0
    level_step_sd: float = 0.0035
    # (first day, factor) of lasting level breaks, free search only.
    trend_breaks: tuple[tuple[str, float], ...] = (
        ("2025-04-01", 0.94),
        ("2025-08-20", 1.05),
        ("2026-03-10", 1.06),
    )
    ref_spend: tuple[float, float] = (4200.0, 2400.0)  # paid_search, display: yuan a day
    hill_n: tuple[float, float] = (1.25, 1.10)
    hill_kappa: tuple[float, float] = (1.10, 0.90)  # in units of ref_spend, on the adstock
    carry_over: tuple[float, float] = (0.25, 0.45)
    displacement: float = 0.10  # free-search visitors lost for each extra paid-search visitor
    cps_ref_rate: float = 0.08
    cps_eta: float = 0.70
    repeat_exponent: float = 0.12  # returning visitors ~ (recent buyers / usual)^this
    overlap_ordinary: float = 0.035
    overlap_event: float = 0.055
    leaf_overlap: float = 0.04  # 购物车 and 我的淘宝 count 4 % of the returning visitors twice


@dataclass(frozen=True)
class Conversion:
    """p = p_silent * A, or for an enquirer p_silent * kappa * g(first response) * A."""

    p_silent: tuple[float, ...] = (0.0305, 0.0262, 0.0120, 0.0410, 0.0345, 0.0525, 0.0285)
    enquiry_share: tuple[float, ...] = (0.060, 0.060, 0.045, 0.050, 0.055, 0.065, 0.055)
    kappa: float = 7.0
    g_floor: float = 0.35  # g of an enquiry never answered, or answered next morning
    g_tau_s: float = 150.0  # g(t) = floor + (1 - floor) exp(-t / tau)
    theta: float = 0.38
    badge: float = 1.12
    shock_sd: float = 0.022
    payday: tuple[tuple[int, ...], float] = ((10, 11, 12), 1.04)
    enquiry_event: tuple[float, ...] = (1.05, 1.05, 1.15, 1.05)  # by phase, platform events only


@dataclass(frozen=True)
class Basket:
    """Lines, units and threshold discounts of one order."""

    extra_lines: float = 0.28
    extra_lines_event: float = 0.42
    same_category: float = 0.55
    extra_units_traffic: float = 0.16
    extra_units_profit: float = 0.06
    top_up_share: float = 0.22
    top_up_reach: float = 45.0
    coupon_take_up: float = 0.55
    unpaid_share: float = 0.055
    substitution: float = 0.35


@dataclass(frozen=True)
class Service:
    """Chat: one contact at a time per chat place, several places per agent."""

    concurrency: int = 3
    chat_mean_s: float = 520.0
    chat_cv: float = 0.75
    typing_mean_s: float = 14.0
    typing_load: float = 1.6  # reaction slows by this times the share of busy places
    patience_mean_s: float = 900.0
    aftersale_per_order: float = 0.26
    aftersale_per_refund: float = 0.55
    shrinkage: float = 0.06
    # (first day, last day, headcount factor): people left and were not yet replaced.
    short_staffed: tuple[tuple[str, str, float], ...] = (
        ("2024-11-18", "2024-12-08", 0.75),
        ("2025-06-30", "2025-07-23", 0.68),
        ("2026-03-10", "2026-04-05", 0.72),
    )
    order_to_contact_lag_days: tuple[float, ...] = (0.22, 0.24, 0.20, 0.14, 0.09, 0.06, 0.05)


@dataclass(frozen=True)
class Stock:
    """Replenishment as the shop's buyer does it."""

    lead_sd_log: float = 0.32
    short_share: float = 0.07
    short_range: tuple[float, float] = (0.70, 0.95)
    safety_days: float = 2.0
    cycle_days: int = 18
    planner_error_sd: float = 0.40
    rank_fall_per_day: float = 0.93
    rank_half_life_days: float = 6.0
    rank_floor: float = 0.55
    return_to_stock: float = 0.85
    refund_lag_mean_days: float = 6.0
    shrinkage_per_week: float = 0.0006


# visitors multiplier by family -> phase -> channel (order of CHANNELS), then one for conversion.
VISITOR_EVENTS: dict[str, dict[str, tuple[float, ...]]] = {
    "double11": {
        "before": (1.05, 1.04, 1.10, 1.00, 1.08, 1.22, 5.0),
        "during": (1.18, 1.10, 1.15, 1.20, 1.30, 1.35, 9.0),
        "peak": (2.10, 1.60, 1.70, 2.20, 2.60, 2.50, 26.0),
        "after": (0.86, 0.90, 0.92, 0.88, 0.85, 0.90, 0.9),
    },
    "618": {
        "before": (1.02, 1.02, 1.05, 1.00, 1.05, 1.12, 3.2),
        "during": (1.10, 1.06, 1.08, 1.12, 1.15, 1.18, 5.5),
        "peak": (1.65, 1.35, 1.40, 1.70, 1.90, 1.85, 16.0),
        "after": (0.90, 0.93, 0.95, 0.92, 0.90, 0.92, 0.9),
    },
    "double12": {
        "before": (1.02, 1.02, 1.02, 1.00, 1.00, 1.10, 2.2),
        "during": (1.08, 1.05, 1.06, 1.08, 1.10, 1.15, 4.0),
        "peak": (1.40, 1.22, 1.25, 1.45, 1.45, 1.55, 10.0),
        "after": (0.94, 0.96, 0.97, 0.95, 0.94, 0.95, 1.0),
    },
    "spring_festival": {
        "before": (1.10, 1.05, 1.05, 1.08, 1.10, 1.12, 2.5),
        "during": (0.66, 0.72, 0.75, 0.68, 0.70, 0.70, 0.8),
        "peak": (0.48, 0.58, 0.62, 0.52, 0.45, 0.52, 0.6),
        "after": (1.06, 1.04, 1.03, 1.04, 1.05, 1.08, 1.1),
    },
    "own": {
        "before": (1.00, 1.00, 1.00, 0.98, 1.00, 1.07, 1.1),
        "during": (1.06, 1.05, 1.05, 1.10, 1.12, 1.15, 1.6),
        "peak": (1.14, 1.09, 1.10, 1.20, 1.22, 1.28, 2.4),
        "after": (0.96, 0.98, 0.98, 0.96, 0.96, 0.95, 1.0),
    },
}
CONVERSION_EVENTS: dict[str, tuple[float, ...]] = {  # by PHASES, beyond price and badge
    "double11": (0.84, 1.08, 1.40, 0.86),
    "618": (0.90, 1.05, 1.28, 0.90),
    "double12": (0.95, 1.05, 1.20, 0.95),
    "spring_festival": (1.04, 0.84, 0.70, 0.97),
    "own": (0.97, 1.04, 1.09, 0.97),
}
SPEND_EVENTS: dict[str, tuple[float, ...]] = {  # what the promotion desk does with the budget
    "double11": (1.30, 1.40, 2.00, 0.75),
    "618": (1.20, 1.25, 1.70, 0.80),
    "double12": (1.05, 1.20, 1.60, 0.85),
    "spring_festival": (1.15, 0.70, 0.60, 1.05),
    "own": (1.00, 1.15, 1.25, 0.95),
}


@dataclass(frozen=True)
class Wrinkles:
    """What the simulator's model does not have; modest on purpose."""

    price_war: tuple[str, str] = ("2025-07-14", "2025-08-03")
    price_war_free_search: float = 0.92
    price_war_categories: tuple[str, ...] = ("storage", "cleaning")
    price_war_demand: float = 0.82
    outage_day: str = "2025-03-19"
    ads_paused: tuple[str, str] = ("2026-04-14", "2026-04-20")
    viral_live_day: str = "2025-12-20"
    viral_live_factor: float = 7.0
    national_day_factor: float = 0.95
    product_drift_sd: float = 0.05
    product_drift_half_life_days: float = 25.0
    product_daily_sd: float = 0.08


@dataclass(frozen=True)
class World:
    """All true parameters together."""

    traffic: Traffic = field(default_factory=Traffic)
    conversion: Conversion = field(default_factory=Conversion)
    basket: Basket = field(default_factory=Basket)
    service: Service = field(default_factory=Service)
    stock: Stock = field(default_factory=Stock)
    wrinkles: Wrinkles = field(default_factory=Wrinkles)


@cache
def days() -> pd.DatetimeIndex:
    """Every simulated day, the hidden month included."""
    return pd.date_range(START, END, freq="D")


@cache
def day_texts() -> list[str]:
    """Every simulated day as YYYY-MM-DD."""
    return days().strftime("%Y-%m-%d").tolist()


def stream(name: str, day: int = 0) -> np.random.Generator:
    """A generator of its own for each quantity and day, so that editing one leaves the others alone."""
    key = [SEED, day] + [ord(ch) for ch in name]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(key)))
