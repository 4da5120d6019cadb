"""Who may import whom: the floors of the house, and no arrow upward.

Read from the source, inside functions and under TYPE_CHECKING too: a late import is an import all the same.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

FLOORS: tuple[frozenset[str], ...] = (
    frozenset({"version", "checks", "chinese", "metrics"}),
    frozenset({"formulas", "uncertain", "jit", "streams", "counters", "calendar", "rules"}),
    frozenset({"store"}),
    frozenset({"scenario", "study", "target", "tracked", "drawn", "parameters"}),
    frozenset({"stages", "calibrate", "data", "workbook", "opening", "opened"}),
    frozenset({"simulate", "backtest", "forecast", "lift", "staffing", "replenish"}),
    frozenset({"desk", "decide"}),
    frozenset({"charts"}),
    frozenset({"report", "ui"}),
    frozenset({"serve"}),
    frozenset({"cli", "demo", "warm", "__main__"}),
)
FLOOR_OF = {room: height for height, rooms in enumerate(FLOORS) for room in rooms}

# The street: one file (or folder) a stage. What several stages share lies beside them under another name.
STREET = frozenset(
    {"traffic", "service", "conversion", "demand", "inventory", "fulfilment", "reputation", "economics"}
)


class Arrow(NamedTuple):
    """One import: who stands where and what it reaches for, as dotted names below ecomsim."""

    line: int
    source: tuple[str, ...]
    target: tuple[str, ...]


def module_of(path: str) -> tuple[str, ...]:
    """Dotted name of a file below ecomsim: ``ecomsim/store/team.py`` is ("store", "team"), the face is ()."""
    parts = path.removesuffix(".py").split("/")[1:]
    return tuple(parts[:-1] if parts[-1] == "__init__" else parts)


def arrows(path: str, text: str) -> Iterator[Arrow | str]:
    """Every import of our own package in a file; a string where the import itself is against the rules."""
    source = module_of(path)
    folder = source if path.endswith("/__init__.py") else source[:-1]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name == "ecomsim":
                    yield f"{path}:{node.lineno}: imports the face; import from the module behind it"
                elif alias.name.startswith("ecomsim."):
                    # On the face es.forecast is a function, so "import ecomsim.forecast.x as x" fails.
                    yield f"{path}:{node.lineno}: write 'from {alias.name} import ...'"
        elif isinstance(node, ast.ImportFrom):
            if node.level > 1:
                yield f"{path}:{node.lineno}: relative import beyond its own folder; write ecomsim...."
                continue
            if node.level == 1:
                base = (*folder, *(node.module or "").split(".")) if node.module else folder
            elif node.module is not None and node.module.split(".")[0] == "ecomsim":
                base = tuple(node.module.split(".")[1:])
            else:
                continue
            if not base:
                names = ", ".join(alias.name for alias in node.names)
                yield f"{path}:{node.lineno}: takes {names} from the face; import from the module behind it"
                continue
            for alias in node.names:
                yield Arrow(node.lineno, source, (*base, alias.name))
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            named = node.args[0].value
            if called in {"import_module", "__import__"} and str(named).startswith("ecomsim."):
                yield Arrow(node.lineno, source, tuple(str(named).split(".")[1:]))


def faults(sources: dict[str, str]) -> list[str]:
    """Every breach of the import rules in these files (path -> text), as ``file:line: what is wrong``."""
    found: list[str] = []
    rooms: dict[str, dict[str, str]] = {}
    for path, text in sources.items():
        if not module_of(path):
            continue  # the face stands above everything
        for arrow in arrows(path, text):
            if isinstance(arrow, str):
                found.append(arrow)
                continue
            here, there = arrow.source[0], arrow.target[0]
            place = f"{path}:{arrow.line}"
            unknown = [room for room in (here, there) if room not in FLOOR_OF]
            if unknown:
                found.append(f"{place}: room {unknown[0]!r} has no floor; give it one in FLOORS")
            elif FLOOR_OF[there] > FLOOR_OF[here]:
                heights = f"floor {FLOOR_OF[here]} to floor {FLOOR_OF[there]}"
                found.append(f"{place}: {here} imports {there}, which stands above it ({heights})")
            elif here != there:
                rooms.setdefault(here, {}).setdefault(there, place)
            elif here == "stages" and len(arrow.source) > 1 and len(arrow.target) > 1:
                stage, sibling = arrow.source[1], arrow.target[1]
                if {stage, sibling} <= STREET and stage != sibling:
                    found.append(
                        f"{place}: stage {stage} imports stage {sibling}; stages meet only in what they write"
                    )
    return found + circles(rooms)


def circles(rooms: dict[str, dict[str, str]]) -> list[str]:
    """Rooms that reach themselves through their neighbours (room -> room it imports -> where)."""
    found = []
    for start in rooms:
        for first, place in rooms[start].items():
            seen, todo = set(), [first]
            while todo:
                room = todo.pop()
                if room not in seen:
                    seen.add(room)
                    todo += rooms.get(room, {})
            if start in seen:
                found.append(f"{place}: {start} imports {first}, which leads back to {start}")
    return found


def test_nothing_imports_upward(root: Path) -> None:
    files = sorted((root / "ecomsim").rglob("*.py"))
    sources = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in files}
    assert len(sources) > 5
    found = faults(sources)
    assert not found, "\n" + "\n".join(found)


def test_every_room_of_the_house_has_one_floor() -> None:
    assert len(FLOOR_OF) == sum(len(rooms) for rooms in FLOORS)


@pytest.mark.parametrize(
    ("path", "text", "says"),
    [
        (
            "ecomsim/checks.py",
            "from ecomsim.store import Store",
            "ecomsim/checks.py:1: checks imports store",
        ),
        (
            "ecomsim/store/team.py",
            "def f():\n    from ecomsim.simulate import run",
            "team.py:2: store imports simulate",
        ),
        ("ecomsim/study.py", "if TYPE_CHECKING:\n    from ecomsim.simulate import run", "study.py:2: study"),
        ("ecomsim/data/csv.py", "importlib.import_module('ecomsim.ui.planner')", "data imports ui"),
        ("ecomsim/simulate.py", "import ecomsim as es", "imports the face"),
        (
            "ecomsim/decide/goal.py",
            "import ecomsim.simulate as s",
            "write 'from ecomsim.simulate import ...'",
        ),
        ("ecomsim/simulate.py", "from ecomsim import Store", "takes Store from the face"),
        ("ecomsim/calendar.py", "from . import checks", "takes checks from the face"),
        (
            "ecomsim/stages/service.py",
            "from ecomsim.stages.traffic import run",
            "service imports stage traffic",
        ),
        ("ecomsim/stages/service.py", "from .traffic import run", "service imports stage traffic"),
        ("ecomsim/stages/service.py", "from . import traffic", "service imports stage traffic"),
        ("ecomsim/stages/service.py", "from ecomsim.stages import traffic", "service imports stage traffic"),
        ("ecomsim/store/team.py", "from ..checks import x", "relative import beyond"),
        ("ecomsim/lounge.py", "from ecomsim.checks import x", "room 'lounge' has no floor"),
        ("ecomsim/checks.py", "from ecomsim.lounge import x", "room 'lounge' has no floor"),
    ],
)
def test_a_breach_is_told_with_its_place(path: str, text: str, says: str) -> None:
    found = faults({path: text})
    assert len(found) == 1
    assert says in found[0]


def test_two_rooms_of_one_floor_may_not_import_each_other() -> None:
    there, back = "from ecomsim.data import x", "from ecomsim.workbook import y"
    assert faults({"ecomsim/workbook.py": there, "ecomsim/data/csv.py": "import csv"}) == []
    found = faults({"ecomsim/workbook.py": there, "ecomsim/data/csv.py": back})
    assert any("workbook imports data, which leads back to workbook" in line for line in found)


def test_what_is_allowed_is_left_alone() -> None:
    assert not faults(
        {
            "ecomsim/__init__.py": "from ecomsim.simulate import simulate",
            "ecomsim/simulate.py": "from ecomsim.stages.traffic import f\nfrom ecomsim.checks import x",
            "ecomsim/store/team.py": "from .field import number\nfrom ecomsim.uncertain import Fixed",
            "ecomsim/stages/__init__.py": "from ecomsim.stages import traffic, service",
            "ecomsim/stages/traffic.py": "from ecomsim.stages.day import State",
        }
    )
