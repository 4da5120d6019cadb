"""Cells as exports write them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from ecomsim.data import cells, clocks, dates


def one(read, text: str):
    parsed = read(pd.Series([text], dtype="str"))
    return parsed.values[0], parsed.faults.get(0, "")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234", 1234.0), ("1,234,567.89", 1234567.89), ("¥1,234", 1234.0),
        ("￥ 12.50", 12.5),
        ("12元", 12.0), ("1.2万", 12000.0), ("3亿", 3e8), ("12.5%", 0.125), ("1,250%", 12.5),
        ("１２３", 123.0),
        ("-5", -5.0),
        ("(5)", -5.0), ("+7", 7.0), (".5", 0.5), ("1e3", 1000.0),
        (" 8 ", 8.0), ("'9", 9.0), ("$1,000.00", 1000.0),
        ("-¥3.20", -3.2), ("0", 0.0),
    ],
)  # fmt: skip
def test_numbers(text: str, value: float) -> None:
    got, fault = one(cells.numbers, text)
    assert fault == ""
    assert got == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("text", ["", "-", "--", "—", "  "])
def test_what_exports_write_for_nothing_is_missing_not_bad(text: str) -> None:
    got, fault = one(cells.numbers, text)
    assert math.isnan(got)
    assert fault == ""


@pytest.mark.parametrize(
    "text", ["abc", "1,23", "NaN", "inf", "#N/A", "1.2.3", "12abc", "null", "1e999", "％", "¥"]
)
def test_what_is_no_number_is_a_fault(text: str) -> None:
    got, fault = one(cells.numbers, text)
    assert math.isnan(got)
    assert fault


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("2分30秒", 150), ("00:02:30", 150), ("02:30", 150), ("150秒", 150), ("150", 150), ("1小时5分", 3900),
     ("45s", 45), ("1.5分钟", 90), ("1:00:00", 3600)],
)  # fmt: skip
def test_durations(text: str, seconds: float) -> None:
    assert one(clocks.durations, text) == (seconds, "")


@pytest.mark.parametrize("text", ["2分x", "00:61:00", "soon", "12%"])
def test_bad_durations(text: str) -> None:
    assert one(clocks.durations, text)[1]


@pytest.mark.parametrize(
    "text",
    ["2026-11-01", "2026/11/1", "20261101", "2026年11月1日", "2026.11.01", "46327",
     "2026-11-01 23:59:59",     "2026-11-01T08:00:00+08:00", "2026-11-01 00:30:00 -0500",
     "Nov 1, 2026", "1 Nov 2026", "Sunday, November 1, 2026"],
)  # fmt: skip
def test_days_in_many_forms(text: str) -> None:
    got, fault = one(dates.dates, text)
    assert fault == ""
    assert got == np.datetime64("2026-11-01")


@pytest.mark.parametrize(
    ("text", "says"),
    [("2026-11", "month"), ("2026年11月", "month"), ("2026-02-30", "calendar"), ("11/01/2026", "told apart"),
     ("tomorrow", "not a date"), ("99999999", "calendar"), ("2026-13-01", "calendar"), ("12", "not a date")],
)  # fmt: skip
def test_what_is_no_day_says_why(text: str, says: str) -> None:
    got, fault = one(dates.dates, text)
    assert np.isnat(got)
    assert says in fault


def test_day_and_month_are_told_apart_by_the_column() -> None:
    american = dates.dates(pd.Series(["11/02/2026", "11/30/2026"]))
    assert american.values.astype("datetime64[D]").tolist() == [
        np.datetime64("2026-11-02").item(), np.datetime64("2026-11-30").item(),
    ]  # fmt: skip
    british = dates.dates(pd.Series(["02/11/2026", "30/11/2026"]))
    assert (british.values == american.values).all()


def test_times_are_half_hours() -> None:
    parsed = clocks.times(pd.Series(["9:00", "09:30:00", "21:30-22:00", "0.5", "9:10", "25:00"]))
    assert parsed.values.tolist() == ["09:00", "09:30", "21:30", "12:00", None, None]
    assert sorted(parsed.faults) == [4, 5]


def test_codes_rounded_by_a_spreadsheet_are_refused_but_names_are_not() -> None:
    column = pd.Series(['="0012"', "'0034", "3.82E+17", " A-1 ", "-"])
    codes = cells.texts(column, codes=True)
    assert codes.values[:2].tolist() == ["0012", "0034"]
    assert codes.values[3] == "A-1"
    assert list(codes.faults) == [2]
    assert pd.isna(codes.values[4])
    assert not cells.texts(column).faults


def test_many_cells_at_once_equal_one_at_a_time() -> None:
    column = pd.Series(["1", "2,000", "x", "-", "5%", "1.2万", "NaN"] * 50, dtype="str")
    whole = cells.numbers(column)
    single = [one(cells.numbers, t) for t in column]
    assert np.array_equal(whole.values, np.array([v for v, _ in single]), equal_nan=True)
    assert dict(whole.faults) == {i: f for i, (_, f) in enumerate(single) if f}
