"""Scenario files: load with `extends`, every fault with its line; save."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from ecomsim.checks import EcomsimError, nearest
from ecomsim.scenario.changes import Add, Change, Remove, Scale, Set, Shift
from ecomsim.scenario.faults import raise_all
from ecomsim.scenario.names import safe_name
from ecomsim.scenario.scenario import Scenario

__all__ = ["load_scenario", "parse_scenario", "save_scenario"]

ENDINGS = (".yaml", ".yml")


def load_scenario(path: str | os.PathLike[str]) -> Scenario:
    """Return the scenario in a YAML file, the changes of those it `extends` first.

    Parameters
    ----------
    path : the file; `extends` names another file of the same folder, with or without its ending

    Raises
    ------
    EcomsimError
        All faults of the file at once, each with its line; a circle of `extends` is shown.
    """
    try:
        file = Path(path)
        if not file.is_file():
            raise EcomsimError(str(path)[:200], "no such file", "a scenario file", _other(file))
    except (ValueError, OSError, TypeError) as error:
        if isinstance(error, EcomsimError):
            raise
        raise EcomsimError(repr(path)[:200], f"{error}"[:120], "a path to a scenario file") from None
    return _load(file, ())


def parse_scenario(
    text: str, folder: str | os.PathLike[str] | None = None, name: str = "scenario"
) -> Scenario:
    """Return the scenario written in `text`; `extends` is looked up in `folder`."""
    return _parse(text, Path(folder) if folder is not None else None, name, f"{name}.yaml", ())


def save_scenario(scenario: Scenario, folder: str | os.PathLike[str]) -> Path:
    """Write `scenario` to `folder` under its name, all or nothing, and return the file."""
    target = Path(folder) / f"{safe_name(scenario.name)}.yaml"
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".scenario-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(scenario.text)
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return target


def _load(file: Path, chain: tuple[str, ...]) -> Scenario:
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EcomsimError(
            file.name, f"bytes that are not UTF-8 (at {error.start})", "UTF-8 text", "Save it as UTF-8"
        ) from None
    except OSError as error:
        raise EcomsimError(file.name, str(error.strerror), "a readable file", "Check its rights") from None
    return _parse(text, file.parent, file.stem, file.name, chain)


def _parse(text: str, folder: Path | None, stem: str, where: str, chain: tuple[str, ...]) -> Scenario:
    from pydantic import ValidationError

    from ecomsim.scenario.schema import ENTRY, ScenarioFile, faults_of
    from ecomsim.scenario.yamltext import read

    value, lines = read(text, where)
    if not isinstance(value, dict):
        raise EcomsimError(
            where, repr(value)[:80], "name, note, extends, changes", "Write changes: and the list below it"
        )
    faults: list[EcomsimError] = []
    try:
        entry = ScenarioFile.model_validate(value)
    except ValidationError as error:
        faults += faults_of(error, lines, where)
        sound = value.get("changes")
        entry = ScenarioFile(changes=sound if isinstance(sound, list) else [])
    changes: list[Change] = []
    if entry.extends and entry.extends != "baseline":
        try:
            changes += _parent(entry.extends, folder, f"{where} line {lines['extends',]}", (*chain, stem))
        except EcomsimError as error:
            faults.append(error)
    for i, one in enumerate(entry.changes):
        source = f"{where} line {lines['changes', i]}"
        try:
            changes.append(_change(ENTRY.validate_python(one), source))
        except ValidationError as error:
            faults += faults_of(error, lines, where, ("changes", i))
        except EcomsimError as error:
            faults.append(EcomsimError(f"{source}: {error.where}", error.given, error.allowed, error.remedy))
    scenario = None
    try:
        at = f"{where} line {lines.get(('name',), 1)}: name"
        scenario = Scenario(safe_name(entry.name or stem, at), changes, entry.note)
    except EcomsimError as error:
        faults.append(error)
    raise_all(where, faults)
    assert scenario is not None
    return scenario


def _parent(name: str, folder: Path | None, at: str, chain: tuple[str, ...]) -> tuple[Change, ...]:
    plain = safe_name(name, f"{at}: extends")
    stem = Path(plain).stem if plain.endswith(ENDINGS) else plain
    if stem in chain:
        circle = " -> ".join([*chain[chain.index(stem) :], stem])
        raise EcomsimError(
            f"{at}: extends", f"a circle: {circle}", "a scenario that does not lead back", "Cut it"
        )
    if folder is None:
        raise EcomsimError(f"{at}: extends", repr(name), "no extends without a folder", "Give the folder")
    files = [folder / plain] if plain.endswith(ENDINGS) else [folder / f"{plain}{end}" for end in ENDINGS]
    found = next((file for file in files if file.is_file()), None)
    if found is None:
        known = sorted({f.stem for end in ENDINGS for f in folder.glob(f"*{end}")})
        hit = nearest(stem, known)
        remedy = f"Did you mean '{hit}'?" if hit else "Name a scenario of the same folder"
        raise EcomsimError(f"{at}: extends", f"no such scenario '{plain}'", ", ".join(known[:8]), remedy)
    return _load(found, chain).changes


def _change(entry: Any, source: str) -> Change:
    if hasattr(entry, "set") and hasattr(entry, "to"):
        return Set(entry.set, entry.to, start=entry.start, end=entry.end, source=source)
    if hasattr(entry, "scale"):
        return Scale(entry.scale, entry.by, start=entry.start, end=entry.end, source=source)
    if hasattr(entry, "shift"):
        return Shift(entry.shift, entry.by, start=entry.start, end=entry.end, source=source)
    if hasattr(entry, "remove"):
        return Remove(entry.remove, source=source)
    if entry.item is not None:
        if entry.like or entry.fields:
            raise EcomsimError(f"add {entry.add}", "an item and also like or with", "one of them", "Drop one")
        return Add(entry.add, entry.item, source=source)
    group, _, name = entry.add.rpartition(".")
    if not group:
        raise EcomsimError(
            f"add {entry.add}",
            "no name",
            "a group and a name",
            f"Write add: {entry.add or 'promotions'}.my_name",
        )
    return Add(group, name=name, like=entry.like, changes=entry.fields, source=source)


def _other(file: Path) -> str:
    known = [f.name for end in ENDINGS for f in file.parent.glob(f"*{end}")] if file.parent.is_dir() else []
    hit = nearest(file.name, known)
    return f"Did you mean '{hit}'?" if hit else "Check the folder and the name"
