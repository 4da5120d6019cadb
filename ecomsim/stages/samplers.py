"""Counts and shocks by inversion: Poisson, binomial and gamma draws for 64 lanes at a time (see draws.py)."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np

from ecomsim.jit import borrowed, jit
from ecomsim.stages.draws import (
    CF,
    LAM,
    LARGEST,
    OUT,
    PP,
    PROB,
    SPAN,
    UU,
    WW,
    XX,
    any64,
    exp64,
    log64,
    normal64,
)

__all__ = ["binomial64", "gamma64", "poisson64"]

F = np.float32
I = np.int32  # noqa: E741
Array: TypeAlias = Any

_LARGEST_BITS = I(np.float32(LARGEST).view(np.int32))
_SMALL = F(12)
_JOINED = F(13)
_NEGLIGIBLE = F(1e-8)
_TOP = F(1 - 2.0**-19)


@jit
def poisson64(a: Array, ia: Array) -> Any:
    """a[OUT + k] = Poisson quantile of a[UU + k] at mean a[LAM + k]; returns 1 for a negative, NaN or absurd mean.

    Up to 12 the distribution is summed; above, Cornish-Fisher to third order with the lattice correction
    x = l + sqrt(l) z + (z^2 - 1)/6 - (z^3 + 2 z)/(72 sqrt(l)), rounded: right in mean and variance to 1e-4. Just above
    12 it is never less than the sum at 12, so a higher mean never gives fewer.
    """
    low = I(0x7F000000)
    high = I(0)
    bits = borrowed(ia)[LAM : LAM + 64]
    for k in range(bits.shape[0]):  # for numbers of at least 0, float order is integer order
        b = bits[k]
        high = b if b > high else high
        low = b if b < low else low
    if low < I(0) or high > _LARGEST_BITS:
        return 1
    ia[WW] = low
    ia[WW + 1] = high
    least = a[WW]
    most = a[WW + 1]
    if least <= _JOINED:
        _poisson_sum(a)
    if most > _SMALL:
        normal64(a, ia)
        for k in range(64):
            lam = a[LAM + k]
            z = a[XX + k]
            lam1 = lam if lam > F(1) else F(1)
            root = F(math.sqrt(lam1))
            zz = z * z
            x = lam + (root * z + ((zz - F(1)) * F(1 / 6.0) - (z * (zz + F(2))) * F(1 / 72.0) / root))
            v = np.floor(x + F(0.5))
            v = v if v > F(0) else F(0)
            summed = a[OUT + k]
            at_least = summed if summed > v else v
            v = at_least if lam <= _JOINED else v
            a[OUT + k] = v if lam > _SMALL else summed
    return 0


@jit
def _poisson_sum(a: Array) -> None:
    """a[OUT + k] = quantile by adding up probabilities; a mean above 12 counts as 12.

    Uniforms in the last 2 of a million count as its beginning: beyond, rounding decides where the sum of 40
    probabilities ends. A lane's answer never depends on its neighbours'.
    """
    for k in range(64):
        lam = a[LAM + k]
        lam = lam if lam < _SMALL else _SMALL
        a[XX + k] = lam
        y = lam * F(-1 / 16.0)
        e = F(1 / 3628800.0)
        e = e * y + F(1 / 362880.0)
        e = e * y + F(1 / 40320.0)
        e = e * y + F(1 / 5040.0)
        e = e * y + F(1 / 720.0)
        e = e * y + F(1 / 120.0)
        e = e * y + F(1 / 24.0)
        e = e * y + F(1 / 6.0)
        e = e * y + F(0.5)
        e = e * y + F(1)
        e = e * y + F(1)
        e = e * e
        e = e * e
        e = e * e
        e = e * e
        a[PP + k] = e
        a[CF + k] = e
        a[OUT + k] = F(0)
    # four terms at a time: the lanes travel through the first-level cache only once for them
    for s in range(1, 200, 4):
        i1 = F(1) / F(s)
        i2 = F(1) / F(s + 1)
        i3 = F(1) / F(s + 2)
        i4 = F(1) / F(s + 3)
        busy = I(0)
        for k in range(64):
            u = a[UU + k]
            u = u if u < _TOP else _TOP
            lam = a[XX + k]
            c0 = a[CF + k]
            p1 = a[PP + k] * (lam * i1)
            c1 = c0 + p1
            p2 = p1 * (lam * i2)
            c2 = c1 + p2
            p3 = p2 * (lam * i3)
            c3 = c2 + p3
            p4 = p3 * (lam * i4)
            c4 = c3 + p4
            c4 = c4 if p4 > _NEGLIGIBLE else F(1)
            n = a[OUT + k]
            n += F(1) if u > c0 else F(0)
            n += F(1) if u > c1 else F(0)
            n += F(1) if u > c2 else F(0)
            n += F(1) if u > c3 else F(0)
            busy |= I(1) if u > c4 else I(0)
            a[OUT + k] = n
            a[PP + k] = p4
            a[CF + k] = c4
        if busy == I(0):
            break


@jit
def binomial64(a: Array, ia: Array) -> None:
    """a[OUT + k] = binomial quantile of a[UU + k] for a[LAM + k] trials of probability a[PROB + k] in [0, 1].

    Above one half the failures are counted instead. Where the rarer side is expected at most 12 times the
    distribution is summed; above, Cornish-Fisher with the lattice correction. Never above the trials.
    """
    for k in range(64):
        p = a[PROB + k]
        u = a[UU + k]
        q = F(1) - p
        q = q if p > F(0.5) else p
        a[UU + k] = F(1) - u if p > F(0.5) else u
        a[XX + k] = F(1) - q
        a[PP + k] = a[LAM + k] * q - _SMALL
        a[CF + k] = F(1) if a[LAM + k] * q <= _SMALL else F(0)
    any_large = any64(ia, PP)
    if any64(ia, CF):
        log64(a, ia)
        for k in range(64):
            p = a[PROB + k]
            q = F(1) - p if p > F(0.5) else p
            y = F(1 / 6.0)
            y = y * q + F(1 / 5.0)
            y = y * q + F(1 / 4.0)
            y = y * q + F(1 / 3.0)
            y = y * q + F(0.5)
            near = -q * (y * q + F(1))  # log(1 - q) where 1 - q has lost its digits
            a[XX + k] = (near if q < F(0.06) else a[XX + k]) * a[LAM + k]
        exp64(a, ia)
        for k in range(64):
            a[PP + k] = a[XX + k]
            a[CF + k] = a[XX + k]
            a[OUT + k] = F(0)
        for s in range(1, 64):
            inverse = F(1) / F(s)
            for k in range(64):
                p = a[PROB + k]
                q = F(1) - p if p > F(0.5) else p
                left = a[LAM + k] - F(s - 1)
                left = left if left > F(0) else F(0)
                c = a[CF + k]
                t = a[PP + k] * ((left * inverse) * (q / (F(1) - q)))
                beyond = a[UU + k] - c
                beyond = beyond if left > F(0) else F(0)
                a[OUT + k] += F(1) if beyond > F(0) else F(0)
                a[PP + k] = t
                a[CF + k] = c + t
                a[XX + k] = beyond
            if not any64(ia, XX):
                break
    if any_large:
        normal64(a, ia)
        for k in range(64):
            n = a[LAM + k]
            p = a[PROB + k]
            q = F(1) - p if p > F(0.5) else p
            mean = n * q
            var = mean * (F(1) - q)
            var = var if var > F(1) else F(1)
            z = a[XX + k]
            zz = z * z
            root = F(math.sqrt(var))
            # lattice: variance less 1/12; skewness (1 - 2q); the kurtosis terms of Cornish and Fisher
            skew = F(1) - F(2) * q
            kurt = F(1) - F(6) * q * (F(1) - q)
            third = kurt * (zz * z - F(3) * z) * F(1 / 24.0) - skew * skew * (F(2) * zz * z - F(5) * z) * F(
                1 / 36.0
            )
            x = mean + (root * z + (skew * (zz - F(1)) * F(1 / 6.0) + (third - z * F(1 / 24.0)) / root))
            v = np.floor(x + F(0.5))
            v = v if v > F(0) else F(0)
            a[OUT + k] = v if mean > _SMALL else a[OUT + k]
    for k in range(64):
        n = a[LAM + k]
        x = a[OUT + k]
        x = x if x < n else n
        a[OUT + k] = n - x if a[PROB + k] > F(0.5) else x


@jit
def gamma64(a: Array, table: Array, level: Array, b: Any) -> None:
    """a[XX + k] = gamma quantile of mean 1 at the normal score a[XX + k], by `table` rows at `level`[b + k].

    One row when the shape is certain; otherwise linear between the rows either side of the lane's level.
    """
    rows = table.shape[0]
    cells = F(table.shape[1] - 1)
    per = cells / (F(2) * SPAN)
    certain = level.shape[0] == 1
    for k in range(64):
        x = (a[XX + k] + SPAN) * per
        x = x if x > F(0) else F(0)
        x = x if x < cells - F(0.01) else cells - F(0.01)
        j = I(x)
        f = x - F(j)
        if rows == 1:
            a[XX + k] = table[0, j] + (table[0, j + 1] - table[0, j]) * f
        else:
            y = level[0] if certain else level[b + k]
            i = min(int(y), rows - 2)
            g = y - F(i)
            one = table[i, j] + (table[i, j + 1] - table[i, j]) * f
            two = table[i + 1, j] + (table[i + 1, j + 1] - table[i + 1, j]) * f
            a[XX + k] = one + (two - one) * g
