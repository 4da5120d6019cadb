"""The targets dashboard in a browser: will we make the month, in both languages, wide and narrow, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .kit import NARROW, WIDE, App, grave, picture, scrolls_sideways, shown

SETTLED_MS = 120_000


def settled(page: Any, word: str) -> None:
    """Wait until the forecast has been tested on past months and everything is drawn."""
    try:
        page.locator(".es-status", has_text=word).wait_for(timeout=SETTLED_MS)
    except Exception as late:
        told = page.locator(".es-main, .es-messages").all_inner_texts()
        raise AssertionError(f"the page never settled; it says: {told}") from late
    page.locator(".es-chart svg").first.wait_for(timeout=SETTLED_MS)
    page.wait_for_timeout(800)


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("viewport", "language", "scheme"),
    [(WIDE, "en", "light"), (WIDE, "zh", "dark"), (NARROW, "en", "dark"), (NARROW, "zh", "light")],
    ids=["wide-en-light", "wide-zh-dark", "narrow-en-dark", "narrow-zh-light"],
)
def test_the_targets_page_in_every_dress(
    app: App, visit: Callable[..., Any], viewport: dict[str, int], language: str, scheme: str
) -> None:
    page = visit(viewport=viewport, color_scheme=scheme)
    shown(page, app.url("targets"), language=language, wait_ms=SETTLED_MS)
    assert (
        page.locator("h1").inner_text()
        == {"en": "Will we make the month?", "zh": "这个月能达成目标吗？"}[language]
    )
    settled(page, {"en": "tested on", "zh": "段检验"}[language])
    assert {"en": "chance", "zh": "达成可能"}[language] in page.locator(".es-answer").inner_text()
    assert page.locator("[data-card=chance] .es-value").inner_text().endswith("%")
    assert not scrolls_sideways(page)
    picture(page, f"targets-{viewport['width']}-{language}-{scheme}")
    assert grave(page) == []


@pytest.mark.timeout(400)
def test_a_months_target_is_followed_through_it_and_taken_home(app: App, page: Any) -> None:
    shown(page, app.url("targets"), language="en", wait_ms=SETTLED_MS)
    settled(page, "tested on")
    page.get_by_label("Month", exact=True).select_option(label="October 2026")
    page.get_by_label("As of").select_option(index=2)
    page.locator(".es-gauge").wait_for(timeout=SETTLED_MS)
    settled(page, "tested on")
    before = page.locator("[data-card=chance] .es-value").inner_text()
    target = page.get_by_label("Target of the month")
    target.fill("9000000")
    target.press("Enter")
    page.locator("[data-card=chance] .es-value.es-miss").wait_for(timeout=SETTLED_MS)
    assert page.locator("[data-card=chance] .es-value").inner_text() != before
    settled(page, "tested on")
    picture(page, "targets-october")
    for name, ending in (("Excel", "xlsx"), ("HTML page", "html")):
        with page.expect_download() as taken:
            page.get_by_role("button", name=name).click()
        assert taken.value.suggested_filename == f"gmv-2026-10.{ending}"
