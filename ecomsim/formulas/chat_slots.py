"""The chat desk as the simulated day uses it: a table by agents and arrivals, and a slot recursion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ecomsim.checks import EcomsimError, require_number
from ecomsim.formulas.arrays import Floats, checked
from ecomsim.formulas.chat import ChatDesk, chat_steady

__all__ = ["ChatTable", "SlotFlow", "chat_table", "slot_flow"]


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
        n, load = np.broadcast_arrays(
            checked(agents, "agents", low=0), checked(arrivals_per_slot, "arrivals_per_slot", low=0)
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


@dataclass(frozen=True)
class SlotFlow:
    """A day of slots; last axis = slot.

    Attributes
    ----------
    offered : opening backlog plus arrivals.
    served : chats finished.
    left : chats given up at the end of the slot.
    backlog : chats carried into the next slot.
    """

    offered: Floats
    served: Floats
    left: Floats
    backlog: Floats


def slot_flow(
    arrivals: ArrayLike, capacity: ArrayLike, *, opening_backlog: ArrayLike = 0.0, stay_share: ArrayLike = 1.0
) -> SlotFlow:
    """Return the fluid carry-over of unanswered contacts from slot to slot.

    Parameters
    ----------
    arrivals, capacity : array_like
        Contacts arriving and most contacts finished, a slot; last axis = slot, at least 0.
    opening_backlog : array_like
        Waiting as the first slot opens (overnight messages); shape without the slot axis.
    stay_share : array_like
        Share of the unserved who still want an answer in the next slot, 0 to 1; broadcasts with `arrivals`.

    Notes
    -----
    ``served = min(backlog + arrivals, capacity)``; of the rest `stay_share` is carried over and the others
    leave, so ``opening + arrivals = served + left + closing`` holds exactly in every slot. A slot is too
    short for a steady state when load and capacity differ: this recursion carries what `ChatTable` cannot.

    Examples
    --------
    >>> flow = slot_flow([5, 10, 2], [4, 8, 8], opening_backlog=1)
    >>> flow.served, flow.backlog
    (array([4., 8., 6.]), array([2., 4., 0.]))
    """
    a, c, stay = np.broadcast_arrays(
        checked(arrivals, "arrivals", low=0),
        checked(capacity, "capacity", low=0),
        checked(stay_share, "stay_share", low=0, high=1),
    )
    if a.ndim == 0:
        raise EcomsimError(
            "arrivals", "a single number", "at least one axis, the slots of the day", "Give a list"
        )
    waiting = np.broadcast_to(checked(opening_backlog, "opening_backlog", low=0), a.shape[:-1])
    offered, served, left, backlog = (np.empty(a.shape) for _ in range(4))
    for h in range(a.shape[-1]):
        offered[..., h] = waiting + a[..., h]
        served[..., h] = np.minimum(offered[..., h], c[..., h])
        unserved = offered[..., h] - served[..., h]
        backlog[..., h] = unserved * stay[..., h]
        left[..., h] = unserved - backlog[..., h]
        waiting = backlog[..., h]
    return SlotFlow(offered=offered, served=served, left=left, backlog=backlog)
