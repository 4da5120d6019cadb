"""How soon the first chart is there: without a warm kernel, with one, and for ten people at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.dashboard.kit import CHART, browser, drawn, load, memory_mb, served, until
from benchmarks.harness import Figure, figure
from tests.browser.kit import ARGS, WIDE, App, find_chromium

__all__ = ["opening"]

VISITS, CROWD = 5, 10


def opening(shop: Path) -> Iterator[Figure]:
    """Yield the figures of opening the planner."""
    with served(shop, "--pool", "0") as app, browser() as chromium:
        context = chromium.new_context()
        drawn(context, app.url("planner"))[0].close()
        taken, fresh = [], []
        for _ in range(VISITS):
            page, seconds = drawn(context, app.url("planner"))
            taken.append(seconds)
            page.close(run_before_unload=True)
            stranger = chromium.new_context()
            fresh.append(drawn(stranger, app.url("planner"))[1])
            stranger.close()
        yield figure(
            "first chart, cold", median(taken), "s", "<= 2.5", n=VISITS,
            note=f"no pool: kernel, store and simulation included; scripts cached; median, least "
            f"{min(taken):.2f}; {load()}",
        )  # fmt: skip
        yield figure(
            "first chart, cold, a browser that was never here", median(fresh), "s", n=VISITS,
            note=f"nothing cached; median, least {min(fresh):.2f}; {load()}",
        )  # fmt: skip
    with served(shop, "--pool", "2") as app, browser() as chromium:
        context = chromium.new_context()
        drawn(context, app.url("planner"))[0].close()
        taken = []
        for _ in range(VISITS):
            until(lambda: len(app.kernels()) >= _pooled(app, 2))
            time.sleep(3)  # the pool's page is made after its kernel is there
            page, seconds = drawn(context, app.url("planner"))
            taken.append(seconds)
            page.close(run_before_unload=True)
        yield figure(
            "first chart, pooled", median(taken), "s", "<= 1.5", n=VISITS,
            note=f"scripts cached; median, least {min(taken):.2f}; {load()}",
        )  # fmt: skip
    with served(shop, "--pool", str(CROWD), "--seats", "40") as app:
        until(lambda: len(app.kernels()) >= _pooled(app, CROWD), 120)
        time.sleep(20)
        seconds = asyncio.run(_crowd(app))
        yield figure(
            f"{CROWD} browsers at once, all drawn", seconds, "s", "<= 12", n=1,
            note=f"a pool of {CROWD}; nothing cached; the browsers share the cores with the server; {load()}",
        )  # fmt: skip
        kernels = [memory_mb(pid) for pid in app.kernels()]
        yield figure(
            f"memory of {len(kernels)} kernels together", sum(m[1] for m in kernels), "MB", n=len(kernels),
            note="proportional set size: what they share is counted once",
        )  # fmt: skip


def _pooled(app: App, each: int) -> int:
    """How many kernels wait when the pools of all dashboards are full."""
    return each * len(list((Path(__file__).resolve().parents[2] / "dashboards").glob("*.ipynb")))


async def _crowd(app: App) -> float:
    from playwright.async_api import async_playwright

    async with async_playwright() as driver:
        running = await driver.chromium.launch(executable_path=find_chromium(), args=list(ARGS))
        contexts = [await running.new_context(viewport=WIDE) for _ in range(CROWD)]
        pages = [await context.new_page() for context in contexts]

        async def visit(page) -> None:  # type: ignore[no-untyped-def]
            await page.goto(app.url("planner"), wait_until="commit")
            await page.wait_for_selector(CHART, timeout=120_000, state="attached")

        begin = time.perf_counter()
        await asyncio.gather(*(visit(page) for page in pages))
        seconds = time.perf_counter() - begin
        await running.close()
    return seconds
