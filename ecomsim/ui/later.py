"""Slow work off the screen's thread; what it brings is shown on it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from ecomsim.ui.shell import Page

__all__ = ["Later", "Post", "loop_post"]

T = TypeVar("T")
Post = Callable[[Callable[[], object]], object]
"""Runs a function where widgets may be touched."""


def loop_post() -> Post:
    """Return what runs a function on the kernel's event loop; without a loop, at once."""
    try:
        return asyncio.get_running_loop().call_soon_threadsafe
    except RuntimeError:
        return lambda act: act()


class Later:
    """Runs slow functions; a fault is told on the page.

    Parameters
    ----------
    page : where faults are told
    post : runs a function where widgets may be touched; default the kernel's event loop
    """

    def __init__(self, page: Page, post: Post | None = None) -> None:
        self._page = page
        self._post = post or loop_post()
        self._newest = 0
        self._one = threading.Lock()

    def run(self, slow: Callable[[], T], receive: Callable[[T], object]) -> None:
        """Run `slow`, then hand its result to `receive` on the screen's thread; every call is answered."""
        self._begin(slow, receive, lambda: True)

    def newest(self, slow: Callable[[], T], receive: Callable[[T], object]) -> None:
        """Run one at a time and only the newest: what was asked before is not begun, or its result not shown."""
        self._newest += 1
        mine = self._newest

        def only() -> T | None:
            with self._one:
                return slow() if mine == self._newest else None

        self._begin(only, receive, lambda: mine == self._newest)

    def _begin(
        self, slow: Callable[[], Any], receive: Callable[[Any], object], wanted: Callable[[], bool]
    ) -> None:
        def work() -> None:
            try:
                made = slow()
            except Exception as fault:
                told = fault  # the name `fault` ends with this block
                self._post(lambda: self._page.tell(told))
                return
            self._post(self._page.guard(lambda: receive(made) if wanted() else None))

        threading.Thread(target=work, name="ecomsim-later", daemon=True).start()
