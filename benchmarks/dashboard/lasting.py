"""What stays behind: kernels of closed tabs, memory after many visits."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.dashboard.kit import browser, memory_mb, served, until
from benchmarks.harness import Figure, figure
from tests.browser.kit import App, descendants, shown

__all__ = ["lasting"]

CYCLES, IDLE_S, TABS = 50, 5, 3


def lasting(shop: Path) -> Iterator[Figure]:
    """Yield kernels left after the cull interval and the growth of memory over open-close cycles."""
    with served(shop, "--pool", "0", "--idle", str(IDLE_S)) as app, browser() as chromium:
        contexts = [chromium.new_context() for _ in range(TABS)]
        for context in contexts:
            shown(context.new_page(), app.url("index"))
        for context in contexts:
            context.close()  # like a crash: no page says good-bye
        begin = time.monotonic()
        until(lambda: app.kernels() == [], 3 * IDLE_S)
        yield figure(
            "kernels left after the cull interval", float(len(app.kernels())), "kernels", "<= 0", n=TABS,
            note=f"tabs killed without a word; gone after {time.monotonic() - begin:.0f} s, idle limit {IDLE_S} s",
        )  # fmt: skip
    with served(shop, "--pool", "1", "--seats", "100") as app, browser() as chromium:
        context = chromium.new_context()
        early = 0.0
        for cycle in range(CYCLES):
            page = context.new_page()
            shown(page, app.url("index"))
            page.close(run_before_unload=True)
            if cycle == CYCLES // 5 - 1:
                time.sleep(3)
                early = _standing(app)
        time.sleep(3)
        late = _standing(app)
        yield figure(
            f"memory after {CYCLES} open-close cycles over that after {CYCLES // 5}", late / early, "ratio", "<= 1.05",
            n=CYCLES, note=f"server, nursery and waiting kernels, proportional: {early:.0f} and {late:.0f} MB",
        )  # fmt: skip
        yield figure(
            "kernels after the cycles", float(len(app.kernels())), "kernels", n=CYCLES,
            note="those that wait in the pools",
        )  # fmt: skip


def _standing(app: App) -> float:
    total = 0.0
    for pid in (app.process.pid, *descendants(app.process.pid)):
        try:
            total += memory_mb(pid)[1]
        except OSError:  # it ended meanwhile
            continue
    return total
