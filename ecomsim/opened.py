"""A workbook opened for planning: its calibrated store is kept, so that opening it again takes no calibration."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import pickle
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ecomsim.checks import EcomsimError
from ecomsim.opening import cache_folder, open_workbook, read_tables
from ecomsim.store import Store
from ecomsim.version import __version__

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Opened", "open_calibrated"]

_PACKAGE = Path(__file__).parent
_KEEP = 8


@dataclass(frozen=True)
class Opened:
    """A store to plan with, and what it rests on, in plain values.

    Attributes
    ----------
    path : the workbook
    store : calibrated from all its data
    targets : metric -> {YYYY-MM: total}
    to_date : metric -> {YYYY-MM: sum so far} of the month the data end in, if it is not over
    missing : (path, what was assumed, why, the export that would mend it)
    notes : what was odd in the data
    first, last : days of the data
    """

    path: Path
    store: Store
    targets: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    to_date: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    missing: tuple[tuple[str, str, str, str], ...] = ()
    notes: tuple[str, ...] = ()
    first: dt.date | None = None
    last: dt.date | None = None


def open_calibrated(path: str | os.PathLike[str]) -> Opened:
    """Return the workbook at `path` opened for planning.

    The calibrated store is kept in the user's own cache, named after a hash of the workbook's tables, the
    version and the source of the package: nothing stale is ever used. It is kept outside the workbook because
    a workbook may come from somebody else, and what is kept must be trusted to be read.

    Parameters
    ----------
    path : a workbook, or a folder of exports

    Raises
    ------
    EcomsimError
        If there is nothing there to read.
    """
    from ecomsim.workbook.disk import current

    given = Path(path)
    folder = given if given.is_dir() and current(given) is not None else open_workbook(given).path
    name = given.resolve().name
    kept = _kept(folder, name)
    found = _load(kept, folder) if kept is not None else None
    if found is None:
        found = _calibrated(folder, name)
        if kept is not None:
            _keep(kept, found)
    return found


def _calibrated(folder: Path, name: str) -> Opened:
    from ecomsim.calibrate import calibrate

    tables = read_tables(folder)
    found = calibrate(tables, name=name)
    store = found.store
    gaps = tuple((g.path, g.assumed, g.reason, g.export) for g in found.missing)
    return Opened(
        folder, store, _targets(tables), _to_date(tables, store.as_of), gaps, found.notes,
        found.history.first, store.as_of,
    )  # fmt: skip


def _targets(tables: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, float]]:
    frame = tables.get("targets")
    found: dict[str, dict[str, float]] = {}
    if frame is not None:
        for row in frame.to_dict("records"):
            found.setdefault(str(row["metric"]), {})[str(row["month"])] = float(row["target"])
    return found


def _to_date(tables: Mapping[str, pd.DataFrame], as_of: dt.date | None) -> dict[str, dict[str, float]]:
    frame = tables.get("store_day")
    if frame is None or as_of is None or (as_of + dt.timedelta(days=1)).day == 1:
        return {}
    days = frame[frame["date"].dt.strftime("%Y-%m") == f"{as_of:%Y-%m}"]
    return {
        name: {f"{as_of:%Y-%m}": float(days[name].sum())}
        for name in ("gmv", "visitors", "buyers", "orders")
        if name in days and days[name].notna().all()
    }


def _kept(folder: Path, name: str) -> Path | None:
    """Return where the calibration of this workbook's present tables would lie; None where nothing can be kept."""
    from ecomsim.workbook.disk import current

    generation = current(folder)
    if generation is None:
        return None
    seen = hashlib.sha256(f"{__version__}\0{name}".encode())
    for table in sorted((generation / "data").glob("*.parquet")):
        seen.update(table.name.encode() + table.read_bytes())
    for source in sorted(_PACKAGE.rglob("*.py")):
        if source.relative_to(_PACKAGE).parts[0] in ("calibrate", "store", "uncertain", "opened.py"):
            seen.update(source.read_bytes())
    try:
        return cache_folder("calibrated") / f"{seen.hexdigest()[:24]}.pickle"
    except EcomsimError:
        return None


def _load(kept: Path, folder: Path) -> Opened | None:
    """Return what is kept, if it is ours alone to write and can be read; else None."""
    try:
        with kept.open("rb") as file:
            about = os.fstat(file.fileno())
            if about.st_uid != os.getuid() or about.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
                return None
            found = pickle.load(file)
    except (OSError, pickle.UnpicklingError, AttributeError, ImportError, EOFError, ValueError, TypeError):
        return None  # a file cut short, or of another version: calibrate anew
    if not isinstance(found, Opened):
        return None
    return Opened(**{**{name: getattr(found, name) for name in found.__dataclass_fields__}, "path": folder})


def _keep(kept: Path, opened: Opened) -> None:
    try:
        with tempfile.NamedTemporaryFile(dir=kept.parent, delete=False) as file:  # made readable to us alone
            pickle.dump(opened, file, protocol=pickle.HIGHEST_PROTOCOL)
        os.replace(file.name, kept)
        for old in sorted(kept.parent.glob("*.pickle"), key=lambda p: p.stat().st_mtime)[:-_KEEP]:
            old.unlink(missing_ok=True)
    except OSError:
        return  # a full disk: the next opening calibrates again
