"""The form of a figure, and ways to take it on a shared machine: CPU time, minima, ratios in one run."""

from __future__ import annotations

import importlib
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "results"


@dataclass(frozen=True)
class Figure:
    """One measured figure.

    Attributes
    ----------
    name, value, unit : what was measured
    peer : what it is compared with, '' for none
    ratio : value against the peer, None for none
    n : repetitions behind it
    reach : the wanted value with its direction, as text: '>= 80', '<= 45'
    met : whether it holds
    note : how it was measured, in a few words
    """

    name: str
    value: float
    unit: str
    peer: str
    ratio: float | None
    n: int
    reach: str
    met: bool
    note: str = ""


def figure(
    name: str,
    value: float,
    unit: str,
    reach: str = "",
    *,
    peer: str = "",
    ratio: float | None = None,
    n: int = 1,
    note: str = "",
) -> Figure:
    """Make a figure; `reach` is judged against the ratio when there is one, else against the value."""
    judged = value if ratio is None else ratio
    return Figure(
        name,
        _short(value),
        unit,
        peer,
        None if ratio is None else _short(ratio),
        n,
        reach,
        _met(judged, reach),
        note,
    )


def cpu(work: Callable[[], object], repeat: int = 5) -> float:
    """Return the least CPU seconds (all threads) of `repeat` runs after one warm-up."""
    work()
    best = float("inf")
    for _ in range(repeat):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def walls(work: Callable[[], object], repeat: int = 30) -> list[float]:
    """Return the sorted wall seconds of `repeat` runs after two warm-ups."""
    work()
    work()
    taken = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return sorted(taken)


def fresh(code: str, repeat: int = 5, env: dict[str, str] | None = None) -> tuple[float, float]:
    """Return the least (CPU seconds, peak MB) of `repeat` new Python processes running `code`."""
    # the kernel's own high-water mark: getrusage's begins with that of the process which forked this one
    tail = "\nimport resource as _r; _u = _r.getrusage(_r.RUSAGE_SELF)"
    tail += "\n_h = next(x for x in open('/proc/self/status') if x.startswith('VmHWM')).split()[1]"
    tail += "\nprint('\\n@', _u.ru_utime + _u.ru_stime, int(_h) / 1024)"
    best, peak = float("inf"), float("inf")
    for _ in range(repeat):
        done = subprocess.run(
            [sys.executable, "-c", code + tail],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, **(env or {})},
        )
        seconds, megabytes = done.stdout.rsplit("@", 1)[1].split()
        best, peak = min(best, float(seconds)), min(peak, float(megabytes))
    return best, peak


def areas() -> list[str]:
    """Return the areas: modules and packages here that have a `figures` function."""
    names = [p.stem for p in HERE.glob("*.py")] + [p.parent.name for p in HERE.glob("*/__init__.py")]
    return sorted(n for n in names if not n.startswith("_") and n not in ("harness", "peers"))


def run(area: str) -> int:
    """Print and keep the figures of one area; return how many miss their reach."""
    module = importlib.import_module(f"benchmarks.{area}")
    produced: Iterable[Figure] = module.figures()
    lines, missed = [], 0
    for item in produced:
        line = json.dumps(asdict(item), ensure_ascii=False)
        print(line, flush=True)
        lines.append(line)
        missed += not item.met
    RESULTS.mkdir(exist_ok=True)
    stamp = json.dumps(
        {"date": time.strftime("%Y-%m-%d"), "machine": machine(), "python": platform.python_version()}
    )
    (RESULTS / f"{area}.jsonl").write_text("\n".join([stamp, *lines]) + "\n", encoding="utf-8")
    return missed


def machine() -> str:
    """Return the processor's name and how many cores we may use."""
    try:
        text = Path("/proc/cpuinfo").read_text()
        name = next(
            line.split(":", 1)[1].strip() for line in text.splitlines() if line.startswith("model name")
        )
    except (OSError, StopIteration):
        name = platform.processor() or platform.machine()
    return f"{name}, {len(os.sched_getaffinity(0))} cores, shared"


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def _met(value: float, reach: str) -> bool:
    if not reach:
        return True
    sign, number = reach.split()[:2]
    bound = float(number)
    holds = {
        ">=": value >= bound,
        "<=": value <= bound,
        "<": value < bound,
        ">": value > bound,
        "=": value == bound,
    }
    return bool(holds[sign])  # a NumPy truth is no JSON
