"""Why a need cannot be covered: which slot is short by how many, which rule stands in the way, what mends it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ecomsim.checks import EcomsimError
from ecomsim.staffing.cover import WEEK, Goal, Week, build
from ecomsim.staffing.kinds import Break, Night, ShiftKind
from ecomsim.staffing.need import Need
from ecomsim.staffing.window import clock

__all__ = ["Relaxation", "check_plan", "relaxations", "shortages"]

WIDER = 60
"""Minutes by which a window of starts or breaks is loosened when looking for what mends a plan."""


@dataclass(frozen=True)
class Relaxation:
    """A rule loosened, and what that leaves.

    Attributes
    ----------
    text : the rule and its new value
    left : agent slots that stay short
    cost : people it takes, 0 where it takes none
    """

    text: str
    left: int
    cost: float

    def __str__(self) -> str:
        return f"{self.text}: " + (f"{self.left} agent slots stay short" if self.left else "covers the need")


def shortages(need: Need, missing: NDArray[np.int64]) -> tuple[str, ...]:
    """Return a sentence for every stretch of slots short by the same number.

    Examples
    --------
    >>> from ecomsim.staffing import Window
    >>> need = Need(("2026-11-09",), Window.of("08:00-10:00"), 30, [[12, 12, 3, 3]])
    >>> shortages(need, np.array([[10, 10, 0, 0]]))
    ('Mon 2026-11-09 08:00-09:00, short 10',)
    """
    told = []
    for d in range(len(need.days)):
        slot = 0
        for value, run in itertools.groupby(missing[d].tolist()):
            length = len(list(run))
            if value:
                end = need.window.opens_min + (slot + length) * need.slot_minutes
                told.append(f"{need.slot_name(d, slot)}-{clock(end)}, short {value}")
            slot += length
    return tuple(told)


def check_plan(need: Need, kinds: Sequence[ShiftKind], week: Week | None) -> None:
    """Raise for rules that contradict themselves before anything is solved."""
    if not kinds:
        raise EcomsimError("kinds", "no shift", "at least one ShiftKind", "Say how long a shift may be")
    names = [kind.name for kind in kinds]
    for name in names:
        if names.count(name) > 1:
            raise EcomsimError("kinds", f"two shifts named '{name}'", "a name each", "Rename one")
    if week is not None and (len(need.days) != WEEK or (need.days[-1] - need.days[0]).days != WEEK - 1):
        raise EcomsimError(
            "need.days", f"{len(need.days)} days from {need.days[0]}", "seven days in a row for a week",
            "Plan the days singly with week=None",
        )  # fmt: skip
    for kind in kinds:
        kind.starts(need.window)


def _loosened(
    need: Need, kinds: Sequence[ShiftKind], week: Week | None
) -> Iterator[tuple[str, Sequence[ShiftKind], Week | None]]:
    """One rule at a time: its words, and the rules with it loosened."""
    if week is not None and week.headcount is not None:
        yield "as many people as it takes", kinds, replace(week, headcount=None)
    if week is not None and week.together:
        yield "days off apart", kinds, replace(week, together=False)
    if week is not None and week.same_start:
        yield "another start each day", kinds, replace(week, same_start=False)
    for i, kind in enumerate(kinds):
        others = list(kinds)

        def instead(new: ShiftKind, place: int = i, all_of: list[ShiftKind] = others) -> list[ShiftKind]:
            return [*all_of[:place], new, *all_of[place + 1 :]]

        if kind.at_most is not None:
            yield f"no limit on shift '{kind.name}'", instead(replace(kind, at_most=None)), week
        if week is not None and kind.days_a_week < WEEK:
            new = replace(kind, days_a_week=kind.days_a_week + 1)
            yield f"shift '{kind.name}' on {new.days_a_week} days a week", instead(new), week
        yield from _wider(need, kind, instead, week)


def _wider(
    need: Need, kind: ShiftKind, instead: Callable[[ShiftKind], list[ShiftKind]], week: Week | None
) -> Iterator[tuple[str, Sequence[ShiftKind], Week | None]]:
    starts, opens = kind.starts(need.window), need.window.opens_min
    if starts[0] > opens:
        first = opens + (starts[0] - opens) % kind.every_minutes
        new = replace(kind, first_start=clock(first))
        yield f"shift '{kind.name}' from {clock(first)}", instead(new), week
    try:
        free = replace(kind, first_start=clock(starts[0]), last_start=None).starts(need.window)
    except EcomsimError:
        free = starts
    if free[-1] > starts[-1]:
        new = replace(kind, last_start=None)
        yield f"shift '{kind.name}' starting as late as {clock(free[-1])}", instead(new), week
    for j, pause in enumerate(kind.breaks):
        before = kind.breaks[j - 1].latest_min + kind.breaks[j - 1].minutes if j else 0
        after = kind.breaks[j + 1].earliest_min if j + 1 < len(kind.breaks) else kind.minutes
        low = max(pause.earliest_min - WIDER, before)
        high = min(pause.latest_min + WIDER, after - pause.minutes)
        if (low, high) != (pause.earliest_min, pause.latest_min):
            wide = Break(pause.name, pause.minutes, low, high, pause.paid)
            new = replace(kind, breaks=(*kind.breaks[:j], wide, *kind.breaks[j + 1 :]))
            text = f"shift '{kind.name}', {pause.name} {low / 60:g} to {high / 60:g} hours after the start"
            yield text, instead(new), week


def relaxations(
    need: Need, kinds: Sequence[ShiftKind], week: Week | None, goal: Goal, night: Night | None, short: int
) -> tuple[Relaxation, ...]:
    """Return the rules that mend a plan `short` by so many agent slots, those that mend most first.

    Each rule is loosened alone and the cover solved with fractions of people, which takes a moment: what is said to
    stay short stays short, and may be a little more in whole people.
    """
    now = _left(need, kinds, week, goal, night)
    found = []
    for text, new_kinds, new_week in _loosened(need, kinds, week):
        left, people = _left(need, new_kinds, new_week, goal, night)
        if left < now[0]:
            if new_week is not None and week is not None and new_week.headcount is None and week.headcount:
                text = f"at least {people:.0f} people instead of {week.headcount}"
                found.append(Relaxation(text, left, people - week.headcount))
            else:
                found.append(Relaxation(text, left, 0.0))
    return tuple(sorted(found, key=lambda one: (one.left, one.cost)))


def _left(
    need: Need, kinds: Sequence[ShiftKind], week: Week | None, goal: Goal, night: Night | None
) -> tuple[int, float]:
    """Agent slots short at least, and people at least, when fractions of people are allowed."""
    use = Goal.HEADCOUNT if goal is Goal.CLOSEST else goal
    cover = build(need, kinds, week, use, night, elastic=True)
    answer = cover.program.solve(5.0, relaxed=True)
    if answer.values is None:
        return int(need.agents.sum()), np.inf
    fine = need.slot_minutes // cover.grid
    missing = answer.values[cover.short].reshape((*need.agents.shape, fine)).max(axis=2).sum()
    people = sum(float(answer.values[p].sum()) for p in cover.people) if week is not None else 0.0
    return int(np.ceil(missing - 1e-6)), float(np.ceil(people - 1e-6))
