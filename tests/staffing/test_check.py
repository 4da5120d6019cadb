"""The event simulation of a roster against formulas, bookkeeping and a SimPy desk with the same distributions."""

from __future__ import annotations

import datetime as dt
import time

import numpy as np
import pytest

from benchmarks.staffing.simpy_desk import simpy_desk
from ecomsim.checks import EcomsimError
from ecomsim.formulas.abandonment import erlang_a
from ecomsim.formulas.chat import ChatDesk, chat_steady
from ecomsim.formulas.chat_levels import SpeedUps
from ecomsim.staffing import (
    Conduct,
    Need,
    Promise,
    Window,
    Workload,
    Worth,
    check_roster,
    people_worth,
    requirement,
)
from ecomsim.store import AnswerCurve

MONDAY = dt.date(2026, 11, 9)
DAY = Window.of("08:00-20:00")
DESK = ChatDesk(3, 25, 45, 6, 180)
PHONE = SpeedUps(180, (1.0,), 120)
PROMISE = Promise(0.8, dt.timedelta(minutes=1))
WORTH = Worth(0.4, 100.0, AnswerCurve(0.25, 300.0), margin=0.3, wage_hour=30.0)


def steady(agents: int, contacts: float, days: int = 1) -> tuple[Need, Workload]:
    dates = tuple(MONDAY + dt.timedelta(days=i) for i in range(days))
    need = Need(dates, DAY, 30, np.full((days, 24), agents))
    return need, Workload(dates, np.full((days, 48), contacts))


def check(need: Need, load: Workload, desk: ChatDesk | SpeedUps, **options: object):
    return check_roster(need.agents, need, load, desk, PROMISE, message_share=0, **options)


def test_a_telephone_desk_is_erlang_a() -> None:
    need, load = steady(12, 120.0)
    seen = check(need, load, PHONE, replications=400)
    a = erlang_a(120 / 1800, 12, 180, 120, 60)
    rest = seen.frame().iloc[4:]
    assert rest["in_time"].mean() == pytest.approx(float(a.answered_within), abs=0.004)
    assert rest["abandoned"].mean() / 120 == pytest.approx(float(a.abandoned), abs=0.003)
    assert rest["occupancy"].mean() == pytest.approx(float(a.occupancy), abs=0.005)


@pytest.mark.parametrize(("concurrency", "agents", "load"), [(3, 10, 0.9), (5, 6, 0.8), (2, 4, 1.1)])
def test_a_chat_desk_is_near_its_formula(concurrency: int, agents: int, load: float) -> None:
    desk = ChatDesk(concurrency, 25, 45, 6, 180)
    rate = load * agents * desk.capacity_per_s
    need, contacts = steady(agents, rate * 1800)
    rest = check(need, contacts, desk, replications=150).frame().iloc[4:-1]
    out = chat_steady(rate, agents, desk, 60)
    assert rest["in_time"].mean() == pytest.approx(float(out.answered_within[0]), abs=0.02)
    assert rest["first_response_s"].mean() == pytest.approx(float(out.first_response_s), rel=0.05)
    assert rest["occupancy"].mean() == pytest.approx(float(out.occupancy), abs=0.01)


def test_every_contact_is_answered_or_lost() -> None:
    need, load = steady(5, 60.0, days=2)
    agents = need.agents.copy()
    agents[:, 8:12] = 2  # lunch
    seen = check_roster(agents, need, load, DESK, PROMISE, message_share=0.05, replications=30, worth=WORTH)
    came, answered, gone, left = (seen.field(x) for x in ("came", "answered", "abandoned", "left_waiting"))
    np.testing.assert_array_equal(
        came.sum(axis=2), answered.sum(axis=2) + gone.sum(axis=2) + left.sum(axis=2)
    )
    assert (seen.in_time[:, 8:12] < seen.in_time[:, 2:6].min()).all()
    np.testing.assert_allclose(seen.lost_enquiries, (gone + left).mean(axis=0).sum(axis=1))
    # nobody loses more than those never answered would
    assert (seen.lost_orders < 0.4 * 0.75 * came.mean(axis=0).sum(axis=1)).all()
    assert seen.field("messages").sum() > 0  # from the night before


def test_the_required_people_pass_and_one_fewer_fails() -> None:
    load = Workload((MONDAY,), np.full((1, 48), 55.0))
    need = requirement(load, DESK, PROMISE, DAY, message_share=0).need
    enough = check(need, load, DESK, replications=300)
    fewer = check(need.with_agents(need.agents - 1), load, DESK, replications=300)
    assert enough.share >= 0.79 and fewer.share < 0.79
    assert enough.in_time.min() >= 0.75


def test_same_customers_for_every_roster_and_every_seed_its_own() -> None:
    need, load = steady(6, 50.0)
    one, same, other = (check(need, load, DESK, replications=20, seed=s) for s in (7, 7, 8))
    np.testing.assert_array_equal(one.counts, same.counts)
    assert (one.counts != other.counts).any()
    more = check(need.with_agents(need.agents + 1), load, DESK, replications=20)
    np.testing.assert_array_equal(one.field("came"), more.field("came"))
    assert more.share > one.share


def test_days_differ_as_told() -> None:
    need, load = steady(30, 60.0)
    varied = Workload(load.days, load.contacts, 0.3)
    days = check(need, varied, DESK, replications=800).field("came").sum(axis=2).ravel()
    assert days.mean() == pytest.approx(24 * 60, rel=0.04)
    assert days.std() / days.mean() == pytest.approx(np.hypot(0.3, 1 / np.sqrt(24 * 60)), abs=0.03)


def test_conduct_costs_service() -> None:
    need, load = steady(8, 60.0)
    agents = need.agents.copy()
    agents[:, ::4] = 6
    plain, absent, late = (
        check_roster(agents, need, load, DESK, PROMISE, message_share=0, replications=100, conduct=c).share
        for c in (
            Conduct(),
            Conduct(absent=0.15),
            Conduct(early_leave=dt.timedelta(minutes=10), late_back=dt.timedelta(minutes=5)),
        )
    )
    assert absent < plain - 0.02 and late < plain


def test_one_more_person_is_worth_what_the_money_says() -> None:
    need, load = steady(5, 60.0)
    table = people_worth(
        need.agents, need, load, DESK, PROMISE, WORTH, changes=(-2, 1, 6), message_share=0, replications=60
    )
    assert list(table.index) == [-2, 0, 1, 6] and table.loc[0, "gain"] == 0
    assert (np.diff(table["in_time"]) > 0).all() and (np.diff(table["lost_sales"]) < 0).all()
    assert table.loc[1, "wages"] - table.loc[0, "wages"] == pytest.approx(12 * 30)
    assert table.loc[1, "gain"] == pytest.approx(
        0.3 * (table.loc[0, "lost_sales"] - table.loc[1, "lost_sales"]) - 360
    )


def test_nobody_comes_and_nobody_is_there() -> None:
    need, load = steady(3, 0.0)
    seen = check(need, load, DESK, replications=5)
    assert seen.share == 0 and (seen.in_time == 1).all() and seen.lost_enquiries.sum() == 0
    need, load = steady(0, 10.0)
    empty = check(need, load, DESK, replications=5)
    assert empty.share == 0 and empty.lost_enquiries[0] == pytest.approx(240, rel=0.1)


def test_as_simpy_with_equal_distributions_and_much_faster() -> None:
    need, load = steady(12, 130.0)
    start = time.process_time()
    came, share = simpy_desk(6, 130 / 1800, 12, PHONE, 12, seed=3)
    theirs = came / (time.process_time() - start)
    check(need, load, PHONE, replications=2)
    start = time.process_time()
    seen = check(need, load, PHONE, replications=400)
    ours = seen.field("came").sum() / (time.process_time() - start)
    assert share == pytest.approx(seen.share, abs=0.02)
    assert ours >= 50 * theirs


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"replications": 0}, "replications"),
        ({"message_share": 20}, r"message_share.*did you mean 0\.2"),
        ({"seed": -1}, "seed"),
    ],
)
def test_bad_options(options: dict[str, object], says: str) -> None:
    need, load = steady(3, 5.0)
    with pytest.raises(EcomsimError, match=says):
        check_roster(need.agents, need, load, DESK, PROMISE, **options)


def test_bad_rosters() -> None:
    need, load = steady(3, 5.0)
    with pytest.raises(EcomsimError, match=r"on_duty: got shape \(1, 3\)"):
        check_roster([[1, 2, 3]], need, load, DESK, PROMISE)
    other = Workload((MONDAY + dt.timedelta(days=3),), load.contacts)
    with pytest.raises(EcomsimError, match=r"2026-11-09.*no contacts for this day"):
        check_roster(need.agents, need, other, DESK, PROMISE)
    with pytest.raises(EcomsimError, match=r"conduct.early_leave: got 5.*timedelta"):
        Conduct(early_leave=5)
    with pytest.raises(EcomsimError, match="Pass worth="):
        _ = check(need, load, DESK, replications=2).lost_sales
