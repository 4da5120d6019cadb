"""A chart description as an ECharts option: a plain dict, small, drawn the same in page and notebook.

Colours are CSS variables (`palette.token`), so light and dark need no new option. Hovering tells a sentence that
is made here: ECharts writes it as HTML, so names are escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from ecomsim.charts import echarts_rows as rows
from ecomsim.charts.describe import (
    Chart,
    Differences,
    Fan,
    Funnel,
    HeatMap,
    Mark,
    Panel,
    Panels,
    Strip,
    Tornado,
    Waterfall,
)
from ecomsim.charts.echarts_funnel import funnel
from ecomsim.charts.echarts_parts import Option, day_axis, frame, plain, short, value_axis
from ecomsim.charts.palette import token
from ecomsim.charts.scale import compact, magnitude, spread, ticks

__all__ = ["Option", "option", "options"]

_TYPES = ("solid", [7, 3], [2, 3], [9, 3, 2, 3], [4, 4], [1, 3], [12, 4])
_PLOT_PX = 280
"""Height of a fan's plot, near enough to keep its labels apart."""
_STRIP = 0.14
"""Part of a fan's height that its strip takes."""
_CLEAR = "rgba(0,0,0,0)"
_WEEKDAYS = {"en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), "zh": tuple("一二三四五六日")}


def option(chart: Chart, *, language: str = "en", narrow: bool = False) -> Option:
    """Return the ECharts option of a chart.

    Parameters
    ----------
    chart : any description but `Panels`, which is several charts: see `options`
    language : 'en' or 'zh', for numbers and days
    narrow : leave the room of direct labels to the plot, for screens below 600 pixels
    """
    draw: dict[type[Chart], Callable[[Any, str, bool], Option]] = {
        Fan: _fan,
        Differences: rows.differences,
        Waterfall: rows.waterfall,
        Tornado: rows.tornado,
        HeatMap: rows.heat_map,
        Funnel: funnel,
    }
    return draw[type(chart)](chart, language, narrow)


def options(chart: Panels, *, language: str = "en") -> list[Option]:
    """Return one option a panel of small multiples, sharing days and colours."""
    return [_panel(chart, panel, language) for panel in chart.panels]


def _fan(chart: Fan, language: str, narrow: bool) -> Option:
    tops = [max(band.high) for band in chart.bands] + ([chart.target.value] if chart.target else [])
    marks = ticks(min([0.0, *(min(band.low) for band in chart.bands)]), max([1.0, *tops]))
    by, word = magnitude(max(abs(marks[0]), abs(marks[-1])), language)
    series: list[Option] = [_days(chart, marks[-1] / by, _fan_words(chart, language), by)]
    if chart.strip and max(chart.strip.values, default=0.0) > 0:
        series.append(_strip(chart.strip, marks[-1] / by))
    for i, band in enumerate(chart.bands):
        low = [short(v / by) for v in band.low]
        wide = [short((high - low) / by) for high, low in zip(band.high, band.low, strict=True)]
        series += [
            _line(low, f"low {i}", _CLEAR, "solid", stack=f"band {i}"),
            {
                **_line(wide, f"band {i}", _CLEAR, "solid", stack=f"band {i}"),
                "areaStyle": {"color": token(i), "opacity": 0.22 if i == 0 else 0.16},
            },
        ]
    span = (marks[-1] - marks[0]) or 1.0
    ends = [_PLOT_PX * (1 - (band.mid[-1] - marks[0]) / span) for band in chart.bands]
    places = spread(ends, 16.0)
    for i, band in enumerate(chart.bands):
        line = _line([short(v / by) for v in band.mid], band.name, token(i), _TYPES[i % 7], width=2.2)
        if not narrow:
            line["endLabel"] = {
                "show": True,
                "formatter": f"{plain(band.name)}  {compact(band.mid[-1], language)}",
                "color": token(i),
                "fontWeight": 600,
                "distance": 14,
                "offset": [0, round(places[i] - ends[i], 1)],
            }
        series.append(line)
    if chart.target:
        series[-1]["markLine"] = _rule(
            "yAxis",
            chart.target.value / by,
            f"{plain(chart.target.name)} {compact(chart.target.value, language)}",
        )
    right = 16 if narrow else 160
    media = {} if narrow else {"media": [_on_a_phone(series, ends), _else(series, right)]}
    return {
        **frame(chart, "; ".join(_end_words(chart, language))),
        "grid": {"left": 8, "right": right, "top": 44, "bottom": 8, "containLabel": True},
        "xAxis": day_axis(chart.dates, 5 if narrow else 8),
        "yAxis": value_axis(marks, by, " ".join(p for p in (word, chart.unit) if p)),
        "series": series,
        **media,
    }


def _on_a_phone(series: list[Option], ends: Sequence[float]) -> Option:
    """Return what changes below 560 pixels: the plot takes the labels' room, they stand above the lines' ends."""
    order = sorted(range(len(ends)), key=lambda i: ends[i], reverse=True)
    above = {i: -16.0 - 16.0 * rank for rank, i in enumerate(order)}
    lines: list[Option] = []
    for one in series:
        label = {"align": "right", "offset": [-10, above[len([x for x in lines if x])]]}
        lines.append({"endLabel": label} if "endLabel" in one else {})
    return {
        "query": {"maxWidth": 560},
        "option": {
            "grid": {"right": 12},
            "xAxis": {"axisLabel": {"fontSize": 10, "interval": 0}},
            "series": lines,
        },
    }


def _else(series: list[Option], right: int) -> Option:
    """Return what holds above: a chart that was once narrow would keep the phone's dress without it."""
    lines: list[Option] = [
        {"endLabel": {"align": "left", "offset": one["endLabel"]["offset"]}} if "endLabel" in one else {}
        for one in series
    ]
    return {
        "option": {
            "grid": {"right": right},
            "xAxis": {"axisLabel": {"fontSize": 11, "interval": 0}},
            "series": lines,
        },
    }


def _panel(chart: Panels, panel: Panel, language: str) -> Option:
    values = [v for track in panel.tracks for v in track.values if v == v]
    marks = ticks(min([0.0, *values]), max([*values, 1e-9]), 3)
    by, word = magnitude(max(abs(marks[0]), abs(marks[-1])), language)
    words = [
        f"<b>{_day(date, language)}</b><br>"
        + "<br>".join(
            f"{escape(t.name)}: {compact(t.values[i], language)} {escape(panel.unit)}" for t in panel.tracks
        )
        for i, date in enumerate(chart.dates)
    ]
    unit = " ".join(p for p in (word, panel.unit) if p)
    return {
        **frame(Chart(panel.title, panel.unit)),
        "grid": {"left": 4, "right": 8, "top": 30, "bottom": 4, "containLabel": True},
        "xAxis": day_axis(chart.dates, 4),
        "yAxis": value_axis(marks, by, f"{panel.title} ({unit})" if unit else panel.title, strong=True),
        "series": [
            _days(chart, marks[-1] / by, words, by, names=False),
            *(
                _line(
                    [short(v / by) if v == v else None for v in t.values],
                    t.name,
                    token(i),
                    _TYPES[i % 7],
                    width=1.8,
                )
                for i, t in enumerate(panel.tracks)
            ),
        ],
    }


# Share of the days whose names would be written over the axis' unit.
_NEAR_AXIS = 0.1


def _days(chart: Fan | Panels, top: float, words: Sequence[str], by: float, names: bool = True) -> Option:
    """One clear column a day: it tells the day on hovering, and shades the days of events."""
    named: dict[int, str] = {}
    shaded: set[int] = set()
    for mark in chart.marks:
        inside = [i for i, day in enumerate(chart.dates) if mark.start <= day <= mark.end]
        shaded.update(inside)
        if inside and names:
            named[inside[len(inside) // 2]] = _mark_name(mark)
    data = []
    for i, sentence in enumerate(words):
        item: Option = {"value": short(top), "tooltip": {"formatter": sentence}}
        if i in shaded:
            item["itemStyle"] = {"color": token("faint"), "opacity": 0.6}
        if i in named:
            item["label"] = {"show": True, "formatter": named[i], "position": "top", "color": token("grey")}
            if i < _NEAR_AXIS * len(words):  # the unit of the axis stands there
                item["label"] |= {"align": "left", "offset": [44, 0]}
        data.append(item)
    return {
        "type": "bar",
        "name": "days",
        "barWidth": "100%",
        "data": data,
        "itemStyle": {"color": _CLEAR},
        "emphasis": {"disabled": True},
        "z": 1,
    }


def _strip(strip: Strip, top: float) -> Option:
    """Return small columns at the foot of the plot; the clear columns of the days above them tell the numbers."""
    scale = _STRIP * top / max(strip.values)
    return {
        "type": "bar",
        "name": plain(strip.name),
        "barWidth": "60%",
        "barGap": "-100%",
        "data": [short(v * scale) for v in strip.values],
        "itemStyle": {"color": token("watch")},
        "silent": True,
        "z": 2,
    }


def _mark_name(mark: Mark) -> str:
    return plain(mark.name)


def _fan_words(chart: Fan, language: str) -> list[str]:
    said = []
    for i, day in enumerate(chart.dates):
        lines = [
            f"{escape(band.name)}: {compact(band.mid[i], language)} "
            f"({compact(band.low[i], language)} – {compact(band.high[i], language)})"
            for band in chart.bands
        ]
        if chart.strip:
            lines.append(f"{escape(chart.strip.name)}: {compact(chart.strip.values[i], language)}")
        said.append(f"<b>{_day(day, language)}</b><br>" + "<br>".join(lines))
    return said


def _end_words(chart: Fan, language: str) -> list[str]:
    return [
        f"{band.name}: {compact(band.low[-1], language)} – {compact(band.high[-1], language)}"
        for band in chart.bands
    ]


def _day(day: Any, language: str) -> str:
    weekday = _WEEKDAYS[language][day.weekday()]
    return f"{day.month}月{day.day}日 周{weekday}" if language == "zh" else f"{weekday} {day.month}/{day.day}"


def _line(
    values: Sequence[Any], name: str, colour: str, dash: Any, *, width: float = 0.0, stack: str = ""
) -> Option:
    made: Option = {
        "type": "line",
        "name": plain(name),
        "data": list(values),
        "showSymbol": False,
        "silent": True,
        "lineStyle": {"color": colour, "width": width, "type": dash},
        "itemStyle": {"color": colour},
        "z": 3,
    }
    if stack:
        made |= {"stack": stack, "stackStrategy": "all", "lineStyle": {"opacity": 0}, "z": 2}
    return made


def _rule(axis: str, at: float, words: str) -> Option:
    return {
        "silent": True,
        "symbol": "none",
        "data": [{axis: short(at)}],
        "lineStyle": {"color": token("ink"), "width": 1.2, "type": "solid"},
        "label": {
            "formatter": words,
            "position": "insideStartTop",
            "color": token("ink"),
            "fontWeight": 600,
        },
    }
