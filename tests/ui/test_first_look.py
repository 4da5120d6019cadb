"""The first answer is sent as HTML: in both languages, escaped, only where a server shows pages."""

from __future__ import annotations

import datetime as dt

import pytest

from ecomsim.charts.describe import Band, Fan, Mark, Target
from ecomsim.charts.palette import PALETTE
from ecomsim.ui.first_look import FIRST_LOOK, bundle, first_look_html
from ecomsim.ui.language import Words
from ecomsim.ui.place import DASHBOARDS_VARIABLE
from ecomsim.ui.shell import Page

EVIL = '<script>alert("x")</script>'


def fan(name: str = "plan") -> Fan:
    days = tuple(dt.date(2026, 11, d) for d in (1, 2, 3))
    band = Band(name, (1.0, 2.0, 3.0), (2.0, 3.0, 4.0), (3.0, 4.0, 5.0))
    return Fan("GMV", "yuan", days, (band,), Target(name, 4.5), (Mark(name, days[1], days[1]),))


def test_what_a_user_named_is_escaped() -> None:
    html = first_look_html("planner", EVIL, EVIL, "", fan(EVIL), "en")
    assert "<script" not in html and html.count("&lt;script&gt;") >= 4


def test_series_follow_light_and_dark() -> None:
    html = first_look_html("planner", "?", "!", "", fan(), "en")
    assert f'stroke="var(--ecs-0,{PALETTE[0]})"' in html and f'"{PALETTE[0]}"' not in html


def test_navigation_names_what_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DASHBOARDS_VARIABLE, "index,planner")
    html = first_look_html("planner", "?", "!", "", fan(), "zh")
    assert 'href="index.ipynb"' in html and "targets.ipynb" not in html
    assert 'href="planner.ipynb" aria-current=page' in html


def test_only_a_server_and_only_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DASHBOARDS_VARIABLE, raising=False)
    page = Page("planner", "hello", Words({"hello": ("Hello", "你好")}))
    page.look({"en": "<p>1</p>", "zh": "<p>一</p>"}, "p {}")
    assert FIRST_LOOK not in page._repr_mimebundle_()
    monkeypatch.setenv(DASHBOARDS_VARIABLE, "planner")
    assert page._repr_mimebundle_()[FIRST_LOOK] == {"en": "<p>1</p>", "zh": "<p>一</p>", "style": "p {}"}
    assert bundle({"en": "<p>1</p>"}, "") == {}
