"""What every ECharts option is put together from: its frame, its axes, its numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, TypeAlias

from ecomsim.charts.describe import Chart
from ecomsim.charts.palette import token
from ecomsim.charts.scale import date_ticks

__all__ = ["STILL", "Option", "day_axis", "frame", "plain", "row_axis", "short", "value_axis"]

Option: TypeAlias = dict[str, Any]

FONT = "Inter, 'Helvetica Neue', Arial, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"

STILL: Option = {"emphasis": {"disabled": True}}
"""A series that does not change below the pointer."""


def frame(chart: Chart, words: str = "") -> Option:
    """Return what every option begins with: one font, no animation, a description for screen readers."""
    title = f"{chart.title} ({chart.unit})" if chart.unit else chart.title
    return {
        "animation": False,
        "textStyle": {"fontFamily": FONT, "color": token("ink"), "fontSize": 12},
        "aria": {"enabled": True, "label": {"description": f"{title}. {words}".strip()}},
        "tooltip": {
            "trigger": "item",
            "confine": True,
            "transitionDuration": 0,
            "backgroundColor": "var(--ecs-paper,#fff)",
            "borderColor": token("faint"),
            "textStyle": {"color": token("ink"), "fontSize": 12},
            "extraCssText": "max-width:300px;white-space:normal;box-shadow:0 2px 8px rgba(0,0,0,.12)",
        },
    }


def day_axis(dates: Sequence[dt.date], count: int) -> Option:
    """Return an axis of days with about `count` of them named."""
    shown = set(date_ticks(dates, count))
    long = len(dates) > 120
    labels = [f"{d:%Y-%m}" if long else f"{d.month}/{d.day}" for d in dates]
    return {
        "type": "category",
        "data": [label if i in shown else "" for i, label in enumerate(labels)],
        "axisLabel": {"color": token("grey"), "interval": 0, "fontSize": 11, "hideOverlap": True},
        "axisTick": {"show": False},
        "axisLine": {"lineStyle": {"color": token("grey")}},
    }


def value_axis(marks: Sequence[float], by: float, name: str, *, strong: bool = False) -> Option:
    """Return a value axis with these ticks, divided by `by`, its unit above it."""
    return {
        "type": "value",
        "min": short(marks[0] / by),
        "max": short(marks[-1] / by),
        "interval": short((marks[1] - marks[0]) / by),
        "name": plain(name),
        "nameLocation": "end",
        "nameGap": 12,
        "nameTextStyle": {
            "color": token("ink" if strong else "grey"),
            "fontWeight": 600 if strong else 400,
            "align": "left",
            "fontSize": 12 if strong else 11,
        },
        "axisLabel": {"color": token("grey"), "fontSize": 11},
        "splitLine": {"lineStyle": {"color": token("faint")}},
    }


def plain(text: str) -> str:
    """Return text without the braces and bars ECharts would read as a template."""
    return text.replace("{", "(").replace("}", ")").replace("|", "/")


def short(value: float) -> float:
    """Return a number with as many digits as a pixel can show; the option stays small."""
    return float(f"{value:.5g}")


def row_axis(names: tuple[str, ...] | list[str]) -> Option:
    """Return the axis of named rows, the first on top."""
    return {
        "type": "category",
        "data": [plain(name) for name in names],
        "inverse": True,
        "axisTick": {"show": False},
        "axisLine": {"show": False},
        "axisLabel": {"color": token("ink"), "fontSize": 12, "interval": 0},
    }
