"""A panel is whole or it is refused."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from ecomsim.checks import EcomsimError
from ecomsim.forecast import Panel

DAYS = tuple(dt.date(2026, 11, 1) + dt.timedelta(days=i) for i in range(4))
VALUES = np.arange(12.0).reshape(3, 4)


def panel(**parts) -> Panel:
    given = {
        "metric": "gmv", "dates": DAYS, "ids": ("a", "b", "c"), "values": VALUES,
        "levels": {"channel": np.array([1, 0, 1])}, "level_names": {"channel": ("live", "search")},
    }  # fmt: skip
    return Panel(**(given | parts))


def test_levels_are_sums_of_leaves() -> None:
    names, values = panel().at("channel")
    assert names == ("live", "search")
    assert values.tolist() == [[4, 5, 6, 7], [8, 10, 12, 14]]
    assert panel().at("total")[1].tolist() == [[12, 15, 18, 21]]


def test_a_panel_is_known_up_to_a_day() -> None:
    short = panel().until("2026-11-02")
    assert short.dates == DAYS[:2]
    assert short.values.tolist() == [[0, 1], [4, 5], [8, 9]]
    assert short.level_names == panel().level_names


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"values": VALUES.T}, r"shape \(4, 3\).*Transpose"),
        ({"values": VALUES - 1}, "'a' on 2026-11-01: got -1"),
        ({"values": np.where(VALUES == 5, np.nan, VALUES)}, "'b' on 2026-11-02: got nan"),
        ({"values": np.where(VALUES == 5, np.inf, VALUES)}, "'b' on 2026-11-02: got inf"),
        ({"dates": (DAYS[0], DAYS[1], DAYS[3], DAYS[3])}, "after 2026-11-02: got 2026-11-04"),
        ({"ids": ("a", "b", "a")}, "'a' twice"),
        ({"level_names": {"channel": ("live", "search", "none")}}, "levels.channel"),
        ({"level_names": {}}, "levels.channel"),
    ],
)
def test_what_is_not_a_panel_is_refused(parts, says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        panel(**parts)


def test_a_day_outside_and_an_unknown_level_are_told() -> None:
    with pytest.raises(EcomsimError, match="2026-11-01 to 2026-11-04"):
        panel().until("2026-12-01")
    with pytest.raises(EcomsimError, match="Did you mean 'channel'"):
        panel().at("chanel")
