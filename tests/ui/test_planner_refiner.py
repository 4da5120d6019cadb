"""The worker behind the levers: the newest question wins, finer when it is quiet, faults are shown."""

from __future__ import annotations

import threading
import time

from ecomsim.ui.refiner import PIECES, Refiner


def settle(refiner: Refiner, seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while refiner.busy and time.monotonic() < end:
        time.sleep(0.002)
    assert not refiner.busy


def test_pieces_follow_one_another_without_overlap_in_whole_blocks() -> None:
    assert [first + count for first, count in PIECES] == [PIECES[1][0], PIECES[2][0], 1000]
    assert all(first % 64 == 0 for first, _ in PIECES)


def test_a_question_is_answered_piece_by_piece() -> None:
    shown = []
    refiner: Refiner = Refiner(
        lambda q, piece, stale: (q, piece), lambda q, a, last: shown.append((a, last)), _no_fault, quiet_s=0.0
    )
    refiner.ask("a")
    settle(refiner)
    assert shown == [(("a", 0), False), (("a", 1), False), (("a", 2), True)]
    refiner.close()


def test_dragging_shows_first_pieces_only_and_queues_nothing() -> None:
    shown: list[tuple[int, int]] = []
    begun: list[int] = []

    def work(question: int, piece: int, stale) -> tuple[int, int]:
        begun.append(question)
        time.sleep(0.01)
        return question, piece

    refiner: Refiner = Refiner(work, lambda q, a, last: shown.append(a), _no_fault, quiet_s=0.1)
    for question in range(60):
        refiner.ask(question)
        time.sleep(0.002)
    settle(refiner)
    assert shown[-1] == (59, 2), "the last question is answered to its end"
    refined = {question for question, piece in shown if piece}
    assert refined == {59}, "nothing that was overtaken is refined"
    assert [q for q, _ in shown] == sorted(q for q, _ in shown), "nothing older follows something newer"
    assert len(set(begun)) < 60, "questions nobody waits for are not begun"
    refiner.close()


def test_work_under_way_is_given_up_when_a_newer_question_comes() -> None:
    inside, given_up = threading.Event(), threading.Event()
    shown = []

    def work(question: str, piece: int, stale) -> tuple[str, int]:
        if question == "old" and piece == 1:
            inside.set()
            try:
                for _ in range(1000):
                    time.sleep(0.002)
                    stale()
            except BaseException:
                given_up.set()
                raise
        return question, piece

    refiner: Refiner = Refiner(work, lambda q, a, last: shown.append(a), _no_fault, quiet_s=0.0)
    refiner.ask("old")
    assert inside.wait(2)
    refiner.ask("new")
    assert given_up.wait(2)
    settle(refiner)
    assert ("old", 1) not in shown and shown[-1] == ("new", 2)
    refiner.close()


def test_an_answer_posted_late_never_covers_a_newer_one() -> None:
    posted, shown = [], []
    refiner: Refiner = Refiner(
        lambda q, piece, stale: q, lambda q, a, last: shown.append(a), _no_fault, post=posted.append,
        pieces=1, quiet_s=0.0,
    )  # fmt: skip
    for question in ("old", "new"):
        refiner.ask(question)
        settle(refiner)
    assert len(posted) == 2
    posted[1]()
    posted[0]()
    assert shown == ["new"]
    refiner.close()


def test_a_fault_is_shown_and_the_worker_goes_on() -> None:
    told, shown = [], []

    def work(question: int, piece: int, stale) -> int:
        if question == 0:
            raise ValueError("no")
        return question

    refiner: Refiner = Refiner(
        work, lambda q, a, last: shown.append(a), lambda q, fault: told.append((q, str(fault))), pieces=1
    )
    refiner.ask(0)
    settle(refiner)
    refiner.ask(1)
    settle(refiner)
    assert told == [(0, "no")] and shown == [1]
    refiner.close()


def _no_fault(question: object, fault: BaseException) -> None:
    raise AssertionError(fault)
