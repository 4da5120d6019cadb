"""Studies against plain numpy: totals, ranges, pairs, pieces, files."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError, EcomsimWarning
from ecomsim.metrics import Good, metric
from ecomsim.scenario import Scale, Scenario, baseline
from ecomsim.store import Channel, Product, Store
from ecomsim.study import Study, dims_of

SHOP = Store(
    "shop",
    channels={"live": Channel("live", 10.0, 0.02, 0.1), "cps": Channel("cps", 5.0, 0.02, 0.1)},
    products={"A": Product("A", 9.0, 5.0)},
)
DAYS = Horizon("2026-10-30", "2026-12-02")
PUSH = Scenario("双11", [Scale("channels.live.base", 1.5)], note="more")
RECORDED = (
    "visitors",
    "buyers",
    "gmv",
    "refunds",
    "cogs",
    "on_hand",
    "answered",
    "first_response_time_s",
    "rank",
)


def arrays(runs: int, lift: float = 1.0, seed: int = 3) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    shape = (runs, len(DAYS))
    visitors = rng.poisson(500 * lift, shape)
    buyers = rng.binomial(visitors, 0.04)
    gmv = buyers * rng.normal(80, 5, shape)
    made = {
        "visitors": visitors, "buyers": buyers, "gmv": gmv, "refunds": 0.1 * gmv, "cogs": 0.4 * gmv,
        "on_hand": rng.integers(0, 90, shape), "answered": rng.poisson(3, shape),
        "first_response_time_s": rng.gamma(2, 20, shape), "rank": rng.random(shape),
        "gmv_by_channel": rng.random((runs, 2)), "visitors_by_channel_day": rng.random((len(DAYS), 2)),
    }  # fmt: skip
    return {name: np.asarray(value, np.float32) for name, value in made.items()}


def study(runs: int = 200, first: int = 0, cut: slice = slice(None), **more) -> Study:
    both = {"baseline": arrays(runs), "双11": arrays(runs, 1.2)}
    for one in both.values():
        for name in one:
            if dims_of(name)[0] == "replication":
                one[name] = one[name][cut]
    settings = {
        "dates": DAYS,
        "store": SHOP,
        "seed": 7,
        "scenarios": [baseline, PUSH],
        "channels": SHOP.channels,
    }
    return Study.build(both, first=first, **{**settings, **more})


STUDY = study()
RAW = {"baseline": arrays(200), "双11": arrays(200, 1.2)}


def test_totals_follow_how_each_metric_adds_up() -> None:
    raw = {name: value.astype(np.float64) for name, value in RAW["双11"].items()}

    def total(name: str) -> np.ndarray:
        return STUDY.total(name, "双11")

    np.testing.assert_allclose(total("gmv"), raw["gmv"].sum(1))
    np.testing.assert_allclose(total("on_hand"), raw["on_hand"][:, -1])
    np.testing.assert_allclose(total("rank"), raw["rank"].mean(1))
    seconds = (raw["first_response_time_s"] * raw["answered"]).sum(1) / raw["answered"].sum(1)
    np.testing.assert_allclose(total("first_response_time_s"), seconds)
    np.testing.assert_allclose(total("net_sales"), 0.9 * raw["gmv"].sum(1), rtol=1e-6)


def test_a_ratio_is_the_ratio_of_sums_and_never_the_mean_of_days() -> None:
    raw = RAW["baseline"]
    sums = raw["gmv"].sum(1, dtype=np.float64) / raw["buyers"].sum(1, dtype=np.float64)
    np.testing.assert_allclose(STUDY.total("aov", "baseline"), sums)
    days = np.divide(
        raw["gmv"], raw["buyers"], where=raw["buyers"] > 0, out=np.full(raw["gmv"].shape, np.nan, np.float32)
    )
    np.testing.assert_allclose(STUDY.daily("aov", "baseline"), days, rtol=1e-6)
    assert np.abs(np.nanmean(days, axis=1) - sums).max() > 1e-3


def test_a_month_is_cut_out_of_the_horizon() -> None:
    november = RAW["baseline"]["gmv"][:, 2:32].astype(np.float64)
    np.testing.assert_allclose(STUDY.total("gmv", "baseline", "2026-11"), november.sum(1))
    parts = sum(STUDY.total("gmv", "baseline", month) for month in DAYS.months)
    np.testing.assert_allclose(parts, STUDY.total("gmv", "baseline"))


def test_margin_follows_from_its_parts_when_it_was_not_recorded() -> None:
    names = (
        "gmv",
        "refunds",
        "cogs",
        "platform_fees",
        "protection",
        "ad_spend",
        "commission",
        "freight",
        "wages",
        "holding",
    )
    values = {name: np.full((4, len(DAYS)), 2.0**i, np.float32) for i, name in enumerate(names)}
    made = Study.build({"baseline": values}, dates=DAYS, store=SHOP, seed=1)
    expected = 1 - sum(2.0**i for i in range(1, len(names)))
    np.testing.assert_allclose(made.daily("margin", "baseline"), expected)
    assert "margin" not in STUDY.metrics
    assert {"net_sales", "aov", "conversion_rate", "refund_rate"} <= set(STUDY.metrics)


def test_the_summary_is_numpys() -> None:
    table = STUDY.summary(["gmv", "conversion_rate"])
    values = RAW["baseline"]["buyers"].sum(1, dtype=float) / RAW["baseline"]["visitors"].sum(1, dtype=float)
    row = table.loc[("conversion_rate", "baseline")]
    np.testing.assert_allclose(row[["p10", "p50", "p90"]].astype(float), np.quantile(values, [0.1, 0.5, 0.9]))
    assert row["mean"] == pytest.approx(values.mean())
    assert (row["unit"], row["runs"]) == ("share", 200)
    assert list(STUDY.summary("gmv", share=0.9).columns) == ["unit", "mean", "p5", "p50", "p95", "runs"]
    assert set(STUDY.summary().index.get_level_values("metric")) == set(STUDY.metrics)
    with pytest.warns(EcomsimWarning, match="at least 20 replications"):
        few = study(10, cut=slice(0, 10)).summary("gmv")
    assert few["p10"].isna().all()
    assert few["p50"].notna().all()


def test_a_ratio_without_denominator_is_left_out_and_counted() -> None:
    values = {"gmv": np.ones((50, len(DAYS)), np.float32), "ad_spend": np.ones((50, len(DAYS)), np.float32)}
    values["ad_spend"][:20] = 0
    made = Study.build({"baseline": values}, dates=DAYS, store=SHOP, seed=1)
    row = made.summary("roi").loc[("roi", "baseline")]
    assert (row["runs"], row["mean"]) == (30, 1.0)
    assert np.isnan(made.total("roi", "baseline")[:20]).all()


def test_quantiles_by_day_running_and_of_the_total() -> None:
    raw = RAW["baseline"]["gmv"].astype(np.float64)
    by_day = STUDY.quantiles("gmv", [0.1, 0.9], scenario="baseline")
    np.testing.assert_allclose(by_day.to_numpy(), np.quantile(raw, [0.1, 0.9], axis=0).T)
    running = STUDY.quantiles("gmv", [0.5], scenario="baseline", cumulative=True)
    np.testing.assert_allclose(running["p50"], np.median(raw.cumsum(1), axis=0))
    ratio = STUDY.quantiles("aov", [0.5], scenario="baseline", cumulative=True)["p50"].iloc[-1]
    assert ratio == pytest.approx(np.median(STUDY.total("aov", "baseline")))
    total = STUDY.quantiles("gmv", by="total")
    assert total.loc["baseline", "p90"] == pytest.approx(np.quantile(raw.sum(1), 0.9))
    assert list(total.index) == ["baseline", "双11"]


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (
            lambda: study(100, cut=slice(0, 100)).quantiles("gmv", [0.999]),
            "P99.9 of 100 replications.*at least 2,000",
        ),
        (lambda: STUDY.quantiles("gmv", [1.0]), "inside 0 to 1"),
        (lambda: STUDY.quantiles("gmv", [90]), "fractions: did you mean 0.9"),
        (lambda: STUDY.quantiles("on_hand", cumulative=True), "adds up over days"),
        (lambda: STUDY.quantiles("gmv", by="month"), "no such way"),
        (lambda: STUDY.summary("gvm"), "Did you mean 'gmv'"),
        (lambda: STUDY.summary("wages"), "not recorded"),
        (lambda: STUDY.total("gmv", "双12"), "Did you mean '双11'"),
        (lambda: STUDY.total("gmv", "baseline", "2027-01"), "2026-10, 2026-11, 2026-12"),
        (lambda: STUDY.against("base"), "Did you mean 'baseline'"),
        (lambda: STUDY.array("gmv_by_chanel", "baseline"), "Did you mean 'gmv_by_channel'"),
        (lambda: dims_of("gvm"), "Did you mean 'gmv'"),
        (lambda: dims_of("aov"), "no such variable"),
    ],
)
def test_a_question_it_cannot_answer_is_explained(ask, says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        ask()


def test_a_paired_difference_is_taken_run_by_run() -> None:
    pairs = (RAW["双11"]["gmv"].astype(float) - RAW["baseline"]["gmv"]).sum(1)
    row = STUDY.against("baseline", "gmv").loc["双11"]
    half = 1.96 * pairs.std(ddof=1) / np.sqrt(200)
    assert row["difference"] == pytest.approx(pairs.mean())
    assert (row["low"], row["high"]) == pytest.approx((pairs.mean() - half, pairs.mean() + half), rel=1e-4)
    np.testing.assert_allclose([row["p10"], row["p90"]], np.quantile(pairs, [0.1, 0.9]))
    assert row["p_better"] == np.mean(pairs > 0)
    lower = STUDY.against("baseline", "refunds").loc["双11"]
    assert lower["p_better"] == np.mean(
        (RAW["双11"]["refunds"].astype(float) - RAW["baseline"]["refunds"]).sum(1) < 0
    )
    assert metric("on_hand").good is Good.NEITHER
    assert np.isnan(STUDY.against("baseline", "on_hand").loc["双11", "p_better"])
    assert len(STUDY.against("baseline")) == len(STUDY.metrics)


def test_no_change_differs_by_exactly_nothing() -> None:
    row = STUDY.against("baseline", "gmv", other=study()).loc["baseline"]
    assert (row["difference"], row["low"], row["high"], row["p10"], row["p90"], row["p_better"]) == (
        0,
        0,
        0,
        0,
        0,
        0.5,
    )


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (study(seed=8), "seed: got 7 and 8"),
        (study(cut=slice(0, 150)), "replications"),
        (study(first=200), "0 to 199 and 200 to 399"),
        (study(dates=Horizon("2026-10-29", "2026-12-01")), "horizon"),
        (Study(replace(STUDY.origin, version="0.0.1"), STUDY.arrays), "version"),
    ],
)
def test_runs_that_share_no_random_numbers_are_not_paired(other: Study, says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        STUDY.against("baseline", "gmv", other=other)


def test_pieces_in_any_order_are_the_whole_to_the_bit() -> None:
    cuts = [slice(0, 64), slice(64, 128), slice(128, 200)]
    pieces = [study(cut=cut, first=cut.start) for cut in cuts]
    whole = Study.concat([pieces[2], pieces[0], pieces[1]])
    assert whole.origin == STUDY.origin
    for scenario in STUDY.scenarios:
        for name in (*RECORDED, "gmv_by_channel"):
            assert np.array_equal(whole.array(name, scenario), STUDY.array(name, scenario))
    one, two = (
        Study.build(
            {name: RAW[name]},
            dates=DAYS,
            store=SHOP,
            seed=7,
            scenarios=[baseline, PUSH],
            channels=SHOP.channels,
        )
        for name in RAW
    )
    assert Study.concat([one, two]).scenarios == ("baseline", "双11")


def test_means_over_runs_are_weighed_when_joined() -> None:
    def piece(runs: int, first: int, value: float) -> Study:
        made = {
            "gmv": np.ones((runs, len(DAYS)), np.float32),
            "gmv_by_channel_day": np.full((len(DAYS), 2), value, np.float32),
        }
        return Study.build(
            {"baseline": made}, dates=DAYS, store=SHOP, seed=1, channels=SHOP.channels, first=first
        )

    joined = Study.concat([piece(30, 0, 1.0), piece(10, 30, 5.0)])
    assert (joined.array("gmv_by_channel_day", "baseline") == 2.0).all()


@pytest.mark.parametrize(
    ("pieces", "says"),
    [
        ([], "at least one"),
        ([study(), study()], "the next piece from 200"),
        ([study(), study(first=201)], "the next piece from 200"),
        ([study(), study(first=200, seed=8)], "seed"),
        ([study(), study(first=200, store=SHOP.replace(currency="USD"))], "store_hash"),
    ],
)
def test_pieces_that_do_not_fit_are_refused(pieces: list[Study], says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        Study.concat(pieces)
