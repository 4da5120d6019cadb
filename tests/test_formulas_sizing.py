"""Queueing formulas against fifty digits, sizing against trying every number, patience against other formulas."""

from __future__ import annotations

import functools

import mpmath as mp
import numpy as np
import pytest

from ecomsim.checks import EcomsimError, EcomsimWarning
from ecomsim.formulas.abandonment import erlang_a
from ecomsim.formulas.abandonment_general import general_queue
from ecomsim.formulas.chat import ChatDesk, chat_steady
from ecomsim.formulas.chat_levels import SpeedUps
from ecomsim.formulas.mixing import day_factors, day_to_day_cv, factor_at
from ecomsim.formulas.patience import (
    ExponentialPatience,
    FixedPatience,
    LogNormalPatience,
    MixedPatience,
    Patience,
    PatiencePoints,
    WeibullPatience,
)
from ecomsim.formulas.queueing import erlang_c, queue_length, smallest_agents, wait_percentile
from ecomsim.formulas.sizing import smallest_agents_impatient, smallest_chat_agents


@functools.lru_cache(maxsize=64)
def exact_b(rho: float, n: int) -> mp.mpf:
    a, b = mp.mpf(rho) * n, mp.mpf(1)
    for k in range(1, n + 1):
        b = a * b / (k + a * b)
    return b


@functools.lru_cache(maxsize=256)
def exact_a(rho: float, n: int, theta: float) -> tuple[mp.mpf, mp.mpf]:
    """P(W>0) and P(Ab), handling time 1, the chain summed in 50 digits."""
    a, b = mp.mpf(rho) * n, exact_b(rho, n)
    x, y = n / mp.mpf(theta), a / mp.mpf(theta)
    term, total, queue, j = mp.mpf(1), mp.mpf(1), mp.mpf(0), 0
    while True:
        j += 1
        term *= y / (x + j)
        total += term
        queue += j * term
        if y < x + j and term * (j + 1) < total * mp.mpf(10) ** -30:
            break
    waits = total * b / (1 + (total - 1) * b)
    return waits, mp.mpf(theta) * queue * waits / total / a


@pytest.fixture(autouse=True)
def fifty_digits() -> None:
    mp.mp.dps = 50


@pytest.mark.parametrize("n", [1, 2, 7, 30, 100, 500, 2000, 10_000])
@pytest.mark.parametrize("rho", [0.3, 0.7, 0.9, 0.97, 0.995])
def test_erlang_c_to_fifty_digits(n: int, rho: float) -> None:
    a, b = mp.mpf(rho) * n, exact_b(rho, n)
    assert abs(float(mp.mpf(float(erlang_c(float(a), n))) - n * b / (n - a * (1 - b)))) < 1e-12


@pytest.mark.parametrize("n", [1, 2, 7, 30, 100, 500, 2000, 10_000])
@pytest.mark.parametrize("theta", [1e-4, 0.01, 0.3, 1.0, 7.0, 50.0])
def test_erlang_a_to_fifty_digits(n: int, theta: float) -> None:
    for rho in (0.3, 0.7, 0.9, 0.97, 0.995, 1.0, 1.2):
        if rho > 1 and n * (rho - 1) / theta > 20_000:
            continue  # the sum in fifty digits would take minutes
        waits, abandoned = exact_a(rho, n, theta)
        out = erlang_a(rho * n, n, 1.0, 1 / theta)
        assert abs(float(out.waits - waits)) < 1e-12
        assert abs(float(out.abandoned - abandoned)) < 1e-12
        assert float(out.mean_wait_s) == pytest.approx(float(abandoned / theta), rel=1e-11, abs=1e-300)


def test_queue_and_percentile_textbook() -> None:
    assert float(queue_length(48, 50)) == pytest.approx(16.67, abs=5e-3)
    assert float(wait_percentile(48, 50, 60, 0.9)) == pytest.approx(58.14, abs=5e-3)
    assert float(wait_percentile(5, 50, 60, 0.9)) == 0.0  # no negative waits
    with pytest.raises(EcomsimError, match=r"share: got 90.*did you mean 0\.9"):
        wait_percentile(48, 50, 60, 90)


def test_sizing_is_minimal_in_every_random_case() -> None:
    rng = np.random.default_rng(3)
    load, within = rng.uniform(0.05, 60, 400), rng.uniform(0, 120, 400)
    handle, target = rng.uniform(30, 600, 400), rng.uniform(0.05, 0.99, 400)
    need = smallest_agents(load, within, handle, target)
    for a, t, h, goal, n in zip(load, within, handle, target, need, strict=True):
        b, k = 1.0, 0
        while True:
            k += 1
            b = a * b / (k + a * b)
            if k > a and 1 - k * b / (k - a * (1 - b)) * np.exp(-(k - a) * t / h) >= goal:
                break
        assert n == k


def test_sizing_obeys_occupancy_and_minimum() -> None:
    np.testing.assert_array_equal(smallest_agents([0, 10], 20, 180, 0.8, agents_min=3), [3, 14])
    assert int(smallest_agents(10, 20, 180, 0.8, occupancy_max=0.5)) == 20
    assert int(smallest_agents(7, 20, 180, 0.01, occupancy_max=0.7)) == 10  # exactly 0.7 a head
    need = int(smallest_agents_impatient(0.2, 180, 120, 30, 0.8, occupancy_max=0.75))
    assert float(erlang_a(0.2, need, 180, 120).occupancy) <= 0.75
    assert float(erlang_a(0.2, need - 1, 180, 120).occupancy) > 0.75


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"target": 1.0}, "target: got 1.*below 1"),
        ({"target": 90}, r"target: got 90.*did you mean 0\.9"),
        ({"handle_s": 0}, "handle_s.*seconds"),
        ({"load": [1.0, float("nan")]}, r"load\[1\]: got NaN"),
        ({"load": [1.0, -2.0]}, r"load\[1\]: got -2"),
        ({"occupancy_max": 0}, "occupancy_max"),
        ({"occupancy_max": 85}, r"occupancy_max.*did you mean 0\.85"),
    ],
)
def test_bad_sizing(given: dict[str, object], says: str) -> None:
    good = {"load": [3.0, 4.0], "answer_within_s": 20, "handle_s": 180, "target": 0.8}
    with pytest.raises(EcomsimError, match=says):
        smallest_agents(**{**good, **given})


def test_rates_that_vary_between_days() -> None:
    """Thirty Erlangs, 90 % within a minute, handling 4 and patience 3 minutes."""
    need = [
        int(smallest_agents_impatient(30 / 240, 240, 180, 60, 0.9, cv=c)) for c in (0, 0.05, 0.1, 0.2, 0.3)
    ]
    assert need == [31, 32, 32, 35, 38]
    factor, share = day_factors(0.3)
    assert share.sum() == pytest.approx(1) and (share * factor**3).sum() == pytest.approx(1.09 * 1.18)
    sure = smallest_agents_impatient(30 / 240, 240, 180, 60, 0.9, cv=0.2, confidence=0.9)
    busy = float(factor_at(0.2, 0.9))
    assert sure == smallest_agents_impatient(30 / 240 * busy, 240, 180, 60, 0.9)


def test_spread_between_days_is_told_from_chance() -> None:
    rng = np.random.default_rng(4)
    rate = 400 * rng.gamma(1 / 0.2**2, 0.2**2, 3000)
    assert float(day_to_day_cv(rng.poisson(rate))) == pytest.approx(0.2, abs=0.015)
    assert float(day_to_day_cv(rng.poisson(400, 3000))) < 0.03


def test_every_level_of_a_chat_desk() -> None:
    desk = SpeedUps(240, (1, 1.7, 2.5), 180)
    need = smallest_chat_agents(np.array([2.0, 10.0, 40.0, 0.0]) / 60, desk, 60, 0.9)
    np.testing.assert_array_equal(need, [4, 16, 59, 0])
    out, a = chat_steady(0.2, 9, SpeedUps(40, (1.0,), 90), 20), erlang_a(0.2, 9, 40, 90, 20)
    assert float(out.answered_within[0]) == pytest.approx(float(a.answered_within), abs=1e-9)
    with pytest.warns(EcomsimWarning, match="Let agents hold at most 2"):
        SpeedUps(240, (1, 1.7, 1.5), 180)
    with pytest.raises(EcomsimError, match="the first 1"):
        SpeedUps(240, (1.2, 1.7), 180)


def test_a_chat_promise_nobody_can_keep() -> None:
    with pytest.raises(EcomsimError, match="even an idle agent"):
        smallest_chat_agents(0.1, ChatDesk(3, 25, 45, 6, 180), 10, 0.8)


@pytest.mark.parametrize("patience", [5.0, 100.0, 1000.0, 1e5])
def test_general_patience_with_the_exponential_is_erlang_a(patience: float) -> None:
    rng = np.random.default_rng(1)
    n, handle = rng.integers(1, 400, 300), rng.uniform(30, 600, 300)
    lam = rng.uniform(0.1, 1.7, 300) * n / handle
    a = erlang_a(lam, n, handle, patience, 30)
    for shape in (ExponentialPatience(patience), WeibullPatience(patience, 1.0)):
        g = general_queue(lam, n, handle, shape, 30)
        for name in ("waits", "abandoned", "answered_within", "occupancy"):
            np.testing.assert_allclose(getattr(g, name), getattr(a, name), atol=1e-10)
        np.testing.assert_allclose(g.mean_wait_s, a.mean_wait_s, rtol=1e-9, atol=1e-12)


def test_fixed_patience_is_a_finite_waiting_time() -> None:
    """M/M/n+D: the offered wait is exponential up to the limit, so everything has a closed form."""
    lam, n, mu, limit = 0.5, 6, 0.1, 25.0
    c = n * mu
    b = float(exact_b(lam / mu / (n - 1), n - 1))
    area = (np.exp((lam - c) * limit) - 1) / (lam - c) + np.exp((lam - c) * limit) / c
    waits = lam * area / (1 / b + lam * area)
    gone = waits * np.exp((lam - c) * limit) / c / area
    g = general_queue(lam, n, 1 / mu, FixedPatience(limit), 10)
    assert float(g.waits) == pytest.approx(waits, abs=1e-12)
    assert float(g.abandoned) == pytest.approx(gone, abs=1e-12)
    in_time = 1 - waits + waits * (np.exp((lam - c) * 10) - 1) / (lam - c) / area
    assert float(g.answered_within) == pytest.approx(in_time, abs=1e-12)


MIXED = MixedPatience(((0.25, ExponentialPatience(8)), (0.75, LogNormalPatience(240, 0.8))))
SHAPES: list[Patience] = [
    WeibullPatience(90, 2.2),
    WeibullPatience(90, 0.6),
    LogNormalPatience(120, 1.1),
    MIXED,
    PatiencePoints(((0, 0.95), (40, 0.5), (200, 0.0))),
]


@pytest.mark.parametrize("patience", SHAPES, ids=lambda p: type(p).__name__)
def test_stayed_is_the_integral_of_stay(patience: Patience) -> None:
    t = np.linspace(1e-9, 150, 200_001)
    stay = patience.stay(t)
    area = np.concatenate([[0], np.cumsum((stay[1:] + stay[:-1]) / 2 * np.diff(t))])
    np.testing.assert_allclose(patience.stayed_s(t)[::1000], area[::1000], atol=2e-4)


@pytest.mark.parametrize("patience", SHAPES, ids=lambda p: type(p).__name__)
def test_general_queue_keeps_its_balance(patience: Patience) -> None:
    lam, n, handle = np.array([0.02, 0.3, 0.5, 0.9]), 40, 100.0
    out = general_queue(lam, n, handle, patience, [[5.0], [60.0], [1e6]])
    assert (np.diff(out.answered_within, axis=0) >= 0).all() and (np.diff(out.waits, axis=1) > 0).all()
    np.testing.assert_allclose(out.answered_within[2], 1 - out.abandoned[2], atol=1e-10)
    np.testing.assert_allclose(out.occupancy, lam * handle * (1 - out.abandoned) / n)
    deep = general_queue(50.0, 3, 10.0, patience)
    assert float(deep.abandoned) == pytest.approx(1 - 3 / 10 / 50, rel=1e-3)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: ExponentialPatience(0), "patience.mean_s.*seconds"),
        (lambda: MixedPatience(((0.5, ExponentialPatience(1)),)), "shares summing to 0.5"),
        (lambda: PatiencePoints(((0, 1.0), (60, 0.5))), "end at 0"),
        (lambda: PatiencePoints(((10, 1.0), (60, 0.0))), "rising from 0"),
        (lambda: WeibullPatience(float("nan"), 1), "got NaN"),
    ],
)
def test_bad_patience(make: object, says: str) -> None:
    assert callable(make)
    with pytest.raises(EcomsimError, match=says):
        make()
