"""ECharts options of charts that have rows instead of days: differences, waterfall, tornado, heat map."""

from __future__ import annotations

from html import escape

from ecomsim.charts.describe import Differences, HeatMap, Tornado, Waterfall
from ecomsim.charts.echarts_parts import STILL, Option, frame, plain, row_axis, short, value_axis
from ecomsim.charts.palette import token
from ecomsim.charts.scale import compact, magnitude, ticks

__all__ = ["differences", "heat_map", "tornado", "waterfall"]

_CLEAR = "rgba(0,0,0,0)"


def differences(chart: Differences, language: str, narrow: bool) -> Option:
    """Return ranges of a difference around zero, the words beside each."""
    marks = ticks(min([0.0, *(r.low for r in chart.rows)]), max([0.0, *(r.high for r in chart.rows)]), 5)
    by, word = magnitude(max(abs(marks[0]), abs(marks[-1])), language)
    hues = [token("grey" if r.good is None else "good" if r.good else "bad") for r in chart.rows]
    tips = [
        f"<b>{escape(r.name)}</b><br>{escape(r.words)}<br>"
        f"{compact(r.low, language)} … {compact(r.mid, language)} … {compact(r.high, language)} {escape(chart.unit)}"
        for r in chart.rows
    ]
    ranges = [
        {
            "value": short((r.high - r.low) / by),
            "itemStyle": {"color": hue, "opacity": 0.35},
            "tooltip": {"formatter": tip},
        }
        for r, hue, tip in zip(chart.rows, hues, tips, strict=True)
    ]
    middles = [
        {
            "value": [short(r.mid / by), i],
            "symbol": "rect" if r.good is False else "circle",
            "itemStyle": {"color": hue},
            "tooltip": {"formatter": tip},
            "label": {
                "show": not narrow,
                "formatter": plain(r.words),
                "position": "top",
                "color": token("ink"),
                "fontSize": 11,
            },
        }
        for i, (r, hue, tip) in enumerate(zip(chart.rows, hues, tips, strict=True))
    ]
    return {
        **frame(chart, "; ".join(f"{r.name}: {r.words}" for r in chart.rows)),
        "grid": {"left": 8, "right": 24, "top": 12, "bottom": 24, "containLabel": True},
        "xAxis": _below(value_axis(marks, by, _unit(word, chart.unit))),
        "yAxis": row_axis([r.name for r in chart.rows]),
        "series": [
            _stacked([short(r.low / by) for r in chart.rows], _CLEAR),
            {**_stacked(ranges, ""), "barWidth": 6},
            {"type": "scatter", "data": middles, "symbolSize": 10, "z": 4, **STILL, "markLine": _zero()},
        ],
    }


def waterfall(chart: Waterfall, language: str, narrow: bool) -> Option:
    """Return bars from level to level; a change hangs where the one before it ended."""
    at, starts, bars, ends = 0.0, [], [], []
    for step in chart.steps:
        begin = 0.0 if step.level else at
        at = step.value if step.level else at + step.value
        starts.append(begin)
        bars.append(at - begin)
        ends += [begin, at]
    marks = ticks(min([0.0, *ends]), max([0.0, *ends]))
    by, word = magnitude(max(abs(marks[0]), abs(marks[-1])), language)
    data = [
        {
            "value": short(bar / by),
            "itemStyle": {"color": token(0 if step.level else "good" if step.value >= 0 else "bad")},
            "label": {
                "show": True,
                "position": "top" if bar >= 0 else "bottom",
                "formatter": plain(step.words or compact(step.value, language)),
                "color": token("ink"),
            },
            "tooltip": {
                "formatter": f"<b>{escape(step.name)}</b><br>{escape(step.words or compact(step.value, language))}"
            },
        }
        for step, bar in zip(chart.steps, bars, strict=True)
    ]
    axis = row_axis([s.name for s in chart.steps])
    axis["inverse"] = False
    axis["axisLabel"] |= {"interval": 0, "rotate": 30 if narrow else 0, "overflow": "break", "width": 90}
    return {
        **frame(chart, "; ".join(f"{s.name}: {s.words or compact(s.value, language)}" for s in chart.steps)),
        "grid": {"left": 8, "right": 16, "top": 36, "bottom": 8, "containLabel": True},
        "xAxis": axis,
        "yAxis": value_axis(marks, by, _unit(word, chart.unit)),
        "series": [
            _stacked([short(start / by) for start in starts], _CLEAR),
            {**_stacked(data, ""), "barMaxWidth": 56},
        ],
    }


def tornado(chart: Tornado, language: str, narrow: bool) -> Option:
    """Return swings around the base, widest on top."""
    rows = sorted(chart.rows, key=lambda r: -abs(r.high - r.low))
    offsets = [v - chart.base for r in rows for v in (r.low, r.high)]
    marks = ticks(min([0.0, *offsets]), max([0.0, *offsets]), 5)
    by, word = magnitude(max(abs(marks[0]), abs(marks[-1])), language)

    def side(which: str, hue: str) -> Option:
        data = [
            {
                "value": short((getattr(r, which) - chart.base) / by),
                "tooltip": {
                    "formatter": f"<b>{escape(r.name)}</b> {escape(getattr(r, which + '_words'))}<br>"
                    f"{compact(getattr(r, which), language)} {escape(chart.unit)}"
                },
            }
            for r in rows
        ]
        return {
            "type": "bar",
            "data": data,
            "barGap": "-100%",
            "barMaxWidth": 18,
            "itemStyle": {"color": hue},
            **STILL,
        }

    return {
        **frame(chart),
        "grid": {"left": 8, "right": 24, "top": 12, "bottom": 24, "containLabel": True},
        "xAxis": _below(value_axis(marks, by, _unit(word, chart.unit))),
        "yAxis": row_axis([r.name for r in rows]),
        "series": [side("low", token(2)), {**side("high", token(1)), "markLine": _zero()}],
    }


def heat_map(chart: HeatMap, language: str, narrow: bool) -> Option:
    """Return cells shaded by their number, the number written in when there is room."""
    filled = [
        (x, y, value) for y, row in enumerate(chart.values) for x, value in enumerate(row) if value == value
    ]
    values = [value for _, _, value in filled] or [0.0]
    data = [
        {
            "value": [x, y, short(value)],
            "tooltip": {
                "formatter": f"{escape(chart.rows[y])} · {escape(chart.columns[x])}<br>"
                f"<b>{compact(value, language)}</b> {escape(chart.unit)}"
            },
            "label": {"formatter": compact(value, language)},
        }
        for x, y, value in filled
    ]
    columns = row_axis(chart.columns)
    columns["inverse"] = False
    return {
        **frame(chart),
        "grid": {"left": 8, "right": 16, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": columns,
        "yAxis": row_axis(chart.rows),
        # Shades must be plain colours: ECharts blends between them.
        "visualMap": {
            "show": False,
            "min": min(0.0, *values) if len(values) > 1 else 0.0,
            "max": max(values) or 1.0,
            "inRange": {"color": ["#eef4f9", "#56a5d3", "#00507d"]},
        },
        "series": [
            {
                "type": "heatmap",
                "data": data,
                "label": {"show": len(chart.columns) <= 14 and not narrow},
                **STILL,
            }
        ],
    }


def _unit(word: str, unit: str) -> str:
    return " ".join(part for part in (word, unit) if part)


def _below(axis: Option) -> Option:
    return {**axis, "nameLocation": "middle", "nameGap": 22, "nameTextStyle": {"color": token("grey")}}


def _stacked(data: list[Option] | list[float], colour: str) -> Option:
    made: Option = {"type": "bar", "stack": "all", "stackStrategy": "all", "data": data, **STILL}
    if colour:
        made |= {"itemStyle": {"color": colour}, "silent": True}
    return made


def _zero() -> Option:
    return {
        "silent": True,
        "symbol": "none",
        "label": {"show": False},
        "data": [{"xAxis": 0}],
        "lineStyle": {"color": token("ink"), "width": 1, "type": "solid"},
    }
