"""The command line under careless hands: one sentence on stderr, exit code 1 or 2, never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError
from ecomsim.cli import main
from ecomsim.cli.running import _still_ahead  # what is over or too far is decided there, without a simulation
from ecomsim.workbook import Workbook


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A folder with a small workbook and the things people point at by mistake."""
    folder = tmp_path_factory.mktemp("place")
    days = pd.date_range("2026-08-01", "2026-10-31")
    visitors = (1000 + 100 * np.sin(np.arange(len(days)))).round()
    buyers = (visitors * 0.03).round()
    half = (buyers / 2).round()
    items = [
        pd.DataFrame({"date": days, "sku": sku, "visitors": (visitors / 2).round(), "buyers": half, "units": half,
                      "gmv": half * price})
        for sku, price in (("A", 50.0), ("B", 110.0))
    ]  # fmt: skip
    store = pd.DataFrame(
        {"date": days, "visitors": visitors, "buyers": buyers, "orders": buyers, "gmv": buyers * 80}
    )
    Workbook(folder / "book").commit({"store_day": store, "item_day": pd.concat(items)})
    (folder / "empty").mkdir()
    (folder / "other").mkdir()
    (folder / "other" / "letter.csv").write_text("dear\nreader\n")
    (folder / "idea.yaml").write_text("name: idea\nchanges:\n- {scale: channels.store.base, by: 1.1}\n")
    (folder / "typo.yaml").write_text("name: typo\nchanges:\n- {scale: channels.stor.base, by: 1.1}\n")
    (folder / "bomb.yaml").write_text("a: &a [x]\nb: *a\n")
    return folder


@pytest.fixture
def run(place: Path, capsys) -> Callable[..., tuple[int, str]]:
    """Run the command line; `{}` in an argument is the folder. Return its exit code and what stderr said."""

    def call(*arguments: str) -> tuple[int, str]:
        code: object = 0
        try:
            main([a.replace("{}", str(place)) for a in arguments])
        except SystemExit as stop:
            code = stop.code
        assert isinstance(code, int)
        told = capsys.readouterr()
        assert "Traceback" not in told.err + told.out
        return code, told.err

    return call


READERS = ("calibrate", "simulate", "backtest")


@pytest.mark.parametrize("command", READERS)
@pytest.mark.parametrize(
    ("where", "says"),
    [
        (
            "{}/nowhere",
            "nowhere: got nothing there. Allowed: a workbook or a folder of exports. Check the path.",
        ),
        ("{}/idea.yaml", "idea.yaml: got a file. Allowed: a workbook or a folder of exports."),
        ("{}/empty", "empty: no files. Allowed: exports. Put the platform's exports in this folder."),
        ("{}/other", "other: no export anybody knows."),
        ("a" * 5000, "File name too long"),
    ],
)
def test_a_folder_that_is_none_is_told(run, command: str, where: str, says: str) -> None:
    code, said = run(command, where)
    assert code == 1
    assert says in said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["calibrate", "{}/book", "--as-of", "2026-02-30"], "--as-of: got '2026-02-30'. Allowed: a day as YYYY"),
        (["calibrate", "{}/book", "--as-of", "soon"], "--as-of: got 'soon'. Allowed: a day as YYYY-MM-DD."),
        (["calibrate", "{}/book", "--as-of", "1999-01-01"], "got 1999-01-01. Allowed: 2026-08-01 to 2026-10-31."),
        (["simulate", "{}/book", "--month", "2026-13"], "horizon.month: got '2026-13'. Allowed: a month as YYYY-MM."),
        (["simulate", "{}/book", "--month", "November"], "Write for example 2026-11."),
        (["simulate", "{}/book", "--month", "2026-10"], "--month: got 2026-10. Allowed: a month after the data (up to"),
        (["simulate", "{}/book", "--month", "9999-12"], "in 2031 at the latest. Write 2026-11."),
        (["simulate", "{}/book", "--target", "-5"], "--target: got -5. Allowed: a number above 0 (money)."),
        (["simulate", "{}/book", "--target", "0"], "--target: got 0."),
        (["simulate", "{}/book", "--target", "nan"], "--target: got NaN."),
        (["simulate", "{}/book", "--seed", "-1"], "seed: got -1. Allowed: a whole number from 0 to 4294967295."),
        (["simulate", "{}/book", "--seed", "4294967296"], "seed: got 4294967296."),
        (["simulate", "{}/book", "-s", "{}/ideas.yaml"], "no such file. Allowed: a scenario file. Did you mean 'idea."),
        (["simulate", "{}/book", "-s", "{}"], "no such file. Allowed: a scenario file."),
        (["simulate", "{}/book", "-s", "{}/bomb.yaml"], "bomb.yaml line 1: got an alias (*name)."),
        (["simulate", "{}/book", "-s", "{}/typo.yaml"], "typo.yaml line 3: channels.stor: no such channel 'stor'."),
        (["simulate", "{}/book", "--out", "{}/idea.yaml"], "idea.yaml: got a file. Allowed: a folder, or a path"),
        *[([c, "{}/book", "--lang", "fr"], "--lang: no such language 'fr'. Allowed: en, zh.") for c in READERS],
        (["demo", "--lang", "fr"], "--lang: no such language 'fr'."),
        (["demo", "--sample", "flagshp"], "no such sample 'flagshp'. Allowed: both, flagship, completejourney."),
        (["template", "prodcts"], "no such template 'prodcts'."),
        (["template", "../x"], "no such template '../x'."),
        (["template", "list", "--lang", "fr"], "--lang: no such language 'fr'."),
        (["template", "products", "--to", "{}/idea.yaml"], "idea.yaml: got File exists."),
        (["import"], "ecomsim import: no source. Allowed: a folder of exports, or --package NAME."),
        (["import", "{}/nowhere", "--into", "{}/new1"], "nowhere: no such file or folder."),
        (["import", "{}/empty", "--into", "{}/new2"], "ecomsim import: no file. Allowed: exports as .csv"),
        (["import", "{}/other", "--into", "{}/new3"], "ecomsim import: no file that could be read."),
        (["import", "{}/other", "--into", "{}/idea.yaml"], "idea.yaml: not a workbook."),
        (["import", "{}/other", "--into", "{}/other"], "other: not a workbook. Allowed: a workbook, an empty folder"),
        (["import", "--package", "completejurney", "--into", "{}/new4"], "Did you mean 'completejourney'?"),
        (["import", "{}/other", "--package", "completejourney", "--into", "{}/new5"], "both files and --package"),
        (["import", "--confirm", "../x", "--into", "{}/new6"], "no such mapping '../x'."),
        (["scenario", "{}/typo.yaml", "--workbook", "{}/book"], "typo.yaml line 3: channels.stor: no"),
        (["scenario", "{}/book/nothing.yaml"], "nothing.yaml: no such file."),
    ],
)  # fmt: skip
def test_a_wrong_value_is_one_sentence(run, arguments: list[str], says: str) -> None:
    code, said = run(*arguments)
    assert code == 1, said
    assert says in said
    assert said.count("\n") <= 3, "a sentence, not a page"


@pytest.mark.parametrize(
    "arguments",
    [
        ["simulat"], ["--nope"], ["calibrate"], ["calibrate", "--bad", "x"], ["simulate", "x", "-r", "0"],
        ["simulate", "x", "-r", "-1"], ["simulate", "x", "-r", "many"], ["simulate", "x", "--seed", "1.5"],
        ["simulate", "x", "--target", "lots"], ["backtest", "x", "--months", "0"], ["backtest", "x", "--months", "99"],
        ["scenario"], ["calibrate", "x\0y"], ["calibrate", "a", "b"],
    ],
)  # fmt: skip
def test_a_wrong_option_exits_with_2_and_names_itself(run, arguments: list[str]) -> None:
    code, said = run(*arguments)
    assert code == 2
    assert "Usage" in said


def test_a_refused_command_leaves_the_workbook_as_it_was(run, place: Path) -> None:
    def state() -> dict[str, bytes]:
        return {
            str(p): p.read_bytes() for p in (place / "book").rglob("*") if p.is_file() and p.name != ".lock"
        }

    before = state()
    assert run("import", "{}/other/letter.csv", "--into", "{}/book")[0] == 1
    assert state() == before


def test_a_month_may_begin_before_its_data_end_but_not_be_over() -> None:
    last = Horizon("2026-11-12", "2026-11-12").start
    assert _still_ahead(Horizon.month("2026-11"), last) == Horizon.month("2026-11")
    assert _still_ahead(None, last) == Horizon.month("2026-12")
    for month in ("2026-10", "2032-01"):
        with pytest.raises(EcomsimError, match="Write 2026-12"):
            _still_ahead(Horizon.month(month), last)


WORDS = st.sampled_from(
    ["calibrate", "backtest", "template", "scenario", "import", "--lang", "zh", "--month", "--into", "--to", "-s",
     "--as-of", "--json", "2026-02-30", "-5", "", "[/b]", "\udce4", "x" * 300, "~", "--", "-"]
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(words=["template", "[/b]"])
@example(words=["scenario", "\udce4"])
@given(words=st.lists(WORDS | st.text(max_size=8), max_size=5))
def test_no_line_of_words_ends_in_a_traceback(run, words: list[str], tmp_path_factory, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("here"))
    assert run(*words)[0] in (0, 1, 2)
