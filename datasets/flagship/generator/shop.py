"""The sample store lived through day by day, buyer by buyer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from generator import orders
from generator.book import Book, blank, roster, slots
from generator.catalogue import CATEGORIES, build_catalogue, promotion_terms
from generator.chat import Chats, answer_factor, arrivals, serve
from generator.events import all_events, event_days
from generator.traffic import build_plan
from generator.warehouse import Warehouse, build_belief
from generator.world import CHANNELS, FAMILIES, ORDER_DAYS, PHASES, SLOTS, World, days, stream


def attraction(book: Book, d: int, available: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights of all products today and the prices in force."""
    c, w = book.catalogue, book.world.wrinkles
    price = np.floor(c.regular_price[:, d] * (1 - c.discount[:, d]) * 10 + 0.5 + 1e-9) / 10
    weight = c.attraction[:, d] * c.drift[:, d] * (price / c.ref_price) ** -c.elasticity
    weight = weight * np.where(c.in_promotion[:, d], book.world.conversion.badge, 1.0) * book.warehouse.rank
    today = days()[d].strftime("%Y-%m-%d")
    if w.price_war[0] <= today <= w.price_war[1]:
        hit = np.isin(c.category, [i for i, x in enumerate(CATEGORIES) if x[0] in w.price_war_categories])
        weight = weight * np.where(hit, w.price_war_demand, 1.0)
    weight = weight * np.exp(stream("product", d).normal(0, w.product_daily_sd, len(weight)))
    return weight * available, price


def live_through(
    world: World, progress: Callable[[int, int], None] | None = None, last: int | None = None
) -> Book:
    """Simulate every day (or the first `last` of them) and return the book."""
    index, calendar = days(), event_days()
    catalogue, plan = build_catalogue(world, calendar), build_plan(world, calendar)
    n = len(index)
    channel, item, day = blank(n)
    contacts = {x: np.zeros((n, SLOTS)) for x in ("presale", "aftersale")}
    agents = {x: np.zeros((n, SLOTS)) for x in ("presale", "aftersale")}
    house = Warehouse(catalogue, world.stock, build_belief(calendar))
    planned = {x: np.zeros((n, SLOTS)) for x in ("presale", "aftersale")}
    book = Book(world, calendar, catalogue, plan, channel, item, day, contacts, agents, planned, house)
    recent = 800.0
    for d in range(n if last is None else last):
        _one_day(book, d, int(index[d].day_of_week), recent)
        recent += (day["buyers"][d] - recent) / 45.0
        if progress is not None:
            progress(d + 1, n)
    return book


def _one_day(book: Book, d: int, weekday: int, recent: float) -> None:
    world, house, rng = book.world, book.warehouse, stream("day", d)
    cv, day = world.conversion, book.day
    house.open_day(d)
    available = house.listed(d)
    weight, price = attraction(book, d, available)
    pull = float(weight.sum())
    mean = book.plan.mean[:, d] * book.plan.shock[:, d]
    mean[CHANNELS.index("returning")] *= (recent / 800.0) ** world.traffic.repeat_exponent
    visitors = rng.poisson(mean)
    platform = book.calendar.family[d] >= 0 and FAMILIES[book.calendar.family[d]] != "own"
    asking = np.array(cv.enquiry_share) * (cv.enquiry_event[int(book.calendar.phase[d])] if platform else 1.0)
    enquirers = rng.binomial(visitors, asking)
    chats = _desk(book, "presale", int(enquirers.sum()), d, weekday)
    g = answer_factor(chats.first_response_s, cv.g_floor, cv.g_tau_s)
    lift = pull**cv.theta * book.plan.conversion_event[d] * book.plan.conversion_shock[d]
    p = np.array(cv.p_silent) * lift
    silent = rng.binomial(visitors - enquirers, np.minimum(p, 1))
    owner = rng.permutation(np.repeat(np.arange(len(CHANNELS)), enquirers))
    asked = rng.random(len(owner)) < np.minimum(p[owner] * cv.kappa * g, 0.97)
    who = np.concatenate([np.repeat(np.arange(len(CHANNELS)), silent), owner[asked]])
    through_chat = np.r_[np.zeros(silent.sum(), bool), np.ones(asked.sum(), bool)]
    mix = rng.permutation(len(who))
    lines = _buy(book, d, weight, price, len(who), rng)
    book.channel["visitors"][:, d], book.channel["enquirers"][:, d] = visitors, enquirers
    book.channel["p_expected"][:, d] = p * ((1 - asking) + asking * cv.kappa * (g.mean() if len(g) else 1.0))
    _write_sales(book, d, lines, who[mix], through_chat[mix], price)
    overlap = world.traffic.overlap_event if platform else world.traffic.overlap_ordinary
    day["uv"][d] = max(round(visitors.sum() * (1 - overlap * np.exp(rng.normal(0, 0.05)))), day["buyers"][d])
    day["pull"][d], day["g"][d] = pull, g.mean() if len(g) else 1.0
    _after_sale(book, d, weekday, chats, rng)
    _pages(book, d, available, price, rng)
    house.close_day(d, book.item["units"][:, d].astype(int), book.item["lost"][:, d])
    book.item["on_hand"][:, d] = house.on_hand
    book.item["listed"][:, d], book.item["price"][:, d] = available, price


def _desk(book: Book, kind: str, n: int, d: int, weekday: int) -> Chats:
    rng = stream(kind, d)
    shifts, plan = roster(book.world, book.calendar, kind, d, weekday)
    book.agents[kind][d], book.planned_agents[kind][d] = slots(shifts), slots(plan)
    when = arrivals(n, kind, weekday >= 5, rng)
    book.contacts[kind][d] = np.bincount((when // 1800).astype(int), minlength=SLOTS)
    return serve(when, shifts, book.world.service, rng)


def _buy(
    book: Book, d: int, weight: np.ndarray, price: np.ndarray, n: int, rng: np.random.Generator
) -> orders.Lines:
    c, basket = book.catalogue, book.world.basket
    event = int(book.calendar.event[d])
    busy = event >= 0 and PHASES[int(book.calendar.phase[d])] in ("during", "peak")
    terms = (
        promotion_terms(all_events()[event])
        if busy
        else dict.fromkeys(("threshold", "off", "times", "coupon_threshold", "coupon_off"), 0.0)
    )
    got = orders.wanted(n, weight, c.category, c.role_traffic, busy, basket, rng)
    for key in ("threshold", "coupon_threshold"):
        if terms[key] > 0:
            got = orders.top_up(*got, price, weight, terms[key], basket, rng)
    buyer, product, units, lost = orders.serve_lines(
        *got, book.warehouse.on_hand, weight, c.category, basket, rng
    )
    book.item["lost"][:, d] = lost
    return orders.Lines(buyer, product, units, orders.pay(buyer, product, units, price, terms, basket, rng))


def _write_sales(
    book: Book, d: int, lines: orders.Lines, who: np.ndarray, chat: np.ndarray, price: np.ndarray
) -> None:
    k, day, rng = len(price), book.day, stream("refund", d)
    paid = np.bincount(lines.buyer, lines.paid, len(who))
    units = np.bincount(lines.buyer, lines.units, len(who))
    real = np.bincount(lines.buyer, minlength=len(who)) > 0
    nc = len(CHANNELS)
    book.channel["buyers"][:, d] = np.bincount(who[real], minlength=nc)
    book.channel["gmv"][:, d] = np.round(np.bincount(who, paid, nc), 2)
    book.channel["units"][:, d] = np.bincount(who, units, nc)
    book.item["units"][:, d] = np.bincount(lines.product, lines.units, k)
    book.item["gmv"][:, d] = np.round(np.bincount(lines.product, lines.paid, k), 2)
    pairs = np.unique(lines.buyer * k + lines.product) % k
    book.item["buyers"][:, d] = np.bincount(pairs, minlength=k)
    day["buyers"][d], day["orders"][d] = real.sum(), len(pairs)
    day["units"][d], day["gmv"][d] = lines.units.sum(), round(float(lines.paid.sum()), 2)
    day["discount"][d] = (price[lines.product] * lines.units).sum() - lines.paid.sum()
    served = real & chat
    day["presale_buyers"][d], day["presale_gmv"][d], day["presale_units"][d] = (
        served.sum(),
        paid[served].sum(),
        units[served].sum(),
    )
    _refunds(book, d, lines, rng)
    if days()[d].strftime("%Y-%m-%d") in ORDER_DAYS:
        book.order_lines[d] = lines


def _refunds(book: Book, d: int, lines: orders.Lines, rng: np.random.Generator) -> None:
    c, s, n = book.catalogue, book.world.stock, len(book.day["gmv"])
    back = rng.random(len(lines.product)) < c.refund_rate[lines.product]
    lag = 1 + rng.geometric(1 / s.refund_lag_mean_days, back.sum())
    product, units, paid = lines.product[back], lines.units[back], lines.paid[back]
    kept = d + lag < n
    np.add.at(book.item["refund"], (product[kept], (d + lag)[kept]), paid[kept])
    np.add.at(book.item["refund_units"], (product[kept], (d + lag)[kept]), units[kept])
    np.add.at(book.day["refund_orders"], (d + lag)[kept], 1)
    graded = kept & (rng.random(len(product)) < s.return_to_stock)
    for when in np.unique((d + lag)[graded]):
        hit = graded & (d + lag == when)
        book.warehouse.expect_return(
            int(when) + 2, np.bincount(product[hit], units[hit], len(c.sku)).astype(int)
        )


def _after_sale(book: Book, d: int, weekday: int, presale: Chats, rng: np.random.Generator) -> None:
    s, day = book.world.service, book.day
    past = [day["buyers"][d - i - 1] if d > i else 750.0 for i in range(len(s.order_to_contact_lag_days))]
    mean = (
        s.aftersale_per_order * float(np.dot(s.order_to_contact_lag_days, past))
        + s.aftersale_per_refund * day["refund_orders"][d]
    )
    chats = _desk(book, "aftersale", int(rng.poisson(mean * np.exp(rng.normal(0, 0.06)))), d, weekday)
    wait = np.concatenate([presale.first_response_s, chats.first_response_s])
    clock = np.concatenate([presale.in_clock, chats.in_clock])
    answered = np.isfinite(wait)
    day["presale"][d], day["aftersale"][d] = len(presale.arrival_s), len(chats.arrival_s)
    day["answered"][d], day["unanswered"][d] = answered.sum(), (~answered).sum()
    day["within_180"][d] = (wait[clock] <= 180).mean() if clock.any() else 1.0
    day["quick"][d] = (wait[clock & answered] > 180).sum()
    # The export's clock: chats that came between 8:00 and 23:00 and got an answer, pre-sale desk.
    mine = presale.in_clock & np.isfinite(presale.first_response_s)
    day["response_s"][d] = presale.first_response_s[mine].mean() if mine.any() else 0.0


def _pages(book: Book, d: int, available: np.ndarray, price: np.ndarray, rng: np.random.Generator) -> None:
    """Product pages seen: by attraction with a weak pull of the price; carts."""
    c, item = book.catalogue, book.item
    seen = c.attraction[:, d] * c.drift[:, d] * book.warehouse.rank * np.where(available, 1.0, 0.0)
    seen = seen * (price / c.ref_price) ** (-0.3 * c.elasticity) * np.where(c.in_promotion[:, d], 1.05, 1.0)
    total = book.day["uv"][d] * 2.1
    visitors = np.maximum(rng.poisson(total * seen / max(seen.sum(), 1e-9)), item["buyers"][:, d])
    item["visitors"][:, d] = visitors
    item["views"][:, d] = visitors + rng.poisson(visitors * 0.55)
    eager = 1.6 if book.calendar.family[d] >= 0 and book.calendar.phase[d] == PHASES.index("before") else 1.0
    item["carts"][:, d] = rng.poisson(visitors * 0.055 * eager) + rng.binomial(
        item["units"][:, d].astype(int), 0.6
    )
