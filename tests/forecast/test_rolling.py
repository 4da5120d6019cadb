"""Plain rules against sums by hand, scores against their definitions, and the rolling record."""

from __future__ import annotations

import numpy as np
import pytest

from ecomsim.checks import EcomsimError
from ecomsim.forecast.baselines import (
    calibrated_by_past_errors,
    ets,
    four_week_mean,
    run_rate,
    seasonal_naive,
)
from ecomsim.forecast.rolling import backtest, full_months
from ecomsim.forecast.scoring import Record, score_rows
from tests.forecast.made import days_from, panel, shape


def test_seasonal_naive_repeats_the_last_week() -> None:
    weeks = np.tile([3.0, 1, 4, 1, 5, 9, 2], (1, 10))
    assert seasonal_naive(weeks, 0, 10, 5, 7) == pytest.approx(np.full((1, 5), 25 + 3 + 1 + 4))


def test_seasonal_naive_draws_differences_of_weeks() -> None:
    rising = np.arange(70.0)[None]  # each week is 7 above the one before
    assert seasonal_naive(rising, 0, 2, 50, 7) == pytest.approx(np.full((1, 50), 63 + 64 + 2 * 7))


def test_the_mean_rules_take_their_own_days() -> None:
    values = np.array([[*[10.0] * 60, *[20.0] * 28, *[8.0] * 5]])
    four = four_week_mean(values, 5, 20, 4000, 7).mean()
    rate = run_rate(values, 5, 20, 4000, 7).mean()
    assert four == pytest.approx(20 * (23 * 20 + 5 * 8) / 28, rel=0.02)
    assert rate == pytest.approx(20 * 8.0, rel=0.02)
    assert run_rate(values, 0, 20, 4000, 7).mean() == pytest.approx(four, rel=1e-9)


def test_rules_without_noise_have_no_spread() -> None:
    flat = np.full((2, 90), 7.0)
    for rule in (seasonal_naive, four_week_mean, run_rate):
        assert rule(flat, 3, 11, 6, 7) == pytest.approx(np.full((2, 6), 77.0))


def test_exponential_smoothing_follows_a_steady_week() -> None:
    weeks = np.tile([30.0, 10, 40, 10, 50, 90, 20], (1, 20)) + np.random.default_rng(1).normal(
        0, 0.5, (1, 140)
    )
    assert ets(weeks, 0, 14, 50, 7).mean() == pytest.approx(500, rel=0.03)
    empty = np.zeros((1, 140))
    assert not ets(empty, 0, 14, 50, 7).any()


def test_past_errors_give_their_own_quantiles() -> None:
    draws = calibrated_by_past_errors(np.array([100.0]), np.array([0.5, 1.0, 1.5]), 3)
    assert draws[0] == pytest.approx([100 * (0.5 + 1 / 6), 100.0, 100 * (1.5 - 1 / 6)], rel=0.2)
    assert (calibrated_by_past_errors(np.array([100.0]), np.zeros(0), 4) == 100).all()


def test_scores_follow_their_definitions() -> None:
    draws = np.array([[1.0, 2, 3, 4]])
    row = score_rows("m", "2025-06", 0, "leaf", ["a"], np.array([3.0]), draws, [np.array([3.0])], True).iloc[
        0
    ]
    # E|X - 3| = (2 + 1 + 0 + 1) / 4; mean distance of two different draws = 20 / 12
    assert row["crps"] == pytest.approx(1.0 - 20 / 12 / 2)
    assert row["rank"] == pytest.approx(2 / 4 + 0.5 / 4)
    assert row["brier"] == pytest.approx((2 / 4 - 1) ** 2)


def test_reliability_counts_ranks_inside() -> None:
    rows = [
        score_rows(
            "forecast", "2025-06", 0, "leaf", ["a"], np.array([y]), np.arange(1.0, 101)[None], [], True
        )
        for y in (50.5, 80.5, 93.5, 99.5)
    ]
    found = Record.of(rows).reliability().set_index("nominal")
    assert found["inside"].to_dict() == {0.5: 0.25, 0.8: 0.5, 0.9: 0.75, 0.95: 0.75}
    assert (found["cases"] == 4).all()


@pytest.fixture(scope="module")
def record() -> Record:
    dates = days_from("2025-01-01", 181)  # to the end of June
    rng = np.random.default_rng(6)
    values = np.array([[900.0], [500.0], [200.0]]) * shape(dates) * rng.gamma(60, 1 / 60, (3, 181))
    held = panel(values, dates, channel=(0, 0, 1))
    return backtest(held, months=2, elapsed_days=(0, 10), events=(), paths=100)


def test_the_record_has_every_method_level_and_day(record: Record) -> None:
    rows = record.rows
    assert set(rows["month"]) == {"2025-05", "2025-06"}
    assert set(rows["level"]) == {"total", "channel"}
    assert {"forecast", "seasonal naive", "4-week mean", "run-rate"} <= set(rows["method"])
    assert (rows.groupby(["method", "month", "elapsed_days"]).size() == 3).all()


def test_a_steady_store_is_foretold_better_than_by_its_run_rate(record: Record) -> None:
    scores = record.scores(("method",)).set_index("method")
    assert scores.loc["forecast", "mape"] < 0.03
    assert scores.loc["forecast", "crps"] < 0.8 * scores.loc["run-rate", "crps"]


def test_a_history_too_short_for_a_record_is_refused() -> None:
    dates = days_from("2025-01-01", 70)
    held = panel(100 * shape(dates)[None], dates)
    with pytest.raises(EcomsimError, match=r"backtest: got 70 days.*56 days before"):
        backtest(held, events=())


def test_full_months_leave_the_running_month_out() -> None:
    dates = days_from("2025-01-01", 140)  # to 20 May
    assert full_months(panel(100 * shape(dates)[None], dates), 6) == ["2025-03", "2025-04"]


def test_a_run_rate_is_calibrated_on_the_same_day_of_earlier_months() -> None:
    # every month begins at twice the pace: a run-rate that knows its own past is not taken in by that
    dates = days_from("2025-01-01", 273)
    values = np.where(np.array([d.day for d in dates]) <= 5, 20.0, 10.0) * np.array([[1.0], [3.0]])
    rows = backtest(
        panel(values, dates), months=["2025-09"], elapsed_days=(5,), events=(), paths=40, levels=["leaf"]
    ).rows.set_index("method")
    assert rows.loc["run-rate", "median"].to_numpy() == pytest.approx([600.0, 1800.0], rel=0.01)
    assert rows.loc["run-rate, calibrated", "median"].to_numpy() == pytest.approx([350.0, 1050.0])
    assert rows.loc["run-rate, calibrated", "high95"].to_numpy() == pytest.approx([350.0, 1050.0])
