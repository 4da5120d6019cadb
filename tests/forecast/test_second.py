"""The second member: what trees learn, when they are listened to, how they move the paths."""

from __future__ import annotations

import builtins
import datetime as dt

import numpy as np
import pytest

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError
from ecomsim.forecast.model import sample
from ecomsim.forecast.second import Share, learned_mean, second_share, with_second_member
from ecomsim.forecast.treetable import fed_back, learning_rows
from tests.forecast.made import days_from, panel, shape

DATES = days_from("2025-01-06", 200)
VALUES = np.random.default_rng(1).lognormal(4, 1, (10, 1)) * shape(DATES) * (
    np.random.default_rng(2).gamma(100, 0.01, (10, 200))
)  # fmt: skip


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


def test_trees_learn_the_week_of_steady_series() -> None:
    pytest.importorskip("lightgbm")
    dates = days_from("2025-01-06", 214)
    made = learned_mean(VALUES, dates, (), 7)
    level = VALUES.sum(axis=1) / shape(DATES).sum()
    expected = level[:, None] * shape(dates)[200:]
    assert made.sum(axis=1) == pytest.approx(expected.sum(axis=1), rel=0.05)
    assert (made == learned_mean(VALUES, dates, (), 7)).all()


def test_few_series_or_days_do_not_listen_to_trees() -> None:
    few = panel(VALUES[:3], DATES)
    assert second_share(few, 28, events=()) == Share(0.0, 0)
    short = panel(VALUES, DATES).until("2025-04-30")
    assert second_share(short, 28, events=()) == Share(0.0, 0)


def test_the_share_moves_every_path_of_a_series_by_one_factor() -> None:
    pytest.importorskip("lightgbm")
    held = panel(VALUES, DATES)
    drawn = sample(held, Horizon("2025-07-25", "2025-08-14"), events=(), paths=16)
    assert with_second_member(drawn, Share(0.0, 3), events=()) is drawn
    moved = with_second_member(drawn, Share(0.5, 3), events=())
    ratio = moved.paths / drawn.paths
    assert np.ptp(ratio, axis=(1, 2)) == pytest.approx(np.zeros(10), abs=1e-5)
    assert moved.mean / drawn.mean == pytest.approx(ratio[:, 0], rel=1e-5)
    assert sum(moved.contributions().values()) == pytest.approx(np.log(moved.mean), abs=1e-9)


def test_a_missing_library_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    found = builtins.__import__

    def without(name: str, *rest: object, **more: object) -> object:
        if name == "lightgbm":
            raise ImportError(name)
        return found(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(EcomsimError, match=r"no.*lightgbm.*pip install 'ecomsim\[ml\]'"):
        learned_mean(VALUES, DATES, (), 7)
