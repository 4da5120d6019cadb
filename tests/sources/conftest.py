"""Write an export as the platform writes it, read it as the importer does, and look at what came out."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ecomsim.data.importing import SheetRead, read_inputs
from ecomsim.data.recognise import Catalogue
from ecomsim.data.sources import SOURCES

HEADERS = Path(__file__).parents[1] / "data" / "export_headers"


def header_row(name: str) -> list[str]:
    """The header row of a real export, as it stands in the file (trailing blanks included)."""
    return next(csv.reader(io.StringIO((HEADERS / f"{name}.csv").read_text(encoding="utf-8-sig"))))


@dataclass(frozen=True)
class Got:
    """What the importer made of one file."""

    sheet: SheetRead

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        return dict(self.sheet.frames)

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """Rows as plain values: days as ISO text, gaps as None."""
        frame = self.tables[table][list(columns)]
        return [tuple(map(_plain, row)) for row in frame.itertuples(index=False, name=None)]

    @property
    def notes(self) -> str:
        return "\n".join(n.what for n in self.sheet.notes)

    @property
    def bad(self) -> list[tuple[int, str, str]]:
        return [(b.row, b.column, b.value) for b in self.sheet.bad]

    def fate(self, header: str) -> str:
        return dict(self.sheet.columns)[header]


def _plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d" if value == value.normalize() else "%Y-%m-%d %H:%M:%S")
    return value


def _cells(text: str) -> dict[str, str]:
    """``"header=value | header=value"`` as a mapping."""
    return {k.strip(): v.strip() for k, _, v in (part.partition("=") for part in text.split("|"))}


Read = Callable[..., Got]


@pytest.fixture
def export(tmp_path: Path) -> Read:
    """Write one file with the real header row of `name` and read it back."""

    def read(
        name: str,
        rows: Sequence[Mapping[str, str] | str],
        *,
        file: str = "export.csv",
        encoding: str = "utf-8-sig",
        before: Sequence[str] = (),
        after: Sequence[Sequence[str]] = (),
        header: Sequence[str] | None = None,
    ) -> Got:
        names = list(header) if header is not None else header_row(name)
        known = {n.strip() for n in names}
        cells = [_cells(row) if isinstance(row, str) else row for row in rows]
        assert all(set(row) <= known for row in cells), "the test names a header the file does not have"
        text = io.StringIO(newline="")
        for line in before:
            text.write(line + "\r\n")
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(names)
        writer.writerows([[row.get(n.strip(), "") for n in names] for row in cells])
        writer.writerows(after)
        (tmp_path / file).write_bytes(text.getvalue().encode(encoding))
        sheets = read_inputs(tmp_path / file, Catalogue(SOURCES.values())).sheets
        assert len(sheets) == 1
        if sheets[0].status == "read":
            assert sheets[0].source == name
        return Got(sheets[0])

    return read
