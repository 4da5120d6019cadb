"""Products for the store: price, cost, share, elasticity, stock and policy of everything still sold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ecomsim.calibrate.history import History
from ecomsim.calibrate.ledger import Ledger
from ecomsim.calibrate.prices import Prices
from ecomsim.calibrate.products import Choices
from ecomsim.calibrate.stock import Stock
from ecomsim.store import Product, Role
from ecomsim.uncertain import LogNormal, Number, Uncertain

__all__ = ["make_products"]

_ROLES = {"traffic": Role.TRAFFIC, "引流": Role.TRAFFIC, "profit": Role.PROFIT, "利润": Role.PROFIT}


def make_products(
    history: History,
    prices: Prices,
    choices: Choices,
    refunds: Sequence[Uncertain],
    stock: Stock,
    ledger: Ledger,
) -> dict[str, Product]:
    """Return the products still sold; what has no price or no cost is told, and assumed or left out."""
    table = history.tables.get("products")
    listed: dict[str, dict[str, object]] = (
        {}
        if table is None
        else {str(r["sku"]): {str(k): v for k, v in r.items()} for r in table.to_dict("records")}
    )
    ratio = _usual_cost_ratio(listed)
    plans = _price_plans(history)
    resale = ledger.assume("products.*.resale_share")
    out = {}
    last = choices.sensitivity[-1] if choices.alive.any() else np.ones(len(history.skus))
    typical = (
        float(np.median(last[choices.alive & (last > 0)])) if (choices.alive & (last > 0)).any() else 1.0
    )
    for k, sku in enumerate(history.skus):
        if not choices.alive[k]:
            continue
        row = listed.get(sku, {})
        price = float(prices.regular[-1, k])
        if not price > 0:
            ledger.notes.append(
                f"products.{sku}: no price is known, so it is left out. Add it to the products template."
            )
            continue
        cost, clearance = _cost(sku, row, price, ratio, ledger)
        out[sku] = Product(
            sku=sku,
            price=price,
            cost=cost,
            share=_share(float(last[k]) / typical, float(choices.last_sd[k])),
            elasticity=_elasticity(sku, k, choices, ledger),
            ref_price=float(prices.reference[k]),
            on_hand=max(stock.on_hand[sku], 0.0),
            on_order=stock.on_order[sku],
            moq=stock.moq[sku],
            pack=stock.pack[sku],
            refund_rate=refunds[k],
            resale_share=resale,
            policy=stock.policy[sku],
            supplier=stock.supplier[sku],
            name=_words(row.get("name")),
            category=_words(row.get("category")),
            role=_ROLES.get(_words(row.get("role")), Role.PLAIN),
            clearance=clearance,
            price_plan=plans.get(sku, {}),
        )
    ledger.estimated(
        "products.*.share", "item_day", "days in stock, at reference price, level of the last weeks"
    )
    ledger.estimated("products.*.ref_price", prices.source or "item_day", "median regular price")
    ledger.note_assumed(
        "products.*.season", "flat", "A product's level is that of its last weeks; its season is not told.",
        "several years of item_day",
    )  # fmt: skip
    ledger.given("products.*.price", prices.source or "item_day")
    ledger.given("products.*.cost", "products")
    return out


def _share(share: float, sd: float) -> Number:
    return LogNormal(max(share, 1e-6), float(np.clip(sd, 0.005, 1.0)))


def _elasticity(sku: str, k: int, choices: Choices, ledger: Ledger) -> Number:
    pooled = choices.pooled
    if pooled.learnt[k]:
        ledger.estimated(f"products.{sku}.elasticity", "item_day", "pooled over its category and the store")
    elif pooled.learnt.any():
        ledger.note_assumed(
            f"products.{sku}.elasticity", f"{pooled.elasticity[k]:.2f}",
            "Its price never changed: its category's mean.",
            "a price test or a promotion on it", rule="products.*.elasticity",
        )  # fmt: skip
    else:
        return ledger.assume(f"products.{sku}.elasticity", "products.*.elasticity")
    return ledger.joint(pooled.draws[:, k], "products")


def _usual_cost_ratio(listed: Mapping[str, Mapping[str, object]]) -> dict[str, float]:
    """Return median cost / price by category, '' for all."""
    rows = [
        (_words(r.get("category")), float(str(r["cost"])) / float(str(r["price"])))
        for r in listed.values()
        if _positive(r.get("cost")) and _positive(r.get("price"))
    ]
    if not rows:
        return {}
    frame = pd.DataFrame(rows, columns=["category", "ratio"])
    by_category = frame.groupby("category")["ratio"].median()
    return {"": float(frame["ratio"].median()), **{str(k): float(v) for k, v in by_category.items()}}


def _positive(value: object) -> bool:
    return isinstance(value, (int, float)) and bool(np.isfinite(value)) and value > 0


def _cost(
    sku: str, row: Mapping[str, object], price: float, ratio: Mapping[str, float], ledger: Ledger
) -> tuple[float, bool]:
    given = row.get("cost")
    if _positive(given):
        cost = float(str(given))
        return cost, cost >= price
    share = ratio.get(_words(row.get("category")), ratio.get("", 0.6))
    ledger.note_assumed(
        f"products.{sku}.cost",
        f"{share:.2f} of the price",
        "Its cost is not known.",
        "the products template with costs",
    )
    return round(min(share, 0.95) * price, 4), False


def _words(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _price_plans(history: History) -> dict[str, dict[str, float]]:
    """Return regular prices already set for days after the as-of day: the store's own plan."""
    table = history.tables.get("prices")
    if table is None:
        return {}
    later = table[table["date"] > history.dates[-1]]
    out: dict[str, dict[str, float]] = {}
    for day, sku, price in zip(later["date"], later["sku"].astype(str), later["price"], strict=True):
        if price > 0:
            out.setdefault(sku, {})[day.date().isoformat()] = float(price)
    return out
