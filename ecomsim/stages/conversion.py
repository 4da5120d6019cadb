"""Conversion: how many of today's visitors want to buy.

    I = Σ_k weight[k] · rank[k] · available[k],    A = (I / I_ref)^theta · promotion effect · exp(beta (score - ref))
    wanted[c] = visitors[c] · ((1 - e) min(p_silent A, 1) + e (s min(p_enquiring g A, 1) + (1 - s) min(p_enquiring g_inf A, 1)))

e is the channel's enquiry share, s the share of chats answered live, g the answer curve at today's mean first response,
g_inf its floor. One inclusive value I carries price, promotion, rank, stock-outs and assortment: theta = 1 is market
expansion, theta = 0 redistribution. A product is available when it opens the day with stock, today's receipts included.
A curve of one's own is a Python function of the answer time in seconds, sampled once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ecomsim.checks import EcomsimError
from ecomsim.jit import jit
from ecomsim.parameters import Parameters, Singles, pack
from ecomsim.stages.draws import CF, OUT, PP, SCRATCH, WW, XX, exp64, log64, tree64
from ecomsim.stages.expected import conversion_effect, reference_pull
from ecomsim.stages.layout import (
    ANSWERED_SHARE, ATTRACTION, FIRST_RESPONSE_TIME_S, PULL, PULL_BY, PULL_VALUE, RANK, RINGS, SCORE, SKU_RANK, STOCK,
    VISITORS_BY, WANTED, WANTED_BY, WEIGHT,
)  # fmt: skip
from ecomsim.stages.prices import prices
from ecomsim.stages.stage import Stage, array
from ecomsim.stages.state import State

__all__ = ["READS", "STAGE", "WRITES", "Prepared", "answer_table", "with_curve"]

READS = (
    "visitors_by_channel", "first_response_time_s", "answered_share", "score@yesterday", "stock@yesterday",
    "sku_rank@yesterday",
)  # fmt: skip
WRITES = (
    "wanted", "wanted_by_channel", "attraction", "pull", "pull_value", "pull_by_sku", "weight", "rank",
)  # fmt: skip

F = np.float32
_THETA, _IREF, _EFFECT, _BETA, _REF, _FLOOR, _DECAY, _CHANNEL0 = range(8)
_SAMPLES, _LONGEST_S = 4097, 3600.0


@dataclass(frozen=True)
class Prepared:
    """Arrays of the conversion stage; `lanes` rows are theta, log I_ref, promotion effect, beta, ref, the curve's floor and
    decay, then p_silent, p_enquiring and enquiry share by channel. `curve` is empty, or g at 0 to 3600 s."""

    lanes: Singles = array(days=True, reps=2)
    regime: Any = array(index=True)
    boost: Singles = array(by="regime", reps=1)
    ratio_log: Singles = array(by="regime", reps=1)
    paid: Singles = array(by="regime", reps=1)
    share: Singles = array(reps=0)
    elasticity: Singles = array(reps=0)
    curve: Singles = array()


def answer_table(curve: Callable[[Any], Any]) -> Singles:
    """Return a user's answer curve sampled at 4,097 times from 0 to 3600 s (longer answers count as 3600 s).

    Raises
    ------
    EcomsimError
        If it fails, or returns anything but finite numbers of at least 0.
    """
    where = f"curve {getattr(curve, '__name__', 'of the answer time')}"
    times = np.linspace(0.0, _LONGEST_S, _SAMPLES)
    try:
        values = np.asarray(curve(times), dtype=np.float64)
        if values.shape != times.shape:
            values = np.array([float(curve(float(t))) for t in times])
    except EcomsimError:
        raise
    except Exception as error:
        raise EcomsimError(
            where, f"{type(error).__name__}: {error}", "a function of seconds", "Try it on 60.0"
        ) from None
    if not np.isfinite(values).all() or values.min() < 0:
        raise EcomsimError(
            where, f"values from {values.min():g} to {values.max():g}", "finite numbers of at least 0"
        )
    return values.astype(np.float32)


def prepare(p: Parameters, curve: Callable[[Any], Any] | None = None) -> Prepared:
    """Return conversion parameters by day and channel, and the page's regimes."""
    store = p.store
    answer = store.service.answer_curve
    rows: list[Any] = [
        p.daily("choice.theta", store.choice.theta),
        np.log(np.maximum(reference_pull(p), 1e-30))[None, :],
        conversion_effect(p),
        p.daily("reputation.beta_conversion", store.reputation.beta_conversion),
        p.daily("reputation.ref", store.reputation.ref),
        p.daily("service.answer_curve.floor", answer.floor),
        p.daily("service.answer_curve.decay_s", answer.decay_s),
    ]
    for field in ("p_silent", "p_enquiring", "enquiry_share"):
        rows += [p.daily(f"channels.{n}.{field}", getattr(c, field)) for n, c in store.channels.items()]
    page = prices(p)
    return Prepared(
        lanes=pack(rows, p.days),
        regime=page.regime,
        boost=page.boost,
        ratio_log=page.ratio_log,
        paid=page.paid,
        share=page.share,
        elasticity=page.elasticity,
        curve=np.zeros(0, np.float32) if curve is None else answer_table(curve),
    )


def with_curve(curve: Callable[[Any], Any]) -> Stage:
    """Return this stage with a user's answer curve in place of the store's."""
    return Stage("conversion", READS, WRITES, step, partial(prepare, curve=curve))


def step(day: int, state: State, params: Prepared, first: int, seed: int) -> None:
    """Refresh the pull of every product, then turn visitors into wishes to buy."""
    g = int(params.regime[day])
    fresh = day == 0 or g != int(params.regime[day - 1])
    size = state.size
    due = RINGS + 64 * (day % size.receipt_ring)
    back = RINGS + 64 * (size.receipt_ring + day % size.return_ring)
    _pull(
        state.Y, state.M[day + 1], state.Z, fresh, params.boost[g], params.ratio_log[g], params.paid[g], params.share,
        params.elasticity, due, back,
    )  # fmt: skip
    _wanted(day, state.M, state.Y, state.X, params.lanes, params.curve)


@jit
def _pull(
    Y: Any, record: Any, Z: Any, fresh: Any, boost: Any, ratio_log: Any, paid: Any, share: Any, elasticity: Any, due: Any,
    back: Any,
) -> None:  # fmt: skip
    ALL = SCRATCH
    RANKED = SCRATCH + 64
    SUM = SCRATCH + 128
    VALUE = SCRATCH + 192
    a = np.zeros(SCRATCH + 256, np.float32)
    ia = a.view(np.int32)
    sb = 1 if boost.shape[0] > 1 else 0
    sl = 1 if ratio_log.shape[0] > 1 else 0
    sp = 1 if paid.shape[0] > 1 else 0
    ss = 1 if share.shape[0] > 1 else 0
    se = 1 if elasticity.shape[0] > 1 else 0
    for r in range(Z.shape[0]):
        for k in range(256):
            a[SCRATCH + k] = F(0)
        for t in range(Z.shape[1]):
            z = Z[r, t]
            if fresh:
                e = elasticity[r * se, t]
                x = ratio_log[r * sl, t]
                for k in range(64):
                    a[XX + k] = -(e[k] * x[k])
                exp64(a, ia)
                w = boost[r * sb, t]
                v = share[r * ss, t]
                for k in range(64):
                    z[WEIGHT + k] = (v[k] * w[k]) * a[XX + k]
            price = paid[r * sp, t]
            zd = z[due : due + 64]
            zb = z[back : back + 64]
            for k in range(64):
                a[OUT + k] = zd[k]
            for k in range(64):
                a[PP + k] = zb[k]
            for k in range(64):
                a[CF + k] = price[k]
            for k in range(64):
                w = z[WEIGHT + k]
                ranked = w * z[SKU_RANK + k]
                pull = ranked if (z[STOCK + k] + a[OUT + k]) + a[PP + k] > F(0) else F(0)
                z[PULL_BY + k] = pull
                a[ALL + k] += w
                a[RANKED + k] += ranked
                a[SUM + k] += pull
                a[VALUE + k] += pull * a[CF + k]
        total = tree64(a, ALL)
        ranked = tree64(a, RANKED)
        Y[PULL, r] = tree64(a, SUM)
        Y[PULL_VALUE, r] = tree64(a, VALUE)
        record[RANK, r] = ranked / total if total > F(0) else F(1)


@jit
def _wanted(d: Any, M: Any, Y: Any, X: Any, lanes: Any, curve: Any) -> None:
    a = np.zeros(SCRATCH + 192, np.float32)
    ia = a.view(np.int32)
    A = SCRATCH
    G = SCRATCH + 64
    SUM = SCRATCH + 128
    channels, n = X.shape[1], X.shape[2]
    e = d if lanes.shape[0] > 1 else 0
    s = 1 if lanes.shape[2] > 1 else 0
    per = F((curve.shape[0] - 1) / 3600.0)
    for b in range(0, n, 64):
        for k in range(64):
            a[XX + k] = Y[PULL, b + k]
        log64(a, ia)
        for k in range(64):
            at = (b + k) * s
            tilt = lanes[e, _BETA, at] * (M[d, SCORE, b + k] - lanes[e, _REF, at])
            a[XX + k] = lanes[e, _THETA, at] * (a[XX + k] - lanes[e, _IREF, at]) + tilt
        exp64(a, ia)
        for k in range(64):
            pulled = a[XX + k] * lanes[e, _EFFECT, (b + k) * s]
            pulled = pulled if Y[PULL, b + k] > F(0) else F(0)
            a[A + k] = pulled
            Y[ATTRACTION, b + k] = pulled
            a[SUM + k] = F(0)
        if curve.shape[0] > 0:
            for k in range(64):
                x = M[d + 1, FIRST_RESPONSE_TIME_S, b + k] * per
                j = min(int(x), curve.shape[0] - 2)
                f = x - F(j)
                f = f if f < F(1) else F(1)
                a[G + k] = curve[j] + (curve[j + 1] - curve[j]) * f
                a[WW + k] = curve[curve.shape[0] - 1]
        else:
            for k in range(64):
                a[XX + k] = -M[d + 1, FIRST_RESPONSE_TIME_S, b + k] / lanes[e, _DECAY, (b + k) * s]
            exp64(a, ia)
            for k in range(64):
                low = lanes[e, _FLOOR, (b + k) * s]
                a[G + k] = low + (F(1) - low) * a[XX + k]
                a[WW + k] = low
        for c in range(channels):
            for k in range(64):
                at = (b + k) * s
                asks = lanes[e, _CHANNEL0 + 2 * channels + c, at]
                silent = lanes[e, _CHANNEL0 + c, at] * a[A + k]
                silent = silent if silent < F(1) else F(1)
                asked = lanes[e, _CHANNEL0 + channels + c, at] * a[A + k]
                heard = asked * a[G + k]
                heard = heard if heard < F(1) else F(1)
                unheard = asked * a[WW + k]
                unheard = unheard if unheard < F(1) else F(1)
                share = Y[ANSWERED_SHARE, b + k]
                rate = (F(1) - asks) * silent + asks * (share * heard + (F(1) - share) * unheard)
                want = X[VISITORS_BY, c, b + k] * rate
                X[WANTED_BY, c, b + k] = want
                a[SUM + k] += want
        for k in range(64):
            Y[WANTED, b + k] = a[SUM + k]


STAGE = Stage("conversion", READS, WRITES, step, prepare)
