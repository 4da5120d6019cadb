"""Data frames as Parquet files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ecomsim.data.tables import TABLES

__all__ = ["DAYS", "FILE_COLUMNS", "bare", "read_frame", "span", "write_frame"]

DAYS = ("date", "created_at", "ordered_on")
"""Columns that say of which days a table tells, the first it has."""

FILE_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "id": "int64",
        "file": "str",
        "sha256": "str",
        "source": "str",
        "priority": "int64",
        "rows": "int64",
        "good": "int64",
        "first_day": "datetime64[us]",
        "last_day": "datetime64[us]",
        "modified": "datetime64[us]",
        "reader": "int64",
    }
)
"""Columns of the list of imported sheets."""


def bare(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return only the canonical columns of a table."""
    return frame[[c.name for c in TABLES[name].columns]]


def read_frame(path: Path) -> pd.DataFrame:
    """Read a file whole, so that it may be replaced meanwhile."""
    return pd.DataFrame(pq.read_table(path, memory_map=False).to_pandas())


def span(path: Path) -> tuple[int, str, str]:
    """Return rows, first and last day of a file from its statistics."""
    about = pq.read_metadata(path)
    names = list(about.schema.names)
    name = next((d for d in DAYS if d in names), None)
    if name is None:
        return about.num_rows, "", ""
    groups = [about.row_group(i).column(names.index(name)).statistics for i in range(about.num_row_groups)]
    known = [g for g in groups if g is not None and g.has_min_max]
    if not known:
        return about.num_rows, "", ""
    first, last = min(g.min for g in known), max(g.max for g in known)
    return about.num_rows, f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}"


def write_frame(frame: pd.DataFrame, path: Path) -> None:
    """Write a new file; one of that name is unlinked first, as it may be a link into an older generation."""
    path.unlink(missing_ok=True)
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path, compression="zstd")
