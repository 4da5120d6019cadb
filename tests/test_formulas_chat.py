"""The chat desk against Erlang A, product-form sums by hand and an event simulation of every single reply."""

from __future__ import annotations

import heapq
import time

import numpy as np
import pytest

from ecomsim.checks import EcomsimError
from ecomsim.formulas.abandonment import erlang_a
from ecomsim.formulas.chat import ChatDesk, chat_steady
from ecomsim.formulas.chat_slots import chat_table

DESK = ChatDesk(concurrency=3, work_s=25, think_s=45, turns=6, patience_s=180)


def simulate(
    rate: float, agents: int, desk: ChatDesk, chats: int, seed: int
) -> tuple[float, float, float, float]:
    """Every reply as an event. Returns (abandoned, answered in 60 s, mean first response, occupancy)."""
    rng = np.random.default_rng(seed)
    draws = iter(rng.exponential(size=40 * chats).tolist())
    coins = iter(rng.random(size=20 * chats).tolist())
    open_chats = [0] * agents
    owed: list[list[tuple[float, bool]]] = [[] for _ in range(agents)]  # (since, first reply?)
    line: list[tuple[float, float]] = []  # (arrived, gives up at)
    head, warm = 0, chats // 20
    events: list[tuple[float, int, int]] = [(next(draws) / rate, 0, 0)]
    arrived = abandoned = in_time = answered = 0
    total = work = now = 0.0

    def post(agent: int, since: float, first: bool) -> None:
        owed[agent].append((since, first))
        if len(owed[agent]) == 1:
            start(agent)

    def start(agent: int) -> None:
        nonlocal work
        length = next(draws) * desk.work_s
        work += length
        heapq.heappush(events, (now + length, 1, agent))

    count = 0
    while count < chats:
        now, kind, agent = heapq.heappop(events)
        if kind == 0:
            count += 1
            heapq.heappush(events, (now + next(draws) / rate, 0, 0))
            arrived += count > warm
            least = min(range(agents), key=open_chats.__getitem__)
            if open_chats[least] < desk.concurrency and head == len(line):
                open_chats[least] += 1
                post(least, now, True)
            else:
                line.append((now, now + next(draws) * desk.patience_s))
        elif kind == 2:
            post(agent, now, False)
        else:
            since, first = owed[agent].pop(0)
            if first and count > warm:
                answered += 1
                total += now - since
                in_time += now - since <= 60
            if next(coins) < 1 / desk.turns:
                open_chats[agent] -= 1
                while head < len(line):
                    came, until = line[head]
                    head += 1
                    if until < now:
                        abandoned += count > warm
                        continue
                    open_chats[agent] += 1
                    owed[agent].append((came, True))
                    break
            else:
                heapq.heappush(events, (now + next(draws) * desk.think_s, 2, agent))
            if owed[agent]:
                start(agent)
    return abandoned / arrived, in_time / arrived, total / answered, work / now / agents


@pytest.mark.parametrize(
    ("concurrency", "agents", "load"),
    [(3, 10, 0.93), (3, 10, 0.75), (5, 10, 0.9), (2, 4, 1.2), (3, 20, 1.0), (4, 1, 0.6), (1, 6, 0.85)],
)
def test_against_every_reply_simulated(concurrency: int, agents: int, load: float) -> None:
    desk = ChatDesk(concurrency, work_s=25, think_s=45, turns=6, patience_s=180)
    rate = load * agents * desk.capacity_per_s
    left, in_time, first, busy = simulate(rate, agents, desk, 12_000, seed=concurrency * 100 + agents)
    out = chat_steady(rate, agents, desk)
    assert float(out.answered_within[0]) == pytest.approx(in_time, abs=0.03)
    assert float(out.abandoned) == pytest.approx(left, abs=0.02)
    assert float(out.first_response_s) == pytest.approx(first, rel=0.08)
    assert float(out.occupancy) == pytest.approx(busy, abs=0.025)


def test_one_chat_at_a_time_is_erlang_a() -> None:
    desk = ChatDesk(1, work_s=30, think_s=0, turns=1, patience_s=90)
    rates = np.array([0.05, 0.25, 0.4])
    out = chat_steady(rates, 8, desk)
    a = erlang_a(rates, 8, 30, 90)
    np.testing.assert_allclose(out.queued, a.waits, atol=1e-12)
    np.testing.assert_allclose(out.abandoned, a.abandoned, atol=1e-12)
    np.testing.assert_allclose(out.occupancy, a.occupancy, atol=1e-12)
    assert (out.first_response_s > 30).all()


def test_closed_network_by_hand() -> None:
    # Two chats, work 10, pause 20 * 1/2 = 10: states (0,1,2 owed) weigh 1 : 2*1 : 2*1*1 -> idle 1/5.
    desk = ChatDesk(2, work_s=10, think_s=20, turns=2, patience_s=60)
    np.testing.assert_allclose(desk.busy_share, [0, 0.5, 0.8])
    np.testing.assert_allclose(desk.completions_per_s, [0, 0.025, 0.04])
    np.testing.assert_allclose(desk.reply_s, [0, 10, 15])
    np.testing.assert_allclose(desk.ahead(0), [1])
    np.testing.assert_allclose(desk.ahead(1), [0.5, 0.5])
    # joins one chat: half the time one Erlang stage, half the time two
    t = 15.0
    expected = 0.5 * (1 - np.exp(-1.5)) + 0.5 * (1 - np.exp(-1.5) * 2.5)
    assert float(desk.answered_by(1, t)) == pytest.approx(expected, abs=1e-12)


def test_chain_by_brute_force() -> None:
    """Two agents of two chats: the chain in who holds how many, solved directly."""
    desk = ChatDesk(2, work_s=10, think_s=20, turns=2, patience_s=60)
    pace, lam, size = [0.0, 0.025, 0.04], 0.09, 120  # pace by hand above
    states = [(0, 0, 0), (0, 1, 0), (1, 1, 0), (0, 2, 0), (1, 2, 0), *((2, 2, q) for q in range(size))]
    at = {state: i for i, state in enumerate(states)}
    flow = np.zeros((len(states), len(states)))

    def move(state: tuple[int, int, int], fewer: int, more: int, waiting: int, rate: float) -> None:
        to = (min(fewer, more), max(fewer, more), waiting)
        if to in at:
            flow[at[state], at[to]] += rate
            flow[at[state], at[state]] -= rate

    for state in states:
        fewer, more, waiting = state
        move(state, fewer + (fewer < 2), more, waiting + (fewer == 2), lam)  # to the agent with fewest
        if waiting:
            move(state, 2, 2, waiting - 1, 2 * pace[2] + waiting / 60)
        else:
            move(state, fewer - 1, more, 0, pace[fewer]) if fewer else None
            move(state, fewer, more - 1, 0, pace[more]) if more else None
    balance = flow.T.copy()
    balance[-1] = 1
    p = np.linalg.solve(balance, np.eye(len(states))[-1])
    out = chat_steady(lam, 2, desk)
    full = sum(p[at[2, 2, q]] for q in range(size))
    left = sum(p[at[2, 2, q]] * q / 60 for q in range(size)) / lam
    assert float(out.queued) == pytest.approx(full, abs=3e-4)
    assert float(out.abandoned) == pytest.approx(left, abs=1e-4)


def test_monotone_in_load_and_agents() -> None:
    rates = np.linspace(0, 0.3, 40)
    seven, eight = (chat_steady(rates, n, DESK) for n in (7, 8))
    assert (np.diff(seven.abandoned) >= -1e-12).all() and (np.diff(seven.answered_within[:, 0]) <= 1e-9).all()
    assert (eight.abandoned <= seven.abandoned + 1e-12).all()
    assert seven.abandoned[0] == 0 and seven.occupancy[0] == 0


def test_work_is_conserved() -> None:
    rates = np.array([0.01, 0.05, 0.2, 3.0])
    out = chat_steady(rates, 9, DESK)
    np.testing.assert_allclose(out.occupancy * 9, rates * (1 - out.abandoned) * 6 * 25, rtol=1e-9)


def test_table_is_quick_and_close_to_the_formula() -> None:
    chat_table(2, DESK)
    best = np.inf
    for _ in range(3):
        start = time.process_time()
        table = chat_table(40, DESK)
        best = min(best, time.process_time() - start)
    assert best < 0.3
    rng = np.random.default_rng(5)
    for n in (1, 3, 17, 40):
        rates = rng.uniform(0, 3, 25) * n * DESK.capacity_per_s
        exact = chat_steady(rates, n, DESK)
        in_time, first, left, busy = table.lookup(n, rates * 1800)
        np.testing.assert_allclose(in_time, exact.answered_within[:, 0], atol=0.01)
        np.testing.assert_allclose(left, exact.abandoned, atol=0.005)
        np.testing.assert_allclose(busy, exact.occupancy, atol=0.005)
        np.testing.assert_allclose(first, exact.first_response_s, rtol=0.02)


def test_table_edges() -> None:
    table = chat_table(4, DESK, points=33)
    in_time, first, left, _ = table.lookup([0, 0, 3, 4.5, 0.5, 99], [0, 10, 0, 1e12, 5, 0])
    np.testing.assert_allclose(left, [0, 1, 0, 1, left[4], 0], atol=1e-9)
    np.testing.assert_allclose(in_time[[1, 3]], [0, 0], atol=1e-9)
    assert 0 < left[4] < 1 and np.isfinite(first).all()
    assert chat_table(1, DESK).lookup(1, 5)[0] > 0.5
    assert table.lookup(3, 36)[2] <= table.lookup(2.5, 30)[2] <= table.lookup(2, 24)[2]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("concurrency", 0, "chat.concurrency"),
        ("concurrency", 2.5, "whole number"),
        ("work_s", 0, "chat.work_s.*seconds"),
        ("turns", 0.5, "chat.turns"),
        ("patience_s", float("nan"), "chat.patience_s: got NaN"),
    ],
)
def test_bad_desk(field: str, value: float, words: str) -> None:
    good = {"concurrency": 3, "work_s": 25.0, "think_s": 45.0, "turns": 6.0, "patience_s": 180.0}
    with pytest.raises(EcomsimError, match=words):
        ChatDesk(**{**good, field: value})


def test_half_an_agent_is_refused() -> None:
    with pytest.raises(EcomsimError, match=r"agents: got 2\.5.*whole number"):
        chat_steady(0.01, 2.5, DESK)
