"""Poisson, binomial and gamma draws of the kernels against their distributions in SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from ecomsim.stages.draws import LAM, OUT, PROB, SCRATCH, UU
from ecomsim.stages.samplers import binomial64, poisson64
from ecomsim.stages.shocks import gamma_rows, gamma_table
from ecomsim.store import Noise
from tests.engine.kit import Floats, horizon_of, lone, run, sigmas

SAMPLE = 1 << 18
SIGMAS = 3.5
ABSURD = 1


def uniforms(count: int, seed: int) -> np.ndarray:
    """Uniforms of 23 bits in the middle of their cells, from NumPy's own generator."""
    cells = np.random.default_rng(seed).integers(0, 1 << 23, count)
    return ((cells + 0.5) / (1 << 23)).astype(np.float32)


def even(count: int) -> np.ndarray:
    """Uniforms at the middle of `count` equal cells: quantiles without chance."""
    return ((np.arange(count) + 0.5) / count).astype(np.float32)


def poisson(lam: object, u: np.ndarray) -> Floats:
    """Poisson quantiles of `u`, a multiple of 64 of them."""
    scratch = np.zeros(SCRATCH + 64, np.float32)
    whole = scratch.view(np.int32)
    rate = np.broadcast_to(np.asarray(lam, np.float32), u.shape)
    out = np.empty(u.size)
    for b in range(0, u.size, 64):
        scratch[LAM : LAM + 64] = rate[b : b + 64]
        scratch[UU : UU + 64] = u[b : b + 64]
        assert poisson64(scratch, whole) == 0
        out[b : b + 64] = scratch[OUT : OUT + 64]
    return out


def binomial(n: object, p: object, u: np.ndarray) -> Floats:
    """Binomial quantiles of `u`, a multiple of 64 of them."""
    scratch = np.zeros(SCRATCH + 64, np.float32)
    whole = scratch.view(np.int32)
    trials = np.broadcast_to(np.asarray(n, np.float32), u.shape)
    probability = np.broadcast_to(np.asarray(p, np.float32), u.shape)
    out = np.empty(u.size)
    for b in range(0, u.size, 64):
        scratch[LAM : LAM + 64] = trials[b : b + 64]
        scratch[PROB : PROB + 64] = probability[b : b + 64]
        scratch[UU : UU + 64] = u[b : b + 64]
        binomial64(scratch, whole)
        out[b : b + 64] = scratch[OUT : OUT + 64]
    return out


def check_moments(found: Floats, law: object) -> None:
    """Mean and variance within 3.5 standard errors of the distribution's."""
    mean, var, kurtosis = (float(x) for x in law.stats("mvk"))  # type: ignore[attr-defined]
    n = found.size
    assert abs(found.mean() - mean) < SIGMAS * np.sqrt(var / n)
    assert abs(found.var() - var) < SIGMAS * var * np.sqrt((kurtosis + 2) / n) + SIGMAS**2 * var / n


def chi_square(found: Floats, law: object) -> float:
    """P value of the counts against the probabilities, rare values pooled."""
    top = int(found.max()) + 1
    expected = law.pmf(np.arange(top + 1)) * found.size  # type: ignore[attr-defined]
    seen = np.bincount(found.astype(int), minlength=top + 1)
    common = expected >= 10
    rest = found.size - expected[common].sum()
    observed, hoped = list(seen[common]), list(expected[common])
    if rest >= 10:
        observed.append(found.size - seen[common].sum())
        hoped.append(rest)
    statistic = sum((o - e) ** 2 / e for o, e in zip(observed, hoped, strict=True))
    return float(stats.chi2.sf(statistic, max(len(hoped) - 1, 1)))


@pytest.mark.parametrize("lam", [0.01, 0.3, 2.0, 8.0, 12.0, 12.5, 25.0, 40.0, 200.0, 1e4, 1e6])
def test_poisson_has_the_mean_and_variance_of_its_law(lam: float) -> None:
    found = poisson(lam, uniforms(SAMPLE, int(lam) + 1))
    assert found.min() >= 0 and (found == np.rint(found)).all()
    check_moments(found, stats.poisson(lam))


@pytest.mark.parametrize("lam", [0.01, 0.3, 2.0, 8.0, 12.0, 13.0, 25.0, 40.0])
def test_poisson_counts_fit_the_probabilities(lam: float) -> None:
    assert chi_square(poisson(lam, uniforms(SAMPLE, int(lam) + 20)), stats.poisson(lam)) > 1e-4


@pytest.mark.parametrize("lam", [0.001, 0.3, 2.0, 8.0, 11.99])
def test_small_poisson_is_exact_inversion(lam: float) -> None:
    u = even(1 << 16)
    found = poisson(lam, u)
    wrong = found != stats.poisson.ppf(u.astype(np.float64), np.float32(lam).astype(np.float64))
    assert wrong.mean() < 1e-4  # a uniform within rounding of a step


@pytest.mark.parametrize("lam", [12.01, 13.0, 18.0, 30.0, 100.0, 5000.0])
def test_large_poisson_has_its_moments_without_chance(lam: float) -> None:
    found = poisson(lam, even(1 << 17))
    assert found.mean() == pytest.approx(lam, rel=3e-4)
    assert found.var() == pytest.approx(lam, rel=3e-3)
    skew = ((found - found.mean()) ** 3).mean() / found.std() ** 3
    assert skew == pytest.approx(lam**-0.5, rel=0.05)


def test_zero_stays_zero_beside_any_neighbour() -> None:
    u = uniforms(64 * 200, 3)
    for neighbours in ([0.0], [0.0, 5.0], [0.0, 25.0], [0.0, 0.01, 3.0, 30.0, 1e6, 1e9]):
        lam = np.resize(neighbours, u.size)
        assert (poisson(lam, u)[lam == 0] == 0).all()


def test_mixed_blocks_draw_as_pure_ones_do() -> None:
    u = uniforms(64 * 500, 4)
    kinds = np.array([0.0, 0.02, 2.0, 11.0, 12.5, 60.0, 1e5])
    lam = np.resize(kinds, u.size)
    mixed = poisson(lam, u)
    for kind in kinds:
        assert (mixed[lam == kind] == poisson(kind, u)[lam == kind]).all()


@pytest.mark.parametrize(
    "rates", [np.linspace(0, 12, 90), np.geomspace(12.001, 1e5, 90)], ids=["summed", "normal"]
)
def test_more_traffic_never_means_less_demand(rates: np.ndarray) -> None:
    u = even(1 << 12)
    draws = np.stack([poisson(lam, u) for lam in rates])
    assert (np.diff(draws, axis=0) >= 0).all()


def after(rate: float) -> float:
    """The next number of single precision."""
    return float(np.nextafter(np.float32(rate), np.float32(np.inf)))


def test_more_traffic_never_means_less_demand_across_the_two_methods() -> None:
    cells = np.arange(1 << 17)
    lowest, highest = (
        (cells + 0.5) / (1 << 23),
        1 - (cells + 0.5) / (1 << 23),
    )  # every uniform there is in the tails
    u = np.concatenate([lowest.astype(np.float32), even(1 << 17), highest.astype(np.float32)])
    rates = [after(12.0), 12.01, 12.1, 12.25, 12.5, 12.8, 13.0, after(13.0), 13.01, 13.1, 13.5]
    before = poisson(12.0, u)
    for rate in rates:
        now = poisson(rate, u)
        assert (now >= before).all(), (
            rate,
            u[now < before][:5],
            now[now < before][:5],
            before[now < before][:5],
        )
        before = now


@pytest.mark.parametrize("lam", [12.01, 12.2, 12.5, 12.6, 14.0])
def test_above_the_join_one_draw_in_five_hundred_is_off_by_one(lam: float) -> None:
    u = even(1 << 16)
    gap = poisson(lam, u) - stats.poisson.ppf(u.astype(np.float64), np.float32(lam).astype(np.float64))
    assert np.abs(gap).max() <= 1 and (gap != 0).mean() < 2e-3


def test_the_two_methods_meet() -> None:
    u = even(1 << 15)
    step = poisson(12.01, u) - poisson(12.0, u)
    assert step.min() >= 0 and step.mean() == pytest.approx(0.01, abs=3e-3)


def test_a_lane_draws_the_same_whatever_its_neighbours_even_at_the_ends() -> None:
    ends = np.array([2.0**-24, 3 * 2.0**-24, 1 - 3 * 2.0**-24, 1 - 2.0**-24], np.float32)
    u = np.resize(ends, 64 * 12)
    lam = np.repeat([0.0, 1e-6, 0.05, 0.5, 3.0, 9.0, 11.99, 12.0, 12.2, 12.5, 20.0, 1e4], 64)
    alone = poisson(lam, u)
    mixed = np.random.default_rng(3).permutation(lam.size)
    assert (poisson(lam[mixed], u[mixed]) == alone[mixed]).all()
    exact = stats.poisson.ppf(
        np.minimum(u.astype(np.float64), 1 - 2.0**-19), np.float32(lam).astype(np.float64)
    )
    assert (np.abs(alone - exact)[lam <= 12] <= 1).all()


@pytest.mark.parametrize("lam", [-1.0, np.nan, 2e15, np.inf])
def test_absurd_rates_are_told(lam: float) -> None:
    scratch = np.zeros(SCRATCH + 64, np.float32)
    scratch[UU : UU + 64] = 0.5
    scratch[LAM : LAM + 64] = 1.0
    scratch[LAM + 17] = lam
    assert poisson64(scratch, scratch.view(np.int32)) == ABSURD


@pytest.mark.parametrize(
    ("n", "p"),
    [(1, 0.5), (10, 0.3), (5, 0.9), (100, 0.02), (40, 0.5), (1000, 0.5), (1000, 0.83), (100_000, 0.01), (300, 0.97)],
)  # fmt: skip
def test_binomial_has_its_moments_and_stays_within_the_trials(n: int, p: float) -> None:
    found = binomial(n, p, uniforms(SAMPLE, n))
    assert found.min() >= 0 and found.max() <= n and (found == np.rint(found)).all()
    check_moments(found, stats.binom(n, p))


@pytest.mark.parametrize(("n", "p"), [(1, 0.2), (10, 0.3), (5, 0.9), (100, 0.02), (40, 0.5), (200, 0.1)])
def test_binomial_counts_fit_the_probabilities(n: int, p: float) -> None:
    assert chi_square(binomial(n, p, uniforms(SAMPLE, n + 7)), stats.binom(n, p)) > 1e-4


def test_certain_and_impossible_trials() -> None:
    u = uniforms(64 * 100, 8)
    n = np.resize([0.0, 1.0, 7.0, 500.0, 1e5], u.size)
    p = np.resize([0.0, 1.0, 0.3], u.size)
    found = binomial(n, p, u)
    assert (found[p == 0] == 0).all() and (found[p == 1] == n[p == 1]).all() and (found[n == 0] == 0).all()


@pytest.mark.parametrize("shape", [0.5, 1.0, 4.0, 25.0, 1e4])
def test_gamma_shocks_have_mean_1_and_variance_1_over_k(shape: float) -> None:
    table = gamma_table(shape)
    scores = np.linspace(-6, 6, 240_001)
    weight = np.exp(-scores * scores / 2)
    weight /= weight.sum()
    found = np.interp(scores, np.linspace(-6, 6, len(table)), table)
    assert (found * weight).sum() == pytest.approx(1, abs=1e-4)
    assert ((found - 1) ** 2 * weight).sum() == pytest.approx(1 / shape, rel=3e-3)
    assert (np.diff(table) >= 0).all()
    middle = stats.gamma(shape, scale=1 / shape).ppf(stats.norm.cdf([-2.1, -0.4, 0.0, 1.3, 2.5]))
    assert np.interp([-2.1, -0.4, 0.0, 1.3, 2.5], np.linspace(-6, 6, len(table)), table) == pytest.approx(
        middle, rel=2e-3, abs=1e-5
    )


def test_drawn_shapes_lie_between_the_fixed_tables() -> None:
    shapes = np.array([0.7, 3.0, 17.0, 60.0])
    tables, level = gamma_rows(shapes)
    for k, at in zip(shapes, level, strict=True):
        i, part = int(at), at - int(at)
        row = tables[i] * (1 - part) + tables[i + 1] * part
        weight = np.exp(-(np.linspace(-6, 6, len(row)) ** 2) / 2)
        weight /= weight.sum()
        assert (row * weight).sum() == pytest.approx(1, abs=1e-3)
        assert ((row - 1) ** 2 * weight).sum() == pytest.approx(1 / k, rel=0.01)


@pytest.mark.parametrize(("mean", "k"), [(2.0, 1.5), (300.0, 8.0), (5000.0, 40.0)])
def test_visits_are_negative_binomial(mean: float, k: float) -> None:
    study = run(lone(visitors=mean, p=0.1, dispersion=k), horizon_of(8), replications=8192, seed=int(mean))
    visits = np.asarray(study.daily("visitors", "baseline"), np.float64).ravel()
    assert sigmas(visits, mean) < SIGMAS
    law = stats.nbinom(k, k / (k + mean))
    assert law.var() == pytest.approx(mean + mean**2 / k)
    kurtosis = float(law.stats("k"))
    assert abs(visits.var() / law.var() - 1) < SIGMAS * np.sqrt((kurtosis + 2) / visits.size)
    # the whole shape: Kolmogorov distance to the law
    steps = np.quantile(visits, np.linspace(0.02, 0.98, 25))
    assert np.abs([(visits <= x).mean() - law.cdf(x) for x in steps]).max() < 1.95 / np.sqrt(visits.size)


def test_shocks_of_neighbouring_days_are_correlated_as_phi_says() -> None:
    shop = lone(visitors=1e5, p=0.001, noise=Noise(0.0, 400.0, 0.6))
    visits = np.log(np.asarray(run(shop, horizon_of(12), replications=4096).daily("visitors", "baseline")))
    # nearly normal shocks at shape 400; Poisson noise adds 1e-5 to a variance of 2.5e-3
    expected = 0.6 * 2.5e-3 / (2.5e-3 + 1e-5)
    found = np.mean([np.corrcoef(visits[:, d], visits[:, d + 1])[0, 1] for d in range(11)])
    assert found == pytest.approx(expected, abs=0.02)
