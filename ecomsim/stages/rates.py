"""Expected visitors by day and channel before reputation and chance: everything a plan decides about traffic.

    rate[c,d] = base · (1 + growth)^(t / 365) · weekday · season · Π promotions · response[c](plan)

- Paid: a[d] = min(spend, cap) + carry a[d-1]; response h(a) / h(a_ref) with h(a) = a^n / (a^n + (kappa a_ref)^n) and
  a_ref = ref_spend / (1 - carry): `ref_spend` every day gives exactly the base, no spend and no carry-over exactly 0.
  The horizon opens at the pressure of its first day's spend, as if it had been spent before.
- Displacement: a share of the paid visitors above those at `ref_spend` is missing from the channel they are taken from
  (and comes back when spend is cut), because the base was observed at `ref_spend`.
- Affiliate: (rate / ref_rate)^eta. Live: 1 on session days, `off_share` on others. Free, Returning: 1.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from ecomsim.checks import EcomsimError
from ecomsim.parameters import Floats, Parameters, Singles
from ecomsim.stages.events import effect_of, multiplier
from ecomsim.store import Affiliate, Channel, Live, Paid
from ecomsim.uncertain import Number

__all__ = ["rates", "spend_of", "wide_rates"]


_FAR = 1e6
"""Times the base beyond which a trend is no forecast any more."""


def rates(p: Parameters) -> Singles:
    """Return (D, channels, count or 1) expected visitors."""
    found = wide_rates(p)
    wide = max(rate.shape[1] for rate in found)
    out = np.empty((p.days, len(found), wide), np.float32)
    for i, rate in enumerate(found):
        out[:, i, :] = rate
    return out


def wide_rates(p: Parameters) -> list[Floats]:
    """Return each channel's expected visitors, (D, 1) or (D, count)."""
    names = list(p.store.channels)
    ordinary = [_usual(p, name) for name in names]
    found = [base * _moved(p, name) for name, base in zip(names, ordinary, strict=True)]
    moved: dict[str, Floats] = {}
    for name, base, rate in zip(names, ordinary, found, strict=True):
        driver = p.store.channels[name].driver
        if isinstance(driver, Paid):
            for other, share in driver.displaces.items():
                taken = p.daily(f"channels.{name}.driver.displaces.{other}", share)
                moved[other] = moved.get(other, np.zeros((p.days, 1))) + _column(taken) * (rate - base)
    return [
        np.maximum(rate - moved[name], 0) if name in moved else rate
        for name, rate in zip(names, found, strict=True)
    ]


def spend_of(p: Parameters, channel: Channel) -> Floats:
    """Return the money spent on a paid channel by day, (D, 1) or (D, count); zeros for others."""
    name = channel.name
    return p.once(("spend", name), lambda: _spend(p, p.store.channels[name]))


def _spend(p: Parameters, channel: Channel) -> Floats:
    driver = channel.driver
    if not isinstance(driver, Paid):
        return np.zeros((p.days, 1))
    at = f"channels.{channel.name}.driver"
    spend = p.daily(f"{at}.spend", driver.spend, driver.plan)
    if driver.daily_cap is not None:
        spend = np.minimum(_column(spend), _column(p.daily(f"{at}.daily_cap", driver.daily_cap)))
    return np.maximum(_column(spend), 0)


def _column(values: Any) -> Floats:
    array = np.asarray(values, dtype=np.float64)
    return array[:, None] if array.ndim == 1 else array


def _usual(p: Parameters, name: str) -> Floats:
    return p.once(("ordinary visitors", name), lambda: _ordinary(p, p.store.channels[name]))


def _moved(p: Parameters, name: str) -> Floats:
    return p.once(("response", name), lambda: _response(p, p.store.channels[name]))


def _ordinary(p: Parameters, channel: Channel) -> Floats:
    at = f"channels.{channel.name}"
    dates = p.horizon.dates
    out = _column(p.daily(f"{at}.base", channel.base))
    out = out * _calendar(p, f"{at}.weekday", channel.weekday, [day.weekday() for day in dates])
    out = out * _calendar(p, f"{at}.season", channel.season, [day.month - 1 for day in dates])
    growth = p.at(f"{at}.growth", channel.growth)
    if np.any(np.asarray(growth) != 0):
        origin = p.store.as_of or dates[0] - dt.timedelta(days=1)
        years = np.array([(day - origin).days / 365.0 for day in dates])[:, None]
        with np.errstate(over="ignore"):
            grown = (1 + np.atleast_1d(growth)[None, :]) ** years
        if not (grown < _FAR).all():
            raise EcomsimError(
                f"{at}.growth", f"a trend of {np.max(growth):+.0%} a year carried {years[-1, 0]:.0f} years ahead",
                f"at most {_FAR:g} times the base", "Simulate nearer days, or lower the trend",
            )  # fmt: skip
        out = out * grown
    effects = [
        effect_of(p, promotion, promotion.traffic[channel.name], f"promotions.{name}.traffic.{channel.name}")
        for name, promotion in p.store.promotions.items()
        if channel.name in promotion.traffic
    ]
    return np.asarray(out * multiplier(effects, p.days))


def _calendar(p: Parameters, path: str, values: tuple[Number, ...], which: list[int]) -> Floats:
    """Return the factor of each day, (D, 1 or count): entry `which`[day] of a weekly or yearly rhythm."""
    if not p.changes(path):
        drawn = {i: np.atleast_1d(p.at(f"{path}.{i}", values[i])) for i in set(which)}
        wide = max(row.size for row in drawn.values())
        table = np.ones((len(values), wide))
        for i, row in drawn.items():
            table[i] = row
        return np.asarray(table[which])
    rows = [np.atleast_1d(p.daily(f"{path}.{i}", values[i])[day]) for day, i in enumerate(which)]
    return np.stack(np.broadcast_arrays(*rows))


def _response(p: Parameters, channel: Channel) -> Floats:
    driver, at = channel.driver, f"channels.{channel.name}.driver"
    if isinstance(driver, Paid):
        return _paid(p, channel, driver)
    if isinstance(driver, Affiliate):
        ratio = _column(p.daily(f"{at}.rate", driver.rate)) / driver.ref_rate
        return np.asarray(ratio ** _column(p.daily(f"{at}.eta", driver.eta)))
    if isinstance(driver, Live):
        off = _column(p.daily(f"{at}.off_share", driver.off_share))
        on = np.array([day.weekday() in driver.weekdays for day in p.horizon.dates])[:, None]
        return np.where(on, 1.0, off)
    return np.ones((p.days, 1))


def _paid(p: Parameters, channel: Channel, driver: Paid) -> Floats:
    at = f"channels.{channel.name}.driver"
    spend = spend_of(p, channel)
    carry = np.atleast_1d(p.at(f"{at}.carry", driver.carry))[None, :]
    slope = np.atleast_1d(p.at(f"{at}.slope", driver.slope))[None, :]
    kappa = np.atleast_1d(p.at(f"{at}.kappa", driver.kappa))[None, :]
    ref = driver.ref_spend / (1 - carry)
    wide = max(spend.shape[1], carry.shape[1])
    pressure = np.empty((p.days, wide))
    before = spend[0] / (1 - carry[0])
    for day in range(p.days):
        before = spend[day] + carry[0] * before
        pressure[day] = before
    # h(a) / h(a_ref) = x^n (1 + kappa^n) / (x^n + kappa^n) with x = a / a_ref
    power = (pressure / ref) ** slope
    return np.asarray(power * (1 + kappa**slope) / (power + kappa**slope))
