"""Known drivers: shared by all series or each series' own; what is missing is named by row, column and series."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from ecomsim.checks import EcomsimError
from ecomsim.forecast import Forecast, Panel, forecast
from tests.forecast.made import days_from, shape

SPAN = days_from("2025-10-01", 426)  # to 2026-11-30
KNOWN = 410  # to 2026-11-14
RNG = np.random.default_rng(8)
SIZE = np.array([600.0, 300.0, 200.0, 100.0])[:, None]
# Weeks of more or less spend, each channel on weeks of its own; ahead only the first spends, and much.
SPEND = np.repeat(RNG.gamma(2.0, 1.0, (4, 61)), 7, axis=1)[:, :426]
SPEND[:, KNOWN:] = np.array([6.0, 0.5, 0.5, 0.5])[:, None]
STRENGTH = np.array([0.10, 0.10, 0.14, 0.06])[:, None]
MEAN = SIZE * shape(SPAN) * np.exp(STRENGTH * SPEND)
SOLD = MEAN[:, :KNOWN] * RNG.gamma(200, 1 / 200, (4, KNOWN))
NAMES = ("ads", "live", "mail", "shop")
PANEL = Panel(
    "gmv", SPAN[:KNOWN], NAMES, SOLD, {"channel": np.array([0, 0, 1, 1])}, {"channel": ("paid", "free")}
)


def tidy(**columns: object) -> pd.DataFrame:
    """One row a day and series."""
    parts = [pd.DataFrame({"date": SPAN, "id": n, "spend": SPEND[i]}) for i, n in enumerate(NAMES)]
    return pd.concat(parts, ignore_index=True).assign(**columns)


def asked(table: pd.DataFrame, panel: Panel = PANEL) -> Forecast:
    return forecast(panel, "2026-11", events=(), regressors=table, paths=100, calibrate=False)


@pytest.fixture(scope="module")
def own() -> Forecast:
    return asked(tidy())


def test_each_series_follows_its_own_driver(own: Forecast) -> None:
    truth = MEAN[:, KNOWN:].sum(axis=1)
    told = own.rest("2026-11", "leaf").mean(axis=(1, 2)) * 16
    np.testing.assert_allclose(told / truth, 1.0, atol=0.07)
    # one driver for all would give the quiet channels the loud one's gain
    shared = asked(tidy().groupby("date", as_index=False)["spend"].mean())
    missed = shared.rest("2026-11", "leaf").mean(axis=(1, 2)) * 16
    assert missed[0] / truth[0] < 0.85
    assert (missed[1:] / truth[1:]).mean() > 1.05


def test_children_and_contributions_still_add_up(own: Forecast) -> None:
    assert (own.daily("leaf").sum(axis=0) == own.daily()[0]).all()
    parts = own.explain("2026-11", "leaf")
    np.testing.assert_allclose(parts.sum(), own.outcomes("2026-11", "leaf").mean(axis=1), rtol=1e-12)
    # e^(0.1 x 6) against a usual e^(0.1 x 2): the loud channel gains, the quiet ones lose
    assert parts.loc["regressor spend", "ads"] > 0 > parts.loc["regressor spend", "live"]


def test_a_level_of_the_panel_names_its_series_too(own: Forecast) -> None:
    by_channel = tidy(channel=np.repeat(["paid", "free"], 2 * len(SPAN)))
    by_channel = by_channel.groupby(["date", "channel"], as_index=False)["spend"].mean()
    told = asked(by_channel).rest("2026-11", "leaf").mean(axis=(1, 2))
    assert told[0] != pytest.approx(own.rest("2026-11", "leaf").mean(axis=(1, 2))[0], rel=0.01)
    assert (
        told[1] > 1.1 * own.rest("2026-11", "leaf").mean(axis=(1, 2))[1]
    )  # it takes half of its sibling's spend


def test_the_same_driver_for_all_is_the_shared_one() -> None:
    alike = tidy(spend=np.tile(SPEND[0], 4))
    once = pd.DataFrame({"date": SPAN, "spend": SPEND[0]})
    one, other = asked(alike), asked(once)
    np.testing.assert_allclose(one.daily("leaf"), other.daily("leaf"), rtol=2e-3)


def test_a_forecast_with_own_drivers_is_calibrated_compared_and_asked_of_earlier_days() -> None:
    short = PANEL.until("2026-11-10")
    whole = forecast(PANEL, "2026-11", events=(), regressors=tidy(), paths=50)
    before = forecast(short, "2026-11", events=(), regressors=tidy(), paths=50, calibrate=False)
    assert whole.is_calibrated("2026-11")
    moves = whole.compare(before)
    gain = whole.outcomes("2026-11")[0].mean() - before.outcomes("2026-11")[0].mean()
    assert moves["effect"].sum() == pytest.approx(gain)
    assert whole.question.total_only().drivers["spend"] == pytest.approx(
        (SOLD.sum(axis=1) / SOLD.sum()) @ SPEND
    )


AHEAD = pd.Timestamp("2026-11-15")


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (tidy()[lambda f: ~((f["id"] == "live") & (pd.to_datetime(f["date"]) >= AHEAD))],
         r"regressors.spend of 'live': no value on 16 days, from 2026-11-15 to 2026-11-30.*planned values"),
        (tidy()[lambda f: ~((f["id"] == "mail") & (f["date"] == dt.date(2026, 3, 1)))],
         r"regressors.spend of 'mail': no value on 2026-03-01.*Fill it in"),
        (tidy(spend=np.where(np.arange(4 * 426) == 426 + 412, np.nan, SPEND.ravel())),
         r"regressors row 839, column 'spend': no value on 2026-11-17 of 'live'"),
        (tidy(spend=["about 3" if i == 7 else "3" for i in range(4 * 426)]),
         r"regressors row 8, column 'spend': got 'about 3'.*Not a number"),
        (tidy(id=["serch" if i == 3 else n for i, n in enumerate(np.repeat(NAMES, 426))]),
         r"row 4, column 'id': no such series of the forecast 'serch'"),
        (tidy(id=[None if i == 3 else n for i, n in enumerate(np.repeat(NAMES, 426))]),
         r"row 4, column 'id': no name"),
        (tidy()[lambda f: f["id"] != "shop"], r"column 'id': no row of 'shop'.*0 where there was nothing"),
        (pd.concat([tidy(), tidy().iloc[[430]]]), r"rows 431 and 1705: got 2025-10-05 of 'live' twice"),
        (tidy().drop(columns="id"), r"rows 1 and 427: got 2025-10-01 twice.*column 'id'"),
        (tidy(date=pd.to_datetime(list(SPAN) * 4).tz_localize("UTC")), "time zone UTC"),
        (tidy(date=["soon" if i == 5 else str(d) for i, d in enumerate(SPAN * 4)]), "regressors row 6.*'soon'"),
    ],
)  # fmt: skip
def test_a_driver_that_cannot_be_used_is_named_by_row_and_column(table: pd.DataFrame, says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        asked(table)
