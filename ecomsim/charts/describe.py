"""What a chart shows, without how it is drawn: labelled numbers with units, frozen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from ecomsim.checks import EcomsimError

__all__ = ["Band", "Chart", "Differences", "Fan", "Interval", "Mark", "Panel", "Panels", "Target", "Track"]


@dataclass(frozen=True)
class Band:
    """One scenario through the days: the middle and the range of 8 in 10 outcomes, (D,) each."""

    name: str
    low: tuple[float, ...]
    mid: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True)
class Track:
    """One line through the days, (D,)."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Target:
    """A level to reach, drawn as a thin rule with its name on it."""

    name: str
    value: float


@dataclass(frozen=True)
class Mark:
    """A named stretch of days, such as a promotion's peak."""

    name: str
    start: dt.date
    end: dt.date


@dataclass(frozen=True)
class Interval:
    """One row of a difference chart: a range, its middle, and what it means in words."""

    name: str
    low: float
    mid: float
    high: float
    words: str = ""
    good: bool | None = None


@dataclass(frozen=True)
class Chart:
    """Base of every chart: a title that says what is seen, and the unit of its numbers."""

    title: str
    unit: str


@dataclass(frozen=True)
class Fan(Chart):
    """Bands through the days against a target."""

    dates: tuple[dt.date, ...]
    bands: tuple[Band, ...]
    target: Target | None = None
    marks: tuple[Mark, ...] = ()

    def __post_init__(self) -> None:
        for band in self.bands:
            for part in (band.low, band.mid, band.high):
                _same_length(self.title, band.name, len(part), len(self.dates))


@dataclass(frozen=True)
class Differences(Chart):
    """Ranges of a difference around zero, one row each."""

    rows: tuple[Interval, ...]


@dataclass(frozen=True)
class Panel:
    """One small chart of a set."""

    title: str
    unit: str
    tracks: tuple[Track, ...]


@dataclass(frozen=True)
class Panels(Chart):
    """Small multiples sharing the days."""

    dates: tuple[dt.date, ...]
    panels: tuple[Panel, ...]
    marks: tuple[Mark, ...] = ()

    def __post_init__(self) -> None:
        for panel in self.panels:
            for track in panel.tracks:
                _same_length(panel.title, track.name, len(track.values), len(self.dates))


def _same_length(chart: str, name: str, got: int, want: int) -> None:
    if got != want:
        raise EcomsimError(f"chart '{chart}', series '{name}'", f"{got} values", f"{want} values, one a date")
