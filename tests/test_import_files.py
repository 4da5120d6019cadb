"""Files as they come: encodings, separators, spreadsheets, archives, damage."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlwt

from ecomsim.checks import EcomsimError
from ecomsim.data.files import Blob, FileError, Limits, unpack
from ecomsim.workbook import Workbook, import_folder

HEADER = "日期,货号,售价"
GOOD = f'{HEADER}\n2026-10-01,A-1,12.50\n2026-10-02,B-2,"1,234"\n'
EXPECTED = [("2026-10-01", "A-1", 12.5), ("2026-10-02", "B-2", 1234.0)]


def prices(folder: Path, book: Path | None = None) -> tuple[list[tuple[str, str, float]], object]:
    book = book or folder.parent / f"{folder.name}-book"
    report = import_folder(folder, book)
    frame = Workbook(book).read("prices")
    days = frame["date"].dt.strftime("%Y-%m-%d")
    return list(zip(days, frame["sku"], frame["price"], strict=True)), report


@pytest.mark.parametrize(
    "data",
    [
        GOOD.encode(), GOOD.encode("utf-8-sig"), GOOD.encode("gb18030"), GOOD.encode("utf-16"),
        GOOD.encode("utf-16-le"), GOOD.replace("\n", "\r\n").encode("gbk"), GOOD.replace("\n", "\r").encode(),
        GOOD.replace('"1,234"', "1234").replace(",", "\t").encode(),
        GOOD.replace('"1,234"', "1234").replace(",", ";").encode(),
        ("报表名称：调价\n统计日期：2026-10-01 ~ 2026-10-02\n\n\n" + GOOD).encode("gb18030"),
        ("# a comment\n#----\n" + GOOD).encode(),
        GOOD.replace(HEADER, "\ufeff 日期 ,货号 , 售价 ").encode(),
        GOOD.replace("\n2026-10-02", "\n\n,,\n合计,,99\n日期,货号,售价\n2026-10-02").encode(),
        GOOD.rstrip("\n").encode(),
        GOOD.replace(HEADER, "DATE,sku,Price").encode(),
    ],
)  # fmt: skip
def test_text_files_in_every_dress(tmp_path: Path, data: bytes) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "anything.txt").write_bytes(data)
    assert prices(folder)[0] == EXPECTED


def biff2(rows: list[list[object]]) -> bytes:
    """Write the oldest .xls there is, by its published record layout."""
    out = struct.pack("<HHHH", 0x0009, 4, 2, 0x10) + struct.pack("<HHH", 0x0042, 2, 936)
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, str):
                raw = value.encode("gbk")
                body = struct.pack("<HH3xB", r, c, len(raw)) + raw
                out += struct.pack("<HH", 0x0004, len(body)) + body
            else:
                out += struct.pack("<HH", 0x0003, 15) + struct.pack("<HH3xd", r, c, float(value))
    return out + struct.pack("<HH", 0x000A, 0)


def test_old_spreadsheets(tmp_path: Path) -> None:
    rows = [["价格表"], ["日期", "货号", "售价"], [46296.0, "A-1", 12.5], ["2026-10-02", "B-2", "1,234"]]
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "old.xls").write_bytes(biff2(rows))
    assert prices(folder)[0] == EXPECTED


def test_the_xls_of_the_nineties_as_platforms_still_write_it(tmp_path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    book.add_sheet("说明").write(0, 0, "just words")
    sheet = book.add_sheet("价格")
    sheet.write(0, 0, "调价记录")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    rows = [["日期", "货号", "售价"], [dt.datetime(2026, 10, 1), "A-1", 12.5], ["2026-10-02", "B-2", "1,234"]]
    for r, row in enumerate(rows, 2):
        for c, value in enumerate(row):
            sheet.write(r, c, value, day if isinstance(value, dt.datetime) else xlwt.Style.default_style)
    folder = tmp_path / "in"
    folder.mkdir()
    book.save(str(folder / "old.xls"))
    assert prices(folder)[0] == EXPECTED


def test_new_spreadsheets_with_a_preamble_and_several_sheets(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["just", "words"])
    page = book.create_sheet("价格")
    for row in (["调价记录"], [], ["日期", "货号", "售价"], [pd.Timestamp("2026-10-01"), "A-1", 12.5]):
        page.append(row)
    page.append(["2026-10-02", "B-2", "1,234"])
    folder = tmp_path / "in"
    folder.mkdir()
    book.save(folder / "x.xlsx")
    got, report = prices(folder)
    assert got == EXPECTED
    assert sorted(report.files["status"]) == ["ignored", "read"]


def test_an_archive_with_chinese_names_and_a_hostile_one(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("../../outside.csv", GOOD)
        archive.writestr("读我.md", "words")
        archive.writestr("空.csv", "")
    got, report = prices(folder)
    assert got == EXPECTED
    assert report.files["file"].tolist() == ["a.zip/outside.csv", "a.zip/读我.md", "a.zip/空.csv"]
    assert report.files["status"].tolist() == ["read", "ignored", "refused"]
    assert not (tmp_path.parent / "outside.csv").exists()
    assert not (tmp_path / "outside.csv").exists()


def encrypted_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.csv", GOOD)
    data = bytearray(buffer.getvalue())
    data[6] |= 1  # the flag in the local header, then in the directory
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def inner_zip() -> bytes:
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.csv", GOOD)
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
    return outer.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("empty.csv", b"", "empty"),
        ("blank.csv", b"\xef\xbb\xbf \r\n \r\n", "empty"),
        ("torn.xlsx", b"PK\x03\x04 torn", "archive"),
        ("torn.xls", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "xls"),
        ("locked.zip", encrypted_zip(), "password"),
        ("nested.zip", inner_zip(), "archive within"),
        ("page.xls", b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "no table"),
        ("noise.csv", bytes(range(256)) * 20, ""),
        ("prose.txt", "今天天气不错\n我们去公园\n".encode(), "header"),
        ("other.csv", b"a,b,c\n1,2,3\n", "no known format"),
    ],
)  # fmt: skip
def test_a_hopeless_file_is_refused_by_name_while_the_others_go_on(
    tmp_path: Path, name: str, data: bytes, says: str
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / name).write_bytes(data)
    (folder / "zz_good.csv").write_text(GOOD, encoding="utf-8")
    got, report = prices(folder)
    assert got == EXPECTED
    (refused,) = report.refused.to_dict("records")
    assert refused["file"].startswith(name)
    assert says in refused["why"]
    assert refused["remedy"]
    assert name in report.text()
    assert name in report.text("zh")


def test_a_locked_spreadsheet_says_password(tmp_path: Path) -> None:
    data = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "locked.xlsx").write_bytes(data)
    report = import_folder(folder, tmp_path / "book")
    assert "password" in report.refused["why"].iloc[0]


def test_an_archive_that_would_fill_the_memory_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(3):
            archive.writestr(f"{i}.csv", b"0" * 1_000_000)
    small = Limits(file_bytes=10_000_000, archive_bytes=2_000_000, members=10)
    (found,) = unpack("bomb.zip", path, small)
    assert isinstance(found, FileError)
    many = Limits(members=2)
    (found,) = unpack("bomb.zip", path, many)
    assert isinstance(found, FileError)
    large = Limits(file_bytes=100_000, archive_bytes=10_000_000)
    assert all(isinstance(f, FileError) for f in unpack("bomb.zip", path, large))
    assert all(isinstance(f, Blob) for f in unpack("bomb.zip", path))


def test_a_path_that_is_not_there_raises(tmp_path: Path) -> None:
    with pytest.raises(EcomsimError, match="no such file"):
        import_folder(tmp_path / "nowhere", tmp_path / "book")


def test_rows_that_do_not_fit_are_set_aside_with_their_row_number(tmp_path: Path) -> None:
    text = (
        f"{HEADER}\n2026-10-01,A-1,12.50\n2026-10-01,X,1,2\n2026-10-01,Y\n"
        '2026-10-01,"never closed,3\n2026-10-02,B-2,"1,234"\n2026-10-03,Z,1\n2026-10-0'
    )
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.csv").write_text(text, encoding="utf-8")
    got, report = prices(folder)
    assert got == [EXPECTED[0], EXPECTED[1], ("2026-10-03", "Z", 1.0)]
    assert sorted(report.quarantine["row"]) == [3, 4, 5, 8]


def test_one_damaged_byte_costs_one_row(tmp_path: Path) -> None:
    rows = "".join(f"2026-10-{d:02d},货-{d},10\n" for d in range(1, 29))
    data = bytearray(f"{HEADER}\n{rows}".encode())
    data[data.index("货-5,".encode()) + 1] = 0xFF
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.csv").write_bytes(bytes(data))
    got, report = prices(folder)
    assert len(got) == 27
    assert "2026-10-05" not in {day for day, _, _ in got}
    assert report.quarantine["row"].tolist() == [6]


def test_a_cell_may_run_over_lines_and_rows_are_counted_as_a_spreadsheet_does(tmp_path: Path) -> None:
    text = (
        'date,sku,price,note\n2026-10-01,A-1,12.5,"two\nlines, here"\n2026-10-02,B-2,"1,234","a ""word"""\n'
    )
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.csv").write_text(text + "2026-10-03,C,x,\n", encoding="utf-8")
    got, report = prices(folder)
    assert got == EXPECTED
    assert report.quarantine["row"].tolist() == [4]
