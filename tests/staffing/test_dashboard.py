"""The staffing dashboard's model and views: clamps, uploads, repair, worth, both languages; no browser."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import openpyxl
import pytest

from ecomsim.checks import EcomsimError
from ecomsim.opened import Opened
from ecomsim.staffing import Person, Roster, RosterTask, Rules, roster_bytes, team_template
from tests.engine_shop import shop

pytest.importorskip("ipywidgets")
pytest.importorskip("ortools")

from ecomsim.ui.messages import fault_html
from ecomsim.ui.staffing_ask import LIMITS, Question
from ecomsim.ui.staffing_model import KINDS, StaffDesk
from ecomsim.ui.staffing_views import (
    cards,
    fairness_html,
    grid,
    headline,
    key_html,
    notes_html,
    repaired_html,
    worth_html,
)
from ecomsim.ui.staffing_words import STAFFING

MONDAY = dt.date(2026, 11, 2)


@pytest.fixture(scope="module")
def desk() -> StaffDesk:
    return StaffDesk(Opened(Path("shop"), shop(5)))


@pytest.fixture(scope="module")
def asked(desk: StaffDesk) -> Question:
    return replace(desk.start(), names=("甲", "<b>乙</b>"))


@pytest.fixture(scope="module")
def plan(desk: StaffDesk, asked: Question) -> Any:
    return desk.with_worth(desk.plan(asked))


def test_whatever_a_browser_sends_is_brought_within_the_limits() -> None:
    wild = Question(
        MONDAY, volume=1e9, handling=-5, concurrency=99.6, patience=float("nan"), share=100, people=1e6,
        span="century", start="anyhow",
    )  # fmt: skip
    for name, (low, high) in LIMITS.items():
        assert low <= getattr(wild, name) <= high
    assert wild.concurrency == round(wild.concurrency)
    assert (wild.span, wild.start) == ("week", "plan")
    assert Question(MONDAY, names=(" 阿一 ", "", "阿一", "x" * 99)).names == ("阿一", "x" * 40)
    assert replace(wild, first=dt.date(2027, 2, 1), span="month").last == dt.date(2027, 2, 28)


def test_every_phrase_exists_in_both_languages_with_the_same_parts() -> None:
    for english, chinese in STAFFING.table.values():
        assert english and chinese
        assert set(re.findall(r"{(\w+)}", english)) == set(re.findall(r"{(\w+)}", chinese))


def test_the_grid_shows_people_shifts_leave_and_all_hands() -> None:
    days = tuple(MONDAY + dt.timedelta(d) for d in range(14))
    people = (Person("A", leave=(days[1],)), Person("B"))
    task = RosterTask(days, KINDS, np.zeros((14, 3)), people, Rules(all_hands=(dt.date(2026, 11, 11),)))
    roster = Roster(task, np.full((2, 14), -1)).with_cell("B", days[0], "late")
    plan = SimpleNamespace(
        question=Question(MONDAY, edits=(("B", days[0], "late"),)), roster=roster, need=SimpleNamespace(days=days),
        touched={("A", days[1]): "early"},
    )  # fmt: skip
    shown = grid(plan, "zh")  # type: ignore[arg-type]
    assert [kind["short"] for kind in shown["kinds"]] == ["早", "中", "晚"]
    assert shown["rows"][1]["cells"][0] == 2 and shown["rows"][1]["marks"][0] == ["edited"]
    assert shown["rows"][0]["marks"][1] == ["touched", "leave"]
    assert [day["hands"] for day in shown["days"]].index(True) == 9
    assert "早 08:00–17:00" in key_html(plan, "zh")  # type: ignore[arg-type]
    assert [kind["short"] for kind in grid(plan, "en")["kinds"]] == ["E", "M", "L"]  # type: ignore[arg-type]


def test_a_week_is_answered_in_both_languages_and_names_are_escaped(plan: Any, asked: Question) -> None:
    assert len(plan.roster.task.people) >= 2
    assert len(cards(plan, "en")) == len(cards(plan, "zh")) == 6
    assert "人" in headline(plan, "zh") and str(asked.first) in headline(plan, "en")
    for html in (fairness_html(plan, "en"), worth_html(plan, "zh"), notes_html(plan, "zh")):
        assert "<b>乙" not in html
    assert "&lt;b&gt;乙" in fairness_html(plan, "en")


def test_one_person_more_and_fewer_are_told_with_their_money(desk: StaffDesk, plan: Any) -> None:
    more, fewer = plan.worth
    assert (more.change, fewer.change) == (1, -1)
    assert more.margin >= -3 * more.error and fewer.margin <= 3 * fewer.error
    assert more.wages == pytest.approx(5 * 8 * plan.wage)
    assert fewer.wages == -more.wages
    assert more.net == more.margin - more.wages
    assert more.in_time >= plan.check.share >= fewer.in_time
    assert "少一人" in worth_html(plan, "zh") and "One fewer" in worth_html(plan, "en")


def test_leave_is_repaired_and_who_changes_is_marked(desk: StaffDesk, asked: Question, plan: Any) -> None:
    who = int(np.argmax(plan.roster.table[:, 2] >= 0))
    name, day = plan.roster.task.people[who].name, plan.roster.task.days[2]
    after = desk.plan(replace(asked, leave=((name, day, day),)))
    assert after.roster.table[who, 2] == -1
    assert (name, day) in after.touched
    assert len({n for n, _ in after.touched} - {name}) <= 3
    assert escape_of(name) in repaired_html(after, "zh")
    edited = desk.plan(replace(asked, edits=((name, day, ""),)))
    assert edited.roster.table[who, 2] == -1
    assert (np.delete(edited.roster.table, who, 0) == np.delete(plan.roster.table, who, 0)).all()


def escape_of(text: str) -> str:
    from html import escape

    return escape(text)


def test_an_uploaded_roster_is_shown_checked_and_planned_near(
    desk: StaffDesk, asked: Question, plan: Any
) -> None:
    content = roster_bytes(plan.roster.with_cell("甲", plan.roster.task.days[0], "early"))
    new = desk.adopt(asked, content, "r.xlsx")
    assert (new.first, new.start) == (asked.first, "published")
    shown = desk.plan(new)
    assert shown.roster.table[0, 0] == 0
    assert [p.name for p in shown.roster.task.people] == [p.name for p in plan.roster.task.people]
    near = desk.plan(replace(new, start="near"))
    assert near.breaches == ()
    assert len(shown.roster.changes(near.roster)) <= 6


def test_a_bad_upload_is_answered_in_words(desk: StaffDesk, asked: Question) -> None:
    book = openpyxl.load_workbook(BytesIO(team_template()))
    book["People"]["C3"], book["Leave"]["A3"], book["Leave"]["B3"] = 9, "Agent 01", "2031-01-01"
    out = BytesIO()
    book.save(out)
    with pytest.raises(EcomsimError) as caught:
        desk.adopt(asked, out.getvalue(), "team.xlsx")
    html = fault_html(caught.value, "en")
    assert "row 3, column C (Days a week)" in html and "column B (From)" in html
    assert "第 3 行，C 列" in fault_html(caught.value, "zh")
    with pytest.raises(EcomsimError, match="not readable"):
        desk.adopt(asked, b"nonsense", "x.xlsx")
    with pytest.raises(EcomsimError, match="at most 3 MB"):
        desk.adopt(asked, b"x" * 3_000_001, "big.xlsx")
    old = Roster(RosterTask((dt.date(2020, 1, 6),), KINDS, np.zeros((1, 3)), (Person("A"),)), np.array([[0]]))
    with pytest.raises(EcomsimError, match="a roster from 2020-01-06"):
        desk.adopt(asked, roster_bytes(old), "old.xlsx")


def test_short_shifts_and_broken_rules_are_told_in_chinese(desk: StaffDesk, asked: Question) -> None:
    few = desk.plan(replace(asked, people=2, volume=200))
    name = few.roster.task.people[0].name
    days = few.roster.task.days
    few = desk.plan(replace(few.question, edits=((name, days[0], "late"), (name, days[1], "early"))))
    told = re.sub("<[^>]+>", " ", notes_html(few, "zh"))
    assert "违反了规则" in told and "缺人" in told
    assert not re.findall(
        r"[A-Za-z]{4,}", told.replace("early", "").replace("late", "").replace("&lt;", "")
    ), told
