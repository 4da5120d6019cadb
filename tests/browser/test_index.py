"""The front page in a browser: both languages, wide and narrow, light and dark, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .kit import NARROW, WIDE, App, grave, picture, scrolls_sideways, shown, tab_stops


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_front_page_in_every_dress(
    app: App, visit: Callable[..., Any], viewport: dict[str, int], language: str, scheme: str
) -> None:
    page = visit(viewport=viewport, color_scheme=scheme)
    shown(page, app.url(), language=language)
    says = {"en": "What do you want to know?", "zh": "今天想了解什么？"}[language]
    assert page.locator("h1").inner_text() == says
    reach = {"en": "data up to 31 October 2026", "zh": "数据截至 2026年10月31日"}[language]
    assert reach in page.locator(".es-answer").inner_text()
    assert page.evaluate("document.documentElement.lang") == {"en": "en", "zh": "zh-CN"}[language]
    paper = page.evaluate("getComputedStyle(document.querySelector('.es-page')).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 23, 30)"}[scheme]
    assert not scrolls_sideways(page)
    picture(page, f"index-{viewport['width']}-{language}-{scheme}")
    assert grave(page) == []


def test_title_and_icon_are_ours(app: App, page: Any) -> None:
    shown(page, app.url())
    assert "Store workbench" in page.title()
    icon = page.locator("link[rel=icon]").get_attribute("href")
    assert page.request.get(app.base + icon).ok


def test_the_address_alone_leads_to_the_front_page(app: App, page: Any) -> None:
    page.goto(app.base + "/")
    page.wait_for_selector(".es-head")
    assert page.url.endswith("/voila/render/index.ipynb")


def test_language_and_colours_switch_and_stay(app: App, page: Any) -> None:
    shown(page, app.url(), language="")
    page.get_by_role("button", name="中文").click()
    page.get_by_role("heading", name="今天想了解什么？").wait_for()
    page.get_by_role("button", name="深色").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    shown(page, app.url())
    page.get_by_role("heading", name="今天想了解什么？").wait_for()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="What do you want to know?").wait_for()


def test_the_keyboard_alone_reaches_everything(app: App, page: Any) -> None:
    shown(page, app.url(), language="en")
    stops = tab_stops(page, 16)
    assert stops[0] == "Skip to the content"
    for name in ("Start", "Light", "Dark", "As the system", "English", "中文"):
        assert name in stops
    page.get_by_role("button", name="中文").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="今天想了解什么？").wait_for()
    assert page.evaluate("document.activeElement.dataset.value") == "zh"


def test_skipping_leads_to_the_content(app: App, page: Any) -> None:
    shown(page, app.url(), language="en")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "es-main"


def test_an_unknown_page_says_so_in_our_words(app: App, visit: Callable[..., Any]) -> None:
    page = visit()
    answer = page.request.get(app.url("../../etc/passwd"))
    assert answer.status == 404
    assert "There is no such page" in page.request.get(app.url("nothing")).text()


def test_closing_the_tab_gives_up_its_kernel(app: App, chromium: Any) -> None:
    before = set(app.kernels())
    context = chromium.new_context()
    page = context.new_page()
    shown(page, app.url())
    asked = page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId")
    assert context.request.get(f"{app.base}/api/kernels/{asked}").ok
    page.close(run_before_unload=True)
    watch = context.new_page()
    for _ in range(100):
        if watch.request.get(f"{app.base}/api/kernels/{asked}").status == 404:
            break
        watch.wait_for_timeout(100)
    else:
        pytest.fail(f"the kernel lives on; before: {before}, now: {app.kernels()}")
    context.close()
