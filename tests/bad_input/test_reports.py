"""Names that are formulas to a spreadsheet or markup to a browser stay names in everything we write."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import re
from html.parser import HTMLParser

import openpyxl
import pandas as pd
import pytest

from ecomsim.calendar import Horizon
from ecomsim.data.tables import TABLES
from ecomsim.data.templates import TEMPLATES, escape, template
from ecomsim.report import write_excel, write_html
from ecomsim.report.excel import safe_cell
from ecomsim.report.page import Page, gather
from ecomsim.report.reached import reaches
from ecomsim.scenario import Scale, Scenario
from ecomsim.simulate import simulate
from ecomsim.target import Target

EVIL = ["=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1"]
SCRIPT = '<script>alert("1")</script>'
IMAGE = '"><img src=x onerror=alert(1)>'


@pytest.mark.parametrize("text", EVIL)
def test_every_way_to_begin_a_formula_is_escaped(text: str) -> None:
    assert escape(text) == "'" + text
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize("value", ["plain", "1-1", "a=b", "", "双11", -3, 2.5, None])
def test_what_is_no_formula_stays_as_it_is(value) -> None:
    assert safe_cell(value) == value


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_cell_of_a_template_is_a_formula(tmp_path, ending: str, language: str) -> None:
    for name in TEMPLATES:
        path = template(name, tmp_path / (name + ending), language=language)
        if ending == ".csv":
            cells = [c for line in csv.reader(path.open(encoding="utf-8-sig", newline="")) for c in line]
        else:
            book = openpyxl.load_workbook(path)
            found = [c for sheet in book for row in sheet.iter_rows() for c in row]
            assert all(c.data_type != "f" for c in found)
            cells = [str(c.value) for c in found if c.value is not None]
        assert len(cells) >= len(TABLES[name].columns)
        assert not [c for c in cells if c[:1] in tuple("=+-@＝＋－＠\t\r\n") and c]


@pytest.fixture(scope="module")
def page(store_of) -> Page:
    """A report in which everything a user may name is hostile."""
    shop = store_of()
    family = dataclasses.replace(
        shop.promotions["d11"], name=IMAGE.replace(".", ""), family=SCRIPT, start=dt.date(2026, 11, 2)
    )
    store = shop.replace(name=f"shop {SCRIPT}", promotions={family.name: family})
    evil = Scenario("=cmd()", [Scale("channels.search.base", 1.2)], note=SCRIPT)
    study = simulate(store, Horizon.month("2026-11"), [evil], replications=20, threads=1)
    frame = pd.DataFrame({SCRIPT: [*EVIL, SCRIPT, IMAGE], "=n": [1.0] * (len(EVIL) + 2)})
    return gather(
        study,
        title=f"=title {SCRIPT}",
        subtitle=f"{store.name}",
        names={"baseline": IMAGE, "=cmd()": "=cmd()"},
        reaches=reaches(study, Target("gmv", {"2026-11": 1e6})),
        tables=[("[=x]:*?/\\'", frame), ("[=x]:*?/\\'", frame)],
        notes=[SCRIPT, IMAGE],
        scenario_texts=[("=cmd()", "=" + evil.text)],
        promotions=store.promotions,
        currency=SCRIPT[:8],
    )


def test_no_cell_of_the_excel_report_is_a_formula_or_a_link(page: Page, tmp_path) -> None:
    book = openpyxl.load_workbook(write_excel(page, tmp_path / "x.xlsx"))
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert all(c.data_type != "f" and c.hyperlink is None for c in cells)
    texts = {c.value for c in cells if isinstance(c.value, str)}
    assert not [t for t in texts if t[:1] in tuple("=+-@＝＋－＠\t\r\n")]
    assert {"'=cmd()", "'=HYPERLINK(1)", "'=n", f"'=title {SCRIPT}"} <= texts
    assert len(set(book.sheetnames)) == 5


class Reader(HTMLParser):
    """Collects tags and attributes as a browser would see them, and the text between."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_nothing_in_the_html_report_runs_or_reaches_out(page: Page, tmp_path) -> None:
    written = write_html(page, tmp_path / "x.html").read_text(encoding="utf-8")
    reader = Reader()
    reader.feed(written)
    assert not {"script", "img", "iframe", "object", "link", "embed", "foreignobject"} & reader.tags
    assert not [name for name, _ in reader.attributes if name.startswith("on")]
    assert not [
        v
        for n, v in reader.attributes
        if n in {"href", "src", "xlink:href", "action"} and not v.startswith("#")
    ]
    assert not re.search(r"javascript:|@import|url\(\s*['\"]?http", written)
    text = "".join(reader.text)
    for named in (SCRIPT, IMAGE, "=cmd()", "shop <script>"):
        assert named in text, "a name must be shown as it is, not swallowed"
    charts = "".join(re.findall(r"<svg.*?</svg>", written, flags=re.S))
    assert "&lt;script&gt;" in charts, "the promotion's family stands in the chart, as text"


def test_the_terminal_shows_names_as_they_are(page: Page, capsys) -> None:
    from ecomsim.cli.show import console, print_frame, print_page

    marked = {"baseline": "[red]base[/red]", "=cmd()": "[/oops]"}
    out = console()
    print_page(out, dataclasses.replace(page, names=marked))
    print_frame(out, "[/title]", pd.DataFrame({"[/head]": ["[link=x]cell[/]", "[/]"]}))
    said = capsys.readouterr().out
    for name in ("[red]base[/red]", "[/oops]", "[/title]", "[/head]", "[link=x]cell[/]"):
        assert name in said
