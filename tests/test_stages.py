"""The street: who writes what, stages and curves of one's own, and each stage against its closed form."""

from __future__ import annotations

import numpy as np
import pytest

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError
from ecomsim.metrics import METRICS, Adds
from ecomsim.simulate.plan import street
from ecomsim.stages import STREET, Stage, check_street, layout
from ecomsim.stages.layout import CARRIED, CHANNEL, DERIVED, RECORDED, SKU
from ecomsim.store import (
    Affiliate,
    AnswerCurve,
    Channel,
    Noise,
    Paid,
    Store,
    Team,
)  # fmt: skip
from tests.engine_shop import shop
from tests.quiet_shop import run, small


def test_every_metric_is_recorded_or_derived_once():
    recorded = {name for name, m in METRICS.items() if m.adds is not Adds.RATIO}
    assert set(RECORDED) | set(DERIVED) == recorded and not set(RECORDED) & set(DERIVED)
    assert len(RECORDED) == 33


def test_row_numbers_are_named_after_their_variables():
    for names in (RECORDED, CARRIED):
        for i, name in enumerate(names):
            assert getattr(layout, name.upper()) == i


def test_every_variable_has_exactly_one_writer():
    writers = [name for stage in STREET for name in stage.writes]
    assert sorted(writers) == sorted({*RECORDED, *CARRIED, *CHANNEL, *SKU})


def test_the_street_is_in_order():
    check_street(STREET)
    assert [s.name for s in STREET] == [
        "traffic", "service", "conversion", "demand", "inventory", "fulfilment", "reputation", "economics",
    ]  # fmt: skip
    with pytest.raises(EcomsimError, match="reads"):
        check_street(STREET[1:] + STREET[:1])


def nothing(day, state, params, first, seed):
    return None


@pytest.mark.parametrize(
    ("stage", "message"),
    [
        (Stage("mine", ("visitorz",), (), nothing), "no such variable"),
        (Stage("mine", (), ("gmv",), nothing), "writes gmv"),
        (Stage("traffic", (), (), nothing), "second stage"),
        ("mine", "Stage objects"),
    ],
)
def test_a_stage_that_does_not_fit_is_refused(stage, message):
    with pytest.raises(EcomsimError, match=message):
        street([stage])


def test_a_stage_of_ones_own_in_plain_numpy():
    seen = {}

    def news(day, state, params, first, seed):
        if day == 5:
            state["visitors_by_channel"][...] = 0
            state["visitors"][...] = 0
        seen[day] = state["visitors@yesterday"].copy(), state.stock.copy()

    stage = Stage("news", ("visitors",), (), news, changes=("visitors", "visitors_by_channel"))
    found = run(small(), stages=[stage], threads=1)
    assert (found["visitors"][:, 5] == 0).all() and (found["buyers"][:, 5] == 0).all()
    assert (found["visitors"][:, 4] > 1000).all()
    assert seen[6][1].shape == (128, 2) and (seen[6][0] == 0).all()


def test_stock_can_be_set_but_not_written_into():
    def spoil(day, state, params, first, seed):
        with pytest.raises(ValueError, match="read-only"):
            state.stock[0, 0] = 3.0
        if day == 3:
            state.stock = np.zeros_like(state.stock)

    found = run(small(), stages=[Stage("spoil", ("units",), (), spoil, changes=("stock",))], threads=1)
    assert (found["units"][:, 2] > 0).all()
    assert (found["stockout_days"][:, 3] == 0).all()  # the day's count came before the spoiling


def test_a_curve_of_ones_own():
    asks = {"a": Channel("a", 4000.0, 0.0, 0.2, enquiry_share=0.5, dispersion=1e7)}
    store = small(channels=asks, teams={"t": Team("t", 60.0)})
    half = run(store, curves={"answer": lambda seconds: 0.5 + 0 * seconds})
    full = run(store, curves={"answer": lambda seconds: 1.0 + 0 * seconds})
    assert half["buyers"].mean() / full["buyers"].mean() == pytest.approx(0.5, rel=0.01)
    with pytest.raises(EcomsimError, match="finite"):
        run(store, curves={"answer": lambda seconds: np.nan * seconds})
    with pytest.raises(EcomsimError, match="no such curve"):
        run(store, curves={"anwser": lambda seconds: seconds})


# --- traffic


def test_visits_are_negative_binomial():
    channel = Channel("a", 500.0, 0.03, 0.1, dispersion=20.0)
    found = run(small(channels={"a": channel}), Horizon("2026-03-02", "2026-03-02"), 20_000)["visitors"]
    # gamma of shape 20: mean mu, variance mu + mu^2 / 20
    assert found.mean() == pytest.approx(500, abs=4.5 * np.sqrt(13_000 / 20_000))
    assert found.var() == pytest.approx(500 + 500**2 / 20, rel=0.05)


def test_shocks_remember():
    noise = Noise(level_sigma=0.0, store_dispersion=1e7, phi=0.6)
    channel = Channel("a", 1e5, 0.03, 0.1, dispersion=50.0)
    log = np.log(run(small(channels={"a": channel}, noise=noise), replications=2000)["visitors"])
    # at this size the counts are the shocks
    assert np.corrcoef(log[:, 6], log[:, 7])[0, 1] == pytest.approx(0.6, abs=0.04)
    assert np.corrcoef(log[:, 5], log[:, 7])[0, 1] == pytest.approx(0.36, abs=0.05)


def test_the_level_walks_without_drifting():
    noise = Noise(level_sigma=0.05, store_dispersion=1e7, phi=0.0)
    found = run(
        small(noise=noise, channels={"a": Channel("a", 1e5, 0.03, 0.1, dispersion=1e7)}), replications=4000
    )
    last = found["visitors"][:, -1]
    assert last.mean() == pytest.approx(1e5, rel=0.012)
    assert np.log(last).std() == pytest.approx(0.05 * np.sqrt(14), rel=0.05)


def paid(**driver) -> Store:
    return small(channels={"p": Channel("p", 1000.0, 0.03, 0.1, dispersion=1e7, driver=Paid(**driver))})


def test_no_spend_no_visitors():
    found = run(paid(spend=0.0, ref_spend=500.0, carry=0.5))
    assert (found["visitors"] == 0).all() and (found["units"] == 0).all() and (found["ad_spend"] == 0).all()


def test_reference_spend_gives_the_base_and_more_saturates():
    at_ref = run(paid(spend=500.0, ref_spend=500.0, carry=0.4, kappa=2.0, slope=1.5))["visitors"].mean()
    assert at_ref == pytest.approx(1000, rel=0.002)
    # Hill: x^n (1 + k^n) / (x^n + k^n) at x = 3
    tripled = run(paid(spend=1500.0, ref_spend=500.0, carry=0.4, kappa=2.0, slope=1.5))["visitors"].mean()
    assert tripled / 1000 == pytest.approx(3**1.5 * (1 + 2**1.5) / (3**1.5 + 2**1.5), rel=0.003)


def test_pressure_carries_over():
    plan = {"2026-03-05": 0.0}
    found = run(paid(spend=500.0, ref_spend=500.0, carry=0.5, kappa=1e4, plan=plan), replications=1024)
    # far below saturation visitors follow the pressure: 1, 1, 1, 0.5, 0.75, ...
    np.testing.assert_allclose(found["visitors"].mean(axis=0)[2:6] / 1000, [1, 0.5, 0.75, 0.875], rtol=0.01)
    assert (found["ad_spend"][:, 3] == 0).all()


def test_cut_spend_gives_back_what_it_displaced():
    def both(spend):
        channels = {
            "free": Channel("free", 1000.0, 0.03, 0.1, dispersion=1e7),
            "p": Channel(
                "p", 1000.0, 0.03, 0.1, dispersion=1e7,
                driver=Paid(spend=spend, ref_spend=500.0, displaces={"free": 0.3}),
            ),
        }  # fmt: skip
        return run(small(channels=channels))["visitors_by_channel"].mean(axis=0) / 14

    np.testing.assert_allclose(both(500.0), [1000, 1000], rtol=0.01)
    np.testing.assert_allclose(both(0.0), [1300, 0], rtol=0.01)


def test_commission_moves_visitors_and_is_paid_on_gmv():
    channels = {"c": Channel("c", 1000.0, 0.03, 0.1, dispersion=1e7, driver=Affiliate(0.12, 0.06, 0.5))}
    found = run(small(channels=channels))
    assert found["visitors"].mean() == pytest.approx(1000 * 2**0.5, rel=0.005)
    np.testing.assert_allclose(found["commission"], 0.12 * found["gmv"], rtol=1e-5)


# --- service


def test_nobody_on_duty_nobody_answered():
    store = small(channels={"a": Channel("a", 2000.0, 0.03, 0.2, enquiry_share=0.2, dispersion=1e7)})
    found = run(store)
    assert (
        (found["answered"] == 0).all()
        and (found["agent_hours"] == 0).all()
        and (found["occupancy"] == 0).all()
    )
    # silent ones buy at 3 %, askers at the curve's floor of 20 %
    floor = AnswerCurve().floor
    assert found["buyers"].mean() == pytest.approx(2000 * (0.8 * 0.03 + 0.2 * 0.2 * floor), rel=0.01)


def test_chats_are_conserved_and_messages_wait_for_the_morning():
    store = shop(20, teams={"desk": Team("desk", 3.0)})
    found = {
        k: v.astype(float) for k, v in run(store, Horizon.month("2026-11")).items() if v.shape == (256, 30)
    }
    assert found["abandoned"].sum() > 0
    gone = found["answered"] + found["abandoned"]
    waiting = np.cumsum(found["contacts"] - gone, axis=1)
    assert (waiting > -1e-2).all() and (waiting <= found["service_backlog"] + 1e-1).all()
    assert (found["answered_in_time"] <= found["answered"] + 1e-3).all() and (found["occupancy"] <= 1).all()


def test_plenty_of_agents_answer_at_the_desks_own_pace():
    store = small(
        channels={"a": Channel("a", 2000.0, 0.03, 0.1, enquiry_share=0.1, dispersion=1e7)},
        teams={"t": Team("t", 300.0, shape=(1.0,) * 48, shrinkage=0.0)},
    )
    found = run(store)
    # an idle agent's first reply takes the work of one reply, 25 s, exponential: in time with 1 - exp(-60 / 25)
    assert found["first_response_time_s"].mean() == pytest.approx(25, rel=0.01)
    share = found["answered_in_time"].sum() / found["contacts"].sum()
    assert share == pytest.approx(1 - np.exp(-60 / 25), rel=0.01)
    assert found["abandoned"].sum() < 1e-3 * found["contacts"].sum()
    assert (found["agent_hours"] == 24 * 300).all()


def test_more_agents_answer_more_also_by_fractions():
    shares = [
        (lambda f: f["answered_in_time"].sum() / f["contacts"].sum())(
            run(shop(20, teams={"desk": Team("desk", n)}), Horizon("2026-11-02", "2026-11-08"))
        )
        for n in (2.0, 2.5, 3.0, 6.0)
    ]
    assert shares == sorted(shares) and shares[0] < shares[1] < shares[2]


# --- conversion, demand
