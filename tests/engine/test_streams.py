"""The random streams: published vectors, the same bits in NumPy and in kernels, nothing from Python's hash."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from ecomsim.checks import EcomsimError
from ecomsim.stages.draws import philox4, u23
from ecomsim.streams import check_seed, philox, stream, uniforms
from tests.engine.kit import differing, horizon_of, lone, run

# kat_vectors of Random123, philox4x32 with 10 rounds: counter, key, result
KNOWN = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def words(text: str) -> list[int]:
    return [int(word, 16) for word in text.split()]


@pytest.mark.parametrize(("counter", "key", "result"), KNOWN)
def test_published_vectors(counter: str, key: str, result: str) -> None:
    assert [int(x) for x in philox(*words(counter), *words(key))] == words(result)


def test_a_batch_gives_the_published_vectors_too() -> None:
    columns = [np.array(column, np.uint32) for column in zip(*(words(c) for c, _, _ in KNOWN), strict=True)]
    keys = [np.array(column, np.uint32) for column in zip(*(words(k) for _, k, _ in KNOWN), strict=True)]
    found = np.stack(philox(*columns, *keys), axis=1)
    assert found.tolist() == [words(result) for _, _, result in KNOWN]


def test_the_kernel_gives_the_published_vector_and_the_bits_of_numpy() -> None:
    zero = np.uint32(0)
    assert [int(x) for x in philox4(zero, zero, zero, zero, zero)] == words(KNOWN[0][2])
    rng = np.random.default_rng(5)
    for row in rng.integers(0, 2**32, (40, 5), dtype=np.uint32):
        c0, c1, c2, k0, k1 = row
        assert [int(x) for x in philox4(c0, c1, c2, k0, k1)] == [
            int(x) for x in philox(c0, c1, c2, 0, k0, k1)
        ]


def test_uniforms_are_never_0_or_1() -> None:
    low, high = u23(np.uint32(0)), u23(np.uint32(0xFFFFFFFF))
    assert low == np.float32(2**-24) and high == np.float32(1 - 2**-24) and low + high == 1
    found = uniforms(1, 0, 300_000, "x")
    assert 0 < found.min() < 1e-4 and 1 - 1e-4 < found.max() < 1
    # mean 1/2 and variance 1/12, Kolmogorov distance below 1.95 / sqrt(n)
    assert np.abs(np.sort(found) - np.arange(found.size) / found.size).max() < 1.95 / np.sqrt(found.size)


def test_neighbouring_days_streams_replications_and_indices_are_independent() -> None:
    base = uniforms(1, 0, 50_000, "x", index=0, day=3)
    others = [
        uniforms(1, 0, 50_000, "x", index=0, day=4), uniforms(1, 0, 50_000, "y", index=0, day=3),
        uniforms(1, 1, 50_000, "x", index=0, day=3), uniforms(1, 0, 50_000, "x", index=1, day=3),
        uniforms(0, 0, 50_000, "x", index=0, day=3),
    ]  # fmt: skip
    for other in others:
        assert abs(np.corrcoef(base, other)[0, 1]) < 4 / np.sqrt(base.size)


def test_stream_numbers_do_not_come_from_the_hash_of_the_process() -> None:
    code = "from ecomsim.streams import stream, uniforms; print(stream('demand'), uniforms(3, 0, 2, 'x').tolist())"
    found = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True,
            text=True, check=True,
        ).stdout
        for seed in ("0", "12345")
    }  # fmt: skip
    assert found == {f"{stream('demand')} {uniforms(3, 0, 2, 'x').tolist()}\n"}


def test_named_streams_do_not_collide() -> None:
    names = [f"parameter:products.S{i:04d}.price" for i in range(5000)]
    assert len({stream(name) for name in names}) == len(names)


def test_seed_0_is_a_seed_like_any_other() -> None:
    shop, month = lone(visitors=500.0, p=0.1), horizon_of(3)
    zero, again, one = (run(shop, month, seed=seed).arrays["baseline"] for seed in (0, 0, 1))
    assert not differing(zero, again)
    assert "visitors" in differing(zero, one)
    default = run(shop, month).arrays["baseline"]
    assert "visitors" in differing(zero, default)


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, "7", True, None])
def test_what_is_not_a_seed_is_refused(seed: object) -> None:
    with pytest.raises(EcomsimError, match="seed"):
        check_seed(seed)  # type: ignore[arg-type]


def test_the_largest_seed_works() -> None:
    assert check_seed(2**32 - 1) == 2**32 - 1
    found = uniforms(2**32 - 1, 0, 3, "x")
    assert ((found > 0) & (found < 1)).all()
