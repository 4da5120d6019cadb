"""Fixtures of the browser journeys: one served app and one Chromium for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .kit import ARGS, WIDE, App, Watch, find_chromium, private_shop, start

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def workbook(flagship: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A private copy of the sample store's workbook, so that journeys may save into it."""
    return private_shop(flagship, tmp_path_factory.mktemp("shop") / "sample shop")


@pytest.fixture(scope="session")
def app(workbook: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The dashboards, served on this machine."""
    log = tmp_path_factory.mktemp("log") / "server.txt"
    running = start(workbook, "--idle", "120", log=log)
    yield running
    left = running.stop()
    assert not left, f"processes left behind: {left}"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless Chromium of the system; the journeys are skipped where there is none."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on this machine; install Debian's chromium to run the browser journeys")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(ARGS))
        yield browser
        browser.close()


@pytest.fixture
def visit(app: App, chromium: Any) -> Iterator[Callable[..., Any]]:
    """Make pages (`visit(viewport=..., color_scheme=...)`); none may ask another host or log an error."""
    watch = Watch(f"127.0.0.1:{app.port}")
    contexts = []

    def make(**options: Any) -> Any:
        context = chromium.new_context(**{"viewport": WIDE, "accept_downloads": True, **options})
        contexts.append(context)
        page = context.new_page()
        watch.follow(page)
        return page

    yield make
    for context in contexts:
        context.close()
    assert watch.foreign == []
    assert watch.errors == []


@pytest.fixture
def page(visit: Callable[..., Any]) -> Any:
    """A page 1280 pixels wide."""
    return visit()
