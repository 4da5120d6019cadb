"""Every way a history can be wrong is answered with its row or column and the fix.

What other forecasters take without a word (days twice, gaps, negative days) is refused here, by name.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from ecomsim.checks import EcomsimError, EcomsimWarning
from ecomsim.forecast import panel_of

DATES = pd.date_range("2026-09-01", periods=40)
SOLD = 100.0 + np.arange(40) % 7


def frame(**columns) -> pd.DataFrame:
    return pd.DataFrame({"date": DATES, "value": SOLD}).assign(**columns)


def refused(history, says: str, **ask) -> None:
    with pytest.raises(EcomsimError, match=says):
        panel_of(history, **ask)


def test_statsforecast_takes_duplicate_days() -> None:
    twice = pd.concat([frame(), frame().iloc[[4]]], ignore_index=True)
    refused(twice, r"rows 5 and 41: got 2026-09-05 twice.*1 such rows.*Keep one.*groupby")
    named = pd.concat([frame(id="a"), frame(id="b"), frame(id="b").iloc[[0]]], ignore_index=True)
    refused(named, "rows 41 and 81: got 2026-09-01 of 'b' twice")


def test_statsforecast_takes_a_gap_of_ten_days() -> None:
    gap = frame().drop(index=range(10, 20))
    refused(gap, r"no row for 2026-09-11 to 2026-09-20 \(10 missing.*closed.*zero.*unknown")
    refused(gap, "no such kind of day 'shut'", missing="shut")
    refused(gap, "2026-09-12 to 2026-09-20", missing={"2026-09-11": "closed"})


def test_a_gap_is_filled_only_as_told() -> None:
    gap = frame().drop(index=[10, 11])
    closed = panel_of(gap, missing="closed")
    assert closed.values[0, 10:12].tolist() == [0, 0]
    assert closed.observed[0].tolist() == [t not in (10, 11) for t in range(40)]
    zero = panel_of(gap, missing="zero")
    assert zero.values[0, 10:12].tolist() == [0, 0]
    assert zero.observed.all()
    unknown = panel_of(gap, missing={dt.date(2026, 9, 11): "unknown", "2026-09-12": "closed"})
    assert unknown.values[0, 10:12].tolist() == [SOLD[3], 0]  # SOLD repeats by the week
    assert "taken as unknown: 2026-09-11" in " ".join(unknown.notes)


def test_statsforecast_takes_negative_days() -> None:
    refused(
        frame(value=np.where(np.arange(40) == 6, -3.0, SOLD)), "row 7, column 'value': got -3.*Refunds seem"
    )
    net = frame(value=np.where(np.arange(40) == 6, -3.0, SOLD))
    refused(net, "forecast 'gmv' and 'refunds' apart", metric="net_sales")


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (np.nan, "row 3, column 'value': got NaN.*missing="),
        (np.inf, "row 3, column 'value': got an infinite"),
    ],
)
def test_what_is_not_finite_is_refused(value: float, says: str) -> None:
    refused(frame(value=np.where(np.arange(40) == 2, value, SOLD)), says)


def test_text_amounts_are_read_and_told_or_refused() -> None:
    text = [f"¥{v * 10:,.0f}" for v in SOLD]
    read = panel_of(frame(value=text))
    assert read.values[0].tolist() == [round(v * 10) for v in SOLD]
    assert "were text, e.g. '¥1,000'" in " ".join(read.notes)
    assert panel_of(frame(value=["1.2万"] * 40)).values[0, 0] == 12_000
    refused(
        frame(value=[*text[:7], "about 12", *text[8:]]), "row 8, column 'value': got 'about 12'.*Not a number"
    )


@pytest.mark.parametrize(
    ("days", "says"),
    [
        (DATES.tz_localize("UTC"), "time zone UTC.*tz_convert"),
        ([f"{d:%Y-%m-%d}T08:00:00+08:00" for d in DATES], "row 1.*Convert to the store's time zone"),
        (DATES + pd.Timedelta(hours=9), "row 1, column 'date': got 2026-09-01T09:00:00.*Add the moments"),
        (pd.date_range("2024-01-01", periods=40, freq="MS"), "one row a month"),
        (pd.period_range("2024-01", periods=40, freq="M"), "periods of 'M'"),
        (["2026-09"] * 40, "row 1, column 'date': got '2026-09'.*month, not a day"),
        ([f"{d.month}/{d.day}/{d.year}" for d in DATES[:8]] * 5, "row 1.*cannot be told apart"),
        ([*[str(d.date()) for d in DATES[:39]], "soon"], "row 40.*Not a date"),
        ([*DATES[:39], pd.NaT], "row 40, column 'date': got no date|row 40.*no date"),
        (list(range(40)), "int64 values"),
    ],
)  # fmt: skip
def test_days_that_are_not_local_days_are_refused(days, says: str) -> None:
    refused(frame(date=days), says)


def test_dates_written_in_several_clear_forms_are_read() -> None:
    forms = ["{:%Y-%m-%d}", "{:%Y/%m/%d}", "{:%Y%m%d}", "{:%Y年%m月%d日}"]
    mixed = [forms[i % 4].format(d) for i, d in enumerate(DATES)]
    assert panel_of(frame(date=mixed)).dates == tuple(d.date() for d in DATES)


def test_a_short_history_names_its_cold_start() -> None:
    few = panel_of(frame().iloc[:12])
    assert "Only 12 days" in few.notes[0]
    assert "cold start" in few.notes[0]
    assert "uncalibrated" in few.notes[0]


def test_zeros_and_discontinued_series_are_told() -> None:
    refused(frame(value=0.0), "nothing but zeros")
    days = pd.date_range("2026-07-01", periods=70)
    sold = np.full(70, 5.0)
    rows = [
        pd.DataFrame({"date": days, "id": name, "value": value})
        for name, value in (
            ("alive", sold),
            ("gone", np.where(np.arange(70) < 40, 5, 0)),
            ("never", sold * 0),
        )
    ]
    notes = " ".join(panel_of(pd.concat(rows)).notes)
    assert "1 series never sold (never)" in notes
    assert "1 series have sold nothing for 28 days (gone): treated as discontinued" in notes


def test_a_partial_last_day_is_warned_of() -> None:
    part = frame(value=np.where(np.arange(40) == 39, 30.0, SOLD))
    with pytest.warns(EcomsimWarning, match="partial day.*as_of='2026-10-09'"):
        panel_of(part)
    assert panel_of(part, as_of="2026-10-09").end == dt.date(2026, 10, 9)


def test_data_after_the_as_of_day_are_left_out_and_told() -> None:
    known = panel_of(frame(), as_of="2026-09-30")
    assert known.end == dt.date(2026, 9, 30)
    assert "10 days after 2026-09-30 are not used." in known.notes
    refused(frame(), "2026-12-01.*Import the days up to then", as_of="2026-12-01")
    refused(frame(), "2026-09-01 or later", as_of="2026-01-01")


def test_a_series_that_begins_later_is_zero_before_and_told() -> None:
    young = pd.concat([frame(id="old"), frame(id="new").iloc[20:]])
    panel = panel_of(young)
    assert panel.values[1, :20].sum() == 0
    assert "1 series begin later" in " ".join(panel.notes)


@pytest.mark.parametrize(
    ("history", "ask", "says"),
    [
        (frame().rename(columns={"date": "dat"}), {}, "no column 'date'.*Rename 'dat' to 'date'"),
        (frame().rename(columns={"value": "gmw"}), {}, "no column 'gmv'.*Rename 'gmw' to 'gmv'"),
        (frame().iloc[:0], {}, "no rows"),
        (frame(id=[None, *["a"] * 39]), {}, "row 1, column 'id': got no name|row 1.*no name"),
        (frame(id="a", category=["x", *["y"] * 39]), {"levels": ["category"]}, "'a' in x, y.*one category"),
        (frame(), {"metric": "aov"}, "does not add up.*'gmv' and 'buyers'"),
        (frame(), {"metric": "gvm"}, "Did you mean 'gmv'"),
        (list(SOLD), {}, "forecast.history: got list"),
    ],
)  # fmt: skip
def test_what_is_not_a_history_is_explained(history, ask, says: str) -> None:
    refused(history, says, **ask)


def test_the_metric_names_its_own_column_and_levels_group() -> None:
    long = pd.concat([frame(id=name, category=kind) for name, kind in (("a", "x"), ("b", "y"), ("c", "x"))])
    panel = panel_of(long.rename(columns={"value": "gmv"}), levels=["category"])
    assert panel.level_names["category"] == ("x", "y")
    assert np.allclose(panel.at("category")[1][0], 2 * SOLD)
