"""The regression, the response curve and the pooling against independent oracles."""

from __future__ import annotations

import numpy as np
import pytest

from ecomsim.calibrate.glm import Curve, Design, fit, gram, knots, random_walk
from ecomsim.calibrate.response import hill
from ecomsim.calibrate.siblings import effect_priors


def design(matrix: np.ndarray, precision: float = 1e-8) -> Design:
    p = matrix.shape[1]
    return Design(matrix, np.zeros(p), np.eye(p) * precision)


def test_without_prior_and_noise_it_is_the_poisson_regression_of_statsmodels() -> None:
    sm = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(0)
    x = np.column_stack([np.ones(400), rng.normal(size=400), rng.integers(0, 2, 400)])
    y = rng.poisson(np.exp(x @ [3.0, 0.4, -0.3])).astype(float)
    peer = sm.GLM(y, x, family=sm.families.Poisson()).fit()
    ours = fit(y, design(x), extra=1e-12, memory=0.0, learn_noise=False, iterations=30)
    # Huber's weight bends the few days beyond 3.5 standard deviations; none here.
    assert ours.beta == pytest.approx(peer.params, abs=2e-4)
    assert np.sqrt(np.diag(ours.cov)) == pytest.approx(peer.bse, rel=0.01)


def test_noise_and_its_memory_are_found() -> None:
    rng = np.random.default_rng(1)
    n, phi, sd = 3000, 0.5, 0.12
    z = np.zeros(n)
    for d in range(1, n):
        z[d] = phi * z[d - 1] + rng.normal() * sd * np.sqrt(1 - phi**2)
    y = rng.poisson(np.exp(7.0 + z)).astype(float)
    found = fit(y, design(np.ones((n, 1))))
    assert np.sqrt(found.extra) == pytest.approx(sd, rel=0.08)
    assert found.phi == pytest.approx(phi, abs=0.06)
    # A mean of n days with memory phi is known to sd sqrt((1 + phi) / (1 - phi) / n).
    assert np.sqrt(found.cov[0, 0]) == pytest.approx(sd * np.sqrt(3 / n), rel=0.15)


def test_intervals_of_an_event_hold_the_truth_nine_times_in_ten() -> None:
    inside = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        event = np.zeros(200)
        event[90:96] = 1
        y = rng.poisson(np.exp(6.0 + 0.5 * event + rng.normal(0, 0.08, 200))).astype(float)
        found = fit(y, design(np.column_stack([np.ones(200), event]), 0.1))
        low, high = np.quantile(found.draws(200, rng)[:, 1], [0.05, 0.95])
        inside += bool(low <= 0.5 <= high)
    assert 0.84 <= inside / 200 <= 0.96


def test_one_wild_day_does_not_bend_the_level() -> None:
    rng = np.random.default_rng(2)
    y = rng.poisson(400, 120).astype(float)
    y[60] *= 7
    found = fit(y, design(np.ones((120, 1))))
    assert np.exp(found.beta[0]) == pytest.approx(400, rel=0.02)


def test_missing_days_are_left_out() -> None:
    y = np.full(60, 50.0)
    y[10:20] = np.nan
    found = fit(y, design(np.ones((60, 1))))
    assert np.exp(found.beta[0]) == pytest.approx(50, rel=1e-3)
    assert np.isnan(found.residual[10:20]).all()


def test_a_curve_inside_the_regression_is_found() -> None:
    rng = np.random.default_rng(3)
    x = rng.uniform(0.3, 3, 600)
    y = rng.poisson(np.exp(6 + 0.7 * np.log(x))).astype(float)
    curve = Curve(lambda theta: theta[0] * np.log(x), np.array([0.2]), np.array([1.0]))
    found = fit(y, design(np.ones((600, 1))), curve=curve)
    assert found.beta[1] == pytest.approx(0.7, abs=0.02)
    assert np.exp(found.beta[0]) == pytest.approx(np.exp(6), rel=0.01)


def test_blocked_products_equal_the_plain_ones() -> None:
    rng = np.random.default_rng(4)
    a, b = rng.normal(size=(791, 70)), rng.normal(size=(791, 40))
    assert gram(a, b) == pytest.approx(a.T @ b)


def test_knots_are_a_partition_and_the_walk_leaves_a_constant_free() -> None:
    basis = knots(100, 21)
    assert basis.sum(axis=1) == pytest.approx(np.ones(100))
    assert basis[-1, -1] == 1
    precision = random_walk(6, 0.1, 1e6)
    assert precision @ np.ones(6) == pytest.approx(np.zeros(6), abs=1e-6)


def test_the_response_is_one_at_steady_reference_spend_and_nothing_at_none() -> None:
    assert hill(np.ones(50), 0.4, 1.2, 1.3) == pytest.approx(np.zeros(50), abs=1e-9)
    assert hill(np.zeros(50), 0.4, 1.2, 1.3)[-1] == -np.inf
    # Twice the spend for good: x^n (1 + k^n) / (x^n + k^n) with x = 2, n = 1, k = 1 is 4 / 3.
    assert np.exp(hill(np.r_[1.0, np.full(60, 2.0)], 0.3, 1.0, 1.0)[-1]) == pytest.approx(4 / 3, rel=1e-4)


def test_a_channel_learns_from_the_others() -> None:
    rng = np.random.default_rng(5)
    common = np.array([0.1, 0.2, 0.7, -0.1, 0.3, 0.5, -0.3, 0.05])
    strength = np.array([1.0, 1.1, 0.9, 1.0, 4.0])
    truth = strength[:, None] * common
    variance = np.full(truth.shape, 0.02**2)
    variance[3] = 0.15**2
    seen = truth + rng.normal(size=truth.shape) * np.sqrt(variance)
    mean, sd = effect_priors(seen, variance, np.full(8, 0.6))
    assert np.abs(mean[3] - truth[3]).max() < 0.12
    assert (sd[3] < 0.25).all()
    # The venue channel follows with its own strength, not with that of search.
    assert mean[4][2] == pytest.approx(2.8, abs=0.5)
