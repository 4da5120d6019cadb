"""What the numbers rest on: days of data, estimated and assumed, and how past months were met."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from ecomsim.charts.scale import compact
from ecomsim.checks import EcomsimError
from ecomsim.chinese import in_chinese
from ecomsim.opened import Opened
from ecomsim.ui import lean as widgets
from ecomsim.ui.desk import month_words
from ecomsim.ui.field_words import path_words
from ecomsim.ui.fold import Fold
from ecomsim.ui.planner_words import PLANNER
from ecomsim.ui.screens import frame_html, words_table_html

__all__ = ["BasisView"]

_MONTHS, _RUNS = 6, 200
_TRACKED = ("gmv", "orders", "visitors")


class BasisView:
    """The section behind 'What these numbers rest on'.

    Parameters
    ----------
    opened : the store
    month : YYYY-MM, what is planned
    code : language
    later : runs a slow function off the screen's thread, then its result's receiver on it
    guard : wraps a callback, so that a fault shows
    """

    def __init__(
        self,
        opened: Opened,
        month: str,
        code: str,
        later: Callable[[Callable[[], Any], Callable[[Any], object]], object],
        guard: Callable[[Callable[[], object]], Callable[[], object]],
    ) -> None:
        self._opened, self._month, self._code, self._later = opened, month, code, later
        self._second = widgets.HTML()
        self._track = widgets.VBox()
        self.fold = Fold(PLANNER.say("basis", code), self._build, guard)
        self.root = self.fold.root
        self.root.add_class("es-basis")

    def _say(self, key: str, **parts: str) -> str:
        return PLANNER.say(key, self._code, **parts)

    def _build(self) -> list[widgets.Widget]:
        from ecomsim.report.basis import basis

        opened = self._opened
        said = in_chinese if self._code == "zh" else str
        days = self._say("basis_days", first=str(opened.first or "–"), last=str(opened.last or "–"))
        parts = frame_html(basis(opened.store, self._code), self._say("basis"))
        html = f"<p>{escape(days)}</p>{parts}"
        if opened.missing:
            head = ("", self._say("assumed_value"), self._say("why"), self._say("mends"))
            html += f"<h3>{escape(self._say('basis_missing'))}</h3>" + words_table_html(
                [head, *([path_words(path, self._code), *map(said, rest)] for path, *rest in opened.missing)],
                self._say("basis_missing"),
            )
        if opened.notes:
            html += "<ul>" + "".join(f"<li>{escape(said(note))}</li>" for note in opened.notes) + "</ul>"
        html += f"<h3>{escape(self._say('track'))}</h3>"
        self._show_track()
        self._second.value = self._heading("second") + self._line(self._say("second_running"))
        self._later(self._forecast, self._show_forecast)
        return [widgets.HTML(html), self._track, self._second]

    def _heading(self, key: str) -> str:
        return f"<h3>{escape(self._say(key))}</h3>"

    def _line(self, text: str) -> str:
        return f'<p class="es-sub" role="status">{escape(text)}</p>'

    def _forecast(self) -> Any:
        """Return low, middle and high of the month's GMV from past sales, or why there are none."""
        from ecomsim.forecast import forecast
        from ecomsim.opening import read_tables

        try:
            told = forecast(read_tables(self._opened.path), self._month, strict=False, missing="unknown")
        except EcomsimError as fault:
            return fault
        return told.total().iloc[0][["p10", "p50", "p90"]]

    def _show_forecast(self, found: Any) -> None:
        said = in_chinese if self._code == "zh" else str
        if isinstance(found, EcomsimError):
            text = self._say("second_none", why=said(str(found)))
        else:
            low, mid, high = (compact(float(value), self._code) for value in found)
            text = self._say(
                "second_says", month=month_words(self._month, self._code), low=low, mid=mid, high=high
            )
        self._second.value = self._heading("second") + f"<p>{escape(text)}</p>"

    def _show_track(self) -> None:
        found = self._backtest(only_kept=True)
        if found is not None:
            self._show(found)
            return
        run = widgets.Button(description=self._say("track_run"))
        run.on_click(self._run)
        self._track.children = (
            widgets.HTML(f'<p class="es-sub">{escape(self._say("track_none"))}</p>'), run
        )  # fmt: skip

    def _run(self, _: Any) -> None:
        self._track.children = (
            widgets.HTML(f'<p class="es-sub" role="status">{escape(self._say("track_running"))}</p>'),
        )
        self._later(lambda: self._backtest(only_kept=False), self._show)

    def _backtest(self, *, only_kept: bool) -> Any:
        from ecomsim.report.kept import find_backtest, kept_backtest
        from ecomsim.workbook import Workbook

        book = Workbook(self._opened.path)
        tables = book.tables()
        days = tables["store_day"]
        known = [name for name in _TRACKED if name in days and days[name].notna().any()]
        if only_kept:
            return find_backtest(book, months=_MONTHS, replications=_RUNS, metrics=known)
        return kept_backtest(book, tables, months=_MONTHS, replications=_RUNS, metrics=known)[0]

    def _show(self, past: Any) -> None:
        from ecomsim.report.track import track_record

        html = frame_html(track_record(past, self._code), self._say("track"))
        self._track.children = (widgets.HTML(html),)
