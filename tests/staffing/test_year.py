"""A year's months before a headcount plan: targets set or grown, promotions' work, faults; and the command."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ecomsim.checks import EcomsimError
from ecomsim.cli import main
from ecomsim.staffing import Hiring, plan_year, year_ahead
from tests.engine_shop import shop


def tables() -> dict[str, pd.DataFrame]:
    """Two years of days: 100 a day, 300 in November; a chat for every 10, in June for every 5."""
    days = pd.date_range("2024-11-01", "2026-10-31")
    gmv = [300.0 if day.month == 11 else 100.0 for day in days]
    chats = [g / (5 if day.month == 6 else 10) for day, g in zip(days, gmv, strict=True)]
    return {
        "store_day": pd.DataFrame({"date": days, "gmv": gmv}),
        "service_day": pd.DataFrame({"date": days, "enquirers": chats}),
    }


def test_months_without_a_target_grow_as_those_with_one() -> None:
    found = {one.month: one for one in year_ahead(tables(), {"2026-11": 18_000.0}, "2026-11")}
    assert next(iter(found)) == "2026-11" and list(found)[-1] == "2027-10"
    assert found["2026-11"].given and found["2026-11"].gmv == 18_000
    assert not found["2026-12"].given
    assert found["2026-12"].gmv == pytest.approx(31 * 100 * 18_000 / (30 * 300))
    assert found["2026-11"].events == ("double11",) and found["2027-06"].events == ("618",)
    assert "spring_festival" in found["2027-02"].events
    assert found["2027-06"].peak / found["2027-07"].peak == pytest.approx(2)


def test_a_month_nothing_is_known_of_is_named() -> None:
    short = {"store_day": tables()["store_day"].iloc[-60:]}
    with pytest.raises(EcomsimError, match=r"targets.2026-11: no target, and no sales a year ago"):
        year_ahead(short, {}, "2026-11")
    given = {f"{2026 + (m > 12)}-{(m - 1) % 12 + 1:02d}": 1e5 for m in range(11, 23)}
    assert all(one.given and one.peak == 1 for one in year_ahead({}, given, "2026-11"))


def test_the_busy_months_bring_the_hires_and_the_lead_time_binds() -> None:
    months = year_ahead(tables(), {"2026-11": 9_000.0}, "2026-12")
    now = plan_year(months, 1_500.0, 3_000.0, Hiring(8, lead_months=0, ramp=(1.0,), leaving=0.0)).plan
    assert now.shortages == ()
    assert set(now.table["starters"].nlargest(2).index) == {"2027-06", "2027-11"}
    late = plan_year(months, 1_500.0, 3_000.0, Hiring(8, lead_months=3, ramp=(0.5,), leaving=0.0)).plan
    assert (late.table["starters"].iloc[:3] == 0).all()
    assert late.shortages and "2026-12" in late.shortages[0]


def test_the_command_tells_people_hires_and_cost(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    store = shop(5)
    monkeypatch.setattr("ecomsim.opening.open_store", lambda path: store)
    year = store.as_of.year - 1
    days = pd.date_range(dt.date(year, 1, 1), store.as_of)
    monkeypatch.setattr(
        "ecomsim.opening.read_tables",
        lambda path: {"store_day": pd.DataFrame({"date": days, "gmv": [5_000.0] * len(days)})},
    )
    main_quietly("headcount", "shop", "--people", "6", "--json")
    told = json.loads(capsys.readouterr().out)
    assert len(told["months"]) == 12
    assert told["cost"] == pytest.approx(sum(m["cost"] for m in told["months"]), rel=1e-6)
    for wrong, says in (
        (["--ramp", "half"], "--ramp"), (["--target", "2026-12=much"], "--target"),
        (["--leaving", "2"], "hiring.leaving"),
    ):  # fmt: skip
        with pytest.raises(SystemExit) as ended:
            main(["headcount", "shop", *wrong, "--lang", "zh"])
        assert ended.value.code == 1
        assert says in capsys.readouterr().err


def main_quietly(*words: str | Path) -> None:
    try:
        main([str(word) for word in words])
    except SystemExit as end:
        assert end.code in (0, None)
