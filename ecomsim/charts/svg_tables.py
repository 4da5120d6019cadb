"""SVG of charts that are read like a table: heat map and funnel."""

from __future__ import annotations

from ecomsim.charts.describe import Chart, Funnel, HeatMap
from ecomsim.charts.palette import DASHES, FAINT, GREY, INK, PALETTE
from ecomsim.charts.scale import compact
from ecomsim.charts.svg_parts import bar, heading, room, rule, text, wide

__all__ = ["funnel", "heat_map"]

_SHADES = ((238, 244, 249), (86, 165, 211), (0, 80, 125))
"""From the least to the most, as in the browser."""


def heat_map(chart: Chart, width: int, language: str) -> tuple[str, int]:
    """Return cells shaded by their number, the number written in; an empty cell stays white."""
    assert isinstance(chart, HeatMap)
    left, top, row = room(chart.rows), 58, 26
    each = (width - left) / max(len(chart.columns), 1)
    values = [v for line in chart.values for v in line if v == v] or [0.0]
    low, high = min(0.0, *values, 0.0), max(*values, 0.0)
    every = max(1, -(-int(max([24.0, *(wide(c) + 6 for c in chart.columns)])) // max(int(each), 1)))
    parts = [heading(chart)]
    for k, name in enumerate(chart.columns):
        if k % every == 0:
            parts.append(text(left + each * (k + 0.5), top - 8, name, anchor="middle", colour=GREY, size=11))
    for i, (name, line) in enumerate(zip(chart.rows, chart.values, strict=True)):
        y = top + row * i
        parts.append(text(left - 12, y + 17, name, anchor="end"))
        for k, value in enumerate(line):
            if value != value:
                continue
            share = (value - low) / (high - low) if high > low else 0.0
            parts.append(bar(left + each * k + 1, y + 1, each - 2, row - 2, _shade(share)))
            said = compact(value, language)
            if wide(said) <= each - 2:
                ink = "#ffffff" if share > 0.62 else INK
                parts.append(
                    text(left + each * (k + 0.5), y + 17, said, anchor="middle", colour=ink, size=11)
                )
    return "".join(parts), top + row * len(chart.rows) + 8


def funnel(chart: Chart, width: int, language: str) -> tuple[str, int]:
    """Return bars by row, one plot a stage, the rows named once at the left, each bar with its number."""
    assert isinstance(chart, Funnel)
    left, gap, top = room(chart.rows), 20.0, 62 if len(chart.scenarios) > 1 else 50
    count, thick = max(len(chart.stages), 1), 14
    row = 14 + thick * max(len(chart.scenarios), 1)
    each = (width - left - gap * (count - 1)) / count
    bottom = top + row * len(chart.rows)
    parts = [heading(chart)]
    x = left
    for i, name in enumerate(chart.scenarios if len(chart.scenarios) > 1 else ()):
        style = f'stroke-width="2.2" stroke-dasharray="{DASHES[i % 7]}"'
        parts += [
            rule(x, 30, x + 22, 30, PALETTE[i % 7], style),
            text(x + 28, 34, name, colour=PALETTE[i % 7], weight=600),
        ]
        x += 48 + wide(name)
    for j, name in enumerate(chart.rows):
        parts.append(text(left - 12, top + row * (j + 0.5) + 4, name, anchor="end"))
    for k, stage in enumerate(chart.stages):
        at = left + k * (each + gap)
        parts.append(text(at, top - 10, stage.name + (f" ({stage.unit})" if stage.unit else ""), weight=600))
        parts.append(rule(at, top, at, bottom, FAINT))
        numbers = [value for line in stage.values for value in line]
        most = max([0.0, *numbers]) or 1.0
        words = max([0.0, *(wide(compact(value, language)) for value in numbers)])
        span = max(each - words - 8, 0.3 * each)
        for i, line in enumerate(stage.values):
            for j, value in enumerate(line):
                y = top + row * j + 7 + thick * i
                parts.append(bar(at, y, span * value / most, thick - 2, PALETTE[i % 7]))
                parts.append(text(at + span * value / most + 5, y + 10, compact(value, language), size=11))
    return "".join(parts), bottom + 8


def _shade(share: float) -> str:
    """Blend the three shades; 0 the least, 1 the most."""
    from_, to, part = (
        (_SHADES[0], _SHADES[1], 2 * share) if share < 0.5 else (_SHADES[1], _SHADES[2], 2 * share - 1)
    )
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in zip(from_, to, strict=True))
