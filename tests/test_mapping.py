"""Unknown files: a mapping is proposed, confirmed once by a person, and used from then on."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ecomsim.checks import EcomsimError
from ecomsim.data.mapping import ColumnMap, MappedColumn, read_mapping
from ecomsim.data.proposal import propose_mapping
from ecomsim.workbook import Workbook, import_folder

ERP = "Business day,Item SKU,Warehouse stock units,库存备注,Keeper\n" + "".join(
    f"2026-10-{d:02d},A-{d % 3},{d * 10},ok,keeper{d}@example.com\n" for d in range(1, 20)
)
CHAT = "咨询日期;时间段;咨询量(人);备用\n" + "".join(
    f"2026/10/{d};{h}:30;{d + h};x\n" for d in (1, 2) for h in (9, 10)
)


def put(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_names_and_values_lead_to_the_table(tmp_path: Path) -> None:
    mapping = propose_mapping(put(tmp_path, "chat.csv", CHAT))
    assert mapping.table == "contacts"
    found = {c.header: c.column for c in mapping.columns}
    assert found == {"咨询日期": "date", "时间段": "slot", "咨询量(人)": "contacts", "备用": ""}
    assert not mapping.confirmed
    assert all(0 < c.confidence <= 1 for c in mapping.columns if c.column)


def test_personal_values_are_neither_mapped_nor_shown(tmp_path: Path) -> None:
    mapping = propose_mapping(put(tmp_path, "erp.csv", ERP), table="stock_day")
    keeper = next(c for c in mapping.columns if c.header == "Keeper")
    assert keeper.column == ""
    assert keeper.samples == ()
    assert "example.com" not in mapping.text()


def test_the_whole_way_of_an_unknown_file(tmp_path: Path) -> None:
    put(tmp_path / "in", "chat.csv", CHAT)
    book = Workbook(tmp_path / "book")
    first = import_folder(tmp_path / "in", book)
    (refused,) = first.refused.to_dict("records")
    assert "mapping/chat.yaml" in refused["remedy"]
    assert first.proposals == ("chat",)
    assert book.read("contacts").empty
    assert import_folder(tmp_path / "in", book).proposals == ("chat",)
    assert list(book.mappings()) == ["chat"], "the same headers are not proposed twice"
    book.confirm("chat")
    done = import_folder(tmp_path / "in", book)
    assert done.files["status"].tolist() == ["read"]
    frame = book.read("contacts")
    assert frame["contacts"].tolist() == [10.0, 11.0, 11.0, 12.0]
    assert frame["kind"].unique().tolist() == ["presale"]
    put(tmp_path / "in", "november.csv", CHAT.replace("2026/10/", "2026/11/"))
    import_folder(tmp_path / "in", book, as_of=None)
    assert len(book.read("contacts")) == 8


def test_a_mapping_may_be_given_and_is_kept(tmp_path: Path) -> None:
    path = put(tmp_path / "in", "chat.csv", CHAT)
    mapping = propose_mapping(path, name="our chat tool").confirm()
    book = Workbook(tmp_path / "book")
    import_folder(tmp_path / "in", book, mapping=mapping)
    assert len(book.read("contacts")) == 4
    assert book.mappings()["our chat tool"].confirmed


def test_constants_fill_what_the_file_lacks(tmp_path: Path) -> None:
    path = put(tmp_path / "in", "plan.csv", "日期,计划花费\n2026-11-01,100\n")
    mapping = propose_mapping(path, table="spend_plan")
    with pytest.raises(EcomsimError, match=r"channel \(渠道\)"):
        mapping.confirm()
    edited = yaml.safe_load(mapping.text())
    edited["constants"] = {"channel": "paid_search"}
    target = tmp_path / "plan.yaml"
    target.write_text(yaml.safe_dump(edited, allow_unicode=True), encoding="utf-8")
    import_folder(tmp_path / "in", tmp_path / "book", mapping=read_mapping(target).confirm())
    assert Workbook(tmp_path / "book").read("spend_plan")["channel"].tolist() == ["paid_search"]


def test_it_survives_writing_and_reading(tmp_path: Path) -> None:
    mapping = ColumnMap(
        "m", "f.csv", "prices",
        (
            MappedColumn("Tag", "date", 0.9, ("1", "2")), MappedColumn("a: b", "sku", 0.5),
            MappedColumn("p", "price", 1.0),
        ),
        confirmed=True,
    )  # fmt: skip
    path = put(tmp_path, "m.yaml", mapping.text())
    assert read_mapping(path) == mapping


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"table": "price"}, "Did you mean 'prices'"),
        ({"confirmed": "yes please"}, "true or false"),
        ({"colums": []}, "Did you mean 'columns'"),
        ({"columns": "all"}, "columns"),
        ({"columns": [{"header": "日期", "column": "datum"}]}, "no such column 'datum'"),
        ({"columns": [{"header": "a", "column": "date"}, {"header": "b", "column": "date"}]}, "twice"),
        ({"columns": [{"header": "日期", "column": "date"}]}, "nothing for sku"),
        ({"columns": [7]}, "header"),
    ],
)
def test_a_faulty_mapping_names_its_fault(tmp_path: Path, change: dict[str, object], says: str) -> None:
    whole = {"name": "m", "table": "prices", "confirmed": True, "columns": [], **change}
    path = put(tmp_path, "m.yaml", yaml.safe_dump(whole, allow_unicode=True))
    with pytest.raises(EcomsimError, match=says):
        read_mapping(path)


def test_no_yaml_is_no_mapping(tmp_path: Path) -> None:
    for text in ("{", "- 1", "!!python/object/apply:os.system [echo]"):
        with pytest.raises(EcomsimError):
            read_mapping(put(tmp_path, "m.yaml", text))
