"""Charts as widgets: an option is sent only when it differs from the last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ipecharts import EChartsRawWidget

from ecomsim.charts.echarts_parts import Option
from ecomsim.ui import lean as widgets

__all__ = ["ChartView", "Multiples"]


class ChartView:
    """One chart.

    Parameters
    ----------
    height_px : its height; its width is that of the column
    classes : CSS classes of its box
    """

    def __init__(self, height_px: int, *classes: str) -> None:
        self._height = height_px
        self._widget: EChartsRawWidget | None = None
        self.root = widgets.Box(layout=widgets.Layout(height=f"{height_px}px"))
        for name in ("es-chart", *classes):
            self.root.add_class(name)

    def show(self, option: Option, *, height_px: int = 0) -> None:
        """Draw `option`, or leave the chart as it is when nothing changed."""
        height = height_px or self._height
        if self._widget is None or _shape(self._widget.option) != _shape(option):
            # The browser merges an option into the last one, so what is no longer there would stay.
            # Complete before it is put in a box: an empty chart would be drawn first.
            self._widget = EChartsRawWidget(option=option, renderer="svg")
            self._widget.layout.height, self._widget.layout.width = f"{height}px", "100%"
            self.root.layout.height = f"{height}px"
            self.root.children = (self._widget,)
            return
        if self._widget.layout.height != f"{height}px":
            self._widget.layout.height = self.root.layout.height = f"{height}px"
        if self._widget.option != option:
            self._widget.option = option


def _shape(option: Option) -> tuple[object, ...]:
    """Return what of an option must not shrink when another is merged into it: series, axes, rules."""
    grids = option.get("grid")
    return (
        tuple((one["type"], "markLine" in one, "endLabel" in one) for one in option["series"]),
        len(grids) if isinstance(grids, list) else 1,
    )


class Multiples:
    """Small charts side by side, as many as the width takes."""

    def __init__(self, height_px: int) -> None:
        self._height = height_px
        self._views: list[ChartView] = []
        self.root = widgets.Box()
        self.root.add_class("es-multiples")

    def show(self, options: Sequence[Any]) -> None:
        """Draw the options, one a chart."""
        if len(options) != len(self._views):
            self._views = [ChartView(self._height) for _ in options]
        for view, option in zip(self._views, options, strict=True):
            view.show(option)
        self.root.children = tuple(view.root for view in self._views)
