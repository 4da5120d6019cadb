"""What a chart shows, without how it is drawn: labelled numbers with units, frozen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from ecomsim.checks import EcomsimError

__all__ = [
    "Band", "Chart", "Differences", "Fan", "Funnel", "HeatMap", "Interval", "Mark", "Panel", "Panels", "Stage",
    "Step", "Strip", "Swing", "Target", "Tornado", "Track", "Waterfall",
]  # fmt: skip


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
class Strip:
    """Counts of each day at the foot of a chart, (D,), drawn small: not on its axis, the highest is told in words."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Fan(Chart):
    """Bands through the days, against a target, or over counts of each day."""

    dates: tuple[dt.date, ...]
    bands: tuple[Band, ...]
    target: Target | None = None
    marks: tuple[Mark, ...] = ()
    strip: Strip | None = None

    def __post_init__(self) -> None:
        for band in self.bands:
            for part in (band.low, band.mid, band.high):
                _same_length(self.title, band.name, len(part), len(self.dates))
        if self.strip:
            _same_length(self.title, self.strip.name, len(self.strip.values), len(self.dates))


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


@dataclass(frozen=True)
class Step:
    """One step of a waterfall: a level to stand on, or a change from the level before."""

    name: str
    value: float
    level: bool = False
    words: str = ""


@dataclass(frozen=True)
class Waterfall(Chart):
    """From one level to another, step by step; the steps add up.

    Raises
    ------
    EcomsimError
        When it does not begin with a level, or a later level is not what the changes lead to.
    """

    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        if not self.steps or not self.steps[0].level:
            raise EcomsimError(f"chart '{self.title}'", "no level first", "a level, then changes")
        at = 0.0
        scale = max(abs(step.value) for step in self.steps) or 1.0
        for i, step in enumerate(self.steps):
            if step.level and i and abs(step.value - at) > 1e-6 * scale:
                given = f"{step.value:g} where the changes lead to {at:g}"
                raise EcomsimError(f"chart '{self.title}', step '{step.name}'", given, "steps that add up")
            at = step.value if step.level else at + step.value


@dataclass(frozen=True)
class Swing:
    """One row of a tornado: the outcome with a number at its low and at its high end."""

    name: str
    low: float
    high: float
    low_words: str = ""
    high_words: str = ""


@dataclass(frozen=True)
class Tornado(Chart):
    """What moves an outcome most, widest swing first, around `base`."""

    base: float
    rows: tuple[Swing, ...]


@dataclass(frozen=True)
class HeatMap(Chart):
    """A number by row and column; NaN is an empty cell."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        _same_length(self.title, "rows", len(self.values), len(self.rows), "row")
        for name, row in zip(self.rows, self.values, strict=True):
            _same_length(self.title, name, len(row), len(self.columns), "column")


@dataclass(frozen=True)
class Stage:
    """One stage of a funnel: a number by row and scenario, (scenarios, rows)."""

    name: str
    unit: str
    values: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Funnel(Chart):
    """Stages side by side, each with its own scale, rows shared: visitors, buyers and GMV by channel."""

    rows: tuple[str, ...]
    scenarios: tuple[str, ...]
    stages: tuple[Stage, ...]

    def __post_init__(self) -> None:
        for stage in self.stages:
            _same_length(self.title, stage.name, len(stage.values), len(self.scenarios), "scenario")
            for row in stage.values:
                _same_length(self.title, stage.name, len(row), len(self.rows), "row")


def _same_length(chart: str, name: str, got: int, want: int, each: str = "date") -> None:
    if got != want:
        raise EcomsimError(
            f"chart '{chart}', series '{name}'", f"{got} values", f"{want} values, one a {each}"
        )
