"""People needed by slot: the chain in time against closed forms, backlog, deferrable work, and bad input."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from scipy.linalg import expm

from ecomsim.checks import EcomsimError
from ecomsim.formulas.chat import ChatDesk, chat_steady
from ecomsim.formulas.chat_levels import SpeedUps
from ecomsim.formulas.transient import desk_states, live_slot, opening, rehead
from ecomsim.staffing.day import Limits, live_day, size_day
from ecomsim.staffing.deferrable import Deferrable, extra_people, fill_idle
from ecomsim.staffing.methods import Mol, Sipp
from ecomsim.staffing.promise import Promise, parse_duration
from ecomsim.staffing.requirement import requirement
from ecomsim.staffing.rules import mol_day, sipp_day
from ecomsim.staffing.window import Window
from ecomsim.staffing.workload import Workload

MONDAY = dt.date(2026, 11, 9)
MINUTE = dt.timedelta(minutes=1)
DESK = ChatDesk(3, 25, 45, 6, 180)
PHONE = SpeedUps(240, (1.0,), 180)
PROMISE = Promise(0.8, MINUTE)
OPEN = Window.of("08:30-21:00")


def load(contacts: float | np.ndarray = 30.0, days: int = 1, cv: float = 0.0) -> Workload:
    dates = tuple(MONDAY + dt.timedelta(days=i) for i in range(days))
    return Workload(dates, np.broadcast_to(contacts, (days, 48)), cv)


@pytest.mark.parametrize("desk", [DESK, PHONE], ids=["chat", "phone"])
def test_the_chain_comes_to_rest_where_the_steady_state_is(desk: ChatDesk | SpeedUps) -> None:
    rate = 0.93 * 8 * desk.capacity_per_s
    states, p = desk_states(8, desk, 60, 180), opening(180, 0)
    for _ in range(10):
        out = live_slot(p, rate, states, 1800)
        p = out.after
    rest = chat_steady(rate, 8, desk, 60)
    assert p.sum() == pytest.approx(1)
    assert out.in_time == pytest.approx(float(rest.answered_within[0]), abs=1e-9)
    assert out.queued == pytest.approx(float(rest.queued), abs=1e-9)
    assert out.abandoned_per_s / rate == pytest.approx(float(rest.abandoned), abs=1e-9)
    assert out.occupancy == pytest.approx(float(rest.occupancy), abs=1e-9)


def test_the_chain_in_time_is_the_matrix_exponential() -> None:
    states, size, rate = desk_states(3, PHONE, 20, 40), 40, 4 / 240
    q = np.zeros((size + 1, size + 1))
    death = states.served + states.left
    for i in range(size + 1):
        if i < size:
            q[i, i + 1] = rate
        if i:
            q[i, i - 1] = death[i]
        q[i, i] = -q[i].sum()
    out = live_slot(opening(size, 5), rate, states, 900)
    exact = expm(q.T * 900) @ opening(size, 5)
    np.testing.assert_allclose(out.after, exact, atol=1e-5)


def test_infinitely_many_agents_follow_the_known_mean() -> None:
    """M_t/M/infinity at rate a + b sin(ct): m = a + b (sin ct - c cos ct) / (1 + c^2), mu = 1."""
    a, b, c, desk = 30.0, 12.0, 0.5, SpeedUps(1.0, (1.0,), 3.0)
    states, p = desk_states(90, desk, 0, 140), opening(140, 30)
    at = np.arange(0, 20, 0.02)
    for t in at:
        p = live_slot(p, a + b * np.sin(c * (t + 0.01)), states, 0.02).after
    t = at[-1] + 0.02
    known = a + b * (np.sin(c * t) - c * np.cos(c * t)) / (1 + c**2)
    assert float(p @ np.arange(p.size)) == pytest.approx(known, abs=0.02)


def test_leaving_agents_finish_what_they_hold() -> None:
    p = np.zeros(30)
    p[13] = 1.0  # ten agents hold one chat each, three wait
    after = rehead(p, 10, 4, 1)
    assert np.flatnonzero(after).tolist() == [7]  # four stay, three still wait
    assert rehead(p, 4, 10, 1) is p
    half = rehead(np.eye(30)[5], 10, 5, 1)
    np.testing.assert_allclose(half[[2, 3]], [0.5, 0.5])


def test_every_slot_keeps_the_promise_and_none_has_one_too_many() -> None:
    rates = np.array([2, 3, 9, 20, 20, 6, 1]) / 60
    plan = size_day(rates, 900, DESK, PROMISE)
    assert (plan.in_time >= 0.8).all()
    for k in range(rates.size):
        fewer = plan.agents.copy()
        fewer[k] -= 1
        if fewer[k] >= 1:
            assert live_day(rates, 900, DESK, PROMISE, fewer).in_time[k] < 0.8
    again = live_day(rates, 900, DESK, PROMISE, plan.agents)
    np.testing.assert_allclose(again.in_time, plan.in_time, atol=1e-6)


def test_average_days_and_sure_days_ask_for_more() -> None:
    rates = np.array([4, 8, 8]) / 60
    mean = size_day(rates, 1800, DESK, PROMISE)
    mixed = size_day(rates, 1800, DESK, PROMISE, cv=0.25)
    sure = size_day(rates, 1800, DESK, replace(PROMISE, confidence=0.95), cv=0.25)
    assert (mean.agents <= mixed.agents).all() and (mixed.agents < sure.agents).all()


def test_overnight_messages_raise_the_first_slot_only() -> None:
    rates = np.full(4, 6 / 60)
    none, some = (size_day(rates, 1800, DESK, PROMISE, backlog=b).agents for b in (0, 60))
    assert some[0] > none[0] + 3 and abs(some[3] - none[3]) <= 1
    # all who come are answered, leave, or wait at the end
    plan = live_day(np.zeros(4), 1800, DESK, PROMISE, np.full(4, 2), backlog=40)
    assert plan.abandoned.sum() == pytest.approx(0, abs=1e-6)  # messages are patient
    assert plan.occupancy[0] > 0.8 and plan.waiting[3] == pytest.approx(0, abs=1e-3)


def test_sipp_and_mol_stand_beside() -> None:
    jump = np.where(np.arange(16) < 8, 3.0, 20.0) / 60
    long = SpeedUps(720, (1.0,), 180)
    promise = Promise(0.8, dt.timedelta(0))
    forward = size_day(jump, 900, long, promise)
    mol = live_day(jump, 900, long, promise, mol_day(jump, 900, long, promise))
    assert forward.queued.max() <= 0.2 < mol.queued.max()
    assert forward.agents.sum() <= sipp_day(jump, long, promise).sum()
    steady = np.full(60, 0.1)
    np.testing.assert_array_equal(
        mol_day(steady, 900, DESK, PROMISE)[-3:], sipp_day(steady, DESK, PROMISE)[-3:]
    )


def test_zero_volume_needs_only_the_minimum() -> None:
    out = requirement(load(0.0), DESK, PROMISE, OPEN, agents_min=2)
    assert (out.need.agents == 2).all() and out.abandoned.sum() == 0
    assert (requirement(load(0.0), DESK, PROMISE, OPEN, agents_min=0).need.agents == 0).all()


@pytest.mark.parametrize("window", ["08:30-21:00", "08:00-24:00", "20:00-02:00"])
@pytest.mark.parametrize("slot_minutes", [15, 30])
def test_windows_and_slots(window: str, slot_minutes: int) -> None:
    out = requirement(
        load(24.0, days=2), DESK, PROMISE, Window.of(window), slot_minutes=slot_minutes, message_share=0.1
    )
    assert out.need.agents.shape == out.contacts.shape
    assert (out.in_time >= 0.8).all()
    # every contact comes while open or leaves a message in the night before
    every = out.contacts.sum(axis=1) + out.overnight / 0.1
    np.testing.assert_allclose(every, 48 * 24.0)
    assert len(out.frame()) == out.contacts.size


def test_a_desk_past_midnight_takes_the_next_days_contacts() -> None:
    contacts = np.zeros((2, 48))
    contacts[1, 0] = 50.0
    two = Workload((MONDAY, MONDAY + dt.timedelta(days=1)), contacts)
    seen = two.in_window(Window.of("22:00-02:00"))
    assert seen[0].tolist() == [0, 0, 0, 0, 50, 0, 0, 0]
    assert two.overnight(Window.of("08:00-24:00")).tolist() == [0, 50]


def test_shrinkage_and_occupancy() -> None:
    plain = requirement(load(), DESK, PROMISE, OPEN, message_share=0)
    away = requirement(load(), DESK, PROMISE, OPEN, message_share=0, shrinkage=0.2)
    np.testing.assert_array_equal(away.at_desk, plain.at_desk)
    np.testing.assert_array_equal(away.need.agents, np.ceil(plain.at_desk / 0.8 - 1e-9))
    calm = requirement(load(), DESK, PROMISE, OPEN, message_share=0, occupancy_max=0.45)
    assert (calm.occupancy <= 0.45).all() and calm.hours > plain.hours


def test_deferrable_work_fills_idle_time_first() -> None:
    few = Deferrable(replace(load(1.0), name="tickets"), dt.timedelta(minutes=2), dt.timedelta(hours=4))
    many = Deferrable(replace(load(60.0), name="tickets"), dt.timedelta(minutes=2), dt.timedelta(hours=4))
    plain, little, lots = (
        requirement(load(), DESK, PROMISE, OPEN, message_share=0, deferrable=d) for d in ((), (few,), (many,))
    )
    np.testing.assert_array_equal(little.at_desk, plain.at_desk)
    assert (little.occupancy > plain.occupancy).any() and little.deferred_in_time[0] == 1
    assert lots.hours > plain.hours and lots.deferred_in_time[0] == pytest.approx(1)
    np.testing.assert_array_equal(lots.for_live, plain.for_live)
    # SIPP adds nobody for it, and shows what that costs
    assert (
        requirement(load(), DESK, PROMISE, OPEN, method=Sipp(), deferrable=[many]).deferred_in_time[0] < 0.9
    )


def test_messages_may_wait_a_while() -> None:
    first = requirement(load(40.0), DESK, PROMISE, OPEN)
    later = requirement(load(40.0), DESK, PROMISE, OPEN, messages_within=dt.timedelta(hours=3))
    assert later.at_desk[0, 0] < first.at_desk[0, 0]
    assert later.deferred_in_time[0] == pytest.approx(1)


def test_the_most_urgent_goes_first_and_work_is_conserved() -> None:
    work = np.zeros((2, 6))
    work[0, 0], work[1, 1] = 600, 300
    day = fill_idle(np.full(6, 200.0), work, np.array([6, 2]))
    assert day.late.sum() == 0 and day.done.tolist() == [200, 200, 200, 200, 100, 0]
    late = fill_idle(np.full(6, 100.0), work, np.array([6, 2]))
    assert late.late[2] == pytest.approx(100)  # 300 due after two steps of 100
    np.testing.assert_allclose(late.came.cumsum() - late.done.cumsum(), late.waiting)
    extra, done = extra_people(
        np.zeros(4), work[:, :6].repeat(2, axis=1), np.array([12, 4]), np.zeros(4, int), 1.0, 15
    )
    assert done.share_in_time == 1 and extra.sum() >= np.ceil(work.sum() * 2 / 900)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"shrinkage": 1.0}, "shrinkage: got 1.*below 1"),
        ({"shrinkage": 15}, r"shrinkage: got 15.*did you mean 0\.15"),
        ({"occupancy_max": 0.0}, "occupancy_max"),
        ({"occupancy_max": 85}, r"did you mean 0\.85"),
        ({"slot_minutes": 900}, "never seconds"),
        ({"messages_within": 60}, r"messages_within: got 60.*timedelta\(seconds=30\)"),
        ({"agents_min": -1}, "agents_min"),
        ({"agents_min": 2.5}, r"agents_min: got 2\.5.*whole"),
    ],
)
def test_bad_options(options: dict[str, object], says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        requirement(load(), DESK, PROMISE, OPEN, **options)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Promise(1.0, MINUTE), "promise.share: got 1.*below 1"),
        (lambda: Promise(90, MINUTE), r"promise.share: got 90.*did you mean 0\.9"),
        (lambda: Promise(0.8, 30), r"promise.within: got 30.*timedelta"),
        (lambda: Promise(0.8, dt.timedelta(seconds=-1)), "promise.within.*seconds"),
        (lambda: parse_duration("30"), "its unit"),
        (lambda: load(-1.0), r"workload.presale\[0, 0\]: got -1"),
        (lambda: load(float("nan")), r"workload.presale\[0, 0\]: got NaN"),
        (lambda: Workload((MONDAY, MONDAY), np.ones((2, 48))), "one after another"),
        (lambda: Workload((MONDAY, MONDAY + dt.timedelta(2)), np.ones((2, 48))), "Fill the gap"),
        (lambda: Workload((MONDAY,), np.ones((1, 24))), "every half-hour"),
        (lambda: Deferrable(load(), 120, MINUTE * 60), "presale.handle: got 120.*timedelta"),
        (lambda: Deferrable(load(), MINUTE, MINUTE), "5 minutes or more"),
        (lambda: Deferrable(load(), dt.timedelta(0), MINUTE * 60), "presale.handle.*above 0"),
    ],
)
def test_bad_values(make: object, says: str) -> None:
    assert callable(make)
    with pytest.raises(EcomsimError, match=says):
        make()


def test_a_broken_promise_names_the_day() -> None:
    with pytest.raises(EcomsimError, match=r"2026-11-09 target: got 0\.8 within 5 seconds.*idle agent"):
        requirement(load(), DESK, Promise(0.8, dt.timedelta(seconds=5)), OPEN)


def test_methods_compare() -> None:
    rules = [
        requirement(load(cv=0.1), DESK, PROMISE, OPEN, message_share=0, method=m)
        for m in (None, Sipp(), Mol())
    ]
    assert all((r.need.agents >= 1).all() for r in rules)
    assert rules[0].achieved[0] >= 0.8
    assert size_day(np.zeros(3), 900, DESK, PROMISE, limits=Limits(0)).agents.tolist() == [0, 0, 0]
