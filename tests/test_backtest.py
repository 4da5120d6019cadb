"""The backtest scores what it says it scores, and never looks ahead."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ecomsim.backtest import Backtest, backtest
from ecomsim.checks import EcomsimError

Tables = dict[str, pd.DataFrame]


def steady(days: int = 243) -> Tables:
    """A store without events: visitors 3,000 a day, 3 % buy one of three products."""
    rng = np.random.default_rng(11)
    dates = pd.date_range("2025-01-01", periods=days)
    visitors = rng.poisson(3000 * np.exp(rng.normal(0, 0.05, days)))
    buyers = rng.binomial(visitors, 0.03)
    units = np.array([rng.multinomial(n, [0.5, 0.3, 0.2]) for n in buyers]).astype(float)
    price = np.array([30.0, 60.0, 90.0])
    return {
        "store_day": pd.DataFrame({
            "date": dates, "visitors": visitors.astype(float), "buyers": buyers.astype(float),
            "orders": buyers.astype(float), "units": units.sum(axis=1), "gmv": units @ price,
        }),
        "item_day": pd.DataFrame({
            "date": np.repeat(dates, 3), "sku": np.tile(["A", "B", "C"], days), "units": units.ravel(),
            "gmv": (units * price).ravel(),
        }),
        "products": pd.DataFrame({
            "sku": ["A", "B", "C"], "price": price, "cost": price / 2, "on_hand": 5000.0,
        }),
    }  # fmt: skip


@pytest.fixture(scope="module")
def tables() -> Tables:
    return steady()


@pytest.fixture(scope="module")
def past(tables: Tables) -> Backtest:
    return backtest(tables, months=5, replications=100, metrics=("gmv", "orders", "visitors"))


def test_actuals_are_the_sums_of_the_tables(past: Backtest, tables: Tables) -> None:
    day = tables["store_day"].set_index("date")
    for row in past.months.to_dict("records"):
        assert row["actual"] == pytest.approx(day.loc[row["month"], row["metric"]].sum())
    assert sorted(past.months["month"].unique()) == [f"2025-0{m}" for m in range(4, 9)]


def test_naive_rules_are_what_they_say(past: Backtest, tables: Tables) -> None:
    day = tables["store_day"].set_index("date")["orders"]
    rows = past.months[(past.months["metric"] == "orders") & (past.months["month"] == "2025-05")]
    rows = rows.set_index("method")["forecast"]
    before = day[day.index < "2025-05-01"]
    assert rows["4-week mean"] == pytest.approx(before.tail(28).mean() * 31)
    # No last year: the last week, day after day.
    assert rows["seasonal naive"] == pytest.approx(np.resize(before.tail(7).to_numpy(), 31).sum())


def test_a_steady_store_is_foretold_within_its_noise(past: Backtest) -> None:
    frame = past.summary().set_index(["metric", "method"])
    for name in ("orders", "visitors", "gmv"):
        assert frame.loc[(name, "simulation"), "mape"] < 0.05
        assert (
            frame.loc[(name, "simulation"), "months_inside"] >= 0.4
        )  # five months: chance alone leaves 2 out
        assert 0.65 <= frame.loc[(name, "simulation"), "days_inside"] <= 0.95
    assert frame.xs("simulation", level="method")["months_inside"].mean() >= 0.6
    assert "MAPE" in past.text()
    assert "intervals of 80%" in past.text()


def test_reliability_grows_with_the_nominal_share(past: Backtest) -> None:
    for _, part in past.reliability[past.reliability["of"] == "day"].groupby("metric"):
        inside = part.sort_values("nominal")["inside"].to_numpy()
        assert (np.diff(inside) >= 0).all()
        assert part["n"].iloc[0] == 153


def test_days_of_the_month_itself_do_not_move_its_forecast(past: Backtest, tables: Tables) -> None:
    doubled = {k: v.copy() for k, v in tables.items()}
    for name, columns in (("store_day", ["visitors", "buyers", "orders", "units", "gmv"]),
                          ("item_day", ["units", "gmv"])):  # fmt: skip
        frame = doubled[name]
        frame.loc[frame["date"] >= "2025-08-01", columns] *= 2
    again = backtest(doubled, months=1, replications=100, metrics=("orders",))
    one = again.months[again.months["method"] == "simulation"]["forecast"].iloc[0]
    keys = (past.months["method"] == "simulation") & (past.months["metric"] == "orders")
    first = past.months[keys & (past.months["month"] == "2025-08")]["forecast"].iloc[0]
    assert one == pytest.approx(first)


def test_too_little_history_and_unknown_metrics_are_refused(tables: Tables) -> None:
    short = {k: v[v["date"] < "2025-02-20"] if "date" in v else v for k, v in tables.items()}
    with pytest.raises(EcomsimError, match="a full month with 56 days before it"):
        backtest(short, months=2, replications=20)
    with pytest.raises(EcomsimError, match=r"refunds.*orders"):
        backtest(tables, months=1, replications=20, metrics=("refunds",))
