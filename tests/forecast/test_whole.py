"""One number whatever the split: the whole's own forecast, path by path, and parts that add up to it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ecomsim.forecast import Forecast, Panel, forecast
from ecomsim.target import Target
from tests.forecast.made import days_from, fair, panel, shape

DAYS = days_from("2025-09-01", 440)  # to 2026-11-14
FAIRS = (fair(2025, 11, 11), fair(2026, 3, 8), fair(2026, 6, 18), fair(2026, 11, 20))
RNG = np.random.default_rng(12)
GROWTH = np.exp(np.array([0.6, -0.5, 0.0, 1.5])[:, None] * np.arange(440) / 440)
VALUES = (
    np.array([500.0, 300.0, 150.0, 5.0])[:, None] * GROWTH * shape(DAYS, tuple(f.peaks[0] for f in FAIRS))
    * RNG.gamma(20, 1 / 20, (4, 440))
)  # fmt: skip
GOAL = Target("gmv", {"2026-11": 33_000.0})


def made(values: np.ndarray, **levels: tuple[int, ...]) -> Forecast:
    return forecast(panel(values, DAYS, **levels), "2026-11", events=FAIRS, paths=100)


@pytest.fixture(scope="module")
def split() -> Forecast:
    return made(VALUES, channel=(0, 0, 1, 2))


def test_a_store_is_told_one_number_however_it_is_split(split: Forecast) -> None:
    whole = forecast(
        replace(panel(VALUES.sum(axis=0)[None], DAYS), ids=("total",)), "2026-11", events=FAIRS, paths=100
    )
    other = made(np.stack([VALUES[0], VALUES[1:].sum(axis=0)]))
    for one in (split, other):
        np.testing.assert_allclose(one.daily()[0], whole.daily()[0], rtol=2e-6)
        np.testing.assert_allclose(one.total().loc["total"], whole.total().loc["total"], rtol=2e-6)
        assert one.attainment(GOAL)["p_hit"].iloc[0] == whole.attainment(GOAL)["p_hit"].iloc[0]
        assert one.basis_of("2026-11") == whole.basis_of("2026-11")


def test_parts_still_add_up_and_keep_their_own_ways(split: Forecast) -> None:
    total = split.daily()[0]
    for level in ("channel", "leaf"):
        assert (split.daily(level).sum(axis=0) == total).all()
    # growing and shrinking leaves: recent days' shares, not the year's
    recent = VALUES[:, -28:].sum(axis=1) / VALUES[:, -28:].sum()
    told = split.rest("2026-11", "leaf").sum(axis=(1, 2))
    np.testing.assert_allclose(told / told.sum(), recent, rtol=0.15)


@pytest.mark.parametrize("level", ["total", "channel", "leaf"])
def test_what_agreement_did_is_a_part_of_the_explanation(split: Forecast, level: str) -> None:
    parts = split.explain("2026-11", level)
    np.testing.assert_allclose(parts.sum(), split.outcomes("2026-11", level).mean(axis=1), rtol=1e-12)
    assert abs(parts.loc["whole"]).max() < 0.02 * split.outcomes("2026-11", level).mean(axis=1).max()


def test_one_series_needs_no_agreement() -> None:
    alone: Panel = panel(VALUES[:1], DAYS)
    assert forecast(alone, "2026-11", events=FAIRS, paths=50, calibrate=False).sample.own.agreement is None
