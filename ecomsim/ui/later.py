"""Slow work off the screen's thread; what it brings is shown on it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

from ecomsim.ui.shell import Page

__all__ = ["Later"]


class Later:
    """Runs slow functions, the newest of a kind only.

    Parameters
    ----------
    page : where faults are told
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._newest = 0
        self._one = threading.Lock()
        try:
            self._post: Callable[[Callable[[], object]], object] = (
                asyncio.get_running_loop().call_soon_threadsafe
            )
        except RuntimeError:
            self._post = lambda act: act()

    def run(self, slow: Callable[[], Any], receive: Callable[[Any], object]) -> None:
        """Run `slow`, then hand its result to `receive` on the screen's thread unless something newer was asked."""
        self._newest += 1
        mine = self._newest

        def work() -> None:
            with self._one:
                if mine != self._newest:
                    return
                try:
                    made = slow()
                except Exception as fault:
                    told = fault  # the name `fault` ends with this block
                    self._post(lambda: self._page.tell(told))
                    return
            if mine == self._newest:
                self._post(lambda: self._page.guard(receive)(made))

        threading.Thread(target=work, name="ecomsim-later", daemon=True).start()
