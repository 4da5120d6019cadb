"""`ecomsim staff` with named people: plan, files, repair, faults; on a small store, in both languages."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from ecomsim.cli import main
from ecomsim.cli.rosters import parse_leave
from ecomsim.staffing.team_read import read_team
from ecomsim.staffing.team_write import team_template
from tests.engine_shop import shop

pytest.importorskip("ortools")
pytest.importorskip("icalendar")


@pytest.fixture(scope="module")
def store() -> Any:
    return shop(5)


@pytest.fixture(autouse=True)
def opened(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store stands for the workbook of a path; reading exports is tested elsewhere."""
    monkeypatch.setattr("ecomsim.opening.open_store", lambda path: store)


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory, store: Any) -> tuple[Path, dict[str, Any]]:
    """A week of a team of nine, one on leave, planned by the command; its workbook and what it printed."""
    home = tmp_path_factory.mktemp("roster")
    book = openpyxl.load_workbook(BytesIO(team_template()))
    names = [f"Agent {n:02d}" for n in range(1, 10)]
    for r, name in enumerate(names, start=3):
        book["People"].cell(r, 1, name)
    monday = monday_of(store)
    book["Leave"].append(["Agent 02", str(monday), None, None])
    book.save(home / "team.xlsx")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ecomsim.opening.open_store", lambda path: store)
        out = run("staff", "shop", "--team", home / "team.xlsx", "--out", home / "r.xlsx", "--ics", home / "cal",
                  "--window", "08:00-24:00", "-r", "20", "--json")  # fmt: skip
    return home, json.loads(out)


def monday_of(store: Any) -> Any:
    import datetime as dt

    after = store.as_of + dt.timedelta(days=1)
    return after + dt.timedelta(days=-after.weekday() % 7)


def run(*words: object) -> str:
    import contextlib
    import io

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            main([str(word) for word in words])
        except SystemExit as end:
            assert end.code in (0, None), out.getvalue()
    return out.getvalue()


def fault(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    assert ended.value.code == 1
    return " ".join(capsys.readouterr().err.split())


def test_a_team_becomes_a_roster_in_excel_and_calendars(
    planned: tuple[Path, dict[str, Any]], store: Any
) -> None:
    home, told = planned
    assert len(told["people"]) == 9
    assert str(monday_of(store)) not in told["people"][1]["shifts"]
    assert 0 < told["in_time"] <= 1
    roster = read_team(home / "r.xlsx").roster()
    for person, row in zip(told["people"], roster.table, strict=True):
        assert len(person["shifts"]) == (row >= 0).sum() == person["fairness"]["days"]
    assert np.array_equal(roster.task.demand, told["wanted"])
    calendars = sorted((home / "cal").glob("*.ics"))
    assert [path.stem for path in calendars] == [f"Agent {n:02d}" for n in range(1, 10)]
    events = sum(path.read_bytes().count(b"BEGIN:VEVENT") for path in calendars)
    assert events == (roster.table >= 0).sum()


def test_one_leave_is_repaired_from_the_workbook_alone(planned: tuple[Path, dict[str, Any]]) -> None:
    home, told = planned
    who = next(p for p in told["people"] if len(p["shifts"]) == 5)
    day = sorted(who["shifts"])[2]
    out = run("staff", "--published", home / "r.xlsx", "--leave", f"{who['name']}:{day}", "--out", home / "new.xlsx",
              "--ics", home / "all.ics", "--json")  # fmt: skip
    after = json.loads(out)
    assert len(after["touched"]) <= 3
    assert {"name": who["name"], "day": day, "before": who["shifts"][day], "after": ""} in after["changes"]
    new, old = (read_team(home / name).roster() for name in ("new.xlsx", "r.xlsx"))
    assert len(old.changes(new)) == len(after["changes"])
    assert (home / "all.ics").read_bytes().count(b"BEGIN:VEVENT") == (new.table >= 0).sum()
    words = run("staff", "--published", home / "r.xlsx", "--leave", f"{who['name']}:{day}", "--lang", "zh")
    assert "改动" in words and "另有" in words and "公平性" in words


def test_the_next_roster_stays_near_the_published_one_and_carries_on(
    planned: tuple[Path, dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    home, _ = planned
    again = run("staff", "shop", "--team", home / "team.xlsx", "--published", home / "r.xlsx", "--week",
                read_team(home / "r.xlsx").days[0], "--window", "08:00-24:00", "-r", "20", "--json")  # fmt: skip
    assert json.loads(again)["changes"] == []
    told = fault(capsys, "staff", "shop", "--team", home / "team.xlsx", "--after", home / "r.xlsx",
                 "--week", read_team(home / "r.xlsx").days[0])  # fmt: skip
    assert "--after r.xlsx: got a roster to" in told


def test_a_template_is_written_in_either_language(tmp_path: Path) -> None:
    assert "已写入" in run("staff", "--template", tmp_path / "new" / "t.xlsx", "--lang", "zh")
    assert openpyxl.load_workbook(tmp_path / "new" / "t.xlsx").sheetnames == [
        "人员", "请假", "班次设置", "规则", "技能需求",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--leave", "Agent 01:2026-11-12"], "--leave: no published roster. Allowed: --published ROSTER.xlsx"),
        (["--published", "HOME/r.xlsx", "--leave", "Agent 1:tomorrow"], "--leave: got 'Agent 1:tomorrow'. Allowed:"),
        (["--published", "HOME/r.xlsx", "--leave", "Agnt 01:2026-11-02"], "no such person 'Agnt 01'"),
        (["--published", "HOME/r.xlsx", "--leave", "Agent 01:2031-11-02"], "leave of Agent 01: got 2031-11-02."),
        (["--published", "HOME/r.xlsx", "--leave", "Agent 01:2026-11-05..2026-11-02"], "got 2026-11-05 to 2026-11-02"),
        (["--published", "HOME/team.xlsx"], "sheet Roster (排班表): no roster"),
        (["--out", "roster.csv"], "--out: got roster.csv. Allowed: a file that ends in .xlsx"),
        (["--month", "2026-13"], "--month"),
        (["--month", "2026-11", "--week", "2026-11-09"], "--month: got a week beside it"),
        (["--team", "HOME/none.xlsx"], "no such file"),
        (["--after", "HOME/r.xlsx"], "--after: no team"),
        (["--month", "2026-11", "--within", "30"], "--within: got '30'"),
    ],
)  # fmt: skip
def test_a_fault_is_one_sentence_with_its_remedy(
    planned: tuple[Path, dict[str, Any]], capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    home, _ = planned
    told = fault(capsys, "staff", "shop", *(word.replace("HOME", str(home)) for word in words))
    assert says in told
    assert "Traceback" not in told


def test_faults_of_a_workbook_are_told_in_chinese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = openpyxl.load_workbook(BytesIO(team_template(language="zh")))
    book["人员"]["C3"] = 9
    book["请假"].append(["客服 09", "2026-11-12", "2026-11-10", None])
    book.save(tmp_path / "t.xlsx")
    told = fault(capsys, "staff", "shop", "--team", tmp_path / "t.xlsx", "--month", "2026-11", "--lang", "zh")
    assert "t.xlsx：3 处错误" in told
    assert "t.xlsx，工作表“人员”，第 3 行，C 列（每周天数）：9。允许：0 至 7 的数字" in told
    assert "没有此人员“客服 09”" in told
    assert "2026-11-10，早于 2026-11-12。允许：当天或之后。把两个日期对调" in told


def test_leave_is_parsed_with_either_colon() -> None:
    who, days = parse_leave("王芳：2026-11-12至2026-11-14")
    assert who == "王芳"
    assert [day.day for day in days] == [12, 13, 14]
