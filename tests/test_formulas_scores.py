"""Accuracy scores against closed forms and hand values."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from ecomsim.checks import EcomsimError
from ecomsim.formulas import scores


def test_crps_of_a_normal() -> None:
    # Gneiting and Raftery (2007): sd (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi))
    samples = 3 + 2 * norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    for actual in (3.0, 4.5, -6.0):
        z = (actual - 3) / 2
        exact = 2 * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi))
        assert float(scores.crps(samples, actual, fair=False)) == pytest.approx(exact, abs=2e-3)


def test_crps_by_all_pairs_and_fair_is_unbiased() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(4, 7)), rng.normal(size=4)
    pairs = np.abs(x[:, :, None] - x[:, None, :]).sum(axis=(1, 2))
    near = np.abs(x - y[:, None]).mean(axis=1)
    np.testing.assert_allclose(scores.crps(x, y, fair=False), near - pairs / 49 / 2, rtol=1e-12)
    np.testing.assert_allclose(scores.crps(x, y), near - pairs / 42 / 2, rtol=1e-12)
    # few fair samples score what many do, on average: N(0,1) against N(0,1) is 1/sqrt(pi)
    few = scores.crps(rng.normal(size=(40_000, 3)), rng.normal(size=40_000)).mean()
    assert few == pytest.approx(1 / np.sqrt(np.pi), abs=0.01)


def test_crps_of_equal_samples_is_the_absolute_error() -> None:
    np.testing.assert_allclose(scores.crps([[2.0, 2.0, 2.0]], [5.0]), [3.0])


def test_pinball_median_is_half_the_absolute_error_and_minimal_at_the_quantile() -> None:
    y = np.random.default_rng(4).gamma(2, 10, 4000)
    np.testing.assert_allclose(scores.pinball(20.0, y, 0.5), np.abs(y - 20) / 2)
    grid = np.linspace(1, 80, 800)
    loss = [scores.pinball(q, y, 0.9).mean() for q in grid]
    assert grid[int(np.argmin(loss))] == pytest.approx(np.quantile(y, 0.9), abs=0.15)


def test_intervals() -> None:
    assert scores.coverage([1, 1, 1], [2, 2, 2], [1, 2, 2.01]) == pytest.approx(2 / 3)
    # width 4; miss of 1 at 80 %: 4 + 2 / .2 * 1
    np.testing.assert_allclose(scores.interval_score([0, 0], [4, 4], [2, 5], 0.8), [4, 14])


def test_point_scores_by_hand() -> None:
    f, y = [90.0, 120.0, 50.0], [100.0, 100.0, 40.0]
    assert scores.mape(f, y) == pytest.approx((0.1 + 0.2 + 0.25) / 3)
    assert scores.wape(f, y) == pytest.approx(40 / 240)
    assert scores.bias(f, y) == pytest.approx(20 / 240)
    # Seasonal naive within 10 20 30 40 50 60, season 2: always 20 off; MAE 40/3
    assert scores.mase(f, y, [10, 20, 30, 40, 50, 60], season=2) == pytest.approx(40 / 3 / 20)
    assert scores.brier([1.0, 0.5, 0.0], [1, 0, 0]) == pytest.approx(0.25 / 3)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: scores.mape([1, 2], [1, 0]), r"actual\[1\].*wape"),
        (lambda: scores.wape([1], [0]), "only zeros"),
        (lambda: scores.wape([1, 2], [1]), "shape"),
        (lambda: scores.mase([1], [1], [5, 5, 5]), "constant"),
        (lambda: scores.mase([1], [1], [5], 7), "more than 7"),
        (lambda: scores.brier([90], [1]), r"probability\[0\]: got 90.*0\.9"),
        (lambda: scores.brier([0.9], [2]), "0 or 1"),
        (lambda: scores.coverage([2], [1], [1]), r"low\[0\]"),
        (lambda: scores.crps([[1.0]], [1.0]), "at least 2 samples"),
        (lambda: scores.pinball([float("nan")], [1], 0.5), r"quantile\[0\]: got NaN"),
        (lambda: scores.interval_score([0], [1], [1], 90), r"share.*0\.9"),
    ],
)
def test_refusals(call: object, words: str) -> None:
    with pytest.raises(EcomsimError, match=words):
        call()  # type: ignore[operator]
