"""Compiled kernels: never stale, and no writable folder needed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# Three kernels in a row, each in its own file, a number from a file without kernels, and one kernel beside them.
FILES = {
    "numbers.py": """
UNIT = 1.0
""",
    "inner.py": """
from ecomsim.jit import inlined
from ecomsim.tiny.numbers import UNIT

@inlined
def constant():
    return 3.0 * UNIT
""",
    "middle.py": """
from ecomsim.jit import jit
from ecomsim.tiny import inner

@jit
def more(x):
    return inner.constant() * x
""",
    "outer.py": """
from ecomsim.jit import jit
from ecomsim.tiny.middle import more

@jit
def twice(x):
    return 2 * more(x)
""",
    "beside.py": """
from ecomsim.jit import jit

@jit
def half(x):
    return x / 2
""",
}
SHOW = """
from ecomsim.jit import CACHE
from ecomsim.tiny.outer import twice
from ecomsim.tiny.beside import half
print(twice(1.0), half(1.0), CACHE)
"""
NOWHERE = "/dev/null/nowhere"  # below a file: nobody can write there, not even root


@pytest.fixture
def package(tmp_path: Path, root: Path) -> Path:
    """A copy of the package with tiny kernels, some calling others."""
    home = tmp_path / "site"
    shutil.copytree(
        root / "ecomsim", home / "ecomsim", ignore=shutil.ignore_patterns("__pycache__", "data", "rules")
    )
    tiny = home / "ecomsim" / "tiny"
    tiny.mkdir()
    (tiny / "__init__.py").write_text("")
    for name, text in FILES.items():
        (tiny / name).write_text(text)
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


def compiled(cache: Path) -> set[str]:
    """The kernels kept of the tiny package, by name, once for every folder they were kept in."""
    return {f"{path.name.partition('-')[0]} {path.parts[-3]}" for path in cache.rglob("*.nbi")}


def replace(path: Path, old: str, new: str) -> None:
    """Edit a file and keep its size and time: the worst case for a cache that looks at those."""
    stat, text = path.stat(), path.read_text()
    assert old in text and len(old) == len(new)
    path.write_text(text.replace(old, new))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert path.stat().st_size == stat.st_size


def test_an_edited_kernel_never_runs_stale_and_nothing_else_recompiles(package: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"

    def answers() -> tuple[list[str], set[str]]:
        """What the kernels say, and the names of those compiled to say it."""
        before = compiled(cache)
        said = ask(package, ECOMSIM_CACHE=str(cache)).split()[:2]
        return said, {name.split()[0].rpartition(".")[2] for name in compiled(cache) - before}

    def edited(file: str, old: str, new: str) -> tuple[list[str], set[str]]:
        replace(package / "ecomsim" / "tiny" / file, old, new)
        return answers()

    assert answers() == (["6.0", "0.5"], {"half", "twice", "more"})
    assert edited("outer.py", "2 * more", "4 * more") == (["12.0", "0.5"], {"twice"})
    assert edited("middle.py", "() * x", "() + x") == (["16.0", "0.5"], {"twice", "more"})
    assert edited("inner.py", "3.0", "5.0") == (["24.0", "0.5"], {"twice", "more"})
    assert edited("numbers.py", "1.0", "2.0") == (["44.0", "0.5"], {"twice", "more"})
    assert edited("beside.py", "x / 2", "x / 1") == (["44.0", "1.0"], {"half"})
    assert answers() == (["44.0", "1.0"], set())
    assert edited("numbers.py", "2.0", "1.0") == (["24.0", "1.0"], set())  # as it was


def test_it_works_where_nothing_can_be_written(package: Path) -> None:
    code = f"import tempfile; tempfile.gettempdir = lambda: {NOWHERE!r}; {SHOW}"
    before = sorted(package.rglob("*"))
    answer = ask(package, code, HOME=NOWHERE, XDG_CACHE_HOME=NOWHERE, ECOMSIM_CACHE=NOWHERE)
    assert answer == "6.0 0.5 None"
    assert sorted(package.rglob("*")) == before


def test_it_caches_elsewhere_when_home_cannot_be_written(package: Path, tmp_path: Path) -> None:
    place = tmp_path / "tmp"
    place.mkdir()
    answer, _, folder = ask(package, HOME=NOWHERE, XDG_CACHE_HOME=NOWHERE, TMPDIR=str(place)).split()
    assert answer == "6.0" and Path(folder).parent == place
    assert not list(package.rglob("*.nbi")) and list(place.rglob("*.nbi"))


HASHES = """
from ecomsim.jit import kernel_hash
import ecomsim.stages, ecomsim.tiny.outer, ecomsim.tiny.beside
print(*(kernel_hash("ecomsim." + name) for name in ("tiny.outer", "tiny.beside", "stages.demand", "stages.economics")))
"""


def test_a_hash_follows_what_a_kernel_is_made_of_and_nothing_else(package: Path) -> None:
    inside = package / "ecomsim"

    hashes = [ask(package, HASHES).split()]

    def changed(file: str, old: str = "", new: str = "# changed\n") -> list[bool]:
        path = inside / file
        text = path.read_text()
        path.write_text(text.replace(old, new, 1) if old else text + new)
        hashes.append(ask(package, HASHES).split())
        return [one != two for one, two in zip(*hashes[-2:], strict=True)]

    outer, demand, economics = ([i == k for i in range(4)] for k in (0, 2, 3))
    assert changed("tiny/inner.py") == outer
    assert changed("stages/samplers.py") == demand
    assert changed("stages/economics.py") == economics
    assert changed("stages/stage.py") == [False] * 4
    # numbers frozen into a kernel, from modules without kernels
    assert changed("streams.py", "digest_size=4", "digest_size=3") == demand
    assert changed("stages/layout.py", "LANES = 64", "LANES = 32") == demand


def test_a_child_process_chooses_for_itself(package: Path, tmp_path: Path) -> None:
    code = "import os, ecomsim.jit; print(os.environ.get('NUMBA_CACHE_DIR'))"
    assert ask(package, code, ECOMSIM_CACHE=str(tmp_path / "cache")) == "None"
