"""The levers of a store: derived from its dotted paths, sorted as a planner thinks."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from fnmatch import fnmatchcase

from ecomsim.calendar import Horizon
from ecomsim.store import Affiliate, Channel, CoverDays, FullReduction, Paid, Promotion, Store, Team
from ecomsim.ui.levers import Catalogue, Group, Kind, Lever
from ecomsim.uncertain import mean_of

__all__ = ["SHIFTS", "catalogue", "promotions_near"]

SHIFTS = (("morning", range(0, 24)), ("afternoon", range(24, 36)), ("evening", range(36, 48)))
"""Name and half-hours of the three shifts of a service day."""

_CATEGORIES = 12
"""More categories than this are a price list, not a lever panel."""
_NEAR_DAYS = 30


def catalogue(store: Store, horizon: Horizon) -> Catalogue:
    """Return every lever of `store` that can act within `horizon`.

    Parameters
    ----------
    store : the store as it is
    horizon : the days that are planned
    """
    levers: list[Lever] = []
    for channel in store.channels.values():
        levers += _channel(store, horizon, channel)
    for promotion in promotions_near(store, horizon):
        levers += _promotion(store, horizon, promotion)
    levers += _prices(store)
    for team in store.teams.values():
        levers += _team(store, horizon, team)
    if store.teams:
        concurrency = float(store.service.concurrency)
        levers.append(
            _lever(store, "concurrency", Group.SERVICE, "", "concurrency", Kind.SET, ("service.concurrency",),
                   "chats", concurrency, 1, 8, 1)
        )  # fmt: skip
    levers += _stock(store)
    return Catalogue.of(levers)


def promotions_near(store: Store, horizon: Horizon) -> list[Promotion]:
    """Return the promotions that touch the horizon, or begin within a month after it, by date."""
    last = horizon.end + dt.timedelta(days=_NEAR_DAYS)
    near = [
        p
        for p in store.promotions.values()
        if p.end + dt.timedelta(days=p.after_days) >= horizon.start and p.start <= last
    ]
    return sorted(near, key=lambda p: (p.start, p.name))


def _lever(
    store: Store, id: str, group: Group, subject: str, word: str, kind: Kind, paths: tuple[str, ...], unit: str,
    today: float, low: float, high: float, step: float, *, picked: bool = False, rests_on: str = "",
) -> Lever:  # fmt: skip
    source = store.source_of(rests_on or paths[0])
    # A slider's last stop lies on its grid too.
    high = low + step * math.ceil((max(high, today) - low) / step - 1e-9)
    return Lever(
        id, group, subject, word, kind, paths, unit, today, min(low, today), max(high, today), step,
        source.how, str(source), picked,
    )  # fmt: skip


def _channel(store: Store, horizon: Horizon, channel: Channel) -> Iterable[Lever]:
    at, driver = f"channels.{channel.name}", channel.driver
    if isinstance(driver, Paid):
        planned = [driver.plan.get(day.isoformat(), mean_of(driver.spend)) for day in horizon.dates]
        today = sum(planned) / len(planned)
        if today > 0:
            high = _round_up(max(3 * today, driver.max_seen or 0.0))
            yield _lever(
                store, f"spend:{channel.name}", Group.TRAFFIC, channel.name, "spend", Kind.SCALE,
                (f"{at}.driver.spend",), "money/day", today, 0.0, high, _step(today, high / 150),
            )  # fmt: skip
        return
    if isinstance(driver, Affiliate):
        yield _lever(
            store, f"rate:{channel.name}", Group.TRAFFIC, channel.name, "rate", Kind.SET, (f"{at}.driver.rate",),
            "share", mean_of(driver.rate), 0.0, 0.4, _step(mean_of(driver.rate), 0.004),
        )  # fmt: skip
        return
    yield _lever(
        store, f"visitors:{channel.name}", Group.TRAFFIC, channel.name, "visitors", Kind.FACTOR, (f"{at}.base",),
        "factor", 1.0, 0.5, 2.0, 0.05,
    )  # fmt: skip


def _promotion(store: Store, horizon: Horizon, promotion: Promotion) -> Iterable[Lever]:
    name, at = promotion.name, f"promotions.{promotion.name}"
    opening = store.as_of or horizon.start - dt.timedelta(days=1)
    latest = horizon.end + dt.timedelta(days=_NEAR_DAYS)
    first, last = (opening + dt.timedelta(days=1)).toordinal(), latest.toordinal()
    ahead = promotion.start > opening

    def one(id: str, word: str, kind: Kind, path: str, unit: str, today: float, *range_: float) -> Lever:
        return _lever(
            store, f"{id}:{name}", Group.PROMOTIONS, name, word, kind, (path,), unit, today, *range_[:3],
            rests_on=path,
        )  # fmt: skip

    if ahead:
        yield one("on", "on", Kind.SWITCH, at, "switch", 1.0, 0.0, 1.0, 1.0)
        yield one(
            "start", "start", Kind.DATE, f"{at}.start", "date", promotion.start.toordinal(), first, last, 1
        )
    if promotion.end > opening:
        yield one("end", "end", Kind.DATE, f"{at}.end", "date", promotion.end.toordinal(), first, last, 1)
    yield one(
        "discount",
        "discount",
        Kind.SET,
        f"{at}.discount",
        "share",
        mean_of(promotion.discount),
        0.0,
        0.6,
        0.01,
    )
    for field in ("reduction", "coupon"):
        rule = getattr(promotion, field)
        if isinstance(rule, FullReduction):
            high = _round_up(2.5 * rule.threshold)
            yield one(
                f"{field}_threshold", f"{field}_threshold", Kind.SET, f"{at}.{field}.threshold", "money",
                rule.threshold, 20.0, high, 1.0,
            )  # fmt: skip
            yield one(
                f"{field}_off", f"{field}_off", Kind.SET, f"{at}.{field}.off", "money", rule.off, 0.0,
                _round_up(3 * rule.off), 1.0,
            )  # fmt: skip
    yield one("lift", "lift", Kind.FACTOR, f"{at}.lift", "factor", 1.0, 0.5, 1.5, 0.05)


def _prices(store: Store) -> Iterable[Lever]:
    yield _price_level(store, "", "prices_all", list(store.products))
    categories: dict[str, list[str]] = {}
    for sku, product in store.products.items():
        categories.setdefault(product.category, []).append(sku)
    if 1 < len(categories) <= _CATEGORIES:
        for category, skus in categories.items():
            yield _price_level(store, category, "prices_category", skus)
    for sku, product in store.products.items():
        price, cost = mean_of(product.price), mean_of(product.cost)
        yield _lever(
            store, f"price:{sku}", Group.PRICES, sku, "price", Kind.SET, (f"products.{sku}.price",), "money",
            price, price - 0.5 * (min(0.5 * price, price - 1.01 * cost) // 0.5), 1.5 * price, 0.5, picked=True,
        )  # fmt: skip


def _price_level(store: Store, category: str, word: str, skus: list[str]) -> Lever:
    """Return a factor on prices that leaves every one of them above its cost."""
    dearest = max(
        (mean_of(p.cost) / mean_of(p.price) for p in (store.products[s] for s in skus) if not p.clearance),
        default=0.0,
    )
    low = max(0.7, math.ceil(100 * dearest + 1) / 100)
    paths = tuple(f"products.{part}.price" for part in _patterns(store, skus))
    return _lever(
        store, f"prices:{category or '*'}", Group.PRICES, category, word, Kind.FACTOR, paths, "factor", 1.0,
        min(low, 1.0), 1.3, 0.01, rests_on=f"products.{skus[0]}.price",
    )  # fmt: skip


def _patterns(store: Store, skus: list[str]) -> list[str]:
    """Return one pattern that finds exactly these products where there is one, else their names."""
    if len(skus) == len(store.products):
        return ["*"]
    shortest = min(skus, key=len)
    for length in range(1, len(shortest) + 1):
        pattern = shortest[:length] + "*"
        if "[" not in pattern and [s for s in store.products if fnmatchcase(s, pattern)] == skus:
            return [pattern]
    return skus


def _team(store: Store, horizon: Horizon, team: Team) -> Iterable[Lever]:
    at, name = f"teams.{team.name}", team.name
    most = mean_of(team.headcount)
    if most <= 0:
        return
    yield _lever(
        store, f"headcount:{name}", Group.SERVICE, name, "headcount", Kind.SCALE, (f"{at}.headcount",), "people",
        most, 0.0, _round_up(2.5 * most), _step(most, 0.5),
    )  # fmt: skip
    rosters = [team.roster[day.isoformat()] for day in horizon.dates if day.isoformat() in team.roster]
    if len(rosters) < horizon.days:
        return
    for shift, slots in SHIFTS:
        on_duty = [slot for slot in slots if any(roster[slot] > 0 for roster in rosters)]
        if on_duty:
            today = sum(roster[slot] for roster in rosters for slot in on_duty) / len(on_duty) / len(rosters)
            yield _lever(
                store, f"{shift}:{name}", Group.SERVICE, name, shift, Kind.SCALE,
                tuple(f"{at}.roster.*.{slot}" for slot in on_duty), "people", today, 0.0,
                _round_up(2.5 * today), _step(today, 0.5), rests_on=f"{at}.roster",
            )  # fmt: skip


def _stock(store: Store) -> Iterable[Lever]:
    covers = [p.policy for p in store.products.values() if isinstance(p.policy, CoverDays)]
    sku = next((p.sku for p in store.products.values() if isinstance(p.policy, CoverDays)), "")
    for field in ("reorder_days", "up_to_days"):
        if covers:
            today = sum(mean_of(getattr(policy, field)) for policy in covers) / len(covers)
            if today > 0:
                yield _lever(
                    store, field, Group.STOCK, "", field, Kind.SCALE, (f"products.*.policy.{field}",), "days",
                    today, 0.0, _round_up(2.5 * today), _step(today, 0.5), rests_on=f"products.{sku}.policy.{field}",
                )  # fmt: skip
    used = sorted({p.supplier for p in store.products.values()})
    days = sum(mean_of(store.suppliers[name].lead_days) for name in used) / len(used)
    if days > 0:
        yield _lever(
            store, "lead_days", Group.STOCK, "", "lead_days", Kind.SCALE, ("suppliers.*.lead_days",), "days",
            days, 0.0, _round_up(2.5 * days), _step(days, 0.5), rests_on=f"suppliers.{used[0]}.lead_days",
        )  # fmt: skip


def _round_up(value: float) -> float:
    """Return a round number of two digits at or above `value`."""
    if value <= 0:
        return 1.0
    power = 10.0 ** (math.floor(math.log10(value)) - 1)
    return math.ceil(value / power - 1e-9) * power


def _step(today: float, wanted: float) -> float:
    """Return a step near `wanted` on whose grid from 0 today's value lies: a slider must not move it by itself."""
    return today / max(1, round(today / wanted)) if today > 0 else wanted
