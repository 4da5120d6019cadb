"""The canonical tables: what every export, template and mapped file becomes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ecomsim.data.schema import Column, Kind, Table
from ecomsim.data.tables_goods import GOODS
from ecomsim.data.tables_sales import SALES
from ecomsim.data.tables_service import SERVICE

__all__ = ["TABLES", "Column", "Kind", "Table"]

TABLES: Mapping[str, Table] = MappingProxyType({t.name: t for t in (*SALES, *SERVICE, *GOODS)})
"""Canonical tables by name."""
