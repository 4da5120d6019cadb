"""Moving a lever: the first redraw, the final answer, and ten seconds of dragging."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.dashboard.kit import FINAL, browser, drawn, load, memory_mb, served
from benchmarks.harness import Figure, figure

__all__ = ["moving"]

MOVES, DRAG_S = 30, 10.0

# Times are taken in the page: from the key that moves the lever to the chart's or cards' first change, and to
# the change that says 1,000 replications.
_PROBE = """() => {
  const told = { first: null, final: null, redraws: [] };
  window.told = told;
  const main = document.querySelector('.es-main');
  const says = () => document.querySelector('.es-status')?.textContent ?? '';
  const whole = () => /^1,000 simulated months ·/.test(says());
  const shown = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest('.es-fan, .es-cards');
  const redrawn = (c) => (c.type === 'childList' || c.attributeName === 'd')
    && (shown(c.target) || [...c.addedNodes].some(shown));
  new MutationObserver((changes) => {
    if (!changes.some(redrawn)) return;
    const now = performance.now();
    told.redraws.push(now);
    if (told.begin && told.first === null) told.first = now - told.begin;
  }).observe(main, { subtree: true, childList: true, attributes: true, attributeFilter: ['d'] });
  new MutationObserver(() => {
    if (!told.begin) return;
    if (!whole()) told.coarse = true;
    else if (told.coarse && told.first !== null && told.final === null) told.final = performance.now() - told.begin;
  }).observe(main, { subtree: true, childList: true, characterData: true });
  const pressed = () => Object.assign(told, { begin: performance.now(), first: null, final: null, coarse: false });
  addEventListener('keydown', pressed, true);
}"""


def moving(shop: Path) -> Iterator[Figure]:
    """Yield the figures of moving the planner's levers."""
    with served(shop, "--pool", "1") as app, browser() as chromium:
        page, *_ = drawn(chromium.new_context(), app.url("planner"))
        page.wait_for_function(FINAL, timeout=60_000)
        page.evaluate(_PROBE)
        firsts, finals = _steps(page)
        yield figure(
            "lever to first redraw, p95", float(np.quantile(firsts, 0.95)), "ms", "<= 150", n=len(firsts),
            note=f"key press to the chart's change in the page, 192 replications of the flagship month; median "
            f"{np.median(firsts):.0f}, least {min(firsts):.0f}; {load()}",
        )  # fmt: skip
        yield figure(
            "lever to 1,000 replications", float(np.median(finals)), "ms", "<= 1500", n=len(finals),
            note=f"median; p95 {np.quantile(finals, 0.95):.0f}, least {min(finals):.0f}; {load()}",
        )  # fmt: skip
        yield from _drag(page)
        kernel = max(app.kernels(), key=lambda pid: memory_mb(pid)[2])
        resident, proportional, private = memory_mb(kernel)
        yield figure(
            "resident memory of a planner's kernel", resident, "MB", "<= 220",
            note=f"after moving levers; of it {private:.0f} MB private, the rest shared with the nursery and all "
            f"other kernels; proportional {proportional:.0f} MB",
        )  # fmt: skip


def _steps(page: Any) -> tuple[list[float], list[float]]:
    handle = page.locator(".es-levers .noUi-handle").nth(2)
    handle.focus()
    firsts, finals = [], []
    for move in range(MOVES):
        page.keyboard.press("ArrowRight" if move % 10 < 5 else "ArrowLeft")
        page.wait_for_function("() => window.told.final !== null", timeout=30_000)
        told = page.evaluate("window.told")
        if move >= 2:
            firsts.append(told["first"])
            finals.append(told["final"])
    return firsts, finals


def _drag(page: Any) -> Iterator[Figure]:
    box = page.locator(".es-levers .noUi-handle").nth(2).bounding_box()
    track = page.locator(".es-levers .noUi-target").nth(2).bounding_box()
    middle = box["y"] + box["height"] / 2
    page.evaluate("() => { window.told.redraws.length = 0; window.told.begin = null; }")
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    begin = time.monotonic()
    while (gone := time.monotonic() - begin) < DRAG_S:
        share = 0.5 + 0.4 * float(np.sin(gone * 1.3))
        page.mouse.move(track["x"] + share * track["width"], middle)
        time.sleep(0.02)
    page.mouse.up()
    released = page.evaluate("performance.now()")
    page.wait_for_timeout(200)
    page.wait_for_function(FINAL, timeout=30_000)
    last = page.evaluate("performance.now()")
    page.wait_for_timeout(3000)
    redraws = np.array(page.evaluate("window.told.redraws"))
    during = np.unique(
        np.round(redraws[redraws <= released] / 8)
    )  # what changed within a frame is one redraw
    late = redraws[redraws > last + 500]
    gaps = np.diff(during) * 8
    yield figure(
        "redraws a second while dragging for 10 s", len(during) / DRAG_S, "1/s", ">= 4",
        note=f"longest time without one {gaps.max() if len(gaps) else float('nan'):.0f} ms; {load()}",
    )  # fmt: skip
    yield figure(
        "release of the drag to the final answer", last - released, "ms", "<= 1700",
        note="the final answer's own 1,500 ms and the 200 ms of waiting before looking",
    )  # fmt: skip
    yield figure(
        "redraws after the final answer", float(len(late)), "redraws", "<= 0",
        note="a queue of stale redraws would show here; 3 s watched",
    )  # fmt: skip
