"""ECharts option of a funnel: one plot a stage, on a phone in another dress."""

from __future__ import annotations

from html import escape

from ecomsim.charts.describe import Funnel, Stage
from ecomsim.charts.echarts_parts import STILL, Option, frame, plain, row_axis, short
from ecomsim.charts.palette import token
from ecomsim.charts.scale import compact

__all__ = ["funnel"]


def funnel(chart: Funnel, language: str, narrow: bool) -> Option:
    """Return bars by row, one plot a stage, the rows named once at the left."""
    count = len(chart.stages)
    left, gap = (26.0, 4.0) if narrow else (16.0, 4.0)
    each = (100 - left - gap * (count - 1) - 6) / max(count, 1)
    grids, xs, ys, series = [], [], [], []
    for k, stage in enumerate(chart.stages):
        top = _top(stage)
        grids.append(
            {"left": f"{left + k * (each + gap):.2f}%", "width": f"{each:.2f}%", "top": 28, "bottom": 8}
        )
        xs.append(
            {
                "gridIndex": k, "type": "value", "min": 0, "max": short(top * 1.35), "show": False,
            }
        )  # fmt: skip
        axis = row_axis(chart.rows) | {"gridIndex": k}
        axis["axisLabel"] = {**axis["axisLabel"], "show": k == 0}
        unit = f" ({stage.unit})" if stage.unit else ""
        axis |= {
            "name": plain(stage.name + unit),
            "nameLocation": "start",
            "nameGap": 10,
            "nameTextStyle": {"color": token("ink"), "fontWeight": 600, "align": "left"},
        }
        ys.append(axis)
        for i, (name, row) in enumerate(zip(chart.scenarios, stage.values, strict=True)):
            data = [
                {
                    "value": short(value),
                    "label": {
                        "show": True,
                        "position": "right",
                        "formatter": compact(value, language),
                        "color": token("ink"),
                        "fontSize": 11,
                    },
                    "tooltip": {
                        "formatter": f"<b>{escape(channel)}</b><br>{escape(name)}: "
                        f"{compact(value, language)} {escape(stage.unit)}"
                    },
                }
                for channel, value in zip(chart.rows, row, strict=True)
            ]
            series.append(
                {
                    "type": "bar", "xAxisIndex": k, "yAxisIndex": k, "data": data, "name": plain(name),
                    "itemStyle": {"color": token(i)}, "barMaxWidth": 14, "barGap": "10%", **STILL,
                }
            )  # fmt: skip
    # Without the second, a chart that was once narrow would keep the phone's dress.
    media = [
        {"query": {"maxWidth": 560}, "option": _phone(chart.stages)},
        {
            "option": {
                "grid": grids,
                "xAxis": [{"max": x["max"]} for x in xs],
                "yAxis": [{"name": y["name"], "axisLabel": {"overflow": "none", "fontSize": 12}} for y in ys],
            }
        },
    ]
    return {**frame(chart), "grid": grids, "xAxis": xs, "yAxis": ys, "series": series, "media": media}


def _phone(stages: tuple[Stage, ...]) -> Option:
    """Return what changes below 560 pixels: names break in two, the numbers beside the bars get more room."""
    left, gap = 27.0, 3.0
    each = (100 - left - gap * (len(stages) - 1)) / max(len(stages), 1)
    units = [f"\n({plain(stage.unit)})" if stage.unit else "\n" for stage in stages]
    return {
        "grid": [
            {"left": f"{left + k * (each + gap):.2f}%", "width": f"{each:.2f}%", "top": 42}
            for k in range(len(stages))
        ],
        "xAxis": [{"max": short(2 * _top(stage))} for stage in stages],
        "yAxis": [
            {
                "name": plain(stage.name) + unit,
                "axisLabel": {"width": 84, "overflow": "break", "fontSize": 11},
            }
            for stage, unit in zip(stages, units, strict=True)
        ],
    }


def _top(stage: Stage) -> float:
    return max([value for row in stage.values for value in row] or [1.0]) or 1.0
