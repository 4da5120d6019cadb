"""A planner's folder on disk: tables, scenarios, results, mappings, reports; and the import into it.

Its names are fetched when first used: a dashboard that finds its store kept needs no table library.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ecomsim.workbook.folder import Workbook
    from ecomsim.workbook.imports import PACKAGES, import_folder, import_package

__all__ = ["PACKAGES", "Workbook", "import_folder", "import_package"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "ecomsim.workbook.folder" if name == "Workbook" else "ecomsim.workbook.imports"
    return getattr(importlib.import_module(home), name)
