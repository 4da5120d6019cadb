"""Work that can wait beside live chats in the event simulation, overnight messages, and chats known by their pace."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from ecomsim.checks import EcomsimError
from ecomsim.formulas.chat import ChatDesk, chat_steady
from ecomsim.formulas.chat_levels import SpeedUps
from ecomsim.staffing import Deferrable, Need, Promise, Window, Workload, check_roster, requirement
from ecomsim.staffing.check_kernel import FIELDS
from ecomsim.staffing.check_tasks import tend

MONDAY = dt.date(2026, 11, 9)
OPEN = Window.of("08:30-21:00")
DESK = ChatDesk(3, 25, 45, 6, 180)
PROMISE = Promise(0.8, dt.timedelta(minutes=1))
HOUR = dt.timedelta(hours=1)


def load(contacts: float, name: str = "presale", cv: float = 0.0) -> Workload:
    return Workload((MONDAY,), np.full((1, 48), contacts), cv, name)


def flat(agents: int, window: Window = OPEN) -> Need:
    return Need((MONDAY,), window, 30, np.full((1, window.slots(30)), agents))


def test_the_most_urgent_first_and_what_is_late_last_by_hand() -> None:
    # class 0 may take 1000 s: A comes at 0 with 100 s of work, B at 10 with 50; class 1 60 s: C at 20 with 30
    at, limit, begin = np.array([0.0, 10.0, 20.0]), np.array([1000.0, 60.0]), np.array([0, 2, 3])
    for stints, undone, late, worked in (
        ([(0, 100, 1)], [30.0, 50.0, 0.0], [0, 0], 100.0),  # A 0-20, C 20-50, A from 50 on
        ([(0, 300, 1)], [0.0, 0.0, 0.0], [0, 0], 180.0),
        (
            [(0, 40, 1), (40, 100, 0), (100, 235, 1)],
            [0.0, 0.0, 5.0],
            [0, 1],
            175.0,
        ),  # C is late at 80, and last
        ([(0, 30, 5)], [70.0, 30.0, 20.0], [0, 0], 60.0),  # one agent a task
    ):
        left, told, seconds = np.array([100.0, 50.0, 30.0]), np.zeros((2, 1, 3)), np.zeros(1)
        places = begin[:-1].copy(), begin[:-1].copy(), np.empty(3, np.int64), np.zeros(2, np.int64)
        for start, end, idle in stints:
            tend(float(start), float(end), idle, 1800.0, at, limit, begin, left, *places, told, seconds)
        np.testing.assert_allclose(left, undone)
        assert told[:, 0, 1].tolist() == late and seconds[0] == pytest.approx(worked)
        assert told[:, 0, 2].sum() == sum(x == 0 for x in undone)


def test_live_chats_are_served_as_if_nothing_else_waited() -> None:
    tickets = Deferrable(load(20.0, "tickets"), dt.timedelta(minutes=2), 4 * HOUR)
    confirm = Deferrable(load(15.0, "confirm"), dt.timedelta(seconds=20), HOUR / 6)
    alone, both = (
        check_roster(
            flat(7).agents, flat(7), load(50.0, cv=0.2), DESK, PROMISE, replications=40, deferrable=d,
            messages_within=2 * HOUR, message_share=0.02,
        )
        for d in ((), (tickets, confirm))
    )  # fmt: skip
    live = [i for i, name in enumerate(FIELDS) if name != "tasks_s"]
    np.testing.assert_array_equal(alone.counts[..., live], both.counts[..., live])
    assert both.classes == ("tickets", "confirm", "messages")
    came, late, done = np.moveaxis(both.tasks.sum(axis=(0, 1, 3)), -1, 0)
    assert came[0] / 40 == pytest.approx(48 * 20, rel=0.02) and (done + late >= 0.9 * came).all()
    assert (both.occupancy <= 1.02).all() and (both.occupancy > alone.occupancy).any()


def test_all_the_work_is_done_where_there_is_time() -> None:
    tickets = Deferrable(load(6.0, "tickets"), dt.timedelta(minutes=2), 3 * HOUR)
    seen = check_roster(
        flat(4).agents, flat(4), load(0.0), DESK, PROMISE, replications=60, deferrable=[tickets]
    )
    came, late, done = seen.tasks.sum(axis=(0, 1, 2, 3))
    assert came == pytest.approx(60 * 48 * 6, rel=0.02)
    # nothing is late; what came in the last minutes may be left
    assert late == 0 and came - done < 60 * 4
    assert seen.field("tasks_s").sum() == pytest.approx(120 * came, rel=0.03)
    assert seen.deferred_in_time == {"tickets": 1.0}


def test_one_agent_and_one_class_is_a_dam_with_a_known_overflow() -> None:
    # what is late goes last, so the work ahead never passes the limit D: a finite dam, whose content is that of M/M/1
    # given at most D; with c = mu - lambda: P(late) = (1 - rho) exp(-c D) / (1 - rho exp(-c D))
    within, rho, c = 900.0, 0.6, 1 / 120 - 9 / 1800
    tickets = Deferrable(load(9.0, "tickets"), dt.timedelta(seconds=120), dt.timedelta(seconds=within))
    day = Window.of("00:00-24:00")
    seen = check_roster(
        flat(1, day).agents, flat(1, day), load(0.0), DESK, PROMISE, replications=400, deferrable=[tickets]
    )
    far = np.exp(-c * within)
    late = 1 - seen.deferred_in_time["tickets"]
    assert late == pytest.approx((1 - rho) * far / (1 - rho * far), rel=0.06)


def test_the_required_people_do_the_other_work_in_time() -> None:
    tickets = Deferrable(load(40.0, "tickets"), dt.timedelta(minutes=2), 4 * HOUR)
    found = requirement(
        load(30.0), DESK, PROMISE, OPEN, deferrable=[tickets], messages_within=HOUR, message_share=0.3
    )
    live = requirement(load(30.0), DESK, PROMISE, OPEN, message_share=0)

    def check(need: Need) -> dict[str, float]:
        return check_roster(
            need.agents, need, load(30.0), DESK, PROMISE, replications=60, deferrable=[tickets],
            messages_within=HOUR, message_share=0.3,
        ).deferred_in_time  # fmt: skip

    assert min(check(found.need).values()) > 0.95
    assert min(check(live.need).values()) < 0.8  # without people for it, it is late


def test_messages_in_line_delay_the_morning() -> None:
    first, none = (
        check_roster(flat(6).agents, flat(6), load(30.0), DESK, PROMISE, replications=60, message_share=s)
        for s in (0.3, 0.0)
    )
    assert first.in_time[0, 0] < none.in_time[0, 0] - 0.2
    assert first.in_time[0, 10] == pytest.approx(none.in_time[0, 10], abs=0.03)


@pytest.mark.parametrize(("agents", "load_share"), [(10, 0.93), (5, 0.8), (3, 1.1)])
def test_chats_known_by_their_pace_are_near_the_formula(agents: int, load_share: float) -> None:
    desk = SpeedUps(240, (1, 1.7, 2.5), 180)
    rate = load_share * agents * desk.capacity_per_s
    need = flat(agents)
    seen = check_roster(
        need.agents, need, load(rate * 1800), desk, PROMISE, message_share=0, replications=200
    )
    came, *got = (
        seen.field(x)[:, 0, 3:-1].sum() for x in ("came", "in_time", "queued", "abandoned", "busy_s")
    )
    out = chat_steady(rate, agents, desk, 60)
    assert got[0] / came == pytest.approx(float(out.answered_within[0]), abs=0.01)
    assert got[1] / came == pytest.approx(float(out.queued), abs=0.02)
    assert got[2] / came == pytest.approx(float(out.abandoned), abs=0.01)
    assert got[3] / (200 * (need.slots - 4) * 1800 * agents) == pytest.approx(float(out.occupancy), abs=0.01)


def test_as_many_at_once_without_slowing_down_is_so_many_more_agents() -> None:
    wide, many = (
        check_roster(flat(n).agents, flat(n), load(60.0), desk, PROMISE, message_share=0, replications=100)
        for n, desk in ((4, SpeedUps(300, (1, 2, 3), 120)), (12, SpeedUps(300, (1,), 120)))
    )
    assert wide.share == pytest.approx(many.share, abs=0.01)
    assert wide.lost_enquiries[0] == pytest.approx(many.lost_enquiries[0], rel=0.06)


def test_a_desk_past_midnight_with_work_between() -> None:
    night = Window.of("20:00-02:00")
    tickets = Deferrable(load(4.0, "tickets"), dt.timedelta(minutes=2), HOUR)
    seen = check_roster(
        flat(6, night).agents, flat(6, night), load(40.0), DESK, PROMISE, replications=30, deferrable=[tickets],
        messages_within=HOUR, message_share=0.01,
    )  # fmt: skip
    assert seen.field("came").sum() / 30 == pytest.approx(12 * 40, rel=0.05)
    assert seen.tasks.shape == (30, 1, 2, 12, 3)


def test_bad_work() -> None:
    tickets = Deferrable(load(4.0, "tickets"), dt.timedelta(minutes=2), HOUR)
    other = Need((MONDAY + dt.timedelta(days=1),), OPEN, 30, np.ones((1, 25)))
    days = (MONDAY, MONDAY + dt.timedelta(days=1))
    two = Workload(days, np.zeros((2, 48)))
    with pytest.raises(EcomsimError, match=r"2026-11-10.*no contacts"):
        check_roster(other.agents, other, two, DESK, PROMISE, deferrable=[tickets])
    with pytest.raises(EcomsimError, match=r"messages_within: got 60.*timedelta"):
        check_roster(flat(2).agents, flat(2), load(1.0), DESK, PROMISE, messages_within=60)
