"""A planner's folder on disk: tables, scenarios, results, mappings, reports; and the import into it."""

from ecomsim.workbook.folder import Workbook
from ecomsim.workbook.imports import PACKAGES, import_folder, import_package

__all__ = ["PACKAGES", "Workbook", "import_folder", "import_package"]
