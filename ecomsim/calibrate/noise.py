"""What the regressions leave: shared and own shocks, their memory, and how far the level drifts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ecomsim.calibrate.conversion import Conversion
from ecomsim.calibrate.glm import knots
from ecomsim.calibrate.history import Floats, History
from ecomsim.calibrate.ledger import Ledger
from ecomsim.calibrate.traffic import SPACING, Traffic
from ecomsim.store import Noise
from ecomsim.uncertain import LogNormal

__all__ = ["Shocks", "fit_noise", "level_sigma"]

_HALF_LIFE = 21.0
_MONTH = 30
# Belief in the level's daily step before any month has been seen, worth six months of data.
_PRIOR_STEP, _PRIOR_MONTHS = 0.006, 6.0


@dataclass(frozen=True)
class Shocks:
    """Noise of the store and gamma shape, one-day share and memory by channel."""

    noise: Noise
    dispersion: Mapping[str, LogNormal]


def fit_noise(history: History, traffic: Traffic, conversion: Conversion, ledger: Ledger) -> Shocks:
    """Split the residual variance of visitors and set the level's step from past months."""
    names = list(traffic.channels)
    residual = _tidy(traffic.residual)
    seen = np.isfinite(traffic.residual)
    both = seen.T.astype(float) @ seen.astype(float)
    # Some forty effective parameters a channel were fitted to these days.
    used = np.minimum(40.0, 0.3 * both)
    cov = residual.T @ residual / np.maximum(both - used, 1)
    poisson = np.array([
        float(np.mean(1 / np.maximum(traffic.fitted[seen[:, c], c], 0.5))) if seen[:, c].any() else 1.0
        for c in range(len(names))
    ])  # fmt: skip
    own = np.maximum(np.diag(cov) - poisson, 1e-5)
    store = _shared(cov, own, both)
    # The store has one shock for visitors and buying; what days differ in conversion goes with it.
    shared_shock = store + conversion.found.extra
    phi = _memory(traffic)
    dispersion = {}
    for c, name in enumerate(names):
        left = max(own[c] - store, 0.15 * own[c], 2e-5)
        if traffic.channels[name].lever.kind == "live":
            # The sessions' own luck is the part without memory; response.py has put it in size_sigma.
            left = max(left * max(phi, 0.1), 2e-5)
        days = max(int(seen[:, c].sum()), 8)
        dispersion[name] = LogNormal(float(np.clip(1 / left, 2.0, 5e4)), min(0.3, float(np.sqrt(4 / days))))
        ledger.estimated(f"channels.{name}.dispersion", "channel_day")
    sigma, months = level_sigma(history, traffic, conversion)
    ledger.estimated(
        "noise.level_sigma",
        "store_day",
        f"error of the mean of {months:.0f} past months against the level before",
    )
    ledger.estimated(
        "noise.store_dispersion", "channel_day", "covariance of the channels' residuals, and conversion's"
    )
    ledger.estimated("noise.phi", "channel_day")
    days = max(len(history.dates), 8)
    return Shocks(
        Noise(
            level_sigma=LogNormal(sigma, float(np.clip(0.7 / np.sqrt(max(months, 1)), 0.1, 0.5))),
            store_dispersion=LogNormal(
                float(np.clip(1 / shared_shock, 4.0, 5e4)), min(0.3, float(np.sqrt(4 / days)))
            ),
            phi=phi,
        ),
        dispersion,
    )


def _tidy(residual: Floats) -> Floats:
    """Pull in outliers to six robust standard deviations: heavy tails are noise, days of their own not."""
    out = np.nan_to_num(residual)
    spread = 1.4826 * np.median(np.abs(out), axis=0) + 1e-9
    return np.clip(out, -6 * spread, 6 * spread)


def _shared(cov: Floats, own: Floats, both: Floats) -> float:
    """Return the variance all channels share: the mean covariance, calm channels counting more."""
    if len(own) < 2:
        # One channel cannot tell; half each, so that both shocks exist.
        return float(own[0] / 2)
    weight = both / np.sqrt(np.outer(own, own))
    np.fill_diagonal(weight, 0.0)
    return float(np.clip(np.sum(weight * cov) / max(np.sum(weight), 1e-12), 2e-5, own.max()))


def _memory(traffic: Traffic) -> float:
    weights = np.array([1 / f.found.extra for f in traffic.channels.values()])
    values = np.array([f.found.phi for f in traffic.channels.values()])
    return float(np.clip(np.sum(weights * values) / np.sum(weights), 0.0, 0.9))


def level_sigma(history: History, traffic: Traffic, conversion: Conversion) -> tuple[float, float]:
    """Return the daily step of the level, and the months it rests on.

    Each past month's mean of log(buyers / structure) is compared with the level known before it (exponential
    weights, half-life 21 days). A random walk of step s gives that difference a variance of s² (forward +
    backward), where forward = Σ ((30 - j) / 30)² and backward = Σ rho^(2 i); what noise adds is taken off.
    """
    index = _log_level(history, traffic, conversion)
    good = np.isfinite(index)
    if good.sum() < 70:
        return _PRIOR_STEP, 0.0
    values = np.interp(np.arange(len(index)), np.flatnonzero(good), index[good])
    keep = 0.5 ** (1 / _HALF_LIFE)
    level, now = np.empty(len(values)), float(np.median(values[:28]))
    for d, today in enumerate(values):
        now = keep * now + (1 - keep) * today
        level[d] = now
    origins = np.arange(45, len(values) - _MONTH, 5)
    errors = np.array([values[t + 1 : t + 1 + _MONTH].mean() - level[t] for t in origins])
    spread = 1.4826 * np.median(np.abs(errors)) + 1e-9
    variance = float(np.mean(np.clip(errors, -3 * spread, 3 * spread) ** 2))
    wiggle = np.diff(values)
    wiggle = np.clip(wiggle, *np.quantile(wiggle, [0.02, 0.98]))
    daily = float(np.var(wiggle)) / 2
    noise = daily * (1 / _MONTH + (1 - keep) / (1 + keep)) * 1.6
    forward = float(np.sum((np.arange(_MONTH, 0, -1) / _MONTH) ** 2))
    backward = 1 / (1 - keep**2)
    months = (len(values) - 45) / _MONTH
    step = max(variance - noise, 0.0) / (forward + backward)
    pooled = (months * step + _PRIOR_MONTHS * _PRIOR_STEP**2) / (months + _PRIOR_MONTHS)
    return float(np.clip(np.sqrt(pooled), 0.001, 0.05)), months


def _log_level(history: History, traffic: Traffic, conversion: Conversion) -> Floats:
    """Return the log of actual buyers over their structure without any level, (days,)."""
    n = len(history.dates)
    basis = knots(n, SPACING)
    structure = np.zeros(n)
    for name, one in traffic.channels.items():
        level = one.found.beta[one.at["level"]]
        flat = one.found.eta - basis @ level + level[-1]
        structure += np.exp(np.clip(flat, -20, 20)) * float(np.mean(conversion.p_silent[name]))
    fitted_conversion = conversion.fitted / np.maximum(
        sum(
            np.exp(one.found.eta) * float(np.mean(conversion.p_silent[name]))
            for name, one in traffic.channels.items()
        ),
        1e-9,
    )
    own = knots(n, 28)
    drift = own @ conversion.found.beta[: own.shape[1]]
    structure = structure * fitted_conversion * np.exp(drift[-1] - drift)
    buyers = history.store["buyers"]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((buyers > 0) & (structure > 0), np.log(buyers / structure), np.nan)
