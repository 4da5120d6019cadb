"""The planner's state as a scenario, and a scenario as the planner's state."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from ecomsim.checks import EcomsimError
from ecomsim.scenario import Add, Change, Remove, Scale, Scenario, Set, Shift
from ecomsim.store import Promotion, Receipt, Store
from ecomsim.ui.dated import Dated, dated_of, together
from ecomsim.ui.levers import Catalogue, Kind, Lever
from ecomsim.ui.model import NewPromotion, Order, PlannerState
from ecomsim.uncertain import mean_of

__all__ = ["loaded", "scenario_of"]

_CALENDAR = ("on", "start", "end")


def scenario_of(state: PlannerState, levers: Catalogue, store: Store, name: str) -> Scenario:
    """Return the scenario a state means.

    Parameters
    ----------
    state : what is set
    levers, store : what it moves
    name : of the scenario
    """
    changes: list[Change] = []
    for lever in levers.levers.values():
        changes += lever.changes(state.value(levers, lever.id))
    for promotion in store.promotions.values():
        changes += _calendar(promotion, state, levers)
    for one in state.dated:
        changes += one.changes(levers[one.lever])
    changes += [Add(f"products.{o.sku}.on_order", Receipt(o.due, o.units)) for o in state.orders]
    changes += [
        Add(
            "promotions",
            name=p.name,
            like=p.like,
            changes={"start": p.start.isoformat(), "end": p.end.isoformat(), "discount": p.discount},
        )
        for p in state.promotions
    ]
    removed = {c.path for c in changes if isinstance(c, Remove)}
    kept = [c for c in changes if not _below(c, removed)]
    return Scenario(name, [*kept, *state.extra], state.note)


def _below(change: Change, removed: set[str]) -> bool:
    """Whether a change is of a promotion that is taken out altogether."""
    path = getattr(change, "path", "")
    return not isinstance(change, Remove) and any(path.startswith(f"{gone}.") for gone in removed)


def _calendar(promotion: Promotion, state: PlannerState, levers: Catalogue) -> list[Change]:
    """Return what moves a promotion in the calendar; its peaks move with its start and stay inside."""
    at = f"promotions.{promotion.name}"
    held = {w: f"{w}:{promotion.name}" for w in _CALENDAR}
    moved = {
        word: state.values[id] for word, id in held.items() if id in state.values and id in levers.levers
    }
    if moved.get("on") == 0.0:
        return [Remove(at)]
    if not moved.keys() & {"start", "end"}:
        return []
    start = dt.date.fromordinal(int(moved.get("start", promotion.start.toordinal())))
    end = dt.date.fromordinal(int(moved.get("end", promotion.end.toordinal())))
    if end < start:
        raise EcomsimError(f"{at}.end", str(end), f"{start} or later", "Move the end, or the start back")
    peaks = _peaks(promotion, start, end)
    changes: list[Change] = []
    for name, value in (("start", start), ("end", end)):
        if value != getattr(promotion, name):
            changes.append(Set(f"{at}.{name}", value.isoformat()))
    if peaks != promotion.peaks:
        changes.append(Set(f"{at}.peaks", [day.isoformat() for day in peaks]))
    return changes


def _peaks(promotion: Promotion, start: dt.date, end: dt.date) -> tuple[dt.date, ...]:
    by = start - promotion.start
    inside = tuple(day + by for day in promotion.peaks if start <= day + by <= end)
    return inside or ((start,) if promotion.peaks else ())


def loaded(scenario: Scenario, state: PlannerState, levers: Catalogue, store: Store) -> PlannerState:
    """Return the state that shows a scenario: what levers can say on levers, the rest kept as it is.

    Whatever comes back says the same as the scenario: `scenario_of` applied to it changes the store alike.
    """
    fresh = PlannerState(
        state.month, state.language, scenario.name, scenario.note, compared=state.compared, goal=state.goal
    )
    values: dict[str, float] = {}
    orders: list[Order] = []
    promotions: list[NewPromotion] = []
    dated: list[Dated] = []
    rest: list[Change] = []
    pending = list(scenario.changes)
    spoken: set[str] = set()
    while pending:
        change = pending[0]
        found = _lever_of(pending, levers, spoken | values.keys())
        if found:
            lever, value, used = found
            values[lever.id] = value
            spoken |= {getattr(c, "path", "") for c in used}
            pending = [c for c in pending if all(c is not one for one in used)]
            continue
        on_days = dated_of(pending, rest, levers)
        if on_days:
            dated.append(on_days[0])
            pending = [c for c in pending if all(c is not one for one in on_days[1])]
            continue
        pending.pop(0)
        order, promotion = _order(change, store), _promotion(change, store)
        if order:
            orders.append(order)
        elif promotion:
            promotions.append(promotion)
        elif not _peaks_follow(change, values, levers, store):
            rest.append(change)
    return dataclasses.replace(
        fresh, values=values, orders=tuple(orders), promotions=tuple(promotions), dated=tuple(dated),
        extra=tuple(rest),
    )  # fmt: skip


def _lever_of(
    pending: Sequence[Change], levers: Catalogue, taken: set[str]
) -> tuple[Lever, float, list[Change]] | None:
    """Return the lever the first pending change belongs to, its value, and all changes it stands for."""
    first = pending[0]
    for lever in levers.levers.values():
        used = None if lever.id in taken else together(pending, lever)
        if used:
            value = _value(lever, first)
            if value is not None and not _again(pending, used):
                return lever, value, used
    return None


def _again(pending: Sequence[Change], used: Sequence[Change]) -> bool:
    """Whether a path is changed a second time: then its order matters, and no lever can say it."""
    paths = {getattr(c, "path", "") for c in used}
    return any(
        getattr(c, "path", "") in paths and not getattr(c, "dated", False)
        for c in pending
        if all(c is not one for one in used)
    )


def _value(lever: Lever, change: Change) -> float | None:
    """Return where a lever stands after a change, or None when it cannot say it exactly."""
    value: Any = None
    if lever.kind is Kind.SWITCH:
        return 0.0 if isinstance(change, Remove) else None
    if isinstance(change, Remove) or getattr(change, "dated", False):
        return None
    if isinstance(change, Scale) and lever.kind in (Kind.SCALE, Kind.FACTOR, Kind.SET):
        value = change.factor * (1.0 if lever.kind is Kind.FACTOR else lever.today)
    elif isinstance(change, Shift) and lever.kind is Kind.SET:
        value = lever.today + change.by
    elif isinstance(change, Set) and lever.kind is Kind.SET:
        value = change.value
    elif isinstance(change, Set) and lever.kind is Kind.DATE:
        try:
            value = float(dt.date.fromisoformat(str(change.value)).toordinal())
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        held = lever.value(float(value))
    except EcomsimError:
        return None
    return held if abs(held - value) <= 1e-6 * max(1.0, abs(value)) else None


def _order(change: Change, store: Store) -> Order | None:
    if not isinstance(change, Add) or not change.group.endswith(".on_order"):
        return None
    item = change.part if change.part is not None else dict(change.changes)
    if isinstance(item, Receipt):
        item = {"due": item.due, "units": item.units}
    if not isinstance(item, Mapping) or set(item) != {"due", "units"}:
        return None
    try:
        return Order.checked(store, change.group.split(".")[1], item["units"], item["due"])
    except EcomsimError:
        return None


def _promotion(change: Change, store: Store) -> NewPromotion | None:
    if not isinstance(change, Add) or change.group != "promotions" or not change.like:
        return None
    given = dict(change.changes)
    if not set(given) <= {"start", "end", "discount"} or not {"start", "end"} <= set(given):
        return None
    try:
        like = store.promotions[change.like]
        depth = given.get("discount", mean_of(like.discount))
        return NewPromotion.checked(store, change.name, change.like, given["start"], given["end"], depth)
    except (EcomsimError, KeyError):
        return None


def _peaks_follow(change: Change, values: Mapping[str, float], levers: Catalogue, store: Store) -> bool:
    """Whether a change of peaks is the one a promotion's moved dates bring along anyway."""
    path = getattr(change, "path", "").split(".")
    if not isinstance(change, Set) or len(path) != 3 or path[0] != "promotions" or path[2] != "peaks":
        return False
    promotion = store.promotions.get(path[1])
    if promotion is None or not isinstance(change.value, (list, tuple)):
        return False
    state = PlannerState("2000-01", values=values)
    try:
        moved = _calendar(promotion, state, levers)
    except EcomsimError:
        return False
    return any(c.plain() == change.plain() for c in moved)
