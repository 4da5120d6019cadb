"""A track record kept in the workbook: taken anew only when the data, the question or the program changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from ecomsim.backtest import Backtest
    from ecomsim.workbook import Workbook

__all__ = ["find_backtest", "kept_backtest"]

_FRAMES = ("months", "days", "reliability")
_PACKAGE = Path(__file__).parents[1]


def kept_backtest(
    workbook: Workbook,
    tables: Mapping[str, pd.DataFrame],
    *,
    months: int,
    replications: int,
    metrics: Sequence[str],
) -> tuple[Backtest, bool]:
    """Return the backtest and whether it was kept from an earlier run.

    Kept as Parquet under the workbook's results, named after a hash of the imported files, the question and
    the program's own source, so nothing stale is ever shown.
    """
    from ecomsim.backtest import backtest

    found = find_backtest(workbook, months=months, replications=replications, metrics=metrics)
    if found is not None:
        return found, True
    home = workbook.result(f"backtest-{_mark(workbook, months, replications, list(metrics))}")
    past = backtest(tables, months=months, replications=replications, metrics=metrics)
    home.mkdir(parents=True, exist_ok=True)
    for name in _FRAMES:
        getattr(past, name).to_parquet(home / f"{name}.parquet")
    told = {"share": past.share, "notes": list(past.notes)}
    (home / "notes.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return past, False


def find_backtest(
    workbook: Workbook, *, months: int, replications: int, metrics: Sequence[str]
) -> Backtest | None:
    """Return the backtest kept for this question, data and program; None when there is none."""
    import pandas as pd

    from ecomsim.backtest import Backtest

    home = workbook.result(f"backtest-{_mark(workbook, months, replications, list(metrics))}")
    if not (home / "notes.json").is_file():
        return None
    shown, days, reliability = (pd.read_parquet(home / f"{name}.parquet") for name in _FRAMES)
    told = json.loads((home / "notes.json").read_text(encoding="utf-8"))
    return Backtest(shown, days, reliability, told["share"], tuple(told["notes"]))


def _mark(workbook: Workbook, *question: object) -> str:
    seen = hashlib.sha256(repr(question).encode())
    files = workbook.files()[["file", "sha256"]].sort_values("file")
    seen.update(files.to_csv(index=False).encode() + repr(workbook.spans()).encode())
    for path in sorted(_PACKAGE.rglob("*.py")):
        seen.update(path.read_bytes())
    return seen.hexdigest()[:16]
