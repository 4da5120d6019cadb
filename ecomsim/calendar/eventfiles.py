"""Reading event files: YAML validated by pydantic, every fault told with its file."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ecomsim.calendar.horizon import parse_date
from ecomsim.calendar.phases import CONFIDENCE, PHASES, Event, Phase
from ecomsim.checks import EcomsimError, nearest, require_name

__all__ = ["read_folder"]

_TIME = re.compile(r"(.+?)[ T](\d{2}):(\d{2})")
_YEARLY = re.compile(r"\d{2}-\d{2}")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _PhaseEntry(_Strict):
    phase: str
    start: str
    end: str | None = None


class _Mechanic(_Strict):
    kind: Literal["full_reduction", "direct"]
    threshold: float | None = Field(None, gt=0)
    off: float | None = Field(None, gt=0)
    share_from: float | None = Field(None, gt=0, lt=1)
    protection_until: str | None = None


class _EventEntry(_Strict):
    name: str = Field(min_length=1)
    name_zh: str = Field(min_length=1)
    family: str = Field(min_length=1)
    year: int | Literal["every"]
    phases: list[_PhaseEntry] = Field(min_length=1)
    peaks: list[str] = []
    mechanic: _Mechanic | None = None
    source: str = Field(min_length=1)
    confidence: str


def read_folder(folder: Path, years: tuple[int, ...] | None) -> dict[str, Event]:
    """Return the events of a folder's files by '<year> <family>'; yearly ones once for each of `years`.

    With `years` None a yearly event stands once, as 'every <family>', dated in 2000.
    """
    if not folder.is_dir():
        raise EcomsimError(str(folder), "no such folder", "a folder of event files", "Check the path")
    found: dict[str, Event] = {}
    for file in sorted(folder.glob("*.y*ml")):
        entry = _entry(file)
        yearly = entry.year == "every"
        chosen = (entry.year,) if isinstance(entry.year, int) else years or (2000,)
        for year in chosen:
            key = f"every {entry.family}" if yearly and years is None else f"{year} {entry.family}"
            if key in found:
                raise EcomsimError(file.name, f"a second {key}", "one file a family and year", "Merge them")
            found[key] = _event(entry, year, yearly, file.name)
    return found


def _entry(file: Path) -> _EventEntry:
    try:
        # The base loader keeps text as written: a date stays a date, 618 stays a name.
        value = yaml.load(file.read_text(encoding="utf-8-sig"), Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise EcomsimError(
            f"{file.name}{line}", f"not YAML: {problem}", "YAML", "Check the indentation"
        ) from None
    except (UnicodeDecodeError, OSError, RecursionError) as error:
        raise EcomsimError(
            file.name, f"not readable: {type(error).__name__}", "UTF-8 text", "Save it anew"
        ) from None
    try:
        return _EventEntry.model_validate(value)
    except ValidationError as error:
        told = [_told(one) for one in error.errors(include_url=False)]
        raise EcomsimError(
            file.name, "; ".join(told), ", ".join(_EventEntry.model_fields), "See the README"
        ) from None


def _told(one: Any) -> str:
    where = ".".join(str(part) for part in one["loc"]) or "the file"
    if one["type"] == "extra_forbidden":
        hit = nearest(
            str(one["loc"][-1]),
            [*_EventEntry.model_fields, *_PhaseEntry.model_fields, *_Mechanic.model_fields],
        )
        return f"no such key {where}" + (f", did you mean '{hit}'" if hit else "")
    if one["type"] == "missing":
        return f"no {where}"
    return f"{where}: {one['msg']}, got {str(one['input'])[:40]!r}"


def _event(entry: _EventEntry, year: int, yearly: bool, file: str) -> Event:
    phases = []
    for i, one in enumerate(entry.phases, start=1):
        where = f"{file}: phase {i}"
        require_name(one.phase, PHASES, where, "phase")
        start = _moment(one.start, year, yearly, f"{where} start", last=False)
        end = _moment(one.end, year, yearly, f"{where} end", last=True) if one.end else None
        if end is not None and end <= start:
            raise EcomsimError(f"{where} end", str(one.end), f"after {one.start}", "Swap start and end")
        phases.append(Phase(one.phase, start, end))
    require_name(entry.confidence, CONFIDENCE, f"{file}: confidence", "confidence")
    peaks = tuple(_day(text, year, yearly, f"{file}: peaks") for text in entry.peaks)
    mechanic = (
        {k: v for k, v in entry.mechanic.model_dump().items() if v is not None} if entry.mechanic else {}
    )
    if "protection_until" in mechanic:
        parse_date(mechanic["protection_until"], f"{file}: mechanic.protection_until")
    name, name_zh = (
        (f"{entry.name} {year}", f"{year} {entry.name_zh}") if yearly else (entry.name, entry.name_zh)
    )
    ordered = tuple(sorted(phases, key=lambda p: p.start))
    made = Event(
        name,
        name_zh,
        entry.family,
        year,
        ordered,
        peaks,
        MappingProxyType(mechanic),
        entry.source,
        entry.confidence,
    )
    for day in peaks:
        if not made.start <= day or (day > made.end and not made.open_ended):
            raise EcomsimError(
                f"{file}: peaks", str(day), f"a day from {made.start} to {made.end}", "Move it"
            )
    return made


def _day(text: str, year: int, yearly: bool, where: str) -> dt.date:
    if yearly:
        if not _YEARLY.fullmatch(text):
            raise EcomsimError(where, repr(text), "MM-DD, as the year is 'every'", "Write for example 12-12")
        text = f"{year}-{text}"
    return parse_date(text, where)


def _moment(text: str, year: int, yearly: bool, where: str, *, last: bool) -> dt.datetime:
    """Return the moment; a day without an hour begins at 0:00, or as an end runs to its last moment."""
    timed = _TIME.fullmatch(text.strip())
    day = _day(timed[1] if timed else text.strip(), year, yearly, where)
    midnight = dt.datetime.combine(day, dt.time())
    if timed is None:
        return midnight + dt.timedelta(days=1) if last else midnight
    hour, minute = int(timed[2]), int(timed[3])
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise EcomsimError(where, repr(text), "an hour from 00:00 to 24:00", "Mend the hour")
    return midnight + dt.timedelta(hours=hour, minutes=minute)
