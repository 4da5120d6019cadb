"""What a page asks of the network, complains of, and withholds from a screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.dashboard.kit import browser, served
from benchmarks.harness import Figure, figure
from ecomsim.serve.folder import packaged
from tests.browser.kit import NARROW, WIDE, Watch, grave, scrolls_sideways, shown

__all__ = ["clean"]


def clean(shop: Path) -> Iterator[Figure]:
    """Yield requests off the machine, console errors and grave axe findings of every dashboard."""
    names = sorted(path.stem for path in packaged().glob("*.ipynb"))
    watch, sideways = None, 0
    with served(shop, "--pool", "1", "--seats", "40") as app, browser() as chromium:
        watch = Watch(f"127.0.0.1:{app.port}")
        for name in names:
            found = []
            for language in ("en", "zh"):
                for viewport, scheme in ((WIDE, "light"), (NARROW, "dark")):
                    context = chromium.new_context(viewport=viewport, color_scheme=scheme)
                    page = context.new_page()
                    watch.follow(page)
                    shown(page, app.url(name), language=language, wait_ms=60_000)
                    page.wait_for_timeout(3000)
                    found += grave(page)
                    sideways += scrolls_sideways(page)
                    context.close()
            yield figure(
                f"serious or critical findings of axe-core, {name}", float(len(found)), "findings", "<= 0", n=4,
                note="; ".join(dict.fromkeys(found))[:300] or "both languages, wide and light, narrow and dark",
            )  # fmt: skip
    visits = 4 * len(names)
    yield figure(
        "requests off the machine", float(len(watch.foreign)), "requests", "<= 0", n=visits,
        note="; ".join(watch.foreign[:3]) or "every request and socket of every visit",
    )  # fmt: skip
    yield figure(
        "console errors", float(len(watch.errors)), "errors", "<= 0", n=visits,
        note="; ".join(dict.fromkeys(watch.errors))[:300] or "every visit",
    )  # fmt: skip
    yield figure(
        "pages that scroll sideways", float(sideways), "pages", "<= 0", n=visits, note="1280 and 390 px"
    )
