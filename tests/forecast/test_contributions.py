"""What a forecast is made of adds up; a lever moves what it names and nothing else, under the same random numbers."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError
from ecomsim.forecast.changes import Change
from ecomsim.forecast.model import sample
from tests.forecast.made import days_from, fair, panel, shape

FAIRS = [fair(2024, 3, 10), fair(2024, 9, 10), fair(2025, 3, 10)]
DATES = days_from("2024-01-01", 425)  # to 2025-02-28
MARCH = Horizon.month("2025-03")
RNG = np.random.default_rng(11)
VALUES = (
    np.array([[900.0], [300.0]]) * shape(DATES, tuple(e.start for e in FAIRS)) * RNG.gamma(50, 0.02, (2, 425))
)
SPEND = RNG.uniform(50, 150, 425 + 31)


def test_log_contributions_add_up_to_the_mean() -> None:
    found = sample(
        panel(VALUES, DATES), MARCH, events=FAIRS, regressors={"spend": SPEND}, paths=30,
        changes=[Change("more", 1.1)],
    )  # fmt: skip
    parts = found.contributions()
    assert {"level", "weekday", "payday", "event fair", "regressor spend", "lever more"} <= set(parts)
    assert sum(parts.values()) == pytest.approx(np.log(found.mean), abs=1e-9)


def test_a_driver_that_doubles_sales_is_found_with_its_doubt() -> None:
    driven = VALUES * np.exp(0.004 * (SPEND[:425] - 100))
    found = sample(panel(driven, DATES), MARCH, events=FAIRS, regressors={"spend": SPEND}, paths=30)
    row = found.coefficients().set_index("block").loc["regressor spend"]
    per_sd = 0.004 * SPEND[:425].std()
    assert row["estimate"] == pytest.approx(per_sd, abs=3 * row["sd"] + 0.02 * per_sd)


def test_a_lever_scales_its_days_and_series_on_every_path_and_no_others() -> None:
    held = panel(VALUES, DATES)
    base = sample(held, MARCH, events=FAIRS, paths=30)
    change = Change("push", 1.25, start=dt.date(2025, 3, 8), end=dt.date(2025, 3, 9), leaves=("s1",))
    moved = sample(held, MARCH, events=FAIRS, paths=30, changes=[change])
    ratio = moved.paths / base.paths
    assert ratio[1, :, 7:9] == pytest.approx(np.full((30, 2), 1.25), rel=1e-6)
    ratio[1, :, 7:9] = 1.0
    assert (ratio == 1.0).all()


def test_a_lever_that_names_no_series_or_no_sense_is_refused() -> None:
    held = panel(VALUES, DATES)
    with pytest.raises(EcomsimError, match=r"changes.push.leaves: no such series 's7'.*s0, s1"):
        sample(held, MARCH, events=(), paths=10, changes=[Change("push", 1.1, leaves=("s7",))])
    with pytest.raises(EcomsimError, match=r"changes.push.factor: got 0"):
        Change("push", 0.0)
    with pytest.raises(EcomsimError, match=r"changes.push.factor: got shape \(3,\).*10 of them"):
        sample(held, MARCH, events=(), paths=10, changes=[Change("push", np.array([1.0, 1.1, 1.2]))])
