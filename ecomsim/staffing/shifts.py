"""The cheapest or smallest set of shifts that covers a need, days off and staggered breaks included."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from ecomsim.checks import require_number
from ecomsim.staffing.cover import Goal, Week, build, shift_cost
from ecomsim.staffing.dealing import deal
from ecomsim.staffing.duty import Duty, desk_count
from ecomsim.staffing.infeasible import Relaxation, check_plan, relaxations, shortages
from ecomsim.staffing.kinds import Night, ShiftKind
from ecomsim.staffing.need import Agents, Need
from ecomsim.staffing.program import Answer
from ecomsim.staffing.window import DAY

__all__ = ["ShiftPlan", "plan_shifts"]

ENOUGH = 0.01
"""Gap at which the search for the plan with the fewest people missing stops."""


@dataclass(frozen=True, eq=False)
class ShiftPlan:
    """Shifts that cover a need as well as the rules allow.

    Attributes
    ----------
    need : what was to be covered
    duties : every shift with its breaks; in a week, `line` tells the person
    week, goal, night : what was asked for
    objective, bound, gap : value of the goal, what no plan can beat, and the distance between as a share
    seconds, solver : wall time and who solved it
    shortages : a sentence for every slot that stays short; empty when the need is covered
    relaxations : rules that would mend it when loosened, cheapest first
    """

    need: Need
    duties: tuple[Duty, ...]
    week: Week | None
    goal: Goal
    night: Night | None
    objective: float
    bound: float
    gap: float
    seconds: float
    solver: str
    shortages: tuple[str, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()

    @property
    def proven(self) -> bool:
        """Whether no plan is better."""
        return self.gap <= 1e-6

    @cached_property
    def on_duty(self) -> Agents:
        """People at the desk, (days, slots), breaks taken off."""
        return desk_count(self.duties, self.need, cyclic=self.week is not None)

    @property
    def shortfall(self) -> Agents:
        """People missing, (days, slots)."""
        return self.need.shortfall(self.on_duty)

    @property
    def headcount(self) -> int:
        """People: lines of a week, or shifts where days are planned singly."""
        return len({duty.line for duty in self.duties})

    @property
    def paid_hours(self) -> float:
        """Hours paid in all."""
        return sum(duty.kind.paid_hours for duty in self.duties)

    @property
    def cost(self) -> float:
        """Wages in all, money; night hours at their factor."""
        return sum(shift_cost(duty.kind, duty.start_min, self.night) for duty in self.duties)

    def frame(self) -> pd.DataFrame:
        """Return one row a shift: line, day, kind, hours, breaks, paid_hours, cost."""
        return pd.DataFrame(
            [
                {
                    "line": duty.line + 1,
                    "day": self.need.days[duty.day],
                    "kind": duty.kind.name,
                    "hours": duty.hours,
                    "breaks": duty.pauses,
                    "paid_hours": duty.kind.paid_hours,
                    "cost": shift_cost(duty.kind, duty.start_min, self.night),
                }
                for duty in sorted(self.duties, key=lambda d: (d.line, d.day))
            ],
            columns=["line", "day", "kind", "hours", "breaks", "paid_hours", "cost"],
        )

    def counts(self) -> pd.DataFrame:
        """Return how many people start each shift: rows day, columns (kind, hours)."""
        table = Counter((duty.day, f"{duty.kind.name} {duty.hours}") for duty in self.duties)
        names = sorted({name for _, name in table})
        return pd.DataFrame(
            [[table[d, name] for name in names] for d in range(len(self.need.days))],
            index=pd.Index(self.need.days, name="day"),
            columns=names,
        )

    def __repr__(self) -> str:
        short = int(self.shortfall.sum())
        told = f", short {short} agent slots" if short else ""
        return (
            f"ShiftPlan({len(self.duties)} shifts, {self.headcount} people, {self.paid_hours:,.0f} paid hours, "
            f"gap {self.gap:.2%}{told})"
        )


def plan_shifts(
    need: Need,
    kinds: Sequence[ShiftKind],
    week: Week | None = None,
    *,
    goal: Goal = Goal.HEADCOUNT,
    night: Night | None = None,
    within_s: float = 30.0,
    gap: float = 0.0,
) -> ShiftPlan:
    """Return shifts whose people at the desk are nowhere below the need, with the gap proven.

    Parameters
    ----------
    need : Need
        People by day and slot. With `week` its days are seven days in a row.
    kinds : sequence of ShiftKind
        The shifts there are: full, part-time, split.
    week : Week, optional
        Plan people over a week that repeats, days off included; else every day singly.
    goal : Goal
        HEADCOUNT (people in a week, else shifts), COST (wages) or CLOSEST (least sum of |on duty - need|, which
        may fall short of it).
    night : Night, optional
        Night hours and their wage factor.
    within_s : float
        Wall seconds to search; what is best by then is returned with its gap.
    gap : float
        Stop as soon as this gap is proven.

    Returns
    -------
    ShiftPlan
        Where the rules cannot cover the need, the plan with the fewest people missing; `shortages` names the
        slots and amounts, `relaxations` the rules that would mend it.

    Raises
    ------
    EcomsimError
        For rules that contradict themselves, naming the shift or the break.

    Examples
    --------
    >>> from ecomsim.staffing import Break, Window
    >>> need = Need(("2026-11-09",), Window.of("09:00-19:00"), 30, [[2] * 20])
    >>> plan_shifts(need, [ShiftKind("day", hours=9, breaks=(Break("meal", 60, 180, 300),))])
    ShiftPlan(4 shifts, 4 people, 32 paid hours, gap 0.00%)
    """
    start = time.perf_counter()
    kinds = tuple(kinds)
    check_plan(need, kinds, week)
    require_number(within_s, "within_s", low=0, open_low=True, unit="seconds")
    require_number(gap, "gap", low=0, high=1)
    around = need.window.closes_min - need.window.opens_min == DAY
    if week is None and not around and len(need.days) > 1:
        return _by_day(need, kinds, goal, night, within_s, gap)
    cover = build(need, kinds, week, goal, night)
    answer = cover.program.solve(0.8 * within_s, gap=gap)
    if answer.values is None and not answer.infeasible:  # too large for the time: a quarter of the starts
        few = [replace(kind, every_minutes=4 * kind.every_minutes) for kind in kinds]
        smaller = build(need, few, week, goal, night)
        found = smaller.program.solve(max(within_s - (time.perf_counter() - start), 1.0), gap=ENOUGH)
        if found.values is not None:
            cover, answer = smaller, replace(found, bound=min(answer.bound, found.objective))
    if answer.values is None:
        left = max(within_s - (time.perf_counter() - start), 1.0)
        cover = build(need, kinds, week, goal, night, elastic=True)
        answer = cover.program.solve(left, gap=max(gap, ENOUGH))
        if answer.values is None:
            answer = _nobody(cover.program.solve(left, relaxed=True), need)
            plan = _plan(need, (), week, goal, night, answer, start)
            return replace(plan, shortages=shortages(need, plan.shortfall))
    assert answer.values is not None
    duties = deal(cover, kinds, week, answer.values)
    if goal is Goal.CLOSEST and cover.grid == need.slot_minutes:
        # a point found when time ran out may count more people above the need than there are
        away = np.abs(desk_count(duties, need, cyclic=week is not None) - need.agents).sum()
        answer = replace(answer, objective=min(answer.objective, float(away)))
    plan = _plan(need, duties, week, goal, night, answer, start)
    if goal is Goal.CLOSEST or not plan.shortfall.any():
        return plan
    mend = relaxations(need, kinds, week, goal, night, int(plan.shortfall.sum()))
    return replace(plan, shortages=shortages(need, plan.shortfall), relaxations=mend)


def _nobody(relaxed: Answer, need: Need) -> Answer:
    """Nothing found in the time given: an empty plan, told with the bound there is."""
    return replace(relaxed, values=np.zeros(0), objective=math.inf, infeasible=False)


def _plan(
    need: Need, duties: tuple[Duty, ...], week: Week | None, goal: Goal, night: Night | None, answer: Answer,
    start: float,
) -> ShiftPlan:  # fmt: skip
    return ShiftPlan(
        need, duties, week, goal, night, answer.objective, answer.bound, answer.gap,
        time.perf_counter() - start, answer.solver,
    )  # fmt: skip


def _by_day(
    need: Need, kinds: tuple[ShiftKind, ...], goal: Goal, night: Night | None, within_s: float, gap: float
) -> ShiftPlan:
    """Plan days that do not touch each other one after the other, each with its share of the time left."""
    start = time.perf_counter()
    plans: list[ShiftPlan] = []
    duties: list[Duty] = []
    for d, day in enumerate(need.days):
        left = max(within_s - (time.perf_counter() - start), 0.05) / (len(need.days) - d)
        alone = replace(need, days=(day,), agents=need.agents[d : d + 1])
        plan = plan_shifts(alone, kinds, None, goal=goal, night=night, within_s=left, gap=gap)
        first = len(duties)
        duties += [replace(one, line=first + one.line, day=d) for one in plan.duties]
        plans.append(plan)
    objective, bound = sum(p.objective for p in plans), sum(p.bound for p in plans)
    if not math.isfinite(objective) or not math.isfinite(bound):
        reached = math.inf
    else:
        reached = max(objective - bound, 0.0) / max(abs(objective), 1e-9)
    mend = tuple({relaxation.text: relaxation for p in plans for relaxation in p.relaxations}.values())
    return ShiftPlan(
        need, tuple(duties), None, goal, night, objective, bound, reached if reached > 1e-9 else 0.0,
        time.perf_counter() - start, "HiGHS", tuple(s for p in plans for s in p.shortages), mend,
    )  # fmt: skip
