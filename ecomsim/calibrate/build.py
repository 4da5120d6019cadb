"""The store put together from the departments' estimates."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ecomsim.calibrate.conversion import Conversion
from ecomsim.calibrate.events import Event
from ecomsim.calibrate.history import Floats, History
from ecomsim.calibrate.ledger import Ledger
from ecomsim.calibrate.noise import Shocks
from ecomsim.calibrate.prices import Prices
from ecomsim.calibrate.products import Choices
from ecomsim.calibrate.response import Lever, make_driver
from ecomsim.calibrate.stock import Stock
from ecomsim.calibrate.traffic import Traffic
from ecomsim.store import Channel, Choice, Paid, Product, Returning, Role
from ecomsim.uncertain import LogNormal, Number, Uncertain

__all__ = ["make_channels", "make_choice", "make_products"]

_PLAN_DAYS = 200
_ROLES = {"traffic": Role.TRAFFIC, "引流": Role.TRAFFIC, "profit": Role.PROFIT, "利润": Role.PROFIT}


def make_channels(
    history: History,
    traffic: Traffic,
    conversion: Conversion,
    shocks: Shocks,
    events: Sequence[Event],
    ledger: Ledger,
) -> dict[str, Channel]:
    """Return the channels with their posterior draws."""
    out = {}
    searched = [n for n, f in traffic.channels.items() if f.lever.kind == "free" and "search" in n]
    for name, one in traffic.channels.items():
        plan, spend = _spend_plan(history, name, one.lever, events)
        driver = make_driver(name, one.lever, one.found, one.response(), ledger, plan, spend)
        base = one.base()
        if isinstance(driver, Paid) and "search" in name and searched:
            taken = traffic.channels[searched[0]].displaced
            driver = dataclasses.replace(driver, displaces={searched[0]: taken})
            ledger.estimated(
                f"channels.{name}.driver.displaces", "channel_day", "free search against paid response"
            )
        if isinstance(driver, Returning):
            driver, base = _returning_now(driver, one.lever, one.response()[:, 0], base, ledger)
        path = f"channels.{name}"
        season = one.at["season"].stop > one.at["season"].start
        for part in ("base", "weekday", "growth", *(("season",) if season else ())):
            ledger.estimated(f"{path}.{part}", "channel_day")
        if not season:
            ledger.note_assumed(
                f"{path}.season", "flat", "Less than thirteen months of data.",
                "thirteen months of days or more", rule="channels.*.season",
            )  # fmt: skip
        free = one.lever.kind == "free" and "event" not in name
        ledger.assume(f"{path}.reputation", "channels.*.reputation")
        week = one.weekday()
        months = one.season()
        out[name] = Channel(
            name=name,
            base=ledger.joint(base, "traffic"),
            p_silent=ledger.joint(conversion.p_silent[name], "conversion"),
            p_enquiring=ledger.joint(conversion.p_enquiring[name], "conversion"),
            enquiry_share=_enquiry_share(conversion, ledger),
            weekday=tuple(ledger.joint(week[:, d], "traffic") for d in range(7)),
            season=tuple(ledger.joint(months[:, m], "traffic") if season else 1.0 for m in range(12)),
            growth=ledger.joint(np.clip(one.growth(), -0.9, 5.0), "traffic"),
            dispersion=shocks.dispersion[name],
            reputation=1.0 if free else 0.0,
            driver=driver,
        )
    return out


def _enquiry_share(conversion: Conversion, ledger: Ledger) -> Number:
    usual = conversion.answering.usual_share
    # Channels differ by a fifth or so and only their sum is known.
    return LogNormal(usual, 0.02) if conversion.answering.share_known else usual


def _returning_now(
    driver: Returning, lever: Lever, theta: Floats, base: Floats, ledger: Ledger
) -> tuple[Returning, Floats]:
    """Restate base and share at the recent buyers of today, from which the simulated day starts."""
    share = 1 / (1 + np.exp(-theta))
    ratio = float(lever.series[-1] / lever.ref)
    scale = 1 - share + share * ratio
    return (
        dataclasses.replace(
            driver,
            share=ledger.joint(np.clip(share * ratio / scale, 0, 1), "traffic"),
            ref_buyers=float(lever.series[-1]),
        ),
        base * scale,
    )


def _spend_plan(
    history: History, name: str, lever: Lever, events: Sequence[Event]
) -> tuple[dict[str, float], float]:
    """Return planned spend by date and the usual spend of a day.

    Days of the spend plan come from it. Other days of coming promotions get the usual spend times what the
    store spent in the same phase of the family before.
    """
    if lever.kind != "paid":
        return {}, 0.0
    dates = history.dates
    ordinary = np.ones(len(dates), bool)
    past: dict[tuple[str, str], list[float]] = {}
    weights = [(e, e.weights(dates)) for e in events]
    for _, phases in weights:
        for weight in phases.values():
            ordinary &= weight == 0
    usual_days = ordinary & (lever.series > 0)
    recent = np.flatnonzero(usual_days)[-90:]
    usual = float(np.mean(lever.series[recent])) if len(recent) else lever.ref
    for event, phases in weights:
        for phase, weight in phases.items():
            if (weight > 0).any():
                past.setdefault((event.family, phase), []).extend(lever.series[weight > 0] / max(usual, 1e-9))
    future = pd.date_range(dates[-1] + pd.Timedelta(days=1), periods=_PLAN_DAYS)
    factor = np.ones(_PLAN_DAYS)
    for event in events:
        for phase, weight in event.weights(future).items():
            seen = past.get((event.family, phase))
            if seen:
                factor *= 1 + weight * (float(np.mean(seen)) - 1)
    plan = {
        d.date().isoformat(): round(float(usual * f), 2)
        for d, f in zip(future, factor, strict=True)
        if f != 1
    }
    table = history.tables.get("spend_plan")
    if table is not None:
        mine = table[(table["channel"].astype(str) == name) & (table["date"] > dates[-1])]
        plan |= {d.date().isoformat(): float(x) for d, x in zip(mine["date"], mine["spend"], strict=True)}
    return plan, round(usual, 2)


def make_choice(conversion: Conversion, ledger: Ledger) -> Choice:
    """Return market expansion as estimated, substitution and rank as assumed."""
    learnt = ledger.provenance["choice.theta"].how == "estimated"
    theta: Uncertain = ledger.joint(conversion.theta, "conversion")
    return Choice(
        theta=theta if learnt else ledger.assume("choice.theta"),
        substitution=ledger.assume("choice.substitution"),
        rank_loss=ledger.assume("choice.rank_loss"),
        rank_half_life_days=ledger.assume("choice.rank_half_life_days"),
    )


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
