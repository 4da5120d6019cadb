"""The workbook: all tables change together or not at all, whoever dies when."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pandas as pd
import pytest

from ecomsim.checks import EcomsimError
from ecomsim.workbook import Workbook, import_folder


def day(value: float) -> pd.DataFrame:
    return pd.DataFrame({"date": pd.to_datetime(["2026-10-01"]), "visitors": [value]})


def price(value: float) -> pd.DataFrame:
    return pd.DataFrame({"date": pd.to_datetime(["2026-10-01"]), "sku": ["A"], "price": [value]})


def test_what_is_committed_is_read_back_with_every_canonical_column(tmp_path: Path) -> None:
    book = Workbook(tmp_path / "book")
    assert book.tables() == {}
    assert book.read("prices").empty
    book.commit({"store_day": day(5.0)})
    book.commit({"prices": price(9.5)})
    assert sorted(book.tables()) == ["prices", "store_day"]
    assert book.read("store_day")["visitors"].tolist() == [5.0]
    assert book.read("store_day")["gmv"].isna().all()
    assert book.query("select price * 2 as twice from prices")["twice"].tolist() == [19.0]
    book.commit({"store_day": day(6.0)})
    assert book.read("store_day")["visitors"].tolist() == [6.0]


def test_a_bad_row_stops_a_commit_and_nothing_is_written(tmp_path: Path) -> None:
    book = Workbook(tmp_path / "book")
    book.commit({"store_day": day(5.0)})
    with pytest.raises(EcomsimError, match="row 1, price"):
        book.commit({"store_day": day(6.0), "prices": price(-1.0)})
    with pytest.raises(EcomsimError, match="one row a key"):
        book.commit({"prices": pd.concat([price(1.0), price(2.0)])})
    with pytest.raises(EcomsimError, match="Did you mean 'visitors'"):
        book.commit({"store_day": day(1.0).rename(columns={"visitors": "visitor"})})
    assert book.read("store_day")["visitors"].tolist() == [5.0]
    assert book.names() == ["store_day"]


POINTS = ("fsync-1", "fsync-4", "fsync-10", "link-1", "replace-1", "replace-1+", "replace-2", "replace-2+")
KILLED = textwrap.dedent(
    """
    import os, signal, sys
    import pandas as pd
    from ecomsim.workbook import Workbook

    def dying(real, count, after):
        calls = [0]
        def call(*given):
            calls[0] += 1
            if calls[0] == count:
                if after:
                    real(*given)
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*given)
        return call

    for point in sys.argv[2:]:
        name, count = point.rstrip("+").split("-")
        child = os.fork()
        if child == 0:
            setattr(os, name, dying(getattr(os, name), int(count), point[-1] == "+"))
            day = pd.DataFrame({"date": pd.to_datetime(["2026-10-01"]), "visitors": [2.0]})
            price = pd.DataFrame({"date": pd.to_datetime(["2026-10-01"]), "sku": ["A"], "price": [2.0]})
            Workbook(f"{sys.argv[1]}/{point}").commit({"store_day": day, "prices": price})
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    """
)


def test_killed_at_any_point_all_tables_are_old_or_all_are_new(tmp_path: Path) -> None:
    for name in POINTS:
        Workbook(tmp_path / name).commit({"store_day": day(1.0), "prices": price(1.0), "targets": target()})
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), *POINTS], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["-9"] * len(POINTS), "every child must have died where it was told to"
    for name in POINTS:
        book = Workbook(tmp_path / name)
        found = (book.read("store_day")["visitors"].iloc[0], book.read("prices")["price"].iloc[0])
        # First the folder is renamed, then the pointer replaced: only after that everything is new.
        assert found == ((2.0, 2.0) if name == "replace-2+" else (1.0, 1.0)), name
        assert len(book.read("targets")) == 1
        # The lock of the dead blocks nobody, and what they left is swept.
        book.commit({"store_day": day(3.0), "prices": price(3.0)})
        assert book.read("store_day")["visitors"].iloc[0] == 3.0
        assert not list((book.path / "generations").glob(".new-*"))


def target() -> pd.DataFrame:
    return pd.DataFrame({"metric": ["gmv"], "month": ["2026-11"], "target": [1e6]})


def test_a_second_writer_waits_and_then_says_who_holds_it(tmp_path: Path) -> None:
    from ecomsim.workbook.disk import lock

    book = Workbook(tmp_path / "book")
    book.commit({"store_day": day(1.0)})
    with (
        lock(book.path),
        pytest.raises(EcomsimError, match=r"process \d+ is writing to"),
        lock(book.path, wait_s=0.1),
    ):
        pass
    book.commit({"store_day": day(2.0)})


def test_a_folder_that_is_something_else_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "photos"
    other.mkdir()
    (other / "cat.jpg").write_bytes(b"x")
    with pytest.raises(EcomsimError, match="not a workbook"):
        Workbook(other)
    with pytest.raises(EcomsimError, match="not a workbook"):
        Workbook(other / "cat.jpg")
    assert [p.name for p in other.iterdir()] == ["cat.jpg"]


@pytest.mark.parametrize(
    "name", ["../x", "a/b", "..", ".hidden", "", "a\\b", "x\0", "/etc/passwd", "a" * 200, "con"]
)
def test_names_cannot_leave_the_folder(tmp_path: Path, name: str) -> None:
    book = Workbook(tmp_path / "book")
    book.commit({"store_day": day(1.0)})
    with pytest.raises(EcomsimError):
        book.save_scenario(name, "x: 1")
    with pytest.raises(EcomsimError):
        book.load_scenario(name)
    with pytest.raises(EcomsimError):
        book.result(name)


def test_scenarios_are_kept_and_a_missing_one_names_the_nearest(tmp_path: Path) -> None:
    book = Workbook(tmp_path / "book")
    book.save_scenario("双11 更大", "name: bigger\n")
    assert book.scenarios() == ["双11 更大"]
    assert book.load_scenario("双11 更大") == "name: bigger\n"
    with pytest.raises(EcomsimError, match="Did you mean '双11 更大'"):
        book.load_scenario("双11 更小")


def test_queries_see_the_tables_and_nothing_else(tmp_path: Path) -> None:
    book = Workbook(tmp_path / "it's a book")
    book.commit({"store_day": day(5.0)})
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    assert book.query("select visitors from store_day")["visitors"].tolist() == [5.0]
    with pytest.raises(EcomsimError, match="query"):
        book.query(f"select * from read_csv('{secret}')")
    with pytest.raises(EcomsimError, match="store_day"):
        book.query("select * from nothing")
    with pytest.raises(EcomsimError):
        book.query(f"copy store_day to '{tmp_path / 'out.csv'}'")


def test_only_two_generations_are_kept(tmp_path: Path) -> None:
    book = Workbook(tmp_path / "book")
    for value in range(4):
        book.commit({"store_day": day(float(value))})
    assert len(list((book.path / "generations").iterdir())) == 2


def test_provenance_names_the_file_of_each_span(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for month in (9, 10):
        (folder / f"{month}.csv").write_text(
            f"date,sku,price\n2026-{month:02d}-01,A,1\n2026-{month:02d}-02,A,2\n"
        )
    book = Workbook(tmp_path / "book")
    report = import_folder(folder, book)
    rows = book.provenance("prices").set_index("file")
    assert rows["rows"].to_dict() == {"9.csv": 2, "10.csv": 2}
    assert str(rows.loc["9.csv", "last_day"].date()) == "2026-09-02"
    kept = book.report()
    assert kept.text() == report.text()
    assert kept.text("zh") == report.text("zh")
    assert (book.path / "reports").glob("import-*.txt")
