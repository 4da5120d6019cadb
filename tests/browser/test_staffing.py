"""The staffing dashboard in a browser: both languages and widths, a changed cell, a lever, a download."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .kit import NARROW, WIDE, App, grave, picture, scrolls_sideways, shown

LONG_MS = 120_000


def ready(page: Any) -> None:
    page.locator(".es-roster tbody tr").first.wait_for(timeout=LONG_MS)
    page.locator(".es-roster").first.wait_for()
    page.locator(".es-heat svg path").first.wait_for(timeout=LONG_MS)
    page.wait_for_selector(".es-stale", state="detached", timeout=LONG_MS)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("viewport", "language", "scheme"),
    [(WIDE, "en", "light"), (WIDE, "zh", "dark"), (NARROW, "zh", "light")],
    ids=["wide", "wide-dark", "narrow"],
)
def test_a_week_in_every_dress(
    app: App, visit: Callable[..., Any], viewport: dict[str, int], language: str, scheme: str
) -> None:
    page = visit(viewport=viewport, color_scheme=scheme)
    shown(page, app.url("staffing"), language=language, wait_ms=LONG_MS)
    ready(page)
    says = {"en": "people cover the week of", "zh": "这一周需要"}[language]
    page.locator(".es-answer", has_text=says).wait_for(timeout=LONG_MS)
    ready(page)
    assert page.locator(".es-card").count() == 6
    assert not scrolls_sideways(page)
    picture(page, f"staffing-{viewport['width']}-{language}-{scheme}")
    assert grave(page) == []


@pytest.mark.timeout(600)
def test_a_changed_cell_is_checked_and_a_lever_plans_anew(app: App, visit: Callable[..., Any]) -> None:
    page = visit(viewport=WIDE)
    shown(page, app.url("staffing"), language="en", wait_ms=LONG_MS)
    ready(page)
    first = page.locator(".es-roster tbody tr").first
    page.get_by_label("Shift", exact=True).select_option("early")
    before = first.locator("td").first.inner_text()
    if before == "early":
        page.get_by_label("Shift", exact=True).select_option("late")
    page.get_by_role("button", name="Set", exact=True).click()
    page.locator(".es-roster td", has_text="✎").first.wait_for(timeout=LONG_MS)
    assert "✎" in first.locator("td").first.inner_text()
    with page.expect_download() as caught:
        page.get_by_role("button", name="Download the roster (Excel)").click()
    assert caught.value.suggested_filename.startswith("roster-2026-11-")
    picture(page, "staffing-edited")
    size = page.locator('.es-levers input[type="number"]').first
    size.fill("12")
    size.press("Tab")
    page.wait_for_function("document.querySelectorAll('.es-roster tbody tr').length === 12", timeout=LONG_MS)
    page.get_by_role("heading", name="Short").wait_for(timeout=LONG_MS)
    picture(page, "staffing-short")
