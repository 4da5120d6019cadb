"""Callbacks that cannot fail unseen: an exception in a widget callback shows nowhere unless it is caught."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from ecomsim.checks import EcomsimError

__all__ = ["guarded"]

P = ParamSpec("P")
R = TypeVar("R")

_LOG = logging.getLogger("ecomsim.ui")


def guarded(action: Callable[P, R], tell: Callable[[BaseException], object]) -> Callable[P, R | None]:
    """Return `action` with its exceptions handed to `tell`; a fault of ours is logged with its traceback.

    Examples
    --------
    >>> told = []
    >>> guarded(lambda: 1 / 0, told.append)()
    >>> told
    [ZeroDivisionError('division by zero')]
    """

    @functools.wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> R | None:
        try:
            return action(*args, **kwargs)
        except Exception as fault:
            _report(fault)
            tell(fault)
            return None

    return run


def _report(fault: BaseException) -> None:
    if not isinstance(fault, EcomsimError):
        _LOG.error("a callback failed", exc_info=fault)
