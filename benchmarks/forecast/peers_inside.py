"""Runs in the peers' own environment: python peers_inside.py ORDER.npz ANSWER.npz PEER.

The order holds the series, the first day, the origins and the days ahead; the answer holds totals of 400
paths for every origin and series, and the CPU seconds it took.
"""

import json
import logging
import resource
import sys
import warnings

import numpy as np
import pandas as pd

PATHS = 400


def auto_ets(y, days, ahead, rng, extra):
    from statsforecast.models import AutoETS

    return AutoETS(season_length=7).simulate(ahead, PATHS, y=y, seed=int(rng.integers(2**31)))


def auto_theta(y, days, ahead, rng, extra):
    from statsforecast.models import AutoTheta

    return AutoTheta(season_length=7).simulate(ahead, PATHS, y=y, seed=int(rng.integers(2**31)))


def prophet(y, days, ahead, rng, extra):
    from prophet import Prophet

    np.random.seed(int(rng.integers(2**31)))  # Prophet draws from the global generator
    holidays = pd.DataFrame(json.loads(extra)) if extra else None
    if holidays is not None:
        holidays["ds"] = pd.to_datetime(holidays["ds"])
    model = Prophet(
        holidays=holidays,
        yearly_seasonality=len(y) >= 395,
        weekly_seasonality=True,
        daily_seasonality=False,
        uncertainty_samples=PATHS,
        seasonality_mode="multiplicative",
    )
    model.fit(pd.DataFrame({"ds": days[: len(y)], "y": y}))
    draws = model.predictive_samples(pd.DataFrame({"ds": days[len(y) : len(y) + ahead]}))["yhat"]
    return np.maximum(draws.T, 0.0)


def light_gbm(values, days, n, ahead, rng):
    """One model for all series with mlforecast; paths take blocks of 14 days of held-out ratios."""
    from lightgbm import LGBMRegressor
    from mlforecast import MLForecast
    from mlforecast.lag_transforms import RollingMean

    scale = np.maximum(values[:, :n].mean(axis=1, keepdims=True), 1e-9)

    def forecast(known, steps):
        series, count = values.shape[0], known
        frame = pd.DataFrame(
            {
                "unique_id": np.repeat(np.arange(series), count),
                "ds": np.tile(days[:count], series),
                "y": (values[:, :known] / scale).ravel(),
            }
        )
        learner = LGBMRegressor(
            n_estimators=300, learning_rate=0.04, num_leaves=24, min_child_samples=20, verbosity=-1, n_jobs=1
        )
        model = MLForecast(
            models=[learner],
            freq="D",
            lags=[1, 7, 14, 21, 28],
            lag_transforms={1: [RollingMean(7), RollingMean(28)]},
            date_features=["dayofweek", "day"],
        )
        model.fit(frame, static_features=[])
        made = model.predict(steps).sort_values(["unique_id", "ds"])
        return made["LGBMRegressor"].to_numpy().reshape(series, steps)

    held = 56 if n > 140 else 28
    ratio = (values[:, n - held : n] / scale) / np.maximum(forecast(n - held, held), 0.02)
    ratio = np.clip(ratio, 0, 8) / np.maximum(np.clip(ratio, 0, 8).mean(axis=1, keepdims=True), 0.02)
    mean = np.maximum(forecast(n, ahead), 0.0) * scale
    out = np.empty((values.shape[0], PATHS, ahead))
    for start in range(0, ahead, 14):
        stop = min(start + 14, ahead)
        choices = np.arange(0, held - 13, 7)
        begin = rng.choice(choices, PATHS)
        place = begin[:, None] + np.arange(stop - start)
        out[:, :, start:stop] = mean[:, None, start:stop] * ratio[:, place]
    return out


def cpu_seconds():
    """CPU time of this process and its children: Prophet's fits run in processes of their own."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def main(order_file, answer_file, name):
    """Answer one order."""
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    order = np.load(order_file, allow_pickle=False)
    values, known, ahead = order["values"], order["known"], order["ahead"]
    extra = str(order["holidays"]) if "holidays" in order else ""
    days = pd.date_range(str(order["start"]), periods=int(known.max() + ahead.max()))
    rng = np.random.default_rng(7)
    totals = np.full((len(known), len(values), PATHS), np.nan)
    failed = 0
    single = {"AutoETS": auto_ets, "AutoTheta": auto_theta, "Prophet": prophet}
    begun = cpu_seconds()
    for i, (n, h) in enumerate(zip(known, ahead, strict=True)):
        if name == "LightGBM":
            totals[i] = light_gbm(values[:, : n + h], days, int(n), int(h), rng).sum(axis=2)
            continue
        for s in range(len(values)):
            try:
                draws = single[name](values[s, :n], days, int(h), rng, extra)
                totals[i, s] = np.asarray(draws).reshape(PATHS, int(h)).sum(axis=1)
            except Exception as error:  # a peer that fails on a series is scored with its history's mean
                failed += 1
                print(f"{name} series {s} at {n}: {type(error).__name__} {error}"[:160], file=sys.stderr)
                totals[i, s] = values[s, n - 28 : n].mean() * h
    seconds = cpu_seconds() - begun
    np.savez_compressed(answer_file, totals=totals, cpu_seconds=seconds, failed=failed)


if __name__ == "__main__":
    main(*sys.argv[1:])
