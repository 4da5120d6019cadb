"""What an import keeps, merges, sets aside and asks about."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from ecomsim.workbook import Workbook, import_folder


def store_header(root: Path) -> str:
    """The real header row of the store report, as the sources know it."""
    from ecomsim.data.sources import SOURCES

    source = SOURCES["sycm_store_sales_daily"]
    return ",".join(
        dict.fromkeys((*source.required, "统计日期", "访客数", "支付买家数", "支付金额", "成功退款金额"))
    )


def write(folder: Path, name: str, text: str, age: int = 0) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    os.utime(folder / name, (1_790_000_000 - age, 1_790_000_000 - age))


def prices(*rows: str) -> str:
    return "date,sku,price\n" + "".join(f"{r}\n" for r in rows)


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        ("2026-02-30,A,1", "date", "calendar"),
        ("2026-10,A,1", "date", "month"),
        (",A,1", "date", "required"),
        ("2026-10-01,,1", "sku", "required"),
        ("2026-10-01,3.8E+17,1", "sku", "rounded"),
        ("2026-10-01,A,-5", "price", "out of range"),
        ("2026-10-01,A,NaN", "price", "not a number"),
        ("2026-10-01,A,inf", "price", "not a number"),
        ("2026-10-01,A,cheap", "price", "not a number"),
        ("2026-10-01,A,", "price", "required"),
        ("1890-10-01,A,1", "date", "possible day"),
    ],
)
def test_a_bad_row_is_set_aside_and_the_good_ones_stay(
    tmp_path: Path, row: str, column: str, says: str
) -> None:
    write(tmp_path / "in", "a.csv", prices("2026-10-05,A,1.5", row, "2026-10-06,A,2.5"))
    report = import_folder(tmp_path / "in", tmp_path / "book")
    (bad,) = report.quarantine.to_dict("records")
    assert (bad["file"], bad["row"], bad["column"]) == ("a.csv", 3, column)
    assert says in bad["reason"]
    assert bad["remedy"]
    assert Workbook(tmp_path / "book").read("prices")["price"].tolist() == [1.5, 2.5]
    assert "row 3" in report.text()


def test_equal_rows_merge_silently_and_are_counted(tmp_path: Path) -> None:
    write(tmp_path / "in", "a.csv", prices("2026-10-01,A,1", "2026-10-02,A,2", "2026-10-02,A,2.00"))
    write(tmp_path / "in", "b.csv", prices("2026-10-02,A,2", "2026-10-03,A,3"))
    report = import_folder(tmp_path / "in", tmp_path / "book")
    assert Workbook(tmp_path / "book").read("prices")["price"].tolist() == [1.0, 2.0, 3.0]
    assert report.merged == 2
    assert report.ok


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("backwards", [True, False])
def test_a_contradiction_is_told_and_the_file_that_ends_later_stands(
    tmp_path: Path, at_once: bool, backwards: bool
) -> None:
    texts = {
        "a.csv": prices("2026-10-01,A,1", "2026-10-02,A,2"),
        "b.csv": prices("2026-10-02,A,9", "2026-10-03,A,3"),
    }
    names = sorted(texts, reverse=backwards)
    found = []
    for name in names:
        write(tmp_path / "in", name, texts[name])
        if not at_once:
            found += import_folder(tmp_path / "in", tmp_path / "book").conflicts.to_dict("records")
    if at_once:
        found = import_folder(tmp_path / "in", tmp_path / "book").conflicts.to_dict("records")
    (clash,) = found
    assert (clash["kept"], clash["kept_file"], clash["kept_row"]) == ("9.0", "b.csv", 2)
    assert (clash["other"], clash["other_file"], clash["other_row"]) == ("2.0", "a.csv", 3)
    assert clash["key"] == "2026-10-02 A"
    assert Workbook(tmp_path / "book").read("prices")["price"].tolist() == [1.0, 9.0, 3.0]


def test_of_two_files_that_end_together_the_later_written_stands(tmp_path: Path) -> None:
    write(tmp_path / "in", "a.csv", prices("2026-10-01,A,1"), age=0)
    write(tmp_path / "in", "b.csv", prices("2026-10-01,A,2"), age=3600)
    report = import_folder(tmp_path / "in", tmp_path / "book")
    assert report.conflicts["kept_file"].tolist() == ["a.csv"]


def test_what_moves_on_is_an_update_and_no_contradiction(tmp_path: Path) -> None:
    write(tmp_path / "in", "a.csv", "货号,成本,库存\nA,5,100\n", age=3600)
    write(tmp_path / "in", "b.csv", "货号,成本,库存\nA,5,80\n")
    report = import_folder(tmp_path / "in", tmp_path / "book")
    assert not len(report.conflicts)
    assert Workbook(tmp_path / "book").read("products")["on_hand"].tolist() == [80.0]
    assert report.notes["what"].str.contains("brought up to date").any()


def test_a_gap_never_overwrites_a_value(tmp_path: Path) -> None:
    write(tmp_path / "in", "a.csv", "货号,成本,库存\nA,5,100\n", age=3600)
    write(tmp_path / "in", "b.csv", "货号,成本,库存\nA,-,\n")
    import_folder(tmp_path / "in", tmp_path / "book")
    row = Workbook(tmp_path / "book").read("products").iloc[0]
    assert (row["cost"], row["on_hand"]) == (5.0, 100.0)


def test_unchanged_files_are_not_read_again_unless_asked(tmp_path: Path) -> None:
    write(tmp_path / "in", "a.csv", prices("2026-10-01,A,1"))
    write(tmp_path / "in", "copy.csv", prices("2026-10-01,A,1"))
    first = import_folder(tmp_path / "in", tmp_path / "book")
    assert first.files["status"].tolist() == ["read", "unchanged"]
    second = import_folder(tmp_path / "in", tmp_path / "book")
    assert second.files["status"].tolist() == ["unchanged", "unchanged"]
    assert second.tables["prices"] == (1, "2026-10-01", "2026-10-01")
    third = import_folder(tmp_path / "in", tmp_path / "book", again=True)
    assert third.files["status"].tolist() == ["read", "unchanged"]
    assert third.ok


def test_personal_columns_never_get_in(tmp_path: Path, root: Path) -> None:
    from ecomsim.data.sources import SOURCES

    source = SOURCES["taobao_orders_classic"]
    headers = list(dict.fromkeys((*source.required, *source.optional)))
    values = dict.fromkeys(headers, "")
    values |= {
        "订单编号": "1001", "订单创建时间": "2026-10-01 10:00:00", "订单付款时间": "2026-10-01 10:01:00",
        "买家实际支付金额": "99", "总金额": "99", "收货人姓名": "张三丰", "联系手机": "13900001111",
        "收货地址": "幸福路一号", "买家会员名": "sanfeng88",
    }  # fmt: skip
    lines = [
        ",".join(headers),
        ",".join(values[h] for h in headers),
        ",".join(["bad", *["x"] * 60, "张三丰"]),
    ]
    write(tmp_path / "in", "orders.csv", "\n".join(lines) + "\n")
    report = import_folder(tmp_path / "in", tmp_path / "book")
    assert len(Workbook(tmp_path / "book").read("orders")) == 1
    dropped = set(report.columns.loc[report.columns["fate"] == "personal", "header"])
    assert {"收货人姓名", "联系手机", "收货地址", "买家会员名", "买家支付宝账号"} <= dropped
    assert "收货人姓名" in report.text()
    everything = b"".join(p.read_bytes() for p in (tmp_path / "book").rglob("*") if p.is_file())
    frames = [str(f) for f in Workbook(tmp_path / "book").tables().values()]
    for secret in ("张三丰", "13900001111", "幸福路", "sanfeng88"):
        assert secret not in "".join(frames) + report.text() + report.quarantine.to_string()
        assert secret.encode() not in everything


def days(root: Path, *rows: tuple[str, str, str, str, str]) -> str:
    header = store_header(root)
    names = header.split(",")
    lines = []
    for day, visitors, buyers, gmv, refunds in rows:
        cells = {
            "统计日期": day,
            "访客数": visitors,
            "支付买家数": buyers,
            "支付金额": gmv,
            "成功退款金额": refunds,
        }
        lines.append(",".join(cells.get(n, "") for n in names))
    return header + "\n" + "\n".join(lines) + "\n"


def test_missing_days_are_asked_about(tmp_path: Path, root: Path) -> None:
    rows = [(f"2026-09-{d:02d}", "100", "5", "500", "0") for d in range(1, 31) if d not in (10, 11, 20)]
    write(tmp_path / "in", "a.csv", days(root, *rows))
    text = import_folder(tmp_path / "in", tmp_path / "book").text()
    assert "3 days are missing" in text
    assert "2026-09-10 to 2026-09-11, 2026-09-20" in text
    assert "closed, zero or unknown" in text


def test_a_last_day_cut_short_and_impossible_rows_are_asked_about(tmp_path: Path, root: Path) -> None:
    rows = [(f"2026-09-{d:02d}", "100", "5", "1000", "0") for d in range(1, 30)]
    rows += [("2026-09-30", "3", "5", "90", "0")]
    write(tmp_path / "in", "a.csv", days(root, *rows))
    text = import_folder(tmp_path / "in", tmp_path / "book").text()
    assert "2026-09-30 has gmv 90" in text
    assert "more buyers than visitors in 1 rows" in text


def test_refunds_in_the_sales_column_are_told_where_they_belong(tmp_path: Path, root: Path) -> None:
    rows = [("2026-09-01", "100", "5", "-300", "0"), ("2026-09-02", "1.2万", "5", '"¥1,234"', "12")]
    write(tmp_path / "in", "a.csv", days(root, *rows))
    report = import_folder(tmp_path / "in", tmp_path / "book")
    (bad,) = report.quarantine.to_dict("records")
    assert "refunds column" in bad["remedy"]
    day = Workbook(tmp_path / "book").read("store_day").iloc[0]
    assert (day["visitors"], day["gmv"]) == (12000.0, 1234.0)


def test_rows_after_the_as_of_date_are_refused(tmp_path: Path, root: Path) -> None:
    rows = [(f"2025-09-{d:02d}", "100", "5", "1000", "0") for d in range(1, 11)]
    write(tmp_path / "in", "a.csv", days(root, *rows))
    report = import_folder(tmp_path / "in", tmp_path / "book", as_of=dt.date(2025, 9, 8))
    assert report.quarantine["row"].tolist() == [10, 11]
    assert len(Workbook(tmp_path / "book").read("store_day")) == 8


def test_a_lone_day_far_in_the_future_is_refused(tmp_path: Path, root: Path) -> None:
    rows = [(d, "100", "5", "1000", "0") for d in ("2025-09-01", "2025-09-02", "2099-09-03")]
    write(tmp_path / "in", "a.csv", days(root, *rows))
    report = import_folder(tmp_path / "in", tmp_path / "book")
    (bad,) = report.quarantine.to_dict("records")
    assert (bad["row"], bad["value"]) == (4, "2099-09-03")


def test_several_formats_meet_in_one_row(flagship: Path, tmp_path: Path) -> None:
    picked = [
        flagship / "exports" / n
        for n in ("sycm_traffic_2026-10.zip", "wanxiang_scene_2026.csv", "sycm_store_2026.csv")
    ]
    report = import_folder(picked, tmp_path / "book")
    row = Workbook(tmp_path / "book").query(
        "select * from channel_day where channel = 'paid_search' and date = '2026-10-20'"
    )
    assert len(row) == 1
    assert row[["visitors", "spend", "clicks", "buyers"]].notna().all(axis=None)
    assert not len(report.conflicts)
    assert report.notes["what"].str.contains("more than one channel claims the same").any()
