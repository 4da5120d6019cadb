"""How long one waits before anything moves; and whether it works where nothing may be written."""

from __future__ import annotations

import ctypes
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.harness import Figure, figure, fresh

ROOT = Path(__file__).resolve().parents[2]
FIRST_MONTH = """
from benchmarks.peers.bench_store import bench_horizon, bench_store
from ecomsim.simulate import simulate
simulate(bench_store(120, 20_000.0, "2026-11-01"), bench_horizon(30, "2026-11-01"), replications=500, seed=7)
"""


def figures() -> Iterator[Figure]:
    """Yield the start-up figures; CPU seconds of new processes, least of several."""
    cpu, _ = fresh("import ecomsim")
    yield figure("import ecomsim", cpu, "s CPU", "< 1", n=5, note="new process, least of 5")
    cpu, _ = fresh("from ecomsim.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass")
    yield figure("ecomsim --help", cpu, "s CPU", "< 0.7", n=5, note="new process, least of 5")
    with at_root():
        fresh(FIRST_MONTH, repeat=1)  # fills the kernel cache
        cpu, _ = fresh(FIRST_MONTH, repeat=3)
    yield figure(
        "first simulated month, warm kernel cache",
        cpu,
        "s CPU",
        "< 1.5",
        n=3,
        note="new process with imports, 120 SKUs, 30 days, 500 replications; least of 3",
    )
    yield figure(
        "works from a read-only installation",
        float(_read_only()),
        "1 = yes",
        ">= 1",
        note="a copy of the package and a home without write permission",
    )


class at_root:  # noqa: N801
    """Run children from the checkout, so that they find `benchmarks`."""

    def __enter__(self) -> None:
        self.before = Path.cwd()
        os.chdir(ROOT)

    def __exit__(self, *_: object) -> None:
        os.chdir(self.before)


def _obey() -> None:
    """Give up root's right to write where permissions forbid it, in the child about to start."""
    if os.geteuid() == 0 and sys.platform == "linux":
        ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE


def _read_only() -> bool:
    """Simulate from a copy of the package nobody may write to, with a home nobody may write to."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for package in ("ecomsim", "benchmarks"):
            shutil.copytree(
                ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "results")
            )
        (folder / "home").mkdir()
        check = "import os, ecomsim\nassert not os.access(ecomsim.__path__[0], os.W_OK)\n"
        code = (
            check + "import ecomsim; assert ecomsim.__file__.startswith(" + repr(name) + ")\n" + FIRST_MONTH
        )
        paths = [folder, *folder.rglob("*")]
        for path in paths:
            path.chmod(0o555 if path.is_dir() else 0o444)
        env = {k: v for k, v in os.environ.items() if k not in ("ECOMSIM_CACHE", "NUMBA_CACHE_DIR")}
        home = str(folder / "home")
        env |= {"HOME": home, "XDG_CACHE_HOME": home, "PYTHONPATH": name, "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(
                [sys.executable, "-c", code],
                cwd=name,
                env=env,
                capture_output=True,
                text=True,
                preexec_fn=_obey,
            )
        finally:
            for path in paths:
                path.chmod(path.stat().st_mode | stat.S_IWUSR)
        if done.returncode:
            print(done.stderr[-2000:], file=sys.stderr)
        return done.returncode == 0
