"""Erlang B, C, A against textbook values, 40-digit sums and identities."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal, getcontext

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import poisson

from ecomsim.checks import EcomsimError
from ecomsim.formulas import queueing as q
from ecomsim.formulas.abandonment import erlang_a

getcontext().prec = 40


def exact_b(load: float, agents: int) -> Decimal:
    b, a = Decimal(1), Decimal(load)
    for k in range(1, agents + 1):
        b = a * b / (k + a * b)
    return b


def exact_a(lam: float, mu: float, theta: float, n: int) -> tuple[float, float, float]:
    """P(W>0), P(Ab), E[W] by summing the birth-death chain in 40 digits."""
    lam_, mu_, theta_ = Decimal(lam), Decimal(mu), Decimal(theta)
    p, total, wait, queue, k = Decimal(1), Decimal(1), Decimal(0), Decimal(0), 0
    while True:
        if k >= n:
            wait += p
            queue += (k - n) * p
        k += 1
        p = p * lam_ / (min(k, n) * mu_ + max(k - n, 0) * theta_)
        total += p
        if k > n and p < total * Decimal(10) ** -35 and lam_ < n * mu_ + (k - n) * theta_:
            break
    return float(wait / total), float(theta_ * queue / total / lam_), float(queue / total / lam_)


def test_erlang_b_textbook() -> None:
    assert q.erlang_b(10, 15) == pytest.approx(0.0364969, abs=5e-8)
    assert q.erlang_b(1000, 1000) == pytest.approx(0.0248119, abs=5e-8)
    assert q.erlang_b(8, 5) == pytest.approx(float(exact_b(8, 5)), rel=1e-12)


@pytest.mark.parametrize(
    ("load", "agents"),
    [(0.01, 3), (5, 2), (300, 40), (900, 1000), (1000, 900), (1e4, 1e4), (9900, 1e4), (2e4, 1e4), (0.5, 60)],
)
def test_erlang_b_exact(load: float, agents: float) -> None:
    assert float(q.erlang_b(load, agents)) == pytest.approx(float(exact_b(load, int(agents))), rel=1e-9)


def test_erlang_b_edges_and_fractional_agents() -> None:
    np.testing.assert_array_equal(q.erlang_b([0.0, 0.0, 3.0], [0, 4, 0]), [1.0, 0.0, 1.0])
    # Jagerman's integral
    exact = 1 / (7 * quad(lambda t: np.exp(-7 * t) * (1 + t) ** 4.5, 0, 30, epsabs=0, epsrel=1e-12)[0])
    assert float(q.erlang_b(7, 4.5)) == pytest.approx(float(exact), rel=1e-10)


@pytest.mark.parametrize(
    ("load", "agents", "expected"),
    [
        (10, 14, 0.174131933595),
        (48, 55, 0.238701),
        (480, 500, 0.266512519962),
        (9900, 10000, 0.222776928864),
    ],
)
def test_erlang_c_textbook(load: float, agents: float, expected: float) -> None:
    assert float(q.erlang_c(load, agents)) == pytest.approx(
        expected, abs=1e-9 if len(str(expected)) > 9 else 5e-7
    )


def test_service_level_and_asa_textbook() -> None:
    assert float(q.service_level(10, 14, 20, 180)) == pytest.approx(0.888350, abs=5e-7)
    assert float(q.asa(10, 14, 180)) == pytest.approx(7.836, abs=5e-4)
    assert float(q.service_level(48, 55, 15, 240)) == pytest.approx(0.845883, abs=5e-7)
    assert float(q.asa(48, 55, 240)) == pytest.approx(8.18, abs=5e-3)
    assert float(q.asa(48, 50, 60)) == pytest.approx(20.83, abs=5e-3)


def test_smallest_agents_is_minimal() -> None:
    """Brute force from one agent up, with the exact recursion."""
    loads = [0.0, 0.3, 2.585, 10, 47.2, 130]
    need = q.smallest_agents(loads, 60, 180, 0.5)
    for load, n in zip(loads, need, strict=True):
        brute = 0
        while load:
            brute += 1
            if brute <= load:
                continue
            b = float(exact_b(load, brute))
            c = brute * b / (brute - load * (1 - b))
            if 1 - c * np.exp(-(brute - load) * 60 / 180) >= 0.5:
                break
        assert n == brute


def test_unstable_load_says_which_interval() -> None:
    with pytest.raises(EcomsimError, match=r"interval 1: got 9 Erlangs on 9 agents.*at least 10 agents"):
        q.erlang_c([3, 9], 9)


@pytest.mark.parametrize(("what", "value"), [("handle_s", 0), ("handle_s", float("nan")), ("load", -1)])
def test_bad_input(what: str, value: float) -> None:
    args = {"load": 3.0, "agents": 5, "answer_within_s": 20, "handle_s": 180}
    with pytest.raises(EcomsimError, match=what):
        q.service_level(**{**args, what: value})
    with pytest.raises(EcomsimError, match=r"target.*0\.9"):
        q.smallest_agents([3.0], 20, 180, 90)


def test_erlang_a_textbook() -> None:
    out = erlang_a(0.8, 50, 60, 120, 20)
    assert float(out.waits) == pytest.approx(0.467774068554, abs=1e-11)
    assert float(out.abandoned) == pytest.approx(0.0309122491622, abs=1e-11)
    assert float(out.mean_wait_s) == pytest.approx(3.709, abs=5e-4)
    assert float(out.occupancy) == pytest.approx(0.9303, abs=5e-5)


CASES = [
    (0.8, 1 / 60, 1 / 120, 50),
    (5.0, 1.0, 1e-4, 6),
    (6.0, 1.0, 1e-4, 6),
    (12.0, 1.0, 0.05, 6),
    (0.2, 1.0, 30.0, 1),
    (60.0, 1.0, 0.5, 6),
    (495.0, 1.0, 0.02, 500),
    (100 / 60, 1 / 180, 1 / 1200, 300),
]


@pytest.mark.parametrize(("lam", "mu", "theta", "n"), CASES)
def test_erlang_a_against_the_chain(lam: float, mu: float, theta: float, n: int) -> None:
    out = erlang_a(lam, n, 1 / mu, 1 / theta)
    waits, abandoned, wait = exact_a(lam, mu, theta, n)
    assert float(out.waits) == pytest.approx(waits, abs=1e-9)
    assert float(out.abandoned) == pytest.approx(abandoned, abs=1e-9)
    assert float(out.mean_wait_s) == pytest.approx(wait, rel=1e-8)


@pytest.mark.parametrize(("lam", "mu", "theta", "n"), CASES)
@pytest.mark.parametrize("within", [0.0, 0.5, 20.0, 600.0])
def test_erlang_a_service_level(lam: float, mu: float, theta: float, n: int, within: float) -> None:
    """Answered in time, by the transient of a pure death chain: P(N deaths by t before own patience)."""
    out = erlang_a(lam, n, 1 / mu, 1 / theta, within)
    waits, _, _ = exact_a(lam, mu, theta, n)
    # density of the offered wait, normalised by its own total instead of by the chain's P(n)
    top = max(0.0, np.log(lam / (n * mu)) / theta) if lam > n * mu else 0.0

    def log_density(v: float) -> float:
        return lam / theta * -np.expm1(-theta * v) - n * mu * v

    peak = log_density(top)
    reach = (
        top
        + 40 / np.sqrt(lam * theta)
        + 60 / (n * mu) * (1 if lam > 0.9 * n * mu else 1 / (1 - lam / (n * mu)))
    )
    marks = sorted({m for m in (top, within, top / 2) if 0 < m < reach})

    def area(hi: float, survive: bool) -> float:
        edges = [0.0, *[m for m in marks if m < hi], hi]
        return sum(
            quad(
                lambda v: np.exp(log_density(v) - peak - (theta * v if survive else 0)),
                a,
                b,
                limit=400,
                epsabs=0,
            )[0]
            for a, b in itertools.pairwise(edges)
        )

    in_time = waits * area(min(within, reach), True) / area(reach, False) if within else 0.0
    assert float(out.answered_within) == pytest.approx(1 - waits + in_time, abs=2e-8)


def test_erlang_a_identities() -> None:
    same = erlang_a(9.0, 10, 1.0, 1.0)  # theta = mu: M/M/infinity
    assert float(same.waits) == pytest.approx(poisson.sf(9, 9.0), abs=1e-12)
    patient = erlang_a(9.0, 10, 1.0, 1e9, 0.5)
    assert float(patient.waits) == pytest.approx(float(q.erlang_c(9, 10)), abs=1e-6)
    assert float(patient.answered_within) == pytest.approx(float(q.service_level(9, 10, 0.5, 1.0)), abs=1e-6)
    hasty = erlang_a(9.0, 10, 1.0, 1e-9)
    assert float(hasty.abandoned) == pytest.approx(float(q.erlang_b(9, 10)), abs=1e-6)
    peer_fails_here = erlang_a(100 / 60, 300, 180, 1200, 600)
    assert float(peer_fails_here.answered_within) == pytest.approx(0.9871, abs=5e-5)


def test_erlang_a_empty_and_large() -> None:
    out = erlang_a([0.0, 9_900.0], [5, 10_000], 1.0, 2.0)
    assert [float(v[0]) for v in (out.waits, out.abandoned, out.mean_wait_s, out.occupancy)] == [0, 0, 0, 0]
    assert float(out.answered_within[0]) == 1.0
    assert 0 < out.abandoned[1] < out.waits[1] < 0.3
    deep = erlang_a(1e5, 10, 1.0, 30.0)
    assert float(deep.abandoned) == pytest.approx(1 - 10 / 1e5, rel=1e-9)
    assert float(deep.answered_within) < 1e-6


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: q.erlang_c([1, 2, 3], [4, 5]), r"load, agents: got shapes \(3,\), \(2,\)"),
        (lambda: q.service_level([1, 2], 5, [20, 30, 40], 180), r"load.*answer_within_s.*\(3,\)"),
        (lambda: erlang_a([0.1, 0.2], 9, [60, 70, 80], 90), r"arrivals_per_s, handle_s: got shapes"),
        (lambda: q.smallest_agents([1, 2], 20, [60, 70, 80], 0.8), r"load, handle_s: got shapes"),
        (
            lambda: q.service_level(10, 14, dt.timedelta(seconds=20), 180),
            r"\(seconds\)\. Write its \.total_seconds",
        ),
        (lambda: q.smallest_agents(10, 20, 180, 0.8, agents_min=2.5), r"agents_min: got 2\.5.*whole number"),
        (lambda: q.erlang_c("ten", 14), "load: got 'ten'.*numbers"),
        (lambda: erlang_a(0.8, 50, 60, 0), "patience_s: got 0.*seconds"),
    ],
)
def test_what_does_not_fit_together_is_named(ask: object, says: str) -> None:
    assert callable(ask)
    with pytest.raises(EcomsimError, match=says):
        ask()
