"""Journeys of the planner: open, move levers of every group, compare, save, reload, languages, download, faults."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from .kit import NARROW, WIDE, App, grave, picture, scrolls_sideways, shown

GROUPS = ("Traffic and spend", "Promotions", "Prices", "Service staff", "Stock and orders")


@pytest.fixture(autouse=True)
def clean_shelf(workbook: Path) -> Iterator[None]:
    """Every journey begins with an empty shelf."""
    yield
    shutil.rmtree(workbook / "scenarios", ignore_errors=True)


SLOW_MS = 300_000
"""A hang ends here; how quick the page is, the benchmarks tell."""


def opened(page: Any, app: App, language: str = "en") -> None:
    page.set_default_timeout(SLOW_MS)
    shown(page, app.url("planner"), language=language, wait_ms=SLOW_MS)
    page.wait_for_selector(".es-fan svg path", state="attached")
    refined(page, language)  # a warm kernel speaks English until the page has told it otherwise


def refined(page: Any, language: str = "") -> None:
    """Wait until the last piece of the last question is on the screen, in a language if one is given."""
    begins = {"en": ["1,000"], "zh": ["模拟 1,000"], "": ["1,000", "模拟 1,000"]}[language]
    page.wait_for_function(
        "begins => { const s = document.querySelector('.es-status')?.textContent ?? '';"
        " return begins.some(b => s.startsWith(b)); }",
        arg=begins,
    )


def fold(page: Any, name: str) -> Any:
    return page.locator("button.es-fold", has_text=name)


def lever(page: Any, name: str) -> Any:
    return page.locator(".es-lever", has_text=name)


def nudge(page: Any, name: str, presses: int = 6) -> None:
    """Move a slider by the keyboard and wait for the answer."""
    before = page.locator(".es-cards").inner_text()
    lever(page, name).locator(".noUi-handle").focus()
    for _ in range(presses):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("before => document.querySelector('.es-cards').innerText !== before", arg=before)
    refined(page)


@pytest.mark.parametrize(
    ("viewport", "language", "scheme"),
    [(WIDE, "en", "light"), (WIDE, "zh", "dark"), (NARROW, "zh", "light"), (NARROW, "en", "dark")],
    ids=["wide-en-light", "wide-zh-dark", "narrow-zh-light", "narrow-en-dark"],
)
def test_the_planner_in_every_dress(
    app: App, visit: Callable[..., Any], viewport: dict[str, int], language: str, scheme: str
) -> None:
    page = visit(viewport=viewport, color_scheme=scheme)
    opened(page, app, language)
    assert page.locator(".es-card").count() == 6
    assert {"en": "November 2026", "zh": "2026年11月"}[language] in page.locator(".es-answer").inner_text()
    assert not scrolls_sideways(page)
    drawn = page.locator(".es-fan svg").bounding_box()
    room = page.locator(".es-main").bounding_box()
    assert drawn["width"] > 0.95 * room["width"] and 300 <= drawn["height"] <= 400
    picture(page, f"planner-{viewport['width']}-{language}-{scheme}")
    assert grave(page) == []


def test_a_lever_of_every_group_moves_the_numbers(app: App, page: Any) -> None:
    opened(page, app)
    for name in GROUPS[1:]:
        fold(page, name).click()
    for name in (
        "Search ads: spend a day", "Double 11: discount", "All prices", "Pre-sale: agents at the busiest hour",
        "Reorder when cover falls to",
    ):  # fmt: skip
        nudge(page, name)
    for name in GROUPS:
        assert "1 changed" in fold(page, name).inner_text()
    picture(page, "planner-levers")
    page.get_by_role("button", name="Reset all").click()
    page.wait_for_function(
        "() => document.querySelector('.es-cards').innerText.includes('the store as it is')"
    )
    assert "changed" not in " ".join(fold(page, name).inner_text() for name in GROUPS)


def tab_to(page: Any, label: str, most: int = 80) -> None:
    """Press Tab until what has the focus is called so."""
    for _ in range(most):
        page.keyboard.press("Tab")
        called = page.evaluate(
            "(() => { const e = document.activeElement; return e.getAttribute('aria-label') || "
            "e.labels?.[0]?.textContent || e.textContent.trim() })()"
        )
        if called.startswith(label):
            return
    raise AssertionError(f"no Tab leads to {label}")


def test_a_plan_is_saved_compared_reloaded_and_deleted(app: App, page: Any, workbook: Path) -> None:
    opened(page, app)
    before = page.locator(".es-cards").inner_text()
    tab_to(page, "Search ads: spend a day")  # up to the saved plan with the keyboard alone
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("before => document.querySelector('.es-cards').innerText !== before", arg=before)
    tab_to(page, "Name")
    page.keyboard.type("more ads")
    tab_to(page, "Save")
    page.keyboard.press("Enter")
    page.locator(".es-shelf-row", has_text="more ads").wait_for()
    assert (workbook / "scenarios" / "more ads.yaml").is_file()
    nudge(page, "Display ads: spend a day")
    page.locator(".es-shelf-row input[type=checkbox]").check()
    page.locator("th", has_text="more ads (edited)").wait_for()
    refined(page)
    assert page.locator(".es-table thead th").count() == 4
    picture(page, "planner-compare")
    assert grave(page) == []
    opened(page, app)
    page.get_by_role("button", name="Load", exact=True).click()
    page.locator(".es-card", has_text="better in").first.wait_for()
    assert page.get_by_label("Name", exact=True).first.input_value() == "more ads"
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Really delete?").click()
    page.locator(".es-shelf-row").wait_for(state="detached")


def test_the_language_switches_without_losing_the_plan(app: App, page: Any) -> None:
    opened(page, app)
    nudge(page, "Search ads: spend a day")
    value = lever(page, "Search ads").locator(".widget-readout").inner_text()
    page.get_by_role("button", name="中文").click()
    page.locator(".es-card", has_text="支付金额").wait_for()
    refined(page)
    assert lever(page, "搜索推广").locator(".widget-readout").inner_text() == value
    assert "已改 1 项" in fold(page, "流量与推广").inner_text()
    page.get_by_role("button", name="English").click()
    page.locator(".es-card", has_text="Contribution margin").wait_for()


def test_the_excel_and_the_report_come_as_files(app: App, page: Any, tmp_path: Path) -> None:
    opened(page, app)
    nudge(page, "Search ads: spend a day")
    page.get_by_label("Notes").fill("=1+1 <b>bold</b>")
    page.get_by_label("Name", exact=True).first.fill("push")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".es-shelf-row", has_text="push").wait_for()
    for button, ending in (("Download Excel", "xlsx"), ("Download report", "html")):
        with page.expect_download() as handed:
            page.get_by_role("button", name=button).click()
        assert handed.value.suggested_filename == f"push-2026-11.{ending}"
        handed.value.save_as(tmp_path / f"report.{ending}")
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert "push" in cells and not any(isinstance(c, str) and c.startswith("=") for c in cells)
    report = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<b>bold</b>" not in report and "&lt;b&gt;bold" in report


def test_a_name_that_leads_elsewhere_shows_the_remedy(app: App, page: Any, workbook: Path) -> None:
    opened(page, app)
    nudge(page, "Search ads: spend a day")
    page.get_by_label("Name", exact=True).first.fill("../../outside")
    page.get_by_role("button", name="Save", exact=True).click()
    box = page.locator(".es-box.es-error")
    box.wait_for()
    assert "scenario.name" in box.inner_text() and page.locator(".es-shelf-row").count() == 0
    assert not list(workbook.parent.rglob("outside*"))


def test_what_the_numbers_rest_on_is_one_click_away(app: App, page: Any) -> None:
    opened(page, app)
    fold(page, "What these numbers rest on").click()
    page.get_by_text("Data from 2024-09-01 to 2026-10-31.").wait_for()
    assert page.get_by_text("costs: freight a parcel").count() == 1
    page.get_by_text("From past sales alone November 2026 is expected at").wait_for()
    page.get_by_role("button", name="Simulate past months now").wait_for()
    assert not scrolls_sideways(page)
    picture(page, "planner-basis")
    assert grave(page) == []
