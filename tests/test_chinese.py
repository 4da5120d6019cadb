"""What an import says under --lang zh is Chinese throughout, values kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from ecomsim.chinese import in_chinese
from ecomsim.workbook import import_folder

CATALOGUE = Path(__file__).parents[1] / "ecomsim" / "chinese.yaml"
HAN = re.compile(r"[\u4e00-\u9fff]")
GAPS = re.compile(r"{(\w+)}")


@pytest.fixture(scope="module")
def sentences() -> dict[str, str]:
    return yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))


def test_every_sentence_keeps_its_gaps(sentences: dict[str, str]) -> None:
    for english, chinese in sentences.items():
        assert sorted(GAPS.findall(english)) == sorted(GAPS.findall(chinese)), english
        assert HAN.search(chinese) or not re.search("[A-Za-z]", GAPS.sub("", english)), english


def test_no_sentence_outlives_the_code_that_said_it(sentences: dict[str, str], root: Path) -> None:
    said = " ".join(p.read_text(encoding="utf-8") for p in (root / "ecomsim").rglob("*.py"))
    said = re.sub(r'"\s*f?"', "", said)
    for english in sentences:
        for part in GAPS.split(english)[::2]:
            for piece in part.split(" (allowed: "):
                assert piece.strip(" ();:").replace('"', "") in said, english


def test_values_stay_and_phrases_within_are_translated() -> None:
    words = in_chinese("not a number; allowed: a day such as 2026-11-01")
    assert words == "不是数字；允许：日期，例如 2026-11-01"
    assert in_chinese("Did you mean 'paid_search'?") == "是否指“paid_search”？"
    assert in_chinese(
        "Sun 2026-11-01 early: short 9. Could come: Li is free; Wu, if 9 days of work, 8 by contract"
    ) == ("周日 2026-11-01 early：缺 9 人。可来的人：Li 有空；Wu（若上班 9 天，合同为 8 天）")
    assert in_chinese("Mon 2026-11-09 08:00-09:00, short 10") == "周一 2026-11-09 08:00-09:00，缺 10 人"
    assert in_chinese("something else altogether") == "something else altogether"


def test_a_bad_folder_is_answered_in_chinese(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    rows = [
        "2026-10-01,A-1,12.50",
        "10/11/12,A-1,1",
        "2026-02-30,A,1",
        "2026-10-02,B,x",
        "2026-10-02,C,-4",
        "2026-10-03,D",
    ]
    (folder / "prices.csv").write_text("\n".join(["日期,货号,售价", *rows]), encoding="utf-8")
    (folder / "empty.csv").write_bytes(b"")
    (folder / "torn.xlsx").write_bytes(b"PK\x03\x04" + b"\0" * 50)
    (folder / "page.xls").write_bytes(b"<html><table><tr><td>1</td></tr></table></html>")
    (folder / "strange.csv").write_text("alpha,beta\n1,2\n", encoding="utf-8")
    (folder / "promotions.csv").write_text(
        "促销名称,开始日期,结束日期,折扣\n双11,2026-11-11,2026-11-01,20\n", encoding="utf-8"
    )
    report = import_folder(folder, tmp_path / "book")
    assert len(report.refused) >= 4
    assert len(report.quarantine) >= 4
    for sentence in (*report.refused["why"], *report.refused["remedy"], *report.quarantine["reason"],
                     *report.quarantine["remedy"], *report.notes["what"]):  # fmt: skip
        assert not sentence or HAN.search(in_chinese(sentence)), sentence
        assert not re.search(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}", in_chinese(sentence)), sentence
    assert "第 3 行" in report.text("zh")
