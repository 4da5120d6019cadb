"""Common random numbers, and intervals that cover what they promise."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import pytest
from scipy import stats

from ecomsim.calendar import Horizon
from ecomsim.scenario import Scale, Scenario
from ecomsim.study import Study
from tests.engine.kit import daily, horizon_of, lone, run
from tests.engine_shop import shop

DATES = Horizon("2026-11-01", "2026-11-20")
LIFT = Scenario("lift", [Scale("promotions.double11.lift", 1.1)])
PAIRED_AT_LEAST = 100

Pair: TypeAlias = tuple[Study, Study]


@pytest.fixture(scope="module")
def pair() -> Pair:
    """The same store under two seeds."""
    store = shop(60, uncertain=True)
    one, two = (run(store, DATES, [LIFT], replications=512, seed=seed) for seed in (7, 8))
    return one, two


def test_pairing_a_promotions_lift_saves_a_hundredfold(pair: Pair) -> None:
    one, two = pair
    paired = (one.total("gmv", "lift") - one.total("gmv", "baseline")).var(ddof=1)
    unpaired = (two.total("gmv", "lift") - one.total("gmv", "baseline")).var(ddof=1)
    assert unpaired / paired > PAIRED_AT_LEAST
    gain = one.total("gmv", "lift") - one.total("gmv", "baseline")
    assert gain.mean() > 10 * gain.std(ddof=1) / np.sqrt(len(gain))


@pytest.mark.parametrize("name", ["visitors", "units", "gmv", "margin", "contacts", "lost_sales"])
def test_replications_of_one_seed_rank_evenly_among_another_seeds(pair: Pair, name: str) -> None:
    one, two = (np.sort(study.total(name, "baseline")) for study in pair)
    # probability integral transform through the other run's distribution
    ranks = (np.searchsorted(one, two, side="left") + np.searchsorted(one, two, side="right")) / (
        2 * len(one)
    )
    assert abs(ranks.mean() - 0.5) < 4 * np.sqrt(1 / 12 * 2 / len(ranks))
    assert stats.ks_2samp(one, two).pvalue > 1e-4
    assert stats.kstest(ranks, "uniform").statistic < 2.2 * np.sqrt(2 / len(ranks))


def test_replications_are_independent_of_each_other(pair: Pair) -> None:
    for name in ("visitors", "gmv"):
        values = pair[0].total(name, "baseline")
        for lag in (1, 2, 64, 128):
            assert abs(np.corrcoef(values[:-lag], values[lag:])[0, 1]) < 4 / np.sqrt(len(values)), (name, lag)


def test_intervals_of_a_mean_cover_the_truth_over_a_thousand_seeds() -> None:
    mean, count, seeds = 300.0, 64, 1000
    store, day = lone(visitors=mean, p=0.2, dispersion=20.0), horizon_of(2)
    hit = {"visitors": 0, "gmv": 0}
    for seed in range(seeds):
        study = run(store, day, replications=count, seed=seed)
        for name, truth in (("visitors", 2 * mean), ("gmv", 2 * mean * 0.2 * 100.0)):
            values = daily(study, name).sum(axis=1)
            half = stats.t.ppf(0.975, count - 1) * values.std(ddof=1) / np.sqrt(count)
            hit[name] += abs(values.mean() - truth) < half
    for name, hits in hit.items():
        assert 0.93 <= hits / seeds <= 0.97, name


def test_ranges_foretell_replications_of_other_seeds() -> None:
    store, day, seeds = lone(visitors=300.0, p=0.2, dispersion=20.0), horizon_of(3), 120
    totals = np.stack(
        [
            run(store, day, replications=256, seed=5000 + seed).total("gmv", "baseline")
            for seed in range(seeds)
        ]
    )
    for share in (0.8, 0.95):
        low, high = np.quantile(totals, [(1 - share) / 2, (1 + share) / 2], axis=1)
        fresh = np.roll(totals, 1, axis=0)
        covered = ((fresh >= low[:, None]) & (fresh <= high[:, None])).mean()
        # the quantiles of 256 draws are themselves uncertain: over 120 seeds that averages out to half a percent
        assert covered == pytest.approx(share, abs=0.015)


def test_the_summarys_range_holds_its_share() -> None:
    study = run(lone(visitors=300.0, p=0.2), horizon_of(3), replications=1024)
    fresh = run(lone(visitors=300.0, p=0.2), horizon_of(3), replications=1024, seed=1).total(
        "units", "baseline"
    )
    row = study.summary("units").loc[("units", "baseline")]
    assert ((fresh >= row["p10"]) & (fresh <= row["p90"])).mean() == pytest.approx(0.8, abs=0.05)
