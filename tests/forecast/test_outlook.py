"""A forecast held against targets: counted by plain numpy, added up by hand."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError
from ecomsim.forecast import Change, Model, Panel, forecast
from ecomsim.target import Target
from ecomsim.uncertain import Normal
from tests.forecast.made import days_from, fair, panel, shape

DAYS = days_from("2025-09-01", 440)  # to 2026-11-14
FAIRS = (fair(2025, 11, 11), fair(2026, 3, 8), fair(2026, 6, 18))
AHEAD = fair(2026, 11, 20)
PEAKS = tuple(f.peaks[0] for f in FAIRS)


def made() -> Panel:
    rng = np.random.default_rng(3)
    size = np.array([500.0, 300.0, 150.0, 50.0])[:, None]
    return panel(
        size * shape(DAYS, PEAKS) * rng.gamma(50, 1 / 50, (4, len(DAYS))), DAYS, channel=(0, 0, 1, 1)
    )


PANEL = made()
OUTLOOK = forecast(PANEL, "2026-11", events=(*FAIRS, AHEAD), paths=200)
EXPECTED = float(OUTLOOK.outcomes("2026-11")[0].mean())
TARGET = Target("gmv", {"2026-11": round(EXPECTED * 1.01)})


def test_children_add_up_to_their_parents_on_every_path() -> None:
    total = OUTLOOK.daily("total")[0]
    for level in ("channel", "leaf"):
        assert (OUTLOOK.daily(level).sum(axis=0) == total).all()


def test_attainment_counts_paths_on_top_of_what_is_known() -> None:
    row = OUTLOOK.attainment(TARGET).loc[("2026-11", "total")]
    known = PANEL.values[:, -14:].sum()
    outcome = known + OUTLOOK.daily()[0].sum(axis=1)
    goal = TARGET.months["2026-11"]
    assert row["actual"] == pytest.approx(known)
    assert row["days_left"] == 16
    assert 0.05 < row["p_hit"] < 0.95
    assert row["p_hit"] == np.mean(outcome >= goal)
    np.testing.assert_allclose(
        row[["gap_p10", "gap_p50", "gap_p90"]].astype(float), np.quantile(outcome - goal, [0.1, 0.5, 0.9])
    )


def test_a_short_record_is_never_a_bare_probability() -> None:
    few = forecast(panel(PANEL.values[:, -20:], DAYS[-20:], channel=(0, 0, 1, 1)), "2026-11", events=())
    row = few.attainment(TARGET).iloc[0]
    assert not row["calibrated"]
    assert "uncalibrated" in row["chance"]
    assert "uncalibrated" in row["basis"]


def test_prophet_on_three_rows_foretells_twice_what_is_right() -> None:
    sold = pd.Series([120.0, 125.0, 120.0], pd.date_range("2026-11-01", periods=3))
    told = forecast(sold, "2026-12", metric="units", events=())
    mean = told.total("2026-12").loc["total", "mean"]
    assert mean == pytest.approx(31 * 121.67, rel=0.1)
    assert any("cold start" in note for note in told.notes)


def test_what_each_day_must_bring_follows_its_calendar() -> None:
    days = OUTLOOK.needed(TARGET)
    left = TARGET.months["2026-11"] - PANEL.values[:, -14:].sum()
    assert days["required"].sum() == pytest.approx(left)
    assert len(days) == 16
    assert days["factor"].max() == pytest.approx(days["factor"].min())
    fair_day, usual = days.loc[dt.date(2026, 11, 20)], days.loc[dt.date(2026, 11, 27)]
    assert fair_day["required"] > 2.5 * usual["required"]  # both Fridays; the fair is worth four


def test_a_target_is_split_over_days_and_months() -> None:
    days = OUTLOOK.split(TARGET)
    assert len(days) == 30
    assert days["target"].sum() == pytest.approx(TARGET.months["2026-11"], rel=1e-12)
    year = forecast(PANEL, Horizon("2026-11-15", "2026-12-31"), events=(*FAIRS, AHEAD), paths=100)
    quarter = Target("gmv", {"2026-Q4": 100_000.0, "2026-11": 40_000.0})
    planned = year.plan(quarter, "2026-Q4")
    assert planned.months["2026-11"] == 40_000
    assert sum(planned.months.values()) == pytest.approx(100_000)
    assert planned.months["2026-10"] / planned.months["2026-12"] == pytest.approx(1, abs=0.1)


def test_pacing_runs_from_what_is_known_to_the_outcome() -> None:
    pace = OUTLOOK.pacing(TARGET)
    actual = np.cumsum(PANEL.values.sum(axis=0)[-14:])
    np.testing.assert_allclose(pace["actual"].to_numpy()[:14], actual)
    assert pace["actual"].iloc[14:].isna().all()
    end = np.quantile(OUTLOOK.outcomes("2026-11")[0], [0.1, 0.5, 0.9])
    np.testing.assert_allclose(pace[["p10", "p50", "p90"]].iloc[-1].astype(float), end)
    assert pace["planned"].iloc[-1] == pytest.approx(TARGET.months["2026-11"])
    assert pace["p50"].iloc[13] == pytest.approx(actual[-1])


@pytest.mark.parametrize("level", ["total", "channel", "leaf"])
def test_contributions_add_up_exactly(level: str) -> None:
    parts = OUTLOOK.explain("2026-11", level)
    mean = OUTLOOK.outcomes("2026-11", level).mean(axis=1)
    np.testing.assert_allclose(parts.sum().to_numpy(), mean, rtol=1e-12)


def test_the_fair_explains_what_it_was_made_to_bring() -> None:
    parts = OUTLOOK.explain()["total"]
    dates = days_from("2026-11-15", 16)
    brought = 1000 * (shape(dates, AHEAD.peaks) - shape(dates)).sum()
    assert parts["event fair"] == pytest.approx(brought, rel=0.15)
    assert abs(parts["paths"]) < 0.02 * parts.sum()


def earlier(day: str = "2026-11-08", **parts):
    return forecast(PANEL, "2026-11", events=(*FAIRS, AHEAD), as_of=day, paths=200, **parts)


def test_a_move_is_split_and_adds_up() -> None:
    before = earlier()
    moves = OUTLOOK.compare(before)
    told = moves["effect"].sum()
    start, end = (float(x.outcomes("2026-11")[0].mean()) for x in (before, OUTLOOK))
    assert told == pytest.approx(end - start, abs=1e-6)
    assert moves.loc["calendar", "effect"] == moves.loc["model", "effect"] == 0
    brought = PANEL.values[:, -6:].sum() - before.daily()[0].mean(axis=0)[:6].sum()
    assert moves.loc["days now known", "effect"] == pytest.approx(brought)


def test_a_changed_calendar_and_a_changed_model_are_told_apart() -> None:
    without = forecast(PANEL, "2026-11", events=FAIRS, paths=200)
    moves = OUTLOOK.compare(without)
    gain = 1000 * (
        shape(DAYS[-1:] + days_from("2026-11-15", 16), AHEAD.peaks).sum()
        - shape(days_from("2026-11-14", 17)).sum()
    )
    assert moves.loc["calendar", "effect"] == pytest.approx(gain, rel=0.15)
    assert moves.loc["days now known", "effect"] == moves.loc["outlook of the rest", "effect"] == 0
    other = forecast(
        PANEL, "2026-11", events=(*FAIRS, AHEAD), paths=200, model=Model(memory_half_life_days=30.0)
    )
    moves = OUTLOOK.compare(other)
    assert moves.loc["model", "effect"] != 0
    assert moves.loc["calendar", "effect"] == moves.loc["levers", "effect"] == 0


def test_a_later_forecast_cannot_be_the_earlier_one() -> None:
    with pytest.raises(EcomsimError, match="Swap the two"):
        earlier().compare(OUTLOOK)


def test_less_is_reached_from_above() -> None:
    refunds = forecast(
        replace(PANEL, metric="refunds"), "2026-11", metric="refunds", events=(*FAIRS, AHEAD), paths=200
    )
    goal = float(np.median(refunds.outcomes("2026-11")[0])) + 1
    row = refunds.attainment(Target("refunds", {"2026-11": goal})).iloc[0]
    assert row["p_hit"] == np.mean(refunds.outcomes("2026-11")[0] <= goal)


def test_parts_are_answered_at_their_level() -> None:
    goals = {"channel0": {"2026-11": 30_000.0}, "channel1": {"2026-11": 10_000.0}}
    table = OUTLOOK.attainment(Target("gmv", {"2026-11": 40_000.0}, by="channel", parts=goals))
    assert list(table.index) == [("2026-11", name) for name in ("total", "channel0", "channel1")]
    assert table["mean"].iloc[1:].sum() == pytest.approx(table["mean"].iloc[0])
    lost = {"channel0": {"2026-11": 30_000.0}, "chanel1": {"2026-11": 10_000.0}}
    with pytest.raises(EcomsimError, match="Did you mean 'channel1'"):
        OUTLOOK.attainment(Target("gmv", {"2026-11": 40_000.0}, by="channel", parts=lost))


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: OUTLOOK.attainment(Target("gmv", {"2026-10": 5.0})), "2026-10: got a period that is over: it brought"),
        (lambda: OUTLOOK.attainment(Target("orders", {"2026-11": 5.0})), "'orders' for a forecast of 'gmv'.*one basis"),
        (lambda: OUTLOOK.attainment(Target("gmv", {"2026-12": 5.0})), "ends on 2026-11-30.*Forecast to 2026-12-31"),
        (lambda: OUTLOOK.attainment(12e6), "Name metric and month"),
        (lambda: OUTLOOK.attainment(None), "Name metric and month"),
        (lambda: OUTLOOK.total("2025-08"), "history that begins on 2025-09-01"),
        (lambda: OUTLOOK.daily("chanel"), "Did you mean 'channel'"),
        (lambda: forecast(PANEL, "2026-10"), "which is over"),
        (lambda: forecast(PANEL, "2026-13"), "a month as YYYY-MM"),
    ],
)  # fmt: skip
def test_misuse_is_explained(ask, says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        ask()


def test_an_event_never_seen_needs_an_assumed_lift() -> None:
    debut = fair(2026, 11, 25, family="debut")
    with pytest.raises(EcomsimError, match=r"debut 2026 \(2026-11-25.*never seen.*lifts=\{'debut': 1.5\}"):
        forecast(PANEL, "2026-11", events=(*FAIRS, debut))
    plain = forecast(PANEL, "2026-11", events=FAIRS, paths=100, calibrate=False)
    lifted = forecast(
        PANEL, "2026-11", events=(*FAIRS, debut), lifts={"debut": 2.0}, paths=100, calibrate=False
    )
    factor = lifted.daily()[0] / plain.daily()[0]
    np.testing.assert_allclose(
        factor, np.broadcast_to([2.0 if i == 10 else 1.0 for i in range(16)], factor.shape), rtol=1e-6
    )
    assert [(c.factor, c.basis) for c in lifted.changes] == [(2.0, "assumed")]
    assert any("assumed x 2 exactly on 1 days" in note for note in lifted.notes)
    unsure = forecast(
        PANEL, "2026-11", events=(*FAIRS, debut), lifts={"debut": (1.5, 2.4)}, paths=100, calibrate=False
    )
    drawn = (unsure.daily()[0] / plain.daily()[0])[:, 10]
    assert np.quantile(drawn, [0.1, 0.5, 0.9]) == pytest.approx([1.5, 3.6**0.5, 2.4], rel=0.04)
    assert unsure.changes[0].basis == "assumed"
    assert any("assumed x 1.9 (8 in 10: 1.5 to 2.4)" in note for note in unsure.notes)
    spread = unsure.outcomes("2026-11")[0].std()
    assert spread > lifted.outcomes("2026-11")[0].std()
    for wrong, says in (
        ((2.4, 1.5), r"Write \(1.5, 2.4\)"),
        ((0.0, 2.0), "above 0"),
        (Normal(1.0, 0.9), "Give a range"),
    ):
        with pytest.raises(EcomsimError, match=says):
            forecast(
                PANEL, "2026-11", events=(*FAIRS, debut), lifts={"debut": wrong}, paths=50, calibrate=False
            )
    with pytest.raises(EcomsimError, match="estimated from history"):
        forecast(PANEL, "2026-11", events=(*FAIRS, AHEAD), lifts={"fair": 2.0})
    with pytest.raises(EcomsimError, match="Did you mean 'debut'"):
        forecast(PANEL, "2026-11", events=(*FAIRS, debut), lifts={"debute": 2.0})


def test_events_of_one_family_that_overlap_are_refused() -> None:
    long = replace(AHEAD, phases=(replace(AHEAD.phases[0], end=dt.datetime(2026, 11, 25)),))
    with pytest.raises(EcomsimError, match=r"inside fair 2026.*of the same family 'fair'"):
        forecast(PANEL, "2026-11", events=(long, fair(2026, 11, 22)))
    with pytest.raises(EcomsimError, match="events, entry 1"):
        forecast(PANEL, "2026-11", events=("double11",))


def test_a_driver_needs_its_future() -> None:
    spend = pd.DataFrame({"spend": np.arange(440.0)}, index=pd.to_datetime(list(DAYS)))
    with pytest.raises(
        EcomsimError, match=r"regressors.spend: no value on 16 days, from 2026-11-15 to 2026-11-30"
    ):
        forecast(PANEL, "2026-11", events=(), regressors=spend)
    whole = pd.DataFrame({"spend": np.arange(456.0)}, index=pd.date_range("2025-09-01", periods=456))
    assert (
        "regressor spend" in forecast(PANEL, "2026-11", events=(), regressors=whole, paths=50).explain().index
    )
    with pytest.raises(EcomsimError, match="2025-09-01 twice"):
        forecast(PANEL, "2026-11", events=(), regressors=pd.concat([whole.iloc[:1], whole]))


def test_levers_move_the_same_paths() -> None:
    question = replace(OUTLOOK.question, changes=(Change("more ads", 1.1, leaves=("s0",)),))
    more = OUTLOOK.asked(question)
    factor = more.daily("leaf") / OUTLOOK.daily("leaf")
    np.testing.assert_allclose(factor[0], 1.1, rtol=1e-6)
    assert (factor[1:] == 1).all()
    assert more.compare(OUTLOOK).loc["levers", "effect"] == pytest.approx(
        0.1 * OUTLOOK.daily("leaf")[0].sum(axis=1).mean(), rel=1e-5
    )


def test_a_long_record_calibrates_and_says_what_it_rests_on() -> None:
    row = OUTLOOK.attainment(TARGET).iloc[0]
    assert row["calibrated"]
    assert row["chance"] == f"{100 * row['p_hit']:.0f} %"
    assert "tested on" in row["basis"]
    raw = forecast(PANEL, "2026-11", events=(*FAIRS, AHEAD), paths=200, calibrate=False)
    assert not raw.attainment(TARGET).iloc[0]["calibrated"]


def test_the_chance_over_time_sees_only_its_own_days() -> None:
    told = OUTLOOK.chance_over_time(TARGET, every=6)
    assert {(b - a).days for a, b in itertools.pairwise(told.index)} == {6}
    assert told.index[-1] == OUTLOOK.as_of
    assert told["p_hit"].iloc[-1] == OUTLOOK.attainment(TARGET).iloc[0]["p_hit"]
    day = told.index[-2]
    assert told["known"].loc[day] == pytest.approx(
        PANEL.values[:, DAYS.index(dt.date(2026, 11, 1)) : DAYS.index(day) + 1].sum()
    )


def test_the_first_day_a_target_became_unlikely() -> None:
    hopeless = Target("gmv", {"2026-11": round(2 * EXPECTED)})
    row = OUTLOOK.attainment(hopeless, since=True).iloc[0]
    assert row["unlikely_since"] is not None
    assert row["unlikely_since"] <= dt.date(2026, 10, 20)
    easy = Target("gmv", {"2026-11": round(EXPECTED / 2)})
    assert OUTLOOK.attainment(easy, since=True).iloc[0]["unlikely_since"] is None
