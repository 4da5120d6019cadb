"""Rows and tables as careless hands leave them: the bad row named, the good rows kept, the odd asked about."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ecomsim.calibrate import calibrate
from ecomsim.checks import EcomsimError, EcomsimWarning
from ecomsim.data.mapping import read_mapping
from ecomsim.data.sanity import questions
from ecomsim.uncertain import mean_of
from ecomsim.workbook import Workbook, import_folder

PROMOTIONS = "promotion,start,end,family,discount\n"
PRODUCTS = "sku,name,price,cost\n"
STOCK = "date,sku,on_hand\n"


def take_in(folder: Path, text: str, table: str) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """Import one file into a workbook that already holds a good row; return the table and what was set aside."""
    (folder / "in").mkdir(exist_ok=True)
    (folder / "in" / "mine.csv").write_text(text, encoding="utf-8")
    report = import_folder(folder / "in", folder / "book")
    return Workbook(folder / "book").read(table), report.quarantine.to_dict("records")


@pytest.mark.parametrize(
    ("table", "head", "good", "bad", "column", "says"),
    [
        ("promotions", PROMOTIONS, "x,2026-11-01,2026-11-05,own,0.1", "z,2026-11-09,2026-11-08,own,0.1", "end",
         "before the start, 2026-11-09; allowed: that day or later"),
        ("promotions", PROMOTIONS, "x,2026-11-01,2026-11-05,own,12%", "z,2026-11-01,2026-11-02,own,12", "discount",
         "out of range; allowed: 0 to 1"),
        ("promotions", PROMOTIONS, "x,2026-11-01,2026-11-05,own,", "z,2026-11-31,2026-12-02,own,", "start", "calendar"),
        ("promotions", PROMOTIONS, "x,2026-11-01,2026-11-05,own,", "z,2026-11-01,2026-12-02,own,NaN", "discount",
         "not a number"),
        ("products", PRODUCTS, "A,a,10,4", "B,b,-3,4", "price", "out of range; allowed: at least 0"),
        ("products", PRODUCTS, "A,a,10,4", "B,b,9,nan", "cost", "not a number"),
        ("products", PRODUCTS, "A,a,10,4", ",b,9,4", "sku", "required"),
        ("stock_day", STOCK, "2026-10-01,A,5", "2026-10-01,B,-5", "on_hand", "out of range; allowed: at least 0"),
        ("stock_day", STOCK, "2026-10-01,A,5", "2026-10-01,B,1e999", "on_hand", "too large a number"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_and_the_good_ones_are_kept(
    tmp_path, table, head, good, bad, column, says
) -> None:
    frame, aside = take_in(tmp_path, f"{head}{good}\n{bad}\n", table)
    assert len(frame) == 1
    (one,) = aside
    assert (one["file"], one["row"], one["column"]) == ("mine.csv", 3, column)
    assert says in str(one["reason"])
    assert one["remedy"]


def frame_of(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(columns)


def stamps(*days: str) -> pd.DatetimeIndex:
    return pd.to_datetime(list(days))


def test_promotions_that_overlap_in_one_family_are_asked_about_and_others_are_not() -> None:
    table = frame_of(
        promotion=["x", "y", "other", "later", "part"],
        family=["own", "own", "618", "own", "own"],
        start=stamps("2026-11-01", "2026-11-05", "2026-11-01", "2026-11-09", "2026-11-01"),
        end=stamps("2026-11-05", "2026-11-08", "2026-11-30", "2026-11-10", "2026-11-30"),
        scope=["all", "all", "all", "all", "A;B"],
    )
    (asked,) = questions({"promotions": table})
    assert (
        "'x' (2026-11-01 to 2026-11-05) and 'y' (2026-11-05 to 2026-11-08) of family 'own' overlap" in asked
    )


def test_sales_without_a_cost_and_orders_without_a_visitor_are_asked_about() -> None:
    sold = frame_of(
        date=stamps(*["2026-10-01"] * 3), sku=["A", "B", "C"], units=[3.0, 2.0, 0.0], visitors=[9.0] * 3
    )
    products = frame_of(sku=["A", "C"], cost=[4.0, np.nan])
    channel = frame_of(
        date=stamps("2026-10-01", "2026-10-02"),
        channel=["live", "live"],
        visitors=[9.0, 0.0],
        orders=[1.0, 4.0],
    )
    told = questions({"products": products, "item_day": sold, "channel_day": channel})
    assert any("1 products are sold without a known cost (B)" in one for one in told)
    assert any(
        "channel_day: orders without a visitor in 1 rows, first on 2026-10-02 (live)" in one for one in told
    )


def history(days: int = 92) -> dict[str, pd.DataFrame]:
    date = pd.date_range("2026-08-01", periods=days)
    visitors = (1000 + 100 * np.sin(np.arange(days))).round()
    buyers = (visitors * 0.03).round()
    store = frame_of(date=date, visitors=visitors, buyers=buyers, orders=buyers, gmv=buyers * 80)
    item = frame_of(
        date=date, sku=["A"] * days, visitors=visitors, buyers=buyers, units=buyers, gmv=buyers * 80
    )
    return {"store_day": store, "item_day": item}


def test_a_channel_with_buyers_and_no_visitors_still_gives_a_store(tmp_path) -> None:
    days = history()["store_day"]["date"]
    book = Workbook(tmp_path / "book")
    seen = frame_of(date=days, channel="paid_search", visitors=800.0, buyers=20.0, orders=20.0, gmv=1600.0)
    unseen = frame_of(date=days, channel="display", visitors=0.0, buyers=5.0, orders=5.0, gmv=400.0)
    book.commit({**history(), "channel_day": pd.concat([seen, unseen])})
    with pytest.warns(
        EcomsimWarning, match=r"channels\.display\.visitors: buyers but no visitors on any day"
    ):
        store = calibrate(book.tables()).store
    assert {"paid_search", "display"} <= set(store.channels)
    for channel in store.channels.values():
        assert 0 < mean_of(channel.p_silent) < 1
        assert mean_of(channel.base) > 0


def test_missing_days_and_missing_costs_leave_a_store_and_say_what_was_assumed(tmp_path) -> None:
    book = Workbook(tmp_path / "book")
    gaps = {name: frame[frame["date"].dt.day > 4] for name, frame in history().items()}
    book.commit(gaps)
    assert (
        any("12 days are missing" in one for one in questions(book.tables())) is False
    )  # the first are before all days
    assert any("8 days are missing from 2026-08-05" in one for one in questions(book.tables()))
    found = calibrate(book.tables())
    assert found.store.source_of("products.A.cost").how == "assumed"
    assert 0 < found.store.products["A"].cost < found.store.products["A"].price


@pytest.mark.parametrize(
    ("tables", "says"),
    [({}, "calibrate: no day with sales."), ({"store_day": pd.DataFrame()}, "calibrate: no day with sales.")],
)
def test_nothing_to_learn_from_is_told(tables, says: str) -> None:
    with pytest.raises(EcomsimError) as caught:
        calibrate(tables)
    assert says in str(caught.value)


def test_an_as_of_day_after_the_data_is_refused(tmp_path) -> None:
    book = Workbook(tmp_path / "book")
    book.commit(history())
    with pytest.raises(EcomsimError, match="2026-10-31"):
        calibrate(book.tables(), as_of="2999-01-01")


def test_a_mapping_that_would_fill_the_memory_is_refused(tmp_path) -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{c}: &{c} [{', '.join(['*' + p] * 9)}]" for p, c in zip("abcdefgh", "bcdefghi", strict=True)]
    path = tmp_path / "bomb.yaml"
    path.write_text("name: m\ntable: prices\ncolumns: []\nconstants:\n  " + "\n  ".join(lines))
    began = time.process_time()
    with pytest.raises(EcomsimError, match=r"bomb\.yaml line \d+: got an alias"):
        read_mapping(path)
    assert time.process_time() - began < 2
