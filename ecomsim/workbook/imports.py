"""The import: a folder of exports into a workbook, all tables together or none."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from ecomsim.checks import require_name
from ecomsim.data.importing import READER, Progress, Reading, SheetRead, read_inputs, read_package
from ecomsim.data.mapping import ColumnMap
from ecomsim.data.packages import read_completejourney
from ecomsim.data.proposal import propose
from ecomsim.data.recognise import Catalogue
from ecomsim.data.report import COLUMNS, CONFLICTS, FILES, NOTES, QUARANTINE, ImportReport
from ecomsim.data.source import Piece, fold
from ecomsim.data.sources import SOURCES
from ecomsim.data.templates import template_sources
from ecomsim.workbook.folder import Workbook
from ecomsim.workbook.frames import DAYS
from ecomsim.workbook.merging import Merged, merge

__all__ = ["PACKAGES", "import_folder", "import_package"]

PACKAGES = MappingProxyType({"completejourney": read_completejourney})
"""Data sets that come as packages, by name."""


def import_folder(
    where: str | Path | Sequence[str | Path],
    workbook: Workbook | str | Path,
    *,
    mapping: ColumnMap | None = None,
    as_of: dt.date | None = None,
    again: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Import every export of a folder into a workbook.

    Files are recognised by their headers. A bad row is set aside with its reason, an unknown file is refused
    by name and a mapping proposed for it; the others go on; then all tables change together.

    Parameters
    ----------
    where : folder, file or a list of them
    workbook : the workbook, or its folder; made if missing
    mapping : a confirmed mapping to use besides those the workbook keeps
    as_of : rows of later days are refused
    again : read files again whose content was imported before
    progress : told (done, total, label) after each file

    Raises
    ------
    EcomsimError
        When a path does not exist, the folder is no workbook, or another writer holds it.
    """
    book = workbook if isinstance(workbook, Workbook) else Workbook(workbook)
    with book.writing():
        kept = book.mappings()
        if mapping is not None:
            kept[mapping.name] = mapping.check(f"mapping {mapping.name}")
        confirmed = [m.source() for m in kept.values() if m.confirmed]
        catalogue = Catalogue([*SOURCES.values(), *template_sources(), *confirmed])
        files = book.files()
        known = (
            {}
            if again
            else dict(
                files.loc[files["reader"] == READER, ["sha256", "file"]].itertuples(index=False, name=None)
            )
        )
        reading = read_inputs(where, catalogue, known=known, as_of=as_of, progress=progress)
        reading, proposals = _propose(book, reading, kept)
        if mapping is not None and mapping.confirmed:
            book.save_mapping(mapping)
        return _take_in(book, reading, proposals)


def import_package(
    name: str,
    workbook: Workbook | str | Path,
    *,
    pieces: Iterable[Piece] | None = None,
    as_of: dt.date | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Import a data set that comes as a Python package, under the same rules as files.

    Parameters
    ----------
    name : of the package, as its source in the workbook
    pieces : from another loader than the one known under this name, typed
    progress : told (done, total, step)

    Raises
    ------
    EcomsimError
        When the package is unknown or not installed.
    """
    book = workbook if isinstance(workbook, Workbook) else Workbook(workbook)
    if pieces is None:
        require_name(name, list(PACKAGES), "import", "package")
        pieces = PACKAGES[name](progress=progress).pieces()
    with book.writing():
        return _take_in(book, read_package(name, pieces, as_of=as_of), ())


def _propose(book: Workbook, reading: Reading, kept: dict[str, ColumnMap]) -> tuple[Reading, tuple[str, ...]]:
    """Write a mapping proposal for each unknown kind of file and say in its refusal how to confirm it."""
    names: dict[str, str] = {}
    known = dict(kept)
    for blob, grid, header in reading.unknown:
        headers = frozenset(fold(c) for c in header.cells) - {""}
        same = next((m for m in known.values() if m.headers == headers), None)
        if same is None:
            proposal = propose(blob, grid, header)
            name, count = proposal.name, 1
            while name in known:
                count += 1
                name = f"{proposal.name}-{count}"
            same = dataclasses.replace(proposal, name=name)
            known[name] = same
            book.save_mapping(same)
        names[blob.label] = same.name
    sheets = tuple(
        dataclasses.replace(s, remedy=_how_to_confirm(names[s.file]))
        if s.file in names and s.status == "refused"
        else s
        for s in reading.sheets
    )
    return Reading(sheets), tuple(dict.fromkeys(names.values()))


def _how_to_confirm(name: str) -> str:
    return (
        f"Check mapping/{name}.yaml in the workbook and confirm it (ecomsim import --confirm '{name}'), "
        "or export the file in a known format"
    )


def _take_in(book: Workbook, reading: Reading, proposals: tuple[str, ...]) -> ImportReport:
    files = book.files()
    read = [s for s in reading.sheets if s.status == "read"]
    numbers = _numbers(files, read)
    fresh = pd.DataFrame([_file_row(s, numbers[id(s)]) for s in read], columns=list(files.columns))
    fresh = fresh.astype(files.dtypes.to_dict())
    everything = pd.concat([files[~files["id"].isin(fresh["id"])], fresh], ignore_index=True)
    merged = merge(book, read, numbers, everything)
    if read:
        report = _report(reading, merged, {**book.spans(), **_spans(merged.tables)}, proposals)
        book._advance(merged.tables, merged.parts, everything, report)
        return report
    return _report(reading, merged, book.spans(), proposals)


def _numbers(files: pd.DataFrame, read: Sequence[SheetRead]) -> dict[int, int]:
    """Give each sheet its number; one read again keeps the number it had."""
    had = {(s, f): int(i) for i, s, f in zip(files["id"], files["sha256"], files["file"], strict=True)}
    following = int(files["id"].max()) + 1 if len(files) else 1
    numbers = {}
    for sheet in read:
        key = (sheet.digest, sheet.file)
        if key not in had:
            had[key] = following
            following += 1
        numbers[id(sheet)] = had[key]
    return numbers


def _file_row(sheet: SheetRead, number: int) -> list[Any]:
    return [
        *(number, sheet.file, sheet.digest, sheet.source, sheet.priority, sheet.rows, sheet.good),
        *(_day(sheet.first_day), _day(sheet.last_day), sheet.modified, READER),
    ]


def _day(day: dt.date | None) -> pd.Timestamp | None:
    return None if day is None else pd.Timestamp(day)


def _spans(tables: Mapping[str, pd.DataFrame]) -> dict[str, tuple[int, str, str]]:
    """Return rows, first and last day of tables."""
    spans = {}
    for name, frame in tables.items():
        day = next((frame[c] for c in DAYS if c in frame), None)
        known = day is not None and day.notna().any()
        days = (f"{day.min():%Y-%m-%d}", f"{day.max():%Y-%m-%d}") if known and day is not None else ("", "")
        spans[name] = (len(frame), *days)
    return spans


def _report(
    reading: Reading, merged: Merged, spans: dict[str, tuple[int, str, str]], proposals: tuple[str, ...]
) -> ImportReport:
    files, columns, bad, notes = [], [], [], []
    for s in reading.sheets:
        fed = ", ".join(dict.fromkeys(name for name, _ in s.frames))
        days = tuple("" if d is None else d.isoformat() for d in (s.first_day, s.last_day))
        files.append((s.file, s.status, s.source, fed, s.rows, s.good, *days, s.why, s.remedy))
        columns += [(s.file, header, fate) for header, fate in s.columns]
        bad += [dataclasses.astuple(b) for b in s.bad]
        notes += [(s.file, n.what, len(n.rows), n.rows[0] if n.rows else 0) for n in s.notes]
    notes += [("", what, 0, 0) for what in merged.notes]
    return ImportReport(
        files=pd.DataFrame(files, columns=list(FILES)),
        columns=pd.DataFrame(columns, columns=list(COLUMNS)),
        quarantine=pd.DataFrame(bad, columns=list(QUARANTINE)),
        conflicts=merged.conflicts[list(CONFLICTS)],
        notes=pd.DataFrame(notes, columns=list(NOTES)),
        tables=MappingProxyType(spans),
        merged=merged.repeated,
        proposals=proposals,
    )
