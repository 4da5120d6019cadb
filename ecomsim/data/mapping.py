"""A mapping: which column of an unknown file is which canonical one, as YAML that a person confirms."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from ecomsim.checks import EcomsimError, require_name
from ecomsim.data.source import Piece, Sheet, Source, fold, piece
from ecomsim.data.tables import TABLES
from ecomsim.scenario.yamltext import read

__all__ = ["ColumnMap", "MappedColumn", "read_mapping"]

_HEAD = """\
# Which column of an unknown file is which canonical one. Check every line; an empty `column` is ignored.
# Then confirm it: set `confirmed: true` here, or run `ecomsim import --confirm {name}`.
# Missing columns with one value in all rows go below `constants`, e.g. `channel: paid_search`.
"""
_KEYS = ("name", "file", "table", "confirmed", "columns", "constants")


@dataclass(frozen=True)
class MappedColumn:
    """One header: the canonical column it is (empty: ignored), how sure, some of its values, why."""

    header: str
    column: str = ""
    confidence: float = 0.0
    samples: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class ColumnMap:
    """A mapping of one kind of file to one canonical table.

    Attributes
    ----------
    name : plain name, also of its file in the workbook
    file : the file it was proposed for
    table : canonical table
    columns : one entry a header
    constants : canonical column -> value of all rows
    confirmed : whether a person said it is right; the import uses no other
    """

    name: str
    file: str
    table: str
    columns: tuple[MappedColumn, ...]
    constants: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    confirmed: bool = False

    @property
    def headers(self) -> frozenset[str]:
        """Folded headers, by which a file is known again."""
        return frozenset(fold(c.header) for c in self.columns)

    def missing(self) -> list[str]:
        """Return required canonical columns nothing feeds."""
        fed = {c.column for c in self.columns} | set(self.constants)
        return [c.name for c in TABLES[self.table].columns if c.required and c.name not in fed]

    def check(self, where: str) -> ColumnMap:
        """Return itself when it can be used.

        Raises
        ------
        EcomsimError
            For an unknown table or column, a column fed twice, or a required one not fed.
        """
        table = TABLES[require_name(self.table, list(TABLES), f"{where}, table", "table")]
        fed: dict[str, str] = {}
        for entry in self.columns:
            if not entry.column:
                continue
            table.column(entry.column)
            if entry.column in fed or entry.column in self.constants:
                given = (
                    f"'{entry.column}' twice, from {entry.header} and {fed.get(entry.column, 'constants')}"
                )
                raise EcomsimError(where, given, "one header for each column", "Empty one of the two")
            fed[entry.column] = entry.header
        for name in self.constants:
            table.column(name)
        missing = self.missing()
        if missing:
            words = ", ".join(f"{m} ({table.column(m).zh})" for m in missing)
            remedy = "Name the header it comes from, or give one value under constants"
            raise EcomsimError(where, f"nothing for {words}", f"all required columns of {table.name}", remedy)
        return self

    def confirm(self) -> ColumnMap:
        """Return the mapping confirmed, once it can be used."""
        return dataclasses.replace(self.check(f"mapping {self.name}"), confirmed=True)

    def text(self) -> str:
        """Return it as YAML."""
        entries = [
            {
                "header": c.header,
                "column": c.column or None,
                "confidence": round(c.confidence, 2),
                **({"samples": list(c.samples)} if c.samples else {}),
                **({"why": c.why} if c.why else {}),
            }
            for c in self.columns
        ]
        whole = {
            "name": self.name,
            "file": self.file,
            "table": self.table,
            "confirmed": self.confirmed,
            "constants": dict(self.constants),
            "columns": entries,
        }
        body = yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, width=110)
        return _HEAD.format(name=self.name) + body

    def source(self) -> Source:
        """Return it as a format of its own, recognised by the headers it maps."""
        used = tuple(c.header for c in self.columns if c.column)
        return Source(
            name=f"mapping-{self.name}",
            title=f"mapping {self.name}",
            platform="mapping",
            tables=(self.table,),
            required=used,
            optional=tuple(c.header for c in self.columns if not c.column),
            parse=functools.partial(_parse, self),
            keep=used,
            uses=used,
            priority=5,
        )


def _parse(mapping: ColumnMap, sheet: Sheet) -> list[Piece]:
    columns = {c.column: c.header for c in mapping.columns if c.column}
    return [piece(sheet, mapping.table, columns, mapping.constants)]


def read_mapping(path: Path) -> ColumnMap:
    """Read a mapping from its file.

    Raises
    ------
    EcomsimError
        For what is no YAML or no mapping, with the file and the entry.
    """
    where = str(path)
    allowed = "a mapping as `ecomsim import` proposes it"
    try:
        whole, _ = read(path.read_text(encoding="utf-8-sig"), where)
    except (UnicodeDecodeError, OSError) as error:
        first = str(error).split("\n", 1)[0]
        raise EcomsimError(where, f"no YAML ({first})", allowed, "Correct it or delete it") from error
    if not isinstance(whole, dict):
        raise EcomsimError(where, repr(whole)[:60], allowed, "Correct it or delete it")
    for key in whole:
        require_name(str(key), _KEYS, where, "entry")
    entries, constants = whole.get("columns"), whole.get("constants") or {}
    if not isinstance(entries, list) or not isinstance(constants, dict):
        raise EcomsimError(where, "no list `columns`", allowed, "Correct it or delete it")
    confirmed = whole.get("confirmed", False)
    if not isinstance(confirmed, bool):
        raise EcomsimError(
            f"{where}, confirmed", repr(confirmed)[:60], "true or false", "Write true or false"
        )
    mapping = ColumnMap(
        name=str(whole.get("name", path.stem)),
        file=str(whole.get("file", "")),
        table=require_name(str(whole.get("table")), list(TABLES), f"{where}, table", "table"),
        columns=tuple(_entry(e, where) for e in entries),
        constants=MappingProxyType({str(k): str(v) for k, v in constants.items()}),
        confirmed=confirmed,
    )
    return mapping.check(where) if mapping.confirmed else mapping


def _entry(entry: Any, where: str) -> MappedColumn:
    if not isinstance(entry, dict) or not isinstance(entry.get("header"), str):
        raise EcomsimError(where, repr(entry)[:60], "entries with a `header`", "Correct the entry")
    samples = entry.get("samples")
    sure = entry.get("confidence", 0.0)
    return MappedColumn(
        header=entry["header"],
        column=str(entry.get("column") or ""),
        confidence=float(sure) if isinstance(sure, (int, float)) else 0.0,
        samples=tuple(map(str, samples)) if isinstance(samples, list) else (),
        why=str(entry.get("why") or ""),
    )
