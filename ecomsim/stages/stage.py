"""What a stage is, and the arrays it prepares: which axis counts days, which replications, and how two sets compare."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from ecomsim.checks import EcomsimError
from ecomsim.parameters import Parameters, bits
from ecomsim.stages.layout import CARRIED, CHANNEL, RECORDED, SKU
from ecomsim.stages.state import State

__all__ = ["Stage", "axes", "check_street", "chunk_of", "first_difference"]

_P = TypeVar("_P")


def _nothing(parameters: Parameters) -> None:
    return None


def _no_opening(state: State, params: Any, first: int, seed: int) -> None:
    return None


@dataclass(frozen=True)
class Stage:
    """One department's part of the day.

    Attributes
    ----------
    name : as in the street
    reads : variables of today (written by an earlier stage) or, as "name@yesterday", of the day before
    writes : variables this stage alone writes
    step : step(day, state, params, first, seed), vectorised over a chunk of replications
    prepare : prepare(parameters) -> a frozen dataclass of arrays (or anything, for a stage of your own)
    open : open(state, params, first, seed): sets what the first day finds as yesterday
    changes : variables of another stage this one alters; for stages added by a user

    Examples
    --------
    A user's own stage: a campaign in the news that brings a tenth more visitors on day 5, before service sees them.

    >>> def news(day, state, params, first, seed):
    ...     if day == 5:
    ...         state["visitors_by_channel"][...] = np.floor(state["visitors_by_channel"] * 1.1)
    ...         state["visitors"][...] = state["visitors_by_channel"].sum(axis=0)
    >>> stage = Stage("news", (), (), news, changes=("visitors_by_channel", "visitors"))
    """

    name: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    step: Callable[[int, State, Any, int, int], None]
    prepare: Callable[[Parameters], Any] = _nothing
    open: Callable[[State, Any, int, int], None] = _no_opening
    changes: tuple[str, ...] = ()


def axes(
    *,
    days: bool = False,
    reps: int | None = None,
    by: str = "",
    prefix: bool = False,
    index: bool = False,
    lanes: bool = False,
) -> dict[str, object]:
    """Return the metadata of a prepared array: `rate: Singles = field(metadata=axes(days=True, reps=2))`.

    Parameters
    ----------
    days : whether axis 0 counts days (length 1: the same every day)
    reps : the axis counting replications (length 1: certain)
    by : name of the field of row numbers by day, when axis 0 counts distinct days
    prefix : a table whose rows mean the same in every scenario; only its length may differ
    index : row numbers by day, compared through the arrays they point into
    lanes : a chunk gets the replications as the last axis, whatever their axis here: kernels work on 64 at a time
    """
    return {"days": days, "reps": reps, "by": by, "prefix": prefix, "index": index, "lanes": lanes}


def chunk_of(params: _P, start: int, stop: int) -> _P:
    """Return the prepared arrays of replications start..stop only, contiguous, so kernels see the same layout."""
    if params is None or not dataclasses.is_dataclass(params):
        return params
    parts = {}
    for item in dataclasses.fields(params):
        axis = item.metadata.get("reps")
        value = getattr(params, item.name)
        if axis is None:
            continue
        if value.shape[axis] > 1:
            cut = [slice(None)] * value.ndim
            cut[axis] = slice(start, stop)
            parts[item.name] = value = np.ascontiguousarray(value[tuple(cut)])
        if item.metadata.get("lanes"):
            parts[item.name] = np.ascontiguousarray(np.moveaxis(value, axis, -1))
    return dataclasses.replace(params, **parts) if parts else params  # type: ignore[type-var]


def first_difference(one: Any, two: Any, days: int) -> int:
    """Return the first day on which two preparations of a stage differ in any bit, or `days` if they never do."""
    if one is two:
        return days
    if type(one) is not type(two) or not dataclasses.is_dataclass(one):
        return days if one == two else 0
    found = days
    for item in dataclasses.fields(one):
        a, b = getattr(one, item.name), getattr(two, item.name)
        if a is b or item.metadata.get("index"):
            continue
        if not isinstance(a, np.ndarray):
            found = min(found, days if a == b else 0)
        elif item.metadata.get("by"):
            rows = item.metadata["by"]
            found = min(found, _by_day(a, getattr(one, rows), b, getattr(two, rows), days))
        elif item.metadata.get("prefix"):
            n = min(len(a), len(b))
            found = min(found, days if a.shape[1:] == b.shape[1:] and _same(a[:n], b[:n]) else 0)
        elif item.metadata.get("days"):
            found = min(found, _daily(a, b, days))
        else:
            found = min(found, days if _same(a, b) else 0)
    return found


def _same(a: Any, b: Any) -> bool:
    return a.shape == b.shape and a.dtype == b.dtype and np.array_equal(bits(a), bits(b))


def _daily(a: Any, b: Any, days: int) -> int:
    try:  # one row for all days, certain on one side, drawn on the other
        differ = bits(a) != bits(b) if a.dtype == b.dtype else np.ones((1, 1), bool)
    except ValueError:
        return 0
    found = differ.reshape(len(differ), -1).any(axis=1)
    return int(found.argmax()) if found.any() else days


def _by_day(a: Any, row_a: Any, b: Any, row_b: Any, days: int) -> int:
    seen: dict[tuple[int, int], bool] = {}
    for day in range(days):
        pair = int(row_a[day]), int(row_b[day])
        if pair not in seen:
            seen[pair] = _rows_same(a[pair[0]], b[pair[1]])
        if not seen[pair]:
            return day
    return days


def _rows_same(one: Any, two: Any) -> bool:
    if one.shape == two.shape:
        return _same(one, two)
    try:  # certain on one side, drawn on the other
        one, two = np.broadcast_arrays(one, two)
    except ValueError:
        return False
    return _same(one, two)


def check_street(stages: Sequence[Stage]) -> None:
    """Raise if a stage reads what nobody wrote, writes what another writes, or names an unknown variable.

    Raises
    ------
    EcomsimError
        Naming the stage, the variable and what would be allowed.
    """
    known = {*RECORDED, *CARRIED, *CHANNEL, *SKU}
    written: dict[str, str] = {}
    everything = {name for stage in stages for name in stage.writes}
    names: set[str] = set()
    for stage in stages:
        where = f"stage {stage.name}"
        if stage.name in names:
            raise EcomsimError(where, "a second stage of that name", "every name once", "Rename one")
        names.add(stage.name)
        for name in (*stage.writes, *stage.changes, *(n.removesuffix("@yesterday") for n in stage.reads)):
            if name not in known:
                raise EcomsimError(
                    where, f"no such variable '{name}'", "a variable of the layout", "See layout.py"
                )
        for name in stage.reads:
            bare = name.removesuffix("@yesterday")
            if bare != name and bare not in everything:
                raise EcomsimError(
                    where, f"reads {name}", "what some stage wrote the day before", "Add its writer"
                )
            if bare == name and name not in written:
                raise EcomsimError(
                    where, f"reads {name}", "what an earlier stage wrote today", "Move it later"
                )
        for name in stage.changes:
            if name not in written:
                raise EcomsimError(
                    where, f"changes {name}", "what an earlier stage wrote today", "Move it later"
                )
        for name in stage.writes:
            if name in written:
                raise EcomsimError(
                    where, f"writes {name}", f"what stage {written[name]} does not write",
                    f"List it under changes to alter what {written[name]} wrote",
                )  # fmt: skip
            written[name] = stage.name
