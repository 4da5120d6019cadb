"""Keeping import reports: their tables as Parquet, the rest as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from types import MappingProxyType

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ecomsim.data.report import ImportReport

__all__ = ["load_report", "save_report"]

_FRAMES = ("files", "columns", "quarantine", "conflicts", "notes")


def save_report(report: ImportReport, folder: Path) -> None:
    """Write a report into an empty folder."""
    for name in _FRAMES:
        frame = getattr(report, name)
        frame = frame.astype({c: "str" for c in frame.columns if frame[c].dtype == object})
        pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), folder / f"{name}.parquet")
    rest = {"tables": dict(report.tables), "merged": report.merged, "proposals": list(report.proposals)}
    (folder / "report.json").write_text(json.dumps(rest, ensure_ascii=False), encoding="utf-8")


def load_report(folder: Path) -> ImportReport:
    """Read a report back; an empty one where none was kept."""
    if not (folder / "report.json").is_file():
        return ImportReport()
    frames = {n: pd.DataFrame(pq.read_table(folder / f"{n}.parquet").to_pandas()) for n in _FRAMES}
    rest = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return ImportReport(
        files=frames["files"],
        columns=frames["columns"],
        quarantine=frames["quarantine"],
        conflicts=frames["conflicts"],
        notes=frames["notes"],
        tables=MappingProxyType({k: (int(r), str(a), str(b)) for k, (r, a, b) in rest["tables"].items()}),
        merged=int(rest["merged"]),
        proposals=tuple(rest["proposals"]),
    )
