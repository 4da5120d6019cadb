"""Scenario files: read back as written, `extends` followed, every fault told with its line, no crash."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecomsim.checks import EcomsimError
from ecomsim.scenario import (
    Add,
    Remove,
    Scale,
    Scenario,
    ScenarioError,
    Set,
    Shift,
    load_scenario,
    parse_scenario,
    safe_name,
    save_scenario,
)
from ecomsim.scenario.yamltext import read
from ecomsim.store import Channel, MinMax, Product, Promotion, Store
from ecomsim.uncertain import Beta, Empirical, LogNormal, Triangular

SHOP = Store(
    "shop",
    channels={"live": Channel("live", 10.0, 0.02, 0.1)},
    products={"A": Product("A", 10.0, 5.0)},
    promotions={"d11": Promotion("d11", dt.date(2025, 11, 1), dt.date(2025, 11, 11))},
)

PUSH = """
name: 双11加码
note: 'More spend: a third'
changes:
- {scale: channels.live.base, by: 1.5, start: 2026-11-01, end: 2026-11-11}
- set: promotions.d11.discount
  to: 0.2
- {add: promotions.d11_2026, like: d11, with: {start: 2026-10-31, discount: {triangular: [.1, .2, .3]}}}
- {add: promotions.d11.peaks, item: 2025-11-11}
- {shift: service.turns, by: -1}
- {remove: promotions.d11_2026}
"""


def test_a_file_says_what_python_says() -> None:
    assert parse_scenario(PUSH) == Scenario(
        "双11加码",
        [
            Scale("channels.live.base", 1.5, start="2026-11-01", end="2026-11-11"),
            Set("promotions.d11.discount", 0.2),
            Add(
                "promotions",
                name="d11_2026",
                like="d11",
                changes={"start": "2026-10-31", "discount": {"triangular": [0.1, 0.2, 0.3]}},
            ),
            Add("promotions.d11.peaks", "2025-11-11"),
            Shift("service.turns", -1),
            Remove("promotions.d11_2026"),
        ],
        note="More spend: a third",
    )


def test_a_saved_scenario_is_read_back_and_does_the_same(tmp_path: Path) -> None:
    idea = Scenario(
        "想法",
        [
            Set("channels.live.base", LogNormal(8, 0.2)),
            Set("channels.live.p_silent", Beta(3, 90)),
            Set("channels.live.enquiry_share", Empirical((0.1, 0.2, 0.15), "fit")),
            Set("products.A.policy", MinMax(Triangular(1, 2, 3).scaled(2), 30.0)),
            Add("products", Product("010", 3.0, 1.0, name="yes")),
            Set("promotions.d11.family", "on"),
            Set("promotions.d11.start", dt.date(2025, 10, 20)),
            Set("products.A.price_plan", {"2026-11-11": 9}),
        ],
    )
    file = save_scenario(idea, tmp_path)
    assert file.name == "想法.yaml"
    again = load_scenario(file)
    assert again.hash == idea.hash
    assert again.apply(SHOP) == idea.apply(SHOP)
    assert again.text == idea.text


def test_plain_words_stay_words() -> None:
    value, _ = read(
        "a: on\nb: 12:30\nc: 010\nd: 1e3\ne: 12_000\nf: 2026-11-01\ng: ~\nh: true\ni: .5\nj: 12%", "x"
    )
    assert value == {
        "a": "on",
        "b": "12:30",
        "c": "010",
        "d": 1000.0,
        "e": 12000,
        "f": "2026-11-01",
        "g": None,
        "h": True,
        "i": 0.5,
        "j": "12%",
    }


def test_extends_brings_the_parents_changes_first(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("changes: [{set: service.turns, to: 5}]", encoding="utf-8")
    (tmp_path / "mid.yml").write_text(
        "extends: base.yaml\nchanges: [{scale: service.turns, by: 2}]", encoding="utf-8"
    )
    (tmp_path / "top.yaml").write_text(
        "\ufeffextends: mid\nchanges: [{shift: service.turns, by: 1}]", encoding="utf-8"
    )
    top = load_scenario(tmp_path / "top.yaml")
    assert (top.name, len(top)) == ("top", 3)
    assert top.apply(SHOP).service.turns == 11.0


def test_a_circle_of_extends_is_shown(tmp_path: Path) -> None:
    for name, parent in (("a", "b"), ("b", "c"), ("c", "a")):
        (tmp_path / f"{name}.yaml").write_text(f"name: {name}\nextends: {parent}\n", encoding="utf-8")
    with pytest.raises(EcomsimError, match=r"c\.yaml line 2: extends: got a circle: a -> b -> c -> a"):
        load_scenario(tmp_path / "a.yaml")
    (tmp_path / "self.yaml").write_text("extends: self\n", encoding="utf-8")
    with pytest.raises(EcomsimError, match="self -> self"):
        load_scenario(tmp_path / "self.yaml")


@pytest.mark.parametrize(
    "parent", ["../base", "/etc/passwd", "..", "a/../../b", "C:\\x", '"a\\0b"', "nul", "~/x"]
)
def test_extends_cannot_leave_its_folder(tmp_path: Path, parent: str) -> None:
    (tmp_path.parent / "base.yaml").write_text("changes: []", encoding="utf-8")
    (tmp_path / "x.yaml").write_text(f"extends: {parent}\n", encoding="utf-8")
    with pytest.raises(EcomsimError, match="extends"):
        load_scenario(tmp_path / "x.yaml")


def test_an_unknown_parent_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("changes: []", encoding="utf-8")
    (tmp_path / "x.yaml").write_text("extends: bsae\n", encoding="utf-8")
    with pytest.raises(
        EcomsimError, match=r"x\.yaml line 1: extends: no such scenario 'bsae'.*Did you mean 'base'"
    ):
        load_scenario(tmp_path / "x.yaml")


def test_every_fault_is_told_with_its_line() -> None:
    text = """nme: x
note: [a]
changes:
- {scale: a, by: 12%}
- {scle: a, by: 2}
- {set: a, scale: b, by: 2}
- {set: a}
- hello
- {set: b, to: 1, strt: 2026-01-01}
- {set: b, to: 1, start: 2026-02-30}
- {add: promotions, with: {a: 1}}
- {add: promotions.x, with: 3}
- {remove: [a]}
"""
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, name="push")
    told = str(caught.value)
    expected = {
        1: "Did you mean 'name'",
        2: "note: got ['a']. Allowed: text",
        4: "fraction 0.12",
        5: "'scale' instead of 'scle'",
        6: "set and scale in one change",
        7: "no 'to'",
        8: "got 'hello'",
        9: "Did you mean 'start'",
        10: "no such day in the calendar",
        11: "add: promotions.my_name",
        12: "with: got 3",
        13: "remove: got ['a']",
    }
    assert len(caught.value.faults) == len(expected)
    for line, words in expected.items():
        assert any(f"push.yaml line {line}:" in row and words in row for row in told.splitlines()), (
            line,
            told,
        )


def test_a_fault_found_in_the_store_names_file_and_line() -> None:
    with pytest.raises(EcomsimError, match=r"push\.yaml line 2: channels\.lve: no such channel"):
        parse_scenario("changes:\n- {scale: channels.lve.base, by: 2}", name="push").apply(SHOP)
    with pytest.raises(EcomsimError, match=r"push\.yaml line 3: products\.A\.price: got 4"):
        parse_scenario(
            "changes:\n- {scale: service.turns, by: 2}\n- {set: products.A.price, to: 4}", name="push"
        ).apply(SHOP)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: [1", "line 1: not YAML"),
        ("name: x\nname: y", r"line 2: got 'name' twice \(first on line 1\)"),
        ("- 1", "name, note, extends, changes"),
        ("", "name, note, extends, changes"),
        ("changes: {a: 1}", "a list"),
        ("changes:\n\t- 1", "blanks, not tabs"),
        ("changes:\n- {set: b, to: &x [1]}\n- {set: c, to: *x}", "line 2: got an alias"),
        ("changes: !!python/object/apply:os.system [ls]", "the tag"),
        ("changes: !mine []", "the tag"),
        ("name: !!int x", "as int"),
        ("name: !!binary aGk=", "!!binary"),
        ("[" * 3000, "brackets within brackets|levels|not YAML"),
        ("{a: " * 30 + "1" + "}" * 30, "at most 20 levels"),
        ("? [a, b]\n: 1", "a list as a key"),
        ("name: ../x", "line 1: name.*Leave out '/'"),
        ("name: 3", "Put it in quotes"),
        ("name: a\n---\nname: b", "not YAML"),
        ("x" * 200_001, "at most 200,000"),
        ("name: \x07", "not YAML"),
        ("changes: [{set: a, to: " + "9" * 5000 + "}]", "as int"),
        ("extends: x", "Give the folder"),
    ],
)
def test_a_text_that_is_no_scenario_is_explained(text: str, says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        parse_scenario(text)


def test_files_that_cannot_be_read_are_explained(tmp_path: Path) -> None:
    (tmp_path / "gbk.yaml").write_bytes("name: 更大的双十一".encode("gb18030"))
    with pytest.raises(EcomsimError, match="Save it as UTF-8"):
        load_scenario(tmp_path / "gbk.yaml")
    for path in (tmp_path / "gbk.yml", tmp_path, "a\0b"):
        with pytest.raises(EcomsimError):
            load_scenario(path)


@pytest.mark.parametrize("name", ["双11 大促", "push-2", "a.b", "Ünï", "x" * 120])
def test_names_may_be_of_any_language(name: str) -> None:
    assert safe_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "a ",
        ".hidden",
        "a.",
        "..",
        "../a",
        "a/b",
        "a\\b",
        "C:",
        "a\0",
        "a\nb",
        "nul",
        "CON.yaml",
        "com1",
        "a*",
        "双" * 60,
        "a\u202eb",
        "\ud800",
        "-rf",
        None,
        3,
    ],
)
def test_names_that_are_no_file_names_are_refused(name) -> None:
    with pytest.raises(EcomsimError):
        safe_name(name)


@given(st.text(max_size=40))
def test_a_name_accepted_stays_in_its_folder(name: str) -> None:
    try:
        plain = safe_name(name)
    except EcomsimError:
        return
    folder = Path("/a/folder")
    assert (folder / f"{plain}.yaml").parent == folder
    assert Path(plain).name == plain
