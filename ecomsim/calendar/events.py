"""Dated events: platform promotions from sourced YAML files, festivals by calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from ecomsim.calendar.feasts import feasts, supported
from ecomsim.calendar.horizon import Horizon
from ecomsim.calendar.phases import Event, Phase

__all__ = ["Event", "Phase", "events", "missing_events"]

FOLDER = Path(__file__).parent.parent / "events"


def events(start: dt.date | str, end: dt.date | str, folder: str | Path | None = None) -> list[Event]:
    """Return the events that touch the days from `start` to `end`, in order of their first day.

    Parameters
    ----------
    start, end : first and last day, both included
    folder : your own event files; one of the same family and year takes the place of ours

    Raises
    ------
    EcomsimError
        For days outside 1950 to 2099, or a faulty file, naming the file and every fault.

    Examples
    --------
    >>> [e.name for e in events("2025-11-10", "2025-12-31")]
    ['Double 11 2025', 'Double 12 2025']
    """
    days = Horizon(start, end)
    supported(days)
    # A presale may begin in the year before its festival.
    years = range(days.start.year - 1, days.end.year + 2)
    dated = _dated(FOLDER, tuple(years))
    if folder is not None:
        dated = {**dated, **_dated(Path(folder), tuple(years))}
    found = [e for e in [*dated.values(), *feasts(days)] if e.start <= days.end and e.end >= days.start]
    return sorted(found, key=lambda e: (e.start, e.family))


def missing_events(start: dt.date | str, end: dt.date | str, folder: str | Path | None = None) -> list[str]:
    """Return a sentence for every event that recurs each year but has no dates for the days asked.

    Examples
    --------
    >>> missing_events("2026-11-01", "2026-11-30")
    ['Double 11 2026 has no dated file: enter its dates as a promotion, or add an event file.']
    """
    days = Horizon(start, end)
    years = tuple(range(days.start.year - 1, days.end.year + 2))
    known = _dated(FOLDER, None)
    if folder is not None:
        known = {**known, **_dated(Path(folder), None)}
    told = []
    for family in sorted({e.family for e in known.values()}):
        siblings = [e for e in known.values() if e.family == family]
        for year in years:
            if any(e.year == year for e in siblings) or f"every {family}" in known:
                continue
            last = max(siblings, key=lambda e: (e.end > e.start, e.year))
            first, final = _in_year(last.start, year), _in_year(last.end, year)
            if first <= days.end and final >= days.start:
                name = last.name.replace(str(last.year), "").strip()
                told.append(
                    f"{name} {year} has no dated file: enter its dates as a promotion, or add an event file."
                )
    return told


def _in_year(day: dt.date, year: int) -> dt.date:
    return day.replace(year=year) if (day.month, day.day) != (2, 29) else dt.date(year, 2, 28)


def _dated(folder: Path, years: tuple[int, ...] | None) -> dict[str, Event]:
    from ecomsim.calendar.eventfiles import read_folder

    if folder == FOLDER:
        return dict(_shipped(years))
    return read_folder(folder, years)


@lru_cache(maxsize=64)
def _shipped(years: tuple[int, ...] | None) -> Mapping[str, Event]:
    from ecomsim.calendar.eventfiles import read_folder

    return MappingProxyType(read_folder(FOLDER, years))
