"""Faults in the page's language, whoever's text they carry."""

from __future__ import annotations

from ecomsim.checks import EcomsimError
from ecomsim.scenario.faults import ScenarioError
from ecomsim.ui.messages import fault_html


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
