"""Events of two families on the same days: found, named, and counted as asked; effects made by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from ecomsim.calendar import Event, Horizon, Phase, events
from ecomsim.checks import EcomsimError
from ecomsim.forecast import Panel, forecast
from ecomsim.forecast.overlaps import overlaps_of
from tests.forecast.made import days_from, panel, shape


def week(year: int, month: int, day: int, family: str, days: int = 7) -> Event:
    """An event of several equal days, without a peak."""
    start = dt.datetime(year, month, day)
    phase = Phase("spot", start, start + dt.timedelta(days=days))
    return Event(f"{family} {year}-{month}", family, family, year, (phase,))


SPAN = days_from("2024-06-01", 913)  # to 2026-11-30
KNOWN = 887  # to 2026-11-04
GAIN = {"fair": 2.0, "sale": 1.5}
PAST = [week(y, m, 3, "fair") for y in (2024, 2025, 2026) for m in (7, 9)]
PAST += [week(y, m, 3, "sale") for y in (2024, 2025, 2026) for m in (8, 10)]
FAIR, SALE = week(2026, 11, 9, "fair"), week(2026, 11, 13, "sale")  # both from the 13th to the 15th
CALENDAR = (*PAST, FAIR, SALE)


def made() -> Panel:
    rng = np.random.default_rng(6)
    mean = 1000 * shape(SPAN)
    for event in PAST:
        first = (event.start - SPAN[0]).days
        mean[max(first, 0) : first + 7] *= GAIN[event.family]
    return panel((mean * rng.gamma(300, 1 / 300, len(SPAN)))[None, :KNOWN], SPAN[:KNOWN])


PANEL = made()
PLAIN = 1000 * shape(SPAN)[KNOWN:]
SHARED = slice(8, 11)  # 13 to 15 November, counted from the 5th


def asked(**how: object):
    return forecast(
        PANEL, Horizon("2026-11-05", "2026-11-30"), events=CALENDAR, paths=100, calibrate=False, **how
    )


@pytest.fixture(scope="module")
def multiplied():
    return asked()


def test_overlapping_events_are_named_with_their_days(multiplied) -> None:
    told = [note for note in multiplied.notes if "share" in note]
    assert told == [
        "fair 2026-11 and sale 2026-11 share 3 days (2026-11-13 to 2026-11-15): their effects multiply; "
        "overlaps='strongest' counts the stronger alone (history never saw the two together)."
    ]


def test_effects_multiply_unless_told_otherwise(multiplied) -> None:
    factor = multiplied.daily()[0].mean(axis=0)[SHARED] / PLAIN[SHARED]
    np.testing.assert_allclose(factor, 2.0 * 1.5, rtol=0.12)


def test_the_stronger_alone_counts_when_asked(multiplied) -> None:
    alone = asked(overlaps="strongest")
    days = alone.daily()[0].mean(axis=0)
    np.testing.assert_allclose(days[SHARED] / PLAIN[SHARED], 2.0, rtol=0.12)
    # the days that only one of them has stay as they were, on every path
    other = [i for i in range(26) if not 8 <= i < 11]
    np.testing.assert_array_equal(alone.daily()[0][:, other], multiplied.daily()[0][:, other])
    assert any("the stronger of their effects counts alone" in note for note in alone.notes)
    parts = alone.explain("2026-11")["total"]
    assert parts.sum() == pytest.approx(alone.outcomes("2026-11")[0].mean())
    assert parts["lever fair 2026-11 / sale 2026-11: the stronger alone"] < 0
    assert [c.name for c in alone.changes] == ["fair 2026-11 / sale 2026-11: the stronger alone"] * 3
    assert multiplied.compare(alone).loc["calendar", "effect"] > 0


def test_an_assumed_lift_overlaps_too() -> None:
    debut = week(2026, 11, 13, "debut", days=3)
    how = {"events": (*PAST, FAIR, debut), "lifts": {"debut": 1.4}, "paths": 50, "calibrate": False}
    both = forecast(PANEL, Horizon("2026-11-05", "2026-11-30"), **how)
    one = forecast(PANEL, Horizon("2026-11-05", "2026-11-30"), overlaps="strongest", **how)
    np.testing.assert_allclose(both.daily()[0][:, SHARED] / one.daily()[0][:, SHARED], 1.4, rtol=1e-5)


def test_overlaps_can_be_refused() -> None:
    with pytest.raises(
        EcomsimError,
        match=r"fair 2026-11 and sale 2026-11: got 3 shared days, 2026-11-13 to 2026-11-15.*Take one out",
    ):
        asked(overlaps="refuse")
    with pytest.raises(EcomsimError, match="Did you mean 'strongest'"):
        asked(overlaps="strongst")


def test_mid_autumn_inside_national_day_is_found() -> None:
    found = overlaps_of(events("2023-09-01", "2025-12-31"), Horizon.month("2025-10"), dt.date(2023, 9, 1))
    assert [({o.first.family, o.second.family}, o.days) for o in found] == [
        ({"mid_autumn", "national_day"}, (dt.date(2025, 10, 4), dt.date(2025, 10, 5)))
    ]
    # in 2023 both held 30 September, in 2024 they were two weeks apart
    assert found[0].seen == 1


def test_a_shops_own_promotion_inside_618_is_found() -> None:
    own = pd.DataFrame(
        {"promotion": ["members' week", "618 2026"], "family": ["own", "618"], "start": ["2026-05-20", "2026-05-13"],
         "end": ["2026-05-24", "2026-06-20"], "peaks": ["", "2026-06-18"]}
    ).assign(start=lambda f: pd.to_datetime(f["start"]), end=lambda f: pd.to_datetime(f["end"]))  # fmt: skip
    history = pd.DataFrame({"date": pd.date_range("2025-05-01", "2026-04-30"), "gmv": 100.0, "orders": 1.0})
    earlier = own.assign(
        promotion=["members' days", "618 2025"], start=own["start"] - pd.Timedelta(days=365),
        end=own["end"] - pd.Timedelta(days=365), peaks=["", "2025-06-18"],
    )  # fmt: skip
    told = forecast(
        {"store_day": history, "promotions": pd.concat([earlier, own])}, "2026-05", paths=50, calibrate=False
    ).notes
    assert any("618 2026 and members' week share 5 days (2026-05-20 to 2026-05-24)" in note for note in told)
