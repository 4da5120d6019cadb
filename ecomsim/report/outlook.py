"""A forecast against its target as a self-contained HTML page and an Excel workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ecomsim.charts import Chart, render
from ecomsim.report.excel import safe_cell

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["OutlookPage", "write_outlook_excel", "write_outlook_html"]


@dataclass(frozen=True, eq=False)
class OutlookPage:
    """What the page says, already in words.

    Attributes
    ----------
    title, answer : heading and the sentence that answers it
    language : 'en' or 'zh'
    cards : name, value, smaller line
    charts : drawn in order
    tables : title and table of texts, in order
    sheets : {sheet: frame of numbers} for Excel
    notes : what a reader must know
    """

    title: str
    answer: str
    language: str
    cards: Sequence[tuple[str, str, str]]
    charts: Sequence[Chart]
    tables: Sequence[tuple[str, Sequence[Sequence[str]]]]
    sheets: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    notes: Sequence[str] = ()


def write_outlook_html(page: OutlookPage, path: Path | str) -> Path:
    """Write the page: no script, no request; every name in it is escaped."""
    from jinja2 import Environment, PackageLoader

    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    env = Environment(
        loader=PackageLoader("ecomsim.report"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    charts = [render(chart, language=page.language) for chart in page.charts]
    text = env.get_template("outlook.html").render(page=page, charts=charts)
    path.write_text(text, encoding="utf-8")
    return path


def write_outlook_excel(page: OutlookPage, path: Path | str) -> Path:
    """Write the workbook: the answer, then a sheet for each table of numbers; text is never a formula."""
    import xlsxwriter

    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path), {"nan_inf_to_errors": True, "strings_to_formulas": False}) as book:
        bold, number = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.##"})
        first = book.add_worksheet("answer")
        first.set_column(0, 2, 34)
        first.write(0, 0, safe_cell(page.title), bold)
        first.write(1, 0, safe_cell(page.answer))
        for i, row in enumerate([*page.cards, *((note,) for note in page.notes)], start=3):
            for j, cell in enumerate(row):
                first.write(i, j, safe_cell(cell))
        for name, frame in page.sheets.items():
            _sheet(book.add_worksheet(name[:31]), frame.reset_index(), bold, number)
    return path


def _sheet(sheet: Any, frame: pd.DataFrame, bold: Any, number: Any) -> None:
    sheet.set_column(0, len(frame.columns), 18, number)
    sheet.freeze_panes(1, 1)
    for j, column in enumerate(frame.columns):
        sheet.write(0, j, safe_cell(str(column)), bold)
        for i, value in enumerate(frame[column], start=1):
            plain = value.item() if hasattr(value, "item") else value
            if plain is None or plain != plain:
                continue
            sheet.write(i, j, safe_cell(plain if isinstance(plain, (int, float)) else str(plain)))
