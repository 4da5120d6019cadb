"""What a scenario file may hold, and each fault of one with its line."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StrictStr, Tag, TypeAdapter, ValidationError

from ecomsim.checks import EcomsimError, nearest
from ecomsim.scenario.yamltext import Lines

__all__ = ["ENTRY", "ScenarioFile", "faults_of"]

VERBS = ("set", "scale", "shift", "add", "remove")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class _DatedEntry(_Entry):
    start: StrictStr | None = None
    end: StrictStr | None = None


class SetEntry(_DatedEntry):
    """`{set: path, to: value, start:, end:}`."""

    set: StrictStr
    to: Any


class ScaleEntry(_DatedEntry):
    """`{scale: path, by: factor, start:, end:}`."""

    scale: StrictStr
    by: Any


class ShiftEntry(_DatedEntry):
    """`{shift: path, by: difference, start:, end:}`."""

    shift: StrictStr
    by: Any


class AddEntry(_Entry):
    """`{add: promotions.name, like: other, with: {field: value}}` or `{add: path of a list, item: value}`."""

    add: StrictStr
    like: StrictStr = ""
    fields: dict[str, Any] = Field(default={}, alias="with")
    item: Any = None


class RemoveEntry(_Entry):
    """`{remove: path}`."""

    remove: StrictStr


def _verb(entry: Any) -> str | None:
    found = [v for v in VERBS if v in entry] if isinstance(entry, dict) else []
    return found[0] if len(found) == 1 else None


ChangeEntry = Annotated[
    Annotated[SetEntry, Tag("set")]
    | Annotated[ScaleEntry, Tag("scale")]
    | Annotated[ShiftEntry, Tag("shift")]
    | Annotated[AddEntry, Tag("add")]
    | Annotated[RemoveEntry, Tag("remove")],
    Discriminator(_verb),
]


ENTRY: TypeAdapter[_Entry] = TypeAdapter(ChangeEntry)
"""Reads one change."""


class ScenarioFile(_Entry):
    """A whole scenario file; its changes are read one by one, so that a bad one does not hide the others."""

    name: StrictStr = ""
    note: StrictStr = ""
    extends: StrictStr = ""
    changes: list[Any] = []


_KEYS = {
    "": list(ScenarioFile.model_fields),
    "set": ["set", "to", "start", "end"],
    "scale": ["scale", "by", "start", "end"],
    "shift": ["shift", "by", "start", "end"],
    "add": ["add", "like", "with", "item"],
    "remove": ["remove"],
}


def faults_of(
    error: ValidationError, lines: Lines, where: str, at: tuple[str | int, ...] = ()
) -> list[EcomsimError]:
    """Return every fault pydantic found in the value at `at`, in the house's form with file and line."""
    return [_fault(one, lines, where, at) for one in error.errors(include_url=False)]


def _fault(one: Any, lines: Lines, where: str, at: tuple[str | int, ...]) -> EcomsimError:
    loc = list(one["loc"])
    verb = str(loc.pop(0)) if at and loc else ""  # the union's tag stands first
    key = (*at, *loc)
    while key not in lines and key:
        key = key[:-1]
    place = f"{where} line {lines.get(key, 1)}"
    last, kind, given = str(loc[-1]) if loc else "", one["type"], one["input"]
    if kind == "extra_forbidden":
        known = _KEYS[verb]
        hit = nearest(last, known)
        remedy = f"Did you mean '{hit}'?" if hit else f"Leave out '{last}'"
        return EcomsimError(place, f"no such key '{last}'", ", ".join(known), remedy)
    if kind.startswith("union_tag"):
        return _no_verb(given, place)
    if kind == "missing":
        return EcomsimError(place, f"no '{last}'", ", ".join(_KEYS[verb]), f"Add {last}: and its value")
    shown = repr(given)[:80]
    if kind == "string_type":
        return EcomsimError(f"{place}: {last}", shown, "text", "Put it in quotes")
    if kind in {"list_type", "dict_type", "model_type", "model_attributes_type"}:
        wanted = {"list_type": "a list", "dict_type": "{field: value, ...}"}.get(kind, "keys with values")
        label = f"{place}: {last}" if last else place
        return EcomsimError(label, shown, wanted, "Known keys: " + ", ".join(_KEYS[verb]))
    return EcomsimError(f"{place}: {last}", shown, str(one["msg"])[:120], "")


def _no_verb(given: Any, place: str) -> EcomsimError:
    allowed = "one of " + ", ".join(VERBS)
    if not isinstance(given, dict):
        return EcomsimError(place, repr(given)[:80], allowed, "Write {scale: path, by: 1.5}")
    found = [v for v in VERBS if v in given]
    if len(found) > 1:
        return EcomsimError(place, f"{' and '.join(found)} in one change", allowed, "Make two changes of it")
    hits = {name: nearest(name, VERBS) for name in given}
    near = next((f"'{hit}' instead of '{name}'" for name, hit in hits.items() if hit), "")
    return EcomsimError(
        place, f"keys {', '.join(map(str, given))[:80] or '(none)'}", allowed, f"Write {near}" if near else ""
    )
