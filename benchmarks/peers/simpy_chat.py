"""A chat desk, reply by reply: agents hold several chats, customers think, wait and give up."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import simpy

Process = Generator[Any, Any, None]
DAY_S, SLOT_S = 86_400.0, 1_800.0


@dataclass
class Agent:
    """One person at the desk: replies one at a time, in the order customers wrote."""

    hands: simpy.Resource
    on_duty: bool = False
    chats: int = 0


@dataclass
class Tally:
    """One day's counts."""

    answered: int = 0
    live: int = 0
    in_time: int = 0
    abandoned: int = 0
    response_s: float = 0.0
    busy_s: float = 0.0
    aftersale: int = 0


@dataclass
class Desk:
    """The desk over the days; times are exponential means in seconds, `turns` a geometric one."""

    env: simpy.Environment
    rng: np.random.Generator
    concurrency: int
    work_s: float
    think_s: float
    turns: float
    patience_s: float
    within_s: float
    agents: list[Agent] = field(default_factory=list)
    line: deque[tuple[simpy.Event, float, bool]] = field(default_factory=deque)
    later: deque[simpy.Event] = field(default_factory=deque)
    today: Tally = field(default_factory=Tally)

    def staff(self, wanted: float) -> None:
        """Put `wanted` agents on duty; a fraction is one agent more with that probability."""
        count = int(wanted) + (self.rng.random() < wanted - int(wanted))
        while len(self.agents) < count:
            self.agents.append(Agent(simpy.Resource(self.env, 1)))
        for i, agent in enumerate(self.agents):
            agent.on_duty = i < count  # who leaves finishes the chats in hand and takes no new one
        self._fill()

    @property
    def open(self) -> bool:
        """Whether anybody is on duty."""
        return any(agent.on_duty for agent in self.agents)

    def ask(self, told: Callable[[float | None], None], *, message: bool = False) -> Process:
        """Go through one pre-sale chat; `told` gets the seconds to the first reply, or None for no reply.

        A `message` was left while the desk was closed: its writer is not at the screen and does not give up.
        """
        came = self.env.now
        turn = self.env.event()
        self.line.append((turn, came, message))
        self._fill()
        if not turn.triggered:
            if message:
                yield turn
                if turn.value is None:
                    return
            else:
                yield turn | self.env.timeout(self.rng.exponential(self.patience_s))
                if not turn.triggered:
                    self.line.remove((turn, came, message))
                    self.today.abandoned += 1
                    told(None)
                    return
        yield from self._talk(turn.value, lambda: self._first(came, message, told))

    def drop_stale(self, before: float) -> None:
        """Give up messages left before this time."""
        for entry in [e for e in self.line if e[2] and e[1] < before]:
            self.line.remove(entry)
            self.today.abandoned += 1
            entry[0].succeed(None)

    def after_sale(self) -> Process:
        """Go through one after-sale chat: it waits until nobody new is waiting."""
        turn = self.env.event()
        self.later.append(turn)
        self._fill()
        yield turn
        self.today.aftersale += 1
        yield from self._talk(turn.value, lambda: None)

    def _first(self, came: float, message: bool, told: Callable[[float | None], None]) -> None:
        waited = self.env.now - came
        self.today.answered += 1
        if message:
            return
        self.today.live += 1
        self.today.in_time += waited <= self.within_s
        self.today.response_s += waited
        told(waited)

    def _talk(self, agent: Agent, first: Callable[[], None]) -> Process:
        replies = self.rng.geometric(1.0 / self.turns)
        for reply in range(replies):
            with agent.hands.request() as mine:
                yield mine
                work = self.rng.exponential(self.work_s)
                yield self.env.timeout(work)
                self.today.busy_s += work
            if reply == 0:
                first()
            if reply < replies - 1:
                yield self.env.timeout(self.rng.exponential(self.think_s))
        agent.chats -= 1
        self._fill()

    def _fill(self) -> None:
        """Give waiting chats to the agents with fewest, new askers before after-sale."""
        while self.line or self.later:
            free = [a for a in self.agents if a.on_duty and a.chats < self.concurrency]
            if not free:
                return
            agent = min(free, key=lambda a: a.chats)
            turn = self.line.popleft()[0] if self.line else self.later.popleft()
            agent.chats += 1
            turn.succeed(agent)
