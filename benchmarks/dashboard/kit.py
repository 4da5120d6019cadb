"""What the parts share: a served app, a browser, waiting for a chart, reading memory."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.browser.kit import ARGS, WIDE, App, find_chromium, start

__all__ = ["CHART", "FINAL", "LIVE", "browser", "drawn", "load", "memory_mb", "served", "until"]

CHART = ".es-first-chart svg polyline, .es-fan svg path"
"""The first chart of the planner: the server's drawing, or the widget's if that is quicker."""

LIVE = "#rendered_cells .es-fan svg path"
"""The chart that follows the levers: it is drawn when its SVG has a path."""

FINAL = "() => /^1,000 simulated months ·/.test(document.querySelector('.es-status')?.textContent ?? '')"
"""Whether the page shows all 1,000 replications."""


@contextmanager
def served(shop: Path, *options: str) -> Iterator[App]:
    """Serve the dashboards; wait until the pool is filled."""
    app = start(shop, *options)
    try:
        yield app
    finally:
        app.stop()


@contextmanager
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright

    path = find_chromium()
    if path is None:
        raise SystemExit("benchmarks dashboard: no Chromium on this machine")
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=path, args=list(ARGS))
        yield running
        running.close()


def drawn(context: Any, url: str) -> tuple[Any, float, float]:
    """Open a planner in `context`; return the page and the seconds to its first chart and to its levers."""
    page = context.new_page()
    page.set_viewport_size(WIDE)
    begin = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_selector(CHART, timeout=60_000)
    first = time.perf_counter() - begin
    page.wait_for_selector(LIVE, timeout=60_000, state="attached")
    page.wait_for_selector("#es-loading", timeout=60_000, state="detached")
    return page, first, time.perf_counter() - begin


def until(holds: Callable[[], bool], wait_s: float = 60) -> bool:
    end = time.monotonic() + wait_s
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return holds()


def load() -> str:
    """How busy the machine is with other things, for the note."""
    return f"load {os.getloadavg()[0]:.1f}"


def memory_mb(pid: int) -> tuple[float, float, float]:
    """Resident, proportional and private memory of a process."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()

    def of(name: str) -> float:
        found = re.search(rf"^{name}:\s+(\d+)", text, re.MULTILINE)
        return int(found.group(1)) / 1024 if found else 0.0

    return of("Rss"), of("Pss"), of("Private_Clean") + of("Private_Dirty")
