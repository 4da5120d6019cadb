"""The first answer as plain HTML: the server sends it with the page, long before the widgets can be moved."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from ecomsim.charts.describe import Chart
from ecomsim.charts.palette import themed
from ecomsim.charts.svg import render
from ecomsim.ui.language import LANGUAGES
from ecomsim.ui.phrases import SHELL
from ecomsim.ui.place import served

__all__ = ["FIRST_LOOK", "bundle", "first_look_html"]

FIRST_LOOK = "application/vnd.ecomsim.first-look+json"
"""Media type of a first look within a cell's output: language -> HTML, and `style` -> its style sheet.

The template shows it in place of the skeleton until the widgets are drawn; JupyterLab passes it over.
"""

_WIDE, _NARROW = 920, 460


def first_look_html(name: str, question: str, answer: str, parts: str, chart: Chart, language: str) -> str:
    """Return what a page shows until its widgets are there, laid out as they will be.

    Parameters
    ----------
    name : which dashboard this is
    question, answer : the screen's one question and what the numbers say to it
    parts : HTML above the chart, already escaped
    chart : the screen's large chart
    language : one of `LANGUAGES`

    Examples
    --------
    >>> from ecomsim.charts.describe import HeatMap
    >>> chart = HeatMap("Need", "people", ("Mon",), ("9:00",), ((2.0,),))
    >>> html = first_look_html("staffing", "Who & when?", "", "", chart, "en")
    >>> "Who &amp; when?" in html, html.count("<svg")
    (True, 2)
    """
    places = "".join(
        f'<a href="{place}.ipynb"{" aria-current=page" if place == name else ""}>'
        f"{escape(SHELL.say(place, language))}</a>"
        for place in served()
    )
    answered = " es-answered" if answer else ""
    waking = escape(SHELL.say("waking", language))
    wide, narrow = (themed(render(chart, width=width, language=language)) for width in (_WIDE, _NARROW))
    return (
        f'<div class="es-page es-first"><div class="es-bar"><span class="es-brand">'
        f'{escape(SHELL.say("brand", language))}</span><nav class="es-nav">{places}</nav></div>'
        f'<div class="es-ask{answered}"><h1>{escape(question)}</h1><p class="es-answer">{escape(answer)}</p></div>'
        f'<div class="es-body"><div class="es-first-levers" aria-hidden="true">{"<i></i>" * 8}</div>'
        f'<div class="es-main"><div>{parts}<p class="es-sub es-status">{waking}</p></div>'
        f'<div class="es-first-chart es-wide">{wide}</div><div class="es-first-chart es-narrow">{narrow}</div>'
        "</div></div></div>"
    )


def bundle(looks: Mapping[str, str], style: str) -> dict[str, object]:
    """Return the output's entry for first looks in every language; empty where no server shows pages."""
    if not served() or any(code not in looks for code in LANGUAGES):
        return {}
    return {FIRST_LOOK: {**looks, "style": style}}
