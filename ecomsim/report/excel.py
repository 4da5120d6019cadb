"""The Excel workbook of a study: outcomes, days, tables, scenarios; text cells are never formulas."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ecomsim.data.templates import escape
from ecomsim.metrics import label, metric
from ecomsim.report.words import say, unit_words

if TYPE_CHECKING:
    from ecomsim.report.outcome import Outcome
    from ecomsim.report.page import Page

__all__ = ["safe_cell", "write_excel"]

_FORMATS = {"money": "#,##0", "share": "0.0%", "score": "0.00", "seconds": "#,##0", "ratio": "0.00"}


def safe_cell(value: object) -> object:
    """Return text that a spreadsheet will not run: a leading = + - @, tab or return gets an apostrophe.

    Examples
    --------
    >>> safe_cell("=HYPERLINK(1)"), safe_cell("plain"), safe_cell(-3)
    ("'=HYPERLINK(1)", 'plain', -3)
    """
    return escape(value) if isinstance(value, str) else value


def write_excel(page: Page, path: Path | str) -> Path:
    """Write the workbook and return its path.

    Parameters
    ----------
    page : everything the report says
    path : file to write, ending in .xlsx
    """
    import xlsxwriter

    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # strings_to_* off: a name beginning with '=' or 'http' stays text
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        _outcomes(book, page)
        _days(book, page)
        for title, frame in page.tables:
            _frame(book, title, frame)
        _text(book, say("scenarios", page.language), page.scenario_texts)
    return path


def _sheet(book: Any, name: str) -> Any:
    clean = "".join(" " if ch in "[]:*?/\\'" else ch for ch in name).strip()[:31] or "sheet"
    taken = {s.get_name().casefold() for s in book.worksheets()}
    final, n = clean, 2
    while final.casefold() in taken:
        final, n = f"{clean[:28]} {n}", n + 1
    sheet = book.add_worksheet(final)
    sheet.hide_gridlines(2)
    return sheet


def _outcomes(book: Any, page: Page) -> None:
    sheet = _sheet(book, say("outcome", page.language))
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    gap = say("difference", page.language, base=page.names[page.base])
    first = [say(key, page.language) for key in ("outcome", "unit", "scenario")]
    titles = [*first, "P10", "P50", "P90", gap, "P10", "P90", say("better", page.language)]
    sheet.write_string(0, 0, str(safe_cell(page.title)), book.add_format({"bold": True, "font_size": 14}))
    for column, title in enumerate(titles):
        sheet.write_string(2, column, title, head)
    formats = {unit: book.add_format({"num_format": code}) for unit, code in _FORMATS.items()}
    plain, share = book.add_format({"num_format": "#,##0"}), book.add_format({"num_format": "0%"})
    for i, row in enumerate(page.outcomes, start=3):
        unit = metric(row.metric).unit
        style = formats.get(unit, plain)
        texts = [
            label(row.metric, page.language),
            unit_words(unit, page.language, page.currency),
            page.names[row.scenario],
        ]
        for column, text in enumerate(texts):
            sheet.write_string(i, column, str(safe_cell(text)))
        for column, value in enumerate(_numbers(row), start=3):
            if np.isfinite(value):
                sheet.write_number(i, column, value, share if column == 9 else style)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 12)
    sheet.set_column(2, 2, 24)
    sheet.set_column(3, 9, 15)
    sheet.freeze_panes(3, 3)


def _numbers(row: Outcome) -> Sequence[float]:
    return (row.low, row.mid, row.high, row.difference, row.difference_low, row.difference_high, row.better)


def _days(book: Any, page: Page) -> None:
    study, names = page.study, [m for m in page.daily_metrics if metric(m).ratio is None]
    sheet = _sheet(book, say("through", page.language))
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    plain = book.add_format({"num_format": "#,##0.0"})
    titles = [(s, m) for m in names for s in study.scenarios]
    sheet.write_string(0, 0, "date", head)
    for column, (scenario, name) in enumerate(titles, start=1):
        sheet.write_string(
            0, column, str(safe_cell(f"{label(name, page.language)} · {page.names[scenario]}")), head
        )
        for i, value in enumerate(study.daily(name, scenario).mean(axis=0), start=1):
            sheet.write_number(i, column, float(value), plain)
    for i, day in enumerate(study.dates, start=1):
        sheet.write_datetime(i, 0, _midnight(day), date)
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, len(titles), 16)
    sheet.freeze_panes(1, 1)


def _midnight(day: Any) -> Any:
    import datetime as dt

    return dt.datetime(day.year, day.month, day.day)


def _frame(book: Any, title: str, frame: Any) -> None:
    sheet = _sheet(book, title)
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    for column, name in enumerate(frame.columns):
        sheet.write_string(0, column, str(safe_cell(str(name))), head)
    for i, values in enumerate(frame.itertuples(index=False), start=1):
        for column, value in enumerate(values):
            if isinstance(value, (int, float, np.floating, np.integer)) and not isinstance(value, bool):
                if np.isfinite(value):
                    sheet.write_number(i, column, float(value))
            elif value is not None and value == value:
                sheet.write_string(i, column, str(safe_cell(str(value))))
    sheet.set_column(0, max(len(frame.columns) - 1, 0), 20)
    sheet.freeze_panes(1, 0)


def _text(book: Any, title: str, texts: Sequence[tuple[str, str]]) -> None:
    sheet = _sheet(book, title)
    mono = book.add_format({"text_wrap": True, "valign": "top", "font_name": "Consolas"})
    for i, (name, text) in enumerate(texts):
        sheet.write_string(i, 0, str(safe_cell(name)))
        sheet.write_string(i, 1, str(safe_cell(text)), mono)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
