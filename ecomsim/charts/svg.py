"""Draw a chart description as self-contained SVG: ink, two greys, a colour-blind-safe hue a scenario."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from ecomsim.charts.describe import Chart, Differences, Fan, Funnel, HeatMap, Panels, Tornado, Waterfall
from ecomsim.charts.palette import DASHES, INK, PALETTE, WATCH
from ecomsim.charts.scale import compact, spread, ticks
from ecomsim.charts.svg_parts import Plot, bar, heading, line, rule, shade, text, wide, x_axis, y_axis
from ecomsim.charts.svg_rows import differences, tornado, waterfall
from ecomsim.charts.svg_tables import funnel, heat_map

__all__ = ["render"]

_FAMILY = "Inter,'Helvetica Neue',Arial,'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif"
_FONT = f'font-family="{_FAMILY}"'


def render(chart: Chart, *, width: int = 920, language: str = "en") -> str:
    """Return the chart as SVG text with a title and description for screen readers.

    Parameters
    ----------
    chart : any description of `ecomsim.charts`
    width : pixels
    language : 'en' or 'zh', for the numbers on the axes
    """
    draw: dict[type[Chart], Callable[[Chart, int, str], tuple[str, int]]] = {
        Fan: _fan,
        Panels: _panels,
        Differences: differences,
        Waterfall: waterfall,
        Tornado: tornado,
        HeatMap: heat_map,
        Funnel: funnel,
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
    plot = Plot(64, 44, width - 64 - labels, height - 84, marks[0], marks[-1], len(chart.dates))
    parts = [
        heading(chart),
        y_axis(plot, marks, language),
        x_axis(plot, chart.dates),
        shade(plot, chart.dates, chart.marks),
    ]
    if chart.strip and max(chart.strip.values, default=0.0) > 0:
        highest, wide_px = max(chart.strip.values), max(1.5, 0.6 * plot.width / len(chart.dates))
        for j, count in enumerate(chart.strip.values):
            high = 0.14 * plot.height * count / highest
            parts.append(bar(plot.x(j) - wide_px / 2, plot.top + plot.height - high, wide_px, high, WATCH))
    for i, band in enumerate(chart.bands):
        colour = PALETTE[i % len(PALETTE)]
        up = [f"{plot.x(j):.1f},{plot.y(v):.1f}" for j, v in enumerate(band.high)]
        down = [f"{plot.x(j):.1f},{plot.y(v):.1f}" for j, v in reversed(list(enumerate(band.low)))]
        parts.append(
            f'<polygon points="{" ".join(up + down)}" fill="{colour}" opacity="{0.22 if i == 0 else 0.14}"/>'
        )
    for i, band in enumerate(chart.bands):
        parts.append(line(plot, band.mid, PALETTE[i % len(PALETTE)], 2.2, DASHES[i % len(DASHES)]))
    ends = [
        (plot.y(b.mid[-1]), f"{b.name}  {compact(b.mid[-1], language)}", PALETTE[i % len(PALETTE)])
        for i, b in enumerate(chart.bands)
    ]
    if chart.target:
        y = plot.y(chart.target.value)
        parts.append(rule(plot.left, y, plot.left + plot.width, y, INK))
        parts.append(
            text(
                plot.left + 6,
                y - 6,
                f"{chart.target.name} {compact(chart.target.value, language)}",
                weight=600,
            )
        )
    places = spread([y for y, _, _ in ends], 15.0)
    for y, (_, words, colour) in zip(places, ends, strict=True):
        parts.append(text(plot.left + plot.width + 8, y + 4, words, colour=colour, weight=600))
    return "".join(parts), height


def _panels(chart: Chart, width: int, language: str) -> tuple[str, int]:
    assert isinstance(chart, Panels)
    columns, gap, high = 2 if width >= 640 else 1, 36, 190
    each = (width - gap * (columns - 1)) / columns
    rows = -(-len(chart.panels) // columns)
    parts = [text(0, 18, chart.title, weight=600, size=14)]
    names = [t.name for t in chart.panels[0].tracks] if chart.panels else []
    x = 0.0
    for i, name in enumerate(names):
        parts.append(
            rule(x, 36, x + 22, 36, PALETTE[i % 7], f'stroke-width="2.2" stroke-dasharray="{DASHES[i % 7]}"')
        )
        parts.append(text(x + 28, 40, name, colour=PALETTE[i % 7], weight=600))
        x += 48 + wide(name)
    for k, panel in enumerate(chart.panels):
        left, top = (k % columns) * (each + gap), 56 + (k // columns) * high
        values = [v for t in panel.tracks for v in t.values]
        marks = ticks(min(0.0, *values), max(values), 3)
        plot = Plot(left + 52, top + 26, each - 60, high - 70, marks[0], marks[-1], len(chart.dates))
        unit = f" ({panel.unit})" if panel.unit else ""
        parts.append(text(left, top + 12, panel.title + unit, weight=600))
        parts += [
            y_axis(plot, marks, language),
            x_axis(plot, chart.dates, 5),
            shade(plot, chart.dates, chart.marks, names=False),
        ]
        parts += [
            line(plot, t.values, PALETTE[i % 7], 1.8, DASHES[i % 7]) for i, t in enumerate(panel.tracks)
        ]
    return "".join(parts), 56 + rows * high
