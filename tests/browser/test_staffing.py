"""The staffing dashboard in a browser: both languages and widths, cells, leave, uploads, downloads, a month."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from .kit import NARROW, WIDE, App, grave, picture, scrolls_sideways, shown

LONG_MS = 180_000


def ready(page: Any) -> None:
    page.locator(".es-roster tbody tr").first.wait_for(timeout=LONG_MS)
    page.locator(".es-heat svg path").first.wait_for(timeout=LONG_MS)
    page.wait_for_selector(".es-stale", state="detached", timeout=LONG_MS)


@pytest.mark.timeout(600)
def test_a_week_on_a_phone_in_chinese_and_dark(app: App, visit: Callable[..., Any]) -> None:
    page = visit(viewport=NARROW, color_scheme="dark")
    shown(page, app.url("staffing"), language="zh", wait_ms=LONG_MS)
    ready(page)
    page.locator(".es-answer", has_text="这一周需要").wait_for(timeout=LONG_MS)
    page.locator("td", has_text="净值").or_(page.locator("th", has_text="净值")).first.wait_for(
        timeout=LONG_MS
    )
    assert page.locator(".es-card").count() == 6
    assert not scrolls_sideways(page)
    picture(page, "staffing-390-zh-dark")
    assert grave(page) == []


@pytest.mark.timeout(900)
def test_the_lead_edits_repairs_uploads_and_plans_a_month(
    app: App, visit: Callable[..., Any], tmp_path: Path
) -> None:
    page = visit(viewport=WIDE)
    shown(page, app.url("staffing"), language="en", wait_ms=LONG_MS)
    ready(page)
    # a cell by keyboard, another by its menu
    first = page.locator('td[data-r="0"][data-d="0"]')
    first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("0" if "off" not in page.locator('td[data-r="0"][data-d="1"]').inner_text() else "1")
    page.locator('td[data-r="0"][data-d="1"].es-edited').wait_for(timeout=LONG_MS)
    ready(page)
    assert page.evaluate("document.activeElement.dataset.d") == "1"
    page.locator('td[data-r="1"][data-d="2"]').click()
    now = page.locator('[role="menuitemradio"][aria-checked="true"]').inner_text()
    page.get_by_role("menuitemradio", name="late" if now != "late" else "early").click()
    page.locator('td[data-r="1"][data-d="2"].es-edited').wait_for(timeout=LONG_MS)
    ready(page)
    picture(page, "staffing-1280-en-edited")
    # somebody falls out: who changes is told and marked
    person = page.locator(".es-roster tbody tr", has=page.locator('td[data-d="3"]:not(.es-shift-off)')).first
    page.get_by_label("Name", exact=True).select_option(person.locator("th").inner_text())
    day = page.locator(".es-roster thead th").nth(4).get_attribute("title")
    page.get_by_label("from", exact=True).select_option(str(day))
    page.get_by_role("button", name="Put on leave and repair").click()
    page.locator("p.es-told", has_text="away").wait_for(timeout=LONG_MS)
    ready(page)
    assert page.locator("td.es-leave.es-touched").count() == 1
    with page.expect_download() as excel:
        page.get_by_role("button", name="Download Excel").click()
    with page.expect_download() as ics:
        page.get_by_role("button", name="Download calendar").click()
    saved = Path(excel.value.path()).read_bytes()
    assert openpyxl.load_workbook(BytesIO(saved)).sheetnames[0] == "Roster"
    assert b"BEGIN:VEVENT" in Path(ics.value.path()).read_bytes()
    # a workbook with faults is answered by its cells; a good one is shown as it stands
    book = openpyxl.load_workbook(BytesIO(saved))
    book["People"]["C2"] = 99
    book.save(tmp_path / "bad.xlsx")
    page.locator(".es-upload input").set_input_files(tmp_path / "bad.xlsx")
    page.locator(".es-error", has_text="row 2, column C (Days a week)").wait_for(timeout=LONG_MS)
    assert grave(page) == []
    (tmp_path / "good.xlsx").write_bytes(saved)
    edited = page.locator("td.es-edited").count()
    page.locator(".es-upload input").set_input_files(tmp_path / "good.xlsx")
    page.get_by_label("Roster", exact=True).wait_for(timeout=LONG_MS)
    page.wait_for_selector("td.es-edited", state="detached", timeout=LONG_MS)
    ready(page)
    assert edited == 2
    assert page.locator(".es-error").count() == 0
    # the year's headcount, asked for by a click
    page.get_by_role("button", name="Headcount of the year").click()
    page.locator(".es-headcount tbody tr").nth(11).wait_for(timeout=LONG_MS)
    page.get_by_label("Months to hire").fill("3")
    page.get_by_label("Months to hire").press("Tab")
    page.locator(".es-told", has_text="hiring takes effect later").wait_for(timeout=LONG_MS)
    # a month, and everything again in Chinese
    page.get_by_role("button", name="a month").click()
    page.locator(".es-month").wait_for(timeout=LONG_MS)
    ready(page)
    assert page.locator("th.es-hands").count() == 1
    page.get_by_role("button", name="中文").click()
    page.locator(".es-month", has_text="早").wait_for(timeout=LONG_MS)
    assert not scrolls_sideways(page)
    picture(page, "staffing-1280-zh-month")
    assert grave(page) == []
