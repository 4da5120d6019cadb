"""The book kept while calibrating: where every number came from, what is missing, what is odd."""

from __future__ import annotations

import datetime as dt
import zlib
from dataclasses import dataclass, field

import numpy as np

from ecomsim.calibrate.assume import assumption
from ecomsim.calibrate.history import Floats, History
from ecomsim.store import Provenance
from ecomsim.uncertain import Empirical, Uncertain

__all__ = ["Gap", "Ledger"]


@dataclass(frozen=True)
class Gap:
    """Something that could not be estimated."""

    path: str
    assumed: str
    reason: str
    export: str

    def __str__(self) -> str:
        return f"{self.path}: assumed {self.assumed}. {self.reason} To estimate it, import {self.export}."


@dataclass
class Ledger:
    """Collects provenance while departments are fitted; lives for one calibration only."""

    history: History
    seed: int
    draws: int
    provenance: dict[str, Provenance] = field(default_factory=dict)
    missing: dict[str, Gap] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def estimated(self, path: str, table: str, note: str = "", first: dt.date | None = None) -> None:
        """Record that `path` was estimated from `table`; what rests on an assumption stays assumed."""
        if path in self.provenance and self.provenance[path].how == "assumed":
            return
        start = first or self.history.first
        self.provenance[path] = Provenance("estimated", table, start, self.history.as_of, note)

    def given(self, path: str, table: str, note: str = "") -> None:
        """Record that the user's own table says `path`."""
        self.provenance[path] = Provenance("given", table, note=note)

    def assume(self, path: str, rule: str = "") -> Uncertain:
        """Return the assumed value for `path` by the rule (default: the same path) and record the gap."""
        found = assumption(rule or path)
        self.note_assumed(path, _words(found.value), found.reason, found.export, rule=rule)
        return found.value

    def note_assumed(self, path: str, value: str, reason: str, export: str, *, rule: str = "") -> None:
        """Record an assumption whose value is worked out elsewhere; many paths of one rule are one gap."""
        self.provenance[path] = Provenance("assumed", note=f"{reason} To estimate it, import {export}.")
        self.missing.setdefault(rule or path, Gap(rule or path, value, reason, export))

    def gaps(self) -> tuple[Gap, ...]:
        """Return what is missing, what moves results most first."""
        return tuple(sorted(self.missing.values(), key=lambda gap: _rank(gap.path)))

    def generator(self, name: str) -> np.random.Generator:
        """Return this department's own generator: the same numbers whatever else is fitted."""
        key = np.random.SeedSequence([self.seed, zlib.crc32(name.encode())])
        return np.random.Generator(np.random.PCG64(key))

    def joint(self, draws: Floats, department: str) -> Empirical:
        """Wrap posterior draws; one department's parameters share the draw's index."""
        return Empirical(tuple(np.asarray(draws, float).tolist()), joint=department)


# Departments in the order in which a wrong assumption costs most.
_ORDER = ("conversion", "channels", "promotions", "products", "choice", "costs", "service", "teams", "basket")


def _rank(path: str) -> int:
    head = path.split(".")[0]
    return _ORDER.index(head) if head in _ORDER else len(_ORDER)


def _words(value: Uncertain) -> str:
    low, high = value.interval(0.9)
    return f"{value.mean:.4g}" if low == high else f"{value.mean:.3g} ({low:.3g} to {high:.3g})"
