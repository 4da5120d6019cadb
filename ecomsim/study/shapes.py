"""Which dimensions a recorded variable has, told by its name, and what is asked of its array."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.checks import EcomsimError, nearest
from ecomsim.metrics import METRICS, Adds
from ecomsim.study.origin import Origin

__all__ = ["Arrays", "Floats", "checked", "dims_of", "unit_of"]

Floats: TypeAlias = NDArray[np.float64]
Arrays: TypeAlias = Mapping[str, Mapping[str, NDArray[Any]]]
"""scenario -> variable -> array."""

_ENDINGS: tuple[tuple[str, tuple[str, str]], ...] = (
    ("_by_channel_day", ("date", "channel")),
    ("_by_channel", ("replication", "channel")),
    ("_by_sku_day", ("date", "sku")),
    ("_by_sku", ("replication", "sku")),
    ("_by_slot", ("date", "slot")),
)


def dims_of(variable: str) -> tuple[str, str]:
    """Return the dimensions of a variable.

    Metrics are (replication, date). `*_by_channel` and `*_by_sku` are horizon totals by replication;
    `*_by_channel_day`, `*_by_sku_day` and `*_by_slot` are means over replications by date.

    Examples
    --------
    >>> dims_of("gmv_by_channel")
    ('replication', 'channel')
    """
    for ending, dims in _ENDINGS:
        if variable.endswith(ending):
            return dims
    if variable in METRICS and METRICS[variable].adds is not Adds.RATIO:
        return "replication", "date"
    hit = nearest(variable, METRICS)
    remedy = f"Did you mean '{hit}'?" if hit else "Name it <metric>_by_channel, _by_sku, _by_slot or add _day"
    raise EcomsimError(f"study variable {variable}", "no such variable", "a recorded metric", remedy)


def unit_of(variable: str) -> str:
    """Return the unit of a variable: that of the metric it begins with, '' when there is none."""
    for ending, _ in _ENDINGS:
        if variable.endswith(ending):
            variable = variable.removesuffix(ending)
            break
    return METRICS[variable].unit if variable in METRICS else ""


def checked(arrays: Arrays, origin: Origin) -> dict[str, dict[str, NDArray[Any]]]:
    """Return the arrays as float32, every one of the shape its name asks for.

    Raises
    ------
    EcomsimError
        If scenarios or their variables disagree, or an array has another shape.
    """
    sizes = {
        "replication": origin.replications,
        "date": len(origin.dates),
        "channel": len(origin.channels),
        "sku": len(origin.skus),
        "slot": len(origin.slots),
    }
    if set(arrays) != set(origin.scenarios):
        raise EcomsimError(
            "study.scenarios", ", ".join(arrays), ", ".join(origin.scenarios), "Give text and arrays of each"
        )
    made: dict[str, dict[str, NDArray[Any]]] = {}
    first = next(iter(arrays.values()))
    for scenario in origin.scenarios:
        variables = arrays[scenario]
        if set(variables) != set(first):
            odd = sorted(set(variables) ^ set(first))
            raise EcomsimError(
                f"study.{scenario}",
                f"not the variables of the others: {', '.join(odd)}",
                "the same in each",
                "",
            )
        made[scenario] = {}
        for name, array in variables.items():
            dims = dims_of(name)
            wanted = tuple(sizes[d] for d in dims)
            if array.shape != wanted:
                raise EcomsimError(
                    f"study.{scenario}.{name}",
                    f"shape {array.shape}",
                    f"{wanted} for {dims}",
                    "Transpose or cut it",
                )
            made[scenario][name] = np.asarray(array, np.float32)
    return made
