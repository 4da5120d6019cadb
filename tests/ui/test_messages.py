"""Faults in the page's language, whoever's text they carry."""

from __future__ import annotations

from ecomsim.checks import EcomsimError
from ecomsim.scenario.faults import ScenarioError
from ecomsim.ui.language import Words
from ecomsim.ui.messages import State, fault_html
from ecomsim.ui.shell import Page


def test_a_fault_and_its_remedy_are_chinese_on_the_chinese_page() -> None:
    fault = EcomsimError("promotion.name", "'d11'", "a new name", "Choose another name")
    told = fault_html(fault, "zh")
    assert "新名称" in told and "请换一个名称" in told and "活动名称" in told
    assert "Choose another name" in fault_html(fault, "en")


def test_what_a_name_carries_is_escaped_in_both() -> None:
    fault = EcomsimError("x", "<b>", "y", "Did you mean '<i>'?")
    for code in ("en", "zh"):
        assert "<b>" not in fault_html(fault, code) and "<i>" not in fault_html(fault, code)


def test_every_fault_of_a_scenario_is_told() -> None:
    faults = [EcomsimError("a.b", "1", "a list"), EcomsimError("c.d", "2", "text", "Put it in quotes")]
    told = fault_html(ScenarioError("scenario plan", faults), "en")
    assert "a.b: 1" in told and "c.d: 2" in told and "Put it in quotes" in told
    assert "列表" in fault_html(ScenarioError("scenario plan", faults), "zh")


def test_a_message_that_is_gone_leaves_nothing_behind() -> None:
    page = Page("index", "hello", Words({"hello": ("Hello", "你好")}))
    page.note(State.STALE, "first")
    first = page.messages.children
    page.note(State.STALE, "second")
    second = page.messages.children
    page.clear()
    assert all(one.comm is None for one in (*first, *second)) and page.messages.children == ()
