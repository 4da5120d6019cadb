"""Lost sales and base stock against exact formulas and an exact Markov chain."""

from __future__ import annotations

from collections import deque

import numpy as np
import pytest
from scipy import stats

from ecomsim.store import BaseStock, MinMax, Supplier
from tests.engine.kit import daily, horizon_of, lone, run, sigmas

SIGMAS = 3.5


@pytest.mark.parametrize(("mean", "stock"), [(4.0, 3), (10.0, 10), (10.0, 16), (45.0, 40)])
def test_one_period_loses_what_the_newsvendor_loses(mean: float, stock: int) -> None:
    study = run(lone(visitors=1e6, p=mean / 1e6, on_hand=float(stock)), horizon_of(1), replications=20_032)
    law, top = stats.poisson(mean), int(mean + 20 * np.sqrt(mean) + 20)
    demand = np.arange(top)
    lost = float((np.maximum(demand - stock, 0) * law.pmf(demand)).sum())
    assert sigmas(daily(study, "demand"), mean) < SIGMAS
    assert sigmas(daily(study, "lost_sales"), lost) < SIGMAS
    assert sigmas(daily(study, "units"), mean - lost) < SIGMAS
    assert sigmas((daily(study, "on_hand") == 0).astype(float), float(law.sf(stock - 1))) < SIGMAS


def test_base_stock_with_a_lead_time_of_a_day_is_a_newsvendor_every_day() -> None:
    mean, level, count = 8.0, 9, 30
    store = lone(visitors=1e6, p=mean / 1e6, on_hand=level, policy=BaseStock(level), lead_days=1.0)
    study = run(store, horizon_of(count), replications=1024)
    law = stats.poisson(mean)
    sold = float((np.minimum(np.arange(80), level) * law.pmf(np.arange(80))).sum())
    for day in (0, 1, 7, count - 1):
        assert sigmas(daily(study, "units")[:, day], sold) < SIGMAS, day
    # fill rate = units / demand over all days
    assert daily(study, "units").sum() / daily(study, "demand").sum() == pytest.approx(sold / mean, rel=2e-3)


def chain_of_two_days(mean: float, level: int, days: int) -> np.ndarray:
    """Expected units by day, lead time 2, daily review: the stock of a morning is the level less yesterday's sales.

    Nobody sees an empty shelf's product: no demand on a day that opens without stock.
    """
    opening = np.zeros(level + 1)
    opening[level] = 1.0
    pmf = stats.poisson(mean).pmf(np.arange(level + 1))
    expected = []
    for _ in range(days):
        following = np.zeros(level + 1)
        units = 0.0
        for stock, weight in enumerate(opening):
            sales = pmf[: stock + 1].copy()
            sales[stock] = 1 - pmf[:stock].sum()
            units += weight * (np.arange(stock + 1) * sales).sum()
            following[level - np.arange(stock + 1)] += weight * sales
        expected.append(units)
        opening = following
    return np.array(expected)


@pytest.mark.parametrize(("mean", "level"), [(3.0, 4), (6.0, 10), (6.0, 6)])
def test_base_stock_with_a_lead_time_of_two_days_is_a_markov_chain(mean: float, level: int) -> None:
    store = lone(visitors=1e6, p=mean / 1e6, on_hand=level, policy=BaseStock(level), lead_days=2.0)
    units = daily(run(store, horizon_of(25), replications=2048), "units")
    expected = chain_of_two_days(mean, level, 25)
    errors = units.std(axis=0, ddof=1) / np.sqrt(len(units))
    assert (np.abs(units.mean(axis=0) - expected) < 4 * errors).all()
    assert sigmas(units.sum(axis=1), float(expected.sum())) < SIGMAS


def by_hand(
    mean: float, low: int, high: int, lead: int, review: set[int], days: int, seed: int
) -> tuple[int, int, int]:
    """Demand seen, units sold and stock-out days of one (s, S) product from a Monday on, in plain Python."""
    rng = np.random.default_rng(seed)
    stock, pipeline = high, deque[tuple[int, int]]()
    wanted = sold = empty = 0
    for day in range(days):
        while pipeline and pipeline[0][0] == day:
            stock += pipeline.popleft()[1]
        demand = int(rng.poisson(mean)) if stock > 0 else 0
        units = min(demand, stock)
        stock -= units
        wanted, sold, empty = wanted + demand, sold + units, empty + (stock == 0)
        position = stock + sum(amount for _, amount in pipeline)
        if day % 7 in review and position <= low:
            pipeline.append((day + lead, high - position))
    return wanted, sold, empty


@pytest.mark.parametrize(
    ("low", "high", "lead", "review"),
    [(24, 25, 5, tuple(range(7))), (17, 40, 3, tuple(range(7))), (30, 45, 4, (0, 3))],
    ids=["base stock", "s, S", "s, S on Mondays and Thursdays"],
)  # fmt: skip
def test_periodic_review_with_lost_sales_is_as_by_hand(
    low: int, high: int, lead: int, review: tuple[int, ...]
) -> None:
    mean, span = 4.0, 56
    policy = BaseStock(float(high)) if low == high - 1 else MinMax(float(low), float(high))
    store = lone(
        visitors=1e6, p=mean / 1e6, on_hand=high, policy=policy,
        suppliers={"s": Supplier("s", float(lead), 0.0, review_weekdays=review)},
    )  # fmt: skip
    study = run(store, horizon_of(span), replications=1024)
    plain = np.array(
        [by_hand(mean, low, high, lead, set(review), span, 50_000 + i) for i in range(800)], float
    )
    for i, name in enumerate(("demand", "units", "stockout_days")):
        found = daily(study, name).sum(axis=1)
        error = np.sqrt(found.var(ddof=1) / len(found) + plain[:, i].var(ddof=1) / len(plain))
        assert abs(found.mean() - plain[:, i].mean()) < SIGMAS * error, name
    fill = daily(study, "units").sum() / daily(study, "demand").sum()
    assert fill == pytest.approx(plain[:, 1].sum() / plain[:, 0].sum(), abs=0.004)


def erlang_b(servers: int, load: float) -> float:
    """Share of time all servers are busy, by the textbook recursion."""
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


@pytest.mark.parametrize(("level", "lead"), [(2, 40.0), (4, 60.0)])
def test_slow_demand_leaves_the_shelf_empty_as_often_as_erlangs_lines_are_busy(
    level: int, lead: float
) -> None:
    mean = 0.05  # a sale is a call, its replacement's lead time the call's length, the stock the lines
    store = lone(visitors=1e6, p=mean / 1e6, on_hand=level, policy=BaseStock(level), lead_days=lead)
    empty = daily(run(store, horizon_of(280), replications=1024), "stockout_days")[:, 160:]
    # days are steps: two sales on one day make the answer coarser by some percent of itself
    assert empty.mean() == pytest.approx(erlang_b(level, mean * lead), rel=0.04)
