"""The second member: what trees learn, when they are listened to, how they move the paths of a forecast."""

from __future__ import annotations

import builtins
import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError
from ecomsim.forecast import BoostedTrees, Forecast, forecast
from ecomsim.forecast.model import sample
from ecomsim.forecast.second import Learned, Learner, Share, learn, learner_of
from ecomsim.forecast.treetable import fed_back, learning_rows
from ecomsim.target import Target
from tests.forecast.made import days_from, panel, shape

DATES = days_from("2025-01-06", 200)
VALUES = np.random.default_rng(1).lognormal(4, 1, (10, 1)) * shape(DATES) * (
    np.random.default_rng(2).gamma(100, 0.01, (10, 200))
)  # fmt: skip
EAGER = BoostedTrees(least_days=150, least_series=8)


@pytest.fixture(scope="module")
def whole() -> Learned:
    """Trees taught on ten steady series."""
    pytest.importorskip("lightgbm")
    return learn(panel(VALUES, DATES), EAGER, events=())


def test_rows_hold_the_lags_and_means_of_the_days_before() -> None:
    counted = np.arange(40.0)[None]
    rows, target = learning_rows(counted, days_from("2025-01-06", 40), ())
    assert len(rows) == 12
    assert target.tolist() == list(range(28, 40))
    assert rows[0, :5].tolist() == [27, 21, 14, 7, 0]
    assert rows[0, 5:7] == pytest.approx([24.0, 13.5])
    assert rows[0, 7] == dt.date(2025, 2, 3).weekday()


def test_a_prediction_is_known_to_the_next_day() -> None:
    flat = np.ones((2, 30))
    grown = fed_back(flat, days_from("2025-01-06", 33), (), lambda rows: rows[:, 0] + 1)
    assert grown.tolist() == [[2.0, 3.0, 4.0]] * 2


def test_trees_learn_the_week_of_steady_series(whole: Learned) -> None:
    dates = days_from("2025-01-06", 214)
    learner = whole.learners[-1]
    drawn = sample(panel(VALUES, DATES), Horizon("2025-07-25", "2025-08-07"), events=(), paths=4)
    level = VALUES.sum(axis=1) / shape(DATES).sum()
    assert learner.totals(drawn, ()) == pytest.approx(level * shape(dates)[200:].sum(), rel=0.05)
    assert (learner.totals(drawn, ()) == learner_of(VALUES, dates, (), 7).totals(drawn, ())).all()


def test_the_share_is_chosen_by_origins_that_were_over() -> None:
    found = Learned(
        EAGER, (learner_of(VALUES, DATES, (), 7),), ((120, 9.0, 4.0), (170, 2.0, 3.0), (200, 0.0, 9.0))
    )
    assert found.share(199) == Share(0.0, 0)  # the only trees saw 200 days
    known = replace(found, learners=(Learner(100, None),))
    assert known.share(119) == Share(0.0, 0)
    # prior .35 worth 1: (.35 + 9) / (1 + 4) is beyond the most that trees may say
    assert known.share(120) == Share(0.8, 1)
    assert known.share(200).value == pytest.approx((0.35 + 11.0) / (1 + 16))
    latest = replace(known, settings=replace(EAGER, trials=1))
    assert latest.share(200).value == pytest.approx(0.35 / 10)


def test_an_origin_of_the_past_sees_no_later_trees(whole: Learned) -> None:
    assert [learner.known for learner in whole.learners] == [88, 144, 200]
    assert [end for end, _, _ in whole.trials] == [116, 144, 172, 200]
    drawn = sample(
        panel(VALUES, DATES).until(DATES[171]), Horizon("2025-06-27", "2025-07-10"), events=(), paths=4
    )
    later = panel(np.concatenate([VALUES[:, :172], 9 * VALUES[:, 172:]], axis=1), DATES)
    other = learn(later, EAGER, events=()).moved(drawn, ())
    np.testing.assert_array_equal(whole.moved(drawn, ()).paths, other.paths)


def test_the_share_moves_every_path_of_a_series_by_one_factor(whole: Learned) -> None:
    drawn = sample(panel(VALUES, DATES), Horizon("2025-07-25", "2025-08-14"), events=(), paths=16)
    moved = whole.moved(drawn, ())
    ratio = moved.paths / drawn.paths
    assert np.abs(ratio - 1).max() > 1e-4
    assert np.ptp(ratio, axis=(1, 2)) == pytest.approx(np.zeros(10), abs=1e-5)
    assert moved.mean / drawn.mean == pytest.approx(ratio[:, 0], rel=1e-5)
    assert sum(moved.contributions().values()) == pytest.approx(np.log(moved.mean), abs=1e-9)


@pytest.fixture(scope="module")
def both() -> tuple[Forecast, Forecast]:
    """Forecasts without and with trees, of series whose level returns to its mean: trees learn that."""
    pytest.importorskip("lightgbm")
    rng = np.random.default_rng(4)
    swing = np.exp(0.4 * np.sin(2 * np.pi * (np.arange(300)[None] / 40 + rng.random((16, 1)))))
    dates = days_from("2025-01-06", 300)
    held = panel(100 * swing * shape(dates) * rng.gamma(200, 1 / 200, (16, 300)), dates)
    ask = {"events": (), "paths": 100}
    trees = BoostedTrees(least_days=200)
    return forecast(held, "2025-11", **ask), forecast(held, "2025-11", second=trees, **ask)


def test_a_forecast_listens_to_trees_that_did_well(both) -> None:
    plain, helped = both
    share = helped.question.second_share
    assert share.value > 0.3
    assert share.origins == 3
    assert f"second member: weight {share.value:.2f}" in helped.basis_of("2025-11")
    assert f"第二模型：权重 {share.value:.2f}" in helped.basis_of("2025-11", language="zh")
    assert any("boosted trees" in note for note in helped.notes)
    assert "second member" not in plain.basis_of("2025-11")
    # what they say moves the number, children still add up, and a move is told as the model's
    assert helped.compare(plain).loc["model", "effect"] != 0
    assert (helped.daily("leaf").sum(axis=0) == helped.daily()[0]).all()
    assert helped.explain().sum().iloc[0] == pytest.approx(helped.total().loc["total", "mean"])


def test_both_members_are_calibrated_together(both) -> None:
    helped = both[1]
    assert helped.is_calibrated("2025-11")
    then, now = (one.question.trials.distances["leaf"] for one in both)
    assert then.shape == now.shape
    assert not np.array_equal(then, now, equal_nan=True)
    # trees that help bring the truth nearer to the middle of the paths
    assert np.nanmedian(np.abs(now[-4:])) < np.nanmedian(np.abs(then[-4:]))
    goal = Target("gmv", {"2025-11": float(helped.total()["mean"].iloc[0])})
    told = helped.chance_over_time(goal, every=20)
    assert told["p_hit"].between(0, 1).all()


def test_the_record_of_a_forecast_with_trees_is_its_own(both) -> None:
    record = both[1].backtest(months=["2025-10"], elapsed_days=(10,))
    own = record.rows[record.rows["method"] == "forecast, raw"].set_index("level")["mean"]
    held = both[1].panel.until("2025-10-10")
    rest = Horizon("2025-10-11", "2025-10-31")
    drawn = both[1].question.drawing(held, rest, events=(), paths=100)
    alone = sample(held, rest, events=(), paths=100)
    assert own["total"] == pytest.approx(held.values[:, -10:].sum() + drawn.at("total")[1].mean() * 21)
    assert own["total"] != pytest.approx(
        held.values[:, -10:].sum() + alone.at("total")[1].mean() * 21, rel=1e-3
    )
    assert {"run-rate", "4-week mean", "seasonal naive"} <= set(record.scores()["method"])
    assert record.reliability()["inside"].between(0, 1).all()


def test_too_little_history_leaves_the_trees_out_and_says_so() -> None:
    pytest.importorskip("lightgbm")
    assert (
        BoostedTrees().lacks(panel(VALUES, DATES)) == "200 days of history, 540 needed; 10 series, 15 needed"
    )
    made = forecast(
        panel(VALUES, DATES), "2025-08", events=(), paths=50, second=BoostedTrees(), calibrate=False
    )
    assert "Second member left out: 200 days of history, 540 needed; 10 series, 15 needed." in made.notes
    assert made.question.second_share == Share(0.0, 0)


def test_a_missing_library_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    found = builtins.__import__

    def without(name: str, *rest: object, **more: object) -> object:
        if name == "lightgbm":
            raise ImportError(name)
        return found(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    sold = pd.Series(np.arange(40.0), pd.date_range("2026-09-01", periods=40))
    with pytest.raises(EcomsimError, match=r"not installed.*lightgbm.*pip install 'ecomsim\[ml\]'"):
        forecast(sold, "2026-11", metric="units", events=(), second=BoostedTrees())


def test_settings_that_cannot_be_are_refused() -> None:
    with pytest.raises(EcomsimError, match=r"second\.least_days"):
        BoostedTrees(least_days=3)
