"""Visitors x conversion x order value: products are exact, gaps add up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ecomsim.checks import EcomsimError
from ecomsim.forecast import forecast
from ecomsim.forecast.drivers import forecast_drivers
from ecomsim.target import Target
from tests.forecast.made import days_from, panel, shape

DAYS = days_from("2025-10-01", 396)  # to 2026-10-31
RNG = np.random.default_rng(11)
VISITORS = 5000 * shape(DAYS) * RNG.gamma(60, 1 / 60, len(DAYS))
BUYERS = VISITORS * 0.04 * RNG.gamma(200, 1 / 200, len(DAYS))
GMV = BUYERS * 120 * RNG.gamma(400, 1 / 400, len(DAYS))


def one(metric: str, values):
    return replace(panel(values[None], DAYS), metric=metric)


PANELS = {name: one(name, v) for name, v in (("visitors", VISITORS), ("buyers", BUYERS), ("gmv", GMV))}
FOUND = forecast_drivers(PANELS, "2026-11", events=(), paths=300)


def test_the_three_multiply_to_gmv_on_every_path_and_day() -> None:
    daily = FOUND.daily()
    product = daily["visitors"] * daily["conversion_rate"] * daily["aov"]
    assert (product == daily["gmv"]).all()
    alone = forecast(PANELS["gmv"], "2026-11", events=(), paths=300).daily()[0]
    np.testing.assert_allclose(daily["gmv"], alone, rtol=1e-12)


def test_ratios_vary_as_they_did_together_not_as_if_apart() -> None:
    rates = FOUND.daily()["conversion_rate"]
    assert rates.mean() == pytest.approx(0.04, rel=0.02)
    # days of conversion were made with a spread of 1 / sqrt(200), far below that of visitors
    assert (rates / rates.mean(axis=0)).std() == pytest.approx(0.07, abs=0.025)


def test_a_gap_is_split_along_the_line_and_adds_up() -> None:
    table = FOUND.gap(against="last year")
    assert table["effect"].iloc[:3].sum() == pytest.approx(table.loc["gmv", "effect"])
    assert table["effect"].iloc[3] == pytest.approx(table["expected"].iloc[3] - table["reference"].iloc[3])
    november = [i for i, day in enumerate(DAYS) if day.year == 2025 and day.month == 11]
    assert table.loc["visitors", "reference"] == pytest.approx(VISITORS[november].sum())
    assert table.loc["aov", "reference"] == pytest.approx(GMV[november].sum() / BUYERS[november].sum())


def test_a_plan_must_multiply_to_its_target() -> None:
    target = Target("gmv", {"2026-11": 800_000.0})
    good = {"visitors": 160_000.0, "conversion_rate": 0.04, "aov": 125.0}
    table = FOUND.gap(target=target, plan=good)
    assert table.loc["gmv", "reference"] == pytest.approx(800_000)
    with pytest.raises(EcomsimError, match=r"multiply to 768,000, 32,000 less.*must be 125"):
        FOUND.gap(target=target, plan=good | {"aov": 120.0})
    with pytest.raises(EcomsimError, match="no 'aov'"):
        FOUND.gap(plan={"visitors": 1.0, "conversion_rate": 0.1})


def test_what_each_driver_alone_would_have_to_be_reaches_the_target() -> None:
    target = Target("gmv", {"2026-11": 800_000.0})
    table = FOUND.gap(target=target)
    rest = FOUND.total("2026-11")["mean"]
    assert table.loc["visitors", "needed"] * rest["gmv"] / rest["visitors"] == pytest.approx(
        800_000, rel=1e-3
    )
    assert table.loc["gmv", "needed"] == 800_000


def test_what_history_does_not_hold_is_told() -> None:
    with pytest.raises(EcomsimError, match="Choose the other, or give a plan"):
        forecast_drivers(PANELS, "2026-11", events=(), as_of="2026-05-31", paths=50).gap(
            "2026-06", against="last year"
        )
    short = PANELS | {"buyers": PANELS["buyers"].until("2026-10-30")}
    with pytest.raises(EcomsimError, match="the same days for visitors, buyers and gmv"):
        forecast_drivers(short, "2026-11", events=(), paths=50)
