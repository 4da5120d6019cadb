"""Compiled kernels: never stale, and no writable folder needed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ecomsim.jit import kernel_hash

INNER = """
from ecomsim.jit import jit

@jit
def constant():
    return {value}
"""
OUTER = """
from ecomsim.jit import jit
from ecomsim.tiny.inner import constant

@jit
def twice(x):
    return 2 * constant() * x
"""
SHOW = "from ecomsim.jit import CACHE; from ecomsim.tiny.outer import twice; print(twice(1.0), CACHE)"
NOWHERE = "/dev/null/nowhere"  # below a file: nobody can write there, not even root


@pytest.fixture
def package(tmp_path: Path, root: Path) -> Path:
    """A copy of the package with two tiny kernels, one calling the other."""
    home = tmp_path / "site"
    shutil.copytree(
        root / "ecomsim", home / "ecomsim", ignore=shutil.ignore_patterns("__pycache__", "data", "rules")
    )
    tiny = home / "ecomsim" / "tiny"
    tiny.mkdir()
    (tiny / "__init__.py").write_text("")
    (tiny / "inner.py").write_text(INNER.format(value=3.0))
    (tiny / "outer.py").write_text(OUTER)
    return home


def ask(home: Path, code: str = SHOW, **environment: str) -> str:
    """Run code in a new process against the copy of the package."""
    known = {
        k: v for k, v in os.environ.items() if k not in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "ECOMSIM_CACHE")
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**known, "PYTHONPATH": str(home), "PYTHONDONTWRITEBYTECODE": "1", **environment},
        capture_output=True, text=True, check=False, cwd=home,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_an_edited_kernel_never_runs_stale(package: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first, folder = ask(package, ECOMSIM_CACHE=str(cache)).split()
    assert first == "6.0" and Path(folder).parent == cache
    compiled = list(cache.rglob("*.nbi"))
    assert compiled  # it was kept
    inner = package / "ecomsim" / "tiny" / "inner.py"
    stat = inner.stat()
    # the file that changes is not the one whose kernel is called, and keeps size and time
    inner.write_text(INNER.format(value=5.0))
    os.utime(inner, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert inner.stat().st_size == stat.st_size
    second, other = ask(package, ECOMSIM_CACHE=str(cache)).split()
    assert second == "10.0" and other != folder


def test_it_works_where_nothing_can_be_written(package: Path) -> None:
    code = f"import tempfile; tempfile.gettempdir = lambda: {NOWHERE!r}; {SHOW}"
    before = sorted(package.rglob("*"))
    assert ask(package, code, HOME=NOWHERE, XDG_CACHE_HOME=NOWHERE, ECOMSIM_CACHE=NOWHERE) == "6.0 None"
    assert sorted(package.rglob("*")) == before


def test_it_caches_elsewhere_when_home_cannot_be_written(package: Path, tmp_path: Path) -> None:
    place = tmp_path / "tmp"
    place.mkdir()
    answer, folder = ask(package, HOME=NOWHERE, XDG_CACHE_HOME=NOWHERE, TMPDIR=str(place)).split()
    assert answer == "6.0" and Path(folder).parent == place
    assert not list(package.rglob("*.nbi")) and list(place.rglob("*.nbi"))


def test_the_cache_is_named_by_every_kernel_file_and_by_nothing_else(package: Path) -> None:
    inside = package / "ecomsim"
    names = [kernel_hash(inside)]
    (inside / "tiny" / "note.py").write_text("x = 1\n")
    assert kernel_hash(inside) == names[0]
    for path in (
        inside / "tiny" / "inner.py",
        inside / "stages" / "layout.py",
        inside / "stages" / "draws.py",
    ):
        path.write_text(path.read_text() + "\n# changed\n")
        names.append(kernel_hash(inside))
    assert len(set(names)) == 4


def test_a_child_process_chooses_for_itself(package: Path, tmp_path: Path) -> None:
    code = "import os, ecomsim.jit; print(os.environ.get('NUMBA_CACHE_DIR'))"
    assert ask(package, code, ECOMSIM_CACHE=str(tmp_path / "cache")) == "None"
