"""What the code may say to a user, read from its source: the parts of its errors and warnings, gaps filled with 7."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

__all__ = ["said_by"]

_OTHERS = {
    "ValueError",
    "TypeError",
    "RuntimeError",
    "ImportError",
    "KeyError",
    "NotImplementedError",
    "OSError",
}


def said_by(path: Path) -> set[str]:
    """Return what was given, what is allowed and the remedy of every error of a file, and its warnings."""
    found: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for scope in ast.walk(tree):
        if isinstance(scope, (ast.FunctionDef, ast.Module)):
            names = dict(_assigned(scope))
            for call in ast.walk(scope):
                if isinstance(call, ast.Call):
                    for part in _parts(call):
                        found.update(_texts(part, names))
    return found


def _parts(call: ast.Call) -> Sequence[ast.expr]:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    if name.endswith("Error") and name not in _OTHERS:
        return [*call.args[1:4], *(k.value for k in call.keywords if k.arg in ("given", "allowed", "remedy"))]
    if name == "warn" and len(call.args) > 1:
        return call.args[:1]
    if name in ("require_number", "require_name"):
        return [k.value for k in call.keywords if k.arg == "remedy"]
    return []


def _assigned(scope: ast.AST) -> Iterator[tuple[str, list[str]]]:
    """Yield what the names of a scope stand for; a name given several texts keeps them all."""
    found: dict[str, list[str]] = {}
    for one in ast.walk(scope):
        if isinstance(one, ast.Assign) and len(one.targets) == 1:
            target, value = one.targets[0], one.value
            pairs = [(target, value)]
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                pairs = list(zip(target.elts, value.elts, strict=False))
            for name, given in pairs:
                if isinstance(name, ast.Name):
                    found.setdefault(name.id, []).extend(_texts(given, {}))
    yield from found.items()


def _texts(node: ast.AST, names: Mapping[str, list[str]]) -> list[str]:
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.JoinedStr):
        return ["".join(str(v.value) if isinstance(v, ast.Constant) else "7" for v in node.values)]
    if isinstance(node, ast.IfExp):
        return _texts(node.body, names) + _texts(node.orelse, names)
    if isinstance(node, ast.BoolOp):
        return [text for value in node.values for text in _texts(value, names)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        ends = _texts(node.right, names) or ["7"]
        return [a + b for a in _texts(node.left, names) or ["7"] for b in ends]
    return names.get(node.id, []) if isinstance(node, ast.Name) else []
