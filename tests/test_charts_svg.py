"""Charts as SVG: bars stand where a hand's arithmetic puts them, and every text is escaped."""

from __future__ import annotations

import datetime as dt
import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from ecomsim.charts import (
    Band,
    Differences,
    Fan,
    Funnel,
    HeatMap,
    Interval,
    Stage,
    Step,
    Strip,
    Swing,
    Tornado,
    Waterfall,
    option,
    render,
)
from ecomsim.charts.days import daily_fan, sold_out
from ecomsim.charts.palette import BAD, GOOD, PALETTE
from ecomsim.checks import EcomsimError

NS = "{http://www.w3.org/2000/svg}"
EVIL = "<img src=x>&"
EVERY = (
    Differences("GMV", "yuan", (Interval(EVIL, -1e5, 2e5, 3e5, EVIL, True),)),
    Waterfall("Margin", "yuan", (Step("before", 100.0, True), Step(EVIL, -130.0, words=EVIL))),
    Tornado("Margin", "yuan", 100.0, (Swing(EVIL, 60, 150, EVIL, "high"),)),
    HeatMap("Load", "chats", ("Mon", EVIL), (EVIL, "10:00"), ((1.0, math.nan), (3.0, 4.0))),
    Funnel("Funnel", "", (EVIL,), ("a", EVIL), (Stage(EVIL, "people", ((9.0,), (5.0,))),)),
)


def parts(chart, kind: str) -> list[dict[str, str]]:
    return [dict(one.attrib) for one in ElementTree.fromstring(render(chart)).iter(NS + kind)]


def words(chart) -> dict[str, tuple[float, float, str]]:
    """Return where each text stands: left, baseline, anchor."""
    tree = ElementTree.fromstring(render(chart))
    return {
        "".join(one.itertext()): (
            float(one.attrib["x"]),
            float(one.attrib["y"]),
            one.attrib.get("text-anchor", "start"),
        )
        for one in tree.iter(NS + "text")
    }


def bars(chart) -> list[tuple[float, float, float, float, str]]:
    return [
        (*(float(one[key]) for key in ("x", "y", "width", "height")), one["fill"]) for one in parts(chart, "rect")
    ]  # fmt: skip


@pytest.mark.parametrize("chart", EVERY, ids=lambda chart: type(chart).__name__)
def test_every_chart_is_xml_titled_and_escaped(chart) -> None:
    text = render(chart, language="zh")
    tree = ElementTree.fromstring(text)
    assert tree.find(NS + "title").text.startswith(chart.title) and "<img" not in text
    _, _, width, height = (float(n) for n in tree.attrib["viewBox"].split())
    for one in tree.iter(NS + "rect"):
        x, y, w, h = (float(one.attrib[key]) for key in ("x", "y", "width", "height"))
        assert x >= 0 and x + w <= width + 0.1 and y >= 0 and y + h <= height + 0.1


def test_a_change_hangs_where_the_last_step_ended() -> None:
    # ticks 0, 25 ... 150; the plot is 360 - 112 = 248 high from y = 56, so 100 stands at 56 + 248 / 3 = 138.7
    chart = Waterfall(
        "m", "", (Step("a", 100.0, True), Step("b", 50.0), Step("c", -75.0), Step("d", 75.0, True))
    )
    first, up, down, last = bars(chart)
    unit = 248 / 150
    assert first[1] == pytest.approx(56 + 50 * unit, abs=0.06) and first[3] == pytest.approx(
        100 * unit, abs=0.06
    )
    assert up[1] == pytest.approx(56, abs=0.06) and up[3] == pytest.approx(50 * unit, abs=0.06)
    assert down[1] == pytest.approx(56, abs=0.06) and down[3] == pytest.approx(75 * unit, abs=0.06)
    assert last[1] == pytest.approx(56 + 75 * unit, abs=0.06)
    assert [one[4] for one in (first, up, down, last)] == [PALETTE[0], GOOD, BAD, PALETTE[0]]
    # four steps on 920 - 64 = 856 pixels: 214 each, the bar 56 wide in its middle
    assert [one[0] for one in (first, up)] == pytest.approx([64 + 107 - 28, 64 + 107 - 28 + 214])


def test_a_waterfall_below_zero_keeps_its_zero() -> None:
    chart = Waterfall("m", "", (Step("a", 20.0, True), Step("b", -40.0), Step("c", -20.0, True)))
    first, fall, last = bars(chart)
    zero = first[1] + first[3]
    assert last[1] == pytest.approx(zero, abs=0.11) and fall[3] == pytest.approx(2 * first[3], abs=0.11)
    assert fall[1] == pytest.approx(first[1], abs=0.11)


def test_the_widest_swing_is_on_top_and_bars_meet_at_the_base() -> None:
    # ticks 60, 80, ... 160; names take at least 60 pixels, 24 stay free at the right: 836 pixels for 100
    chart = Tornado("m", "", 100.0, (Swing("small", 95, 110), Swing("wide", 60, 160)))
    drawn = bars(chart)
    base = 60 + 836 * 0.4
    assert drawn[0][:3] == pytest.approx((60, 44 + 15 - 9, 836 * 0.4), abs=0.06)
    assert drawn[1][0] == pytest.approx(base, abs=0.06) and drawn[1][2] == pytest.approx(836 * 0.6, abs=0.06)
    assert drawn[2][0] + drawn[2][2] == pytest.approx(base, abs=0.11)
    placed = words(chart)
    assert placed["wide"][1] < placed["small"][1]


def test_the_words_of_a_swing_stand_outside_its_bars() -> None:
    chart = Tornado("m", "", 100.0, (Swing("price", 140, 60, "at 8 yuan", "at 12 yuan"),))
    drawn, placed = bars(chart), words(chart)
    left, right = min(one[0] for one in drawn), max(one[0] + one[2] for one in drawn)
    assert placed["at 12 yuan"][0] == pytest.approx(left - 6, abs=0.11)
    assert placed["at 12 yuan"][2] == "end"
    assert placed["at 8 yuan"][0] == pytest.approx(right + 6, abs=0.11)


def test_a_heat_map_leaves_empty_cells_out_and_shades_from_least_to_most() -> None:
    chart = HeatMap("m", "", ("Mon", "Tue"), ("a", "b"), ((0.0, math.nan), (5.0, 10.0)))
    # names take 60 pixels: two columns of 430, rows of 26 from y = 58
    assert bars(chart) == [
        (61.0, 59.0, 428.0, 24.0, "#eef4f9"),
        (61.0, 85.0, 428.0, 24.0, "#56a5d3"),
        (491.0, 85.0, 428.0, 24.0, "#00507d"),
    ]
    assert words(chart)["10"] == (705.0, 101.0, "middle")


def test_a_heat_map_of_one_number_and_of_none_is_drawn() -> None:
    assert bars(HeatMap("m", "", ("r",), ("c",), ((0.0,),)))[0][4] == "#eef4f9"
    assert bars(HeatMap("m", "", ("r",), ("c",), ((math.nan,),))) == []


def test_funnel_bars_share_a_scale_within_a_stage() -> None:
    stages = (
        Stage("Visitors", "people", ((100.0, 50.0), (80.0, 0.0))),
        Stage("Buyers", "", ((4.0, 1.0), (2.0, 2.0))),
    )
    drawn = bars(Funnel("m", "", ("search", "live"), ("now", "plan"), stages))
    visitors, buyers = [one[2] for one in drawn[:4]], [one[2] for one in drawn[4:]]
    assert visitors[1] / visitors[0] == pytest.approx(0.5, abs=0.002)
    assert visitors[2] / visitors[0] == pytest.approx(0.8, abs=0.002) and visitors[3] == 0
    assert [one / buyers[0] for one in buyers] == pytest.approx([1, 0.25, 0.5, 0.5], abs=0.002)
    # two scenarios: rows of 14 + 2 * 14 = 42 from y = 62, the plan 14 below
    assert [one[1] for one in drawn[:4]] == [69.0, 111.0, 83.0, 125.0]
    assert [one[4] for one in drawn[:4]] == [PALETTE[0], PALETTE[0], PALETTE[1], PALETTE[1]]


def test_numbers_beside_funnel_bars_stay_within_their_stage() -> None:
    stages = tuple(Stage(f"s{i}", "", ((12_345_678.0,),)) for i in range(3))
    chart = Funnel("m", "", ("search",), ("now",), stages)
    drawn = bars(chart)
    for one, after in zip(drawn, [*(b[0] for b in drawn[1:]), 920.0], strict=True):
        assert one[0] + one[2] + 5 + 7.2 * len("12.3 M") <= after
    assert len(re.findall("12.3 M", render(chart))) == 3


def test_counts_stand_at_the_foot_of_a_fan_in_both_drawings() -> None:
    days = tuple(dt.date(2026, 11, 1) + dt.timedelta(days=i) for i in range(4))
    band = Band("plan", (1.0, 1, 1, 1), (2.0, 2, 2, 2), (4.0, 4, 4, 4))
    fan = Fan("Stock", "units", days, (band,), strip=Strip("sold out", (0.0, 2.0, 1.0, 0.0)))
    heights = [float(h) for h in re.findall(r'<rect [^>]*height="([\d.]+)" fill="#c47f00"', render(fan))]
    assert heights[0] == heights[3] == 0 and heights[1] == pytest.approx(2 * heights[2], rel=0.01)
    series = option(fan)["series"]
    (foot,) = [one for one in series if one["name"] == "sold out"]
    assert foot["data"][1] == pytest.approx(2 * foot["data"][2]) and foot["silent"]
    assert "sold out: 2" in series[0]["data"][1]["tooltip"]["formatter"]
    with pytest.raises(EcomsimError, match="one a date"):
        Fan("Stock", "units", days, (band,), strip=Strip("sold out", (1.0,)))


class Runs:
    """Eleven runs of two days, as a study tells them: run r holds 10 r units, and answers r of 10 chats or none."""

    scenarios = ("baseline",)
    dates = (dt.date(2026, 11, 1), dt.date(2026, 11, 2))

    def daily(self, name: str, scenario: str) -> np.ndarray:
        r = np.arange(11.0)[:, None]
        made = {
            "on_hand": 10 * r * [1, 2], "answered_in_time": r * [1, 0], "contacts": 10 + 0 * r * [1, 0],
            "stockout_days": r * [0, 1],
        }  # fmt: skip
        return made[name] * ([1, 0] if name == "contacts" else 1)


def test_a_day_is_told_by_the_middle_and_the_range_of_its_runs() -> None:
    stock = daily_fan(Runs(), "on_hand", title="Stock", unit="units")  # type: ignore[arg-type]
    assert (stock.bands[0].low, stock.bands[0].mid, stock.bands[0].high) == ((10, 20), (50, 100), (90, 180))
    served = daily_fan(Runs(), "service_level", title="Answered", unit="%")  # type: ignore[arg-type]
    assert served.bands[0].mid == pytest.approx((50, 100)), "nothing asked is nothing missed"
    assert sold_out(Runs(), "baseline", "sold out").values == (0, 5)  # type: ignore[arg-type]
