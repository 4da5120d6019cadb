"""The scenario loader under fire: any text, any change, any bytes give a scenario or an explanation."""

from __future__ import annotations

import datetime as dt
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecomsim.checks import EcomsimError
from ecomsim.scenario import load_scenario, parse_scenario
from ecomsim.scenario.yamltext import read, write
from ecomsim.store import Channel, Product, Promotion, Store

SHOP = Store(
    "shop",
    channels={"live": Channel("live", 10.0, 0.02, 0.1)},
    products={"A": Product("A", 10.0, 5.0)},
    promotions={"d11": Promotion("d11", dt.date(2025, 11, 1), dt.date(2025, 11, 11))},
)

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc09:-#' ", max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=80)
@given(VALUES)
def test_what_is_written_is_read_back(value) -> None:
    again, _ = read(write({"v": value}), "x")
    assert again == {"v": value}


PIECES = st.sampled_from(
    [
        "changes:",
        "- ",
        "{",
        "}",
        "[",
        "]",
        "set: ",
        "scale: ",
        "add: ",
        "remove: ",
        "by: ",
        "to: ",
        "with: ",
        "like: ",
        "channels.live.base",
        "products.*.price",
        "promotions.d11",
        ", ",
        "\n",
        "  ",
        "1.5",
        "12%",
        "2026-11-01",
        "start: ",
        "name: ",
        "extends: ",
        "'",
        '"',
        "&a ",
        "*a",
        "!!x ",
        "? ",
        ": ",
        "|",
        ">",
        "#",
        "%",
        "\t",
        "\x00",
        "双",
        "~",
        "{triangular: [1, 2, 3]}",
        "kind: MinMax",
    ]
)
ENTRIES = st.dictionaries(
    st.sampled_from(
        ["set", "scale", "shift", "add", "remove", "to", "by", "with", "like", "start", "end", "item"]
    ),
    st.one_of(
        VALUES,
        st.sampled_from(
            [
                "channels.live.base",
                "products.A.policy",
                "promotions.new",
                "2026-11-01",
                "products",
                "promotions.d11.peaks",
                "channels.*.weekday",
                "name",
                "as_of",
                "overlays",
            ]
        ),
    ),
    max_size=4,
)


def attempt(text: str) -> None:
    """Load and apply: success or an explanation, nothing else."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = parse_scenario(text).apply(SHOP)
        assert isinstance(made, Store)
    except EcomsimError as error:
        assert str(error)


@settings(max_examples=120)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_no_text_ends_in_a_traceback_of_another_kind(text: str) -> None:
    attempt(text)


@settings(max_examples=120)
@given(st.lists(ENTRIES, max_size=4))
def test_no_change_ends_in_a_traceback_of_another_kind(entries) -> None:
    attempt(write({"changes": entries}))


@settings(max_examples=40)
@given(st.binary(max_size=60))
def test_no_bytes_end_in_a_traceback_of_another_kind(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    file = tmp_path_factory.mktemp("fuzz") / "x.yaml"
    file.write_bytes(data)
    try:
        load_scenario(file)
    except EcomsimError as error:
        assert str(error)
