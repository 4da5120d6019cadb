"""What a price cut brings by a store's own calibration, in the simulator's words, for a forecast's series.

    weight[k] = share[k] (price / ref)^-elasticity[k] badge,   I = sum of weights,   demand[k] ~ weight[k] / I * I^theta

A product's demand moves by its own weight, by what all weights together take from each other (1 / I), and by what they
bring to the store (I^theta): the conversion stage's inclusive value, without stock-outs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.calibrate.assume import assumption
from ecomsim.checks import require_name
from ecomsim.forecast.lever import MONEY
from ecomsim.forecast.panel import Panel
from ecomsim.forecast.question import Question
from ecomsim.store import Store
from ecomsim.streams import uniforms
from ecomsim.uncertain import Number, Uncertain, mean_of, ppf_of

__all__ = ["PriceResponse", "price_response"]

Floats: TypeAlias = NDArray[np.float64]

_LEAST = 1e-6


@dataclass(frozen=True, eq=False)
class PriceResponse:
    """What prices do to the series of a forecast.

    Attributes
    ----------
    factors : (paths,) where all series move alike, else (S, paths)
    basis : 'estimated' where most of what moves has an elasticity estimated from this store's data
    source : that share in words
    """

    factors: Floats
    basis: str
    source: str


def price_response(
    store: Store, question: Question, factor: float, skus: tuple[str, ...], where: str, *, badge: bool = False
) -> PriceResponse:
    """Return the factors on the days ahead of prices times `factor` on `skus` (() is all products).

    Parameters
    ----------
    badge : whether the products bear a promotion's label too

    Raises
    ------
    EcomsimError
        For a product the store does not have.
    """
    for sku in skus:
        require_name(sku, store.skus, f"{where}.skus", "product")
    paths = question.paths

    def drawn(value: Number, path: str) -> Floats:
        """Return one draw a path; levers that rest on the same parameter meet the same luck."""
        name = value.group if isinstance(value, Uncertain) and value.group else path
        return ppf_of(value, uniforms(question.seed, 0, paths, f"forecast.store.{name}"))

    names = np.array(store.skus)
    moved = np.isin(names, skus) if skus else np.ones(len(names), bool)
    share = np.array([mean_of(p.share) for p in store.products.values()])
    share = share / share.sum()
    weight = np.ones((len(names), paths))
    label = drawn(_badge(store), "promotions.*.badge") if badge else np.ones(paths)
    for k in np.flatnonzero(moved):
        elasticity = drawn(store.products[names[k]].elasticity, f"products.{names[k]}.elasticity")
        weight[k] = factor**-elasticity * label
    inclusive = share @ weight
    units = weight * inclusive ** (drawn(store.choice.theta, "choice.theta") - 1)
    is_money = question.panel.metric in MONEY
    price = np.array([mean_of(p.price) for p in store.products.values()]) if is_money else np.ones(len(names))
    paid = units * np.where(moved, factor, 1.0)[:, None] if is_money else units
    sold = share * price
    groups = _groups(question.panel, store)
    if groups is None:
        factors = (sold @ paid) / sold.sum()
    else:
        # a series without products of the store only loses to those whose price falls
        aside = np.broadcast_to(
            inclusive ** (drawn(store.choice.theta, "choice.theta") - 1), (len(groups), paths)
        )
        factors = np.array(aside)
        for g, members in enumerate(groups):
            if len(members):
                factors[g] = sold[members] @ paid[members] / sold[members].sum()
    told = np.array([store.source_of(f"products.{n}.elasticity").how == "estimated" for n in names]) & moved
    part = float(share[told].sum() / share[moved].sum())
    source = f"elasticities of {int(told.sum())} of {int(moved.sum())} products estimated ({part:.0%} of their sales)"
    return PriceResponse(np.maximum(factors, _LEAST), "estimated" if part >= 0.5 else "assumed", source)


def _badge(store: Store) -> Number:
    """Return the pull of a promotion's label: of the store's own promotions, else as assumed of any store."""
    own = [p.badge for p in store.promotions.values() if isinstance(p.badge, Uncertain) or p.badge != 1.0]
    return own[-1] if own else assumption("promotions.*.badge").value


def _groups(panel: Panel, store: Store) -> list[NDArray[np.int64]] | None:
    """Return the products of each series; None where a series is not made of products."""
    names = np.array(store.skus)
    if set(panel.ids) & set(store.skus):
        return [np.flatnonzero(names == sku) for sku in panel.ids]
    if "category" not in panel.levels:
        return None
    categories = np.array([p.category or "uncategorised" for p in store.products.values()])
    of = [panel.level_names["category"][g] for g in panel.levels["category"]]
    return [np.flatnonzero(categories == c) for c in of]
