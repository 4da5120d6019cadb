"""Conversion: how many of today's visitors want to buy.

    I = Σ_k weight[k] · rank[k] · available[k],    A = (I / I_ref)^theta · promotion effect · exp(beta (score - ref))
    wanted[c] = visitors[c] · ((1 - e) min(p_silent A, 1)
                + e (s min(p_enquiring g A, 1) + (1 - s) min(p_enquiring g_inf A, 1)))

e is the channel's enquiry share, s the share of chats answered live, g the answer curve at today's mean first response,
g_inf its floor. One inclusive value I carries price, promotion, rank, stock-outs and assortment: theta = 1 is market
expansion, theta = 0 redistribution. A product is available when it opens the day with stock, today's receipts included.
A curve of one's own is a Python function of the answer time in seconds, sampled once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from ecomsim.checks import EcomsimError
from ecomsim.jit import borrowed, jit
from ecomsim.parameters import Floats, Parameters, Singles, pack
from ecomsim.stages.draws import OUT, SCRATCH, XX, add64, clear64, exp64, fill64, log64, row64
from ecomsim.stages.expected import conversion_effect, reference_pull
from ecomsim.stages.layout import (
    ANSWERED_SHARE,
    ATTRACTION,
    FIRST_RESPONSE_TIME_S,
    PULL,
    PULL_VALUE,
    RANK,
    SCORE,
    SHOWN,
    SKU_RANK,
    VISITORS_BY,
    WANTED,
    WANTED_BY,
)  # fmt: skip
from ecomsim.stages.prices import prices
from ecomsim.stages.stage import Stage, axes
from ecomsim.stages.state import State

__all__ = ["READS", "STAGE", "WRITES", "Prepared", "answer_table", "with_curve"]

READS = (
    "visitors_by_channel", "first_response_time_s", "answered_share", "score@yesterday", "shown@yesterday",
)  # fmt: skip
WRITES = (
    "wanted", "wanted_by_channel", "attraction", "pull", "pull_value", "rank",
)  # fmt: skip

F = np.float32
_THETA, _IREF, _EFFECT, _BETA, _REF, _FLOOR, _DECAY, _CHANNEL0 = map(np.int64, range(8))
_SAMPLES, _LONGEST_S = 4097, 3600.0


@dataclass(frozen=True)
class Prepared:
    """Arrays of the conversion stage.

    `lanes` rows are theta, log I_ref, promotion effect, beta, ref, the curve's floor and decay, then
    p_silent, p_enquiring and enquiry share by channel. `curve` is empty, or g at 0 to 3600 s.
    """

    lanes: Singles = field(metadata=axes(days=True, reps=2))
    regime: Any = field(metadata=axes(index=True))
    boost: Singles = field(metadata=axes(by="regime", reps=1, lanes=True))
    ratio_log: Singles = field(metadata=axes(by="regime", reps=1, lanes=True))
    paid: Singles = field(metadata=axes(by="regime", reps=1, lanes=True))
    share: Singles = field(metadata=axes(reps=0, lanes=True))
    elasticity: Singles = field(metadata=axes(reps=0, lanes=True))
    curve: Singles = field(metadata=axes())


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
        values = _sampled(curve, times)
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


def _sampled(curve: Callable[[Any], Any], times: Floats) -> Floats:
    """Return the curve at all times at once, or one by one where it is written for a single time."""
    try:
        values = np.asarray(curve(times), dtype=np.float64)
    except (TypeError, ValueError):  # `a if seconds < b else c` cannot take an array
        values = np.zeros(0)
    return values if values.shape == times.shape else np.array([float(curve(float(t))) for t in times])


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
    for name in ("p_silent", "p_enquiring", "enquiry_share"):
        rows += [p.daily(f"channels.{n}.{name}", getattr(c, name)) for n, c in store.channels.items()]
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
    if day == 0 or g != int(params.regime[day - 1]):
        _weigh(state.W, params.boost[g], params.ratio_log[g], params.share, params.elasticity)
    _pull(state.Y, state.M[day + 1], state.Z, state.W, params.paid[g])
    _wanted(day, state.M, state.Y, state.X, params.lanes, params.curve)


# the kernel's own lanes in the scratch array
ALL, RANKED, OPEN, VALUE, A, G, SUM, ONE, TWO, PRICE, TOTALS = (np.int64(SCRATCH + 64 * i) for i in range(11))
LOW = VALUE
_ROOM = SCRATCH + 64 * 14


@jit
def _weigh(W: Any, boost: Any, ratio_log: Any, share: Any, elasticity: Any) -> None:
    """Set the weights of every product from today's prices and promotions."""
    a = np.zeros(_ROOM, np.float32)
    ia = a.view(np.int32)
    for b in range(W.shape[0]):
        for k in range(W.shape[1]):
            t = k // 64
            i = k % 64
            row64(a, ONE, elasticity[t, i], b)
            row64(a, TWO, ratio_log[t, i], b)
            for lane in range(64):
                a[XX + lane] = -(a[ONE + lane] * a[TWO + lane])
            exp64(a, ia)
            row64(a, ONE, share[t, i], b)
            row64(a, TWO, boost[t, i], b)
            w = W[b, k]
            for lane in range(64):
                w[lane] = (a[ONE + lane] * a[TWO + lane]) * a[XX + lane]


@jit
def _pull_one(a: Any, z: Any, w: Any) -> None:
    for lane in range(64):
        weight = w[lane]
        pull = weight * z[SHOWN + lane]
        a[ALL + lane] += weight
        a[RANKED + lane] += weight * z[SKU_RANK + lane]
        a[OPEN + lane] += pull
        a[VALUE + lane] += pull * a[PRICE + lane]


@jit
def _pull(Y: Any, record: Any, Z: Any, W: Any, paid: Any) -> None:
    """Add up weight, weight times rank shown, and its value at today's prices."""
    _pull_all(np.zeros(_ROOM, np.float32), Y, record, Z, W, paid)


@jit
def _pull_all(a: Any, Y: Any, record: Any, Z: Any, W: Any, paid: Any) -> None:
    a, Z, W, paid = borrowed(a), borrowed(Z), borrowed(W), borrowed(paid)
    sw = 1 if W.shape[0] > 1 else 0
    for b in range(Z.shape[0]):
        clear64(a, TOTALS, 4)
        for t in range(paid.shape[0]):  # sums of sums over 64 products: many products lose no digits
            clear64(a, ALL, 4)
            for i in range(min(64, Z.shape[1] - 64 * t)):
                k = 64 * t + i
                row64(a, PRICE, paid[t, i], b)
                _pull_one(a, Z[b, k], W[b * sw, k])
            add64(a, TOTALS, ALL, 4)
        for lane in range(64):
            total = a[TOTALS + lane]
            r = 64 * b + lane
            Y[PULL, r] = a[TOTALS + 128 + lane]
            Y[PULL_VALUE, r] = a[TOTALS + 192 + lane]
            record[RANK, r] = a[TOTALS + 64 + lane] / total if total > F(0) else F(1)


@jit
def _attract(a: Any, ia: Any, d: Any, b: Any, score: Any, Y: Any, lanes: Any) -> None:
    """Set A to the attraction of the assortment, the promotions and the score."""
    for k in range(64):
        a[XX + k] = Y[PULL, b + k]
    log64(a, ia)
    fill64(a, ONE, lanes, d, _THETA, b)
    fill64(a, TWO, lanes, d, _IREF, b)
    for k in range(64):
        a[A + k] = a[ONE + k] * (a[XX + k] - a[TWO + k])
    fill64(a, ONE, lanes, d, _BETA, b)
    fill64(a, TWO, lanes, d, _REF, b)
    for k in range(64):
        a[XX + k] = a[A + k] + a[ONE + k] * (score[b + k] - a[TWO + k])
    exp64(a, ia)
    fill64(a, ONE, lanes, d, _EFFECT, b)
    for k in range(64):
        pulled = a[XX + k] * a[ONE + k]
        pulled = pulled if Y[PULL, b + k] > F(0) else F(0)
        a[A + k] = pulled
        Y[ATTRACTION, b + k] = pulled


@jit
def _answer(a: Any, ia: Any, d: Any, b: Any, seconds: Any, lanes: Any, curve: Any) -> None:
    """Set G to the answer curve at today's first response and LOW to its floor."""
    if curve.shape[0] > 0:
        last = curve.shape[0] - 1
        for k in range(64):
            x = seconds[b + k] * F(last / 3600.0)
            x = x if x < F(last) else F(last)
            j = min(int(x), last - 1)
            a[G + k] = curve[j] + (curve[j + 1] - curve[j]) * (x - F(j))
            a[LOW + k] = curve[last]
    else:
        fill64(a, ONE, lanes, d, _DECAY, b)
        fill64(a, LOW, lanes, d, _FLOOR, b)
        for k in range(64):
            a[XX + k] = -(seconds[b + k] / a[ONE + k])
        exp64(a, ia)
        for k in range(64):
            a[G + k] = a[LOW + k] + (F(1) - a[LOW + k]) * a[XX + k]


@jit
def _wanted(d: Any, M: Any, Y: Any, X: Any, lanes: Any, curve: Any) -> None:
    a = np.zeros(_ROOM, np.float32)
    ia = a.view(np.int32)
    channels = X.shape[1]
    for b in range(0, X.shape[2], 64):
        _attract(a, ia, d, b, M[d, SCORE], Y, lanes)
        _answer(a, ia, d, b, M[d + 1, FIRST_RESPONSE_TIME_S], lanes, curve)
        for k in range(64):
            a[SUM + k] = F(0)
        for c in range(channels):
            fill64(a, ONE, lanes, d, _CHANNEL0 + c, b)
            fill64(a, TWO, lanes, d, _CHANNEL0 + channels + c, b)
            fill64(a, OUT, lanes, d, _CHANNEL0 + 2 * channels + c, b)
            for k in range(64):
                asks = a[OUT + k]
                silent = a[ONE + k] * a[A + k]
                silent = silent if silent < F(1) else F(1)
                asked = a[TWO + k] * a[A + k]
                heard = asked * a[G + k]
                heard = heard if heard < F(1) else F(1)
                unheard = asked * a[LOW + k]
                unheard = unheard if unheard < F(1) else F(1)
                share = Y[ANSWERED_SHARE, b + k]
                rate = (F(1) - asks) * silent + asks * (share * heard + (F(1) - share) * unheard)
                want = X[VISITORS_BY, c, b + k] * rate
                X[WANTED_BY, c, b + k] = want
                a[SUM + k] += want
        for k in range(64):
            Y[WANTED, b + k] = a[SUM + k]


STAGE = Stage("conversion", READS, WRITES, step, prepare)
