"""The peers, in an environment of their own below build/: made once, asked through files."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build"
# statsforecast 2.1.1 and mlforecast 1.1.0 need pandas below 3; unpinned, an older release is taken silently.
PINNED = ("statsforecast==2.1.1", "mlforecast==1.1.0", "prophet==1.5.0", "lightgbm==4.7.0", "pandas<3")
NAMES = ("AutoETS", "AutoTheta", "Prophet", "LightGBM")
PATHS = 400


@dataclass(frozen=True)
class Answer:
    """Totals (origins, series, paths) of a peer, its CPU seconds and how many series it failed on."""

    totals: NDArray[np.float64]
    cpu_seconds: float
    failed: int


def environment() -> Path:
    """Return the Python of the peers' environment, made if it is not there."""
    folder = BUILD / "forecast-peers"
    python = folder / "bin" / "python"
    mark = folder / ".ready"
    if not mark.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        subprocess.run([str(python), *quiet, *PINNED], check=True)
        mark.write_text("\n".join(PINNED), encoding="utf-8")
    return python


def ask(
    name: str,
    values: NDArray[np.float64],
    start: str,
    known: list[int],
    ahead: list[int],
    holidays: str = "",
) -> Answer:
    """Return a peer's answer; kept below build/, keyed by the whole question and the peers' code."""
    order: dict[str, object] = {
        "values": values, "start": start, "known": np.array(known), "ahead": np.array(ahead)
    }  # fmt: skip
    if holidays:
        order["holidays"] = holidays
    kept = _kept(name, values, repr((start, known, ahead, holidays, PINNED)))
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            np.savez(Path(folder) / "order.npz", **order)  # type: ignore[arg-type]
            made = Path(folder) / "answer.npz"
            one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
            subprocess.run(
                [str(environment()), str(HERE / "peers_inside.py"), f"{folder}/order.npz", str(made), name],
                check=True,
                env={**os.environ, **one_thread, "PYTHONPATH": ""},
            )
            kept.write_bytes(made.read_bytes())
    found = np.load(kept)
    return Answer(found["totals"], float(found["cpu_seconds"]), int(found["failed"]))


def _kept(name: str, values: NDArray[np.float64], question: str) -> Path:
    digest = hashlib.blake2b(digest_size=10)
    digest.update(name.encode() + values.tobytes() + question.encode())
    digest.update((HERE / "peers_inside.py").read_bytes())
    return BUILD / "forecast-answers" / f"{name}-{digest.hexdigest()}.npz"
