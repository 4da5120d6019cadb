"""The main column of the targets dashboard: cards, gauge, fan, chance over time, contributions, parts, what moved."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import pandas as pd

from ecomsim.charts import Chart, option, options
from ecomsim.charts.outlooks import chance_line, contribution_steps, outlook_fan
from ecomsim.chinese import in_chinese
from ecomsim.forecast import Forecast
from ecomsim.metrics import label
from ecomsim.report.words import amount, change
from ecomsim.target import Target
from ecomsim.ui import lean as widgets
from ecomsim.ui.chart_view import ChartView
from ecomsim.ui.desk import month_words
from ecomsim.ui.screens import cards_html, heading_html, table_html
from ecomsim.ui.targets_desk import Asked
from ecomsim.ui.targets_periods import Longer
from ecomsim.ui.targets_view import (
    cards,
    gauge_html,
    headline,
    longer_rows,
    moved_rows,
    need_rows,
    part_rows,
    steps_html,
    unit_of,
)  # fmt: skip
from ecomsim.ui.targets_words import TARGETS

__all__ = ["Found", "TargetsBoard", "charts_of"]


_LEAST_SHOWN = 0.01
"""A chance that never reached this is told by its card; a line along the axis would say no more."""


@dataclass(frozen=True, eq=False)
class Found:
    """What was found out for a question.

    Attributes
    ----------
    asked : the question
    outlook : the forecast
    target : the goal as a target
    over_time : chance day by day, None until it is known
    moves : why the number moved in a week, None until it is known
    earlier : day of the forecast it is compared with
    longer : the quarter and the year the month lies in
    """

    asked: Asked
    outlook: Forecast
    target: Target | None
    over_time: pd.DataFrame | None = None
    moves: pd.DataFrame | None = None
    earlier: str = ""
    longer: tuple[Longer, ...] = ()

    @property
    def level(self) -> str:
        """Level of the table by parts, '' without."""
        return next((level for level in ("channel", "category") if level in self.outlook.panel.levels), "")


def charts_of(found: Found) -> dict[str, Chart]:
    """Return the charts of what was found, by name."""
    asked, outlook, code = found.asked, found.outlook, found.asked.language
    unit = unit_of(asked.metric, code)
    title = f"{label(asked.metric, code)} · {month_words(asked.month, code)}"

    def signed(value: float, level: bool) -> str:
        return amount(value, asked.metric, code) if level else change(value, asked.metric, code)

    made: dict[str, Chart] = {
        "fan": outlook_fan(outlook, found.target, asked.month, title=title, unit=unit, language=code),
        "parts": contribution_steps(
            outlook.explain(asked.month)["total"], title=TARGETS.say("made_of", code), unit=unit, words=signed,
            language=code,
        ),
    }  # fmt: skip
    told = found.over_time
    if told is not None and len(told) > 1 and told["p_hit"].max() >= _LEAST_SHOWN:
        made["chance"] = chance_line(told, title=TARGETS.say("chance", code), language=code)
    return made


class TargetsBoard:
    """Views of what was found, in one language.

    Parameters
    ----------
    code : language
    below : widgets under the charts
    """

    def __init__(self, code: str, *below: widgets.Widget) -> None:
        self._code = code
        self.cards, self.gauge, self.status = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.fan, self.chance = ChartView(360, "es-fan"), ChartView(220)
        self.parts, self.moved, self.longer = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.table, self.needs = widgets.HTML(), widgets.HTML()
        self._moved_title, self._table_title = widgets.HTML(), widgets.HTML()
        self._chance_box = self._section("over_time", "over_time_sub", self.chance.root)
        self._moved_box = widgets.VBox([self._moved_title, self.moved])
        self._needs_box = self._section("needs", "", self.needs)
        self.notes = widgets.HTML()
        self._notes_box = self._section("notes", "", self.notes)
        self._longer_title = widgets.HTML()
        self._longer_box = widgets.VBox([self._longer_title, self.longer])
        self._table_box = widgets.VBox([self._table_title, self.table])
        self.top = widgets.VBox([self.cards, self.gauge, self.status])
        self.rest = widgets.VBox([
            self._section("made_of", "", self.parts), self._chance_box, self._longer_box, self._moved_box,
            self._table_box, self._needs_box, self._notes_box,
        ])  # fmt: skip
        self.rest.add_class("es-rest")
        self.widgets = (self.top, self._section("fan", "fan_sub", self.fan.root), self.rest, *below)

    def show(self, found: Found, is_last: bool) -> str:
        """Show what was found; return the sentence that answers the page's question."""
        code, asked, outlook = self._code, found.asked, found.outlook
        say = TARGETS.say
        self.cards.value = cards_html(cards(outlook, found.target, asked.month, code), say("outcome", code))
        self.gauge.value = gauge_html(outlook, found.target, asked.month, code) if found.target else ""
        basis = outlook.basis_of(asked.month, language=code) if is_last else say("refining", code)
        told = say("rests", code, day=str(outlook.as_of), basis=basis)
        self.status.value = f'<p class="es-sub es-status" role="status">{escape(told)}</p>'
        charts = charts_of(found)
        self.fan.show(option(charts["fan"], language=code))
        self.parts.value = steps_html(charts["parts"], say("made_of", code))
        widgets.show(self._chance_box, "chance" in charts)
        if "chance" in charts:
            self.chance.show(options(charts["chance"], language=code)[0])  # type: ignore[arg-type]
        self._tables(found)
        return headline(outlook, found.target, asked.month, code)

    def _tables(self, found: Found) -> None:
        code, asked = self._code, found.asked
        widgets.show(self._longer_box, bool(found.longer))
        aimed = any(one.target is not None for one in found.longer)
        sub = TARGETS.say("longer_sub", code) if aimed else ""
        self._longer_title.value = heading_html(TARGETS.say("longer", code), sub)
        self.longer.value = table_html(longer_rows(found.longer, code), TARGETS.say("longer", code))
        widgets.show(self._moved_box, found.moves is not None)
        if found.moves is not None:
            title = TARGETS.say("moved", code, day=found.earlier)
            self._moved_title.value = heading_html(title)
            self.moved.value = table_html(moved_rows(found.moves, asked.metric, code), title)
        widgets.show(self._table_box, bool(found.level))
        if found.level:
            title = TARGETS.say("parts", code, level=TARGETS.say(found.level, code))
            self._table_title.value = heading_html(title)
            self.table.value = table_html(part_rows(found.outlook, asked.month, found.level, code), title)
        widgets.show(self._notes_box, bool(found.outlook.notes))
        said = in_chinese if code == "zh" else str
        items = "".join(f"<li>{escape(said(note))}</li>" for note in found.outlook.notes)
        self.notes.value = f'<div class="es-told"><ul>{items}</ul></div>'
        widgets.show(self._needs_box, bool(found.target))
        if found.target:
            rows = need_rows(found.outlook, found.target, asked.month, code)
            self.needs.value = table_html(rows, TARGETS.say("needs", code))

    def _section(self, title: str, sub: str, body: widgets.Widget) -> widgets.VBox:
        below = TARGETS.say(sub, self._code) if sub else ""
        return widgets.VBox([widgets.HTML(heading_html(TARGETS.say(title, self._code), below)), body])
