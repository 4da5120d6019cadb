"""Stock formulas against textbook instances (Snyder and Shen), brute force and direct simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import lognorm, poisson

from ecomsim.checks import EcomsimError
from ecomsim.formulas import stock
from ecomsim.formulas import stock_policies as policies


def test_economic_order_quantity() -> None:
    plain = stock.economic_order_quantity(8, 0.225, 1300)
    assert (plain.quantity, plain.cost) == pytest.approx((304.0468, 68.41053), abs=6e-5)
    short = stock.economic_order_quantity(8, 0.225, 1300, penalty=5)
    assert (short.quantity, short.backordered, short.cost) == pytest.approx(
        (310.8126, 0.0430622, 66.92136), abs=6e-5
    )


def test_newsvendor_normal_and_profit() -> None:
    best = stock.newsvendor_normal(0.18, 0.70, 50, 8)
    assert (best.level, best.cost) == pytest.approx((56.603956, 1.9976052), abs=1e-6)
    h, p = stock.underage_overage(1, 0.3, 0.12)
    again = stock.newsvendor_normal(h, p, 50, 8)
    assert again.level == pytest.approx(56.603956, abs=1e-6)
    assert (1 - 0.3) * 50 - again.cost == pytest.approx(33.002395, abs=1e-6)


def test_base_stock() -> None:
    best = stock.base_stock_normal(0.18, 0.70, 50, 8, 4)
    assert (best.level, best.cost) == pytest.approx((264.766894, 4.4667810), abs=1e-6)


@pytest.mark.parametrize(
    ("h", "p", "mean", "level", "cost"), [(1, 4, 6, 8, 3.5701069), (200, 270, 18, 19, 786.088441)]
)
def test_newsvendor_poisson(h: float, p: float, mean: float, level: float, cost: float) -> None:
    best = stock.newsvendor_poisson(h, p, mean)
    assert best.level == level
    assert best.cost == pytest.approx(cost, abs=1e-6)


def test_newsvendor_lognormal() -> None:
    best = stock.newsvendor_lognormal(1, 0.1765, 6, 0.3)
    assert (best.level, best.cost) == pytest.approx((295.626645, 29.442544), abs=1e-5)
    d = lognorm(s=0.3, scale=np.exp(6))
    y = best.level
    left = quad(lambda v: (y - v) * d.pdf(v), 0, y)[0]
    short = quad(lambda v: (v - y) * d.pdf(v), y, 5000)[0]
    assert best.cost == pytest.approx(left + 0.1765 * short, rel=1e-7)


def test_newsvendor_pmf() -> None:
    pmf = [0, 0.25, 0.05, 0.1, 0.2, 0.15, 0.1, 0.1, 0.05]
    best = stock.newsvendor_pmf(5e5, 1e6, pmf)
    assert best.level == 5
    assert best.cost == pytest.approx(1_225_000)


def test_expected_cost_by_brute_force() -> None:
    pmf = np.array([0.1, 0.2, 0.05, 0.3, 0.35])
    levels = np.arange(-3, 9)
    k = np.arange(5)
    brute = [sum(pmf * (2 * np.maximum(y - k, 0) + 7 * np.maximum(k - y, 0))) for y in levels]
    np.testing.assert_allclose(stock.expected_cost(2, 7, pmf, levels), brute, rtol=1e-12)


def test_normal_shortage_by_quadrature() -> None:
    exact = quad(lambda v: (v - 57) * np.exp(-(((v - 50) / 8) ** 2) / 2) / 8 / np.sqrt(2 * np.pi), 57, 150)[0]
    assert float(stock.normal_shortage(57, 50, 8)) == pytest.approx(exact, rel=1e-9)


def test_lost_sales_is_erlang_b() -> None:
    assert float(stock.lost_share_one_for_one(8, 5)) == pytest.approx(0.0700479, abs=5e-8)
    assert float(stock.lost_share_one_for_one(3, 2)) == pytest.approx(0.2105263, abs=5e-8)


def test_ss_costs_and_optimum() -> None:
    six, four = stock.poisson_pmf(6), stock.poisson_pmf(4)
    assert policies.ss_cost(4, 10, holding=1, penalty=4, fixed=5, pmf=six) == pytest.approx(
        8.0341116, abs=1e-6
    )
    best = policies.best_ss(holding=1, penalty=4, fixed=5, pmf=six)
    assert (best.first, best.second) == (4, 10)
    assert policies.ss_cost(4, 10, holding=40, penalty=125, fixed=150, pmf=four) == pytest.approx(
        262.275561, abs=1e-5
    )
    best = policies.best_ss(holding=40, penalty=125, fixed=150, pmf=four)
    assert (best.first, best.second) == (2, 7)
    assert best.cost == pytest.approx(223.574830, abs=1e-5)


@pytest.mark.parametrize(
    ("mean", "s", "S", "cost"), [(10, 6, 40, 35.022), (20, 14, 62, 49.173), (64, 55, 74, 78.402)]
)
def test_zheng_federgruen_table(mean: float, s: int, S: int, cost: float) -> None:
    best = policies.best_ss(holding=1, penalty=9, fixed=64, pmf=stock.poisson_pmf(mean))
    assert (best.first, best.second) == (s, S)
    assert best.cost == pytest.approx(cost, abs=6e-4)


def markov_cost(s: int, S: int, h: float, p: float, k: float, pmf: list[float]) -> float:
    """Cost by the stationary distribution of the position after ordering, s+1 .. S."""
    n = S - s
    move, cost = np.zeros((n, n)), np.zeros(n)
    for i in range(n):
        for d, q in enumerate(pmf):
            end = s + 1 + i - d
            cost[i] += q * (h * max(end, 0) + p * max(-end, 0) + k * (end <= s))
            move[i, n - 1 if end <= s else end - s - 1] += q
    system = np.vstack([move.T - np.eye(n), np.ones(n)])
    stationary = np.linalg.lstsq(system, np.append(np.zeros(n), 1.0), rcond=None)[0]
    return float(stationary @ cost)


def test_best_ss_against_all_pairs() -> None:
    rng = np.random.default_rng(8)
    for _ in range(5):
        pmf = rng.dirichlet(np.full(rng.integers(2, 8), 0.7))
        cost = {"holding": rng.uniform(0.5, 3), "penalty": rng.uniform(1, 20), "fixed": rng.uniform(0, 25)}
        best = policies.best_ss(pmf=pmf, **cost)
        h, p, k = cost.values()
        brute = min(markov_cost(s, S, h, p, k, pmf.tolist()) for s in range(-6, 9) for S in range(s + 1, 26))
        assert best.cost == pytest.approx(brute, rel=1e-9)


def test_custom_pmf_keeps_its_last_entry() -> None:
    # a peer drops it and finds 3.1234
    got = policies.best_ss(holding=1, penalty=9, fixed=5, pmf=[0.2, 0.3, 0.5])
    brute = min(markov_cost(s, S, 1, 9, 5, [0.2, 0.3, 0.5]) for s in range(-3, 5) for S in range(s + 1, 12))
    assert got.cost == pytest.approx(brute, rel=1e-10)
    assert got.cost == pytest.approx(3.6782, abs=2e-4)


def test_no_fixed_cost_gives_one_for_one() -> None:
    best = policies.best_ss(holding=1, penalty=4, fixed=0, pmf=stock.poisson_pmf(6))
    news = stock.newsvendor_poisson(1, 4, 6)
    assert best.second == best.first + 1 == news.level
    assert best.cost == pytest.approx(news.cost)


def test_ss_cost_by_simulation() -> None:
    demand = poisson.rvs(6, size=400_000, random_state=9)
    position, total = 10, 0.0
    for d in demand.tolist():
        if position <= 4:
            position = 10
            total += 5
        position -= d
        total += position if position > 0 else -4 * position
    assert policies.ss_cost(4, 10, holding=1, penalty=4, fixed=5, pmf=stock.poisson_pmf(6)) == pytest.approx(
        total / demand.size, abs=0.03
    )


def test_rq() -> None:
    best = policies.best_rq_poisson(holding=20, penalty=150, fixed=100, rate=1.5, lead_time=2)
    assert (best.first, best.second) == (3, 5)
    assert best.cost == pytest.approx(107.923581, abs=1e-6)
    args = {"holding": 0.225, "penalty": 7.5, "fixed": 8, "mean": 1300, "sd": 150, "lead_time": 1 / 12}
    assert policies.rq_cost_normal(126.8, 328.5, **args) == pytest.approx(78.071163, abs=1e-6)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: stock.newsvendor_pmf(1, 1, [0.5, 0.6]), "sum of 1.1"),
        (lambda: stock.newsvendor_pmf(1, 1, [-0.5, 1.5]), r"pmf\[0\]"),
        (lambda: stock.newsvendor_normal(0, 1, 5, 1), "holding"),
        (lambda: stock.newsvendor_normal(1, 1, float("nan"), 1), "mean: got NaN"),
        (lambda: stock.underage_overage(1, 0.3, 0.3), "salvage"),
        (lambda: stock.underage_overage(0.3, 0.3, 0.1), "price"),
        (lambda: stock.base_stock_normal(1, 1, 5, 1, 1.5), "whole periods"),  # type: ignore[arg-type]
        (lambda: policies.ss_cost(5, 5, holding=1, penalty=1, fixed=1, pmf=[0.5, 0.5]), "s below S"),
        (lambda: policies.best_ss(holding=1, penalty=1, fixed=1, pmf=[1.0]), "no demand"),
        (lambda: stock.economic_order_quantity(0, 1, 1), "fixed"),
    ],
)
def test_refusals(call: object, words: str) -> None:
    with pytest.raises(EcomsimError, match=words):
        call()  # type: ignore[operator]
