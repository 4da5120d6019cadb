"""What the targets page shows beside the month: steps that fit a phone, the quarter and year, the page to take home."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ecomsim.charts import Waterfall
from ecomsim.charts.describe import Step
from ecomsim.forecast import Forecast, forecast
from ecomsim.report.outlook import write_outlook_html
from ecomsim.ui.targets import Found, _document
from ecomsim.ui.targets_board import TargetsBoard
from ecomsim.ui.targets_desk import Asked
from ecomsim.ui.targets_periods import longer
from ecomsim.ui.targets_view import longer_rows, steps_html
from tests.forecast.made import days_from, panel, shape

DAYS = days_from("2025-09-01", 440)  # to 2026-11-14
VALUES = 1000 * shape(DAYS) * np.random.default_rng(3).gamma(50, 1 / 50, (1, 440))
GOALS = {"2026-10": 31_000.0, "2026-11": 30_000.0, "2026-12": 32_000.0}


@pytest.fixture(scope="module")
def outlook() -> Forecast:
    return forecast(panel(VALUES, DAYS), "2026-11", events=(), paths=100)


def test_the_quarter_and_the_year_stand_beside_the_month(outlook: Forecast) -> None:
    quarter, year = longer(outlook, "2026-11", GOALS.get, {})
    assert (quarter.period, year.period) == ("2026-Q4", "2026")
    assert quarter.target is not None
    assert quarter.target.periods == {"2026-Q4": 93_000.0}
    assert year.target is None  # nine of its months have no target
    known = VALUES[0, [d >= dt.date(2026, 10, 1) for d in DAYS]].sum()
    row = quarter.outlook.total("2026-Q4").iloc[0]
    assert row["known"] == pytest.approx(known)
    assert row["mean"] == pytest.approx(known + 47 * 1000, rel=0.05)
    # the month itself is told as before
    assert quarter.outlook.total("2026-11")["mean"].iloc[0] == pytest.approx(
        outlook.total()["mean"].iloc[0], rel=0.02
    )


def test_a_chance_further_ahead_than_was_tested_says_so(outlook: Forecast) -> None:
    rows = longer_rows(longer(outlook, "2026-11", GOALS.get, {}), "en")
    assert rows[1][0] == "Q4 2026"
    assert rows[1][4].startswith("uncalibrated: about")
    assert (rows[2][0], rows[2][3:]) == ("2026", ["–", "–"])
    assert longer_rows(longer(outlook, "2026-11", GOALS.get, {}), "zh")[1][0] == "2026年第4季度"
    without = longer_rows(longer(outlook, "2026-11", {}.get, {}), "en")
    assert [len(row) for row in without] == [3, 3, 3]


def test_a_year_that_history_does_not_hold_from_its_first_day_is_left_out() -> None:
    young = forecast(panel(VALUES[:, -90:], DAYS[-90:]), "2026-11", events=(), paths=50, calibrate=False)
    assert [one.period for one in longer(young, "2026-11", GOALS.get, {})] == ["2026-Q4"]


def test_steps_hang_where_the_last_one_ended() -> None:
    steps = (Step("ordinary", 60.0, True, "60"), Step("<b>fair</b>", 40.0, False, "+40"),
             Step("rain", -20.0, False, "−20"), Step("expected", 80.0, True, "80"))  # fmt: skip
    page = steps_html(Waterfall("made of", "yuan", steps), "made of")
    bars = [
        "left:0.00%;width:60.00%",
        "left:60.00%;width:40.00%",
        "left:80.00%;width:20.00%",
        "left:0.00%;width:80.00%",
    ]
    assert all(bar in page for bar in bars)
    assert [page.index(bar) for bar in bars] == sorted(page.index(bar) for bar in bars)
    assert "&lt;b&gt;fair" in page
    assert "<b>" not in page


def test_the_page_to_take_home_shows_contributions_moves_and_longer_periods(
    outlook: Forecast, tmp_path: Path
) -> None:
    asked = Asked("gmv", "2026-11", "", outlook.as_of, 30_000.0)
    before = outlook.asked(outlook.question.until(dt.date(2026, 11, 7)))
    found = Found(
        asked, outlook, asked.target(), None, outlook.compare(before), "2026-11-07",
        longer(outlook, "2026-11", GOALS.get, {}),
    )  # fmt: skip
    text = write_outlook_html(_document(found), tmp_path / "page.html").read_text(encoding="utf-8")
    for words in (
        "What the expected total is made of",
        "What moved since 2026-11-07",
        "Quarter and year",
        "Q4 2026",
    ):
        assert words in text
    assert "<script" not in text


def test_what_the_forecast_has_to_tell_stands_on_the_page_in_both_languages(outlook: Forecast) -> None:
    told = replace(outlook, notes=(
        "fair and sale share 3 days (2026-11-13 to 2026-11-15): their effects multiply; overlaps='strongest' counts "
        "the stronger alone (history never saw the two together).",
        "Second member left out: 200 days of history, 540 needed; 10 series, 15 needed.",
    ))  # fmt: skip
    asked = Asked("gmv", "2026-11", "", outlook.as_of)
    pages = {}
    for code in ("en", "zh"):
        board = TargetsBoard(code)
        board.show(Found(replace(asked, language=code), told, None), True)
        pages[code] = board.notes.value
    assert "fair and sale share 3 days" in pages["en"]
    assert "fair 与 sale 同在 3 天" in pages["zh"]
    assert "两者效应相乘" in pages["zh"]
    assert "历史 200 天，需要 540 天" in pages["zh"]
    assert "series" not in pages["zh"]
