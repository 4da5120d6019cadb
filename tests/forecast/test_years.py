"""How much an event differs between years, against a spread put in by hand; windows against their dates."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from ecomsim.calendar import Event, Phase
from ecomsim.forecast.design import calendar_design
from ecomsim.forecast.windows import event_windows
from ecomsim.forecast.years import year_spread
from tests.forecast.made import days_from, fair

SD = {"weekday": 0.3, "payday": 0.1, "trend": 0.1, "year": 0.1, "makeup": 0.1, "regressor": 0.3}


def test_years_that_differ_are_told_from_years_that_do_not() -> None:
    dates = days_from("2016-01-01", 365 * 9)
    fairs = [fair(year, 6, 18) for year in range(2016, 2025)]
    design = calendar_design(dates, len(dates), fairs, {}, SD)
    at = design.blocks["event fair"]
    beta = np.zeros(design.matrix.shape[1])
    beta[at] = [1.0 if label == "peak+0" else 0.5 if label in ("peak-1", "peak+1") else 0.0
                for label in design.families[0].labels]  # fmt: skip
    curve = design.matrix[:, at] @ beta[at]
    # nine strengths of sample standard deviation 1 and mean 0, the tenth is for days outside
    drawn = np.array([-1.5, -1.0, -0.6, -0.2, 0.0, 0.2, 0.6, 1.0, 1.5, 0.0])
    drawn = drawn / drawn[:9].std(ddof=1)
    found = []
    for spread in (0.0, 0.3):
        strength = (spread * drawn)[design.families[0].instances]
        fitted = np.exp(curve)[None]
        values = fitted * (1 + strength * curve)
        sd, years = year_spread(
            values,
            fitted,
            np.ones_like(fitted),
            np.array([1e-4]),
            design,
            beta,
            prior_sd=0.12,
            prior_years=4.0,
        )
        assert years == {"fair": 9}
        found.append(float(sd[0]))
    # 8 degrees of freedom beside a belief worth 4
    assert found[0] == pytest.approx(0.12 * np.sqrt(4 / 12), rel=0.05)
    assert found[1] == pytest.approx(np.sqrt((8 * 0.3**2 + 4 * 0.12**2) / 12), rel=0.02)


def test_a_peak_has_its_own_day_and_hats_that_fall_to_zero() -> None:
    dates = days_from("2025-05-01", 92)
    found = event_windows([fair(2025, 6, 18)], dates)
    labels = found.families[0].labels
    peak = found.matrix[:, labels.index("peak+0")]
    assert np.flatnonzero(peak).tolist() == [dates.index(dt.date(2025, 6, 18))]
    far = found.matrix[dates.index(dt.date(2025, 7, 9))]
    assert not far.any()
    hat = found.matrix[:, labels.index("peak+5")]
    assert hat[dates.index(dt.date(2025, 6, 22))] == pytest.approx(0.5)


def test_a_phase_that_begins_in_the_evening_has_that_share_of_its_first_day() -> None:
    start = dt.datetime(2025, 6, 1, 18)
    event = Event("e", "e", "e", 2025, (Phase("spot", start, dt.datetime(2025, 6, 11)),))
    dates = days_from("2025-05-20", 40)
    found = event_windows([event], dates)
    spot = found.matrix[:, found.families[0].labels.index("spot")]
    first = dates.index(dt.date(2025, 6, 1))
    assert spot[first] == pytest.approx(0.25)
    assert spot[first + 1 : first + 10].tolist() == [1.0] * 9
    assert spot[first + 10] == 0


def test_years_of_one_family_share_columns_whatever_their_dates() -> None:
    dates = days_from("2024-01-01", 731)
    found = event_windows([fair(2024, 6, 18), fair(2025, 6, 1)], dates)
    (family,) = found.families
    peak = found.matrix[:, family.labels.index("peak+0")]
    assert [str(dates[i]) for i in np.flatnonzero(peak)] == ["2024-06-18", "2025-06-01"]
    assert family.instances[dates.index(dt.date(2024, 6, 18))] == 0
    assert family.instances[dates.index(dt.date(2025, 6, 1))] == 1
    assert family.instances[dates.index(dt.date(2024, 10, 1))] == -1
