"""What a study is a study of: the labels that make two runs comparable."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ecomsim.calendar import parse_date
from ecomsim.checks import EcomsimError
from ecomsim.store import Part, Store
from ecomsim.uncertain import Uncertain
from ecomsim.version import __version__

__all__ = ["Origin", "store_hash"]


@dataclass(frozen=True)
class Origin:
    """Where the numbers of a study came from.

    Attributes
    ----------
    dates : days of the horizon
    channels, skus, slots : labels of the other dimensions
    seed : seed of every stream
    first : number of the first replication
    replications : how many
    scenarios : {name: YAML text}
    store, store_hash : the store's name and the hash of its contents
    currency : of every amount
    version : of the package that simulated
    """

    dates: tuple[dt.date, ...]
    channels: tuple[str, ...]
    skus: tuple[str, ...]
    slots: tuple[str, ...]
    seed: int
    first: int
    replications: int
    scenarios: Mapping[str, str]
    store: str
    store_hash: str
    currency: str = "CNY"
    version: str = __version__

    def plain(self) -> dict[str, Any]:
        """Return the origin as JSON values."""
        made = dataclasses.asdict(dataclasses.replace(self, scenarios=dict(self.scenarios)))
        return {**made, "dates": [day.isoformat() for day in self.dates]}

    @classmethod
    def read(cls, plain: Mapping[str, Any], where: str) -> Origin:
        """Return the origin written by `plain`."""
        known = {f.name for f in dataclasses.fields(cls)}
        missing = sorted(known - set(plain))
        if missing:
            raise EcomsimError(where, f"no {', '.join(missing)}", "a study saved by ecomsim", "Save it again")
        values = {name: plain[name] for name in known}
        for name in ("channels", "skus", "slots"):
            values[name] = tuple(values[name])
        values["dates"] = tuple(parse_date(day, where) for day in plain["dates"])
        return cls(**values)

    def refuse_unless_paired(self, other: Origin) -> None:
        """Raise unless replication i means the same random numbers in both studies."""
        for name, mine, theirs in (
            ("seed", self.seed, other.seed),
            ("replications", self.span, other.span),
            ("horizon", self.horizon, other.horizon),
            ("version", self.version, other.version),
        ):
            if mine != theirs:
                raise EcomsimError(
                    f"pairing by replication: {name}",
                    f"{mine} and {theirs}",
                    f"the same {name} in both studies",
                    "Simulate both scenarios in one call, or with equal settings",
                )

    @property
    def span(self) -> str:
        """Replications in words."""
        return f"{self.first} to {self.first + self.replications - 1}"

    @property
    def horizon(self) -> str:
        """Days in words."""
        return f"{self.dates[0]} to {self.dates[-1]}"


def store_hash(store: Store) -> str:
    """Return SHA-256 of everything in the store that moves a simulation; provenance does not.

    Equal for equal stores in any session and on any machine.
    """
    # A store never changes, so its hash is kept with it, as a cached property would.
    kept = vars(store)
    if "_hash" not in kept:
        digest = hashlib.sha256()
        _feed(digest, store)
        kept["_hash"] = digest.hexdigest()
    return str(kept["_hash"])


def _feed(digest: hashlib._Hash, value: Any) -> None:
    """Add a value to the digest, every piece with its kind and length so that no two values read alike."""
    if isinstance(value, (Part, Uncertain)) or dataclasses.is_dataclass(value):
        names = [f.name for f in dataclasses.fields(value) if f.name != "provenance"]  # type: ignore[arg-type]
        _text(digest, b"o", type(value).__name__)
        for name in names:
            _text(digest, b"f", name)
            _feed(digest, getattr(value, name))
    elif isinstance(value, Mapping):
        # Order is meaning here: channels and products are simulated in reading order.
        digest.update(b"m%d;" % len(value))
        for key, one in value.items():
            _feed(digest, key)
            _feed(digest, one)
    elif isinstance(value, (tuple, list)):
        if value and all(type(one) in (float, int) for one in value):
            digest.update(b"a%d;" % len(value))
            digest.update((np.asarray(value, "<f8") + 0.0).tobytes())
        else:
            digest.update(b"t%d;" % len(value))
            for one in value:
                _feed(digest, one)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        digest.update(b"n" + struct.pack("<d", float(value) + 0.0))  # -0 and 0 are one number
    else:
        _text(digest, b"s", f"{type(value).__name__} {value}")


def _text(digest: hashlib._Hash, kind: bytes, text: str) -> None:
    raw = text.encode()
    digest.update(kind + b"%d;" % len(raw) + raw)


def labelled(values: Iterable[object]) -> tuple[str, ...]:
    """Return labels as text."""
    return tuple(str(value) for value in values)
