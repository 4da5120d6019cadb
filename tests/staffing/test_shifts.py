"""Shift plans held against counts made minute by minute, brute force and rules that contradict themselves."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, milp

from ecomsim.checks import EcomsimError
from ecomsim.staffing import Break, Goal, Need, Night, ShiftKind, ShiftPlan, Week, Window, plan_shifts

MONDAY = dt.date(2026, 11, 9)
DAYS = tuple(MONDAY + dt.timedelta(d) for d in range(7))
MEAL = Break("meal", 60, 180, 300)
FULL = ShiftKind(
    "full", hours=9, breaks=(Break("tea", 15, 60, 150, True), MEAL, Break("late tea", 15, 390, 495, True))
)


def need_of(
    peak: int, slot_minutes: int = 30, days: int = 7, opens: str = "08:00-24:00", seed: int = 0
) -> Need:
    rng = np.random.default_rng(seed)
    window = Window.of(opens)
    slots = window.slots(slot_minutes)
    wave = 0.35 + np.sin(np.linspace(0, 2.2 * np.pi, slots)) ** 2
    agents = np.ceil(peak * wave / wave.max() * rng.uniform(0.85, 1, (days, 1)))
    return Need(DAYS[:days], window, slot_minutes, agents)


def minutes_at_desk(plan: ShiftPlan, cyclic: bool) -> np.ndarray:
    """People at the desk in every minute of every business day, counted one minute at a time."""
    window, days = plan.need.window, len(plan.need.days)
    open_minutes = window.closes_min - window.opens_min
    count = np.zeros((days, open_minutes), int)
    for duty in plan.duties:
        for minute in range(duty.start_min, duty.start_min + duty.kind.minutes):
            pausing = any(
                at <= minute < at + pause.minutes
                for pause, at in zip(duty.kind.breaks, duty.breaks, strict=True)
            )
            day, offset = (
                divmod(minute - window.opens_min, open_minutes)
                if open_minutes == 1440
                else (0, minute - window.opens_min)
            )
            day += duty.day
            if cyclic:
                day %= days
            if not pausing and day < days and 0 <= offset < open_minutes:
                count[day, offset] += 1
    return count


def check(plan: ShiftPlan, cyclic: bool = False) -> None:
    need = plan.need
    count = minutes_at_desk(plan, cyclic).reshape(len(need.days), need.slots, need.slot_minutes).min(axis=2)
    assert np.array_equal(plan.on_duty, count)
    for duty in plan.duties:
        for pause, at in zip(duty.kind.breaks, duty.breaks, strict=True):
            assert pause.earliest_min <= at - duty.start_min <= pause.latest_min
    if plan.week is None:
        return
    for line in {duty.line for duty in plan.duties}:
        own = [duty for duty in plan.duties if duty.line == line]
        assert len({duty.day for duty in own}) == len(own) == own[0].kind.days_a_week
        if plan.week.same_start:
            assert len({duty.start_min for duty in own}) == 1
        if plan.week.together:
            off = sorted(set(range(7)) - {duty.day for duty in own})
            assert off in [[d, d + 1] for d in range(6)] + [[0, 6]]


@pytest.mark.parametrize(
    ("kinds", "week", "slot"),
    [
        ([FULL], None, 15),
        ([FULL], Week(), 15),
        ([FULL], Week(together=True), 30),
        ([FULL, ShiftKind("half", hours=4)], Week(same_start=False), 30),
        ([FULL, ShiftKind("split", hours=12, breaks=(Break("between", 240, 180, 300),))], Week(), 30),
    ],
)
def test_no_minute_falls_below_need(kinds: list[ShiftKind], week: Week | None, slot: int) -> None:
    plan = plan_shifts(need_of(6, slot), kinds, week, within_s=20, gap=0.1)
    check(plan)
    assert not plan.shortages
    assert (plan.on_duty >= plan.need.agents).all()
    assert plan.bound <= plan.objective


def test_round_the_clock_a_night_shift_covers_the_next_morning() -> None:
    need = need_of(3, 30, opens="00:00-24:00")
    kind = ShiftKind("full", hours=9, every_minutes=60, breaks=(MEAL,))
    plan = plan_shifts(need, [kind], Week(), goal=Goal.COST, night=Night(), within_s=20, gap=0.1)
    check(plan, cyclic=True)
    assert (plan.on_duty >= need.agents).all()
    assert any(duty.end_min > 1440 for duty in plan.duties)


def test_a_desk_open_past_midnight() -> None:
    plan = plan_shifts(need_of(3, 30, days=2, opens="18:00-02:00"), [ShiftKind("late", hours=4)])
    check(plan)
    assert (plan.on_duty >= plan.need.agents).all()
    assert {duty.hours[:5] for duty in plan.duties} <= {
        f"{h}:{m}" for h in range(18, 22) for m in ("00", "30")
    } | {"22:00"}
    assert "22:00-02:00" in {duty.hours for duty in plan.duties}


def test_the_fewest_shifts_are_those_brute_force_finds() -> None:
    """Eight slots, three-slot shifts: every way to start up to three a slot."""
    rng = np.random.default_rng(5)
    kind = ShiftKind("short", hours=1.5)
    for _ in range(6):
        agents = rng.integers(0, 4, (1, 7))
        best = min(
            sum(starts)
            for starts in itertools.product(range(4), repeat=5)
            if all(sum(starts[max(0, t - 2) : t + 1]) >= agents[0, t] for t in range(7))
        )
        plan = plan_shifts(Need(DAYS[:1], Window.of("09:00-12:30"), 30, agents), [kind])
        assert plan.proven
        assert plan.objective == len(plan.duties) == best


def test_the_closest_plan_is_that_of_brute_force() -> None:
    rng = np.random.default_rng(2)
    for _ in range(4):
        agents = rng.integers(0, 4, (1, 7))
        best = min(
            sum(abs(sum(starts[max(0, t - 2) : t + 1]) - agents[0, t]) for t in range(7))
            for starts in itertools.product(range(4), repeat=5)
        )
        need = Need(DAYS[:1], Window.of("09:00-12:30"), 30, agents)
        plan = plan_shifts(need, [ShiftKind("short", hours=1.5)], goal=Goal.CLOSEST)
        assert np.abs(plan.on_duty - agents).sum() == best == plan.objective


def test_the_closest_plan_with_meals_is_that_of_every_shift_written_out() -> None:
    """Every start and meal a column of its own, two differences a slot; odd and even shifts, half-used slots."""
    rng = np.random.default_rng(4)
    for minutes, slot in ((60, 30), (15, 30), (30, 15)):
        kinds = [
            ShiftKind("day", hours=4, breaks=(Break("meal", minutes, 60, 120),)),
            ShiftKind("s", hours=1.5),
        ]
        agents = rng.integers(0, 5, (1, 7 * 60 // slot))
        grid = min(minutes, slot, 30)
        columns = []
        for start in range(0, 181, 30):
            for meal in range(60, 121, grid):
                at = np.arange(0, 420, grid) - start
                columns.append((at >= 0) & (at < 240) & ((at < meal) | (at >= meal + minutes)))
        for start in range(0, 331, 30):
            at = np.arange(0, 420, grid) - start
            columns.append((at >= 0) & (at < 90))
        there = np.array(columns, float).T
        wanted, eye = np.repeat(agents[0], slot // grid), np.eye(len(there))
        found = milp(
            np.r_[np.zeros(there.shape[1]), np.full(2 * len(there), grid / slot)],
            constraints=LinearConstraint(np.hstack([there, eye, -eye]), wanted, wanted),
            integrality=np.r_[np.ones(there.shape[1]), np.zeros(2 * len(there))],
        )
        need = Need(DAYS[:1], Window.of("09:00-16:00"), slot, agents)
        plan = plan_shifts(need, kinds, goal=Goal.CLOSEST)
        check(plan)
        assert plan.proven
        assert plan.objective == pytest.approx(found.fun)


def test_wages_count_paid_hours_and_the_night() -> None:
    need = Need(DAYS[:1], Window.of("18:00-24:00"), 30, np.ones((1, 12)))
    late = ShiftKind("late", hours=6, breaks=(Break("meal", 30, 120, 180, paid=False),), wage_hour=40)
    plan = plan_shifts(need, [late], goal=Goal.COST, night=Night("22:00", "06:00", 1.5))
    # two people, as the meal must be covered: 5.5 paid hours and half of 2 night hours more
    assert plan.cost == pytest.approx(2 * 40 * (5.5 + 0.5 * 2))
    assert plan.paid_hours == pytest.approx(11)


def test_no_need_takes_nobody() -> None:
    plan = plan_shifts(Need(DAYS, Window.of("08:00-24:00"), 30, np.zeros((7, 32))), [FULL], Week())
    assert (plan.headcount, plan.cost, plan.gap) == (0, 0, 0)
    assert plan.frame().empty


def test_slots_nobody_can_reach_are_named_with_the_amount_and_the_rest_is_planned() -> None:
    need = Need(DAYS[:1], Window.of("08:00-18:00"), 30, np.full((1, 20), 10))
    plan = plan_shifts(need, [ShiftKind("day", hours=9, first_start="09:00")])
    assert plan.shortages == ("Mon 2026-11-09 08:00-09:00, short 10",)
    assert (plan.on_duty[0, 2:] == 10).all()
    assert "shift 'day' from 08:00: covers the need" in [str(r) for r in plan.relaxations]


def test_too_few_people_for_the_days_off_are_told() -> None:
    """Two at all times of seven days with five days a week each: 14 shifts take three people."""
    need = Need(DAYS, Window.of("09:00-17:00"), 30, np.full((7, 16), 2))
    plan = plan_shifts(need, [ShiftKind("day", hours=8)], Week(headcount=2))
    assert plan.shortfall.sum() == 4 * 16
    assert plan.headcount == 2
    assert any(r.text.startswith("at least 3 people instead of 2") and r.left == 0 for r in plan.relaxations)


def test_a_minimum_present_that_meals_make_impossible() -> None:
    """Three people who all eat at one leave nobody; eating at different hours two are always there."""
    need = Need(DAYS[:1], Window.of("09:00-18:00"), 30, np.full((1, 18), 2))
    kind = ShiftKind("day", hours=9, breaks=(Break("meal", 60, 240, 240),), at_most=3)
    plan = plan_shifts(need, [kind])
    assert plan.shortages == ("Mon 2026-11-09 13:00-14:00, short 2",)
    mended = {relaxation.text: relaxation.left for relaxation in plan.relaxations}
    assert mended == {"shift 'day', meal 3 to 5 hours after the start": 0}


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (
            lambda: ShiftKind("day", hours=8, breaks=(Break("meal", 60, 400, 450),)),
            "shift 'day', break 'meal'",
        ),
        (lambda: ShiftKind("day", hours=9, breaks=(MEAL, Break("tea", 15, 320, 400))), "break 'tea'"),
        (lambda: ShiftKind("day", hours=0), "shift 'day'.hours"),
        (lambda: ShiftKind("day", hours=float("nan")), "NaN"),
        (lambda: ShiftKind("day", hours=30), "hours"),
        (lambda: ShiftKind("day", hours=8, at_most=-1), "at_most"),
        (lambda: ShiftKind("day", hours=8, days_a_week=8), "1 to 7 days"),
        (lambda: ShiftKind("day", hours=8, first_start="25:00"), "24:00"),
        (lambda: ShiftKind(" ", hours=8), "shift.name"),
        (lambda: Break("meal", 0, 10, 20), "break 'meal'.minutes"),
        (lambda: Break("meal", 30, 60, 20), "Swap"),
        (lambda: Break("meal", 30.5, 60, 90), "whole number of minutes"),
        (lambda: Night(factor=0.5), "night.factor"),
        (lambda: Week(headcount=-1), "week.headcount"),
        (lambda: plan_shifts(need_of(3), [ShiftKind("late", hours=9, last_start="17:00")]), "ends 02:00"),
        (lambda: plan_shifts(need_of(3), [ShiftKind("long", hours=17)]), "shift 'long'"),
        (
            lambda: plan_shifts(need_of(3), [ShiftKind("x", hours=8, first_start="07:00")]),
            "within 08:00-24:00",
        ),
        (lambda: plan_shifts(need_of(3), []), "at least one ShiftKind"),
        (lambda: plan_shifts(need_of(3), [FULL, FULL]), "two shifts named 'full'"),
        (lambda: plan_shifts(need_of(3, days=3), [FULL], Week()), "seven days in a row"),
        (
            lambda: plan_shifts(need_of(3), [ShiftKind("x", hours=8.05, first_start="08:01")]),
            "grid of 5 minutes",
        ),
        (lambda: plan_shifts(need_of(3), [FULL], within_s=0), "within_s"),
        (lambda: plan_shifts(need_of(3), [FULL], gap=float("nan")), "NaN"),
    ],
)
def test_rules_that_contradict_themselves_name_the_rule(make: object, says: str) -> None:
    with pytest.raises(EcomsimError) as caught:
        make()  # type: ignore[operator]
    assert says in str(caught.value)


def test_the_time_limit_is_kept_and_the_gap_told() -> None:
    plan = plan_shifts(
        need_of(25, 15), [FULL, ShiftKind("half", hours=4)], Week(), goal=Goal.COST, within_s=2
    )
    check(plan)
    assert plan.seconds < 20
    assert plan.bound <= plan.objective


@pytest.mark.slow
def test_tours_with_three_breaks_are_proven() -> None:
    """Fixed starts, meal and two breaks in 15-minute slots over 7 days: no plan is smaller than the proven one."""
    plan = plan_shifts(need_of(24, 15), [FULL], Week(), within_s=60)
    check(plan)
    assert plan.gap <= 0.01
