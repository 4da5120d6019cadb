"""Formulas: oracles, fifty digits, minimal sizing and its speed beside pyworkforce."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import mpmath as mp
import numpy as np

from benchmarks.harness import Figure, cpu, figure
from benchmarks.peer_env import ask_peer, pyworkforce
from ecomsim.formulas.abandonment import erlang_a
from ecomsim.formulas.queueing import (
    asa,
    erlang_b,
    erlang_c,
    queue_length,
    service_level,
    smallest_agents,
    wait_percentile,
)
from ecomsim.formulas.sizing import smallest_agents_impatient

PEER = "pyworkforce 0.5.4"
SCRIPT = Path(__file__).with_name("peer_queueing.py")

# value, what is printed of it in the sources, half a unit of its last digit
ORACLES = [
    (lambda: erlang_c(10, 14), 0.174131933595, 5e-13),
    (lambda: service_level(10, 14, 20, 180), 0.888350, 5e-7),
    (lambda: asa(10, 14, 180), 7.836, 5e-4),
    (lambda: erlang_c(48, 55), 0.238701, 5e-7),
    (lambda: service_level(48, 55, 15, 240), 0.845883, 5e-7),
    (lambda: asa(48, 55, 240), 8.18, 5e-3),
    (lambda: erlang_c(480, 500), 0.266512519962, 5e-13),
    (lambda: erlang_c(9900, 10000), 0.222776928864, 5e-13),
    (lambda: asa(48, 50, 60), 20.83, 5e-3),
    (lambda: wait_percentile(48, 50, 60, 0.9), 58.14, 5e-3),
    (lambda: queue_length(48, 50), 16.67, 5e-3),
    (lambda: erlang_a(0.8, 50, 60, 120).waits, 0.467774068554, 5e-13),
    (lambda: erlang_a(0.8, 50, 60, 120).abandoned, 0.0309122491622, 5e-14),
    (lambda: erlang_a(0.8, 50, 60, 120).mean_wait_s, 3.709, 5e-4),
    (lambda: erlang_a(0.8, 50, 60, 120).occupancy, 0.9303, 5e-5),
    (lambda: erlang_b(10, 15), 0.0364969, 5e-8),
    (lambda: erlang_b(1000, 1000), 0.0248119, 5e-8),
]


def figures() -> Iterator[Figure]:
    """Yield the figures of the formulas."""
    right = sum(abs(float(value()) - told) <= half for value, told, half in ORACLES)
    yield figure(
        "textbook values met to their last printed digit",
        right,
        "of 17",
        f">= {len(ORACLES)}",
        n=len(ORACLES),
    )
    exact = max(
        (abs(float(value()) - told) for value, told, half in ORACLES if half <= 5e-13), default=float("nan")
    )
    yield figure("worst error of the oracles printed to 12 digits", exact, "", "<= 1e-9")
    worst_c, worst_a, cases = _precision()
    yield figure(
        "Erlang C, worst error against 50 digits", worst_c, "", "<= 1e-10", n=40, note="n up to 10,000"
    )
    yield figure(
        "Erlang A, worst error against 50 digits", worst_a, "", "<= 1e-10", n=cases,
        note="P(W>0) and P(Ab), n up to 10,000, theta/mu 1e-4 to 50, load 0.3 to 1.2",
    )  # fmt: skip
    rng = np.random.default_rng(17)
    count = 4000
    load, within = rng.uniform(0.2, 60, count), rng.uniform(5, 120, count)
    handle, target = rng.uniform(30, 600, count), rng.uniform(0.5, 0.98, count)
    timed = rng.uniform(1, 60, 3000)
    need = smallest_agents(load, within, handle, target)
    truth = np.array([_brute(*case) for case in zip(load, within, handle, target, strict=True)])
    cases_of = np.stack([load, within, handle, target], axis=1).tolist()
    theirs = ask_peer(pyworkforce(), SCRIPT, {"cases": cases_of, "timed": timed.tolist()})
    yield figure("sizing minimal", float((need == truth).sum()), f"of {count}", f">= {count}", n=count)
    yield figure(
        "peer's sizing minimal",
        float((np.array(theirs["sized"]) == truth).sum()),
        f"of {count}",
        peer=PEER,
        n=count,
    )
    many = rng.uniform(1, 60, 400_000)
    speed = many.size / cpu(lambda: smallest_agents(many, 20, 180, 0.8), 5)
    peer = timed.size / theirs["seconds"]
    yield figure(
        "sizings a CPU-second, 1 to 60 Erlangs", speed, "1/s", ">= 500000", n=5, note="share of 80 % in 20 s"
    )
    yield figure(
        "sizing speed over the peer", speed, "1/s", ">= 20", peer=PEER, ratio=speed / peer,
        note=f"peer {peer:.3g} a second, same run",
    )  # fmt: skip
    ten = float(erlang_a(100 / 60, 300, 180, 1200, 600).answered_within)
    yield figure(
        "answered in 10 minutes: 300 agents, 100 a minute, 3 minutes, patience 20", ten, "share", ">= 0.987",
        peer=PEER, note=f"truth 0.9871; the peer says {theirs['ten_minutes']:.4f} after {theirs['ten_seconds']:.1f} s",
    )  # fmt: skip
    agents = [
        int(smallest_agents_impatient(0.125, 240, 180, 60, 0.9, cv=c)) for c in (0, 0.05, 0.1, 0.2, 0.3)
    ]
    yield figure(
        "agents for 30 Erlangs as days differ by 0, 5, 10, 20, 30 %", float(agents[-1]), "agents", "= 38",
        note=f"{agents}, known 31, 32, 32, 35, 38",
    )  # fmt: skip


def _brute(load: float, within: float, handle: float, target: float) -> int:
    b, k = 1.0, 0
    while True:
        k += 1
        b = load * b / (k + load * b)
        if k > load:
            c = k * b / (k - load * (1 - b))
            if 1 - c * np.exp(-(k - load) * within / handle) >= target:
                return k


def _precision() -> tuple[float, float, int]:
    """Return the worst errors of C and A, and how many cases of A."""
    worst_c = worst_a = 0.0
    cases = 0
    with mp.workdps(50):
        for n in (1, 2, 7, 30, 100, 500, 2000, 10_000):
            for rho in (0.3, 0.7, 0.9, 0.97, 0.995, 1.0, 1.2):
                a, b = mp.mpf(rho) * n, mp.mpf(1)
                for k in range(1, n + 1):
                    b = a * b / (k + a * b)
                if rho < 1:
                    c = n * b / (n - a * (1 - b))
                    worst_c = max(worst_c, abs(float(mp.mpf(float(erlang_c(float(a), n))) - c)))
                for theta in (1e-4, 0.01, 0.3, 1.0, 7.0, 50.0):
                    if rho > 1 and n * (rho - 1) / theta > 20_000:
                        continue  # the sum in fifty digits would take minutes
                    waits, gone = _chain(a, b, n, theta)
                    out = erlang_a(float(a), n, 1.0, 1 / theta)
                    worst_a = max(worst_a, abs(float(out.waits - waits)), abs(float(out.abandoned - gone)))
                    cases += 1
    return worst_c, worst_a, cases


def _chain(a: mp.mpf, b: mp.mpf, n: int, theta: float) -> tuple[mp.mpf, mp.mpf]:
    x, y = n / mp.mpf(theta), a / mp.mpf(theta)
    term, total, queue, j = mp.mpf(1), mp.mpf(1), mp.mpf(0), 0
    while not (j and y < x + j and term * (j + 1) < total * mp.mpf(10) ** -30):
        j += 1
        term *= y / (x + j)
        total += term
        queue += j * term
    waits = total * b / (1 + (total - 1) * b)
    return waits, mp.mpf(theta) * queue * waits / total / a
