"""Days, months, dated events, festivals: against known dates and the calendar of the standard library."""

from __future__ import annotations

import calendar
import datetime as dt
import pickle
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecomsim.calendar import (
    Horizon,
    events,
    makeup_workdays,
    missing_events,
    parse_date,
    parse_month,
    spring_festival,
)
from ecomsim.checks import EcomsimError

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2080, 1, 1))


def named(start: str, end: str, name: str):
    found = [e for e in events(start, end) if e.name == name]
    assert len(found) == 1, name
    return found[0]


@given(DAYS, st.integers(0, 800))
def test_a_horizon_has_every_day_once(start: dt.date, more: int) -> None:
    days = Horizon(start, start + dt.timedelta(days=more))
    assert len(days) == days.days == len(days.dates) == more + 1
    assert [day.toordinal() for day in days] == list(range(start.toordinal(), start.toordinal() + more + 1))
    assert list(days.weekdays) == [(start.toordinal() - 1 + i) % 7 for i in range(more + 1)]
    assert all(day in days for day in days.dates)
    assert days.end + dt.timedelta(days=1) not in days


@given(st.integers(1, 9998), st.integers(1, 12))
def test_a_month_is_the_standard_librarys_month(year: int, month: int) -> None:
    first, last = parse_month(f"{year:04d}-{month:02d}")
    assert (first.year, first.month, first.day) == (year, month, 1)
    assert last.day == calendar.monthrange(year, month)[1]
    assert last.month == month


def test_a_horizon_says_which_months_it_touches_and_covers() -> None:
    days = Horizon("2026-10-30", dt.date(2026, 12, 1))
    assert days.months == ("2026-10", "2026-11", "2026-12")
    assert [days.covers(m) for m in days.months] == [False, True, False]
    assert days.slice_of("2026-11-01", "2026-11-30") == slice(2, 32)
    assert days.slice_of("2027-01-01", "2027-01-02") == slice(33, 33)
    assert days.index("2026-11-11") == 12
    assert pickle.loads(pickle.dumps(days)) == days


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Horizon("2026-11-30", "2026-11-01"), "Swap start and end"),
        (lambda: Horizon("2026-02-30", "2026-03-01"), "no such day in the calendar"),
        (lambda: Horizon("2026/11/1", "2026-11-30"), "Write 2026-11-01"),
        (lambda: Horizon("2026年11月1日", "2026-11-30"), "Write 2026-11-01"),
        (lambda: Horizon("1900-01-01", "2026-01-01"), "at most 3,660 days"),
        (lambda: Horizon.month("2026-13"), "a month as YYYY-MM"),
        (lambda: Horizon.month("2026-11").index("2026-12-01"), "a day from 2026-11-01 to 2026-11-30"),
        (lambda: parse_date(pd.NaT), "NaT"),
        (lambda: parse_date(pd.Timestamp("2026-11-01 08:00")), "a whole day"),
        (lambda: parse_date(20261101), "YYYY-MM-DD"),
        (lambda: parse_date(None), "YYYY-MM-DD"),
    ],
)
def test_a_wrong_day_is_explained(make, says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        make()


def test_a_timestamp_at_midnight_is_a_day() -> None:
    assert parse_date(pd.Timestamp("2026-11-01")) == dt.date(2026, 11, 1)


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (2008, "2008-02-07"),
        (2020, "2020-01-25"),
        (2023, "2023-01-22"),
        (2024, "2024-02-10"),
        (2025, "2025-01-29"),
        (2026, "2026-02-17"),
        (2027, "2027-02-06"),
        (2033, "2033-01-31"),
    ],
)
def test_spring_festival_falls_on_the_lunar_new_year(year: int, day: str) -> None:
    assert spring_festival(year) == dt.date.fromisoformat(day)
    assert named(f"{year}-01-01", f"{year}-03-01", f"Spring Festival {year}").peaks == (
        spring_festival(year),
    )


def test_days_off_of_2026_are_those_published() -> None:
    got = {e.family: (str(e.start), str(e.end)) for e in events("2026-02-01", "2026-10-31") if e.year == 2026}
    assert got["spring_festival"] == ("2026-02-15", "2026-02-23")
    assert got["qingming"] == ("2026-04-04", "2026-04-06")
    assert got["labour_day"] == ("2026-05-01", "2026-05-05")
    assert got["dragon_boat"] == ("2026-06-19", "2026-06-21")
    assert got["mid_autumn"] == ("2026-09-25", "2026-09-27")
    assert got["national_day"] == ("2026-10-01", "2026-10-07")


def test_makeup_workdays_are_weekend_days_that_were_declared() -> None:
    worked = makeup_workdays("2026-01-01", "2026-12-31")
    expected = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
    assert [str(day) for day in worked] == expected
    assert makeup_workdays("2027-01-01", "2027-12-31") == ()


def test_a_year_without_a_schedule_is_marked_as_unsure() -> None:
    festivals = [e for e in events("2027-01-01", "2027-12-31") if e.phases[0].phase == "holiday"]
    assert {e.family for e in festivals if e.year == 2027} >= {
        "spring_festival",
        "national_day",
        "mid_autumn",
    }
    assert {e.confidence for e in festivals} == {"low"}
    assert named("2026-10-01", "2026-10-01", "National Day 2026").confidence == "high"


def test_new_years_days_off_that_begin_in_december_are_found() -> None:
    assert named("2023-12-30", "2023-12-31", "New Year 2024").start == dt.date(2023, 12, 30)


def test_double_11_of_2022_came_in_waves_to_the_hour() -> None:
    event = named("2022-11-11", "2022-11-11", "Double 11 2022")
    assert [(p.phase, str(p.start), str(p.end)) for p in event.phases] == [
        ("presale", "2022-10-24 20:00:00", "None"),
        ("spot", "2022-10-31 20:00:00", "2022-11-04 00:00:00"),
        ("spot", "2022-11-10 20:00:00", "2022-11-12 00:00:00"),
    ]
    assert (event.start, event.end) == (dt.date(2022, 10, 24), dt.date(2022, 11, 11))
    assert event.mechanic == {"kind": "full_reduction", "threshold": 300.0, "off": 50.0}
    assert event.phases_on(dt.date(2022, 11, 3)) == ("spot",)
    assert event.phases_on(dt.date(2022, 11, 4)) == ()


def test_the_other_known_events_are_as_recorded() -> None:
    june = named("2025-05-20", "2025-05-20", "618 2025")
    assert june.phases_on(dt.date(2025, 5, 20)) == ("balance", "spot")
    assert june.phases[0].start == dt.datetime(2025, 5, 13, 20)
    assert june.mechanic == {"kind": "direct", "share_from": 0.15, "protection_until": "2025-07-05"}
    assert [p.start for p in named("2024-05-20", "2024-05-31", "618 2024").phases] == [
        dt.datetime(2024, 5, 20),
        dt.datetime(2024, 5, 31, 20),
    ]
    assert named("2024-05-20", "2024-05-31", "618 2024").open_ended
    assert named("2024-10-14", "2024-10-14", "Double 11 2024").start == dt.date(2024, 10, 14)
    november = named("2025-11-14", "2025-11-14", "Double 11 2025")
    assert (november.start, november.end, november.open_ended) == (
        dt.date(2025, 10, 15),
        dt.date(2025, 11, 14),
        False,
    )
    assert named("2026-06-18", "2026-06-18", "618 2026").confidence == "low"
    assert named("2030-12-12", "2030-12-12", "Double 12 2030").peaks == (dt.date(2030, 12, 12),)
    assert all(e.source for e in events("2022-01-01", "2026-12-31"))


def test_what_is_not_known_is_said() -> None:
    assert not [e for e in events("2026-11-01", "2026-11-30") if e.family == "double11"]
    (told,) = missing_events("2026-11-01", "2026-11-30")
    assert told.startswith("Double 11 2026 has no dated file")
    assert missing_events("2025-11-01", "2025-12-31") == []


OWN = """
name: Our Double 11
name_zh: 我们的双11
family: double11
year: 2026
phases:
  - {phase: presale, start: 2026-10-14 20:00, end: 2026-10-20 24:00}
  - {phase: spot, start: 2026-10-21, end: 2026-11-11}
peaks: [2026-11-11]
source: our own plan
confidence: high
"""


def test_a_users_file_joins_in_and_replaces_ours(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(OWN, encoding="utf-8")
    (tmp_path / "other.yaml").write_text(
        OWN.replace("2026", "2025").replace("Our Double 11", "Ours of 2025"), encoding="utf-8"
    )
    found = {e.name for e in events("2025-11-01", "2026-11-30", folder=tmp_path) if e.family == "double11"}
    assert found == {"Our Double 11", "Ours of 2025"}
    assert missing_events("2026-11-01", "2026-11-30", folder=tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("phase: spot", "phase: spott", r"mine.yaml: phase 2: no such phase 'spott'.*Did you mean 'spot'"),
        ("2026-10-21", "2026-11-31", "no such day in the calendar"),
        ("2026-10-21", "2026-11-21", "Swap start and end"),
        ("20:00", "25:00", "an hour from 00:00 to 24:00"),
        ("peaks: [2026-11-11]", "peaks: [2026-11-12]", "a day from 2026-10-14 to 2026-11-11"),
        ("source: our own plan", "", "no source"),
        ("confidence", "confidance", "did you mean 'confidence'"),
        ("high", "certain", "high, medium, low"),
        ("year: 2026", "year: soon", "year"),
        ("peaks: [", "peaks: [[", "not YAML"),
        ("family: double11", "family: [", "not YAML"),
        ("year: 2026", "year: every", "MM-DD"),
    ],
)
def test_a_faulty_event_file_is_explained(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in OWN
    (tmp_path / "mine.yaml").write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(EcomsimError, match=says):
        events("2026-11-01", "2026-11-30", folder=tmp_path)


def test_two_files_for_one_event_are_refused(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(OWN, encoding="utf-8")
    with pytest.raises(EcomsimError, match="one file a family and year"):
        events("2026-11-01", "2026-11-30", folder=tmp_path)


@pytest.mark.parametrize("days", [("1940-01-01", "1940-02-01"), ("2099-12-01", "2100-01-05")])
def test_years_beyond_the_calendar_are_refused(days: tuple[str, str]) -> None:
    with pytest.raises(EcomsimError, match="1950 to 2099"):
        events(*days)
