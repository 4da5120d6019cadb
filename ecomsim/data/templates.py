"""Templates for what no platform exports: written for people, read back in English, Chinese or both."""

from __future__ import annotations

import csv
import functools
import io
from collections.abc import Sequence
from pathlib import Path

from ecomsim.checks import EcomsimError, require_name
from ecomsim.data.schema import Column, Kind, Table
from ecomsim.data.source import Piece, Sheet, Source, piece
from ecomsim.data.tables import TABLES

__all__ = ["TEMPLATES", "escape", "template", "template_sources"]

TEMPLATES: tuple[str, ...] = tuple(name for name, table in TABLES.items() if table.template)
"""Names `template` knows."""

_LANGUAGES = ("en", "zh")
_EXAMPLES = {
    Kind.DATE: "2026-11-01",
    Kind.MONTH: "2026-11",
    Kind.DATETIME: "2026-11-01 20:00:00",
    Kind.TIME: "09:30",
    Kind.COUNT: "120",
    Kind.NUMBER: "3",
    Kind.SHARE: "0.15",
    Kind.MONEY: "89.00",
    Kind.SECONDS: "25",
    Kind.FLAG: "1",
    Kind.TEXT: "",
}
_BY_NAME = {
    "sku": "A-001",
    "item_id": "612345678901",
    "name": "Cotton socks",
    "category": "socks",
    "supplier": "Supplier 1",
    "po_id": "PO-2026-001",
    "channel": "paid_search",
    "promotion": "double11_2026",
    "family": "double11",
    "peaks": "2026-11-11",
    "scope": "all",
    "team": "presale",
    "metric": "gmv",
    "target": "1200000",
    "lead_time_days": "14",
    "threshold": "300",
    "off": "50",
    "times": "3",
    "coupon_threshold": "199",
    "coupon_off": "20",
    "before_days": "7",
    "after_days": "5",
}
_WORDS = {
    "en": (
        "unit",
        "required",
        "allowed",
        "meaning",
        "example (this row is not imported)",
        "yes",
        "no",
        "column",
    ),
    "zh": ("单位", "必填", "可填", "含义", "示例（本行不会导入）", "是", "否", "列"),
}


def escape(cell: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    Examples
    --------
    >>> escape("=1+1"), escape("plain")
    ("'=1+1", 'plain')
    """
    return f"'{cell}" if cell[:1] in {*"=+-@＝＋－＠", "\t", "\r", "\n"} else cell


def _allowed(column: Column, language: str) -> str:
    if column.choices:
        return " | ".join(column.choices_zh if language == "zh" and column.choices_zh else column.choices)
    if column.kind in (Kind.DATE, Kind.MONTH, Kind.TIME, Kind.DATETIME):
        return {"date": "YYYY-MM-DD", "month": "YYYY-MM", "time": "HH:00, HH:30"}.get(
            column.kind.value, "YYYY-MM-DD HH:MM:SS"
        )
    if column.kind is Kind.TEXT:
        return ""
    low = f"≥ {column.low:g}" if column.low > float("-inf") else ""
    return f"{low}, ≤ {column.high:g}" if column.high < float("inf") else low


def _notes(table: Table, language: str) -> list[list[str]]:
    unit, required, allowed, _, example, yes, no, _ = _WORDS[language]
    examples = [
        (c.choices_zh if language == "zh" and c.choices_zh else c.choices)[0]
        if c.choices
        else _BY_NAME.get(c.name, _EXAMPLES[c.kind])
        for c in table.columns
    ]
    return [
        _marked(unit, [c.unit for c in table.columns]),
        _marked(required, [yes if c.required else no for c in table.columns]),
        _marked(allowed, [_allowed(c, language) for c in table.columns]),
        _marked(example, examples),
    ]


def _marked(word: str, row: Sequence[str]) -> list[str]:
    return [f"# {word}: {row[0]}", *map(escape, row[1:])]


def _headers(table: Table, language: str) -> list[str]:
    return [c.zh if language == "zh" else c.name for c in table.columns]


def template(name: str, path: str | Path, *, language: str = "en") -> Path:
    """Write an empty form for one table, as .csv or .xlsx by the ending of `path`.

    Rows that begin with ``#`` explain each column and give an example; the import passes over them.

    Raises
    ------
    EcomsimError
        For a name that is no template, another language or another ending.
    """
    table = TABLES[require_name(name, TEMPLATES, "template", "template")]
    require_name(language, _LANGUAGES, "template", "language")
    target = Path(path)
    ending = target.suffix.casefold()
    if ending not in {".csv", ".xlsx"}:
        raise EcomsimError(str(path), f"the ending '{target.suffix}'", ".csv or .xlsx", "Choose one of them")
    target.parent.mkdir(parents=True, exist_ok=True)
    if ending == ".csv":
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows([_headers(table, language), *_notes(table, language)])
        target.write_text("\ufeff" + text.getvalue(), encoding="utf-8")
    else:
        _write_excel(table, target, language)
    return target


def _write_excel(table: Table, target: Path, language: str) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(target), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet(table.title_zh if language == "zh" else table.name)
        bold = book.add_format({"bold": True, "bg_color": "#DDEBF7"})
        grey = book.add_format({"italic": True, "font_color": "#7F7F7F"})
        as_text = book.add_format({"num_format": "@"})
        page.freeze_panes(1, 0)
        for at, (column, header) in enumerate(zip(table.columns, _headers(table, language), strict=True)):
            # Codes and months must not be taken for numbers and dates.
            page.set_column(
                at, at, 16, as_text if column.kind in (Kind.TEXT, Kind.MONTH, Kind.TIME) else None
            )
            page.write_string(0, at, header, bold)
        page.write_row(1, 0, _notes(table, language)[-1], grey)
        notes = book.add_worksheet("notes" if language == "en" else "说明")
        notes.set_column(0, 4, 24)
        unit, required, allowed, means, _, yes, no, name = _WORDS[language]
        notes.write_row(0, 0, [name, unit, required, allowed, means], bold)
        for row, column in enumerate(table.columns, start=1):
            title = column.zh if language == "zh" else column.name
            line = [
                title,
                column.unit,
                yes if column.required else no,
                _allowed(column, language),
                column.means,
            ]
            notes.write_row(row, 0, line)


def _read(name: str, sheet: Sheet) -> list[Piece]:
    columns = {c.name: c.name for c in TABLES[name].columns}
    return [piece(sheet, name, columns)]


def template_sources() -> tuple[Source, ...]:
    """Return the format of every template, with English and Chinese headers."""
    return tuple(_source(TABLES[name]) for name in TEMPLATES)


def _source(table: Table) -> Source:
    needed = tuple(c.name for c in table.columns if c.required)
    names = tuple(c.name for c in table.columns)
    return Source(
        name=f"template_{table.name}",
        title=f"template {table.title} ({table.title_zh})",
        platform="template",
        tables=(table.name,),
        required=needed,
        optional=tuple(n for n in names if n not in needed),
        parse=functools.partial(_read, table.name),
        keep=(*names, *(c.zh for c in table.columns)),
        uses=(*names, *(c.zh for c in table.columns)),
        aliases=tuple((c.zh, c.name) for c in table.columns),
        least=0.6,
        priority=10,
    )
