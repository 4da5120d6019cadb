"""Whatever stands in the cells, a format raises nothing but our own error and loses no good row."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from ecomsim.checks import EcomsimError
from ecomsim.data.source import Sheet
from ecomsim.data.sources import SOURCES
from ecomsim.data.validate import check

ODD = (
    *(
        "",
        "-",
        "--",
        "合计",
        "汇总",
        "2026-11-01",
        "2026-13-45",
        "20261101",
        "11/12/2026",
        "1,234.5",
        "1,2,3",
    ),
    *("12%", "１２", "1.2万", "-5", "1e400", "nan", "inf", "=1+1", "@x", "2分30秒", '="0123"', "'7", "#REF!"),
    *(
        "￥3",
        "US$4",
        "€5",
        "\u200b",
        "手淘搜索",
        "x" * 300,
        "a.b/c",
        "0",
        "null",
        "USD",
        "关键词推广",
        "#1001",
    ),
    *("paid", "Search", "\ufeff日期", "(9)"),
)


@st.composite
def sheets(draw: st.DrawFn, name: str) -> Sheet:
    source = SOURCES[name]
    spare = draw(st.lists(st.sampled_from(sorted(source.optional)), unique=True, max_size=12))
    headers = [*source.required, *(h for h in spare if h not in source.personal)]
    count = draw(st.integers(1, 6))
    cells = st.one_of(st.sampled_from(ODD), st.text(max_size=8), st.none())
    frame = pd.DataFrame(
        {h: pd.array(draw(st.lists(cells, min_size=count, max_size=count)), dtype="str") for h in headers}
    )
    preamble = draw(st.sampled_from([(), ("统计日期：2026-11-01", "商品ID：612345678901"), ("2026-99-99",)]))
    return Sheet("f.csv", frame, np.arange(2, count + 2), preamble)


@pytest.mark.parametrize("name", list(SOURCES))
@settings(max_examples=4)
@given(data=st.data())
def test_odd_cells(name: str, data: st.DataObject) -> None:
    sheet = data.draw(sheets(name))
    try:
        pieces = SOURCES[name].parse(sheet)
    except EcomsimError as error:
        assert error.remedy and error.where.startswith("f.csv")
        return
    told = {row for piece in pieces for note in piece.notes for row in note.rows}
    seen = set()
    for piece in pieces:
        assert piece.table in SOURCES[name].tables
        assert len(piece.frame) == len(piece.rows)
        assert set(piece.rows.tolist()) <= set(sheet.rows.tolist())
        checked = check(piece, "f.csv")
        assert len(checked.frame) + len(checked.faults) == len(piece.frame)
        seen |= set(piece.rows.tolist())
    # Every row of the file went into some table, or a note says why not.
    assert set(sheet.rows.tolist()) <= seen | told


GOOD = {
    "sycm_store_sales_daily": {"统计日期": "2026-11-01", "支付金额": "10", "全站推广花费": "1"},
    "sycm_item_daily": {"统计日期": "2026-11-01", "商品ID": "1001", "支付金额": "10"},
    "sycm_traffic_source_store_v4": {"日期": "2026-11-01", "一级来源": "平台流量", "访客数": "5"},
    "wanxiang_scene_daily": {"日期": "2026-11-01", "场景名字": "人群推广", "花费": "5"},
    "taobaoke_cps_daily": {"日期": "2026-11-01", "数据内容": "通用", "付款金额": "5"},
    "cs_reception": {"日期": "2026-11-01", "咨询人数": "5"},
    "ga4_channel_daily": {"Date": "2026-11-01", "Session default channel group": "Direct", "Sessions": "5"},
    "shopify_sales_by_product": {"Day": "2026-11-01", "Product title": "Mug", "Gross sales": "5"},
}


@pytest.mark.parametrize("name", list(GOOD))
@settings(max_examples=4)
@given(data=st.data())
def test_a_good_row_survives_any_neighbour(name: str, data: st.DataObject) -> None:
    good = GOOD[name]
    bad = {h: data.draw(st.sampled_from(ODD)) for h in good}
    frame = pd.DataFrame([bad, good, bad]).astype("str")
    pieces = SOURCES[name].parse(Sheet("f.csv", frame, np.array([2, 3, 4])))
    assert 3 in check(pieces[0], "f.csv").rows
