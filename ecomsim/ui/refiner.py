"""Work that is asked for faster than it can be done: the newest question first, finer answers when it is quiet."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["PIECES", "Refiner", "Stale"]

PIECES = ((0, 192), (192, 320), (512, 488))
"""First replication and how many, piece by piece: about 200, 500 and 1,000 in all, nothing computed twice."""

Q = TypeVar("Q")
A = TypeVar("A")


class Stale(Exception):  # noqa: N818 - it is news, no error
    """Raised within the work when a newer question has come: nobody waits for this one."""


class Refiner(Generic[Q, A]):
    """A worker thread that answers the newest question, piece by piece.

    Parameters
    ----------
    work : called on the worker with (question, piece, stale); returns the answer with all pieces up to this one.
        It should call `stale()` now and then, which raises `Stale` once a newer question has come
    show : called with (question, answer, is_last) through `post`
    fail : called with (question, fault) through `post`
    post : runs a function where widgets may be touched; directly by default
    pieces : how many pieces an answer has
    quiet_s : how long no newer question must come before the second piece is begun
    """

    def __init__(
        self,
        work: Callable[[Q, int, Callable[[], None]], A],
        show: Callable[[Q, A, bool], object],
        fail: Callable[[Q, BaseException], object],
        *,
        post: Callable[[Callable[[], object]], object] | None = None,
        pieces: int = len(PIECES),
        quiet_s: float = 0.15,
    ) -> None:
        self._work, self._show, self._fail = work, show, fail
        self._post = post or (lambda act: act())
        self._pieces, self._quiet_s = pieces, quiet_s
        self._wake = threading.Condition()
        self._waiting: list[Q] = []  # the newest question, or nothing
        self._asked = 0
        self._shown = 0
        self._closed = False
        self._thread: threading.Thread | None = None

    def ask(self, question: Q) -> None:
        """Ask; a question not begun yet is forgotten, one under way is given up."""
        with self._wake:
            if self._closed:
                return
            self._waiting[:] = [question]
            self._asked += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="ecomsim-refiner", daemon=True)
                self._thread.start()
            self._wake.notify_all()

    def close(self) -> None:
        """Stop the worker after what it is doing."""
        with self._wake:
            self._closed = True
            self._asked += 1
            self._wake.notify_all()

    @property
    def busy(self) -> bool:
        """Whether the newest question is not answered to its last piece."""
        with self._wake:
            return self._asked != self._shown and not self._closed

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: bool(self._waiting) or self._closed)
                if self._closed:
                    return
                question, number = self._waiting.pop(), self._asked
            self._answer(question, number)

    def _answer(self, question: Q, number: int) -> None:
        def stale() -> None:
            if self._asked != number:
                raise Stale

        def told(act: Callable[[], object]) -> Callable[[], object]:
            # What was posted may run late: a newer answer on the screen is never overwritten by an older one.
            return lambda: act() if self._shown <= number else None

        try:
            for piece in range(self._pieces):
                if piece == 1 and self._newer_within(self._quiet_s, number):
                    return
                # The first piece is always finished: dragging shows a picture for every answer that is begun.
                answer = self._work(question, piece, stale if piece else _never)
                last = piece == self._pieces - 1
                if piece:
                    stale()
                if last:
                    with self._wake:
                        self._shown = number
                self._post(told(lambda answer=answer, last=last: self._show(question, answer, last)))  # type: ignore[misc]
        except Stale:
            return
        except Exception as fault:
            with self._wake:
                self._shown = max(self._shown, number)
            broken = fault  # the name `fault` ends with this block
            self._post(told(lambda: self._fail(question, broken)))

    def _newer_within(self, seconds: float, number: int) -> bool:
        with self._wake:
            return self._wake.wait_for(lambda: self._asked != number, timeout=seconds)


def _never() -> None:
    """Return: the first piece is not given up."""
