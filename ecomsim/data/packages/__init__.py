"""Data sets that come as Python packages, read into canonical tables."""

from __future__ import annotations

from ecomsim.data.packages.completejourney import PackageData, read_completejourney

__all__ = ["PackageData", "read_completejourney"]
