"""What differs between two scenarios or two stores, as a table."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ecomsim.checks import EcomsimError, EcomsimWarning
from ecomsim.scenario.changes import Change
from ecomsim.scenario.scenario import Scenario
from ecomsim.scenario.values import encode
from ecomsim.store import Overlay, Part, Store
from ecomsim.uncertain import Uncertain

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["diff"]


def diff(a: Scenario | Store, b: Scenario | Store, store: Store | None = None) -> pd.DataFrame:
    """Return a table of what differs: path, value in `a`, value in `b`; blank where one has none.

    Parameters
    ----------
    a, b : two stores, or two scenarios
    store : with it, two scenarios are compared by the values they lead to; without, by their changes

    Returns
    -------
    DataFrame with the columns path and the names of `a` and `b` ('a' and 'b' when alike), in store order.
    """
    import pandas as pd

    if isinstance(a, Scenario) and isinstance(b, Scenario):
        names = (a.name, b.name)
        if store is not None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", EcomsimWarning)
                left, right = (dict(_leaves(s.apply(store), "")) for s in (a, b))
        else:
            left, right = _by_path(a.changes), _by_path(b.changes)
    elif isinstance(a, Store) and isinstance(b, Store):
        names = (a.name, b.name)
        left, right = dict(_leaves(a, "")), dict(_leaves(b, ""))
    else:
        given = f"a {type(a).__name__} and a {type(b).__name__}"
        raise EcomsimError("diff", given, "two scenarios or two stores", "Compare like with like")
    columns = ["path", *(names if names[0] != names[1] and "path" not in names else ("a", "b"))]
    rows = [
        (path, left.get(path, ""), right.get(path, ""))
        for path in dict.fromkeys([*left, *right])
        if left.get(path) != right.get(path)
    ]
    return pd.DataFrame(rows, columns=columns)


def _by_path(changes: tuple[Change, ...]) -> dict[str, str]:
    table: dict[str, str] = {}
    for change in changes:
        (verb, path), *rest = change.plain().items()
        words = f"{verb} " + " ".join(f"{key} {_short(value)}" for key, value in rest)
        path = str(path)
        table[path] = f"{table[path]}; {words.strip()}" if path in table else words.strip()
    return table


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Part):
        for item in dataclasses.fields(value):  # type: ignore[arg-type]
            if item.name not in {"provenance", "correlations"}:
                yield from _leaves(getattr(value, item.name), f"{path}.{item.name}" if path else item.name)
    elif isinstance(value, Overlay):
        when = f"{value.start or 'the first day'} to {value.end or 'the last day'}"
        yield path, f"{value.how} {value.path} {value.value:g}, {when}"
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _leaves(one, f"{path}.{key}")
    elif isinstance(value, tuple):
        for i, one in enumerate(value):
            yield from _leaves(one, f"{path}.{i}")
    elif isinstance(value, Uncertain):
        yield path, repr(value)
    elif value is not None:
        yield path, _short(encode(value))
