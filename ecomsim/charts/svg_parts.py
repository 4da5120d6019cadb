"""What every SVG chart is drawn with: a plot's rectangle, axes, shaded days, lines and text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from ecomsim.charts.describe import Chart, Mark
from ecomsim.charts.palette import FAINT, GREY, INK
from ecomsim.charts.scale import compact, date_ticks

__all__ = ["Plot", "bar", "heading", "line", "room", "rule", "shade", "text", "wide", "x_axis", "y_axis"]


@dataclass(frozen=True)
class Plot:
    """A rectangle with a linear y axis and days along x."""

    left: float
    top: float
    width: float
    height: float
    low: float
    high: float
    count: int

    def x(self, i: float) -> float:
        """Return where day `i` stands."""
        return self.left + (self.width * i / (self.count - 1) if self.count > 1 else self.width / 2)

    def y(self, value: float) -> float:
        """Return where a value stands."""
        return self.top + self.height * (1 - (value - self.low) / (self.high - self.low))


def heading(chart: Chart) -> str:
    """Return the title and, after it, the unit."""
    unit = f'<tspan fill="{GREY}" font-weight="400">  {escape(chart.unit)}</tspan>' if chart.unit else ""
    return f'<text x="0" y="18" font-size="14" font-weight="600">{escape(chart.title)}{unit}</text>'


def y_axis(plot: Plot, marks: Sequence[float], language: str) -> str:
    """Return the horizontal rules of the ticks, each with its number."""
    parts = []
    for mark in marks:
        y = plot.y(mark)
        parts.append(rule(plot.left, y, plot.left + plot.width, y, GREY if mark == 0 else FAINT))
        parts.append(text(plot.left - 8, y + 4, compact(mark, language), anchor="end", colour=GREY, size=11))
    return "".join(parts)


def x_axis(plot: Plot, dates: Sequence[dt.date], count: int = 8) -> str:
    """Return the days below a plot."""
    long = len(dates) > 120
    y = plot.top + plot.height + 16
    return "".join(
        text(
            plot.x(i),
            y,
            f"{dates[i]:%Y-%m}" if long else f"{dates[i].month}/{dates[i].day}",
            anchor="middle",
            colour=GREY,
            size=11,
        )
        for i in date_ticks(dates, count)
    )


def shade(plot: Plot, dates: Sequence[dt.date], marks: Sequence[Mark], names: bool = True) -> str:
    """Return events as shaded days, named above."""
    parts = []
    for mark in marks:
        inside = [i for i, d in enumerate(dates) if mark.start <= d <= mark.end]
        if not inside:
            continue
        half = 0.5 * plot.width / max(plot.count - 1, 1)
        left, right = (
            max(plot.left, plot.x(inside[0]) - half),
            min(plot.left + plot.width, plot.x(inside[-1]) + half),
        )
        parts.append(
            f'<rect x="{left:.1f}" y="{plot.top}" width="{right - left:.1f}" height="{plot.height}" '
            f'fill="{FAINT}" opacity=".55"/>'
        )
        if names:
            parts.append(
                text((left + right) / 2, plot.top - 6, mark.name, anchor="middle", colour=GREY, size=11)
            )
    return "".join(parts)


def line(plot: Plot, values: Sequence[float], colour: str, width: float, dash: str) -> str:
    """Return one line through the days."""
    points = " ".join(f"{plot.x(i):.1f},{plot.y(v):.1f}" for i, v in enumerate(values))
    style = f' stroke-dasharray="{dash}"' if dash else ""
    stroke = f'stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"{style}'
    return f'<polyline points="{points}" fill="none" {stroke}/>'


def rule(x1: float, y1: float, x2: float, y2: float, colour: str, style: str = "") -> str:
    """Return a straight line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" {style}/>'


def text(
    x: float,
    y: float,
    words: str,
    *,
    anchor: str = "start",
    colour: str = INK,
    weight: int = 400,
    size: int = 12,
) -> str:
    """Return a line of text, escaped."""
    look = f'text-anchor="{anchor}" fill="{colour}" font-weight="{weight}" font-size="{size}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {look}>{escape(words)}</text>'


def bar(x: float, y: float, width: float, height: float, colour: str, style: str = "") -> str:
    """Return a filled rectangle; a width below 0 grows to the left, a height below 0 upwards."""
    left, top = min(x, x + width), min(y, y + height)
    size = f'width="{abs(width):.1f}" height="{abs(height):.1f}"'
    return f'<rect x="{left:.1f}" y="{top:.1f}" {size} fill="{colour}" {style}/>'


def wide(words: str) -> float:
    """Return about how many pixels words of size 12 take."""
    return sum(13.0 if ord(ch) > 0x2E80 else 7.2 for ch in words)


def room(names: Sequence[str], least: float = 60.0, most: float = 230.0) -> float:
    """Return the width of a column of names."""
    return min(max([least, *(wide(name) + 12 for name in names)]), most)
