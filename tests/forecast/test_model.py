"""The forecaster against series whose truth is known: recovery, exact sums, bits."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError
from ecomsim.forecast.model import sample, stream
from tests.forecast.made import WEEK, days_from, fair, panel, shape

FAIRS = [fair(2023, 6, 18), fair(2024, 6, 18), fair(2025, 6, 18)]
PEAKS = tuple(e.start for e in FAIRS)


def test_weekday_and_level_are_recovered_without_noise() -> None:
    dates = days_from("2025-01-06", 210)
    truth = 1000 * shape(dates)
    found = sample(panel(truth[None], dates), Horizon("2025-08-04", "2025-08-17"), events=(), paths=50)
    expected = 1000 * WEEK[[d.weekday() for d in Horizon("2025-08-04", "2025-08-17").dates]]
    assert found.mean[0] == pytest.approx(expected, rel=0.01)


def test_an_event_seen_twice_is_foretold_the_third_time() -> None:
    dates = days_from("2023-01-01", 882)  # to 2025-05-31
    horizon = Horizon.month("2025-06")
    rng = np.random.default_rng(1)
    base = np.array([[5000.0], [800.0], [1500.0]])
    truth = base * shape(dates, PEAKS)
    noisy = truth * rng.gamma(100, 0.01, truth.shape)
    found = sample(panel(noisy, dates), horizon, events=FAIRS, paths=200)
    expected = base * shape(horizon.dates, PEAKS)
    assert found.paths.mean(axis=1).sum(axis=1) == pytest.approx(expected.sum(axis=1), rel=0.05)
    peak = horizon.index(dt.date(2025, 6, 18))
    assert found.paths.mean(axis=1)[:, peak] == pytest.approx(expected[:, peak], rel=0.12)


def test_leaves_add_up_to_parents_on_every_path_and_the_same_seed_gives_the_same_bits() -> None:
    dates = days_from("2025-01-06", 150)
    rng = np.random.default_rng(2)
    values = rng.poisson(30 * shape(dates), (6, 150)).astype(float)
    held = panel(values, dates, channel=(0, 0, 1, 1, 2, 2))
    horizon = Horizon("2025-06-05", "2025-07-04")
    one = sample(held, horizon, events=(), paths=64, seed=5)
    again = sample(held, horizon, events=(), paths=64, seed=5)
    other = sample(held, horizon, events=(), paths=64, seed=6)
    assert (one.paths == again.paths).all()
    assert not (one.paths == other.paths).all()
    leaves = one.paths.astype(np.float64)
    channels, total = one.at("channel")[1], one.at("total")[1]
    assert (channels[1] == leaves[2] + leaves[3]).all()
    assert np.allclose(total[0], channels.sum(axis=0), rtol=1e-12)
    assert one.at("leaf")[0] == held.ids


def test_a_path_keeps_its_bits_when_others_are_added() -> None:
    dates = days_from("2025-01-06", 150)
    values = np.random.default_rng(3).poisson(30 * shape(dates), (2, 150)).astype(float)
    horizon = Horizon("2025-06-05", "2025-06-20")
    few = sample(panel(values, dates), horizon, events=(), paths=40)
    days = few.basis.days
    more = sample(panel(values, dates), horizon, events=(), paths=80)
    assert (more.basis.days[:40] == days).all()


def test_intervals_of_a_total_hold_their_share_on_simulated_months() -> None:
    dates = days_from("2024-01-01", 480)
    rng = np.random.default_rng(4)
    inside = []
    for _ in range(6):
        level = np.exp(np.cumsum(rng.normal(0, 0.006, (12, 510)), axis=1))
        whole = 500 * shape(days_from("2024-01-01", 510)) * level * rng.gamma(25, 0.04, level.shape)
        found = sample(
            panel(whole[:, :480], dates), Horizon("2025-04-25", "2025-05-24"), events=(), paths=200
        )
        totals = found.paths.sum(axis=2)
        low, high = np.quantile(totals, [0.1, 0.9], axis=1)
        actual = whole[:, 480:].sum(axis=1)
        inside += list((low <= actual) & (actual <= high))
    # 72 months, of which six groups share their calendar: 0.8 within three standard errors of a share
    assert 0.65 <= np.mean(inside) <= 0.95


def test_a_product_with_ten_days_takes_its_week_from_its_siblings() -> None:
    dates = days_from("2025-01-06", 140)
    values = np.tile(400 * shape(dates), (3, 1))
    values[2] = np.where(np.arange(140) >= 130, 0.1 * values[2], 0.0)
    horizon = Horizon("2025-05-26", "2025-06-08")
    found = sample(panel(values, dates), horizon, events=(), paths=100)
    assert found.methods == ("own", "own", "siblings")
    assert found.mean[2] == pytest.approx(40 * shape(horizon.dates), rel=0.08)


def test_a_series_that_never_sold_is_foretold_as_nothing_and_named() -> None:
    dates = days_from("2025-01-06", 100)
    values = np.stack([400 * shape(dates), np.zeros(100)])
    found = sample(panel(values, dates), Horizon("2025-04-16", "2025-04-30"), events=(), paths=20)
    assert found.methods == ("own", "none")
    assert not found.paths[1].any()


def test_an_event_history_never_saw_is_named() -> None:
    dates = days_from("2025-01-06", 100)
    found = sample(
        panel(400 * shape(dates)[None], dates), Horizon.month("2025-06"), events=[fair(2025, 6, 18)], paths=20
    )
    assert found.unseen == ("fair",)


def test_a_horizon_inside_history_and_a_short_regressor_are_refused() -> None:
    dates = days_from("2025-01-06", 100)
    held = panel(400 * shape(dates)[None], dates)
    with pytest.raises(EcomsimError, match=r"horizon.start: got 2025-04-01.*2025-04-16"):
        sample(held, Horizon.month("2025-04"), events=())
    with pytest.raises(EcomsimError, match=r"regressors.spend: got shape \(100,\).*115 days"):
        sample(held, Horizon("2025-04-16", "2025-04-30"), events=(), regressors={"spend": np.ones(100)})


def test_parts_one_after_the_other_give_the_same_paths_as_all_at_once() -> None:
    dates = days_from("2025-01-06", 120)
    values = np.random.default_rng(8).poisson(20 * shape(dates), (5, 120)).astype(float)
    horizon = Horizon("2025-05-06", "2025-05-20")
    whole = panel(values, dates)
    both = sample(whole, horizon, events=(), paths=32)
    parts = [type(whole)("gmv", dates, whole.ids[part], values[part]) for part in (slice(0, 2), slice(2, 5))]
    streamed = list(stream(parts, horizon, total=values.sum(axis=0), events=(), paths=32))
    assert np.concatenate([s.paths for s in streamed]) == pytest.approx(both.paths, rel=1e-5)


def test_parts_on_other_days_are_refused() -> None:
    dates = days_from("2025-01-06", 120)
    whole = panel(400 * shape(dates)[None], dates)
    horizon = Horizon("2025-05-06", "2025-05-20")
    parts = [whole, whole.until("2025-04-30")]
    with pytest.raises(EcomsimError, match=r"panels: got 2025-01-06 to 2025-04-30.*same days"):
        list(stream(parts, horizon, total=whole.values[0], events=(), paths=8))


def test_products_that_rarely_sell_keep_their_rate_and_their_empty_days() -> None:
    dates = days_from("2025-01-06", 200)
    values = np.random.default_rng(9).poisson(0.15, (60, 200)).astype(float)
    found = sample(panel(values, dates), Horizon("2025-07-25", "2025-08-21"), events=(), paths=200)
    totals = found.paths.sum(axis=2)
    # 60 products of 28 days at 0.15: 252 units; the rate itself is known from 1,800 sold
    assert totals.mean(axis=1).sum() == pytest.approx(252, rel=0.08)
    assert (found.paths == 0).mean() == pytest.approx(np.exp(-0.15), abs=0.03)
    actual = np.random.default_rng(10).poisson(0.15 * 28, 60)
    low, high = np.quantile(totals, [0.1, 0.9], axis=1)
    # whole numbers: a tenth lies at or beyond either end
    assert 0.7 <= np.mean((actual >= np.floor(low)) & (actual <= np.ceil(high))) <= 1.0


def test_less_than_a_year_of_history_shows_no_trend_that_could_be_drawn_on() -> None:
    # a spring's climb that is over by summer: the month ahead is worth what July was (what came before pulls a
    # little), not what a line through the year says
    dates = days_from("2025-01-06", 250)
    climb = np.interp(np.arange(250), [0, 120, 170, 250], [1.0, 1.0, 1.25, 1.25])
    noise = np.random.default_rng(11).gamma(200, 1 / 200, (3, 250))
    truth = 500 * shape(dates) * climb
    horizon = Horizon(dates[-1] + dt.timedelta(days=1), dates[-1] + dt.timedelta(days=30))
    found = sample(panel(truth * noise, dates), horizon, events=(), paths=50)
    expected = 1.25 * 500 * shape(horizon.dates)
    share = found.mean.sum(axis=1) / expected.sum()
    assert (share > 0.94).all() and (share < 1.0).all()
    assert "trend" not in found.contributions()


def test_one_viral_week_hardly_moves_what_is_foretold() -> None:
    dates = days_from("2025-01-06", 200)
    values = 40 * shape(dates) * np.random.default_rng(12).gamma(20, 0.05, (8, 200))
    viral = values.copy()
    viral[0, 170:177] *= 5
    horizon = Horizon(dates[-1] + dt.timedelta(days=1), dates[-1] + dt.timedelta(days=30))
    plain, moved = (
        sample(panel(v, dates), horizon, events=(), paths=50).mean[0].sum() for v in (values, viral)
    )
    assert 1.0 <= moved / plain <= 1.2  # the plain mean of four weeks would rise by half


def test_series_take_part_in_the_months_first_days_each_by_itself() -> None:
    dates = days_from("2025-01-06", 330)
    first = np.array([d.day <= 3 for d in dates])
    part = np.repeat([1.0, 1.6], 6)[:, None]
    rng = np.random.default_rng(13)
    values = 200 * shape(dates) * np.where(first, part, 1.0) * rng.gamma(50, 0.02, (12, 330))
    horizon = Horizon(dates[-1] + dt.timedelta(days=1), dates[-1] + dt.timedelta(days=30))
    payday = np.exp(sample(panel(values, dates), horizon, events=(), paths=20).contributions()["payday"])
    days = np.array([d.day for d in horizon.dates])
    lift = payday[:, days <= 3].mean(axis=1) / payday[:, (days > 7) & (days < 13)].mean(axis=1)
    assert lift[:6] == pytest.approx(np.full(6, 1.0), abs=0.1)
    assert lift[6:] == pytest.approx(np.full(6, 1.6), abs=0.13)
