"""Templates: written in two languages and two forms, read back from any mixture."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from ecomsim.checks import EcomsimError
from ecomsim.data.tables import TABLES
from ecomsim.data.templates import TEMPLATES, escape, template
from ecomsim.workbook import Workbook, import_folder

ROWS = {
    "products": {"sku": "A-1", "name": "袜子", "role": "引流", "cost": "5", "lead_time_days": "7"},
    "stock_day": {"date": "2026-10-01", "sku": "A-1", "on_hand": "1,200"},
    "purchase_orders": {"po_id": "P1", "sku": "A-1", "ordered_on": "2026/10/1", "units": "50"},
    "prices": {"date": "2026-10-01", "sku": "A-1", "price": "¥9.90"},
    "promotions": {"promotion": "d11", "start": "2026-11-01", "end": "2026-11-11", "discount": "8.5折"},
    "contacts": {"date": "2026-10-01", "slot": "9:30", "kind": "售后", "contacts": "12"},
    "roster": {"date": "2026-10-01", "slot": "09:00-09:30", "agents": "4"},
    "spend_plan": {"date": "2026-11-01", "channel": "paid_search", "spend": "1.2万"},
    "targets": {"metric": "gmv", "month": "2026年11月", "target": "120万"},
}
READ = {
    "products": {"role": "traffic", "cost": 5.0, "lead_time_days": 7.0},
    "stock_day": {"on_hand": 1200.0},
    "purchase_orders": {"units": 50.0},
    "prices": {"price": 9.9},
    "promotions": {"scope": "all", "discount": 0.15},
    "contacts": {"slot": "09:30", "kind": "aftersale", "contacts": 12.0},
    "roster": {"slot": "09:00", "team": "all", "agents": 4.0},
    "spend_plan": {"spend": 12000.0},
    "targets": {"month": "2026-11", "target": 1_200_000.0},
}


def test_every_template_is_tried() -> None:
    assert set(ROWS) == set(READ) == set(TEMPLATES)


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("language", ["en", "zh", "mixed"])
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_filled_template_is_read_back(tmp_path: Path, name: str, language: str, ending: str) -> None:
    folder = tmp_path / "in"
    path = template(name, folder / f"form{ending}", language="en" if language == "mixed" else language)
    table = TABLES[name]
    row = [ROWS[name].get(c.name, "") for c in table.columns]
    mixed = [c.zh if i % 2 else c.name for i, c in enumerate(table.columns)]
    if ending == ".csv":
        lines = list(csv.reader(path.open(encoding="utf-8-sig", newline="")))
        if language == "mixed":
            lines[0] = mixed
        with path.open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle).writerows([*lines, row])
    else:
        book = openpyxl.load_workbook(path)
        page = book.worksheets[0]
        if language == "mixed":
            for at, header in enumerate(mixed, start=1):
                page.cell(1, at).value = header
        page.append(row)
        book.save(path)
    report = import_folder(folder, tmp_path / "book")
    assert not len(report.quarantine), report.text()
    frame = Workbook(tmp_path / "book").read(name)
    assert len(frame) == 1, "the example row must not be imported"
    for column, value in READ[name].items():
        got = frame[column].iloc[0]
        assert got == (pytest.approx(value) if isinstance(value, float) else value)


def test_an_empty_template_imports_nothing_and_says_so(tmp_path: Path) -> None:
    template("products", tmp_path / "in" / "p.csv")
    report = import_folder(tmp_path / "in", tmp_path / "book")
    assert Workbook(tmp_path / "book").read("products").empty
    assert report.notes["what"].str.contains("no rows").any()


def test_formulas_are_escaped() -> None:
    for cell in ("=1+1", "+1", "-1", "@a", "\tx"):
        assert escape(cell) == "'" + cell
    assert escape("1-1") == "1-1"


def test_no_template_cell_begins_a_formula(tmp_path: Path) -> None:
    for name in TEMPLATES:
        path = template(name, tmp_path / f"{name}.csv", language="zh")
        for line in csv.reader(path.open(encoding="utf-8-sig", newline="")):
            assert not any(cell[:1] in "=+-@" for cell in line if cell)


def test_wrong_names_are_answered(tmp_path: Path) -> None:
    with pytest.raises(EcomsimError, match="Did you mean 'products'"):
        template("product", tmp_path / "a.csv")
    with pytest.raises(EcomsimError, match="language"):
        template("products", tmp_path / "a.csv", language="fr")
    with pytest.raises(EcomsimError, match=r"\.csv or \.xlsx"):
        template("products", tmp_path / "a.pdf")
