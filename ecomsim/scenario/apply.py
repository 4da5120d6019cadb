"""Apply changes to a store: every fault found, a new store out, the old one untouched."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any, TypeAlias

from ecomsim.checks import EcomsimError, EcomsimWarning, require_name
from ecomsim.scenario.changes import Add, Change, Remove, Scale, Set, Shift
from ecomsim.scenario.faults import raise_all
from ecomsim.scenario.moves import copied, moved
from ecomsim.scenario.sense import conversion_faults, warn_of_overlaps
from ecomsim.scenario.values import build, decode
from ecomsim.store import Channel, Overlay, Part, Product, Promotion, Provenance, Store, Supplier, Team
from ecomsim.store.paths import GROUPS, Place, expand, locate, replace_all
from ecomsim.uncertain import Uncertain, mean_of

__all__ = ["apply_changes", "may_be_dated"]

Dated: TypeAlias = Set | Scale | Shift
_KINDS: Mapping[str, type[Part]] = {
    "channels": Channel, "products": Product, "promotions": Promotion, "teams": Team, "suppliers": Supplier,
}  # fmt: skip
# A price or headcount that moves needs its reference nailed to where it was, or nothing would answer.
_ANCHORS = {"price": "ref_price", "headcount": "ref_headcount"}
# Days planned singly move with the number they stand in for.
_PLANS = {"spend": "plan", "price": "price_plan", "headcount": "roster"}
# Read once, before the first day, or standing for days of their own: a dated change would do nothing.
_ONCE = (
    *("products.*.on_hand", "products.*.on_order.*", "products.*.season.*", "products.*.pack"),
    *("products.*.price_plan.*", "products.*.policy.order_up_tos.*", "products.*.policy.reorder_points.*"),
    *("products.*.policy.quantity", "channels.*.driver.ref_*", "channels.*.driver.max_seen"),
    *("channels.*.driver.plan.*", "teams.*.shape.*", "teams.*.weekday.*", "teams.*.roster.*"),
    *("teams.*.ref_headcount", "promotions.*_days", "promotions.*.depth.*", "promotions.*.reduction.*"),
    *("promotions.*.coupon.*", "service.concurrency", "service.answer_within_s", "basket.free_shipping_from"),
    *("basket.shipping_fee", "fulfilment.*_days", "costs.payout_days"),
    *("reputation.product", "reputation.service", "reputation.logistics"),
)


def may_be_dated(path: str) -> bool:
    """Return whether the number at a path is read day by day, so that a change of some days acts.

    Examples
    --------
    >>> may_be_dated("channels.live.base"), may_be_dated("service.concurrency")
    (True, False)
    """
    return not any(fnmatchcase(path, once) for once in _ONCE)


def apply_changes(store: Store, changes: tuple[Change, ...], name: str) -> Store:
    """Return `store` with the changes of scenario `name` applied in order.

    Raises
    ------
    ScenarioError or EcomsimError
        All faults together, each with file and line when the change came from a file.
    """
    draft = _Draft(store, name)
    faults: list[EcomsimError] = []
    for change in changes:
        try:
            draft.take(change)
        except EcomsimError as error:
            faults.append(_sourced(error, change.source))
    if not faults:
        try:
            made = draft.finish()
            faults += conversion_faults(store, made)
        except EcomsimError as error:
            faults.append(_sourced(error, draft.source_of(error.where)))
    raise_all(f"scenario {name}", faults)
    if not changes and name != "baseline":
        warnings.warn(f"scenario {name} has no changes: it is the baseline.", EcomsimWarning, stacklevel=3)
    for change in draft.idle:
        warnings.warn(f"scenario {name}: '{change}' changes nothing.", EcomsimWarning, stacklevel=3)
    for path, days in draft.kept.items():
        if locate(made, path).value == days:
            told = f"scenario {name}: {len(days)} days planned singly at {path} keep their own values."
            warnings.warn(told, EcomsimWarning, stacklevel=3)
    warn_of_overlaps(store, made, name)
    return made


def _sourced(error: EcomsimError, source: str) -> EcomsimError:
    if not source:
        return error
    return EcomsimError(f"{source}: {error.where}", error.given, error.allowed, error.remedy)


class _Draft:
    """A store being changed: values wait in `pending`, for dates that only fit together are set together."""

    def __init__(self, store: Store, name: str) -> None:
        self.store = store
        self.name = name
        self.pending: dict[str, Any] = {}
        self.above: set[str] = set()  # every path around a pending one
        self.sources: dict[str, str] = {}
        self.overlays = store.overlays
        self.provenance = dict(store.provenance)
        self.idle: list[Change] = []
        self.kept: dict[str, Mapping[str, Any]] = {}

    def take(self, change: Change) -> None:
        if isinstance(change, Add):
            self._add(change)
        elif isinstance(change, Remove):
            self._remove(change)
        elif isinstance(change, (Set, Scale, Shift)):
            new = isinstance(change, Set) and not change.dated and "*" not in change.path
            paths = (
                [locate(self.store, change.path, new_key=True).path]
                if new
                else expand(self.store, change.path)
            )
            act = self._overlay if change.dated else self._replace
            if not any([act(change, path) for path in paths]):
                self.idle.append(change)
        else:
            raise EcomsimError(
                f"scenario {self.name}",
                repr(change)[:80],
                "Set, Scale, Shift, Add or Remove",
                "Use one of them",
            )

    def _replace(self, change: Dated, path: str) -> bool:
        place = locate(self.store, path, new_key=True)
        now = self.pending.get(path, place.value)
        if isinstance(change, Set):
            value = decode(place.kind, change.value, path, place.domain)
        else:
            value = moved(now, change, place)
        owner, _, leaf = path.rpartition(".")
        if leaf in _ANCHORS and f"{owner}.{_ANCHORS[leaf]}" not in self.pending:
            anchor = f"{owner}.{_ANCHORS[leaf]}"
            if locate(self.store, anchor).value is None and value != now:
                self.pending[anchor] = mean_of(now)
        if leaf in _PLANS:
            self._planned(change, f"{owner}.{_PLANS[leaf]}")
        self._put(path, value, change)
        return bool(value != now or value is None is not now)

    def _planned(self, change: Dated, path: str) -> None:
        place = locate(self.store, path)
        now = self.pending.get(path, place.value)
        if not now:
            return
        if isinstance(change, Scale) or (isinstance(change, Shift) and not path.endswith("roster")):
            self._put(path, moved(now, change, place), change)
        else:
            self.kept[path] = now

    def _put(self, path: str, value: Any, change: Change) -> None:
        above = {path[:i] for i, sign in enumerate(path) if sign == "."}
        if path in self.above or not above.isdisjoint(self.pending):
            self._flush()
        self.above |= above
        self.pending[path] = value
        self.sources[path] = change.source
        self._from_scenario(path, change)
        if isinstance(value, (Part, Mapping)):
            self._flush()

    def _overlay(self, change: Dated, path: str) -> bool:
        place = locate(self.store, path)
        now = self.pending.get(path, place.value)
        where = f"{path} on some days"
        if not isinstance(now, (float, int, Uncertain)) or isinstance(now, bool):
            remedy = (
                f"Name its entries: {path}.*"
                if isinstance(now, tuple)
                else "Set it for all days, without dates"
            )
            raise EcomsimError(
                where, f"{'no number' if now is None else type(now).__name__}", "a number", remedy
            )
        if not may_be_dated(path):
            raise EcomsimError(
                where, "dates on a number read once", "no start and end", "Leave the dates out"
            )
        if isinstance(change, Set):
            value = decode(float, change.value, path, place.domain)
            idle, how = False, "set"
        else:
            value = change.factor if isinstance(change, Scale) else change.by
            idle, how = value == (1 if isinstance(change, Scale) else 0), type(change).__name__.lower()
            moved(mean_of(now), change, place)
        self.overlays = (*self.overlays, Overlay(path, how, value, *change.days))
        self._from_scenario(path, change)
        return not idle

    def _add(self, change: Add) -> None:
        self._flush()
        if change.group not in _KINDS:
            self._append(change)
            return
        group: Mapping[str, Any] = getattr(self.store, change.group)
        kind = _KINDS[change.group]
        key = "sku" if kind is Product else "name"
        part = change.part
        if part is None or isinstance(part, Mapping):
            given = dict(part or change.changes)
            name = str(given.setdefault(key, change.name))
            where = f"{change.group}.{name}"
            if change.like:
                require_name(change.like, list(group), f"{where} like", GROUPS[change.group])
                part = copied(group[change.like], given, where)
            else:
                part = build(kind, given, where)
        if not isinstance(part, kind):
            raise EcomsimError(f"add to {change.group}", repr(part)[:80], f"a {kind.__name__}", "")
        name = getattr(part, key)
        if name in group:
            raise EcomsimError(
                f"{change.group}.{name}",
                "a name that is taken",
                "a new name",
                "Rename it, or use set to change it",
            )
        self._put(change.group, {**group, name: part}, change)
        self.provenance.pop(change.group, None)
        self._from_scenario(f"{change.group}.{name}", change)

    def _append(self, change: Add) -> None:
        path = f"{change.group}.{change.name}" if change.name else change.group
        if "." not in path:
            require_name(path, list(_KINDS), "add", "group")
        place = locate(self.store, path)
        if not isinstance(place.value, tuple):
            raise EcomsimError(
                f"add {path}", f"a {type(place.value).__name__}", "a group or a list: " + ", ".join(_KINDS),
                f"Write add: promotions.{change.name or 'name'}",
            )  # fmt: skip
        item = change.part if change.part is not None else dict(change.changes)
        self._put(place.path, decode(place.kind, [*place.value, item], place.path, place.domain), change)

    def _remove(self, change: Remove) -> None:
        self._flush()
        for path in expand(self.store, change.path):
            place = locate(self.store, path)
            owner, _, leaf = path.rpartition(".")
            holder = locate(self.store, owner) if owner else Place("", self.store, Store, None)
            if isinstance(holder.value, Mapping):
                self._take_out(owner, leaf, holder.value, change)
                self.provenance.pop(owner, None) if owner in GROUPS else None
            elif isinstance(holder.value, tuple):
                raise EcomsimError(
                    f"remove {path}", "an item of a list", "an entry with a name", f"Set {owner} instead"
                )
            elif type(None) in getattr(place.kind, "__args__", ()):
                if place.value is None:
                    self.idle.append(change)
                self._put(path, None, change)
            else:
                raise EcomsimError(
                    f"remove {path}", "not optional", "an entry or an optional number",
                    "Set it to the value that switches it off, e.g. 0",
                )  # fmt: skip

    def _take_out(self, owner: str, name: str, entries: Mapping[str, Any], change: Change) -> None:
        try:
            self._put(owner, {k: v for k, v in entries.items() if k != name}, change)
        except EcomsimError as error:
            kind = GROUPS.get(owner)
            if not (kind and error.given.endswith(f"no such {kind} '{name}'")):
                raise
            raise EcomsimError(
                f"remove {owner}.{name}", f"a {kind} that {error.where} refers to",
                f"a {kind} nothing refers to", f"Change {error.where} first",
            ) from None  # fmt: skip

    def _from_scenario(self, path: str, change: Change) -> None:
        self.provenance[path] = Provenance("scenario", note=f"{self.name}: {change}"[:200])

    def _flush(self) -> None:
        self.store = replace_all(self.store, self.pending)
        self.pending, self.above = {}, set()

    def finish(self) -> Store:
        everything = {**self.pending, "overlays": self.overlays, "provenance": self.provenance}
        return replace_all(self.store, everything)

    def source_of(self, where: str) -> str:
        near = [p for p in self.sources if p.startswith(where) or where.startswith(p.rpartition(".")[0])]
        return self.sources[near[0]] if near else ""
