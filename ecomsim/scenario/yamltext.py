"""YAML as scenario files use it: every value with its line, no key twice, no alias, dates as text.

YAML 1.1 would read `on` as true, `12:30` as 750 and `010` as 8; only plain numbers, true, false and null are
special here, in reading and in writing.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

import yaml

from ecomsim.checks import EcomsimError
from ecomsim.scenario.faults import raise_all

__all__ = ["Lines", "read", "write"]

Lines: TypeAlias = dict[tuple[str | int, ...], int]
"""Line (from 1) of every value, by its keys and positions."""

LONGEST = 200_000
DEEPEST = 100
_RULES: tuple[tuple[str, str, str], ...] = (
    ("tag:yaml.org,2002:null", r"^(?:~|null|Null|NULL|)$", "~nN"),
    ("tag:yaml.org,2002:bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("tag:yaml.org,2002:int", r"^[-+]?(?:0|[1-9][0-9_]*)$", "-+0123456789"),
    (
        "tag:yaml.org,2002:float",
        r"^[-+]?(?:(?:(?:0|[1-9][0-9_]*)\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[1-9][0-9]*[eE][-+]?[0-9]+)$",
        "-+.0123456789",
    ),
)


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers = {}  # noqa: RUF012 - PyYAML's own way of keeping them


class _Dumper(yaml.SafeDumper):
    yaml_implicit_resolvers = {}  # noqa: RUF012

    def ignore_aliases(self, data: Any) -> bool:
        return True


for _kind in (_Loader, _Dumper):
    for _tag, _pattern, _first in _RULES:
        _kind.add_implicit_resolver(_tag, re.compile(_pattern), [*_first, ""])


def read(text: str, where: str) -> tuple[Any, Lines]:
    """Return the value of a YAML text and the line of every part of it.

    Raises
    ------
    EcomsimError
        With the line, for text that is not YAML, keys given twice, aliases, tags, too much depth or length.
    """
    if len(text) > LONGEST:
        raise EcomsimError(where, f"{len(text):,} characters", f"at most {LONGEST:,}", "Split the file")
    # The parser takes quadratic time over open brackets, so they are counted before it sees them.
    depth = deepest = 0
    for sign in text:
        depth += (sign in "[{") - (sign in "]}")
        deepest = max(deepest, depth)
    if deepest > DEEPEST:
        raise EcomsimError(where, "brackets within brackets", "a shallow file", "Flatten it")
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f" line {mark.line + 1}" if mark else ""
        problem = (error.problem or error.context or "cannot be read").replace("\n", " ")[:120]
        raise EcomsimError(f"{where}{line}", f"not YAML: {problem}", "YAML", _remedy(text, mark)) from None
    except yaml.YAMLError as error:
        problem = str(error).splitlines()[0][:120]
        raise EcomsimError(where, f"not YAML: {problem}", "plain text in UTF-8", "Save it as UTF-8") from None
    except RecursionError:
        raise EcomsimError(where, "brackets within brackets", "a shallow file", "Flatten it") from None
    lines: Lines = {}
    faults: list[EcomsimError] = []
    value = _value(node, (), lines, faults, where, set()) if node is not None else None
    raise_all(where, faults)
    return value, lines


def _remedy(text: str, mark: Any) -> str:
    if mark is None:
        return "Check the indentation"
    rows = text.splitlines()
    row = rows[mark.line] if mark.line < len(rows) else ""
    if "\t" in row:
        return "Indent with blanks, not tabs"
    if row.lstrip().startswith("%") or "@" in row or "*" in row:
        return "Put text that begins with a sign in quotes"
    return "Check indentation, colons and quotes there"


def _value(
    node: Any,
    key: tuple[str | int, ...],
    lines: Lines,
    faults: list[EcomsimError],
    where: str,
    seen: set[int],
) -> Any:
    line = node.start_mark.line + 1
    lines[key] = line
    at = f"{where} line {line}"
    if len(key) > 20:
        faults.append(EcomsimError(at, "lists within lists", "at most 20 levels", "Flatten it"))
        return None
    if id(node) in seen:
        faults.append(EcomsimError(at, "an alias (*name)", "values written out", "Repeat the value"))
        return None
    seen.add(id(node))
    expected = {yaml.SequenceNode: "seq", yaml.MappingNode: "map"}.get(type(node))
    if expected and node.tag != f"tag:yaml.org,2002:{expected}":
        faults.append(EcomsimError(at, f"the tag {node.tag}"[:80], "plain values", "Leave the tag out"))
        return None
    if isinstance(node, yaml.SequenceNode):
        return [_value(one, (*key, i), lines, faults, where, seen) for i, one in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        made: dict[str, Any] = {}
        for name_node, value_node in node.value:
            here = f"{where} line {name_node.start_mark.line + 1}"
            if not isinstance(name_node, yaml.ScalarNode):
                faults.append(EcomsimError(here, "a list as a key", "text", "Write name: value"))
                continue
            name = name_node.value
            if name in made:
                first = lines[(*key, name)]
                faults.append(
                    EcomsimError(here, f"'{name}' twice (first on line {first})", "each key once", "")
                )
                continue
            made[name] = _value(value_node, (*key, name), lines, faults, where, seen)
        return made
    return _scalar(node, at, faults)


def _scalar(node: Any, at: str, faults: list[EcomsimError]) -> Any:
    text: str = node.value
    kind = node.tag.rpartition(":")[2]
    try:
        if kind == "null":
            return None
        if kind == "bool":
            return {"true": True, "false": False}[text.lower()]
        if kind == "int":
            return int(text.replace("_", ""))
        if kind == "float":
            return float(text.replace("_", ""))
        if kind == "str":
            return text
    except (ValueError, KeyError):
        faults.append(EcomsimError(at, f"'{text[:40]}' as {kind}", f"a readable {kind}", "Leave the tag out"))
        return None
    faults.append(EcomsimError(at, f"the tag !!{kind}"[:80], "plain values", "Leave the tag out"))
    return None


def write(value: Any) -> str:
    """Return `value` as YAML that `read` gives back unchanged."""
    return str(
        yaml.dump(
            value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100, default_flow_style=None
        )
    )
