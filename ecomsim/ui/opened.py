"""Which workbook a dashboard works on."""

from __future__ import annotations

import os
from pathlib import Path

from ecomsim.checks import EcomsimError
from ecomsim.ui.place import WORKBOOK_VARIABLE
from ecomsim.workbook import Workbook

__all__ = ["opened_workbook"]


def opened_workbook(path: str | os.PathLike[str] | None = None) -> Workbook:
    """Return the workbook at `path`, or the one the server was started with.

    Raises
    ------
    EcomsimError
        When neither names a workbook, or there is nothing in it.
    """
    place = os.fspath(path) if path is not None else os.environ.get(WORKBOOK_VARIABLE, "")
    if not place:
        raise EcomsimError(
            "workbook", "no folder", "a workbook", "Start with: ecomsim dashboard WORKBOOK, or name it in the call"
        )  # fmt: skip
    book = Workbook(Path(place))
    if not book.exists:
        raise EcomsimError(
            place, "no workbook", "a folder that exports were imported into",
            f"Import your exports first: ecomsim import EXPORTS --into {place}",
        )  # fmt: skip
    return book
