"""What moves a channel besides the calendar: spend with falling returns, commission rate, recent buyers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ecomsim.calibrate.glm import Curve, Fit
from ecomsim.calibrate.history import Floats, History
from ecomsim.calibrate.ledger import Ledger
from ecomsim.store import Affiliate, Driver, Free, Live, Paid, Returning

__all__ = ["Lever", "lever_of", "make_driver"]

_CARRY = (-0.85, 0.9)  # logit: mean .3
_KAPPA = (np.log(1.5), 0.7)
_SLOPE = (np.log(1.1), 0.25)
_SHARE = (-1.7, 0.9)  # logit: mean .15
_ETA = (0.5, 0.35)
_HALF_LIFE = 30.0
# A posterior at least this much narrower than the prior counts as estimated.
_LEARNT = 0.75


@dataclass(frozen=True)
class Lever:
    """How a channel is moved, with the series it is moved by.

    Attributes
    ----------
    kind : 'paid', 'affiliate', 'returning', 'live' or 'free'
    series : (n,) spend, commission rate or recent buyers, filled
    ref : the value at which the response is 1
    """

    kind: str
    series: Floats
    ref: float

    def curve(self) -> Curve | None:
        """Return the channel's log-response and its prior."""
        if self.kind == "paid":
            mean = np.array([_CARRY[0], _KAPPA[0], _SLOPE[0]])
            return Curve(self.log_response, mean, np.array([_CARRY[1], _KAPPA[1], _SLOPE[1]]))
        if self.kind == "affiliate":
            return Curve(self.log_response, np.array([_ETA[0]]), np.array([_ETA[1]]))
        if self.kind == "returning":
            return Curve(self.log_response, np.array([_SHARE[0]]), np.array([_SHARE[1]]))
        return None

    def log_response(self, theta: Floats) -> Floats:
        """Return log visitors relative to the reference, (n,)."""
        if self.kind == "paid":
            carry, kappa, slope = float(_expit(theta[0])), float(np.exp(theta[1])), float(np.exp(theta[2]))
            return hill(self.series / self.ref, carry, kappa, slope)
        if self.kind == "affiliate":
            return np.asarray(theta[0] * np.log(self.series / self.ref))
        if self.kind == "returning":
            share = _expit(theta[0])
            return np.asarray(np.log(1 - share + share * self.series / self.ref))
        return np.zeros(len(self.series))


def hill(x: Floats, carry: float, kappa: float, slope: float) -> Floats:
    """Return log of the Hill response of carried-over spend, 0 at a steady x = 1; -inf at zero pressure."""
    pressure = _carried(x, carry)
    with np.errstate(divide="ignore"):
        power = slope * np.log(pressure)
    return np.asarray(power - np.logaddexp(power, slope * np.log(kappa)) + np.log1p(kappa**slope))


def _carried(x: Floats, carry: float) -> Floats:
    """Return (1 - carry) sum carry^i x[d - i], begun at the first value."""
    # Thirty-two terms are enough: .95^32 of one day is below what any posterior resolves.
    reach = min(32, max(2, int(np.ceil(np.log(1e-4) / np.log(max(carry, 1e-3))))))
    weights = (1 - carry) * carry ** np.arange(reach)
    weights[-1] += 1 - weights.sum()
    padded = np.concatenate([np.full(reach - 1, x[0]), x])
    return np.asarray(np.convolve(padded, weights, mode="valid"))


def lever_of(history: History, name: str, ordinary: Floats, buyers: Floats) -> Lever:
    """Return what the data say moves the channel: spend, commission, or its name.

    Parameters
    ----------
    ordinary : (n,) true on days without any event
    buyers : (n,) buyers of the whole store, filled
    """
    c = history.channels.index(name)
    spend, commission = history.channel["spend"][:, c], history.channel["commission"][:, c]
    gmv = history.channel["attributed_gmv"][:, c]
    if np.nansum(spend) > 0:
        known = np.nan_to_num(spend)
        usual = known[(ordinary > 0) & (known > 0)]
        usual = usual if len(usual) > 6 else known[known > 0]
        return Lever("paid", known, float(np.median(usual)))
    if np.nansum(commission) > 0 and np.nansum(gmv) > 0:
        return _affiliate(commission, gmv)
    low = name.lower()
    if any(word in low for word in ("returning", "repeat", "member", "老客", "回访")):
        recent = _recent(buyers)
        return Lever("returning", recent, max(float(np.median(recent[ordinary > 0])) if ordinary.any() else
                                              float(np.median(recent)), 1e-9))  # fmt: skip
    kind = "live" if any(word in low for word in ("live", "content", "直播")) else "free"
    return Lever(kind, np.ones(len(spend)), 1.0)


def _affiliate(commission: Floats, gmv: Floats) -> Lever:
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where((gmv > 0) & (commission >= 0), commission / gmv, np.nan)
    last = float(np.nansum(commission) / np.nansum(gmv))
    filled = np.empty(len(rate))
    for d, value in enumerate(rate):
        # A single day's ratio is noisy when rates differ by product; a rate lasts for weeks.
        near = rate[max(0, d - 3) : d + 4]
        near = near[np.isfinite(near)]
        last = float(np.median(near)) if len(near) else last
        filled[d] = value if np.isfinite(value) and abs(value - last) < 0.02 * last else last
    filled = np.clip(filled, 1e-4, 0.9)
    return Lever("affiliate", filled, float(np.median(filled)))


def _recent(buyers: Floats) -> Floats:
    """Return the exponentially weighted buyers of the days before each day."""
    keep = 0.5 ** (1 / _HALF_LIFE)
    out, now = np.empty(len(buyers)), float(np.mean(buyers[:28]))
    for d, today in enumerate(buyers):
        out[d] = now
        now = keep * now + (1 - keep) * today
    return np.maximum(out, 1e-9)


def make_driver(
    name: str, lever: Lever, found: Fit, theta: Floats, ledger: Ledger, plan: dict[str, float], spend: float
) -> Driver:
    """Return the store's driver with posterior draws.

    Parameters
    ----------
    theta : (draws, q) draws of the curve's parameters
    plan, spend : planned spend by date, and on days without a plan
    """
    path = f"channels.{name}.driver"
    curve = lever.curve()
    if curve is None:
        return _plain(name, lever, found, ledger)
    q = len(curve.mean)
    learnt = np.sqrt(np.diag(found.cov)[-q:]) < _LEARNT * curve.sd
    if lever.kind == "affiliate":
        _record(ledger, f"{path}.eta", "channels.*.driver.eta", bool(learnt[0]))
        ledger.estimated(f"{path}.rate", "channel_day", "commission / attributed GMV")
        return Affiliate(
            rate=round(float(lever.series[-14:].mean()), 6),
            ref_rate=round(lever.ref, 6),
            eta=ledger.joint(np.clip(theta[:, 0], 0.0, 5.0), "traffic"),
        )
    if lever.kind == "returning":
        _record(ledger, f"{path}.share", "channels.*.driver.share", bool(learnt[0]))
        return Returning(
            share=ledger.joint(_expit(theta[:, 0]), "traffic"),
            half_life_days=_HALF_LIFE,
            ref_buyers=lever.ref,
        )
    for j, part in enumerate(("carry", "kappa", "slope")):
        _record(ledger, f"{path}.{part}", f"channels.*.driver.{part}", bool(learnt[j]))
    ledger.estimated(f"{path}.ref_spend", "channel_day", "median spend of ordinary days")
    return Paid(
        spend=spend,
        ref_spend=lever.ref,
        carry=ledger.joint(np.clip(_expit(theta[:, 0]), 0, 0.95), "traffic"),
        kappa=ledger.joint(np.exp(theta[:, 1]), "traffic"),
        slope=ledger.joint(np.clip(np.exp(theta[:, 2]), 0.2, 5.0), "traffic"),
        max_seen=float(lever.series.max()),
        plan=plan,
    )


def _plain(name: str, lever: Lever, found: Fit, ledger: Ledger) -> Driver:
    if lever.kind == "free":
        return Free()
    ledger.estimated(
        f"channels.{name}.driver.size_sigma", "channel_day", "spread of single days around the fit"
    )
    return Live(size_sigma=float(np.clip(np.sqrt(found.extra * (1 - found.phi)), 0.0, 2.0)), off_share=1.0)


def _record(ledger: Ledger, path: str, rule: str, learnt: bool) -> None:
    if learnt:
        ledger.estimated(path, "channel_day")
    else:
        ledger.assume(path, rule)


def _expit(x: Floats | float) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.asarray(x, float))))
