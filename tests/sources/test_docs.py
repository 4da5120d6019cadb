"""docs/data.md says what the code does: every format, table, column, channel and template."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from ecomsim.data.sources import SOURCES
from ecomsim.data.tables import TABLES

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", list(SOURCES))
def test_every_format_is_described(name: str) -> None:
    (row,) = re.findall(rf"^\| `{name}` \|.*$", TEXT, re.MULTILINE)
    for table in SOURCES[name].tables:
        assert table in row
    if "the same" not in row:
        assert all(header in row for header in SOURCES[name].required)


@pytest.mark.parametrize("name", list(TABLES))
def test_every_column_is_described(name: str) -> None:
    table = TABLES[name]
    part = TEXT.split(f"### {name} ")[1].split("\n### ")[0]
    found = re.findall(r"^\| (\*\*)?`(\w+)`(?:\*\*)?( \\\*)? \| ([^|]*) \|", part, re.MULTILINE)
    assert [(n, zh, bool(bold)) for bold, n, _, zh in found] == [
        (c.name, c.zh, c.name in table.key) for c in table.columns
    ]
    assert [bool(star) for _, _, star, _ in found] == [c.required and not c.default for c in table.columns]
    assert (f"| `{name}` | {table.title_zh} | {table.means} |" in TEXT) == table.template


def test_every_channel_of_the_list_is_described() -> None:
    text = (ROOT / "ecomsim" / "data" / "sources" / "channels.yaml").read_text(encoding="utf-8")
    families = {k: v for k, v in yaml.safe_load(text).items() if k != "version"}
    channels = {c for part in families.values() for group in part.values() for c in group}
    assert channels == set(
        re.findall(r"^\| `(\w+)` \|", TEXT.split("## Channels")[1].split("\n## ")[0], re.M)
    )
    for part in families.values():
        names = [str(n) for names in part["exact"].values() for n in names]
        assert len(names) == len(set(names)), "a name leads to two channels"
