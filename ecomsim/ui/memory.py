"""What a session has freed is given back to the system: many sessions share one machine."""

from __future__ import annotations

import contextlib
import ctypes

__all__ = ["give_back"]


def give_back() -> None:
    """Return freed memory to the system where the C library keeps it (glibc); elsewhere do nothing."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
