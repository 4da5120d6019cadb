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

__all__ = ["kept_backtest"]

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
    import pandas as pd

    from ecomsim.backtest import Backtest, backtest

    mark = _mark(workbook, months, replications, metrics)
    home = workbook.result(f"backtest-{mark}")
    if (home / "notes.json").is_file():
        days, reliability = (pd.read_parquet(home / f"{name}.parquet") for name in _FRAMES[1:])
        shown = pd.read_parquet(home / f"{_FRAMES[0]}.parquet")
        told = json.loads((home / "notes.json").read_text(encoding="utf-8"))
        return Backtest(shown, days, reliability, told["share"], tuple(told["notes"])), True
    past = backtest(tables, months=months, replications=replications, metrics=metrics)
    home.mkdir(parents=True, exist_ok=True)
    for name in _FRAMES:
        getattr(past, name).to_parquet(home / f"{name}.parquet")
    told = {"share": past.share, "notes": list(past.notes)}
    (home / "notes.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return past, False


def _mark(workbook: Workbook, *question: object) -> str:
    seen = hashlib.sha256(repr(question).encode())
    files = workbook.files()[["file", "sha256"]].sort_values("file")
    seen.update(files.to_csv(index=False).encode() + repr(workbook.spans()).encode())
    for path in sorted(_PACKAGE.rglob("*.py")):
        seen.update(path.read_bytes())
    return seen.hexdigest()[:16]
