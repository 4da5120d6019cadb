"""A service lead's workbook: template, every fault by sheet, row and column, and the way there and back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from ecomsim.checks import EcomsimError
from ecomsim.staffing import Break, Person, Roster, RosterTask, Rules, ShiftKind
from ecomsim.staffing.roster_excel import roster_bytes
from ecomsim.staffing.team_book import usual_shifts
from ecomsim.staffing.team_read import read_team
from ecomsim.staffing.team_write import team_template
from ecomsim.staffing.window import Window

NOVEMBER = (dt.date(2026, 11, 1), dt.date(2026, 11, 30))
DAYS = tuple(dt.date(2026, 11, 9) + dt.timedelta(d) for d in range(7))
MEAL = (Break("meal", 60, 180, 300),)
KINDS = (ShiftKind("early", 9, "08:00", breaks=MEAL), ShiftKind("late", 8.5, "15:30"))


def changed(cells: dict[str, Any], language: str = "en") -> bytes:
    """The template with cells set, each as 'Sheet!A1'."""
    book = openpyxl.load_workbook(BytesIO(team_template(language=language)))
    for place, value in cells.items():
        sheet, cell = place.split("!")
        book[sheet][cell] = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def fault(cells: dict[str, Any], **options: Any) -> str:
    with pytest.raises(EcomsimError) as caught:
        read_team(changed(cells), name="team.xlsx", month=NOVEMBER, **options)
    return str(caught.value)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_template_is_read_as_it_stands(language: str) -> None:
    book = read_team(team_template(language=language))
    assert [p.name for p in book.people] == [["Agent 01", "Agent 02"], ["客服 01", "客服 02"]][
        language == "zh"
    ]
    assert book.kinds == usual_shifts(Window.of("08:00-24:00"))
    assert book.rules == Rules()
    assert not book.cells


def test_leave_is_read_as_stretches_and_wishes_apart() -> None:
    book = read_team(
        changed({
            "Leave!A3": "Agent 01", "Leave!B3": dt.date(2026, 11, 12), "Leave!C3": "2026/11/14",
            "Leave!A4": "Agent 02", "Leave!B4": "2026年11月20日", "Leave!D4": "wish",
        }), month=NOVEMBER,
    )  # fmt: skip
    assert [day.day for day in book.people[0].leave] == [12, 13, 14]
    assert book.people[1].leave == ()
    assert [day.day for day in book.people[1].wishes_off] == [20]


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (
            {"Skill needs!A3": "presale", "Skill needs!B3": 1, "People!B3": "presal"},
            "team.xlsx, sheet 'People', row 3, column B (Skills): no such skill 'presal'. Allowed: presale, aftersale. "
            "Did you mean 'presale'?",
        ),
        ({"People!A4": "Agent 01"}, "sheet 'People', row 4, column A (Name): got 'Agent 01', which stands in row 3"),
        ({"People!C3": "five"}, "sheet 'People', row 3, column C (Days a week): got 'five'. Allowed: a number from 0"),
        ({"People!C3": 9}, "row 3, column C (Days a week): got 9"),
        ({"People!D3": "night"}, "row 3, column D (Shifts allowed): no such shift 'night'"),
        ({"People!E3": "0,8"}, "row 3, column E (Weekdays): got '0'. Allowed: 1 for Monday to 7 for Sunday"),
        ({"People!A3": None}, "row 3, column A (Name): got an empty cell"),
        ({"People!A1": "Nmae"}, "row 1: no column Name / 姓名. Allowed: Name / 姓名. Rename 'Nmae' to 'Name'"),
        ({"People!B1": "Name"}, "column A (Name): got 'Name' a second time"),
        (
            {"Leave!A3": "Agent 03", "Leave!B3": "2026-11-12"},
            "sheet 'Leave', row 3, column A (Name): no such person 'Agent 03'",
        ),
        (
            {"Leave!A3": "Agent 01", "Leave!B3": "2026-11-12", "Leave!C3": "2026-11-15",
             "Leave!A4": "Agent 01", "Leave!B4": "2026-11-14"},
            "sheet 'Leave', row 4, column B (From): got 2026-11-14, while Agent 01 is away to 2026-11-15 by row 3",
        ),
        (
            {"Leave!A3": "Agent 01", "Leave!B3": "2026-12-12"},
            "row 3, column B (From): got 2026-12-12 to 2026-12-12. Allowed: days from 2026-11-01 to 2026-11-30",
        ),
        (
            {"Leave!A3": "Agent 01", "Leave!B3": "2026-11-12", "Leave!C3": "2026-11-02"},
            "row 3, column C (To): got 2026-11-02, before 2026-11-12. Allowed: that day or later. Swap the two days",
        ),
        ({"Leave!A3": "Agent 01", "Leave!B3": "12.11."}, "row 3, column B (From): got '12.11.'. Allowed: a day"),
        ({"Leave!A3": "Agent 01"}, "row 3, column B (From): got an empty cell. Allowed: a day such as 2026-11-09"),
        (
            {"Leave!A3": "Agent 01", "Leave!B3": "2026-11-12", "Leave!D3": "holiday"},
            "row 3, column D (Kind): got 'holiday'. Allowed: leave or wish",
        ),
        (
            {"Shift types!G3": 5, "Shift types!H3": 3},
            "sheet 'Shift types', row 3, column G (Least people): got 5, more than the most, 3. Allowed: at most that. "
            "Swap the two numbers",
        ),
        ({"Shift types!E3": 6, "Shift types!F3": 4}, "column E (Meal from hour): got 6, later than 4"),
        ({"Shift types!F3": 12}, "row 3, column B (Starts): got a window to"),
        ({"Shift types!B3": "8 o'clock"}, "row 3, column B (Starts): got \"8 o'clock\". Allowed: a time from 00:00"),
        ({"Shift types!A4": "early"}, "row 4, column A (Shift): got 'early', which stands in row 3 already"),
        ({"Shift types!C3": -9}, "row 3, column C (Hours): got -9"),
        ({"Rules!A3": "Longest runn"}, "row 3, column A (Rule): no such rule 'Longest runn'"),
        ({"Rules!B3": 0}, "row 3, column B (Value): got 0"),
        ({"Rules!B6": "25:00"}, "row 6, column B (Value): got '25:00'"),
        ({"Skill needs!A3": "returns", "Skill needs!B3": 1}, "nobody with 'returns'"),
        ({"Skill needs!A3": "presale", "Skill needs!B3": 1.5}, "column B (People on every shift): got 1.5"),
    ],
)  # fmt: skip
def test_a_fault_is_told_by_sheet_row_and_column_with_its_remedy(cells: dict[str, Any], says: str) -> None:
    assert says in fault(cells)


def test_all_faults_are_told_at_once() -> None:
    told = fault({"People!C3": 9, "People!E4": "x", "Rules!B3": -1})
    assert "team.xlsx: 3 faults" in told
    assert told.count("team.xlsx, sheet") == 3


def test_what_is_no_workbook_of_a_team_is_told(tmp_path: Path) -> None:
    with pytest.raises(EcomsimError, match=r"no such file.*--template"):
        read_team(tmp_path / "none.xlsx")
    with pytest.raises(EcomsimError, match="not readable"):
        read_team(b"PK\x03\x04 torn", name="torn.xlsx")
    empty = openpyxl.Workbook()
    empty.active.title = "Peple"
    empty.save(tmp_path / "e.xlsx")
    with pytest.raises(
        EcomsimError, match=r"no sheet People / 人员; it has Peple.*Name the sheet of people 'People'"
    ):
        read_team(tmp_path / "e.xlsx")


def planned() -> Roster:
    people = (
        Person("=HYPERLINK(1)", ("presale",), 5, leave=(DAYS[5], DAYS[6]), wishes_off=(DAYS[1],)),
        Person("乙", ("presale", "售后"), 4.5, ("early",), (0, 1, 2, 3, 4), run_before=2, last_kind="early"),
        Person("丙", weekend_days_before=3, late_before=4),
    )
    rules = Rules(
        longest_run=5, rest_hours=11.5, all_hands=(DAYS[2],), single_days_off=False, late_after="23:00"
    )
    demand = np.tile([1, 1], (7, 1))
    task = RosterTask(DAYS, KINDS, demand, people, rules, {"presale": np.where(demand > 0, 1, 0)})
    table = np.array([[0, 0, 1, 1, -1, -1, -1], [0, 0, 0, 0, -1, -1, -1], [1, 1, 1, -1, 1, 1, 0]])
    return Roster(task, table)


@pytest.mark.parametrize("days", [(), (dt.date(2026, 11, 10), dt.date(2026, 11, 12))])
def test_all_hands_days_of_ones_own_come_back_others_are_the_calendars(days: tuple[dt.date, ...]) -> None:
    one = planned()
    own = Roster(replace(one.task, rules=replace(one.task.rules, all_hands=days)), one.table)
    book = read_team(roster_bytes(own))
    assert book.roster().task.rules.all_hands == days
    calendar = read_team(roster_bytes(one))
    later = tuple(dt.date(2027, 11, d) for d in range(8, 15))
    assert calendar.task(later, np.ones((7, 2))).rules.all_hands == (dt.date(2027, 11, 11),)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_roster_workbook_alone_brings_everything_back(language: str) -> None:
    one = planned()
    content = roster_bytes(one, language=language)
    two = read_team(content).roster()
    assert np.array_equal(two.table, one.table)
    assert two.task.people == one.task.people
    assert two.task.kinds == one.task.kinds
    assert two.task.rules == one.task.rules
    assert two.task.days == one.task.days
    assert np.array_equal(two.task.demand, one.task.demand)
    assert np.array_equal(two.task.skilled["presale"], one.task.skilled["presale"])
    again, first = (
        openpyxl.load_workbook(BytesIO(b)) for b in (roster_bytes(two, language=language), content)
    )
    assert again.sheetnames == first.sheetnames
    for sheet in first.worksheets:
        cells = [[c.value for c in row] for row in sheet.iter_rows()]
        assert cells == [[c.value for c in row] for row in again[sheet.title].iter_rows()], sheet.title
        assert all(c.data_type != "f" for row in sheet.iter_rows() for c in row)


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"Roster!B2": "mid"}, "sheet 'Roster', row 2, column B (2026-11-09): no such shift 'mid'"),
        ({"Roster!C1": "2026-11-20"}, "sheet 'Roster', row 1, column C: got 2026-11-20 after 2026-11-09"),
        ({"Roster!C1": "2026-11-09"}, "row 1, column C: got 2026-11-09 a second time"),
        ({"Roster!C1": "Tuesday"}, "row 1, column C: got 'Tuesday'"),
        ({"Roster!A3": "丁"}, "row 3, column A (Name): no such person '丁'"),
        ({"Demand!B2": "many"}, "sheet 'Demand', row 2, column B: got 'many'"),
        ({"Demand!A2": "erly"}, "sheet 'Demand', row 2, column A (Shift): no such shift 'erly'"),
    ],
)
def test_a_fault_of_a_published_roster_is_told_by_its_cell(cells: dict[str, Any], says: str) -> None:
    book = openpyxl.load_workbook(BytesIO(roster_bytes(planned())))
    for place, value in cells.items():
        sheet, cell = place.split("!")
        book[sheet][cell] = value
    out = BytesIO()
    book.save(out)
    with pytest.raises(EcomsimError) as caught:
        read_team(out.getvalue(), name="r.xlsx")
    assert says in str(caught.value)


def test_a_former_roster_leaves_its_runs_and_counts_behind() -> None:
    former = read_team(roster_bytes(planned()))
    one = replace(former, people=(*former.people, Person("新")), cells={})
    people = {person.name: person for person in one.after(former).people}
    assert (people["丙"].run_before, people["丙"].last_kind) == (3, "early")
    assert (people["丙"].weekend_days_before, people["丙"].late_before) == (5, 4 + 5)
    assert people["乙"].run_before == 0
    assert people["新"] == Person("新")


def test_least_and_most_people_bound_what_is_wanted() -> None:
    cells = {"Shift types!G3": 2, "Shift types!H5": 3, "Skill needs!B4": 2}
    task = read_team(changed(cells)).task(NOVEMBER_WEEK, np.tile([1, 0, 5], (7, 1)))
    assert task.demand[0].tolist() == [2, 0, 3]
    assert task.skilled["aftersale"][0].tolist() == [2, 0, 2]
    assert task.rules.all_hands == (dt.date(2026, 11, 11),)


NOVEMBER_WEEK = tuple(dt.date(2026, 11, 9) + dt.timedelta(d) for d in range(7))
