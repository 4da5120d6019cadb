"""Traffic: how many visitors come, by channel.

    visitors[c,d] ~ Poisson(rate[c,d] · returning[c,d] · (exp(beta (score - ref)) · rank)^reputation[c] · exp(level[d]) · S[d] · U[c,d])

- rate: base, growth, weekday, season, promotion effects and the driver's response, from `rates.py`.
- level: random walk of the store's log level, mean of its exponential 1 at every day.
- S, U[c]: gamma shocks of mean 1 of the store and the channel, with memory phi through a Gaussian copula; given the
  rates visitors are Poisson, so counts are negative binomial and correlated over channels and days.
- returning: 1 - share + share · (recent buyers / ref_buyers), an exponentially weighted mean up to yesterday.
- a live session's size is lognormal with mean 1 on the days it is on.
Score and rank are yesterday's. The total of visitors is the sum over channels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ecomsim.checks import EcomsimError
from ecomsim.jit import jit
from ecomsim.parameters import Parameters, Singles, pack
from ecomsim.stages.draws import (
    LAM,
    OUT,
    SCRATCH,
    UU,
    XX,
    exp64,
    gamma64,
    log64,
    normal64,
    philox4,
    poisson64,
    u23,
)
from ecomsim.stages.layout import (
    BUYERS,
    LEVEL,
    RANK,
    RECENT_BUYERS,
    SCORE,
    SHOCK_BY,
    STORE_SHOCK,
    VISITORS,
    VISITORS_BY,
)
from ecomsim.stages.rates import rates
from ecomsim.stages.shocks import gamma_rows
from ecomsim.stages.stage import Stage, array
from ecomsim.stages.state import State
from ecomsim.store import Live, Returning
from ecomsim.streams import OPENING, stream

__all__ = ["READS", "STAGE", "WRITES", "Prepared"]

READS = ("score@yesterday", "rank@yesterday", "buyers@yesterday")
WRITES = ("visitors", "visitors_by_channel", "level", "store_shock", "channel_shock", "recent_buyers")

F = np.float32
U32 = np.uint32
_VISITS = stream("visitors")
_STORE = stream("store shock and level")
# rows of the packed lane parameters
_SIGMA, _PHI, _BETA, _REF, _KEEP, _REF_BUYERS, _REP0 = range(7)


@dataclass(frozen=True)
class Prepared:
    """Arrays of the traffic stage; `lanes` rows are sigma, phi, beta, ref, keep, ref buyers, then reputation, share, size
    and session by channel."""

    rate: Singles = array(days=True, reps=2)
    lanes: Singles = array(days=True, reps=2)
    store_table: Singles = array()
    store_level: Singles = array(reps=0)
    tables: Singles = array()
    levels: Singles = array(reps=1)


def prepare(p: Parameters) -> Prepared:
    """Return the rates and noise parameters of every day."""
    store = p.store
    rows: list[Any] = [
        p.daily("noise.level_sigma", store.noise.level_sigma),
        p.daily("noise.phi", store.noise.phi),
        p.daily("reputation.beta_traffic", store.reputation.beta_traffic),
        p.daily("reputation.ref", store.reputation.ref),
    ]
    keep: Any = np.zeros(p.days)
    ref_buyers: Any = np.ones(p.days)
    for name, channel in store.channels.items():
        if isinstance(channel.driver, Returning):
            at = f"channels.{name}.driver."
            keep = 0.5 ** (1 / p.daily(at + "half_life_days", channel.driver.half_life_days))
            ref_buyers = p.daily(at + "ref_buyers", channel.driver.ref_buyers)
    rows += [keep, ref_buyers]
    rows += [p.daily(f"channels.{n}.reputation", c.reputation) for n, c in store.channels.items()]
    for kind, field in ((Returning, "share"), (Live, "size_sigma")):
        for name, channel in store.channels.items():
            driver = channel.driver
            given = isinstance(driver, kind)
            rows.append(p.daily(f"channels.{name}.driver.{field}", getattr(driver, field)) if given else 0.0)
    table, level = gamma_rows(p.at("noise.store_dispersion", store.noise.store_dispersion))
    per_channel = [
        gamma_rows(p.at(f"channels.{n}.dispersion", c.dispersion)) for n, c in store.channels.items()
    ]
    deep = max(len(t) for t, _ in per_channel)
    wide = max(len(x) for _, x in per_channel)
    tables = np.stack([np.broadcast_to(t, (deep, t.shape[1])) if len(t) == 1 else t for t, _ in per_channel])
    levels = np.stack([np.broadcast_to(x, (wide,)) for _, x in per_channel])
    return Prepared(
        rate=rates(p),
        lanes=pack(rows, p.days),
        store_table=table,
        store_level=level,
        tables=np.ascontiguousarray(tables),
        levels=np.ascontiguousarray(levels),
    )


def open_(state: State, params: Prepared, first: int, seed: int) -> None:
    """Draw the opening shocks from their stationary distribution; past buyers are as in the reference state."""
    _open(first, U32(seed), state.Y, state.X)
    state.Y[RECENT_BUYERS] = params.lanes[0, _REF_BUYERS]
    state.M[0, BUYERS] = params.lanes[0, _REF_BUYERS]


def step(day: int, state: State, params: Prepared, first: int, seed: int) -> None:
    """Draw today's visitors of every channel."""
    bad = _step(
        day, first, U32(seed), state.M, state.Y, state.X, params.rate, params.lanes, params.store_table,
        params.store_level, params.tables, params.levels,
    )  # fmt: skip
    if bad:
        raise EcomsimError(
            f"visitors on day {day}", "a rate that is negative, NaN or above 1e15", "rates up to 1e15 visitors a day",
            "Check the channels' base, the promotions' effects and the level's sigma",
        )  # fmt: skip


@jit
def _open(first: Any, k0: Any, Y: Any, X: Any) -> None:
    a = np.zeros(SCRATCH, np.float32)
    ia = a.view(np.int32)
    channels, n = X.shape[1], X.shape[2]
    for b in range(0, n, 64):
        for k in range(64):
            x, _, _, _ = philox4(U32(0), U32(OPENING), U32(_STORE), k0, U32(first + b + k))
            a[UU + k] = u23(x)
        normal64(a, ia)
        for k in range(64):
            Y[STORE_SHOCK, b + k] = a[XX + k]
            Y[LEVEL, b + k] = F(0)
        for c in range(channels):
            for k in range(64):
                x, _, _, _ = philox4(U32(c), U32(OPENING), U32(_VISITS), k0, U32(first + b + k))
                a[UU + k] = u23(x)
            normal64(a, ia)
            for k in range(64):
                X[SHOCK_BY, c, b + k] = a[XX + k]


@jit
def _step(
    d: Any, first: Any, k0: Any, M: Any, Y: Any, X: Any, rate: Any, lanes: Any, table: Any, level: Any, tables: Any,
    levels: Any,
) -> Any:  # fmt: skip
    a = np.zeros(SCRATCH + 448, np.float32)
    ia = a.view(np.int32)
    BASE = SCRATCH
    REP = SCRATCH + 64
    RET = SCRATCH + 128
    POIS = SCRATCH + 192
    SIZE = SCRATCH + 256
    KEEP = SCRATCH + 320
    SUM = SCRATCH + 384
    channels, n = X.shape[1], X.shape[2]
    e = d if lanes.shape[0] > 1 else 0
    dr = d if rate.shape[0] > 1 else 0
    s = 1 if lanes.shape[2] > 1 else 0
    sr = 1 if rate.shape[2] > 1 else 0
    sl = 1 if level.shape[0] > 1 else 0
    sv = 1 if levels.shape[1] > 1 else 0
    yes = M[d]
    bad = 0
    lane_level = np.zeros(64, np.float32)
    for b in range(0, n, 64):
        # the store's own shock and level
        for k in range(64):
            x, y, _, _ = philox4(U32(0), U32(d), U32(_STORE), k0, U32(first + b + k))
            a[UU + k] = u23(x)
            a[POIS + k] = u23(y)
        normal64(a, ia)
        for k in range(64):
            phi = lanes[e, _PHI, (b + k) * s]
            z = phi * Y[STORE_SHOCK, b + k] + F(np.sqrt(F(1) - phi * phi)) * a[XX + k]
            Y[STORE_SHOCK, b + k] = z
            a[XX + k] = z
            lane_level[k] = level[(b + k) * sl]
        gamma64(a, table, lane_level)
        for k in range(64):
            a[BASE + k] = a[XX + k]
            a[UU + k] = a[POIS + k]
        normal64(a, ia)
        for k in range(64):
            sigma = lanes[e, _SIGMA, (b + k) * s]
            walk = Y[LEVEL, b + k] + (sigma * a[XX + k] - F(0.5) * (sigma * sigma))
            Y[LEVEL, b + k] = walk
            a[XX + k] = walk
        exp64(a, ia)
        for k in range(64):
            a[BASE + k] = a[BASE + k] * a[XX + k]
            a[XX + k] = yes[RANK, b + k]
        log64(a, ia)
        for k in range(64):
            beta = lanes[e, _BETA, (b + k) * s]
            a[REP + k] = a[XX + k] + beta * (yes[SCORE, b + k] - lanes[e, _REF, (b + k) * s])
            keep = lanes[e, _KEEP, (b + k) * s]
            recent = keep * Y[RECENT_BUYERS, b + k] + (F(1) - keep) * yes[BUYERS, b + k]
            Y[RECENT_BUYERS, b + k] = recent
            ref = lanes[e, _REF_BUYERS, (b + k) * s]
            a[RET + k] = recent / (ref if ref > F(0) else F(1))
            a[SUM + k] = F(0)
        for c in range(channels):
            for k in range(64):
                x, y, w, _ = philox4(U32(c), U32(d), U32(_VISITS), k0, U32(first + b + k))
                a[UU + k] = u23(x)
                a[POIS + k] = u23(y)
                a[SIZE + k] = u23(w)
            normal64(a, ia)
            for k in range(64):
                phi = lanes[e, _PHI, (b + k) * s]
                z = phi * X[SHOCK_BY, c, b + k] + F(np.sqrt(F(1) - phi * phi)) * a[XX + k]
                X[SHOCK_BY, c, b + k] = z
                a[XX + k] = z
                lane_level[k] = levels[c, (b + k) * sv]
            gamma64(a, tables[c], lane_level)
            for k in range(64):
                share = lanes[e, _REP0 + channels + c, (b + k) * s]
                back = (F(1) - share) + share * a[RET + k]
                a[LAM + k] = ((rate[dr, c, (b + k) * sr] * a[BASE + k]) * a[XX + k]) * back
            if lanes[e, _REP0 + c, 0] != F(0) or s == 1:
                for k in range(64):
                    a[XX + k] = lanes[e, _REP0 + c, (b + k) * s] * a[REP + k]
                exp64(a, ia)
                for k in range(64):
                    a[LAM + k] = a[LAM + k] * a[XX + k]
            sizes = False
            for k in range(64):
                sizes = sizes or lanes[e, _REP0 + 2 * channels + c, (b + k) * s] > F(0)
            if sizes:
                for k in range(64):
                    a[UU + k] = a[SIZE + k]
                normal64(a, ia)
                for k in range(64):
                    sigma = lanes[e, _REP0 + 2 * channels + c, (b + k) * s]
                    a[XX + k] = sigma * a[XX + k] - F(0.5) * (sigma * sigma)
                exp64(a, ia)
                for k in range(64):
                    a[LAM + k] = a[LAM + k] * a[XX + k]
            for k in range(64):
                a[UU + k] = a[POIS + k]
            bad |= poisson64(a, ia)
            for k in range(64):
                X[VISITORS_BY, c, b + k] = a[OUT + k]
                a[SUM + k] += a[OUT + k]
        for k in range(64):
            M[d + 1, VISITORS, b + k] = a[SUM + k]
    return bad


STAGE = Stage("traffic", READS, WRITES, step, prepare, open_)
