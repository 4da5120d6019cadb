"""Month rosters held against rules counted by hand here, brute force on a small one, and faults of their makers."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace

import numpy as np
import pytest

from ecomsim.checks import EcomsimError
from ecomsim.staffing import (
    Break,
    Need,
    Person,
    Roster,
    RosterTask,
    Rules,
    ShiftKind,
    Window,
    all_hands,
    plan_roster,
    repair,
    shift_demand,
)

pytest.importorskip("ortools")

MONDAY = dt.date(2026, 11, 2)
EARLY, MID, LATE = ShiftKind("early", 9, "08:00"), ShiftKind("mid", 9, "11:00"), ShiftKind("late", 9, "15:00")


def dates(count: int) -> tuple[dt.date, ...]:
    return tuple(MONDAY + dt.timedelta(d) for d in range(count))


def team(count: int, **parts: object) -> tuple[Person, ...]:
    return tuple(Person(f"Agent {n + 1:02d}", **parts) for n in range(count))  # type: ignore[arg-type]


def small(days: int = 14, people: int = 8, wanted: tuple[int, int] = (2, 2), **parts: object) -> RosterTask:
    demand = np.tile(wanted, (days, 1))
    return RosterTask(dates(days), (EARLY, LATE), demand, team(people), **parts)  # type: ignore[arg-type]


def hold(roster: Roster) -> None:
    """Every hard rule, counted anew."""
    task, table = roster.task, roster.table
    for n, person in enumerate(task.people):
        worked = "".join("x" if k >= 0 else "." for k in table[n])
        assert "x" * (task.rules.longest_run + 1) not in "x" * person.run_before + worked
        for d in range(len(task.days)):
            if table[n, d] < 0:
                continue
            assert task.days[d] not in person.leave
            assert not person.kinds or task.kinds[table[n, d]].name in person.kinds
            if d and table[n, d - 1] >= 0 and task.kinds[table[n, d - 1]].name == "late":
                assert task.kinds[table[n, d]].name != "early"
    assert roster.breaches == ()


def spread(values: np.ndarray) -> int:
    return int(values.max() - values.min())


def test_a_roster_keeps_the_rules_covers_the_demand_and_is_fair() -> None:
    roster = plan_roster(small(days=28), within_s=20)
    hold(roster)
    assert ((roster.table == 0).sum(axis=0) >= 2).all()
    assert ((roster.table == 1).sum(axis=0) >= 2).all()
    assert roster.shortages == ()
    weekend = [d for d, day in enumerate(roster.task.days) if day.weekday() >= 5]
    assert spread((roster.table[:, weekend] >= 0).sum(axis=1)) == roster.spreads[0] <= 1
    assert spread((roster.table == 1).sum(axis=1)) == roster.spreads[1] <= 1
    assert ((roster.table >= 0).sum(axis=1) == 20).all()


def test_the_fewest_missing_are_those_of_brute_force() -> None:
    """Three people, four days, longest run 2, two wanted a day: all 2^12 rosters tried."""
    task = RosterTask(
        dates(4), (EARLY,), np.full((4, 1), 2), team(3, days_a_week=7), Rules(longest_run=2, weekends_off=0)
    )
    best = min(
        sum(max(0, 2 - sum(row[d] for row in rows)) for d in range(4))
        for rows in itertools.product(itertools.product((0, 1), repeat=4), repeat=3)
        if not any(all(row[d : d + 3]) for row in rows for d in range(2))
    )
    roster = plan_roster(task, within_s=10)
    hold(roster)
    assert np.maximum(2 - (roster.table == 0).sum(axis=0), 0).sum() == best


def test_leave_availability_contract_skills_and_history_are_kept() -> None:
    people = (
        Person("A", skills=("aftersale",), leave=(MONDAY, MONDAY + dt.timedelta(1))),
        Person("B", weekdays=(0, 1, 2, 3, 4)),
        Person("C", kinds=("early",), days_a_week=3),
        Person("D", skills=("aftersale",), run_before=5, last_kind="late"),
        *team(6),
    )
    skilled = np.zeros((14, 2), int)
    skilled[7:, 0] = 1
    task = RosterTask(
        dates(14), (EARLY, LATE), np.tile((2, 2), (14, 1)), people, skilled={"aftersale": skilled}
    )
    roster = plan_roster(task, within_s=20)
    hold(roster)
    table = roster.table
    assert (table[0, :2] == -1).all()
    assert (table[1, [5, 6, 12, 13]] == -1).all()
    assert set(table[2]) <= {-1, 0}
    assert (table[2] >= 0).sum() == 6
    assert table[3, 0] != 0
    assert (table[3, :2] == -1).any()
    assert all((table[[0, 3], d] == 0).any() for d in range(7, 14))


def test_all_hands_work_and_are_owed_or_given_their_day_back() -> None:
    day = dt.date(2026, 11, 11)
    people = (Person("Away", leave=(day,)), *team(9))
    task = RosterTask(
        dates(28), (EARLY, LATE), np.tile((2, 2), (28, 1)), people, Rules(all_hands=(day,), compensate_days=7)
    )
    roster = plan_roster(task, within_s=20)
    hold(roster)
    column = roster.table[:, 9]
    assert column[0] == -1
    assert (column[1:] >= 0).all()
    owed = roster.fairness().set_index("name")["owed"]
    for n in range(1, 10):  # a week has two days off; a third gives the day back
        given = (roster.table[n, 10:17] < 0).sum() - 2
        assert owed.iloc[n] == 1 - min(max(given, 0), 1)


def test_lunar_new_year_and_double_11_come_from_the_calendar() -> None:
    assert all_hands("2025-11-01", "2025-11-30") == (dt.date(2025, 11, 11),)
    assert all_hands("2026-02-01", "2026-02-28") == (dt.date(2026, 2, 17),)


def test_one_leave_is_repaired_touching_few_others() -> None:
    roster = plan_roster(small(days=21, people=9), within_s=15)
    days = [roster.task.days[d] for d in np.flatnonzero(roster.table[3] >= 0)[4:6]]
    fixed = repair(roster, "Agent 04", days, within_s=10)
    hold(fixed)
    assert fixed.shortages == ()
    assert all(fixed.frame().loc["Agent 04", day] == "" for day in days)
    others = set(roster.changes(fixed)["name"]) - {"Agent 04"}
    assert len(others) <= 3


def test_a_published_roster_is_kept_where_nothing_speaks_against_it() -> None:
    task = small()
    first = plan_roster(task, within_s=15)
    again = plan_roster(task, published=first, within_s=15)
    assert np.array_equal(first.table, again.table)


def test_a_day_that_takes_more_than_there_are_is_named_and_the_rest_planned() -> None:
    task = small()
    demand = task.demand.copy()
    demand[9] = (6, 7)
    roster = plan_roster(replace(task, demand=demand), within_s=20)
    hold(roster)
    short = 13 - (roster.table[:, 9] >= 0).sum()
    assert short >= 5
    assert roster.shortages[0].startswith(
        "impossible whatever the roster: Wed 2026-11-11: 13 people wanted, 8 not on leave, short 5"
    )
    assert (
        sum(
            int(text.split("short ")[1].split()[0].rstrip("."))
            for text in roster.shortages
            if text.startswith("Wed")
        )
        == short
    )


def test_more_shifts_than_contract_days_are_named_with_the_people_it_takes() -> None:
    roster = plan_roster(small(days=14, people=4, wanted=(2, 2)), within_s=10)
    # 56 shifts, four people of ten days: 16 short, two more full-time people would do
    assert any("56 shifts of people wanted, 40 by contract, short 16; 2 more" in t for t in roster.shortages)


def test_an_edited_cell_tells_what_it_breaks() -> None:
    roster = plan_roster(small(), within_s=15)
    n, d = next(
        (n, d)
        for n in range(8)
        for d in range(1, 14)
        if roster.table[n, d - 1] == 1 and roster.table[n, d] != 0
    )
    name, day = roster.task.people[n].name, roster.task.days[d]
    edited = roster.with_cell(name, day, "early")
    assert any(f"{name}: late then early" in text and str(day) in text for text in edited.breaches)
    assert roster.changes(edited).values.tolist()[0][:2] == [name, day]


def test_the_demand_of_a_need_covers_it_with_meals_staggered() -> None:
    need = Need(dates(2), Window.of("08:00-24:00"), 30, np.full((2, 32), 2))
    meal = (Break("meal", 60, 180, 300),)
    kinds = [replace(EARLY, breaks=meal), replace(MID, breaks=meal), replace(LATE, breaks=meal)]
    wanted = shift_demand(need, kinds)
    assert (wanted.sum(axis=1) >= 5).all()  # 64 half-hours a day, 16 a shift, and 15:00-17:00 cannot be saved


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Person(""), "person.name"),
        (lambda: Person("A", days_a_week=9), "person 'A'.days_a_week"),
        (lambda: Person("A", leave=("2026-13-01",)), "person 'A'.leave"),
        (lambda: Person("A", weekdays=(7,)), "Sunday 6"),
        (lambda: Person("A", skills="presale"), "person 'A'.skills"),  # type: ignore[arg-type]
        (lambda: Rules(longest_run=0), "rules.longest_run"),
        (lambda: Rules(rest_hours=float("nan")), "NaN"),
        (lambda: small(fixed={("Agent 99", MONDAY): "early"}), "no such person 'Agent 99'"),
        (lambda: small(fixed={("Agent 01", MONDAY): "erly"}), "Did you mean 'early'?"),
        (lambda: small(fixed={("Agent 01", dt.date(2026, 1, 1)): "early"}), "2026-01-01"),
        (lambda: small(people=0), "at least one person"),
        (lambda: RosterTask(dates(7), (EARLY,), np.ones((7, 1)), (Person("A"), Person("A"))), "two persons named 'A'"),
        (lambda: RosterTask(dates(7), (EARLY, EARLY), np.ones((7, 2)), team(2)), "two shifts named 'early'"),
        (lambda: RosterTask(dates(7), (ShiftKind("x", 8),), np.ones((7, 1)), team(2)), "Set first_start"),
        (lambda: RosterTask(dates(7), (EARLY,), np.full((7, 1), -1), team(2)), "roster.demand[0, 0]"),
        (lambda: RosterTask(dates(7), (EARLY,), np.full((7, 1), np.nan), team(2)), "roster.demand[0, 0]"),
        (lambda: RosterTask((MONDAY, MONDAY + dt.timedelta(2)), (EARLY,), np.ones((2, 1)), team(2)), "consecutive"),
        (lambda: RosterTask(dates(7), (EARLY,), np.ones((7, 1)), team(2), skilled={"x": np.ones((7, 1))}), "skill 'x'"),
        (lambda: RosterTask(dates(7), (EARLY,), np.ones((7, 1)), team(2, kinds=("late",))), "no such shift 'late'"),
        (
            lambda: RosterTask(
                dates(7), (EARLY,), np.ones((7, 1)), team(2, leave=(MONDAY,)), fixed={("Agent 01", MONDAY): "early"}
            ),
            "early, while Agent 01 is on leave",
        ),
        (
            lambda: plan_roster(
                RosterTask(
                    dates(7), (EARLY,), np.ones((7, 1)), team(2), Rules(longest_run=1),
                    fixed={("Agent 01", MONDAY + dt.timedelta(d)): "early" for d in range(2)},
                ), within_s=5,
            ),
            "no roster keeps the rules",
        ),
    ],
)  # fmt: skip
def test_a_fault_names_the_person_or_the_rule(make: object, says: str) -> None:
    with pytest.raises(EcomsimError) as caught:
        make()  # type: ignore[operator]
    assert says in str(caught.value)


def test_a_repair_asks_for_somebody_and_days_there_are() -> None:
    roster = Roster(small(), np.full((8, 14), -1))
    with pytest.raises(EcomsimError, match="Did you mean 'Agent 01'"):
        repair(roster, "Agnt 01", [MONDAY])
    with pytest.raises(EcomsimError, match="leave of Agent 01"):
        repair(roster, "Agent 01", ["2027-01-01"])
    with pytest.raises(EcomsimError, match="no such shift"):
        roster.with_cell("Agent 01", MONDAY, "nite")


@pytest.mark.slow
def test_forty_five_people_four_weeks_three_shifts() -> None:
    rng = np.random.default_rng(0)
    base = np.array([0.36, 0.22, 0.42]) * 45 * 20 / 28
    demand = np.array([np.round(base * (0.97 if d % 7 < 5 else 0.9)) for d in range(28)])
    wishes = [(int(n), int(d)) for n, d in zip(rng.integers(0, 45, 30), rng.integers(0, 28, 30), strict=True)]
    days = dates(28)
    people = tuple(
        replace(person, wishes_off=tuple(days[d] for m, d in wishes if m == n))
        for n, person in enumerate(team(45))
    )
    roster = plan_roster(RosterTask(days, (EARLY, MID, LATE), demand, people), within_s=60)
    hold(roster)
    assert roster.proven
    assert roster.shortages == ()
    assert max(roster.spreads) <= 1
    assert roster.fairness()["longest_run"].max() <= 6
