"""What we might change, on the same paths: each lever says what it assumes and what was estimated.

A lever multiplies expected days; where its strength is not known it is drawn once a path, from a stream named after
the lever, so the same lever on another forecast meets the same luck. Which metrics a lever moves follows
sales = visitors x conversion x order value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.calendar import Event
from ecomsim.checks import EcomsimError, require_name, require_number
from ecomsim.forecast.changes import Change
from ecomsim.forecast.lever import COUNTS, MONEY, Lever, above, leaves_of, moves
from ecomsim.forecast.pricing import price_response
from ecomsim.forecast.question import Question
from ecomsim.store import Paid, Store
from ecomsim.uncertain import Number, ppf_of

if TYPE_CHECKING:
    from ecomsim.forecast.outlook import Forecast

__all__ = ["Conversion", "Lever", "Price", "Promote", "Spend", "Traffic", "Unpromote", "under"]

Floats: TypeAlias = NDArray[np.float64]

_LEAST = 1e-6
# an elasticity of consumer goods where nothing better is known; a lever with it is marked assumed
_USUAL = 1.5


@dataclass(frozen=True)
class Traffic(Lever):
    """More or fewer visitors: every metric that follows visitors moves in proportion.

    Attributes
    ----------
    factor : times the visitors; uncertain numbers are drawn once a path
    channels : which; () is all. Needs a forecast by channel
    """

    factor: Number = 1.0
    channels: tuple[str, ...] = ()

    def change(self, question: Question) -> Change:
        """Return the factor, assumed."""
        moves(self, question, COUNTS)
        return self.made(
            question, above(self.factor, self.name), "assumed", leaves_of(self, question, self.channels)
        )


@dataclass(frozen=True)
class Conversion(Lever):
    """Buyers of the same visitors: moves all but visitors.

    Attributes
    ----------
    factor : times the conversion rate
    """

    factor: Number = 1.0

    def change(self, question: Question) -> Change:
        """Return the factor, assumed."""
        moves(self, question, COUNTS[1:])
        return self.made(question, above(self.factor, self.name), "assumed")


@dataclass(frozen=True)
class Price(Lever):
    """Prices times `factor`.

    With a `store`, demand answers as its calibration says: every product's own elasticity, what a cheaper product
    takes from its neighbours, and what the store as a whole gains (`choice.theta`). Without, units are multiplied by
    factor^-elasticity and money by factor^(1 - elasticity).

    Attributes
    ----------
    factor : times the prices, 0.9 is ten percent off
    elasticity : own-price elasticity of demand, positive; uncertain numbers are drawn once a path. 1.5 where neither it
        nor a store is given
    estimated : whether that elasticity was estimated from this shop's data
    store : where elasticities come from; the change is 'estimated' where most of what is sold has one
    skus : products whose price moves; () is all. Needs a store
    """

    factor: float = 1.0
    elasticity: Number | None = None
    estimated: bool = False
    store: Store | None = None
    skus: tuple[str, ...] = ()

    def change(self, question: Question) -> Change:
        """Return the factor for the metric asked."""
        moves(self, question, COUNTS[1:])
        where = f"levers.{self.name}"
        require_number(self.factor, f"{where}.factor", low=0.0, open_low=True)
        if self.store is not None:
            if self.elasticity is not None:
                raise EcomsimError(
                    f"{where}.elasticity", "an elasticity and a store", "one of the two", "Leave one out"
                )
            found = price_response(self.store, question, self.factor, self.skus, where)
            return self.made(question, found.factors, found.basis, source=found.source)
        if self.skus:
            raise EcomsimError(
                f"{where}.skus", "no store", "a calibrated store", "Give store=es.open_store(path)"
            )
        money = 1.0 if question.panel.metric in MONEY else 0.0
        drawn = self.drawn(question, _USUAL if self.elasticity is None else self.elasticity)
        basis = "estimated" if self.estimated and self.elasticity is not None else "assumed"
        return self.made(question, self.factor ** (money - drawn), basis)


@dataclass(frozen=True)
class Spend(Lever):
    """Spend of a paid channel times `factor`, by the channel's own calibrated response.

    Steady pressure s answers s^n / (s^n + kappa^n) with kappa and slope as calibrated; the share of the gain that
    the channel takes from others is taken off. Needs a forecast by channel.

    Attributes
    ----------
    channel : a paid channel
    factor : times the spend
    store : where the response comes from
    """

    channel: str = ""
    factor: float = 1.0
    store: Store | None = None

    def change(self, question: Question) -> Change:
        """Return the factor on the channel; estimated where the store's response was."""
        moves(self, question, COUNTS)
        where = f"levers.{self.name}"
        require_number(self.factor, f"{where}.factor", low=0.0)
        if self.store is None:
            raise EcomsimError(
                f"{where}.store",
                "no store",
                "a calibrated store",
                "Give store=es.open_store(path), or use Traffic",
            )
        paid = [name for name, c in self.store.channels.items() if isinstance(c.driver, Paid)]
        driver = self.store.channels[
            require_name(self.channel, paid, f"{where}.channel", "paid channel")
        ].driver
        assert isinstance(driver, Paid)
        kappa, slope = (
            self.drawn(question, driver.kappa, ".kappa"),
            self.drawn(question, driver.slope, ".slope"),
        )
        spend = float(np.mean([float(np.mean(v)) for v in _planned(driver, question)])) / driver.ref_spend
        gain = _hill(spend * self.factor, kappa, slope) / np.maximum(_hill(spend, kappa, slope), _LEAST)
        net = 1 + (gain - 1) * (1 - sum(driver.displaces.values()))
        source = self.store.source_of(f"channels.{self.channel}.driver.kappa").how
        basis = "estimated" if source == "estimated" else "assumed"
        return self.made(question, np.maximum(net, _LEAST), basis, leaves_of(self, question, (self.channel,)))


@dataclass(frozen=True)
class Promote(Lever):
    """An event more.

    What an event of a known family brings is estimated from that family's past. A price promotion of a new kind, given
    a `discount` and a `store`, brings what the store's elasticities and its promotion badge say of it; visitors that
    it may draw are a `Traffic` lever beside it.

    Attributes
    ----------
    event : its days and family
    discount : price cut of a family history does not know, as a share
    skus : products on offer; () is all
    store : where elasticities come from
    """

    event: Event | None = None
    discount: float | None = None
    skus: tuple[str, ...] = ()
    store: Store | None = None

    def asked(self, question: Question) -> Question:
        """Return the question with the event in its calendar, or with what its discount does."""
        where = f"levers.{self.name}"
        if self.event is None:
            raise EcomsimError(f"{where}.event", "no event", "ecomsim.calendar.Event", "Give its dates")
        known = [e.family for e in question.events if e.start <= question.panel.end]
        is_known = self.event.family in [*known, *question.lifts]
        if self.discount is not None:
            if is_known:
                raise EcomsimError(
                    f"{where}.discount", f"{self.discount:g} for a family history knows, '{self.event.family}'",
                    "no discount: its usual one is in its estimate", "Leave it out, or give the event a new family",
                )  # fmt: skip
            return replace(question, changes=(*question.changes, self.change(question)))
        if not is_known:
            try:
                require_name(
                    self.event.family, list(dict.fromkeys(known)), f"{where}.event", "family seen in history"
                )
            except EcomsimError as unknown:
                raise EcomsimError(f"{unknown} Or give discount= and store=.") from None
        return replace(question, events=tuple(sorted((*question.events, self.event), key=lambda e: e.start)))

    def change(self, question: Question) -> Change:
        """Return what the discount does on the event's days."""
        moves(self, question, COUNTS[1:])
        where = f"levers.{self.name}"
        if self.store is None or self.event is None or self.discount is None:
            raise EcomsimError(
                f"{where}.store", "no store", "a calibrated store", "Give store=es.open_store(path)"
            )
        cut = require_number(self.discount, f"{where}.discount", low=0.0, high=0.95)
        found = price_response(self.store, question, 1 - cut, self.skus, where, badge=True)
        days = replace(self, start=self.event.start, end=self.event.end)
        return days.made(question, found.factors, found.basis, source=found.source)


@dataclass(frozen=True)
class Unpromote(Lever):
    """A planned event dropped.

    Attributes
    ----------
    family : of the event ahead
    """

    family: str = ""

    def asked(self, question: Question) -> Question:
        """Return the question without the events of that family that end ahead."""
        ahead = [e for e in question.events if e.end > question.panel.end]
        require_name(
            self.family, list(dict.fromkeys(e.family for e in ahead)), f"levers.{self.name}", "event ahead"
        )
        kept = tuple(e for e in question.events if not (e in ahead and e.family == self.family))
        return replace(question, events=kept)


def under(outlook: Forecast, levers: Sequence[Lever]) -> Forecast:
    """Return the forecast under levers, path for path the same luck."""
    question = outlook.question
    for lever in levers:
        if not isinstance(lever, Lever):
            raise EcomsimError(
                "forecast.under",
                repr(lever)[:60],
                "Traffic, Conversion, Price, Spend, Promote or Unpromote",
                "",
            )
        question = lever.asked(question)
    return outlook.asked(question)


def _planned(driver: Paid, question: Question) -> list[float]:
    """Return the planned spend of every day ahead."""
    usual = float(np.mean(ppf_of(driver.spend, np.array([0.5]))))
    return [float(driver.plan.get(str(day), usual)) for day in question.ahead]


def _hill(pressure: float, kappa: Floats, slope: Floats) -> Floats:
    return np.asarray(pressure**slope / (pressure**slope + kappa**slope))
