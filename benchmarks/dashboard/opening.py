"""How soon the first chart is there: without a warm kernel, with one, and for ten people at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from benchmarks.dashboard.kit import CHART, LIVE, browser, drawn, load, memory_mb, served, until
from benchmarks.harness import Figure, figure
from tests.browser.kit import ARGS, WIDE, App, find_chromium

__all__ = ["crowd", "opening"]

VISITS, CROWD = 5, 10


def opening(shop: Path) -> Iterator[Figure]:
    """Yield the figures of opening the planner."""
    with served(shop, "--pool", "0") as app, browser() as chromium:
        context = chromium.new_context()
        drawn(context, app.url("planner"))[0].close()
        times, strange = [], []
        for _ in range(VISITS):
            page, *seconds = drawn(context, app.url("planner"))
            times.append(seconds)
            page.close(run_before_unload=True)
            stranger = chromium.new_context()
            strange.append(drawn(stranger, app.url("planner"))[1:])
            stranger.close()
        yield from _figures(
            "cold", times, 2.5, "no pool: kernel, store and simulation included; scripts cached"
        )
        yield from _figures("cold, a browser that was never here", strange, None, "nothing cached")
    with served(shop, "--pool", "2") as app, browser() as chromium:
        context = chromium.new_context()
        drawn(context, app.url("planner"))[0].close()
        times = []
        for _ in range(VISITS):
            until(lambda: len(app.kernels()) >= _pooled(app, 2))
            time.sleep(3)  # the pool's page is made after its kernel is there
            page, *seconds = drawn(context, app.url("planner"))
            times.append(seconds)
            page.close(run_before_unload=True)
        yield from _figures("pooled", times, 1.5, "scripts cached")


def _figures(
    how: str, times: Sequence[Sequence[float]], reach_s: float | None, note: str
) -> Iterator[Figure]:
    first, live = zip(*times, strict=True)
    reach = f"<= {reach_s}" if reach_s else ""
    yield figure(
        f"first chart, {how}", median(first), "s", reach, n=len(first),
        note=f"the server's drawing of the first answer; {note}; median, least {min(first):.2f}; {load()}",
    )  # fmt: skip
    yield figure(
        f"levers and charts that follow them, {how}", median(live), "s", n=len(live),
        note=f"{note}; median, least {min(live):.2f}; {load()}",
    )  # fmt: skip


def crowd(shop: Path) -> Iterator[Figure]:
    """Yield how ten people are served who come at once."""
    with served(shop, "--pool", str(CROWD), "--seats", "40") as app:
        until(lambda: len(app.kernels()) >= _pooled(app, CROWD), 180)
        time.sleep(10)  # the last pages are made after their kernels are there
        first, live = asyncio.run(_crowd(app))
        note = f"a pool of {CROWD}; nothing cached; the browsers share the cores with the server; {load()}"
        yield figure(f"{CROWD} browsers at once, all drawn", max(first), "s", "<= 12", n=CROWD, note=note)
        yield figure(f"{CROWD} browsers at once, all levers there", max(live), "s", n=CROWD, note=note)
        kernels = [memory_mb(pid) for pid in app.kernels()]
        yield figure(
            f"memory of {len(kernels)} kernels together", sum(m[1] for m in kernels), "MB", n=len(kernels),
            note="proportional set size: what they share is counted once",
        )  # fmt: skip


def _pooled(app: App, each: int) -> int:
    """How many kernels wait when the pools of all dashboards are full."""
    return each * len(list((Path(__file__).resolve().parents[2] / "dashboards").glob("*.ipynb")))


async def _crowd(app: App) -> tuple[list[float], list[float]]:
    from playwright.async_api import async_playwright

    async with async_playwright() as driver:
        running = await driver.chromium.launch(executable_path=find_chromium(), args=list(ARGS))
        contexts = [await running.new_context(viewport=WIDE) for _ in range(CROWD)]
        pages = [await context.new_page() for context in contexts]

        async def visit(page) -> tuple[float, float]:  # type: ignore[no-untyped-def]
            await page.goto(app.url("planner"), wait_until="commit", timeout=120_000)
            await page.wait_for_selector(CHART, timeout=120_000, state="attached")
            first = time.perf_counter() - begin
            await page.wait_for_selector(LIVE, timeout=120_000, state="attached")
            return first, time.perf_counter() - begin

        begin = time.perf_counter()
        times = await asyncio.gather(*(visit(page) for page in pages))
        await running.close()
    return [one[0] for one in times], [one[1] for one in times]
