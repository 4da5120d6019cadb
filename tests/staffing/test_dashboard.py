"""The staffing dashboard's model: clamps, words in both languages, names escaped; no browser."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
import pytest

from ecomsim.staffing import Person, Roster, RosterTask
from ecomsim.ui.staffing_model import KINDS, LIMITS, Question
from ecomsim.ui.staffing_words import STAFFING

pytest.importorskip("ipywidgets")
MONDAY = dt.date(2026, 11, 2)


def test_whatever_a_browser_sends_is_brought_within_the_limits() -> None:
    wild = Question(
        MONDAY, volume=1e9, handling=-5, concurrency=99.6, patience=float("nan"), share=100, people=1e6
    )
    for name, (low, high) in LIMITS.items():
        assert low <= getattr(wild, name) <= high
    assert wild.concurrency == round(wild.concurrency)
    assert Question(MONDAY, names=(" 阿一 ", "", "阿一", "x" * 99)).names == ("阿一", "x" * 40)


def test_every_phrase_exists_in_both_languages_with_the_same_parts() -> None:
    for english, chinese in STAFFING.table.values():
        assert english and chinese
        assert set(re.findall(r"{(\w+)}", english)) == set(re.findall(r"{(\w+)}", chinese))


def test_a_name_is_escaped_in_the_grid() -> None:
    from types import SimpleNamespace

    from ecomsim.ui.staffing_views import roster_html

    days = tuple(MONDAY + dt.timedelta(d) for d in range(7))
    task = RosterTask(days, KINDS, np.zeros((7, 3)), (Person("<script>x</script>"),))
    roster = Roster(task, np.full((1, 7), -1))
    plan = SimpleNamespace(question=Question(MONDAY), roster=roster, need=SimpleNamespace(days=days))
    html = roster_html(plan, "zh")  # type: ignore[arg-type]
    assert "<script>" not in html
    assert html.count("休") == 7
