"""Open a store from wherever its data lie: a workbook, or a folder of exports."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ecomsim.checks import EcomsimError

if TYPE_CHECKING:
    import pandas as pd

    from ecomsim.store import Store
    from ecomsim.workbook import Workbook

__all__ = ["cache_folder", "open_store", "open_workbook", "read_tables"]


def open_store(path: str | os.PathLike[str], *, as_of: str | None = None) -> Store:
    """Return the store calibrated from the data at `path`.

    Parameters
    ----------
    path : a workbook; or a folder of exports, or one holding a folder named ``exports``
    as_of : use data up to this day only (YYYY-MM-DD)

    Raises
    ------
    EcomsimError
        If there is nothing there to read.
    """
    from ecomsim.calibrate import calibrate

    return calibrate(read_tables(path), name=Path(path).resolve().name, as_of=as_of).store


def read_tables(path: str | os.PathLike[str]) -> Mapping[str, pd.DataFrame]:
    """Return the canonical tables at `path`, importing a folder of exports into a cache first.

    The cache is keyed by the names, sizes and times of the files, so unchanged exports are read once.
    """
    return open_workbook(path).tables()


def open_workbook(path: str | os.PathLike[str]) -> Workbook:
    """Return the workbook at `path`; a folder of exports is imported into one in the user's cache first.

    Raises
    ------
    EcomsimError
        If there is nothing there to read.
    """
    from ecomsim.workbook import Workbook, import_folder

    folder = Path(path)
    if not folder.exists():
        raise EcomsimError(
            str(folder), "nothing there", "a workbook or a folder of exports", "Check the path"
        )
    if not folder.is_dir():
        raise EcomsimError(
            str(folder), "a file", "a workbook or a folder of exports", "Give the folder it lies in"
        )
    try:
        book = Workbook(folder)
    except EcomsimError:  # a folder that holds something else: exports, we hope
        pass
    else:
        if book.exists:
            return book
    exports = folder / "exports" if (folder / "exports").is_dir() else folder
    # The folder's own name goes last: it is the store's name wherever one is shown.
    workbook = Workbook(cache_folder("opened") / _fingerprint(exports) / folder.resolve().name)
    if not workbook.names():
        report = import_folder(exports, workbook)
        if not workbook.names():
            raise EcomsimError(
                str(exports), "no export anybody knows", "files of a known format", report.text()
            )
    return workbook


def _fingerprint(folder: Path) -> str:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    if not files:
        raise EcomsimError(str(folder), "no files", "exports", "Put the platform's exports in this folder")
    seen = hashlib.sha256(str(folder.resolve()).encode())
    for file in files:
        stat = file.stat()
        seen.update(f"{file.relative_to(folder)}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return seen.hexdigest()[:24]


def cache_folder(name: str) -> Path:
    """Return the folder `name` of the user's cache, made if missing.

    Raises
    ------
    EcomsimError
        When no such folder can be written.
    """
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    for root in (Path(base), Path(tempfile.gettempdir())):
        home = root / "ecomsim" / name
        try:
            home.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(home, os.W_OK):
            return home
    raise EcomsimError(
        "cache", "no writable folder", base, "Set XDG_CACHE_HOME, or import into a workbook first"
    )
