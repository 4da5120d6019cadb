"""What buyers choose: each product's pull, its own-price elasticity and the pull of a promotion's label.

    units[d,k] ~ mean exp(day[d] + level[k,d] - elasticity[k] log(price/ref) + badge in_scope),  variance m
    + s2 m^2

The day's effect takes out traffic, conversion and everything common; a product's level drifts slowly
(launch, season, fashion), so only moves of a price against its own recent weeks and against the other
products speak for elasticity. Days without stock are left out. Elasticities are pooled by empirical Bayes:
product to category to store.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecomsim.calibrate.glm import gram, knots, random_walk
from ecomsim.calibrate.history import Floats, History
from ecomsim.calibrate.ledger import Ledger
from ecomsim.calibrate.pooling import Pooled, pool
from ecomsim.calibrate.prices import Prices

__all__ = ["Choices", "fit_choices"]

SPACING = 28
# Yearly fashion and launches: about 12 % over four weeks, one standard deviation.
_STEP_SD = 0.12
_OUT_OF_MIND = 56
_CLUMP = 10


@dataclass(frozen=True)
class Choices:
    """The assortment's pull.

    Attributes
    ----------
    level : (days, products) log pull at reference price, without promotion; NaN where not on sale
    last_sd : (products,) standard deviation of the last level
    pooled : elasticities and badge with their joint posterior
    sellable : (days, products) on sale and in stock all day
    alive : (products,) still sold at the as-of day
    log_pull : (days,) log of the assortment's pull against its reference state, days without products 0
    """

    level: Floats
    last_sd: Floats
    pooled: Pooled
    sellable: NDArray[np.bool_]
    alive: NDArray[np.bool_]
    log_pull: Floats
    sensitivity: Floats


def fit_choices(history: History, prices: Prices, ledger: Ledger) -> Choices:
    """Fit all products at once."""
    units = np.nan_to_num(history.item["units"])
    told = np.asarray(np.isfinite(history.item["units"]).any(axis=1))
    live, sellable = _on_sale(history, units, told)
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = np.nan_to_num(np.log(prices.effective / prices.reference))
    weight_days = sellable & np.isfinite(prices.reference)[None, :]
    few = len(history.skus) < 4
    level, variance, information, score, fitted = _fit_levels(
        history, units, moved, prices.in_scope, weight_days, few
    )
    varied = np.array([np.std(moved[weight_days[:, k], k]) > 0.005 if weight_days[:, k].any() else False
                       for k in range(units.shape[1])])  # fmt: skip
    pooled = pool(information, score, varied, _categories(history), ledger)
    alive = _alive(history, units)
    level = level + _recent_gap(units, fitted, weight_days)
    utility = -pooled.elasticity * moved + pooled.badge * prices.in_scope
    share = np.where(live, np.exp(level), 0.0)
    share = share / np.maximum(share.sum(axis=1, keepdims=True), 1e-12)
    pull = (share * np.exp(utility) * _available(history, live)).sum(axis=1)
    log_pull = np.where((pull > 0) & told, np.log(np.maximum(pull, 1e-9)), 0.0)
    return Choices(level, np.sqrt(variance), pooled, sellable, alive, log_pull, share)


def _on_sale(
    history: History, units: Floats, told: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return (listed, sellable all day): between first and last sale; in stock morning and night."""
    n, count = units.shape
    live = np.zeros((n, count), bool)
    for k in range(count):
        sold = np.flatnonzero(units[:, k] > 0)
        if len(sold):
            # A slow seller's silence is not an end: allow five times its usual gap.
            gap = int(np.clip(5 * (sold[-1] - sold[0] + 1) / len(sold), 7, _OUT_OF_MIND))
            live[sold[0] : min(n, sold[-1] + gap), k] = True
    live &= np.asarray(told, bool)[:, None]
    sellable = live.copy()
    if history.stock is not None:
        stock = history.stock
        before = np.vstack([stock[:1], stock[:-1]])
        known = np.asarray(np.isfinite(stock).any(axis=0))
        sellable &= ~known[None, :] | ((np.nan_to_num(stock) > 0) & (np.nan_to_num(before, nan=1.0) > 0))
    else:
        rate = units.sum(axis=0) / np.maximum(live.sum(axis=0), 1)
        for k in (int(x) for x in np.flatnonzero(rate >= 3)):
            # Four silent days of a product that sells three a day: it was not there.
            silent = pd.Series(units[:, k] == 0).rolling(4).sum().to_numpy() >= 4
            for back in range(4):
                sellable[: n - back, k] &= ~silent[back:]
    return live, sellable


def _available(history: History, live: NDArray[np.bool_]) -> Floats:
    """Return the share of the day each product could be bought: 1, 0, or half on the day it ran out."""
    out = live.astype(float)
    if history.stock is None:
        return out
    empty = np.nan_to_num(history.stock, nan=1.0) <= 0
    was = np.vstack([empty[:1], empty[:-1]])
    return np.where(empty & was, 0.0, np.where(empty, 0.5, out)) * live


def _alive(history: History, units: Floats) -> NDArray[np.bool_]:
    """Products still sold: listed in the products table or selling lately; retired ones are left out."""
    recent = units[-_OUT_OF_MIND:].sum(axis=0) > 0
    products = history.tables.get("products")
    stocked = np.zeros(len(recent), bool)
    if history.stock is not None:
        stocked = np.nan_to_num(history.stock[-1]) > 0
    if products is None:
        return np.asarray(recent | stocked)
    listed = np.isin(history.skus, products["sku"].astype(str))
    for column in ("on_hand", "on_order"):
        if history.stock is None and column in products:
            have = products.set_index(products["sku"].astype(str))[column]
            have = have[~have.index.duplicated()].reindex(list(history.skus)).fillna(0)
            stocked |= have.to_numpy(float) > 0
    # A product may be listed today and unknown on an earlier as-of day: it had neither sales nor stock then.
    return np.asarray((listed & (recent | stocked)) | (~listed & _sold_lately(history)))


def _sold_lately(history: History) -> NDArray[np.bool_]:
    """Return products sold in the last four weeks, whatever the products table lists."""
    return np.asarray(np.nansum(np.nan_to_num(history.item["units"][-28:]), axis=0) > 0)


def _categories(history: History) -> NDArray[np.int64]:
    products = history.tables.get("products")
    if products is None or "category" not in products:
        return np.zeros(len(history.skus), np.int64)
    by_sku = dict(zip(products["sku"].astype(str), products["category"].fillna("").astype(str), strict=True))
    names = [by_sku.get(s, "") for s in history.skus]
    return np.asarray(pd.factorize(pd.Series(names))[0], np.int64)


def _fit_levels(
    history: History,
    units: Floats,
    moved: Floats,
    scope: NDArray[np.bool_],
    use: NDArray[np.bool_],
    few: bool,
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Alternate day effects and products until they agree.

    Returns
    -------
    (days, products) log level; its last variance; (products, 2, 2) information and (products, 2) score of
    (elasticity, badge) with level and day effects taken out; (days, products) expected units.
    """
    n, count = units.shape
    basis = knots(n, SPACING)
    m = basis.shape[1]
    pairs = np.concatenate([basis**2, basis[:, :-1] * basis[:, 1:]], axis=1)
    prior = random_walk(m, _STEP_SD, 4.0)
    mean_units = np.where(use, units, 0).sum(axis=0) / np.maximum(use.sum(axis=0), 1)
    start = np.log(np.maximum(mean_units, 1e-3))
    coef, slope = np.tile(start, (m, 1)), np.zeros((count, 2))
    slope[:, 0] = 1.5
    x = np.stack([-moved, scope.astype(float)])
    day = np.zeros(n)
    traffic = np.log(np.maximum(np.nan_to_num(history.store["buyers"], nan=1.0), 1.0))
    spread = 0.02
    information, score = np.zeros((count, 2, 2)), np.zeros((count, 2))
    for _ in range(7):
        rest = basis @ coef + x[0] * slope[:, 0] + x[1] * slope[:, 1]
        base = np.exp(np.clip(rest, -12, 12)) * use
        total = base.sum(axis=1)
        if few:
            day = traffic - traffic.mean()
        else:
            day = np.where(
                total > 0, np.log(np.maximum((units * use).sum(axis=1), 0.5) / np.maximum(total, 1e-9)), 0.0
            )
        mean = np.exp(np.clip(rest + day[:, None], -12, 12))
        weight = np.where(use, mean / (1 + spread * mean), 0.0)
        # An outlier counts as five standard deviations; slow sellers' single sales are no outliers.
        reach = (5 * np.sqrt(mean + spread * mean**2) + 3) / mean
        gap = np.minimum(units / mean - 1, reach)
        sums = np.maximum(weight.sum(axis=1, keepdims=True), 1e-12)
        centre = np.zeros((2, n, 1)) if few else (weight * x).sum(axis=2)[..., None] / sums
        inner = x - centre
        spread = float(np.clip(_overdispersion(units, mean, use), 0.002, 0.3))
        normal = _banded(gram(weight, pairs), m) + prior
        cross = np.stack([gram(weight * inner[j], basis) for j in (0, 1)], axis=2)
        right = gram(weight * gap, basis) - (coef.T - start[:, None]) @ prior
        solved = np.linalg.solve(normal, np.concatenate([cross, right[..., None]], axis=2))
        inside = np.einsum("ink,jnk,nk->kij", inner, inner, weight, optimize=True)
        information = inside - np.swapaxes(cross, 1, 2) @ solved[..., :2]
        raw = np.stack([(weight * inner[j] * gap).sum(axis=0) for j in (0, 1)], axis=1)
        score = raw - np.einsum("kmi,km->ki", cross, solved[..., 2])
        step = np.linalg.solve(information + np.diag([0.5, 30.0]), score[..., None])[..., 0]
        step = np.clip(step, -1.0, 1.0)
        coef = coef + np.clip(solved[..., 2] - np.einsum("kmi,ki->km", solved[..., :2], step), -2, 2).T
        slope = slope + step
    last = np.zeros((m, 1))
    last[-1] = 1.0
    variance = np.linalg.solve(normal, np.tile(last, (count, 1, 1)))[:, -1, 0]
    natural = score + np.einsum("kij,kj->ki", information, slope - step)
    # Products have good and bad weeks of their own, so days tell less than their number.
    worth = 1 / _clumping(np.where(use, gap * np.sqrt(weight), 0.0), use)
    return basis @ coef, np.maximum(variance / worth, 1e-6), information * worth, natural * worth, mean


def _recent_gap(units: Floats, fitted: Floats, use: NDArray[np.bool_]) -> Floats:
    """Return log of units sold over units expected lately, (products,), a few sales shrunk to 0.

    The fit trusts wild days less, so a product that sells in bursts is expected below its mean; its share
    must not be.
    """
    days = use[-_OUT_OF_MIND:]
    sold = np.where(days, units[-_OUT_OF_MIND:], 0.0).sum(axis=0)
    expected = np.where(days, fitted[-_OUT_OF_MIND:], 0.0).sum(axis=0)
    return np.asarray(np.clip(np.log((sold + 20) / (expected + 20)), -1.0, 1.0))


def _clumping(z: Floats, use: NDArray[np.bool_]) -> float:
    """Return the variance of ten-day sums of residuals over that of independent days, at least 1."""
    days = len(z) // _CLUMP * _CLUMP
    sums = z[:days].reshape(-1, _CLUMP, z.shape[1]).sum(axis=1)
    counts = use[:days].reshape(-1, _CLUMP, z.shape[1]).sum(axis=1)
    full = counts >= _CLUMP // 2
    if full.sum() < 30:
        return 1.0
    single = float(np.mean(np.clip(z[:days][use[:days]], -4, 4) ** 2))
    return float(
        np.clip(np.mean(np.clip(sums[full] ** 2 / counts[full], 0, 16)) / max(single, 1e-6), 1.0, 6.0)
    )


def _overdispersion(units: Floats, mean: Floats, use: NDArray[np.bool_]) -> float:
    """Return s2 of variance m + s2 m^2, by moments over days that expect at least two units."""
    big = use & (mean > 2)
    if not big.any():
        return 0.05
    z = np.clip((units - mean)[big] / mean[big], -1, 2)
    return float(np.mean(z**2) - np.mean(1 / mean[big]))


def _banded(sums: Floats, m: int) -> Floats:
    """Return (products, m, m) tridiagonal matrices from their diagonal and upper band."""
    out = np.zeros((len(sums), m, m))
    at = np.arange(m)
    out[:, at, at] = sums[:, :m]
    out[:, at[:-1], at[1:]] = sums[:, m:]
    out[:, at[1:], at[:-1]] = sums[:, m:]
    return out
