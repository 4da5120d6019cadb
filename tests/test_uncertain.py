"""Uncertain numbers against scipy's distributions, and a copula against the correlation it was asked for."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest
import scipy.special
import scipy.stats as ss
from hypothesis import given, settings
from hypothesis import strategies as st

from ecomsim.checks import EcomsimError
from ecomsim.uncertain import (
    Beta,
    Empirical,
    Fixed,
    LogNormal,
    Normal,
    Triangular,
    Uncertain,
    Uniform,
    correlate,
    mean_of,
    ppf_of,
)

U = np.concatenate([[1e-9, 1e-4], np.linspace(0.001, 0.999, 333), [1 - 1e-4, 1 - 1e-9]])
PEERS = [
    (Uniform(-2, 5), ss.uniform(-2, 7)),
    (Triangular(1, 2, 6), ss.triang(0.2, 1, 5)),
    (Triangular(1, 1, 6), ss.triang(0.0, 1, 5)),
    (Triangular(1, 6, 6), ss.triang(1.0, 1, 5)),
    (Normal(3, 2), ss.norm(3, 2)),
    (LogNormal(4, 0.7), ss.lognorm(0.7, scale=4)),
    (Beta(2.5, 7), ss.beta(2.5, 7)),
    (Beta(0.4, 0.6), ss.beta(0.4, 0.6)),
]


@pytest.mark.parametrize(("mine", "theirs"), PEERS, ids=lambda x: repr(x) if isinstance(x, Uncertain) else "")
def test_quantiles_and_means_are_scipys(mine: Uncertain, theirs) -> None:
    np.testing.assert_allclose(mine.ppf(U), theirs.ppf(U), rtol=1e-9, atol=1e-12)
    assert mine.mean == pytest.approx(theirs.mean(), rel=1e-9)
    np.testing.assert_allclose(mine.interval(0.9), theirs.interval(0.9), rtol=1e-9)
    moved = mine.scaled(-2).shifted(1)
    np.testing.assert_allclose(moved.ppf(U), 1 - 2 * theirs.ppf(U), rtol=1e-8, atol=1e-9)
    assert moved.mean == pytest.approx(1 - 2 * theirs.mean())
    low, high = moved.interval(0.5)
    assert (low, high) == pytest.approx(sorted(1 - 2 * x for x in theirs.interval(0.5)))
    assert pickle.loads(pickle.dumps(moved)) == moved


@settings(max_examples=40, deadline=None)
@given(st.floats(0.3, 1e6), st.floats(0.3, 1e6), st.integers(0, 2**32 - 1))
def test_a_betas_quantiles_are_the_exact_ones_to_the_tails(a: float, b: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    tails = 10.0 ** rng.uniform(-15.9, -2, 40)
    u = np.concatenate([rng.random(40), tails, 1 - tails[tails > 1e-12], [0.0, 1e-300, 1.0, math.nan]])
    share = Beta(a, b)
    made, exact = share.ppf(u), scipy.special.betaincinv(a, b, u)
    # the exact ones' own error: scipy's inverse holds about ten digits where a and b are far apart
    np.testing.assert_allclose(made, exact, rtol=1e-9, atol=1e-300)
    one_by_one = np.concatenate([share.ppf(x[None]) for x in u])
    assert made.tobytes() == one_by_one.tobytes()
    assert (np.diff(share.ppf(np.sort(u[(u > 1e-16) & (u < 1)]))) >= -1e-12).all()


def test_a_beta_too_skewed_for_a_series_is_inverted_exactly() -> None:
    assert Beta(0.01, 3).ppf(U).tobytes() == np.asarray(scipy.special.betaincinv(0.01, 3, U)).tobytes()


def test_a_sure_number_is_the_same_everywhere() -> None:
    assert (Fixed(3).ppf(U) == 3).all()
    assert (ppf_of(3.0, U) == 3).all()
    assert mean_of(3) == mean_of(Fixed(3)) == 3
    assert (Triangular(2, 2, 2).ppf(U) == 2).all()


def test_draws_of_one_posterior_are_ordered_alone_and_kept_together_jointly() -> None:
    draws = (5.0, 1.0, 3.0, 9.0)
    u = np.array([0.0, 0.24, 0.26, 0.6, 0.99])
    assert Empirical(draws).ppf(u).tolist() == [1, 1, 3, 5, 9]
    assert Empirical(draws, "fit").ppf(u).tolist() == [5, 5, 1, 3, 9]
    assert Empirical(draws, "fit").group == Empirical(draws, "fit").scaled(2).group == "fit"
    assert Empirical(draws).mean == 4.5
    x, y = Empirical(draws, "fit"), Empirical(tuple(-d for d in draws), "fit")
    assert (x.ppf(U) == -y.ppf(U)).all()


@pytest.mark.parametrize("rho", [-0.8, 0.0, 0.5, 0.95, 1.0])
def test_the_copula_gives_the_correlation_of_normal_scores(rho: float) -> None:
    rng = np.random.default_rng(11)
    n = 200_000
    made = correlate(rng.random((n, 2)), [[1, rho], [rho, 1]], ["a", "b"])
    z = ss.norm.ppf(made)
    assert np.corrcoef(z.T)[0, 1] == pytest.approx(rho, abs=5 / math.sqrt(n))
    # Spearman's rho of a Gaussian copula is 6/pi asin(rho/2).
    assert ss.spearmanr(made)[0] == pytest.approx(6 / math.pi * math.asin(rho / 2), abs=0.01)
    for column in made.T:
        assert ss.kstest(column[:20_000], "uniform").pvalue > 1e-4


def test_three_parameters_keep_all_pairs() -> None:
    corr = np.array([[1, 0.6, -0.3], [0.6, 1, 0.2], [-0.3, 0.2, 1]])
    made = correlate(np.random.default_rng(5).random((100_000, 3)), corr, ["a", "b", "c"])
    np.testing.assert_allclose(np.corrcoef(ss.norm.ppf(made).T), corr, atol=0.015)


@pytest.mark.parametrize(
    ("matrix", "says"),
    [
        ([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]], "not positive semi-definite.*Weaken"),
        ([[1, 0.5], [0.4, 1]], "symmetric"),
        ([[1, 2], [2, 1]], "not positive semi-definite"),
        ([[2, 0], [0, 1]], "ones on its diagonal"),
        ([[1, math.nan], [math.nan, 1]], "symmetric"),
        ([[1]], "symmetric"),
    ],
)
def test_correlations_that_cannot_be_are_refused(matrix, says: str) -> None:
    names = ["a", "b", "c"][: max(2, len(matrix))]
    with pytest.raises(EcomsimError, match=says):
        correlate(np.full((4, len(names)), 0.3), matrix, names)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Uniform(3, 2), "Uniform.high: got 2 below low 3"),
        (lambda: Triangular(1, 9, 6), "ascending"),
        (lambda: Triangular(1, 0, 6), "ascending"),
        (lambda: Normal(0, -1), "Normal.sd"),
        (lambda: LogNormal(0, 1), "LogNormal.median"),
        (lambda: LogNormal(1, -1), "LogNormal.sigma"),
        (lambda: Beta(0, 1), "Beta.a"),
        (lambda: Beta(1, math.inf), "Beta.b"),
        (lambda: Fixed(math.nan), "NaN"),
        (lambda: Uniform(math.nan, 1), "NaN"),
        (lambda: Fixed("12"), "Write 12 without quotes"),
        (lambda: Empirical(()), "no draws"),
        (lambda: Empirical((1.0, math.nan)), "NaN or infinite"),
        (lambda: Empirical(("x",)), "finite numbers"),
        (lambda: Empirical(3.0), "one list of numbers"),
        (lambda: Fixed(1).scaled(math.nan), "NaN"),
        (lambda: Fixed(1).shifted("a"), "plain number"),
        (lambda: Normal(0, 1).interval(0), "above 0"),
    ],
)
def test_a_distribution_that_cannot_be_is_refused(make, says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        make()


@given(
    st.sampled_from([mine for mine, _ in PEERS]), st.lists(st.floats(1e-6, 1 - 1e-6), min_size=2, max_size=30)
)
def test_more_of_the_uniform_never_means_less(mine: Uncertain, u: list[float]) -> None:
    values = mine.ppf(np.sort(u))
    assert (np.diff(values) >= 0).all()
    assert np.isfinite(values).all()
