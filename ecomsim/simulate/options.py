"""What may be asked of a simulation besides store, horizon and scenarios, and the checks of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError
from ecomsim.scenario import Scenario
from ecomsim.simulate.sense import refuse_days_before_the_opening, warn_of_changes_outside
from ecomsim.stages import Stage
from ecomsim.store import Store

__all__ = ["BASELINE", "Options", "check_replications", "scenario_stores"]

BASELINE = "baseline"
_MOST = 10_000_000


@dataclass(frozen=True)
class Options:
    """Stages and curves of one's own, product detail, threads.

    Attributes
    ----------
    stages : own stages to add to the street, or a whole street
    curves : {"answer": function of the answer time in seconds} in place of the store's curve
    detail : whether to keep horizon totals by product
    threads : worker threads; None for one a core
    """

    stages: tuple[Stage, ...] = ()
    curves: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    detail: bool = False
    threads: int | None = None

    def __post_init__(self) -> None:
        threads = self.threads
        if threads is None:
            object.__setattr__(self, "threads", max(1, _cores()))
        elif isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
            raise EcomsimError(
                "threads", repr(threads), "a whole number of at least 1, or None", "Leave it out"
            )


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def check_replications(replications: int, first: int = 0) -> None:
    """Raise unless the range of replications makes sense."""
    for name, value, low in (("replications", replications, 1), ("first", first, 0)):
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= _MOST:
            raise EcomsimError(name, repr(value), f"a whole number from {low} to {_MOST:,}", "1000 is usual")


def scenario_stores(
    store: Store, scenarios: Sequence[Scenario], horizon: Horizon
) -> dict[str, tuple[Store, str]]:
    """Return {name: (changed store, YAML text)}; the unchanged store first, unless a scenario is called baseline.

    Raises
    ------
    EcomsimError
        For what is not a scenario, for a name used twice, and for a horizon before the store's opening state.
    """
    refuse_days_before_the_opening(store, horizon)
    given = [scenarios] if isinstance(scenarios, Scenario) else list(scenarios)
    for one in given:
        if not isinstance(one, Scenario):
            raise EcomsimError(
                "scenarios", repr(one)[:80], "Scenario objects", 'Write Scenario("name", [changes])'
            )
    names = [one.name for one in given]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise EcomsimError("scenarios", f"'{twice[0]}' twice", "every name once", "Rename one")
    out: dict[str, tuple[Store, str]] = {}
    if BASELINE not in names:
        out[BASELINE] = (store, "")
    for one in given:
        changed = one.apply(store) if len(one) else store
        warn_of_changes_outside(one.name, store, changed, horizon)
        out[one.name] = (changed, one.text)
    return out
