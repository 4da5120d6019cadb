"""Traffic: how many visitors come, by channel.

    visitors[c,d] ~ Poisson(rate[c,d] · returning[c,d] · (exp(beta (score - ref)) · rank)^reputation[c]
                            · exp(level[d]) · S[d] · U[c,d])

- rate: base, growth, weekday, season, promotion effects and the driver's response, from `rates.py`.
- level: random walk of the store's log level, mean of its exponential 1 at every day.
- S, U[c]: gamma shocks of mean 1 of the store and the channel, with memory phi through a Gaussian copula; given the
  rates visitors are Poisson, so counts are negative binomial and correlated over channels and days.
- returning: 1 - share + share · (recent buyers / ref_buyers), an exponentially weighted mean up to yesterday.
- a live session's size is lognormal with mean 1 on the days it is on.
Score and rank are yesterday's. The total of visitors is the sum over channels.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ecomsim.checks import EcomsimError
from ecomsim.jit import jit
from ecomsim.parameters import Parameters, Singles, pack
from ecomsim.stages.draws import (
    LAM,
    OUT,
    SCRATCH,
    U1,
    U2,
    U3,
    UU,
    XX,
    any64,
    exp64,
    fill64,
    log64,
    move64,
    normal64,
    words64,
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
from ecomsim.stages.samplers import gamma64, poisson64
from ecomsim.stages.shocks import gamma_rows
from ecomsim.stages.stage import Stage, axes
from ecomsim.stages.state import State
from ecomsim.store import Live, Returning
from ecomsim.streams import OPENING, stream

__all__ = ["READS", "STAGE", "WRITES", "Prepared"]

READS = ("score@yesterday", "rank@yesterday", "buyers@yesterday")
WRITES = ("visitors", "visitors_by_channel", "level", "store_shock", "channel_shock", "recent_buyers")

F = np.float32
_VISITS = stream("visitors")
_STORE = stream("store shock and level")
# rows of the packed lane parameters
_SIGMA, _PHI, _BETA, _REF, _KEEP, _REF_BUYERS, _REP0 = map(np.int64, range(7))


@dataclass(frozen=True)
class Prepared:
    """Arrays of the traffic stage.

    `lanes` rows are sigma, phi, beta, ref, keep, ref buyers, then reputation, share, size and session by channel.
    """

    rate: Singles = field(metadata=axes(days=True, reps=2))
    lanes: Singles = field(metadata=axes(days=True, reps=2))
    store_table: Singles = field(metadata=axes())
    store_level: Singles = field(metadata=axes(reps=0))
    tables: Singles = field(metadata=axes())
    levels: Singles = field(metadata=axes(reps=1))


def prepare(p: Parameters) -> Prepared:
    """Return the rates and noise parameters of every day."""
    table, level, tables, levels = p.once("shocks of traffic", lambda: _shocks(p))
    return Prepared(
        rate=rates(p),
        lanes=p.once("lanes of traffic", lambda: _lanes(p)),
        store_table=table,
        store_level=level,
        tables=tables,
        levels=levels,
    )


def _lanes(p: Parameters) -> Singles:
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
    for kind, what in ((Returning, "share"), (Live, "size_sigma")):
        for name, channel in store.channels.items():
            driver = channel.driver
            given = isinstance(driver, kind)
            rows.append(p.daily(f"channels.{name}.driver.{what}", getattr(driver, what)) if given else 0.0)
    return pack(rows, p.days)


def _shocks(p: Parameters) -> tuple[Singles, Singles, Singles, Singles]:
    """Return the gamma tables and levels of the store and of all channels."""
    table, level = gamma_rows(p.at("noise.store_dispersion", p.store.noise.store_dispersion))
    per_channel = [
        gamma_rows(p.at(f"channels.{n}.dispersion", c.dispersion)) for n, c in p.store.channels.items()
    ]
    deep = max(len(t) for t, _ in per_channel)
    wide = max(len(x) for _, x in per_channel)
    tables = np.stack([np.broadcast_to(t, (deep, t.shape[1])) if len(t) == 1 else t for t, _ in per_channel])
    levels = np.stack([np.broadcast_to(x, (wide,)) for _, x in per_channel])
    return table, level, np.ascontiguousarray(tables), np.ascontiguousarray(levels)


def open_(state: State, params: Prepared, first: int, seed: int) -> None:
    """Draw the opening shocks from their stationary distribution; past buyers are as in the reference state."""
    _open(first, seed, state.Y, state.X)
    state.Y[RECENT_BUYERS] = params.lanes[0, _REF_BUYERS]
    state.M[0, BUYERS] = params.lanes[0, _REF_BUYERS]


def step(day: int, state: State, params: Prepared, first: int, seed: int) -> None:
    """Draw today's visitors of every channel."""
    bad = _step(
        day, first, seed, state.M, state.Y, state.X, params.rate, params.lanes, params.store_table,
        params.store_level, params.tables, params.levels,
    )  # fmt: skip
    if bad:
        raise EcomsimError(
            f"visitors on day {day}", "a rate that is negative, NaN or above 1e15", "rates up to 1e15 visitors a day",
            "Check the channels' base, the promotions' effects and the level's sigma",
        )  # fmt: skip


# the kernel's own lanes in the scratch array
BASE, REP, BACK, PHI, SUM, ONE, TWO = (np.int64(SCRATCH + 64 * i) for i in range(7))
_ROOM = SCRATCH + 64 * 7


@jit
def _open(first: Any, key: Any, Y: Any, X: Any) -> None:
    a = np.zeros(_ROOM, np.float32)
    ia = a.view(np.int32)
    for b in range(0, X.shape[2], 64):
        words64(a, 0, OPENING, _STORE, key, first + b)
        move64(a, UU, U1)
        normal64(a, ia)
        for k in range(64):
            Y[STORE_SHOCK, b + k] = a[XX + k]
            Y[LEVEL, b + k] = F(0)
        for c in range(X.shape[1]):
            words64(a, c, OPENING, _VISITS, key, first + b)
            move64(a, UU, U1)
            normal64(a, ia)
            for k in range(64):
                X[SHOCK_BY, c, b + k] = a[XX + k]


@jit
def _remember(a: Any, ia: Any, score: Any, table: Any, level: Any, b: Any) -> None:
    """Move an autocorrelated normal score by the uniforms in UU; XX becomes the gamma shock."""
    normal64(a, ia)
    for k in range(64):
        phi = a[PHI + k]
        z = phi * score[b + k] + F(np.sqrt(F(1) - phi * phi)) * a[XX + k]
        score[b + k] = z
        a[XX + k] = z
    gamma64(a, table, level, b)


@jit
def _store(
    a: Any, ia: Any, d: Any, b: Any, yesterday: Any, Y: Any, lanes: Any, table: Any, level: Any
) -> None:
    """Set BASE (store shock times level), REP (log of reputation) and BACK (recent over reference buyers)."""
    move64(a, UU, U1)
    fill64(a, PHI, lanes, d, _PHI, b)
    _remember(a, ia, Y[STORE_SHOCK], table, level, b)
    move64(a, BASE, XX)
    move64(a, UU, U2)
    normal64(a, ia)
    fill64(a, ONE, lanes, d, _SIGMA, b)
    for k in range(64):
        sigma = a[ONE + k]
        walk = Y[LEVEL, b + k] + (sigma * a[XX + k] - F(0.5) * (sigma * sigma))
        Y[LEVEL, b + k] = walk
        a[XX + k] = walk
    exp64(a, ia)
    for k in range(64):
        a[BASE + k] = a[BASE + k] * a[XX + k]
        a[XX + k] = yesterday[RANK, b + k]
    log64(a, ia)
    fill64(a, ONE, lanes, d, _BETA, b)
    fill64(a, TWO, lanes, d, _REF, b)
    for k in range(64):
        a[REP + k] = a[XX + k] + a[ONE + k] * (yesterday[SCORE, b + k] - a[TWO + k])
    fill64(a, ONE, lanes, d, _KEEP, b)
    fill64(a, TWO, lanes, d, _REF_BUYERS, b)
    for k in range(64):
        keep = a[ONE + k]
        recent = keep * Y[RECENT_BUYERS, b + k] + (F(1) - keep) * yesterday[BUYERS, b + k]
        Y[RECENT_BUYERS, b + k] = recent
        a[BACK + k] = recent / a[TWO + k]


@jit
def _channel(
    a: Any,
    ia: Any,
    d: Any,
    b: Any,
    c: Any,
    channels: Any,
    shock: Any,
    rate: Any,
    lanes: Any,
    table: Any,
    level: Any,
) -> Any:
    """Set OUT to the visitors of one channel; returns 1 for a rate that makes no sense."""
    move64(a, UU, U1)
    _remember(a, ia, shock, table, level, b)
    fill64(a, LAM, rate, d, c, b)
    fill64(a, ONE, lanes, d, _REP0 + channels + c, b)
    for k in range(64):
        share = a[ONE + k]
        back = (F(1) - share) + share * a[BACK + k]
        a[LAM + k] = ((a[LAM + k] * a[BASE + k]) * a[XX + k]) * back
    fill64(a, ONE, lanes, d, _REP0 + c, b)
    if any64(ia, ONE):
        for k in range(64):
            a[XX + k] = a[ONE + k] * a[REP + k]
        exp64(a, ia)
        for k in range(64):
            a[LAM + k] = a[LAM + k] * a[XX + k]
    fill64(a, ONE, lanes, d, _REP0 + 2 * channels + c, b)
    if any64(ia, ONE):
        move64(a, UU, U3)
        normal64(a, ia)
        for k in range(64):
            sigma = a[ONE + k]
            a[XX + k] = sigma * a[XX + k] - F(0.5) * (sigma * sigma)
        exp64(a, ia)
        for k in range(64):
            a[LAM + k] = a[LAM + k] * a[XX + k]
    move64(a, UU, U2)
    return poisson64(a, ia)


@jit
def _step(
    d: Any, first: Any, key: Any, M: Any, Y: Any, X: Any, rate: Any, lanes: Any, table: Any, level: Any, tables: Any,
    levels: Any,
) -> Any:  # fmt: skip
    a = np.zeros(_ROOM, np.float32)
    ia = a.view(np.int32)
    channels = X.shape[1]
    bad = 0
    for b in range(0, X.shape[2], 64):
        words64(a, 0, d, _STORE, key, first + b)
        _store(a, ia, d, b, M[d], Y, lanes, table, level)
        for k in range(64):
            a[SUM + k] = F(0)
        for c in range(channels):
            words64(a, c, d, _VISITS, key, first + b)
            bad |= _channel(a, ia, d, b, c, channels, X[SHOCK_BY, c], rate, lanes, tables[c], levels[c])
            for k in range(64):
                X[VISITORS_BY, c, b + k] = a[OUT + k]
                a[SUM + k] += a[OUT + k]
        for k in range(64):
            M[d + 1, VISITORS, b + k] = a[SUM + k]
    return bad


STAGE = Stage("traffic", READS, WRITES, step, prepare, open_)
