"""Charts for the browser: small options that say everything, names escaped, one colour a scenario."""

from __future__ import annotations

import datetime as dt
import json
import math

import pytest

from ecomsim.charts import (
    Band,
    Differences,
    Fan,
    Funnel,
    HeatMap,
    Interval,
    Mark,
    Panel,
    Panels,
    Stage,
    Step,
    Swing,
    Target,
    Tornado,
    Track,
    Waterfall,
    option,
    options,
)  # fmt: skip
from ecomsim.charts.palette import PALETTE, css_variables, token
from ecomsim.checks import EcomsimError

DAYS = tuple(dt.date(2026, 11, 1) + dt.timedelta(days=i) for i in range(30))
EVIL = "<img src=x onerror=alert(1)>{a|b}"


def fan(*names: str) -> Fan:
    steps = range(30)
    low, mid, high = (tuple(by * i for i in steps) for by in (90e3, 1e5, 11e4))
    bands = [Band(name, low, mid, high) for name in names]
    marks = (Mark("Double 11", dt.date(2026, 11, 10), dt.date(2026, 11, 11)),)
    return Fan("GMV", "yuan", DAYS, tuple(bands), Target("Target", 3e6), marks)


EVERY = (
    fan("baseline", EVIL),
    Differences("GMV", "yuan", (Interval(EVIL, -1e5, 2e5, 3e5, EVIL, True), Interval("b", -3e5, -2e5, 0, "", False))),
    Waterfall("Margin", "yuan", (Step("before", 100.0, True), Step(EVIL, -130.0), Step("after", -30.0, True))),
    Tornado("Margin", "yuan", 100.0, (Swing("small", 99, 101), Swing(EVIL, 60, 150, "low", "high"))),
    HeatMap("Load", "chats", ("Mon", EVIL), ("9:00", "10:00"), ((1.0, math.nan), (3.0, 4.0))),
    Funnel("Funnel", "", ("search", EVIL), ("baseline",), (Stage("Visitors", "people", ((9.0, 5.0),)),)),
)  # fmt: skip


@pytest.mark.parametrize("chart", EVERY, ids=lambda chart: type(chart).__name__)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_option_is_json_small_still_and_described(chart, language: str) -> None:
    made = option(chart, language=language)
    text = json.dumps(made, allow_nan=False)
    assert len(text) < 16_000
    assert made["animation"] is False and chart.title in made["aria"]["label"]["description"]


@pytest.mark.parametrize("chart", EVERY, ids=lambda chart: type(chart).__name__)
def test_what_is_written_as_html_is_escaped(chart) -> None:
    def formatters(node):
        if isinstance(node, dict):
            yield from (node["tooltip"]["formatter"] for _ in [0] if "formatter" in node.get("tooltip", {}))
            for value in node.values():
                yield from formatters(value)
        elif isinstance(node, list):
            for value in node:
                yield from formatters(value)

    told = list(formatters(option(chart)))
    assert told and not any("<img" in text for text in told)


def test_a_fan_tells_each_day_in_words_and_names_target_and_event() -> None:
    made = option(fan("baseline"))
    columns = made["series"][0]["data"]
    assert len(columns) == 30 and "Wed 11/11" in columns[10]["tooltip"]["formatter"]
    assert (
        "1 M" in columns[10]["tooltip"]["formatter"]
        and "900 k – 1.1 M" in columns[10]["tooltip"]["formatter"]
    )
    assert [c["label"]["formatter"] for c in columns if "label" in c] == ["Double 11"]
    (rule,) = [s["markLine"] for s in made["series"] if "markLine" in s]
    assert rule["label"]["formatter"] == "Target 3 M" and rule["data"] == [{"yAxis": 3.0}]
    assert made["yAxis"]["min"] == 0 and made["yAxis"]["name"] == "M yuan"


def test_bands_are_drawn_from_low_to_high() -> None:
    low, wide = (option(fan("baseline"))["series"][i]["data"] for i in (1, 2))
    assert low[10] == pytest.approx(0.9) and low[10] + wide[10] == pytest.approx(1.1)


def test_a_scenario_keeps_its_colour_in_every_chart() -> None:
    lines = [s for s in option(fan("a", "b"))["series"] if "endLabel" in s]
    panels = Panels("x", "", DAYS, (Panel("p", "", (Track("a", (1.0,) * 30), Track("b", (2.0,) * 30))),))
    small = [s for s in options(panels)[0]["series"] if s["type"] == "line"]
    bars = option(Funnel("f", "", ("r",), ("a", "b"), (Stage("s", "", ((1.0,), (2.0,))),)))["series"]
    for i in range(2):
        hues = {lines[i]["lineStyle"]["color"], small[i]["lineStyle"]["color"], bars[i]["itemStyle"]["color"]}
        assert hues == {token(i)}


def test_a_chart_that_was_narrow_gets_its_wide_dress_back() -> None:
    stages = (Stage("Visitors", "people", ((9.0,),)), Stage("Buyers", "", ((1.0,),)))
    for made in (option(fan("a", "b")), option(Funnel("f", "", ("Returning buyers",), ("a",), stages))):
        phone, wide = made["media"]
        assert phone["query"] == {"maxWidth": 560} and "query" not in wide
        assert set(phone["option"]) == set(wide["option"])
        for key, was in phone["option"].items():
            back = wide["option"][key]
            for one, other in zip(*((x if isinstance(x, list) else [x]) for x in (was, back)), strict=True):
                assert set(one) <= set(other)
    assert [y["name"] for y in phone["option"]["yAxis"]] == ["Visitors\n(people)", "Buyers\n"]
    assert [y["name"] for y in wide["option"]["yAxis"]] == ["Visitors (people)", "Buyers"]


def test_names_at_the_ends_stand_apart() -> None:
    lines = [s for s in option(fan("a", "b", "c"))["series"] if "endLabel" in s]
    assert sorted(s["endLabel"]["offset"][1] for s in lines) == [0, 16, 32]


def test_light_and_dark_define_every_colour() -> None:
    for sheet in (css_variables(), css_variables(dark=True)):
        for name in (*range(len(PALETTE)), "ink", "grey", "faint", "good", "bad"):
            assert f"--ecs-{name}:#" in sheet


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Waterfall("w", "", (Step("a", 1.0),)), "no level first"),
        (lambda: Waterfall("w", "", (Step("a", 1.0, True), Step("b", 2.0), Step("c", 9.0, True))), "add up"),
        (lambda: HeatMap("h", "", ("a",), ("b", "c"), ((1.0,),)), "2 values, one a column"),
        (lambda: Funnel("f", "", ("a",), ("s",), (Stage("x", "", ()),)), "1 values, one a scenario"),
    ],
)
def test_a_chart_that_does_not_fit_is_refused(make, says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        make()
