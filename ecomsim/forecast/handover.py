"""One story: a store whose baseline brings the visitors and the GMV the forecast expects.

The forecast knows the calendar of past sales, the simulator knows why a day goes well or ill. Handing over sets
dated factors on each channel's base and on conversion so that the simulated baseline meets the forecast's mean, day by
day; levers of the simulator then work from there. What the simulator adds (stock, service, chance) stays its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError
from ecomsim.forecast.outlook import Forecast
from ecomsim.simulate import simulate
from ecomsim.store import Overlay, Store

__all__ = ["with_forecast"]

Floats: TypeAlias = NDArray[np.float64]

# Beyond these a factor would no longer be a correction but another shop.
_LOW, _HIGH = 0.2, 5.0
_FINE = 1e-3


def with_forecast(
    store: Store, visitors: Forecast, gmv: Forecast | None = None, *, replications: int = 100, seed: int = 7
) -> Store:
    """Return the store with the forecast as its baseline traffic and demand.

    Parameters
    ----------
    store : calibrated on the same shop, as of the forecast's last known day
    visitors : forecast of 'visitors' by channel
    gmv : forecast of 'gmv' of the same days; None leaves conversion alone
    replications : of the simulations that find the factors; the match is as fine as their noise
    seed : of these simulations

    Raises
    ------
    EcomsimError
        For another metric, channels the store does not have, days that do not match, or a forecast so far from the
        store's own baseline that a factor would leave 0.2 to 5.
    """
    _fits(store, visitors, gmv)
    days = visitors.question.ahead
    wanted = visitors.daily("channel").mean(axis=1)
    names = visitors.names("channel")
    factors = np.ones_like(wanted)
    rates = np.ones(days.days)
    for _ in range(2 if gmv is None else 3):
        made = simulate(
            _laid(store, names, days.dates, factors, rates), days, replications=replications, seed=seed
        )
        told = made.data["visitors_by_channel_day"].sel(scenario=made.scenarios[0], channel=list(names))
        simulated = np.asarray(told.transpose("channel", "date"), float)
        factors *= np.divide(wanted, simulated, out=np.ones_like(wanted), where=simulated > 0)
        if gmv is not None:
            # GMV follows visitors, so conversion only makes up for what visitors alone leave open
            moved = np.divide(wanted.sum(axis=0), simulated.sum(axis=0))
            sold = made.daily("gmv", made.scenarios[0]).mean(axis=0) * moved
            rates *= np.divide(gmv.daily()[0].mean(axis=0), sold, out=np.ones_like(sold), where=sold > 0)
    _within(factors, names, days, "visitors")
    _within(rates[None], ("all channels",), days, "conversion")
    return _laid(store, names, days.dates, factors, rates)


def _laid(
    store: Store, names: Sequence[str], dates: Sequence[dt.date], factors: Floats, rates: Floats
) -> Store:
    laid = [
        Overlay(f"channels.{name}.base", "scale", float(factors[c, t]), day, day)
        for c, name in enumerate(names)
        for t, day in enumerate(dates)
        if abs(factors[c, t] - 1) > _FINE
    ]
    laid += [
        Overlay(f"channels.*.{part}", "scale", float(rates[t]), day, day)
        for part in ("p_silent", "p_enquiring")
        for t, day in enumerate(dates)
        if abs(rates[t] - 1) > _FINE
    ]
    return store.replace(overlays=(*store.overlays, *laid))


def _fits(store: Store, visitors: Forecast, gmv: Forecast | None) -> None:
    for name, one in (("visitors", visitors), ("gmv", gmv)):
        if one is not None and one.metric != name:
            raise EcomsimError(
                f"with_forecast.{name}", f"a forecast of '{one.metric}'", f"one of '{name}'",
                f"Forecast with metric='{name}'",
            )  # fmt: skip
    if "channel" not in visitors.panel.levels:
        raise EcomsimError(
            "with_forecast.visitors",
            "a forecast of the whole store",
            "one by channel",
            "Forecast with by='channel'",
        )
    ours, theirs = set(store.channels), set(visitors.names("channel"))
    if ours != theirs:
        raise EcomsimError(
            "with_forecast.visitors", f"channels {', '.join(sorted(theirs))}", ", ".join(sorted(ours)),
            "Calibrate the store and forecast from the same tables",
        )  # fmt: skip
    if gmv is not None and gmv.dates != visitors.dates:
        raise EcomsimError(
            "with_forecast.gmv", f"days {gmv.dates[0]} to {gmv.dates[-1]}",
            f"{visitors.dates[0]} to {visitors.dates[-1]}", "Forecast both with one as_of and horizon",
        )  # fmt: skip
    if store.as_of is not None and store.as_of != visitors.as_of:
        raise EcomsimError(
            "with_forecast", f"a store as of {store.as_of} and a forecast as of {visitors.as_of}", "the same day",
            f"Calibrate with as_of='{visitors.as_of}'",
        )  # fmt: skip


def _within(factors: Floats, names: Sequence[str], days: Horizon, what: str) -> None:
    odd = np.argwhere((factors < _LOW) | (factors > _HIGH))
    if len(odd):
        c, t = (int(i) for i in odd[0])
        raise EcomsimError(
            f"with_forecast.{what} of {names[c]} on {days.dates[t]}", f"{factors[c, t]:.3g} times the store's own",
            f"{_LOW:g} to {_HIGH:g} times", "Calibrate the store anew, or look at the forecast's channels",
        )  # fmt: skip
