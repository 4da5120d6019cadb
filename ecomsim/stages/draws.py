"""What every kernel computes with: Philox, uniforms, exp, log, normal quantiles; 64 lanes at a time.

Strict float32 and nothing from libm, so the bits do not depend on the machine's vector width, the chunk or the
thread. Lanes live in one scratch array at constant offsets: no alias checks, no remainder loops. Always inversion.
`a` is the float32 scratch of at least `SCRATCH` numbers, `ia` the same memory as int32.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np

from ecomsim.jit import inlined, jit

__all__ = [
    "CF",
    "LAM",
    "LANES",
    "LARGEST",
    "OUT",
    "PP",
    "PROB",
    "SCRATCH",
    "SPAN",
    "U1",
    "U2",
    "U3",
    "U4",
    "UU",
    "WW",
    "XX",
    "add64",
    "any64",
    "clear64",
    "exp64",
    "fill64",
    "log64",
    "move64",
    "normal64",
    "philox4",
    "row64",
    "save64",
    "u23",
    "words64",
]


Array: TypeAlias = Any
F = np.float32
I = np.int32  # noqa: E741
U32 = np.uint32
U64 = np.uint64

LANES = 64
# Offsets of the lanes in the scratch array; kernels take their own from SCRATCH on. Integers go to WW only, above the
# float lanes used beside them: the compiler checks whole ranges for overlap, and falls back to scalar code.
LAM, UU, OUT, PP, CF, XX, WW, PROB, U1, U2, U3, U4, SCRATCH = (np.int64(64 * i) for i in range(13))
LARGEST = 1e15
SPAN = F(6.0)
"""Gamma tables reach from -SPAN to SPAN normal scores."""

_M0, _M1 = U64(0xD2511F53), U64(0xCD9E8D57)
_W0, _W1 = U32(0x9E3779B9), U32(0xBB67AE85)
_S32 = U64(32)
_T23, _T24 = F(2.0**-23), F(2.0**-24)


@inlined
def philox4(c0: Any, c1: Any, c2: Any, k0: Any, k1: Any) -> Any:
    """Return four 32-bit words of Philox4x32-10 for the counter (c0, c1, c2, 0)."""
    c3 = U32(0)
    for _ in range(10):
        p0 = _M0 * U64(c0)
        p1 = _M1 * U64(c2)
        n0 = U32(p1 >> _S32) ^ c1 ^ k0
        n1 = U32(p1)
        n2 = U32(p0 >> _S32) ^ c3 ^ k1
        n3 = U32(p0)
        c0 = n0
        c1 = n1
        c2 = n2
        c3 = n3
        k0 = U32(k0 + _W0)
        k1 = U32(k1 + _W1)
    return c0, c1, c2, c3


@inlined
def u23(x: Any) -> Any:
    """Return a uniform in [2^-24, 1 - 2^-24]; with 24 bits the last one would round to 1."""
    return F(I(x >> U32(9))) * _T23 + _T24


@inlined
def any64(ia: Array, o: Any) -> Any:
    """Return whether any of the 64 lanes from `o` is above 0; as integers, because that reduction vectorises."""
    high = I(0)
    part = ia[o : o + 64]  # as below: a short loop of known length is unrolled before it is vectorised
    for k in range(part.shape[0]):
        b = part[k]
        high = b if b > high else high
    return high > I(0)


@jit
def words64(a: Array, index: Any, day: Any, stream: Any, key: Any, first: Any) -> None:
    """Set four lanes of uniforms, U1 to U4, for 64 replications from `first`: the words of one counter each."""
    for k in range(64):
        x, y, z, w = philox4(U32(index), U32(day), U32(stream), U32(key), U32(first + k))
        a[U1 + k] = u23(x)
        a[U2 + k] = u23(y)
        a[U3 + k] = u23(z)
        a[U4 + k] = u23(w)


# Copies and sums of lanes loop over slices, whose length the compiler does not know: a loop of 64 simple steps is
# unrolled into scalar code before it can be vectorised, and an index that might count from the end stops it too.


@inlined
def move64(a: Array, to: Any, source: Any) -> None:
    """Copy 64 lanes of the scratch array."""
    out = a[to : to + 64]
    part = a[source : source + 64]
    for k in range(out.shape[0]):
        out[k] = part[k]


@jit
def fill64(a: Array, to: Any, lanes: Array, day: Any, row: Any, b: Any) -> None:
    """Copy row `row` of packed parameters (1 or D, rows, 1 or n) for replications b..b + 63 into 64 lanes."""
    e = day if lanes.shape[0] > 1 else 0
    out = a[to : to + 64]
    if lanes.shape[2] > 1:
        part = lanes[e, row, b : b + 64]
        for k in range(out.shape[0]):
            out[k] = part[k]
    else:
        value = lanes[e, row, 0]
        for k in range(out.shape[0]):
            out[k] = value


@inlined
def row64(a: Array, to: Any, row: Array, b: Any) -> None:
    """Copy block `b` of a row of numbers by replication, or its one certain number, into 64 lanes."""
    out = a[to : to + 64]
    if row.shape[0] > 1:
        part = row[64 * b : 64 * b + 64]
        for k in range(out.shape[0]):
            out[k] = part[k]
    else:
        value = row[0]
        for k in range(out.shape[0]):
            out[k] = value


@inlined
def save64(row: Array, a: Array, source: Any) -> None:
    """Copy 64 lanes of the scratch array into a row of 64."""
    part = a[source : source + 64]
    for k in range(row.shape[0]):
        row[k] = part[k]


@inlined
def clear64(a: Array, to: Any, rows: Any) -> None:
    """Set `rows` rows of 64 lanes to 0."""
    out = a[to : to + 64 * rows]
    for k in range(out.shape[0]):
        out[k] = F(0)


@inlined
def add64(a: Array, to: Any, source: Any, rows: Any) -> None:
    """Add `rows` rows of 64 lanes to others."""
    out = a[to : to + 64 * rows]
    part = a[source : source + 64 * rows]
    for k in range(out.shape[0]):
        out[k] += part[k]


@jit
def exp64(a: Array, ia: Array) -> None:
    """a[XX + k] = exp(a[XX + k]), clipped to arguments from -87 to 87; relative error 2e-7."""
    for k in range(64):
        x = a[XX + k]
        x = x if x < F(87) else F(87)
        x = x if x > F(-87) else F(-87)
        n = np.floor(x * F(1.44269504) + F(0.5))
        r = (x - n * F(0.693359375)) + n * F(2.12194440e-4)
        y = F(1.9875691500e-4)
        y = y * r + F(1.3981999507e-3)
        y = y * r + F(8.3334519073e-3)
        y = y * r + F(4.1665795894e-2)
        y = y * r + F(1.6666665459e-1)
        y = y * r + F(5.0000001201e-1)
        a[PP + k] = (y * (r * r) + r) + F(1)
        a[CF + k] = n
    for k in range(64):
        ia[WW + k] = (I(a[CF + k]) + I(127)) << I(23)
    for k in range(64):
        a[XX + k] = a[PP + k] * a[WW + k]


@jit
def log64(a: Array, ia: Array) -> None:
    """a[XX + k] = log(a[XX + k]) for positive numbers (anything below 1e-37 counts as 1e-37)."""
    for k in range(64):
        x = a[XX + k]
        a[PP + k] = x if x > F(1e-37) else F(1e-37)
    for k in range(64):
        b = ia[PP + k]
        ia[WW + k] = (b >> I(23)) - I(127)
        ia[CF + k] = (b & I(0x7FFFFF)) | I(0x3F800000)
    for k in range(64):
        m = a[CF + k]
        e = F(ia[WW + k])
        big = m > F(1.41421356)
        m = m * F(0.5) if big else m
        e = e + F(1) if big else e
        x = m - F(1)
        z = x * x
        y = F(7.0376836292e-2)
        y = y * x + F(-1.1514610310e-1)
        y = y * x + F(1.1676998740e-1)
        y = y * x + F(-1.2420140846e-1)
        y = y * x + F(1.4249322787e-1)
        y = y * x + F(-1.6668057665e-1)
        y = y * x + F(2.0000714765e-1)
        y = y * x + F(-2.4999993993e-1)
        y = y * x + F(3.3333331174e-1)
        a[XX + k] = (x + (x * (z * y) - F(0.5) * z)) + e * F(0.693147181)


@jit
def normal64(a: Array, ia: Array) -> None:
    """a[XX + k] = standard normal quantile of a[UU + k] (Giles 2012, single precision erfinv)."""
    for k in range(64):
        u = a[UU + k]
        a[XX + k] = F(4) * u * (F(1) - u)
    log64(a, ia)
    for k in range(64):
        w = -a[XX + k]
        w = w if w > F(0) else F(0)
        v = w - F(2.5)
        z1 = F(2.81022636e-08)
        z1 = F(3.43273939e-07) + z1 * v
        z1 = F(-3.5233877e-06) + z1 * v
        z1 = F(-4.39150654e-06) + z1 * v
        z1 = F(0.00021858087) + z1 * v
        z1 = F(-0.00125372503) + z1 * v
        z1 = F(-0.00417768164) + z1 * v
        z1 = F(0.246640727) + z1 * v
        z1 = F(1.50140941) + z1 * v
        v = F(math.sqrt(w)) - F(3)
        z2 = F(-0.000200214257)
        z2 = F(0.000100950558) + z2 * v
        z2 = F(0.00134934322) + z2 * v
        z2 = F(-0.00367342844) + z2 * v
        z2 = F(0.00573950773) + z2 * v
        z2 = F(-0.0076224613) + z2 * v
        z2 = F(0.00943887047) + z2 * v
        z2 = F(1.00167406) + z2 * v
        z2 = F(2.83297682) + z2 * v
        a[XX + k] = (z1 if w < F(5) else z2) * (F(2) * a[UU + k] - F(1)) * F(1.41421356)
