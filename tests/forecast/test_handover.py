"""Forecast and simulator tell one story: the handed-over store's baseline meets the forecast."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from ecomsim.checks import EcomsimError
from ecomsim.forecast import forecast
from ecomsim.forecast.handover import with_forecast
from ecomsim.simulate import simulate
from ecomsim.store import Channel
from tests.forecast.made import days_from, panel, shape
from tests.quiet_shop import small

DAYS = days_from("2026-01-01", 120)  # to 2026-04-30
RNG = np.random.default_rng(2)
CHANNELS = {
    name: Channel(name, base, 0.03, 0.1, enquiry_share=0.0, dispersion=1e4)
    for name, base in (("a", 2000.0), ("b", 900.0))
}
SHOP = small(channels=CHANNELS).replace(as_of=dt.date(2026, 4, 30))
VISITS = np.array([[2600.0], [700.0]]) * shape(DAYS) * RNG.gamma(400, 1 / 400, (2, 120))
VISITORS = replace(
    panel(VISITS, DAYS, channel=(0, 1)),
    metric="visitors",
    ids=("a", "b"),
    level_names={"channel": ("a", "b")},
)
GMV = panel((VISITS.sum(axis=0) * 0.025 * 52)[None], DAYS)
VISIT_AHEAD = forecast(VISITORS, "2026-05", metric="visitors", events=(), paths=100)
VISITORS_ALONE = replace(GMV, metric="visitors")
GMV_AHEAD = forecast(GMV, "2026-05", events=(), paths=100)


def test_the_simulated_baseline_meets_the_forecast() -> None:
    made = with_forecast(SHOP, VISIT_AHEAD, GMV_AHEAD, replications=64)
    study = simulate(made, VISIT_AHEAD.horizon, replications=256, seed=99)
    for name, wanted in (("visitors", VISIT_AHEAD), ("gmv", GMV_AHEAD)):
        total = wanted.outcomes("2026-05")[0].mean()
        assert study.total(name, "baseline").mean() == pytest.approx(total, rel=0.01)
        days = study.daily(name, "baseline").mean(axis=0) / wanted.daily()[0].mean(axis=0)
        assert np.abs(days - 1).max() < 0.05
    plain = simulate(SHOP, VISIT_AHEAD.horizon, replications=64, seed=99)
    assert plain.total("visitors", "baseline").mean() < 0.93 * VISIT_AHEAD.outcomes("2026-05")[0].mean()


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: with_forecast(SHOP, GMV_AHEAD), "a forecast of 'gmv'.*metric='visitors'"),
        (lambda: with_forecast(SHOP, forecast(VISITORS, "2026-05", metric="visitors", events=(), as_of="2026-04-29")),
         "Calibrate with as_of='2026-04-29'"),
        (lambda: with_forecast(small().replace(as_of=dt.date(2026, 4, 30)), VISIT_AHEAD), "channels a, b.*same tables"),
        (lambda: with_forecast(SHOP, VISIT_AHEAD, forecast(GMV, "2026-06", events=())), "one as_of and horizon"),
        (lambda: with_forecast(SHOP, forecast(VISITORS_ALONE, "2026-05", metric="visitors", events=())),
         "by='channel'"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_explained(ask, says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        ask()
