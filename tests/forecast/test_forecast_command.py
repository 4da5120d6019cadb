"""`ecomsim forecast`: what it prints, in both languages, and what it refuses in one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ecomsim.cli import main
from ecomsim.workbook import Workbook


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("place") / "book"
    days = pd.date_range("2026-05-01", "2026-09-12")
    gmv = 8000 + 1000 * np.sin(2 * np.pi * np.arange(len(days)) / 7)
    store = pd.DataFrame({"date": days, "gmv": gmv.round(), "orders": (gmv / 80).round()})
    targets = pd.DataFrame({"metric": ["gmv"], "month": ["2026-09"], "target": [240_000.0]})
    Workbook(folder).commit({"store_day": store, "targets": targets})
    return folder


def run(capsys, *arguments: object) -> tuple[int, str, str]:
    code: object = 0
    try:
        main([str(a) for a in arguments])
    except SystemExit as stop:
        code = stop.code
    told = capsys.readouterr()
    assert isinstance(code, int)
    assert "Traceback" not in told.err + told.out
    return code, told.out, told.err


def test_it_answers_in_words_in_both_languages(book: Path, capsys) -> None:
    code, out, _ = run(capsys, "forecast", book)
    assert code == 0
    assert "GMV 2026-09: forecast as of 2026-09-12" in out
    assert "chance of reaching it" in out
    assert "needed on 2026-09-13" in out
    code, out, _ = run(capsys, "forecast", book, "--lang", "zh")
    assert code == 0
    assert "达成可能" in out
    assert "chance" not in out


def test_json_holds_the_numbers(book: Path, capsys) -> None:
    code, out, _ = run(
        capsys, "forecast", book, "--metric", "orders", "--target", 3100, "--as-of", "2026-09-05", "--json"
    )
    assert code == 0
    told = json.loads(out)
    assert (told["metric"], told["month"], told["as_of"]) == ("orders", "2026-09", "2026-09-05")
    assert told["attainment"]["target"] == 3100
    assert 2800 < told["total"]["p50"] < 3200
    assert sum(told["parts"].values()) == pytest.approx(told["total"]["mean"])


def test_a_quarter_is_asked_like_a_month_and_says_that_nothing_tested_it(book: Path, capsys) -> None:
    code, out, _ = run(
        capsys, "forecast", book, "--month", "2026-Q3", "--target", 720_000, "--calendar", "none", "--json"
    )
    assert code == 0
    told = json.loads(out)
    assert told["month"] == "2026-Q3"
    assert told["total"]["known"] == pytest.approx(74 * 8000, rel=0.03)  # July, August, 12 days of September
    assert told["total"]["p50"] == pytest.approx(92 * 8000, rel=0.05)
    assert told["attainment"]["days_left"] == 18


def test_what_moved_since_an_earlier_day_adds_up(book: Path, capsys) -> None:
    code, out, _ = run(capsys, "forecast", book, "--since", "2026-09-05", "--json")
    assert code == 0
    now = json.loads(out)
    code, out, _ = run(capsys, "forecast", book, "--as-of", "2026-09-05", "--json")
    then = json.loads(out)
    assert sum(now["moved"].values()) == pytest.approx(now["total"]["mean"] - then["total"]["mean"], abs=20)
    code, out, _ = run(capsys, "forecast", book, "--since", "2026-09-05", "--lang", "zh")
    assert code == 0
    assert "变动原因" in out
    assert "新近已知的天" in out


def test_trees_that_cannot_help_are_left_out_and_told(book: Path, capsys) -> None:
    pytest.importorskip("lightgbm")
    code, out, _ = run(capsys, "forecast", book, "--trees", "--json")
    assert code == 0
    assert (
        "Second member left out: 135 days of history, 540 needed; 1 series, 15 needed."
        in json.loads(out)["notes"]
    )


def test_an_assumed_lift_may_have_a_range(book: Path, capsys) -> None:
    ask = ("forecast", book, "--month", "2026-12", "--json", "--lift")
    for lift, says in (("1.2..1.9", "x 1.51 (8 in 10: 1.2 to 1.9)"), ("1.8", "x 1.8 exactly")):
        code, out, _ = run(capsys, *ask, f"double12={lift}")
        assert code == 0
        assert f"assumed {says}" in " ".join(json.loads(out)["notes"])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--metric", "gvm"), "Did you mean 'gmv'"),
        (("--metric", "aov"), "does not add up over days"),
        (("--month", "2026-9"), "a month as YYYY-MM"),
        (("--month", "2026-08"), "which is over"),
        (("--target", "0"), "above 0"),
        (("--as-of", "2026/09/01"), "Write 2026-09-01"),
        (("--as-of", "2027-01-01"), "Import the days up to then"),
        (("--by", "chanel"), "Did you mean 'channel'"),
        (("--by", "sku"), "no 'gmv' in item_day"),
        (("--lift", "double11"), "Write for example double11=1.8"),
        (("--lift", "double11=1.5..much"), "double11=1.5..2.2 if unsure"),
        (("--overlaps", "add"), "multiply, strongest, refuse"),
        (("--since", "2026-09-12"), "Choose an earlier day"),
        (("--since", "yesterday"), "YYYY-MM-DD"),
        (("--month", "2026-Q5"), "a month as YYYY-MM"),
        (("--month", "2026-Q1"), "which is over"),
        (("--missing", "shut"), "closed, zero, unknown"),
        (("--month", "2026-12"), "double12=1.5|lifts={'double12': 1.5}"),
        (("--calendar", "us"), "cn, none"),
    ],
)
def test_careless_questions_are_answered_in_one_sentence(book: Path, capsys, arguments, says: str) -> None:
    code, _, err = run(capsys, "forecast", book, *arguments)
    assert code == 1
    assert any(part in err for part in says.split("|"))
    assert err.count("\n") == 1


def test_the_record_of_the_forecaster_stands_beside_plain_rules(book: Path, capsys) -> None:
    code, out, _ = run(capsys, "backtest", book, "--forecaster", "gmv", "--months", 1)
    assert code == 0
    for word in ("Track record", "4-week mean", "forecast", "inside80"):
        assert word in out
    code, _, err = run(capsys, "backtest", book, "--forecaster", "gvm")
    assert code == 1
    assert "Did you mean 'gmv'" in err
