"""Replenishment read from a store: order levels by day, lead times, what is on its way."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from benchmarks.peers.plan import Draw, drawn_effect, expected_visitors, phase_factor, shelf
from ecomsim.calendar import Horizon
from ecomsim.store import BaseStock, CoverDays, FixedQuantity, MinMax, Store, TimePhased
from ecomsim.uncertain import Uncertain, mean_of

Array = np.ndarray


class Centre(Draw):
    """Every uncertain number at its mean."""

    def __init__(self) -> None:
        super().__init__(np.random.default_rng(0), 1)

    def __call__(self, number: float | Uncertain) -> Array:
        return np.array([mean_of(number)])


@dataclass(frozen=True)
class Supply:
    """low, high (days, products): order at or below low, up to high; the rest by product or supplier."""

    low: Array
    high: Array
    pack: Array
    moq: Array
    short: Array
    supplier: Array
    review: Array
    lead_shape: Array
    lead_scale: Array
    receipts: Array
    returns: Array


def ordinary_units(store: Store) -> tuple[float, float, Array]:
    """Return buyers and units on an ordinary day, and each product's part of the units."""
    buyers = 0.0
    for c in store.channels.values():
        asks = mean_of(c.enquiry_share)
        buyers += mean_of(c.base) * ((1 - asks) * mean_of(c.p_silent) + asks * mean_of(c.p_enquiring))
    share = np.array([mean_of(p.share) for p in store.products.values()])
    return buyers, buyers * (1 + mean_of(store.basket.extra_units)), share / share.sum()


def expected_demand(store: Store, horizon: Horizon) -> Array:
    """Return units expected by day and product: everything at its mean, in stock and answered."""
    centre = Centre()
    lifts = {name: centre(p.lift) for name, p in store.promotions.items()}
    visitors, _ = expected_visitors(store, horizon, centre, lifts)
    page = shelf(store, horizon, centre)
    out = np.empty((horizon.days, len(store.products)))
    effects = {name: drawn_effect(centre, p.conversion) for name, p in store.promotions.items()}
    for d, day in enumerate(horizon.dates):
        pull = page.weight(d)[0]
        a = (pull.sum() / page.share.sum()) ** mean_of(store.choice.theta)
        for name, promotion in store.promotions.items():
            a = a * np.ravel(phase_factor(promotion, effects[name], lifts[name], day))[0]
        buyers = 0.0
        for c, channel in enumerate(store.channels.values()):
            asks = mean_of(channel.enquiry_share)
            chance = (1 - asks) * min(mean_of(channel.p_silent) * a, 1)
            chance += asks * min(mean_of(channel.p_enquiring) * a, 1)
            buyers += visitors[0, d, c] * chance
        out[d] = buyers * (1 + mean_of(store.basket.extra_units)) * pull / pull.sum()
    return out


def supply(store: Store, horizon: Horizon) -> Supply:
    """Read policies, suppliers and what is on its way."""
    products, suppliers = list(store.products.values()), list(store.suppliers.values())
    names = list(store.suppliers)
    days, count = horizon.days, len(products)
    low, high = np.empty((days, count)), np.empty((days, count))
    pack = np.array([float(p.pack) for p in products])
    covers = [p.policy.up_to_days for p in products if isinstance(p.policy, CoverDays)]
    longer = Horizon(horizon.start, horizon.end + dt.timedelta(days=2 + int(max(covers, default=0))))
    ahead = expected_demand(store, longer) if covers else np.zeros((days, count))
    for k, product in enumerate(products):
        policy = product.policy
        if isinstance(policy, MinMax):
            low[:, k], high[:, k] = mean_of(policy.reorder_point), mean_of(policy.order_up_to)
        elif isinstance(policy, BaseStock):
            high[:, k] = round(mean_of(policy.level))
            low[:, k] = high[:, k] - 1
        elif isinstance(policy, FixedQuantity):
            low[:, k] = mean_of(policy.reorder_point)
            high[:, k] = np.floor(low[:, k]) + 1
            pack[k] = np.ceil(mean_of(policy.quantity) / pack[k]) * pack[k]
        elif isinstance(policy, TimePhased):
            for d, day in enumerate(horizon.dates):
                low[d, k] = _reached(policy.reorder_points, day)
                high[d, k] = _reached(policy.order_up_tos, day)
        elif isinstance(policy, CoverDays):
            for d in range(days):
                low[d, k] = _cover(ahead[d + 1 :, k], mean_of(policy.reorder_days))
                high[d, k] = _cover(ahead[d + 1 :, k], mean_of(policy.up_to_days))
        else:
            raise TypeError(type(policy).__name__)
    mode = np.array([float(s.lead_days) for s in suppliers])
    sd = np.maximum(np.array([float(s.lead_sd_days) for s in suppliers]), 1e-3)
    # gamma with mode (k - 1) theta and standard deviation sqrt(k) theta
    scale = (np.sqrt(mode**2 + 4 * sd**2) - mode) / 2
    which = np.array([names.index(p.supplier) for p in products])
    return Supply(
        low=np.floor(low),
        high=np.ceil(high),
        pack=pack,
        moq=np.array([float(p.moq) for p in products]),
        short=np.array([float(s.short_rate) for s in suppliers])[which],
        supplier=which,
        review=np.array(
            [[day.weekday() in suppliers[v].review_weekdays for v in which] for day in horizon.dates]
        ),
        lead_shape=1 + mode / scale,
        lead_scale=scale,
        receipts=_receipts(store, horizon),
        returns=_returns(store, horizon),
    )


def _reached(steps: dict[str, float], day: dt.date) -> float:
    dated = sorted((dt.date.fromisoformat(text), value) for text, value in steps.items())
    return [v for since, v in dated if since <= day or since == dated[0][0]][-1]


def _cover(ahead: Array, cover: float) -> float:
    whole = int(cover)
    return float(ahead[:whole].sum() + (cover - whole) * ahead[min(whole, len(ahead) - 1)])


def _receipts(store: Store, horizon: Horizon) -> Array:
    due = np.zeros((horizon.days, len(store.products)))
    for k, product in enumerate(store.products.values()):
        for receipt in product.on_order:
            day = max((receipt.due - horizon.start).days, 0)
            if day < horizon.days:
                due[day, k] += round(receipt.units)
    return due


def _returns(store: Store, horizon: Horizon) -> Array:
    """Return units coming back from sales before the first day, at the ordinary day's pace."""
    _, units, part = ordinary_units(store)
    good = np.array([mean_of(p.refund_rate) * mean_of(p.resale_share) for p in store.products.values()])
    pace = units * part * good
    due = np.zeros((horizon.days, len(pace)))
    for day in range(min(max(store.fulfilment.refund_lag_days, 1), horizon.days)):
        due[day] = np.floor(pace * (day + 1)) - np.floor(pace * day)
    return due
