"""A scenario: a named list of changes, and what it makes of a store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ecomsim.checks import EcomsimError
from ecomsim.scenario.apply import apply_changes
from ecomsim.scenario.changes import Change
from ecomsim.scenario.names import safe_name
from ecomsim.store import Store

__all__ = ["Scenario", "baseline"]


@dataclass(frozen=True, init=False)
class Scenario:
    """What we might change.

    Parameters
    ----------
    name : usable as a file name; Chinese is welcome
    changes : `Set`, `Scale`, `Shift`, `Add`, `Remove`, applied in order
    note : one sentence for the reader

    Examples
    --------
    >>> from ecomsim.scenario.changes import Scale
    >>> push = Scenario("push", [Scale("channels.live.base", 1.2)], note="More live sessions")
    >>> print(push.text)
    name: push
    note: More live sessions
    changes:
    - {scale: channels.live.base, by: 1.2}
    """

    name: str
    changes: tuple[Change, ...]
    note: str

    def __init__(self, name: str, changes: Iterable[Change] = (), note: str = "") -> None:
        object.__setattr__(self, "name", safe_name(name))
        if isinstance(changes, (str, bytes, Change)) or not isinstance(changes, Iterable):
            raise EcomsimError(
                f"scenario {self.name}", repr(changes)[:80], "a list of changes", "Use brackets"
            )
        listed = tuple(changes)
        for i, change in enumerate(listed):
            if not isinstance(change, Change):
                raise EcomsimError(
                    f"scenario {self.name}, change {i + 1}",
                    repr(change)[:80],
                    "Set, Scale, Shift, Add or Remove",
                    'Write for example Scale("channels.live.base", 1.2)',
                )
        if not isinstance(note, str):
            raise EcomsimError(f"scenario {self.name}, note", repr(note)[:80], "text", "Put it in quotes")
        object.__setattr__(self, "changes", listed)
        object.__setattr__(self, "note", note)

    def apply(self, store: Store) -> Store:
        """Return `store` changed; the given store is never touched.

        Changed paths get the provenance 'scenario'. Dated changes become overlays.

        Raises
        ------
        EcomsimError
            Every fault of every change at once.

        Warns
        -----
        EcomsimWarning
            For a change or a scenario that changes nothing; for promotions of one family that overlap.
        """
        if not isinstance(store, Store):
            raise EcomsimError("Scenario.apply", repr(store)[:80], "a Store", "Open one with open_store")
        return apply_changes(store, self.changes, self.name)

    @property
    def text(self) -> str:
        """The scenario as YAML that `load_scenario` reads back; `extends` is written out."""
        from ecomsim.scenario.yamltext import write

        plain: dict[str, Any] = {"name": self.name}
        if self.note:
            plain["note"] = self.note
        plain["changes"] = [change.plain() for change in self.changes]
        return write(plain)

    @property
    def hash(self) -> str:
        """SHA-256 of what the changes are, whatever the name, note, file layout or Python session."""
        plain = [_numbers(change.plain()) for change in self.changes]
        text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def __hash__(self) -> int:
        return hash((self.name, self.hash))

    def __len__(self) -> int:
        return len(self.changes)


def _numbers(value: Any) -> Any:
    """2 and 2.0 are one number in a hash."""
    if isinstance(value, dict):
        return {key: _numbers(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_numbers(one) for one in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value) if abs(value) < 2**53 else str(value)
    return value


baseline = Scenario("baseline", note="The store as it is")
"""The unchanged store."""
