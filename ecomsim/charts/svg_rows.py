"""SVG of charts that have rows or steps: differences, waterfall, tornado."""

from __future__ import annotations

from ecomsim.charts.describe import Chart, Differences, Swing, Tornado, Waterfall
from ecomsim.charts.palette import BAD, FAINT, GOOD, GREY, INK, PALETTE
from ecomsim.charts.scale import compact, ticks
from ecomsim.charts.svg_parts import Plot, bar, heading, room, rule, text, wide, y_axis

__all__ = ["differences", "tornado", "waterfall"]


def differences(chart: Chart, width: int, language: str) -> tuple[str, int]:
    """Return ranges of a difference around zero, the words beside each."""
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
    parts = [heading(chart)]
    for mark in marks:
        parts.append(rule(x(mark), 40, x(mark), bottom, INK if mark == 0 else FAINT))
        parts.append(
            text(x(mark), bottom + 16, compact(mark, language), anchor="middle", colour=GREY, size=11)
        )
    for i, item in enumerate(chart.rows):
        y = 44 + row * (i + 0.5)
        colour = GREY if item.good is None else (GOOD if item.good else BAD)
        parts.append(text(left - 12, y + 4, item.name, anchor="end"))
        parts.append(rule(x(item.low), y, x(item.high), y, colour, 'stroke-width="5" opacity=".35"'))
        shape = f'<circle cx="{x(item.mid):.1f}" cy="{y}" r="5" fill="{colour}"/>'
        if item.good is False:
            shape = f'<rect x="{x(item.mid) - 4.5:.1f}" y="{y - 4.5}" width="9" height="9" fill="{colour}"/>'
        parts.append(shape)
        parts.append(text(left + span + 14, y + 4, item.words, colour=colour))
    return "".join(parts), height


def waterfall(chart: Chart, width: int, language: str) -> tuple[str, int]:
    """Return bars from level to level; a change hangs where the one before it ended."""
    assert isinstance(chart, Waterfall)
    height, count = 360, len(chart.steps)
    at, spans = 0.0, []
    for step in chart.steps:
        begin = 0.0 if step.level else at
        at = step.value if step.level else at + step.value
        spans.append((begin, at))
    ends = [end for span in spans for end in span]
    marks = ticks(min([0.0, *ends]), max([0.0, *ends]))
    plot = Plot(64, 56, width - 64, height - 112, marks[0], marks[-1], count)
    each = plot.width / count
    thick = min(56.0, 0.6 * each)
    parts = [heading(chart), y_axis(plot, marks, language)]
    for i, (step, (begin, end)) in enumerate(zip(chart.steps, spans, strict=True)):
        middle = plot.left + each * (i + 0.5)
        colour = PALETTE[0] if step.level else GOOD if step.value >= 0 else BAD
        parts.append(bar(middle - thick / 2, plot.y(begin), thick, plot.y(end) - plot.y(begin), colour))
        if i + 1 < count:
            parts.append(rule(middle + thick / 2, plot.y(end), middle + each - thick / 2, plot.y(end), GREY))
        said = step.words or compact(step.value, language)
        beside = plot.y(end) - 6 if end >= begin else plot.y(end) + 15
        parts.append(text(middle, beside, said, anchor="middle", weight=600, size=11))
        for k, words in enumerate(_lines(step.name, each - 6)):
            parts.append(text(middle, plot.top + plot.height + 18 + 14 * k, words, anchor="middle", size=11))
    return "".join(parts), height


def tornado(chart: Chart, width: int, language: str) -> tuple[str, int]:
    """Return swings around the base, widest on top, each end in words."""
    assert isinstance(chart, Tornado)
    rows = sorted(chart.rows, key=lambda r: -abs(r.high - r.low))
    left, right, row = room([r.name for r in rows]), 24.0, 30
    ends = [chart.base, *(v for r in rows for v in (r.low, r.high))]
    marks = ticks(min(ends), max(ends), 5)
    said = [words for r in rows for words in (r.low_words, r.high_words)]
    # The words stand beyond the bars, within the plot's own width.
    pad = max([0.0, *(wide(words) + 12 for words in said if words)])
    begin, span = left + pad, width - left - right - 2 * pad
    bottom = 44 + row * len(rows)

    def x(value: float) -> float:
        return begin + span * (value - marks[0]) / (marks[-1] - marks[0])

    parts = [heading(chart)]
    for mark in marks:
        parts.append(rule(x(mark), 40, x(mark), bottom, FAINT))
        parts.append(
            text(x(mark), bottom + 16, compact(mark, language), anchor="middle", colour=GREY, size=11)
        )
    for i, item in enumerate(rows):
        y = 44 + row * (i + 0.5)
        parts.append(text(left - 12, y + 4, item.name, anchor="end"))
        for value, colour in ((item.low, PALETTE[2]), (item.high, PALETTE[1])):
            parts.append(bar(x(chart.base), y - 9, x(value) - x(chart.base), 18, colour))
        parts += _ends(item, x(min(item.low, item.high)), x(max(item.low, item.high)), y + 4)
    parts.append(rule(x(chart.base), 40, x(chart.base), bottom, INK))
    return "".join(parts), bottom + 26


def _ends(item: Swing, left: float, right: float, y: float) -> list[str]:
    """Return the words of a swing's ends, each beyond its own end."""
    first, second = (
        (item.low_words, item.high_words) if item.low <= item.high else (item.high_words, item.low_words)
    )
    return [
        text(x, y, words, anchor=anchor, colour=GREY, size=11)
        for x, words, anchor in ((left - 6, first, "end"), (right + 6, second, "start"))
        if words
    ]


def _lines(name: str, width: float) -> list[str]:
    """Break a name into at most three lines of about `width` pixels."""
    made = [""]
    for word in name.split(" "):
        longer = f"{made[-1]} {word}".strip()
        if made[-1] and wide(longer) > width and len(made) < 3:
            made.append(word)
        else:
            made[-1] = longer
    return made
