"""Warm kernels are made a few at a time, and only finished ones are handed out."""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from typing import Any

__all__ = ["gate"]


def gate(manager: Any, at_once: int, quiet_s: float = 0.0) -> None:
    """Let a manager of warm kernels make only a few of them at the same time.

    Voila begins all kernels of all pools together. On a machine of two cores each of forty then takes so long that
    its page is given up as empty; and a visitor is handed one that is far from ready while others are. Here they
    are made one after another, and a visitor who finds none ready gets one of his own at once. Whoever has just
    opened a page needs the cores to draw it, so what is handed out is replaced when nobody has come for a while.

    Parameters
    ----------
    manager : Voila's kernel manager, before its event loop runs; one without pools is left alone
    at_once : how many may be made at the same time, at least 1
    quiet_s : seconds since the last visit before another is begun
    """
    if not hasattr(manager, "_pools"):
        return
    turn = asyncio.Semaphore(at_once)
    make = manager._initialize
    close = manager.shutdown_all
    visits = [-math.inf]
    closed = asyncio.Event()

    async def make_in_turn(*given: Any, **named: Any) -> Any:
        async with turn:
            while (left := visits[-1] + quiet_s - time.monotonic()) > 0 and not closed.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(closed.wait(), left)
            if closed.is_set():
                raise RuntimeError("the server ends")
            made = await make(*given, **named)
            # What goes wrong in a page is told on it, so only the end of it is waited for.
            end = asyncio.ensure_future(closed.wait())
            await asyncio.wait([made["task"], end], return_when=asyncio.FIRST_COMPLETED)
            end.cancel()
        return made

    async def close_at_once(*given: Any, **named: Any) -> Any:
        closed.set()  # or every kernel that waits for its turn would be made first
        return await close(*given, **named)

    def count_ready(notebook: str) -> int:  # asked at every visit
        visits[:] = [time.monotonic()]
        pool = manager._pools.get(notebook, [])
        pool.sort(key=lambda one: not _ready(one))  # the first is handed out
        return sum(_ready(one) for one in pool)

    manager._initialize = make_in_turn
    manager.get_pool_size = count_ready
    manager.shutdown_all = close_at_once


def _ready(one: asyncio.Task[Any]) -> bool:
    return one.done() and not one.cancelled() and one.exception() is None
