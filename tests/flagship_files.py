"""Readers of the sample store's export files, without the project's own importers."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import openpyxl

HOME = Path(__file__).resolve().parents[1] / "datasets" / "flagship"
EXPORTS = HOME / "exports"
Rows = list[dict[str, str]]


def read_text(name: str, encoding: str) -> str:
    path = EXPORTS / name
    if path.suffix != ".zip":
        return path.read_bytes().decode(encoding)
    with zipfile.ZipFile(path) as archive:
        (member,) = archive.namelist()
        return archive.read(member).decode(encoding)


def read_rows(name: str, encoding: str = "utf-8-sig", skip: int = 0) -> Rows:
    lines = list(csv.reader(io.StringIO(read_text(name, encoding))))[skip:]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def read_sheet(name: str, skip: int = 0) -> Rows:
    page = openpyxl.load_workbook(EXPORTS / name, read_only=True).active
    assert page is not None
    lines = [[str(c) if c is not None else "" for c in row] for row in page.iter_rows(values_only=True)][
        skip:
    ]
    return [dict(zip(lines[0], line, strict=False)) for line in lines[1:]]
