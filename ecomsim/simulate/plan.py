"""A plan: a store prepared for a range of replications, ready for the day loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError, require_name
from ecomsim.drawn import Draws
from ecomsim.parameters import BLOCK, Parameters
from ecomsim.stages import STREET, Stage, check_street
from ecomsim.stages.conversion import with_curve
from ecomsim.stages.prices import prices
from ecomsim.stages.stage import chunk_of, first_difference
from ecomsim.stages.state import Size, State
from ecomsim.stages.supply import payment_terms, rings
from ecomsim.store import Store

__all__ = ["Plan", "prepare", "street"]

_NAMES = ("answer",)


@dataclass(frozen=True, eq=False)
class Plan:
    """What the day loop needs for replications first .. first + count - 1.

    Attributes
    ----------
    stages : the street
    params : each stage's prepared arrays, in the same order
    size, ages : dimensions of the state
    first, count, seed : replications (whole blocks of 64) and seed
    """

    stages: tuple[Stage, ...]
    params: tuple[Any, ...]
    size: Size
    ages: int
    first: int
    count: int
    seed: int

    def of(self, name: str) -> Any:
        """Return the prepared arrays of the stage called `name`."""
        return self.params[[stage.name for stage in self.stages].index(name)]

    def chunk(self, start: int, stop: int) -> tuple[Any, ...]:
        """Return the prepared arrays of replications start..stop (counted from `first`)."""
        return tuple(chunk_of(params, start, stop) for params in self.params)

    def state(self, start: int, stop: int, detail: bool = False) -> State:
        """Return an empty state for replications start..stop (counted from `first`)."""
        return State(self.size, self.first + start, stop - start, self.ages, detail=detail)

    def first_difference(self, other: Plan) -> int:
        """Return the first day on which anything prepared differs from `other`; the number of days if nothing."""
        mine = (self.size, self.ages, self.first, self.count, self.seed)
        if mine != (other.size, other.ages, other.first, other.count, other.seed):
            return 0
        if [s.step for s in self.stages] != [s.step for s in other.stages]:
            return 0
        days = self.size.days
        pairs = zip(self.params, other.params, strict=True)
        return min((first_difference(one, two, days) for one, two in pairs), default=days)


def street(
    stages: Sequence[Stage] = (), curves: dict[str, Callable[[Any], Any]] | None = None, after: str = ""
) -> tuple[Stage, ...]:
    """Return the street with a user's own stages and response curves in it, checked.

    Parameters
    ----------
    stages : a whole street (it holds all eight stages), or own stages to add
    curves : {"answer": function of the answer time in seconds}
    after : stage the added ones follow; by default the one whose variables they read or change last, else the last

    Raises
    ------
    EcomsimError
        If a stage reads what nobody wrote or overwrites another's variable.
    """
    given = tuple(stages)
    for item in given:
        if not isinstance(item, Stage):
            raise EcomsimError("stages", repr(item)[:80], "Stage objects", "See ecomsim.stages.Stage")
    own = {stage.name for stage in given}
    whole = {stage.name for stage in STREET} <= own
    found = list(given if whole else STREET)
    if not whole:
        for item in given:
            found.insert(_place(found, item, after), item)
    for name, curve in (curves or {}).items():
        require_name(name, _NAMES, "curves", "curve")
        found = [with_curve(curve) if stage.name == "conversion" else stage for stage in found]
    check_street(found)
    return tuple(found)


def _place(found: list[Stage], item: Stage, after: str) -> int:
    """Return where an own stage goes: behind what it needs, and behind own stages already there."""
    names, ours = [stage.name for stage in found], {stage.name for stage in STREET}
    if after:
        place = names.index(require_name(after, names, f"stage {item.name}", "stage")) + 1
    else:
        needs = {name for name in (*item.reads, *item.changes) if not name.endswith("@yesterday")}
        last = [i for i, stage in enumerate(found) if needs & {*stage.writes, *stage.changes}]
        place = (max(last) if last else len(found) - 1) + 1
    while place < len(found) and names[place] not in ours:
        place += 1
    return place


def _prepared(stage: Stage, p: Parameters) -> Any:
    """Return a stage's arrays: kept between scenarios when the stage is ours, whose `prepare` reads nothing but `p`."""
    ours = getattr(stage.prepare, "func", stage.prepare) in {one.prepare for one in STREET}
    return p.once(stage.prepare, lambda: stage.prepare(p)) if ours else stage.prepare(p.apart())


def prepare(
    store: Store, horizon: Horizon, seed: int, first: int, count: int, stages: tuple[Stage, ...], draws: Draws
) -> Plan:
    """Return the plan of a store for `count` replications from `first`, widened to whole blocks."""
    p = Parameters(store, horizon, seed, first, count, draws=draws)
    receipts, returns = rings(p)
    size = Size(
        days=p.days,
        channels=len(store.channels),
        products=len(store.products),
        receipt_ring=receipts,
        return_ring=returns,
        pay_ring=int(payment_terms(p).max()) + 1,
        drawn=prices(p).drawn,
    )
    assert p.count % BLOCK == 0
    params = tuple(_prepared(stage, p) for stage in stages)
    return Plan(stages, params, size, store.fulfilment.promise_days + 2, p.first, p.count, p.seed)
