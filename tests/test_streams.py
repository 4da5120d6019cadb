"""Random streams: Philox against the published vectors, samplers against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from ecomsim.checks import EcomsimError
from ecomsim.jit import jit
from ecomsim.stages import draws, samplers
from ecomsim.stages.draws import LAM, OUT, PROB, SCRATCH, UU, XX
from ecomsim.stages.shocks import gamma_rows, gamma_table
from ecomsim.streams import check_seed, philox, stream, uniforms

# Random123, kat_vectors: philox4x32 10 rounds
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_philox_gives_the_published_words(counter, key, words):
    assert tuple(int(w) for w in philox(*counter, *key)) == words


@jit
def _kernel_words(c0, c1, c2, k0, k1, out):
    for i in range(c0.shape[0]):
        x, y, z, w = draws.philox4(c0[i], c1[i], c2[i], k0[i], k1[i])
        out[0, i], out[1, i], out[2, i], out[3, i] = x, y, z, w


def test_the_kernel_draws_the_same_words():
    rng = np.random.default_rng(3)
    c0, c1, c2, k0, k1 = rng.integers(0, 2**32, (5, 1000), dtype=np.uint32)
    out = np.empty((4, 1000), np.uint32)
    _kernel_words(c0, c1, c2, k0, k1, out)
    np.testing.assert_array_equal(out, np.stack(philox(c0, c1, c2, 0, k0, k1)))


def test_a_stream_is_named_by_its_quantity():
    # blake2b-4 of the name, little-endian, by hashlib itself
    import hashlib

    assert stream("visitors") == int.from_bytes(
        hashlib.blake2b(b"visitors", digest_size=4).digest(), "little"
    )
    names = ["visitors", "demand", "contacts", "buyers", "lead time", "substitution", "store shock and level"]
    assert len({stream(name) for name in names}) == len(names)


def test_a_replication_has_its_own_uniforms():
    whole = uniforms(7, 0, 300, "x")
    np.testing.assert_array_equal(whole[128:200], uniforms(7, 128, 72, "x"))
    assert (whole > 0).all() and (whole < 1).all()
    assert stats.kstest(uniforms(1, 0, 20000, "y"), "uniform").pvalue > 1e-3
    assert abs(np.corrcoef(uniforms(1, 0, 20000, "y"), uniforms(2, 0, 20000, "y"))[0, 1]) < 0.03


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, True, "7"])
def test_a_seed_is_a_whole_number_of_32_bits(seed):
    with pytest.raises(EcomsimError, match="seed"):
        check_seed(seed)


def test_uniforms_never_reach_0_or_1():
    @jit
    def ends(out):
        out[0] = draws.u23(np.uint32(0))
        out[1] = draws.u23(np.uint32(0xFFFFFFFF))

    out = np.empty(2, np.float32)
    ends(out)
    assert out[0] == 2.0**-24 and out[1] == 1 - 2.0**-24


def sample(kind: str, n: int, lam: float, prob: float = 0.0, seed: int = 1) -> np.ndarray:
    """Draw n numbers by inversion of float32 uniforms, as the stages do."""
    u = ((np.random.default_rng(seed).integers(0, 2**23, n) + 0.5) / 2**23).astype(np.float32)
    return _sample(kind == "binomial", u, np.full(n, lam, np.float32), np.full(n, prob, np.float32))


@jit
def _sample(binomial, u, lam, prob):
    a = np.zeros(SCRATCH, np.float32)
    ia = a.view(np.int32)
    out = np.empty(u.shape[0], np.float32)
    for b in range(0, u.shape[0], 64):
        for k in range(64):
            a[UU + k] = u[b + k]
            a[LAM + k] = lam[b + k]
            a[PROB + k] = prob[b + k]
        if binomial:
            samplers.binomial64(a, ia)
        elif samplers.poisson64(a, ia):
            out[b] = np.nan
            continue
        for k in range(64):
            out[b + k] = a[OUT + k]
    return out


N = 640_000


@pytest.mark.parametrize("lam", [0.01, 0.3, 1, 4, 11.9, 12.1, 13, 30, 100, 1e3, 1e4, 1e6])
def test_poisson_has_the_right_mean_variance_and_law(lam):
    x = sample("poisson", N, lam).astype(np.float64)
    assert abs(x.mean() - lam) < 4.5 * np.sqrt(lam / N) + 3e-7 * lam
    # the variance of a sample variance: lam/n + 2 lam^2/n
    assert abs(x.var() - lam) < 5 * np.sqrt((lam + 2 * lam**2) / N) + 2e-4 * lam
    if lam <= 1e3:
        low, high = stats.poisson.ppf([1e-4, 1 - 1e-4], lam)
        edges = np.unique(np.linspace(low, high, 40).astype(int))
        expected = np.diff(np.concatenate([[0], stats.poisson.cdf(edges, lam), [1]])) * N
        seen = np.histogram(x, np.concatenate([[-0.5], edges + 0.5, [1e12]]))[0]
        keep = expected > 20
        chi2 = ((seen - expected)[keep] ** 2 / expected[keep]).sum()
        assert stats.chi2.sf(chi2, keep.sum() - 1) > 1e-4


def test_poisson_of_nothing_is_nothing_in_any_company():
    u = np.full(64, 1 - 2.0**-24, np.float32)
    lam = np.zeros(64, np.float32)
    for other in (0.0, 5.0, 1e5):
        lam[1::2] = other
        assert (_sample(False, u, lam, lam)[::2] == 0).all()


@pytest.mark.parametrize("lam", [-1.0, np.nan, np.inf, 2e15])
def test_poisson_refuses_an_absurd_mean(lam):
    means = np.ones(64, np.float32)
    means[17] = lam
    assert np.isnan(_sample(False, np.full(64, 0.5, np.float32), means, means)[0])


def test_more_is_never_less():
    u = np.full(64, 0.37, np.float32)
    lam = np.linspace(0, 40, 64).astype(np.float32)
    assert (np.diff(_sample(False, u, lam, lam)) >= 0).all()


@pytest.mark.parametrize(
    ("n", "p"), [(1, 0.3), (10, 0.5), (40, 0.9), (1000, 1e-3), (1e5, 1e-4), (300, 0.2), (5000, 0.83)]
)
def test_binomial_has_the_right_mean_variance_and_law(n, p):
    x = sample("binomial", N, n, p).astype(np.float64)
    mean, var = n * p, n * p * (1 - p)
    assert x.min() >= 0 and x.max() <= n
    assert abs(x.mean() - mean) < 4.5 * np.sqrt(var / N) + 2e-6 * mean
    assert abs(x.var() - var) < 0.01 * var
    values = np.arange(max(int(mean - 4 * var**0.5), 0), int(min(mean + 4 * var**0.5, n)) + 1)
    expected = stats.binom.pmf(values, n, p) * N
    seen = np.array([(x == v).sum() for v in values])
    keep = expected > 50
    chi2 = ((seen - expected)[keep] ** 2 / expected[keep]).sum()
    assert stats.chi2.sf(chi2, max(keep.sum() - 1, 1)) > 1e-5


def test_binomial_ends():
    assert (sample("binomial", 64, 7, 0.0) == 0).all()
    assert (sample("binomial", 64, 7, 1.0) == 7).all()
    assert (sample("binomial", 64, 0, 0.4) == 0).all()


@jit
def _functions(x, u, out):
    a = np.zeros(SCRATCH, np.float32)
    ia = a.view(np.int32)
    for k in range(64):
        a[XX + k] = x[k]
    draws.exp64(a, ia)
    for k in range(64):
        out[0, k] = a[XX + k]
    draws.log64(a, ia)
    for k in range(64):
        out[1, k] = a[XX + k]
        a[UU + k] = u[k]
    draws.normal64(a, ia)
    for k in range(64):
        out[2, k] = a[XX + k]


def test_exp_log_and_normal_quantiles():
    x = np.linspace(-60, 60, 64).astype(np.float32)
    u = np.concatenate([[2.0**-24, 1 - 2.0**-24], np.linspace(1e-5, 1 - 1e-5, 62)]).astype(np.float32)
    out = np.empty((3, 64), np.float32)
    _functions(x, u, out)
    np.testing.assert_allclose(out[0], np.exp(x.astype(float)), rtol=5e-7)
    np.testing.assert_allclose(out[1], x, rtol=2e-6, atol=2e-7)
    np.testing.assert_allclose(out[2], stats.norm.ppf(u.astype(float)), rtol=1e-4, atol=2e-6)


def test_gamma_tables_have_mean_one_and_the_gammas_quantiles():
    for shape in (0.7, 4.0, 60.0):
        table = gamma_table(shape)
        z = np.linspace(-6, 6, len(table))
        inside = np.abs(z) < 3.5
        np.testing.assert_allclose(
            table[inside],
            stats.gamma.ppf(stats.norm.cdf(z[inside]), shape, scale=1 / shape),
            rtol=2e-3,
            atol=1e-6,
        )
        weight = stats.norm.pdf(z)
        assert (table * weight).sum() / weight.sum() == pytest.approx(1, abs=1e-12)


def test_a_drawn_shape_does_not_depend_on_its_company():
    shapes = np.array([30.0, 50.0, 80.0, 25.0])
    table, level = gamma_rows(shapes)
    again, alone = gamma_rows(shapes[2:])
    np.testing.assert_array_equal(table, again)
    np.testing.assert_array_equal(level[2:], alone)
