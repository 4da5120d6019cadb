"""A chat desk known only by how much faster an agent is with several chats open."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ecomsim.checks import EcomsimError, EcomsimWarning, require_number
from ecomsim.formulas.arrays import Floats, checked
from ecomsim.formulas.chat import ChatDesk

__all__ = ["SpeedUps", "counted_when_taken"]


@dataclass(frozen=True)
class SpeedUps:
    """Chats an agent finishes with 1, 2, ... open, against one at a time; answered means taken by an agent.

    One entry is an ordinary telephone or ticket desk: Erlang A.

    Attributes
    ----------
    handle_s : mean length of a chat handled alone, in seconds.
    factors : (K,) pace with 1..K chats open; the first is 1.
    patience_s : how long a customer without an agent stays.

    Warns
    -----
    EcomsimWarning
        Where one more chat makes an agent slower in all: then fewer at once are better.

    Examples
    --------
    >>> SpeedUps(240, (1, 1.7, 2.5), 180).completions_per_s * 240
    array([0. , 1. , 1.7, 2.5])
    """

    handle_s: float
    factors: tuple[float, ...]
    patience_s: float

    def __post_init__(self) -> None:
        require_number(self.handle_s, "chat.handle_s", low=0, open_low=True, unit="seconds")
        require_number(self.patience_s, "chat.patience_s", low=0, open_low=True, unit="seconds")
        pace = checked(self.factors, "chat.factors", low=0, open_low=True)
        if pace.ndim != 1 or pace.size == 0 or abs(pace[0] - 1) > 1e-12:
            raise EcomsimError("chat.factors", str(self.factors), "paces for 1, 2, ... chats, the first 1")
        if (np.diff(pace) < 0).any():
            best = int(pace.argmax()) + 1
            warnings.warn(
                f"chat.factors: with {pace.size} chats open an agent finishes {pace[-1]:g} times as many as with "
                f"one, with {best} {pace.max():g} times. Let agents hold at most {best}.",
                EcomsimWarning,
                stacklevel=3,
            )

    @property
    def concurrency(self) -> int:
        """Most chats an agent holds at once."""
        return len(self.factors)

    @property
    def completions_per_s(self) -> Floats:
        """Chats finished a second by an agent holding k = 0..K chats."""
        return np.asarray(np.array((0.0, *self.factors)) / self.handle_s)

    @property
    def busy_share(self) -> Floats:
        """Share of time at work of an agent holding k = 0..K chats: all of it while any is open."""
        return np.asarray(np.minimum(np.arange(self.concurrency + 1.0), 1.0))

    @property
    def capacity_per_s(self) -> float:
        """Most chats one agent finishes a second."""
        return float(self.completions_per_s[-1])

    def answered_by(self, k: int, seconds: ArrayLike) -> Floats:
        """Return 1: a chat taken by an agent counts as answered."""
        return np.ones_like(np.asarray(seconds, dtype=np.float64))

    def first_reply_s(self, k: int) -> float:
        """Return 0: nothing is known of the reply itself."""
        return 0.0


def counted_when_taken(desk: ChatDesk) -> SpeedUps:
    """Return the same desk where a chat counts as answered once an agent takes it, before the first reply is written.

    Examples
    --------
    >>> desk = ChatDesk(3, 25, 45, 6, 180)
    >>> bool(np.allclose(counted_when_taken(desk).completions_per_s, desk.completions_per_s))
    True
    """
    pace = desk.completions_per_s
    return SpeedUps(float(1 / pace[1]), tuple(float(x / pace[1]) for x in pace[1:]), desk.patience_s)
