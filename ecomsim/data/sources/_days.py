"""The day of a report that has no date column."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ecomsim.checks import EcomsimError
from ecomsim.data.source import Sheet

__all__ = ["one_day"]


def one_day(sheet: Sheet, *headers: str) -> pd.Series[Any]:
    """Return the day of every row: a date column if there is one, else the one day the file speaks of.

    Raises
    ------
    EcomsimError
        If the file tells no day, or a span of several: a span cannot be shared out over its days.
    """
    for header in headers:
        if header in sheet.cells.columns:
            return sheet.get(header)
    found = sheet.period()
    remedy = (
        "Export the report day by day and put the day into each file name, e.g. report_2026-11-01.csv, "
        f"or add a column '{headers[0]}'"
    )
    if found is None:
        raise EcomsimError(
            sheet.label,
            "no day: there is no date column, and neither the lines above the header nor the name tell one",
            "one day",
            remedy,
        )
    first, last = found
    if first != last:
        days = (last - first).days + 1
        raise EcomsimError(sheet.label, f"a report over {days} days, {first} to {last}", "one day", remedy)
    return pd.Series(first.isoformat(), index=sheet.cells.index, dtype="str")
