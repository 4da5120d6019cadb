"""Rosters out into workbooks and calendars and back, onto the desk and into a scenario."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import openpyxl
import pytest

import ecomsim as es
from ecomsim.checks import EcomsimError
from ecomsim.formulas.chat import chat_steady
from ecomsim.staffing import Break, Need, Person, Roster, RosterTask, ShiftKind, Window
from ecomsim.staffing.placing import roster_duties, roster_on_duty, staffed
from ecomsim.staffing.roster_excel import read_people, read_roster, roster_bytes, write_roster
from ecomsim.staffing.roster_ics import from_ics, to_ics
from ecomsim.staffing.week import desk_of
from tests.engine_shop import shop

MONDAY = dt.date(2026, 11, 9)
DAYS = tuple(MONDAY + dt.timedelta(d) for d in range(7))
MEAL = (Break("meal", 60, 180, 300),)
KINDS = (ShiftKind("早班", 9, "08:00", breaks=MEAL), ShiftKind("晚班", 9, "15:00", breaks=MEAL))


def roster(names: tuple[str, ...] = ("阿一", "=cmd()", "C", "D")) -> Roster:
    people = tuple(Person(name) for name in names)
    table = np.array(
        [[0, 0, 1, 1, 1, -1, -1], [1, 1, 1, -1, -1, 0, 0], [0, 0, 0, 0, -1, -1, 1], [-1, -1, 0, 1, 1, 1, 0]]
    )
    return Roster(RosterTask(DAYS, KINDS, np.ones((7, 2)), people), table[: len(people)])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_workbook_comes_back_as_it_went(tmp_path: Path, language: str) -> None:
    one = roster()
    path = write_roster(one, tmp_path / "r.xlsx", language=language)
    assert np.array_equal(read_roster(path, one.task).table, one.table)
    for sheet in openpyxl.load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            assert not any(cell.data_type == "f" for cell in row)


def test_an_edited_cell_is_read(tmp_path: Path) -> None:
    one = roster()
    book = openpyxl.load_workbook(BytesIO(roster_bytes(one)))
    book["Roster"]["B2"] = "晚班"
    book["Roster"]["C2"] = "休"
    book.save(tmp_path / "r.xlsx")
    table = read_roster(tmp_path / "r.xlsx", one.task).table
    assert table[0, :2].tolist() == [1, -1]
    assert np.array_equal(table[1:], one.table[1:])


@pytest.mark.parametrize(
    ("cell", "value", "says"),
    [
        ("A2", "阿二", "row 2: no such person '阿二'"),
        ("A3", "阿一", "row 3: got 阿一 a second time"),
        ("A2", None, "no row for 阿一"),
        ("B3", "中班", "r.xlsx row 3, 2026-11-09: no such shift '中班'"),
        ("A1", "Who", "row 1: no header"),
        ("B1", "2027-01-01", "no column for 2026-11-09"),
        ("C1", "2026-11-09", "2026-11-09 a second time"),
    ],
)
def test_a_fault_of_a_workbook_names_the_row_and_column(
    tmp_path: Path, cell: str, value: object, says: str
) -> None:
    one = roster()
    book = openpyxl.load_workbook(BytesIO(roster_bytes(one)))
    book.worksheets[0][cell] = value
    book.save(tmp_path / "r.xlsx")
    with pytest.raises(EcomsimError) as caught:
        read_roster(tmp_path / "r.xlsx", one.task)
    assert says in str(caught.value)


def test_what_is_no_workbook_is_told(tmp_path: Path) -> None:
    (tmp_path / "r.xlsx").write_text("name,2026-11-09")
    with pytest.raises(EcomsimError, match="not readable"):
        read_roster(tmp_path / "r.xlsx", roster().task)


def test_people_are_read_in_either_language(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["姓名", "技能", "每周天数", "可上星期", "请假"])
    sheet.append(["阿一", "售前、售后", 5, "1,2,3", "2026-11-09 2026/11/10"])
    sheet.append(["阿二", None, None, None, dt.datetime(2026, 11, 12)])
    book.save(tmp_path / "p.xlsx")
    one, two = read_people(tmp_path / "p.xlsx")
    assert one == Person("阿一", ("售前", "售后"), weekdays=(0, 1, 2), leave=(MONDAY, DAYS[1]))
    assert two.leave == (DAYS[3],)
    sheet["C3"] = 9
    book.save(tmp_path / "p.xlsx")
    with pytest.raises(EcomsimError, match=r"row 3, column C \(每周天数\): got 9"):
        read_people(tmp_path / "p.xlsx")


def test_a_calendar_comes_back_as_it_went() -> None:
    pytest.importorskip("icalendar")
    one = roster(("阿一", "B", "C", "D"))
    text = to_ics(one)
    assert text.count(b"BEGIN:VEVENT") == (one.table >= 0).sum()
    assert np.array_equal(from_ics(text, one.task).table, one.table)
    alone = from_ics(to_ics(one, "C"), one.task).table
    assert np.array_equal(alone[2], one.table[2])
    assert (alone[[0, 1, 3]] == -1).all()
    assert b"DTSTART;TZID=Asia/Shanghai:20261109T080000" in to_ics(one, "C")


def test_a_calendar_of_something_else_is_told() -> None:
    icalendar = pytest.importorskip("icalendar")
    one = roster()
    with pytest.raises(EcomsimError, match="calendar file"):
        from_ics("hello", one.task)
    foreign = icalendar.Calendar()
    foreign.add_component(icalendar.Event())
    with pytest.raises(EcomsimError, match="event 1: no person in it"):
        from_ics(foreign.to_ical(), one.task)
    other = replace(one.task, people=(Person("X"),))
    with pytest.raises(EcomsimError, match="no such person"):
        from_ics(to_ics(one, "C"), other)


def test_breaks_are_staggered_so_that_the_need_is_met_where_it_can_be() -> None:
    one = roster()
    need = Need(DAYS[2:4], Window.of("08:00-24:00"), 30, np.ones((2, 32)))
    duties = roster_duties(one, need)
    assert {(d.line, d.day) for d in duties} == {
        (n, d) for n in range(4) for d in range(2) if one.table[n, d + 2] >= 0
    }
    there = roster_on_duty(one, need)
    assert (there[0] >= 1).all()  # two early, two late: meals one after the other
    assert there[0].sum() == 4 * 16


def test_a_roster_becomes_the_agents_of_the_simulated_day() -> None:
    store = shop(5)
    team = next(iter(store.teams))
    need = Need((store.as_of + dt.timedelta(1),), Window.of("22:00-02:00"), 30, np.ones((1, 8)))
    changed = staffed(np.arange(1, 9)[None], need, team, absent=0.1).apply(store)
    row = changed.teams[team].roster[need.days[0].isoformat()]
    assert row[44:] == (1, 2, 3, 4)  # after midnight belongs to a day not planned
    assert sum(row[:44]) == 0
    with pytest.raises(EcomsimError, match="absent"):
        staffed(np.ones((1, 8)), need, team, absent=1.5)
    assert isinstance(staffed(np.ones((1, 8)), need, team), es.Scenario)


def test_the_simulated_day_answers_as_the_formula_says_at_the_rosters_agents() -> None:
    store = shop(5, buyers=4000.0)
    team, profile = next(iter(store.teams)), np.array(store.service.profile)
    day = store.as_of + dt.timedelta(1)
    horizon = es.Horizon(day, day)
    desk = desk_of(store)
    few = np.ceil(np.full(48, 3000.0) * profile / (desk.capacity_per_s * 1800)) + 1
    need = Need((day,), Window.of("00:00-24:00"), 30, few[None])
    rosters = [staffed(np.ceil(few * x)[None], need, team, name=f"x{x}") for x in (0.6, 1, 2)]
    study = es.simulate(store, horizon, rosters, replications=60, seed=3)
    for times, one in zip((0.6, 1, 2), rosters, strict=True):
        contacts, in_time = (study.daily(x, one.name)[:, 0] for x in ("contacts", "answered_in_time"))
        agents = np.ceil(few * times).astype(int)
        told = np.zeros(contacts.size)
        for h in np.flatnonzero(profile):
            out = chat_steady(contacts * profile[h] / 1800, agents[h], desk, store.service.answer_within_s)
            told += contacts * profile[h] * out.answered_within[:, 0]
        # chance within the half-hours and the table's straight lines between loads are left
        assert in_time.sum() / contacts.sum() == pytest.approx(told.sum() / contacts.sum(), abs=0.015)
        hours = study.daily("agent_hours", one.name)[:, 0]
        np.testing.assert_allclose(hours, agents.sum() / 2, rtol=1e-5)
