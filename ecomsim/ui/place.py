"""Where the dashboards' files lie, and how a server tells its sessions what it serves."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

__all__ = ["DASHBOARDS", "DASHBOARDS_VARIABLE", "WEB", "WORKBOOK_VARIABLE", "served"]

WEB = Path(__file__).with_name("web")
"""Folder of templates, styles and scripts, laid out as Jupyter searches it."""

DASHBOARDS = ("index", "planner", "targets", "staffing")
"""Dashboards in the order of the navigation; one shows there when its notebook is served."""

WORKBOOK_VARIABLE = "ECOMSIM_WORKBOOK"
"""Environment variable in which the server tells its kernels the workbook."""

DASHBOARDS_VARIABLE = "ECOMSIM_DASHBOARDS"
"""Environment variable with the names of the dashboards that are served."""


def served() -> Sequence[str]:
    """Return the dashboards that are being served, told by the server through the environment."""
    told = os.environ.get(DASHBOARDS_VARIABLE, "")
    return [name for name in DASHBOARDS if name in told.split(",")]
