"""How fresh a workbook is: what each table holds, how far it lags behind, which export would fill it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from ecomsim.data.sources import SOURCES
from ecomsim.data.tables import TABLES
from ecomsim.data.templates import TEMPLATES

__all__ = ["Age", "Freshness", "TableState", "freshness"]

_SALES = ("store_day", "item_day", "orders")
"""Tables that say what was sold; the newest of them is how far the data reach."""

_TIMELESS = frozenset(
    {"products", "promotions", "targets", "spend_plan", "prices", "roster", "purchase_orders"}
)
"""Tables that are right until somebody changes them: no day of theirs is late."""


class Age(Enum):
    """How a table stands."""

    FRESH = "fresh"
    BEHIND = "behind"
    MISSING = "missing"


@dataclass(frozen=True)
class TableState:
    """One table of the workbook.

    Attributes
    ----------
    name : canonical table
    rows : how many it holds
    first, last : first and last day, None where it has none
    age : whether it is there and reaches as far as the sales
    days_behind : days between its last day and the last day of sales
    fills : titles of the exports that fill it, the store's own platforms first
    template : whether `ecomsim template` offers a form for it
    """

    name: str
    rows: int
    first: dt.date | None
    last: dt.date | None
    age: Age
    days_behind: int
    fills: tuple[str, ...]
    template: bool


@dataclass(frozen=True)
class Freshness:
    """All tables, and the day the sales data reach to (None without sales)."""

    as_of: dt.date | None
    tables: tuple[TableState, ...]

    @property
    def missing(self) -> tuple[TableState, ...]:
        """Tables nothing has filled yet."""
        return tuple(table for table in self.tables if table.age is Age.MISSING)

    @property
    def behind(self) -> tuple[TableState, ...]:
        """Tables that end before the sales do."""
        return tuple(table for table in self.tables if table.age is Age.BEHIND)


def freshness(spans: Mapping[str, tuple[int, str, str]]) -> Freshness:
    """Judge a workbook by rows, first and last day of its tables (`Workbook.spans`).

    Examples
    --------
    >>> found = freshness({"store_day": (31, "2026-10-01", "2026-10-31"), "stock_day": (9, "2026-10-01", "2026-10-29")})
    >>> found.as_of, [(t.name, t.days_behind) for t in found.behind]
    (datetime.date(2026, 10, 31), [('stock_day', 2)])
    """
    sold = [_day(spans[name][2]) for name in _SALES if name in spans]
    as_of = max((day for day in sold if day is not None), default=None)
    return Freshness(as_of, tuple(_state(name, spans.get(name), as_of) for name in TABLES))


def _state(name: str, span: tuple[int, str, str] | None, as_of: dt.date | None) -> TableState:
    rows, first, last = span if span is not None else (0, "", "")
    end = _day(last)
    late = (as_of - end).days if as_of and end and name not in _TIMELESS else 0
    age = Age.MISSING if rows == 0 else Age.BEHIND if late > 0 else Age.FRESH
    fills = tuple(source.title for source in SOURCES.values() if name in source.tables)
    return TableState(name, rows, _day(first), end, age, max(late, 0), fills, name in TEMPLATES)


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
