"""The entrance check of every formula: arrays in, finite float64 within the stated range out."""

from __future__ import annotations

import datetime as dt
import math
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecomsim.checks import EcomsimError, require_number

__all__ = ["Floats", "Ints", "aligned", "checked", "whole", "whole_number"]

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]


def checked(
    values: ArrayLike,
    where: str,
    *,
    low: float = -math.inf,
    high: float = math.inf,
    open_low: bool = False,
    unit: str = "",
    remedy: str = "",
) -> Floats:
    """Return `values` as float64 of the same shape, or raise naming the first entry that is not allowed.

    Parameters
    ----------
    values : array_like
        Numbers of any shape.
    where : str
        Name used in the message; the index is appended for arrays.
    low, high : float
        Allowed range, ends included unless `open_low`.

    Raises
    ------
    EcomsimError
        For NaN, infinities, text and numbers out of range.

    Examples
    --------
    >>> checked([1, 2], "load", low=0)
    array([1., 2.])
    """
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        timed = isinstance(values, dt.timedelta)
        fix = "Write its .total_seconds()" if timed else "Remove what is not a number"
        raise EcomsimError(
            where, repr(values)[:80], f"numbers ({unit})" if unit else "numbers", fix
        ) from None
    below = array <= low if open_low else array < low
    bad = ~np.isfinite(array) | below | (array > high)
    if bad.any():
        index = tuple(int(i) for i in np.argwhere(bad)[0])
        name = f"{where}[{', '.join(map(str, index))}]" if index else where
        require_number(
            float(array[index]), name, low=low, high=high, open_low=open_low, unit=unit, remedy=remedy
        )
    return array


def aligned(*parts: tuple[str, Floats]) -> tuple[Floats, ...]:
    """Return named arrays broadcast against each other, or raise naming them and their shapes.

    Examples
    --------
    >>> [x.shape for x in aligned(("load", np.ones(3)), ("agents", np.ones((2, 1))))]
    [(2, 3), (2, 3)]
    """
    try:
        return tuple(np.broadcast_arrays(*(values for _, values in parts)))
    except ValueError:
        names = [name for name, values in parts if np.ndim(values)]
        shapes = ", ".join(str(values.shape) for _, values in parts if np.ndim(values))
        raise EcomsimError(
            ", ".join(names), f"shapes {shapes}", "one shape, or single numbers",
            "Give as many of each, one an interval",
        ) from None  # fmt: skip


def whole_number(value: float, where: str, *, low: int = 0, unit: str = "") -> int:
    """Return one whole number, or raise.

    Examples
    --------
    >>> whole_number(3.0, "agents")
    3
    """
    return int(whole(require_number(value, where, low=low, unit=unit), where, low=low, unit=unit))


def whole(values: ArrayLike, where: str, *, low: int = 0, unit: str = "") -> Ints:
    """Return `values` as int64, or raise naming the first that is not a whole number of at least `low`."""
    if isinstance(values, np.ndarray) and np.issubdtype(values.dtype, np.integer):
        ints = values.astype(np.int64)
        if ints.size and int(ints.min()) < low:
            checked(ints, where, low=low, unit=unit)
        return ints
    array = checked(values, where, low=low, unit=unit)
    if (array != np.floor(array)).any():
        index = tuple(int(i) for i in np.argwhere(array != np.floor(array))[0])
        name = f"{where}[{', '.join(map(str, index))}]" if index else where
        raise EcomsimError(name, f"{float(array[index]):g}", "a whole number", "Round it first")
    return array.astype(np.int64)
