"""Targets and their attainment against plain numpy and hand-made cases."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pandas as pd
import pytest

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError
from ecomsim.store import Channel, Product, Store
from ecomsim.study import Study
from ecomsim.target import Target, attainment

SHOP = Store("shop", {"live": Channel("live", 10.0, 0.02, 0.1)}, {"A": Product("A", 9.0, 5.0)})


def study(days: Horizon, runs: int = 500, seed: int = 1) -> Study:
    rng = np.random.default_rng(seed)
    shape = np.where([d.day == 11 and d.month == 11 for d in days], 5.0, 1.0)
    gmv = rng.gamma(50, 2.0, (runs, days.days)) * shape
    level = rng.normal(1, 0.1, (runs, 1))
    made = {"gmv": (gmv * level).astype(np.float32), "refunds": (0.1 * gmv).astype(np.float32)}
    more = {"gmv": (1.1 * gmv * level).astype(np.float32), "refunds": made["refunds"]}
    return Study.build({"baseline": made, "push": more}, dates=days, store=SHOP, seed=seed)


SMALL = Target("gmv", {"2026-11": 5.0})
NOVEMBER = Horizon.month("2026-11")
STUDY = study(NOVEMBER)
GMV = STUDY.daily("gmv", "baseline")


def test_a_whole_month_is_counted_run_by_run() -> None:
    goal = 3500.0
    row = attainment(STUDY, Target("gmv", {"2026-11": goal})).loc[("2026-11", "baseline")]
    total = GMV.sum(1)
    share = np.mean(total >= goal)
    assert 0.1 < share < 0.9
    assert row["p_hit"] == share
    assert row["p_hit_error"] == pytest.approx(math.sqrt(share * (1 - share) / 500))
    gaps = row[["gap_p10", "gap_p50", "gap_p90"]].astype(float)
    np.testing.assert_allclose(gaps, np.quantile(total - goal, [0.1, 0.5, 0.9]))
    assert row["days_left"] == 30
    assert row["required"] == goal
    assert row["required_daily"] == pytest.approx(goal / 30)


def test_what_is_required_follows_the_shape_of_the_days_left() -> None:
    target = Target("gmv", {"2026-11": 4000.0})
    row = attainment(STUDY, target, "baseline", as_of="2026-11-10", actual=1000.0).loc[
        ("2026-11", "baseline")
    ]
    rest = GMV[:, 10:]
    assert row["days_left"] == 20
    assert row["required"] == 3000.0
    assert row["required_factor"] == pytest.approx(3000 / rest.sum(1).mean())
    # The next day is Double 11: it must bring five times an ordinary day, not a twentieth of the rest.
    assert row["required_next"] == pytest.approx(rest[:, 0].mean() * 3000 / rest.sum(1).mean())
    assert row["required_next"] > 3.5 * row["required_daily"]
    assert row["p_hit"] == np.mean(1000 + rest.sum(1) >= 4000)


def test_a_horizon_that_begins_mid_month_needs_what_came_before() -> None:
    late = study(Horizon("2026-11-16", "2026-11-30"))
    target = Target("gmv", {"2026-11": 3000.0})
    with pytest.raises(EcomsimError, match="no actual for 2026-11-01 to 2026-11-15"):
        attainment(late, target)
    row = attainment(late, target, actual=1600.0).loc[("2026-11", "push")]
    assert row["p_hit"] == np.mean(1600 + late.total("gmv", "push") >= 3000)
    assert row["actual"] == 1600.0
    with pytest.raises(EcomsimError, match="no days 2026-11-11 to 2026-11-15"):
        attainment(late, target, as_of="2026-11-10", actual=900.0)


def test_a_month_that_is_over_is_certain() -> None:
    row = attainment(STUDY, Target("gmv", {"2026-11": 3000.0}), as_of="2026-11-30", actual=3100.0).iloc[0]
    assert (row["p_hit"], row["p_hit_error"], row["gap_p50"], row["days_left"]) == (1.0, 0.0, 100.0, 0)
    assert math.isnan(row["required_daily"])


def test_certainty_in_the_sample_is_not_certainty() -> None:
    row = attainment(STUDY, Target("gmv", {"2026-11": 1.0})).iloc[0]
    assert row["p_hit"] == 1.0
    assert row["p_hit_error"] == pytest.approx(3 / 500)


def test_less_is_reached_from_above() -> None:
    refunds = STUDY.total("refunds", "baseline")
    row = attainment(STUDY, Target("refunds", {"2026-11": 340.0}), "baseline").iloc[0]
    assert row["p_hit"] == np.mean(refunds <= 340)
    assert 0 < row["p_hit"] < 1


def test_months_are_answered_one_by_one() -> None:
    long = study(Horizon("2026-10-20", "2026-12-31"), runs=100)
    target = Target("gmv", {"2026-12": 3000.0, "2026-10": 3000.0, "2026-11": 3400.0, "2027-05": 1.0})
    table = attainment(long, target, actual={"2026-10": 1900.0})
    assert list(table.index.get_level_values("month").unique()) == ["2026-10", "2026-11", "2026-12"]
    for month, known, days in (("2026-10", 1900.0, 12), ("2026-11", 0.0, 30), ("2026-12", 0.0, 31)):
        row = table.loc[(month, "baseline")]
        total = known + long.total("gmv", "baseline", month)
        assert (row["p_hit"], row["days_left"]) == (np.mean(total >= target.months[month]), days)


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: attainment(STUDY, Target("gmv", {"2026-12": 5.0})), "Simulate 2026-12"),
        (lambda: attainment(STUDY, Target("net_sales", {"2026-11": 5.0}), "psh"), "Did you mean 'push'"),
        (lambda: attainment(STUDY, Target("orders", {"2026-11": 5.0})), "Use the study's basis"),
        (lambda: attainment(STUDY, SMALL, actual=5.0), "a month without target"),
        (lambda: attainment(STUDY, SMALL, actual={"2026-11": 5.0}), "a month begun by then"),
        (lambda: attainment(STUDY, SMALL, as_of="2026-11-03"), "no actual for 2026-11-01"),
        (lambda: attainment(STUDY, SMALL, as_of="2026-11-03", actual=math.nan), "NaN"),
        (lambda: attainment(STUDY, SMALL, as_of="yesterday"), "YYYY-MM-DD"),
        (lambda: attainment(study(Horizon("2026-11-01", "2026-11-20"), 9), SMALL),
         "Simulate to the month's end"),
        (lambda: Target("gvm", {"2026-11": 5.0}), "Did you mean 'gmv'"),
        (lambda: Target("aov", {"2026-11": 5.0}), "does not add up over days.*'gmv'"),
        (lambda: Target("on_hand", {"2026-11": 5.0}), "does not add up"),
        (lambda: Target("gmv", {"2026-13": 5.0}), "a month as YYYY-MM"),
        (lambda: Target("gmv", {"2026-11-01": 5.0}), "a month as YYYY-MM"),
        (lambda: Target("gmv", {"2026-11": 0}), "above 0"),
        (lambda: Target("gmv", {"2026-11": math.nan}), "NaN"),
        (lambda: Target("gmv", {"2026-11": "12,000"}), "Write 12000 without quotes"),
        (lambda: Target("gmv", {}), "Name a month"),
        (lambda: Target("gmv", 12e6), "Name a month"),
    ],
)  # fmt: skip
def test_misuse_is_explained(ask, says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        ask()


TABLE = pd.DataFrame(
    {
        "month": ["2026-10", "2026-11", "2026-11"],
        "metric": ["gmv", "gmv", "orders"],
        "target": [10.0, 12.0, 500.0],
    }
)


def test_a_target_is_read_from_the_table_of_targets() -> None:
    assert Target.from_table(TABLE) == Target("gmv", {"2026-11": 12.0, "2026-10": 10.0})
    assert Target.from_table(TABLE, "orders").months == {"2026-11": 500.0}
    days = TABLE.assign(month=pd.to_datetime(TABLE["month"]))
    assert Target.from_table(days) == Target.from_table(TABLE)
    assert pickle.loads(pickle.dumps(Target.from_table(TABLE))) == Target.from_table(TABLE)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (TABLE.rename(columns={"target": "targets"}), "no column 'target'.*Rename 'targets'"),
        (TABLE.assign(metric="gmvv"), "no such metric 'gmv'"),
        (TABLE.assign(month="2026-11"), "2026-11 twice"),
        (TABLE.assign(target=[1.0, math.nan, 1.0]), "NaN"),
        (TABLE.assign(month="November"), "YYYY-MM-DD"),
    ],
)
def test_a_faulty_table_of_targets_is_explained(table: pd.DataFrame, says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        Target.from_table(table)


def test_a_target_is_split_by_shape_and_adds_up() -> None:
    shape = GMV.mean(0)
    days = Target("gmv", {"2026-11": 6000.0}).daily("2026-11", shape)
    assert days.sum() == pytest.approx(6000)
    assert days[10] / days[0] == pytest.approx(shape[10] / shape[0])
    for bad in (shape[:9], -shape, shape * 0, shape * np.nan):
        with pytest.raises(EcomsimError, match="30 weights"):
            Target("gmv", {"2026-11": 6000.0}).daily("2026-11", bad)
