"""The main column: cards, fan, comparison, funnel, days, shelf, basis."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ecomsim.charts import option, options
from ecomsim.charts.echarts_parts import Option
from ecomsim.chinese import in_chinese
from ecomsim.metrics import label
from ecomsim.ui import lean as widgets
from ecomsim.ui.answers import Answer, Rest
from ecomsim.ui.change_words import month_day
from ecomsim.ui.chart_view import ChartView, Multiples
from ecomsim.ui.messages import skeleton_html
from ecomsim.ui.planner_words import PLANNER
from ecomsim.ui.screens import cards_html, heading_html, legend_html, table_html

__all__ = ["Board", "Drawn", "drawn"]


class Drawn:
    """Options of the charts of the rest, made where nobody waits for them."""

    def __init__(self, rest: Rest, code: str) -> None:
        self.rest = rest
        self.differences = [option(one, language=code) for one in rest.differences]
        self.funnel = option(rest.funnel, language=code)
        self.stock = option(rest.stock, language=code, narrow=True)
        self.service = option(rest.service, language=code, narrow=True)
        self.days = options(rest.days, language=code)


def drawn(answer: Answer, code: str) -> tuple[str, Option]:
    """Return the cards' HTML and the fan's option."""
    return cards_html(answer.cards, PLANNER.say("outcome", code)), option(answer.fan, language=code)


class Board:
    """Views of an answer.

    Parameters
    ----------
    code : language
    about : line on the data, below the charts' status
    below : widgets under the charts: shelf and basis
    """

    def __init__(self, code: str, about: str, below: Sequence[widgets.Widget]) -> None:
        self._code, self._about = code, about
        self.status = widgets.HTML()
        self.cards = widgets.HTML(skeleton_html(104, language=code))
        self.fan_title = widgets.HTML()
        self.fan = ChartView(360, "es-fan")
        self._differences = [ChartView(120), ChartView(120)]
        self._difference_titles = [widgets.HTML(), widgets.HTML()]
        self._table = widgets.HTML()
        pairs = [
            widgets.VBox([title, view.root])
            for title, view in zip(self._difference_titles, self._differences, strict=True)
        ]
        both = widgets.Box(pairs)
        both.add_class("es-pair-of-charts")
        heading = heading_html(PLANNER.say("differences", code), PLANNER.say("differences_sub", code))
        self.compare = widgets.VBox([widgets.HTML(heading), both, self._table])
        widgets.show(self.compare, False)
        self.funnel = ChartView(300, "es-funnel")
        self.stock, self.service = ChartView(260, "es-stock"), ChartView(260, "es-service")
        self._stock_title = widgets.HTML()
        self.days = Multiples(190)
        self._funnel_title = widgets.HTML()
        self._days_title = widgets.HTML()
        more = widgets.HTML(f"<h3>{escape(PLANNER.say('through_more', code))}</h3>")
        self.rest = widgets.VBox(
            [
                self.compare,
                widgets.VBox([self._funnel_title, self.funnel.root]),
                widgets.VBox([self._days_title, self._stock_and_service(), more, self.days.root]),
            ]
        )
        self.rest.add_class("es-rest")
        self.rest.add_class("es-hidden")
        fan = widgets.VBox([self.fan_title, self.fan.root])
        self.warned = widgets.HTML()
        self.top = widgets.VBox([self.cards, self.status, self.warned])
        self.widgets = (self.top, fan, self.rest, *below)

    def _stock_and_service(self) -> widgets.Widget:
        words = PLANNER.say("service_days", self._code)
        title = widgets.HTML(_small_heading(label("service_level", self._code), words))
        both = widgets.Box(
            [widgets.VBox([self._stock_title, self.stock.root]), widgets.VBox([title, self.service.root])]
        )
        both.add_class("es-pair-of-charts")
        return both

    def _show_headings_and_stock(self, made: Drawn) -> None:
        fan, code = made.rest.stock, self._code
        legend = legend_html([band.name for band in fan.bands])
        for title, key in ((self._funnel_title, "funnel"), (self._days_title, "through")):
            heading = heading_html(PLANNER.say(key, code), PLANNER.say(f"{key}_sub", code)) + legend
            if title.value != heading:
                title.value = heading
        counts = fan.strip.values if fan.strip else ()
        said = PLANNER.say("stock_never", code)
        if max(counts, default=0.0) > 0:
            worst = max(range(len(counts)), key=counts.__getitem__)
            day = month_day(fan.dates[worst], code)
            said = PLANNER.say("stock_days", code, most=f"{counts[worst]:.0f}", day=day)
        heading = _small_heading(fan.title, said)
        if self._stock_title.value != heading:
            self._stock_title.value = heading
        self.stock.show(made.stock)
        self.service.show(made.service)

    def show(self, answer: Answer, cards: str, fan: Option, is_last: bool) -> None:
        """Show headline numbers; the rest is greyed until it follows."""
        key = "runs" if is_last else "refining"
        runs = PLANNER.say(key, self._code, runs=f"{answer.runs:,}")
        said = (runs, PLANNER.say("ranges", self._code), self._about)
        self.status.value = f'<p class="es-sub es-status" role="status">{escape(" · ".join(said))}</p>'
        if self.cards.value != cards:
            self.cards.value = cards
        title = heading_html(answer.fan.title)
        if self.fan_title.value != title:
            self.fan_title.value = title
        self.fan.show(fan)
        self.cards.remove_class("es-stale")
        self.fan.root.remove_class("es-stale")

    def warn(self, told: Sequence[str]) -> None:
        """Show what the simulation found legal but rarely meant, or nothing."""
        said = in_chinese if self._code == "zh" else str
        lines = "".join(f"<li>{escape(said(text))}</li>" for text in told)
        title = escape(PLANNER.say("told", self._code))
        self.warned.value = (
            f'<div class="es-told" role="note"><b>{title}</b><ul>{lines}</ul></div>' if told else ""
        )

    def show_rest(self, made: Drawn) -> None:
        """Show what follows."""
        rest = made.rest
        widgets.show(self.compare, bool(rest.differences))
        rows = len(rest.differences[0].rows) if rest.differences else 0
        for title, view, chart, drawing in zip(
            self._difference_titles, self._differences, rest.differences, made.differences, strict=False
        ):
            title.value = f"<h3>{escape(chart.title)}</h3>"
            view.show(drawing, height_px=70 + 44 * rows)
        self._table.value = table_html(rest.table, PLANNER.say("side_by_side", self._code)) if rows else ""
        scenarios = len(rest.funnel.scenarios)
        height = 60 + len(rest.funnel.rows) * (16 + 14 * scenarios)
        self.funnel.show(made.funnel, height_px=height)
        self._show_headings_and_stock(made)
        self.days.show(made.days)
        self.rest.remove_class("es-hidden")
        self.rest.remove_class("es-stale")

    def wait(self) -> None:
        """Grey what is older than the levers."""
        self.rest.add_class("es-stale")


def _small_heading(title: str, sub: str) -> str:
    return f'<h3>{escape(title)}</h3><p class="es-sub">{escape(sub)}</p>'
