"""The planner's own style sheet, beside the frame's."""

from __future__ import annotations

from pathlib import Path

import anywidget

from ecomsim.charts.palette import css_variables

__all__ = ["PlannerStyle", "planner_css"]


def planner_css() -> str:
    """Return the style sheet: colours of series in light and dark, then the rules of planner.css."""
    dark = css_variables(dark=True)
    rules = Path(__file__).with_name("planner.css").read_text(encoding="utf-8")
    return (
        f":root{{{css_variables()}}}"
        f'@media (prefers-color-scheme: dark){{:root:not([data-theme="light"]){{{dark}}}}}'
        f':root[data-theme="dark"]{{{dark}}}\n{rules}'
    )


class PlannerStyle(anywidget.AnyWidget):
    """Brings the style sheet to whatever page the planner stands in, Voila's or JupyterLab's."""

    _esm = "export default { render({ el }) { el.style.display = 'none'; } };"
    _css = planner_css()
