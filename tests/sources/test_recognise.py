"""Every known format is told by its headers alone, whole or in part, and none is taken for another."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from ecomsim.data.files import Blob
from ecomsim.data.grid import grids
from ecomsim.data.recognise import Catalogue
from ecomsim.data.source import fold
from ecomsim.data.sources import SOURCES
from ecomsim.data.tables import TABLES

HEADERS = Path(__file__).parents[1] / "data" / "export_headers"
NAMES = sorted(path.stem for path in HEADERS.glob("*.csv"))
CATALOGUE = Catalogue(SOURCES.values())


def real(name: str) -> list[str]:
    return next(csv.reader(io.StringIO((HEADERS / f"{name}.csv").read_text(encoding="utf-8-sig"))))


def told(header: list[str], encoding: str = "utf-8-sig") -> str | None:
    """Name of the format the catalogue finds for this header row."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, ["1"] * len(header)])
    blob = Blob("export.csv", text.getvalue().encode(encoding), None)  # type: ignore[arg-type]
    found = CATALOGUE.find(grids(blob)[0])
    return found[0].name if found else None


def test_there_is_a_source_for_every_known_header_and_no_other() -> None:
    assert sorted(SOURCES) == NAMES
    assert len(NAMES) == 20


@pytest.mark.parametrize("name", NAMES)
def test_a_format_is_told_by_its_headers(name: str) -> None:
    assert told(real(name)) == name


@pytest.mark.parametrize("name", NAMES)
def test_the_source_knows_every_header_of_the_export(name: str) -> None:
    known = {fold(h) for h in (*SOURCES[name].required, *SOURCES[name].optional)}
    assert {fold(h) for h in real(name)} <= known


@pytest.mark.parametrize("name", NAMES)
def test_the_source_is_well_formed(name: str) -> None:
    source = SOURCES[name]
    own = {fold(h) for h in (*source.required, *source.optional)}
    assert set(source.tables) <= set(TABLES)
    assert {fold(h) for h in (*source.uses, *source.personal, *source.keep, *source.required)} <= own
    assert not {fold(h) for h in source.personal} & {fold(h) for h in source.uses}
    assert len(own) == len(source.required) + len(source.optional), "a header is listed twice"
    assert source.title and source.platform


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=12)
@given(data=st.data())
def test_any_subset_in_any_order_is_still_this_format(name: str, data: st.DataObject) -> None:
    header = real(name)
    needed = {fold(h) for h in SOURCES[name].required}
    spare = [h for h in header if fold(h) not in needed]
    chosen = [h for h in header if fold(h) in needed]
    chosen += data.draw(st.lists(st.sampled_from(spare), unique=True)) if spare else []
    random.Random(data.draw(st.integers(0, 99))).shuffle(chosen)
    assert told(chosen) == name


@pytest.mark.parametrize("name", NAMES)
def test_punctuation_case_and_blanks_do_not_matter(name: str) -> None:
    def bent(header: str) -> str:
        wide = header.replace("(", "（").replace(")", "）").replace("%", "％").replace("/", "／")
        return f" {wide.upper().replace(' ', '  ')}\t"

    assert told([bent(h) for h in real(name)]) == name


@pytest.mark.parametrize("name", [n for n in NAMES if not all(h.isascii() for h in real(n))])
def test_gb18030_is_read_as_well(name: str) -> None:
    assert told(real(name), "gb18030") == name


def test_a_unit_behind_the_name_is_still_the_name() -> None:
    assert told(["统计日期", "访客数(人)", "支付金额（元）"]) == "sycm_store_sales_daily"


def test_headers_of_something_else_are_nobodys() -> None:
    assert told(["date", "weather", "temperature", "rain"]) is None
    assert told(["Name", "Phone", "Birthday"]) is None
