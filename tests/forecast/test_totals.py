"""Calibration of totals: identity, order, recovery of a known stretch, exact sums, no look ahead."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecomsim.calendar import Horizon
from ecomsim.forecast.coherent import calibrated_sample
from ecomsim.forecast.model import sample
from ecomsim.forecast.totals import Correction, Totals, calibrate_totals
from ecomsim.forecast.trials import NODES, Trials, run_trials
from tests.forecast.made import days_from, panel, shape

Z80, Z95 = 1.2815515655446004, 1.959963984540054


def test_a_correction_of_one_changes_nothing() -> None:
    draws = np.random.default_rng(1).lognormal(3, 0.2, (4, 300))
    same = Correction(Z80, Z95, 50, 5.0, True).apply(draws)
    assert same == pytest.approx(draws, rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.3, 4.0), st.floats(0.0, 3.0), st.integers(0, 10_000))
def test_a_correction_keeps_the_order_and_the_mean_of_draws(at80: float, more: float, seed: int) -> None:
    draws = np.random.default_rng(seed).gamma(8.0, 1.0, 200)
    out = Correction(at80, at80 + more, 50, 5.0, True).apply(draws)
    assert (np.diff(out[np.argsort(draws)]) >= -1e-12).all()
    assert out.mean() == pytest.approx(draws.mean(), rel=1e-9)


def trials_of(spread: float, origins: int = 60, groups: int = 20) -> Trials:
    rng = np.random.default_rng(2)
    distances = rng.normal(0, spread, (origins, groups, len(NODES)))
    return Trials(np.arange(origins) * 7 + 56, {"leaf": distances})


def test_a_spread_twice_too_narrow_is_found_and_mended() -> None:
    found = calibrate_totals(trials_of(2.0)).at("leaf", 7)
    assert found.calibrated
    assert found.at80 / Z80 == pytest.approx(2.0, rel=0.08)
    assert found.at95 / Z95 == pytest.approx(2.0, rel=0.12)


def test_a_few_weeks_of_trials_are_called_uncalibrated() -> None:
    few = calibrate_totals(trials_of(2.0, origins=6))
    assert few.at("leaf", 3).calibrated
    assert not few.at("leaf", 31).calibrated
    assert not few.at("leaf", 90).calibrated
    assert not few.at("a level nobody tried", 7).calibrated


def test_between_two_nodes_a_correction_is_interpolated() -> None:
    totals = calibrate_totals(trials_of(1.5))
    ten, fourteen, twelve = (totals.at("leaf", days) for days in (10, 14, 12))
    assert twelve.at80 == pytest.approx((ten.at80 + fourteen.at80) / 2)


def test_what_was_not_over_yet_is_hidden() -> None:
    trials = trials_of(1.0)
    known = int(trials.known[10]) + 7
    seen = trials.before(known)
    ends = seen.known[:, None] + np.array(NODES)
    assert np.isfinite(seen.distances["leaf"]).any(axis=1)[ends <= known].all()
    assert np.isnan(seen.distances["leaf"]).all(axis=1)[ends > known].all()


def test_trials_do_not_look_ahead() -> None:
    dates = days_from("2025-01-06", 120)
    values = np.random.default_rng(3).poisson(50 * shape(dates), (2, 120)).astype(float)
    later = values.copy()
    later[:, 90:] *= 3
    one, other = (run_trials(panel(v, dates), events=()).before(90) for v in (values, later))
    assert one.known.tolist() == other.known.tolist()
    assert np.array_equal(one.distances["leaf"], other.distances["leaf"], equal_nan=True)


def test_calibrated_paths_have_the_stretched_total_and_children_still_add_up() -> None:
    dates = days_from("2025-01-06", 200)
    rng = np.random.default_rng(4)
    values = rng.poisson(40 * shape(dates), (6, 200)) * rng.lognormal(0, 0.2, (6, 1))
    held = panel(values, dates, channel=(0, 0, 1, 1, 2, 2))
    start = held.end + dt.timedelta(days=1)
    raw = sample(held, Horizon(start, start + dt.timedelta(days=27)), events=(), paths=100)
    twice = (Correction(2 * Z80, 2 * Z95, 50, 5.0, True),) * len(NODES)
    same = (Correction(Z80, Z95, 50, 5.0, True),) * len(NODES)
    made = calibrated_sample(raw, Totals({"total": twice, "channel": same, "leaf": same}))
    months = [np.array([f"{d:%Y-%m}" == m for d in raw.horizon.dates]) for m in raw.horizon.months]
    for days in months:
        before = raw.paths[:, :, days].sum(axis=(0, 2), dtype=float)
        after = made.paths[:, :, days].sum(axis=(0, 2), dtype=float)
        assert after == pytest.approx(twice[0].apply(before), rel=1e-5)
    assert np.allclose(made.at("channel")[1].sum(axis=0), made.at("total")[1][0], rtol=1e-12)
    assert (made.at("channel")[1][2] == made.paths[4].astype(float) + made.paths[5].astype(float)).all()


def test_the_whole_keeps_the_pattern_of_its_days_and_its_parts_nearly() -> None:
    dates = days_from("2025-01-06", 150)
    values = np.random.default_rng(5).poisson(40 * shape(dates), (3, 150)).astype(float)
    held = panel(values, dates)
    raw = sample(held, Horizon("2025-06-05", "2025-06-30"), events=(), paths=50)
    made = calibrated_sample(raw, calibrate_totals(run_trials(held, events=())))
    for level, near in (("total", 1e-5), ("leaf", 0.03)):
        days = [s.at(level)[1] for s in (raw, made)]
        shares = [d / d.sum(axis=2, keepdims=True) for d in days]
        assert shares[1] == pytest.approx(shares[0], rel=near)
