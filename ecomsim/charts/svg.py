"""Draw a chart description as self-contained SVG: ink, two greys, a colour-blind-safe hue a scenario."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from ecomsim.charts.describe import Chart, Differences, Fan, Mark, Panels
from ecomsim.charts.palette import BAD, DASHES, FAINT, GOOD, GREY, INK, PALETTE
from ecomsim.charts.scale import compact, date_ticks, spread, ticks

__all__ = ["render"]

_FAMILY = "Inter,'Helvetica Neue',Arial,'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif"
_FONT = f'font-family="{_FAMILY}"'


@dataclass(frozen=True)
class _Plot:
    """A rectangle with a linear y axis and days along x."""

    left: float
    top: float
    width: float
    height: float
    low: float
    high: float
    count: int

    def x(self, i: float) -> float:
        return self.left + (self.width * i / (self.count - 1) if self.count > 1 else self.width / 2)

    def y(self, value: float) -> float:
        return self.top + self.height * (1 - (value - self.low) / (self.high - self.low))


def render(chart: Chart, *, width: int = 920, language: str = "en") -> str:
    """Return the chart as SVG text with a title and description for screen readers.

    Parameters
    ----------
    chart : Fan, Differences or Panels
    width : pixels
    language : 'en' or 'zh', for the numbers on the axes
    """
    draw: dict[type[Chart], Callable[[Chart, int, str], tuple[str, int]]] = {
        Fan: _fan,
        Differences: _differences,
        Panels: _panels,
    }
    body, height = draw[type(chart)](chart, width, language)
    title = escape(f"{chart.title} ({chart.unit})" if chart.unit else chart.title)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{title}" '
        f'{_FONT} font-size="12" fill="{INK}"><title>{title}</title>{body}</svg>'
    )


def _fan(chart: Chart, width: int, language: str) -> tuple[str, int]:
    assert isinstance(chart, Fan)
    height, labels = 360, 150
    tops = [max(b.high) for b in chart.bands] + ([chart.target.value] if chart.target else [])
    lows = [min(b.low) for b in chart.bands]
    marks = ticks(min(0.0, *lows), max(tops))
    plot = _Plot(64, 44, width - 64 - labels, height - 84, marks[0], marks[-1], len(chart.dates))
    parts = [
        _heading(chart),
        _y_axis(plot, marks, language),
        _x_axis(plot, chart.dates),
        _marks(plot, chart.dates, chart.marks),
    ]
    for i, band in enumerate(chart.bands):
        colour = PALETTE[i % len(PALETTE)]
        up = [f"{plot.x(j):.1f},{plot.y(v):.1f}" for j, v in enumerate(band.high)]
        down = [f"{plot.x(j):.1f},{plot.y(v):.1f}" for j, v in reversed(list(enumerate(band.low)))]
        parts.append(
            f'<polygon points="{" ".join(up + down)}" fill="{colour}" opacity="{0.22 if i == 0 else 0.14}"/>'
        )
    for i, band in enumerate(chart.bands):
        parts.append(_line(plot, band.mid, PALETTE[i % len(PALETTE)], 2.2, DASHES[i % len(DASHES)]))
    ends = [
        (plot.y(b.mid[-1]), f"{b.name}  {compact(b.mid[-1], language)}", PALETTE[i % len(PALETTE)])
        for i, b in enumerate(chart.bands)
    ]
    if chart.target:
        y = plot.y(chart.target.value)
        parts.append(_rule(plot.left, y, plot.left + plot.width, y, INK))
        parts.append(
            _text(
                plot.left + 6,
                y - 6,
                f"{chart.target.name} {compact(chart.target.value, language)}",
                weight=600,
            )
        )
    places = spread([y for y, _, _ in ends], 15.0)
    for y, (_, text, colour) in zip(places, ends, strict=True):
        parts.append(_text(plot.left + plot.width + 8, y + 4, text, colour=colour, weight=600))
    return "".join(parts), height


def _differences(chart: Chart, width: int, language: str) -> tuple[str, int]:
    assert isinstance(chart, Differences)
    row, left, right = 34, 230, 210
    height = 70 + row * len(chart.rows)
    lo = min([0.0] + [r.low for r in chart.rows])
    hi = max([0.0] + [r.high for r in chart.rows])
    marks = ticks(lo, hi, 6)
    span = width - left - right

    def x(value: float) -> float:
        return left + span * (value - marks[0]) / (marks[-1] - marks[0])

    bottom = 44 + row * len(chart.rows)
    parts = [_heading(chart)]
    for mark in marks:
        parts.append(_rule(x(mark), 40, x(mark), bottom, INK if mark == 0 else FAINT))
        parts.append(
            _text(x(mark), bottom + 16, compact(mark, language), anchor="middle", colour=GREY, size=11)
        )
    for i, item in enumerate(chart.rows):
        y = 44 + row * (i + 0.5)
        colour = GREY if item.good is None else (GOOD if item.good else BAD)
        parts.append(_text(left - 12, y + 4, item.name, anchor="end"))
        parts.append(_rule(x(item.low), y, x(item.high), y, colour, 'stroke-width="5" opacity=".35"'))
        shape = f'<circle cx="{x(item.mid):.1f}" cy="{y}" r="5" fill="{colour}"/>'
        if item.good is False:
            shape = f'<rect x="{x(item.mid) - 4.5:.1f}" y="{y - 4.5}" width="9" height="9" fill="{colour}"/>'
        parts.append(shape)
        parts.append(_text(left + span + 14, y + 4, item.words, colour=colour))
    return "".join(parts), height


def _panels(chart: Chart, width: int, language: str) -> tuple[str, int]:
    assert isinstance(chart, Panels)
    columns, gap, high = 2 if width >= 640 else 1, 36, 190
    each = (width - gap * (columns - 1)) / columns
    rows = -(-len(chart.panels) // columns)
    parts = [_text(0, 18, chart.title, weight=600, size=14)]
    names = [t.name for t in chart.panels[0].tracks] if chart.panels else []
    x = 0.0
    for i, name in enumerate(names):
        parts.append(
            _rule(x, 36, x + 22, 36, PALETTE[i % 7], f'stroke-width="2.2" stroke-dasharray="{DASHES[i % 7]}"')
        )
        parts.append(_text(x + 28, 40, name, colour=PALETTE[i % 7], weight=600))
        x += 48 + _wide(name)
    for k, panel in enumerate(chart.panels):
        left, top = (k % columns) * (each + gap), 56 + (k // columns) * high
        values = [v for t in panel.tracks for v in t.values]
        marks = ticks(min(0.0, *values), max(values), 3)
        plot = _Plot(left + 52, top + 26, each - 60, high - 70, marks[0], marks[-1], len(chart.dates))
        unit = f" ({panel.unit})" if panel.unit else ""
        parts.append(_text(left, top + 12, panel.title + unit, weight=600))
        parts += [
            _y_axis(plot, marks, language),
            _x_axis(plot, chart.dates, 5),
            _marks(plot, chart.dates, chart.marks, names=False),
        ]
        parts += [
            _line(plot, t.values, PALETTE[i % 7], 1.8, DASHES[i % 7]) for i, t in enumerate(panel.tracks)
        ]
    return "".join(parts), 56 + rows * high


def _heading(chart: Chart) -> str:
    unit = f'<tspan fill="{GREY}" font-weight="400">  {escape(chart.unit)}</tspan>' if chart.unit else ""
    return f'<text x="0" y="18" font-size="14" font-weight="600">{escape(chart.title)}{unit}</text>'


def _y_axis(plot: _Plot, marks: Sequence[float], language: str) -> str:
    parts = []
    for mark in marks:
        y = plot.y(mark)
        parts.append(_rule(plot.left, y, plot.left + plot.width, y, GREY if mark == 0 else FAINT))
        parts.append(_text(plot.left - 8, y + 4, compact(mark, language), anchor="end", colour=GREY, size=11))
    return "".join(parts)


def _x_axis(plot: _Plot, dates: Sequence[dt.date], count: int = 8) -> str:
    long = len(dates) > 120
    y = plot.top + plot.height + 16
    return "".join(
        _text(
            plot.x(i),
            y,
            f"{dates[i]:%Y-%m}" if long else f"{dates[i].month}/{dates[i].day}",
            anchor="middle",
            colour=GREY,
            size=11,
        )
        for i in date_ticks(dates, count)
    )


def _marks(plot: _Plot, dates: Sequence[dt.date], marks: Sequence[Mark], names: bool = True) -> str:
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
                _text((left + right) / 2, plot.top - 6, mark.name, anchor="middle", colour=GREY, size=11)
            )
    return "".join(parts)


def _line(plot: _Plot, values: Sequence[float], colour: str, width: float, dash: str) -> str:
    points = " ".join(f"{plot.x(i):.1f},{plot.y(v):.1f}" for i, v in enumerate(values))
    style = f' stroke-dasharray="{dash}"' if dash else ""
    stroke = f'stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"{style}'
    return f'<polyline points="{points}" fill="none" {stroke}/>'


def _rule(x1: float, y1: float, x2: float, y2: float, colour: str, style: str = "") -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" {style}/>'


def _text(
    x: float,
    y: float,
    text: str,
    *,
    anchor: str = "start",
    colour: str = INK,
    weight: int = 400,
    size: int = 12,
) -> str:
    look = f'text-anchor="{anchor}" fill="{colour}" font-weight="{weight}" font-size="{size}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {look}>{escape(text)}</text>'


def _wide(text: str) -> float:
    return sum(13.0 if ord(ch) > 0x2E80 else 7.2 for ch in text)
