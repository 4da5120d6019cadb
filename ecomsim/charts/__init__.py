"""Charts as plain descriptions, so that one serves page, report and sheet."""

from ecomsim.charts.describe import Band, Differences, Fan, Interval, Mark, Panel, Panels, Target, Track
from ecomsim.charts.svg import render

__all__ = ["Band", "Differences", "Fan", "Interval", "Mark", "Panel", "Panels", "Target", "Track", "render"]
