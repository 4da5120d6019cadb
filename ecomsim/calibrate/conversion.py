"""Who buys: conversion by channel at the reference state, promotions beyond price, and market expansion.

    buyers[d] ~ mean Σ_c visitors[c,d] exp(channel[c]) · mix[d] · exp(level[d] + effect[family, phase] +
    theta log I[d])

`I` is the assortment's pull (price, promotion, stock) against its reference state and `mix` the share and
success of askers. The day's part is fitted on the store's total, the channels' part on each channel's
total; both alternate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ecomsim.calibrate.answering import Answering, fit_answering
from ecomsim.calibrate.events import Term
from ecomsim.calibrate.glm import Design, Fit, fit, knots, random_walk
from ecomsim.calibrate.history import Floats, History
from ecomsim.calibrate.ledger import Ledger

__all__ = ["Conversion", "fit_conversion"]

SPACING = 28
_LEVEL_STEPS = (0.0005, 0.001, 0.002, 0.004, 0.008)
_EFFECT_SD = {"before": 0.3, "during": 0.3, "peak": 0.5, "after": 0.25}
_THETA = (0.5, 0.25)
_ASKING_SD = 0.15


@dataclass(frozen=True)
class Conversion:
    """Posterior draws of everything about buying.

    Attributes
    ----------
    p_silent, p_enquiring, asking : {channel: (draws,)}, the last the share of visitors who ask
    effects : (draws, terms) log effects of promotions beyond price and label
    theta : (draws,) market expansion
    answering : enquiries and the answer curve
    found : the day regression
    fitted : (days,) expected buyers
    """

    p_silent: Mapping[str, Floats]
    p_enquiring: Mapping[str, Floats]
    asking: Mapping[str, Floats]
    effects: Floats
    theta: Floats
    answering: Answering
    found: Fit
    fitted: Floats


def fit_conversion(
    history: History,
    visitors: Floats,
    buyers: Floats | None,
    shared: Floats,
    terms: Mapping[tuple[str, str], Term],
    log_pull: Floats,
    ledger: Ledger,
) -> Conversion:
    """Fit conversion.

    Parameters
    ----------
    visitors : (days, channels)
    buyers : (days, channels), or None when only the store's total is known
    shared : (days, terms) event design
    log_pull : (days,) log of the assortment's pull
    """
    n = len(history.dates)
    flow = np.nan_to_num(visitors)
    total = np.nansum(buyers, axis=1) if buyers is not None else history.store["buyers"].copy()
    if buyers is not None:
        total = np.where(np.isfinite(buyers).any(axis=1), total, np.nan)
    total = np.where(flow.sum(axis=1) > 0, total, np.nan)
    answering = fit_answering(history, flow.sum(axis=1), np.nan_to_num(total), ledger)
    level = knots(n, SPACING)
    matrix = np.concatenate([level, shared, log_pull[:, None]], axis=1)
    m = level.shape[1]
    mean, sd = np.zeros(matrix.shape[1]), np.ones(matrix.shape[1])
    sd[m:-1] = [_EFFECT_SD[phase] for _, phase in terms]
    mean[-1], sd[-1] = _THETA
    overall = float(np.nansum(total) / max(flow[np.isfinite(total)].sum(), 1e-9))
    channel = np.full(flow.shape[1], np.log(min(max(overall, 1e-5), 0.9)))
    found, steps = None, _LEVEL_STEPS[2]
    for turn in range(4):
        expected = flow @ np.exp(channel) * answering.mix
        with np.errstate(divide="ignore"):
            offset = np.log(expected)
        if turn == 1:
            steps = _best_step(total, matrix, mean, sd, m, offset, found)
        found = fit(
            total, _design(matrix, mean, sd, m, steps), offset=offset,
            extra=found.extra if found else 0.002, memory=found.memory if found else 0.2,
            iterations=12 if found is None else 5, start=None if found is None else found.eta,
        )  # fmt: skip
        if buyers is None:
            break
        day = np.exp(found.eta - np.where(np.isfinite(offset), offset, 0.0)) * answering.mix
        seen = np.isfinite(buyers) & np.isfinite(total)[:, None]
        sold = np.where(seen, buyers, 0).sum(axis=0)
        chance = np.where(seen, flow * day[:, None], 0).sum(axis=0)
        # Half a buyer at the store's rate keeps an empty channel finite.
        channel = np.log((sold + 0.5) / (chance + 0.5 / max(overall, 1e-6)))
    assert found is not None
    return _posterior(history, answering, channel, found, m, buyers, flow.sum(axis=0), ledger)


def _asking(answering: Answering, visitors: Floats, ledger: Ledger) -> Floats:
    """Return draws of each channel's enquiry share, (draws, channels).

    Only the total of enquiries is known. Channels differ, by a sixth or so, around a mean that keeps the
    total; what a channel's visitors buy in all stays as observed, so its silent conversion moves against
    its enquiries.
    """
    count = len(visitors)
    if not answering.share_known or count < 2:
        return np.full((ledger.draws, count), answering.usual_share)
    half = ledger.generator("asking").normal(0.0, _ASKING_SD, ((ledger.draws + 1) // 2, count))
    apart = np.exp(np.concatenate([half, -half])[: ledger.draws])
    weight = visitors / max(float(visitors.sum()), 1e-9)
    return np.asarray(np.clip(answering.usual_share * apart / (apart @ weight)[:, None], 0.0, 1.0))


def _design(matrix: Floats, mean: Floats, sd: Floats, m: int, step: float) -> Design:
    precision = np.diag(1 / sd**2)
    precision[:m, :m] = random_walk(m, step * np.sqrt(SPACING), 3.0)
    return Design(matrix, mean, precision)


def _best_step(
    total: Floats, matrix: Floats, mean: Floats, sd: Floats, m: int, offset: Floats, found: Fit | None
) -> float:
    assert found is not None
    scores = [
        fit(
            total, _design(matrix, mean, sd, m, step), offset=offset, extra=found.extra, memory=found.memory,
            iterations=2, learn_noise=False, start=found.eta,
        ).evidence - 0.5 * np.log(step / 0.001) ** 2
        for step in _LEVEL_STEPS
    ]  # fmt: skip
    return _LEVEL_STEPS[int(np.argmax(scores))]


def _posterior(
    history: History,
    answering: Answering,
    channel: Floats,
    found: Fit,
    m: int,
    buyers: Floats | None,
    visitors: Floats,
    ledger: Ledger,
) -> Conversion:
    generator = ledger.generator("conversion")
    draws = found.draws(ledger.draws, generator)
    last = draws[:, m - 1]
    adjust = float(np.mean(answering.mix_draws)) / answering.mix_draws
    silent, enquiring, asking = {}, {}, {}
    shares = _asking(answering, visitors, ledger)
    usual_mix = 1 + answering.usual_share * (answering.advantage * answering.g.mean() - 1)
    for c, name in enumerate(history.channels):
        count = 1.0 if buyers is None else max(float(np.nansum(buyers[:, c])), 1.0)
        half = (
            generator.standard_normal((ledger.draws + 1) // 2) / np.sqrt(count) if buyers is not None else 0.0
        )
        own = np.concatenate([half, -half])[: ledger.draws] if buyers is not None else 0.0
        own_mix = 1 + shares[:, c] * (answering.advantage * answering.g.mean() - 1)
        rate = np.exp(channel[c] + last + own) * adjust * usual_mix / own_mix
        asking[name] = shares[:, c]
        silent[name] = np.clip(rate, 0.0, 1.0)
        enquiring[name] = np.clip(rate * answering.advantage, 0.0, 1.0)
        ledger.estimated(f"channels.{name}.p_silent", "channel_day" if buyers is not None else "store_day")
        if buyers is None and len(history.channels) > 1:
            ledger.note_assumed(
                f"channels.{name}.p_silent", "the store's rate", "Buyers are known for the whole store only.",
                "a traffic source export with buyers (channel_day.buyers)",
            )  # fmt: skip
    theta = np.clip(draws[:, -1], 0.0, 1.0)
    learnt = float(np.sqrt(found.cov[-1, -1])) < 0.75 * _THETA[1]
    if learnt:
        ledger.estimated("choice.theta", "item_day", "buyers against the assortment's pull")
    else:
        ledger.assume("choice.theta")
    return Conversion(silent, enquiring, asking, draws[:, m:-1], theta, answering, found, np.exp(found.eta))
