"""The account of a store: every number with its interval and where it came from."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ecomsim.store import Provenance, Store
from ecomsim.store.paths import walk
from ecomsim.uncertain import Uncertain, mean_of

__all__ = ["concrete", "parameter_report"]

# What whole groups rest on where nothing finer was recorded.
_STRUCTURE = {
    "channels": Provenance("estimated", "channel_day"),
    "products": Provenance("given", "products"),
    "promotions": Provenance("given", "promotions"),
    "teams": Provenance("given", "roster"),
    "suppliers": Provenance("assumed", note="The package's default; nothing in the exports tells it."),
}
_GROUPS = ("channels", "products", "promotions", "teams", "suppliers")


def parameter_report(store: Store) -> pd.DataFrame:
    """Return one row a number: path, value, low, high (90 % interval), how, table, start, end, note."""
    rows = []
    for path, value in walk(store):
        low, high = value.interval(0.9) if isinstance(value, Uncertain) else (float(value), float(value))
        source = store.source_of(path)
        rows.append(
            (path, mean_of(value), low, high, source.how, source.table, source.start, source.end, source.note)
        )
    return pd.DataFrame(
        rows, columns=["path", "value", "low", "high", "how", "table", "start", "end", "note"]
    )


def concrete(store: Store, recorded: Mapping[str, Provenance]) -> dict[str, Provenance]:
    """Return provenance by real paths: `products.*.cost` is written out for every product without its own."""
    out: dict[str, Provenance] = {}
    for path, source in recorded.items():
        parts = path.split(".")
        if len(parts) > 2 and parts[1] == "*" and parts[0] in _GROUPS:
            for name in getattr(store, parts[0]):
                out.setdefault(".".join([parts[0], name, *parts[2:]]), source)
    out.update({path: source for path, source in recorded.items() if ".*." not in path})
    default = Provenance("assumed", note="The package's default; nothing in the exports tells it.")
    for group in ("fulfilment", "reputation", "basket", "service", "costs", "choice", "noise"):
        out.setdefault(group, default)
    for group, source in _STRUCTURE.items():
        out.setdefault(group, source)
    return out
