"""Whatever a file holds, an import ends with a report; good rows are never lost to bad ones."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecomsim.checks import EcomsimError
from ecomsim.data.sources import SOURCES
from ecomsim.data.templates import template_sources
from ecomsim.workbook import Workbook, import_folder

QUIET = settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
FORMATS = [*SOURCES.values(), *template_sources()]
CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            "-",
            "1,234",
            "12.5%",
            "2026-10-01",
            "2分30秒",
            "合计",
            "汇总",
            "nan",
            "=1+1",
            "1.2万",
            "#x",
            '"',
        ]
    ),
    st.text(max_size=8),
    st.integers(-10, 10**6).map(str),
)
GOOD = [("2026-10-01", "GOOD-1", "1.5"), ("2026-10-02", "GOOD-2", "2.5"), ("2026-10-03", "GOOD-3", "3.5")]


def imported(files: dict[str, bytes]) -> Workbook:
    """Import files given as name -> content; any error but ours fails the test."""
    folder = Path(tempfile.mkdtemp(prefix="ecomsim-fuzz-"))
    (folder / "in").mkdir()
    for name, data in files.items():
        (folder / "in" / name).write_bytes(data)
    try:
        report = import_folder(folder / "in", folder / "book")
    except EcomsimError:
        return Workbook(folder / "book")
    assert report.text()
    assert report.text("zh")
    assert len(report.files) >= len(files)
    return Workbook(folder / "book")


@QUIET
@given(
    st.one_of(
        st.binary(max_size=400),
        st.binary(max_size=200).map(lambda b: b"PK\x03\x04" + b),
        st.binary(max_size=900).map(lambda b: bytes.fromhex("d0cf11e0a1b11ae1") + b),
        st.binary(max_size=200).map(lambda b: b"\x09\x00" + b),
        st.text(max_size=400).map(lambda t: t.encode("utf-16")),
    ),
    st.sampled_from(["a.csv", "a.xlsx", "a.xls", "a.zip", "a.txt"]),
)
def test_random_bytes(data: bytes, name: str) -> None:
    imported({name: data})


@QUIET
@given(st.data())
def test_known_headers_over_random_cells(data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(FORMATS))
    optional = (
        data.draw(st.lists(st.sampled_from(source.optional), max_size=8, unique=True))
        if source.optional
        else []
    )
    headers = list(dict.fromkeys((*source.required, *optional)))
    rows = data.draw(st.lists(st.lists(CELLS, min_size=1, max_size=len(headers) + 1), max_size=6))
    text = io.StringIO(newline="")
    csv.writer(text).writerows([headers, *rows])
    encoding = data.draw(st.sampled_from(["utf-8", "gb18030", "utf-16"]))
    imported({"a.csv": text.getvalue().encode(encoding, errors="replace")})


@QUIET
@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_characters="\r\n"), max_size=10), max_size=5), max_size=4
    ),
    st.permutations(range(3)),
    st.booleans(),
)
def test_good_rows_survive_bad_neighbours(junk: list[list[str]], order: list[int], quoted: bool) -> None:
    lines = ["date,sku,price"]
    for place, good in enumerate(order):
        if place < len(junk):
            raw = ",".join(junk[place])
            lines.append(f'"{raw}' if quoted and raw else raw)
        lines.append(",".join(GOOD[good]))
    frame = imported({"prices.csv": "\n".join(lines).encode("utf-8", errors="replace") + b"\n"}).read(
        "prices"
    )
    kept = set(zip(frame["date"].dt.strftime("%Y-%m-%d"), frame["sku"], frame["price"].map(str), strict=True))
    assert set(GOOD) <= kept


@QUIET
@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=3), st.booleans())
def test_a_mutated_export(at: int, patch: bytes, cut: bool) -> None:
    rows = "".join(f"2026-10-{d:02d},A-{d},{d}.5\n" for d in range(1, 29))
    whole = bytearray(("\ufeff日期,货号,售价\n" + rows).encode())
    at %= len(whole)
    whole[at : at + len(patch)] = patch
    data = bytes(whole[: at + 1] if cut else whole)
    frame = imported({"a.csv": data}).read("prices")
    # A patch touches at most three rows (it may join or part lines); the header is the exception.
    if not cut and at > 30 and not any(b in patch for b in b'"\r\n\x00\xff\xfe'):
        assert len(frame) >= 28 - 3
