"""`calibrate`: canonical tables -> a store with uncertainty, and what it rests on."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecomsim.calibrate.build import make_channels, make_choice
from ecomsim.calibrate.conversion import fit_conversion
from ecomsim.calibrate.events import phase_columns, read_events
from ecomsim.calibrate.fallback import complete_traffic
from ecomsim.calibrate.goods import make_products
from ecomsim.calibrate.history import History, read_history
from ecomsim.calibrate.ledger import Gap, Ledger
from ecomsim.calibrate.money import basket_overlays, fit_basket, fit_costs, fit_refunds
from ecomsim.calibrate.noise import fit_noise
from ecomsim.calibrate.offers import make_promotions
from ecomsim.calibrate.prices import read_prices
from ecomsim.calibrate.products import fit_choices
from ecomsim.calibrate.report import concrete, parameter_report
from ecomsim.calibrate.service import fit_service, fit_teams
from ecomsim.calibrate.stock import fit_stock
from ecomsim.calibrate.traffic import fit_traffic
from ecomsim.checks import EcomsimError, EcomsimWarning
from ecomsim.store import Store
from ecomsim.uncertain import mean_of

__all__ = ["Calibration", "calibrate", "calibrate_history"]


@dataclass(frozen=True)
class Calibration:
    """A calibrated store and the account of it.

    Attributes
    ----------
    store : the store, every number with provenance
    missing : what could not be estimated, what was assumed instead, and the export that would mend it
    notes : what was odd in the data and what was done about it
    history : the days it rests on
    """

    store: Store
    missing: tuple[Gap, ...]
    notes: tuple[str, ...]
    history: History

    @property
    def report(self) -> pd.DataFrame:
        """Every number: path, value, 90 % interval, how it was had, table, days, note."""
        return parameter_report(self.store)

    def __repr__(self) -> str:
        return f"Calibration({self.store!r}, {len(self.missing)} assumed, {len(self.notes)} notes)"


def calibrate(
    tables: Mapping[str, pd.DataFrame],
    *,
    name: str = "store",
    as_of: dt.date | str | None = None,
    seed: int = 1,
    draws: int = 200,
) -> Calibration:
    """Estimate a store from its exports.

    Parameters
    ----------
    tables : canonical tables by name (`ecomsim.data.TABLES`); whatever is missing is assumed and told
    name : the store's name
    as_of : last day used, default the last day of the data. The promotion calendar, planned spend, rosters
        and price changes after it are used too: the store knows its own plans.
    seed : of the posterior draws
    draws : posterior draws kept for each uncertain number

    Raises
    ------
    EcomsimError
        When no table says what was sold on which day, or `as_of` lies outside the data.
    """
    return calibrate_history(read_history(tables), name=name, as_of=as_of, seed=seed, draws=draws)


def calibrate_history(
    history: History,
    *,
    name: str = "store",
    as_of: dt.date | str | None = None,
    seed: int = 1,
    draws: int = 200,
) -> Calibration:
    """Estimate a store from days already aligned; several as-of days share the alignment."""
    if as_of is not None:
        history = history.until(_day(as_of))
    if draws < 20:
        raise EcomsimError("calibrate.draws", str(draws), "at least 20 draws", "Leave it at 200")
    ledger = Ledger(history, seed, draws)
    events = read_events(history, ledger.notes)
    history, buyers = complete_traffic(history, ledger)
    ledger.history = history
    prices = read_prices(history, events)
    choices = fit_choices(history, prices, ledger)
    traffic = fit_traffic(history, events, ledger)
    shared = phase_columns(events, traffic.terms, history.dates)
    conversion = fit_conversion(
        history, history.channel["visitors"], buyers, shared, traffic.terms, choices.log_pull, ledger
    )
    shocks = fit_noise(history, traffic, conversion, ledger)
    shape = fit_basket(history, shared, traffic.terms, ledger)
    stock = fit_stock(history, choices.alive, ledger)
    products = make_products(history, prices, choices, fit_refunds(history, ledger), stock, ledger)
    if not products:
        raise EcomsimError(
            "calibrate.products", "no product with a price is still sold", "at least one",
            "Import item_day or the products template with prices",
        )  # fmt: skip
    service = fit_service(history, conversion.answering, ledger)
    asked = conversion.answering.usual_share * float(np.nanmean(np.nansum(traffic.fitted[-28:], axis=1)))
    promotions = make_promotions(
        history, events, traffic.terms, traffic, conversion, choices.pooled, tuple(products), ledger
    )
    store = Store(
        name=name,
        channels=make_channels(history, traffic, conversion, shocks, events, ledger),
        products=products,
        promotions=promotions,
        teams=fit_teams(history, service, asked, ledger),
        suppliers=stock.suppliers,
        service=service,
        noise=shocks.noise,
        choice=make_choice(conversion, ledger),
        basket=shape.basket,
        costs=fit_costs(ledger, mean_of(shape.basket.orders_per_buyer)),
        as_of=history.as_of,
        overlays=basket_overlays(events, shape.stretch, history.dates[-1]),
    )
    store = store.replace(provenance=concrete(store, ledger.provenance))
    notes = tuple(dict.fromkeys([*history.notes, *ledger.notes]))
    if len(history.dates) < 28:
        warnings.warn(
            f"calibrate: only {len(history.dates)} days of history; a weekday shape needs 28. "
            "The store is a cold start: see Calibration.notes.",
            EcomsimWarning,
            stacklevel=2,
        )
    return Calibration(store, ledger.gaps(), notes, history)


def _day(value: dt.date | str) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise EcomsimError("calibrate.as_of", repr(value), "a day as YYYY-MM-DD") from None
