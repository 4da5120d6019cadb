"""The chat desk as the simulated day uses it: a table by agents and arrivals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ecomsim.checks import EcomsimError, require_number
from ecomsim.formulas.arrays import Floats, aligned, checked
from ecomsim.formulas.chat import ChatDesk, chat_steady

__all__ = ["ChatTable", "chat_table"]


@dataclass(frozen=True)
class ChatTable:
    """Steady states of one desk, for every headcount and every load from none to infinite.

    Row i is i + 1 agents. Column j is the relative load ``u = j / (points - 1)`` with
    ``u = arrivals / (arrivals + agents * capacity)``: one half means arrivals equal what the agents can
    finish, one means infinitely many. So no load falls off the table, and a kernel finds its
    cell without searching.

    Attributes
    ----------
    desk, answer_within_s, slot_s : what the table was made for.
    capacity_per_slot : most chats one agent finishes in a slot.
    answered_within : share of arrivals with a first answer within `answer_within_s`; (agents, points).
    first_response_s : mean seconds to the first answer, of those answered; (agents, points).
    abandoned : share of arrivals leaving unanswered; (agents, points).
    occupancy : share of agents' time spent writing; (agents, points).
    """

    desk: ChatDesk
    answer_within_s: float
    slot_s: float
    capacity_per_slot: float
    answered_within: Floats
    first_response_s: Floats
    abandoned: Floats
    occupancy: Floats

    def lookup(
        self, agents: ArrayLike, arrivals_per_slot: ArrayLike
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """Return (answered_within, first_response_s, abandoned, occupancy), bilinear in agents and load.

        Parameters
        ----------
        agents : array_like
            Agents on duty after shrinkage, at least 0, need not be whole. Above the table's most, its last
            row at the same relative load; below one, the first row.
        arrivals_per_slot : array_like
            Chats offered in the slot, backlog included; broadcasts with `agents`.

        Notes
        -----
        Nobody on duty: all stay unanswered. No arrivals: the pace of an idle desk.
        """
        n, load = aligned(
            ("agents", checked(agents, "agents", low=0)),
            ("arrivals_per_slot", checked(arrivals_per_slot, "arrivals_per_slot", low=0)),
        )
        rows, points = self.abandoned.shape
        room = n * self.capacity_per_slot
        u = np.where(load > 0, load / np.where(load + room > 0, load + room, 1.0), 0.0)
        x = u * (points - 1)
        j = np.minimum(x.astype(np.int64), points - 2)
        fx = x - j
        y = np.clip(n - 1, 0, rows - 1)
        i = np.minimum(y.astype(np.int64), max(rows - 2, 0))
        fy = y - i
        up = np.minimum(i + 1, rows - 1)

        def blend(table: Floats) -> Floats:
            low = table[i, j] * (1 - fx) + table[i, j + 1] * fx
            high = table[up, j] * (1 - fx) + table[up, j + 1] * fx
            return np.asarray(low * (1 - fy) + high * fy)

        return (
            blend(self.answered_within),
            blend(self.first_response_s),
            blend(self.abandoned),
            blend(self.occupancy),
        )


def chat_table(
    agents_max: int,
    desk: ChatDesk,
    *,
    answer_within_s: float = 60.0,
    slot_s: float = 1800.0,
    points: int = 97,
) -> ChatTable:
    """Return the table of `chat_steady` for 1..agents_max agents; pure, so it can be cached by its arguments.

    Parameters
    ----------
    agents_max : int
        Most agents on duty in any slot, at least 1.
    desk : ChatDesk
        How one agent chats.
    answer_within_s : float
        Answer time asked for.
    slot_s : float
        Length of a slot (half an hour).
    points : int
        Loads a row, at least 3.

    Examples
    --------
    >>> table = chat_table(12, ChatDesk(3, 25, 45, 6, 180))
    >>> in_time, first, left, busy = table.lookup([6, 12], 50)
    >>> bool(in_time[0] < in_time[1]), bool(left[0] > left[1])
    (True, True)
    """
    rows = int(require_number(agents_max, "agents_max", low=1, high=5000))
    if points < 3:
        raise EcomsimError("points", str(points), "a whole number of at least 3", "Leave it at 97")
    require_number(slot_s, "slot_s", low=0, open_low=True, unit="seconds")
    require_number(answer_within_s, "answer_within_s", low=0, unit="seconds")
    u = np.arange(points) / (points - 1)
    ratio = u[:-1] / (1 - u[:-1])
    tables = [np.empty((rows, points)) for _ in range(4)]
    for n in range(1, rows + 1):
        out = chat_steady(ratio * n * desk.capacity_per_s, n, desk, answer_within_s)
        row = (out.answered_within[:, 0], out.first_response_s, out.abandoned, out.occupancy)
        for table, values in zip(tables, row, strict=True):
            table[n - 1, :-1] = values
    # Infinite load: nobody in time, all but a finite number leave, agents always full.
    limits = (0.0, None, 1.0, float(desk.busy_share[-1]))
    for table, limit in zip(tables, limits, strict=True):
        table[:, -1] = table[:, -2] if limit is None else limit
        table.setflags(write=False)
    return ChatTable(
        desk=desk,
        answer_within_s=float(answer_within_s),
        slot_s=float(slot_s),
        capacity_per_slot=desk.capacity_per_s * slot_s,
        answered_within=tables[0],
        first_response_s=tables[1],
        abandoned=tables[2],
        occupancy=tables[3],
    )
