"""Charts as plain descriptions, so that one serves page, report and sheet."""

from ecomsim.charts.describe import (
    Band,
    Chart,
    Differences,
    Fan,
    Funnel,
    HeatMap,
    Interval,
    Mark,
    Panel,
    Panels,
    Stage,
    Step,
    Strip,
    Swing,
    Target,
    Tornado,
    Track,
    Waterfall,
)
from ecomsim.charts.echarts import option, options
from ecomsim.charts.scale import compact
from ecomsim.charts.svg import render

__all__ = [
    "Band",
    "Chart",
    "Differences",
    "Fan",
    "Funnel",
    "HeatMap",
    "Interval",
    "Mark",
    "Panel",
    "Panels",
    "Stage",
    "Step",
    "Strip",
    "Swing",
    "Target",
    "Tornado",
    "Track",
    "Waterfall",
    "compact",
    "option",
    "options",
    "render",
]
