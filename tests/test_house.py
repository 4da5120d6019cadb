"""Rules a reader would otherwise watch for: small rooms, a quiet library, a quick start, clean notebooks."""

from __future__ import annotations

import ast
import importlib
import json
import re
import resource
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest

import ecomsim

LONGEST = 300
ALLOWED_LONGER: frozenset[str] = frozenset()
HEAVY = ("scipy", "statsmodels", "pandera", "matplotlib", "IPython", "ipywidgets")


def python_files(root: Path) -> list[Path]:
    folders = ("ecomsim", "tests", "benchmarks", "datasets", "tools")
    return sorted(path for folder in folders for path in (root / folder).rglob("*.py"))


def house_faults(name: str, text: str, library: bool) -> list[str]:
    """Breaches in one file, as ``file:line: what is wrong``."""
    found = []
    lines = text.count("\n") + (not text.endswith("\n"))
    if lines > LONGEST and name not in ALLOWED_LONGER:
        found.append(
            f"{name}:{LONGEST}: {lines} lines, {LONGEST} at most; give one of its subjects its own file"
        )
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            found.append(f"{name}:{node.lineno}: star import; name what you need")
        elif not library:
            continue
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            found.append(f"{name}:{node.lineno}: print in the library; return it, or say it in cli.py")
        elif isinstance(node, ast.Global):
            found.append(f"{name}:{node.lineno}: global {', '.join(node.names)}; pass it as an argument")
    return found


def test_files_are_small_quiet_and_name_their_imports(root: Path) -> None:
    found = []
    for path in python_files(root):
        name = path.relative_to(root).as_posix()
        found += house_faults(name, path.read_text(encoding="utf-8"), library=name.startswith("ecomsim/"))
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x = 1\n" * 301, "a.py:300: 301 lines"),
        ("\nfrom math import *", "a.py:2: star import"),
        ("def f():\n    print(1)", "a.py:2: print in the library"),
        ("def f():\n    global x\n    x = 1", "a.py:2: global x"),
    ],
)
def test_a_breach_of_the_house_rules_is_told_with_its_place(text: str, says: str) -> None:
    (found,) = house_faults("a.py", text, library=True)
    assert found.startswith(says)


def test_what_the_house_rules_allow_is_left_alone() -> None:
    assert house_faults("a.py", "x = 1\n" * 300, library=True) == []
    assert house_faults("a.py", "print('a benchmark may speak')", library=False) == []


def cpu_seconds(*command: str) -> tuple[float, str]:
    """CPU time of a new process, least of three as the machine may be loaded, and what it printed."""
    taken = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return min(taken), done.stdout


def test_importing_the_package_is_quick_and_leaves_the_heavy_libraries_alone() -> None:
    seconds, loaded = cpu_seconds(sys.executable, "-c", "import ecomsim, sys; print(*sys.modules, sep='\\n')")
    assert "ecomsim" in loaded.split()
    assert sorted(set(HEAVY) & set(loaded.split())) == []
    assert seconds < 1.0


def test_help_is_quick(root: Path) -> None:
    if not (root / "ecomsim" / "cli.py").exists() and not (root / "ecomsim" / "cli").exists():
        pytest.skip("the command line is not written yet")
    seconds, said = cpu_seconds(sys.executable, "-c", "from ecomsim.cli import main; main(['--help'])")
    assert "Usage" in said
    assert seconds < 0.7


def documented_names(page: str) -> list[str]:
    """Names in the table of contents: the code at the start of each table row of docs/api.md."""
    return re.findall(r"^\| `(\w+)` \|", page, flags=re.MULTILINE)


def test_the_face_is_the_documented_table_of_contents(root: Path) -> None:
    documented = documented_names((root / "docs" / "api.md").read_text(encoding="utf-8"))
    assert len(set(documented)) == len(documented), "a name is documented twice"
    assert sorted(getattr(ecomsim, "__all__", [])) == sorted(documented)


def test_every_name_of_the_face_is_there_and_is_no_module() -> None:
    for name in getattr(ecomsim, "__all__", []):
        # A name shared with its module (simulate, forecast) must stay the function once it is loaded.
        value = getattr(ecomsim, name)
        if isinstance(getattr(value, "__module__", None), str) and value.__module__.startswith("ecomsim."):
            importlib.import_module(value.__module__)
        assert not isinstance(getattr(ecomsim, name), ModuleType), name
        documented = isinstance(value, Mapping) or getattr(
            value, "__doc__", None
        )  # a table of data has no docstring
        assert documented, f"ecomsim.{name} has no docstring"


def notebook_faults(name: str, text: str) -> list[str]:
    """Outputs and run numbers that were left in a notebook."""
    found = []
    for number, cell in enumerate(json.loads(text)["cells"], start=1):
        if cell["cell_type"] == "code" and (cell.get("outputs") or cell.get("execution_count") is not None):
            found.append(
                f"{name}: cell {number} holds outputs; jupyter nbconvert --clear-output --inplace {name}"
            )
    return found


def test_notebooks_are_kept_without_outputs(root: Path) -> None:
    found = []
    for folder in ("notebooks", "dashboards"):
        for path in sorted((root / folder).rglob("*.ipynb")):
            if ".ipynb_checkpoints" not in path.parts:
                found += notebook_faults(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    "left", [{"outputs": [{"output_type": "stream"}]}, {"outputs": [], "execution_count": 3}]
)
def test_a_notebook_with_outputs_is_told(left: dict[str, object]) -> None:
    clean = {"cell_type": "code", "source": "1", "outputs": [], "execution_count": None}
    text = json.dumps({"cells": [clean, {**clean, **left}]})
    assert [
        line for line in notebook_faults("a.ipynb", text) if line.startswith("a.ipynb: cell 2 holds outputs")
    ]
    assert notebook_faults("a.ipynb", json.dumps({"cells": [clean]})) == []


def test_no_registry_host_is_written_down(root: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=False
    ).stdout
    if not listed:
        pytest.skip("not a git checkout")
    words = re.compile(
        r"://[\w.-]*(?:py" + r"pi\.|pythonhosted|registry\.npm)|--(?:extra-)?index-" + r"url\s"
    )
    found = []
    for name in filter(None, listed.split("\0")):
        path = root / name
        if path.suffix in {".py", ".toml", ".txt", ".md", ".ipynb", ".yaml", ".yml", ""} and path.is_file():
            for number, line in enumerate(
                path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1
            ):
                if words.search(line):
                    found.append(f"{name}:{number}: {line.strip()[:80]}")
    assert not found, "\n" + "\n".join(found)
