"""Charts as plain descriptions, so that one serves page, report and sheet."""

from ecomsim.charts.describe import (
    Band,
    Chart,
    Differences,
    Fan,
    Interval,
    Mark,
    Panel,
    Panels,
    Target,
    Track,
)
from ecomsim.charts.scale import compact
from ecomsim.charts.svg import render

__all__ = [
    "Band",
    "Chart",
    "Differences",
    "Fan",
    "Interval",
    "Mark",
    "Panel",
    "Panels",
    "Target",
    "Track",
    "compact",
    "render",
]
