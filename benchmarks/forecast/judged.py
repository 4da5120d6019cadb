"""Figures of the track record: beside peers, run-rates and nominal shares, all months and the untouched ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.forecast.cases import STORES, event_order, journey_order, the_journey
from benchmarks.forecast.eventset import MONTHS as EVENT_MONTHS
from benchmarks.forecast.eventset import SERIES
from benchmarks.forecast.eventset import UNTOUCHED as EVENT_UNTOUCHED
from benchmarks.forecast.journey import MONTHS, UNTOUCHED
from benchmarks.forecast.own import EventRows, event_rows, journey_record, journey_with_trees
from benchmarks.forecast.peers import NAMES, ask
from benchmarks.harness import Figure, figure
from ecomsim.forecast.scoring import Record
from ecomsim.formulas.scores import coverage, crps

_RULES = ("seasonal naive", "4-week mean")


def journey_figures() -> Iterator[Figure]:
    """Yield the figures of the Complete Journey."""
    record = journey_record(MONTHS)
    peers = {name: ask(name, *journey_order()[:4]).totals for name in NAMES}
    trees = journey_with_trees(MONTHS)
    for months, said in ((MONTHS, ""), (UNTOUCHED, ", untouched months")):
        part = Record(record.rows[record.rows["month"].isin(months)])
        yield from _beside_peers(part, peers, months, said)
        kept = trees[[month in months for month in MONTHS]]
        value = float(np.nanmean(kept))
        alone = Record(part.rows[part.rows["elapsed_days"] == 0]).scores(("method",)).set_index("method")
        yield figure(
            f"month totals with the second member{said}, raw CRPS over actual", value, "share",
            peer="the regression alone, raw", ratio=value / float(alone.loc["forecast, raw", "crps"]),
            n=int(np.isfinite(kept).sum()),
        )  # fmt: skip
        yield from _spread(part, said)
        yield from _pacing(part, said)


def _beside_peers(
    record: Record, peers: dict[str, NDArray[np.float64]], months: Sequence[str], said: str
) -> Iterator[Figure]:
    at_start = Record(record.rows[record.rows["elapsed_days"] == 0])
    scores = at_start.scores(("method",)).set_index("method")
    own = scores.loc["forecast"]
    others: dict[str, float] = {rule: float(scores.loc[rule, "crps"]) for rule in _RULES}
    data, (_, _, known, ahead, _) = the_journey(), journey_order()
    for name, totals in peers.items():
        found = []
        for i, month in enumerate(MONTHS):
            if month in months:
                actual = data.values[:, known[i] : known[i] + ahead[i]].sum(axis=1)
                kept = actual > 0
                found.append(crps(totals[i][kept], actual[kept]) / actual[kept])
        others[name] = float(np.concatenate(found).mean())
    best = min(others, key=lambda name: others[name])
    cases = int(own["cases"])
    for name, value in others.items():
        ratio = float(own["crps"]) / value
        reach = "<= 0.80" if name == best else ""
        title = f"month totals{said}, CRPS over actual" + (", best single peer" if name == best else "")
        yield figure(title, float(own["crps"]), "share", reach, peer=name, ratio=ratio, n=cases)
    yield figure(f"month totals{said}, MAPE", float(own["mape"]), "share", n=cases)
    total = Record(at_start.rows[at_start.rows["level"] == "total"]).scores(("method",)).set_index("method")
    yield figure(
        f"store total{said}, MAPE of the month", float(total.loc["forecast", "mape"]), "share", "<= 0.027",
        n=int(total.loc["forecast", "cases"]),
    )  # fmt: skip


def _spread(record: Record, said: str) -> Iterator[Figure]:
    pooled = record.scores(("method",)).set_index("method").loc["forecast"]
    for share, within in ((0.8, 0.03), (0.95, 0.02)):
        found = float(pooled[f"inside{round(share * 100)}"])
        yield figure(
            f"coverage of {share:.0%}{said}, distance from nominal", abs(found - share), "share",
            f"<= {within}", n=int(pooled["cases"]), note=f"covers {found:.3f}",
        )  # fmt: skip
    each = record.scores(("method", "level", "elapsed_days"))
    each = each[(each["method"] == "forecast") & (each["cases"] >= 30)]
    if len(each):
        off = (each["inside80"] - 0.8).abs()
        worst = each.loc[off.idxmax()]
        note = (
            f"{worst['level']}, day {worst['elapsed_days']}: covers {worst['inside80']:.2f}; a perfect forecaster's "
            f"worst would be {_by_chance(each['cases'].to_numpy()):.3f} off if all cases were independent"
        )
        yield figure(
            f"coverage of 80%{said} by level and day, worst distance", float(off.max()), "share", "<= 0.08",
            n=len(each), note=note,
        )  # fmt: skip


def _by_chance(cases: NDArray[np.int64]) -> float:
    """Return the median of the worst distance from 80 % over cells of so many independent cases, each truly at 80 %."""
    inside = np.random.default_rng(1).binomial(cases, 0.8, (4000, len(cases))) / cases
    return float(np.median(np.abs(inside - 0.8).max(axis=1)))


def _pacing(record: Record, said: str) -> Iterator[Figure]:
    scores = record.scores(("elapsed_days", "method")).set_index(["elapsed_days", "method"])
    for day, reach in ((5, "<= 0.45"), (10, "<= 0.60"), (15, "<= 0.78")):
        own, rule = (float(scores.loc[(day, name), "mape"]) for name in ("forecast", "run-rate"))
        yield figure(
            f"projected total on day {day}{said}, MAPE", own, "share", reach, peer="run-rate", ratio=own / rule,
            n=int(scores.loc[(day, "forecast"), "cases"]),
        )  # fmt: skip
    ratios = []
    for day in (5, 10, 15, 20):
        own, rule = (float(scores.loc[(day, name), "brier"]) for name in ("forecast", "run-rate, calibrated"))
        ratios.append(own / rule)
        yield figure(
            f"P(>= target) on day {day}{said}, Brier",
            own,
            "score",
            peer="calibrated run-rate",
            ratio=own / rule,
        )
    yield figure(
        f"P(>= target), days 5 to 20{said}, Brier", float(np.mean(ratios)), "ratio", "<= 0.85",
        peer="calibrated run-rate", ratio=float(np.mean(ratios)), n=4,
    )  # fmt: skip


def event_figures() -> Iterator[Figure]:
    """Yield the figures of the synthetic event months, beside Prophet with the same windows."""
    found = event_rows(EVENT_MONTHS)
    prophet = []
    for seed in STORES:
        order = event_order(seed)
        prophet.append(ask("Prophet", *order[:4], holidays=order[4]).totals)
    theirs = np.concatenate([totals.reshape(-1, totals.shape[-1]) for totals in prophet])
    for months, said in ((EVENT_MONTHS, ""), (EVENT_UNTOUCHED, ", untouched months")):
        yield from _events(found, theirs, np.isin(np.array(found.months), months), said)


def _events(
    found: EventRows, theirs: NDArray[np.float64], chosen: NDArray[np.bool_], said: str
) -> Iterator[Figure]:
    actual, drawn, other = found.actual[chosen], found.drawn[chosen], theirs[chosen]
    own, peer = (float(np.mean(np.abs(x.mean(axis=1) / actual - 1))) for x in (drawn, other))
    count = int(chosen.sum())
    yield figure(
        f"event months{said}, MAPE", own, "share", "<= 0.70", peer="Prophet with the same windows",
        ratio=own / peer, n=count, note=f"{SERIES} series a store, {len(STORES)} stores; Prophet {peer:.3f}",
    )  # fmt: skip
    own_score, peer_score = (float((crps(x, actual) / actual).mean()) for x in (drawn, other))
    yield figure(
        f"event months{said}, CRPS over actual", own_score, "share", peer="Prophet with the same windows",
        ratio=own_score / peer_score, n=count,
    )  # fmt: skip
    for name, x, reach in (("", drawn, "<= 0.08"), (", Prophet", other, "")):
        low, high = np.quantile(x, (0.1, 0.9), axis=1)
        inside = coverage(low, high, actual)
        yield figure(
            f"event months{said}, raw 80% coverage{name}, distance from nominal", abs(inside - 0.8), "share",
            reach, n=count, note=f"covers {inside:.3f}",
        )  # fmt: skip
