"""How much more askers buy, and how waiting costs it: from the chat desk's days.

Askers and silent visitors of one day share price, promotion and season, so the ratio of their conversions
shows only the asker's advantage and the answer time:

    (chat buyers / enquirers) / (silent buyers / silent visitors) = advantage x mean of g(first response time)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ecomsim.calibrate.history import Floats, History
from ecomsim.calibrate.ledger import Ledger
from ecomsim.uncertain import mean_of

__all__ = ["Answering", "fit_answering"]

_PRIOR = np.array([np.log(4.0), -0.85, np.log(240.0)])
_PRIOR_SD = np.array([1.0, 0.7, 0.6])
_DRIFT = 0.03
# First response of a desk that is neither quiet nor flooded.
_USUAL_WAIT_S = 40.0
_SHARE = "channels.*.enquiry_share"


@dataclass(frozen=True)
class Answering:
    """Enquiries and their conversion.

    Attributes
    ----------
    share : (days,) enquirers over visitors, filled
    usual_share : on the days used
    advantage, floor, decay_s : (draws,) of the asker's advantage at an instant answer and of the answer curve
    g : (days,) mean of g at the posterior mean, filled
    mix : (days,) conversion of all visitors over that of silent ones at the posterior mean
    mix_draws : (draws,) the same on an ordinary day
    known : whether enquiries and their buyers were in the data
    """

    share: Floats
    usual_share: float
    advantage: Floats
    floor: Floats
    decay_s: Floats
    g: Floats
    mix: Floats
    mix_draws: Floats
    known: bool
    share_known: bool


def fit_answering(history: History, visitors: Floats, buyers: Floats, ledger: Ledger) -> Answering:
    """Fit advantage, floor and decay; without enquiry data they are assumed.

    Parameters
    ----------
    visitors, buyers : (days,) totals over channels
    """
    service = history.service
    asked = service["presale_enquirers"]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where((visitors > 0) & (asked <= visitors), asked / visitors, np.nan)
    share_known = bool(np.isfinite(share).sum() >= 14)
    if share_known:
        usual = float(np.nansum(asked[np.isfinite(share)]) / np.nansum(visitors[np.isfinite(share)]))
        ledger.estimated(_SHARE, "service_day", "of all visitors; the same for every channel")
    else:
        usual = mean_of(ledger.assume(_SHARE))
    share = np.where(np.isfinite(share), share, usual)
    fitted = _fit(history, visitors, buyers, ledger) if share_known else None
    if fitted is None:
        floor = ledger.assume("service.answer_curve.floor").ppf(_even(ledger.draws, 0))
        decay = ledger.assume("service.answer_curve.decay_s").ppf(_even(ledger.draws, 1))
        ledger.note_assumed(
            "channels.*.p_enquiring", "the rate of silent visitors",
            "Nothing tells askers from other buyers.",
            "the enquiry performance export (service_day.presale_enquirers and presale_buyers)",
        )  # fmt: skip
        # Waiting costs askers something on every day seen: at instant answers they would buy a little more.
        g = floor + (1 - floor) * np.exp(-_USUAL_WAIT_S / decay)
        mix_draws = 1 - usual + usual * g
        n = len(visitors)
        return Answering(
            share=share, usual_share=usual, advantage=np.ones(ledger.draws), floor=floor, decay_s=decay,
            g=np.full(n, g.mean()), mix=np.full(n, mix_draws.mean()), mix_draws=mix_draws, known=False,
            share_known=share_known,
        )  # fmt: skip
    theta, off = fitted
    centre = theta.mean(axis=0)
    g = _mean_g(history, _expit(centre[1]), float(np.exp(centre[2])), off)
    g = np.where(np.isfinite(g), g, np.nanmean(g))
    mix = 1 - share + share * np.exp(centre[0]) * g
    each = np.nanmean(_mean_g(history, _expit(theta[:, 1:2]), np.exp(theta[:, 2:3]), off), axis=1)
    mix_draws = 1 - usual + usual * np.exp(theta[:, 0]) * each
    ledger.estimated("service.answer_curve", "service_day", "chat against silent conversion by day")
    ledger.estimated("channels.*.p_enquiring", "service_day")
    return Answering(
        share,
        usual,
        np.exp(theta[:, 0]),
        _expit(theta[:, 1]),
        np.exp(theta[:, 2]),
        g,
        mix,
        mix_draws,
        True,
        True,
    )


def _fit(history: History, visitors: Floats, buyers: Floats, ledger: Ledger) -> tuple[Floats, float] | None:
    service = history.service
    asked, bought = service["presale_enquirers"], service["presale_buyers"]
    silent, quiet = buyers - bought, visitors - asked
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log((bought / asked) / (silent / quiet))
        variance = 1 / bought + 1 / silent + _DRIFT**2
    off = _off_hours(history)
    probe = _mean_g(history, 0.3, 240.0, off)
    good = np.isfinite(ratio) & np.isfinite(variance) & np.isfinite(probe) & (bought >= 3) & (silent >= 3)
    if good.sum() < 14:
        return None
    theta = _PRIOR.copy()
    precision = np.diag(1 / _PRIOR_SD**2)
    weight = 1 / variance[good]
    for _ in range(15):
        value = _log_ratio(history, theta, off)[good]
        slopes = np.empty((int(good.sum()), 3))
        for j, step in enumerate(np.eye(3) * 1e-3):
            rise = _log_ratio(history, theta + step, off) - _log_ratio(history, theta - step, off)
            slopes[:, j] = rise[good] / 2e-3
        gap = ratio[good] - value
        scale = 3 * 1.4826 * np.median(np.abs(gap - np.median(gap))) + 1e-9
        robust = weight * np.minimum(1, scale / np.maximum(np.abs(gap), 1e-9))
        normal = slopes.T @ (robust[:, None] * slopes) + precision
        move = np.linalg.solve(normal, slopes.T @ (robust * gap) + precision @ (_PRIOR - theta))
        theta = theta + np.clip(move, -0.5, 0.5)
        if np.max(np.abs(move)) < 1e-4:
            break
    cov = np.linalg.inv(normal) * max(1.0, float(np.mean(robust * gap**2)))
    half = ledger.generator("answering").multivariate_normal(np.zeros(3), cov, (ledger.draws + 1) // 2)
    return theta + np.concatenate([half, -half])[: ledger.draws], off


def _log_ratio(history: History, theta: Floats, off: float) -> Floats:
    return np.asarray(theta[0] + np.log(_mean_g(history, _expit(theta[1]), float(np.exp(theta[2])), off)))


def _mean_g(history: History, floor: float | Floats, decay_s: float | Floats, off: float) -> Floats:
    """Return the day's mean of g over its enquiries, (days,), or (k, days) for (k, 1) parameters.

    g is read at the day's mean first response, as the simulated day reads it: the curve is that of daily
    means, flatter than one customer's. Unanswered and off-hours enquiries convert at the floor.
    """
    service = history.service
    wait = service["first_response_s"]
    none = service["unanswered"] / service["enquirers"]
    none = np.clip(np.where(np.isfinite(none), none, 0.0), 0.0, 1.0)
    g = floor + (1 - floor) * np.exp(-wait / decay_s)
    return np.asarray((1 - none) * ((1 - off) * g + off * floor) + none * floor)


def _off_hours(history: History) -> float:
    """Return the share of pre-sale contacts that come while nobody is on duty, 0 when unknown."""
    contacts, roster = history.tables.get("contacts"), history.tables.get("roster")
    if contacts is None or roster is None:
        return 0.0
    before = contacts[(contacts["date"] <= history.dates[-1]) & contacts["kind"].isin(["presale", "售前"])]
    duty = roster[(roster["agents"] > 0) & ~roster["team"].astype(str).str.contains("after|售后")]
    manned = set(duty["slot"].astype(str))
    total = float(before["contacts"].sum())
    if total <= 0 or not manned:
        return 0.0
    return float(before.loc[~before["slot"].astype(str).isin(manned), "contacts"].sum()) / total


def _even(count: int, offset: int) -> Floats:
    """Return `count` spread-out uniforms; different offsets are unrelated."""
    golden = (0.6180339887498949, 0.7548776662466927)[offset % 2]
    return np.asarray(((np.arange(count) + 1) * golden) % 1 * 0.998 + 0.001)


def _expit(x: Floats | float) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.asarray(x, float))))
